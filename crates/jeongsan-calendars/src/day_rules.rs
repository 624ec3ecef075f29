//! The rules by which holidays fall: weekdays of a month, Easter, the day that stands in for another.

use alloc::vec::Vec;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use jeongsan::calendar::{Holiday, HolidayKind};

use crate::{FIRST_YEAR, LAST_YEAR, civil, status};

/// The years of every calendar.
pub(crate) fn years() -> impl Iterator<Item = i32> {
    FIRST_YEAR..=LAST_YEAR
}

/// A day by law whose name is English.
pub(crate) fn english(date: NaiveDate, name: &'static str) -> Holiday {
    named(date, HolidayKind::Statutory, name, name)
}

/// A day with its name in two languages.
pub(crate) fn named(
    date: NaiveDate,
    kind: HolidayKind,
    name: &'static str,
    english: &'static str,
) -> Holiday {
    Holiday { english: english.into(), status: status(date), ..Holiday::new(date, kind, name) }
}

/// The n-th such weekday of a month, from 1 to 4.
pub(crate) fn nth_weekday(year: i32, month: u32, n: u8, weekday: Weekday) -> NaiveDate {
    NaiveDate::from_weekday_of_month_opt(year, month, weekday, n).unwrap_or(NaiveDate::MIN)
}

/// The last such weekday of a month.
pub(crate) fn last_weekday(year: i32, month: u32, weekday: Weekday) -> NaiveDate {
    let fifth = NaiveDate::from_weekday_of_month_opt(year, month, weekday, 5);
    fifth.unwrap_or_else(|| nth_weekday(year, month, 4, weekday))
}

/// Easter Sunday, by the Gregorian computus in whole numbers (Meeus, Jones and Butcher).
pub(crate) fn easter(year: i32) -> NaiveDate {
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    civil(year, (days / 31).unsigned_abs(), (days % 31 + 1).unsigned_abs())
}

/// A number of days after a date, or before it.
pub(crate) fn days_from(date: NaiveDate, days: i64) -> NaiveDate {
    let size = Days::new(days.unsigned_abs());
    let moved = if days < 0 { date.checked_sub_days(size) } else { date.checked_add_days(size) };
    moved.unwrap_or(NaiveDate::MIN)
}

pub(crate) fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The first later day that is neither a weekend nor taken.
pub(crate) fn next_free_day(date: NaiveDate, is_taken: impl Fn(NaiveDate) -> bool) -> NaiveDate {
    let later = date.iter_days().skip(1).find(|&later| !is_weekend(later) && !is_taken(later));
    later.unwrap_or(NaiveDate::MIN)
}

/// Puts days in their order and drops what lies outside of the years covered.
pub(crate) fn sorted(mut holidays: Vec<Holiday>) -> Vec<Holiday> {
    holidays.retain(|holiday| (FIRST_YEAR..=LAST_YEAR).contains(&holiday.date.year()));
    holidays.sort_by(|a, b| (a.date, &a.name).cmp(&(b.date, &b.name)));
    holidays
}
