//! Building a calendar from dated knowledge.

use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate, WeekdaySet};

use super::tables::Tables;
use super::{CALENDAR_YEARS_MAX, Calendar, CalendarError, DateRange, Holiday, Inner, version};
use crate::id::CalendarId;

/// The weekdays that are closed from a day on, until the next era begins.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct WeekendEra {
    /// Its first day.
    pub from: NaiveDate,
    /// The closed weekdays.
    pub weekdays: WeekdaySet,
}

/// Gathers what a calendar knows.
#[derive(Clone, Debug)]
#[must_use]
pub struct CalendarBuilder {
    id: CalendarId,
    range: DateRange,
    as_of: Option<NaiveDate>,
    weekends: Vec<WeekendEra>,
    holidays: Vec<Holiday>,
    official_through: NaiveDate,
}

impl CalendarBuilder {
    pub(super) const fn new(id: CalendarId, range: DateRange) -> Self {
        Self {
            id,
            range,
            as_of: None,
            weekends: Vec::new(),
            holidays: Vec::new(),
            official_through: range.last(),
        }
    }

    pub(super) fn of(calendar: &Inner) -> Self {
        Self {
            id: calendar.id.clone(),
            range: calendar.range,
            as_of: calendar.as_of,
            weekends: calendar.weekends.to_vec(),
            holidays: calendar.holidays.to_vec(),
            official_through: calendar.official_through,
        }
    }

    /// Closes these weekdays from the first day of the range on.
    pub fn weekend(self, weekdays: WeekdaySet) -> Self {
        let from = self.range.first();
        self.weekend_from(from, weekdays)
    }

    /// Closes these weekdays, and no others, from a day on.
    pub fn weekend_from(mut self, from: NaiveDate, weekdays: WeekdaySet) -> Self {
        self.weekends.retain(|era| era.from != from);
        self.weekends.push(WeekendEra { from, weekdays });
        self
    }

    /// Adds a day.
    pub fn holiday(mut self, holiday: Holiday) -> Self {
        self.holidays.push(holiday);
        self
    }

    /// Adds days.
    pub fn holidays(mut self, holidays: impl IntoIterator<Item = Holiday>) -> Self {
        self.holidays.extend(holidays);
        self
    }

    /// Leaves out the days that a predicate refuses.
    pub fn retain(mut self, keep: impl FnMut(&Holiday) -> bool) -> Self {
        self.holidays.retain(keep);
        self
    }

    /// The last day that publications reach, instead of the range's last.
    pub const fn official_through(mut self, date: NaiveDate) -> Self {
        self.official_through = date;
        self
    }

    /// Leaves out what was not yet known at the end of this day; `None` keeps all.
    pub const fn as_of(mut self, as_of: Option<NaiveDate>) -> Self {
        self.as_of = as_of;
        self
    }

    /// The calendar.
    ///
    /// # Errors
    /// When the range has more than [`CALENDAR_YEARS_MAX`] years, a day lies outside of it, or a day has one name twice.
    pub fn build(self) -> Result<Calendar, CalendarError> {
        let Self { id, range, as_of, mut weekends, mut holidays, official_through } = self;
        check_years(&id, range)?;
        weekends.sort_by_key(|era| era.from);
        holidays.sort_by_key(|holiday| holiday.date);
        check_holidays(&id, range, &holidays)?;
        holidays.retain(|holiday| holiday.is_known_on(as_of));
        let tables = open_days(range, &weekends, &holidays);
        let version = version::of_knowledge(&id, range, as_of, official_through, &weekends, &holidays);
        let (holidays, weekends) = (holidays.into(), weekends.into());
        Ok(Calendar(Arc::new(Inner {
            id,
            range,
            as_of,
            version,
            tables,
            holidays,
            weekends,
            official_through,
        })))
    }
}

/// The tables of a range, from the eras and days that are sorted by date.
fn open_days(range: DateRange, weekends: &[WeekendEra], holidays: &[Holiday]) -> Tables {
    let mut eras = weekends.iter().peekable();
    let mut rest = holidays.iter().peekable();
    let mut weekend = WeekdaySet::EMPTY;
    Tables::new(range, |date| {
        while let Some(era) = eras.next_if(|era| era.from <= date) {
            weekend = era.weekdays;
        }
        let mut is_closed = weekend.contains(date.weekday());
        let mut is_worked = false;
        while let Some(holiday) = rest.next_if(|holiday| holiday.date == date) {
            is_closed |= holiday.closes();
            is_worked |= !holiday.closes();
        }
        is_worked || !is_closed
    })
}

fn check_years(id: &CalendarId, range: DateRange) -> Result<(), CalendarError> {
    let years = range.last().year().saturating_sub(range.first().year()).saturating_add(1);
    if u32::try_from(years).is_ok_and(|years| years <= CALENDAR_YEARS_MAX) {
        Ok(())
    } else {
        Err(CalendarError::TooManyYears { calendar: id.clone(), range })
    }
}

/// Checks days that are sorted by date.
fn check_holidays(id: &CalendarId, range: DateRange, holidays: &[Holiday]) -> Result<(), CalendarError> {
    if let Some(outside) = holidays.iter().find(|holiday| !range.contains(holiday.date)) {
        return Err(CalendarError::OutOfRange { calendar: id.clone(), date: outside.date, range });
    }
    for day in holidays.chunk_by(|a, b| a.date == b.date) {
        for (i, holiday) in day.iter().enumerate() {
            if day.iter().skip(i.saturating_add(1)).any(|other| other.name == holiday.name) {
                let (date, name) = (holiday.date, holiday.name.to_string());
                return Err(CalendarError::DuplicateHoliday { calendar: id.clone(), date, name });
            }
        }
    }
    Ok(())
}
