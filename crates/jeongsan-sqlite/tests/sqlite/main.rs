//! The store in a SQLite file.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod conformance;
mod crash;
mod fault;
mod leak;
mod sample;
mod shell;
