//! Values as the tables hold them.

use std::error::Error;

use bytes::{BufMut, BytesMut};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use jeongsan::money::{Amount, Currency, Money};
use jeongsan_store::{Body, StoreError};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

use crate::Numeric;
use crate::fault::corrupt;

/// 4714-11-24 before Christ, the first `date` of the server, in days from 2000-01-01.
const DAY_MIN: i32 = -2_451_545;

/// The server counts dates from here.
fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default()
}

/// A civil date in a `date`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Day(i32);

impl Day {
    pub(crate) fn new(date: NaiveDate) -> Result<Self, StoreError> {
        i32::try_from(date.signed_duration_since(epoch()).num_days())
            .ok()
            .filter(|days| *days >= DAY_MIN)
            .map(Self)
            .ok_or(StoreError::OutOfRange { what: "a date" })
    }

    /// An `infinity` lies beyond every date, and is refused with what else does.
    pub(crate) fn date(self) -> Result<NaiveDate, StoreError> {
        TimeDelta::try_days(i64::from(self.0))
            .and_then(|days| epoch().checked_add_signed(days))
            .ok_or_else(|| corrupt(format!("day `{}`", self.0)))
    }
}

pub(crate) fn optional_day(date: Option<NaiveDate>) -> Result<Option<Day>, StoreError> {
    date.map(Day::new).transpose()
}

pub(crate) fn optional_date(day: Option<Day>) -> Result<Option<NaiveDate>, StoreError> {
    day.map(Day::date).transpose()
}

impl<'a> FromSql<'a> for Day {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(i32::from_be_bytes(raw.try_into()?)))
    }

    accepts!(DATE);
}

impl ToSql for Day {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.put_i32(self.0);
        Ok(IsNull::No)
    }

    accepts!(DATE);
    to_sql_checked!();
}

/// Microseconds since 1970; beyond what they count, the last one.
pub(crate) fn microseconds(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros()
}

pub(crate) fn instant(microseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(microseconds).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// An amount in the currency's major unit, with its decimals.
pub(crate) fn major(money: Money) -> Numeric {
    Numeric::new(i128::from(money.amount().minor()), u16::from(money.currency().exponent()))
}

pub(crate) fn money(currency: Option<&str>, amount: Option<Numeric>) -> Result<Option<Money>, StoreError> {
    match (currency, amount) {
        (Some(code), Some(amount)) => {
            let currency = Currency::new(code).map_err(corrupt)?;
            let minor = amount
                .with_scale(u16::from(currency.exponent()))
                .and_then(|amount| i64::try_from(amount.unscaled()).ok())
                .ok_or_else(|| corrupt(format!("an amount that {code} has no units for")))?;
            Ok(Some(Money::new(Amount::new(minor), currency)))
        }
        (None, None) => Ok(None),
        _ => Err(corrupt("an amount without its currency, or a currency without an amount")),
    }
}

pub(crate) fn body(text: &str) -> Result<Body, StoreError> {
    Body::new(text).map_err(corrupt)
}

/// A name or id that was checked when it was written.
pub(crate) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(corrupt)
}

/// A number of the store's own, which is never negative.
pub(crate) fn unsigned(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| corrupt(format!("`{number}` where a number from 0 belongs")))
}

/// A number of the store's own as a column holds it.
pub(crate) fn signed(number: u64, what: &'static str) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::OutOfRange { what })
}
