//! Moving a date to a business day, by business days, and counting them.

use chrono::{Datelike, NaiveDate, Weekday};

use super::tables::Day;
use super::{Calendar, CalendarError, Convention, CountedEnds, Side, StartRule};

/// The last day of a half month.
const HALF_MONTH_DAY: u32 = 15;

impl Calendar {
    /// The date, moved by the convention when it is closed.
    ///
    /// # Errors
    /// When the date lies outside of the range, or a business day that the convention looks for would.
    #[inline]
    pub fn adjust(&self, date: NaiveDate, convention: Convention) -> Result<NaiveDate, CalendarError> {
        let day = self.day(date)?;
        if day.is_open() || convention == Convention::Unadjusted {
            return Ok(date);
        }
        let next = || self.next(date, day);
        let previous = || self.previous(date, day);
        let is_same_month = |moved: NaiveDate| (moved.year(), moved.month()) == (date.year(), date.month());
        let is_same_half = |moved: NaiveDate| date.day() > HALF_MONTH_DAY || moved.day() <= HALF_MONTH_DAY;
        match convention {
            Convention::Unadjusted => Ok(date),
            Convention::Following => next(),
            Convention::Preceding => previous(),
            Convention::ModifiedFollowing => match next()? {
                moved if is_same_month(moved) => Ok(moved),
                _ => previous(),
            },
            Convention::HalfMonthModifiedFollowing => match next()? {
                moved if is_same_month(moved) && is_same_half(moved) => Ok(moved),
                _ => previous(),
            },
            Convention::ModifiedPreceding => match previous()? {
                moved if is_same_month(moved) => Ok(moved),
                _ => next(),
            },
            Convention::Nearest => {
                let (forward, back) = (next()?, previous()?);
                let is_forward = forward.signed_duration_since(date) <= date.signed_duration_since(back);
                Ok(if is_forward { forward } else { back })
            }
            Convention::NearestSunMon => match date.weekday() {
                Weekday::Sun | Weekday::Mon => next(),
                _ => previous(),
            },
        }
    }

    /// The n-th business day after the date, or before it for a negative n.
    ///
    /// # Errors
    /// When the date lies outside of the range, the result or the business day that the rule begins on would, or the rule
    /// rejects a closed start.
    #[inline]
    pub fn add_business_days(
        &self,
        date: NaiveDate,
        n: i32,
        start: StartRule,
    ) -> Result<NaiveDate, CalendarError> {
        let day = self.day(date)?;
        let steps = if day.is_open() {
            n
        } else {
            // Its rank is that of the next business day, which is the first of the days after it.
            match start {
                StartRule::Strict if n == 0 => return Ok(date),
                StartRule::Strict if n < 0 => n,
                StartRule::Strict => n.saturating_sub(1),
                StartRule::RollForward => {
                    self.next(date, day)?;
                    n
                }
                StartRule::RollBackward => {
                    self.previous(date, day)?;
                    n.saturating_sub(1)
                }
                StartRule::Reject => return Err(self.closed(date)),
            }
        };
        let rank = day.rank().checked_add_signed(steps);
        let found = rank.and_then(|rank| self.0.tables.business_day(rank));
        found.ok_or_else(|| self.beyond(date, if steps < 0 { Side::Before } else { Side::After }))
    }

    /// The business days between two dates, with the ends stated; negative when the second is before the first.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`].
    #[inline]
    pub fn count(&self, from: NaiveDate, to: NaiveDate, ends: CountedEnds) -> Result<i32, CalendarError> {
        let (a, b) = (self.day(from)?, self.day(to)?);
        let size = |earlier: Day, later: Day| {
            let (first, behind) = match ends {
                CountedEnds::Earlier => (earlier.rank(), later.rank()),
                CountedEnds::Later => (earlier.rank_behind(), later.rank_behind()),
                CountedEnds::Both => (earlier.rank(), later.rank_behind()),
                CountedEnds::Neither => (earlier.rank_behind(), later.rank()),
            };
            // Only a day counted against itself with neither end could be negative.
            behind.saturating_sub(first).cast_signed()
        };
        Ok(if to < from { size(b, a).wrapping_neg() } else { size(a, b) })
    }

    /// The first business day after a closed day.
    #[inline]
    fn next(&self, date: NaiveDate, day: Day) -> Result<NaiveDate, CalendarError> {
        self.0.tables.business_day(day.rank()).ok_or_else(|| self.beyond(date, Side::After))
    }

    /// The last business day before the day.
    #[inline]
    fn previous(&self, date: NaiveDate, day: Day) -> Result<NaiveDate, CalendarError> {
        let found = day.rank().checked_sub(1).and_then(|rank| self.0.tables.business_day(rank));
        found.ok_or_else(|| self.beyond(date, Side::Before))
    }

    #[cold]
    #[inline(never)]
    fn closed(&self, date: NaiveDate) -> CalendarError {
        CalendarError::NotABusinessDay { calendar: self.id().clone(), date }
    }
}
