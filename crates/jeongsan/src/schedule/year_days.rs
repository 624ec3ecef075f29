//! Cycle dates that are days of the year.

use alloc::boxed::Box;
use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate};

use super::ScheduleError;
use crate::calendar::month_length;

/// Days of the year, at least one, each a month and a day; 29 February is the 28th in common years.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct DaysOfYear(Box<[(u8, u8)]>);

impl DaysOfYear {
    /// These days: months from 1 to 12, days that the month has in a leap year.
    ///
    /// # Errors
    /// When there is none, or one is no day of a year.
    pub fn new(days: impl IntoIterator<Item = (u8, u8)>) -> Result<Self, ScheduleError> {
        let mut days: Vec<_> = days.into_iter().collect();
        days.sort_unstable();
        days.dedup();
        if days.is_empty() {
            return Err(ScheduleError::NoDates { method: "dates" });
        }
        for &(month, day) in &days {
            let is_day = day > 0 && u32::from(day) <= month_length(month.into(), true);
            if !is_day || !(1..=12).contains(&month) {
                let text = alloc::format!("{month:02}-{day:02}");
                return Err(ScheduleError::impossible("dates", &text, "`01-01` to `12-31`"));
            }
        }
        Ok(Self(days.into()))
    }

    /// The days in the order of the year.
    pub fn iter(&self) -> impl Iterator<Item = (u8, u8)> {
        self.0.iter().copied()
    }

    pub(super) fn first_on_or_after(&self, date: NaiveDate) -> Option<NaiveDate> {
        let passed = self
            .0
            .partition_point(|&(month, day)| (u32::from(month), u32::from(day)) < (date.month(), date.day()));
        match self.0.get(passed) {
            Some(&ahead) => in_year(date.year(), ahead),
            None => in_year(date.year().checked_add(1)?, *self.0.first()?),
        }
    }
}

fn in_year(year: i32, (month, day): (u8, u8)) -> Option<NaiveDate> {
    let (month, day) = (month.into(), day.into());
    NaiveDate::from_ymd_opt(year, month, day).or_else(|| NaiveDate::from_ymd_opt(year, month, 28))
}
