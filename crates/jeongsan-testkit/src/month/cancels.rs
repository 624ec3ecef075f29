//! The month's cancels: at most one an order, some days after it.

use super::orders::date_of;
use super::rows::{CancelRow, LineCancelRow, OrderRow, line};
use crate::random::Random;

/// Lines of cancels with their days.
pub(super) fn cancels(count: usize, orders: &[(i64, OrderRow)], random: &mut Random) -> Vec<(i64, String)> {
    let mut places: Vec<usize> = (0..orders.len()).collect();
    let mut cancels = Vec::new();
    for number in 1..=count.min(orders.len()) {
        let (day, order) = &orders[places.swap_remove(random.place(places.len()))];
        let day = day + random.between(1, 14);
        cancels.push((day, line(&cancel(number, day, order, random))));
    }
    cancels
}

fn cancel(number: usize, day: i64, order: &OrderRow, random: &mut Random) -> CancelRow {
    let mut row = CancelRow {
        kind: "cancel",
        id: format!("c-202603-{number:05}"),
        order: order.id.clone(),
        date: date_of(day),
        order_amount: None,
        lines: Vec::new(),
        all: None,
    };
    // A part of an order without discounts and tax-free parts always leaves a valid order.
    let is_plain = order.discounts.is_empty() && order.tax_free_amount.is_none();
    let plain_line = order.lines.iter().find(|line| line.discounts.is_empty());
    match (order.order_amount, plain_line) {
        (Some(amount), _) if is_plain && random.chance(60) => {
            row.order_amount = Some(random.between(1, amount));
        }
        (None, Some(line)) if is_plain && random.chance(60) => {
            let quantity = random.between(1, line.quantity);
            row.lines.push(LineCancelRow { product: line.product.clone(), quantity });
        }
        _ => row.all = Some(true),
    }
    row
}
