//! The server store of `jeongsan`: one schema of a PostgreSQL database.
//!
//! [`PostgresStore`] has a thread of its own that drives its connections, one that writes and some that read; its futures finish wherever they are polled,
//! within a tokio runtime or without any. A unit is one serializable transaction, tried again as a whole when another came in between;
//! settlements and records go in by `COPY`. Figures of settlements are whole minor units, amounts of records and heads decimals with their
//! currency's places ([`Numeric`]). What is compared is compared byte by byte, whatever the database's own order of letters.
//!
//! A connection that was lost is made again by the next call. When it was lost before the commit the call fails with
//! [`Unavailable`](jeongsan_store::StoreError::Unavailable), when it was lost in its midst with [`InDoubt`](jeongsan_store::StoreError::InDoubt).
//! Connections keep settings, so that a pooler between must pool sessions, not transactions.
//!
//! # Roles
//!
//! The tables' owner makes and migrates them, by connecting once. The role that settles needs no more than this, and can't change or
//! delete what was written:
//!
//! ```sql
#![doc = include_str!("roles.sql")]
//! ```

#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice)]

mod fault;
mod lease;
mod link;
mod numeric;
mod read;
mod schema;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod value;
mod worker;
mod write;

pub use numeric::{Numeric, NumericError};
pub use schema::SCHEMA;
pub use store::{PostgresOptions, PostgresStore};
