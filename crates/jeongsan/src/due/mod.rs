//! What falls due: settlements added up per partner, contract, kind, date and currency (정산 내역).
//!
//! A [`PartnerSettlement`] is a row of that sum. A settlement counts in it once, whatever the order of coming; one that comes late joins
//! the row of its key while that is open, else a new one begins. Whether a row is due is a question of the row and a day, never a state.
//!
//! The [`Ledger`](crate::ledger::Ledger) keeps the rows; start with [`Incoming`], [`PartnerSettlement`], [`RowState`].

mod error;
mod incoming;
mod index;
mod items;
mod row;
mod rows;

pub use error::DueError;
pub use incoming::{Arrival, Incoming, Recorded};
pub use row::{PartnerSettlement, PayableNumber, RowKind, RowNumber, RowState};

pub(crate) use items::{Item, Items, Known, NONE, check};
pub(crate) use row::RowKey;
pub(crate) use rows::{Opening, Rows};
