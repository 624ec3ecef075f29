//! What is kept of the events that came before: their ids, and of an order what is left of it.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;

use chrono::{Days, NaiveDate};

use crate::cancel::Cancellation;
use crate::event::Event;
use crate::figures::Figures;
use crate::id::{EventId, Interned, PartnerId};
use crate::order::Order;
use crate::sales::{Opening, SalesMonth};
use crate::trace::Recorder;
use crate::true_up::TrueUp;

use super::correction::{Cause, SalesChange};
use super::generation::Generation;
use super::sales::{OrderKey, SalesBook};
use super::{Engine, Remaining, SettleError, Settled, Settlement, SettlementKind};

/// Remembers a run's events, so that none settles twice and cancellations find their orders.
///
/// No event's body is kept. An id costs its own bytes and some 24 more, what is left of an order some twenty bytes for a
/// plain one and a few more for each line, discount and fee; what cancellations replace is cleared away in time. A run without end can bound
/// all that by a window of days: what came is then kept for at least that long behind the newest date, and at most twice as long, and an
/// event dated before the window is refused, as it can't be told from one that came before. Only an event that settles moves the
/// window, an order by its start date and a cancellation by its own. A manual entry has no date of its coming: it
/// moves nothing and is never too old, so its id can come again once two windows have passed.
///
/// ```
/// use chrono::NaiveDate;
/// use jeongsan::settle::History;
///
/// let march = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
/// let mut history = History::within_days(10);
/// history.admit(&"o-1".parse()?, march(1))?;
/// assert_eq!(history.admit(&"o-1".parse()?, march(2)).unwrap_err().code(), "duplicate-event");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct History {
    recent: Generation,
    /// What came in the window before; always empty without a window.
    earlier: Generation,
    pub(super) sales: SalesBook,
    /// In the order of coming.
    pub(super) true_ups: Vec<Arc<TrueUp>>,
    window: Option<Window>,
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
    /// The newest date with this one.
    fn newest_with(&self, date: NaiveDate) -> NaiveDate {
        self.newest.map_or(date, |newest| newest.max(date))
    }

    /// The first day of the window that ends on a date.
    fn first(&self, newest: NaiveDate) -> Option<NaiveDate> {
        newest.checked_sub_days(Days::new(u64::from(self.days)))
    }

    /// Takes in the date of an event that settled; whether a new generation begins.
    fn advance(&mut self, date: NaiveDate) -> bool {
        let newest = self.newest_with(date);
        self.newest = Some(newest);
        let began = *self.began.get_or_insert(newest);
        let turns = began.checked_add_days(Days::new(u64::from(self.days))).is_some_and(|last| newest > last);
        if turns {
            self.began = Some(newest);
        }
        turns
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
    /// A month's sales were stated before.
    #[error("the sales of partner `{partner}` in {month} were stated before")]
    SalesOpenedTwice {
        /// The partner.
        partner: PartnerId,
        /// The month.
        month: SalesMonth,
    },
    /// An order of the partner has settled, perhaps by sales that this would have been part of.
    #[error("the sales that partner `{partner}` opens with come behind its first order")]
    SalesOpenedLate {
        /// The partner.
        partner: PartnerId,
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
            Self::SalesOpenedTwice { .. } => "duplicate-sales",
            Self::SalesOpenedLate { .. } => "late-sales",
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
            Self::SalesOpenedTwice { .. } => Some("month".into()),
            Self::SalesOpenedLate { .. } => Some("partner".into()),
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

    /// States the sales that a partner opens a month with: those that came before the run, and with them that from this month on the run has
    /// all the others.
    ///
    /// ```
    /// use jeongsan::money::Amount;
    /// use jeongsan::sales::Opening;
    /// use jeongsan::settle::History;
    ///
    /// let mut history = History::new();
    /// let opening = Opening { partner: "seller-1".parse()?, month: "2026-02".parse()?, amount: Amount::new(120_000_000) };
    /// history.open_sales(opening.clone())?;
    /// assert_eq!(history.open_sales(opening).unwrap_err().code(), "duplicate-sales");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the month was stated before, or an order of the partner has settled where fees go by sales.
    pub fn open_sales(&mut self, opening: Opening) -> Result<(), HistoryError> {
        self.sales.open(opening)
    }

    /// Lets an event in and settles it.
    ///
    /// # Errors
    /// When its id came before, its order is unknown, or the engine can't settle it. Its id is used up all the same.
    pub fn settle(&mut self, engine: &Engine, event: Event) -> Result<Settled, HistoryError> {
        match event.date() {
            Some(date) => self.admit(event.id(), date)?,
            None => self.use_up(event.id())?,
        }
        self.settle_admitted(engine, event)
    }

    /// Settles an event that was let in; one that settles moves the window.
    pub(crate) fn settle_admitted(
        &mut self,
        engine: &Engine,
        mut event: Event,
    ) -> Result<Settled, HistoryError> {
        if let Event::Order(order) = &mut event {
            engine.forget_unselected(order);
        }
        let date = event.date();
        let settled = self.settle_event(engine, event)?;
        if let (Some(window), Some(date)) = (&mut self.window, date)
            && window.advance(date)
        {
            window.has_dropped |= !self.earlier.is_empty();
            self.earlier = mem::take(&mut self.recent);
            self.recent = Generation::behind(&self.earlier);
            self.sales.forget(self.earlier.epoch());
        }
        Ok(settled)
    }

    fn settle_event(&mut self, engine: &Engine, event: Event) -> Result<Settled, HistoryError> {
        self.sales.is_kept |= engine.measures_sales();
        match event {
            Event::Order(order) => self.settle_order(engine, order),
            Event::Cancel(cancellation) => self.settle_cancellation(engine, &cancellation),
            Event::Manual(entry) => Ok(engine.settle_manual(&entry)?.into()),
            Event::TrueUp(true_up) => self.settle_true_up(engine, true_up),
        }
    }

    /// States the sales that the fees of an order may go by, unless the order states them.
    pub(super) fn state_sales(&mut self, engine: &Engine, order: &mut Order) {
        self.sales.is_kept |= engine.measures_sales();
        if self.sales.is_kept && (order.sales.is_none() || engine.retier.is_some()) {
            let known = engine.sales_known(&order.partner);
            order.sales = Some(self.sales.around(&order.partner, order.start_date, known));
        }
    }

    fn settle_order(&mut self, engine: &Engine, mut order: Order) -> Result<Settled, HistoryError> {
        self.state_sales(engine, &mut order);
        let final_fee = self.final_fee(engine, &order);
        let fee = final_fee.as_ref().map(|true_up| &true_up.platform_fee);
        let settlement = engine.settle_into(&order, fee, Recorder::off())?;
        let start_date = order.start_date;
        let remaining = Remaining::of(order, &settlement, engine.cancel_mode());
        let mut settled = share(engine, settlement.into(), |order| Ok((Figures::ZERO, order.figures)))?;
        if let Some(settlement) = &settled.settlement {
            self.note_sales(engine, settlement, (&settlement.id, start_date), &mut settled.side_effects)?;
        }
        self.recent.keep(&remaining.names_and_rest().id, &remaining).ok_or(HistoryError::Full)?;
        Ok(settled)
    }

    fn settle_cancellation(
        &mut self,
        engine: &Engine,
        cancellation: &Cancellation,
    ) -> Result<Settled, HistoryError> {
        let id = &cancellation.order;
        let remaining = self.remaining_at_present(engine, cancellation)?;
        let (settled, left) = engine.settle_cancellation(&remaining, cancellation)?;
        let figures = |_: &Settlement| Ok((engine.figures_of(&remaining)?, engine.figures_of(&left)?));
        let mut settled = share(engine, settled, figures)?;
        if let Some(settlement) = &settled.settlement {
            let order = (id, remaining.start_date());
            self.note_sales(engine, settlement, order, &mut settled.side_effects)?;
        }
        let generation = if self.recent.has_order(id) { &mut self.recent } else { &mut self.earlier };
        generation.keep(id, &left).ok_or(HistoryError::Full)?;
        Ok(settled)
    }

    /// Notes what an order or its cancellation sold, and settles again what went by sales that it changes.
    fn note_sales(
        &mut self,
        engine: &Engine,
        settlement: &Settlement,
        (order, start_date): (&EventId, NaiveDate),
        rows: &mut Vec<Settlement>,
    ) -> Result<(), HistoryError> {
        let key = if engine.retier.is_some() { self.key(order) } else { None };
        let Some(key) = key else {
            self.sales.add(settlement);
            return Ok(());
        };
        let (partner, month) = (&settlement.partner, SalesMonth::of(start_date));
        let amount = settlement.figures.order;
        let change = SalesChange { partner, month, amount, order: key };
        let date = settlement.start_date.unwrap_or(start_date);
        let cause = Cause { kind: SettlementKind::Retier, event: &settlement.id, date };
        rows.extend(self.retier(engine, change, cause)?);
        self.sales.add_to_order(partner, month, (key, amount));
        Ok(())
    }

    /// Looks whether an order has settled and can be cancelled on a day.
    pub(crate) fn check_order(&self, id: &EventId, date: NaiveDate) -> Result<(), HistoryError> {
        self.remaining(id, date).map(|_| ())
    }

    /// What a cancellation finds left of its order, at the terms that hold for it by now.
    pub(super) fn remaining_at_present(
        &self,
        engine: &Engine,
        cancellation: &Cancellation,
    ) -> Result<Remaining, HistoryError> {
        let id = &cancellation.order;
        let remaining = self.remaining(id, cancellation.date)?;
        if engine.retier.is_none() && self.true_ups.is_empty() {
            return Ok(remaining);
        }
        Ok(match self.key(id) {
            Some(key) => self.at_present_terms(engine, remaining, key),
            None => remaining,
        })
    }

    /// The key of an order that is kept.
    fn key(&self, id: &EventId) -> Option<OrderKey> {
        self.recent.key(id).or_else(|| self.earlier.key(id))
    }

    /// What is left of an order that is kept.
    pub(super) fn find(&self, key: OrderKey) -> Option<Remaining> {
        // Before the first turn of the window both are of epoch 0, and the earlier one is empty.
        let mut generations = [&self.recent, &self.earlier].into_iter();
        let generation = generations.find(|generation| generation.epoch() == key.epoch)?;
        generation.find(&generation.id(key.number)?)
    }

    /// Every id that is kept, in the order of coming.
    pub(super) fn keys(&self) -> impl Iterator<Item = OrderKey> {
        self.earlier.keys().chain(self.recent.keys())
    }

    /// Sees that nothing from a day on was forgotten.
    pub(super) fn check_within(&self, date: NaiveDate) -> Result<(), HistoryError> {
        let Some(window) = self.window.filter(|window| window.has_dropped) else { return Ok(()) };
        let newest = window.newest_with(date);
        match window.first(newest) {
            Some(first) if date < first => {
                Err(HistoryError::OutsideWindow { date, days: window.days, newest })
            }
            _ => Ok(()),
        }
    }

    /// What is left of an order within the window, to be cancelled on a day.
    pub(crate) fn remaining(&self, id: &EventId, date: NaiveDate) -> Result<Remaining, HistoryError> {
        let remaining = self.recent.find(id).or_else(|| self.earlier.find(id));
        let Some(window) = &self.window else {
            return remaining.ok_or_else(|| HistoryError::UnknownOrder { order: id.clone() });
        };
        let first = window.first(window.newest_with(date));
        let is_within = |remaining: &Remaining| first.is_none_or(|first| remaining.start_date() >= first);
        match remaining {
            Some(remaining) if is_within(&remaining) => Ok(remaining),
            None if !window.has_dropped => Err(HistoryError::UnknownOrder { order: id.clone() }),
            _ => Err(HistoryError::OrderOutsideWindow { order: id.clone(), days: window.days }),
        }
    }

    /// Lets an event in under its id and date: the start date of an order, the date of a cancellation.
    ///
    /// # Errors
    /// When the id came before, or the date lies before the window. Either way the id is used up.
    pub fn admit(&mut self, id: &EventId, date: NaiveDate) -> Result<(), HistoryError> {
        self.use_up(id)?;
        let Some(window) = &self.window else {
            return Ok(());
        };
        let newest = window.newest_with(date);
        if window.first(newest).is_some_and(|first| date < first) {
            return Err(HistoryError::OutsideWindow { date, days: window.days, newest });
        }
        Ok(())
    }

    /// Uses up the id of an event that has no date: a manual entry, or one that is refused before its date is known.
    ///
    /// # Errors
    /// [`HistoryError::Duplicate`], [`HistoryError::Full`].
    pub fn use_up(&mut self, id: &EventId) -> Result<(), HistoryError> {
        if self.earlier.has(id) {
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
        self.recent.len().saturating_add(self.earlier.len())
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

/// A settlement with the shares of agencies, where there are any, of what its order's figures were before and are with it.
fn share(
    engine: &Engine,
    mut settled: Settled,
    figures: impl FnOnce(&Settlement) -> Result<(Figures, Figures), SettleError>,
) -> Result<Settled, SettleError> {
    let Some(settlement) = settled.settlement.take_if(|_| engine.has_agencies()) else {
        return Ok(settled);
    };
    let (before, after) = figures(&settlement)?;
    let Settled { settlement, side_effects } = engine.share_with_agencies(settlement, &before, &after)?;
    settled.settlement = settlement;
    settled.side_effects.extend(side_effects);
    Ok(settled)
}

#[cfg(test)]
mod tests;
