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
        match convention {
            Convention::Unadjusted => Ok(date),
            // Half of all dates asked about are closed, in no order: these two, the usual ones, take no branch on it.
            Convention::Following => self.next_or_same(day).ok_or_else(|| self.beyond(date, Side::After)),
            Convention::Preceding => {
                self.previous_or_same(day).ok_or_else(|| self.beyond(date, Side::Before))
            }
            _ if day.is_open() => Ok(date),
            _ => self.adjust_closed(date, day, convention),
        }
    }

    fn adjust_closed(
        &self,
        date: NaiveDate,
        day: Day,
        convention: Convention,
    ) -> Result<NaiveDate, CalendarError> {
        let (next, previous) = (self.next_or_same(day), self.previous_or_same(day));
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
        // The rank of a closed day is that of the business day after it, which is thus one step ahead already. Counted in and not
        // branched on, for closed dates come in no order.
        let ahead = i32::from(!day.is_open());
        let (steps, rolled) = match start {
            StartRule::Strict if n == 0 => return Ok(date),
            StartRule::Strict if n > 0 => (n.wrapping_sub(ahead), None),
            StartRule::RollBackward if n > 0 => (n.wrapping_sub(ahead), Some(self.previous_or_same(day))),
            StartRule::RollForward if n < 0 => (n, Some(self.next_or_same(day))),
            StartRule::RollBackward => (n.saturating_sub(ahead), None),
            StartRule::Strict | StartRule::RollForward => (n, None),
            StartRule::Reject if day.is_open() => (n, None),
            StartRule::Reject => return Err(self.closed(date)),
        };
        if rolled == Some(None) {
            return Err(self.beyond(date, if n < 0 { Side::After } else { Side::Before }));
        }
        // A negative sum wraps to more than 2³¹, which no table has.
        let found = self.0.tables.business_day(day.rank().wrapping_add_signed(steps));
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

    /// The day itself when it is open, else the next business day if the range has it.
    #[inline]
    fn next_or_same(&self, day: Day) -> Option<NaiveDate> {
        self.0.tables.business_day(day.rank())
    }

    /// The day itself when it is open, else the previous business day if the range has it.
    #[inline]
    fn previous_or_same(&self, day: Day) -> Option<NaiveDate> {
        self.0.tables.business_day(day.rank_behind().wrapping_sub(1))
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
