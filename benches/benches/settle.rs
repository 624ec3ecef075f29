//! The engine against a hand-written integer loop that reads the same orders and writes the same figures.
//!
//! The loop is what an engineer would write for one book: terms in a hash map by partner, fixed formulas, 64-bit integers, no checks but
//! for overflow. Read the ratio of the two rows of one run, never a single time.

#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::collections::HashMap;
use std::hint::black_box;

use chrono::{Days, NaiveDate};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use jeongsan::book::Book;
use jeongsan::cancel::{CancelDetail, Cancellation};
use jeongsan::contract::Contract;
use jeongsan::event::Event;
use jeongsan::fee::{Bracket, Fee, FeeRule, TierMeasure, TierMode, Tiers, VatPayer};
use jeongsan::figures::Figures;
use jeongsan::money::{Amount, Currency};
use jeongsan::order::{Discount, Order, OrderDetail};
use jeongsan::partner::{Partner, PartnerKind};
use jeongsan::policy::DiscountSharePolicy;
use jeongsan::rate::Rate;
use jeongsan::schedule::Cycle;
use jeongsan::settle::{Engine, History};

const PARTNERS: u64 = 2_000;
const RATES: [(&str, i64); 4] = [("10%", 1_000), ("8%", 800), ("12.5%", 1_250), ("3.74%", 374)];

fn book() -> Book {
    book_with(|rate| Fee::of_rate(rate).into())
}

/// The same with fees that fall with the volume.
fn tiered_book() -> Book {
    book_with(|rate| {
        let bracket = |from, rate| Bracket { from: Amount::new(from), rate };
        let brackets = vec![bracket(0, rate), bracket(50_000_000, "2%".parse().unwrap())];
        Tiers::new(brackets, TierMode::Whole, TierMeasure::Given).unwrap().into()
    })
}

fn book_with(fee: impl Fn(Rate) -> FeeRule) -> Book {
    let mut builder = Book::builder(Currency::KRW);
    for (i, (rate, _)) in RATES.iter().enumerate() {
        let mut contract = Contract::new(fee(rate.parse().unwrap()), VatPayer::Partner, Cycle::after_days(2));
        contract.subtracts_payment_vat = i == 3;
        builder = builder.contract(format!("contract-{i}").parse().unwrap(), None, contract);
    }
    let share = DiscountSharePolicy::new("50%".parse().unwrap());
    builder = builder.discount_share_policy("coupon".parse().unwrap(), None, share);
    for i in 0..PARTNERS {
        let contract = format!("contract-{}", i % 4).parse().unwrap();
        let partner = Partner::new(PartnerKind::Business, Some(contract));
        builder = builder.partner(format!("seller-{i:05}").parse().unwrap(), partner);
    }
    builder.build().unwrap()
}

/// Orders of a month, one in five with a coupon and one in ten partly tax-free.
fn orders(count: u64) -> Vec<Order> {
    let first = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let partners: Vec<_> = (0..PARTNERS).map(|i| format!("seller-{i:05}").parse().unwrap()).collect();
    let coupon: jeongsan::id::DiscountSharePolicyId = "coupon".parse().unwrap();
    let mut orders = Vec::new();
    for i in 0..count {
        let amount = i64::try_from(next(3_000) * 100 + next(100)).unwrap();
        let partner = usize::try_from(next(PARTNERS)).unwrap();
        let start = first + Days::new(next(31));
        let detail = OrderDetail::Amount(Amount::new(amount));
        let id = format!("o-{i:09}").parse().unwrap();
        let mut order = Order::new(id, Clone::clone(&partners[partner]), start, detail);
        if i % 5 == 0 {
            let amount = Amount::new(amount / 10);
            order.discounts.push(Discount { policy: coupon.clone(), amount, tax_free: Amount::ZERO });
        }
        if i % 10 == 1 {
            order.tax_free = Some(Amount::new(amount / 3));
        }
        orders.push(order);
    }
    orders
}

/// What the loop knows of a partner: rate in hundredths of a per cent, whether the payment's VAT is taken off.
#[derive(Clone, Copy)]
struct LoopTerms {
    rate: i64,
    subtracts_payment_vat: bool,
}

fn loop_terms() -> HashMap<String, LoopTerms> {
    let terms = |i: usize| LoopTerms { rate: RATES[i % 4].1, subtracts_payment_vat: i % 4 == 3 };
    (0..usize::try_from(PARTNERS).unwrap()).map(|i| (format!("seller-{i:05}"), terms(i))).collect()
}

fn by_hand(
    terms: &HashMap<String, LoopTerms>,
    shares: &HashMap<String, i64>,
    order: &Order,
) -> Option<(NaiveDate, Figures)> {
    let terms = terms.get(order.partner.as_str())?;
    let OrderDetail::Amount(amount) = order.detail else { return None };
    let (amount, tax_free) = (amount.minor(), order.tax_free.map_or(0, Amount::minor));
    let (mut discount, mut share) = (0_i64, 0_i64);
    for item in &order.discounts {
        discount = discount.checked_add(item.amount.minor())?;
        let percent = shares.get(item.policy.as_str())?;
        share = share.checked_add(item.amount.minor().checked_mul(*percent)? / 100)?;
    }
    if discount > amount || tax_free > amount - discount {
        return None;
    }
    let payment = amount - discount;
    let vat = (payment - tax_free) / 11;
    let burden = if terms.subtracts_payment_vat { vat } else { 0 };
    let fee = amount.checked_mul(terms.rate)? / 10_000;
    let fee_vat = fee / 10;
    let settlement = amount - burden - fee - fee_vat - share;
    let settlement_tax_free = match tax_free {
        0 => 0,
        _ => {
            i64::try_from(i128::from(settlement + share) * i128::from(tax_free) / i128::from(amount)).ok()?
        }
    };
    let money = Amount::new;
    let figures = Figures {
        order: money(amount),
        order_tax_free: money(tax_free),
        discount: money(discount),
        discount_tax_free: Amount::ZERO,
        payment: money(payment),
        payment_tax_free: money(tax_free),
        payment_supply: money(payment - tax_free - vat),
        payment_vat: money(vat),
        payment_vat_burden: money(burden),
        platform_fee: money(fee),
        platform_fee_vat: money(fee_vat),
        additional_fee: Amount::ZERO,
        additional_fee_vat: Amount::ZERO,
        discount_share: money(share),
        discount_share_tax_free: Amount::ZERO,
        settlement: money(settlement),
        settlement_tax_free: money(settlement_tax_free),
    };
    Some((order.start_date.checked_add_days(Days::new(2))?, figures))
}

fn settle(criterion: &mut Criterion) {
    let engine = Engine::resolve(&book(), &jeongsan::calendar::Calendars::new()).unwrap();
    let (terms, shares) = (loop_terms(), HashMap::from([("coupon".to_owned(), 50_i64)]));
    let orders = orders(1_000_000);
    for order in &orders {
        let settlement = engine.settle(order).unwrap();
        let by_hand = by_hand(&terms, &shares, order).unwrap();
        assert_eq!(
            (settlement.settlement_date, settlement.figures),
            by_hand,
            "the two write the same figures"
        );
    }

    let mut one = criterion.benchmark_group("one warm order");
    let order = &orders[1];
    one.bench_function("by hand", |bench| bench.iter(|| by_hand(&terms, &shares, black_box(order))));
    one.bench_function("engine", |bench| bench.iter(|| engine.settle(black_box(order))));
    one.bench_function("engine, traced", |bench| bench.iter(|| engine.settle_traced(black_box(order))));
    one.finish();

    let mut batch = criterion.benchmark_group("1,000,000 orders");
    batch.sample_size(10).throughput(Throughput::Elements(1_000_000));
    let room = || Vec::with_capacity(orders.len());
    batch.bench_function("by hand", |bench| {
        let run = |mut out: Vec<(NaiveDate, Figures)>| {
            out.extend(orders.iter().filter_map(|order| by_hand(&terms, &shares, order)));
            out
        };
        bench.iter_batched(room, run, BatchSize::PerIteration);
    });
    batch.bench_function("engine", |bench| {
        let run = |mut out: Vec<(NaiveDate, Figures)>| {
            let settled = orders.iter().filter_map(|order| engine.settle(order).ok());
            out.extend(settled.map(|settlement| (settlement.settlement_date, settlement.figures)));
            out
        };
        bench.iter_batched(room, run, BatchSize::PerIteration);
    });
    batch.finish();
}

/// A month whose events pass through a history: plain orders, and the same with every tenth cancelled by a half and fees by volume.
fn month(criterion: &mut Criterion) {
    let calendars = jeongsan::calendar::Calendars::new();
    let plain = Engine::resolve(&book(), &calendars).unwrap();
    let tiered = Engine::resolve(&tiered_book(), &calendars).unwrap();
    let orders = orders(1_000_000);
    let plain_events: Vec<Event> = orders.iter().cloned().map(Event::Order).collect();
    let mut events = Vec::with_capacity(1_100_000);
    for (number, mut order) in orders.into_iter().enumerate() {
        order.volume = Some(Amount::new(i64::try_from(number).unwrap() * 100));
        let half = match order.detail {
            OrderDetail::Amount(amount) => Amount::new(amount.minor() / 2),
            OrderDetail::Lines(_) => Amount::ZERO,
        };
        let (id, date) = (order.id.clone(), order.start_date + Days::new(3));
        // A half without its tax-free part and discount leaves a valid order where it has none.
        let cancelled = number % 10 == 3;
        events.push(Event::Order(order));
        if cancelled {
            let detail = CancelDetail::Amount { amount: half, tax_free: Amount::ZERO };
            let cancel = Cancellation::new(format!("c-{number:09}").parse().unwrap(), id, date, detail);
            events.push(Event::Cancel(cancel));
        }
    }
    let run = |engine: &Engine, events: Vec<Event>| {
        let mut history = History::new();
        events.into_iter().filter_map(|event| history.settle(engine, event).ok()).count()
    };
    assert_eq!(run(&plain, plain_events.clone()), 1_000_000);
    assert_eq!(run(&tiered, events.clone()), 1_100_000, "every cancel settles");

    let mut month = criterion.benchmark_group("a month through a history");
    month.sample_size(10);
    month.bench_function("1,000,000 plain orders", |bench| {
        bench.iter_batched(|| plain_events.clone(), |events| run(&plain, events), BatchSize::PerIteration);
    });
    month.bench_function("the same, 10 % cancelled, fees by volume", |bench| {
        bench.iter_batched(|| events.clone(), |events| run(&tiered, events), BatchSize::PerIteration);
    });
    month.finish();
}

criterion_group!(benches, settle, month);
criterion_main!(benches);
