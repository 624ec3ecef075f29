//! The closing days of T2, the real-time payment system of the euro, formerly TARGET2 and TARGET.

use alloc::vec::Vec;

use jeongsan::calendar::{Holiday, HolidayKind};

use crate::civil;
use crate::day_rules::{days_from, easter, english, sorted, years};

const SOURCE: &str = "European Central Bank, long-term calendar of closing days";

pub(crate) fn holidays() -> Vec<Holiday> {
    let mut holidays = Vec::new();
    for year in years() {
        let easter = easter(year);
        holidays.extend([
            english(civil(year, 1, 1), "New Year's Day"),
            english(days_from(easter, -2), "Good Friday"),
            english(days_from(easter, 1), "Easter Monday"),
            english(civil(year, 5, 1), "Labour Day"),
            english(civil(year, 12, 25), "Christmas Day"),
            english(civil(year, 12, 26), "Christmas Holiday"),
        ]);
    }
    let changeover = english(civil(2001, 12, 31), "Changeover to euro cash");
    holidays.push(Holiday { kind: HolidayKind::Temporary, ..changeover });
    sorted(holidays.into_iter().map(|holiday| Holiday { source: SOURCE.into(), ..holiday }).collect())
}
