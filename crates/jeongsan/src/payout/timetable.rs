//! When a bulk payout may start.

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveTime, Timelike};

use super::PayoutError;
use crate::money::text_enum;

text_enum! {
    /// The minutes of an hour at which a bulk payout may be scheduled.
    pub enum Grid ("time grid") or UnknownGrid {
        /// Every ten minutes.
        TenMinutes = "10-minutes",
        /// Every half hour.
        ThirtyMinutes = "30-minutes",
    }
}

impl Grid {
    /// The minutes between two times of the grid.
    #[must_use]
    pub const fn minutes(self) -> u32 {
        match self {
            Self::TenMinutes => 10,
            Self::ThirtyMinutes => 30,
        }
    }
}

/// A time of every day in which banks make no transfers, from its first moment to before its last. It may go over midnight.
///
/// ```
/// use jeongsan::payout::MaintenanceWindow;
///
/// let night: MaintenanceWindow = "22:50-01:00".parse().unwrap();
/// let time = |text| chrono::NaiveTime::parse_from_str(text, "%H:%M").unwrap();
/// assert!(night.contains(time("22:50")) && night.contains(time("00:59")));
/// assert!(!night.contains(time("01:00")) && !night.contains(time("22:49")));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct MaintenanceWindow {
    from: NaiveTime,
    until: NaiveTime,
}

/// A text that is no maintenance window.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("maintenance window `{0}` is not of the form `22:50-01:00`, with two different times")]
pub struct MaintenanceWindowError(alloc::string::String);

impl MaintenanceWindow {
    /// A window; `None` when both times are the same.
    #[must_use]
    pub fn new(from: NaiveTime, until: NaiveTime) -> Option<Self> {
        (from != until).then_some(Self { from, until })
    }

    /// Whether a time of day lies in it.
    #[must_use]
    pub fn contains(self, time: NaiveTime) -> bool {
        if self.from < self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        }
    }
}

impl fmt::Display for MaintenanceWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from.format("%H:%M"), self.until.format("%H:%M"))
    }
}

impl FromStr for MaintenanceWindow {
    type Err = MaintenanceWindowError;

    fn from_str(text: &str) -> Result<Self, MaintenanceWindowError> {
        let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok().filter(|_| text.len() == 5);
        let window = text.split_once('-').and_then(|(from, until)| Self::new(time(from)?, time(until)?));
        window.ok_or_else(|| MaintenanceWindowError(text.chars().take(40).collect()))
    }
}

/// The times at which a bulk payout may start: the grid of scheduled ones and the maintenance of the banks, in one place's time.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Timetable {
    /// The times at which one may be scheduled.
    pub grid: Grid,
    /// When none may start.
    pub maintenance: Vec<MaintenanceWindow>,
    /// The offset from UTC at which times of day are read.
    pub offset: FixedOffset,
}

impl Timetable {
    /// Korean banks: every ten minutes, but not from 22:50 to 01:00 (source: PortOne's console guide, June 2025; its schema of
    /// the same year has half hours and 23:00).
    #[must_use]
    pub fn korean_banks() -> Self {
        let hours = |hours: i32| FixedOffset::east_opt(hours.saturating_mul(3600));
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
        let night =
            time(22, 50).zip(time(1, 0)).and_then(|(from, until)| MaintenanceWindow::new(from, until));
        Self {
            grid: Grid::TenMinutes,
            maintenance: night.into_iter().collect(),
            offset: hours(9).unwrap_or_else(|| chrono::Offset::fix(&chrono::Utc)),
        }
    }

    /// Whether a bulk payout may be scheduled now for a later time.
    ///
    /// # Errors
    /// [`PayoutError::PastTime`], [`PayoutError::OffGrid`], [`PayoutError::Maintenance`].
    pub fn check_schedule(
        &self,
        at: DateTime<FixedOffset>,
        now: DateTime<FixedOffset>,
    ) -> Result<(), PayoutError> {
        let local = at.with_timezone(&self.offset);
        if at <= now {
            return Err(PayoutError::PastTime { at: local });
        }
        let minutes = self.grid.minutes();
        let is_on_grid = local.minute().checked_rem(minutes) == Some(0);
        if !is_on_grid || local.second() != 0 || local.nanosecond() != 0 {
            return Err(PayoutError::OffGrid { at: local, minutes });
        }
        self.check_start(at)
    }

    /// Whether a bulk payout may start at an instant.
    ///
    /// # Errors
    /// [`PayoutError::Maintenance`].
    pub fn check_start(&self, at: DateTime<FixedOffset>) -> Result<(), PayoutError> {
        let local = at.with_timezone(&self.offset);
        match self.maintenance.iter().find(|window| window.contains(local.time())) {
            Some(&window) => Err(PayoutError::Maintenance { at: local, window }),
            None => Ok(()),
        }
    }
}

impl Default for Timetable {
    fn default() -> Self {
        Self::korean_banks()
    }
}
