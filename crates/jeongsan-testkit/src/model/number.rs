//! Exact numbers, and the only place where a fraction vanishes.

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// A whole number of any size.
pub type Whole = BigInt;
/// A fraction of two whole numbers of any size: nothing is ever lost in it.
pub type Exact = BigRational;

/// How a fraction becomes a whole number. Every rule is symmetric about zero.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rounding {
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
    /// To the nearest, a tie away from zero.
    HalfUp,
    /// To the nearest, a tie to the even neighbour.
    HalfEven,
}

impl Rounding {
    /// All of them, for tests that try each.
    pub const ALL: [Self; 4] = [Self::Down, Self::Up, Self::HalfUp, Self::HalfEven];

    /// The rule of this name, as documents write it.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.text() == text)
    }

    /// The rule's name in documents.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Up => "up",
            Self::HalfUp => "half-up",
            Self::HalfEven => "half-even",
        }
    }

    /// The whole number that the rule makes of a fraction: the size is rounded, then the sign put back.
    #[must_use]
    pub fn round(self, exact: &Exact) -> Whole {
        let size = exact.abs();
        let cut = size.to_integer();
        let rest = size - Exact::from(cut.clone());
        let half = Exact::new(Whole::one(), Whole::from(2));
        let goes_up = match self {
            Self::Down => false,
            Self::Up => !rest.is_zero(),
            Self::HalfUp => rest >= half,
            Self::HalfEven => rest > half || (rest == half && cut.is_odd()),
        };
        let rounded = if goes_up { cut + 1 } else { cut };
        if exact.is_negative() { -rounded } else { rounded }
    }
}

/// Reads digits with at most one point between them, a minus before them allowed.
#[must_use]
pub fn decimal(text: &str) -> Option<Exact> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(part) {
        return None;
    }
    let top: Whole = format!("{whole}{part}").parse().ok()?;
    let bottom: Whole = format!("1{}", "0".repeat(part.len())).parse().ok()?;
    let size = Exact::new(top, bottom);
    Some(if negative { -size } else { size })
}

/// Why a text is no rate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RateFault {
    /// It is no number, with or without `%`.
    Malformed,
    /// It is below zero.
    Negative,
    /// As a fraction of one it has more than twelve decimals.
    TooPrecise,
}

/// Reads a rate such as `3.74%` or `0.0374`.
///
/// # Errors
/// When it is no number, negative, or more precise than twelve decimals of one.
pub fn rate(text: &str) -> Result<Exact, RateFault> {
    let (number, per) = match text.strip_suffix('%') {
        Some(number) => (number, 100),
        None => (text, 1),
    };
    let rate = decimal(number).ok_or(RateFault::Malformed)? / Exact::from(Whole::from(per));
    let scaled = &rate * Exact::from(Whole::from(1_000_000_000_000_u64));
    if number.starts_with('-') {
        Err(RateFault::Negative)
    } else if !scaled.is_integer() {
        Err(RateFault::TooPrecise)
    } else {
        Ok(rate)
    }
}

/// Whether a signed 64-bit integer holds it.
#[must_use]
pub fn fits(whole: &Whole) -> bool {
    i64::try_from(whole).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_symmetric() {
        let found = |text: &str| Rounding::ALL.map(|rule| rule.round(&decimal(text).unwrap()).to_string());
        assert_eq!(found("2.5"), ["2", "3", "3", "2"]);
        assert_eq!(found("3.5"), ["3", "4", "4", "4"]);
        assert_eq!(found("-2.5"), ["-2", "-3", "-3", "-2"]);
        assert_eq!(found("-0.5"), ["0", "-1", "-1", "0"]);
        assert_eq!(found("2.0"), ["2", "2", "2", "2"]);
    }

    #[test]
    fn a_rate_has_at_most_twelve_decimals() {
        assert_eq!(rate("3.74%"), rate("0.0374"));
        assert!(rate("0.1234567891%").is_ok());
        assert_eq!(rate("0.12345678912%"), Err(RateFault::TooPrecise));
        assert!(rate("10.0000000000000000%").is_ok(), "zeros at the end are free");
        assert_eq!(rate("-1%"), Err(RateFault::Negative));
        for text in ["", "%", "1.", ".5", "1e5", "+1"] {
            assert_eq!(rate(text), Err(RateFault::Malformed), "{text}");
        }
    }
}
