//! Why an event of a document isn't settled.

use alloc::boxed::Box;
use alloc::string::{String, ToString};

use serde::{Deserialize, Deserializer};

use crate::book::BookProblem;
use crate::id::EventId;
use crate::money::Amount;
use crate::sales::SalesMonthError;
use crate::settle::HistoryError;

use super::map::MapOnly;

/// The id of an event whose other fields can't be read: a refused event still uses its id up.
#[derive(Clone, Debug, Deserialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct EventHead {
    /// The event's id.
    pub id: EventId,
}

impl<'de> Deserialize<'de> for EventHead {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(MapOnly { deserializer, expected: "the fields of an event" })
    }
}

/// The type of an event whose other fields can't be read.
#[derive(Clone, Debug, Deserialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct EventType {
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
}

impl<'de> Deserialize<'de> for EventType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(MapOnly { deserializer, expected: "the fields of an event" })
    }
}

/// Why a document is no event, whatever the book.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// A field that the event must have is missing.
    #[error("the field `{field}` is missing")]
    MissingField {
        /// The field's name.
        field: &'static str,
        /// The path to it.
        path: String,
    },
    /// A field is there that an event of this type doesn't have.
    #[error("an event of type `{kind}` has no field `{field}`")]
    UnexpectedField {
        /// The field's name.
        field: &'static str,
        /// The event's type.
        kind: &'static str,
    },
    /// The type is none that settles.
    #[error("`{kind}` is no type of event")]
    UnknownType {
        /// The type given.
        kind: String,
    },
    /// The type is one of facts, which the ledger takes in.
    #[error("an event of type `{kind}` settles nothing; `jeongsan run` takes it")]
    NotSettled {
        /// The type given.
        kind: String,
    },
    /// A hold names nothing that it holds, or several.
    #[error("a hold is on one of `partner`, `row`, `order` and `account`")]
    HoldTarget,
    /// A text is none of the values that are known.
    #[error("{message}")]
    UnknownValue {
        /// What is known.
        message: String,
        /// The path to it.
        path: String,
    },
    /// Neither an amount nor lines are given.
    #[error("an order has `order_amount` or `lines`")]
    DetailMissing,
    /// A cancellation says nothing of what it takes.
    #[error("a cancellation has `order_amount`, `lines` or `all`")]
    CancelDetailMissing,
    /// Both an amount and lines are given, or another two ways of saying what it is.
    #[error("only one of `order_amount`, `lines` and `all` can be given")]
    DetailAmbiguous,
    /// Opening sales have another field than theirs.
    #[error("opening sales have `type`, `partner`, `month` and `amount` and nothing else")]
    OpeningFields,
    /// A true-up has another field than its own.
    #[error(
        "a true-up has `type`, `id`, `contract`, `date`, `from`, `to`, `platform_fee`, `memo` and nothing else"
    )]
    TrueUpFields,
    /// The fee of a true-up is none.
    #[error("{}", .0.message())]
    InvalidFee(Box<BookProblem>),
    /// The month of opening sales is none.
    #[error(transparent)]
    InvalidMonth(SalesMonthError),
    /// An amount is too large for 64 bits, or a quantity for 32.
    #[error("the number is out of range")]
    OutOfRange {
        /// The path to it.
        path: String,
    },
    /// An amount that can't be negative is.
    #[error("`{amount}` is negative")]
    NegativeAmount {
        /// The amount.
        amount: Amount,
        /// The path to it.
        path: String,
    },
    /// A quantity is below one.
    #[error("the quantity is not above zero")]
    NoQuantity {
        /// The path to it.
        path: String,
    },
    /// A parameter's value is no exact decimal number.
    #[error("`{value}` is no decimal number of at most 28 digits")]
    InvalidParameter {
        /// The value given.
        value: String,
        /// The path to it.
        path: String,
    },
}

impl EventError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DetailAmbiguous => "order-detail-ambiguous",
            Self::OutOfRange { .. } => "out-of-range",
            Self::NotSettled { .. } => "not-settled",
            Self::HoldTarget
            | Self::UnknownValue { .. }
            | Self::MissingField { .. }
            | Self::UnexpectedField { .. }
            | Self::UnknownType { .. }
            | Self::NegativeAmount { .. }
            | Self::DetailMissing
            | Self::CancelDetailMissing
            | Self::NoQuantity { .. }
            | Self::OpeningFields
            | Self::TrueUpFields
            | Self::InvalidFee(_)
            | Self::InvalidMonth(_)
            | Self::InvalidParameter { .. } => "invalid-event",
        }
    }

    /// The path to the field at fault.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::MissingField { path, .. }
            | Self::OutOfRange { path }
            | Self::NegativeAmount { path, .. }
            | Self::NoQuantity { path }
            | Self::UnknownValue { path, .. }
            | Self::InvalidParameter { path, .. } => path.clone(),
            Self::HoldTarget => "partner".into(),
            Self::UnexpectedField { field, .. } => (*field).to_string(),
            Self::UnknownType { .. } | Self::NotSettled { .. } | Self::OpeningFields | Self::TrueUpFields => {
                "type".into()
            }
            Self::InvalidFee(problem) => problem.path().to_string(),
            Self::InvalidMonth(_) => "month".into(),
            Self::DetailAmbiguous | Self::DetailMissing | Self::CancelDetailMissing => "order_amount".into(),
        }
    }

    /// Whether an unknown partner, contract or policy is told before this.
    pub(super) const fn yields_to_names(&self) -> bool {
        matches!(
            self,
            Self::DetailAmbiguous
                | Self::OutOfRange { .. }
                | Self::NegativeAmount { .. }
                | Self::NoQuantity { .. }
        )
    }
}

/// Why an event of a document isn't settled.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The text is no document: broken syntax, an unknown or mistyped field.
    #[error("{message}")]
    Unreadable {
        /// What the parser says, with line and column where it knows them.
        message: String,
        /// The path to the field, where the parser knows it.
        path: Option<String>,
    },
    /// The document is no event.
    #[error(transparent)]
    Event(#[from] EventError),
    /// It isn't let in, or the engine can't settle it.
    #[error(transparent)]
    History(#[from] HistoryError),
}

impl Refusal {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "invalid-event",
            Self::Event(error) => error.code(),
            Self::History(error) => error.code(),
        }
    }

    /// The path to the field at fault, where one is.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        match self {
            Self::Unreadable { path, .. } => path.clone(),
            Self::Event(error) => Some(error.path()),
            Self::History(error) => error.path(),
        }
    }
}
