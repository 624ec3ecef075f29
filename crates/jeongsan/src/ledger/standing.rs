//! Where a partner's money is on a day.

use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::due::{PartnerSettlement, RowKind, RowNumber, RowState};
use crate::hold::{Hold, HoldTarget};
use crate::id::{EventId, PartnerId};
use crate::journal::{Account, Entry};
use crate::money::{Currency, text_enum};
use crate::partner::{OffsetOrder, PayableTerms};
use crate::payable::{AgeBucket, Offset, PayableState, ageing, offset};

use super::{Ledger, Position, PositionPlace};

text_enum! {
    /// A place where a unit of a settlement can be; it is in exactly one.
    pub enum Place ("place") or UnknownPlace {
        /// In a row whose day hasn't come.
        NotDue = "not-due",
        /// In a row that fell due since the last closing.
        Due = "due",
        /// In a row that was due at the last closing and wasn't paid, debts among them.
        Carried = "carried",
        /// Kept back by a hold, or excluded.
        Held = "held",
        /// In a reserve that isn't released.
        Reserve = "reserve",
        /// In a payable that isn't sent.
        Payable = "payable",
        /// In a payable on its way.
        InTransit = "in-transit",
        /// Paid.
        Paid = "paid",
    }
}

impl PayableState {
    /// Where the money of a payable is; `None` for one that was given back, whose rows are open.
    #[must_use]
    pub const fn place(self) -> Option<Place> {
        match self {
            Self::Confirmed => Some(Place::Payable),
            Self::InTransit => Some(Place::InTransit),
            Self::Paid => Some(Place::Paid),
            Self::GivenBack => None,
        }
    }
}

/// What a partner has in each place that isn't a payable, in minor units of one currency.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Standing {
    /// In rows whose day hasn't come.
    pub not_due: i128,
    /// In rows that fell due since the last closing.
    pub due: i128,
    /// In rows that were due at the last closing and weren't paid; below zero the partner owes it.
    pub carried: i128,
    /// Kept back by holds, or excluded.
    pub held: i128,
    /// In reserves that aren't released.
    pub reserve: i128,
}

impl Ledger {
    /// What a partner has in each place on a day.
    #[must_use]
    pub fn standing(&self, partner: &PartnerId, currency: Currency, day: NaiveDate) -> Standing {
        let position = self.position(partner, currency);
        position.map_or_else(Standing::default, |(place, _)| self.standing_of(place, day))
    }

    /// Every partner with its currencies, by id.
    pub fn positions(&self) -> impl Iterator<Item = (&PartnerId, Currency)> {
        let entries = self.partners.by_id().into_iter().filter_map(|number| self.partners.get(number));
        entries.flat_map(|(partner, positions)| {
            positions.iter().map(move |position| (partner, position.currency))
        })
    }

    /// The place of a row on a day; `None` for a merged one, whose amounts are in another.
    #[must_use]
    pub fn place_of(&self, row: RowNumber, day: NaiveDate) -> Option<Place> {
        let row = self.rows.get(row)?;
        Some(match row.state {
            RowState::Merged(_) => return None,
            RowState::InPayable(payable) => return self.payable(payable)?.state.place(),
            RowState::Excluded => Place::Held,
            RowState::Open if self.hold_on(row, day).is_some() => Place::Held,
            RowState::Open => self.unheld_place(row, day),
        })
    }

    fn unheld_place(&self, row: &PartnerSettlement, day: NaiveDate) -> Place {
        if row.settlement_date > day {
            return if row.kind == RowKind::Reserve { Place::Reserve } else { Place::NotDue };
        }
        if self.closed_on.is_some_and(|closed| row.settlement_date <= closed) {
            Place::Carried
        } else {
            Place::Due
        }
    }

    /// The hold that keeps a row back whole on a day, if one does: on its partner or account, the row itself, or its order.
    #[must_use]
    pub fn hold_on(&self, row: &PartnerSettlement, day: NaiveDate) -> Option<&Hold> {
        if self.holds.is_empty() {
            return None;
        }
        let of_row = || {
            let mut held = self.rows.origins(row.number).filter(|row| row.holds > 0);
            held.find_map(|row| self.holds.whole(&HoldTarget::Row(row.number), day))
        };
        let of_order = |order: &EventId| self.holds.whole(&HoldTarget::Order(order.clone()), day);
        self.hold_on_partner(&row.partner, day)
            .or_else(of_row)
            .or_else(|| row.order.as_ref().and_then(of_order))
    }

    fn hold_on_partner(&self, partner: &PartnerId, day: NaiveDate) -> Option<&Hold> {
        let whole = |target: HoldTarget| self.holds.whole(&target, day);
        let account =
            || self.accounts.get(partner).and_then(|account| whole(HoldTarget::Account(account.key())));
        whole(HoldTarget::Partner(partner.clone())).or_else(account)
    }

    /// How much of what is due to a partner is kept back at most, by holds with a limit.
    pub(super) fn limit_on(&self, partner: &PartnerId, day: NaiveDate) -> i128 {
        if self.holds.is_empty() {
            return 0;
        }
        let of_account = self
            .accounts
            .get(partner)
            .map_or(0, |account| self.holds.limits(&HoldTarget::Account(account.key()), day));
        self.holds.limits(&HoldTarget::Partner(partner.clone()), day).saturating_add(of_account)
    }

    pub(super) fn position(
        &self,
        partner: &PartnerId,
        currency: Currency,
    ) -> Option<(PositionPlace, &Position)> {
        let number = self.partners.numbers.find(partner.as_str())?;
        let positions = &self.partners.get(number)?.1;
        let place = positions.iter().position(|position| position.currency == currency)?;
        Some(((number, place), positions.get(place)?))
    }

    pub(super) fn position_at(&self, (number, place): PositionPlace) -> Option<(&PartnerId, &Position)> {
        let (partner, positions) = self.partners.get(number)?;
        Some((partner, positions.get(place)?))
    }

    pub(super) fn standing_of(&self, place: PositionPlace, day: NaiveDate) -> Standing {
        let mut standing = Standing::default();
        let Some((partner, position)) = self.position_at(place) else { return standing };
        for row in position.open.iter().filter_map(|&number| self.rows.get(number)) {
            let to = match self.place_of(row.number, day) {
                Some(Place::NotDue) => &mut standing.not_due,
                Some(Place::Due) => &mut standing.due,
                Some(Place::Carried) => &mut standing.carried,
                Some(Place::Held) => &mut standing.held,
                Some(Place::Reserve) => &mut standing.reserve,
                Some(Place::Payable | Place::InTransit | Place::Paid) | None => continue,
            };
            *to = to.saturating_add(i128::from(row.amount.minor()));
        }
        // A limit keeps back of what is due as a whole, and never makes a debt of it.
        let kept = self.limit_on(partner, day).min(standing.carried.saturating_add(standing.due)).max(0);
        let of_carried = kept.min(standing.carried.max(0));
        standing.carried = standing.carried.saturating_sub(of_carried);
        standing.due = standing.due.saturating_sub(kept.saturating_sub(of_carried));
        standing.held = standing.held.saturating_add(kept);
        standing
    }

    /// Posts what moved between the accounts of what a partner is owed: held, carried, in reserve, and the rest.
    pub(super) fn repost(&mut self, place: PositionPlace, day: NaiveDate, cause: &str) -> Option<Entry> {
        let standing = self.standing_of(place, day);
        let (partner, position) = self.position_at(place)?;
        let (partner, currency, before) = (partner.clone(), position.currency, position.posted);
        // Both differences are of sums of 64-bit amounts.
        let moved = |to: i128, from: i128| to.saturating_sub(from);
        let (held, carried) = (moved(standing.held, before.held), moved(standing.carried, before.carried));
        let reserve = moved(standing.reserve, before.reserve);
        if (held, carried, reserve) == (0, 0, 0) {
            return None;
        }
        let (number, place) = place;
        let entry = self.partners.entries.get_mut(usize::try_from(number).ok()?)?;
        entry.1.get_mut(place)?.posted = standing;
        let postings = [
            (Account::PartnerPayable, held.saturating_add(carried).saturating_add(reserve)),
            (Account::Held, held.saturating_neg()),
            (Account::Carried, carried.saturating_neg()),
            (Account::Reserve, reserve.saturating_neg()),
        ];
        Some(self.post(&partner, cause, currency, &postings))
    }

    /// The terms that hold for a partner in a currency.
    #[must_use]
    pub fn terms(&self, partner: &PartnerId, currency: Currency) -> Option<&PayableTerms> {
        if self.terms.is_empty() {
            return None;
        }
        let own = self.terms.get(&(Some(partner.clone()), currency));
        own.or_else(|| self.terms.get(&(None, currency)))
    }

    /// The open rows of a partner that are due on a day and not held, the oldest first.
    #[must_use]
    pub fn due_rows(
        &self,
        partner: &PartnerId,
        currency: Currency,
        day: NaiveDate,
    ) -> Vec<&PartnerSettlement> {
        self.position(partner, currency).map_or_else(Vec::new, |(place, _)| self.due_rows_of(place, day))
    }

    pub(super) fn due_rows_of(&self, place: PositionPlace, day: NaiveDate) -> Vec<&PartnerSettlement> {
        let Some((partner, position)) = self.position_at(place) else { return Vec::new() };
        if self.hold_on_partner(partner, day).is_some() {
            return Vec::new();
        }
        let rows = position.open.iter().filter_map(|&number| self.rows.get(number));
        let is_due = |row: &&PartnerSettlement| {
            row.state == RowState::Open && row.settlement_date <= day && self.hold_on(row, day).is_none()
        };
        let mut due: Vec<_> = rows.filter(is_due).collect();
        // Numbers, which follow the order of coming, decide only between rows of one key.
        due.sort_unstable_by(|a, b| {
            let key = |row: &PartnerSettlement| (row.settlement_date, row.kind, row.number);
            (a.settlement_date, &a.contract)
                .cmp(&(b.settlement_date, &b.contract))
                .then_with(|| key(a).cmp(&key(b)))
        });
        due
    }

    /// Which of a partner's debts are met by which credits among what is due on a day, in the order of its terms.
    #[must_use]
    pub fn offsets(&self, partner: &PartnerId, currency: Currency, day: NaiveDate) -> Vec<Offset<RowNumber>> {
        let rows = self.due_rows(partner, currency, day);
        self.offsets_among(&rows)
    }

    /// Which debts in a payable are met by which credits, in the order of the partner's terms.
    #[must_use]
    pub fn offsets_among(&self, rows: &[&PartnerSettlement]) -> Vec<Offset<RowNumber>> {
        let Some(first) = rows.first() else { return Vec::new() };
        let order = self
            .terms(&first.partner, first.currency)
            .map_or(OffsetOrder::OldestFirst, |terms| terms.offset_order);
        let amounts: Vec<_> = rows.iter().map(|row| (row.number, row.amount)).collect();
        let contract = |number: RowNumber| self.rows.get(number).map(|row| &row.contract);
        offset(&amounts, |debt, credit| match order {
            OffsetOrder::OldestFirst => true,
            OffsetOrder::SameContractFirst => contract(debt) == contract(credit),
        })
    }

    /// What a partner owes, or waits for, by its age on a day; see [`ageing`].
    #[must_use]
    pub fn ageing(
        &self,
        partner: &PartnerId,
        currency: Currency,
        day: NaiveDate,
        bounds_days: &[u32],
    ) -> Vec<AgeBucket> {
        let rows = self.due_rows(partner, currency, day);
        let dated: Vec<_> = rows.iter().map(|row| (row.settlement_date, row.amount)).collect();
        ageing(&dated, day, bounds_days)
    }
}
