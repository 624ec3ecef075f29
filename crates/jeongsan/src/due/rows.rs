//! The rows, and the open row of each key.

use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::figures::Figures;
use crate::funding::FunderParts;
use crate::id::{ContractId, EventId, PartnerId};
use crate::money::{Amount, Currency};

use super::index::KeyIndex;
use super::row::RowKey;
use super::{PartnerSettlement, RowKind, RowNumber, RowState};

/// What a new row begins with.
#[derive(Clone, Debug)]
pub(crate) struct Opening<'l> {
    pub(crate) key: RowKey,
    pub(crate) partner: &'l PartnerId,
    pub(crate) contract: Option<&'l ContractId>,
    pub(crate) kind: RowKind,
    pub(crate) date: NaiveDate,
    pub(crate) currency: Currency,
}

/// Every row ever opened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    rows: Vec<PartnerSettlement>,
    open: KeyIndex,
}

impl Rows {
    pub(crate) fn get(&self, number: RowNumber) -> Option<&PartnerSettlement> {
        self.rows.get(number.place())
    }

    pub(crate) fn get_mut(&mut self, number: RowNumber) -> Option<&mut PartnerSettlement> {
        self.rows.get_mut(number.place())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &PartnerSettlement> {
        self.rows.iter()
    }

    /// The number that the next row gets; `None` when there are four billion.
    pub(crate) fn next(&self) -> Option<RowNumber> {
        RowNumber::of_place(self.rows.len())
    }

    /// The row that is open for a key.
    pub(crate) fn current(&self, key: RowKey) -> Option<RowNumber> {
        RowNumber::of_place(usize::try_from(self.open.get(key)?).ok()?)
    }

    /// Makes a row the one that is open for its key, unless a reserve was kept of it: what joined it would have none kept.
    pub(crate) fn make_current(&mut self, number: RowNumber) {
        if let Some(row) = self.rows.get(number.place()).filter(|row| row.can_be_joined()) {
            self.open.set(row.key, u32::try_from(number.place()).ok());
        }
    }

    /// Lets later settlements no longer join a row.
    pub(crate) fn close(&mut self, number: RowNumber) {
        if let Some(row) = self.rows.get(number.place())
            && self.current(row.key) == Some(number)
        {
            self.open.set(row.key, None);
        }
    }

    /// Opens an empty row under a number from [`Rows::next`]; it isn't current yet.
    pub(crate) fn open(&mut self, number: RowNumber, opening: &Opening<'_>) -> &mut PartnerSettlement {
        self.rows.push(PartnerSettlement {
            number,
            partner: opening.partner.clone(),
            contract: opening.contract.cloned(),
            kind: opening.kind,
            settlement_date: opening.date,
            currency: opening.currency,
            figures: Figures::ZERO,
            funders: FunderParts::new(),
            settlements: 0,
            amount: Amount::ZERO,
            tax_free: Amount::ZERO,
            state: RowState::Open,
            rest_of: None,
            order: None,
            is_reserved: opening.kind.is_of_payables(),
            holds: 0,
            rest: None,
            origin: None,
            is_cut: false,
            left_over: (Amount::ZERO, Amount::ZERO),
            key: opening.key,
        });
        let last = self.rows.len().saturating_sub(1);
        #[expect(clippy::indexing_slicing, reason = "the row was pushed a moment ago")]
        &mut self.rows[last]
    }

    /// A row and those it was taken out of, which are older each.
    pub(crate) fn origins(&self, number: RowNumber) -> impl Iterator<Item = &PartnerSettlement> {
        core::iter::successors(self.get(number), |row| self.get(row.origin?))
    }

    /// Marks a row with the order it is set apart for.
    pub(crate) fn set_apart(&mut self, number: RowNumber, order: Option<EventId>) {
        if let Some(row) = self.get_mut(number) {
            row.order = order;
        }
    }
}
