//! Calendars of the crate `bdays` as ours, and ours for code written against its trait.
//!
//! This is the one module that knows `bdays`, which needs the standard library; it is there with the feature of that name.

use ::bdays::{HolidayCalendar, is_weekend};
use chrono::{NaiveDate, Weekday, WeekdaySet};

use super::{Calendar, CalendarError, Convention, CountedEnds, DateRange, Holiday, HolidayKind, StartRule};
use crate::id::CalendarId;

/// What a holiday is called that comes from `bdays`, which has no names.
const HOLIDAY_NAME: &str = "holiday";

/// A calendar of `bdays` as one of ours: every day of the range is asked once.
///
/// # Errors
/// As [`CalendarBuilder::build`](super::CalendarBuilder::build).
///
/// ```
/// use ::bdays::calendars::brazil::BRSettlement;
/// use chrono::NaiveDate;
/// use jeongsan::calendar::{DateRange, StartRule, bdays};
///
/// let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
/// let range = DateRange::new(day(2000, 1, 1), day(2050, 12, 31))?;
/// let brazil = bdays::calendar("BR".parse()?, range, &BRSettlement)?;
/// // The Monday and Tuesday of Carnival.
/// assert_eq!(brazil.add_business_days(day(2026, 2, 13), 1, StartRule::Strict)?, day(2026, 2, 18));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn calendar(
    id: CalendarId,
    range: DateRange,
    source: &impl HolidayCalendar<NaiveDate>,
) -> Result<Calendar, CalendarError> {
    let named = |date, kind| Holiday { source: "bdays".into(), ..Holiday::new(date, kind, HOLIDAY_NAME) };
    let holidays = range.iter().filter_map(|date| match source.is_bday(date) {
        true if is_weekend(date) => Some(named(date, HolidayKind::WorkingDay)),
        true => None,
        false if is_weekend(date) && !source.is_holiday(date) => None,
        false => Some(named(date, HolidayKind::Statutory)),
    });
    Calendar::builder(id, range)
        .weekend(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun]))
        .holidays(holidays)
        .build()
}

/// Our calendar for code written against `bdays`, with that crate's meaning: a closed start rolls forward first.
///
/// # Panics
/// Where our own queries give an error, as the caches of `bdays` do: the trait has no other way to refuse a date.
impl HolidayCalendar<NaiveDate> for Calendar {
    fn is_holiday(&self, date: NaiveDate) -> bool {
        answer(self.holidays_on(date)).iter().any(Holiday::closes)
    }

    fn is_bday(&self, date: NaiveDate) -> bool {
        answer(self.is_business_day(date))
    }

    fn to_bday(&self, date: NaiveDate, adjust_next: bool) -> NaiveDate {
        let convention = if adjust_next { Convention::Following } else { Convention::Preceding };
        answer(self.adjust(date, convention))
    }

    fn advance_bdays(&self, date: NaiveDate, bdays_count: i32) -> NaiveDate {
        answer(self.add_business_days(date, bdays_count, StartRule::RollForward))
    }

    fn bdays(&self, d0: NaiveDate, d1: NaiveDate) -> i32 {
        answer(self.count(d0, d1, CountedEnds::Earlier))
    }
}

#[expect(clippy::panic, reason = "the trait can't return an error, and a guess would be worse")]
fn answer<T>(result: Result<T, CalendarError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}
