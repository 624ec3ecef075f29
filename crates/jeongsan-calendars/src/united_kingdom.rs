//! The bank holidays of England and Wales.
//!
//! New Year's Day, Christmas Day and Boxing Day on a weekend are given back on the next free weekday.

use alloc::vec::Vec;

use chrono::{NaiveDate, Weekday};
use jeongsan::calendar::{Holiday, HolidayKind};

use crate::civil;
use crate::day_rules::{
    days_from, easter, english, is_weekend, last_weekday, next_free_day, nth_weekday, sorted, years,
};

const LAW: &str = "Banking and Financial Dealings Act 1971";
const PROCLAMATION: &str = "Royal Proclamation under the Banking and Financial Dealings Act 1971";

/// Days given once, and when they were announced, where that is certain.
const SINGLE_DAYS: [(NaiveDate, &str, Option<NaiveDate>); 6] = [
    (civil(2002, 6, 3), "Golden Jubilee", None),
    (civil(2011, 4, 29), "Wedding of Prince William and Catherine Middleton", Some(civil(2010, 11, 23))),
    (civil(2012, 6, 5), "Diamond Jubilee", Some(civil(2010, 1, 5))),
    (civil(2022, 6, 3), "Platinum Jubilee", Some(civil(2020, 11, 12))),
    (civil(2022, 9, 19), "State Funeral of Queen Elizabeth II", Some(civil(2022, 9, 10))),
    (civil(2023, 5, 8), "Coronation of King Charles III", Some(civil(2022, 11, 6))),
];

pub(crate) fn holidays() -> Vec<Holiday> {
    let mut holidays = Vec::new();
    for year in years() {
        let easter = easter(year);
        // Moved to the anniversary of 1945, and to the jubilees.
        let early_may = match year {
            2020 => civil(2020, 5, 8),
            _ => nth_weekday(year, 5, 1, Weekday::Mon),
        };
        let spring = match year {
            2002 => civil(2002, 6, 4),
            2012 => civil(2012, 6, 4),
            2022 => civil(2022, 6, 2),
            _ => last_weekday(year, 5, Weekday::Mon),
        };
        let fixed = [
            english(civil(year, 1, 1), "New Year's Day"),
            english(civil(year, 12, 25), "Christmas Day"),
            english(civil(year, 12, 26), "Boxing Day"),
        ];
        holidays.extend(given_back(&fixed));
        holidays.extend(fixed);
        holidays.extend([
            english(days_from(easter, -2), "Good Friday"),
            english(days_from(easter, 1), "Easter Monday"),
            english(early_may, "Early May bank holiday"),
            english(spring, "Spring bank holiday"),
            english(last_weekday(year, 8, Weekday::Mon), "Summer bank holiday"),
        ]);
    }
    let mut holidays: Vec<_> =
        holidays.into_iter().map(|holiday| Holiday { source: LAW.into(), ..holiday }).collect();
    holidays.extend(SINGLE_DAYS.map(|(date, name, known_on)| Holiday {
        kind: HolidayKind::Temporary,
        known_on,
        source: PROCLAMATION.into(),
        ..english(date, name)
    }));
    sorted(holidays)
}

/// The weekdays given for holidays on weekends.
fn given_back(fixed: &[Holiday]) -> Vec<Holiday> {
    let mut given: Vec<Holiday> = Vec::new();
    for holiday in fixed.iter().filter(|holiday| is_weekend(holiday.date)) {
        let is_taken = |date| fixed.iter().chain(&given).any(|other| other.date == date);
        let date = next_free_day(holiday.date, is_taken);
        let name = alloc::format!("{} (substitute day)", holiday.name);
        given.push(Holiday {
            date,
            kind: HolidayKind::Substitute,
            substitute_for: Some(holiday.date),
            name: name.clone().into(),
            english: name.into(),
            ..holiday.clone()
        });
    }
    given
}
