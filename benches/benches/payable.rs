//! The way from settlements to payables against a bare sum per partner in a hash map.
//!
//! The sum is the least that pays anybody: one look at a hash map of the standard library a settlement, one addition, no row, no date, no
//! id remembered. Between the two stands what an engineer would write for rows: a map by partner, contract, date and kind, and a set of the ids
//! that came, as the ledger counts a settlement once. Read the ratio of two rows of one run, never a single time.

#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jeongsan::book::Book;
use jeongsan::contract::Contract;
use jeongsan::fee::{Fee, VatPayer};
use jeongsan::id::{ContractId, PartnerId};
use jeongsan::ledger::Ledger;
use jeongsan::money::{Amount, Currency};
use jeongsan::order::{Order, OrderDetail};
use jeongsan::partner::{Partner, PartnerKind};
use jeongsan::schedule::Cycle;
use jeongsan::settle::{Engine, Settlement};

const PARTNERS: u64 = 20_000;
const SETTLEMENTS: u64 = 1_000_000;

/// A month's settlements of one contract, due on four days.
fn settlements() -> Vec<Settlement> {
    let contract =
        Contract::new(Fee::of_rate("10%".parse().unwrap()), VatPayer::Partner, Cycle::after_days(2));
    let standard: ContractId = "standard".parse().unwrap();
    let mut builder = Book::builder(Currency::KRW).contract(standard.clone(), None, contract);
    let partners: Vec<PartnerId> = (0..PARTNERS).map(|i| format!("seller-{i:05}").parse().unwrap()).collect();
    for partner in &partners {
        builder =
            builder.partner(partner.clone(), Partner::new(PartnerKind::Business, Some(standard.clone())));
    }
    let engine = Engine::resolve(&builder.build().unwrap(), &jeongsan::calendar::Calendars::new()).unwrap();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below).unwrap()
    };
    let order = |i: u64| {
        let amount = Amount::new(i64::try_from(next(300_000)).unwrap());
        let start = first() + Days::new(u64::try_from(next(4)).unwrap() * 7);
        let partner = partners[next(PARTNERS)].clone();
        Order::new(format!("o-{i:09}").parse().unwrap(), partner, start, OrderDetail::Amount(amount))
    };
    (0..SETTLEMENTS).map(order).map(|order| engine.settle(&order).unwrap()).collect()
}

fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()
}

/// The least that pays anybody.
fn bare(settlements: &[Settlement]) -> i64 {
    let mut sums: HashMap<&str, i64> = HashMap::new();
    for settlement in settlements {
        *sums.entry(settlement.partner.as_str()).or_default() += settlement.figures.settlement.minor();
    }
    sums.values().filter(|sum| **sum > 0).sum()
}

/// Rows by hand, each settlement once.
fn by_hand(settlements: &[Settlement]) -> i64 {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut rows: HashMap<_, i64> = HashMap::new();
    for settlement in settlements {
        if seen.insert(settlement.id.as_str()) {
            let contract = settlement.contract.as_ref().map_or("", ContractId::as_str);
            let key = (settlement.partner.as_str(), contract, settlement.settlement_date, settlement.kind);
            *rows.entry(key).or_default() += settlement.figures.settlement.minor();
        }
    }
    let mut sums: HashMap<&str, i64> = HashMap::new();
    for ((partner, ..), amount) in rows {
        *sums.entry(partner).or_default() += amount;
    }
    sums.values().filter(|sum| **sum > 0).sum()
}

fn ledger(settlements: &[Settlement]) -> i64 {
    let mut ledger = Ledger::new();
    for settlement in settlements {
        ledger.settle(settlement).unwrap();
    }
    ledger.close(first() + Days::new(60)).unwrap();
    ledger.payables().map(|payable| payable.amount.minor()).sum()
}

fn payable(criterion: &mut Criterion) {
    let settlements = settlements();
    assert_eq!(bare(&settlements), ledger(&settlements), "the two pay the same");
    assert_eq!(by_hand(&settlements), ledger(&settlements), "the two pay the same");
    let mut group = criterion.benchmark_group("1,000,000 settlements of 20,000 partners");
    group.sample_size(10).throughput(Throughput::Elements(SETTLEMENTS));
    group.bench_function("bare sum", |bench| bench.iter(|| bare(&settlements)));
    group.bench_function("rows by hand, each settlement once", |bench| bench.iter(|| by_hand(&settlements)));
    group.bench_function("ledger to payables", |bench| bench.iter(|| ledger(&settlements)));
    group.finish();
    let mut made = Ledger::new();
    for settlement in &settlements {
        made.settle(settlement).unwrap();
    }
    made.close(first() + Days::new(60)).unwrap();
    let mut certificate = criterion.benchmark_group("the certificate of the same");
    certificate.sample_size(10);
    certificate.bench_function("with its digest", |bench| {
        bench.iter(|| made.certificate(Currency::KRW, first() + Days::new(60)).is_balanced());
    });
    certificate.finish();
}

criterion_group!(benches, payable);
criterion_main!(benches);
