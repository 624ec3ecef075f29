//! Laws of payouts over random histories: of a bank that keeps its word but answers late, twice, in any order or not at all, and of one
//! that says anything.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use jeongsan::document::{BulkPayoutDocument, PayoutDocument};
use jeongsan::id::{BulkPayoutId, PayoutId};
use jeongsan::money::{Amount, Currency, Money};
use jeongsan::partner::Account;
use jeongsan::payout::{
    BankAnswer, BulkPayoutState, Effect, Failure, Feedback, IdempotencyKey, NewBulkPayout, NewPayout, Payout,
    PayoutError, PayoutMethod, PayoutOptions, PayoutState, Payouts, Place, Retry, RowNumber, RowStatus, Step,
    Total, TransferOrder, Verdict,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

const ROWS: u64 = 12;
const DOUBTFUL: &[PayoutState] =
    &[PayoutState::Failed, PayoutState::Stopped, PayoutState::Returned, PayoutState::Unknown];
const SENT: &[PayoutState] = &[PayoutState::Processing, PayoutState::Unknown, PayoutState::Succeeded];

/// A wish; whether it may be is for the registry to say. The number of a run counts from the last one; that of a payout, if even, counts
/// those that the wish makes sense for, if odd, all.
#[derive(Clone, Debug)]
enum Wish {
    Open,
    Add {
        first: u64,
        count: u64,
    },
    Retry {
        payout: usize,
    },
    Confirm,
    /// The last run starts.
    Go,
    Deposit {
        minor: i64,
    },
    Schedule {
        run: usize,
        slots: i32,
    },
    Reschedule {
        run: usize,
        slots: i32,
    },
    Start {
        run: usize,
    },
    Stop {
        run: usize,
    },
    CancelRun {
        run: usize,
    },
    Cancel {
        payout: usize,
    },
    Submit {
        payout: usize,
    },
    SubmitAll,
    Resend {
        payout: usize,
    },
    NoAnswer {
        payout: usize,
    },
    Rule {
        payout: usize,
        verdict: Verdict,
    },
    /// What a lying bank says.
    Hear {
        payout: usize,
        answer: BankAnswer,
        shift: i64,
    },
    /// The honest bank decides about an order that it has.
    Decide {
        order: usize,
        is_paid: bool,
    },
    /// The honest bank takes the money back.
    Return {
        order: usize,
    },
    /// One of the honest bank's messages arrives, and perhaps will again.
    Deliver {
        message: usize,
        again: bool,
    },
    Wait {
        minutes: i64,
    },
}

fn failure() -> Failure {
    Failure { code: "415".into(), text: "account closed".into() }
}

fn answer() -> impl Strategy<Value = BankAnswer> {
    prop_oneof![
        Just(BankAnswer::Accepted),
        Just(BankAnswer::Paid),
        Just(BankAnswer::Failed(failure())),
        Just(BankAnswer::Returned(failure())),
    ]
}

/// Wishes of the merchant's side.
fn wish() -> impl Strategy<Value = Wish> {
    prop_oneof![
        2 => Just(Wish::Open),
        8 => (0..ROWS, 1_u64..4).prop_map(|(first, count)| Wish::Add { first, count }),
        8 => (0_usize..12).prop_map(|payout| Wish::Retry { payout }),
        1 => Just(Wish::Confirm),
        6 => Just(Wish::Go),
        1 => (1_i64..2_000).prop_map(|minor| Wish::Deposit { minor }),
        4 => (0_usize..2, -1..6).prop_map(|(run, slots)| Wish::Schedule { run, slots }),
        1 => (0_usize..3, -1..6).prop_map(|(run, slots)| Wish::Reschedule { run, slots }),
        2 => (0_usize..2).prop_map(|run| Wish::Start { run }),
        1 => (0_usize..2).prop_map(|run| Wish::Stop { run }),
        1 => (0_usize..3).prop_map(|run| Wish::CancelRun { run }),
        1 => (0_usize..12).prop_map(|payout| Wish::Cancel { payout }),
        4 => (0_usize..12).prop_map(|payout| Wish::Submit { payout }),
        8 => Just(Wish::SubmitAll),
        2 => (0_usize..12).prop_map(|payout| Wish::Resend { payout }),
        2 => (0_usize..12).prop_map(|payout| Wish::NoAnswer { payout }),
        1 => (1_i64..600).prop_map(|minutes| Wish::Wait { minutes }),
    ]
}

fn honest() -> impl Strategy<Value = Wish> {
    prop_oneof![
        30 => wish(),
        10 => (0_usize..4, prop::bool::weighted(0.7)).prop_map(|(order, is_paid)| Wish::Decide { order, is_paid }),
        1 => (0_usize..8).prop_map(|order| Wish::Return { order }),
        16 => (0_usize..20, prop::bool::weighted(0.3)).prop_map(|(message, again)| Wish::Deliver { message, again }),
        1 => (0_usize..12).prop_map(|payout| Wish::Rule { payout, verdict: Verdict::Paid }),
    ]
}

fn lying() -> impl Strategy<Value = Wish> {
    let verdict = prop_oneof![Just(Verdict::Paid), Just(Verdict::Unpaid)];
    prop_oneof![
        30 => wish(),
        16 => (0_usize..12, answer(), prop_oneof![9 => Just(0_i64), 1 => -1_i64..2])
            .prop_map(|(payout, answer, shift)| Wish::Hear { payout, answer, shift }),
        4 => (0_usize..12, verdict).prop_map(|(payout, verdict)| Wish::Rule { payout, verdict }),
    ]
}

/// What the honest bank has done under a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum AtBank {
    Taken,
    Paid,
    Failed,
    Returned,
}

struct World {
    payouts: Payouts,
    now: DateTime<FixedOffset>,
    runs: Vec<BulkPayoutId>,
    ids: Vec<PayoutId>,
    /// Whose each row is, told by effects alone.
    owners: BTreeMap<RowNumber, PayoutId>,
    /// Where each payout's money is, told by effects alone.
    places: BTreeMap<PayoutId, Place>,
    /// The key and the order that each payout was sent with.
    orders: BTreeMap<PayoutId, TransferOrder>,
    bank: Vec<(IdempotencyKey, AtBank)>,
    messages: Vec<(IdempotencyKey, BankAnswer)>,
    alarms: usize,
    reclaimed: usize,
    /// What came of each wish.
    told: Vec<String>,
}

fn money(rows: &[RowNumber]) -> Money {
    Money::new(Amount::new(rows.iter().map(|row| amount(*row)).sum()), Currency::KRW)
}

/// Of each row a power of two, so that a sum tells which rows are in it.
fn amount(row: RowNumber) -> i64 {
    1 << row.number()
}

impl World {
    fn new() -> Self {
        let mut payouts = Payouts::new(PayoutOptions::default());
        payouts.deposit(Money::new(Amount::new(3_500), Currency::KRW)).unwrap();
        Self {
            payouts,
            now: DateTime::parse_from_rfc3339("2026-03-13T10:05:00+09:00").unwrap(),
            runs: vec![],
            ids: vec![],
            owners: BTreeMap::new(),
            places: BTreeMap::new(),
            orders: BTreeMap::new(),
            bank: vec![],
            messages: vec![],
            alarms: 0,
            reclaimed: 0,
            told: vec![],
        }
    }

    /// The run that many from the last.
    fn run(&self, back: usize) -> BulkPayoutId {
        self.runs.iter().rev().nth(back).cloned().unwrap_or_else(|| "none".parse().unwrap())
    }

    /// The payout of a number: of an even one, among those in one of the states.
    fn id(&self, number: usize, apt: &[PayoutState]) -> PayoutId {
        let is_apt = |id: &&PayoutId| apt.contains(&self.payouts.payout(id).unwrap().state);
        let apt: Vec<&PayoutId> = self.ids.iter().filter(is_apt).collect();
        let any: Vec<&PayoutId> = self.ids.iter().collect();
        let among = if number.is_multiple_of(2) && !apt.is_empty() { apt } else { any };
        let place = among.len().checked_sub(1).map(|last| last.saturating_sub(number / 2));
        place.map_or_else(|| "none".parse().unwrap(), |place| among[place].clone())
    }

    fn next_id(&self) -> PayoutId {
        format!("po-{}", self.ids.len()).parse().unwrap()
    }

    fn slot(&self, slots: i32) -> DateTime<FixedOffset> {
        let start = self.now.timestamp().div_euclid(600) * 600 + 600 * i64::from(slots);
        DateTime::from_timestamp(start, 0).unwrap().with_timezone(self.now.offset())
    }

    fn open(&mut self) -> Result<Step, PayoutError> {
        let id: BulkPayoutId = format!("run-{}", self.runs.len()).parse().unwrap();
        let step = self.payouts.open(NewBulkPayout {
            id: id.clone(),
            method: PayoutMethod::Agency,
            currency: Currency::KRW,
            settlement_dates: vec![NaiveDate::MIN],
        })?;
        self.runs.push(id);
        Ok(step)
    }

    fn add(&mut self, first: u64, count: u64) -> Result<Step, PayoutError> {
        let rows: Vec<RowNumber> = (first..first + count).map(|row| RowNumber::new(row % ROWS)).collect();
        let id = self.next_id();
        let account = Account::new("088".into(), "1".into(), "h".into(), Currency::KRW);
        let new = NewPayout {
            id: id.clone(),
            partner: "seller-1".parse().unwrap(),
            money: money(&rows),
            account,
            rows: rows.clone(),
        };
        let step = self.payouts.add(&self.run(0), new)?;
        for row in rows {
            let before = self.owners.insert(row, id.clone());
            assert_eq!(before, None, "row {row} was taken twice");
        }
        self.ids.push(id);
        Ok(step)
    }

    fn hear(
        &mut self,
        key: IdempotencyKey,
        answer: BankAnswer,
        money: Option<Money>,
    ) -> Result<Step, PayoutError> {
        self.payouts.hear(&Feedback { key, money, answer })
    }

    /// A person's verdict about the honest bank, which is asked first, gives the order up if it hasn't decided, and recalls what it
    /// hasn't said yet: an acceptance that comes after all would be an alarm, and rightly so.
    fn rule_honestly(&mut self, id: &PayoutId) -> Result<Step, PayoutError> {
        let key = self.payouts.payout(id).map(Payout::key);
        let entry = self.bank.iter_mut().find(|entry| Some(entry.0) == key);
        let is_paid = entry.as_ref().is_some_and(|entry| entry.1 == AtBank::Paid);
        let step = self.payouts.rule(id, if is_paid { Verdict::Paid } else { Verdict::Unpaid })?;
        if let Some((key, state)) = entry {
            if *state == AtBank::Taken {
                *state = AtBank::Failed;
            }
            self.messages.retain(|message| message.0 != *key);
        }
        Ok(step)
    }

    /// Does what a wish needs before it, if that may be.
    fn make_way(&mut self, wish: &Wish) {
        let _ = match wish {
            Wish::Add { .. } | Wish::Retry { .. } => self.open(),
            Wish::Go | Wish::Schedule { .. } => self.payouts.confirm(&self.run(0)),
            _ => return,
        };
    }

    fn fulfil(&mut self, wish: Wish, is_honest: bool) -> Result<Step, PayoutError> {
        match wish {
            Wish::Open => self.open(),
            Wish::Add { first, count } => self.add(first, count),
            Wish::Retry { payout } => {
                let id = self.next_id();
                let retry = Retry { payout: self.id(payout, DOUBTFUL), id: id.clone(), account: None };
                let step = self.payouts.retry(&self.run(0), retry)?;
                self.ids.push(id);
                Ok(step)
            }
            Wish::Go => self.payouts.start(&self.run(0), self.now),
            Wish::Deposit { minor } => {
                self.payouts.deposit(Money::new(Amount::new(minor), Currency::KRW))?;
                Ok(Step::default())
            }
            Wish::Confirm => self.payouts.confirm(&self.run(0)),
            Wish::Schedule { run, slots } => {
                self.payouts.schedule(&self.run(run), self.slot(slots), self.now)
            }
            Wish::Reschedule { run, slots } => {
                self.payouts.reschedule(&self.run(run), self.slot(slots), self.now)
            }
            Wish::Start { run } => self.payouts.start(&self.run(run), self.now),
            Wish::Stop { run } => self.payouts.stop(&self.run(run)),
            Wish::CancelRun { run } => self.payouts.cancel_bulk_payout(&self.run(run)),
            Wish::Cancel { payout } => self.payouts.cancel(&self.id(payout, DOUBTFUL)),
            Wish::Submit { payout } => self.payouts.submit(&self.id(payout, &[PayoutState::Prepared])),
            Wish::SubmitAll => {
                let prepared = self.payouts.payouts().filter(|payout| payout.state == PayoutState::Prepared);
                let ids: Vec<PayoutId> = prepared.map(|payout| payout.id.clone()).collect();
                let mut all = Step::default();
                for id in ids {
                    // One with an alarm stays.
                    if let Ok(step) = self.payouts.submit(&id) {
                        all.effects.extend(step.effects);
                    }
                }
                Ok(all)
            }
            Wish::Resend { payout } => self.payouts.resend(&self.id(payout, SENT)),
            Wish::NoAnswer { payout } => self.payouts.no_answer(&self.id(payout, SENT)),
            Wish::Rule { payout, .. } if is_honest => {
                self.rule_honestly(&self.id(payout, &[PayoutState::Unknown]))
            }
            Wish::Rule { payout, verdict } => {
                self.payouts.rule(&self.id(payout, &[PayoutState::Unknown]), verdict)
            }
            Wish::Hear { payout, answer, shift } => {
                let payout = self.payouts.payout(&self.id(payout, SENT)).cloned();
                let Some(payout) = payout else { return Ok(Step::default()) };
                let minor = payout.money.amount().minor() + shift;
                self.hear(payout.key(), answer, Some(Money::new(Amount::new(minor), Currency::KRW)))
            }
            Wish::Decide { order, is_paid } => {
                let taken = self.bank.iter_mut().filter(|entry| entry.1 == AtBank::Taken);
                if let Some((key, state)) = taken.into_iter().nth(order) {
                    let answer = if is_paid { BankAnswer::Paid } else { BankAnswer::Failed(failure()) };
                    *state = if is_paid { AtBank::Paid } else { AtBank::Failed };
                    self.messages.push((*key, answer));
                }
                Ok(Step::default())
            }
            Wish::Return { order } => {
                if let Some((key, state @ AtBank::Paid)) = self.bank.iter_mut().rev().nth(order) {
                    *state = AtBank::Returned;
                    self.messages.push((*key, BankAnswer::Returned(failure())));
                }
                Ok(Step::default())
            }
            Wish::Deliver { message, again } => {
                let Some(place) = self.messages.len().checked_sub(1).map(|last| last.min(message)) else {
                    return Ok(Step::default());
                };
                let (key, answer) =
                    if again { self.messages[place].clone() } else { self.messages.remove(place) };
                self.hear(key, answer, None)
            }
            Wish::Wait { minutes } => {
                self.now += TimeDelta::minutes(minutes);
                Ok(Step::default())
            }
        }
    }

    /// Takes the effects to heart, as a ledger and a bank would.
    fn note(&mut self, step: &Step) {
        for effect in &step.effects {
            match effect {
                Effect::Submit(order) => {
                    self.check_no_alarm_behind(&order.payout);
                    let first = self.orders.entry(order.payout.clone()).or_insert_with(|| order.clone());
                    assert_eq!(first, order, "an order changed on its way");
                    if self.bank.iter().all(|entry| entry.0 != order.key) {
                        self.bank.push((order.key, AtBank::Taken));
                        self.messages.push((order.key, BankAnswer::Accepted));
                    }
                }
                Effect::Post { payout, from, to, money } => {
                    assert_eq!(self.payouts.payout(payout).unwrap().money, *money);
                    let before = self.places.insert(payout.clone(), *to).unwrap_or(Place::Payable);
                    assert_eq!(before, *from, "money was posted from where it isn't");
                }
                Effect::Release { payout, rows } => {
                    for row in rows {
                        assert_eq!(self.owners.remove(row).as_ref(), Some(payout));
                    }
                }
                Effect::HandOn { payout, to, rows } => {
                    for row in rows {
                        assert_eq!(self.owners.insert(*row, to.clone()).as_ref(), Some(payout));
                    }
                }
                Effect::Reclaim { payout, rows } => {
                    for row in rows {
                        let before = self.owners.insert(*row, payout.clone());
                        assert_eq!(before, None, "row {row} was taken back from {before:?}");
                    }
                    self.reclaimed += 1;
                }
                Effect::Alarm { .. } => self.alarms += 1,
                Effect::AlarmsCleared { .. } | Effect::Duplicate { .. } => {}
            }
        }
    }

    /// What a bank says that it has paid after all isn't sent again in another payout.
    fn check_no_alarm_behind(&self, sent: &PayoutId) {
        let sent = self.payouts.payout(sent).unwrap();
        for other in self.payouts.payouts().filter(|other| other.id != sent.id) {
            let shares = other.rows.iter().any(|row| sent.rows.contains(row));
            let is_open = shares && !other.alarms.is_empty();
            assert!(!is_open, "{} is sent while {} has an alarm", sent.id, other.id);
        }
    }

    fn live(wishes: &[Wish], is_honest: bool) -> Self {
        let mut world = Self::new();
        for wish in wishes {
            world.make_way(wish);
            let before = format!("{:?}", world.payouts);
            let told = match world.fulfil(wish.clone(), is_honest) {
                Ok(step) => {
                    world.note(&step);
                    if step.is_duplicate() {
                        assert_eq!(format!("{:?}", world.payouts), before, "a duplicate changed something");
                    }
                    format!("{step:?}")
                }
                Err(error) => {
                    assert_eq!(format!("{:?}", world.payouts), before, "a refused fact changed something");
                    error.to_string()
                }
            };
            world.told.push(told);
            world.check();
        }
        world
    }

    /// What holds at any time.
    fn check(&self) {
        self.check_rows();
        self.check_runs();
        assert!(self.paid_at_bank().values().all(|times| *times == 1), "a row is paid twice");
        let keys: BTreeSet<_> = self.payouts.payouts().map(Payout::key).collect();
        assert_eq!(keys.len(), self.payouts.payouts().count(), "two payouts have one key");
    }

    /// The rows that the honest bank has paid and not taken back, with how often.
    fn paid_at_bank(&self) -> BTreeMap<RowNumber, usize> {
        let mut rows: BTreeMap<RowNumber, usize> = BTreeMap::new();
        for (key, _) in self.bank.iter().filter(|entry| entry.1 == AtBank::Paid) {
            let payout = self.payouts.payouts().find(|payout| payout.key() == *key).unwrap();
            for row in &payout.rows {
                *rows.entry(*row).or_default() += 1;
            }
        }
        rows
    }

    /// Each row is open, or in one payout that isn't paid, or paid; and the money is where the rows are.
    fn check_rows(&self) {
        let mut sums: BTreeMap<Place, i64> = BTreeMap::new();
        for row in (0..ROWS).map(RowNumber::new) {
            let holders: Vec<&Payout> = self
                .payouts
                .payouts()
                .filter(|payout| payout.state.holds_rows() && payout.rows.contains(&row))
                .collect();
            assert!(holders.len() <= 1, "row {row} is in {holders:?}");
            let owner = self.owners.get(&row);
            assert_eq!(holders.first().map(|payout| &payout.id), owner, "row {row}");
            let place = owner.and_then(|owner| self.places.get(owner)).copied().unwrap_or(Place::Payable);
            *sums.entry(place).or_default() += amount(row);
            match (self.payouts.row_status(row), holders.first()) {
                (None | Some(RowStatus::Cancelled), None) => {}
                (status, Some(payout)) => {
                    assert_eq!(status, Some(payout.row_status()));
                    assert_eq!(status == Some(RowStatus::PaidOut), place == Place::Paid);
                    assert_eq!(payout.state.place(), place);
                }
                (status, None) => panic!("row {row} shows {status:?} and is in no payout"),
            }
        }
        assert_eq!(sums.values().sum::<i64>(), (1 << ROWS) - 1);
        for payout in self.payouts.payouts() {
            let posted = self.places.get(&payout.id).copied().unwrap_or(Place::Payable);
            assert_eq!(payout.state.place(), posted, "payout {}", payout.id);
        }
        let in_place = |place| {
            let payouts = self.payouts.payouts().filter(|payout| payout.state.place() == place);
            payouts.map(|payout| payout.money.amount().minor()).sum::<i64>()
        };
        for place in [Place::InTransit, Place::Paid] {
            assert_eq!(in_place(place), sums.get(&place).copied().unwrap_or(0));
        }
    }

    fn check_runs(&self) {
        let running = self.payouts.bulk_payouts().filter(|run| run.state.is_running()).count();
        assert!(running <= 1);
        for run in self.payouts.bulk_payouts() {
            let mut tally: BTreeMap<PayoutState, Total> = BTreeMap::new();
            for payout in run.payouts.iter().map(|id| self.payouts.payout(id).unwrap()) {
                assert_eq!(payout.bulk_payout, run.id);
                let total = tally.entry(payout.state).or_default();
                total.count += 1;
                total.amount += i128::from(payout.money.amount().minor());
                assert!(may_be_in(payout.state, run.state), "{} in {}", payout.state, run.state);
            }
            assert_eq!(run.tally.iter().collect::<Vec<_>>(), tally.into_iter().collect::<Vec<_>>());
            let is_open = run.tally.total(PayoutState::is_open).count > 0;
            assert!(is_open || !run.state.is_running(), "a run waits for nothing");
        }
    }

    /// The documents of everything.
    fn bytes(&self) -> String {
        let runs: Vec<_> = self.payouts.bulk_payouts().map(BulkPayoutDocument::from).collect();
        let payouts: Vec<_> = self.payouts.payouts().map(PayoutDocument::from).collect();
        serde_json::to_string(&(runs, payouts)).unwrap()
    }
}

/// The states of payouts that agree with a run's.
fn may_be_in(payout: PayoutState, run: BulkPayoutState) -> bool {
    let has_ended = !payout.is_open();
    // What a person found paid before it was sent, and what became of that.
    let is_ruled = matches!(
        payout,
        PayoutState::Cancelled | PayoutState::Succeeded | PayoutState::Returned | PayoutState::Retried
    );
    match run {
        BulkPayoutState::Preparing | BulkPayoutState::Prepared => {
            payout == PayoutState::Confirmed || is_ruled
        }
        BulkPayoutState::Scheduled => payout == PayoutState::Scheduled || is_ruled,
        BulkPayoutState::Ongoing => !matches!(payout, PayoutState::Confirmed | PayoutState::Scheduled),
        BulkPayoutState::Stopping => {
            matches!(payout, PayoutState::Processing | PayoutState::Unknown) || has_ended
        }
        BulkPayoutState::Completed => has_ended,
        BulkPayoutState::Cancelled => is_ruled,
    }
}

proptest! {
    #[test]
    fn an_honest_bank_pays_no_row_twice_and_raises_no_alarm(wishes in prop::collection::vec(honest(), 1..120)) {
        let mut world = World::live(&wishes, true);
        // In the end the bank decides and every message arrives.
        let undecided = world.bank.iter().filter(|entry| entry.1 == AtBank::Taken).count();
        let mut rest: Vec<Wish> = (0..world.bank.len()).map(|_| Wish::Decide { order: 0, is_paid: true }).collect();
        rest.extend((0..world.messages.len() + undecided).map(|_| Wish::Deliver { message: 0, again: false }));
        for wish in rest {
            let step = world.fulfil(wish, true).unwrap();
            world.note(&step);
            world.check();
        }
        prop_assert_eq!(world.alarms, 0);
        prop_assert!(world.payouts.available(Currency::KRW) >= 0);
        let paid_rows = (0..ROWS).map(RowNumber::new).filter(|row| {
            world.payouts.row_status(*row) == Some(RowStatus::PaidOut)
        });
        prop_assert_eq!(paid_rows.collect::<Vec<_>>(), world.paid_at_bank().into_keys().collect::<Vec<_>>());
    }

    #[test]
    fn whatever_a_bank_says_no_row_is_lost_and_a_replay_gives_the_same_bytes(
        wishes in prop::collection::vec(lying(), 1..120)
    ) {
        let (first, second) = (World::live(&wishes, false), World::live(&wishes, false));
        prop_assert_eq!(&first.told, &second.told);
        prop_assert_eq!(first.bytes(), second.bytes());
    }
}

/// The laws are worth what the histories reach.
#[test]
fn the_histories_reach_every_state() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut states, mut runs, mut depth, mut reclaimed) = (BTreeMap::new(), BTreeMap::new(), 0, 0);
    for _ in 0..100 {
        for is_honest in [true, false] {
            let wishes = if is_honest {
                prop::collection::vec(honest(), 120).new_tree(&mut runner).unwrap().current()
            } else {
                prop::collection::vec(lying(), 120).new_tree(&mut runner).unwrap().current()
            };
            let world = World::live(&wishes, is_honest);
            reclaimed += world.reclaimed;
            for payout in world.payouts.payouts() {
                *states.entry(payout.state).or_insert(0) += 1;
                depth = depth.max(payout.attempt);
            }
            for run in world.payouts.bulk_payouts() {
                *runs.entry((run.state, run.coverage())).or_insert(0) += 1;
            }
        }
    }
    println!("{states:?}\n{runs:?}\n{depth} attempts");
    assert!(PayoutState::ALL.iter().all(|state| states.contains_key(state)), "{states:?}");
    let seen = |state: &BulkPayoutState| runs.keys().any(|key| key.0 == *state);
    assert!(BulkPayoutState::ALL.iter().all(seen), "{runs:?}");
    assert!(depth >= 3, "{depth} attempts");
    assert!(reclaimed > 0, "no row was taken back");
}
