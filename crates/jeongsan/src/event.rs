//! Anything that settles.

use chrono::NaiveDate;

use crate::cancel::Cancellation;
use crate::id::EventId;
use crate::order::{ManualEntry, Order};
use crate::true_up::TrueUp;

/// Anything that settles.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// An order.
    Order(Order),
    /// A cancellation.
    Cancel(Cancellation),
    /// A manual entry.
    Manual(ManualEntry),
    /// The final fee in place of a provisional one.
    TrueUp(TrueUp),
}

impl Event {
    /// The day it is dated: the start date of an order, the date of a cancellation. A manual entry says when it falls due, not when it came.
    #[must_use]
    pub const fn date(&self) -> Option<NaiveDate> {
        match self {
            Self::Order(order) => Some(order.start_date),
            Self::Cancel(cancellation) => Some(cancellation.date),
            Self::TrueUp(true_up) => Some(true_up.date),
            Self::Manual(_) => None,
        }
    }

    /// The event's id.
    #[must_use]
    pub const fn id(&self) -> &EventId {
        match self {
            Self::Order(order) => &order.id,
            Self::Cancel(cancellation) => &cancellation.id,
            Self::Manual(entry) => &entry.id,
            Self::TrueUp(true_up) => &true_up.id,
        }
    }
}
