//! The days on which banks in Japan are closed: national holidays (国民の祝日) and the turn of the year.
//!
//! The equinoxes come from the usual formula, which agrees with the gazette for all years published and gives a projection for the
//! others.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate, Weekday};
use jeongsan::calendar::{Holiday, HolidayKind};

use crate::civil;
use crate::day_rules::{days_from, named, nth_weekday, sorted, years};

const LAW: &str = "国民の祝日に関する法律";
const BANKS: &str = "銀行法施行令第5条";
const ACCESSION: &str = "天皇の即位の日及び即位礼正殿の儀の行われる日を休日とする法律";

/// The first year under the present rule for holidays on Sundays and for days between two holidays.
const PRESENT_RULE_YEAR: i32 = 2007;

pub(crate) fn holidays() -> Vec<Holiday> {
    let mut holidays = Vec::new();
    for year in years() {
        holidays.extend(of_year(year));
    }
    let national: BTreeMap<_, _> = holidays.iter().map(|holiday| (holiday.date, holiday.known_on)).collect();
    let mut further = substitutes(&holidays, &national);
    further.extend(between(&national, &further));
    holidays.extend(further);
    for year in years() {
        for (month, day, name, english) in [
            (1, 2, "銀行休業日(1月2日)", "Bank holiday"),
            (1, 3, "銀行休業日(1月3日)", "Bank holiday"),
            (12, 31, "大晦日", "New Year's Eve"),
        ] {
            let closing = named(civil(year, month, day), HolidayKind::Bank, name, english);
            holidays.push(Holiday { source: BANKS.into(), ..closing });
        }
    }
    sorted(holidays)
}

/// The national holidays of a year, without those that follow from others.
fn of_year(year: i32) -> Vec<Holiday> {
    let mut days = Vec::from([
        (civil(year, 1, 1), "元日", "New Year's Day"),
        (nth_weekday(year, 1, 2, Weekday::Mon), "成人の日", "Coming of Age Day"),
        (civil(year, 2, 11), "建国記念の日", "National Foundation Day"),
        (vernal_equinox(year), "春分の日", "Vernal Equinox Day"),
        (civil(year, 5, 3), "憲法記念日", "Constitution Day"),
        (civil(year, 5, 5), "こどもの日", "Children's Day"),
        (marine_day(year), "海の日", "Marine Day"),
        (respect_for_the_aged_day(year), "敬老の日", "Respect for the Aged Day"),
        (autumnal_equinox(year), "秋分の日", "Autumnal Equinox Day"),
        (civil(year, 11, 3), "文化の日", "Culture Day"),
        (civil(year, 11, 23), "勤労感謝の日", "Labor Thanksgiving Day"),
    ]);
    if year < PRESENT_RULE_YEAR {
        days.push((civil(year, 4, 29), "みどりの日", "Greenery Day"));
    } else {
        days.push((civil(year, 4, 29), "昭和の日", "Showa Day"));
        days.push((civil(year, 5, 4), "みどりの日", "Greenery Day"));
    }
    match year {
        ..2019 => days.push((civil(year, 12, 23), "天皇誕生日", "Emperor's Birthday")),
        2019 => {}
        _ => days.push((civil(year, 2, 23), "天皇誕生日", "Emperor's Birthday")),
    }
    days.push(match year {
        ..2020 => (nth_weekday(year, 10, 2, Weekday::Mon), "体育の日", "Health and Sports Day"),
        2020 => (civil(2020, 7, 24), "スポーツの日", "Sports Day"),
        2021 => (civil(2021, 7, 23), "スポーツの日", "Sports Day"),
        _ => (nth_weekday(year, 10, 2, Weekday::Mon), "スポーツの日", "Sports Day"),
    });
    let mut holidays: Vec<_> = days
        .into_iter()
        .map(|(date, name, english)| named(date, HolidayKind::Statutory, name, english))
        .map(|holiday| Holiday { source: LAW.into(), ..holiday })
        .collect();
    if let Some(date) = mountain_day(year) {
        let day = named(date, HolidayKind::Statutory, "山の日", "Mountain Day");
        holidays.push(Holiday { known_on: Some(civil(2014, 5, 30)), source: LAW.into(), ..day });
    }
    if year == 2019 {
        for (date, name, english) in [
            (civil(2019, 5, 1), "天皇の即位の日", "Accession of the Emperor"),
            (civil(2019, 10, 22), "即位礼正殿の儀の行われる日", "Enthronement Ceremony"),
        ] {
            let day = named(date, HolidayKind::Temporary, name, english);
            holidays.push(Holiday { known_on: Some(civil(2018, 12, 14)), source: ACCESSION.into(), ..day });
        }
    }
    holidays
}

/// In 2020 and 2021 three days stood around the Olympic Games.
fn marine_day(year: i32) -> NaiveDate {
    match year {
        ..2003 => civil(year, 7, 20),
        2020 => civil(2020, 7, 23),
        2021 => civil(2021, 7, 22),
        _ => nth_weekday(year, 7, 3, Weekday::Mon),
    }
}

fn mountain_day(year: i32) -> Option<NaiveDate> {
    match year {
        ..2016 => None,
        2020 => Some(civil(2020, 8, 10)),
        2021 => Some(civil(2021, 8, 8)),
        _ => Some(civil(year, 8, 11)),
    }
}

fn respect_for_the_aged_day(year: i32) -> NaiveDate {
    if year < 2003 { civil(year, 9, 15) } else { nth_weekday(year, 9, 3, Weekday::Mon) }
}

fn vernal_equinox(year: i32) -> NaiveDate {
    civil(year, 3, equinox_day(year, if year < 2100 { 20_843_100 } else { 21_851_000 }))
}

fn autumnal_equinox(year: i32) -> NaiveDate {
    civil(year, 9, equinox_day(year, if year < 2100 { 23_248_800 } else { 24_248_800 }))
}

/// The day of the month, from its mean in 1980 in millionths of a day; it moves on by 0.242194 a year and back by a leap day.
fn equinox_day(year: i32, mean_1980: i32) -> u32 {
    let years = year - 1980;
    ((mean_1980 + 242_194 * years) / 1_000_000 - years / 4).unsigned_abs()
}

/// The national holidays by date, each with the day it is known from.
type National = BTreeMap<NaiveDate, Option<NaiveDate>>;

/// The days for holidays on Sundays (振替休日): the Monday, and since 2007 the next day that is no holiday.
fn substitutes(holidays: &[Holiday], national: &National) -> Vec<Holiday> {
    let on_sundays = holidays.iter().filter(|holiday| holiday.date.weekday() == Weekday::Sun);
    let mut substitutes = BTreeMap::new();
    for holiday in on_sundays {
        let date = holiday.date.iter_days().skip(1).find(|date| !national.contains_key(date));
        let Some(date) = date else { continue };
        if date.year() >= PRESENT_RULE_YEAR || date == days_from(holiday.date, 1) {
            let day = named(date, HolidayKind::Substitute, "振替休日", "Substitute Holiday");
            let (substitute_for, known_on) = (Some(holiday.date), holiday.known_on);
            substitutes.insert(date, Holiday { substitute_for, known_on, source: LAW.into(), ..day });
        }
    }
    substitutes.into_values().collect()
}

/// The days between two national holidays (国民の休日), known when both are.
fn between(national: &National, substitutes: &[Holiday]) -> Vec<Holiday> {
    let given: BTreeSet<_> = substitutes.iter().map(|other| other.date).collect();
    let mut days = Vec::new();
    for (&before, &known_on) in national {
        let (date, after) = (days_from(before, 1), days_from(before, 2));
        let is_free = !national.contains_key(&date) && !given.contains(&date);
        let is_sunday_before_the_rule = date.weekday() == Weekday::Sun && date.year() < PRESENT_RULE_YEAR;
        if is_free
            && !is_sunday_before_the_rule
            && let Some(&after_known_on) = national.get(&after)
        {
            let day = named(date, HolidayKind::Statutory, "国民の休日", "National Holiday");
            days.push(Holiday { known_on: known_on.max(after_known_on), source: LAW.into(), ..day });
        }
    }
    days
}
