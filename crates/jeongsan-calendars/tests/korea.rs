//! Korea's holidays against the reference data, and its calendars against a model that walks day by day.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate, Weekday};
use jeongsan::calendar::{Calendar, Convention, CountedEnds, DateRange, HolidayKind, StartRule, Status};
use jeongsan_calendars::korea::{self, Scope};
use jeongsan_calendars::{FIRST_DAY, LAST_DAY, OFFICIAL_THROUGH, calendars};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn calendar(id: &str, as_of: Option<NaiveDate>) -> Calendar {
    calendars(as_of).get(&id.parse().unwrap()).unwrap()
}

/// The rules give the reference file to the last character.
#[test]
fn the_rules_give_the_reference_data() {
    let mut text = String::from("date,name_ko,name_en,kind,substitute_for,scope,known_on,status\n");
    for (scope, day) in korea::holidays().iter().filter(|(_, day)| day.date.year() <= 2030) {
        let date = |date: Option<NaiveDate>| date.map_or_else(String::new, |date| date.to_string());
        let (name, english, kind, status) = (&day.name, &day.english, day.kind, day.status);
        let (for_date, known_on) = (date(day.substitute_for), date(day.known_on));
        writeln!(text, "{},{name},{english},{kind},{for_date},{scope},{known_on},{status}", day.date)
            .unwrap();
    }
    let reference = include_str!("../data/kr_holidays.csv");
    for (i, (found, expected)) in text.lines().zip(reference.lines()).enumerate() {
        assert_eq!(found, expected, "line {}", i + 1);
    }
    assert_eq!(text.lines().count(), reference.lines().count());
}

#[test]
fn the_lunar_table_is_the_reference_data() {
    let mut found = 0;
    for line in include_str!("../data/kr_lunar.csv").lines().skip(1) {
        let dates: Vec<NaiveDate> = line.split(',').skip(1).map(|date| date.parse().unwrap()).collect();
        if dates[0] < FIRST_DAY {
            continue;
        }
        for (date, name) in dates.into_iter().zip(["설날", "부처님오신날", "추석"]) {
            let is_it = |day: &jeongsan::calendar::Holiday| day.date == date && day.name == name;
            assert!(korea::holidays().iter().any(|(_, day)| is_it(day)), "{date} {name}");
            found += 1;
        }
    }
    assert_eq!(found, 101 * 3);
}

/// What an independent library projects for the years behind the reference data.
#[test]
fn the_projection_is_that_of_an_independent_source() {
    let bank = calendar("KR-BANK", None);
    let range = DateRange::new(day(2031, 1, 1), LAST_DAY).unwrap();
    let is_weekday = |date: &NaiveDate| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let closed = bank.closed_days(range).unwrap().map(|day| day.date).filter(is_weekday);
    let lines = include_str!("data/kr_bank_2031_2100.csv").lines().filter(|line| !line.starts_with('#'));
    let expected = lines.skip(1).map(|line| line.parse::<NaiveDate>().unwrap());
    assert!(closed.eq(expected));
}

#[test]
fn substitutes_follow_their_rules() {
    let bank = calendar("KR-BANK", None);
    let names = |date| bank.holidays_on(date).unwrap().iter().map(|day| &*day.name).collect::<Vec<_>>();
    // Two holidays on one day are given back once.
    assert_eq!(names(day(2025, 5, 6)), ["대체공휴일(부처님오신날·어린이날)"]);
    assert_eq!(names(day(2025, 5, 7)), [""; 0]);
    // Two days of one block are given back twice.
    assert_eq!(names(day(2036, 10, 6)), ["대체공휴일(개천절·추석)"]);
    assert_eq!(names(day(2036, 10, 7)), ["대체공휴일(추석)"]);
    // A festival's Saturday is never given back.
    assert!(bank.is_business_day(day(2026, 9, 28)).unwrap());
}

#[test]
fn elections_keep_clear_of_holidays() {
    let elections: Vec<_> = korea::holidays()
        .into_iter()
        .filter(|(_, day)| day.kind == HolidayKind::Election && day.date > OFFICIAL_THROUGH)
        .map(|(_, day)| (day.date, day.name))
        .collect();
    let of_year = |year| elections.iter().filter(move |(date, _)| date.year() == year);
    assert_eq!(of_year(2028).next().unwrap().0, day(2028, 4, 12));
    let of_2030: Vec<_> = of_year(2030).map(|(date, _)| *date).collect();
    assert_eq!(of_2030, [day(2030, 3, 27), day(2030, 6, 12)]);
    assert!(elections.iter().all(|(date, _)| date.weekday() == Weekday::Wed));
    assert_eq!(elections.len(), 19 + 15 + 18);
}

#[test]
fn every_day_has_a_status() {
    let bank = calendar("KR-BANK", None);
    assert_eq!(bank.status(OFFICIAL_THROUGH), Ok(Status::Official));
    assert_eq!(bank.status(day(2028, 1, 1)), Ok(Status::Projected));
    assert_eq!(bank.status(day(2028, 1, 3)), Ok(Status::Projected), "an open day");
    assert_eq!(calendar("WEEKENDS", None).status(LAST_DAY), Ok(Status::Official));
}

#[test]
fn each_decision_is_known_from_its_day_on() {
    let decided: Vec<_> = korea::holidays()
        .into_iter()
        .filter(|(_, day)| day.known_on.is_some_and(|on| on < day.date))
        .collect();
    assert!(decided.len() > 100);
    let mut known_on: Vec<_> = decided.iter().filter_map(|(_, day)| day.known_on).collect();
    known_on.sort_unstable();
    known_on.dedup();
    for known_on in known_on {
        let before = calendar("KR-PUBLIC", known_on.pred_opt());
        let after = calendar("KR-PUBLIC", Some(known_on));
        for (_, day) in decided.iter().filter(|(_, day)| day.known_on == Some(known_on)) {
            assert!(!before.holidays_on(day.date).unwrap().contains(day), "{} {}", day.date, day.name);
            assert!(after.holidays_on(day.date).unwrap().contains(day), "{} {}", day.date, day.name);
        }
    }
}

#[test]
fn statutory_deadlines_are_data() {
    let [consignment, purchase, platform] = &korea::DEADLINES;
    let check = consignment.check(day(2026, 3, 2), day(2026, 5, 11)).unwrap().unwrap();
    assert_eq!((check.due, check.days_late()), (day(2026, 5, 10), 1));
    let check = purchase.check(day(2026, 3, 2), day(2026, 5, 1)).unwrap().unwrap();
    assert_eq!((check.due, check.is_breached()), (day(2026, 5, 1), false));
    assert_eq!(platform.check(day(2026, 3, 2), day(2027, 1, 1)), Ok(None), "a bill, not a law");
    assert_eq!(platform.due(day(2026, 3, 2)), Ok(day(2026, 3, 22)));
}

/// The calendars by their definition: weekends and the holidays of their scopes, walked day by day.
struct Walk {
    closed: BTreeSet<NaiveDate>,
}

impl Walk {
    fn new(scope: Scope) -> Self {
        let of_scope = korea::holidays().into_iter().filter(|(within, _)| *within <= scope);
        Self { closed: of_scope.map(|(_, day)| day.date).collect() }
    }

    fn is_open(&self, date: NaiveDate) -> bool {
        !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !self.closed.contains(&date)
    }

    /// The n-th open day after the date, or before it; `None` where the range ends first.
    fn add(&self, mut date: NaiveDate, n: i32) -> Option<NaiveDate> {
        let mut left = n.unsigned_abs();
        while left > 0 {
            date = if n > 0 { date.succ_opt() } else { date.pred_opt() }?;
            if date < FIRST_DAY || date > LAST_DAY {
                return None;
            }
            left -= u32::from(self.is_open(date));
        }
        Some(date)
    }

    /// The range ends with a month on both sides, so a day sought beyond it lies in another month, and at least a day behind the last.
    fn adjust(&self, date: NaiveDate, convention: Convention) -> Option<NaiveDate> {
        if self.is_open(date) || convention == Convention::Unadjusted {
            return Some(date);
        }
        let next = self.add(date, 1).or(LAST_DAY.succ_opt())?;
        let previous = self.add(date, -1).or(FIRST_DAY.pred_opt())?;
        let month = |date: NaiveDate| (date.year(), date.month());
        let leaves_half = date.day() <= 15 && next.day() > 15;
        let is_forward = match convention {
            Convention::Following => true,
            Convention::ModifiedFollowing => month(next) == month(date),
            Convention::HalfMonthModifiedFollowing => month(next) == month(date) && !leaves_half,
            Convention::ModifiedPreceding => month(previous) != month(date),
            Convention::Nearest => next - date <= date - previous,
            Convention::NearestSunMon => matches!(date.weekday(), Weekday::Sun | Weekday::Mon),
            Convention::Unadjusted | Convention::Preceding => false,
        };
        let moved = if is_forward { next } else { previous };
        (FIRST_DAY..=LAST_DAY).contains(&moved).then_some(moved)
    }
}

/// Every day of the range, every convention and start rule, and the counts from the first day.
#[test]
fn every_day_of_a_century_agrees_with_walking() {
    for (id, scope) in [("KR-PUBLIC", Scope::Public), ("KR-BANK", Scope::Bank), ("KRX", Scope::Exchange)] {
        let (calendar, walk) = (calendar(id, None), Walk::new(scope));
        let mut count = 0;
        for date in FIRST_DAY.iter_days().take_while(|&date| date <= LAST_DAY) {
            let is_open = walk.is_open(date);
            assert_eq!(calendar.is_business_day(date), Ok(is_open), "{id} {date}");
            assert_eq!(calendar.count(FIRST_DAY, date, CountedEnds::Earlier), Ok(count));
            count += i32::from(is_open);
            for &convention in Convention::ALL {
                let found = calendar.adjust(date, convention).ok();
                assert_eq!(found, walk.adjust(date, convention), "{id} {date} {convention}");
            }
            for n in [-7, -1, 0, 1, 2, 15] {
                let add = |start| calendar.add_business_days(date, n, start).ok();
                assert_eq!(add(StartRule::Strict), walk.add(date, n), "{id} {date} {n}");
                let rolled = |convention| walk.adjust(date, convention).and_then(|date| walk.add(date, n));
                assert_eq!(add(StartRule::RollForward), rolled(Convention::Following), "{id} {date} {n}");
                assert_eq!(add(StartRule::RollBackward), rolled(Convention::Preceding), "{id} {date} {n}");
                assert_eq!(add(StartRule::Reject), walk.add(date, n).filter(|_| is_open), "{id} {date} {n}");
            }
        }
    }
}
