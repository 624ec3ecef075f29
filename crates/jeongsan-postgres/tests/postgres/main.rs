//! The store on PostgreSQL, against a real server.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod conformance;
mod crash;
mod fault;
mod numeric;
mod role;
mod schema;
mod server;
