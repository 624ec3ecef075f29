//! Payables go into payouts, and what becomes of those moves the payables.

use alloc::format;
use alloc::vec::Vec;

use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::due::{PayableNumber, RowNumber, RowState};
use crate::hold::HoldTarget;
use crate::id::{BulkPayoutId, EventId, PartnerId, PayoutId};
use crate::money::Money;
use crate::partner::Account;
use crate::payable::{Payable, PayableState};
use crate::payout::{
    self, BankAnswer, Effect, Feedback, NewBulkPayout, NewPayout, Payout, PayoutError, PayoutOptions,
    PayoutRefusal, PayoutState, Payouts, Retry, RowStatus, Verdict,
};

use super::{Ledger, PayingError, Place, Step};

/// A fact about payouts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PayoutFact {
    /// The fact's id.
    pub id: EventId,
    /// Its day, on which entries are posted.
    pub date: NaiveDate,
    /// What happened.
    pub action: PayoutAction,
}

/// What happens to payouts.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PayoutAction {
    /// A bulk payout is opened, with the payables of its currency that have a row of one of its settlement dates and are in no payout.
    Open(NewBulkPayout),
    /// Its payouts stand.
    Confirm(BulkPayoutId),
    /// It is given a time, or another one.
    Schedule {
        /// The bulk payout.
        bulk_payout: BulkPayoutId,
        /// When it is to start.
        at: DateTime<FixedOffset>,
        /// When that was said.
        now: DateTime<FixedOffset>,
    },
    /// It starts.
    Start {
        /// The bulk payout.
        bulk_payout: BulkPayoutId,
        /// When.
        now: DateTime<FixedOffset>,
    },
    /// What is prepared goes into the outbox.
    Submit(PayoutTarget),
    /// What isn't sent won't be.
    Stop(BulkPayoutId),
    /// A bulk payout or a payout is given up.
    Cancel(PayoutTarget),
    /// A payout that ended unpaid is tried again in a bulk payout that is being prepared, to the account that the partner has by then.
    Retry {
        /// The payout.
        payout: PayoutId,
        /// The bulk payout.
        bulk_payout: BulkPayoutId,
    },
    /// The order is sent again under its key.
    Resend(PayoutId),
    /// No answer came in time.
    NoAnswer(PayoutId),
    /// The bank answered.
    Hear {
        /// The payout.
        payout: PayoutId,
        /// The amount it speaks of, where it tells one.
        money: Option<Money>,
        /// What it says.
        answer: BankAnswer,
    },
    /// A person looked a payout up at the bank.
    Rule {
        /// The payout.
        payout: PayoutId,
        /// What was found.
        verdict: Verdict,
    },
    /// Money is put into the funding account, or with a minus taken out of it.
    Fund(Money),
}

/// A bulk payout, or one payout.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PayoutTarget {
    /// All of a bulk payout.
    BulkPayout(BulkPayoutId),
    /// One payout.
    Payout(PayoutId),
}

/// A payable that a step went past.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeftOut {
    /// The payable.
    pub payable: PayableNumber,
    /// Why.
    pub why: PayingError,
}

impl From<payout::Place> for Place {
    fn from(place: payout::Place) -> Self {
        match place {
            payout::Place::Payable => Self::Payable,
            payout::Place::InTransit => Self::InTransit,
            payout::Place::Paid => Self::Paid,
        }
    }
}

impl Ledger {
    /// The payouts that payables went into.
    #[must_use]
    pub const fn payouts(&self) -> &Payouts {
        &self.payouts
    }

    /// Sets what bulk payouts may do.
    pub fn pay_out_by(&mut self, options: PayoutOptions) {
        self.payouts.set_options(options);
    }

    /// The last payout that a payable went into.
    #[must_use]
    pub fn payout_of(&self, payable: PayableNumber) -> Option<&Payout> {
        self.payouts.payout(self.payout_of.get(&payable)?)
    }

    /// The payable that a payout pays.
    #[must_use]
    pub fn payable_of(&self, payout: &PayoutId) -> Option<&Payable> {
        self.payable(*self.paid_by.get(payout)?)
    }

    /// What a row shows on a day; `None` for a merged one, whose amounts are in another. It follows from the row's place and, in a payout,
    /// from that.
    #[must_use]
    pub fn row_status(&self, row: RowNumber, day: NaiveDate) -> Option<RowStatus> {
        let row = self.rows.get(row)?;
        Some(match row.state {
            RowState::Merged(_) => return None,
            RowState::Excluded => RowStatus::PayoutExcluded,
            RowState::Open if self.hold_on(row, day).is_some() => RowStatus::PayoutWithheld,
            RowState::Open => match self.payouts.row_status(row.number) {
                Some(RowStatus::Cancelled) => RowStatus::Cancelled,
                _ => RowStatus::PayoutPrepared,
            },
            RowState::InPayable(number) => match (self.payout_of(number), self.payable(number)?.state) {
                (Some(payout), _) => payout.row_status(),
                (None, PayableState::Confirmed) => RowStatus::Confirmed,
                (None, PayableState::InTransit) => RowStatus::InPayout,
                (None, PayableState::Paid) => RowStatus::PaidOut,
                (None, PayableState::GivenBack) => return None,
            },
        })
    }

    /// Takes a fact about payouts in. Payables, rows and entries follow the payouts' effects, so that the levels never disagree.
    ///
    /// # Errors
    /// A repeated id, a held partner, an account that can't be paid to, and what [`Payouts`] refuses. A refused fact changes nothing; what
    /// keeps one payable of a bulk payout back is told in [`Step::left_out`].
    pub fn pay_out(&mut self, fact: PayoutFact) -> Result<Step, PayingError> {
        let PayoutFact { id, date, action } = fact;
        if self.facts.contains(&id) {
            return Err(PayingError::DuplicateFact { id });
        }
        let mut step = Step::default();
        let told = match action {
            PayoutAction::Open(new) => self.open_payouts(new, date, &mut step)?,
            PayoutAction::Confirm(run) => self.payouts.confirm(&run)?,
            PayoutAction::Schedule { bulk_payout: run, at, now } => {
                let is_timed = self.payouts.bulk_payout(&run).is_some_and(|run| run.scheduled_at.is_some());
                if is_timed {
                    self.payouts.reschedule(&run, at, now)?
                } else {
                    self.payouts.schedule(&run, at, now)?
                }
            }
            PayoutAction::Start { bulk_payout, now } => self.payouts.start(&bulk_payout, now)?,
            PayoutAction::Submit(PayoutTarget::Payout(payout)) => self.submit(&payout, date)?,
            PayoutAction::Submit(PayoutTarget::BulkPayout(run)) => self.submit_all(&run, date, &mut step)?,
            PayoutAction::Stop(run) => self.payouts.stop(&run)?,
            PayoutAction::Cancel(PayoutTarget::Payout(payout)) => self.payouts.cancel(&payout)?,
            PayoutAction::Cancel(PayoutTarget::BulkPayout(run)) => self.payouts.cancel_bulk_payout(&run)?,
            PayoutAction::Retry { payout, bulk_payout } => self.retry(payout, &bulk_payout, date)?,
            PayoutAction::Resend(payout) => self.payouts.resend(&payout)?,
            PayoutAction::NoAnswer(payout) => self.payouts.no_answer(&payout)?,
            PayoutAction::Hear { payout, money, answer } => {
                let key = self.known_payout(&payout)?.key();
                self.payouts.hear(&Feedback { key, money, answer })?
            }
            PayoutAction::Rule { payout, verdict } => self.rule(&payout, verdict)?,
            PayoutAction::Fund(money) => self.fund(money)?,
        };
        self.see(date);
        self.facts.insert(id);
        self.follow(told, date, &mut step);
        Ok(step)
    }

    /// Moves payables as the effects on their payouts say.
    fn follow(&mut self, told: payout::Step, date: NaiveDate, step: &mut Step) {
        // Rows that an earlier payout of the same payable has again don't leave the payable.
        let reclaimed = told.effects.iter().find_map(|effect| match effect {
            Effect::Reclaim { payout, .. } => self.paid_by.get(payout).copied(),
            _ => None,
        });
        for effect in &told.effects {
            match effect {
                Effect::Post { payout, to, .. } => {
                    let to = match to {
                        payout::Place::Payable => PayableState::Confirmed,
                        payout::Place::InTransit => PayableState::InTransit,
                        payout::Place::Paid => PayableState::Paid,
                    };
                    let number = self.paid_by.get(payout).copied();
                    step.entries.extend(number.and_then(|number| self.shift(number, to, date)));
                }
                Effect::Release { payout, .. } => {
                    let number = self.paid_by.get(payout).copied();
                    if let Some(number) = number.filter(|number| Some(number) != reclaimed.as_ref()) {
                        self.reopen(number, date, step);
                    }
                }
                Effect::Reclaim { payout, .. } => {
                    if let Some(number) = reclaimed {
                        self.put_into_payout(number, payout.clone());
                    }
                }
                Effect::HandOn { payout, to, .. } => {
                    if let Some(&number) = self.paid_by.get(payout) {
                        self.put_into_payout(number, to.clone());
                    }
                }
                Effect::Submit(_)
                | Effect::Alarm { .. }
                | Effect::AlarmsCleared { .. }
                | Effect::Duplicate { .. } => {}
            }
        }
        step.payouts = told;
    }

    fn put_into_payout(&mut self, payable: PayableNumber, payout: PayoutId) {
        self.payout_of.insert(payable, payout.clone());
        self.paid_by.insert(payout, payable);
    }

    fn open_payouts(
        &mut self,
        new: NewBulkPayout,
        date: NaiveDate,
        step: &mut Step,
    ) -> Result<payout::Step, PayingError> {
        let run = new.id.clone();
        let is_asked = |row: &RowNumber| {
            self.rows.get(*row).is_some_and(|row| new.settlement_dates.contains(&row.settlement_date))
        };
        let asked = self.payables.iter().filter(|payable| {
            payable.state == PayableState::Confirmed
                && payable.currency == new.currency
                && !self.payout_of.contains_key(&payable.number)
                && payable.rows.iter().any(is_asked)
        });
        let asked: Vec<_> = asked.map(|payable| payable.number).collect();
        let told = self.payouts.open(new)?;
        for number in asked {
            if let Err(why) = self.add_payout(&run, number, date) {
                step.left_out.push(LeftOut { payable: number, why });
            }
        }
        Ok(told)
    }

    fn add_payout(
        &mut self,
        run: &BulkPayoutId,
        number: PayableNumber,
        date: NaiveDate,
    ) -> Result<(), PayingError> {
        let Some(payable) = self.payable(number) else { return Ok(()) };
        let id = payout_id(run, number)?;
        let new = NewPayout {
            id: id.clone(),
            partner: payable.partner.clone(),
            money: Money::new(payable.paid(), payable.currency),
            account: self.account_to_pay(&payable.partner, date)?.clone(),
            rows: payable.rows.clone(),
        };
        self.payouts.add(run, new)?;
        self.put_into_payout(number, id);
        Ok(())
    }

    fn retry(
        &mut self,
        payout: PayoutId,
        run: &BulkPayoutId,
        date: NaiveDate,
    ) -> Result<payout::Step, PayingError> {
        let partner = &self.known_payout(&payout)?.partner;
        let account = Some(self.account_to_pay(partner, date)?.clone());
        let number = self.paid_by.get(&payout).copied();
        let number = number.ok_or_else(|| PayoutError::UnknownPayout(payout.clone()))?;
        let id = payout_id(run, number)?;
        Ok(self.payouts.retry(run, Retry { payout, id, account })?)
    }

    fn submit(&mut self, payout: &PayoutId, date: NaiveDate) -> Result<payout::Step, PayingError> {
        let Payout { partner, account, .. } = self.known_payout(payout)?;
        self.check_payee(partner, account, date)?;
        Ok(self.payouts.submit(payout)?)
    }

    fn submit_all(
        &mut self,
        run: &BulkPayoutId,
        date: NaiveDate,
        step: &mut Step,
    ) -> Result<payout::Step, PayingError> {
        let unknown = || PayoutError::UnknownBulkPayout(run.clone());
        let payouts = &self.payouts.bulk_payout(run).ok_or_else(unknown)?.payouts;
        let is_prepared = |payout: &&PayoutId| {
            self.payouts.payout(payout).is_some_and(|payout| payout.state == PayoutState::Prepared)
        };
        let prepared: Vec<_> = payouts.iter().filter(is_prepared).cloned().collect();
        if prepared.is_empty() {
            return Err(PayoutError::NoPayouts(run.clone()).into());
        }
        let mut told = payout::Step::default();
        for payout in prepared {
            match self.submit(&payout, date) {
                Ok(one) => {
                    told.moves.extend(one.moves);
                    told.effects.extend(one.effects);
                }
                Err(why) => {
                    let payable = self.paid_by.get(&payout).copied();
                    step.left_out.extend(payable.map(|payable| LeftOut { payable, why }));
                }
            }
        }
        Ok(told)
    }

    /// A verdict on a payout. Where its payable was given back, rows and amounts are elsewhere by now, and it can't be paid after all.
    fn rule(&mut self, payout: &PayoutId, verdict: Verdict) -> Result<payout::Step, PayoutError> {
        let is_given_back =
            self.payable_of(payout).is_some_and(|payable| payable.state == PayableState::GivenBack);
        if verdict == Verdict::Paid && is_given_back {
            let refusal = PayoutRefusal::Cancelled;
            return Err(PayoutError::Payout { payout: payout.clone(), refusal });
        }
        self.payouts.rule(payout, verdict)
    }

    fn fund(&mut self, money: Money) -> Result<payout::Step, PayingError> {
        match money.amount().checked_neg().filter(|taken| taken.minor() > 0) {
            Some(taken) => self.payouts.withdraw(Money::new(taken, money.currency()))?,
            None => self.payouts.deposit(money)?,
        }
        Ok(payout::Step::default())
    }

    fn known_payout(&self, payout: &PayoutId) -> Result<&Payout, PayoutError> {
        self.payouts.payout(payout).ok_or_else(|| PayoutError::UnknownPayout(payout.clone()))
    }

    /// The account that a partner can be paid to on a day.
    fn account_to_pay(&self, partner: &PartnerId, date: NaiveDate) -> Result<&Account, PayingError> {
        let account = self.accounts.get(partner);
        let account = account.ok_or_else(|| PayingError::NoAccount { partner: partner.clone() })?;
        self.check_payee(partner, account, date)?;
        Ok(account)
    }

    /// Whether a partner can be paid to an account on a day: neither is held, and the account isn't known to be somebody else's.
    fn check_payee(
        &self,
        partner: &PartnerId,
        account: &Account,
        date: NaiveDate,
    ) -> Result<(), PayingError> {
        let targets = [HoldTarget::Partner(partner.clone()), HoldTarget::Account(account.key())];
        if let Some(hold) = targets.iter().find_map(|target| self.holds.whole(target, date)) {
            return Err(PayingError::Held { partner: partner.clone(), hold: hold.id.clone() });
        }
        let known = self.accounts.get(partner).filter(|known| known.key() == account.key());
        if known.unwrap_or(account).verification.state().is_reason_to_hold() {
            return Err(PayingError::AccountMismatch { partner: partner.clone() });
        }
        Ok(())
    }
}

/// The id of the payout of a payable in a bulk payout. A payable goes into a bulk payout once.
fn payout_id(run: &BulkPayoutId, payable: PayableNumber) -> Result<PayoutId, PayingError> {
    Ok(format!("{run}-{payable}").parse()?)
}
