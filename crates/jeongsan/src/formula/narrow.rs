//! Fractions of 64 bits: what nearly every evaluation gets by with, in two machine registers.

use core::cmp::Ordering;
use core::num::NonZeroU64;

use super::program::{LinearSum, Number};
use super::{Value, Variable, Variables};
use crate::money::Rounding;

const ONE: NonZeroU64 = NonZeroU64::MIN;

/// A fraction of 64 bits, not always in lowest terms.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Narrow {
    pub(super) numerator: i64,
    pub(super) denominator: NonZeroU64,
}

impl Narrow {
    /// Both numerators over one denominator.
    #[inline]
    fn brought_together(self, other: Self) -> Option<(i64, i64, NonZeroU64)> {
        let (left, right) = (self.denominator, other.denominator);
        if left == right {
            Some((self.numerator, other.numerator, left))
        } else if right == ONE {
            Some((self.numerator, times(other.numerator, left.get())?, left))
        } else if left == ONE {
            Some((times(self.numerator, right.get())?, other.numerator, right))
        } else if let Some(scale) = quotient(left, right) {
            Some((self.numerator, times(other.numerator, scale)?, left))
        } else if let Some(scale) = quotient(right, left) {
            Some((times(self.numerator, scale)?, other.numerator, right))
        } else {
            let numerators = (times(self.numerator, right.get())?, times(other.numerator, left.get())?);
            Some((numerators.0, numerators.1, left.checked_mul(right)?))
        }
    }
}

/// How many times one goes into another, if it does without a rest.
#[inline]
fn quotient(dividend: NonZeroU64, divisor: NonZeroU64) -> Option<u64> {
    dividend.get().checked_rem(divisor.get()).filter(|&rest| rest == 0)?;
    dividend.get().checked_div(divisor.get())
}

#[inline]
fn times(numerator: i64, factor: u64) -> Option<i64> {
    numerator.checked_mul(i64::try_from(factor).ok()?)
}

impl From<Narrow> for Value {
    #[inline]
    fn from(narrow: Narrow) -> Self {
        Self::over(narrow.numerator.into(), narrow.denominator.get().into())
    }
}

impl Number for Narrow {
    const ZERO: Self = Self { numerator: 0, denominator: ONE };

    #[inline]
    fn of(value: Value) -> Option<Self> {
        let denominator = NonZeroU64::new(u64::try_from(value.denominator()).ok()?)?;
        Some(Self { numerator: i64::try_from(value.numerator()).ok()?, denominator })
    }

    #[inline]
    fn ratio(numerator: i64, denominator: NonZeroU64) -> Self {
        Self { numerator, denominator }
    }

    #[inline]
    fn variable(variables: &Variables, variable: Variable) -> Option<Self> {
        variables.narrow(variable)
    }

    #[inline]
    fn linear(sum: LinearSum<'_>, variables: &Variables) -> Option<Self> {
        if variables.fractions().meets(sum.variables) {
            return None;
        }
        let mut numerator = sum.constant;
        for term in sum.terms {
            let product = variables.numerator(term.variable).checked_mul(term.coefficient)?;
            numerator = numerator.checked_add(product)?;
        }
        Some(Self { numerator, denominator: sum.denominator })
    }

    #[inline]
    fn is_zero(self) -> bool {
        self.numerator == 0
    }

    #[inline]
    fn add(self, other: Self) -> Option<Self> {
        let (left, right, denominator) = self.brought_together(other)?;
        Some(Self { numerator: left.checked_add(right)?, denominator })
    }

    #[inline]
    fn add_scaled(self, coefficient: i64, denominator: NonZeroU64, factor: Self) -> Option<Self> {
        let mut scale = Some(coefficient);
        if factor.denominator != ONE {
            // The compiler has brought coefficients to one denominator, which mostly is a multiple of the factor's too.
            let divisor = i64::try_from(factor.denominator.get()).ok()?;
            scale = coefficient.checked_div(divisor).filter(|_| coefficient.checked_rem(divisor) == Some(0));
        }
        match scale {
            Some(scale) if self.denominator == denominator => {
                let numerator = self.numerator.checked_add(factor.numerator.checked_mul(scale)?)?;
                Some(Self { numerator, denominator })
            }
            _ => self.add(factor.multiply(Self { numerator: coefficient, denominator })?),
        }
    }

    #[inline]
    fn multiply(self, other: Self) -> Option<Self> {
        Some(Self {
            numerator: self.numerator.checked_mul(other.numerator)?,
            denominator: self.denominator.checked_mul(other.denominator)?,
        })
    }

    #[inline]
    fn divide(self, other: Self) -> Option<Self> {
        let divisor = NonZeroU64::new(other.numerator.unsigned_abs())?;
        let numerator = times(self.numerator, other.denominator.get())?;
        Some(Self {
            numerator: numerator.checked_mul(other.numerator.signum())?,
            denominator: self.denominator.checked_mul(divisor)?,
        })
    }

    #[inline]
    fn compare(self, other: Self) -> Option<Ordering> {
        let (left, right, _) = self.brought_together(other)?;
        Some(left.cmp(&right))
    }

    #[inline]
    fn round(self, rounding: Rounding) -> Option<Self> {
        if self.denominator == ONE {
            return Some(self);
        }
        let size = rounding.divide_magnitude(self.numerator.unsigned_abs(), self.denominator.get())?;
        let size = i64::try_from(size).ok()?;
        Some(Self {
            numerator: if self.numerator < 0 { size.checked_neg()? } else { size },
            denominator: ONE,
        })
    }

    #[inline]
    fn whole(self) -> Option<i64> {
        (self.denominator == ONE).then_some(self.numerator)
    }
}
