//! An order's content: what it was, what is left of it, or the part that a cancel takes.

use std::collections::BTreeSet;

use num_traits::Zero;
use serde_json::{Map, Value};

use super::allocation::{AllocationMethod, allocate};
use super::code::Code;
use super::event::{Discount, Event, OrderEvent, read};
use super::number::{Whole, fits};

/// The amounts of an order and of its own discounts.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) body: Body,
    pub(crate) discounts: Vec<Discount>,
    pub(crate) shipping: Whole,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    Amount { order: Whole, tax_free: Whole },
    Lines(Vec<Line>),
}

#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) product: String,
    pub(crate) quantity: Whole,
    pub(crate) order: Whole,
    pub(crate) tax_free: Whole,
    pub(crate) discounts: Vec<Discount>,
    pub(crate) additional_fees: Vec<String>,
    pub(crate) attributes: Map<String, Value>,
    /// The line as ordered, from which its amounts at any other quantity follow.
    pub(crate) whole: Ordered,
}

#[derive(Clone, Debug)]
pub(crate) struct Ordered {
    pub(crate) unit_amount: Whole,
    pub(crate) quantity: Whole,
    pub(crate) tax_free: Whole,
}

impl Line {
    /// The line at another quantity. Tax-free amounts that were shared over the lines may not divide by the units: a
    /// part of the units has its part of them cut, so that it never exceeds what it costs.
    pub(super) fn at_quantity(&self, quantity: Whole) -> Self {
        let order = &self.whole.unit_amount * &quantity;
        let tax_free = &self.whole.tax_free * &quantity / &self.whole.quantity;
        Self { quantity, order, tax_free, ..self.clone() }
    }
}

/// The content of an order event.
pub(super) fn content(event: &OrderEvent) -> Result<Content, Code> {
    check_form(event)?;
    event.check_amounts()?;
    let body = match &event.order_amount {
        Some(order) => {
            let tax_free = event.tax_free.clone().unwrap_or_default();
            Body::Amount { order: order.clone(), tax_free }
        }
        None => Body::Lines(lines(event)?),
    };
    Ok(Content { body, discounts: event.discounts.clone(), shipping: event.shipping.clone() })
}

fn check_form(event: &OrderEvent) -> Result<(), Code> {
    let Some(lines) = &event.lines else { return Ok(()) };
    let products: BTreeSet<&str> = lines.iter().map(|line| line.product.as_str()).collect();
    if event.order_amount.is_some() {
        Err(Code::OrderDetailAmbiguous)
    } else if products.len() < lines.len() {
        Err(Code::DuplicateProduct)
    } else {
        Ok(())
    }
}

fn lines(event: &OrderEvent) -> Result<Vec<Line>, Code> {
    let events = event.lines.as_deref().unwrap_or_default();
    let amounts: Vec<Whole> = events.iter().map(|line| &line.unit_amount * &line.quantity).collect();
    if !amounts.iter().all(fits) {
        return Err(Code::OutOfRange);
    }
    let tax_free: Vec<Whole> = match &event.tax_free {
        None => events.iter().map(|line| &line.unit_tax_free * &line.quantity).collect(),
        Some(given) => allocate(given, &amounts, AllocationMethod::LargestRemainder)
            // Lines that cost nothing can't hold a tax-free amount above zero.
            .map_err(|_| Code::TaxFreeExceedsOrder)?,
    };
    let line = |((event, order), tax_free): ((&super::event::LineEvent, Whole), Whole)| Line {
        product: event.product.clone(),
        quantity: event.quantity.clone(),
        order,
        tax_free: tax_free.clone(),
        discounts: event.discounts.clone(),
        additional_fees: event.additional_fees.clone(),
        attributes: event.attributes.clone(),
        whole: Ordered { unit_amount: event.unit_amount.clone(), quantity: event.quantity.clone(), tax_free },
    };
    Ok(events.iter().zip(amounts).zip(tax_free).map(line).collect())
}

/// What a valid order has in it, from its document; which policies it names is not looked at.
pub(crate) fn content_of(document: &Value) -> Option<Content> {
    let Ok(Event::Order(event)) = read(document) else { return None };
    content(&event).ok().filter(|content| check(content).is_ok())
}

/// Whether the parts stay within their wholes, per line and in total.
pub(super) fn check(content: &Content) -> Result<(), Code> {
    let (order, tax_free, mut discounts) = match &content.body {
        Body::Amount { order, tax_free } => (order.clone(), tax_free.clone(), Vec::new()),
        Body::Lines(lines) => {
            for line in lines {
                check_block(&line.order, &line.tax_free, &line.discounts)?;
            }
            (
                lines.iter().map(|line| &line.order).sum(),
                lines.iter().map(|line| &line.tax_free).sum(),
                lines.iter().flat_map(|line| line.discounts.clone()).collect(),
            )
        }
    };
    discounts.extend(content.discounts.iter().cloned());
    check_block(&order, &tax_free, &discounts)
}

fn check_block(order: &Whole, tax_free: &Whole, discounts: &[Discount]) -> Result<(), Code> {
    if discounts.iter().any(|discount| discount.tax_free > discount.amount) {
        return Err(Code::TaxFreeExceedsDiscount);
    }
    let (discount, discount_tax_free) = total(discounts);
    let (payment, payment_tax_free) = (order - &discount, tax_free - &discount_tax_free);
    if payment < Whole::zero() {
        Err(Code::DiscountExceedsOrder)
    } else if tax_free > order || payment_tax_free < Whole::zero() || payment_tax_free > payment {
        Err(Code::TaxFreeExceedsOrder)
    } else {
        Ok(())
    }
}

impl Content {
    /// The amount before discounts.
    pub(super) fn order(&self) -> Whole {
        match &self.body {
            Body::Amount { order, .. } => order.clone(),
            Body::Lines(lines) => lines.iter().map(|line| &line.order).sum(),
        }
    }
}

/// Discounts added up: all of them, and the tax-free part.
pub(super) fn total(discounts: &[Discount]) -> (Whole, Whole) {
    (
        discounts.iter().map(|discount| &discount.amount).sum(),
        discounts.iter().map(|discount| &discount.tax_free).sum(),
    )
}
