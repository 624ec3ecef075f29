//! The cycle of a contract, and the schedule it becomes on a calendar.

use alloc::string::ToString;
use core::fmt;
use core::str::FromStr;

use chrono::{Days, NaiveDate};

use super::{CycleMethod, Lag, ScheduleError};
use crate::calendar::{Calendar, Calendars, Convention};
use crate::id::CalendarId;
use crate::money::text_enum;

text_enum! {
    /// What becomes of a cycle date that is no business day.
    pub enum DatePolicy ("date policy") or UnknownDatePolicy {
        /// The business day before it (전 영업일).
        HolidayBefore = "holiday-before",
        /// The business day after it (후 영업일).
        HolidayAfter = "holiday-after",
        /// It stays.
        CalendarDay = "calendar-day",
        /// The business day after it, but the one before when that leaves the month.
        ModifiedFollowing = "modified-following",
        /// The business day before it, but the one after when that leaves the month.
        ModifiedPreceding = "modified-preceding",
    }
}

impl DatePolicy {
    /// The convention that moves the date.
    #[must_use]
    pub const fn convention(self) -> Convention {
        match self {
            Self::HolidayBefore => Convention::Preceding,
            Self::HolidayAfter => Convention::Following,
            Self::CalendarDay => Convention::Unadjusted,
            Self::ModifiedFollowing => Convention::ModifiedFollowing,
            Self::ModifiedPreceding => Convention::ModifiedPreceding,
        }
    }
}

text_enum! {
    /// How early the date policy may bring a settlement date.
    pub enum Floor ("floor") or UnknownFloor {
        /// As early as it falls, be it before the end of the lag.
        None = "none",
        /// Not before the end of the lag; the business day that follows the candidate stands in.
        Earliest = "earliest",
    }
}

/// The rules of a book that hold for all its cycles.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ScheduleOptions {
    /// Whether a result on or before the start date gives way to the business day that follows the candidate; on by default.
    pub adjust_after_holiday_if_earlier: bool,
    /// How early a result may lie; [`Floor::None`] by default.
    pub floor: Floor,
}

impl Default for ScheduleOptions {
    fn default() -> Self {
        Self { adjust_after_holiday_if_earlier: true, floor: Floor::None }
    }
}

/// When what starts on a day falls due: the settlement cycle (정산주기) of a contract.
///
/// Written as its three parts, `2d monthly:31 holiday-before`. The default is due on the start date itself; where the options adjust what
/// doesn't lie after the start, as they do by default, on the business day that follows it.
///
/// ```
/// use chrono::NaiveDate;
/// use jeongsan::schedule::{Cycle, ScheduleOptions};
///
/// let cycle: Cycle = "4d weekly:THU calendar-day".parse()?;
/// let schedule = cycle.resolve(None, ScheduleOptions::default())?;
/// let start = NaiveDate::from_ymd_opt(2025, 7, 6).unwrap();
/// assert_eq!(schedule.settlement_date(start)?.to_string(), "2025-07-10");
/// # Ok::<(), jeongsan::schedule::ScheduleError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Cycle {
    /// How long a settlement is held.
    pub lag: Lag,
    /// Which dates are settlement dates.
    pub method: CycleMethod,
    /// What becomes of one that is no business day.
    pub date_policy: DatePolicy,
}

impl Default for Cycle {
    fn default() -> Self {
        Self { lag: Lag::default(), method: CycleMethod::Daily, date_policy: DatePolicy::CalendarDay }
    }
}

impl Cycle {
    /// Every day, so many calendar days after the start, closed or not.
    #[must_use]
    pub fn after_days(lag_days: u16) -> Self {
        Self { lag: Lag::Days(lag_days), ..Self::default() }
    }

    /// Whether its dates depend on a calendar under these options.
    #[must_use]
    pub fn needs_calendar(&self, options: ScheduleOptions) -> bool {
        // Unmoved, a date lies after the start once the lag is a day or more.
        let may_be_early = options.adjust_after_holiday_if_earlier && self.lag == Lag::Days(0);
        self.date_policy != DatePolicy::CalendarDay
            || !matches!(self.lag, Lag::Days(_))
            || matches!(self.method, CycleMethod::NthBusinessDay(_))
            || may_be_early
    }

    /// The schedule on a calendar. Without one the dates are plain arithmetic; with one they keep to its range.
    ///
    /// # Errors
    /// [`ScheduleError::CalendarMissing`] when one is needed and not given, [`ScheduleError::LagCalendarMissing`] when the
    /// lag counts on another one: [`Cycle::resolve_in`] looks that up.
    pub fn resolve(
        &self,
        calendar: Option<&Calendar>,
        options: ScheduleOptions,
    ) -> Result<Schedule, ScheduleError> {
        let lag_calendar = match &self.lag {
            Lag::BusinessDays { calendar: Some(wanted), .. } => match calendar {
                Some(given) if given.id() == wanted => Some(given.clone()),
                _ => return Err(ScheduleError::LagCalendarMissing { wanted: wanted.clone() }),
            },
            _ => calendar.cloned(),
        };
        self.resolve_with(calendar.cloned(), lag_calendar, options)
    }

    /// The schedule on a calendar of a set, and on another for its lag where it names one.
    ///
    /// # Errors
    /// As [`Cycle::resolve`], and when a calendar is not known.
    pub fn resolve_in(
        &self,
        calendars: &Calendars,
        id: Option<&CalendarId>,
        options: ScheduleOptions,
    ) -> Result<Schedule, ScheduleError> {
        let calendar = id.map(|id| calendars.get(id)).transpose()?;
        let lag_calendar = match &self.lag {
            Lag::BusinessDays { calendar: Some(wanted), .. } => Some(calendars.get(wanted)?),
            _ => calendar.clone(),
        };
        self.resolve_with(calendar, lag_calendar, options)
    }

    fn resolve_with(
        &self,
        calendar: Option<Calendar>,
        lag_calendar: Option<Calendar>,
        options: ScheduleOptions,
    ) -> Result<Schedule, ScheduleError> {
        if calendar.is_none() && self.needs_calendar(options) {
            return Err(ScheduleError::CalendarMissing { cycle: self.to_string() });
        }
        Ok(Schedule { cycle: self.clone(), calendar, lag_calendar, options })
    }
}

impl FromStr for Cycle {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let malformed = || ScheduleError::malformed("cycle", text, "`2d monthly:31 holiday-before`");
        let mut parts = text.split(' ');
        let (Some(lag), Some(method), Some(policy), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(malformed());
        };
        let date_policy = policy.parse().map_err(|_| malformed())?;
        Ok(Self { lag: lag.parse()?, method: method.parse()?, date_policy })
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.lag, self.method, self.date_policy)
    }
}

/// A cycle on its calendars: the settlement date of any start date.
///
/// ```
/// use chrono::{NaiveDate, Weekday, WeekdaySet};
/// use jeongsan::calendar::{Calendar, DateRange, Holiday, HolidayKind};
/// use jeongsan::schedule::{Cycle, ScheduleOptions};
///
/// let day = |month, day| NaiveDate::from_ymd_opt(2023, month, day).unwrap();
/// let lunar = |date, name| Holiday::new(date, HolidayKind::Lunar, name);
/// let calendar = Calendar::builder("BANK".parse()?, DateRange::new(day(1, 1), day(12, 31))?)
///     .weekend(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun]))
///     .holidays([lunar(day(9, 28), "추석 전날"), lunar(day(9, 29), "추석"), lunar(day(9, 30), "추석 다음날")])
///     .build()?;
///
/// let cycle: Cycle = "2d monthly:31 holiday-before".parse()?;
/// let schedule = cycle.resolve(Some(&calendar), ScheduleOptions::default())?;
/// assert_eq!(schedule.settlement_date(day(9, 1))?, day(9, 27));
/// // Which start dates are paid on that day?
/// let paid = schedule.start_dates(day(9, 27))?.unwrap();
/// assert_eq!((paid.first(), paid.last()), (day(8, 30), day(9, 26)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Schedule {
    pub(super) cycle: Cycle,
    pub(super) calendar: Option<Calendar>,
    pub(super) lag_calendar: Option<Calendar>,
    options: ScheduleOptions,
}

/// The dates on the way from a start date to its settlement date.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Steps {
    pub(super) earliest: NaiveDate,
    pub(super) candidate: NaiveDate,
    /// The candidate, moved by the date policy.
    pub(super) moved: NaiveDate,
    pub(super) settlement: NaiveDate,
}

impl Schedule {
    /// The cycle it follows.
    #[must_use]
    pub const fn cycle(&self) -> &Cycle {
        &self.cycle
    }

    /// The calendar it goes by; `None` where it was given none and needs none.
    #[must_use]
    pub const fn calendar(&self) -> Option<&Calendar> {
        self.calendar.as_ref()
    }

    /// The options it was resolved with.
    #[must_use]
    pub const fn options(&self) -> ScheduleOptions {
        self.options
    }

    /// The settlement date of what starts on a day. Allocates nothing.
    ///
    /// # Errors
    /// When the start date, or a date on the way, lies outside of the calendar's range.
    #[inline]
    pub fn settlement_date(&self, start: NaiveDate) -> Result<NaiveDate, ScheduleError> {
        Ok(self.steps(start)?.settlement)
    }

    #[inline]
    pub(super) fn steps(&self, start: NaiveDate) -> Result<Steps, ScheduleError> {
        if let Some(calendar) = &self.calendar {
            calendar.check(start)?;
        }
        let earliest = self.earliest(start)?;
        let candidate = self.cycle.method.first_on_or_after(earliest, self.calendar.as_ref())?;
        let Some(calendar) = &self.calendar else {
            return Ok(Steps { earliest, candidate, moved: candidate, settlement: candidate });
        };
        let moved = calendar.adjust(candidate, self.cycle.date_policy.convention())?;
        let is_early = (moved <= start && self.options.adjust_after_holiday_if_earlier)
            || (moved < earliest && self.options.floor == Floor::Earliest);
        let settlement = if is_early { calendar.adjust(candidate, Convention::Following)? } else { moved };
        Ok(Steps { earliest, candidate, moved, settlement })
    }

    /// The start date and the lag.
    #[inline]
    fn earliest(&self, start: NaiveDate) -> Result<NaiveDate, ScheduleError> {
        match &self.cycle.lag {
            Lag::Days(days) => {
                let earliest = start.checked_add_days(Days::new(u64::from(*days)));
                earliest.ok_or(ScheduleError::OutOfRange { start })
            }
            Lag::BusinessDays { days, start: rule, .. } => match &self.lag_calendar {
                Some(calendar) => Ok(calendar.add_business_days(start, i32::from(*days), *rule)?),
                None => Err(ScheduleError::CalendarMissing { cycle: self.cycle.to_string() }),
            },
        }
    }
}
