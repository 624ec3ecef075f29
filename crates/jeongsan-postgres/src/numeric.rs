//! Decimals as PostgreSQL's `numeric` holds them, digit by digit.
//!
//! On the wire a number is a row of base-10000 digits with the place of the first, and a scale for display: `0.00` isn't `0`. Reading through a
//! decimal of 96 bits loses one or the other; this goes by the digits' text, in which nothing can be lost unseen.

use std::error::Error;
use std::fmt;

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

/// The most decimals that the server keeps.
const SCALE_MAX: u16 = 16_383;

const POSITIVE: u16 = 0;
const NEGATIVE: u16 = 0x4000;
const NOT_A_NUMBER: u16 = 0xC000;
const INFINITE: [u16; 2] = [0xD000, 0xF000];

/// A decimal: `unscaled` divided by ten `scale` times. Two of the same value and different scales differ.
///
/// ```
/// use jeongsan_postgres::Numeric;
///
/// assert_eq!(Numeric::new(1_230, 2).to_string(), "12.30");
/// assert_eq!(Numeric::new(0, 2).to_string(), "0.00");
/// assert_eq!(Numeric::new(1_230, 2).with_scale(1), Some(Numeric::new(123, 1)));
/// assert_eq!(Numeric::new(1_235, 2).with_scale(1), None);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Numeric {
    unscaled: i128,
    scale: u16,
}

/// Why a `numeric` is no [`Numeric`], or the other way round.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NumericError {
    /// It is `NaN`.
    #[error("the numeric is not a number")]
    NotANumber,
    /// It is infinite.
    #[error("the numeric is infinite")]
    Infinite,
    /// It has more digits than 128 bits hold.
    #[error("the numeric has more digits than 128 bits hold")]
    TooWide,
    /// It has more decimals than the server keeps.
    #[error("the numeric has `{0}` decimals, more than 16383")]
    TooFine(u16),
    /// The bytes are no numeric.
    #[error("the bytes are no numeric")]
    Malformed,
}

impl Numeric {
    /// `unscaled` divided by ten `scale` times.
    #[must_use]
    pub const fn new(unscaled: i128, scale: u16) -> Self {
        Self { unscaled, scale }
    }

    /// All digits as one number.
    #[must_use]
    pub const fn unscaled(self) -> i128 {
        self.unscaled
    }

    /// How many of the digits are decimals.
    #[must_use]
    pub const fn scale(self) -> u16 {
        self.scale
    }

    /// The same value with another scale; `None` where digits would be lost or 128 bits don't hold it.
    #[must_use]
    pub fn with_scale(self, scale: u16) -> Option<Self> {
        let ten = |times: u16| 10_i128.checked_pow(u32::from(times));
        let unscaled = if self.unscaled == 0 {
            0
        } else if scale >= self.scale {
            self.unscaled.checked_mul(ten(scale.checked_sub(self.scale)?)?)?
        } else {
            let divisor = ten(self.scale.checked_sub(scale)?)?;
            if self.unscaled.checked_rem(divisor)? != 0 {
                return None;
            }
            self.unscaled.checked_div(divisor)?
        };
        Some(Self { unscaled, scale })
    }

    /// The digits before and behind the point.
    fn digits(self) -> (String, String) {
        let scale = usize::from(self.scale);
        let width = scale.saturating_add(1);
        let mut integer = format!("{:0>width$}", self.unscaled.unsigned_abs());
        let fraction = integer.split_off(integer.len().saturating_sub(scale));
        (integer, fraction)
    }

    fn decode(raw: &[u8]) -> Result<Self, NumericError> {
        let (words, []) = raw.as_chunks::<2>() else { return Err(NumericError::Malformed) };
        let mut words = words.iter().map(|word| u16::from_be_bytes(*word));
        let mut word = || words.next().ok_or(NumericError::Malformed);
        let (count, weight, sign, scale) = (word()?, word()?.cast_signed(), word()?, word()?);
        match sign {
            POSITIVE | NEGATIVE => {}
            NOT_A_NUMBER => return Err(NumericError::NotANumber),
            sign if INFINITE.contains(&sign) => return Err(NumericError::Infinite),
            _ => return Err(NumericError::Malformed),
        }
        let groups: Vec<u16> = words.collect();
        if groups.len() != usize::from(count)
            || groups.iter().any(|group| *group > 9_999)
            || scale > SCALE_MAX
        {
            return Err(NumericError::Malformed);
        }
        let mut text = String::from(if sign == NEGATIVE { "-" } else { "+" });
        let mut groups = groups.into_iter();
        for _ in 0..=weight {
            text.push_str(&format!("{:04}", groups.next().unwrap_or(0)));
        }
        let zeros = usize::from(weight.saturating_add(1).min(0).unsigned_abs());
        let mut fraction = "0000".repeat(zeros);
        fraction.extend(groups.map(|group| format!("{group:04}")));
        let scale_digits = usize::from(scale);
        if fraction.bytes().skip(scale_digits).any(|digit| digit != b'0') {
            return Err(NumericError::Malformed);
        }
        text.extend(fraction.chars().chain(std::iter::repeat('0')).take(scale_digits));
        let unscaled = text.parse().map_err(|_| NumericError::TooWide)?;
        Ok(Self { unscaled, scale })
    }

    fn encode(self, out: &mut BytesMut) -> Result<(), NumericError> {
        if self.scale > SCALE_MAX {
            return Err(NumericError::TooFine(self.scale));
        }
        let (integer, fraction) = self.digits();
        let lead = integer.len().next_multiple_of(4);
        let trail = fraction.len().next_multiple_of(4);
        let text = format!("{integer:0>lead$}{fraction:0<trail$}");
        let (groups, _) = text.as_bytes().as_chunks::<4>();
        let group = |digits: &[u8; 4]| {
            digits.iter().fold(0_u16, |sum, digit| {
                sum.saturating_mul(10).saturating_add(u16::from(digit.saturating_sub(b'0')))
            })
        };
        let mut groups: Vec<u16> = groups.iter().map(group).collect();
        let zeros = groups.iter().take_while(|group| **group == 0).count();
        groups.drain(..zeros);
        while groups.last() == Some(&0) {
            groups.pop();
        }
        // 39 digits before the point and 16,383 behind stay far within 16 bits.
        let word = |number: usize| i16::try_from(number).map_err(|_| NumericError::TooWide);
        let first = word(lead.checked_div(4).unwrap_or(0))?.saturating_sub(1);
        let weight = if groups.is_empty() { 0 } else { first.saturating_sub(word(zeros)?) };
        out.put_i16(word(groups.len())?);
        out.put_i16(weight);
        out.put_u16(if self.unscaled < 0 { NEGATIVE } else { POSITIVE });
        out.put_u16(self.scale);
        groups.into_iter().for_each(|group| out.put_u16(group));
        Ok(())
    }
}

impl fmt::Display for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (integer, fraction) = self.digits();
        let sign = if self.unscaled < 0 { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{integer}{point}{fraction}")
    }
}

impl<'a> FromSql<'a> for Numeric {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::decode(raw)?)
    }

    accepts!(NUMERIC);
}

impl ToSql for Numeric {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.encode(out)?;
        Ok(IsNull::No)
    }

    accepts!(NUMERIC);
    to_sql_checked!();
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(number: Numeric) -> BytesMut {
        let mut out = BytesMut::new();
        number.encode(&mut out).unwrap();
        out
    }

    #[test]
    fn the_bytes_are_those_of_the_server() {
        // `select numeric_send(12.30)` and so on, in hexadecimal words.
        let cases: [(i128, u16, &[u16]); 6] = [
            (1_230, 2, &[2, 0, 0, 2, 12, 3_000]),
            (0, 2, &[0, 0, 0, 2]),
            (-1, 0, &[1, 0, 0x4000, 0, 1]),
            (10_000, 0, &[1, 1, 0, 0, 1]),
            (1, 5, &[1, 0xFFFE, 0, 5, 1_000]),
            (120_000_000, 4, &[2, 1, 0, 4, 1, 2_000]),
        ];
        for (unscaled, scale, words) in cases {
            let number = Numeric::new(unscaled, scale);
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
            assert_eq!(encoded(number).as_ref(), bytes, "{number}");
            assert_eq!(Numeric::decode(&bytes), Ok(number));
        }
    }

    #[test]
    fn what_is_no_decimal_is_told() {
        let decode = |words: &[u16]| {
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
            Numeric::decode(&bytes).unwrap_err().to_string()
        };
        assert_eq!(decode(&[0, 0, 0xC000, 0]), "the numeric is not a number");
        assert_eq!(decode(&[0, 0, 0xD000, 0]), "the numeric is infinite");
        assert_eq!(decode(&[0, 0, 0xF000, 0]), "the numeric is infinite");
        assert_eq!(decode(&[1, 10, 0, 0, 1]), "the numeric has more digits than 128 bits hold");
        assert_eq!(decode(&[2, 0, 0, 0, 1]), "the bytes are no numeric");
        assert_eq!(decode(&[1, 0, 0, 0, 10_000]), "the bytes are no numeric");
        assert_eq!(decode(&[2, 0, 0, 2, 1, 1]), "the bytes are no numeric", "a digit behind the scale");
        let error = Numeric::new(1, u16::MAX).encode(&mut BytesMut::new()).unwrap_err();
        assert_eq!(error.to_string(), "the numeric has `65535` decimals, more than 16383");
    }

    proptest! {
        #[test]
        fn nothing_is_lost(unscaled in any::<i128>(), shift in 0_u32..127, scale in 0_u16..300) {
            let number = Numeric::new(unscaled >> shift, scale);
            prop_assert_eq!(Numeric::decode(&encoded(number)), Ok(number));
        }

        #[test]
        fn any_bytes_are_read_or_refused(raw in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(number) = Numeric::decode(&raw) {
                prop_assert_eq!(Numeric::decode(&encoded(number)), Ok(number));
            }
        }
    }
}
