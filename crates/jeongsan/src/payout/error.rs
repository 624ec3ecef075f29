//! Why a fact about payouts is refused.

use chrono::{DateTime, FixedOffset};

use super::{
    AlarmReason, BulkPayoutRefusal, BulkPayoutState, IdempotencyKey, MaintenanceWindow, PayoutRefusal,
    RowNumber,
};
use crate::id::{BulkPayoutId, PayoutId};
use crate::money::{Currency, Money};

/// Why a fact about payouts is refused. What is refused changes nothing.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PayoutError {
    /// There is no such payout.
    #[error("unknown payout `{0}`")]
    UnknownPayout(PayoutId),
    /// There is no such bulk payout.
    #[error("unknown bulk payout `{0}`")]
    UnknownBulkPayout(BulkPayoutId),
    /// Feedback names a key under which nothing was made.
    #[error("no payout has the key `{0}`")]
    UnknownKey(IdempotencyKey),
    /// The id is taken.
    #[error("payout `{0}` exists already")]
    PayoutExists(PayoutId),
    /// The id is taken.
    #[error("bulk payout `{0}` exists already")]
    BulkPayoutExists(BulkPayoutId),
    /// Another bulk payout is in the way.
    #[error("bulk payout `{active}` is {state}; there is one at a time")]
    ActiveBulkPayout {
        /// The one in the way.
        active: BulkPayoutId,
        /// Its state.
        state: BulkPayoutState,
    },
    /// A bulk payout names no settlement date.
    #[error("a bulk payout takes at least one settlement date")]
    NoSettlementDates,
    /// A bulk payout names too many settlement dates.
    #[error("{dates} settlement dates are more than the {max} that a bulk payout takes")]
    TooManySettlementDates {
        /// How many it names.
        dates: usize,
        /// The most.
        max: usize,
    },
    /// The amount isn't above zero.
    #[error("payout `{payout}` is of `{money}`; only what is above zero is paid")]
    NotAboveZero {
        /// The payout.
        payout: PayoutId,
        /// Its amount.
        money: Money,
    },
    /// The payout is in another currency than its bulk payout.
    #[error("payout `{payout}` is in `{currency}`, its bulk payout in `{expected}`")]
    CurrencyMismatch {
        /// The payout.
        payout: PayoutId,
        /// Its currency.
        currency: Currency,
        /// The bulk payout's.
        expected: Currency,
    },
    /// The account holds another currency than the payout's.
    #[error("payout `{payout}` is in `{expected}`, its account holds `{currency}`")]
    AccountCurrencyMismatch {
        /// The payout.
        payout: PayoutId,
        /// The account's currency.
        currency: Currency,
        /// The payout's.
        expected: Currency,
    },
    /// The payout names no rows.
    #[error("payout `{0}` pays no row")]
    NoRows(PayoutId),
    /// A row is in a payout already.
    #[error("row {row} is in payout `{payout}` already")]
    RowTaken {
        /// The row.
        row: RowNumber,
        /// The payout that has it.
        payout: PayoutId,
    },
    /// No payout is left to be made.
    #[error("bulk payout `{0}` has no payout to make")]
    NoPayouts(BulkPayoutId),
    /// A time to start isn't in the future.
    #[error("`{at}` is not in the future")]
    PastTime {
        /// The time.
        at: DateTime<FixedOffset>,
    },
    /// A time to start isn't one of those offered.
    #[error("`{at}` is not on a full {minutes} minutes")]
    OffGrid {
        /// The time.
        at: DateTime<FixedOffset>,
        /// The minutes between two times of the grid.
        minutes: u32,
    },
    /// Banks make no transfers then.
    #[error("`{at}` is in the bank maintenance of {window}")]
    Maintenance {
        /// The time.
        at: DateTime<FixedOffset>,
        /// The window.
        window: MaintenanceWindow,
    },
    /// Too many bulk payouts are scheduled.
    #[error("{max} bulk payouts are scheduled already, which is the most")]
    TooManyScheduled {
        /// The most.
        max: usize,
    },
    /// A scheduled bulk payout isn't due.
    #[error("bulk payout `{bulk_payout}` is scheduled for `{at}`")]
    NotYetDue {
        /// The bulk payout.
        bulk_payout: BulkPayoutId,
        /// Its time.
        at: DateTime<FixedOffset>,
    },
    /// The funding account doesn't hold enough, with what is scheduled, under way and paid taken off.
    #[error("{needed} {currency} are more than the {available} {currency} that the funding account has left")]
    InsufficientFunds {
        /// What is asked for, in minor units.
        needed: i128,
        /// What there is, in minor units.
        available: i128,
        /// The currency.
        currency: Currency,
    },
    /// A deposit or withdrawal isn't above zero.
    #[error("`{0}` is not above zero")]
    NothingMoved(Money),
    /// The bank has said what can't be, and nobody has looked yet.
    #[error("payout `{payout}` has an open alarm: {reason}")]
    AlarmOpen {
        /// The payout.
        payout: PayoutId,
        /// What is wrong.
        reason: AlarmReason,
    },
    /// The payout's state forbids it.
    #[error("payout `{payout}`: {refusal}")]
    Payout {
        /// The payout.
        payout: PayoutId,
        /// Why.
        refusal: PayoutRefusal,
    },
    /// The bulk payout's state forbids it.
    #[error("bulk payout `{bulk_payout}`: {refusal}")]
    BulkPayout {
        /// The bulk payout.
        bulk_payout: BulkPayoutId,
        /// Why.
        refusal: BulkPayoutRefusal,
    },
}

impl PayoutError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownPayout(_) => "unknown-payout",
            Self::UnknownBulkPayout(_) => "unknown-bulk-payout",
            Self::UnknownKey(_) => "unknown-key",
            Self::PayoutExists(_) => "payout-exists",
            Self::BulkPayoutExists(_) => "bulk-payout-exists",
            Self::ActiveBulkPayout { .. } => "active-bulk-payout",
            Self::NoSettlementDates => "no-settlement-dates",
            Self::TooManySettlementDates { .. } => "too-many-settlement-dates",
            Self::NotAboveZero { .. } | Self::NothingMoved(_) => "not-above-zero",
            Self::CurrencyMismatch { .. } | Self::AccountCurrencyMismatch { .. } => "currency-mismatch",
            Self::NoRows(_) => "no-rows",
            Self::RowTaken { .. } => "row-taken",
            Self::NoPayouts(_) => "no-payouts",
            Self::PastTime { .. } => "past-time",
            Self::OffGrid { .. } => "off-grid",
            Self::Maintenance { .. } => "bank-maintenance",
            Self::TooManyScheduled { .. } => "too-many-scheduled",
            Self::NotYetDue { .. } => "not-yet-due",
            Self::InsufficientFunds { .. } => "insufficient-funds",
            Self::AlarmOpen { .. } => "alarm-open",
            Self::Payout { refusal, .. } => refusal.code(),
            Self::BulkPayout { refusal, .. } => refusal.code(),
        }
    }
}
