//! What one event comes to.

use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::figures::Figures;
use crate::funding::FunderParts;
use crate::id::{ContractId, EventId, PartnerId, ProductId};
use crate::journal::{Account, Journal};
use crate::money::{Amount, Currency, text_enum};
use crate::schedule::DuePart;

text_enum! {
    /// What a row settles: an event, or what an event brings about beside its own figures.
    pub enum SettlementKind ("settlement type") or UnknownSettlementKind {
        /// An order (주문 정산).
        Order = "order",
        /// A cancellation (주문 취소 정산).
        Cancel = "cancel",
        /// A manual entry (수기 정산).
        Manual = "manual",
        /// A coupon that goes because the order that is left no longer reaches its minimum.
        CouponWithdrawn = "coupon-withdrawn",
        /// Shipping that was free until the order that is left no longer reached the minimum.
        ShippingCharged = "shipping-charged",
        /// The shipping of what is sent back.
        ReturnShipping = "return-shipping",
        /// An agency's share of a settlement: what it is owed, and what is taken off the partner for it.
        AgencyShare = "agency-share",
        /// A settled order at the rate of the tier that its month's sales reach after a late change.
        Retier = "retier",
        /// A settled order at the final rate in place of its provisional one.
        TrueUp = "true-up",
    }
}

/// One row of figures, its dates and the terms it was settled under (정산건). Rows of one id tell themselves apart by kind and cause.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Settlement {
    /// The id of the event that is settled.
    pub id: EventId,
    /// What is settled.
    pub kind: SettlementKind,
    /// The event that brought the row about, where it is another than the one settled.
    pub cause: Option<EventId>,
    /// The order of a cancellation, and of what it brings about beside; none for others.
    pub of_order: Option<EventId>,
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
    /// What others than partner and merchant bear of the discounts.
    pub funders: FunderParts,
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
    /// A settlement of which the rest is set field by field, as a store does that reads one back.
    #[must_use]
    pub const fn new(
        id: EventId,
        kind: SettlementKind,
        partner: PartnerId,
        settlement_date: NaiveDate,
        currency: Currency,
        figures: Figures,
    ) -> Self {
        Self {
            id,
            kind,
            cause: None,
            of_order: None,
            partner,
            contract: None,
            contract_version: None,
            start_date: None,
            settlement_date,
            currency,
            figures,
            funders: FunderParts::new(),
            user_formulas: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// The order that the row belongs to: itself, or the one that is cancelled; none for a manual entry.
    #[must_use]
    pub fn order_id(&self) -> Option<&EventId> {
        match self.kind {
            SettlementKind::Manual => None,
            _ => Some(self.of_order.as_ref().unwrap_or(&self.id)),
        }
    }

    /// The settlement's double entry; it balances.
    #[must_use]
    pub fn journal(&self) -> Journal {
        self.kind.journal(&self.figures, &self.funders)
    }
}

impl SettlementKind {
    /// The double entry of figures of this kind and of what others bear of the discounts in them, of one settlement or the sum of several.
    #[must_use]
    pub fn journal(self, figures: &Figures, funders: &FunderParts) -> Journal {
        match self {
            SettlementKind::Order
            | SettlementKind::Cancel
            | SettlementKind::CouponWithdrawn
            | SettlementKind::Retier
            | SettlementKind::TrueUp => Journal::of_order(figures, funders),
            SettlementKind::Manual => Journal::between(Account::ManualAdjustment, figures),
            SettlementKind::ShippingCharged | SettlementKind::ReturnShipping => {
                Journal::between(Account::Shipping, figures)
            }
            SettlementKind::AgencyShare => Journal::between(Account::AgencyShare, figures),
        }
    }
}

/// A part of a settlement that falls due on a day of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SettlementPart {
    /// The day.
    pub date: NaiveDate,
    /// How much.
    pub amount: Amount,
    /// The tax-free part of it.
    pub tax_free: Amount,
}

impl SettlementPart {
    /// The parts of a settlement from those of its amount and those of its tax-free part, which fall due on the same days.
    #[must_use]
    pub fn pair(amounts: &[DuePart], tax_free: &[DuePart]) -> Vec<Self> {
        let pairs = amounts.iter().zip(tax_free);
        pairs
            .map(|(whole, free)| Self { date: whole.date, amount: whole.amount, tax_free: free.amount })
            .collect()
    }
}

/// What one event comes to: its own settlement, and the rows it brings about beside.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Settled {
    /// The event's own settlement; none where it states something and settles nothing itself.
    pub settlement: Option<Settlement>,
    /// What it brings about beside, each a row of its own kind; most events bring nothing.
    pub side_effects: Vec<Settlement>,
}

impl Settled {
    /// All rows by value, the event's own first.
    pub fn into_rows(self) -> impl Iterator<Item = Settlement> {
        self.settlement.into_iter().chain(self.side_effects)
    }

    /// All rows, the event's own first. Whoever adds up money adds up these.
    pub fn rows(&self) -> impl Iterator<Item = &Settlement> {
        self.settlement.iter().chain(&self.side_effects)
    }
}

impl From<Settlement> for Settled {
    fn from(settlement: Settlement) -> Self {
        Self { settlement: Some(settlement), side_effects: Vec::new() }
    }
}
