//! Exact fractions: what variables hold, and the arithmetic of compiled formulas.

use alloc::string::String;
use core::cmp::Ordering;
use core::fmt;
use core::num::NonZeroU64;
use core::str::FromStr;

use rust_decimal::Decimal;

use super::exact::Exact;
use super::magnitude::common_divisor;
use super::program::{LinearSum, Number};
use super::{Variable, Variables};
use crate::money::{Amount, Rounding};
use crate::rate::{Rate, Ratio};

/// An exact fraction in lowest terms: the value of a variable, a parameter or a user formula.
///
/// ```
/// use jeongsan::formula::Value;
///
/// let factor: Value = "1.05".parse()?;
/// assert_eq!(Some(factor), Value::fraction(21, 20));
/// assert_eq!(factor.to_string(), "1.05");
/// assert_eq!(Value::fraction(10, 3).map(|third| third.to_string()).as_deref(), Some("10/3"));
/// # Ok::<(), jeongsan::formula::ValueError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Value {
    numerator: i128,
    denominator: i128,
}

/// Why a text is no value.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// It isn't digits with an optional point and digits, and an optional minus before.
    #[error("value `{0}` is no number such as `1.05` or `-3`")]
    Malformed(String),
    /// It has more digits than a value holds, some 38.
    #[error("value `{0}` has too many digits")]
    TooLong(String),
}

impl Value {
    /// Zero.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// One.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// A fraction; `None` for a denominator of 0 or a term of `i128::MIN`.
    #[must_use]
    pub fn fraction(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let (top, bottom) = (numerator.checked_abs()?, denominator.checked_abs()?);
        let size = Self { numerator: top, denominator: bottom }.reduced();
        if (numerator < 0) == (denominator < 0) { Some(size) } else { size.negate() }
    }

    /// The numerator, which carries the sign.
    #[must_use]
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// The denominator, from 1 up.
    #[must_use]
    pub const fn denominator(self) -> i128 {
        self.denominator
    }
}

impl From<i64> for Value {
    fn from(whole: i64) -> Self {
        Self { numerator: i128::from(whole), denominator: 1 }
    }
}

impl From<Amount> for Value {
    fn from(amount: Amount) -> Self {
        Self::from(amount.minor())
    }
}

impl From<Ratio> for Value {
    fn from(ratio: Ratio) -> Self {
        Self { numerator: i128::from(ratio.numerator()), denominator: i128::from(ratio.denominator()) }
    }
}

impl From<Rate> for Value {
    fn from(rate: Rate) -> Self {
        Self::from(Ratio::new(rate))
    }
}

impl From<Decimal> for Value {
    fn from(decimal: Decimal) -> Self {
        // A decimal has at most 28 places, so its power of ten fits.
        let denominator = 10_i128.checked_pow(decimal.scale()).unwrap_or(1);
        Self { numerator: decimal.mantissa(), denominator }.reduced()
    }
}

impl FromStr for Value {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let shown = || text.chars().take(60).collect::<String>();
        let (negative, number) = match text.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, text),
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(part) {
            return Err(ValueError::Malformed(shown()));
        }
        let value = Self::literal(number).ok_or_else(|| ValueError::TooLong(shown()))?;
        if negative { value.negate().ok_or_else(|| ValueError::TooLong(shown())) } else { Ok(value) }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Exact::from(*self), f)
    }
}

impl Value {
    /// An integer.
    pub(super) const fn integer(whole: i128) -> Self {
        Self { numerator: whole, denominator: 1 }
    }

    /// A fraction over a denominator from 1 up, not reduced.
    pub(super) const fn over(numerator: i128, denominator: i128) -> Self {
        Self { numerator, denominator }
    }

    /// A literal of the language, if it fits.
    pub(super) fn literal(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let part = part.trim_end_matches('0');
        let mut numerator = 0_i128;
        for byte in whole.bytes().chain(part.bytes()) {
            let digit = i128::from(byte.wrapping_sub(b'0'));
            numerator = numerator.checked_mul(10)?.checked_add(digit)?;
        }
        let denominator = 10_i128.checked_pow(u32::try_from(part.len()).ok()?)?;
        Some(Self { numerator, denominator }.reduced())
    }

    pub(super) fn negate(self) -> Option<Self> {
        Some(Self { numerator: self.numerator.checked_neg()?, denominator: self.denominator })
    }

    /// In lowest terms.
    #[cold]
    fn reduced(self) -> Self {
        let divisor = common_divisor(self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        let Some(divisor) = i128::try_from(divisor).ok().filter(|&divisor| divisor > 1) else {
            return self;
        };
        let part = |term: i128| term.checked_div(divisor).unwrap_or(term);
        Self { numerator: part(self.numerator), denominator: part(self.denominator) }
    }

    /// A step on two values, on their lowest terms where they don't do as they are.
    fn or_reduced(self, other: Self, step: impl Fn(Self, Self) -> Option<Self>) -> Option<Self> {
        step(self, other).or_else(|| step(self.reduced(), other.reduced()))
    }
}

/// The arithmetic of a program whose values have more than 64 bits. They are not always in lowest terms.
impl Number for Value {
    const ZERO: Self = Self::ZERO;

    fn of(value: Value) -> Option<Self> {
        Some(value)
    }

    fn ratio(numerator: i64, denominator: NonZeroU64) -> Self {
        Self { numerator: numerator.into(), denominator: denominator.get().into() }
    }

    fn variable(variables: &Variables, variable: Variable) -> Option<Self> {
        Some(variables.get(variable))
    }

    fn linear(sum: LinearSum<'_>, variables: &Variables) -> Option<Self> {
        let mut total = Self::ratio(sum.constant, sum.denominator);
        for term in sum.terms {
            let coefficient = Self::ratio(term.coefficient, sum.denominator);
            total = total.add(variables.get(term.variable).multiply(coefficient)?)?;
        }
        Some(total)
    }

    fn is_zero(self) -> bool {
        self.numerator == 0
    }

    fn add(self, other: Self) -> Option<Self> {
        if self.denominator == other.denominator {
            let numerator = self.numerator.checked_add(other.numerator)?;
            return Some(Self { numerator, denominator: self.denominator });
        }
        self.or_reduced(other, |a, b| {
            let left = multiply(a.numerator, b.denominator)?;
            let right = multiply(b.numerator, a.denominator)?;
            let denominator = multiply(a.denominator, b.denominator)?;
            Some(Self { numerator: left.checked_add(right)?, denominator })
        })
    }

    fn add_scaled(self, coefficient: i64, denominator: NonZeroU64, factor: Self) -> Option<Self> {
        self.add(factor.multiply(Self::ratio(coefficient, denominator))?)
    }

    fn multiply(self, other: Self) -> Option<Self> {
        self.or_reduced(other, |a, b| {
            let numerator = multiply(a.numerator, b.numerator)?;
            Some(Self { numerator, denominator: multiply(a.denominator, b.denominator)? })
        })
    }

    fn divide(self, other: Self) -> Option<Self> {
        let inverse = Self {
            numerator: other.denominator.checked_mul(other.numerator.signum())?,
            denominator: other.numerator.checked_abs().filter(|&size| size > 0)?,
        };
        self.multiply(inverse)
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        if self.denominator == other.denominator {
            return Some(self.numerator.cmp(&other.numerator));
        }
        let left = multiply(self.numerator, other.denominator)?;
        Some(left.cmp(&multiply(other.numerator, self.denominator)?))
    }

    fn round(self, rounding: Rounding) -> Option<Self> {
        rounding.divide(self.numerator, self.denominator).map(Self::integer)
    }

    fn whole(self) -> Option<i64> {
        i64::try_from(self.numerator).ok().filter(|_| self.denominator == 1)
    }
}

/// A product; most factors have 64 bits, and theirs can't overflow.
fn multiply(left: i128, right: i128) -> Option<i128> {
    match (i64::try_from(left), i64::try_from(right)) {
        (Ok(left), Ok(right)) => i128::from(left).checked_mul(i128::from(right)),
        _ => left.checked_mul(right),
    }
}
