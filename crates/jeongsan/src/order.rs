//! Orders and manual entries: the facts that settle. They know nothing of contracts.
//!
//! An [`Order`] is one partner's part of one payment, as an amount or as lines. A [`ManualEntry`] is an amount put down by
//! hand. What is right or wrong about them shows only against a book, so the engine judges them.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_decimal::Decimal;

use crate::id::{AdditionalFeePolicyId, ContractId, DiscountSharePolicyId, EventId, PartnerId, ProductId};
use crate::money::{Amount, Rounding};

/// The most lines an order may have.
pub const ORDER_LINES_MAX: usize = 10_000;

/// One partner's part of one payment (주문 정산).
///
/// ```
/// use chrono::{DateTime, FixedOffset, NaiveDate};
/// use jeongsan::money::Amount;
/// use jeongsan::order::{Order, OrderDetail};
///
/// let start = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
/// let mut order = Order::new("o-1".parse()?, "seller-1".parse()?, start, OrderDetail::Amount(Amount::new(10_000)));
/// order.shipping = Amount::new(3_000);
/// # Ok::<(), jeongsan::id::IdError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Order {
    /// The event's id.
    pub id: EventId,
    /// Who is settled.
    pub partner: PartnerId,
    /// The contract; the partner's default where none is named.
    pub contract: Option<ContractId>,
    /// The settlement start date: it chooses the versions and starts the cycle.
    pub start_date: NaiveDate,
    /// The instant at which the customer paid, for terms that go by it.
    pub paid_at: Option<DateTime<FixedOffset>>,
    /// What was ordered.
    pub detail: OrderDetail,
    /// The tax-free part; given with lines it replaces theirs.
    pub tax_free: Option<Amount>,
    /// Discounts on the order as a whole.
    pub discounts: Vec<Discount>,
    /// Additional fees on the order as a whole; a policy named twice is charged twice.
    pub additional_fees: Vec<AdditionalFeePolicyId>,
    /// The shipping amount, a base of fees and no part of the order.
    pub shipping: Amount,
    /// That its shipping was free, from which amount on, and what it would have cost.
    pub free_shipping: Option<FreeShipping>,
    /// A settlement date that overrides the cycle.
    pub settlement_date: Option<NaiveDate>,
    /// What the terms may select by.
    pub attributes: BTreeMap<String, String>,
    /// Values of settlement parameters for this order alone.
    pub parameters: BTreeMap<String, Decimal>,
    /// The measure of a tiered fee where the contract says it is given.
    pub volume: Option<Amount>,
    /// The measures of a tiered fee that goes by the partner's sales; a [`History`](crate::settle::History) fills them in.
    pub sales: Option<Sales>,
    /// Free text.
    pub memo: String,
}

/// Shipping that is free from an order amount on (조건부 무료 배송).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FreeShipping {
    /// The order amount before discounts from which on it is free.
    pub minimum: Amount,
    /// What it costs below.
    pub fee: Amount,
}

/// A partner's sales around an order: its orders before discounts, less their cancellations, by the month of each one's date; `None` where they
/// are not known, which is not zero.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Sales {
    /// Of the month before the order's start date.
    pub previous_month: Option<Amount>,
    /// Of the month of the start date, as far as they came before the order.
    pub month_to_date: Option<Amount>,
}

/// What was ordered: an amount, or lines.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum OrderDetail {
    /// The order's amount before discounts.
    Amount(Amount),
    /// Its lines, one a product.
    Lines(Vec<Line>),
}

/// A number of units of one product.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Line {
    /// The product; it names the line within the order.
    pub product: ProductId,
    /// The amount per unit, before discounts.
    pub unit_amount: Amount,
    /// The tax-free part.
    pub tax_free: PerUnits,
    /// How many units.
    pub quantity: u32,
    /// Discounts on the whole line.
    pub discounts: Vec<Discount>,
    /// Additional fees on the line.
    pub additional_fees: Vec<AdditionalFeePolicyId>,
    /// What the terms may select by; these come before the order's.
    pub attributes: BTreeMap<String, String>,
}

/// An amount per so many units: of each one, or of a whole line, which may not divide by its units.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PerUnits {
    /// The amount.
    pub amount: Amount,
    /// Of how many units it is; 0 counts as 1.
    pub units: u32,
}

impl Default for PerUnits {
    fn default() -> Self {
        Self::each(Amount::ZERO)
    }
}

impl PerUnits {
    /// So much for each unit.
    #[must_use]
    pub const fn each(amount: Amount) -> Self {
        Self { amount, units: 1 }
    }

    /// So many units' part, cut; `None` when it doesn't fit.
    #[must_use]
    pub fn of(self, quantity: u32) -> Option<Amount> {
        let product = i128::from(self.amount.minor()).checked_mul(i128::from(quantity))?;
        let part = Rounding::Down.divide(product, i128::from(self.units.max(1)))?;
        i64::try_from(part).ok().map(Amount::new)
    }
}

/// A coupon or point discount.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Discount {
    /// The policy that says who bears it.
    pub policy: DiscountSharePolicyId,
    /// The discount.
    pub amount: Amount,
    /// Its tax-free part.
    pub tax_free: Amount,
}

impl Order {
    /// An order without discounts, additional fees or shipping, under the partner's default contract.
    #[must_use]
    pub fn new(id: EventId, partner: PartnerId, start_date: NaiveDate, detail: OrderDetail) -> Self {
        Self {
            id,
            partner,
            contract: None,
            start_date,
            paid_at: None,
            detail,
            tax_free: None,
            discounts: Vec::new(),
            additional_fees: Vec::new(),
            shipping: Amount::ZERO,
            free_shipping: None,
            settlement_date: None,
            attributes: BTreeMap::new(),
            parameters: BTreeMap::new(),
            volume: None,
            sales: None,
            memo: String::new(),
        }
    }
}

impl Order {
    /// The amount before discounts; `None` when it doesn't fit.
    #[must_use]
    pub fn amount(&self) -> Option<Amount> {
        match &self.detail {
            OrderDetail::Amount(amount) => Some(*amount),
            OrderDetail::Lines(lines) => lines.iter().try_fold(Amount::ZERO, |sum, line| {
                sum.checked_add(line.unit_amount.checked_mul(i64::from(line.quantity))?)
            }),
        }
    }
}

impl Line {
    /// A taxable line without discounts or additional fees.
    #[must_use]
    pub fn new(product: ProductId, unit_amount: Amount, quantity: u32) -> Self {
        Self {
            product,
            unit_amount,
            tax_free: PerUnits::default(),
            quantity,
            discounts: Vec::new(),
            additional_fees: Vec::new(),
            attributes: BTreeMap::new(),
        }
    }
}

/// An amount put down by hand (수기 정산): no contract, no fee, its date given.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ManualEntry {
    /// The event's id.
    pub id: EventId,
    /// Who is settled.
    pub partner: PartnerId,
    /// What the partner is owed, or owes.
    pub amount: Amount,
    /// The tax-free part.
    pub tax_free: Amount,
    /// The day it falls due.
    pub settlement_date: NaiveDate,
    /// Why.
    pub memo: String,
}
