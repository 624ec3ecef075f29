//! Values as the tables hold them.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use jeongsan::money::{Amount, Currency, Money};
use jeongsan_store::{Body, StoreError};

use crate::fault::corrupt;

/// Days since 1970-01-01.
pub(crate) fn day_number(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}

pub(crate) fn date(number: i64) -> Result<NaiveDate, StoreError> {
    TimeDelta::try_days(number)
        .and_then(|days| NaiveDate::default().checked_add_signed(days))
        .ok_or_else(|| corrupt(format!("day `{number}`")))
}

pub(crate) fn optional_date(number: Option<i64>) -> Result<Option<NaiveDate>, StoreError> {
    number.map(date).transpose()
}

/// Microseconds since 1970; beyond what they count, the last one.
pub(crate) fn microseconds(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros()
}

pub(crate) fn instant(microseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(microseconds).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

pub(crate) fn money(currency: Option<&str>, minor: Option<i64>) -> Result<Option<Money>, StoreError> {
    match (currency, minor) {
        (Some(code), Some(minor)) => {
            let currency = Currency::new(code).map_err(corrupt)?;
            Ok(Some(Money::new(Amount::new(minor), currency)))
        }
        _ => Ok(None),
    }
}

pub(crate) fn body(text: String) -> Result<Body, StoreError> {
    Body::new(text).map_err(corrupt)
}

/// A name or id that was checked when it was written.
pub(crate) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|error| corrupt(format!("{error}")))
}

/// A number of the store's own, which is never negative.
pub(crate) fn unsigned(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| corrupt(format!("`{number}` where a number from 0 belongs")))
}

/// A number of the store's own as a column holds it.
pub(crate) fn signed(number: u64, what: &'static str) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::OutOfRange { what })
}
