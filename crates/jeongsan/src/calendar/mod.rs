//! Calendars: which days are business days, as it was known on a day.
//!
//! A [`Calendar`] is built once from dated knowledge (weekends by era, holidays, worked days, each with its name, reason and
//! the day on which it was settled) and answers every question about a date of its range by reading two tables, whatever the
//! distance. A date outside of the range, or a result that would lie there, is an error and never a guess. Its [`CalendarVersion`]
//! tells which knowledge an answer rests on.
//!
//! Start with [`Calendar`], [`Convention`], [`Calendars`]; `jeongsan-calendars` has Korea's and others ready.

#[cfg(feature = "bdays")]
pub mod bdays;
mod builder;
mod change;
mod convention;
mod error;
mod holiday;
mod join;
mod month;
mod range;
mod set;
mod shift;
mod tables;
#[cfg(test)]
mod tests;
mod version;

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;

use chrono::{Datelike, NaiveDate};

pub use builder::{CalendarBuilder, WeekendEra};
pub use change::{Change, Effect, UnknownEffect};
pub use convention::{
    Convention, CountedEnds, StartRule, UnknownConvention, UnknownCountedEnds, UnknownStartRule,
};
pub use error::{CalendarError, Side, UnknownSide};
pub use holiday::{Holiday, HolidayKind, Status, UnknownHolidayKind, UnknownStatus};
pub use join::{Join, UnknownJoin};
pub use range::DateRange;
pub use set::Calendars;
pub use version::CalendarVersion;

pub(crate) use month::{month_length, month_of, next_month};

use crate::id::CalendarId;
use tables::{Day, Tables};

/// The most years a calendar may cover.
pub const CALENDAR_YEARS_MAX: u32 = 1_000;

/// The business days of a range, and why the other days are closed.
///
/// Immutable; a clone shares the tables.
///
/// ```
/// use chrono::{NaiveDate, Weekday, WeekdaySet};
/// use jeongsan::calendar::{Calendar, Convention, DateRange, Holiday, HolidayKind, StartRule};
///
/// let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
/// let calendar = Calendar::builder("SHOP".parse()?, DateRange::new(day(1, 1), day(12, 31))?)
///     .weekend(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun]))
///     .holiday(Holiday::new(day(5, 1), HolidayKind::Statutory, "노동절"))
///     .build()?;
///
/// assert!(!calendar.is_business_day(day(5, 1))?);
/// assert_eq!(calendar.adjust(day(5, 1), Convention::Following)?, day(5, 4));
/// assert_eq!(calendar.add_business_days(day(4, 30), 2, StartRule::Strict)?, day(5, 5));
/// assert!(calendar.is_business_day(NaiveDate::from_ymd_opt(2027, 1, 1).unwrap()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Calendar(Arc<Inner>);

struct Inner {
    id: CalendarId,
    range: DateRange,
    as_of: Option<NaiveDate>,
    version: CalendarVersion,
    tables: Tables,
    /// By date.
    holidays: Box<[Holiday]>,
    /// By their first day.
    weekends: Box<[WeekendEra]>,
    official_through: NaiveDate,
}

/// A closed day and what closes it; a plain weekend has no holidays.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClosedDay<'a> {
    /// The day.
    pub date: NaiveDate,
    /// What is known about it.
    pub holidays: &'a [Holiday],
}

impl fmt::Display for ClosedDay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.date, self.date.weekday())?;
        for (i, holiday) in self.holidays.iter().enumerate() {
            write!(f, "{}{}", if i == 0 { ", " } else { " and " }, holiday.name)?;
        }
        f.write_str(")")
    }
}

impl Calendar {
    /// Begins a calendar that knows nothing yet: every day of the range is open.
    pub const fn builder(id: CalendarId, range: DateRange) -> CalendarBuilder {
        CalendarBuilder::new(id, range)
    }

    /// Begins a calendar that knows all that this one does, to add to it.
    pub fn to_builder(&self) -> CalendarBuilder {
        CalendarBuilder::of(&self.0)
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &CalendarId {
        &self.0.id
    }

    /// The days it covers.
    #[must_use]
    pub fn range(&self) -> DateRange {
        self.0.range
    }

    /// The day whose knowledge it holds; `None` for the latest.
    #[must_use]
    pub fn as_of(&self) -> Option<NaiveDate> {
        self.0.as_of
    }

    /// The stamp of what it knows.
    #[must_use]
    pub fn version(&self) -> &CalendarVersion {
        &self.0.version
    }

    /// Whether the day is open.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`].
    #[inline]
    pub fn is_business_day(&self, date: NaiveDate) -> Result<bool, CalendarError> {
        Ok(self.day(date)?.is_open())
    }

    /// What is known about the day beyond its weekday, holidays and worked days alike.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`].
    pub fn holidays_on(&self, date: NaiveDate) -> Result<&[Holiday], CalendarError> {
        self.day(date)?;
        Ok(self.rows(date, date))
    }

    /// What is known about the days of a range, by date.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] when a part of it lies outside.
    pub fn holidays(&self, range: DateRange) -> Result<&[Holiday], CalendarError> {
        self.day(range.first())?;
        self.day(range.last())?;
        Ok(self.rows(range.first(), range.last()))
    }

    /// The days through which publications reach; later days are projected.
    #[must_use]
    pub fn official_through(&self) -> NaiveDate {
        self.0.official_through
    }

    /// How certain it is that the day is open or closed: what its holidays say, else whether publications reach it.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`].
    pub fn status(&self, date: NaiveDate) -> Result<Status, CalendarError> {
        let rows = self.holidays_on(date)?;
        let is_official = match rows {
            [] => date <= self.0.official_through,
            _ => rows.iter().any(|row| row.status == Status::Official),
        };
        Ok(if is_official { Status::Official } else { Status::Projected })
    }

    /// The business days of a range, in order.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] when a part of it lies outside.
    pub fn business_days(&self, range: DateRange) -> Result<&[NaiveDate], CalendarError> {
        let (from, to) = (self.day(range.first())?.rank(), self.day(range.last())?.rank_behind());
        Ok(self.0.tables.business_days(from, to).unwrap_or_default())
    }

    /// The closed days of a range, in order.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] when a part of it lies outside.
    pub fn closed_days(
        &self,
        range: DateRange,
    ) -> Result<impl Iterator<Item = ClosedDay<'_>>, CalendarError> {
        self.day(range.first())?;
        self.day(range.last())?;
        let is_closed = |date: &NaiveDate| self.0.tables.day(*date).is_some_and(|day| !day.is_open());
        Ok(range.iter().filter(is_closed).map(|date| ClosedDay { date, holidays: self.rows(date, date) }))
    }

    /// The entries from one date to another, which lie in the range.
    fn rows(&self, first: NaiveDate, last: NaiveDate) -> &[Holiday] {
        let rows = &self.0.holidays;
        let from = rows.partition_point(|row| row.date < first);
        let to = rows.partition_point(|row| row.date <= last);
        rows.get(from..to).unwrap_or_default()
    }

    /// Refuses a date outside of the range.
    #[inline]
    pub(crate) fn check(&self, date: NaiveDate) -> Result<(), CalendarError> {
        if self.0.range.contains(date) { Ok(()) } else { Err(self.outside(date)) }
    }

    #[inline]
    fn day(&self, date: NaiveDate) -> Result<Day, CalendarError> {
        self.0.tables.day(date).ok_or_else(|| self.outside(date))
    }

    #[cold]
    #[inline(never)]
    fn outside(&self, date: NaiveDate) -> CalendarError {
        CalendarError::OutOfRange { calendar: self.id().clone(), date, range: self.range() }
    }

    #[cold]
    #[inline(never)]
    fn beyond(&self, date: NaiveDate, side: Side) -> CalendarError {
        CalendarError::BeyondRange { calendar: self.id().clone(), date, side, range: self.range() }
    }
}

/// Equal calendars have one id, range and knowledge, as their version tells.
impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        self.version() == other.version()
    }
}

impl Eq for Calendar {}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calendar")
            .field("version", self.version())
            .field("range", &self.range())
            .finish_non_exhaustive()
    }
}
