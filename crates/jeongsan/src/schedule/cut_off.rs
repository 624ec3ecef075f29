//! Which day an instant belongs to.

use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone};

use super::ScheduleError;

/// The minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

/// The time of day from which on an event counts for the next day, at a stated offset from UTC.
///
/// An instant at the cut-off itself counts for the next day already. `24:00+09:00` cuts at midnight, so that an instant counts
/// for its own day in Korea. There is no time zone here: an offset that changes with the season is the caller's to choose.
///
/// ```
/// use chrono::DateTime;
/// use jeongsan::schedule::CutOff;
///
/// let paid = DateTime::parse_from_rfc3339("2023-08-11T15:21:00Z").unwrap();
/// assert_eq!(CutOff::KOREAN_MIDNIGHT.start_date(&paid)?.to_string(), "2023-08-12");
/// let at_four: CutOff = "16:00+09:00".parse()?;
/// let paid = DateTime::parse_from_rfc3339("2023-08-11T15:59:59+09:00").unwrap();
/// assert_eq!(at_four.start_date(&paid)?.to_string(), "2023-08-11");
/// # Ok::<(), jeongsan::schedule::ScheduleError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct CutOff {
    /// Minutes from the start of the day, 1 to 1440.
    minute: u16,
    offset_minutes: i16,
}

impl CutOff {
    /// Midnight in Korea.
    pub const KOREAN_MIDNIGHT: Self = Self { minute: DAY_MINUTES, offset_minutes: 9 * 60 };

    /// The start date of what happens at an instant.
    ///
    /// # Errors
    /// [`ScheduleError::OutOfRange`] at the ends of time.
    pub fn start_date<Z: TimeZone>(self, instant: &DateTime<Z>) -> Result<NaiveDate, ScheduleError> {
        let utc = instant.naive_utc();
        // What is left of the day after the cut-off belongs to the next: shift the clock so that it cuts at midnight.
        let minutes = i64::from(self.offset_minutes)
            .saturating_add(i64::from(DAY_MINUTES))
            .saturating_sub(i64::from(self.minute));
        let shifted = utc.checked_add_signed(TimeDelta::minutes(minutes));
        shifted.map(|shifted| shifted.date()).ok_or(ScheduleError::OutOfRange { start: utc.date() })
    }
}

impl FromStr for CutOff {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let malformed =
            || ScheduleError::malformed("cut-off", text, "`16:00+09:00`, from `00:01` to `24:00`");
        let at = text.find(['+', '-']).ok_or_else(malformed)?;
        let (time, offset) = text.split_at_checked(at).ok_or_else(malformed)?;
        let minute = minutes(time).filter(|minute| (1..=DAY_MINUTES).contains(minute));
        let size = minutes(offset.trim_start_matches(['+', '-'])).filter(|&size| size < DAY_MINUTES);
        let size = size.and_then(|size| i16::try_from(size).ok());
        let (Some(minute), Some(size)) = (minute, size) else { return Err(malformed()) };
        let offset_minutes = if offset.starts_with('-') { size.wrapping_neg() } else { size };
        Ok(Self { minute, offset_minutes })
    }
}

/// `HH:MM` in minutes.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str| {
        let is_pair = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|_| is_pair)
    };
    let minutes = number(minutes).filter(|&minutes| minutes < 60)?;
    number(hours)?.checked_mul(60)?.checked_add(minutes)
}

impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let offset = self.offset_minutes.unsigned_abs();
        let (hour, minute) = (self.minute / 60, self.minute % 60);
        write!(f, "{hour:02}:{minute:02}{sign}{:02}:{:02}", offset / 60, offset % 60)
    }
}
