//! The holidays that stand in the law: fixed days, and those of the moon.

use alloc::vec::Vec;

use chrono::NaiveDate;
use jeongsan::calendar::{Holiday, HolidayKind};

use super::{Class, PublicDay, lunar};
use crate::civil;
use crate::day_rules::{days_from, named, years};

/// Sundays aside, its article 2 lists the holidays, elections and decided days included.
pub(super) const LAW: &str = "관공서의 공휴일에 관한 규정 제2조";

/// A day that is a holiday in every year of a range.
struct FixedDay {
    month: u32,
    day: u32,
    name: &'static str,
    english: &'static str,
    first_year: i32,
    last_year: i32,
    class: Option<Class>,
    known_on: Option<NaiveDate>,
}

impl FixedDay {
    const fn new(month: u32, day: u32, name: &'static str, english: &'static str) -> Self {
        let (first_year, last_year) = (i32::MIN, i32::MAX);
        Self { month, day, name, english, first_year, last_year, class: None, known_on: None }
    }

    const fn given_back(self, class: Class) -> Self {
        Self { class: Some(class), ..self }
    }

    const fn to(self, last_year: i32) -> Self {
        Self { last_year, ..self }
    }

    const fn from(self, first_year: i32, known_on: NaiveDate) -> Self {
        Self { first_year, known_on: Some(known_on), ..self }
    }
}

const FIXED_DAYS: [FixedDay; 12] = [
    FixedDay::new(1, 1, "신정", "New Year's Day"),
    FixedDay::new(3, 1, "삼일절", "Independence Movement Day").given_back(Class::National),
    FixedDay::new(4, 5, "식목일", "Arbor Day").to(2005),
    FixedDay::new(5, 1, "노동절", "Labor Day").from(2026, civil(2026, 4, 6)).given_back(Class::Restored),
    FixedDay::new(5, 5, "어린이날", "Children's Day").given_back(Class::Children),
    FixedDay::new(6, 6, "현충일", "Memorial Day"),
    FixedDay::new(7, 17, "제헌절", "Constitution Day").to(2007),
    FixedDay::new(7, 17, "제헌절", "Constitution Day")
        .from(2026, civil(2026, 2, 10))
        .given_back(Class::Restored),
    FixedDay::new(8, 15, "광복절", "Liberation Day").given_back(Class::National),
    FixedDay::new(10, 3, "개천절", "National Foundation Day").given_back(Class::National),
    FixedDay::new(10, 9, "한글날", "Hangul Day").from(2013, civil(2012, 12, 28)).given_back(Class::National),
    FixedDay::new(12, 25, "기독탄신일", "Christmas Day").given_back(Class::Religious),
];

pub(super) fn holidays() -> Vec<PublicDay> {
    let mut days = Vec::new();
    for year in years() {
        for fixed in FIXED_DAYS.iter().filter(|day| (day.first_year..=day.last_year).contains(&year)) {
            let date = civil(year, fixed.month, fixed.day);
            let day = named(date, HolidayKind::Statutory, fixed.name, fixed.english);
            days.push(PublicDay {
                holiday: Holiday { known_on: fixed.known_on, source: LAW.into(), ..day },
                substitute_name: fixed.name,
                class: fixed.class,
            });
        }
        if let Some(moon) = lunar::of_year(year) {
            let festival = |date, [before, on, after]: [_; 3]| {
                let days = [(-1, before), (0, on), (1, after)];
                days.map(|(offset, names)| lunar_day(days_from(date, offset), names, on, Class::Festival))
            };
            days.extend(festival(moon.seollal, SEOLLAL));
            days.push(lunar_day(moon.buddha, BUDDHA, BUDDHA, Class::Religious));
            days.extend(festival(moon.chuseok, CHUSEOK));
        }
    }
    days
}

/// A name in Korean and in English.
type Names = (&'static str, &'static str);

const SEOLLAL: [Names; 3] =
    [("설날 전날", "Seollal Eve"), ("설날", "Seollal"), ("설날 다음날", "Day after Seollal")];
const BUDDHA: Names = ("부처님오신날", "Buddha's Birthday");
const CHUSEOK: [Names; 3] =
    [("추석 전날", "Chuseok Eve"), ("추석", "Chuseok"), ("추석 다음날", "Day after Chuseok")];

fn lunar_day(date: NaiveDate, (name, english): Names, (festival, _): Names, class: Class) -> PublicDay {
    let day = named(date, HolidayKind::Lunar, name, english);
    let holiday = Holiday { source: LAW.into(), ..day };
    PublicDay { holiday, substitute_name: festival, class: Some(class) }
}
