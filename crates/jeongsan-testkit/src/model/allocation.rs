//! One amount shared over weights, by the definition of each method.

use num_traits::{Signed, Zero};

use super::number::{Exact, Rounding, Whole};

/// How the units that don't divide evenly find their part.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AllocationMethod {
    /// Each part is cut; the units left go one each to the largest fractions, the earliest among equals.
    LargestRemainder,
    /// Each part is cut; the last part with a weight takes what is left.
    LastTakesRest,
    /// Differences of running totals rounded half up.
    CumulativeHalfUp,
    /// Differences of running totals rounded down.
    CumulativeDown,
}

impl AllocationMethod {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::LargestRemainder, Self::LastTakesRest, Self::CumulativeHalfUp, Self::CumulativeDown];

    /// The method's name in documents.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::LargestRemainder => "largest-remainder",
            Self::LastTakesRest => "last-takes-rest",
            Self::CumulativeHalfUp => "cumulative-half-up",
            Self::CumulativeDown => "cumulative-down",
        }
    }

    /// The method of this name.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.text() == text)
    }
}

/// Why an amount can't be shared.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AllocationFault {
    /// An amount that isn't zero, and no weight above zero.
    NothingToAllocate,
    /// A weight below zero.
    NegativeWeight,
}

/// Shares an amount; a negative one by its size, then negated.
///
/// # Errors
/// When a weight is negative, or all are zero and the amount is not.
pub fn allocate(
    amount: &Whole,
    weights: &[Whole],
    method: AllocationMethod,
) -> Result<Vec<Whole>, AllocationFault> {
    if weights.iter().any(Signed::is_negative) {
        return Err(AllocationFault::NegativeWeight);
    }
    let total: Whole = weights.iter().sum();
    if total.is_zero() {
        let zeros = vec![Whole::zero(); weights.len()];
        return if amount.is_zero() { Ok(zeros) } else { Err(AllocationFault::NothingToAllocate) };
    }
    if amount.is_negative() {
        let parts = allocate(&-amount, weights, method)?;
        return Ok(parts.into_iter().map(|part| -part).collect());
    }
    let share = |weight: &Whole| Exact::new(amount * weight, total.clone());
    Ok(match method {
        AllocationMethod::LargestRemainder => {
            let shares: Vec<Exact> = weights.iter().map(share).collect();
            largest_remainder(amount, &shares)
        }
        AllocationMethod::LastTakesRest => {
            let mut parts: Vec<Whole> = weights.iter().map(|weight| share(weight).to_integer()).collect();
            let left = amount - parts.iter().sum::<Whole>();
            if let Some(last) = weights.iter().rposition(|weight| !weight.is_zero()) {
                parts[last] += left;
            }
            parts
        }
        AllocationMethod::CumulativeHalfUp => cumulative(weights, Rounding::HalfUp, share),
        AllocationMethod::CumulativeDown => cumulative(weights, Rounding::Down, share),
    })
}

fn largest_remainder(amount: &Whole, shares: &[Exact]) -> Vec<Whole> {
    let mut parts: Vec<Whole> = shares.iter().map(Exact::to_integer).collect();
    let mut places: Vec<usize> = (0..shares.len()).collect();
    // A stable sort keeps the earlier of two equal fractions ahead.
    places.sort_by(|&a, &b| shares[b].fract().cmp(&shares[a].fract()));
    for place in places {
        if parts.iter().sum::<Whole>() == *amount {
            break;
        }
        parts[place] += 1;
    }
    parts
}

fn cumulative(weights: &[Whole], rule: Rounding, share: impl Fn(&Whole) -> Exact) -> Vec<Whole> {
    let total_to = |place: usize| rule.round(&share(&weights[..place].iter().sum()));
    (0..weights.len()).map(|place| total_to(place + 1) - total_to(place)).collect()
}
