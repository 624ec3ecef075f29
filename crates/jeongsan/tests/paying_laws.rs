//! Laws of the ledger and its payouts together, over random histories of orders, cancellations, holds, closings, bulk payouts and what banks
//! answer.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use chrono::{DateTime, Days, FixedOffset, NaiveDate};
use jeongsan::due::{Arrival, Incoming, PayableNumber};
use jeongsan::figures::Figures;
use jeongsan::funding::FunderParts;
use jeongsan::hold::{Hold, HoldTarget, Release};
use jeongsan::id::{BulkPayoutId, EventId, PartnerId, PayoutId};
use jeongsan::journal::Account as Ledgered;
use jeongsan::ledger::{
    Applied, Certificate, Fact, Ledger, PayoutAction, PayoutFact, PayoutTarget, Place, Step,
};
use jeongsan::money::{Amount, Currency, Money};
use jeongsan::partner::{Account, PartnerKind, PayableTerms, Tranche, Verification, VerificationState};
use jeongsan::payable::PayableState;
use jeongsan::payout::{
    BankAnswer, Effect, Failure, NewBulkPayout, PayoutMethod, PayoutState, Place as PayoutPlace, Verdict,
};
use jeongsan::settle::SettlementKind;
use jeongsan::tax::Basis;
use proptest::prelude::*;

const KRW: Currency = Currency::KRW;
const PARTNERS: u8 = 4;

/// A step of a history. Payouts and payables are numbers, taken modulo what there is; runs count from the last.
#[derive(Clone, Debug)]
enum Op {
    Order {
        order: u8,
        amount: i64,
    },
    TakeBack {
        order: u8,
        amount: i64,
    },
    Hold {
        partner: u8,
    },
    Release,
    Account {
        partner: u8,
        is_mismatch: bool,
    },
    Close {
        days: u8,
    },
    Open {
        agency: bool,
    },
    Go,
    Schedule,
    Start {
        run: u8,
    },
    SubmitAll,
    Submit {
        payout: u8,
    },
    Stop,
    CancelRun,
    Cancel {
        payout: u8,
    },
    Retry {
        payout: u8,
    },
    NoAnswer {
        payout: u8,
    },
    Resend {
        payout: u8,
    },
    Hear {
        payout: u8,
        answer: BankAnswer,
        is_other_amount: bool,
    },
    Rule {
        payout: u8,
        verdict: Verdict,
    },
    Fund {
        amount: i64,
    },
    /// What a payout may move alone.
    Past {
        payable: u8,
        to: PayableState,
    },
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let failure = || Failure { code: "415".into(), text: "account closed".into() };
    let answer = prop_oneof![
        1 => Just(BankAnswer::Accepted),
        6 => Just(BankAnswer::Paid),
        3 => Just(BankAnswer::Failed(failure())),
        2 => Just(BankAnswer::Returned(failure())),
    ];
    let verdict = prop_oneof![Just(Verdict::Paid), Just(Verdict::Unpaid)];
    let past =
        prop_oneof![Just(PayableState::InTransit), Just(PayableState::Paid), Just(PayableState::GivenBack)];
    let op = prop_oneof![
        8 => (0_u8..40, 1_i64..200_000).prop_map(|(order, amount)| Op::Order { order, amount }),
        2 => (0_u8..40, 1_i64..50_000).prop_map(|(order, amount)| Op::TakeBack { order, amount }),
        1 => (0..PARTNERS).prop_map(|partner| Op::Hold { partner }),
        2 => Just(Op::Release),
        1 => (0..PARTNERS, prop::bool::weighted(0.4))
            .prop_map(|(partner, is_mismatch)| Op::Account { partner, is_mismatch }),
        6 => (0_u8..3).prop_map(|days| Op::Close { days }),
        6 => prop::bool::weighted(0.3).prop_map(|agency| Op::Open { agency }),
        6 => Just(Op::Go),
        1 => Just(Op::Schedule),
        1 => (0_u8..3).prop_map(|run| Op::Start { run }),
        6 => Just(Op::SubmitAll),
        2 => any::<u8>().prop_map(|payout| Op::Submit { payout }),
        1 => Just(Op::Stop),
        1 => Just(Op::CancelRun),
        2 => any::<u8>().prop_map(|payout| Op::Cancel { payout }),
        6 => any::<u8>().prop_map(|payout| Op::Retry { payout }),
        1 => any::<u8>().prop_map(|payout| Op::NoAnswer { payout }),
        1 => any::<u8>().prop_map(|payout| Op::Resend { payout }),
        12 => (any::<u8>(), answer, prop::bool::weighted(0.05))
            .prop_map(|(payout, answer, is_other_amount)| Op::Hear { payout, answer, is_other_amount }),
        3 => (any::<u8>(), verdict).prop_map(|(payout, verdict)| Op::Rule { payout, verdict }),
        1 => (-50_000_i64..500_000).prop_map(|amount| Op::Fund { amount }),
        1 => (any::<u8>(), past).prop_map(|(payable, to)| Op::Past { payable, to }),
    ];
    proptest::collection::vec(op, 1..90)
}

fn partner(number: u8) -> PartnerId {
    format!("seller-{}", number % PARTNERS).parse().unwrap()
}

/// A ledger with what a careful bookkeeper notes beside it, by what is told alone.
struct World {
    ledger: Ledger,
    day: NaiveDate,
    facts: u32,
    holds: Vec<EventId>,
    given: i128,
    /// Where each payout's money is.
    places: BTreeMap<PayoutId, (PayoutPlace, Money)>,
    told: Vec<String>,
}

impl World {
    fn new() -> Self {
        let mut ledger = Ledger::new();
        let tranche = Tranche { share: "10%".parse().unwrap(), days: 2 };
        let terms = PayableTerms { reserve: vec![tranche], ..PayableTerms::default() };
        ledger.agree(Some(partner(1)), KRW, terms).unwrap();
        ledger
            .agree(Some(partner(0)), KRW, PayableTerms { basis: Basis::Net, ..PayableTerms::default() })
            .unwrap();
        ledger.tax_as(partner(0), PartnerKind::Business);
        ledger.tax_as(partner(1), PartnerKind::Withholding);
        ledger.tax_as(partner(2), PartnerKind::NonWithholding);
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let mut world =
            Self { ledger, day, facts: 0, holds: vec![], given: 0, places: BTreeMap::new(), told: vec![] };
        // The last partner has no account at first.
        for number in 0..PARTNERS - 1 {
            world.account(number, false);
        }
        world
    }

    fn account(&mut self, number: u8, is_mismatch: bool) {
        let mut account = Account::new("088".into(), number.to_string(), "h".into(), KRW);
        if is_mismatch {
            account.verification =
                Verification::new(VerificationState::Mismatch, Some(self.day), None).unwrap();
        }
        self.ledger.pay_to(partner(number), account);
    }

    fn id(&mut self) -> EventId {
        self.facts += 1;
        format!("f-{}", self.facts).parse().unwrap()
    }

    fn now(&self) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(&format!("{}T10:05:00+09:00", self.day)).unwrap()
    }

    fn runs(&self) -> Vec<BulkPayoutId> {
        self.ledger.payouts().bulk_payouts().map(|run| run.id.clone()).collect()
    }

    fn run(&self, back: u8) -> Option<BulkPayoutId> {
        let runs = self.runs();
        runs.len().checked_sub(1 + usize::from(back)).map(|place| runs[place].clone())
    }

    fn payout(&self, number: u8) -> Option<PayoutId> {
        let ids: Vec<_> = self.ledger.payouts().payouts().map(|payout| payout.id.clone()).collect();
        (!ids.is_empty()).then(|| ids[usize::from(number) % ids.len()].clone())
    }

    /// Does a step; `None` when it was refused or there is nothing to do it to.
    fn step(&mut self, op: &Op) -> Option<()> {
        match op.clone() {
            Op::Order { .. } | Op::TakeBack { .. } => self.settle(op),
            Op::Hold { partner: number } => {
                let id = self.id();
                let hold = Hold::new(id.clone(), HoldTarget::Partner(partner(number)), "c", "r", self.day);
                self.apply(Fact::Hold(hold)).map(|()| self.holds.push(id))
            }
            Op::Release => {
                let hold = self.holds.pop()?;
                let id = self.id();
                self.apply(Fact::Release(Release { id, hold, by: "r".into(), date: self.day }))
            }
            Op::Account { partner, is_mismatch } => {
                self.account(partner, is_mismatch);
                Some(())
            }
            Op::Close { days } => {
                self.day = self.day + Days::new(u64::from(days));
                let id = self.id();
                self.apply(Fact::Close { id, date: self.day })
            }
            Op::Go => {
                let bulk_payout = self.run(0)?;
                self.act(PayoutAction::Confirm(bulk_payout.clone()))?;
                self.act(PayoutAction::Start { bulk_payout, now: self.now() })
            }
            Op::Past { payable, to } => {
                let payable = PayableNumber::new(u64::from(payable % 6) + 1);
                let step = match to {
                    PayableState::InTransit => self.ledger.send(payable, self.day),
                    PayableState::Paid => self.ledger.arrive(payable, self.day),
                    _ => self.ledger.give_back(payable, self.day),
                };
                assert!(step.is_err() || self.ledger.payout_of(payable).is_none());
                step.ok().map(|_| ())
            }
            op => {
                let action = self.action(op)?;
                self.act(action)
            }
        }
    }

    fn action(&self, op: Op) -> Option<PayoutAction> {
        Some(match op {
            Op::Open { agency } => PayoutAction::Open(NewBulkPayout {
                id: format!("run-{:03}", self.runs().len()).parse().unwrap(),
                method: if agency { PayoutMethod::Agency } else { PayoutMethod::Direct },
                currency: KRW,
                settlement_dates: (0..8).map(|days| self.day - Days::new(days)).collect(),
            }),
            Op::Schedule => {
                let at = self.now() + Days::new(1) - chrono::TimeDelta::minutes(5);
                PayoutAction::Schedule { bulk_payout: self.run(0)?, at, now: self.now() }
            }
            Op::Start { run } => PayoutAction::Start { bulk_payout: self.run(run)?, now: self.now() },
            Op::SubmitAll => PayoutAction::Submit(PayoutTarget::BulkPayout(self.run(0)?)),
            Op::Submit { payout } => PayoutAction::Submit(PayoutTarget::Payout(self.payout(payout)?)),
            Op::Stop => PayoutAction::Stop(self.run(0)?),
            Op::CancelRun => PayoutAction::Cancel(PayoutTarget::BulkPayout(self.run(0)?)),
            Op::Cancel { payout } => PayoutAction::Cancel(PayoutTarget::Payout(self.payout(payout)?)),
            Op::Retry { payout } => {
                PayoutAction::Retry { payout: self.payout(payout)?, bulk_payout: self.run(0)? }
            }
            Op::NoAnswer { payout } => PayoutAction::NoAnswer(self.payout(payout)?),
            Op::Resend { payout } => PayoutAction::Resend(self.payout(payout)?),
            Op::Hear { payout, answer, is_other_amount } => {
                let money = is_other_amount.then_some(Money::new(Amount::new(7), KRW));
                PayoutAction::Hear { payout: self.payout(payout)?, money, answer }
            }
            Op::Rule { payout, verdict } => PayoutAction::Rule { payout: self.payout(payout)?, verdict },
            Op::Fund { amount } => PayoutAction::Fund(Money::new(Amount::new(amount), KRW)),
            _ => return None,
        })
    }

    fn settle(&mut self, op: &Op) -> Option<()> {
        let (id, of_order, order, kind, amount) = match *op {
            Op::Order { order, amount } => (format!("o-{order}"), None, order, SettlementKind::Order, amount),
            Op::TakeBack { order, amount } => {
                let of = Some(format!("o-{order}").parse().unwrap());
                (format!("c-{order}-{amount}"), of, order, SettlementKind::Cancel, -amount)
            }
            _ => return None,
        };
        let figures = Figures {
            order: Amount::new(amount),
            payment: Amount::new(amount),
            settlement: Amount::new(amount),
            settlement_tax_free: Amount::new(amount / 3),
            ..Figures::ZERO
        };
        let incoming = Incoming {
            id: &id.parse().unwrap(),
            kind,
            cause: None,
            order: of_order.as_ref(),
            partner: &partner(order),
            contract: None,
            settlement_date: self.day,
            currency: KRW,
            figures: &figures,
            funders: &FunderParts::new(),
            parts: &[],
        };
        let recorded = self.ledger.settle(incoming).ok()?;
        if recorded.arrival == Arrival::Repeated {
            return None;
        }
        self.given += i128::from(amount);
        Some(())
    }

    fn act(&mut self, action: PayoutAction) -> Option<()> {
        let id = self.id();
        self.apply(Fact::Payout(PayoutFact { id, date: self.day, action }))
    }

    fn apply(&mut self, fact: Fact) -> Option<()> {
        let before = (self.ledger.digest(KRW, self.day), self.ledger.balances(KRW));
        let applied = self.ledger.apply(fact);
        self.told.push(format!("{applied:?}"));
        match applied {
            Ok(Applied::Step(step)) => self.note(&step),
            Ok(Applied::Closing(_)) => {}
            Err(_) => {
                let after = (self.ledger.digest(KRW, self.day), self.ledger.balances(KRW));
                assert_eq!(before, after, "a refusal changes nothing");
                return None;
            }
        }
        Some(())
    }

    fn note(&mut self, step: &Step) {
        for effect in &step.payouts.effects {
            if let Effect::Post { payout, from, to, money } = effect {
                let before = self.places.insert(payout.clone(), (*to, *money));
                assert_eq!(before.map_or(PayoutPlace::Payable, |before| before.0), *from);
            }
        }
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let certificate = self.ledger.certificate(KRW, self.day);
        prop_assert!(certificate.is_balanced(), "{certificate:#?}");
        let balances = self.ledger.balances(KRW);
        let of = |account| balances.get(&account).copied().unwrap_or(0);
        let placed: i128 = certificate.partners.iter().map(|line| line.1).sum();
        prop_assert_eq!(self.given, placed - of(Ledgered::Withholding) - of(Ledgered::VatAdded));
        self.check_payouts()?;
        self.check_sums(&certificate)
    }

    /// Each level shows what the one above it is.
    fn check_payouts(&self) -> Result<(), TestCaseError> {
        for payable in self.ledger.payables() {
            let Some(payout) = self.ledger.payout_of(payable.number) else { continue };
            prop_assert_eq!(self.ledger.payable_of(&payout.id), Some(payable));
            prop_assert_eq!(payout.money.amount(), payable.paid());
            prop_assert_ne!(payout.state, PayoutState::Retried, "another payout came behind it");
            if payout.state == PayoutState::Cancelled {
                prop_assert_eq!(payable.state, PayableState::GivenBack);
                continue;
            }
            let place: Place = payout.state.place().into();
            prop_assert_eq!(payable.state.place(), Some(place));
            for &row in &payable.rows {
                prop_assert_eq!(self.ledger.place_of(row, self.day), Some(place));
                prop_assert_eq!(self.ledger.row_status(row, self.day), Some(payout.row_status()));
                prop_assert_eq!(self.ledger.payouts().payout_of_row(row), Some(payout));
            }
        }
        for payout in self.ledger.payouts().payouts() {
            prop_assert!(self.ledger.payable_of(&payout.id).is_some());
        }
        Ok(())
    }

    /// What effects alone say is paid and on its way is what the certificate says.
    fn check_sums(&self, certificate: &Certificate) -> Result<(), TestCaseError> {
        for (place, state) in
            [(PayoutPlace::Paid, PayableState::Paid), (PayoutPlace::InTransit, PayableState::InTransit)]
        {
            let told = self.places.values().filter(|(at, _)| *at == place);
            let told: i128 = told.map(|(_, money)| i128::from(money.amount().minor())).sum();
            let by_hand = self
                .ledger
                .payables()
                .filter(|payable| payable.state == state && self.ledger.payout_of(payable.number).is_none());
            let by_hand: i128 = by_hand.map(|payable| i128::from(payable.paid().minor())).sum();
            prop_assert_eq!(certificate.place(place.into()), told + by_hand);
        }
        Ok(())
    }
}

proptest! {
    #[test]
    fn nothing_is_paid_twice_or_lost_and_levels_agree(ops in ops()) {
        let mut world = World::new();
        for op in &ops {
            world.step(op);
            world.check()?;
        }
    }

    #[test]
    fn the_same_facts_give_the_same_bytes(ops in ops()) {
        let [mut first, mut second] = [World::new(), World::new()];
        for op in &ops {
            prop_assert_eq!(first.step(op), second.step(op));
        }
        prop_assert_eq!(first.told, second.told);
        prop_assert_eq!(first.ledger.digest(KRW, first.day), second.ledger.digest(KRW, second.day));
    }
}

/// The histories are no idle talk: payouts are paid, fail, come back and are tried again in them.
#[test]
fn histories_come_to_every_state() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..300 {
        let mut world = World::new();
        for op in ops().new_tree(&mut runner).unwrap().current() {
            world.step(&op);
            seen.extend(world.ledger.payouts().payouts().map(|payout| payout.state));
        }
    }
    assert_eq!(seen.len(), PayoutState::ALL.len(), "{seen:?}");
}
