//! Which dates are settlement dates before any of them is moved.

use core::num::NonZeroU16;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::{BusinessDayNumbers, DaysOfMonth, DaysOfYear, NthWeekdays, ScheduleError};
use crate::calendar::Calendar;

/// The dates of a cycle.
///
/// Written `daily`, `weekly:TUE;THU`, `monthly:15;31`, `dates:05-01;11-01`, `every-days:3@2026-01-05`, `nth-business-day:1;10`,
/// `nth-weekday:2-WED;last-FRI`; a `,` parts a list as well as a `;`.
///
/// ```
/// use jeongsan::schedule::{CycleMethod, DaysOfMonth};
///
/// let method: CycleMethod = "monthly:15,31".parse()?;
/// assert_eq!(method, CycleMethod::Monthly(DaysOfMonth::new([31, 15])?));
/// assert_eq!(method.to_string(), "monthly:15;31");
/// # Ok::<(), jeongsan::schedule::ScheduleError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum CycleMethod {
    /// Every day (매일).
    #[default]
    Daily,
    /// Weekdays (매주).
    Weekly(Weekdays),
    /// Days of the month (매월).
    Monthly(DaysOfMonth),
    /// Days of the year (매년, 지정일).
    Dates(DaysOfYear),
    /// Every so many days.
    EveryDays(EveryDays),
    /// Business days of the month by their number.
    NthBusinessDay(BusinessDayNumbers),
    /// Weekdays of the month by their number.
    NthWeekday(NthWeekdays),
}

impl CycleMethod {
    /// The first cycle date on or after a date. The calendar is asked only where the dates are business days by definition.
    #[inline]
    pub(super) fn first_on_or_after(
        &self,
        date: NaiveDate,
        calendar: Option<&Calendar>,
    ) -> Result<NaiveDate, ScheduleError> {
        let found = match self {
            Self::Daily => Some(date),
            Self::Weekly(weekdays) => weekdays.first_on_or_after(date),
            Self::Monthly(days) => days.first_on_or_after(date),
            Self::Dates(days) => days.first_on_or_after(date),
            Self::EveryDays(every) => every.first_on_or_after(date),
            Self::NthWeekday(weekdays) => weekdays.first_on_or_after(date),
            Self::NthBusinessDay(numbers) => {
                let missing = || ScheduleError::CalendarMissing { cycle: alloc::format!("{self}") };
                return numbers.first_on_or_after(date, calendar.ok_or_else(missing)?);
            }
        };
        found.ok_or(ScheduleError::OutOfRange { start: date })
    }
}

/// The weekdays of a weekly cycle, at least one.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Weekdays(u8);

impl Weekdays {
    /// These weekdays.
    ///
    /// # Errors
    /// When there is none.
    pub fn new(weekdays: impl IntoIterator<Item = Weekday>) -> Result<Self, ScheduleError> {
        let bits = weekdays.into_iter().fold(0, |bits, weekday| bits | 1 << weekday.num_days_from_monday());
        if bits == 0 { Err(ScheduleError::NoDates { method: "weekly" }) } else { Ok(Self(bits)) }
    }

    /// The weekdays from Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
        let all = [Mon, Tue, Wed, Thu, Fri, Sat, Sun];
        all.into_iter().filter(move |weekday| self.contains(*weekday))
    }

    /// Whether a weekday is one of them.
    #[must_use]
    pub fn contains(self, weekday: Weekday) -> bool {
        self.0 >> weekday.num_days_from_monday() & 1 == 1
    }

    #[inline]
    pub(super) fn first_on_or_after(self, date: NaiveDate) -> Option<NaiveDate> {
        // Two weeks in a row, shifted so that the date's own weekday is the lowest bit.
        let weeks = u32::from(self.0) | u32::from(self.0) << 7;
        let wait = (weeks >> date.weekday().num_days_from_monday()).trailing_zeros();
        date.checked_add_days(Days::new(u64::from(wait)))
    }
}

/// A first date and every so many days after it; there is no cycle date before the first.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct EveryDays {
    /// The days from one date to the next.
    pub days: NonZeroU16,
    /// The first date.
    pub from: NaiveDate,
}

impl EveryDays {
    pub(super) fn first_on_or_after(self, date: NaiveDate) -> Option<NaiveDate> {
        let passed = u64::try_from(date.signed_duration_since(self.from).num_days()).unwrap_or(0);
        let steps = passed.div_ceil(u64::from(self.days.get()));
        self.from.checked_add_days(Days::new(steps.checked_mul(u64::from(self.days.get()))?))
    }
}
