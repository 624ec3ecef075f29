//! Rates: exact fractions with at most twelve decimals, such as 3.74 %.
//!
//! A [`Rate`] is never negative and holds what was written to the last digit, or is refused. A [`Share`] is a rate of at
//! most 100 %. A [`Ratio`] is a rate made ready for work: a reduced fraction, so that the product with a usual
//! amount fits a machine word.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::money::{Amount, Rounding};

/// The decimals that a rate, as a fraction of one, can have.
pub const RATE_DECIMALS: u32 = 12;

/// Parts of one in a rate's count.
const ONE: i64 = 1_000_000_000_000;

/// An exact rate from 0 up, in steps of 10⁻¹².
///
/// Written `"3.74%"` or `"0.0374"`, printed as a percentage.
///
/// ```
/// use jeongsan::rate::Rate;
///
/// let rate: Rate = "3.74%".parse()?;
/// assert_eq!(rate, "0.0374".parse()?);
/// assert_eq!(rate.to_string(), "3.74%");
/// assert!("-1%".parse::<Rate>().is_err());
/// # Ok::<(), jeongsan::rate::RateError>(())
/// ```
#[derive(Clone, Copy, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Rate(i64);

/// Why a text is no rate.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RateError {
    /// It isn't a number with an optional `%`.
    #[error("rate `{0}` is no number such as `3.74%` or `0.0374`")]
    Malformed(String),
    /// It is below zero.
    #[error("rate `{0}` is negative")]
    Negative(String),
    /// It has more than [`RATE_DECIMALS`] decimals as a fraction of one.
    #[error("rate `{0}` has more than {RATE_DECIMALS} decimals as a fraction of one")]
    TooPrecise(String),
    /// It is larger than any rate that can be held, some 922 million per cent.
    #[error("rate `{0}` is too large")]
    TooLarge(String),
    /// It is above 100 % where a share is wanted.
    #[error("share `{0}` is above 100%")]
    AboveOne(Rate),
}

impl RateError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) | Self::Negative(_) => "invalid-rate",
            Self::TooPrecise(_) => "rate-too-precise",
            Self::TooLarge(_) | Self::AboveOne(_) => "out-of-range",
        }
    }
}

impl Rate {
    /// No rate at all.
    pub const ZERO: Self = Self(0);
    /// 100 %.
    pub const ONE: Self = Self(ONE);
    /// 10 %, the Korean VAT (부가가치세법 제30조).
    pub const KOREAN_VAT: Self = Self(ONE / 10);

    /// A rate that stands in the code; a count below zero is none.
    pub(crate) const fn from_parts(parts: i64) -> Self {
        Self(if parts < 0 { 0 } else { parts })
    }

    /// The rate as a count of 10⁻¹² parts of one.
    #[must_use]
    pub const fn parts(self) -> i64 {
        self.0
    }

    /// Whether it is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let shown = || text.chars().take(40).collect::<String>();
        let (number, point_shift) = match text.strip_suffix('%') {
            Some(number) => (number, 2),
            None => (text, 0),
        };
        if let Some(rest) = number.strip_prefix('-')
            && rest.starts_with(|c: char| c.is_ascii_digit())
        {
            return Err(RateError::Negative(shown()));
        }
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(part) {
            return Err(RateError::Malformed(shown()));
        }
        let part = part.trim_end_matches('0');
        let decimals = u32::try_from(part.len()).unwrap_or(u32::MAX).saturating_add(point_shift);
        // A percentage of 1230 has no decimals of its own and two as a fraction; its zeros may be dropped.
        let mut parts = 0_i64;
        for byte in whole.bytes().chain(part.bytes()) {
            let digit = i64::from(byte.wrapping_sub(b'0'));
            let next = parts.checked_mul(10).and_then(|tens| tens.checked_add(digit));
            parts = next.ok_or_else(|| {
                if decimals > RATE_DECIMALS {
                    RateError::TooPrecise(shown())
                } else {
                    RateError::TooLarge(shown())
                }
            })?;
        }
        let Some(scale) = RATE_DECIMALS.checked_sub(decimals) else {
            return Err(RateError::TooPrecise(shown()));
        };
        let scaled = 10_i64.checked_pow(scale).and_then(|factor| parts.checked_mul(factor));
        scaled.map(Self).ok_or_else(|| RateError::TooLarge(shown()))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const PERCENT: i64 = ONE / 100;
        let (whole, part) = (self.0 / PERCENT, self.0 % PERCENT);
        write!(f, "{whole}")?;
        if part != 0 {
            let digits = alloc::format!("{part:010}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("%")
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A rate of at most 100 %: the part of a whole that somebody bears.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Share(Rate);

impl Share {
    /// The share of this rate.
    ///
    /// # Errors
    /// [`RateError::AboveOne`].
    pub fn new(rate: Rate) -> Result<Self, RateError> {
        if rate > Rate::ONE { Err(RateError::AboveOne(rate)) } else { Ok(Self(rate)) }
    }

    /// The share as a rate.
    #[must_use]
    pub const fn rate(self) -> Rate {
        self.0
    }
}

impl FromStr for Share {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        Self::new(text.parse()?)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A rate ready for work: a fraction in lowest terms.
///
/// ```
/// use jeongsan::money::{Amount, Rounding};
/// use jeongsan::rate::{Rate, Ratio};
///
/// let tenth = Ratio::new("10%".parse()?);
/// assert_eq!((tenth.numerator(), tenth.denominator()), (1, 10));
/// assert_eq!(tenth.of(Amount::new(9_999), Rounding::Down), Some(Amount::new(999)));
/// assert_eq!(Ratio::contained("10%".parse()?).denominator(), 11);
/// # Ok::<(), jeongsan::rate::RateError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Ratio {
    numerator: i64,
    denominator: i64,
}

impl Ratio {
    /// The rate itself.
    #[must_use]
    pub const fn new(rate: Rate) -> Self {
        Self::reduced(rate.0, ONE)
    }

    /// The part that a rate makes of an amount which already contains it: rate / (1 + rate).
    #[must_use]
    pub const fn contained(rate: Rate) -> Self {
        Self::reduced(rate.0, ONE.saturating_add(rate.0))
    }

    /// The numerator, from 0 up.
    #[must_use]
    pub const fn numerator(self) -> i64 {
        self.numerator
    }

    /// The denominator, from 1 up.
    #[must_use]
    pub const fn denominator(self) -> i64 {
        self.denominator
    }

    /// This part of an amount, rounded; `None` when it doesn't fit.
    #[must_use]
    pub fn of(self, amount: Amount, rounding: Rounding) -> Option<Amount> {
        self.of_plus(amount, Amount::ZERO, rounding)
    }

    /// This part of an amount plus a fixed one, added up exactly and rounded once; `None` when it doesn't fit.
    #[must_use]
    pub fn of_plus(self, amount: Amount, fixed: Amount, rounding: Rounding) -> Option<Amount> {
        if let Some(minor) = self.of_plus_narrow(amount.minor(), fixed.minor(), rounding) {
            return Some(Amount::new(minor));
        }
        let product = i128::from(amount.minor()).checked_mul(i128::from(self.numerator))?;
        let fixed = i128::from(fixed.minor()).checked_mul(i128::from(self.denominator))?;
        let rounded = rounding.divide(product.checked_add(fixed)?, i128::from(self.denominator))?;
        i64::try_from(rounded).ok().map(Amount::new)
    }

    /// The same in 64 bits, which nearly every order fits; `None` where it doesn't.
    fn of_plus_narrow(self, amount: i64, fixed: i64, rounding: Rounding) -> Option<i64> {
        let product = amount.checked_mul(self.numerator)?;
        let top = product.checked_add(fixed.checked_mul(self.denominator)?)?;
        let size = rounding.divide_magnitude(top.unsigned_abs(), self.denominator.unsigned_abs())?;
        let size = i64::try_from(size).ok()?;
        if top < 0 { size.checked_neg() } else { Some(size) }
    }

    /// In lowest terms, by Euclid; the denominator is not zero.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "no divisor is zero: the loop ends before, and a divisor of a denominator above 0 is above 0"
    )]
    const fn reduced(numerator: i64, denominator: i64) -> Self {
        let (mut a, mut b) = (denominator, numerator);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Self { numerator: numerator / a, denominator: denominator / a }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[track_caller]
    fn error(text: &str) -> RateError {
        text.parse::<Rate>().unwrap_err()
    }

    #[test]
    fn texts_are_read_exactly_or_refused() {
        let parts = |text: &str| text.parse::<Rate>().unwrap().parts();
        assert_eq!(parts("3.74%"), 37_400_000_000);
        assert_eq!(parts("0.0374"), 37_400_000_000);
        assert_eq!(parts("0.000000000001"), 1);
        assert_eq!(parts("0.0000000001%"), 1);
        assert_eq!(parts("10.000000000000000%"), ONE / 10);
        assert_eq!(parts("9223372.036854775807"), i64::MAX);
        for text in ["", "%", "1e5", "3,5%", ".5", "1.", "+1%", "3.74 %", "--1", "1%%", "-"] {
            assert_eq!(error(text), RateError::Malformed(text.into()), "{text}");
        }
        assert_eq!(error("9223372.036854775808"), RateError::TooLarge("9223372.036854775808".into()));
        assert_eq!(error("0.1234567890123456789012345").code(), "rate-too-precise");
    }

    #[test]
    fn errors_name_the_text() {
        assert_eq!(error("-3%").to_string(), "rate `-3%` is negative");
        assert_eq!(error("ten").to_string(), "rate `ten` is no number such as `3.74%` or `0.0374`");
        assert_eq!(
            error("0.0000000000001").to_string(),
            "rate `0.0000000000001` has more than 12 decimals as a fraction of one"
        );
        assert_eq!(error("10000000").to_string(), "rate `10000000` is too large");
        assert_eq!("100.1%".parse::<Share>().unwrap_err().to_string(), "share `100.1%` is above 100%");
    }

    proptest! {
        #[test]
        fn a_rate_reads_back(parts in 0..=i64::MAX) {
            prop_assert_eq!(Rate(parts).to_string().parse(), Ok(Rate(parts)));
        }

        /// Narrow and wide products, a fixed part of either sign: always the rounding of one exact fraction.
        #[test]
        fn a_part_is_one_exact_fraction_rounded_once(
            amount: i64,
            small in -1_000_000_i64..1_000_000,
            parts in prop_oneof![0..=ONE, Just(ONE / 10), Just(33_300_000_000), 0..=i64::MAX],
            fixed in prop_oneof![Just(0), -10_000_i64..10_000],
            rule in proptest::sample::select(Rounding::ALL),
        ) {
            for amount in [amount, small] {
                let exact = i128::from(amount) * i128::from(parts) + i128::from(fixed) * i128::from(ONE);
                let expected = rule.divide(exact, i128::from(ONE)).and_then(|x| i64::try_from(x).ok());
                let found = Ratio::new(Rate(parts)).of_plus(Amount::new(amount), Amount::new(fixed), rule);
                prop_assert_eq!(found.map(Amount::minor), expected);
            }
        }
    }
}
