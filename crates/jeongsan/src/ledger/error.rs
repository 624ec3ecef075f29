//! Why a correction isn't taken in.

use alloc::string::String;

use crate::id::{EventId, PartnerId};
use crate::money::Amount;

use super::AdjustmentState;

/// Why an adjustment, a decision on one, a write-off or a dispute isn't taken in. A refused fact changes nothing.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CorrectionError {
    /// A fact of the same id came before.
    #[error("fact `{id}` came before")]
    DuplicateFact {
        /// The id.
        id: EventId,
    },
    /// An adjustment of nothing, or a write-off or a dispute of nothing or less.
    #[error("`{amount}` is no amount for {what}")]
    NoAmount {
        /// The amount.
        amount: Amount,
        /// What it was for.
        what: &'static str,
    },
    /// The tax-free part is larger than the whole, or of the other sign.
    #[error("the tax-free part `{tax_free}` isn't within `{amount}`")]
    TaxFreeExceedsAmount {
        /// The tax-free part.
        tax_free: Amount,
        /// The whole.
        amount: Amount,
    },
    /// There is no such adjustment.
    #[error("unknown adjustment `{adjustment}`")]
    UnknownAdjustment {
        /// The adjustment named.
        adjustment: EventId,
    },
    /// The adjustment was approved or rejected before.
    #[error("adjustment `{adjustment}` is {state}")]
    AlreadyDecided {
        /// The adjustment.
        adjustment: EventId,
        /// What became of it.
        state: AdjustmentState,
    },
    /// Whoever asked for an adjustment can't approve it.
    #[error("adjustment `{adjustment}` was requested by `{by}`, who can't approve it")]
    OwnApproval {
        /// The adjustment.
        adjustment: EventId,
        /// Who asked and decides.
        by: String,
    },
    /// More is written off than is owed.
    #[error("partner `{partner}` owes `{debt}`, `{amount}` can't be written off")]
    WriteOffExceedsDebt {
        /// The partner.
        partner: PartnerId,
        /// What it owes, in minor units.
        debt: i128,
        /// What was to be written off.
        amount: Amount,
    },
    /// The partner was never settled for the order.
    #[error("order `{order}` never settled for partner `{partner}`")]
    UnknownOrder {
        /// The order named.
        order: EventId,
        /// The partner.
        partner: PartnerId,
    },
    /// A sum leaves the range of an amount.
    #[error("the amount is out of range")]
    OutOfRange,
}

impl CorrectionError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DuplicateFact { .. } => "duplicate-event",
            Self::NoAmount { .. } | Self::TaxFreeExceedsAmount { .. } => "invalid-event",
            Self::UnknownAdjustment { .. } => "unknown-adjustment",
            Self::AlreadyDecided { .. } => "already-decided",
            Self::OwnApproval { .. } => "own-approval",
            Self::WriteOffExceedsDebt { .. } => "write-off-exceeds-debt",
            Self::UnknownOrder { .. } => "unknown-order",
            Self::OutOfRange => "out-of-range",
        }
    }
}
