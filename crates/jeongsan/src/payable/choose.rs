//! What is taken of what is due, so that it comes to a target exactly.

use alloc::vec::Vec;

use crate::money::Amount;

/// How much of each amount is taken so that the taken add up to the target: debts whole, credits from the first on; the one in which the
/// target is met is cut. `None` when the target is below zero or above what the amounts come to.
///
/// ```
/// use jeongsan::money::Amount;
/// use jeongsan::payable::choose;
///
/// let due = [6_000, -1_000, 4_000, 2_000].map(Amount::new);
/// assert_eq!(choose(&due, Amount::new(7_000)), Some([6_000, -1_000, 2_000, 0].map(Amount::new).to_vec()));
/// assert_eq!(choose(&due, Amount::new(11_001)), None);
/// ```
#[must_use]
pub fn choose(amounts: &[Amount], target: Amount) -> Option<Vec<Amount>> {
    let total = amounts.iter().fold(0, |sum: i128, amount| sum.saturating_add(i128::from(amount.minor())));
    let mut excess = total.checked_sub(i128::from(target.minor()))?;
    if target.is_negative() || excess < 0 {
        return None;
    }
    let mut taken = amounts.to_vec();
    for amount in taken.iter_mut().rev().filter(|amount| **amount > Amount::ZERO) {
        if excess == 0 {
            break;
        }
        let left_out = i128::from(amount.minor()).min(excess);
        excess = excess.checked_sub(left_out)?;
        *amount = amount.checked_sub(Amount::new(i64::try_from(left_out).ok()?))?;
    }
    Some(taken)
}
