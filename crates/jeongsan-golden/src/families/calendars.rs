//! The calendar that a case names, as of the day it names.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;
use jeongsan::calendar::{Calendar, Calendars};

use crate::table::{Row, RowError};

/// Many cases ask as of one day, and the calendars of a day take a millisecond to make.
static BY_DAY: Mutex<BTreeMap<Option<NaiveDate>, Calendars>> = Mutex::new(BTreeMap::new());

pub(super) fn of(row: &Row) -> Result<Calendar, RowError> {
    let as_of = row.optional("as_of")?;
    let id = row.value("calendar")?;
    let mut by_day = BY_DAY.lock().unwrap_or_else(PoisonError::into_inner);
    let calendars = by_day.entry(as_of).or_insert_with(|| jeongsan_calendars::calendars(as_of));
    calendars.get(&id).map_err(RowError::malformed("calendar"))
}
