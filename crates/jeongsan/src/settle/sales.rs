//! Each partner's sales by month, as a run knows them.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::id::PartnerId;
use crate::money::Amount;
use crate::order::Sales;
use crate::sales::{Opening, SalesMonth};

use super::{HistoryError, Settlement};

/// Each partner's sales by month, where some fee goes by them: orders before discounts by their start date, less cancellations by their
/// date, so that a late cancellation leaves a closed month as it was (`frozen`).
///
/// A month's sales are known when an opening states them, when the partner joined behind it, or when the events of the run are all there
/// is of it: from the partner's latest opening on, or else from the book's `sales_known_from`. A first event proves nothing, as others
/// may have come before the run began.
#[derive(Clone, Debug, Default)]
pub(super) struct SalesBook {
    pub(super) is_kept: bool,
    by_month: BTreeMap<(PartnerId, SalesMonth), i64>,
    openings: BTreeMap<(PartnerId, SalesMonth), i64>,
    /// The orders of each month, where late changes settle them again.
    orders: BTreeMap<(PartnerId, SalesMonth), MonthOrders>,
}

/// Which order it is, in the order of coming.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct OrderKey {
    pub(super) epoch: u32,
    pub(super) number: u32,
}

/// A partner's orders of one month and what is left of each, in the order of coming.
#[derive(Clone, Debug, Default)]
struct MonthOrders {
    /// What is left of orders that fell out of the window.
    forgotten: i64,
    left: Vec<(OrderKey, i64)>,
}

/// From when on the events of a run are all of a partner's sales, as far as the book tells.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SalesKnown {
    /// The partner's first month; before it there are none.
    pub(super) joined: Option<SalesMonth>,
    /// The first month of which the run has every event.
    pub(super) from: Option<SalesMonth>,
}

impl SalesBook {
    /// Notes an opening.
    pub(super) fn open(&mut self, opening: Opening) -> Result<(), HistoryError> {
        let Opening { partner, month, amount } = opening;
        if last(&self.by_month, &partner).is_some() {
            return Err(HistoryError::SalesOpenedLate { partner });
        }
        let key = (partner, month);
        if self.openings.contains_key(&key) {
            let (partner, month) = key;
            return Err(HistoryError::SalesOpenedTwice { partner, month });
        }
        self.openings.insert(key, amount.minor());
        Ok(())
    }

    /// The sales that a fee on an order of this date may go by.
    pub(super) fn around(&self, partner: &PartnerId, date: NaiveDate, known: SalesKnown) -> Sales {
        let month = SalesMonth::of(date);
        let of = |month| self.of(partner, month, known);
        Sales { previous_month: of(month.previous()), month_to_date: of(month) }
    }

    /// The sales of a month, if they are known.
    pub(super) fn of(&self, partner: &PartnerId, month: SalesMonth, known: SalesKnown) -> Option<Amount> {
        let key = (partner.clone(), month);
        let opening = self.openings.get(&key).copied();
        let covered_from = last(&self.openings, partner).or(known.from);
        let is_known = opening.is_some()
            || known.joined.is_some_and(|joined| month < joined)
            || covered_from.is_some_and(|from| from <= month);
        let came = self.by_month.get(&key).copied().unwrap_or(0);
        is_known.then(|| Amount::new(opening.unwrap_or(0).saturating_add(came)))
    }

    /// Adds what an order or a cancellation sold.
    pub(super) fn add(&mut self, settlement: &Settlement) {
        if let Some(date) = settlement.start_date.filter(|_| self.is_kept) {
            let key = (settlement.partner.clone(), SalesMonth::of(date));
            let sales = self.by_month.entry(key).or_default();
            *sales = sales.saturating_add(settlement.figures.order.minor());
        }
    }
}

/// A month's orders with the sales that a fee of theirs goes by.
impl SalesBook {
    /// Adds what an order or its cancellation sold to the month of the order.
    pub(super) fn add_to_order(
        &mut self,
        partner: &PartnerId,
        month: SalesMonth,
        (order, amount): (OrderKey, Amount),
    ) {
        let key = (partner.clone(), month);
        let sales = self.by_month.entry(key.clone()).or_default();
        *sales = sales.saturating_add(amount.minor());
        let left = &mut self.orders.entry(key).or_default().left;
        match left.binary_search_by_key(&order, |(order, _)| *order) {
            Ok(place) => {
                if let Some((_, left)) = left.get_mut(place) {
                    *left = left.saturating_add(amount.minor());
                }
            }
            Err(place) => left.insert(place, (order, amount.minor())),
        }
    }

    /// The orders of a month with the sales that each stands on.
    pub(super) fn within(
        &self,
        partner: &PartnerId,
        month: SalesMonth,
        known: SalesKnown,
    ) -> impl Iterator<Item = (OrderKey, Sales)> {
        let key = (partner.clone(), month);
        let previous_month = self.of(partner, month.previous(), known);
        let is_known = self.of(partner, month, known).is_some();
        let orders = self.orders.get(&key);
        let forgotten = orders.map_or(0, |orders| orders.forgotten);
        let opening = self.openings.get(&key).copied().unwrap_or(0);
        let mut before = opening.saturating_add(forgotten);
        orders.into_iter().flat_map(|orders| &orders.left).map(move |&(order, left)| {
            let month_to_date = is_known.then_some(Amount::new(before));
            before = before.saturating_add(left);
            (order, Sales { previous_month, month_to_date })
        })
    }

    /// The orders of a month that came behind one of them.
    pub(super) fn behind(
        &self,
        partner: &PartnerId,
        month: SalesMonth,
        known: SalesKnown,
        order: OrderKey,
    ) -> impl Iterator<Item = (OrderKey, Sales)> {
        self.within(partner, month, known).skip_while(move |(other, _)| *other <= order)
    }

    /// The sales that an order stands on.
    pub(super) fn standing(
        &self,
        partner: &PartnerId,
        date: NaiveDate,
        known: SalesKnown,
        order: OrderKey,
    ) -> Option<Sales> {
        let mut within = self.within(partner, SalesMonth::of(date), known);
        within.find(|(other, _)| *other == order).map(|(_, sales)| sales)
    }

    /// Forgets the orders before an epoch; what is left of them still counts.
    pub(super) fn forget(&mut self, epoch: u32) {
        for MonthOrders { forgotten, left } in self.orders.values_mut() {
            let count = left.partition_point(|(order, _)| order.epoch < epoch);
            let gone = left.drain(..count).fold(0_i64, |sum, (_, left)| sum.saturating_add(left));
            *forgotten = forgotten.saturating_add(gone);
        }
    }
}

/// The last month that a partner has an entry of.
fn last(months: &BTreeMap<(PartnerId, SalesMonth), i64>, partner: &PartnerId) -> Option<SalesMonth> {
    let all = (partner.clone(), SalesMonth::FIRST)..=(partner.clone(), SalesMonth::LAST);
    months.range(all).next_back().map(|((_, month), _)| *month)
}
