//! The calendars that come with jeongsan, as it was known on a day which days were business days.
//!
//! | id | open when | knowledge |
//! | --- | --- | --- |
//! | `KR-BANK` | Korean banks are | the law by year, decisions with their dates, elections by rule, the moon by table |
//! | `KR-PUBLIC` | Korean government offices are | the same without the banks' 1 May |
//! | `KRX` | the Korean exchange is | as `KR-BANK`, and the year-end closing |
//! | `US-FED` | the Federal Reserve Banks are | rules in force; a Saturday holiday is not moved |
//! | `TARGET` | the euro payment system T2 is | rules in force since 2000 |
//! | `UK` | banks in England and Wales are | rules in force, proclaimed days |
//! | `JP` | banks in Japan are | rules in force, single laws, equinoxes by formula |
//! | `WEEKENDS` | it isn't Saturday or Sunday | |
//!
//! All cover [`FIRST_DAY`] to [`LAST_DAY`]; beyond [`OFFICIAL_THROUGH`] they are projections. Start with [`calendars`]; an [`Overlay`] adds what
//! was announced after this crate was made.

#![no_std]
#![deny(clippy::indexing_slicing, clippy::string_slice, clippy::unwrap_in_result)]
#![cfg_attr(test, allow(clippy::indexing_slicing, reason = "a test may panic"))]

extern crate alloc;

mod day_rules;
mod japan;
pub mod korea;
mod overlay;
mod overlay_text;
mod target;
mod united_kingdom;
mod us_fed;

use alloc::vec::Vec;

use chrono::{NaiveDate, Weekday, WeekdaySet};
use jeongsan::calendar::{Calendar, CalendarError, Calendars, DateRange, Holiday, Status};
use jeongsan::id::CalendarId;

pub use overlay::{Overlaid, Overlay, OverlayEffect, OverlayError, OverlayNote};

use korea::Scope;

/// The first year of every calendar here.
pub(crate) const FIRST_YEAR: i32 = 2000;

/// The last year of every calendar here.
pub(crate) const LAST_YEAR: i32 = 2100;

/// The first day that the calendars cover.
pub const FIRST_DAY: NaiveDate = civil(FIRST_YEAR, 1, 1);

/// The last day that the calendars cover.
pub const LAST_DAY: NaiveDate = civil(LAST_YEAR, 12, 31);

/// The last day that publications reach; what lies behind is projected by the rules in force.
pub const OFFICIAL_THROUGH: NaiveDate = civil(2027, 12, 31);

/// Every built-in calendar as it was known at the end of a day; `None` holds the latest knowledge.
///
/// ```
/// use chrono::NaiveDate;
/// use jeongsan::calendar::StartRule;
///
/// let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
/// let calendars = jeongsan_calendars::calendars(None);
/// let bank = calendars.get(&"KR-BANK".parse()?)?;
/// assert_eq!(bank.add_business_days(day(2026, 9, 23), 1, StartRule::Strict)?, day(2026, 9, 28));
///
/// // On 13 January 2025 nobody knew that the 27th would be a holiday.
/// let before = jeongsan_calendars::calendars(Some(day(2025, 1, 13))).get(&"KR-BANK".parse()?)?;
/// assert!(before.is_business_day(day(2025, 1, 27))? && !bank.is_business_day(day(2025, 1, 27))?);
///
/// let both = calendars.get(&"KR-BANK+US-FED".parse()?)?;
/// assert!(!both.is_business_day(day(2026, 11, 26))?, "Thanksgiving Day");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn calendars(as_of: Option<NaiveDate>) -> Calendars {
    let korea = korea::holidays();
    let of_scope = |scope| {
        let within = korea.iter().filter(move |(within, _)| *within <= scope);
        within.map(|(_, holiday)| holiday.clone()).collect()
    };
    let built = [
        build("KR-PUBLIC", of_scope(Scope::Public), as_of),
        build("KR-BANK", of_scope(Scope::Bank), as_of),
        build("KRX", of_scope(Scope::Exchange), as_of),
        build("US-FED", us_fed::holidays(), as_of),
        build("TARGET", target::holidays(), as_of),
        build("UK", united_kingdom::holidays(), as_of),
        build("JP", japan::holidays(), as_of),
        build("WEEKENDS", Vec::new(), as_of),
    ];
    // A calendar whose data contradicted itself would be unknown, never wrong; tests build them all.
    built.into_iter().flatten().collect()
}

fn build(id: &str, holidays: Vec<Holiday>, as_of: Option<NaiveDate>) -> Result<Calendar, CalendarError> {
    let unknown = |_| CalendarError::UnknownCalendar { id: id.into(), known: Vec::new() };
    let id: CalendarId = id.parse().map_err(unknown)?;
    let official_through = if holidays.is_empty() { LAST_DAY } else { OFFICIAL_THROUGH };
    Calendar::builder(id, DateRange::new(FIRST_DAY, LAST_DAY)?)
        .weekend(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun]))
        .holidays(holidays)
        .official_through(official_through)
        .as_of(as_of)
        .build()
}

/// How certain a built-in day is.
fn status(date: NaiveDate) -> Status {
    if date <= OFFICIAL_THROUGH { Status::Official } else { Status::Projected }
}

/// A date of the source; one that doesn't exist becomes the earliest of all, which no calendar here covers, so that it
/// can't be built.
const fn civil(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}
