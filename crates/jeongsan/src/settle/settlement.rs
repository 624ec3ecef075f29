//! What one event comes to.

use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::figures::Figures;
use crate::id::{ContractId, EventId, PartnerId, ProductId};
use crate::journal::Journal;
use crate::money::{Amount, Currency, text_enum};

text_enum! {
    /// The kinds of event that settle.
    pub enum EventKind ("event type") or UnknownEventKind {
        /// An order (주문 정산).
        Order = "order",
        /// A cancellation (주문 취소 정산).
        Cancel = "cancel",
        /// A manual entry (수기 정산).
        Manual = "manual",
    }
}

/// One event's figures, its dates and the terms it was settled under (정산건).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Settlement {
    /// The event's id.
    pub id: EventId,
    /// The event's kind.
    pub kind: EventKind,
    /// Who is settled.
    pub partner: PartnerId,
    /// The contract; none for a manual entry.
    pub contract: Option<ContractId>,
    /// The day from which the contract's version applies; none where it always did.
    pub contract_version: Option<NaiveDate>,
    /// The day the cycle starts; none for a manual entry.
    pub start_date: Option<NaiveDate>,
    /// The day it falls due.
    pub settlement_date: NaiveDate,
    /// The currency of every figure.
    pub currency: Currency,
    /// The money.
    pub figures: Figures,
    /// The merchant's own figures by the keys of their formulas, in the order of their evaluation.
    pub user_formulas: Vec<(Arc<str>, Amount)>,
    /// The lines of an order in line form, in its order.
    pub lines: Vec<LineSettlement>,
}

/// A line's part of a settlement: the figures of its own items. What stands on the order as a whole is in none of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LineSettlement {
    /// The product.
    pub product: ProductId,
    /// How many units.
    pub quantity: i64,
    /// The money.
    pub figures: Figures,
}

impl Settlement {
    /// The settlement's double entry; it balances.
    #[must_use]
    pub fn journal(&self) -> Journal {
        match self.kind {
            EventKind::Order | EventKind::Cancel => Journal::of_order(&self.figures),
            EventKind::Manual => Journal::of_manual(&self.figures),
        }
    }
}
