//! Why a calendar has no answer.

use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::DateRange;
use crate::id::CalendarId;
use crate::money::text_enum;

text_enum! {
    /// A side of a range.
    pub enum Side ("side") or UnknownSide {
        /// Before its first day.
        Before = "before",
        /// After its last day.
        After = "after",
    }
}

/// Why a calendar has no answer, or can't be built.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The date lies outside of what the calendar covers.
    #[error("`{date}` lies outside of calendar `{calendar}`, which covers {range}")]
    OutOfRange {
        /// The calendar.
        calendar: CalendarId,
        /// The date.
        date: NaiveDate,
        /// What the calendar covers.
        range: DateRange,
    },
    /// The date lies inside, the result outside.
    #[error(
        "the day sought from `{date}` lies {side} the range of calendar `{calendar}`, which covers {range}"
    )]
    BeyondRange {
        /// The calendar.
        calendar: CalendarId,
        /// The date asked about.
        date: NaiveDate,
        /// Where the result lies.
        side: Side,
        /// What the calendar covers.
        range: DateRange,
    },
    /// A shift that rejects closed starts began on one.
    #[error("`{date}` is no business day of calendar `{calendar}`")]
    NotABusinessDay {
        /// The calendar.
        calendar: CalendarId,
        /// The date.
        date: NaiveDate,
    },
    /// No calendar of this id is known.
    #[error("calendar `{id}` is not known; known are {}", Listed(.known))]
    UnknownCalendar {
        /// The id asked for, or the part of a joined id that is unknown.
        id: String,
        /// The ids that are known.
        known: Vec<CalendarId>,
    },
    /// The parts of a joined calendar share no day, or there are no parts.
    #[error("the parts of calendar `{calendar}` have no day in common")]
    NoCommonRange {
        /// The joined calendar.
        calendar: String,
    },
    /// A range ends before it begins.
    #[error("the range from `{first}` to `{last}` is empty")]
    EmptyRange {
        /// The first day.
        first: NaiveDate,
        /// The last day.
        last: NaiveDate,
    },
    /// A range of more years than a calendar may have.
    #[error("calendar `{calendar}` from {range} has more than {} years", super::CALENDAR_YEARS_MAX)]
    TooManyYears {
        /// The calendar.
        calendar: CalendarId,
        /// The range.
        range: DateRange,
    },
    /// Two entries of one day have one name.
    #[error("calendar `{calendar}` has `{name}` twice on `{date}`")]
    DuplicateHoliday {
        /// The calendar.
        calendar: CalendarId,
        /// The day.
        date: NaiveDate,
        /// The name.
        name: String,
    },
}

impl CalendarError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OutOfRange { .. } | Self::BeyondRange { .. } => "out-of-range",
            Self::NotABusinessDay { .. } => "not-a-business-day",
            Self::UnknownCalendar { .. } => "unknown-calendar",
            Self::NoCommonRange { .. }
            | Self::EmptyRange { .. }
            | Self::TooManyYears { .. }
            | Self::DuplicateHoliday { .. } => "invalid-calendar",
        }
    }

    /// On which side of the calendar's range the date or the result lies, for the errors that are about it.
    #[must_use]
    pub fn side(&self) -> Option<Side> {
        match self {
            Self::BeyondRange { side, .. } => Some(*side),
            Self::OutOfRange { date, range, .. } => {
                Some(if *date < range.first() { Side::Before } else { Side::After })
            }
            _ => None,
        }
    }
}

/// Shows at most this many ids: an error must not grow with the set.
const LISTED_MAX: usize = 12;

struct Listed<'a>(&'a [CalendarId]);

impl core::fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (i, id) in self.0.iter().take(LISTED_MAX).enumerate() {
            write!(f, "{}`{id}`", if i == 0 { "" } else { ", " })?;
        }
        match self.0.len() {
            0 => f.write_str("none"),
            count if count > LISTED_MAX => f.write_str(", …"),
            _ => Ok(()),
        }
    }
}
