//! The laws of schedules, against a model that looks at every day.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::num::NonZeroU16;

use chrono::{DateTime, Datelike, Days, NaiveDate, Weekday, WeekdaySet};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::calendar::{Calendar, Calendars, Convention, DateRange, Holiday, HolidayKind, StartRule};
use crate::money::{AllocationMethod, Amount};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// Three years with a leap day, weekends, and blocks of holidays.
fn any_calendar() -> impl Strategy<Value = Calendar> {
    vec((0_u64..1096, 1_u64..6), 0..60).prop_map(|blocks| {
        let range = DateRange::new(day(2027, 1, 1), day(2029, 12, 31)).unwrap();
        let days = blocks.into_iter().flat_map(|(start, length)| start..start + length);
        let mut dates: Vec<_> = days.map(|offset| range.first() + Days::new(offset)).collect();
        dates.retain(|&date| range.contains(date));
        dates.sort_unstable();
        dates.dedup();
        Calendar::builder("ANY".parse().unwrap(), range)
            .weekend(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun]))
            .holidays(dates.into_iter().map(|date| Holiday::new(date, HolidayKind::Statutory, "holiday")))
            .build()
            .unwrap()
    })
}

fn any_method() -> impl Strategy<Value = CycleMethod> {
    let of_year = (1_u8..=12, 1_u8..=31).prop_map(|(month, day)| {
        let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][usize::from(month) - 1];
        (month, day.min(longest))
    });
    let nth_weekday =
        (1_u8..=5, select(&WEEKDAYS[..])).prop_map(|(nth, weekday)| NthWeekday::new(nth, weekday).unwrap());
    let from = (0_u64..1400).prop_map(|offset| day(2026, 6, 1) + Days::new(offset));
    prop_oneof![
        Just(CycleMethod::Daily),
        vec(select(&WEEKDAYS[..]), 1..4).prop_map(|days| CycleMethod::Weekly(Weekdays::new(days).unwrap())),
        vec(1_u32..=31, 1..4).prop_map(|days| CycleMethod::Monthly(DaysOfMonth::new(days).unwrap())),
        vec(of_year, 1..5).prop_map(|days| CycleMethod::Dates(DaysOfYear::new(days).unwrap())),
        Just(CycleMethod::Dates(DaysOfYear::new([(2, 29)]).unwrap())),
        (1_u16..40, from).prop_map(|(days, from)| {
            CycleMethod::EveryDays(EveryDays { days: NonZeroU16::new(days).unwrap(), from })
        }),
        vec(1_u32..=31, 1..3)
            .prop_map(|days| CycleMethod::NthBusinessDay(BusinessDayNumbers::new(days).unwrap())),
        vec(nth_weekday, 1..3).prop_map(|days| CycleMethod::NthWeekday(NthWeekdays::new(days).unwrap())),
    ]
}

fn any_lag() -> impl Strategy<Value = Lag> {
    prop_oneof![
        (0_u16..20).prop_map(Lag::Days),
        (0_u16..20, select(StartRule::ALL))
            .prop_map(|(days, start)| { Lag::BusinessDays { days, start, calendar: None } }),
    ]
}

fn any_cycle() -> impl Strategy<Value = Cycle> {
    (any_lag(), any_method(), select(DatePolicy::ALL)).prop_map(|(lag, method, date_policy)| Cycle {
        lag,
        method,
        date_policy,
    })
}

fn any_options() -> impl Strategy<Value = ScheduleOptions> {
    (any::<bool>(), select(Floor::ALL)).prop_map(|(adjust_after_holiday_if_earlier, floor)| ScheduleOptions {
        adjust_after_holiday_if_earlier,
        floor,
    })
}

/// Whether a date is one of a cycle, by its definition.
fn is_cycle_date(method: &CycleMethod, date: NaiveDate, calendar: &Calendar) -> bool {
    let is_month_end = (date + Days::new(1)).day() == 1;
    match method {
        CycleMethod::Daily => true,
        CycleMethod::Weekly(weekdays) => weekdays.iter().any(|weekday| weekday == date.weekday()),
        CycleMethod::Monthly(days) => {
            days.iter().any(|day| day == date.day() || (is_month_end && day > date.day()))
        }
        CycleMethod::Dates(days) => days.iter().any(|(month, day)| {
            let is_stand_in = (month, day) == (2, 29) && date.month() == 2 && is_month_end;
            (u32::from(month), u32::from(day)) == (date.month(), date.day()) || is_stand_in
        }),
        CycleMethod::EveryDays(every) => {
            date >= every.from && (date - every.from).num_days() % i64::from(every.days.get()) == 0
        }
        CycleMethod::NthBusinessDay(numbers) => {
            let is_open = |date: &NaiveDate| calendar.is_business_day(*date) == Ok(true);
            let first = date.with_day(1).unwrap();
            let of_month: Vec<_> =
                first.iter_days().take_while(|other| other.month() == date.month()).filter(is_open).collect();
            let place = of_month.iter().position(|&other| other == date);
            place.is_some_and(|place| {
                let is_last = place + 1 == of_month.len();
                numbers
                    .iter()
                    .filter_map(|n| usize::try_from(n).ok())
                    .any(|n| n == place + 1 || (is_last && n > place + 1))
            })
        }
        CycleMethod::NthWeekday(weekdays) => weekdays.iter().any(|one| {
            let is_last = (date + Days::new(7)).month() != date.month();
            let is_nth = one.nth().map_or(is_last, |nth| (date.day() - 1) / 7 + 1 == u32::from(nth));
            one.weekday() == date.weekday() && is_nth
        }),
    }
}

/// The settlement date by the words of the rule; `None` where a day of the way lies outside of the range.
fn model(
    cycle: &Cycle,
    options: ScheduleOptions,
    calendar: &Calendar,
    start: NaiveDate,
) -> Option<NaiveDate> {
    let earliest = match &cycle.lag {
        Lag::Days(days) => start + Days::new(u64::from(*days)),
        Lag::BusinessDays { days, start: rule, .. } => {
            calendar.add_business_days(start, i32::from(*days), *rule).ok()?
        }
    };
    let range = calendar.range();
    let candidate =
        earliest.iter_days().take(1500).find(|&date| is_cycle_date(&cycle.method, date, calendar))?;
    if !range.contains(candidate) {
        return None;
    }
    let moved = calendar.adjust(candidate, cycle.date_policy.convention()).ok()?;
    let is_on_or_before_start = options.adjust_after_holiday_if_earlier && moved <= start;
    let is_below_floor = options.floor == Floor::Earliest && moved < earliest;
    if is_on_or_before_start || is_below_floor {
        return calendar.adjust(candidate, Convention::Following).ok();
    }
    Some(moved)
}

proptest! {
    #[test]
    fn settlement_dates_agree_with_the_words(
        calendar in any_calendar(),
        cycle in any_cycle(),
        options in any_options(),
    ) {
        let schedule = cycle.resolve(Some(&calendar), options).unwrap();
        for start in calendar.range().iter().step_by(11) {
            let expected = model(&cycle, options, &calendar, start);
            let found = schedule.settlement_date(start);
            prop_assert_eq!(found.as_ref().ok(), expected.as_ref(), "{} {:?}", &cycle, start);
            if let Ok(found) = found {
                let explained = schedule.explain(start).unwrap();
                prop_assert_eq!(explained.settlement_date, found);
                let is_closed = |date| calendar.is_business_day(date) == Ok(false);
                prop_assert!(explained.moved_over.iter().all(|day| is_closed(day.date)));
                let crosses = explained.candidate != found;
                prop_assert!(!crosses || explained.moved_over.iter().any(|day| day.date == explained.candidate));
            }
        }
    }

    /// The window of a pay day holds exactly the starts that are paid on it.
    #[test]
    fn a_window_holds_the_starts_of_its_pay_day(
        calendar in any_calendar(),
        cycle in any_cycle(),
        options in any_options(),
    ) {
        let schedule = cycle.resolve(Some(&calendar), options).unwrap();
        let dates: Vec<_> =
            calendar.range().iter().map(|start| (start, schedule.settlement_date(start).ok())).collect();
        for pay_day in calendar.range().iter().step_by(31).chain(dates.iter().filter_map(|pair| pair.1).step_by(17)) {
            let mut paid = dates.iter().filter(|(_, date)| *date == Some(pay_day)).map(|pair| pair.0);
            let expected = paid.next().map(|first| (first, paid.next_back().unwrap_or(first)));
            let window = schedule.start_dates(pay_day).unwrap();
            prop_assert_eq!(window.map(|range| (range.first(), range.last())), expected, "{}", pay_day);
            if let Some(window) = window {
                let inside = dates.iter().filter(|(start, _)| window.contains(*start));
                prop_assert!(inside.filter_map(|pair| pair.1).all(|date| date == pay_day));
            }
        }
    }

    #[test]
    fn dates_between_two_days_are_the_moved_dates_of_the_cycle(
        calendar in any_calendar(),
        cycle in any_cycle(),
        picks: [prop::sample::Index; 2],
    ) {
        let schedule = cycle.resolve(Some(&calendar), ScheduleOptions::default()).unwrap();
        let days: Vec<_> = calendar.range().iter().collect();
        let [a, b] = picks.map(|pick| days[pick.index(days.len())]);
        let range = DateRange::new(a.min(b), a.max(b)).unwrap();
        let candidates = days.iter().filter(|&&date| is_cycle_date(&cycle.method, date, &calendar));
        let moved = candidates.filter_map(|&date| calendar.adjust(date, cycle.date_policy.convention()).ok());
        let mut expected: Vec<_> = moved.filter(|&date| range.contains(date)).collect();
        expected.dedup();
        let found: Vec<_> = schedule.dates_between(range).unwrap().collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn texts_read_back(cycle in any_cycle()) {
        prop_assert_eq!(cycle.to_string().parse::<Cycle>(), Ok(cycle));
    }

    /// Without a calendar the dates are those on a calendar that closes nothing.
    #[test]
    fn a_calendar_that_closes_nothing_changes_nothing(
        lag in 1_u16..20,
        method in any_method(),
        pick in 0_u64..700,
    ) {
        let cycle = Cycle { lag: Lag::Days(lag), method, date_policy: DatePolicy::CalendarDay };
        prop_assume!(!cycle.needs_calendar(ScheduleOptions::default()));
        let range = DateRange::new(day(2027, 1, 1), day(2040, 12, 31)).unwrap();
        let open = Calendar::builder("OPEN".parse().unwrap(), range).build().unwrap();
        let start = range.first() + Days::new(pick);
        let with = cycle.resolve(Some(&open), ScheduleOptions::default()).unwrap();
        let without = cycle.resolve(None, ScheduleOptions::default()).unwrap();
        let date = without.settlement_date(start);
        prop_assert_eq!(&with.settlement_date(start), &date);
        let window = without.start_dates(date.unwrap()).unwrap().unwrap();
        prop_assert!(window.contains(start));
        let window_with = with.start_dates(without.settlement_date(start).unwrap()).unwrap();
        prop_assert_eq!(window.intersection(range), window_with);
    }
}

fn calendar() -> Calendar {
    let holiday = |month, date, name| Holiday::new(day(2026, month, date), HolidayKind::Lunar, name);
    Calendar::builder("BANK".parse().unwrap(), DateRange::new(day(2026, 1, 1), day(2026, 12, 31)).unwrap())
        .weekend(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun]))
        .holidays([holiday(2, 16, "설날 전날"), holiday(2, 17, "설날"), holiday(2, 18, "설날 다음날")])
        .build()
        .unwrap()
}

fn schedule(cycle: &str) -> Schedule {
    cycle.parse::<Cycle>().unwrap().resolve(Some(&calendar()), ScheduleOptions::default()).unwrap()
}

#[test]
fn explanations_are_sentences() {
    let version = calendar().version().to_string();
    let late = schedule("3d daily holiday-before");
    assert_eq!(
        late.explain(day(2026, 2, 14)).unwrap().to_string(),
        alloc::format!(
            "2026-02-14 with a lag of `3d` is 2026-02-17.\n\
             The first date of `daily` on or after it is 2026-02-17.\n\
             It is closed; `holiday-before` moves it to 2026-02-13.\n\
             That is not after the start, so the business day that follows 2026-02-17 is taken: 2026-02-19, \
             over 2026-02-17 (Tue, 설날), 2026-02-18 (Wed, 설날 다음날).\n\
             The settlement date is 2026-02-19, by calendar {version}."
        )
    );
    let moved = schedule("1bd-strict weekly:WED holiday-after");
    assert_eq!(
        moved.explain(day(2026, 2, 6)).unwrap().to_string(),
        alloc::format!(
            "2026-02-06 with a lag of `1bd-strict` is 2026-02-09, passing over 2026-02-07 (Sat), 2026-02-08 (Sun).\n\
             The first date of `weekly:WED` on or after it is 2026-02-11.\n\
             It stays under `holiday-after`.\n\
             The settlement date is 2026-02-11, by calendar {version}."
        )
    );
    let free = "1d daily calendar-day".parse::<Cycle>().unwrap();
    let free = free.resolve(None, ScheduleOptions::default()).unwrap();
    assert!(free.explain(day(2026, 2, 6)).unwrap().to_string().ends_with("2026-02-07, by no calendar."));
}

#[test]
fn a_floor_keeps_the_hold() {
    let cycle: Cycle = "3d daily holiday-before".parse().unwrap();
    let resolve = |floor| {
        let options = ScheduleOptions { adjust_after_holiday_if_earlier: true, floor };
        cycle.resolve(Some(&calendar()), options).unwrap()
    };
    // Held until Sunday the 15th; the day before is the 13th, later than the start.
    let start = day(2026, 2, 12);
    assert_eq!(resolve(Floor::None).settlement_date(start), Ok(day(2026, 2, 13)));
    let held = resolve(Floor::Earliest);
    assert_eq!(held.settlement_date(start), Ok(day(2026, 2, 19)));
    let text = held.explain(start).unwrap().to_string();
    assert!(text.contains("\nThat is before the end of the lag, so the business day"), "{text}");
}

#[test]
fn a_date_on_the_start_itself_gives_way_too() {
    let cycle: Cycle = "1d daily holiday-before".parse().unwrap();
    let on_the_13th = |adjust_after_holiday_if_earlier| {
        let options = ScheduleOptions { adjust_after_holiday_if_earlier, floor: Floor::None };
        cycle.resolve(Some(&calendar()), options).unwrap().settlement_date(day(2026, 2, 13))
    };
    assert_eq!(on_the_13th(false), Ok(day(2026, 2, 13)));
    assert_eq!(on_the_13th(true), Ok(day(2026, 2, 19)));
}

#[test]
fn a_lag_can_count_on_another_calendar() {
    let monday =
        Holiday::new(day(2026, 1, 19), HolidayKind::Statutory, "Birthday of Martin Luther King, Jr.");
    let other = Calendar::builder("US".parse().unwrap(), calendar().range())
        .weekend(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun]))
        .holiday(monday)
        .build()
        .unwrap();
    let calendars: Calendars = [calendar(), other].into_iter().collect();
    let cycle: Cycle = "1bd-strict@US daily holiday-after".parse().unwrap();
    let bank = "BANK".parse().unwrap();
    let schedule = cycle.resolve_in(&calendars, Some(&bank), ScheduleOptions::default()).unwrap();
    assert_eq!(schedule.settlement_date(day(2026, 1, 16)), Ok(day(2026, 1, 20)));
    let error = cycle.resolve(Some(&calendar()), ScheduleOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "the lag counts business days of calendar `US`, which isn't given");
}

#[test]
fn a_newly_known_holiday_moves_dates() {
    let before = schedule("2d daily holiday-after");
    let added = Holiday::new(day(2026, 6, 3), HolidayKind::Temporary, "임시공휴일");
    let newer = calendar().to_builder().holiday(added).build().unwrap();
    let after = before.cycle().resolve(Some(&newer), before.options()).unwrap();
    let june = DateRange::new(day(2026, 5, 25), day(2026, 6, 10)).unwrap();
    let moves: Vec<_> = before.moves(&after, june.iter()).collect();
    let expected = Move { start: day(2026, 6, 1), before: Ok(day(2026, 6, 3)), after: Ok(day(2026, 6, 4)) };
    assert_eq!(moves, [expected]);
}

#[test]
fn cut_offs_part_the_day_at_their_offset() {
    let start = |cut_off: &str, instant: &str| {
        let cut_off: CutOff = cut_off.parse().unwrap();
        cut_off.start_date(&DateTime::parse_from_rfc3339(instant).unwrap()).unwrap()
    };
    assert_eq!(start("24:00+09:00", "2026-03-02T23:59:59+09:00"), day(2026, 3, 2));
    assert_eq!(start("24:00+09:00", "2026-03-02T15:00:00Z"), day(2026, 3, 3));
    assert_eq!(start("16:00+09:00", "2026-03-02T15:59:59+09:00"), day(2026, 3, 2));
    assert_eq!(start("16:00+09:00", "2026-03-02T16:00:00+09:00"), day(2026, 3, 3));
    assert_eq!(start("00:01-03:30", "2026-03-02T03:30:59Z"), day(2026, 3, 2));
    assert_eq!(start("00:01-03:30", "2026-03-02T03:31:00Z"), day(2026, 3, 3));
    assert_eq!("24:00+09:00".parse(), Ok(CutOff::KOREAN_MIDNIGHT));
    for text in ["16:00+09:00", "24:00+09:00", "00:01-03:30"] {
        assert_eq!(text.parse::<CutOff>().unwrap().to_string(), text);
    }
    for text in
        ["", "16:00", "00:00+09:00", "24:01+09:00", "16:60+09:00", "16:00+24:00", "6:00+09:00", "16:00+9:00"]
    {
        assert!(text.parse::<CutOff>().is_err(), "{text}");
    }
    let last = DateTime::<chrono::Utc>::MAX_UTC;
    assert_eq!(CutOff::KOREAN_MIDNIGHT.start_date(&last).unwrap_err().code(), "out-of-range");
}

#[test]
fn a_split_is_a_whole() {
    let part = |share: &str, cycle: &str| SplitPart {
        share: share.parse().unwrap(),
        close: CycleMethod::Daily,
        cycle: cycle.parse().unwrap(),
    };
    let split = |parts: [SplitPart; 2]| Split::new(parts, AllocationMethod::LastTakesRest);
    let parts = [part("90%", "1d daily holiday-after"), part("10%", "2d monthly:1 holiday-after")];
    let schedule = split(parts).unwrap().resolve(Some(&calendar()), ScheduleOptions::default()).unwrap();
    let due = schedule.due(day(2026, 2, 13), Amount::new(-10_005)).unwrap();
    let expected = [(day(2026, 2, 19), -9_004), (day(2026, 3, 2), -1_001)];
    assert_eq!(due, expected.map(|(date, amount)| DuePart { date, amount: Amount::new(amount) }));
    let error =
        split([part("70%", "0d daily calendar-day"), part("20%", "0d daily calendar-day")]).unwrap_err();
    assert_eq!(error.to_string(), "the shares `70%`, `20%` of a split don't add up to 100%");
}

#[test]
fn deadlines_are_told_beside_the_date() {
    let rule = DeadlineRule {
        name: "direct purchase".into(),
        law: "".into(),
        start: DeadlineStart::Event,
        days: 60,
        in_force_from: Some(day(2021, 10, 21)),
    };
    let check = |event, date| rule.check(event, date).unwrap();
    assert_eq!(check(day(2021, 10, 20), day(2022, 10, 1)), None);
    let kept = check(day(2021, 10, 21), day(2021, 12, 20)).unwrap();
    assert_eq!((kept.due, kept.is_breached(), kept.days_late()), (day(2021, 12, 20), false, 0));
    let late = check(day(2021, 10, 21), day(2021, 12, 23)).unwrap();
    assert_eq!((late.is_breached(), late.days_late()), (true, 3));
    let bill = DeadlineRule { in_force_from: None, ..rule };
    assert_eq!(bill.check(day(2026, 1, 1), day(2027, 1, 1)), Ok(None));
}

#[test]
fn a_cycle_says_whether_it_needs_a_calendar() {
    let needs = |cycle: &str, adjust_after_holiday_if_earlier| {
        let options = ScheduleOptions { adjust_after_holiday_if_earlier, floor: Floor::None };
        cycle.parse::<Cycle>().unwrap().needs_calendar(options)
    };
    assert!(!needs("1d daily calendar-day", true));
    assert!(!needs("1d monthly:31 calendar-day", true));
    assert!(!needs("0d daily calendar-day", false));
    assert!(needs("0d daily calendar-day", true), "the start itself gives way to a business day");
    assert!(needs("1d daily holiday-after", false));
    assert!(needs("1bd-strict daily calendar-day", false));
    assert!(needs("1d nth-business-day:1 calendar-day", false));
}

#[track_caller]
fn error(cycle: &str) -> String {
    cycle.parse::<Cycle>().unwrap_err().to_string()
}

#[test]
fn errors_say_what_is_wrong() {
    assert_eq!(
        error("2d monthly:31"),
        "cycle `2d monthly:31` is not written like `2d monthly:31 holiday-before`"
    );
    assert_eq!(
        error("2b daily calendar-day"),
        "lag `2b` is not written like `2d`, `6bd-roll-forward` or `1bd-strict@US-FED`"
    );
    assert_eq!(error("2d monthly:32 calendar-day"), "`32` is no date of a `monthly` cycle: 1 to 31");
    assert_eq!(
        error("2d dates:02-30 calendar-day"),
        "`02-30` is no date of a `dates` cycle: `01-01` to `12-31`"
    );
    assert_eq!(
        error("2d nth-weekday:6-MON calendar-day"),
        "`6` is no date of a `nth-weekday` cycle: 1 to 5 or `last`"
    );
    for method in [
        "",
        "weekly",
        "weekly:",
        "weekly:tue",
        "monthly:+1",
        "monthly:",
        "dates:5-1",
        "every-days:0@2026-01-05",
        "every-days:3@2026-1-5",
        "every-days:3",
        "nth-business-day:a",
        "daily:",
        "yearly:1",
    ] {
        assert!(method.parse::<CycleMethod>().is_err(), "{method}");
    }
    for lag in
        ["", "d", "-1d", "+1d", "2.5d", "65536d", "1bd", "1bd-", "1bd-forward", "1bd-strict@", "bd-strict"]
    {
        assert!(lag.parse::<Lag>().is_err(), "{lag}");
    }
    assert_eq!(CycleMethod::Monthly(DaysOfMonth::new([31, 1, 31]).unwrap()).to_string(), "monthly:1;31");
    assert_eq!(Weekdays::new([]).unwrap_err().to_string(), "a `weekly` cycle names no date");
    let cycle: Cycle = "1d daily holiday-after".parse().unwrap();
    assert_eq!(
        cycle.resolve(None, ScheduleOptions::default()).unwrap_err().to_string(),
        "the cycle `1d daily holiday-after` needs a calendar"
    );
    let outside = schedule("1d daily calendar-day").settlement_date(day(2026, 12, 31)).unwrap_err();
    assert_eq!(
        outside.to_string(),
        "`2027-01-01` lies outside of calendar `BANK`, which covers 2026-01-01 to 2026-12-31"
    );
    let far = Cycle::default()
        .resolve(None, ScheduleOptions { adjust_after_holiday_if_earlier: false, floor: Floor::None });
    assert_eq!(far.unwrap().settlement_date(NaiveDate::MAX), Ok(NaiveDate::MAX));
}

#[test]
fn calendars_and_schedules_are_shared_between_threads() {
    fn is_shared<T: Send + Sync + Clone>() {}
    is_shared::<Calendar>();
    is_shared::<Calendars>();
    is_shared::<Schedule>();
    is_shared::<SplitSchedule>();
}
