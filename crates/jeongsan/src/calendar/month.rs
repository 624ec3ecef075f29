//! The business days of a month.

use chrono::{Datelike, NaiveDate};

use super::{Calendar, CalendarError, DateRange};

impl Calendar {
    /// The n-th business day of the month that a date lies in: 1 is the first, −1 the last, −2 the one before it; `None` when the
    /// month has fewer, and for 0.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] when the month lies outside of the range with any of its days.
    ///
    /// ```
    /// # use chrono::{NaiveDate, Weekday, WeekdaySet};
    /// # use jeongsan::calendar::{Calendar, DateRange};
    /// # let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    /// # let calendar = Calendar::builder("SHOP".parse()?, DateRange::new(day(1, 1), day(12, 31))?)
    /// #     .weekend(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun]))
    /// #     .build()?;
    /// assert_eq!(calendar.nth_business_day_of_month(day(8, 20), 1)?, Some(day(8, 3)));
    /// assert_eq!(calendar.nth_business_day_of_month(day(8, 20), -1)?, Some(day(8, 31)));
    /// assert_eq!(calendar.nth_business_day_of_month(day(8, 20), 22)?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn nth_business_day_of_month(
        &self,
        in_month: NaiveDate,
        n: i32,
    ) -> Result<Option<NaiveDate>, CalendarError> {
        let month = month_of(in_month);
        let (from, to) = (self.day(month.first())?.rank(), self.day(month.last())?.rank_behind());
        let rank = match n {
            1.. => from.checked_add_signed(n).and_then(|rank| rank.checked_sub(1)),
            0 => None,
            _ => to.checked_add_signed(n),
        };
        let rank = rank.filter(|&rank| from <= rank && rank < to);
        Ok(rank.and_then(|rank| self.0.tables.business_day(rank)))
    }

    /// The last business day of the month that a date lies in; `None` when it has none.
    ///
    /// # Errors
    /// As [`Calendar::nth_business_day_of_month`].
    pub fn last_business_day_of_month(
        &self,
        in_month: NaiveDate,
    ) -> Result<Option<NaiveDate>, CalendarError> {
        self.nth_business_day_of_month(in_month, -1)
    }
}

/// The days of the month that a date lies in.
pub(crate) fn month_of(date: NaiveDate) -> DateRange {
    DateRange {
        first: date.with_day(1).unwrap_or(date),
        last: date.with_day(month_length(date.month(), date.leap_year())).unwrap_or(date),
    }
}

/// How many days a month has. A number past December counts as January, which has as many.
#[inline]
pub(crate) const fn month_length(month: u32, is_leap_year: bool) -> u32 {
    match month {
        2 if is_leap_year => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The first day of the month after that of a date, unless it lies beyond all dates.
pub(crate) fn next_month(date: NaiveDate) -> Option<NaiveDate> {
    month_of(date).last().succ_opt()
}
