//! Anything that settles.

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
