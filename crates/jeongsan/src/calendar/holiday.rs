//! What is known about single days.

use alloc::borrow::Cow;

use chrono::NaiveDate;

use crate::money::text_enum;

text_enum! {
    /// What kind of day it is.
    pub enum HolidayKind ("holiday kind") or UnknownHolidayKind {
        /// A fixed day by law.
        Statutory = "statutory",
        /// A day by law that follows the moon: Seollal, Buddha's Birthday, Chuseok.
        Lunar = "lunar",
        /// A day given for a holiday that fell on a closed day (대체공휴일).
        Substitute = "substitute",
        /// A single day by decision of the government (임시공휴일).
        Temporary = "temporary",
        /// A day of an election.
        Election = "election",
        /// A closing of banks alone.
        Bank = "bank",
        /// A closing of the exchange alone.
        Exchange = "exchange",
        /// No holiday but its reverse: a day that is open whatever else falls on it, such as a worked Saturday or a
        /// holiday withdrawn.
        WorkingDay = "working-day",
    }
}

text_enum! {
    /// How certain it is that a day is closed or open.
    pub enum Status ("status") or UnknownStatus {
        /// Published by the authority.
        Official = "official",
        /// Worked out from the rules in force; laws change, elections move, and single days are decided weeks ahead.
        Projected = "projected",
    }
}

/// One day that a calendar knows something about, and since when.
///
/// ```
/// use chrono::NaiveDate;
/// use jeongsan::calendar::{Holiday, HolidayKind};
///
/// let day = |month, day| NaiveDate::from_ymd_opt(2025, month, day).unwrap();
/// let holiday = Holiday {
///     known_on: Some(day(1, 14)),
///     ..Holiday::new(day(1, 27), HolidayKind::Temporary, "설 연휴 전 임시공휴일")
/// };
/// assert!(holiday.is_known_on(Some(day(1, 14))) && !holiday.is_known_on(Some(day(1, 13))));
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Holiday {
    /// The day.
    pub date: NaiveDate,
    /// What kind of day it is.
    pub kind: HolidayKind,
    /// Its name in the language of the country.
    pub name: Cow<'static, str>,
    /// Its name in English; empty where none is known.
    pub english: Cow<'static, str>,
    /// For a substitute: the holiday that caused it.
    pub substitute_for: Option<NaiveDate>,
    /// How certain it is.
    pub status: Status,
    /// The first day on which it was settled; `None` for what has been law from long before.
    pub known_on: Option<NaiveDate>,
    /// Where it is said: the law or the decision; empty where it isn't stated.
    pub source: Cow<'static, str>,
}

impl Holiday {
    /// An official day known from long before; the other fields are set by update syntax.
    #[must_use]
    pub fn new(date: NaiveDate, kind: HolidayKind, name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            date,
            kind,
            name: name.into(),
            english: Cow::Borrowed(""),
            substitute_for: None,
            status: Status::Official,
            known_on: None,
            source: Cow::Borrowed(""),
        }
    }

    /// Whether it closes its day, as all kinds do but [`HolidayKind::WorkingDay`].
    #[must_use]
    pub fn closes(&self) -> bool {
        self.kind != HolidayKind::WorkingDay
    }

    /// Whether it was settled by the end of a day; `None` asks for the latest knowledge.
    #[must_use]
    pub fn is_known_on(&self, as_of: Option<NaiveDate>) -> bool {
        match (self.known_on, as_of) {
            (Some(known_on), Some(as_of)) => known_on <= as_of,
            _ => true,
        }
    }
}
