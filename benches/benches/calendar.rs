//! Business-day questions and settlement dates, side by side with the cache of `bdays` over the same holidays.
//!
//! Every row asks about the same 4,096 random dates of 2000 to 2089 on `KR-BANK`, so a row's time is that of 4,096 answers; both
//! engines are asserted to give the same ones first. Read the ratio of two rows of one run, never a single time.

#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::hint::black_box;

use bdays::{HolidayCalendar, HolidayCalendarCache};
use chrono::{Datelike, Days, NaiveDate};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use jeongsan::calendar::{Calendar, CountedEnds, StartRule};
use jeongsan::schedule::{Cycle, Schedule, ScheduleOptions};
use jeongsan_calendars::{FIRST_DAY, LAST_DAY, calendars};

const DATES: u64 = 4_096;

/// The holidays of a calendar as `bdays` wants them, before its cache takes them over.
struct Holidays<'a>(&'a Calendar);

impl HolidayCalendar<NaiveDate> for Holidays<'_> {
    fn is_holiday(&self, date: NaiveDate) -> bool {
        self.0.holidays_on(date).unwrap().iter().any(|holiday| holiday.closes())
    }
}

type Cache = HolidayCalendarCache<NaiveDate>;

fn random_dates(count: u64) -> Vec<NaiveDate> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut date = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        FIRST_DAY + Days::new(400 + state % 32_000)
    };
    (0..count).map(|_| date()).collect()
}

/// A settlement date as one would write it over `bdays`: the month end on or after the start and two days, or the business day before.
fn by_hand(cache: &Cache, start: NaiveDate) -> NaiveDate {
    let earliest = start + Days::new(2);
    let (year, month) = (earliest.year(), earliest.month());
    let next = if month == 12 {
        NaiveDate::from_ymd_opt(year + 1, 1, 1)
    } else {
        NaiveDate::from_ymd_opt(year, month + 1, 1)
    };
    let candidate = next.unwrap().pred_opt().unwrap();
    let moved = cache.to_bday(candidate, false);
    if moved <= start { cache.to_bday(candidate, true) } else { moved }
}

fn schedule(cycle: &str, calendar: &Calendar) -> Schedule {
    cycle.parse::<Cycle>().unwrap().resolve(Some(calendar), ScheduleOptions::default()).unwrap()
}

fn row<T>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    dates: &[NaiveDate],
    answer: impl Fn(NaiveDate) -> T,
) {
    group.bench_function(name, |bench| {
        bench.iter(|| {
            for &date in dates {
                black_box(answer(date));
            }
        });
    });
}

fn business_days(criterion: &mut Criterion) {
    let bank = calendars(None).get(&"KR-BANK".parse().unwrap()).unwrap();
    let cache = Cache::new(Holidays(&bank), FIRST_DAY, LAST_DAY);
    let dates = random_dates(DATES);
    let later = |date: NaiveDate| date + Days::new(u64::from(date.ordinal0()) * 2);
    let pairs: Vec<_> = dates.iter().map(|&date| (date, later(date))).collect();
    for &(date, later) in &pairs {
        assert_eq!(bank.is_business_day(date).unwrap(), cache.is_bday(date));
        assert_eq!(bank.count(date, later, CountedEnds::Earlier).unwrap(), cache.bdays(date, later));
        for n in [1, 5, 250] {
            let ours = bank.add_business_days(date, n, StartRule::RollForward).unwrap();
            assert_eq!(ours, cache.advance_bdays(date, n));
        }
    }

    let mut group = criterion.benchmark_group("is business day");
    group.throughput(Throughput::Elements(DATES));
    row(&mut group, "bdays cached", &dates, |date| cache.is_bday(date));
    row(&mut group, "jeongsan", &dates, |date| bank.is_business_day(date).unwrap());
    group.finish();

    for n in [1, 5, 250] {
        let mut group = criterion.benchmark_group(format!("+{n} business days"));
        group.throughput(Throughput::Elements(DATES));
        row(&mut group, "bdays cached", &dates, |date| cache.advance_bdays(date, n));
        row(&mut group, "jeongsan", &dates, |date| {
            bank.add_business_days(date, n, StartRule::RollForward).unwrap()
        });
        row(&mut group, "jeongsan, strict", &dates, |date| {
            bank.add_business_days(date, n, StartRule::Strict).unwrap()
        });
        group.finish();
    }

    let mut group = criterion.benchmark_group("count up to two years");
    group.throughput(Throughput::Elements(DATES));
    group.bench_function("bdays cached", |bench| {
        bench.iter(|| pairs.iter().for_each(|&(a, b)| _ = black_box(cache.bdays(a, b))));
    });
    group.bench_function("jeongsan", |bench| {
        bench.iter(|| {
            pairs.iter().for_each(|&(a, b)| _ = black_box(bank.count(a, b, CountedEnds::Earlier).unwrap()));
        });
    });
    group.finish();
}

fn settlement_dates(criterion: &mut Criterion) {
    let bank = calendars(None).get(&"KR-BANK".parse().unwrap()).unwrap();
    let cache = Cache::new(Holidays(&bank), FIRST_DAY, LAST_DAY);
    let dates = random_dates(DATES);
    let month_end = schedule("2d monthly:31 holiday-before", &bank);
    for &date in &dates {
        assert_eq!(month_end.settlement_date(date).unwrap(), by_hand(&cache, date));
    }

    let mut group = criterion.benchmark_group("settlement date");
    group.throughput(Throughput::Elements(DATES));
    row(&mut group, "by hand over bdays cached, monthly", &dates, |date| by_hand(&cache, date));
    row(&mut group, "jeongsan, monthly", &dates, |date| month_end.settlement_date(date).unwrap());
    for (name, cycle) in [
        ("jeongsan, twice a month", "3d monthly:15;31 holiday-before"),
        ("jeongsan, weekly", "6bd-roll-forward weekly:TUE;THU holiday-before"),
        ("jeongsan, daily", "1bd-strict daily holiday-after"),
        ("jeongsan, dates of the year", "2d dates:05-01;11-01 holiday-after"),
        ("jeongsan, nth business day", "2d nth-business-day:1;10 calendar-day"),
    ] {
        let schedule = schedule(cycle, &bank);
        row(&mut group, name, &dates, |date| schedule.settlement_date(date).unwrap());
    }
    group.finish();

    let column = random_dates(1_000_000);
    let mut group = criterion.benchmark_group("a column of 1,000,000 dates");
    group.sample_size(10).throughput(Throughput::Elements(1_000_000));
    let mut out = vec![FIRST_DAY; column.len()];
    let mut fill = |name: &str, answer: &dyn Fn(&[NaiveDate], &mut [NaiveDate])| {
        group.bench_function(name, |bench| bench.iter(|| answer(black_box(&column), black_box(&mut out))));
    };
    fill("+1, bdays cached", &|column, out| {
        column.iter().zip(out).for_each(|(&date, out)| *out = cache.advance_bdays(date, 1));
    });
    fill("+1, jeongsan", &|column, out| {
        let add = |date| bank.add_business_days(date, 1, StartRule::RollForward).unwrap();
        column.iter().zip(out).for_each(|(&date, out)| *out = add(date));
    });
    fill("monthly, by hand over bdays cached", &|column, out| {
        column.iter().zip(out).for_each(|(&date, out)| *out = by_hand(&cache, date));
    });
    fill("monthly, jeongsan", &|column, out| {
        column.iter().zip(out).for_each(|(&date, out)| *out = month_end.settlement_date(date).unwrap());
    });
    group.finish();
}

fn building(criterion: &mut Criterion) {
    let set = calendars(None);
    let join = "KR-BANK+US-FED".parse().unwrap();
    let mut group = criterion.benchmark_group("building");
    group.sample_size(20);
    group.bench_function("the eight calendars of a day", |bench| bench.iter(|| calendars(None)));
    group.bench_function("a join of two", |bench| bench.iter(|| set.get(&join).unwrap()));
    group.finish();
}

criterion_group!(benches, business_days, settlement_dates, building);
criterion_main!(benches);
