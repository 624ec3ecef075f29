//! Exact fractions of up to 154 digits in numerator and denominator.

use alloc::string::String;
use core::cmp::Ordering;
use core::fmt;

use super::Value;
use super::magnitude::Magnitude;
use crate::money::Rounding;

/// The longest decimal that is shown; beyond it a fraction tells more.
const SHOWN_DECIMALS_MAX: u32 = 30;
/// Ten to this many decimals still fits a [`Magnitude`].
const DECIMALS_MAX: usize = 154;

/// An exact fraction in lowest terms. A step whose result doesn't fit is `None`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Exact {
    negative: bool,
    numerator: Magnitude,
    denominator: Magnitude,
}

impl Exact {
    pub(super) const ZERO: Self = Self::integer(0);
    pub(super) const ONE: Self = Self::integer(1);

    const fn integer(value: u128) -> Self {
        Self { negative: false, numerator: Magnitude::new(value), denominator: Magnitude::ONE }
    }

    /// A literal of the language in its canonical form, if it fits.
    pub(super) fn literal(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        if part.len() > DECIMALS_MAX {
            return None;
        }
        let mut numerator = Magnitude::ZERO;
        for byte in whole.bytes().chain(part.bytes()) {
            let digit = byte.wrapping_sub(b'0');
            numerator = numerator.multiply_limb(10)?.add(Magnitude::new(digit.into()))?;
        }
        let mut denominator = Magnitude::ONE;
        for _ in part.bytes() {
            denominator = denominator.multiply_limb(10)?;
        }
        Self::reduced(false, numerator, denominator)
    }

    /// `None` for a denominator of zero.
    fn reduced(negative: bool, numerator: Magnitude, denominator: Magnitude) -> Option<Self> {
        let divisor = numerator.common_divisor(denominator);
        if denominator.is_zero() {
            return None;
        }
        Some(Self {
            negative: negative && !numerator.is_zero(),
            numerator: numerator.divide(divisor)?.0,
            denominator: denominator.divide(divisor)?.0,
        })
    }

    pub(super) fn is_zero(self) -> bool {
        self.numerator.is_zero()
    }

    pub(super) fn negate(self) -> Self {
        Self { negative: !self.negative && !self.is_zero(), ..self }
    }

    pub(super) fn add(self, other: Self) -> Option<Self> {
        // Over the least common multiple, so that a sum which fits rarely grows beyond its size on the way.
        let common = self.denominator.common_divisor(other.denominator);
        let (left_scale, right_scale) =
            (other.denominator.divide(common)?.0, self.denominator.divide(common)?.0);
        let left = self.numerator.multiply(left_scale)?;
        let right = other.numerator.multiply(right_scale)?;
        let denominator = self.denominator.multiply(left_scale)?;
        if self.negative == other.negative {
            return Self::reduced(self.negative, left.add(right)?, denominator);
        }
        match left.subtract(right) {
            Some(size) => Self::reduced(self.negative, size, denominator),
            None => Self::reduced(other.negative, right.subtract(left)?, denominator),
        }
    }

    pub(super) fn subtract(self, other: Self) -> Option<Self> {
        self.add(other.negate())
    }

    pub(super) fn multiply(self, other: Self) -> Option<Self> {
        // Each numerator against the other denominator first: the product is then in lowest terms at once.
        let one = Self::reduced(false, self.numerator, other.denominator)?;
        let two = Self::reduced(false, other.numerator, self.denominator)?;
        Some(Self {
            negative: self.negative != other.negative && !self.is_zero() && !other.is_zero(),
            numerator: one.numerator.multiply(two.numerator)?,
            denominator: one.denominator.multiply(two.denominator)?,
        })
    }

    /// `None` also for a divisor of zero.
    pub(super) fn divide(self, other: Self) -> Option<Self> {
        let inverse =
            Self { negative: other.negative, numerator: other.denominator, denominator: other.numerator };
        self.multiply(inverse)
    }

    /// `None` only where the terms brought to one denominator don't fit.
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        if self.negative != other.negative {
            return Some(other.negative.cmp(&self.negative));
        }
        let left = self.numerator.multiply(other.denominator)?;
        let right = other.numerator.multiply(self.denominator)?;
        Some(if self.negative { right.cmp(&left) } else { left.cmp(&right) })
    }

    pub(super) fn round(self, rounding: Rounding) -> Option<Self> {
        let (quotient, rest) = self.numerator.divide(self.denominator)?;
        let half = rest.cmp(&self.denominator.subtract(rest)?);
        let up = rounding.steps_up(quotient.is_odd(), rest.is_zero(), half);
        let numerator = if up { quotient.add(Magnitude::ONE)? } else { quotient };
        Some(Self { negative: self.negative && !numerator.is_zero(), numerator, denominator: Magnitude::ONE })
    }

    /// The value as an integer of 64 bits, if it is one.
    pub(super) fn whole(self) -> Option<i64> {
        let size = (self.denominator == Magnitude::ONE).then(|| self.numerator.narrow())??;
        let size = i128::try_from(size).ok()?;
        i64::try_from(if self.negative { size.checked_neg()? } else { size }).ok()
    }

    /// The digits behind the point, if the value is a decimal that isn't too long.
    fn decimals(self) -> Option<String> {
        let mut digits = String::new();
        let (_, mut rest) = self.numerator.divide(self.denominator)?;
        for _ in 0..SHOWN_DECIMALS_MAX {
            if rest.is_zero() {
                return Some(digits);
            }
            let (digit, next) = rest.multiply_limb(10)?.divide(self.denominator)?;
            digits.extend(char::from_digit(u32::try_from(digit.narrow()?).ok()?, 10));
            rest = next;
        }
        rest.is_zero().then_some(digits)
    }
}

impl From<Value> for Exact {
    fn from(value: Value) -> Self {
        Self {
            negative: value.numerator() < 0,
            numerator: Magnitude::new(value.numerator().unsigned_abs()),
            denominator: Magnitude::new(value.denominator().unsigned_abs()),
        }
    }
}

/// A decimal where that is exact, else a fraction such as `10/3`.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        if let Some(decimals) = self.decimals() {
            let (whole, _) = self.numerator.divide(self.denominator).ok_or(fmt::Error)?;
            write_digits(whole, f)?;
            return if decimals.is_empty() { Ok(()) } else { write!(f, ".{decimals}") };
        }
        write_digits(self.numerator, f)?;
        f.write_str("/")?;
        write_digits(self.denominator, f)
    }
}

fn write_digits(value: Magnitude, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const CHUNK: u64 = 10_000_000_000_000_000_000;
    let mut chunks = alloc::vec::Vec::new();
    let mut rest = value;
    while !rest.is_zero() {
        let (quotient, chunk) = rest.divide_limb(CHUNK).ok_or(fmt::Error)?;
        chunks.push(chunk);
        rest = quotient;
    }
    write!(f, "{}", chunks.pop().unwrap_or(0))?;
    chunks.iter().rev().try_for_each(|chunk| write!(f, "{chunk:019}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn literal(text: &str) -> Exact {
        Exact::literal(text).unwrap()
    }

    #[test]
    fn values_show_as_decimals_or_fractions() {
        let third = literal("10").divide(literal("3")).unwrap();
        assert_eq!(third.to_string(), "10/3");
        assert_eq!(third.negate().to_string(), "-10/3");
        assert_eq!(literal("0.0500").to_string(), "0.05");
        assert_eq!(literal("1").divide(literal("8")).unwrap().to_string(), "0.125");
        assert_eq!(literal(&"9".repeat(150)).to_string(), "9".repeat(150));
        assert_eq!(
            literal(&alloc::format!("1{}", "0".repeat(38))).to_string(),
            alloc::format!("1{}", "0".repeat(38))
        );
        assert_eq!(Exact::ZERO.negate().to_string(), "0");
    }

    #[test]
    fn a_literal_has_at_most_154_digits() {
        assert!(Exact::literal(&"9".repeat(154)).is_some());
        assert!(Exact::literal(&"9".repeat(155)).is_none());
        assert!(Exact::literal(&alloc::format!("0.{}1", "0".repeat(153))).is_some());
        assert!(Exact::literal(&alloc::format!("0.{}1", "0".repeat(154))).is_none());
    }

    #[test]
    fn a_step_beyond_512_bits_is_none_and_one_that_fits_is_exact() {
        let wide = literal(&"9".repeat(100));
        assert_eq!(wide.multiply(wide), None);
        let inverse = Exact::ONE.divide(wide).unwrap();
        assert_eq!(wide.multiply(inverse), Some(Exact::ONE));
        assert_eq!(wide.subtract(wide), Some(Exact::ZERO));
        assert_eq!(Exact::ONE.divide(Exact::ZERO), None);
    }
}
