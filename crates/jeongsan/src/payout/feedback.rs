//! What is done about one payout, and what is heard of it.

use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;

use super::record::{Alarm, AlarmReason, Effect, Feedback, Step, Verdict};
use super::{PayoutEffect, PayoutError, PayoutEvent, PayoutState, Payouts};
use crate::id::PayoutId;

impl Payouts {
    /// Gives a payout up: its rows are payable again.
    ///
    /// # Errors
    /// [`PayoutError::UnknownPayout`], [`PayoutError::Payout`] when it may be paid or is about to be,
    /// [`PayoutError::AlarmOpen`].
    pub fn cancel(&mut self, payout: &PayoutId) -> Result<Step, PayoutError> {
        self.apply(payout, PayoutEvent::Cancel)
    }

    /// Puts a prepared payout into the outbox: the step's [`Effect::Submit`] is to be stored with it, then sent.
    ///
    /// # Errors
    /// [`PayoutError::UnknownPayout`], [`PayoutError::Payout`], [`PayoutError::AlarmOpen`].
    pub fn submit(&mut self, payout: &PayoutId) -> Result<Step, PayoutError> {
        self.apply(payout, PayoutEvent::Submit)
    }

    /// Puts a payout without an answer into the outbox again, under the same key: the way on after a crash or a silence.
    ///
    /// # Errors
    /// [`PayoutError::UnknownPayout`], [`PayoutError::Payout`] unless an answer is outstanding, [`PayoutError::AlarmOpen`] of an
    /// earlier payout of its rows.
    pub fn resend(&mut self, payout: &PayoutId) -> Result<Step, PayoutError> {
        self.apply(payout, PayoutEvent::Resend)
    }

    /// Notes that no answer came in time. The payout is then unknown, never failed.
    ///
    /// # Errors
    /// [`PayoutError::UnknownPayout`], [`PayoutError::Payout`] when it was never sent.
    pub fn no_answer(&mut self, payout: &PayoutId) -> Result<Step, PayoutError> {
        self.apply(payout, PayoutEvent::NoAnswer)
    }

    /// Takes what a bank says. Said twice, it is a [`Effect::Duplicate`]; said against what is known, or of another amount, it is
    /// a [`Effect::Alarm`] and nothing else: until somebody [rules](Self::rule), neither the payout nor a later one of its rows is
    /// sent, retried or cancelled.
    ///
    /// # Errors
    /// [`PayoutError::UnknownKey`].
    pub fn hear(&mut self, feedback: &Feedback) -> Result<Step, PayoutError> {
        let id = self.keys.get(&feedback.key).ok_or(PayoutError::UnknownKey(feedback.key))?.clone();
        let payout = self.known(&id)?;
        let (event, money) = (feedback.answer.event(), feedback.money);
        let alarm = |reason| Alarm { reason, event, money };
        if money.is_some_and(|money| money != payout.money) {
            return Ok(self.raise(&id, alarm(AlarmReason::AmountDiffers)));
        }
        let is_alarm = self.plan(&id, event)?.effects.contains(&PayoutEffect::Alarm);
        if is_alarm {
            if payout.is_stale(event) {
                return Ok(Step { effects: vec![Effect::Duplicate { payout: id }], ..Step::default() });
            }
            let reason = match payout.state {
                PayoutState::Confirmed
                | PayoutState::Scheduled
                | PayoutState::Prepared
                | PayoutState::Stopped => AlarmReason::NeverSent,
                _ => AlarmReason::Contradiction,
            };
            return Ok(self.raise(&id, alarm(reason)));
        }
        let step = self.apply(&id, event)?;
        if let (Some(payout), false) = (self.payouts.get_mut(&id), step.is_duplicate()) {
            payout.heard.insert(event);
            payout.failure = feedback.answer.failure().or(payout.failure.as_ref()).cloned();
        }
        Ok(step)
    }

    /// Takes what a person has found out at the bank about a payout. Its alarms are over.
    ///
    /// One that was given up or retried and is paid after all has its rows again: the payouts that have them now are cancelled.
    ///
    /// # Errors
    /// [`PayoutError::UnknownPayout`], [`PayoutError::Payout`] while the bank is at work on it, or of a later payout of its rows
    /// that may be paid, whose answer comes first, or is paid, whose money has to come back first; [`PayoutError::AlarmOpen`] of such
    /// a later payout.
    pub fn rule(&mut self, payout: &PayoutId, verdict: Verdict) -> Result<Step, PayoutError> {
        let event = match verdict {
            Verdict::Paid => PayoutEvent::RulePaid,
            Verdict::Unpaid => PayoutEvent::RuleUnpaid,
        };
        let planned = self.plan(payout, event)?;
        let mut heirs = BTreeSet::new();
        if planned.effects.contains(&PayoutEffect::Reclaim) {
            heirs = self.heirs(self.known(payout)?);
        }
        let superseded = heirs.iter().map(|heir| self.plan(heir, PayoutEvent::Supersede));
        let superseded: Vec<_> = superseded.collect::<Result<_, _>>()?;
        let mut runs = BTreeSet::new();
        for id in heirs.iter().chain([payout]) {
            runs.insert(self.known(id)?.bulk_payout.clone());
        }
        let mut step = Step::default();
        for planned in superseded.into_iter().chain([planned]) {
            self.carry_out(planned, None, &mut step);
        }
        for run in runs {
            self.finish(&run, &mut step);
        }
        let alarms = self.payouts.get_mut(payout).map(|payout| core::mem::take(&mut payout.alarms));
        if alarms.is_some_and(|alarms| !alarms.is_empty()) {
            step.effects.retain(|effect| !matches!(effect, Effect::Duplicate { .. }));
            step.effects.push(Effect::AlarmsCleared { payout: payout.clone() });
        }
        Ok(step)
    }

    fn apply(&mut self, id: &PayoutId, event: PayoutEvent) -> Result<Step, PayoutError> {
        let planned = self.plan(id, event)?;
        let bulk_payout = self.known(id)?.bulk_payout.clone();
        let mut step = Step::default();
        self.carry_out(planned, None, &mut step);
        self.finish(&bulk_payout, &mut step);
        Ok(step)
    }

    fn raise(&mut self, id: &PayoutId, alarm: Alarm) -> Step {
        let mut step = Step::default();
        let Some(payout) = self.payouts.get_mut(id) else { return step };
        let id = id.clone();
        step.effects.push(if payout.alarms.contains(&alarm) {
            Effect::Duplicate { payout: id }
        } else {
            payout.alarms.push(alarm);
            Effect::Alarm { payout: id, alarm }
        });
        step
    }
}
