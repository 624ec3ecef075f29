//! Storage for settlements: one trait, which a host implements over the database it has.
//!
//! The pure core prepares a [`Unit`]: settlements, records, new versions of heads, payouts for the outbox. A [`Store`] writes it whole or not at
//! all, once, whoever sends it how often: its [`UnitKey`] and the [`Fingerprint`] of the request say whether it came before. Nothing that was
//! written changes; what does change over time is a [`Head`], which has versions.
//!
//! ```text
//! core ─► Unit ─► Store::commit ─► Receipt          heads are compared by version, a lease's fence is checked,
//!                       │                           settlements, records, heads and outbox are written in one transaction
//!                       └─► StoreError ─► retry()   says what helps: the same again, prepare anew, or nothing
//! ```
//!
//! The trait is asynchronous without a runtime: it gives boxed futures, which any executor polls; [`Blocking`] is its face for hosts without
//! one. The clock is an argument. [`MemoryStore`] keeps everything in memory, or is the index of a store that keeps its units
//! elsewhere ([`MemoryStore::check`], [`Change`]); with the feature `testing`, the module `testing` has the suite that every store passes.

#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice)]
#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "a test may panic")
)]

mod blocking;
mod change;
mod details;
mod error;
mod head;
mod lease;
mod memory;
mod name;
mod query;
mod record;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod unit;

/// A re-export, for [`forward_reads!`].
#[doc(hidden)]
pub use jeongsan::settle::Settlement;

pub use blocking::{Blocking, block_on};
pub use change::{Change, ChangeError};
pub use details::{DetailsError, read_details, write_details};
pub use error::{Retry, StoreError};
pub use head::{Expected, Head, HeadId, HeadWrite};
pub use lease::{Fence, FencingToken, Lease, LeaseRequest};
pub use memory::MemoryStore;
pub use name::{
    Body, BodyError, HeadKey, HeadKind, Holder, LeaseName, NameError, OutboxId, RecordId, RecordKind, Status,
    UnitKey,
};
pub use query::{
    Cursor, CursorError, Dates, HeadQuery, Page, PageLimit, PageLimitError, RecordQuery, SettlementQuery,
};
pub use record::{OutboxEntry, Record, Stored};
pub use store::{BoxFuture, Receipt, Store};
pub use unit::{Fingerprint, Unit};
