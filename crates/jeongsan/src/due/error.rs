//! Why a settlement isn't taken in.

use crate::id::{EventId, PartnerId};
use crate::money::Amount;

/// Why a settlement isn't taken into the rows.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DueError {
    /// The settlement was taken in before, with other figures, another contract or another date.
    #[error("settlement `{id}` of partner `{partner}` came before with other figures or dates")]
    Conflict {
        /// The settled event.
        id: EventId,
        /// The partner.
        partner: PartnerId,
    },
    /// The parts in which it falls due don't add up to it.
    #[error("the parts of settlement `{id}` come to `{parts}`, not `{settlement}`")]
    PartsDontAddUp {
        /// The settled event.
        id: EventId,
        /// What the parts come to.
        parts: i128,
        /// What the settlement comes to.
        settlement: Amount,
    },
    /// The row's sum leaves the range of an amount, or there are more rows than can be numbered.
    #[error("settlement `{id}` takes its row out of range")]
    OutOfRange {
        /// The settled event.
        id: EventId,
    },
}

impl DueError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "settlement-conflict",
            Self::PartsDontAddUp { .. } => "parts-mismatch",
            Self::OutOfRange { .. } => "out-of-range",
        }
    }
}
