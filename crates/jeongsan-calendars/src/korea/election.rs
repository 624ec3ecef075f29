//! Elections at the end of a term: those held, and those to come by the rule of 공직선거법 제34조.

use chrono::{Datelike, NaiveDate, Weekday};
use jeongsan::calendar::{Holiday, HolidayKind};

use super::PublicDay;
use super::law::LAW;
use crate::day_rules::{days_from, named};
use crate::{LAST_DAY, civil};

/// Those held or published, early ones aside, which are decisions.
const HELD: [(NaiveDate, &str); 18] = [
    (civil(2000, 4, 13), "제16대 국회의원 선거"),
    (civil(2002, 6, 13), "제3회 지방선거"),
    (civil(2002, 12, 19), "제16대 대통령 선거"),
    (civil(2004, 4, 15), "제17대 국회의원 선거"),
    (civil(2006, 5, 31), "제4회 지방선거"),
    (civil(2007, 12, 19), "제17대 대통령 선거"),
    (civil(2008, 4, 9), "제18대 국회의원 선거"),
    (civil(2010, 6, 2), "제5회 지방선거"),
    (civil(2012, 4, 11), "제19대 국회의원 선거"),
    (civil(2012, 12, 19), "제18대 대통령 선거"),
    (civil(2014, 6, 4), "제6회 지방선거"),
    (civil(2016, 4, 13), "제20대 국회의원 선거"),
    (civil(2018, 6, 13), "제7회 지방선거"),
    (civil(2020, 4, 15), "제21대 국회의원 선거"),
    (civil(2022, 3, 9), "제20대 대통령 선거"),
    (civil(2022, 6, 1), "제8회 지방선거"),
    (civil(2024, 4, 10), "제22대 국회의원 선거"),
    (civil(2026, 6, 3), "제9회 지방선거"),
];

/// An office whose terms end at regular intervals.
struct Office {
    name: &'static str,
    english: &'static str,
    /// The end of a term from which the later ones are counted.
    term_ends: NaiveDate,
    term_years: i32,
    /// The election is on the first Wednesday on or after the so-manieth day before the end of the term.
    days_before: i64,
}

const OFFICES: [Office; 3] = [
    Office {
        name: "대통령 선거",
        english: "Presidential election (projected)",
        term_ends: civil(2030, 6, 3),
        term_years: 5,
        days_before: 70,
    },
    Office {
        name: "국회의원 선거",
        english: "National Assembly election (projected)",
        term_ends: civil(2028, 5, 29),
        term_years: 4,
        days_before: 50,
    },
    Office {
        name: "지방선거",
        english: "Local elections (projected)",
        term_ends: civil(2030, 6, 30),
        term_years: 4,
        days_before: 30,
    },
];

/// The election days, given the sorted dates of the statutory and lunar holidays, which those to come keep clear of.
pub(super) fn holidays(by_law: &[NaiveDate]) -> impl Iterator<Item = PublicDay> {
    let held = HELD.into_iter().map(|(date, name)| (date, name, "Election day"));
    let to_come = OFFICES.iter().flat_map(move |office| {
        let ends = core::iter::successors(Some(office.term_ends), |end| {
            end.with_year(end.year() + office.term_years).filter(|&end| end <= LAST_DAY)
        });
        ends.map(move |end| {
            let date = election_day(days_from(end, -office.days_before), by_law);
            (date, office.name, office.english)
        })
    });
    held.chain(to_come).map(|(date, name, english)| PublicDay {
        holiday: Holiday { source: LAW.into(), ..named(date, HolidayKind::Election, name, english) },
        substitute_name: name,
        class: None,
    })
}

/// The first Wednesday on or after a day that is no holiday by law and has none beside it.
fn election_day(from: NaiveDate, by_law: &[NaiveDate]) -> NaiveDate {
    let is_clear = |date: &NaiveDate| {
        let around = [days_from(*date, -1), *date, days_from(*date, 1)];
        !around.iter().any(|near| by_law.binary_search(near).is_ok())
    };
    let mut wednesdays = from.iter_days().filter(|date| date.weekday() == Weekday::Wed);
    wednesdays.find(is_clear).unwrap_or(NaiveDate::MIN)
}
