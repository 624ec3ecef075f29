//! The other calendars against an independent source.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use chrono::{Datelike, NaiveDate, Weekday};
use jeongsan::calendar::{Calendar, CalendarError, Status};
use jeongsan_calendars::{FIRST_DAY, LAST_DAY, calendars};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn calendar(id: &str, as_of: Option<NaiveDate>) -> Calendar {
    calendars(as_of).get(&id.parse().unwrap()).unwrap()
}

#[test]
fn all_calendars_are_there_with_one_range() {
    let set = calendars(None);
    let ids: Vec<_> = set.iter().map(|calendar| calendar.id().as_str()).collect();
    assert_eq!(ids, ["JP", "KR-BANK", "KR-PUBLIC", "KRX", "TARGET", "UK", "US-FED", "WEEKENDS"]);
    for calendar in set.iter() {
        assert_eq!((calendar.range().first(), calendar.range().last()), (FIRST_DAY, LAST_DAY));
        assert!(matches!(calendar.is_business_day(day(1999, 12, 31)), Err(CalendarError::OutOfRange { .. })));
        for holiday in calendar.holidays(calendar.range()).unwrap() {
            assert!(!holiday.name.is_empty() && !holiday.english.is_empty() && !holiday.source.is_empty());
        }
    }
}

#[test]
fn closed_weekdays_are_those_of_an_independent_source() {
    let lines = include_str!("data/closed_weekdays.csv").lines().filter(|line| !line.starts_with('#'));
    let rows: Vec<(&str, NaiveDate)> = lines
        .skip(1)
        .map(|line| line.split_once(',').unwrap())
        .map(|(id, date)| (id, date.parse().unwrap()))
        .collect();
    let last_year = rows.iter().map(|(_, date)| date.year()).max().unwrap();
    for id in ["US-FED", "TARGET", "UK", "JP"] {
        let calendar = calendar(id, None);
        let expected: Vec<_> = rows.iter().filter(|row| row.0 == id).map(|row| row.1).collect();
        let found: Vec<_> = calendar
            .closed_days(calendar.range())
            .unwrap()
            .map(|day| day.date)
            .filter(|date| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun))
            .take_while(|date| date.year() <= last_year)
            .collect();
        assert_eq!(found, expected, "{id}");
    }
}

#[test]
fn what_is_known_by_decision_is_dated() {
    let coronation = day(2023, 5, 8);
    assert!(calendar("UK", Some(day(2022, 11, 5))).is_business_day(coronation).unwrap());
    assert!(!calendar("UK", Some(day(2022, 11, 6))).is_business_day(coronation).unwrap());
    let juneteenth = day(2023, 6, 19);
    assert!(calendar("US-FED", Some(day(2021, 6, 16))).is_business_day(juneteenth).unwrap());
    assert!(!calendar("US-FED", Some(day(2021, 6, 17))).is_business_day(juneteenth).unwrap());
    // The days between two holidays stand and fall with the law that made one of the two.
    for holiday in [day(2019, 4, 30), day(2019, 5, 1), day(2019, 5, 2)] {
        assert!(calendar("JP", Some(day(2018, 12, 13))).is_business_day(holiday).unwrap(), "{holiday}");
        assert!(!calendar("JP", Some(day(2018, 12, 14))).is_business_day(holiday).unwrap(), "{holiday}");
    }
}

#[test]
fn a_join_over_the_ocean_is_closed_when_either_is() {
    let both = calendar("US-FED+KR-BANK", None);
    assert_eq!(both.id().as_str(), "KR-BANK+US-FED");
    for closed in [day(2026, 7, 17), day(2026, 11, 26), day(2026, 11, 28)] {
        assert!(!both.is_business_day(closed).unwrap(), "{closed}");
    }
    assert!(both.is_business_day(day(2026, 7, 3)).unwrap(), "the Fed doesn't move a Saturday holiday");
    assert_eq!(both.status(day(2028, 1, 4)), Ok(Status::Projected));
    let either = calendar("KR-BANK~US-FED", None);
    assert!(either.is_business_day(day(2026, 7, 17)).unwrap());
    assert!(!either.is_business_day(day(2026, 1, 1)).unwrap());
}
