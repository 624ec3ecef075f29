//! Why a schedule has no date.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use crate::calendar::CalendarError;
use crate::id::CalendarId;
use crate::money::AllocationError;
use crate::rate::Share;

/// Why a cycle can't be read or resolved, or a schedule has no date.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// A text that is none of the kind.
    #[error("{what} `{text}` is not written like {example}")]
    Malformed {
        /// What was wanted.
        what: &'static str,
        /// The text.
        text: String,
        /// How it is written.
        example: &'static str,
    },
    /// A cycle that names no dates.
    #[error("a `{method}` cycle names no date")]
    NoDates {
        /// The method.
        method: &'static str,
    },
    /// A number that a cycle can't have.
    #[error("`{text}` is no date of a `{method}` cycle: {expected}")]
    ImpossibleDate {
        /// The method.
        method: &'static str,
        /// The date.
        text: String,
        /// What it can have.
        expected: &'static str,
    },
    /// The calendar has no answer.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// Business days are needed and no calendar is given.
    #[error("the cycle `{cycle}` needs a calendar")]
    CalendarMissing {
        /// The cycle.
        cycle: String,
    },
    /// The lag counts on a calendar other than the one given.
    #[error("the lag counts business days of calendar `{wanted}`, which isn't given")]
    LagCalendarMissing {
        /// The calendar of the lag.
        wanted: CalendarId,
    },
    /// No date can be so late or so early.
    #[error("from `{start}` the date leaves the range of dates")]
    OutOfRange {
        /// The date asked about.
        start: NaiveDate,
    },
    /// The shares of a split are not a whole.
    #[error("the shares {} of a split don't add up to 100%", Listed(.shares))]
    SharesNotWhole {
        /// The shares.
        shares: Vec<Share>,
    },
    /// The parts of a split can't be made.
    #[error(transparent)]
    Allocation(#[from] AllocationError),
}

impl ScheduleError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. }
            | Self::NoDates { .. }
            | Self::ImpossibleDate { .. }
            | Self::SharesNotWhole { .. } => "invalid-cycle",
            Self::Calendar(error) => error.code(),
            Self::CalendarMissing { .. } | Self::LagCalendarMissing { .. } => "calendar-missing",
            Self::OutOfRange { .. } => "out-of-range",
            Self::Allocation(error) => error.code(),
        }
    }

    pub(super) fn malformed(what: &'static str, text: &str, example: &'static str) -> Self {
        Self::Malformed { what, text: shown(text), example }
    }

    pub(super) fn impossible(method: &'static str, text: &str, expected: &'static str) -> Self {
        Self::ImpossibleDate { method, text: shown(text), expected }
    }
}

/// The beginning of a text, enough to tell which one it is.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Shows at most this many shares: an error must not grow with the split.
const LISTED_MAX: usize = 12;

struct Listed<'a>(&'a [Share]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, share) in self.0.iter().take(LISTED_MAX).enumerate() {
            write!(f, "{}`{share}`", if i == 0 { "" } else { ", " })?;
        }
        if self.0.len() > LISTED_MAX { f.write_str(", …") } else { Ok(()) }
    }
}
