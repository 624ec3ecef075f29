//! Cancellations: the facts, and what they leave of an order.
//!
//! A [`Cancellation`] names its order and says what goes: an amount, units of lines, or all of it. `take` splits what remained of the
//! order into what goes and what is left, both orders of their own; it knows nothing of contracts or fees.

mod spread;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::id::{DiscountSharePolicyId, EventId, ProductId};
use crate::money::{AllocationMethod, Amount, allocate, text_enum};
use crate::order::{Discount, Line, Order, OrderDetail, PerUnits};

/// An order taken back, in part or whole (주문 취소 정산).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Cancellation {
    /// The event's id.
    pub id: EventId,
    /// The order it takes back.
    pub order: EventId,
    /// The day it happens; it starts a cycle of its own.
    pub date: NaiveDate,
    /// What goes.
    pub detail: CancelDetail,
    /// Discounts on the order as a whole that go with it.
    pub discounts: Vec<Discount>,
    /// What sending the goods back costs, if somebody pays for it.
    pub return_shipping: Option<ReturnShipping>,
    /// A settlement date that overrides the cycle.
    pub settlement_date: Option<NaiveDate>,
    /// Free text.
    pub memo: String,
}

/// What a cancellation takes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CancelDetail {
    /// An amount of an order in amount form.
    Amount {
        /// The part of the order before discounts.
        amount: Amount,
        /// The tax-free part of it.
        tax_free: Amount,
    },
    /// Units of some lines.
    Lines(Vec<CancelledLine>),
    /// All that remains.
    All,
}

/// Units taken from a line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CancelledLine {
    /// The product, which names the line.
    pub product: ProductId,
    /// How many units.
    pub quantity: u32,
    /// Discounts on the line that go with them; a line taken whole gives up all it has.
    pub discounts: Vec<Discount>,
}

/// What sending goods back costs, and who pays for it (반품 배송비).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ReturnShipping {
    /// How much; above zero.
    pub amount: Amount,
    /// Whose charge it is.
    pub payer: ReturnPayer,
}

text_enum! {
    /// Who pays for sending goods back.
    pub enum ReturnPayer ("payer of return shipping") or UnknownReturnPayer {
        /// The customer.
        Customer = "customer",
        /// The partner.
        Partner = "partner",
    }
}

impl Cancellation {
    /// A cancellation that states no discounts.
    #[must_use]
    pub fn new(id: EventId, order: EventId, date: NaiveDate, detail: CancelDetail) -> Self {
        Self {
            id,
            order,
            date,
            detail,
            discounts: Vec::new(),
            return_shipping: None,
            settlement_date: None,
            memo: String::new(),
        }
    }
}

/// Why a cancellation can't take what it says.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CancelError {
    /// An amount is cancelled of an order with lines, or the other way round.
    #[error("the order is in {order} form, the cancellation in {cancellation} form")]
    DetailMismatch {
        /// The order's form.
        order: &'static str,
        /// The cancellation's form.
        cancellation: &'static str,
    },
    /// The order has no line of this product.
    #[error("the order has no product `{product}`")]
    UnknownProduct {
        /// The product.
        product: ProductId,
        /// The line's place in the cancellation, from 0.
        line: usize,
    },
    /// A product is named twice.
    #[error("product `{product}` is cancelled twice")]
    DuplicateProduct {
        /// The product.
        product: ProductId,
        /// The place of the second, from 0.
        line: usize,
    },
    /// No line is named.
    #[error("the cancellation names no line")]
    NoLines,
    /// No unit of a line is taken.
    #[error("the quantity of product `{product}` is zero")]
    ZeroQuantity {
        /// The product.
        product: ProductId,
        /// The line's place in the cancellation, from 0.
        line: usize,
    },
    /// An amount is below zero.
    #[error("`{amount}` is negative")]
    NegativeAmount {
        /// The amount.
        amount: Amount,
        /// The field it stands in.
        field: &'static str,
        /// The line's place in the cancellation, from 0, if it stands in one.
        line: Option<usize>,
        /// The discount's place, from 0, if it stands in one.
        discount: Option<usize>,
    },
    /// Sending the goods back costs nothing or less.
    #[error("the return shipping of {amount} is not above zero")]
    NoReturnShipping {
        /// What it costs.
        amount: Amount,
    },
    /// The tax-free part of a cancelled amount is more than the amount.
    #[error("the tax-free part {tax_free} exceeds the {amount} cancelled")]
    TaxFreeExceedsAmount {
        /// The tax-free part.
        tax_free: Amount,
        /// The amount.
        amount: Amount,
    },
    /// An amount of zero takes nothing, and neither does a discount.
    #[error("the cancellation takes nothing")]
    NothingTaken,
    /// Nothing is left of the order.
    #[error("nothing is left of order `{order}`")]
    NothingLeft {
        /// The order.
        order: EventId,
    },
    /// More is taken than is left.
    #[error("`{field}` {taken} exceeds the {left} left")]
    Exceeds {
        /// The field that says how much.
        field: &'static str,
        /// How much is taken.
        taken: i64,
        /// How much is left.
        left: i64,
        /// The line's place in the cancellation, from 0; `None` for the order.
        line: Option<usize>,
    },
    /// A discount is returned that isn't on the order, or more of it than is left.
    #[error("`{field}` {amount} of a discount by policy `{policy}` exceeds the {left} left")]
    DiscountExceeds {
        /// The policy.
        policy: DiscountSharePolicyId,
        /// The field that says how much: the discount's amount or its tax-free part.
        field: &'static str,
        /// How much is returned.
        amount: Amount,
        /// How much is left of it there.
        left: Amount,
        /// The line's place in the cancellation, from 0; `None` for the order.
        line: Option<usize>,
        /// The discount's place, from 0.
        place: usize,
    },
    /// What would be left is no valid order: a discount or a tax-free part would exceed its whole.
    #[error("what is left would be no valid order: {reason}")]
    LeavesInvalidOrder {
        /// Why not.
        reason: String,
    },
}

impl CancelError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DetailMismatch { .. } => "order-detail-mismatch",
            Self::UnknownProduct { .. } => "unknown-product",
            Self::DuplicateProduct { .. } => "duplicate-product",
            Self::NoLines
            | Self::NothingTaken
            | Self::ZeroQuantity { .. }
            | Self::NegativeAmount { .. }
            | Self::NoReturnShipping { .. } => "invalid-event",
            Self::TaxFreeExceedsAmount { .. } => "tax-free-exceeds-order",
            Self::NothingLeft { .. }
            | Self::Exceeds { .. }
            | Self::DiscountExceeds { .. }
            | Self::LeavesInvalidOrder { .. } => "cancel-exceeds-remaining",
        }
    }

    /// The path to the field that is at fault, where one is.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        Some(match self {
            Self::UnknownProduct { line, .. } | Self::DuplicateProduct { line, .. } => {
                within_line(Some(*line), "product")
            }
            Self::ZeroQuantity { line, .. } => within_line(Some(*line), "quantity"),
            Self::NegativeAmount { field, line, discount: None, .. } => within_line(*line, field),
            Self::NegativeAmount { field, line, discount: Some(place), .. } => {
                within_line(*line, &format!("discounts[{place}].{field}"))
            }
            Self::NoLines => "lines".into(),
            Self::NoReturnShipping { .. } => "return_shipping.amount".into(),
            Self::Exceeds { field, line, .. } => within_line(*line, field),
            Self::NothingTaken => "order_amount".into(),
            Self::TaxFreeExceedsAmount { .. } => "tax_free_amount".into(),
            Self::DiscountExceeds { field, line, place, .. } => {
                within_line(*line, &format!("discounts[{place}].{field}"))
            }
            Self::NothingLeft { .. } => "order".into(),
            Self::DetailMismatch { cancellation: "line", .. } => "lines".into(),
            Self::DetailMismatch { .. } => "order_amount".into(),
            Self::LeavesInvalidOrder { .. } => return None,
        })
    }
}

/// The path to a field of a line, or of the event where there is none.
pub(crate) fn within_line(line: Option<usize>, field: &str) -> String {
    match line {
        Some(line) => format!("lines[{line}].{field}"),
        None => field.into(),
    }
}

type Result<T> = core::result::Result<T, CancelError>;

text_enum! {
    /// Which discounts on the order as a whole go with cancelled lines.
    pub enum DiscountReturn ("return of discounts") or UnknownDiscountReturn {
        /// Those that the cancellation states.
        Stated = "stated",
        /// Those that it states; where it states none, the cancelled units' part of each.
        Spread = "spread",
    }
}

/// What a cancellation does to an order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Taken {
    /// The part that goes, as an order of its own.
    pub(crate) part: Order,
    /// What is left; a line without units is kept with quantity 0.
    pub(crate) left: Order,
    /// Whether nothing is left.
    pub(crate) takes_all: bool,
}

/// Looks whether a cancellation is of the order's form, names its products once, and takes something of each, and whether what it says of
/// return shipping makes sense.
///
/// # Errors
/// The first fault, whatever is left of the order.
pub(crate) fn check_form(order: &Order, cancellation: &Cancellation) -> Result<()> {
    match (&order.detail, &cancellation.detail) {
        (_, CancelDetail::All) => {}
        (OrderDetail::Amount(_), CancelDetail::Amount { amount, tax_free }) => {
            for (amount, field) in [(*amount, "order_amount"), (*tax_free, "tax_free_amount")] {
                if amount.is_negative() {
                    return Err(CancelError::NegativeAmount { amount, field, line: None, discount: None });
                }
            }
        }
        (OrderDetail::Lines(lines), CancelDetail::Lines(cancelled)) => {
            check_cancelled_lines(lines, cancelled)?
        }
        (OrderDetail::Amount(_), CancelDetail::Lines(_)) => {
            return Err(CancelError::DetailMismatch { order: "amount", cancellation: "line" });
        }
        (OrderDetail::Lines(_), CancelDetail::Amount { .. }) => {
            return Err(CancelError::DetailMismatch { order: "line", cancellation: "amount" });
        }
    }
    match cancellation.return_shipping {
        Some(ReturnShipping { amount, .. }) if amount <= Amount::ZERO => {
            Err(CancelError::NoReturnShipping { amount })
        }
        _ => Ok(()),
    }
}

fn check_cancelled_lines(lines: &[Line], cancelled: &[CancelledLine]) -> Result<()> {
    if cancelled.is_empty() {
        return Err(CancelError::NoLines);
    }
    let mut named = BTreeSet::new();
    for (place, line) in cancelled.iter().enumerate() {
        let product = &line.product;
        if !named.insert(product) {
            return Err(CancelError::DuplicateProduct { product: product.clone(), line: place });
        }
    }
    let places = places(lines);
    for (place, line) in cancelled.iter().enumerate() {
        let product = &line.product;
        if !places.contains_key(product) {
            return Err(CancelError::UnknownProduct { product: product.clone(), line: place });
        }
        if line.quantity == 0 {
            return Err(CancelError::ZeroQuantity { product: product.clone(), line: place });
        }
    }
    Ok(())
}

/// The places of an order's lines by their products.
fn places(lines: &[Line]) -> BTreeMap<&ProductId, usize> {
    // Of two lines the first counts; an order that settled has no two.
    lines.iter().enumerate().rev().map(|(place, line)| (&line.product, place)).collect()
}

/// Splits what remains of an order into what a cancellation takes and what it leaves.
///
/// An amount equal to the rest, all units of all lines, or `All` takes everything: tax-free parts, discounts and shipping with it. A line taken
/// whole gives up its discounts. Otherwise go the discounts that are stated, from the entries of their policy in order, and no
/// shipping; discounts on the order as a whole may be spread where none of them is stated, see [`DiscountReturn`].
///
/// # Errors
/// When the form differs, or more is taken than is left.
pub(crate) fn take(
    remaining: &Order,
    cancellation: &Cancellation,
    order_discounts: DiscountReturn,
) -> Result<Taken> {
    check_form(remaining, cancellation)?;
    let mut remaining = remaining.clone();
    settle_tax_free_on_lines(&mut remaining);
    let mut left = remaining.clone();
    let mut part = Order { discounts: Vec::new(), shipping: Amount::ZERO, ..remaining.clone() };
    let takes_all = match (&remaining.detail, &cancellation.detail) {
        (OrderDetail::Amount(rest), CancelDetail::Amount { amount, tax_free }) => {
            let is_nothing = |discount: &Discount| discount.amount.is_zero() && discount.tax_free.is_zero();
            if amount.is_zero() && !rest.is_zero() && cancellation.discounts.iter().all(is_nothing) {
                return Err(CancelError::NothingTaken);
            }
            take_amount(*rest, (*amount, *tax_free), &mut left, &mut part)?
        }
        (OrderDetail::Lines(lines), CancelDetail::Lines(cancelled)) => {
            take_lines(lines, cancelled, &mut left, &mut part)?
        }
        _ => true,
    };
    part.discounts = match (order_discounts, &remaining.detail, &left.detail) {
        (DiscountReturn::Spread, OrderDetail::Lines(before), OrderDetail::Lines(after))
            if cancellation.discounts.is_empty() =>
        {
            spread::take_parts(&mut left.discounts, before, after)
        }
        _ => return_discounts(&mut left.discounts, &cancellation.discounts, None)?,
    };
    if takes_all {
        empty(&mut left);
        part = remaining;
    }
    Ok(Taken { part, left, takes_all })
}

/// Leaves of an order its names alone.
fn empty(order: &mut Order) {
    order.discounts.clear();
    order.shipping = Amount::ZERO;
    order.tax_free = None;
    match &mut order.detail {
        OrderDetail::Amount(amount) => *amount = Amount::ZERO,
        OrderDetail::Lines(lines) => {
            for line in lines {
                line.quantity = 0;
                line.discounts.clear();
            }
        }
    }
}

fn take_amount(rest: Amount, taken: (Amount, Amount), left: &mut Order, part: &mut Order) -> Result<bool> {
    let (amount, tax_free) = taken;
    let exceeds = |field, taken: Amount, left: Amount| CancelError::Exceeds {
        field,
        taken: taken.minor(),
        left: left.minor(),
        line: None,
    };
    let rest_tax_free = left.tax_free.unwrap_or_default();
    let after = rest.checked_sub(amount).filter(|after| !after.is_negative());
    left.detail = OrderDetail::Amount(after.ok_or_else(|| exceeds("order_amount", amount, rest))?);
    let after = rest_tax_free.checked_sub(tax_free).filter(|after| !after.is_negative());
    left.tax_free = Some(after.ok_or_else(|| exceeds("tax_free_amount", tax_free, rest_tax_free))?);
    if tax_free > amount {
        return Err(CancelError::TaxFreeExceedsAmount { tax_free, amount });
    }
    part.detail = OrderDetail::Amount(amount);
    part.tax_free = Some(tax_free);
    Ok(amount == rest)
}

fn take_lines(
    lines: &[Line],
    cancelled: &[CancelledLine],
    left: &mut Order,
    part: &mut Order,
) -> Result<bool> {
    let mut after = lines.to_vec();
    let places = places(lines);
    let mut taken = Vec::with_capacity(cancelled.len());
    for (place, line) in cancelled.iter().enumerate() {
        let product = &line.product;
        let unknown = || CancelError::UnknownProduct { product: product.clone(), line: place };
        let rest = places.get(product).and_then(|place| after.get_mut(*place)).ok_or_else(unknown)?;
        let before = rest.clone();
        rest.quantity = rest.quantity.checked_sub(line.quantity).ok_or_else(|| CancelError::Exceeds {
            field: "quantity",
            taken: i64::from(line.quantity),
            left: i64::from(before.quantity),
            line: Some(place),
        })?;
        let returned = return_discounts(&mut rest.discounts, &line.discounts, Some(place))?;
        let discounts = if rest.quantity == 0 { before.discounts.clone() } else { returned };
        if rest.quantity == 0 {
            rest.discounts.clear();
        }
        // What a line's tax-free part loses, which need not divide by the units.
        let (whole, kept) = (before.tax_free.of(before.quantity), before.tax_free.of(rest.quantity));
        let amount = whole.zip(kept).and_then(|(whole, kept)| whole.checked_sub(kept)).unwrap_or_default();
        let tax_free = PerUnits { amount, units: line.quantity };
        taken.push(Line { quantity: line.quantity, discounts, tax_free, ..before });
    }
    let all = after.iter().all(|line| line.quantity == 0);
    // In the order of the order, so that its lines are compared with lines in the same order.
    taken.sort_by_key(|line| places.get(&line.product).copied());
    left.detail = OrderDetail::Lines(after);
    part.detail = OrderDetail::Lines(taken);
    Ok(all)
}

/// A tax-free amount that stands on an order with lines becomes the lines' own, by their amounts, so that units take their part along.
fn settle_tax_free_on_lines(order: &mut Order) {
    let (OrderDetail::Lines(lines), Some(tax_free)) = (&mut order.detail, order.tax_free) else { return };
    let amount = |line: &Line| line.unit_amount.checked_mul(i64::from(line.quantity)).unwrap_or_default();
    let weights: Vec<Amount> = lines.iter().map(amount).collect();
    if let Ok(parts) = allocate(tax_free, &weights, AllocationMethod::LargestRemainder) {
        for (line, amount) in lines.iter_mut().zip(parts) {
            line.tax_free = PerUnits { amount, units: line.quantity };
        }
        order.tax_free = None;
    }
}

/// Takes stated discounts off the entries of their policies, each to zero before the next; gives what was taken of each entry.
fn return_discounts(
    left: &mut [Discount],
    stated: &[Discount],
    line: Option<usize>,
) -> Result<Vec<Discount>> {
    let before = left.to_vec();
    for (place, discount) in stated.iter().enumerate() {
        for (amount, field) in [(discount.amount, "amount"), (discount.tax_free, "tax_free_amount")] {
            if amount.is_negative() {
                return Err(CancelError::NegativeAmount { amount, field, line, discount: Some(place) });
            }
        }
        let policy = &discount.policy;
        let (mut amount, mut tax_free) = (discount.amount, discount.tax_free);
        let (mut found, mut found_tax_free) = (Amount::ZERO, Amount::ZERO);
        let mut is_known = false;
        for entry in left.iter_mut().filter(|entry| entry.policy == *policy) {
            is_known = true;
            found = found.checked_add(entry.amount).unwrap_or(found);
            found_tax_free = found_tax_free.checked_add(entry.tax_free).unwrap_or(found_tax_free);
            let (less, less_tax_free) = (amount.min(entry.amount), tax_free.min(entry.tax_free));
            // Neither is more than what it is taken from.
            entry.amount = entry.amount.checked_sub(less).unwrap_or_default();
            entry.tax_free = entry.tax_free.checked_sub(less_tax_free).unwrap_or_default();
            amount = amount.checked_sub(less).unwrap_or_default();
            tax_free = tax_free.checked_sub(less_tax_free).unwrap_or_default();
        }
        let exceeds = |field, amount, left| CancelError::DiscountExceeds {
            policy: policy.clone(),
            field,
            amount,
            left,
            line,
            place,
        };
        if !is_known || !amount.is_zero() {
            return Err(exceeds("amount", discount.amount, found));
        }
        if !tax_free.is_zero() {
            return Err(exceeds("tax_free_amount", discount.tax_free, found_tax_free));
        }
    }
    let taken = before.into_iter().zip(left.iter()).map(|(before, left)| Discount {
        policy: before.policy,
        amount: before.amount.checked_sub(left.amount).unwrap_or_default(),
        tax_free: before.tax_free.checked_sub(left.tax_free).unwrap_or_default(),
    });
    Ok(taken.collect())
}
