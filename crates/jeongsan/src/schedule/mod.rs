//! Schedules: when a settlement falls due.

use chrono::{Days, NaiveDate};

/// How the settlement date follows from the start date.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Cycle {
    /// Calendar days from the start date to the settlement date.
    pub lag_days: u32,
}

/// Why a start date has no settlement date.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// The date lies beyond the calendar's range.
    #[error("`{start}` and {lag_days} days is out of range")]
    OutOfRange {
        /// The start date.
        start: NaiveDate,
        /// The lag.
        lag_days: u32,
    },
}

impl Cycle {
    /// The settlement date of what starts on this day.
    ///
    /// # Errors
    /// When it lies beyond the range of dates.
    pub fn settlement_date(self, start: NaiveDate) -> Result<NaiveDate, ScheduleError> {
        let lag_days = self.lag_days;
        start
            .checked_add_days(Days::new(u64::from(lag_days)))
            .ok_or(ScheduleError::OutOfRange { start, lag_days })
    }
}
