//! Payables are sent, arrive, are given back.

use alloc::format;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::due::{PayableNumber, RowState};
use crate::journal::Account;
use crate::payable::{PayableError, PayableState};

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
        let mut step = self.advance(payable, date, "given back", (&from, PayableState::GivenBack))?;
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
        Ok(step)
    }

    fn advance(
        &mut self,
        number: PayableNumber,
        date: NaiveDate,
        verb: &'static str,
        (from, to): (&[PayableState], PayableState),
    ) -> Result<Step, PayableError> {
        let payable =
            self.payables.get_mut(number.place()).ok_or(PayableError::UnknownPayable { payable: number })?;
        let state = payable.state;
        if !from.contains(&state) {
            return Err(PayableError::WrongState { payable: number, state, verb });
        }
        payable.state = to;
        let (partner, currency) = (payable.partner.clone(), payable.currency);
        let amount = i128::from(payable.amount.minor());
        self.see(date);
        let postings = [(account(state), amount), (account(to), amount.saturating_neg())];
        let entry = self.post(&partner, &format!("payable {number}"), currency, &postings);
        Ok(Step { rows: Vec::new(), entries: alloc::vec![entry] })
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
