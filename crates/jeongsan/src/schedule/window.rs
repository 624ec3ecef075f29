//! Schedules read the other way round: what is paid on a day, which days are paid on, and which dates move.

use core::cmp::Ordering;

use chrono::{Days, NaiveDate};

use super::{Schedule, ScheduleError};
use crate::calendar::{Calendar, CalendarError, DateRange, Side};

/// A start date whose settlement date is another on a newer calendar.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Move {
    /// The start date.
    pub start: NaiveDate,
    /// The settlement date so far.
    pub before: Result<NaiveDate, ScheduleError>,
    /// The settlement date now.
    pub after: Result<NaiveDate, ScheduleError>,
}

impl Schedule {
    /// The start dates that are paid on a day, or `None` when there are none.
    ///
    /// They are an unbroken range, for a later start is never paid earlier. A schedule with a calendar knows of no start
    /// outside of its range; where the lag rejects closed starts, those inside of the window have no date all the same.
    ///
    /// # Errors
    /// [`ScheduleError::Calendar`] when the day lies outside of the calendar's range.
    pub fn start_dates(&self, pay_day: NaiveDate) -> Result<Option<DateRange>, ScheduleError> {
        let domain = match &self.calendar {
            Some(calendar) => {
                calendar.check(pay_day)?;
                calendar.range()
            }
            None => DateRange::new(NaiveDate::MIN, pay_day)?,
        };
        let first = first_where(domain, |start| self.compare(start, pay_day).is_ge());
        let behind = first_where(domain, |start| self.compare(start, pay_day).is_gt());
        let Some(first) = first else { return Ok(None) };
        let last = match behind {
            Some(behind) => behind.pred_opt().unwrap_or(behind),
            None => domain.last(),
        };
        let is_rejected = |start: &NaiveDate| self.is_rejected(*start);
        let ahead = || first.iter_days().take_while(|&date| date <= last);
        let back = || last.iter_days().rev();
        let (Some(first), Some(last)) =
            (ahead().find(|date| !is_rejected(date)), back().find(|date| !is_rejected(date)))
        else {
            return Ok(None);
        };
        Ok(DateRange::new(first, last).ok())
    }

    /// Whether the date of a start lies before, on or after a day. A date beyond the calendar's range counts by its side; a start
    /// that the lag rejects counts as the next one that it takes.
    fn compare(&self, start: NaiveDate, pay_day: NaiveDate) -> Ordering {
        for start in start.iter_days() {
            match self.settlement_date(start) {
                Ok(date) => return date.cmp(&pay_day),
                Err(ScheduleError::Calendar(CalendarError::NotABusinessDay { .. })) => {}
                Err(ScheduleError::Calendar(error)) if error.side() == Some(Side::Before) => {
                    return Ordering::Less;
                }
                Err(_) => break,
            }
        }
        Ordering::Greater
    }

    fn is_rejected(&self, start: NaiveDate) -> bool {
        let found = self.settlement_date(start);
        matches!(found, Err(ScheduleError::Calendar(CalendarError::NotABusinessDay { .. })))
    }

    /// The settlement dates in a range, in order: the cycle's dates, moved by the date policy, each once.
    ///
    /// A date that only a late start brings about, by way of the rule for dates on or before the start, is not among them.
    ///
    /// # Errors
    /// [`ScheduleError::Calendar`] when the range leaves that of the calendar.
    pub fn dates_between(&self, range: DateRange) -> Result<impl Iterator<Item = NaiveDate>, ScheduleError> {
        let calendar = self.calendar.as_ref();
        let mut from = Some(range.first());
        if let Some(calendar) = calendar {
            calendar.check(range.last())?;
            from = Some(reaching(calendar, range.first())?);
        }
        let convention = self.cycle.date_policy.convention();
        let candidates = core::iter::from_fn(move || {
            // The search fails only beyond the calendar, where no date of the range can come from.
            let candidate = self.cycle.method.first_on_or_after(from?, calendar).ok();
            from = candidate.and_then(|candidate| candidate.succ_opt());
            candidate
        });
        let moved = candidates.map_while(move |candidate| match calendar {
            Some(calendar) => match calendar.adjust(candidate, convention) {
                Ok(date) => Some(date),
                Err(error) => (error.side() == Some(Side::Before)).then_some(NaiveDate::MIN),
            },
            None => Some(candidate),
        });
        let mut last = None;
        Ok(moved
            .skip_while(move |&date| date < range.first())
            .take_while(move |&date| date <= range.last())
            .filter(move |&date| last.replace(date) != Some(date)))
    }

    /// The start dates whose settlement date a newer schedule changes, such as one on a calendar that learnt of a holiday.
    pub fn moves<'a>(
        &'a self,
        newer: &'a Self,
        starts: impl IntoIterator<Item = NaiveDate> + 'a,
    ) -> impl Iterator<Item = Move> + 'a {
        starts.into_iter().filter_map(|start| {
            let (before, after) = (self.settlement_date(start), newer.settlement_date(start));
            // Of two errors the second says nothing new.
            let is_moved = before != after && (before.is_ok() || after.is_ok());
            is_moved.then_some(Move { start, before, after })
        })
    }
}

/// The earliest date that a convention can move to a date or beyond it: the day after the last business day before it.
fn reaching(calendar: &Calendar, date: NaiveDate) -> Result<NaiveDate, CalendarError> {
    use crate::calendar::StartRule::Strict;
    match calendar.add_business_days(date, -1, Strict) {
        Ok(before) => Ok(before.succ_opt().unwrap_or(date)),
        Err(CalendarError::BeyondRange { range, .. }) => Ok(range.first()),
        Err(error) => Err(error),
    }
}

/// The first day of a range from which on a predicate holds.
fn first_where(range: DateRange, holds: impl Fn(NaiveDate) -> bool) -> Option<NaiveDate> {
    let (mut low, mut high) = (range.first(), range.last());
    if !holds(high) {
        return None;
    }
    while low < high {
        let half = high.signed_duration_since(low).num_days() / 2;
        let middle = low.checked_add_days(Days::new(half.unsigned_abs()))?;
        if holds(middle) {
            high = middle;
        } else {
            low = middle.succ_opt()?;
        }
    }
    Some(low)
}
