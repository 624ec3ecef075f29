//! Conditions on the instant at which a customer paid.
//!
//! A weekday and a time of day are those of the book's time zone, each asked of the instant by itself: under Friday and 22:00 to 02:00
//! comes what is paid on a Friday from 22:00 on or before 02:00, and Saturday's first two hours need Saturday.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Datelike, FixedOffset, NaiveTime, Timelike};

use crate::schedule::Weekdays;

/// What a condition asks of the instant of payment; an order that states none meets none of these.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PaidWhen {
    /// At this instant or later.
    From(DateTime<FixedOffset>),
    /// Before this instant.
    Before(DateTime<FixedOffset>),
    /// On one of these weekdays.
    Weekdays(Weekdays),
    /// In this window of the day.
    Time(TimeWindow),
}

/// A window of the day, which may pass midnight: from a time on, before another.
///
/// ```
/// use jeongsan::fee::TimeWindow;
///
/// let night = TimeWindow::new("22:00".parse()?, "02:00".parse()?);
/// assert!(night.contains("22:00".parse()?) && night.contains("01:59:59".parse()?));
/// assert!(!night.contains("02:00".parse()?));
/// # Ok::<(), jeongsan::fee::TimeOfDayError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TimeWindow {
    from: TimeOfDay,
    before: TimeOfDay,
}

/// A time of the day, written `22:00` or `22:00:30`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct TimeOfDay(NaiveTime);

/// Why a text is no time of the day.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{text}` is no time of day as 22:00 or 22:00:30")]
pub struct TimeOfDayError {
    text: String,
}

impl PaidWhen {
    /// Whether it holds for a payment at an instant, given in the time zone of weekdays and times of day.
    #[must_use]
    pub fn holds(&self, paid_at: DateTime<FixedOffset>) -> bool {
        match self {
            Self::From(from) => *from <= paid_at,
            Self::Before(before) => paid_at < *before,
            Self::Weekdays(weekdays) => weekdays.contains(paid_at.weekday()),
            Self::Time(window) => window.contains(TimeOfDay(paid_at.time())),
        }
    }
}

impl TimeWindow {
    /// The window between two times; past midnight where it ends at an earlier time than it begins, of no length where both are one.
    #[must_use]
    pub const fn new(from: TimeOfDay, before: TimeOfDay) -> Self {
        Self { from, before }
    }

    /// The first time in it.
    #[must_use]
    pub const fn from(self) -> TimeOfDay {
        self.from
    }

    /// The first time behind it.
    #[must_use]
    pub const fn before(self) -> TimeOfDay {
        self.before
    }

    /// Whether a time lies in it.
    #[must_use]
    pub fn contains(self, time: TimeOfDay) -> bool {
        if self.from <= self.before {
            self.from <= time && time < self.before
        } else {
            self.from <= time || time < self.before
        }
    }
}

impl TimeOfDay {
    /// The beginning of the day.
    pub const MIDNIGHT: Self = Self(NaiveTime::MIN);

    pub(crate) const fn time(self) -> NaiveTime {
        self.0
    }
}

impl FromStr for TimeOfDay {
    type Err = TimeOfDayError;

    fn from_str(text: &str) -> Result<Self, TimeOfDayError> {
        let part = |text: &str| match text.as_bytes() {
            [tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit() => text.parse::<u32>().ok(),
            _ => None,
        };
        let mut parts = text.splitn(3, ':');
        let (hours, minutes) = (parts.next().and_then(part), parts.next().and_then(part));
        let seconds = parts.next().map_or(Some(0), part);
        let time = match (hours, minutes, seconds) {
            (Some(hours), Some(minutes), Some(seconds)) => NaiveTime::from_hms_opt(hours, minutes, seconds),
            _ => None,
        };
        time.map(Self).ok_or_else(|| TimeOfDayError { text: text.chars().take(40).collect() })
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())?;
        match self.0.second() {
            0 => Ok(()),
            second => write!(f, ":{second:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn times_are_read_strictly_and_printed_back() {
        for text in ["00:00", "23:59", "09:30:05"] {
            assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), text);
        }
        for text in ["", "9:00", "24:00", "09:60", "09:00:60", "09:00:", "09:00:00:00", "+9:00", "가:00"] {
            let expected = alloc::format!("`{text}` is no time of day as 22:00 or 22:00:30");
            assert_eq!(text.parse::<TimeOfDay>().unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn a_window_of_no_length_holds_nothing() {
        let noon: TimeOfDay = "12:00".parse().unwrap();
        assert!(!TimeWindow::new(noon, noon).contains(noon));
        assert!(!TimeWindow::new(noon, noon).contains(TimeOfDay::MIDNIGHT));
    }
}
