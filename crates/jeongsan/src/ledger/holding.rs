//! Holds, releases, exclusions, restorations.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::due::{Item, Opening, PartnerSettlement, RowNumber, RowState};
use crate::figures::Figures;
use crate::funding::FunderParts;
use crate::hold::{Hold, HoldError, HoldTarget, Release};
use crate::id::{EventId, PartnerId};
use crate::money::Amount;

use super::recording::Intake;
use super::{Ledger, PositionPlace, Step};

/// What an order's hold takes out of a row: the item's place, the row it is in now, and how much.
#[derive(Clone, Copy, Debug)]
struct Taking {
    item: usize,
    row: RowNumber,
    amount: Amount,
    tax_free: Amount,
    is_whole: bool,
}

impl Ledger {
    /// Takes a hold in. A hold on an order sets the order's settlements apart in rows of their own, those that come later too; what is
    /// already in a payable stays there. A hold on what isn't known yet waits for it, but for a row.
    ///
    /// # Errors
    /// A hold that can't be meant, an unknown row, one that isn't open.
    pub fn hold(&mut self, hold: Hold) -> Result<Step, HoldError> {
        if self.facts.contains(&hold.id) {
            return Err(HoldError::DuplicateFact { id: hold.id });
        }
        hold.check()?;
        let (id, date) = (hold.id.clone(), hold.date);
        let rows = match &hold.on {
            HoldTarget::Row(number) => {
                let row = self.rows.get(*number).ok_or(HoldError::UnknownRow { row: *number })?;
                if row.state != RowState::Open {
                    return Err(conflict(row, "held"));
                }
                self.rows.close(*number);
                if let Some(row) = self.rows.get_mut(*number) {
                    row.holds = row.holds.saturating_add(1);
                }
                alloc::vec![*number]
            }
            HoldTarget::Order(order) => self.set_order_apart(order).ok_or(HoldError::OutOfRange)?,
            HoldTarget::Partner(_) | HoldTarget::Account(_) => Vec::new(),
        };
        let on = hold.on.clone();
        self.facts.insert(id.clone());
        self.holds.put(hold);
        self.see(date);
        Ok(self.reposted(&on, rows, date, id.as_str()))
    }

    /// Releases a hold: it holds to the day before. A row that no hold keeps back any longer merges into the open row of its key when there
    /// is one, once the day is closed.
    ///
    /// # Errors
    /// An unknown hold, one that ended before, somebody who may not release it.
    pub fn release(&mut self, release: &Release) -> Result<Step, HoldError> {
        if self.facts.contains(&release.id) {
            return Err(HoldError::DuplicateFact { id: release.id.clone() });
        }
        let on = self.holds.release(release)?.on.clone();
        self.facts.insert(release.id.clone());
        self.see(release.date);
        let rows = match self.closed_on.filter(|&closed| release.date <= closed) {
            Some(closed) => self.bring_target_back(&on, closed),
            // On the days before it still holds.
            None => {
                self.coming_back.entry(release.date).or_default().push(on.clone());
                self.rows_of(&on)
            }
        };
        Ok(self.reposted(&on, rows, release.date, release.id.as_str()))
    }

    /// Keeps an open row out of every payable until it is restored (지급 제외).
    ///
    /// # Errors
    /// An unknown row, or one that isn't open.
    pub fn exclude(&mut self, id: &EventId, row: RowNumber, date: NaiveDate) -> Result<Step, HoldError> {
        self.move_row(id, row, date, (RowState::Open, "excluded"))?;
        self.rows.close(row);
        if let Some(row) = self.rows.get_mut(row) {
            row.state = RowState::Excluded;
        }
        Ok(self.reposted(&HoldTarget::Row(row), alloc::vec![row], date, id.as_str()))
    }

    /// Restores a row that was excluded: into the open row of its key when there is one, else it opens again.
    ///
    /// # Errors
    /// An unknown row, or one that isn't excluded.
    pub fn restore(&mut self, id: &EventId, row: RowNumber, date: NaiveDate) -> Result<Step, HoldError> {
        self.move_row(id, row, date, (RowState::Excluded, "restored"))?;
        let place = self.places_of_rows(&[row]);
        let open = place.into_iter().filter_map(|place| self.position_at(place)).flat_map(|at| &at.1.open);
        // What was taken out of it for its order's hold was kept out with it.
        let is_part = |number: &RowNumber| {
            self.rows.origins(*number).any(|origin| origin.number == row)
                && self.rows.get(*number).is_some_and(|part| part.state == RowState::Excluded)
        };
        let restored: Vec<_> = open.copied().filter(is_part).collect();
        for number in restored {
            if let Some(row) = self.rows.get_mut(number) {
                row.state = RowState::Open;
            }
        }
        let into = self.rejoin(row);
        Ok(self.reposted(&HoldTarget::Row(row), alloc::vec![into], date, id.as_str()))
    }

    fn move_row(
        &mut self,
        id: &EventId,
        number: RowNumber,
        date: NaiveDate,
        (from, verb): (RowState, &'static str),
    ) -> Result<(), HoldError> {
        if self.facts.contains(id) {
            return Err(HoldError::DuplicateFact { id: id.clone() });
        }
        let row = self.rows.get(number).ok_or(HoldError::UnknownRow { row: number })?;
        if row.state != from {
            return Err(conflict(row, verb));
        }
        self.facts.insert(id.clone());
        self.see(date);
        Ok(())
    }

    /// Lets a row take part again: merges it into the open row of its key when there is one and their sum is an amount, else makes it
    /// that row. Tells where its amounts are.
    pub(super) fn rejoin(&mut self, number: RowNumber) -> RowNumber {
        let Some(row) = self.rows.get(number) else { return number };
        if row.state != RowState::Open || self.rows.origins(number).any(|row| row.holds > 0) {
            return number;
        }
        let key = row.key;
        if let Some(row) = self.rows.get_mut(number) {
            (row.order, row.origin) = (None, None);
        }
        match self.rows.current(key).filter(|&current| current != number) {
            Some(current) if self.merge(number, current).is_some() => current,
            // Two open rows of one key are paid as well as one.
            Some(_) => number,
            // What comes later isn't part of what was cut, so it joins another row.
            None if self.rows.get(number).is_some_and(|row| row.is_cut) => number,
            None => {
                self.rows.make_current(number);
                number
            }
        }
    }

    /// Adds a row to another of its key; `None`, with nothing changed, when their sum leaves its range.
    fn merge(&mut self, from: RowNumber, into: RowNumber) -> Option<()> {
        let (old, new) = (self.rows.get(from)?, self.rows.get(into)?);
        let figures = new.figures.checked_add(&old.figures).ok()?;
        let funders = new.funders.clone().plus(&old.funders)?;
        let amount = new.amount.checked_add(old.amount)?;
        let tax_free = new.tax_free.checked_add(old.tax_free)?;
        // How much of which settlement is in a row that was cut can't be told, nor of what comes into it.
        let (over, over_tax_free) = if new.is_cut { (old.amount, old.tax_free) } else { old.left_over };
        let left_over = (new.left_over.0.checked_add(over)?, new.left_over.1.checked_add(over_tax_free)?);
        let settlements = new.settlements.saturating_add(old.settlements);
        let (is_reserved, partner, currency) = (new.is_reserved, new.key.partner(), new.currency);
        if is_reserved != old.is_reserved {
            return None;
        }
        let new = self.rows.get_mut(into)?;
        (new.figures, new.amount, new.tax_free, new.settlements) = (figures, amount, tax_free, settlements);
        new.funders = funders;
        new.left_over = left_over;
        let old = self.rows.get_mut(from)?;
        (old.figures, old.amount, old.tax_free, old.settlements) =
            (Figures::ZERO, Amount::ZERO, Amount::ZERO, 0);
        old.funders = FunderParts::new();
        old.state = RowState::Merged(into);
        self.partners.position(partner, currency)?.open.retain(|&number| number != from);
        Some(())
    }

    /// Sets what an order has in open rows apart, in rows of its own. Of a row that was cut, what was left over counts as the order's first.
    fn set_order_apart(&mut self, order: &EventId) -> Option<Vec<RowNumber>> {
        let number = self.items.know(order.as_str(), None)?.event;
        if self.apart.contains_key(&number) {
            return Some(Vec::new());
        }
        self.apart.entry(number).or_default();
        let mut places: Vec<_> = self.items.of_order(number).map(|(place, item)| (place, *item)).collect();
        places.reverse();
        let mut made = Vec::new();
        for (place, item) in places {
            let mut left = item;
            for taking in self.takings(place, &item) {
                let row = self.take_apart(order, number, &left, taking)?;
                left.amount = left.amount.checked_sub(taking.amount)?;
                left.tax_free = left.tax_free.checked_sub(taking.tax_free)?;
                if !made.contains(&row) {
                    made.push(row);
                }
            }
        }
        Some(made)
    }

    /// What of an item is in open rows: in the one it was taken into or merged into since, and in what was cut off from those.
    fn takings(&self, place: usize, item: &Item) -> Vec<Taking> {
        let (mut left, mut left_tax_free) = (item.amount, item.tax_free);
        let mut found = Vec::new();
        let mut seen: Vec<RowNumber> = Vec::new();
        let mut ways = alloc::vec![(item.row, false)];
        while let Some((number, came_by_cut)) = ways.pop() {
            let Some(row) = self.rows.get(number).filter(|_| !seen.contains(&number)) else { continue };
            seen.push(number);
            let is_cut = came_by_cut || row.is_cut;
            ways.extend(row.rest.filter(|_| is_cut).map(|rest| (rest, true)));
            match row.state {
                RowState::Merged(into) => ways.push((into, is_cut)),
                RowState::Open | RowState::Excluded if row.order.is_none() => {
                    // Others' money is in the row too: of what was cut, no more is there than was left over.
                    let (amount, tax_free) = if is_cut {
                        (within(left, row.left_over.0), within(left_tax_free, row.left_over.1))
                    } else {
                        (left, left_tax_free)
                    };
                    if !amount.is_zero() {
                        left = left.checked_sub(amount).unwrap_or_default();
                        left_tax_free = left_tax_free.checked_sub(tax_free).unwrap_or_default();
                        found.push(Taking { item: place, row: number, amount, tax_free, is_whole: !is_cut });
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// Moves what was found of an item into the row set apart for its order.
    fn take_apart(&mut self, order: &EventId, number: u32, item: &Item, taking: Taking) -> Option<RowNumber> {
        let row = self.rows.get(taking.row)?;
        let left = (row.amount.checked_sub(taking.amount)?, row.tax_free.checked_sub(taking.tax_free)?);
        let (key, state, is_reserved) = (row.key, row.state, row.is_reserved);
        let (partner, contract) = (row.partner.clone(), row.contract.clone());
        let (kind, date, currency) = (row.kind, row.settlement_date, row.currency);
        let opening = Opening { key, partner: &partner, contract: contract.as_ref(), kind, date, currency };
        let open = self.apart.get(&number)?.iter().filter_map(|&number| self.rows.get(number));
        let is_same = |apart: &&PartnerSettlement| {
            let of = (apart.key, apart.state, apart.is_reserved, apart.origin);
            of == (key, state, is_reserved, Some(taking.row))
        };
        let apart = open.filter(is_same).find(|apart| apart.order.is_some()).map(|apart| apart.number);
        let apart = match apart {
            Some(apart) => apart,
            None => {
                let empty = Intake {
                    figures: &Figures::ZERO,
                    funders: FunderParts::NONE,
                    amount: Amount::ZERO,
                    tax_free: Amount::ZERO,
                };
                let apart = self.open_row(&opening, empty)?;
                self.rows.set_apart(apart, Some(order.clone()));
                self.apart.entry(number).or_default().push(apart);
                let row = self.rows.get_mut(apart)?;
                (row.state, row.is_reserved, row.settlements) = (state, is_reserved, 0);
                row.origin = Some(taking.row);
                apart
            }
        };
        let to = self.rows.get_mut(apart)?;
        to.amount = to.amount.checked_add(taking.amount)?;
        to.tax_free = to.tax_free.checked_add(taking.tax_free)?;
        let from = self.rows.get_mut(taking.row)?;
        (from.amount, from.tax_free) = left;
        if !taking.is_whole {
            let (amount, tax_free) = from.left_over;
            from.left_over = (amount.checked_sub(taking.amount)?, tax_free.checked_sub(taking.tax_free)?);
        }
        if taking.is_whole {
            self.items.put_in(taking.item, apart);
        } else {
            self.items.divide(number, taking.item, item, (apart, taking.amount, taking.tax_free))?;
        }
        Some(apart)
    }

    /// Lets what holds that were released up to a day were on take part again.
    pub(super) fn bring_all_back(&mut self, day: NaiveDate) {
        while let Some(entry) = self.coming_back.first_entry().filter(|entry| *entry.key() <= day) {
            for on in entry.remove() {
                self.bring_target_back(&on, day);
            }
        }
    }

    fn bring_target_back(&mut self, on: &HoldTarget, day: NaiveDate) -> Vec<RowNumber> {
        match on {
            HoldTarget::Row(number) => {
                if let Some(row) = self.rows.get_mut(*number) {
                    row.holds = row.holds.saturating_sub(1);
                }
                alloc::vec![self.rejoin(*number)]
            }
            HoldTarget::Order(order) => self.bring_order_back(order, day),
            HoldTarget::Partner(_) | HoldTarget::Account(_) => Vec::new(),
        }
    }

    /// The rows of a target that are rows of its own.
    fn rows_of(&self, on: &HoldTarget) -> Vec<RowNumber> {
        match on {
            HoldTarget::Row(number) => alloc::vec![*number],
            HoldTarget::Order(order) => {
                let number = self.items.find(order.as_str());
                number.and_then(|number| self.apart.get(&number)).cloned().unwrap_or_default()
            }
            HoldTarget::Partner(_) | HoldTarget::Account(_) => Vec::new(),
        }
    }

    /// Lets the rows that were set apart for an order take part again, unless another hold keeps the order back.
    fn bring_order_back(&mut self, order: &EventId, day: NaiveDate) -> Vec<RowNumber> {
        let Some(number) = self.items.find(order.as_str()) else { return Vec::new() };
        if self.holds.stands(&HoldTarget::Order(order.clone()), day) {
            return Vec::new();
        }
        let apart = self.apart.remove(&number).unwrap_or_default();
        apart.into_iter().map(|row| self.bring_back(row)).collect()
    }

    /// Lets a row that was set apart take part again where it was taken out of; where that is gone, as any row.
    fn bring_back(&mut self, number: RowNumber) -> RowNumber {
        let Some(row) = self.rows.get(number) else { return number };
        let is_there = |origin: &&PartnerSettlement| origin.state == row.state && origin.order.is_none();
        let origin = row.origin.and_then(|origin| self.rows.get(origin)).filter(is_there);
        let is_free = matches!(row.state, RowState::Open | RowState::Excluded);
        if let Some(origin) = origin.map(|origin| origin.number).filter(|_| is_free)
            && self.merge(number, origin).is_some()
        {
            return origin;
        }
        self.rows.set_apart(number, None);
        self.rejoin(number)
    }

    /// The step of a fact on a target: what it did to rows, and what moved between the accounts of the partners it touches.
    pub(super) fn reposted(
        &mut self,
        on: &HoldTarget,
        rows: Vec<RowNumber>,
        date: NaiveDate,
        cause: &str,
    ) -> Step {
        let places: Vec<PositionPlace> = match on {
            HoldTarget::Partner(partner) => self.places_of(partner),
            HoldTarget::Account(account) => {
                let paid_there = self.paid_to.get(account).into_iter().flatten();
                paid_there.flat_map(|partner| self.places_of(partner)).collect()
            }
            HoldTarget::Row(_) | HoldTarget::Order(_) => self.places_of_rows(&rows),
        };
        let day = self.day.unwrap_or(date);
        let entries = places.into_iter().filter_map(|place| self.repost(place, day, cause)).collect();
        Step { rows, entries, ..Step::default() }
    }

    /// The positions of a partner.
    fn places_of(&self, partner: &PartnerId) -> Vec<PositionPlace> {
        let Some(number) = self.partners.numbers.find(partner.as_str()) else { return Vec::new() };
        let count = self.partners.get(number).map_or(0, |entry| entry.1.len());
        (0..count).map(|place| (number, place)).collect()
    }

    /// The positions that rows belong to, each once.
    pub(super) fn places_of_rows(&self, rows: &[RowNumber]) -> Vec<PositionPlace> {
        let mut places = Vec::new();
        for row in rows.iter().filter_map(|&number| self.rows.get(number)) {
            let place = self.position(&row.partner, row.currency).map(|(place, _)| place);
            if let Some(place) = place.filter(|place| !places.contains(place)) {
                places.push(place);
            }
        }
        places
    }
}

/// So much of an amount as lies between zero and another.
fn within(amount: Amount, bound: Amount) -> Amount {
    if amount.is_negative() {
        amount.max(bound.min(Amount::ZERO))
    } else {
        amount.min(bound.max(Amount::ZERO))
    }
}

fn conflict(row: &PartnerSettlement, verb: &'static str) -> HoldError {
    HoldError::RowConflict { row: row.number, verb, place: place_text(row) }
}

/// Where a row is, in words.
pub(super) fn place_text(row: &PartnerSettlement) -> String {
    match row.state {
        RowState::Open => "open".into(),
        RowState::Excluded => "excluded".into(),
        RowState::InPayable(payable) => format!("in payable `{payable}`"),
        RowState::Merged(into) => format!("merged into row `{into}`"),
    }
}
