//! Our engine against `bdays`, over all its calendars, and handed to code written for it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use bdays::calendars::WeekendsOnly;
use bdays::calendars::brazil::{BRSettlement, BrazilExchange};
use bdays::calendars::de::GermanState;
use bdays::calendars::us::USSettlement;
use bdays::{HolidayCalendar, HolidayCalendarCache};
use chrono::{Days, NaiveDate};
use jeongsan::calendar::{Calendar, Convention, CountedEnds, DateRange, StartRule, bdays as adapter};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn range() -> DateRange {
    DateRange::new(day(2000, 1, 1), day(2050, 12, 31)).unwrap()
}

/// Shifts and counts from every business day; both engines mean the same there.
fn compare(id: &str, source: impl HolidayCalendar<NaiveDate>) {
    let ours = adapter::calendar(id.parse().unwrap(), range(), &source).unwrap();
    let theirs = HolidayCalendarCache::new(source, range().first(), range().last());
    let mut starts = 0;
    for date in range().iter().skip(400).take_while(|date| *date < day(2049, 12, 1)).step_by(3) {
        assert_eq!(ours.is_business_day(date), Ok(theirs.is_bday(date)), "{id} {date}");
        assert_eq!(HolidayCalendar::is_holiday(&ours, date), theirs.is_holiday(date), "{id} {date}");
        let later = date + Days::new(47);
        assert_eq!(
            ours.count(date, later, CountedEnds::Earlier),
            Ok(theirs.bdays(date, later)),
            "{id} {date}"
        );
        for (convention, next) in [(Convention::Following, true), (Convention::Preceding, false)] {
            assert_eq!(ours.adjust(date, convention), Ok(theirs.to_bday(date, next)), "{id} {date}");
        }
        if theirs.is_bday(date) {
            starts += 1;
            for n in [-21, -1, 0, 1, 5, 250] {
                let expected = theirs.advance_bdays(date, n);
                for &start in StartRule::ALL {
                    assert_eq!(ours.add_business_days(date, n, start), Ok(expected), "{id} {date} {n}");
                }
            }
        }
    }
    assert!(starts > 3_500);
}

#[test]
fn brazil_and_the_united_states_agree() {
    compare("BR", BRSettlement);
    compare("B3", BrazilExchange);
    compare("US-FEDERAL", USSettlement);
    compare("SAT-SUN", WeekendsOnly);
}

#[test]
fn every_german_state_agrees() {
    for (id, state) in [
        ("DE-BW", GermanState::BW),
        ("DE-BY", GermanState::BY),
        ("DE-BE", GermanState::BE),
        ("DE-BB", GermanState::BB),
        ("DE-HB", GermanState::HB),
        ("DE-HH", GermanState::HH),
        ("DE-HE", GermanState::HE),
        ("DE-MV", GermanState::MV),
        ("DE-NI", GermanState::NI),
        ("DE-NW", GermanState::NW),
        ("DE-RP", GermanState::RP),
        ("DE-SL", GermanState::SL),
        ("DE-SN", GermanState::SN),
        ("DE-ST", GermanState::ST),
        ("DE-SH", GermanState::SH),
        ("DE-TH", GermanState::TH),
        ("DE-ANY", GermanState::ANY),
    ] {
        compare(id, state);
    }
}

/// What a user of `bdays` may have written.
fn third_business_day(calendar: &impl HolidayCalendar<NaiveDate>, date: NaiveDate) -> NaiveDate {
    calendar.advance_bdays(date, 3)
}

#[test]
fn ours_serves_code_written_for_bdays() {
    let bank: Calendar = jeongsan_calendars::calendars(None).get(&"KR-BANK".parse().unwrap()).unwrap();
    // Closed from the 14th to the 18th of February: the start rolls forward, as that crate means it.
    assert_eq!(third_business_day(&bank, day(2026, 2, 14)), day(2026, 2, 24));
    assert!(bank.is_holiday(day(2026, 3, 1)) && !bank.is_holiday(day(2026, 2, 28)));
    assert_eq!(bank.to_bday(day(2026, 3, 1), false), day(2026, 2, 27));
    // The trait's own walk and our answers agree on closed starts, too.
    struct Walking<'a>(&'a Calendar);
    impl HolidayCalendar<NaiveDate> for Walking<'_> {
        fn is_holiday(&self, date: NaiveDate) -> bool {
            self.0.is_holiday(date)
        }
    }
    for date in DateRange::new(day(2026, 1, 1), day(2026, 12, 31)).unwrap().iter() {
        for n in [-9, -1, 0, 1, 9] {
            assert_eq!(bank.advance_bdays(date, n), Walking(&bank).advance_bdays(date, n));
        }
        let later = day(2027, 2, 7);
        assert_eq!(bank.bdays(date, later), Walking(&bank).bdays(date, later));
        assert_eq!(bank.bdays(later, date), Walking(&bank).bdays(later, date));
    }
}

#[test]
#[should_panic(
    expected = "`2101-01-01` lies outside of calendar `KR-BANK`, which covers 2000-01-01 to 2100-12-31"
)]
fn outside_of_its_range_the_trait_can_only_panic() {
    let bank = jeongsan_calendars::calendars(None).get(&"KR-BANK".parse().unwrap()).unwrap();
    let _ = bank.is_bday(day(2101, 1, 1));
}
