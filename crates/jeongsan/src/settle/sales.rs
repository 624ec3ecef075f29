//! Each partner's sales by month, as a run knows them.

use alloc::collections::BTreeMap;

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
    pub(super) fn around(&self, partner: &PartnerId, date: NaiveDate, known: SalesKnown) -> Option<Sales> {
        if !self.is_kept {
            return None;
        }
        let month = SalesMonth::of(date);
        let of = |month| self.of(partner, month, known);
        Some(Sales { previous_month: of(month.previous()), month_to_date: of(month) })
    }

    fn of(&self, partner: &PartnerId, month: SalesMonth, known: SalesKnown) -> Option<Amount> {
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

/// The last month that a partner has an entry of.
fn last(months: &BTreeMap<(PartnerId, SalesMonth), i64>, partner: &PartnerId) -> Option<SalesMonth> {
    let all = (partner.clone(), SalesMonth::FIRST)..=(partner.clone(), SalesMonth::LAST);
    months.range(all).next_back().map(|((_, month), _)| *month)
}
