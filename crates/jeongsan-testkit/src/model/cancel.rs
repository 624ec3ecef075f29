//! Cancels: what one leaves of an order, and the figures it gives back.

use std::collections::BTreeSet;

use num_traits::{Signed, Zero};
use serde_json::Value;

use super::allocation::{AllocationMethod, allocate};
use super::charge::{charge, close, set_split};
use super::code::Code;
use super::event::{CancelEvent, Discount, Event, FreeShipping, LineCancel, read};
use super::figures::{Amounts, Field, Figures, LineFigures};
use super::number::Whole;
use super::order::{Body, Content, Line, check};
use super::spread::spread;
use super::terms::Terms;

/// An order that settled, and what its cancels have left of it.
#[derive(Clone, Debug)]
pub(super) struct Settled<'a> {
    pub(super) terms: Terms<'a>,
    /// The order as it came: by amount or by lines.
    pub(super) form: Body,
    /// What remains; `None` when all is cancelled.
    pub(super) remaining: Option<Content>,
    /// What was charged less what came back.
    pub(super) left: Amounts,
    /// What was charged.
    pub(super) charged: Figures,
    /// While shipping is free.
    pub(super) free_shipping: Option<FreeShipping>,
}

/// What is wrong with the form of a cancel and its amounts, whatever is left.
pub(super) fn check_request(form: &Body, cancel: &CancelEvent) -> Result<(), Code> {
    if cancel.forms() > 1 {
        return Err(Code::OrderDetailAmbiguous);
    }
    let is_mismatch = match form {
        Body::Amount { .. } => cancel.lines.is_some(),
        Body::Lines(_) => cancel.order_amount.is_some(),
    };
    if is_mismatch {
        return Err(Code::OrderDetailMismatch);
    }
    let lines = cancel.lines.as_deref().unwrap_or_default();
    let products: BTreeSet<&str> = lines.iter().map(|line| line.product.as_str()).collect();
    if products.len() < lines.len() {
        return Err(Code::DuplicateProduct);
    }
    if let Body::Lines(ordered) = form {
        let is_known = |line: &LineCancel| ordered.iter().any(|known| known.product == line.product);
        if !lines.iter().all(is_known) {
            return Err(Code::UnknownProduct);
        }
    }
    cancel.check_amounts()
}

/// What a cancel leaves, valid or not; lines with nothing left stay, with a quantity of 0.
pub(super) fn leave(before: &Content, cancel: &CancelEvent, spreads: bool) -> Result<Option<Content>, Code> {
    let mut after = before.clone();
    check_amount(&before.body, cancel)?;
    take_discounts(&mut after.discounts, &cancel.discounts)?;
    match &mut after.body {
        Body::Amount { order, tax_free } => {
            let all = order.clone();
            let taken = if cancel.is_all { &all } else { cancel.order_amount.as_ref().unwrap_or(&all) };
            if taken > order {
                return Err(Code::CancelExceedsRemaining);
            }
            let stated = cancel.tax_free.clone().unwrap_or_default();
            if stated > *tax_free {
                return Err(Code::CancelExceedsRemaining);
            }
            if taken == order {
                return Ok(None);
            }
            *order -= taken;
            *tax_free -= stated;
        }
        Body::Lines(lines) => {
            if cancel.is_all {
                return Ok(None);
            }
            for taken in cancel.lines.as_deref().unwrap_or_default() {
                let line = lines.iter_mut().find(|line| line.product == taken.product);
                let line = line.ok_or(Code::UnknownProduct)?;
                if taken.quantity > line.quantity {
                    return Err(Code::CancelExceedsRemaining);
                }
                take_discounts(&mut line.discounts, &taken.discounts)?;
                *line = line.at_quantity(&line.quantity - &taken.quantity);
                if line.quantity.is_zero() {
                    line.discounts.clear();
                }
            }
            if lines.iter().all(|line| line.quantity.is_zero()) {
                return Ok(None);
            }
        }
    }
    if spreads && cancel.discounts.is_empty() {
        spread(before, &mut after);
    }
    Ok(Some(after))
}

/// What is left must itself be a valid order.
pub(super) fn check_left(left: Option<&Content>) -> Result<(), Code> {
    left.map_or(Ok(()), |left| check(&without_empty_lines(left))).map_err(|_| Code::CancelExceedsRemaining)
}

/// An amount takes something, a discount at the least, and not more tax-free than it is.
fn check_amount(body: &Body, cancel: &CancelEvent) -> Result<(), Code> {
    let (Body::Amount { order, tax_free }, Some(taken)) = (body, &cancel.order_amount) else { return Ok(()) };
    let stated = cancel.tax_free.clone().unwrap_or_default();
    let is_nothing = |discount: &Discount| discount.amount.is_zero() && discount.tax_free.is_zero();
    if taken.is_zero() && !order.is_zero() && cancel.discounts.iter().all(is_nothing) {
        Err(Code::InvalidEvent)
    } else if taken > order || stated > *tax_free {
        Err(Code::CancelExceedsRemaining)
    } else if stated > *taken {
        Err(Code::TaxFreeExceedsOrder)
    } else {
        Ok(())
    }
}

/// What a cancel's document leaves of a content, if it can be taken.
pub(crate) fn after_cancel(before: &Content, document: &Value) -> Option<Option<Content>> {
    let Ok(Event::Cancel(cancel)) = read(document) else { return None };
    let left = check_request(&before.body, &cancel).and_then(|()| leave(before, &cancel, false)).ok()?;
    check_left(left.as_ref()).is_ok().then_some(left)
}

/// Takes stated discounts off the entries of their policy, in order, each to 0 before the next.
fn take_discounts(entries: &mut [Discount], stated: &[Discount]) -> Result<(), Code> {
    for stated in stated {
        let (mut amount, mut tax_free) = (stated.amount.clone(), stated.tax_free.clone());
        let mut is_there = false;
        for entry in entries.iter_mut().filter(|entry| entry.policy == stated.policy) {
            is_there = true;
            let taken = amount.clone().min(entry.amount.clone());
            amount -= &taken;
            entry.amount -= taken;
            let taken = tax_free.clone().min(entry.tax_free.clone());
            tax_free -= &taken;
            entry.tax_free -= taken;
        }
        if !is_there || !amount.is_zero() || !tax_free.is_zero() {
            return Err(Code::CancelExceedsRemaining);
        }
    }
    Ok(())
}

fn without_empty_lines(content: &Content) -> Content {
    let mut content = content.clone();
    if let Body::Lines(lines) = &mut content.body {
        lines.retain(|line| !line.quantity.is_zero());
    }
    content
}

/// The figures of a cancel, signed; `left` is what was charged less what came back.
pub(super) fn cancelled(
    settled: &Settled,
    (before, after): (&Content, Option<&Content>),
    left: &Amounts,
) -> Result<Figures, Code> {
    let figures = if settled.terms.book.is_independent {
        Figures::default().minus(&independent(&settled.terms, (before, after), left)?)
    } else {
        remaining(settled, after)?.minus(&remaining(settled, Some(before))?)
    };
    row(figures)
}

/// What changes when a coupon goes.
pub(super) fn withdrawn(
    settled: &Settled,
    (with, without): (&Content, &Content),
    left: &Amounts,
) -> Result<Figures, Code> {
    let terms = &settled.terms;
    let (with, mut without) = (remaining(settled, Some(with))?, remaining(settled, Some(without))?);
    if terms.book.is_independent {
        let mut back = with.minus(&without);
        limit(terms, &mut back, left);
        without = with.minus(&back);
        split_and_close(terms, &mut without)?;
    }
    row(without.minus(&with))
}

fn row(mut figures: Figures) -> Result<Figures, Code> {
    figures.lines.retain(|line| !line.quantity.is_zero() || !line.amounts.is_zero());
    if figures.fit() { Ok(figures) } else { Err(Code::OutOfRange) }
}

/// The fees that stay with the merchant.
fn kept(terms: &Terms) -> Vec<Field> {
    let mut fields = Vec::new();
    if terms.contract.on_cancel("platform_fee", "keep") {
        fields.extend([Field::PlatformFee, Field::PlatformFeeVat]);
    }
    if terms.contract.on_cancel("additional_fee", "keep") {
        fields.extend([Field::AdditionalFee, Field::AdditionalFeeVat]);
    }
    fields
}

/// The figures of what remains, at the fees that were charged where they stay. What remains of nothing are those fees alone.
fn remaining(settled: &Settled, content: Option<&Content>) -> Result<Figures, Code> {
    let terms = &settled.terms;
    let kept = if terms.book.is_independent { Vec::new() } else { kept(terms) };
    let charged = |amounts: &mut Amounts, charged: &Amounts| {
        kept.iter().for_each(|field| amounts.set(*field, charged.get(*field)));
    };
    let mut figures = match content {
        Some(content) => charge(terms, &without_empty_lines(content))?,
        None => Figures::default(),
    };
    charged(&mut figures.total, &settled.charged.total);
    for line in &mut figures.lines {
        if let Some(whole) = settled.charged.lines.iter().find(|whole| whole.product == line.product) {
            charged(&mut line.amounts, &whole.amounts);
        }
    }
    match content {
        Some(_) => close(terms, &mut figures)?,
        None => take_off_fees(&mut figures.total),
    }
    if !kept.is_empty() {
        let lines = settled.charged.lines.iter().map(|whole| {
            let found = figures.lines.iter().find(|line| line.product == whole.product).cloned();
            found.unwrap_or_else(|| {
                let mut amounts = Amounts::default();
                charged(&mut amounts, &whole.amounts);
                take_off_fees(&mut amounts);
                LineFigures { product: whole.product.clone(), quantity: Whole::zero(), amounts }
            })
        });
        figures.lines = lines.collect();
    }
    Ok(figures)
}

/// The settlement of a block that has fees and nothing else.
fn take_off_fees(amounts: &mut Amounts) {
    let fees = [Field::PlatformFee, Field::PlatformFeeVat, Field::AdditionalFee, Field::AdditionalFeeVat];
    let fees: Whole = fees.into_iter().map(|field| amounts.get(field)).sum();
    amounts.set(Field::Settlement, -fees);
}

/// The figures that a limit keeps from coming back beyond what was charged.
const LIMITED: [Field; 8] = [
    Field::PaymentVat,
    Field::PaymentVatBurden,
    Field::PlatformFee,
    Field::PlatformFeeVat,
    Field::AdditionalFee,
    Field::AdditionalFeeVat,
    Field::DiscountShare,
    Field::DiscountShareTaxFree,
];

/// The cancelled part as an order of its own, each figure limited to what is left of the charge.
fn independent(
    terms: &Terms,
    (before, after): (&Content, Option<&Content>),
    left: &Amounts,
) -> Result<Figures, Code> {
    let mut figures = charge(terms, &cancelled_part(before, after))?;
    limit(terms, &mut figures, left);
    split_and_close(terms, &mut figures)?;
    Ok(figures)
}

/// Limits what comes back to what is left of the charge, and fees that stay to nothing.
fn limit(terms: &Terms, figures: &mut Figures, left: &Amounts) {
    for field in LIMITED {
        let charged = figures.total.get(field);
        let left = left.get(field);
        let limited = if left.is_negative() { charged.clone().max(left) } else { charged.clone().min(left) };
        if limited != charged {
            limit_lines(figures, field, &limited);
            figures.total.set(field, limited);
        }
    }
    for (party, part) in &mut figures.total.funders {
        let left = left.funders.get(party).cloned().unwrap_or_default();
        *part = part.clone().min(left);
    }
    for amounts in figures.lines.iter_mut().map(|line| &mut line.amounts).chain([&mut figures.total]) {
        kept(terms).into_iter().for_each(|field| amounts.set(field, Whole::zero()));
    }
}

fn split_and_close(terms: &Terms, figures: &mut Figures) -> Result<(), Code> {
    for amounts in figures.lines.iter_mut().map(|line| &mut line.amounts).chain([&mut figures.total]) {
        let vat = amounts.get(Field::PaymentVat);
        set_split(amounts, vat);
    }
    close(terms, figures)
}

/// Where the lines have more of a figure than the order keeps, they share what it keeps.
fn limit_lines(figures: &mut Figures, field: Field, limited: &Whole) {
    let parts: Vec<Whole> = figures.lines.iter().map(|line| line.amounts.get(field)).collect();
    if parts.iter().sum::<Whole>() <= *limited {
        return;
    }
    let shared = allocate(limited, &parts, AllocationMethod::LargestRemainder);
    for (line, part) in figures.lines.iter_mut().zip(shared.unwrap_or(parts)) {
        line.amounts.set(field, part);
    }
}

fn cancelled_part(before: &Content, after: Option<&Content>) -> Content {
    let Some(after) = after else { return without_empty_lines(before) };
    let body = match (&before.body, &after.body) {
        (Body::Amount { order, tax_free }, Body::Amount { order: rest, tax_free: tax_free_rest }) => {
            Body::Amount { order: order - rest, tax_free: tax_free - tax_free_rest }
        }
        (Body::Lines(lines), Body::Lines(rests)) => {
            Body::Lines(lines.iter().zip(rests).map(|(line, rest)| taken_of_line(line, rest)).collect())
        }
        // A cancel never changes the form of its order.
        (body, _) => body.clone(),
    };
    let discounts = taken_of_discounts(&before.discounts, &after.discounts);
    without_empty_lines(&Content { body, discounts, shipping: Whole::zero() })
}

fn taken_of_line(line: &Line, rest: &Line) -> Line {
    Line {
        quantity: &line.quantity - &rest.quantity,
        order: &line.order - &rest.order,
        tax_free: &line.tax_free - &rest.tax_free,
        discounts: taken_of_discounts(&line.discounts, &rest.discounts),
        ..line.clone()
    }
}

/// The entries' differences; a line cancelled whole has no rest of them.
fn taken_of_discounts(entries: &[Discount], rests: &[Discount]) -> Vec<Discount> {
    let difference = |(place, entry): (usize, &Discount)| match rests.get(place) {
        None => entry.clone(),
        Some(rest) => Discount {
            policy: entry.policy.clone(),
            amount: &entry.amount - &rest.amount,
            tax_free: &entry.tax_free - &rest.tax_free,
        },
    };
    entries.iter().enumerate().map(difference).collect()
}
