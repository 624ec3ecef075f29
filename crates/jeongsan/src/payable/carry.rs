//! What is paid of a balance, and what is carried.

use crate::money::Amount;

use super::PayableError;

/// What becomes of a partner's balance when a net amount falls due.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Carried {
    /// What is paid; never below zero.
    pub paid: Amount,
    /// What is carried to the next time; below zero a debt of the partner's.
    pub balance: Amount,
}

/// Pays a balance and what falls due on top of it whole when the two are above zero and not below the minimum; otherwise
/// nothing, and all of it is carried (이월). A minimum of zero asks for none.
///
/// # Errors
/// [`PayableError::NegativeMinimum`], [`PayableError::OutOfRange`].
///
/// ```
/// use jeongsan::money::Amount;
/// use jeongsan::payable::carry;
///
/// let debt = carry(Amount::ZERO, Amount::new(-31_326), Amount::ZERO)?;
/// assert_eq!((debt.paid, debt.balance), (Amount::ZERO, Amount::new(-31_326)));
/// let next = carry(debt.balance, Amount::new(47_526), Amount::ZERO)?;
/// assert_eq!((next.paid, next.balance), (Amount::new(16_200), Amount::ZERO));
/// # Ok::<(), jeongsan::payable::PayableError>(())
/// ```
pub fn carry(balance: Amount, amount: Amount, minimum: Amount) -> Result<Carried, PayableError> {
    if minimum.is_negative() {
        return Err(PayableError::NegativeMinimum { minimum });
    }
    let due = balance.checked_add(amount).ok_or(PayableError::OutOfRange)?;
    let is_paid = due > Amount::ZERO && due >= minimum;
    Ok(if is_paid {
        Carried { paid: due, balance: Amount::ZERO }
    } else {
        Carried { paid: Amount::ZERO, balance: due }
    })
}
