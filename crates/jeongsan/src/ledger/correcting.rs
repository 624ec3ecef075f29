//! Adjustments and their approval, write-offs, disputes: corrections, each a further row.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use crate::due::{Item, Known, NONE, Opening, RowKind, RowNumber};
use crate::figures::Figures;
use crate::funding::FunderParts;
use crate::id::{EventId, PartnerId};
use crate::journal::Account;
use crate::money::{Amount, Currency, Rounding};
use crate::partner::Bearer;

use super::recording::Intake;
use super::{CorrectionError, Ledger, Step};

/// An amount put to or taken off a partner by hand, once somebody else approves it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Adjustment {
    /// The fact's id.
    pub id: EventId,
    /// Whose it is.
    pub partner: PartnerId,
    /// The currency of both amounts.
    pub currency: Currency,
    /// How much: above zero for the partner, below against it.
    pub amount: Amount,
    /// The tax-free part of it.
    pub tax_free: Amount,
    /// The day it falls due.
    pub settlement_date: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who asks for it.
    pub requested_by: String,
    /// The day it is asked for.
    pub date: NaiveDate,
    /// What became of it.
    pub state: AdjustmentState,
}

/// What became of an adjustment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AdjustmentState {
    /// Nobody decided yet; no row has it.
    Requested,
    /// It is in a row.
    Approved(Decision),
    /// It never comes into a row.
    Rejected(Decision),
}

/// The approval or rejection of an adjustment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Decision {
    /// The fact's id.
    pub id: EventId,
    /// The adjustment.
    pub adjustment: EventId,
    /// Who decides.
    pub by: String,
    /// The day.
    pub date: NaiveDate,
}

impl fmt::Display for AdjustmentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requested => f.write_str("requested"),
            Self::Approved(decision) => write!(f, "approved by `{}`", decision.by),
            Self::Rejected(decision) => write!(f, "rejected by `{}`", decision.by),
        }
    }
}

/// A partner's debt, given up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WriteOff {
    /// The fact's id.
    pub id: EventId,
    /// Whose debt.
    pub partner: PartnerId,
    /// The currency.
    pub currency: Currency,
    /// How much of it, above zero.
    pub amount: Amount,
    /// Why.
    pub reason: String,
    /// The day.
    pub date: NaiveDate,
}

/// A customer's dispute that was lost (이의 제기, chargeback): the sale is taken back, up to what it settled at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Dispute {
    /// The fact's id.
    pub id: EventId,
    /// The order.
    pub order: EventId,
    /// Whose sale it was.
    pub partner: PartnerId,
    /// The currency.
    pub currency: Currency,
    /// What the customer gets, above zero.
    pub amount: Amount,
    /// Who bears what exceeds what is left of the sale.
    pub excess_borne_by: Bearer,
    /// Why.
    pub reason: String,
    /// The day; what is taken off the partner falls due on it.
    pub date: NaiveDate,
}

/// A row of the ledger's own to be added to.
struct Correction<'f> {
    kind: RowKind,
    partner: &'f PartnerId,
    currency: Currency,
    date: NaiveDate,
    amount: Amount,
    tax_free: Amount,
}

impl Ledger {
    /// Takes a request for an adjustment in. Nothing moves until it is approved.
    ///
    /// # Errors
    /// An adjustment of nothing, a tax-free part that isn't within it, a fact that came before.
    pub fn adjust(&mut self, adjustment: Adjustment) -> Result<Step, CorrectionError> {
        self.refuse_known(&adjustment.id)?;
        let (amount, tax_free) = (adjustment.amount, adjustment.tax_free);
        if amount.is_zero() {
            return Err(CorrectionError::NoAmount { amount, what: "an adjustment" });
        }
        let (low, high) = (amount.min(Amount::ZERO), amount.max(Amount::ZERO));
        if tax_free < low || tax_free > high {
            return Err(CorrectionError::TaxFreeExceedsAmount { tax_free, amount });
        }
        let id = adjustment.id.clone();
        self.facts.insert(id.clone());
        self.see(adjustment.date);
        self.adjustments.insert(id, Adjustment { state: AdjustmentState::Requested, ..adjustment });
        Ok(Step::default())
    }

    /// Approves an adjustment: it comes into the row of its day, which falls due then.
    ///
    /// # Errors
    /// An unknown or decided adjustment, the approval of one's own, a row out of range.
    pub fn approve(&mut self, decision: &Decision) -> Result<Step, CorrectionError> {
        let adjustment = self.undecided(decision)?;
        if adjustment.requested_by == decision.by {
            let (adjustment, by) = (decision.adjustment.clone(), decision.by.clone());
            return Err(CorrectionError::OwnApproval { adjustment, by });
        }
        let adjustment = adjustment.clone();
        let correction = Correction {
            kind: RowKind::Adjustment,
            partner: &adjustment.partner,
            currency: adjustment.currency,
            date: adjustment.settlement_date,
            amount: adjustment.amount,
            tax_free: adjustment.tax_free,
        };
        let amount = i128::from(adjustment.amount.minor());
        let postings =
            [(Account::ApprovedAdjustment, amount), (Account::PartnerPayable, amount.saturating_neg())];
        let step = self.correct(&correction, None, (&decision.id, decision.date), &postings)?;
        self.decide(decision, AdjustmentState::Approved(decision.clone()));
        Ok(step)
    }

    /// Rejects an adjustment, which never comes into a row then. One's own may be taken back so.
    ///
    /// # Errors
    /// An unknown or decided adjustment.
    pub fn reject(&mut self, decision: &Decision) -> Result<Step, CorrectionError> {
        self.undecided(decision)?;
        self.facts.insert(decision.id.clone());
        self.see(decision.date);
        self.decide(decision, AdjustmentState::Rejected(decision.clone()));
        Ok(Step::default())
    }

    /// Gives up a debt, or a part of it: what is due to the partner comes to less than zero, by at least so much, on
    /// the day or, where the ledger is further, on the newest day it was told.
    ///
    /// # Errors
    /// More than the partner owes, nothing or less.
    pub fn write_off(&mut self, write_off: &WriteOff) -> Result<Step, CorrectionError> {
        self.refuse_known(&write_off.id)?;
        let WriteOff { partner, currency, amount, date, .. } = write_off;
        if *amount <= Amount::ZERO {
            return Err(CorrectionError::NoAmount { amount: *amount, what: "a write-off" });
        }
        // A debt of an earlier day may have been met since.
        let day = self.day.map_or(*date, |day| day.max(*date));
        let due = super::sum(self.due_rows(partner, *currency, day).iter().map(|row| row.amount));
        let debt = due.saturating_neg().max(0);
        if i128::from(amount.minor()) > debt {
            return Err(CorrectionError::WriteOffExceedsDebt {
                partner: partner.clone(),
                debt,
                amount: *amount,
            });
        }
        let correction = Correction {
            kind: RowKind::WriteOff,
            partner,
            currency: *currency,
            date: *date,
            amount: *amount,
            tax_free: Amount::ZERO,
        };
        let minor = i128::from(amount.minor());
        let postings = [(Account::WriteOff, minor), (Account::PartnerPayable, minor.saturating_neg())];
        self.correct(&correction, None, (&write_off.id, *date), &postings)
    }

    /// Takes a lost dispute in. The partner gives back what its sale still comes to, after cancellations and earlier disputes, at most what
    /// is disputed; what exceeds it is the partner's or the merchant's, as the dispute says. A hold of the order keeps it back too.
    ///
    /// # Errors
    /// The id of another fact or event, an order that never settled for the partner, nothing or less, a row out of range.
    pub fn dispute(&mut self, dispute: &Dispute) -> Result<Step, CorrectionError> {
        self.refuse_known(&dispute.id)?;
        // It would be booked on that event's order.
        if self.items.find(dispute.id.as_str()).is_some() {
            return Err(CorrectionError::DuplicateFact { id: dispute.id.clone() });
        }
        let Dispute { order, partner, currency, amount, date, .. } = dispute;
        if *amount <= Amount::ZERO {
            return Err(CorrectionError::NoAmount { amount: *amount, what: "a dispute" });
        }
        let unknown = || CorrectionError::UnknownOrder { order: order.clone(), partner: partner.clone() };
        let number = self.items.find(order.as_str()).ok_or_else(unknown)?;
        let items = self.items_of(number, partner, *currency);
        if items.is_empty() {
            return Err(unknown());
        }
        let disputed = i128::from(amount.minor());
        let sale = super::sum(items.iter().map(|item| item.amount)).max(0);
        let of_sale = disputed.min(sale);
        let excess = disputed.saturating_sub(of_sale);
        let (by_partner, by_merchant) = match dispute.excess_borne_by {
            Bearer::Partner => (disputed, 0),
            Bearer::Merchant => (of_sale, excess),
        };
        let tax_free = super::sum(items.iter().map(|item| item.tax_free));
        let part = tax_free.checked_mul(of_sale).and_then(|product| Rounding::Down.divide(product, sale));
        let narrow = |minor: i128| {
            i64::try_from(minor.saturating_neg()).map(Amount::new).map_err(|_| CorrectionError::OutOfRange)
        };
        let correction = Correction {
            kind: RowKind::Dispute,
            partner,
            currency: *currency,
            date: *date,
            amount: narrow(by_partner)?,
            tax_free: narrow(part.unwrap_or(0))?,
        };
        let postings = [
            (Account::PartnerPayable, by_partner),
            (Account::DisputeLoss, by_merchant),
            (Account::Dispute, disputed.saturating_neg()),
        ];
        let known =
            self.items.know(dispute.id.as_str(), Some(order.as_str())).ok_or(CorrectionError::OutOfRange)?;
        self.correct(&correction, Some(known), (&dispute.id, *date), &postings)
    }

    /// What an order settled at for a partner.
    fn items_of(&self, order: u32, partner: &PartnerId, currency: Currency) -> Vec<Item> {
        let items = self.items.of_order(order).map(|(_, item)| *item);
        let is_theirs = |item: &Item| {
            self.rows.get(item.row).is_some_and(|row| row.partner == *partner && row.currency == currency)
        };
        items.filter(is_theirs).collect()
    }

    /// Puts a correction into its row and posts it.
    fn correct(
        &mut self,
        correction: &Correction<'_>,
        order: Option<Known>,
        (id, date): (&EventId, NaiveDate),
        postings: &[(Account, i128)],
    ) -> Result<Step, CorrectionError> {
        let partner = self.partners.know(correction.partner).ok_or(CorrectionError::OutOfRange)?;
        let opening = Opening::own(
            (partner, correction.partner),
            correction.kind,
            correction.date,
            correction.currency,
        );
        let (amount, tax_free) = (correction.amount, correction.tax_free);
        let figures = Figures { settlement: amount, settlement_tax_free: tax_free, ..Figures::ZERO };
        let intake = Intake { figures: &figures, funders: FunderParts::NONE, amount, tax_free };
        let recorded = match order {
            Some(known) => {
                let item = Item::new(known, correction.kind, NONE, 0);
                self.take_in(&opening, known.order, item, intake)
            }
            None => self.add(&opening, NONE, intake),
        };
        let row: RowNumber = recorded.ok_or(CorrectionError::OutOfRange)?.row;
        self.facts.insert(id.clone());
        self.see(date);
        let mut entries =
            alloc::vec![self.post(correction.partner, id.as_str(), correction.currency, postings)];
        let day = self.day.unwrap_or(date);
        for place in self.places_of_rows(&[row]) {
            entries.extend(self.repost(place, day, id.as_str()));
        }
        Ok(Step { rows: alloc::vec![row], entries, ..Step::default() })
    }

    fn refuse_known(&self, id: &EventId) -> Result<(), CorrectionError> {
        if self.facts.contains(id) { Err(CorrectionError::DuplicateFact { id: id.clone() }) } else { Ok(()) }
    }

    fn undecided(&self, decision: &Decision) -> Result<&Adjustment, CorrectionError> {
        self.refuse_known(&decision.id)?;
        let id = &decision.adjustment;
        let adjustment = self.adjustments.get(id);
        let adjustment =
            adjustment.ok_or_else(|| CorrectionError::UnknownAdjustment { adjustment: id.clone() })?;
        match &adjustment.state {
            AdjustmentState::Requested => Ok(adjustment),
            state => Err(CorrectionError::AlreadyDecided { adjustment: id.clone(), state: state.clone() }),
        }
    }

    fn decide(&mut self, decision: &Decision, state: AdjustmentState) {
        if let Some(adjustment) = self.adjustments.get_mut(&decision.adjustment) {
            adjustment.state = state;
        }
    }
}
