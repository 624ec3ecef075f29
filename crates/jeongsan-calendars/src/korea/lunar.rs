//! The holidays of the moon, from a table.
//!
//! New moons close to midnight make a date fragile: Buddha's Birthday of 2063, Seollal of 2092, Chuseok of 2096.

use chrono::{Days, NaiveDate};

use super::lunar_table::LUNAR_DAYS;
use crate::{FIRST_YEAR, civil};

/// The solar dates of a year's lunar holidays.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct LunarHolidays {
    /// The 1st of the 1st month.
    pub(super) seollal: NaiveDate,
    /// The 8th of the 4th.
    pub(super) buddha: NaiveDate,
    /// The 15th of the 8th.
    pub(super) chuseok: NaiveDate,
}

pub(super) fn of_year(year: i32) -> Option<LunarHolidays> {
    let row = usize::try_from(year - FIRST_YEAR).ok()?;
    let packed = *LUNAR_DAYS.get(row)?;
    let days_after = |month, day, days: u16| civil(year, month, day).checked_add_days(Days::new(days.into()));
    Some(LunarHolidays {
        seollal: days_after(1, 20, packed & 0x1f)?,
        buddha: days_after(4, 27, packed >> 5 & 0x3f)?,
        chuseok: days_after(9, 7, packed >> 11)?,
    })
}
