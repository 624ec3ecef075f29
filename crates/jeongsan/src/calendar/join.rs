//! Calendars of several places in one.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{NaiveDate, WeekdaySet};

use super::tables::Tables;
use super::{Calendar, CalendarError, DateRange, Holiday, Inner, Status, WeekendEra, version};
use crate::id::CalendarId;
use crate::money::text_enum;

text_enum! {
    /// When a joined calendar is open; the text stands between the ids of its parts.
    pub enum Join ("join") or UnknownJoin {
        /// When every part is, as for a payment that both ends must handle: `KR-BANK+US-FED`.
        AllOpen = "+",
        /// When any part is: `KR-BANK~US-FED`.
        AnyOpen = "~",
    }
}

impl Calendar {
    /// The join of calendars over the days that all of them cover, as fast as any one of them.
    ///
    /// The order of the parts, and a part given twice, make no difference: the id names each once, sorted.
    ///
    /// # Errors
    /// [`CalendarError::NoCommonRange`] when no day is covered by all parts, or there are none.
    ///
    /// ```
    /// # use chrono::{NaiveDate, Weekday, WeekdaySet};
    /// use jeongsan::calendar::{Calendar, DateRange, Join};
    ///
    /// let day = |day| NaiveDate::from_ymd_opt(2026, 5, day).unwrap();
    /// let closed_on = |id: &str, weekday| {
    ///     let range = DateRange::new(day(1), day(31))?;
    ///     Calendar::builder(id.parse().unwrap(), range).weekend(WeekdaySet::single(weekday)).build()
    /// };
    /// let (shop, bank) = (closed_on("SHOP", Weekday::Mon)?, closed_on("BANK", Weekday::Sun)?);
    /// let both = Calendar::join(&[shop.clone(), bank.clone()], Join::AllOpen)?;
    /// assert_eq!(both.id().as_str(), "BANK+SHOP");
    /// assert!(!both.is_business_day(day(3))? && !both.is_business_day(day(4))?);
    /// let any = Calendar::join(&[shop, bank], Join::AnyOpen)?;
    /// assert!(any.is_business_day(day(3))? && any.is_business_day(day(4))?);
    /// # Ok::<(), jeongsan::calendar::CalendarError>(())
    /// ```
    pub fn join(parts: &[Self], join: Join) -> Result<Self, CalendarError> {
        let mut parts = parts.to_vec();
        parts.sort_by(|a, b| a.id().cmp(b.id()));
        parts.dedup_by(|a, b| a.id() == b.id());
        let text = joined_id(&parts, join);
        let no_common_range = |calendar: String| CalendarError::NoCommonRange { calendar };
        let range = parts.iter().map(|part| Some(part.range())).reduce(|a, b| a?.intersection(b?)).flatten();
        let (Some(range), Ok(id)) = (range, CalendarId::new(&text)) else {
            return Err(no_common_range(text));
        };
        let is_open = |date: NaiveDate| {
            let mut open = parts.iter().map(|part| part.0.tables.day(date).is_some_and(|day| day.is_open()));
            match join {
                Join::AllOpen => open.all(|open| open),
                Join::AnyOpen => open.any(|open| open),
            }
        };
        // What was known by all parts; a part with the latest knowledge sets no bound.
        let as_of = parts.iter().filter_map(Self::as_of).min();
        Ok(Self(Arc::new(Inner {
            version: version::of_parts(&id, as_of, join, &parts),
            id,
            range,
            as_of,
            tables: Tables::new(range, is_open),
            holidays: joined_holidays(&parts, range, is_open),
            weekends: joined_weekends(&parts, range, join),
            official_through: parts.iter().map(Self::official_through).min().unwrap_or_else(|| range.last()),
        })))
    }
}

fn joined_id(parts: &[Calendar], join: Join) -> String {
    let mut text = String::new();
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            text.push_str(join.as_str());
        }
        text.push_str(part.id().as_str());
    }
    text
}

/// What the parts know about a day, as far as it explains why the join is open or closed on it.
fn joined_holidays(
    parts: &[Calendar],
    range: DateRange,
    is_open: impl Fn(NaiveDate) -> bool,
) -> Box<[Holiday]> {
    let mut holidays = Vec::new();
    for part in parts {
        let rows = part.rows(range.first(), range.last()).iter();
        holidays.extend(rows.filter(|row| is_open(row.date) != row.closes()).cloned());
    }
    // A sort by date alone is stable: it keeps the order of the parts within a day.
    holidays.sort_by_key(|holiday| holiday.date);
    let mut kept: Vec<Holiday> = Vec::with_capacity(holidays.len());
    for mut holiday in holidays {
        let mut statuses = parts.iter().map(|part| part.status(holiday.date));
        if statuses.any(|status| status == Ok(Status::Projected)) {
            holiday.status = Status::Projected;
        }
        let of_the_day = kept.iter().rev().take_while(|other| other.date == holiday.date);
        if !of_the_day.into_iter().any(|other| other.name == holiday.name) {
            kept.push(holiday);
        }
    }
    kept.into()
}

/// The weekends of the join: those of all parts, or those they share.
fn joined_weekends(parts: &[Calendar], range: DateRange, join: Join) -> Box<[WeekendEra]> {
    let mut begins: Vec<NaiveDate> =
        parts.iter().flat_map(|part| part.0.weekends.iter().map(|era| era.from.max(range.first()))).collect();
    begins.sort_unstable();
    begins.dedup();
    let at = |part: &Calendar, date: NaiveDate| {
        let era = part.0.weekends.iter().rev().find(|era| era.from <= date);
        era.map_or(WeekdaySet::EMPTY, |era| era.weekdays)
    };
    let eras = begins.into_iter().map(|from| {
        let sets = parts.iter().map(|part| at(part, from));
        let weekdays = match join {
            Join::AllOpen => sets.reduce(WeekdaySet::union),
            Join::AnyOpen => sets.reduce(WeekdaySet::intersection),
        };
        WeekendEra { from, weekdays: weekdays.unwrap_or(WeekdaySet::EMPTY) }
    });
    eras.collect()
}
