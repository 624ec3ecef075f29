//! Moving a date to a business day, by business days, and counting them.

use chrono::{Datelike, NaiveDate, Weekday};

use super::tables::Day;
use super::{Calendar, CalendarError, Convention, CountedEnds, Side, StartRule, month_of};

/// The last day of a half month.
const HALF_MONTH_DAY: u32 = 15;

impl Calendar {
    /// The date, moved by the convention when it is closed.
    ///
    /// # Errors
    /// When the date lies outside of the range or the result would, or what lies outside decides the result.
    #[inline]
    pub fn adjust(&self, date: NaiveDate, convention: Convention) -> Result<NaiveDate, CalendarError> {
        let day = self.day(date)?;
        if day.is_open() || convention == Convention::Unadjusted {
            return Ok(date);
        }
        let (next, previous) = (self.next(day), self.previous(day));
        let is_forward = match convention {
            Convention::Unadjusted => return Ok(date),
            Convention::Following => true,
            Convention::Preceding => false,
            Convention::ModifiedFollowing => !self.leaves_month_forward(date, next),
            Convention::HalfMonthModifiedFollowing => {
                !self.leaves_month_forward(date, next) && !self.leaves_half_month(date, next)
            }
            Convention::ModifiedPreceding => self.leaves_month_back(date, previous),
            Convention::Nearest => self.is_next_nearer(date, next, previous),
            Convention::NearestSunMon => matches!(date.weekday(), Weekday::Sun | Weekday::Mon),
        };
        let (found, side) = if is_forward { (next, Side::After) } else { (previous, Side::Before) };
        found.ok_or_else(|| self.beyond(date, side))
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
                    self.next(day).ok_or_else(|| self.beyond(date, Side::After))?;
                    n
                }
                StartRule::RollBackward => {
                    self.previous(day).ok_or_else(|| self.beyond(date, Side::Before))?;
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

    /// The first business day after a closed day, if the range has it.
    #[inline]
    fn next(&self, day: Day) -> Option<NaiveDate> {
        self.0.tables.business_day(day.rank())
    }

    /// The last business day before the day, if the range has it.
    #[inline]
    fn previous(&self, day: Day) -> Option<NaiveDate> {
        self.0.tables.business_day(day.rank().checked_sub(1)?)
    }

    /// Whether the next business day lies in another month. One beyond the range does when the range has all of the month.
    fn leaves_month_forward(&self, date: NaiveDate, next: Option<NaiveDate>) -> bool {
        let (next, month) = (next.unwrap_or_else(|| self.day_behind_range()), month_of(date));
        next > month.last()
    }

    /// Whether the previous business day lies in another month.
    fn leaves_month_back(&self, date: NaiveDate, previous: Option<NaiveDate>) -> bool {
        let (previous, month) = (previous.unwrap_or_else(|| self.day_before_range()), month_of(date));
        previous < month.first()
    }

    /// Whether the next business day lies behind the half of the month in which the date does.
    fn leaves_half_month(&self, date: NaiveDate, next: Option<NaiveDate>) -> bool {
        let next = next.unwrap_or_else(|| self.day_behind_range());
        date.day() <= HALF_MONTH_DAY && next.day() > HALF_MONTH_DAY
    }

    /// Whether the next business day is at most as far as the previous one.
    fn is_next_nearer(&self, date: NaiveDate, next: Option<NaiveDate>, previous: Option<NaiveDate>) -> bool {
        let next = next.unwrap_or_else(|| self.day_behind_range());
        let previous = previous.unwrap_or_else(|| self.day_before_range());
        next.signed_duration_since(date) <= date.signed_duration_since(previous)
    }

    /// The nearest that a business day behind the range can be.
    fn day_behind_range(&self) -> NaiveDate {
        self.range().last().succ_opt().unwrap_or(NaiveDate::MAX)
    }

    /// The nearest that a business day before the range can be.
    fn day_before_range(&self) -> NaiveDate {
        self.range().first().pred_opt().unwrap_or(NaiveDate::MIN)
    }

    #[cold]
    #[inline(never)]
    fn closed(&self, date: NaiveDate) -> CalendarError {
        CalendarError::NotABusinessDay { calendar: self.id().clone(), date }
    }
}
