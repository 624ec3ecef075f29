//! What is kept of the events that came before: their ids, and nothing of their bodies.

use core::mem;

use chrono::{Days, NaiveDate};

use crate::id::{EventId, Interned, Interner};

/// Remembers the ids of a run's events, so that none settles twice.
///
/// An id costs its own bytes and some 16 more (see [`Interner`]). A run without end can bound them by a window of
/// days: ids are then kept for at least that long behind the newest date, and at most twice as long, and an event dated before the
/// window is refused, as it can't be told from one that came before.
///
/// ```
/// use chrono::NaiveDate;
/// use jeongsan::settle::History;
///
/// let march = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
/// let mut history = History::within_days(10);
/// history.admit(&"o-1".parse()?, march(1))?;
/// assert_eq!(history.admit(&"o-1".parse()?, march(2)).unwrap_err().code(), "duplicate-event");
/// history.admit(&"o-2".parse()?, march(20))?;
/// assert_eq!(history.admit(&"o-3".parse()?, march(9)).unwrap_err().code(), "outside-window");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct History {
    recent: Interner,
    /// The ids of the window before; always empty without a window.
    earlier: Interner,
    window: Option<Window>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    days: u32,
    newest: Option<NaiveDate>,
    /// The newest date when `recent` was begun.
    began: Option<NaiveDate>,
}

/// Why an event isn't let in.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// An event with this id came before, settled or refused.
    #[error("an event with the id `{id}` came before")]
    Duplicate {
        /// The id.
        id: EventId,
    },
    /// The event is dated before the window.
    #[error("{date} is more than {days} days before {newest}, the newest date")]
    OutsideWindow {
        /// The event's date.
        date: NaiveDate,
        /// The window.
        days: u32,
        /// The newest date so far.
        newest: NaiveDate,
    },
    /// Four billion ids are held.
    #[error("no more ids can be kept: bound them by a window")]
    Full,
}

impl HistoryError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Duplicate { .. } => "duplicate-event",
            Self::OutsideWindow { .. } => "outside-window",
            Self::Full => "out-of-range",
        }
    }
}

impl History {
    /// A history that keeps every id.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A history that keeps the ids of at least so many days behind the newest date.
    #[must_use]
    pub fn within_days(days: u32) -> Self {
        let window = Some(Window { days, newest: None, began: None });
        Self { window, ..Self::default() }
    }

    /// Lets an event in under its id and date: the start date of an order, the settlement date of a manual entry.
    ///
    /// # Errors
    /// When the id came before, or the date lies before the window. Either way the id is used up.
    pub fn admit(&mut self, id: &EventId, date: NaiveDate) -> Result<(), HistoryError> {
        self.use_up(id)?;
        let Some(window) = &mut self.window else {
            return Ok(());
        };
        let newest = window.newest.map_or(date, |newest| newest.max(date));
        window.newest = Some(newest);
        let days = Days::new(u64::from(window.days));
        if newest.checked_sub_days(days).is_some_and(|first| date < first) {
            return Err(HistoryError::OutsideWindow { date, days: window.days, newest });
        }
        let began = *window.began.get_or_insert(newest);
        if began.checked_add_days(days).is_some_and(|last| newest > last) {
            window.began = Some(newest);
            self.earlier = mem::take(&mut self.recent);
            // The event that turned the window belongs to the new one.
            self.recent.intern(id.as_str());
        }
        Ok(())
    }

    /// Uses up an id whose event is refused before its date is known.
    ///
    /// # Errors
    /// [`HistoryError::Duplicate`], [`HistoryError::Full`].
    pub fn use_up(&mut self, id: &EventId) -> Result<(), HistoryError> {
        if self.earlier.find(id.as_str()).is_some() {
            return Err(HistoryError::Duplicate { id: id.clone() });
        }
        match self.recent.intern(id.as_str()) {
            Some(Interned::New(_)) => Ok(()),
            Some(Interned::Known(_)) => Err(HistoryError::Duplicate { id: id.clone() }),
            None => Err(HistoryError::Full),
        }
    }

    /// How many ids are kept.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.recent.len().saturating_add(self.earlier.len())
    }

    /// Whether no id is kept.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes it holds in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.recent.bytes().saturating_add(self.earlier.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    fn id(text: &str) -> EventId {
        text.parse().unwrap()
    }

    fn day(number: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().checked_add_days(Days::new(number)).unwrap()
    }

    #[test]
    fn an_id_costs_its_bytes_and_a_few() {
        let mut history = History::new();
        for number in 0..1_000_000 {
            history.use_up(&id(&format!("o-{number:010}"))).unwrap();
        }
        let bytes = history.bytes() / history.len();
        // 12 bytes of text, 8 of its end, 8.4 of slots, and what the buffers have in reserve: DESIGN.md quotes the figure.
        assert!((26..=38).contains(&bytes), "{bytes} bytes an id");
    }

    #[test]
    fn a_window_forgets_what_lies_two_windows_back_and_nothing_within_one() {
        let mut history = History::within_days(10);
        for number in 0..1_000 {
            history.admit(&id(&format!("o-{number}")), day(number)).unwrap();
            let within = number.saturating_sub(10);
            assert!(history.clone().use_up(&id(&format!("o-{within}"))).is_err(), "kept for a window");
            assert!(history.len() <= 23, "{} ids are kept", history.len());
        }
    }

    #[test]
    fn refusals_say_why() {
        let mut history = History::within_days(5);
        history.admit(&id("a"), day(10)).unwrap();
        assert_eq!(
            history.admit(&id("a"), day(10)).unwrap_err().to_string(),
            "an event with the id `a` came before"
        );
        assert_eq!(
            history.admit(&id("b"), day(4)).unwrap_err().to_string(),
            "2026-01-05 is more than 5 days before 2026-01-11, the newest date"
        );
        assert_eq!(
            history.use_up(&id("b")).unwrap_err().code(),
            "duplicate-event",
            "a refused id is used up"
        );
    }
}
