//! The stamp of what a calendar knows.

use alloc::sync::Arc;
use core::fmt;

use chrono::{Datelike, NaiveDate, Weekday};

use super::{Calendar, DateRange, Holiday, Join, WeekendEra};
use crate::id::CalendarId;

/// Which calendar, as of which day, and a hash of all it knows, such as `KR-BANK@2025-01-15#5f0c9a7be3b14d20`.
///
/// Two calendars of one version give the same answers, on every platform; any change of a day, name, status or source gives
/// another version. Without a day after the `@` the calendar holds the latest knowledge.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CalendarVersion(Arc<str>);

impl CalendarVersion {
    /// The stamp's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn new(id: &CalendarId, as_of: Option<NaiveDate>, hash: Hash) -> Self {
        let hash = hash.0;
        let text = match as_of {
            Some(as_of) => alloc::format!("{id}@{as_of}#{hash:016x}"),
            None => alloc::format!("{id}#{hash:016x}"),
        };
        Self(text.into())
    }
}

impl fmt::Display for CalendarVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The version of a calendar that was built from days, sorted by date.
pub(super) fn of_knowledge(
    id: &CalendarId,
    range: DateRange,
    as_of: Option<NaiveDate>,
    official_through: NaiveDate,
    weekends: &[WeekendEra],
    holidays: &[Holiday],
) -> CalendarVersion {
    let mut hash = Hash::EMPTY;
    for date in [range.first(), range.last(), official_through] {
        hash.date(date);
    }
    for era in weekends {
        hash.date(era.from);
        for weekday in era.weekdays.iter(Weekday::Mon) {
            hash.word(weekday.num_days_from_monday().into());
        }
    }
    for holiday in holidays {
        hash.date(holiday.date);
        hash.text(holiday.kind.as_str());
        hash.text(&holiday.name);
        hash.text(&holiday.english);
        hash.text(holiday.status.as_str());
        hash.text(&holiday.source);
        for date in [holiday.substitute_for, holiday.known_on] {
            hash.date(date.unwrap_or(NaiveDate::MIN));
        }
    }
    CalendarVersion::new(id, as_of, hash)
}

/// The version of a join of calendars.
pub(super) fn of_parts(
    id: &CalendarId,
    as_of: Option<NaiveDate>,
    join: Join,
    parts: &[Calendar],
) -> CalendarVersion {
    let mut hash = Hash::EMPTY;
    hash.text(join.as_str());
    for part in parts {
        hash.text(part.version().as_str());
    }
    CalendarVersion::new(id, as_of, hash)
}

/// A fixed function of what goes in, unlike a hasher of the standard library: eight bytes a step, each mixed in by a product and a
/// shift. It tells versions apart; it withstands no forger.
struct Hash(u64);

impl Hash {
    const EMPTY: Self = Self(0xcbf2_9ce4_8422_2325);

    fn word(&mut self, word: u64) {
        // An odd factor without pattern: 2⁶⁴ over the golden ratio.
        let mixed = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }

    /// A text and its length, so that two texts in a row can't be parted in another place.
    fn text(&mut self, text: &str) {
        for bytes in text.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
            self.word(u64::from_le_bytes(word));
        }
        self.word(u64::try_from(text.len()).unwrap_or(u64::MAX));
    }

    fn date(&mut self, date: NaiveDate) {
        self.word(i64::from(date.num_days_from_ce()).cast_unsigned());
    }
}
