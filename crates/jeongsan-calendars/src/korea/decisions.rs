//! Days decided one by one: temporary holidays (임시공휴일) and early elections, each with the day of its decision.
//!
//! A day announced after this crate was made is added by an [`Overlay`](crate::Overlay), and here with the next release.

use chrono::NaiveDate;
use jeongsan::calendar::{Holiday, HolidayKind};

use super::PublicDay;
use crate::civil;
use crate::day_rules::named;

struct Decision {
    date: NaiveDate,
    kind: HolidayKind,
    name: &'static str,
    english: &'static str,
    /// The day of the formal decision, which the press often knew before.
    known_on: NaiveDate,
}

const fn decision(
    date: NaiveDate,
    kind: HolidayKind,
    known_on: NaiveDate,
    name: &'static str,
    english: &'static str,
) -> Decision {
    Decision { date, kind, name, english, known_on }
}

use HolidayKind::{Election, Temporary};

#[rustfmt::skip]
const DECISIONS: [Decision; 10] = [
    decision(civil(2002, 7, 1), Temporary, civil(2002, 6, 25), "월드컵 4강 임시공휴일", "World Cup semi-final"),
    decision(civil(2015, 8, 14), Temporary, civil(2015, 8, 11), "광복 70주년 임시공휴일", "70th Liberation anniversary"),
    decision(civil(2016, 5, 6), Temporary, civil(2016, 4, 28), "어린이날 다음날 임시공휴일", "Day after Children's Day"),
    decision(civil(2017, 5, 9), Election, civil(2017, 3, 15), "제19대 대통령 선거", "Election day"),
    decision(civil(2017, 10, 2), Temporary, civil(2017, 9, 5), "추석 연휴 전 임시공휴일", "Bridge day before Chuseok"),
    decision(civil(2020, 8, 17), Temporary, civil(2020, 7, 21), "광복절 다음 월요일 임시공휴일", "Monday after Liberation Day"),
    decision(civil(2023, 10, 2), Temporary, civil(2023, 9, 5), "추석-개천절 사이 임시공휴일", "Bridge day after Chuseok"),
    decision(civil(2024, 10, 1), Temporary, civil(2024, 9, 3), "국군의 날 임시공휴일", "Armed Forces Day"),
    decision(civil(2025, 1, 27), Temporary, civil(2025, 1, 14), "설 연휴 전 임시공휴일", "Bridge day before Seollal"),
    decision(civil(2025, 6, 3), Election, civil(2025, 4, 8), "제21대 대통령 선거", "Election day"),
];

pub(super) fn holidays() -> impl Iterator<Item = PublicDay> {
    DECISIONS.into_iter().map(|decision| PublicDay {
        holiday: Holiday {
            known_on: Some(decision.known_on),
            source: "국무회의 의결".into(),
            ..named(decision.date, decision.kind, decision.name, decision.english)
        },
        substitute_name: decision.name,
        class: None,
    })
}
