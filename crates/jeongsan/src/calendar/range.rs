//! Unbroken ranges of days.

use core::fmt;

use chrono::NaiveDate;

use super::CalendarError;

/// The days from a first to a last one, both included.
///
/// ```
/// use chrono::NaiveDate;
/// use jeongsan::calendar::DateRange;
///
/// let day = |day| NaiveDate::from_ymd_opt(2026, 2, day).unwrap();
/// let range = DateRange::new(day(14), day(18))?;
/// assert!(range.contains(day(18)) && !range.contains(day(19)));
/// assert_eq!(range.iter().count(), 5);
/// assert_eq!(range.to_string(), "2026-02-14 to 2026-02-18");
/// # Ok::<(), jeongsan::calendar::CalendarError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct DateRange {
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
}

impl DateRange {
    /// The days from `first` to `last`.
    ///
    /// # Errors
    /// [`CalendarError::EmptyRange`] when the last lies before the first.
    pub fn new(first: NaiveDate, last: NaiveDate) -> Result<Self, CalendarError> {
        if last < first { Err(CalendarError::EmptyRange { first, last }) } else { Ok(Self { first, last }) }
    }

    /// The first day.
    #[must_use]
    pub const fn first(self) -> NaiveDate {
        self.first
    }

    /// The last day, which belongs to the range.
    #[must_use]
    pub const fn last(self) -> NaiveDate {
        self.last
    }

    /// Whether the day belongs to the range.
    #[must_use]
    #[inline]
    pub fn contains(self, date: NaiveDate) -> bool {
        self.first <= date && date <= self.last
    }

    /// The days that both ranges have, if any.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last)).ok()
    }

    /// The days in their order.
    pub fn iter(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while(move |&date| date <= self.last)
    }
}

impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.first, self.last)
    }
}
