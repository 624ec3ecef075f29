//! Which settlements came, and in which rows they are: some 50 bytes each, no text but the event's id.

use alloc::vec::Vec;

use crate::figures::Figures;
use crate::id::{Interned, Interner};
use crate::money::Amount;

use super::{RowKind, RowNumber};

/// No item, no cause.
pub(crate) const NONE: u32 = u32::MAX;

/// A settlement, or a part of one, in its row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    /// The event's number.
    pub(crate) event: u32,
    /// The number of the event that brought it about, or [`NONE`].
    pub(crate) cause: u32,
    /// The row it was taken into; what became of that row since is the row's to tell.
    pub(crate) row: RowNumber,
    /// The next item of the same order, or [`NONE`].
    next: u32,
    pub(crate) kind: RowKind,
    /// A check of its figures, contract and date: a repetition must have the same.
    pub(crate) check: u32,
    pub(crate) amount: Amount,
    pub(crate) tax_free: Amount,
}

/// Events by number, and the items of each order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Items {
    events: Interner,
    /// The order of each event, and the newest item of each order.
    orders: Vec<(u32, u32)>,
    items: Vec<Item>,
}

/// An event's number and whether it is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) event: u32,
    pub(crate) order: u32,
    pub(crate) is_new: bool,
}

impl Items {
    /// The numbers of an event and its order; `None` when there are four billion.
    pub(crate) fn know(&mut self, event: &str, order: Option<&str>) -> Option<Known> {
        let order = match order {
            Some(order) => Some(self.event(order)?.0),
            None => None,
        };
        let (event, is_new) = self.event(event)?;
        let held = self.orders.get_mut(usize::try_from(event).ok()?)?;
        // An event that came as a cause alone has told no order yet.
        if let Some(order) = order.filter(|_| is_new || *held == (event, NONE)) {
            held.0 = order;
        }
        Some(Known { event, order: held.0, is_new })
    }

    fn event(&mut self, text: &str) -> Option<(u32, bool)> {
        match self.events.intern(text)? {
            Interned::New(number) => {
                self.orders.push((number, NONE));
                Some((number, true))
            }
            Interned::Known(number) => Some((number, false)),
        }
    }

    /// The number of an event that is known.
    pub(crate) fn find(&self, event: &str) -> Option<u32> {
        self.events.find(event)
    }

    /// The text of an event's id.
    pub(crate) fn text(&self, event: u32) -> &str {
        self.events.text(event).unwrap_or_default()
    }

    /// Keeps an item of an order; `None` when there are four billion.
    pub(crate) fn keep(&mut self, order: u32, mut item: Item) -> Option<()> {
        let number = u32::try_from(self.items.len()).ok().filter(|&number| number < NONE)?;
        let head = &mut self.orders.get_mut(usize::try_from(order).ok()?)?.1;
        item.next = core::mem::replace(head, number);
        self.items.push(item);
        Some(())
    }

    /// The items of an order, the newest first.
    pub(crate) fn of_order(&self, order: u32) -> impl Iterator<Item = (usize, &Item)> {
        let head = usize::try_from(order)
            .ok()
            .and_then(|order| self.orders.get(order))
            .map_or(NONE, |order| order.1);
        let at = |number: u32| {
            let place = usize::try_from(number).ok().filter(|_| number != NONE)?;
            Some((place, self.items.get(place)?))
        };
        core::iter::successors(at(head), move |(_, item)| at(item.next))
    }

    /// Every item.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Item> {
        self.items.iter()
    }

    /// Puts a part of an order's item into another row, as an item of its own; `None` when there are four billion.
    pub(crate) fn divide(
        &mut self,
        order: u32,
        place: usize,
        item: &Item,
        (row, amount, tax_free): (RowNumber, Amount, Amount),
    ) -> Option<()> {
        let left = (item.amount.checked_sub(amount)?, item.tax_free.checked_sub(tax_free)?);
        self.keep(order, Item { row, amount, tax_free, ..*item })?;
        let old = self.items.get_mut(place)?;
        (old.amount, old.tax_free) = left;
        Some(())
    }

    /// Puts an item into another row.
    pub(crate) fn put_in(&mut self, place: usize, row: RowNumber) {
        if let Some(item) = self.items.get_mut(place) {
            item.row = row;
        }
    }
}

impl Item {
    pub(crate) const fn new(known: Known, kind: RowKind, cause: u32, check: u32) -> Self {
        Self {
            event: known.event,
            cause,
            row: RowNumber::new(0),
            next: NONE,
            kind,
            check,
            amount: Amount::ZERO,
            tax_free: Amount::ZERO,
        }
    }
}

/// A check of figures and further numbers: which of them differ it can't tell, that some do it nearly always can.
pub(crate) fn check(figures: &Figures, further: [u64; 3]) -> u32 {
    let mut state = further.iter().fold(0_u64, |state, &word| mix(state ^ word));
    for (_, amount) in figures.iter() {
        state = state
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add(u64::from_ne_bytes(amount.minor().to_ne_bytes()));
    }
    u32::try_from(mix(state) >> 32).unwrap_or(0)
}

fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    word ^ (word >> 32)
}
