//! What is kept of the events that came before: their ids, and of an order what is left of it.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

use chrono::{Datelike, Days, NaiveDate};

use crate::cancel::Cancellation;
use crate::event::Event;
use crate::id::{EventId, Interned, Interner, PartnerId};
use crate::money::Amount;
use crate::order::Sales;

use super::packed::{pack, unpack};
use super::{Engine, Remaining, SettleError, Settled, Settlement};

/// Remembers a run's events, so that none settles twice and cancellations find their orders.
///
/// No event's body is kept. An id costs its own bytes and some 24 more (see [`Interner`]), what is left of an order some twenty bytes for a
/// plain one and a few more for each line, discount and fee. A run without end can bound all that by a window of
/// days: what came is then kept for at least that long behind the newest date, and at most twice as long, and an event
/// dated before the window is refused, as it can't be told from one that came before.
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
    recent: Generation,
    /// What came in the window before; always empty without a window.
    earlier: Generation,
    sales: SalesBook,
    window: Option<Window>,
}

/// Each partner's sales by month, where some fee goes by them: orders before discounts by their start date, less cancellations by their
/// date, so that a late cancellation leaves a closed month as it was (`frozen`).
#[derive(Clone, Debug, Default)]
struct SalesBook {
    is_kept: bool,
    by_month: BTreeMap<(PartnerId, i32), i64>,
}

impl SalesBook {
    /// Months since year 0.
    fn month(date: NaiveDate) -> i32 {
        let month = i32::try_from(date.month0()).unwrap_or(0);
        date.year().saturating_mul(12).saturating_add(month)
    }

    fn around(&self, partner: &PartnerId, date: NaiveDate) -> Option<Sales> {
        if !self.is_kept {
            return None;
        }
        let month = Self::month(date);
        let of = |month| Amount::new(self.by_month.get(&(partner.clone(), month)).copied().unwrap_or(0));
        Some(Sales { previous_month: of(month.saturating_sub(1)), month_to_date: of(month) })
    }

    fn add(&mut self, settlement: &Settlement) {
        if let Some(date) = settlement.start_date.filter(|_| self.is_kept) {
            let sales = self.by_month.entry((settlement.partner.clone(), Self::month(date))).or_default();
            *sales = sales.saturating_add(settlement.figures.order.minor());
        }
    }
}

/// Ids, and by their numbers what is left of their orders.
#[derive(Clone, Debug, Default)]
struct Generation {
    ids: Interner,
    /// By id: where what is left of its order begins, plus one; 0 for what is no order that settled.
    places: Vec<usize>,
    /// What is left of the orders, packed end to end. What a cancellation replaces stays behind unused.
    packed: Vec<u8>,
    /// The names that the packed orders use.
    names: Interner,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    days: u32,
    newest: Option<NaiveDate>,
    /// The newest date when `recent` was begun.
    began: Option<NaiveDate>,
    /// Whether anything was dropped yet.
    has_dropped: bool,
}

impl Window {
    /// The first day of the window.
    fn first(&self) -> Option<NaiveDate> {
        self.newest?.checked_sub_days(Days::new(u64::from(self.days)))
    }
}

/// Why an event isn't let in, or isn't settled.
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
    /// No such order has settled.
    #[error("no order `{order}` has settled before")]
    UnknownOrder {
        /// The order.
        order: EventId,
    },
    /// No such order is among those kept; it may have settled before the window.
    #[error("no order `{order}` has settled within the window of {days} days")]
    OrderOutsideWindow {
        /// The order.
        order: EventId,
        /// The window.
        days: u32,
    },
    /// Four billion ids are held.
    #[error("no more ids can be kept: bound them by a window")]
    Full,
    /// The engine can't settle it.
    #[error(transparent)]
    Settle(#[from] SettleError),
}

impl HistoryError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Duplicate { .. } => "duplicate-event",
            Self::OutsideWindow { .. } | Self::OrderOutsideWindow { .. } => "outside-window",
            Self::UnknownOrder { .. } => "unknown-order",
            Self::Full => "out-of-range",
            Self::Settle(error) => error.code(),
        }
    }

    /// The path to the field that is at fault, where one is.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        match self {
            Self::Duplicate { .. } | Self::Full => Some("id".into()),
            Self::UnknownOrder { .. } | Self::OrderOutsideWindow { .. } => Some("order".into()),
            Self::OutsideWindow { .. } => None,
            Self::Settle(error) => error.path(),
        }
    }
}

impl History {
    /// A history that keeps everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A history that keeps what came within at least so many days behind the newest date.
    #[must_use]
    pub fn within_days(days: u32) -> Self {
        let window = Some(Window { days, newest: None, began: None, has_dropped: false });
        Self { window, ..Self::default() }
    }

    /// Lets an event in and settles it.
    ///
    /// # Errors
    /// When its id came before, its order is unknown, or the engine can't settle it. Its id is used up all the same.
    pub fn settle(&mut self, engine: &Engine, event: Event) -> Result<Settled, HistoryError> {
        let date = match &event {
            Event::Order(order) => order.start_date,
            Event::Cancel(cancellation) => cancellation.date,
            Event::Manual(entry) => entry.settlement_date,
        };
        self.admit(event.id(), date)?;
        self.settle_admitted(engine, event)
    }

    /// Settles an event that was let in.
    pub(crate) fn settle_admitted(&mut self, engine: &Engine, event: Event) -> Result<Settled, HistoryError> {
        self.sales.is_kept |= engine.measures_sales();
        match event {
            Event::Order(mut order) => {
                if order.sales.is_none() {
                    order.sales = self.sales.around(&order.partner, order.start_date);
                }
                let settlement = engine.settle(&order)?;
                self.sales.add(&settlement);
                let remaining = Remaining::of(order, &settlement, engine.cancel_mode());
                self.recent.keep(&settlement.id, &remaining).ok_or(HistoryError::Full)?;
                Ok(settlement.into())
            }
            Event::Cancel(cancellation) => self.settle_cancellation(engine, &cancellation),
            Event::Manual(entry) => Ok(engine.settle_manual(&entry)?.into()),
        }
    }

    fn settle_cancellation(
        &mut self,
        engine: &Engine,
        cancellation: &Cancellation,
    ) -> Result<Settled, HistoryError> {
        let id = &cancellation.order;
        let remaining = self.remaining(id)?;
        let (settled, left) = engine.settle_cancellation(&remaining, cancellation)?;
        self.sales.add(&settled.settlement);
        let generation = if self.recent.place(id).is_some() { &mut self.recent } else { &mut self.earlier };
        generation.keep(id, &left).ok_or(HistoryError::Full)?;
        Ok(settled)
    }

    /// Looks whether an order has settled and can be cancelled here.
    ///
    /// # Errors
    /// [`HistoryError::UnknownOrder`], [`HistoryError::OrderOutsideWindow`].
    pub fn check_order(&self, id: &EventId) -> Result<(), HistoryError> {
        self.remaining(id).map(|_| ())
    }

    /// What is left of an order, within the window.
    fn remaining(&self, id: &EventId) -> Result<Remaining, HistoryError> {
        let remaining = self.recent.find(id).or_else(|| self.earlier.find(id));
        let Some(window) = &self.window else {
            return remaining.ok_or_else(|| HistoryError::UnknownOrder { order: id.clone() });
        };
        let is_within =
            |remaining: &Remaining| window.first().is_none_or(|first| remaining.start_date() >= first);
        match remaining {
            Some(remaining) if is_within(&remaining) => Ok(remaining),
            None if !window.has_dropped => Err(HistoryError::UnknownOrder { order: id.clone() }),
            _ => Err(HistoryError::OrderOutsideWindow { order: id.clone(), days: window.days }),
        }
    }

    /// Lets an event in under its id and date: the start date of an order, the date of a cancellation, the settlement date of a manual entry.
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
        if window.first().is_some_and(|first| date < first) {
            return Err(HistoryError::OutsideWindow { date, days: window.days, newest });
        }
        let began = *window.began.get_or_insert(newest);
        if began.checked_add_days(Days::new(u64::from(window.days))).is_some_and(|last| newest > last) {
            window.began = Some(newest);
            window.has_dropped |= !self.earlier.ids.is_empty();
            self.earlier = mem::take(&mut self.recent);
            // The event that turned the window belongs to the new one.
            self.recent.intern(id);
        }
        Ok(())
    }

    /// Uses up an id whose event is refused before its date is known.
    ///
    /// # Errors
    /// [`HistoryError::Duplicate`], [`HistoryError::Full`].
    pub fn use_up(&mut self, id: &EventId) -> Result<(), HistoryError> {
        if self.earlier.ids.find(id.as_str()).is_some() {
            return Err(HistoryError::Duplicate { id: id.clone() });
        }
        match self.recent.intern(id) {
            Some(Interned::New(_)) => Ok(()),
            Some(Interned::Known(_)) => Err(HistoryError::Duplicate { id: id.clone() }),
            None => Err(HistoryError::Full),
        }
    }

    /// How many ids are kept.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.recent.ids.len().saturating_add(self.earlier.ids.len())
    }

    /// Whether no id is kept.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes it holds in memory, spare room included.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.recent.bytes().saturating_add(self.earlier.bytes())
    }
}

impl Generation {
    fn intern(&mut self, id: &EventId) -> Option<Interned> {
        let interned = self.ids.intern(id.as_str())?;
        if let Interned::New(_) = interned {
            self.places.push(0);
        }
        Some(interned)
    }

    /// Where what is left of an order begins.
    fn place(&self, id: &EventId) -> Option<usize> {
        let number = usize::try_from(self.ids.find(id.as_str())?).ok()?;
        self.places.get(number)?.checked_sub(1)
    }

    fn find(&self, id: &EventId) -> Option<Remaining> {
        unpack(id, &self.names, self.packed.get(self.place(id)?..)?)
    }

    fn keep(&mut self, id: &EventId, remaining: &Remaining) -> Option<()> {
        let number = usize::try_from(self.ids.find(id.as_str())?).ok()?;
        *self.places.get_mut(number)? = self.packed.len().checked_add(1)?;
        pack(remaining, &mut self.names, &mut self.packed)
    }

    fn bytes(&self) -> usize {
        let places = self.places.capacity().saturating_mul(size_of::<usize>());
        let held = [self.ids.bytes(), places, self.packed.capacity(), self.names.bytes()];
        held.into_iter().fold(0, usize::saturating_add)
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
        // 12 bytes of text, 8 of its end, 8.4 of slots, 8 of its place, and what the buffers have in reserve.
        assert!((36..=50).contains(&bytes), "{bytes} bytes an id");
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
