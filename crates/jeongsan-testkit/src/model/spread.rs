//! Order-level discounts spread over what goes.

use num_traits::Zero;

use super::allocation::{AllocationMethod, allocate};
use super::number::Whole;
use super::order::{Body, Content, Line, total};

/// Takes off each discount of what is left the part that lies on the units that went: once of its taxable half, once of its tax-free one.
pub(super) fn spread(before: &Content, after: &mut Content) {
    let (Body::Lines(lines), Body::Lines(rests)) = (&before.body, &after.body) else { return };
    let taxable: Vec<Whole> = before.discounts.iter().map(|entry| &entry.amount - &entry.tax_free).collect();
    let tax_free: Vec<Whole> = before.discounts.iter().map(|entry| entry.tax_free.clone()).collect();
    let taxable = stay((lines, rests), |line| payment(line) - tax_free_payment(line), taxable);
    let tax_free = stay((lines, rests), tax_free_payment, tax_free);
    for ((entry, taxable), tax_free) in after.discounts.iter_mut().zip(taxable).zip(tax_free) {
        entry.amount = taxable + &tax_free;
        entry.tax_free = tax_free;
    }
}

fn payment(line: &Line) -> Whole {
    &line.order - total(&line.discounts).0
}

fn tax_free_payment(line: &Line) -> Whole {
    &line.tax_free - total(&line.discounts).1
}

/// What stays of each amount: they lie on the lines one after the other, each on what the earlier ones have left of them.
fn stay(
    (lines, rests): (&[Line], &[Line]),
    costs: impl Fn(&Line) -> Whole,
    amounts: Vec<Whole>,
) -> Vec<Whole> {
    let mut weights: Vec<Whole> = lines.iter().map(&costs).collect();
    // A rest that isn't valid carries nothing; it is refused later.
    let mut rooms: Vec<Whole> = rests.iter().map(|rest| costs(rest).max(Whole::zero())).collect();
    let stay_of = |amount: Whole| {
        let parts = allocate(&amount, &weights, AllocationMethod::LargestRemainder).unwrap_or_default();
        let mut stays = Whole::zero();
        for (place, part) in parts.into_iter().enumerate() {
            let (line, rest) = (&lines[place], &rests[place]);
            if line.quantity.is_zero() {
                continue;
            }
            weights[place] -= &part;
            let gone = &part * (&line.quantity - &rest.quantity) / &line.quantity;
            let on_line = (part - gone).min(rooms[place].clone());
            rooms[place] -= &on_line;
            stays += on_line;
        }
        stays
    };
    amounts.into_iter().map(stay_of).collect()
}
