//! A partner's sales by month, the measure of fees that go by them.
//!
//! Sales are orders before discounts, less cancellations. A run adds its own events up; what came before it is stated by an
//! [`Opening`], and what nobody stated is not known, which is not zero.

use core::fmt;
use core::str::FromStr;

use chrono::{Datelike, NaiveDate};

use crate::id::PartnerId;
use crate::money::Amount;

/// A month of a year, written `YYYY-MM`.
///
/// ```
/// use jeongsan::sales::SalesMonth;
///
/// let month: SalesMonth = "2026-01".parse()?;
/// assert_eq!(month.previous().to_string(), "2025-12");
/// assert_eq!("2026-13".parse::<SalesMonth>().unwrap_err().to_string(), "`2026-13` is no month as YYYY-MM");
/// # Ok::<(), jeongsan::sales::SalesMonthError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct SalesMonth(
    /// Months since the beginning of year 0.
    i32,
);

/// Why a text is no month.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{}` is no month as YYYY-MM", text.escape_debug())]
pub struct SalesMonthError {
    text: alloc::string::String,
}

impl SalesMonth {
    pub(crate) const FIRST: Self = Self(i32::MIN);
    pub(crate) const LAST: Self = Self(i32::MAX);

    /// The month that a date lies in.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        let month = i32::try_from(date.month0()).unwrap_or(0);
        Self(date.year().saturating_mul(12).saturating_add(month))
    }

    /// The month before.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The month behind.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl FromStr for SalesMonth {
    type Err = SalesMonthError;

    fn from_str(text: &str) -> Result<Self, SalesMonthError> {
        let error = || SalesMonthError { text: text.chars().take(40).collect() };
        let (year, month) = text.split_once('-').ok_or_else(error)?;
        let number = |text: &str, digits: usize| {
            let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { text.parse::<u32>().ok() } else { None }
        };
        let year = number(year, 4).and_then(|year| i32::try_from(year).ok());
        let date =
            year.zip(number(month, 2)).and_then(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1));
        date.map(Self::of).ok_or_else(error)
    }
}

impl fmt::Display for SalesMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.0.div_euclid(12), self.0.rem_euclid(12).saturating_add(1));
        write!(f, "{year:04}-{month:02}")
    }
}

/// A partner's sales of a month as far as they came before a run (기초 매출).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Opening {
    /// Whose sales.
    pub partner: PartnerId,
    /// Of which month.
    pub month: SalesMonth,
    /// Orders before discounts less cancellations; below zero where more was cancelled.
    pub amount: Amount,
}
