//! Discounts on the order as a whole, spread over its lines and their units.
//!
//! Each entry lies on the lines by what their payments have left, taxable and tax-free apart: by largest remainder, so that
//! none lies on a line that costs nothing and no line carries more than it costs. Of a line's part the units that go take
//! theirs, cut; the last unit takes the rest. What then stays on a line is at most what its payment still is.

use alloc::vec::Vec;

use crate::money::{AllocationMethod, Amount, allocate};
use crate::order::{Discount, Line, PerUnits};

/// Taxable or tax-free: one half of a line's payment, before and after units go.
struct Half {
    /// What the payment before has left for the entries to come.
    before: Vec<Amount>,
    /// What the payment after can still carry.
    after: Vec<Amount>,
}

/// Takes off each discount the part of the units that go; gives what was taken. Both lists have the same lines in the same order.
pub(super) fn take_parts(discounts: &mut [Discount], before: &[Line], after: &[Line]) -> Vec<Discount> {
    let halves = |lines: &[Line]| -> (Vec<Amount>, Vec<Amount>) { lines.iter().map(payment).unzip() };
    let ((taxable_before, tax_free_before), (taxable_after, tax_free_after)) =
        (halves(before), halves(after));
    let mut taxable = Half { before: taxable_before, after: taxable_after };
    let mut tax_free = Half { before: tax_free_before, after: tax_free_after };
    let mut taken = Vec::with_capacity(discounts.len());
    for discount in discounts {
        let stays_taxable = taxable.stays(less(discount.amount, discount.tax_free), before, after);
        let stays_tax_free = tax_free.stays(discount.tax_free, before, after);
        // Two parts of what the discount was.
        let stays = stays_taxable.checked_add(stays_tax_free).unwrap_or(discount.amount);
        taken.push(Discount {
            policy: discount.policy.clone(),
            amount: less(discount.amount, stays),
            tax_free: less(discount.tax_free, stays_tax_free),
        });
        (discount.amount, discount.tax_free) = (stays, stays_tax_free);
    }
    taken
}

impl Half {
    /// Lays an amount on the lines and tells how much of it stays when units go.
    fn stays(&mut self, amount: Amount, before: &[Line], after: &[Line]) -> Amount {
        let Ok(parts) = allocate(amount, &self.before, AllocationMethod::LargestRemainder) else {
            // No line costs anything: nothing lies on one that goes.
            return amount;
        };
        let carried = self.before.iter_mut().zip(&mut self.after);
        let mut stays = Amount::ZERO;
        for ((part, (weight, room)), (before, after)) in
            parts.into_iter().zip(carried).zip(before.iter().zip(after))
        {
            let gone = before.quantity.saturating_sub(after.quantity);
            let units = PerUnits { amount: part, units: before.quantity };
            let on_line = less(part, units.of(gone).unwrap_or_default()).min(*room);
            *weight = less(*weight, part);
            *room = less(*room, on_line);
            stays = stays.checked_add(on_line).unwrap_or(stays);
        }
        stays
    }
}

/// The taxable and the tax-free part of what a line costs after its own discounts.
fn payment(line: &Line) -> (Amount, Amount) {
    let order = line.unit_amount.checked_mul(i64::from(line.quantity)).unwrap_or_default();
    let tax_free = line.tax_free.of(line.quantity).unwrap_or_default();
    let discounts = line.discounts.iter();
    discounts.fold((less(order, tax_free), tax_free), |(taxable, tax_free), discount| {
        (less(taxable, less(discount.amount, discount.tax_free)), less(tax_free, discount.tax_free))
    })
}

/// What is left of an amount; none where there is less than is taken, as of a line that the cancellation leaves no valid one.
fn less(amount: Amount, taken: Amount) -> Amount {
    amount.checked_sub(taken).unwrap_or_default().max(Amount::ZERO)
}
