//! Settlement dates, found by walking from day to day.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::code::Code;

/// The years that calendars cover; a date outside is an error.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// How long after its start an order is held.
#[derive(Clone, Debug)]
pub enum Lag {
    /// Calendar days.
    Days(u64),
    /// Business days, after moving the start as the rule says.
    BusinessDays(u64, LagStart),
}

/// What happens to a start that is no business day, before business days are counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LagStart {
    /// Nothing; 0 business days leave any day alone.
    Strict,
    /// It moves to the next business day.
    RollForward,
    /// It moves to the previous business day.
    RollBackward,
}

/// The days on which settlements fall due.
#[derive(Clone, Debug)]
pub enum Method {
    /// Every day.
    Daily,
    /// These weekdays.
    Weekly(Vec<Weekday>),
    /// These days of the month; the last day stands for those the month lacks.
    Monthly(Vec<u32>),
    /// These (month, day); 29 February is the 28th in common years.
    Dates(Vec<(u32, u32)>),
    /// Every so many days from a first date on.
    EveryDays(i64, NaiveDate),
    /// The n-th business day of each month, the last one when it has fewer.
    NthBusinessDay(Vec<usize>),
    /// The n-th such weekday of each month (a month may lack the fifth), or the last (`None`).
    NthWeekday(Vec<(Option<u32>, Weekday)>),
}

/// Where a due day goes that is no business day.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DatePolicy {
    /// The business day before.
    HolidayBefore,
    /// The business day after.
    HolidayAfter,
    /// Nowhere.
    CalendarDay,
    /// After, but before when that is in another month.
    ModifiedFollowing,
    /// Before, but after when that is in another month.
    ModifiedPreceding,
}

/// A settlement cycle: lag, method and policy.
#[derive(Clone, Debug)]
pub struct Cycle {
    /// How long orders are held.
    pub lag: Lag,
    /// The days on which they fall due.
    pub method: Method,
    /// What a holiday does to them.
    pub policy: DatePolicy,
}

/// The date on which what started on a day falls due.
///
/// # Errors
/// `out-of-range` when a day on the way is outside the years of the calendars.
pub fn settlement_date(
    start: NaiveDate,
    cycle: &Cycle,
    adjusts_if_earlier: bool,
    is_business_day: &dyn Fn(NaiveDate) -> bool,
) -> Result<NaiveDate, Code> {
    let walk = Walk { is_business_day };
    let earliest = walk.after_lag(known(start)?, &cycle.lag)?;
    let mut due = earliest;
    while !walk.is_due(due, &cycle.method)? {
        due = next(due)?;
    }
    let adjusted = walk.adjusted(due, cycle.policy)?;
    if adjusted <= start && adjusts_if_earlier { walk.following(due) } else { Ok(adjusted) }
}

fn known(date: NaiveDate) -> Result<NaiveDate, Code> {
    if YEARS.contains(&date.year()) { Ok(date) } else { Err(Code::OutOfRange) }
}

fn next(date: NaiveDate) -> Result<NaiveDate, Code> {
    known(date.succ_opt().ok_or(Code::OutOfRange)?)
}

fn previous(date: NaiveDate) -> Result<NaiveDate, Code> {
    known(date.pred_opt().ok_or(Code::OutOfRange)?)
}

/// The last day of a date's month.
fn month_length(date: NaiveDate) -> u32 {
    (28..=31).rev().find(|&day| date.with_day(day).is_some()).unwrap_or(28)
}

struct Walk<'a> {
    is_business_day: &'a dyn Fn(NaiveDate) -> bool,
}

impl Walk<'_> {
    fn following(&self, mut date: NaiveDate) -> Result<NaiveDate, Code> {
        while !(self.is_business_day)(date) {
            date = next(date)?;
        }
        Ok(date)
    }

    fn preceding(&self, mut date: NaiveDate) -> Result<NaiveDate, Code> {
        while !(self.is_business_day)(date) {
            date = previous(date)?;
        }
        Ok(date)
    }

    fn after_lag(&self, start: NaiveDate, lag: &Lag) -> Result<NaiveDate, Code> {
        match *lag {
            Lag::Days(days) => known(start.checked_add_days(Days::new(days)).ok_or(Code::OutOfRange)?),
            Lag::BusinessDays(count, rule) => {
                let mut date = match rule {
                    LagStart::Strict => start,
                    LagStart::RollForward => self.following(start)?,
                    LagStart::RollBackward => self.preceding(start)?,
                };
                for _ in 0..count {
                    date = self.following(next(date)?)?;
                }
                Ok(date)
            }
        }
    }

    fn is_due(&self, date: NaiveDate, method: &Method) -> Result<bool, Code> {
        Ok(match method {
            Method::Daily => true,
            Method::Weekly(weekdays) => weekdays.contains(&date.weekday()),
            Method::Monthly(days) => days.iter().any(|&day| day.min(month_length(date)) == date.day()),
            Method::Dates(dates) => dates
                .iter()
                .any(|&(month, day)| month == date.month() && day.min(month_length(date)) == date.day()),
            Method::EveryDays(days, from) => {
                let since = date.signed_duration_since(*from).num_days();
                since >= 0 && since % days == 0
            }
            Method::NthBusinessDay(counts) => {
                let days = month_of(date)?;
                let business: Vec<_> = days.into_iter().filter(|&day| (self.is_business_day)(day)).collect();
                let nth = |&count: &usize| business.get(count.min(business.len()).saturating_sub(1));
                counts.iter().any(|count| nth(count) == Some(&date))
            }
            Method::NthWeekday(weekdays) => weekdays.iter().any(|&(nth, weekday)| {
                let is_nth = match nth {
                    Some(nth) => (date.day() - 1) / 7 + 1 == nth,
                    None => date.day() + 7 > month_length(date),
                };
                is_nth && date.weekday() == weekday
            }),
        })
    }

    fn adjusted(&self, date: NaiveDate, policy: DatePolicy) -> Result<NaiveDate, Code> {
        match policy {
            DatePolicy::CalendarDay => Ok(date),
            DatePolicy::HolidayBefore => self.preceding(date),
            DatePolicy::HolidayAfter => self.following(date),
            DatePolicy::ModifiedFollowing => match self.following(date) {
                Ok(after) if after.month() == date.month() => Ok(after),
                _ => self.preceding(date),
            },
            DatePolicy::ModifiedPreceding => match self.preceding(date) {
                Ok(before) if before.month() == date.month() => Ok(before),
                _ => self.following(date),
            },
        }
    }
}

fn month_of(date: NaiveDate) -> Result<Vec<NaiveDate>, Code> {
    (1..=month_length(date)).map(|day| date.with_day(day).ok_or(Code::OutOfRange)).collect()
}

/// Reads `YYYY-MM-DD` and nothing else.
#[must_use]
pub fn date(text: &str) -> Option<NaiveDate> {
    let is_shaped = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if is_shaped { text.parse().ok() } else { None }
}
