//! Why nothing is paid.

use chrono::NaiveDate;

use crate::due::{PayableNumber, RowNumber};
use crate::id::EventId;
use crate::money::{Amount, Currency};

use super::PayableState;

/// Why nothing can be made payable, or a payable can't move on, as asked. A refused step changes nothing.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PayableError {
    /// The least that is paid is below zero.
    #[error("the minimum `{minimum}` is negative")]
    NegativeMinimum {
        /// The minimum.
        minimum: Amount,
    },
    /// A day is closed that lies before the one closed last.
    #[error("{date} can't be closed: {last} was closed before")]
    BeforeLastClosing {
        /// The day.
        date: NaiveDate,
        /// The day closed last.
        last: NaiveDate,
    },
    /// There is no such row.
    #[error("unknown row `{row}`")]
    UnknownRow {
        /// The row named.
        row: RowNumber,
    },
    /// A row is named twice, or isn't of the partner and currency of the first.
    #[error("row `{row}` is named twice or of another partner or currency")]
    MixedRows {
        /// The row.
        row: RowNumber,
    },
    /// The row is in a payable, merged or excluded.
    #[error("row `{row}` can't be paid: it is {place}")]
    RowNotOpen {
        /// The row.
        row: RowNumber,
        /// Where it is.
        place: alloc::string::String,
    },
    /// The row isn't due.
    #[error("row `{row}` falls due on {due}, not on {date}")]
    RowNotDue {
        /// The row.
        row: RowNumber,
        /// When it falls due.
        due: NaiveDate,
        /// The day asked for.
        date: NaiveDate,
    },
    /// The row is held.
    #[error("row `{row}` can't be paid: hold `{hold}` keeps it back")]
    RowHeld {
        /// The row.
        row: RowNumber,
        /// The hold.
        hold: EventId,
    },
    /// The rows don't come to anything that can be paid.
    #[error("nothing can be paid: {0}")]
    NotPaid(Waiting),
    /// There is no such payable.
    #[error("unknown payable `{payable}`")]
    UnknownPayable {
        /// The payable named.
        payable: PayableNumber,
    },
    /// The payable isn't where it could take this step.
    #[error("payable `{payable}` is `{state}`, it can't be {verb}")]
    WrongState {
        /// The payable.
        payable: PayableNumber,
        /// How far it is.
        state: PayableState,
        /// What was to be done.
        verb: &'static str,
    },
    /// A sum leaves the range of an amount.
    #[error("the amount is out of range")]
    OutOfRange,
}

/// Why nothing of what is due to a partner is paid.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Waiting {
    /// Nothing is due.
    #[error("nothing is due")]
    NothingDue,
    /// It comes to less than zero.
    #[error("`{due}` is due")]
    Negative {
        /// What it comes to, in minor units.
        due: i128,
    },
    /// It comes to less than the minimum.
    #[error("`{due}` is below the minimum `{minimum}`")]
    BelowMinimum {
        /// What it comes to, in minor units.
        due: i128,
        /// The least that is paid.
        minimum: Amount,
    },
    /// A limit keeps all of it back.
    #[error("holds keep back up to `{limit}` of `{due}`")]
    Limited {
        /// What it comes to, in minor units.
        due: i128,
        /// How much is kept back at most, in minor units.
        limit: i128,
    },
    /// Reserve and fee leave nothing.
    #[error("reserve and fee leave nothing of `{due}`")]
    NothingLeft {
        /// What it comes to.
        due: Amount,
    },
    /// The partner's account holds another currency.
    #[error("the account holds `{account}`, not `{currency}`")]
    AccountCurrency {
        /// The currency of the account.
        account: Currency,
        /// The currency of what is due.
        currency: Currency,
    },
    /// It is more than an amount holds.
    #[error("the amount is out of range")]
    OutOfRange,
}

impl Waiting {
    /// The reason's code in documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NothingDue => "nothing-due",
            Self::Negative { .. } => "negative",
            Self::BelowMinimum { .. } => "below-minimum",
            Self::Limited { .. } => "limited",
            Self::NothingLeft { .. } => "nothing-left",
            Self::AccountCurrency { .. } => "account-currency",
            Self::OutOfRange => "out-of-range",
        }
    }
}

impl PayableError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NegativeMinimum { .. } => "invalid-terms",
            Self::BeforeLastClosing { .. } => "before-last-closing",
            Self::UnknownRow { .. } => "unknown-row",
            Self::MixedRows { .. } => "mixed-rows",
            Self::RowNotOpen { .. } => "row-conflict",
            Self::RowNotDue { .. } => "row-not-due",
            Self::RowHeld { .. } => "row-held",
            Self::NotPaid(waiting) => waiting.code(),
            Self::UnknownPayable { .. } => "unknown-payable",
            Self::WrongState { .. } => "wrong-state",
            Self::OutOfRange => "out-of-range",
        }
    }
}
