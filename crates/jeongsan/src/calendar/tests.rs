//! The laws of calendars, against a model that walks day by day.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::{Datelike, Days, NaiveDate, Weekday, WeekdaySet};
use proptest::prelude::*;

use super::*;

const WEEKEND: WeekdaySet = WeekdaySet::from_array([Weekday::Sat, Weekday::Sun]);

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn year_2026() -> DateRange {
    DateRange::new(day(2026, 1, 1), day(2026, 12, 31)).unwrap()
}

fn builder() -> CalendarBuilder {
    Calendar::builder("SHOP".parse().unwrap(), year_2026()).weekend(WEEKEND)
}

/// A calendar of some hundred days with random closed days, and the days it is open.
fn any_calendar(id: &'static str) -> impl Strategy<Value = (Calendar, Vec<NaiveDate>)> {
    let span = (0_u64..800, 1_usize..130);
    span.prop_flat_map(|(start, days)| (Just(start), proptest::collection::vec(0_u8..10, days))).prop_map(
        |(start, draws)| {
            let first = day(2023, 6, 1) + Days::new(start);
            let days: Vec<_> = first.iter_days().take(draws.len()).collect();
            let range = DateRange::new(first, *days.last().unwrap()).unwrap();
            // Three in ten are closed; long closed blocks matter, so a draw repeats for the four days behind it.
            let is_closed = |i: usize| draws[i - i % 4] < 3 || draws[i] == 9;
            let closed = (0..days.len()).filter(|&i| is_closed(i));
            let rows = closed.map(|i| Holiday::new(days[i], HolidayKind::Statutory, "closed"));
            let calendar = Calendar::builder(id.parse().unwrap(), range).holidays(rows).build().unwrap();
            let open = (0..days.len()).filter(|&i| !is_closed(i)).map(|i| days[i]).collect();
            (calendar, open)
        },
    )
}

/// The open days, looked at one by one, with all days outside of the range open or all closed.
struct Model<'a> {
    range: DateRange,
    open: &'a [NaiveDate],
    is_open_outside: bool,
}

impl Model<'_> {
    fn is_open(&self, date: NaiveDate) -> bool {
        if self.range.contains(date) { self.open.contains(&date) } else { self.is_open_outside }
    }

    /// The n-th open day from the date in a direction, the date itself not among them; the last one looked at when there is none near.
    fn walk(&self, mut date: NaiveDate, n: u32, forward: bool) -> NaiveDate {
        let (mut left, mut steps) = (n, 0);
        while left > 0 && steps < 400 {
            date = if forward { date.succ_opt() } else { date.pred_opt() }.unwrap();
            left -= u32::from(self.is_open(date));
            steps += 1;
        }
        date
    }

    fn adjust(&self, date: NaiveDate, convention: Convention) -> NaiveDate {
        if self.is_open(date) {
            return date;
        }
        let (next, previous) = (self.walk(date, 1, true), self.walk(date, 1, false));
        let month = |date: NaiveDate| (date.year(), date.month());
        let leaves_half = date.day() <= 15 && next.day() > 15;
        match convention {
            Convention::Unadjusted => date,
            Convention::Following => next,
            Convention::Preceding => previous,
            Convention::ModifiedFollowing if month(next) != month(date) => previous,
            Convention::HalfMonthModifiedFollowing if month(next) != month(date) || leaves_half => previous,
            Convention::ModifiedFollowing | Convention::HalfMonthModifiedFollowing => next,
            Convention::ModifiedPreceding if month(previous) != month(date) => next,
            Convention::ModifiedPreceding => previous,
            Convention::Nearest if next - date <= date - previous => next,
            Convention::NearestSunMon if matches!(date.weekday(), Weekday::Sun | Weekday::Mon) => next,
            Convention::Nearest | Convention::NearestSunMon => previous,
        }
    }
}

/// What is known: an answer that doesn't depend on the days outside of the range and lies inside.
fn known(
    calendar: &Calendar,
    open: &[NaiveDate],
    answer: impl Fn(&Model<'_>) -> NaiveDate,
) -> Option<NaiveDate> {
    let range = calendar.range();
    let [a, b] = [true, false].map(|is_open_outside| answer(&Model { range, open, is_open_outside }));
    (a == b && range.contains(a)).then_some(a)
}

fn shifted(
    calendar: &Calendar,
    open: &[NaiveDate],
    date: NaiveDate,
    n: i32,
    start: StartRule,
) -> Option<NaiveDate> {
    let from = match start {
        StartRule::Reject if !open.contains(&date) => return None,
        StartRule::Strict | StartRule::Reject => date,
        StartRule::RollForward => known(calendar, open, |model| model.adjust(date, Convention::Following))?,
        StartRule::RollBackward => known(calendar, open, |model| model.adjust(date, Convention::Preceding))?,
    };
    known(calendar, open, |model| model.walk(from, n.unsigned_abs(), n > 0))
}

proptest! {
    /// Every convention, from every day of the range.
    #[test]
    fn conventions_agree_with_walking((calendar, open) in any_calendar("ANY")) {
        for date in calendar.range().iter() {
            for &convention in Convention::ALL {
                let expected = known(&calendar, &open, |model| model.adjust(date, convention));
                let found = calendar.adjust(date, convention);
                prop_assert_eq!(found.as_ref().ok(), expected.as_ref(), "{} {}", date, convention);
                if let Ok(found) = found {
                    prop_assert_eq!(calendar.adjust(found, convention), Ok(found), "idempotent");
                    let stays = matches!(
                        convention,
                        Convention::ModifiedFollowing | Convention::ModifiedPreceding
                    );
                    let has_open_day = open.iter().any(|open| open.month() == date.month());
                    prop_assert!(!stays || !has_open_day || found.month() == date.month(), "stays in the month");
                }
            }
        }
    }

    #[test]
    fn shifts_agree_with_walking(
        (calendar, open) in any_calendar("ANY"),
        n in -40_i32..40,
        m in -40_i32..40,
        pick: prop::sample::Index,
    ) {
        let dates: Vec<_> = calendar.range().iter().collect();
        let date = dates[pick.index(dates.len())];
        for &start in StartRule::ALL {
            let expected = shifted(&calendar, &open, date, n, start);
            let found = calendar.add_business_days(date, n, start);
            prop_assert_eq!(found.as_ref().ok(), expected.as_ref(), "{} {} {}", date, n, start);
            // From a business day on, shifts add up.
            if let Ok(first) = found
                && calendar.is_business_day(first) == Ok(true)
                && let Ok(second) = calendar.add_business_days(first, m, start)
                && calendar.is_business_day(date) == Ok(true)
            {
                prop_assert_eq!(calendar.add_business_days(date, n + m, start), Ok(second));
            }
        }
    }

    #[test]
    fn counts_agree_with_walking_and_add_up(
        (calendar, open) in any_calendar("ANY"),
        picks: [prop::sample::Index; 3],
    ) {
        let dates: Vec<_> = calendar.range().iter().collect();
        let [a, b, c] = picks.map(|pick| dates[pick.index(dates.len())]);
        let count = |from, to, ends| calendar.count(from, to, ends).unwrap();
        for &ends in CountedEnds::ALL {
            let (first, last) = (a.min(b), a.max(b));
            let is_inside = |date: NaiveDate| {
                let inner = first < date && date < last;
                let earlier = date == first && matches!(ends, CountedEnds::Earlier | CountedEnds::Both);
                let later = date == last && matches!(ends, CountedEnds::Later | CountedEnds::Both);
                // A day counted against itself: both ends are it, so one end in and one out leaves nothing.
                if first == last { date == first && ends == CountedEnds::Both } else { inner || earlier || later }
            };
            let size = i32::try_from(open.iter().filter(|&&date| is_inside(date)).count()).unwrap();
            prop_assert_eq!(count(a, b, ends), if b < a { -size } else { size }, "{} {} {}", a, b, ends);
        }
        let sum = count(a, b, CountedEnds::Earlier) + count(b, c, CountedEnds::Earlier);
        prop_assert_eq!(sum, count(a, c, CountedEnds::Earlier));
    }

    /// Rank and select are each other's inverse: the n-th business day has n business days before it.
    #[test]
    fn rank_and_select_are_inverse((calendar, open) in any_calendar("ANY")) {
        let first = calendar.range().first();
        prop_assert_eq!(calendar.business_days(calendar.range()).unwrap(), &open);
        for (n, &date) in open.iter().enumerate() {
            let n = i32::try_from(n).unwrap();
            prop_assert_eq!(calendar.count(first, date, CountedEnds::Earlier), Ok(n));
            prop_assert_eq!(calendar.add_business_days(first, n, StartRule::RollForward), Ok(date));
        }
        let closed: Vec<_> = calendar.closed_days(calendar.range()).unwrap().map(|day| day.date).collect();
        let expected: Vec<_> = calendar.range().iter().filter(|date| !open.contains(date)).collect();
        prop_assert_eq!(closed, expected);
    }

    #[test]
    fn days_of_a_month_are_those_of_the_walk((calendar, open) in any_calendar("ANY"), n in -35_i32..35) {
        for date in calendar.range().iter() {
            let of_month: Vec<_> = open
                .iter()
                .filter(|open| (open.year(), open.month()) == (date.year(), date.month()))
                .collect();
            let place = if n > 0 { n - 1 } else { i32::try_from(of_month.len()).unwrap() + n };
            let expected = usize::try_from(place).ok().filter(|_| n != 0);
            let expected = expected.and_then(|place| of_month.get(place)).map(|&&date| date);
            let month = month_of(date);
            let is_covered = [month.first(), month.last()].iter().all(|&end| calendar.range().contains(end));
            let found = calendar.nth_business_day_of_month(date, n);
            prop_assert_eq!(found.ok(), is_covered.then_some(expected));
        }
    }

    /// A join is the AND (or the OR) of its parts over the days that all of them cover.
    #[test]
    fn a_join_is_what_its_parts_are(
        (a, _) in any_calendar("A"),
        (b, _) in any_calendar("B"),
        (c, _) in any_calendar("C"),
    ) {
        let parts = [a.clone(), b.clone(), c.clone()];
        let common = a.range().intersection(b.range()).and_then(|range| range.intersection(c.range()));
        for &join in Join::ALL {
            let joined = Calendar::join(&parts, join);
            let Some(common) = common else {
                prop_assert!(joined.is_err());
                continue;
            };
            let joined = joined.unwrap();
            prop_assert_eq!(joined.range(), common);
            for date in common.iter() {
                let mut open = parts.iter().map(|part| part.is_business_day(date).unwrap());
                let expected = match join {
                    Join::AllOpen => open.all(|open| open),
                    Join::AnyOpen => open.any(|open| open),
                };
                prop_assert_eq!(joined.is_business_day(date), Ok(expected));
            }
            let reversed = [parts[2].clone(), parts[1].clone(), parts[0].clone(), parts[1].clone()];
            prop_assert_eq!(&Calendar::join(&reversed, join).unwrap(), &joined);
        }
    }
}

#[test]
fn weekends_have_eras_and_worked_days_win() {
    let worked = Holiday::new(day(2026, 8, 22), HolidayKind::WorkingDay, "대체 근무");
    let calendar = builder()
        .weekend_from(day(2026, 7, 1), WeekdaySet::from_array([Weekday::Fri, Weekday::Sat]))
        .holiday(worked.clone())
        .holiday(Holiday::new(day(2026, 8, 22), HolidayKind::Statutory, "휴일"))
        .build()
        .unwrap();
    let is_open = |month, date| calendar.is_business_day(day(2026, month, date)).unwrap();
    assert!(!is_open(6, 28), "a Sunday of the old era");
    assert!(is_open(7, 5), "a Sunday of the new era");
    assert!(is_open(6, 26) && !is_open(7, 3), "Fridays before and after");
    assert!(is_open(8, 22), "a worked Saturday");
    assert_eq!(calendar.holidays_on(day(2026, 8, 22)).unwrap().first(), Some(&worked));
}

#[test]
fn what_was_not_yet_known_is_left_out() {
    let temporary = Holiday {
        known_on: Some(day(2026, 3, 10)),
        ..Holiday::new(day(2026, 4, 6), HolidayKind::Temporary, "임시공휴일")
    };
    let as_of = |date: Option<NaiveDate>| builder().holiday(temporary.clone()).as_of(date).build().unwrap();
    let before = as_of(Some(day(2026, 3, 9)));
    let on_the_day = as_of(Some(day(2026, 3, 10)));
    assert!(before.is_business_day(day(2026, 4, 6)).unwrap());
    assert!(!on_the_day.is_business_day(day(2026, 4, 6)).unwrap());
    assert!(!as_of(None).is_business_day(day(2026, 4, 6)).unwrap());
    let changes = before.changes(&on_the_day);
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].to_string(), "2026-04-06 (Mon, 임시공휴일) is closed now");
    let back = on_the_day.changes(&before);
    assert_eq!(back[0].to_string(), "2026-04-06 (Mon, 임시공휴일) is open now");
}

#[test]
fn status_is_that_of_the_entry_or_of_the_publications() {
    let projected = Holiday {
        status: Status::Projected,
        ..Holiday::new(day(2026, 5, 1), HolidayKind::Statutory, "노동절")
    };
    let announced = Holiday::new(day(2026, 9, 1), HolidayKind::Temporary, "임시공휴일");
    let calendar =
        builder().holidays([projected, announced]).official_through(day(2026, 6, 30)).build().unwrap();
    let status = |month, date| calendar.status(day(2026, month, date)).unwrap();
    assert_eq!((status(5, 1), status(5, 2)), (Status::Projected, Status::Official));
    assert_eq!((status(6, 30), status(7, 1)), (Status::Official, Status::Projected));
    assert_eq!(status(9, 1), Status::Official);
}

#[test]
fn versions_tell_knowledge_apart_and_stay() {
    let plain = builder().build().unwrap();
    assert_eq!(plain.version().as_str(), "SHOP#451636014a84ce47");
    let holiday = Holiday::new(day(2026, 5, 1), HolidayKind::Statutory, "노동절");
    let with_day = builder().holiday(holiday.clone()).build().unwrap();
    let renamed = Holiday { english: "Labor Day".into(), ..holiday };
    let with_name = builder().holiday(renamed).build().unwrap();
    let shorter = builder().official_through(day(2026, 6, 1)).build().unwrap();
    let versions = [&plain, &with_day, &with_name, &shorter].map(|calendar| calendar.version().as_str());
    for (i, version) in versions.iter().enumerate() {
        assert!(!versions[..i].contains(version));
    }
    assert_eq!(plain.to_builder().build().unwrap(), plain);
    let as_of = plain.to_builder().as_of(Some(day(2026, 1, 5))).build().unwrap();
    assert_eq!(as_of.version().as_str(), "SHOP@2026-01-05#451636014a84ce47");
}

#[test]
fn a_join_explains_itself_by_the_holidays_that_decide() {
    let row = |date, name: &'static str| Holiday::new(date, HolidayKind::Statutory, name);
    let named = |id: &str| Calendar::builder(id.parse().unwrap(), year_2026()).weekend(WEEKEND);
    let a = named("A").holidays([row(day(2026, 5, 1), "a"), row(day(2026, 5, 4), "both")]).build().unwrap();
    let b =
        named("B").holiday(row(day(2026, 5, 4), "both")).official_through(day(2026, 4, 1)).build().unwrap();
    let set: Calendars = [a, b].into_iter().collect();
    let all = set.get(&"A+B".parse().unwrap()).unwrap();
    let any = set.get(&"B~A".parse().unwrap()).unwrap();
    let names = |calendar: &Calendar, date| {
        let rows = calendar.holidays_on(date).unwrap();
        rows.iter().map(|row| row.name.to_string()).collect::<Vec<String>>()
    };
    assert_eq!(names(&all, day(2026, 5, 1)), ["a"]);
    assert_eq!(names(&any, day(2026, 5, 1)), [""; 0]);
    assert_eq!(names(&any, day(2026, 5, 4)), ["both"]);
    assert_eq!(all.status(day(2026, 5, 1)), Ok(Status::Projected), "open in B, as projected");
    // `+` binds closer: open when A and B are, or A is.
    assert_eq!(set.get(&"A+B~A".parse().unwrap()).unwrap().id().as_str(), "A~A+B");
}

#[test]
fn errors_name_the_calendar_and_its_range() {
    let calendar = builder().build().unwrap();
    let outside = calendar.is_business_day(day(2027, 1, 1)).unwrap_err();
    assert_eq!(
        outside.to_string(),
        "`2027-01-01` lies outside of calendar `SHOP`, which covers 2026-01-01 to 2026-12-31"
    );
    assert_eq!((outside.code(), outside.side()), ("out-of-range", Some(Side::After)));
    let beyond = calendar.add_business_days(day(2026, 1, 1), -1, StartRule::Strict).unwrap_err();
    assert_eq!(
        beyond.to_string(),
        "the day sought from `2026-01-01` lies before the range of calendar `SHOP`, which covers 2026-01-01 to 2026-12-31"
    );
    let closed = calendar.add_business_days(day(2026, 1, 3), 1, StartRule::Reject).unwrap_err();
    assert_eq!(closed.to_string(), "`2026-01-03` is no business day of calendar `SHOP`");
    let unknown = Calendars::new().get(&"KR+".parse().unwrap()).unwrap_err();
    assert_eq!(unknown.to_string(), "calendar `KR` is not known; known are none");
    let holiday = Holiday::new(day(2026, 5, 1), HolidayKind::Statutory, "노동절");
    let twice = builder().holidays([holiday.clone(), holiday.clone()]).build().unwrap_err();
    assert_eq!(twice.to_string(), "calendar `SHOP` has `노동절` twice on `2026-05-01`");
    let late = Holiday { date: day(2027, 5, 1), ..holiday };
    assert_eq!(builder().holiday(late).build().unwrap_err().code(), "out-of-range");
    let long = DateRange::new(day(1, 1, 1), day(1001, 1, 1)).unwrap();
    let long = Calendar::builder("LONG".parse().unwrap(), long).build().unwrap_err();
    assert_eq!(long.to_string(), "calendar `LONG` from 0001-01-01 to 1001-01-01 has more than 1000 years");
    let empty = DateRange::new(day(2026, 1, 2), day(2026, 1, 1)).unwrap_err();
    assert_eq!(empty.to_string(), "the range from `2026-01-02` to `2026-01-01` is empty");
    assert_eq!(
        Calendar::join(&[], Join::AllOpen).unwrap_err().to_string(),
        "the parts of calendar `` have no day in common"
    );
    assert_eq!(
        "next".parse::<Convention>().unwrap_err().to_string(),
        "convention `next` is none of `unadjusted`, `following`, `modified-following`, `preceding`, \
         `modified-preceding`, `half-month-modified-following`, `nearest`, `nearest-sun-mon`"
    );
}
