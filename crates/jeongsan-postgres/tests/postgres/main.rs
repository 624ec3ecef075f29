//! The store on PostgreSQL, against a real server.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod conformance;
mod server;
