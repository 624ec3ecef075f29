//! Calendars by their ids.

use alloc::collections::BTreeMap;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::{Calendar, CalendarError, Join};
use crate::id::CalendarId;

/// The calendars that a book can name.
///
/// An id can join several: `KR-BANK+US-FED` is open when both are, `KR-BANK~US-FED` when either is. `+` binds closer, so
/// `A+B~C` is open when A and B are, or C is.
///
/// ```
/// # use chrono::{NaiveDate, Weekday, WeekdaySet};
/// use jeongsan::calendar::{Calendar, Calendars, DateRange};
///
/// let range = DateRange::new(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(), NaiveDate::from_ymd_opt(2026, 12, 31).unwrap())?;
/// let mut calendars = Calendars::new();
/// calendars.insert(Calendar::builder("SHOP".parse()?, range).build()?);
/// calendars.insert(Calendar::builder("BANK".parse()?, range).build()?);
/// assert_eq!(calendars.get(&"SHOP+BANK".parse()?)?.id().as_str(), "BANK+SHOP");
/// let error = calendars.get(&"SHOP+PUB".parse()?).unwrap_err();
/// assert_eq!(error.to_string(), "calendar `PUB` is not known; known are `BANK`, `SHOP`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Calendars {
    by_id: BTreeMap<CalendarId, Calendar>,
}

impl Calendars {
    /// No calendars.
    #[must_use]
    pub const fn new() -> Self {
        Self { by_id: BTreeMap::new() }
    }

    /// Adds a calendar under its id and returns the one it replaces.
    pub fn insert(&mut self, calendar: Calendar) -> Option<Calendar> {
        self.by_id.insert(calendar.id().clone(), calendar)
    }

    /// The calendar of an id. A join is built anew by each call, some tenths of a millisecond; keep it.
    ///
    /// # Errors
    /// [`CalendarError::UnknownCalendar`] for an id, or a part of one, that is not known.
    pub fn get(&self, id: &CalendarId) -> Result<Calendar, CalendarError> {
        self.find(id.as_str(), Join::AnyOpen)
    }

    /// The calendars by their ids, without joins.
    pub fn iter(&self) -> impl Iterator<Item = &Calendar> {
        self.by_id.values()
    }

    /// The calendar of an id that can hold this join, or one that binds closer.
    fn find(&self, id: &str, join: Join) -> Result<Calendar, CalendarError> {
        if let Some(calendar) = self.by_id.get(id) {
            return Ok(calendar.clone());
        }
        let closer = match join {
            Join::AnyOpen => Some(Join::AllOpen),
            Join::AllOpen => None,
        };
        if id.contains(join.as_str()) {
            let parts: Result<Vec<Calendar>, CalendarError> =
                id.split(join.as_str()).map(|part| self.find(part, closer.unwrap_or(join))).collect();
            return Calendar::join(&parts?, join);
        }
        match closer {
            Some(closer) => self.find(id, closer),
            None => Err(CalendarError::UnknownCalendar {
                id: id.to_string(),
                known: self.by_id.keys().cloned().collect(),
            }),
        }
    }
}

impl FromIterator<Calendar> for Calendars {
    fn from_iter<I: IntoIterator<Item = Calendar>>(calendars: I) -> Self {
        let mut set = Self::new();
        for calendar in calendars {
            set.insert(calendar);
        }
        set
    }
}
