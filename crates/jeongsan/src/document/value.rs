//! The values that documents are made of.

use alloc::string::{String, ToString};
use core::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

use crate::money::Amount;

/// A whole number of minor units as a document writes it; a number too large for an amount is kept as such, to be refused
/// where its place is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct MinorUnits(Option<Amount>);

impl MinorUnits {
    /// A whole number that is too large for an amount.
    pub const OUT_OF_RANGE: Self = Self(None);

    /// The amount, unless it is out of range.
    #[must_use]
    pub const fn amount(self) -> Option<Amount> {
        self.0
    }
}

impl From<Amount> for MinorUnits {
    fn from(amount: Amount) -> Self {
        Self(Some(amount))
    }
}

impl Serialize for MinorUnits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(amount) => serializer.serialize_i64(amount.minor()),
            None => Err(serde::ser::Error::custom("an amount is out of range")),
        }
    }
}

impl<'de> Deserialize<'de> for MinorUnits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WholeNumber;

        impl Visitor<'_> for WholeNumber {
            type Value = MinorUnits;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number of minor units")
            }

            fn visit_i64<E: de::Error>(self, minor: i64) -> Result<MinorUnits, E> {
                Ok(MinorUnits(Some(Amount::new(minor))))
            }

            fn visit_u64<E: de::Error>(self, minor: u64) -> Result<MinorUnits, E> {
                Ok(MinorUnits(i64::try_from(minor).ok().map(Amount::new)))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<MinorUnits, E> {
                // A parser without wider integers hands over whole numbers beyond 64 bits as floats, the nearest of them as two to the
                // 63rd; no amount written as an integer comes as one.
                const BEYOND_EVERY_AMOUNT: f64 = 9_223_372_036_854_775_808.0;
                if number.abs() >= BEYOND_EVERY_AMOUNT {
                    return Ok(MinorUnits(None));
                }
                Err(E::invalid_type(de::Unexpected::Float(number), &self))
            }
        }

        deserializer.deserialize_i64(WholeNumber)
    }
}

/// A civil date, written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Day(pub NaiveDate);

impl Day {
    /// Reads ten characters, `YYYY-MM-DD`, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let well_formed = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, byte)| match i {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let number = |range: core::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
        let year = i32::try_from(number(0..4).filter(|_| well_formed)?).ok()?;
        NaiveDate::from_ymd_opt(year, number(5..7)?, number(8..10)?).map(Self)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Date;

        impl Visitor<'_> for Date {
            type Value = Day;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date as YYYY-MM-DD")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Day, E> {
                Day::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(Date)
    }
}

/// An instant, written as RFC 3339 has it, with its offset: `2026-03-01T22:30:00+09:00`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Instant(pub DateTime<FixedOffset>);

impl Instant {
    /// Reads an instant with its offset.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(Self)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Instant;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an instant as YYYY-MM-DDTHH:MM:SS+HH:MM")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Instant, E> {
                Instant::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

/// The offset of a time zone, written `+09:00`.
pub(super) fn offset(text: &str) -> Option<FixedOffset> {
    let bytes = text.as_bytes();
    let well_formed = bytes.len() == 6
        && bytes.iter().enumerate().all(|(i, byte)| match i {
            0 => matches!(byte, b'+' | b'-'),
            3 => *byte == b':',
            _ => byte.is_ascii_digit(),
        });
    let number = |range: core::ops::Range<usize>| text.get(range)?.parse::<i32>().ok();
    let (hours, minutes) = (number(1..3).filter(|_| well_formed)?, number(4..6)?);
    let seconds = hours.checked_mul(60)?.checked_add(minutes).filter(|_| minutes < 60)?.checked_mul(60)?;
    if text.starts_with('-') { FixedOffset::west_opt(seconds) } else { FixedOffset::east_opt(seconds) }
}

/// The value of an attribute: a text, or a whole number or truth value taken as its text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AttributeText(pub String);

impl Serialize for AttributeText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AttributeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = AttributeText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a whole number or a truth value")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<AttributeText, E> {
                Ok(AttributeText(text.into()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<AttributeText, E> {
                Ok(AttributeText(number.to_string()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<AttributeText, E> {
                Ok(AttributeText(number.to_string()))
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<AttributeText, E> {
                Ok(AttributeText(value.to_string()))
            }
        }

        deserializer.deserialize_any(Text)
    }
}
