//! One amount shared over several weights, to the last unit.

use alloc::vec::Vec;

use super::{Amount, Rounding, text_enum};

text_enum! {
    /// How the units that don't divide evenly find their part.
    pub enum AllocationMethod ("allocation method") or UnknownAllocationMethod {
        /// Each part is cut; the units left go one each to the parts that lost the largest fraction, the earlier
        /// first among equals.
        LargestRemainder = "largest-remainder",
        /// Each part is cut; the last part with a weight takes what is left.
        LastTakesRest = "last-takes-rest",
        /// A part is the difference of two running totals, each rounded half up.
        CumulativeHalfUp = "cumulative-half-up",
        /// A part is the difference of two running totals, each cut.
        CumulativeDown = "cumulative-down",
    }
}

/// Why an amount can't be shared.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AllocationError {
    /// An amount that isn't zero has no weight to go to.
    #[error("`{amount}` can't be shared: every weight is zero")]
    NothingToAllocate {
        /// The amount.
        amount: Amount,
    },
    /// A weight is below zero.
    #[error("weight `{weight}` at place {place} is negative")]
    NegativeWeight {
        /// The weight.
        weight: Amount,
        /// Its place, from 0.
        place: usize,
    },
    /// The amount is `i64::MIN`, whose size no `i64` holds.
    #[error("`{amount}` is out of range")]
    OutOfRange {
        /// The amount.
        amount: Amount,
    },
}

impl AllocationError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NothingToAllocate { .. } => "nothing-to-allocate",
            Self::NegativeWeight { .. } => "negative-weight",
            Self::OutOfRange { .. } => "out-of-range",
        }
    }
}

/// Shares an amount over weights; the parts add up to it, in the order of the weights.
///
/// A negative amount is shared by its size and the parts negated. A weight of zero gets nothing.
///
/// # Errors
/// When a weight is negative, or all are zero and the amount is not.
///
/// ```
/// use jeongsan::money::{AllocationMethod, Amount, allocate};
///
/// let weights = [12_000, 8_500, 4_400].map(Amount::new);
/// let parts = allocate(Amount::new(3_000), &weights, AllocationMethod::LargestRemainder)?;
/// assert_eq!(parts, [1_446, 1_024, 530].map(Amount::new));
/// # Ok::<(), jeongsan::money::AllocationError>(())
/// ```
pub fn allocate(
    amount: Amount,
    weights: &[Amount],
    method: AllocationMethod,
) -> Result<Vec<Amount>, AllocationError> {
    let mut parts = alloc::vec![Amount::ZERO; weights.len()];
    allocate_into(amount, weights, method, &mut parts)?;
    Ok(parts)
}

/// As [`allocate`], into a slice of the weights' length; on an error the parts are undefined.
fn allocate_into(
    amount: Amount,
    weights: &[Amount],
    method: AllocationMethod,
    parts: &mut [Amount],
) -> Result<(), AllocationError> {
    let mut total = 0_i128;
    for (place, &weight) in weights.iter().enumerate() {
        if weight.is_negative() {
            return Err(AllocationError::NegativeWeight { weight, place });
        }
        total = total.saturating_add(i128::from(weight.minor()));
    }
    if total == 0 {
        parts.fill(Amount::ZERO);
        return if amount.is_zero() { Ok(()) } else { Err(AllocationError::NothingToAllocate { amount }) };
    }
    let size = amount.minor().checked_abs().ok_or(AllocationError::OutOfRange { amount })?;
    // Both factors have 63 bits and a part is never above the size, so none of these steps can fail.
    let shared = match method {
        AllocationMethod::LargestRemainder => largest_remainder(size, weights, total, parts),
        AllocationMethod::LastTakesRest => last_takes_rest(size, weights, total, parts),
        AllocationMethod::CumulativeHalfUp => cumulative(size, weights, total, Rounding::HalfUp, parts),
        AllocationMethod::CumulativeDown => cumulative(size, weights, total, Rounding::Down, parts),
    };
    shared.ok_or(AllocationError::OutOfRange { amount })?;
    if amount.is_negative() {
        for part in parts {
            *part = part.checked_neg().unwrap_or(Amount::ZERO);
        }
    }
    Ok(())
}

/// `size × weight / total`, rounded.
fn part_of(size: i64, weight: i128, total: i128, rounding: Rounding) -> Option<i64> {
    let part = rounding.divide(i128::from(size).checked_mul(weight)?, total)?;
    i64::try_from(part).ok()
}

/// Cuts every part and tells what is left.
fn cut(size: i64, weights: &[Amount], total: i128, parts: &mut [Amount]) -> Option<i64> {
    let mut left = size;
    for (part, weight) in parts.iter_mut().zip(weights) {
        let minor = part_of(size, i128::from(weight.minor()), total, Rounding::Down)?;
        *part = Amount::new(minor);
        left = left.checked_sub(minor)?;
    }
    Some(left)
}

fn largest_remainder(size: i64, weights: &[Amount], total: i128, parts: &mut [Amount]) -> Option<()> {
    let mut left = cut(size, weights, total, parts)?;
    if left == 0 {
        return Some(());
    }
    let mut losses = Vec::with_capacity(weights.len());
    for (place, weight) in weights.iter().enumerate() {
        let product = i128::from(size).checked_mul(i128::from(weight.minor()))?;
        losses.push((product.checked_rem(total)?, place));
    }
    // Fewer units are left than parts lost a fraction, so a part that lost nothing never gets one.
    losses.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, place) in losses {
        if left == 0 {
            break;
        }
        let part = parts.get_mut(place)?;
        *part = part.checked_add(Amount::new(1))?;
        left = left.checked_sub(1)?;
    }
    Some(())
}

fn last_takes_rest(size: i64, weights: &[Amount], total: i128, parts: &mut [Amount]) -> Option<()> {
    let left = cut(size, weights, total, parts)?;
    let last = weights.iter().rposition(|weight| !weight.is_zero())?;
    let part = parts.get_mut(last)?;
    *part = part.checked_add(Amount::new(left))?;
    Some(())
}

fn cumulative(
    size: i64,
    weights: &[Amount],
    total: i128,
    rule: Rounding,
    parts: &mut [Amount],
) -> Option<()> {
    let (mut running, mut given) = (0_i128, 0_i64);
    for (part, weight) in parts.iter_mut().zip(weights) {
        running = running.checked_add(i128::from(weight.minor()))?;
        let so_far = part_of(size, running, total, rule)?;
        *part = Amount::new(so_far.checked_sub(given)?);
        given = so_far;
    }
    Some(())
}
