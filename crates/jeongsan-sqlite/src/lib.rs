//! The embedded store of `jeongsan`: one SQLite file.
//!
//! [`SqliteStore`] works on two threads of its own, one that writes and one that reads, so that it never blocks a host's executor; its futures
//! finish wherever they are polled. Write-ahead log, `synchronous = FULL`: a receipt outlasts a crash and a power cut, as far as the disk keeps its
//! word. Amounts are integers of minor units in STRICT tables, so that SQL adds them up exactly; settlements are clustered by partner and
//! settlement date, which is how they are read. Views give partners and dates as text to a person with the `sqlite3` shell:
//!
//! ```text
//! select settlement_date, sum(settlement) from settlements where partner = 'seller-1' group by 1;
//! ```
//!
//! Several processes may open one file; one writes at a time and the others wait for it.

#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice)]

mod fault;
mod names;
mod read;
mod row;
mod schema;
mod store;
mod worker;
mod write;

pub use schema::{SCHEMA, tables_written};
pub use store::{SqliteOptions, SqliteStore};
