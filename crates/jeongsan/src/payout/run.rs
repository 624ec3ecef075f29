//! The facts of bulk payouts: opened, filled, confirmed, scheduled, started, stopped, cancelled.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use chrono::{DateTime, FixedOffset};

use super::record::{BulkPayout, NewBulkPayout, NewPayout, Payout, PayoutMethod, Retry, Step, Tally};
use super::{
    BulkPayoutEffect, BulkPayoutEvent, BulkPayoutState, PayoutError, PayoutEvent, PayoutState, Payouts,
};
use crate::id::{BulkPayoutId, PayoutId};
use crate::money::{Currency, Money};
use crate::partner::Account;

impl Payouts {
    /// Opens a bulk payout.
    ///
    /// # Errors
    /// [`PayoutError::BulkPayoutExists`], [`PayoutError::ActiveBulkPayout`] while another is being made or runs,
    /// [`PayoutError::NoSettlementDates`], [`PayoutError::TooManySettlementDates`].
    pub fn open(&mut self, new: NewBulkPayout) -> Result<Step, PayoutError> {
        if self.bulk_payouts.contains_key(&new.id) {
            return Err(PayoutError::BulkPayoutExists(new.id));
        }
        self.refuse_beside(BulkPayoutState::is_active, None)?;
        let dates: BTreeSet<_> = new.settlement_dates.into_iter().collect();
        if dates.is_empty() {
            return Err(PayoutError::NoSettlementDates);
        }
        let max = self.options.settlement_dates_max;
        if dates.len() > max {
            return Err(PayoutError::TooManySettlementDates { dates: dates.len(), max });
        }
        let run = BulkPayout {
            id: new.id.clone(),
            method: new.method,
            currency: new.currency,
            settlement_dates: dates.into_iter().collect(),
            state: BulkPayoutState::Preparing,
            scheduled_at: None,
            payouts: Vec::new(),
            tally: Tally::default(),
        };
        self.bulk_payouts.insert(new.id, run);
        Ok(Step::default())
    }

    /// Puts a payout into a bulk payout that is being prepared. To take it out again, [cancel](Self::cancel) it.
    ///
    /// # Errors
    /// [`PayoutError::UnknownBulkPayout`], [`PayoutError::BulkPayout`] once the bulk payout is prepared,
    /// [`PayoutError::PayoutExists`], [`PayoutError::NotAboveZero`], [`PayoutError::CurrencyMismatch`],
    /// [`PayoutError::AccountCurrencyMismatch`], [`PayoutError::NoRows`], [`PayoutError::RowTaken`].
    pub fn add(&mut self, bulk_payout: &BulkPayoutId, new: NewPayout) -> Result<Step, PayoutError> {
        let run = self.run(bulk_payout)?;
        Self::answer(run, BulkPayoutEvent::Add)?;
        if self.payouts.contains_key(&new.id) {
            return Err(PayoutError::PayoutExists(new.id));
        }
        if new.money.amount().minor() <= 0 {
            return Err(PayoutError::NotAboveZero { payout: new.id, money: new.money });
        }
        check_currencies(&new.id, new.money, &new.account, run.currency)?;
        if new.rows.is_empty() {
            return Err(PayoutError::NoRows(new.id));
        }
        let mut own = BTreeSet::new();
        for &row in &new.rows {
            let holder = self.payout_of_row(row).filter(|payout| payout.state.holds_rows());
            let taken_by = holder.map(|payout| &payout.id).or_else(|| (!own.insert(row)).then_some(&new.id));
            if let Some(payout) = taken_by {
                return Err(PayoutError::RowTaken { row, payout: payout.clone() });
            }
        }
        self.keep(Payout {
            id: new.id,
            bulk_payout: bulk_payout.clone(),
            attempt: 1,
            retry_of: None,
            partner: new.partner,
            money: new.money,
            account: new.account,
            rows: new.rows,
            state: PayoutState::Confirmed,
            heard: BTreeSet::new(),
            failure: None,
            alarms: Vec::new(),
        });
        Ok(Step::default())
    }

    /// Puts the rows of a payout that ended unpaid into a new payout of a bulk payout that is being prepared.
    ///
    /// # Errors
    /// [`PayoutError::UnknownBulkPayout`], [`PayoutError::BulkPayout`] once the bulk payout is prepared,
    /// [`PayoutError::PayoutExists`], [`PayoutError::UnknownPayout`], [`PayoutError::Payout`] unless the old one has ended
    /// unpaid, [`PayoutError::AlarmOpen`], [`PayoutError::CurrencyMismatch`], [`PayoutError::AccountCurrencyMismatch`].
    pub fn retry(&mut self, bulk_payout: &BulkPayoutId, retry: Retry) -> Result<Step, PayoutError> {
        let run = self.run(bulk_payout)?;
        Self::answer(run, BulkPayoutEvent::Add)?;
        if self.payouts.contains_key(&retry.id) {
            return Err(PayoutError::PayoutExists(retry.id));
        }
        let planned = self.plan(&retry.payout, PayoutEvent::Retry)?;
        let old = self.known(&retry.payout)?;
        let new = Payout {
            id: retry.id,
            bulk_payout: bulk_payout.clone(),
            attempt: old.attempt.saturating_add(1),
            retry_of: Some(retry.payout),
            partner: old.partner.clone(),
            money: old.money,
            account: retry.account.unwrap_or_else(|| old.account.clone()),
            rows: old.rows.clone(),
            state: PayoutState::Confirmed,
            heard: BTreeSet::new(),
            failure: None,
            alarms: Vec::new(),
        };
        check_currencies(&new.id, new.money, &new.account, run.currency)?;
        let mut step = Step::default();
        self.carry_out(planned, Some(&new.id), &mut step);
        self.keep(new);
        Ok(step)
    }

    /// Ends the preparing of a bulk payout: its payouts stand.
    ///
    /// # Errors
    /// [`PayoutError::UnknownBulkPayout`], [`PayoutError::BulkPayout`], [`PayoutError::NoPayouts`].
    pub fn confirm(&mut self, bulk_payout: &BulkPayoutId) -> Result<Step, PayoutError> {
        self.drive(bulk_payout, BulkPayoutEvent::Confirm)
    }

    /// Gives a prepared bulk payout a time to start.
    ///
    /// # Errors
    /// [`PayoutError::UnknownBulkPayout`], [`PayoutError::BulkPayout`], [`PayoutError::PastTime`], [`PayoutError::OffGrid`],
    /// [`PayoutError::Maintenance`], [`PayoutError::TooManyScheduled`], [`PayoutError::NoPayouts`],
    /// [`PayoutError::InsufficientFunds`].
    pub fn schedule(
        &mut self,
        bulk_payout: &BulkPayoutId,
        at: DateTime<FixedOffset>,
        now: DateTime<FixedOffset>,
    ) -> Result<Step, PayoutError> {
        Self::answer(self.run(bulk_payout)?, BulkPayoutEvent::Schedule)?;
        self.options.timetable.check_schedule(at, now)?;
        let scheduled = self.bulk_payouts.values().filter(|run| run.state == BulkPayoutState::Scheduled);
        let max = self.options.scheduled_max;
        if scheduled.count() >= max {
            return Err(PayoutError::TooManyScheduled { max });
        }
        let step = self.drive(bulk_payout, BulkPayoutEvent::Schedule)?;
        self.set_time(bulk_payout, at);
        Ok(step)
    }

    /// Gives a scheduled bulk payout another time.
    ///
    /// # Errors
    /// [`PayoutError::UnknownBulkPayout`], [`PayoutError::BulkPayout`], [`PayoutError::PastTime`], [`PayoutError::OffGrid`],
    /// [`PayoutError::Maintenance`].
    pub fn reschedule(
        &mut self,
        bulk_payout: &BulkPayoutId,
        at: DateTime<FixedOffset>,
        now: DateTime<FixedOffset>,
    ) -> Result<Step, PayoutError> {
        Self::answer(self.run(bulk_payout)?, BulkPayoutEvent::Reschedule)?;
        self.options.timetable.check_schedule(at, now)?;
        self.set_time(bulk_payout, at);
        Ok(Step::default())
    }

    /// Starts a bulk payout: a prepared one at once, a scheduled one when its time has come.
    ///
    /// # Errors
    /// [`PayoutError::UnknownBulkPayout`], [`PayoutError::BulkPayout`], [`PayoutError::ActiveBulkPayout`] while another
    /// runs, [`PayoutError::NotYetDue`], [`PayoutError::Maintenance`], [`PayoutError::NoPayouts`],
    /// [`PayoutError::InsufficientFunds`].
    pub fn start(
        &mut self,
        bulk_payout: &BulkPayoutId,
        now: DateTime<FixedOffset>,
    ) -> Result<Step, PayoutError> {
        let run = self.run(bulk_payout)?;
        Self::answer(run, BulkPayoutEvent::Start)?;
        self.refuse_beside(BulkPayoutState::is_running, Some(bulk_payout))?;
        if let Some(at) = run.scheduled_at.filter(|&at| now < at) {
            return Err(PayoutError::NotYetDue { bulk_payout: bulk_payout.clone(), at });
        }
        self.options.timetable.check_start(now)?;
        self.drive(bulk_payout, BulkPayoutEvent::Start)
    }

    /// Stops a bulk payout: what is not sent yet won't be. What is sent goes on.
    ///
    /// # Errors
    /// [`PayoutError::UnknownBulkPayout`], [`PayoutError::BulkPayout`].
    pub fn stop(&mut self, bulk_payout: &BulkPayoutId) -> Result<Step, PayoutError> {
        self.drive(bulk_payout, BulkPayoutEvent::Stop)
    }

    /// Gives a bulk payout up before it starts, with all its payouts.
    ///
    /// # Errors
    /// [`PayoutError::UnknownBulkPayout`], [`PayoutError::BulkPayout`], [`PayoutError::AlarmOpen`].
    pub fn cancel_bulk_payout(&mut self, bulk_payout: &BulkPayoutId) -> Result<Step, PayoutError> {
        self.drive(bulk_payout, BulkPayoutEvent::Cancel)
    }

    /// Does what an event means for a bulk payout and each of its payouts, or nothing at all.
    fn drive(&mut self, id: &BulkPayoutId, event: BulkPayoutEvent) -> Result<Step, PayoutError> {
        let run = self.run(id)?;
        let (to, effects) = Self::answer(run, event)?;
        if matches!(event, BulkPayoutEvent::Confirm | BulkPayoutEvent::Schedule | BulkPayoutEvent::Start) {
            self.check_means(run)?;
        }
        let mut planned = Vec::new();
        for effect in effects {
            let (payout_event, is_meant): (_, fn(PayoutState) -> bool) = match effect {
                BulkPayoutEffect::Schedule => {
                    (PayoutEvent::Schedule, |state| state == PayoutState::Confirmed)
                }
                BulkPayoutEffect::Prepare => (PayoutEvent::Prepare, is_before_start),
                BulkPayoutEffect::Stop => (PayoutEvent::Stop, |state| state == PayoutState::Prepared),
                BulkPayoutEffect::Cancel => (PayoutEvent::Cancel, is_before_start),
            };
            for payout in run.payouts.iter().filter_map(|id| self.payouts.get(id)) {
                if is_meant(payout.state) {
                    planned.push(self.plan(&payout.id, payout_event)?);
                }
            }
        }
        let mut step = Step::default();
        self.set_state(id, to, &mut step);
        for planned in planned {
            self.carry_out(planned, None, &mut step);
        }
        self.finish(id, &mut step);
        Ok(step)
    }

    /// Whether there is something to pay, and the money to do it.
    fn check_means(&self, run: &BulkPayout) -> Result<(), PayoutError> {
        let needed = run.tally.total(is_before_start);
        if needed.count == 0 {
            return Err(PayoutError::NoPayouts(run.id.clone()));
        }
        // Confirming promises no money yet.
        if run.method == PayoutMethod::Direct || run.state == BulkPayoutState::Preparing {
            return Ok(());
        }
        // What is scheduled is taken off what is available already.
        let scheduled = run.tally.of(PayoutState::Scheduled).amount;
        let available = self.available(run.currency).wrapping_add(scheduled);
        if needed.amount > available {
            let currency = run.currency;
            return Err(PayoutError::InsufficientFunds { needed: needed.amount, available, currency });
        }
        Ok(())
    }

    fn set_time(&mut self, id: &BulkPayoutId, at: DateTime<FixedOffset>) {
        if let Some(run) = self.bulk_payouts.get_mut(id) {
            run.scheduled_at = Some(at.with_timezone(&self.options.timetable.offset));
        }
    }

    fn refuse_beside(
        &self,
        is_in_the_way: impl Fn(BulkPayoutState) -> bool,
        own: Option<&BulkPayoutId>,
    ) -> Result<(), PayoutError> {
        let others = self.bulk_payouts.values().filter(|run| Some(&run.id) != own);
        match others.into_iter().find(|run| is_in_the_way(run.state)) {
            Some(run) => Err(PayoutError::ActiveBulkPayout { active: run.id.clone(), state: run.state }),
            None => Ok(()),
        }
    }

    fn answer(
        run: &BulkPayout,
        event: BulkPayoutEvent,
    ) -> Result<(BulkPayoutState, &'static [BulkPayoutEffect]), PayoutError> {
        run.state
            .on(event)
            .map_err(|refusal| PayoutError::BulkPayout { bulk_payout: run.id.clone(), refusal })
    }
}

const fn is_before_start(state: PayoutState) -> bool {
    matches!(state, PayoutState::Confirmed | PayoutState::Scheduled)
}

fn check_currencies(
    id: &PayoutId,
    money: Money,
    account: &Account,
    expected: Currency,
) -> Result<(), PayoutError> {
    if money.currency() != expected {
        let currency = money.currency();
        return Err(PayoutError::CurrencyMismatch { payout: id.clone(), currency, expected });
    }
    if account.currency != expected {
        let currency = account.currency;
        return Err(PayoutError::AccountCurrencyMismatch { payout: id.clone(), currency, expected });
    }
    Ok(())
}
