//! Payables are sent, arrive, are given back.
//!
//! These steps have no ids and stand in no fact file: a ledger that is to be rebuilt from its facts pays by [`Fact::Payout`](super::Fact::Payout) alone, and they
//! are for tests and for programs that keep such steps themselves.

use alloc::format;

use chrono::NaiveDate;

use crate::due::{PayableNumber, RowState};
use crate::journal::{Account, Entry};
use crate::money::Amount;
use crate::payable::{PayableError, PayableState};
use crate::tax::PayoutTax;

use super::{Ledger, Step};

impl Ledger {
    /// Notes that a payable is on its way to the bank.
    ///
    /// # Errors
    /// An unknown payable, or one that was sent before.
    pub fn send(&mut self, payable: PayableNumber, date: NaiveDate) -> Result<Step, PayableError> {
        self.advance(payable, date, "sent", (&[PayableState::Confirmed], PayableState::InTransit))
    }

    /// Notes that a payable arrived.
    ///
    /// # Errors
    /// An unknown payable, or one that isn't on its way.
    pub fn arrive(&mut self, payable: PayableNumber, date: NaiveDate) -> Result<Step, PayableError> {
        self.advance(payable, date, "paid", (&[PayableState::InTransit], PayableState::Paid))
    }

    /// Gives a payable back: it was cancelled, it failed, or the bank returned it. Its rows are open again and due at once, what was kept in
    /// reserve and the partner's fee among them, so that they come to what was to be paid; each merges into the open row of its key.
    ///
    /// # Errors
    /// An unknown payable, or one that was given back before.
    pub fn give_back(&mut self, payable: PayableNumber, date: NaiveDate) -> Result<Step, PayableError> {
        let from = [PayableState::Confirmed, PayableState::InTransit, PayableState::Paid];
        self.check(payable, "given back", &from)?;
        let mut step = Step::default();
        self.reopen(payable, date, &mut step);
        Ok(step)
    }

    /// Gives a payable back, wherever it is.
    pub(super) fn reopen(&mut self, payable: PayableNumber, date: NaiveDate, step: &mut Step) {
        step.entries.extend(self.shift(payable, PayableState::GivenBack, date));
        let rows = self.payable(payable).map(|payable| payable.rows.clone()).unwrap_or_default();
        for &number in &rows {
            if let Some(row) = self.rows.get_mut(number) {
                row.state = RowState::Open;
                let (partner, currency) = (row.key.partner(), row.currency);
                if let Some(position) = self.partners.position(partner, currency) {
                    position.open.push(number);
                }
            }
            let is_apart = self.rows.get(number).is_some_and(|row| row.order.is_some());
            step.rows.push(if is_apart { number } else { self.rejoin(number) });
        }
        let day = self.day.unwrap_or(date);
        for place in self.places_of_rows(&rows) {
            step.entries.extend(self.repost(place, day, &format!("payable {payable}")));
        }
    }

    fn advance(
        &mut self,
        number: PayableNumber,
        date: NaiveDate,
        verb: &'static str,
        (from, to): (&[PayableState], PayableState),
    ) -> Result<Step, PayableError> {
        self.check(number, verb, from)?;
        Ok(Step { entries: self.shift(number, to, date).into_iter().collect(), ..Step::default() })
    }

    /// Whether a payable is where it can take a step that isn't its payout's.
    fn check(
        &self,
        number: PayableNumber,
        verb: &'static str,
        from: &[PayableState],
    ) -> Result<(), PayableError> {
        let payable = self.payable(number).ok_or(PayableError::UnknownPayable { payable: number })?;
        let state = payable.state;
        if !from.contains(&state) {
            return Err(PayableError::WrongState { payable: number, state, verb });
        }
        match self.payout_of(number) {
            Some(payout) => Err(PayableError::InPayout { payable: number, payout: payout.id.clone(), verb }),
            None => Ok(()),
        }
    }

    /// Moves a payable to another state and posts what that means. `None` when there is no such payable.
    pub(super) fn shift(
        &mut self,
        number: PayableNumber,
        to: PayableState,
        date: NaiveDate,
    ) -> Option<Entry> {
        let payable = self.payables.get_mut(number.place())?;
        let state = core::mem::replace(&mut payable.state, to);
        let (partner, currency) = (payable.partner.clone(), payable.currency);
        let amount = i128::from(payable.amount.minor());
        let (paid, tax) = (i128::from(payable.paid().minor()), payable.tax);
        self.see(date);
        let taxes =
            |pick: fn(&PayoutTax) -> Amount| tax.as_ref().map_or(0, |tax| i128::from(pick(tax).minor()));
        // Taxes are of what is paid: what is given back takes them back.
        let postings = match to {
            PayableState::GivenBack => [
                (account(state), paid),
                (account(to), amount.saturating_neg()),
                (Account::VatAdded, taxes(PayoutTax::vat_added).saturating_neg()),
                (Account::Withholding, taxes(PayoutTax::withheld)),
            ]
            .to_vec(),
            _ => [(account(state), paid), (account(to), paid.saturating_neg())].to_vec(),
        };
        Some(self.post(&partner, &format!("payable {number}"), currency, &postings))
    }
}

/// The account on which a payable stands.
const fn account(state: PayableState) -> Account {
    match state {
        PayableState::Confirmed => Account::Payable,
        PayableState::InTransit => Account::InTransit,
        PayableState::Paid => Account::Paid,
        PayableState::GivenBack => Account::PartnerPayable,
    }
}
