//! Laws of the ledger over histories of settlements, holds, corrections, closings and payouts in any interleaving.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use jeongsan::due::{Incoming, PayableNumber, RowNumber, RowState};
use jeongsan::figures::Figures;
use jeongsan::funding::FunderParts;
use jeongsan::hold::{Hold, HoldTarget, Release};
use jeongsan::id::{ContractId, EventId, PartnerId};
use jeongsan::journal::{Account, Entry};
use jeongsan::ledger::{
    Adjustment, AdjustmentState, Closing, Decision, Dispute, Ledger, Place, Step, WriteOff,
};
use jeongsan::money::{Amount, Currency};
use jeongsan::partner::{Account as BankAccount, Bearer, PartnerKind, PayableTerms, PayoutFee, Tranche};
use jeongsan::payable::{PayableState, carry};
use jeongsan::settle::{SettlementKind, SettlementPart as Part};
use jeongsan::tax::Basis;
use proptest::prelude::*;

const PARTNERS: u8 = 3;

/// A step of a history. Partners, orders, rows and payables are numbers, taken modulo what there is.
#[derive(Clone, Debug)]
enum Op {
    Order { order: u8, amount: i64, tax_free: i64, lag_days: u8, dollars: bool, in_parts: bool },
    Cancel { order: u8, id: u16, amount: i64, lag_days: u8 },
    HoldPartner { partner: u8, until: Option<u8> },
    HoldUpTo { partner: u8, limit: i64, account: bool },
    HoldRow { row: u8, until: Option<u8> },
    HoldOrder { order: u8, until: Option<u8> },
    Release { hold: u8, in_days: u8 },
    Exclude { row: u8 },
    Restore { row: u8 },
    Adjust { partner: u8, amount: i64, approved: bool },
    WriteOff { partner: u8, amount: i64 },
    Dispute { order: u8, amount: i64, by_partner: bool },
    Close { days: u8 },
    Pay { rows: Vec<u8> },
    Send { payable: u8 },
    Arrive { payable: u8 },
    GiveBack { payable: u8 },
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let amount = || prop_oneof![4 => 1_i64..20_000, 1 => Just(1_i64), 1 => 1_000_000_i64..2_000_000];
    let until = || proptest::option::of(1_u8..10);
    let op = prop_oneof![
        8 => (0_u8..12, amount(), 0_i64..=100, 0_u8..20, any::<bool>(), proptest::bool::weighted(0.2)).prop_map(
            |(order, amount, share, lag_days, dollars, in_parts)| {
                Op::Order { order, amount, tax_free: amount * share / 100, lag_days, dollars, in_parts }
            }
        ),
        4 => (0_u8..12, any::<u16>(), amount(), 0_u8..20)
            .prop_map(|(order, id, amount, lag_days)| Op::Cancel { order, id, amount, lag_days }),
        1 => (0..PARTNERS, until()).prop_map(|(partner, until)| Op::HoldPartner { partner, until }),
        1 => (0..PARTNERS, 0_i64..5_000, any::<bool>())
            .prop_map(|(partner, limit, account)| Op::HoldUpTo { partner, limit, account }),
        2 => (any::<u8>(), until()).prop_map(|(row, until)| Op::HoldRow { row, until }),
        2 => (0_u8..12, until()).prop_map(|(order, until)| Op::HoldOrder { order, until }),
        3 => (any::<u8>(), prop_oneof![2 => Just(0_u8), 1 => 1_u8..12]).prop_map(|(hold, in_days)| Op::Release { hold, in_days }),
        1 => any::<u8>().prop_map(|row| Op::Exclude { row }),
        2 => any::<u8>().prop_map(|row| Op::Restore { row }),
        1 => (0..PARTNERS, -9_000_i64..9_000, any::<bool>())
            .prop_map(|(partner, amount, approved)| Op::Adjust { partner, amount, approved }),
        1 => (0..PARTNERS, 1_i64..5_000).prop_map(|(partner, amount)| Op::WriteOff { partner, amount }),
        1 => (0_u8..12, 1_i64..30_000, any::<bool>())
            .prop_map(|(order, amount, by_partner)| Op::Dispute { order, amount, by_partner }),
        4 => (0_u8..9).prop_map(|days| Op::Close { days }),
        1 => proptest::collection::vec(any::<u8>(), 1..4).prop_map(|rows| Op::Pay { rows }),
        2 => any::<u8>().prop_map(|payable| Op::Send { payable }),
        2 => any::<u8>().prop_map(|payable| Op::Arrive { payable }),
        2 => any::<u8>().prop_map(|payable| Op::GiveBack { payable }),
    ];
    proptest::collection::vec(op, 1..60)
}

fn terms() -> impl Strategy<Value = PayableTerms> {
    let fee = (0_i64..800, any::<bool>()).prop_map(|(amount, by_partner)| PayoutFee {
        amount: Amount::new(amount),
        borne_by: if by_partner { Bearer::Partner } else { Bearer::Merchant },
    });
    let tranche = (0_u8..=45, 0_u16..20)
        .prop_map(|(percent, days)| Tranche { share: format!("{percent}%").parse().unwrap(), days });
    let reserve = proptest::collection::vec(tranche, 0..=2);
    let cap = proptest::option::of(3_000_i64..20_000);
    (0_i64..3_000, cap, proptest::option::of(fee), reserve).prop_map(|(minimum, cap, fee, reserve)| {
        PayableTerms {
            minimum: Amount::new(minimum),
            cap: cap.map(Amount::new),
            fee,
            reserve,
            ..PayableTerms::default()
        }
    })
}

fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()
}

fn id(text: String) -> EventId {
    text.parse().unwrap()
}

fn partner(number: u8) -> PartnerId {
    format!("seller-{}", number % PARTNERS).parse().unwrap()
}

fn usd() -> Currency {
    Currency::new("USD").unwrap()
}

/// A ledger with what a careful bookkeeper notes beside it.
struct Run {
    ledger: Ledger,
    day: NaiveDate,
    facts: BTreeMap<u8, u32>,
    holds: Vec<EventId>,
    /// What partners were given and taken, by partner and currency.
    given: BTreeMap<(PartnerId, Currency), i128>,
    entries: Vec<Entry>,
}

impl Run {
    fn new(terms: Option<&PayableTerms>) -> Self {
        let mut ledger = Ledger::new();
        if let Some(terms) = terms {
            ledger.agree(None, Currency::KRW, terms.clone()).unwrap();
            // One partner whose VAT is added, one whose tax is withheld, one without taxes.
            let net = PayableTerms { basis: Basis::Net, ..terms.clone() };
            ledger.agree(Some(partner(0)), Currency::KRW, net).unwrap();
            ledger.tax_as(partner(0), PartnerKind::Business);
            ledger.tax_as(partner(2), PartnerKind::Withholding);
        }
        for number in 0..PARTNERS {
            // Two partners share an account.
            let account = BankAccount::new("088".into(), (number / 2).to_string(), "h".into(), Currency::KRW);
            if number != 1 {
                ledger.pay_to(partner(number), account);
            }
        }
        Self {
            ledger,
            day: start(),
            facts: BTreeMap::new(),
            holds: Vec::new(),
            given: BTreeMap::new(),
            entries: Vec::new(),
        }
    }

    /// The id of the next fact about a partner, or about none.
    fn fact(&mut self, about: u8) -> EventId {
        let number = self.facts.entry(about).or_default();
        *number += 1;
        id(format!("f-{about}-{number}"))
    }

    fn row(&self, number: u8) -> RowNumber {
        let count = u64::try_from(self.ledger.rows().count()).unwrap();
        RowNumber::new(u64::from(number) % (count + 1) + 1)
    }

    fn payable(&self, number: u8) -> PayableNumber {
        let count = u64::try_from(self.ledger.payables().count()).unwrap();
        PayableNumber::new(u64::from(number) % (count + 1) + 1)
    }

    fn give(&mut self, partner: PartnerId, currency: Currency, amount: i64) {
        *self.given.entry((partner, currency)).or_default() += i128::from(amount);
    }

    /// Does a step; tells whether it was taken.
    fn step(&mut self, op: &Op) -> bool {
        match op.clone() {
            Op::Order { .. } | Op::Cancel { .. } => self.settle(op),
            Op::HoldPartner { partner: number, until } => {
                self.hold(HoldTarget::Partner(partner(number)), None, until)
            }
            Op::HoldUpTo { partner: number, limit, account } => {
                let on = if account {
                    HoldTarget::Account(jeongsan::partner::AccountKey {
                        bank: "088".into(),
                        number: "0".into(),
                    })
                } else {
                    HoldTarget::Partner(partner(number))
                };
                self.hold(on, Some(limit), None)
            }
            Op::HoldRow { row, until } => self.hold(HoldTarget::Row(self.row(row)), None, until),
            Op::HoldOrder { order, until } => {
                self.hold(HoldTarget::Order(id(format!("o-{order}"))), None, until)
            }
            Op::Release { hold, in_days } => {
                let Some(hold) = self.holds.get(usize::from(hold) % self.holds.len().max(1)).cloned() else {
                    return false;
                };
                let date = self.day + Days::new(u64::from(in_days));
                let release = Release { id: self.fact(PARTNERS), hold, by: "risk".into(), date };
                let step = self.ledger.release(&release);
                self.took(step)
            }
            Op::Exclude { row } => {
                let (fact, row) = (self.fact(PARTNERS), self.row(row));
                let step = self.ledger.exclude(&fact, row, self.day);
                self.took(step)
            }
            Op::Restore { row } => {
                let (fact, row) = (self.fact(PARTNERS), self.row(row));
                let step = self.ledger.restore(&fact, row, self.day);
                self.took(step)
            }
            Op::Adjust { .. } | Op::WriteOff { .. } | Op::Dispute { .. } => self.correct(op),
            Op::Close { days } => {
                self.day = self.day + Days::new(u64::from(days));
                let closing = self.ledger.close(self.day);
                self.closed(closing)
            }
            Op::Pay { rows } => {
                let rows: Vec<_> = rows.into_iter().map(|row| self.row(row)).collect();
                let closing = self.ledger.pay(&rows, self.day);
                self.closed(closing)
            }
            Op::Send { payable } => {
                let step = self.ledger.send(self.payable(payable), self.day);
                self.took(step)
            }
            Op::Arrive { payable } => {
                let step = self.ledger.arrive(self.payable(payable), self.day);
                self.took(step)
            }
            Op::GiveBack { payable } => {
                let step = self.ledger.give_back(self.payable(payable), self.day);
                self.took(step)
            }
        }
    }

    fn settle(&mut self, op: &Op) -> bool {
        let (event, of_order, order, kind, amount, tax_free, lag_days, dollars, in_parts) = match *op {
            Op::Order { order, amount, tax_free, lag_days, dollars, in_parts } => {
                let event = id(format!("o-{order}"));
                (event, None, order, SettlementKind::Order, amount, tax_free, lag_days, dollars, in_parts)
            }
            Op::Cancel { order, id: number, amount, lag_days } => {
                let event = id(format!("c-{order}-{number}"));
                let order_id = Some(id(format!("o-{order}")));
                (event, order_id, order, SettlementKind::Cancel, -amount, 0, lag_days, false, false)
            }
            _ => return false,
        };
        let currency = if dollars && order % 4 == 3 { usd() } else { Currency::KRW };
        let contract: ContractId = format!("contract-{}", order % 2).parse().unwrap();
        let fee = amount / 10;
        let figures = Figures {
            order: Amount::new(amount),
            payment: Amount::new(amount),
            platform_fee: Amount::new(fee),
            settlement: Amount::new(amount - fee),
            settlement_tax_free: Amount::new(tax_free - tax_free / 10),
            ..Figures::ZERO
        };
        // Dates in the past are late arrivals.
        let date = self.day + Days::new(u64::from(lag_days)) - Days::new(5);
        let (first, free) =
            (figures.settlement.minor() * 7 / 10, figures.settlement_tax_free.minor() * 7 / 10);
        let parts = [
            Part { date, amount: Amount::new(first), tax_free: Amount::new(free) },
            Part {
                date: date + Days::new(9),
                amount: Amount::new(figures.settlement.minor() - first),
                tax_free: Amount::new(figures.settlement_tax_free.minor() - free),
            },
        ];
        let partner = partner(order);
        let incoming = Incoming {
            id: &event,
            kind,
            cause: None,
            order: of_order.as_ref(),
            partner: &partner,
            contract: Some(&contract),
            settlement_date: date,
            currency,
            figures: &figures,
            funders: &FunderParts::new(),
            parts: if in_parts { &parts } else { &[] },
        };
        match self.ledger.settle(incoming) {
            Ok(recorded) if recorded.arrival != jeongsan::due::Arrival::Repeated => {
                self.give(partner, currency, figures.settlement.minor());
                true
            }
            // A repetition and a conflict change nothing.
            _ => false,
        }
    }

    fn correct(&mut self, op: &Op) -> bool {
        let about = match *op {
            Op::Dispute { order, .. } => order % PARTNERS,
            _ => PARTNERS,
        };
        let (fact, date, currency) = (self.fact(about), self.day, Currency::KRW);
        match *op {
            Op::Adjust { partner: number, amount, approved } => {
                let partner = partner(number);
                let adjustment = Adjustment {
                    id: fact.clone(),
                    partner: partner.clone(),
                    currency,
                    amount: Amount::new(amount),
                    tax_free: Amount::ZERO,
                    settlement_date: date,
                    reason: "r".into(),
                    requested_by: "kim".into(),
                    date,
                    state: AdjustmentState::Requested,
                };
                let asked = self.ledger.adjust(adjustment);
                if !self.took(asked) {
                    return false;
                }
                let decision = Decision { id: self.fact(PARTNERS), adjustment: fact, by: "lee".into(), date };
                let step =
                    if approved { self.ledger.approve(&decision) } else { self.ledger.reject(&decision) };
                if approved {
                    self.give(partner, currency, amount);
                }
                self.took(step)
            }
            Op::WriteOff { partner: number, amount } => {
                let partner = partner(number);
                let (amount, reason) = (Amount::new(amount), "gone".into());
                let write_off =
                    WriteOff { id: fact, partner: partner.clone(), currency, amount, reason, date };
                let step = self.ledger.write_off(&write_off);
                if step.is_ok() {
                    self.give(partner, currency, amount.minor());
                }
                self.took(step)
            }
            Op::Dispute { order, amount, by_partner } => {
                let partner = partner(order);
                let dispute = Dispute {
                    id: fact,
                    order: id(format!("o-{order}")),
                    partner: partner.clone(),
                    currency,
                    amount: Amount::new(amount),
                    excess_borne_by: if by_partner { Bearer::Partner } else { Bearer::Merchant },
                    reason: "fraud".into(),
                    date,
                };
                let step = self.ledger.dispute(&dispute);
                if let Ok(step) = &step {
                    let taken: i128 = step.entries[0]
                        .journal
                        .postings
                        .iter()
                        .map(|posting| match posting.account {
                            Account::PartnerPayable => posting.amount,
                            _ => 0,
                        })
                        .sum();
                    assert!(taken <= i128::from(amount));
                    assert!(!by_partner || taken == i128::from(amount));
                    self.give(partner, currency, -i64::try_from(taken).unwrap());
                }
                self.took(step)
            }
            _ => false,
        }
    }

    fn hold(&mut self, on: HoldTarget, limit: Option<i64>, until: Option<u8>) -> bool {
        let mut hold = Hold::new(self.fact(PARTNERS), on, "claim", "risk", self.day);
        hold.limit = limit.map(Amount::new);
        hold.until = until.map(|days| self.day + Days::new(u64::from(days)));
        let id = hold.id.clone();
        let step = self.ledger.hold(hold);
        if step.is_ok() {
            self.holds.push(id);
        }
        self.took(step)
    }

    fn took<E>(&mut self, step: Result<Step, E>) -> bool {
        step.map(|step| self.entries.extend(step.entries)).is_ok()
    }

    fn closed<E>(&mut self, closing: Result<Closing, E>) -> bool {
        closing.map(|closing| self.entries.extend(closing.entries)).is_ok()
    }

    /// What must hold after every step.
    fn check(&self) -> Result<(), TestCaseError> {
        for currency in [Currency::KRW, usd()] {
            for as_of in [self.day, self.day + Days::new(7), start()] {
                let certificate = self.ledger.certificate(currency, as_of);
                prop_assert!(certificate.is_balanced(), "{certificate:#?}");
            }
            // Every unit that partners were given is in a place or went to a payout's fee.
            let certificate = self.ledger.certificate(currency, self.day);
            let given: i128 =
                self.given.iter().filter(|((_, of), _)| *of == currency).map(|(_, sum)| sum).sum();
            let placed: i128 = certificate.partners.iter().map(|line| line.1).sum();
            let fees = self.partners_fees(currency);
            let balances = self.ledger.balances(currency);
            let of = |account| balances.get(&account).copied().unwrap_or(0);
            prop_assert_eq!(given, placed + fees - of(Account::Withholding) - of(Account::VatAdded));
            let taxes = self.taxes(currency);
            prop_assert_eq!((of(Account::VatAdded), -of(Account::Withholding)), taxes);
            let balance: i128 = self.ledger.balances(currency).values().sum();
            prop_assert_eq!(balance, 0);
        }
        for payable in self.ledger.payables() {
            prop_assert!(payable.amount > Amount::ZERO, "negative is never paid");
            if payable.state != PayableState::GivenBack {
                let rows = payable.rows.iter().map(|&row| self.ledger.row(row).unwrap());
                let (amount, tax_free) = rows.fold((0, 0), |(amount, tax_free), row| {
                    assert_eq!(row.state, RowState::InPayable(payable.number));
                    (amount + row.amount.minor(), tax_free + row.tax_free.minor())
                });
                prop_assert_eq!(amount, payable.amount.minor());
                prop_assert_eq!(tax_free, payable.tax_free.minor());
            }
        }
        for entry in &self.entries {
            prop_assert_eq!(entry.journal.balance(), 0);
        }
        Ok(())
    }

    /// The VAT added to and the tax withheld from what isn't given back.
    fn taxes(&self, currency: Currency) -> (i128, i128) {
        let kept = self.ledger.payables().filter(|payable| payable.currency == currency);
        let kept = kept.filter(|payable| payable.state != PayableState::GivenBack);
        kept.filter_map(|payable| payable.tax).fold((0, 0), |(added, withheld), tax| {
            assert!(tax.adds_up());
            (added + i128::from(tax.vat_added().minor()), withheld + i128::from(tax.withheld().minor()))
        })
    }

    fn partners_fees(&self, currency: Currency) -> i128 {
        let balances = self.ledger.balances(currency);
        let of = |account| balances.get(&account).copied().unwrap_or(0);
        -(of(Account::PayoutFee)) - of(Account::PayoutFeeCost)
    }

    fn shown(&self) -> String {
        let rows: Vec<_> = self.ledger.rows().collect();
        let payables: Vec<_> = self.ledger.payables().collect();
        format!("{rows:?} {payables:?} {:?} {:?}", self.entries, self.ledger.balances(Currency::KRW))
    }

    fn digest(&self) -> [jeongsan::ledger::Digest; 2] {
        [Currency::KRW, usd()].map(|currency| self.ledger.digest(currency, self.day))
    }
}

proptest! {
    #[test]
    fn the_certificate_balances_at_every_step_and_a_refusal_changes_nothing(terms in terms(), ops in ops()) {
        let mut run = Run::new(Some(&terms));
        for op in &ops {
            let before = (run.digest(), run.ledger.balances(Currency::KRW));
            let taken = run.step(op);
            if !taken && !matches!(op, Op::Adjust { .. }) {
                prop_assert_eq!(before, (run.digest(), run.ledger.balances(Currency::KRW)), "{:?}", op);
            }
            run.check()?;
        }
    }

    #[test]
    fn a_closing_carries_what_it_did_not_pay(terms in terms(), ops in ops()) {
        let mut run = Run::new(Some(&terms));
        for op in ops.iter().chain([&Op::Close { days: 1 }]) {
            run.step(op);
            if matches!(op, Op::Close { .. }) {
                let balances = run.ledger.balances(Currency::KRW);
                let places = run.ledger.places(Currency::KRW, run.day);
                let of = |account| -balances.get(&account).copied().unwrap_or(0);
                let at = |place| places.get(&place).copied().unwrap_or(0);
                prop_assert_eq!(at(Place::Due), 0, "what was due is paid, carried or held");
                prop_assert_eq!(of(Account::Carried), at(Place::Carried));
                prop_assert_eq!(of(Account::Held), at(Place::Held));
                prop_assert_eq!(of(Account::Reserve), at(Place::Reserve));
                prop_assert_eq!(of(Account::PartnerPayable), at(Place::NotDue));
                prop_assert_eq!(of(Account::Payable), at(Place::Payable));
                prop_assert_eq!(of(Account::InTransit), at(Place::InTransit));
                prop_assert_eq!(of(Account::Paid), at(Place::Paid));
            }
        }
    }

    #[test]
    fn the_same_facts_give_the_same_bytes(terms in terms(), ops in ops()) {
        let [mut first, mut second] = [Run::new(Some(&terms)), Run::new(Some(&terms))];
        for op in &ops {
            prop_assert_eq!(first.step(op), second.step(op));
        }
        prop_assert_eq!(first.shown(), second.shown());
    }

    /// Without holds and terms the ledger is the rule of the golden family, partner by partner.
    #[test]
    fn without_holds_every_partner_is_a_chain_of_the_golden_rule(minimum in 0_i64..5_000, ops in ops()) {
        let terms = PayableTerms { minimum: Amount::new(minimum), ..PayableTerms::default() };
        let mut run = Run::new(Some(&terms));
        // Added VAT may be below zero and more than the rest, so that there is nothing to pay.
        run.ledger.agree(Some(partner(0)), Currency::KRW, terms.clone()).unwrap();
        let mut balances: BTreeMap<PartnerId, (Amount, i128)> = BTreeMap::new();
        for op in ops.iter().filter(|op| matches!(op, Op::Order { dollars: false, .. } | Op::Cancel { .. } | Op::Close { .. })) {
            if !matches!(op, Op::Close { .. }) {
                run.step(op);
                continue;
            }
            let before: BTreeMap<_, _> = (0..PARTNERS).map(|number| (partner(number), run.ledger.payables().count())).collect();
            run.step(op);
            for (partner, count) in before {
                let standing = run.ledger.standing(&partner, Currency::KRW, run.day);
                let paid: i64 = run.ledger.payables().skip(count).filter(|payable| payable.partner == partner).map(|payable| payable.amount.minor()).sum();
                let (balance, paid_before) = balances.get(&partner).copied().unwrap_or_default();
                // What fell due is what was given so far, less what isn't due, was paid before or is carried already.
                let given = run.given.get(&(partner.clone(), Currency::KRW)).copied().unwrap_or(0);
                let fell_due = given - standing.not_due - paid_before - i128::from(balance.minor());
                let expected = carry(balance, Amount::new(i64::try_from(fell_due).unwrap()), terms.minimum).unwrap();
                prop_assert_eq!(paid, expected.paid.minor());
                prop_assert_eq!(standing.carried, i128::from(expected.balance.minor()));
                balances.insert(partner, (expected.balance, paid_before + i128::from(paid)));
            }
        }
    }

    #[test]
    fn the_order_of_arrival_changes_no_total(terms in terms(), ops in ops(), seed: u64) {
        let is_settled = |op: &&Op| matches!(op, Op::Order { .. } | Op::Cancel { .. });
        let settled: Vec<_> = ops.iter().filter(is_settled).collect();
        let mut shuffled = settled.clone();
        shuffle(&mut shuffled, seed);
        let [mut first, mut second] = [Run::new(Some(&terms)), Run::new(Some(&terms))];
        for (run, ops) in [(&mut first, &distinct(&settled)), (&mut second, &distinct(&shuffled))] {
            for op in ops {
                run.step(op);
            }
            for days in [3, 4, 9, 30] {
                run.step(&Op::Close { days });
            }
        }
        prop_assert_eq!(first.digest(), second.digest());
        prop_assert_eq!(first.ledger.balances(Currency::KRW), second.ledger.balances(Currency::KRW));
    }

    /// What is done to one partner is the same whatever is done to others in between.
    #[test]
    fn independent_partners_can_be_shuffled(ops in ops(), seed: u64) {
        let is_own = |op: &&Op| {
            matches!(op, Op::Order { .. } | Op::Cancel { .. } | Op::HoldPartner { .. } | Op::HoldOrder { .. } | Op::Dispute { .. })
        };
        let of = |op: &Op| match *op {
            Op::Order { order, .. } | Op::Cancel { order, .. } | Op::HoldOrder { order, .. } | Op::Dispute { order, .. } => order % PARTNERS,
            Op::HoldPartner { partner, .. } => partner % PARTNERS,
            _ => 0,
        };
        let ops: Vec<_> = ops.iter().filter(is_own).collect();
        let mut queues: Vec<Vec<&Op>> = (0..PARTNERS).map(|number| ops.iter().copied().filter(|op| of(op) == number).rev().collect()).collect();
        let mut mixed = Vec::new();
        let mut state = seed;
        while mixed.len() < ops.len() {
            let number = usize::try_from(next(&mut state) % u64::from(PARTNERS)).unwrap();
            mixed.extend(queues[number].pop());
        }
        let [mut first, mut second] = [Run::new(None), Run::new(None)];
        for (run, ops) in [(&mut first, &ops), (&mut second, &mixed)] {
            for op in ops {
                run.step(op);
            }
            run.step(&Op::Close { days: 5 });
            run.step(&Op::Close { days: 20 });
        }
        prop_assert_eq!(first.digest(), second.digest());
        let paid = |run: &Run| run.ledger.payables().map(|payable| (payable.partner.clone(), payable.date, payable.amount)).collect::<Vec<_>>();
        prop_assert_eq!(paid(&first), paid(&second));
    }
}

fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed;
    for place in (1..items.len()).rev() {
        let other = next(&mut state) % u64::try_from(place + 1).unwrap();
        items.swap(place, usize::try_from(other).unwrap());
    }
}

/// The first of each order and each cancellation: of two under one identity the first one counts, so their order would matter.
fn distinct<'o>(ops: &[&'o Op]) -> Vec<&'o Op> {
    let mut kept: BTreeMap<(u8, u32), &Op> = BTreeMap::new();
    let key = |op: &Op| match *op {
        Op::Order { order, .. } => (order, u32::MAX),
        Op::Cancel { order, id, .. } => (order, u32::from(id)),
        _ => (0, 0),
    };
    let size = |op: &Op| format!("{op:?}");
    for op in ops {
        let held = kept.entry(key(op)).or_insert(op);
        // The same one of two, whatever their order.
        if size(op) < size(held) {
            *held = op;
        }
    }
    let mut out: Vec<&Op> = Vec::new();
    for op in ops {
        let chosen = kept[&key(op)];
        if size(op) == size(chosen) && !out.iter().any(|other| key(other) == key(op)) {
            out.push(op);
        }
    }
    out
}
