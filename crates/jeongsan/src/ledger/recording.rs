//! Settlements come in.

use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate};

use crate::due::RowState;
use crate::due::{
    Arrival, DueError, Incoming, Item, Known, NONE, Opening, Recorded, RowKey, RowKind, RowNumber, check,
};
use crate::figures::Figures;
use crate::funding::FunderParts;
use crate::id::{ContractId, EventId, Interned};
use crate::money::{Amount, Currency};
use crate::settle::SettlementPart as Part;

use super::Ledger;

/// What a row takes in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Intake<'a> {
    pub(super) figures: &'a Figures,
    pub(super) funders: &'a FunderParts,
    pub(super) amount: Amount,
    pub(super) tax_free: Amount,
}

impl Ledger {
    /// Takes a settlement in: into the open row of its partner, contract, kind, date and currency, or a new one. One that came before is
    /// told as repeated and changes nothing. What it posts is [`Settlement::journal`](crate::settle::Settlement::journal).
    ///
    /// # Errors
    /// Another settlement under the same identity, parts that don't add up, a row out of range; nothing is changed then.
    pub fn settle<'s>(&mut self, incoming: impl Into<Incoming<'s>>) -> Result<Recorded, DueError> {
        let incoming = incoming.into();
        let out_of_range = || DueError::OutOfRange { id: incoming.id.clone() };
        check_parts(&incoming)?;
        let known = self.items.know(incoming.id.as_str(), incoming.order.map(EventId::as_str));
        let known = known.ok_or_else(out_of_range)?;
        let cause = match incoming.cause {
            Some(cause) => self.items.know(cause.as_str(), None).ok_or_else(out_of_range)?.event,
            None => NONE,
        };
        let partner = self.partners.know(incoming.partner).ok_or_else(out_of_range)?;
        let contract = self.contract(incoming.contract).ok_or_else(out_of_range)?;
        let kind = RowKind::Settled(incoming.kind);
        let key = RowKey::new(partner, contract, kind, incoming.settlement_date, incoming.currency);
        let item = Item::new(known, kind, cause, check(incoming.figures, further(key, &incoming)));
        if !known.is_new
            && let Some(row) = self.repeated(known, &item, partner, incoming)?
        {
            return Ok(Recorded { row, arrival: Arrival::Repeated });
        }
        let opening = Opening {
            key,
            partner: incoming.partner,
            contract: incoming.contract,
            kind,
            date: incoming.settlement_date,
            currency: incoming.currency,
        };
        let recorded = if incoming.parts.is_empty() {
            let (amount, tax_free) = (incoming.figures.settlement, incoming.figures.settlement_tax_free);
            let Incoming { figures, funders, .. } = incoming;
            self.take_in(&opening, known.order, item, Intake { figures, funders, amount, tax_free })
        } else {
            self.take_parts_in(&opening, known.order, item, incoming)
        };
        recorded.ok_or_else(out_of_range)
    }

    /// The row of a settlement that came before under the same identity, if one did.
    fn repeated(
        &self,
        known: Known,
        item: &Item,
        partner: u32,
        incoming: Incoming<'_>,
    ) -> Result<Option<RowNumber>, DueError> {
        // The oldest of an order's items comes last, so that of parts the first is told.
        let mut found = None;
        for (_, other) in self.items.of_order(known.order) {
            let is_same = (other.event, other.kind, other.cause) == (item.event, item.kind, item.cause);
            if is_same && self.rows.get(other.row).is_some_and(|row| row.key.partner() == partner) {
                if other.check != item.check {
                    return Err(DueError::Conflict {
                        id: incoming.id.clone(),
                        partner: incoming.partner.clone(),
                    });
                }
                found = Some(other.row);
            }
        }
        Ok(found)
    }

    /// Takes the parts of a settlement in, each on its day; all of them fit or none is taken.
    fn take_parts_in(
        &mut self,
        opening: &Opening<'_>,
        order: u32,
        item: Item,
        incoming: Incoming<'_>,
    ) -> Option<Recorded> {
        let parts = by_day(incoming.parts)?;
        let openings: Vec<_> = parts.iter().map(|part| part_of(opening, part)).collect();
        let mut whole = (incoming.figures, incoming.funders);
        for (opening, part) in openings.iter().zip(&parts) {
            self.room_for(opening, order, whole, part)?;
            whole = (&Figures::ZERO, FunderParts::NONE);
        }
        let mut first = None;
        whole = (incoming.figures, incoming.funders);
        for (opening, part) in openings.iter().zip(&parts) {
            let (figures, funders) = whole;
            let intake = Intake { figures, funders, amount: part.amount, tax_free: part.tax_free };
            let recorded = self.take_in(opening, order, item, intake)?;
            first = first.or(Some(recorded));
            whole = (&Figures::ZERO, FunderParts::NONE);
        }
        first
    }

    /// Whether a part fits its row.
    fn room_for(
        &self,
        opening: &Opening<'_>,
        order: u32,
        (figures, funders): (&Figures, &FunderParts),
        part: &Part,
    ) -> Option<()> {
        let Some(row) = self.row_for(opening.key, order).and_then(|number| self.rows.get(number)) else {
            return self.rows.next().map(|_| ());
        };
        row.figures.checked_add(figures).ok()?;
        row.funders.clone().plus(funders)?;
        row.amount.checked_add(part.amount)?;
        row.tax_free.checked_add(part.tax_free).map(|_| ())
    }

    /// The number of a contract, from 1; 0 where there is none.
    fn contract(&mut self, contract: Option<&ContractId>) -> Option<u32> {
        let Some(contract) = contract else { return Some(0) };
        let (Interned::New(number) | Interned::Known(number)) = self.contracts.intern(contract.as_str())?;
        number.checked_add(1)
    }

    /// The open row that a settlement joins: of its key, or of its key and order while that is held by itself.
    fn row_for(&self, key: RowKey, order: u32) -> Option<RowNumber> {
        if self.is_apart(order) {
            let apart = self.apart.get(&order)?.iter().copied();
            return apart
                .filter_map(|number| self.rows.get(number))
                .filter(|row| row.order.is_some() && row.can_be_joined())
                .find(|row| row.key == key && row.state == RowState::Open)
                .map(|row| row.number);
        }
        self.rows.current(key)
    }

    /// Whether what comes for an order is set apart.
    fn is_apart(&self, order: u32) -> bool {
        // Whether it is held is a question of a day, which the order of coming must not answer.
        self.apart.contains_key(&order)
    }

    /// Adds to the open row of a key, or opens one, and keeps the item. `None` when a sum leaves its range; nothing is changed then.
    pub(super) fn take_in(
        &mut self,
        opening: &Opening<'_>,
        order: u32,
        mut item: Item,
        intake: Intake<'_>,
    ) -> Option<Recorded> {
        let recorded = self.add(opening, order, intake)?;
        item.row = recorded.row;
        item.amount = intake.amount;
        item.tax_free = intake.tax_free;
        self.items.keep(order, item)?;
        Some(recorded)
    }

    /// Adds to the open row of a key, or opens one.
    pub(super) fn add(&mut self, opening: &Opening<'_>, order: u32, intake: Intake<'_>) -> Option<Recorded> {
        if let Some(number) = self.row_for(opening.key, order) {
            let row = self.rows.get_mut(number)?;
            let amount = row.amount.checked_add(intake.amount)?;
            let tax_free = row.tax_free.checked_add(intake.tax_free)?;
            let funders = row.funders.clone().plus(intake.funders)?;
            if !row.figures.add_in_place(intake.figures) {
                return None;
            }
            (row.funders, row.amount, row.tax_free) = (funders, amount, tax_free);
            row.settlements = row.settlements.saturating_add(1);
            return Some(Recorded { row: number, arrival: Arrival::Joined });
        }
        let number = self.open_row(opening, intake)?;
        if self.is_apart(order) {
            let id = EventId::new(self.items.text(order)).ok();
            self.rows.set_apart(number, id);
            self.apart.entry(order).or_default().push(number);
        } else {
            self.rows.make_current(number);
        }
        Some(Recorded { row: number, arrival: Arrival::Opened })
    }

    /// Opens a row of a position with what it takes in; it isn't current yet.
    pub(super) fn open_row(&mut self, opening: &Opening<'_>, intake: Intake<'_>) -> Option<RowNumber> {
        let number = self.rows.next()?;
        self.partners.position(opening.key.partner(), opening.currency)?.open.push(number);
        let row = self.rows.open(number, opening);
        row.figures = *intake.figures;
        row.funders.clone_from(intake.funders);
        row.settlements = 1;
        (row.amount, row.tax_free) = (intake.amount, intake.tax_free);
        Some(number)
    }
}

/// Parts with those of one day added up, in the order of their first.
fn by_day(parts: &[Part]) -> Option<Vec<Part>> {
    let mut days: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match days.iter_mut().find(|day| day.date == part.date) {
            Some(day) => {
                day.amount = day.amount.checked_add(part.amount)?;
                day.tax_free = day.tax_free.checked_add(part.tax_free)?;
            }
            None => days.push(*part),
        }
    }
    Some(days)
}

/// The opening of the row of a part.
fn part_of<'l>(opening: &Opening<'l>, part: &Part) -> Opening<'l> {
    Opening { key: opening.key.on(part.date), date: part.date, ..opening.clone() }
}

/// What a repetition must have the same beside its figures: contract, date, currency, the parts of funders and those by days.
fn further(key: RowKey, incoming: &Incoming<'_>) -> [u64; 3] {
    let funders = incoming.funders.iter().fold(0_u64, |state, (funder, part)| {
        let state = funder
            .as_str()
            .bytes()
            .fold(state, |state, byte| state.wrapping_mul(31).wrapping_add(byte.into()));
        state.wrapping_mul(31).wrapping_add(part.minor().unsigned_abs())
    });
    let days = incoming.parts.iter().fold(funders, |state, part| {
        let day = u64::from(part.date.num_days_from_ce().unsigned_abs());
        state
            .wrapping_mul(31)
            .wrapping_add(day)
            .wrapping_mul(31)
            .wrapping_add(part.amount.minor().unsigned_abs())
    });
    let [high, low] = key.halves();
    [high, low, days]
}

fn check_parts(incoming: &Incoming<'_>) -> Result<(), DueError> {
    if incoming.parts.is_empty() {
        return Ok(());
    }
    let whole = |pick: fn(&Part) -> Amount| super::sum(incoming.parts.iter().map(pick));
    let figures = incoming.figures;
    for (parts, settlement) in [
        (whole(|part| part.amount), figures.settlement),
        (whole(|part| part.tax_free), figures.settlement_tax_free),
    ] {
        if parts != i128::from(settlement.minor()) {
            return Err(DueError::PartsDontAddUp { id: incoming.id.clone(), parts, settlement });
        }
    }
    Ok(())
}

impl<'l> Opening<'l> {
    /// The opening of a row of the ledger's own, under no contract.
    pub(super) fn own(
        partner: (u32, &'l crate::id::PartnerId),
        kind: RowKind,
        date: NaiveDate,
        currency: Currency,
    ) -> Self {
        let key = RowKey::new(partner.0, 0, kind, date, currency);
        Self { key, partner: partner.1, contract: None, kind, date, currency }
    }
}
