//! What is asked of a store, a page at a time.
//!
//! Pages are stable: a row that was there when the first page was read comes exactly once, whatever is written meanwhile.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use jeongsan::id::{EventId, PartnerId};

use crate::{HeadId, HeadKind, RecordKind, Status};

/// A span of civil dates, its end exclusive; an end left out is open.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Dates {
    /// The first date.
    pub from: Option<NaiveDate>,
    /// The first date that lies beyond.
    pub before: Option<NaiveDate>,
}

impl Dates {
    /// Whether a date lies within.
    #[must_use]
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.from.is_none_or(|from| date >= from) && self.before.is_none_or(|before| date < before)
    }
}

/// Which settlements are wanted; what is left out is not asked. They come by settlement date, then in the order of writing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SettlementQuery {
    /// Of this partner.
    pub partner: Option<PartnerId>,
    /// Of this order: its own and its cancellations'.
    pub order: Option<EventId>,
    /// With settlement dates in this span.
    pub dates: Dates,
}

/// Which records are wanted; what is left out is not asked. They come by date, then in the order of writing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RecordQuery {
    /// Of this kind.
    pub kind: Option<RecordKind>,
    /// Of this partner.
    pub partner: Option<PartnerId>,
    /// Of this order.
    pub order: Option<EventId>,
    /// With dates in this span.
    pub dates: Dates,
}

/// Which heads are wanted; what is left out is not asked. They come by name, byte by byte.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct HeadQuery {
    /// Of this kind.
    pub kind: Option<HeadKind>,
    /// In this state.
    pub status: Option<Status>,
    /// Of this partner.
    pub partner: Option<PartnerId>,
    /// With dates in this span; a head without one is in no span but the open one.
    pub dates: Dates,
    /// Behind this one.
    pub after: Option<HeadId>,
}

/// The place behind which the next page begins. Its text, which a host hands out and takes back, is the date, a dot, and the number.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Cursor {
    /// The date of the page's last row.
    pub date: NaiveDate,
    /// Its number.
    pub sequence: u64,
}

/// A text that is no cursor.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no cursor")]
pub struct CursorError(String);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.date, self.sequence)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let parts = text.split_once('.').and_then(|(date, sequence)| {
            Some(Self { date: date.parse().ok()?, sequence: sequence.parse().ok()? })
        });
        parts.ok_or_else(|| CursorError(text.chars().take(40).flat_map(char::escape_debug).collect()))
    }
}

/// The most rows of a page: from 1 to [`PageLimit::MAX`].
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct PageLimit(u32);

/// A number of rows that no page has.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a page has from 1 to 10000 rows, not `{0}`")]
pub struct PageLimitError(u32);

impl PageLimit {
    /// As many rows as a page may have.
    pub const MAX: Self = Self(10_000);

    /// At most so many rows.
    ///
    /// # Errors
    /// When there are none, or more than [`PageLimit::MAX`].
    pub const fn new(rows: u32) -> Result<Self, PageLimitError> {
        if rows == 0 || rows > Self::MAX.0 { Err(PageLimitError(rows)) } else { Ok(Self(rows)) }
    }

    /// How many.
    #[must_use]
    pub const fn rows(self) -> u32 {
        self.0
    }
}

/// A page of rows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Page<T, C = Cursor> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// Where the next page begins; none when there is nothing behind.
    pub next: Option<C>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_from_its_text() {
        let cursor = Cursor { date: NaiveDate::MAX, sequence: u64::MAX };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        let error = "2026-03-31".parse::<Cursor>().unwrap_err();
        assert_eq!(error.to_string(), "`2026-03-31` is no cursor");
    }
}
