//! The holidays of the Federal Reserve Banks, which Fedwire keeps.
//!
//! A holiday on a Sunday is observed on the Monday after it. One on a Saturday is not moved: the banks are open on the Friday before, unlike
//! the offices of the government.

use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate, Weekday};
use jeongsan::calendar::{Holiday, HolidayKind};

use crate::civil;
use crate::day_rules::{days_from, english, last_weekday, nth_weekday, sorted, years};

const SOURCE: &str = "Federal Reserve Bank holiday schedule";

/// Public Law 117-17 made it a holiday from 2021.
const JUNETEENTH_KNOWN_ON: NaiveDate = civil(2021, 6, 17);

pub(crate) fn holidays() -> Vec<Holiday> {
    let mut holidays = Vec::new();
    for year in years() {
        let mut of_year = Vec::from([
            english(civil(year, 1, 1), "New Year's Day"),
            english(nth_weekday(year, 1, 3, Weekday::Mon), "Birthday of Martin Luther King, Jr."),
            english(nth_weekday(year, 2, 3, Weekday::Mon), "Washington's Birthday"),
            english(last_weekday(year, 5, Weekday::Mon), "Memorial Day"),
            english(civil(year, 7, 4), "Independence Day"),
            english(nth_weekday(year, 9, 1, Weekday::Mon), "Labor Day"),
            english(nth_weekday(year, 10, 2, Weekday::Mon), "Columbus Day"),
            english(civil(year, 11, 11), "Veterans Day"),
            english(nth_weekday(year, 11, 4, Weekday::Thu), "Thanksgiving Day"),
            english(civil(year, 12, 25), "Christmas Day"),
        ]);
        if year >= 2021 {
            let juneteenth = english(civil(year, 6, 19), "Juneteenth National Independence Day");
            of_year.push(Holiday { known_on: Some(JUNETEENTH_KNOWN_ON), ..juneteenth });
        }
        for holiday in of_year {
            let holiday = Holiday { source: SOURCE.into(), ..holiday };
            if holiday.date.weekday() == Weekday::Sun {
                let name = alloc::format!("{} (observed)", holiday.name);
                holidays.push(Holiday {
                    date: days_from(holiday.date, 1),
                    kind: HolidayKind::Substitute,
                    substitute_for: Some(holiday.date),
                    name: name.clone().into(),
                    english: name.into(),
                    ..holiday.clone()
                });
            }
            holidays.push(holiday);
        }
    }
    sorted(holidays)
}
