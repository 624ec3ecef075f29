//! What differs between two states of one calendar.

use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::{Calendar, ClosedDay, Holiday};
use crate::money::text_enum;

text_enum! {
    /// What a change does to its day.
    pub enum Effect ("effect") or UnknownEffect {
        /// An open day is closed now.
        Closes = "closes",
        /// A closed day is open now.
        Opens = "opens",
        /// Only what is said about the day changes.
        Restates = "restates",
    }
}

/// A day on which a newer calendar differs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Change {
    /// The day.
    pub date: NaiveDate,
    /// What becomes of it.
    pub effect: Effect,
    /// What was known about it.
    pub before: Vec<Holiday>,
    /// What is known about it now.
    pub after: Vec<Holiday>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = match self.effect {
            Effect::Opens if self.after.is_empty() => &self.before,
            _ => &self.after,
        };
        let verb = match self.effect {
            Effect::Closes => "is closed now",
            Effect::Opens => "is open now",
            Effect::Restates => "is described anew",
        };
        write!(f, "{} {verb}", ClosedDay { date: self.date, holidays: said })
    }
}

impl Calendar {
    /// The days on which a newer calendar differs from this one, over the days that both cover, by date.
    ///
    /// ```
    /// # use chrono::NaiveDate;
    /// use jeongsan::calendar::{Calendar, DateRange, Effect, Holiday, HolidayKind};
    ///
    /// let day = |day| NaiveDate::from_ymd_opt(2025, 1, day).unwrap();
    /// let before = Calendar::builder("SHOP".parse()?, DateRange::new(day(1), day(31))?).build()?;
    /// let added = Holiday::new(day(27), HolidayKind::Temporary, "임시공휴일");
    /// let after = before.to_builder().holiday(added).build()?;
    /// let changes = before.changes(&after);
    /// assert_eq!((changes.len(), changes[0].effect), (1, Effect::Closes));
    /// assert_eq!(changes[0].to_string(), "2025-01-27 (Mon, 임시공휴일) is closed now");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn changes(&self, newer: &Self) -> Vec<Change> {
        let Some(common) = self.range().intersection(newer.range()) else { return Vec::new() };
        let is_open = |calendar: &Self, date| calendar.0.tables.day(date).is_some_and(|day| day.is_open());
        let change = |date| {
            let (before, after) = (self.rows(date, date), newer.rows(date, date));
            let effect = match (is_open(self, date), is_open(newer, date)) {
                (true, false) => Effect::Closes,
                (false, true) => Effect::Opens,
                _ if before != after => Effect::Restates,
                _ => return None,
            };
            Some(Change { date, effect, before: before.to_vec(), after: after.to_vec() })
        };
        common.iter().filter_map(change).collect()
    }
}
