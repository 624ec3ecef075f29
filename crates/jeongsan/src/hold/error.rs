//! Why something can't be held, released, excluded or restored.

use alloc::string::String;

use chrono::NaiveDate;

use crate::due::RowNumber;
use crate::id::EventId;
use crate::money::Amount;

/// Why something can't be held, released, excluded or restored. A refused fact changes nothing.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HoldError {
    /// A fact of the same id came before.
    #[error("fact `{id}` came before")]
    DuplicateFact {
        /// The id.
        id: EventId,
    },
    /// There is no such hold.
    #[error("unknown hold `{hold}`")]
    UnknownHold {
        /// The hold named.
        hold: EventId,
    },
    /// The hold was released before.
    #[error("hold `{hold}` was released on {date}")]
    AlreadyReleased {
        /// The hold.
        hold: EventId,
        /// When.
        date: NaiveDate,
    },
    /// The hold ended by itself.
    #[error("hold `{hold}` ended by itself on {until}")]
    AlreadyEnded {
        /// The hold.
        hold: EventId,
        /// When.
        until: NaiveDate,
    },
    /// Somebody else may release it.
    #[error("hold `{hold}` is released by `{released_by}`, not by `{by}`")]
    MayNotRelease {
        /// The hold.
        hold: EventId,
        /// Who may.
        released_by: String,
        /// Who tried.
        by: String,
    },
    /// The limit is below zero.
    #[error("the limit `{limit}` is negative")]
    NegativeLimit {
        /// The limit.
        limit: Amount,
    },
    /// A row or an order is held whole.
    #[error("a limit holds a partner or an account, not a row or an order")]
    LimitOnPart,
    /// The hold ends before it begins.
    #[error("a hold from {date} until {until} never holds")]
    NeverHolds {
        /// Its first day.
        date: NaiveDate,
        /// The day it ends.
        until: NaiveDate,
    },
    /// There is no such row.
    #[error("unknown row `{row}`")]
    UnknownRow {
        /// The row named.
        row: RowNumber,
    },
    /// The row can't be held, excluded or restored where it is.
    #[error("row `{row}` can't be {verb}: it is {place}")]
    RowConflict {
        /// The row.
        row: RowNumber,
        /// What was to be done to it.
        verb: &'static str,
        /// Where it is.
        place: String,
    },
    /// A sum leaves the range of an amount.
    #[error("the amount is out of range")]
    OutOfRange,
}

impl HoldError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DuplicateFact { .. } => "duplicate-event",
            Self::UnknownHold { .. } => "unknown-hold",
            Self::AlreadyReleased { .. } | Self::AlreadyEnded { .. } => "hold-ended",
            Self::MayNotRelease { .. } => "may-not-release",
            Self::NegativeLimit { .. } | Self::LimitOnPart | Self::NeverHolds { .. } => "invalid-event",
            Self::UnknownRow { .. } => "unknown-row",
            Self::RowConflict { .. } => "row-conflict",
            Self::OutOfRange => "out-of-range",
        }
    }
}
