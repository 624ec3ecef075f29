//! The names and the form of an order, before any amount.

use alloc::vec::Vec;

use crate::order::{Line, ORDER_LINES_MAX, Order, OrderDetail};
use crate::settle::{Engine, SettleError};

use super::Result;

/// Looks for every policy that an order names.
pub(in crate::settle) fn check_names(engine: &Engine, order: &Order) -> Result<()> {
    let lines: &[Line] = match &order.detail {
        OrderDetail::Amount(_) => &[],
        OrderDetail::Lines(lines) => lines,
    };
    let discounts = lines.iter().flat_map(|line| &line.discounts).chain(&order.discounts);
    for discount in discounts {
        engine.discount_share(&discount.policy, order.start_date)?;
    }
    let fees = lines.iter().flat_map(|line| &line.additional_fees).chain(&order.additional_fees);
    for policy in fees {
        engine.additional_fee(policy, order.start_date)?;
    }
    Ok(())
}

/// Looks at the form of an order's lines.
pub(super) fn check_form(lines: &[Line]) -> Result<()> {
    if lines.is_empty() {
        return Err(SettleError::NoLines);
    }
    if lines.len() > ORDER_LINES_MAX {
        return Err(SettleError::TooManyLines { lines: lines.len() });
    }
    let duplicate = if lines.len() <= 8 {
        lines
            .iter()
            .enumerate()
            .find(|(place, line)| lines.iter().take(*place).any(|earlier| earlier.product == line.product))
    } else {
        let mut places: Vec<(usize, &Line)> = lines.iter().enumerate().collect();
        places.sort_by(|a, b| a.1.product.cmp(&b.1.product));
        // The sort is stable, so the second of a pair is the later line.
        let pairs = places.iter().zip(places.iter().skip(1));
        pairs.filter(|(a, b)| a.1.product == b.1.product).map(|(_, b)| *b).min_by_key(|(place, _)| *place)
    };
    match duplicate {
        Some((line, second)) => Err(SettleError::DuplicateProduct { product: second.product.clone(), line }),
        None => Ok(()),
    }
}
