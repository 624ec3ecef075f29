//! Why a settlement date came out.

use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::{Lag, Schedule, ScheduleError};
use crate::calendar::{Calendar, CalendarVersion, ClosedDay, DateRange};

/// The way from a start date to its settlement date, day by day.
///
/// It prints as sentences, one a line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ScheduleExplanation<'a> {
    schedule: &'a Schedule,
    /// The start date.
    pub start: NaiveDate,
    /// The start date and the lag.
    pub earliest: NaiveDate,
    /// The closed days that a lag of business days passed over, in order.
    pub passed_by_lag: Vec<ClosedDay<'a>>,
    /// The first cycle date on or after the earliest.
    pub candidate: NaiveDate,
    /// The candidate, moved by the date policy.
    pub moved: NaiveDate,
    /// The settlement date: `moved`, unless that was too early.
    pub settlement_date: NaiveDate,
    /// The closed days between the candidate and the settlement date, in order, the candidate among them.
    pub moved_over: Vec<ClosedDay<'a>>,
    /// The version of the calendar, where there is one.
    pub calendar_version: Option<&'a CalendarVersion>,
}

impl Schedule {
    /// Explains the settlement date of what starts on a day.
    ///
    /// # Errors
    /// As [`Schedule::settlement_date`].
    pub fn explain(&self, start: NaiveDate) -> Result<ScheduleExplanation<'_>, ScheduleError> {
        let steps = self.steps(start)?;
        let passed_by_lag = match (&self.cycle.lag, &self.lag_calendar) {
            (Lag::BusinessDays { .. }, Some(calendar)) => closed_between(calendar, start, steps.earliest)?,
            _ => Vec::new(),
        };
        let moved_over = match &self.calendar {
            Some(calendar) => closed_between(calendar, steps.candidate, steps.settlement)?,
            None => Vec::new(),
        };
        Ok(ScheduleExplanation {
            schedule: self,
            start,
            earliest: steps.earliest,
            passed_by_lag,
            candidate: steps.candidate,
            moved: steps.moved,
            settlement_date: steps.settlement,
            moved_over,
            calendar_version: self.calendar().map(Calendar::version),
        })
    }
}

/// The closed days between two dates, both included; none when they are the same.
fn closed_between(
    calendar: &Calendar,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<ClosedDay<'_>>, ScheduleError> {
    if from == to {
        return Ok(Vec::new());
    }
    let range = DateRange::new(from.min(to), from.max(to))?;
    Ok(calendar.closed_days(range)?.collect())
}

impl fmt::Display for ScheduleExplanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cycle = self.schedule.cycle();
        write!(f, "{} with a lag of `{}` is {}", self.start, cycle.lag, self.earliest)?;
        days(f, ", passing over ", &self.passed_by_lag)?;
        write!(f, ".\nThe first date of `{}` on or after it is {}", cycle.method, self.candidate)?;
        f.write_str(".\n")?;
        let policy = cycle.date_policy;
        if self.moved == self.candidate {
            writeln!(f, "It stays under `{policy}`.")?;
        } else if self.settlement_date == self.moved {
            write!(f, "It is closed; `{policy}` moves it to {}", self.moved)?;
            days(f, " over ", &self.moved_over)?;
            f.write_str(".\n")?;
        } else {
            writeln!(f, "It is closed; `{policy}` moves it to {}.", self.moved)?;
        }
        if self.settlement_date != self.moved {
            let bound =
                if self.moved <= self.start { "not after the start" } else { "before the end of the lag" };
            write!(f, "That is {bound}, so the business day that follows {} is taken", self.candidate)?;
            write!(f, ": {}", self.settlement_date)?;
            days(f, ", over ", &self.moved_over)?;
            f.write_str(".\n")?;
        }
        write!(f, "The settlement date is {}", self.settlement_date)?;
        match self.calendar_version {
            Some(version) => write!(f, ", by calendar {version}."),
            None => f.write_str(", by no calendar."),
        }
    }
}

/// Lists days after a lead, or writes nothing.
fn days(f: &mut fmt::Formatter<'_>, lead: &str, days: &[ClosedDay<'_>]) -> fmt::Result {
    for (i, day) in days.iter().enumerate() {
        write!(f, "{}{day}", if i == 0 { lead } else { ", " })?;
    }
    Ok(())
}
