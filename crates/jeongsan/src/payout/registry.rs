//! All payouts of a merchant: what is kept of them, and how an event is carried out.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::record::{BulkPayout, Effect, Payout, PayoutMethod, PayoutMove, Step, TransferOrder};
use super::{
    BulkPayoutEvent, BulkPayoutState, IdempotencyKey, PayoutEffect, PayoutError, PayoutEvent, PayoutState,
    RowStatus, Timetable,
};
use crate::due::RowNumber;
use crate::id::{BulkPayoutId, PayoutId};
use crate::money::{Currency, Money};

/// What bulk payouts may do.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PayoutOptions {
    /// The most settlement dates of one bulk payout: 10 by default.
    pub settlement_dates_max: usize,
    /// The most bulk payouts that may be scheduled at a time: 10 by default.
    pub scheduled_max: usize,
    /// When they may start: Korean banks' hours by default.
    pub timetable: Timetable,
}

impl Default for PayoutOptions {
    fn default() -> Self {
        Self { settlement_dates_max: 10, scheduled_max: 10, timetable: Timetable::default() }
    }
}

/// All payouts and bulk payouts of a merchant.
///
/// One method a fact. A refused fact changes nothing; an accepted one gives the [`Step`] that it was. The same facts in the same
/// order give the same steps.
///
/// ```
/// use jeongsan::money::{Amount, Currency, Money};
/// use jeongsan::partner::Account;
/// use jeongsan::payout::{BankAnswer, Feedback, NewBulkPayout, NewPayout, PayoutMethod, PayoutOptions, Payouts, RowNumber};
/// use jeongsan::payout::{BulkPayoutState, Coverage, Effect};
///
/// let won = |minor| Money::new(Amount::new(minor), Currency::KRW);
/// let now = chrono::DateTime::parse_from_rfc3339("2026-03-13T10:05:00+09:00").unwrap();
/// let (run, id): (_, jeongsan::id::PayoutId) = ("run-1".parse()?, "po-1".parse()?);
///
/// let mut payouts = Payouts::new(PayoutOptions::default());
/// payouts.deposit(won(10_000))?;
/// payouts.open(NewBulkPayout { id: "run-1".parse()?, method: PayoutMethod::Agency, currency: Currency::KRW,
///     settlement_dates: vec![now.date_naive()] })?;
/// let account = Account::new("088".into(), "110123456789".into(), "…".into(), Currency::KRW);
/// payouts.add(&run, NewPayout { id: id.clone(), partner: "seller-1".parse()?, money: won(8_900), account,
///     rows: vec![RowNumber::new(1)] })?;
/// payouts.confirm(&run)?;
/// payouts.start(&run, now)?;
///
/// // What is to be sent goes into the outbox first, under a key that a crash can't change.
/// let step = payouts.submit(&id)?;
/// let Some(Effect::Submit(order)) = step.effects.last() else { panic!("nothing to send") };
/// payouts.hear(&Feedback { key: order.key, money: Some(won(8_900)), answer: BankAnswer::Paid })?;
///
/// let run = payouts.bulk_payout(&run).unwrap();
/// assert_eq!((run.state, run.coverage()), (BulkPayoutState::Completed, Coverage::Full));
/// assert_eq!(payouts.available(Currency::KRW), 1_100);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Payouts {
    pub(super) options: PayoutOptions,
    pub(super) payouts: BTreeMap<PayoutId, Payout>,
    pub(super) bulk_payouts: BTreeMap<BulkPayoutId, BulkPayout>,
    pub(super) keys: BTreeMap<IdempotencyKey, PayoutId>,
    /// The last payout that each row went into.
    rows: BTreeMap<RowNumber, PayoutId>,
    /// The payouts that a row was in before its last one.
    earlier: BTreeMap<RowNumber, Vec<PayoutId>>,
    /// What was put into the funding account, less what was taken out of it other than by payouts.
    funds: BTreeMap<Currency, i128>,
}

/// An event that a payout's state and alarms let happen.
pub(super) struct Planned {
    payout: PayoutId,
    from: PayoutState,
    to: PayoutState,
    pub(super) effects: &'static [PayoutEffect],
}

impl Default for Payouts {
    fn default() -> Self {
        Self::new(PayoutOptions::default())
    }
}

impl Payouts {
    /// No payouts yet, and an empty funding account.
    #[must_use]
    pub const fn new(options: PayoutOptions) -> Self {
        Self {
            options,
            payouts: BTreeMap::new(),
            bulk_payouts: BTreeMap::new(),
            keys: BTreeMap::new(),
            rows: BTreeMap::new(),
            earlier: BTreeMap::new(),
            funds: BTreeMap::new(),
        }
    }

    /// Sets what bulk payouts may do from now on.
    pub fn set_options(&mut self, options: PayoutOptions) {
        self.options = options;
    }

    /// A payout.
    #[must_use]
    pub fn payout(&self, id: &PayoutId) -> Option<&Payout> {
        self.payouts.get(id)
    }

    /// A bulk payout.
    #[must_use]
    pub fn bulk_payout(&self, id: &BulkPayoutId) -> Option<&BulkPayout> {
        self.bulk_payouts.get(id)
    }

    /// All payouts, by id.
    pub fn payouts(&self) -> impl Iterator<Item = &Payout> {
        self.payouts.values()
    }

    /// All bulk payouts, by id.
    pub fn bulk_payouts(&self) -> impl Iterator<Item = &BulkPayout> {
        self.bulk_payouts.values()
    }

    /// The last payout that a row went into.
    #[must_use]
    pub fn payout_of_row(&self, row: RowNumber) -> Option<&Payout> {
        self.payouts.get(self.rows.get(&row)?)
    }

    /// What a row shows; none where it never was in a payout.
    #[must_use]
    pub fn row_status(&self, row: RowNumber) -> Option<RowStatus> {
        self.payout_of_row(row).map(Payout::row_status)
    }

    /// What the funding account has left, in minor units, with what is scheduled, to be sent, on its way and paid taken off. Below zero
    /// only where a bank paid what it had refused before.
    #[must_use]
    pub fn available(&self, currency: Currency) -> i128 {
        let is_taken = |state: PayoutState| {
            matches!(
                state,
                PayoutState::Scheduled
                    | PayoutState::Prepared
                    | PayoutState::Processing
                    | PayoutState::Unknown
                    | PayoutState::Succeeded
            )
        };
        let funded = |run: &&BulkPayout| run.method == PayoutMethod::Agency && run.currency == currency;
        let taken = self.bulk_payouts.values().filter(funded).map(|run| run.tally.total(is_taken).amount);
        let funds = self.funds.get(&currency).copied().unwrap_or(0);
        taken.fold(funds, i128::wrapping_sub)
    }

    /// Puts money into the funding account.
    ///
    /// # Errors
    /// [`PayoutError::NothingMoved`].
    pub fn deposit(&mut self, money: Money) -> Result<(), PayoutError> {
        if money.amount().minor() <= 0 {
            return Err(PayoutError::NothingMoved(money));
        }
        let funds = self.funds.entry(money.currency()).or_default();
        *funds = funds.wrapping_add(money.amount().minor().into());
        Ok(())
    }

    /// Takes money out of the funding account, other than by a payout.
    ///
    /// # Errors
    /// [`PayoutError::NothingMoved`], [`PayoutError::InsufficientFunds`].
    pub fn withdraw(&mut self, money: Money) -> Result<(), PayoutError> {
        if money.amount().minor() <= 0 {
            return Err(PayoutError::NothingMoved(money));
        }
        let (needed, currency) = (i128::from(money.amount().minor()), money.currency());
        let available = self.available(currency);
        if needed > available {
            return Err(PayoutError::InsufficientFunds { needed, available, currency });
        }
        let funds = self.funds.entry(currency).or_default();
        *funds = funds.wrapping_sub(needed);
        Ok(())
    }

    /// Completes a bulk payout that runs and waits for nothing.
    pub(super) fn finish(&mut self, id: &BulkPayoutId, step: &mut Step) {
        let Some(run) = self.bulk_payouts.get(id) else { return };
        let is_waiting = run.tally.total(PayoutState::is_open).count > 0;
        if let (false, Ok((to, _))) = (is_waiting, run.state.on(BulkPayoutEvent::Finish)) {
            self.set_state(id, to, step);
        }
    }

    /// Whether a payout's state and alarms let an event happen, and what it means.
    pub(super) fn plan(&self, id: &PayoutId, event: PayoutEvent) -> Result<Planned, PayoutError> {
        let payout = self.known(id)?;
        let refused = |refusal| PayoutError::Payout { payout: id.clone(), refusal };
        let (to, effects) = payout.state.on(event).map_err(refused)?;
        let of_its_own = Some(payout).filter(|_| {
            matches!(
                event,
                PayoutEvent::Submit | PayoutEvent::Retry | PayoutEvent::Cancel | PayoutEvent::Supersede
            )
        });
        // Its own key makes one transfer however often it is sent; an earlier one's is another transfer.
        let of_earlier = self.earlier_payouts(payout).filter(|_| {
            matches!(
                event,
                PayoutEvent::Submit | PayoutEvent::Resend | PayoutEvent::Retry | PayoutEvent::Cancel
            )
        });
        let mut alarms = of_its_own
            .into_iter()
            .chain(of_earlier)
            .filter_map(|payout| payout.alarms.first().map(|alarm| (payout.id.clone(), alarm.reason)));
        match alarms.next() {
            Some((payout, reason)) => Err(PayoutError::AlarmOpen { payout, reason }),
            None => Ok(Planned { payout: id.clone(), from: payout.state, to, effects }),
        }
    }

    /// The payouts that a payout's rows were in before.
    fn earlier_payouts<'a>(&'a self, payout: &'a Payout) -> impl Iterator<Item = &'a Payout> {
        let earlier = payout.rows.iter().filter_map(|row| self.earlier.get(row)).flatten();
        earlier.filter_map(|id| self.payouts.get(id)).filter(|earlier| earlier.id != payout.id)
    }

    /// The payouts that have rows of a payout now, each once.
    pub(super) fn heirs(&self, payout: &Payout) -> BTreeSet<PayoutId> {
        let holders = payout.rows.iter().filter_map(|row| self.payout_of_row(*row));
        holders.filter(|heir| heir.state.holds_rows()).map(|heir| heir.id.clone()).collect()
    }

    /// Does what was planned. An alarm is the business of who heard it.
    pub(super) fn carry_out(&mut self, planned: Planned, heir: Option<&PayoutId>, step: &mut Step) {
        let Planned { payout: id, from, to, effects } = planned;
        let Some(payout) = self.payouts.get_mut(&id) else { return };
        payout.state = to;
        if from != to {
            if let Some(run) = self.bulk_payouts.get_mut(&payout.bulk_payout) {
                run.tally.leave(from, payout.money);
                run.tally.enter(to, payout.money);
            }
            step.moves.push(PayoutMove { payout: id.clone(), from, to });
        }
        for effect in effects {
            let id = id.clone();
            step.effects.push(match effect {
                PayoutEffect::Submit => Effect::Submit(TransferOrder {
                    key: payout.key(),
                    payout: id,
                    money: payout.money,
                    account: payout.account.clone(),
                }),
                PayoutEffect::Post => {
                    Effect::Post { payout: id, from: from.place(), to: to.place(), money: payout.money }
                }
                PayoutEffect::Release => Effect::Release { payout: id, rows: payout.rows.clone() },
                PayoutEffect::Reclaim => {
                    for &row in &payout.rows {
                        put_row(&mut self.rows, &mut self.earlier, row, &id);
                    }
                    Effect::Reclaim { payout: id, rows: payout.rows.clone() }
                }
                PayoutEffect::HandOn => match heir {
                    Some(heir) => Effect::HandOn { payout: id, to: heir.clone(), rows: payout.rows.clone() },
                    None => continue,
                },
                PayoutEffect::Duplicate => Effect::Duplicate { payout: id },
                PayoutEffect::Alarm => continue,
            });
        }
    }

    pub(super) fn keep(&mut self, payout: Payout) {
        for &row in &payout.rows {
            put_row(&mut self.rows, &mut self.earlier, row, &payout.id);
        }
        if let Some(run) = self.bulk_payouts.get_mut(&payout.bulk_payout) {
            run.payouts.push(payout.id.clone());
            run.tally.enter(payout.state, payout.money);
        }
        self.keys.insert(payout.key(), payout.id.clone());
        self.payouts.insert(payout.id.clone(), payout);
    }

    pub(super) fn set_state(&mut self, id: &BulkPayoutId, to: BulkPayoutState, step: &mut Step) {
        let Some(run) = self.bulk_payouts.get_mut(id) else { return };
        let first = step.bulk_payout.take().map_or(run.state, |(_, from, _)| from);
        step.bulk_payout = Some((id.clone(), first, to));
        run.state = to;
    }

    pub(super) fn known(&self, id: &PayoutId) -> Result<&Payout, PayoutError> {
        self.payouts.get(id).ok_or_else(|| PayoutError::UnknownPayout(id.clone()))
    }

    pub(super) fn run(&self, id: &BulkPayoutId) -> Result<&BulkPayout, PayoutError> {
        self.bulk_payouts.get(id).ok_or_else(|| PayoutError::UnknownBulkPayout(id.clone()))
    }
}

/// Notes the payout that a row goes into, and keeps the one that it was in.
fn put_row(
    rows: &mut BTreeMap<RowNumber, PayoutId>,
    earlier: &mut BTreeMap<RowNumber, Vec<PayoutId>>,
    row: RowNumber,
    payout: &PayoutId,
) {
    if let Some(before) = rows.insert(row, payout.clone()) {
        earlier.entry(row).or_default().push(before);
    }
}
