//! Why a store didn't do what was asked, and what helps.

use chrono::{DateTime, Utc};

use crate::{Expected, HeadId, Holder, LeaseName, OutboxId, RecordId, RecordKind, UnitKey};

/// What helps after an error.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Retry {
    /// The same again, after a while: nothing was written.
    Later,
    /// The same unit again at once: it may have been written, and its key tells.
    SameUnit,
    /// Read again and prepare the unit anew: what it was prepared from has changed.
    PrepareAnew,
    /// Nothing but a person.
    Never,
}

/// Why a store didn't do what was asked. Unless it says otherwise nothing was written.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A head has another version than the unit was prepared from.
    #[error("head `{head}` was expected at {expected}, the last version is {}", found.map_or_else(|| "none".to_owned(), |found| found.to_string()))]
    Conflict {
        /// The head.
        head: HeadId,
        /// The version it was prepared from.
        expected: Expected,
        /// The last version.
        found: Option<u64>,
    },
    /// The unit's key was used for another request.
    #[error("unit key `{key}` was used for another request")]
    KeyReused {
        /// The key.
        key: UnitKey,
    },
    /// A settlement with this identity is there, or twice in the unit.
    #[error("the {kind} settlement `{id}` of `{partner}` is there already")]
    DuplicateSettlement {
        /// The event's id.
        id: String,
        /// What is settled.
        kind: &'static str,
        /// The partner.
        partner: String,
    },
    /// A record with this name is there, or twice in the unit.
    #[error("record `{kind}/{id}` is there already")]
    DuplicateRecord {
        /// The kind.
        kind: RecordKind,
        /// The name.
        id: RecordId,
    },
    /// A head is twice in one unit.
    #[error("head `{head}` is written twice by one unit")]
    DuplicateHead {
        /// The head.
        head: HeadId,
    },
    /// A payout with this name was in the outbox before.
    #[error("payout `{id}` was in the outbox before")]
    DuplicateOutbox {
        /// The payout.
        id: OutboxId,
    },
    /// A payout is to leave the outbox that isn't in it.
    #[error("payout `{id}` is not in the outbox")]
    NotInOutbox {
        /// The payout.
        id: OutboxId,
    },
    /// Another holds the lease.
    #[error("lease `{name}` is held by `{by}` until {until}")]
    LeaseHeld {
        /// What the lease is on.
        name: LeaseName,
        /// Who holds it.
        by: Holder,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Another has held the lease since.
    #[error("lease `{name}` has gone to another holder")]
    StaleLease {
        /// What the lease is on.
        name: LeaseName,
    },
    /// A value that the store can't hold without loss.
    #[error("{what} is more than the store holds")]
    OutOfRange {
        /// The value.
        what: &'static str,
    },
    /// The store is there but can't be reached or is busy.
    #[error("the store is unavailable: {reason}")]
    Unavailable {
        /// What it said.
        reason: String,
    },
    /// The store went away while it wrote, so that it may have written.
    #[error("the store went away in mid-commit: {reason}")]
    InDoubt {
        /// What was seen.
        reason: String,
    },
    /// There is no room for it.
    #[error("the store is full: {reason}")]
    Full {
        /// What it said.
        reason: String,
    },
    /// The store takes nothing new.
    #[error("the store is read-only: {reason}")]
    ReadOnly {
        /// What it said.
        reason: String,
    },
    /// A newer program wrote the store.
    #[error("the store has schema {found}, this program knows up to {known}")]
    SchemaNewer {
        /// The store's schema.
        found: u32,
        /// The newest that is known.
        known: u32,
    },
    /// What is read makes no sense.
    #[error("the store is corrupt: {reason}")]
    Corrupt {
        /// What is wrong.
        reason: String,
    },
    /// Something else that the store said.
    #[error("the store refused: {reason}")]
    Refused {
        /// What it said.
        reason: String,
    },
}

impl StoreError {
    /// What helps.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        match self {
            Self::LeaseHeld { .. } | Self::Unavailable { .. } | Self::Full { .. } => Retry::Later,
            Self::InDoubt { .. } => Retry::SameUnit,
            Self::Conflict { .. } => Retry::PrepareAnew,
            Self::KeyReused { .. }
            | Self::DuplicateSettlement { .. }
            | Self::DuplicateRecord { .. }
            | Self::DuplicateHead { .. }
            | Self::DuplicateOutbox { .. }
            | Self::NotInOutbox { .. }
            | Self::StaleLease { .. }
            | Self::OutOfRange { .. }
            | Self::ReadOnly { .. }
            | Self::SchemaNewer { .. }
            | Self::Corrupt { .. }
            | Self::Refused { .. } => Retry::Never,
        }
    }
}
