//! How cycle methods are written.

use core::fmt;
use core::str::FromStr;

use chrono::{NaiveDate, Weekday};

use super::{
    BusinessDayNumbers, CycleMethod, DaysOfMonth, DaysOfYear, EveryDays, NthWeekday, NthWeekdays,
    ScheduleError, Weekdays,
};

const EXAMPLE: &str = "`daily`, `weekly:TUE;THU`, `monthly:15;31`, `dates:05-01;11-01`, `every-days:3@2026-01-05`, \
                       `nth-business-day:1` or `nth-weekday:2-WED;last-FRI`";

impl FromStr for CycleMethod {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let malformed = || ScheduleError::malformed("cycle", text, EXAMPLE);
        let Some((method, list)) = text.split_once(':') else {
            return if text == "daily" { Ok(Self::Daily) } else { Err(malformed()) };
        };
        let items = || list.split([';', ',']);
        /// Every item read, or none.
        fn all<T>(items: impl Iterator<Item = Option<T>>) -> Option<alloc::vec::Vec<T>> {
            items.collect()
        }
        match method {
            "weekly" => {
                let weekdays = all(items().map(weekday)).ok_or_else(malformed)?;
                Ok(Self::Weekly(Weekdays::new(weekdays)?))
            }
            "monthly" => {
                let days = all(items().map(number)).ok_or_else(malformed)?;
                Ok(Self::Monthly(DaysOfMonth::new(days)?))
            }
            "dates" => {
                let days = all(items().map(day_of_year)).ok_or_else(malformed)?;
                Ok(Self::Dates(DaysOfYear::new(days)?))
            }
            "every-days" => {
                let (days, from) = list.split_once('@').ok_or_else(malformed)?;
                let days = number(days).ok_or_else(malformed)?;
                Ok(Self::EveryDays(EveryDays { days, from: date(from).ok_or_else(malformed)? }))
            }
            "nth-business-day" => {
                let numbers = all(items().map(number)).ok_or_else(malformed)?;
                Ok(Self::NthBusinessDay(BusinessDayNumbers::new(numbers)?))
            }
            "nth-weekday" => {
                let weekdays: Result<alloc::vec::Vec<_>, _> = items().map(str::parse).collect();
                Ok(Self::NthWeekday(NthWeekdays::new(weekdays?)?))
            }
            _ => Err(malformed()),
        }
    }
}

impl fmt::Display for CycleMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Daily => f.write_str("daily"),
            Self::Weekly(weekdays) => list(f, "weekly", weekdays.iter().map(weekday_text)),
            Self::Monthly(days) => list(f, "monthly", days.iter()),
            Self::Dates(days) => {
                list(f, "dates", days.iter().map(|(month, day)| alloc::format!("{month:02}-{day:02}")))
            }
            Self::EveryDays(EveryDays { days, from }) => write!(f, "every-days:{days}@{from}"),
            Self::NthBusinessDay(numbers) => list(f, "nth-business-day", numbers.iter()),
            Self::NthWeekday(weekdays) => list(f, "nth-weekday", weekdays.iter()),
        }
    }
}

impl FromStr for NthWeekday {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let malformed = || ScheduleError::malformed("weekday of a month", text, "`2-WED` or `last-FRI`");
        let (nth, weekday_text) = text.split_once('-').ok_or_else(malformed)?;
        let weekday = weekday(weekday_text).ok_or_else(malformed)?;
        if nth == "last" {
            return Ok(Self::last(weekday));
        }
        Self::new(number(nth).ok_or_else(malformed)?, weekday)
    }
}

impl fmt::Display for NthWeekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weekday = weekday_text(self.weekday());
        match self.nth() {
            Some(nth) => write!(f, "{nth}-{weekday}"),
            None => write!(f, "last-{weekday}"),
        }
    }
}

fn list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    method: &str,
    items: impl Iterator<Item = T>,
) -> fmt::Result {
    f.write_str(method)?;
    for (i, item) in items.enumerate() {
        write!(f, "{}{item}", if i == 0 { ':' } else { ';' })?;
    }
    Ok(())
}

/// A number of digits alone; the standard parser takes a sign, too.
fn number<T: FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn day_of_year(text: &str) -> Option<(u8, u8)> {
    let (month, day) = text.split_once('-').filter(|(month, day)| month.len() == 2 && day.len() == 2)?;
    Some((number(month)?, number(day)?))
}

/// A date of ten characters; the standard parser takes shorter ones, too.
fn date(text: &str) -> Option<NaiveDate> {
    text.parse().ok().filter(|_| text.len() == 10)
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MON", Weekday::Mon),
    ("TUE", Weekday::Tue),
    ("WED", Weekday::Wed),
    ("THU", Weekday::Thu),
    ("FRI", Weekday::Fri),
    ("SAT", Weekday::Sat),
    ("SUN", Weekday::Sun),
];

pub(crate) fn weekday(text: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(name, _)| *name == text).map(|&(_, weekday)| weekday)
}

fn weekday_text(weekday: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(_, one)| *one == weekday).map_or("", |(name, _)| name)
}
