//! The ids of a time, and what is left of their orders.

use alloc::vec::Vec;

use crate::id::{EventId, Interned, Interner};

use super::Remaining;
use super::packed::{pack, packed_length, push_length, unpack};
use super::sales::OrderKey;

/// Ids, and by their numbers what is left of their orders.
#[derive(Clone, Debug, Default)]
pub(super) struct Generation {
    /// How many windows came before.
    epoch: u32,
    ids: Interner,
    /// By id: where what is left of its order begins, plus one; 0 for what is no order that settled.
    places: Vec<usize>,
    /// What is left of the orders, packed end to end, each behind its length. What a cancellation replaces stays behind unused until more
    /// than half is so.
    packed: Vec<u8>,
    /// The bytes of it that are unused.
    superseded_bytes: usize,
    /// The names that the packed orders use.
    names: Interner,
}

impl Generation {
    /// The generation behind another.
    pub(super) fn behind(other: &Self) -> Self {
        Self { epoch: other.epoch.saturating_add(1), ..Self::default() }
    }

    pub(super) const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The keys of its ids, in the order of coming.
    pub(super) fn keys(&self) -> impl Iterator<Item = OrderKey> {
        let numbers = 0..u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        numbers.map(|number| OrderKey { epoch: self.epoch, number })
    }

    pub(super) fn key(&self, id: &EventId) -> Option<OrderKey> {
        Some(OrderKey { epoch: self.epoch, number: self.ids.find(id.as_str())? })
    }

    /// The id of a number.
    pub(super) fn id(&self, number: u32) -> Option<EventId> {
        self.ids.text(number)?.parse().ok()
    }

    pub(super) fn intern(&mut self, id: &EventId) -> Option<Interned> {
        let interned = self.ids.intern(id.as_str())?;
        if let Interned::New(_) = interned {
            self.places.push(0);
        }
        Some(interned)
    }

    pub(super) fn has(&self, id: &EventId) -> bool {
        self.ids.find(id.as_str()).is_some()
    }

    /// Whether something is kept of an order.
    pub(super) fn has_order(&self, id: &EventId) -> bool {
        self.packed_at(id).is_some()
    }

    pub(super) const fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// What is packed from an order on.
    fn packed_at(&self, id: &EventId) -> Option<&[u8]> {
        let number = usize::try_from(self.ids.find(id.as_str())?).ok()?;
        self.packed.get(self.places.get(number)?.checked_sub(1)?..)
    }

    /// What is left of an order.
    pub(super) fn find(&self, id: &EventId) -> Option<Remaining> {
        let packed = self.packed_at(id)?;
        let (_, body) = packed_length(packed)?;
        unpack(id, &self.names, body)
    }

    /// Keeps what is left of an order whose id came, in the place of what was kept of it before.
    pub(super) fn keep(&mut self, id: &EventId, remaining: &Remaining) -> Option<()> {
        let before = self.packed_at(id).and_then(packed_length).map_or(0, |(bytes, _)| bytes);
        let number = usize::try_from(self.ids.find(id.as_str())?).ok()?;
        let mut body = Vec::new();
        pack(remaining, &mut self.names, &mut body)?;
        let place = self.packed.len();
        push_length(body.len(), &mut self.packed)?;
        self.packed.extend_from_slice(&body);
        *self.places.get_mut(number)? = place.checked_add(1)?;
        self.superseded_bytes = self.superseded_bytes.saturating_add(before);
        if self.superseded_bytes > self.packed.len() / 2 {
            self.compact()?;
        }
        Some(())
    }

    /// Packs what is in use end to end.
    fn compact(&mut self) -> Option<()> {
        let mut packed = Vec::with_capacity(self.packed.len().saturating_sub(self.superseded_bytes));
        for place in self.places.iter_mut().filter(|place| **place > 0) {
            let from = self.packed.get(place.checked_sub(1)?..)?;
            let (bytes, _) = packed_length(from)?;
            *place = packed.len().checked_add(1)?;
            packed.extend_from_slice(from.get(..bytes)?);
        }
        self.packed = packed;
        self.superseded_bytes = 0;
        Some(())
    }

    pub(super) fn bytes(&self) -> usize {
        let places = self.places.capacity().saturating_mul(size_of::<usize>());
        let held = [self.ids.bytes(), places, self.packed.capacity(), self.names.bytes()];
        held.into_iter().fold(0, usize::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Amount;
    use crate::order::{Order, OrderDetail};
    use alloc::collections::BTreeMap;
    use alloc::format;
    use proptest::prelude::*;

    fn remaining(partner: u8, amount: i64, shipping: i64, has_rest: bool) -> Remaining {
        let start = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let partner = format!("seller-{partner}").parse().unwrap();
        let detail = OrderDetail::Amount(Amount::new(amount));
        let mut order = Order::new("any".parse().unwrap(), partner, start, detail);
        order.shipping = Amount::new(shipping);
        Remaining::unpacked(order, has_rest, None, None)
    }

    fn of_id(id: &EventId, remaining: &Remaining) -> Remaining {
        let mut order = remaining.names_and_rest().clone();
        order.id = id.clone();
        Remaining::unpacked(order, remaining.order().is_some(), None, None)
    }

    proptest! {
        /// What is found is what was kept last, however often what was superseded has been cleared away.
        #[test]
        fn compaction_changes_nothing(
            steps in proptest::collection::vec((0..12_u8, 0..4_u8, any::<i32>(), any::<i32>(), any::<bool>()), 1..200),
        ) {
            let mut generation = Generation::default();
            let mut kept: BTreeMap<EventId, Remaining> = BTreeMap::new();
            for (number, partner, amount, shipping, has_rest) in steps {
                let id: EventId = format!("o-{number}").parse().unwrap();
                generation.intern(&id).unwrap();
                let remaining = remaining(partner, i64::from(amount), i64::from(shipping), has_rest);
                generation.keep(&id, &remaining).unwrap();
                kept.insert(id.clone(), of_id(&id, &remaining));
                prop_assert!(generation.superseded_bytes <= generation.packed.len() / 2);
                for (id, remaining) in &kept {
                    prop_assert_eq!(generation.find(id), Some(remaining.clone()));
                }
            }
        }
    }

    #[test]
    fn an_order_cancelled_a_thousand_times_stays_small() {
        let mut generation = Generation::default();
        let id: EventId = "o-1".parse().unwrap();
        generation.intern(&id).unwrap();
        for amount in 0..1_000 {
            generation.keep(&id, &remaining(1, amount, 3_000, true)).unwrap();
        }
        assert!(generation.packed.len() < 80, "{}", generation.packed.len());
    }
}
