//! Findings against the engine: every witness is one, and what isn't found isn't there.

#![expect(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test may panic")]

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, Months, NaiveDate, TimeDelta, Weekday};
use jeongsan::book::{Book, Options, RoundingRules};
use jeongsan::calendar::Calendars;
use jeongsan::contract::Contract;
use jeongsan::fee::{
    Bracket, Circumstances, Condition, Fee, FeeEntry, FeeRule, Grades, PaidWhen, TenureCounting, TierMeasure,
    TierMode, TieredFee, Tiers, TimeWindow, VatPayer,
};
use jeongsan::money::{Amount, Currency, Rounding};
use jeongsan::order::{Order, OrderDetail};
use jeongsan::partner::{Partner, PartnerKind};
use jeongsan::rate::Rate;
use jeongsan::schedule::{Cycle, Weekdays};
use jeongsan::settle::Engine;
use proptest::prelude::*;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}

/// A book of one contract and one partner.
fn book(contract: Contract, rounding: RoundingRules, options: Options) -> Book {
    let mut partner = Partner::new(PartnerKind::Business, Some("standard".parse().unwrap()));
    partner.joined_on = Some(day());
    Book::builder(Currency::KRW)
        .rounding(rounding)
        .options(options)
        .contract("standard".parse().unwrap(), None, contract)
        .partner("seller-1".parse().unwrap(), partner)
        .build()
        .unwrap()
}

/// What the engine settles an order at.
fn settlement(engine: &Engine, order: i64, volume: i64) -> i64 {
    let detail = OrderDetail::Amount(Amount::new(order));
    let mut order = Order::new("o-1".parse().unwrap(), "seller-1".parse().unwrap(), day(), detail);
    order.volume = Some(Amount::new(volume));
    engine.settle(&order).unwrap().figures.settlement.minor()
}

/// The negative settlements found: path, and the numbers of the message.
fn shortfalls(book: &Book) -> Vec<(String, Vec<i64>)> {
    let findings = book.warnings();
    let found = findings.iter().filter(|finding| finding.code() == "negative-settlement");
    let numbers = |message: &str| message.split('`').skip(1).step_by(2).map(|n| n.parse().unwrap()).collect();
    found.map(|finding| (finding.path().to_owned(), numbers(finding.message()))).collect()
}

fn rate(hundredths: i64) -> Rate {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100).parse().unwrap()
}

fn optional(amounts: core::ops::Range<i64>) -> impl Strategy<Value = Option<i64>> {
    proptest::option::of(amounts)
}

fn fees() -> impl Strategy<Value = Fee> {
    let rates = prop_oneof![0..12_000_i64, 8_900..9_300_i64];
    (rates, optional(0..3_000), optional(0..3_000), optional(0..9_000), any::<bool>()).prop_map(
        |(hundredths, fixed, min, max, vat_included)| {
            let mut fee = Fee::of_rate(rate(hundredths)).plus_fixed(Amount::new(fixed.unwrap_or(0))).unwrap();
            if let Some(min) = min {
                fee = fee.at_least(Amount::new(min)).unwrap();
            }
            if let Some(max) = max {
                fee = fee.at_most(Amount::new(max)).unwrap();
            }
            if vat_included { fee.with_vat_included() } else { fee }
        },
    )
}

fn roundings() -> impl Strategy<Value = RoundingRules> {
    (proptest::sample::select(Rounding::ALL), proptest::sample::select(Rounding::ALL))
        .prop_map(|(platform_fee, vat)| RoundingRules { platform_fee, vat, ..RoundingRules::default() })
}

fn contracts(fee: impl Strategy<Value = FeeRule>) -> impl Strategy<Value = Contract> {
    (fee, proptest::sample::select(VatPayer::ALL), any::<bool>()).prop_map(|(fee, payer, subtracts)| {
        let mut contract = Contract::new(fee, payer, Cycle::after_days(2));
        contract.subtracts_payment_vat = subtracts;
        contract
    })
}

/// How far the engine is asked amount by amount.
const REACH: i64 = 3_000;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(64)
    ))]

    /// The witness is the smallest there is; without one, no order settles negative by more than rounding makes.
    #[test]
    fn the_smallest_negative_settlement_is_found(
        contract in contracts(fees().prop_map(FeeRule::from)),
        rounding in roundings(),
        smallest in 1..2_000_i64,
    ) {
        let mut options = Options::default();
        options.smallest_order_amount = Amount::new(smallest);
        let book = book(contract, rounding, options);
        let engine = Engine::resolve(&book, &Calendars::new()).unwrap();
        let settles = |order| settlement(&engine, order, 0);
        let found = shortfalls(&book);
        prop_assert!(found.len() <= 1);
        let witness = found.first().map_or(i64::MAX, |(_, numbers)| numbers[0]);
        if let Some((path, numbers)) = found.first() {
            prop_assert_eq!(path, "contracts[0].platform_fee");
            prop_assert_eq!(settles(witness), numbers[1]);
            prop_assert!(numbers[1] < 0 && witness >= smallest);
        }
        let before = (smallest..witness.min(smallest + REACH)).chain((witness.saturating_sub(50)..witness).filter(|order| *order >= smallest && *order < i64::MAX / 1_000_000));
        for order in before {
            prop_assert!(settles(order) >= -2, "{} settles at {}, found {:?}", order, settles(order), &found);
        }
        for order in [10_i64.pow(5), 10_i64.pow(7), 10_i64.pow(12)].into_iter().filter(|order| *order < witness) {
            prop_assert!(settles(order) >= -2, "{} settles at {}, found {:?}", order, settles(order), &found);
        }
    }

    /// Each bracket is asked at its own volume.
    #[test]
    fn tiers_are_asked_bracket_by_bracket(
        // Rates that leave less than 0.6 % of an order, with VAT or without, are left to the law above.
        rates in proptest::collection::vec(prop_oneof![0..9_030_i64, 9_150..9_930_i64, 10_070..15_000_i64], 1..5),
        width in 1..3_000_i64,
        mode in proptest::sample::select(TierMode::ALL),
        vat_payer in proptest::sample::select(VatPayer::ALL),
    ) {
        let brackets = rates.iter().zip(0..).map(|(hundredths, place)| Bracket {
            from: Amount::new(place * width),
            rate: rate(*hundredths),
        });
        let tiers = Tiers::new(brackets.collect(), mode, TierMeasure::Given).unwrap();
        let book = book(
            Contract::new(tiers, vat_payer, Cycle::after_days(2)),
            RoundingRules::default(),
            Options::default(),
        );
        let engine = Engine::resolve(&book, &Calendars::new()).unwrap();
        let found = shortfalls(&book);
        for (place, volume) in (0..rates.len()).zip((0..).map(|place| place * width)) {
            let path = format!("contracts[0].platform_fee.tiers[{place}]");
            let own = found.iter().find(|(found, _)| *found == path);
            let is_last = place + 1 == rates.len();
            let largest = if mode == TierMode::Marginal && !is_last { width } else { 20_000 };
            let expected = (500..=largest).find(|order| settlement(&engine, *order, volume) < 0);
            match (own, expected) {
                (Some((_, numbers)), Some(expected)) => {
                    prop_assert_eq!(numbers, &[expected, volume, settlement(&engine, expected, volume)]);
                }
                (None, None) => {}
                (Some((_, numbers)), None) => {
                    prop_assert!(numbers[0] > 20_000 && settlement(&engine, numbers[0], volume) == numbers[2]);
                }
                (None, Some(expected)) => prop_assert!(false, "{} at {} isn't found", expected, path),
            }
        }
    }
}

/// Rates whose excess over the whole only larger orders show.
#[test]
fn an_excess_that_rounding_hides_is_found_in_larger_orders() {
    let found = |hundredths: &str, max: i64, smallest: i64| {
        let fee = Fee::of_rate(hundredths.parse().unwrap()).at_most(Amount::new(max)).unwrap();
        let mut options = Options::default();
        options.smallest_order_amount = Amount::new(smallest);
        let contract = Contract::new(fee, VatPayer::Partner, Cycle::after_days(2));
        let book = book(contract, RoundingRules::default(), options);
        shortfalls(&book).first().map(|(_, numbers)| numbers.clone())
    };
    // 90.9091 % and a tenth of it take 100.00001 % of an order; some between 10,000,000 and this one are negative too.
    assert_eq!(found("90.9091%", i64::MAX, 500), Some(vec![16_482_004, -1]));
    assert_eq!(found("90.909%", i64::MAX, 500), None);
    // 91 % take 100.1 %, but no more than 1,100: from 1,101 on something is left.
    assert_eq!(found("91%", 1_000, 600), Some(vec![1_000, -1]));
    assert_eq!(found("91%", 1_000, 1_100), None);
}

const NAMES: [&str; 2] = ["category", "method"];
const VALUES: [&str; 2] = ["a", "b"];

fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    let attribute = (proptest::sample::select(&NAMES[..]), proptest::sample::select(&VALUES[..]))
        .prop_map(|(name, value)| Condition::Attribute { name: name.into(), value: value.into() });
    let condition = prop_oneof![3 => attribute, 1 => (0..4_u32).prop_map(Condition::MonthsSinceJoiningBelow)];
    proptest::collection::vec(condition, 1..4)
}

/// What an order can be, as far as conditions can tell.
#[derive(Clone, Debug)]
struct Kind {
    attributes: BTreeMap<String, String>,
    joined_on: Option<NaiveDate>,
    paid_at: Option<DateTime<FixedOffset>>,
}

/// Every order there can be, as far as attributes and months can tell: an unheard-of value stands for all others.
fn orders() -> Vec<Kind> {
    let mut all = Vec::new();
    let values = [None, Some("a"), Some("b"), Some("other")];
    for category in values {
        for method in values {
            for months in [None, Some(0), Some(1), Some(2), Some(3), Some(4)] {
                let named = NAMES.into_iter().zip([category, method]);
                let attributes =
                    named.filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect();
                let joined_on = months.map(|months| day().checked_sub_months(Months::new(months)).unwrap());
                all.push(Kind { attributes, joined_on, paid_at: None });
            }
        }
    }
    all
}

fn instant(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

/// Conditions on the instant of payment that lie close together, and an attribute.
fn payment_conditions() -> impl Strategy<Value = Vec<Condition>> {
    let instants = [
        "2026-03-03T00:00:00+09:00",
        "2026-03-05T03:00:00Z",
        "2026-03-07T01:30:00+09:00",
        "2026-03-12T00:00:00+09:00",
    ];
    let instants = move || proptest::sample::select(instants.to_vec()).prop_map(instant);
    let weekdays =
        vec![vec![Weekday::Sat, Weekday::Sun], vec![Weekday::Sun], vec![Weekday::Thu, Weekday::Sat]];
    let windows = vec![
        ("22:00", "02:00"),
        ("00:00", "12:00"),
        ("12:00", "00:00"),
        ("06:00", "06:00"),
        ("01:30", "02:00"),
    ];
    let paid = prop_oneof![
        instants().prop_map(PaidWhen::From),
        instants().prop_map(PaidWhen::Before),
        proptest::sample::select(weekdays).prop_map(|days| PaidWhen::Weekdays(Weekdays::new(days).unwrap())),
        proptest::sample::select(windows).prop_map(|(from, before)| {
            PaidWhen::Time(TimeWindow::new(from.parse().unwrap(), before.parse().unwrap()))
        }),
    ];
    let attribute = proptest::sample::select(&VALUES[..])
        .prop_map(|value| Condition::Attribute { name: NAMES[0].into(), value: value.into() });
    proptest::collection::vec(prop_oneof![4 => paid.prop_map(Condition::Paid), 1 => attribute], 1..4)
}

/// Every order there can be, as far as those conditions can tell: three weeks by the half hour, and one long before and behind.
fn paid_orders() -> Vec<Kind> {
    let first = instant("2026-02-23T00:00:00+09:00");
    let half_hours = (0..21 * 48).map(|half_hours| first + TimeDelta::minutes(30 * half_hours));
    let instants: Vec<_> = half_hours.map(Some).chain([None]).collect();
    let kinds = [None, Some("a"), Some("b")].into_iter().flat_map(|value| {
        let attributes: BTreeMap<String, String> =
            value.map(|value| (NAMES[0].to_owned(), value.to_owned())).into_iter().collect();
        instants.iter().map(move |paid_at| Kind {
            attributes: attributes.clone(),
            joined_on: None,
            paid_at: *paid_at,
        })
    });
    kinds.collect()
}

/// Which entry an order meets first.
fn first_met(kind: &Kind, entries: &[FeeEntry]) -> Option<usize> {
    let grades = Grades::default();
    let circumstances = Circumstances {
        attributes: [None, Some(&kind.attributes), None],
        date: day(),
        joined_on: kind.joined_on,
        tenure_counting: TenureCounting::Anniversary,
        paid_at: kind.paid_at,
        time_zone: Options::default().time_zone,
        grades: &grades,
    };
    entries.iter().position(|entry| entry.when.iter().all(|condition| condition.holds(&circumstances)))
}

/// Compares the findings of a selection with what becomes of every order there can be.
fn findings_are_those_of(
    orders: &[Kind],
    entries: &[(Vec<Condition>, i64)],
    otherwise: i64,
) -> Result<(), TestCaseError> {
    let fee = |hundreds: i64| TieredFee::Flat(Fee::of_rate(rate(hundreds * 100)));
    let entries: Vec<FeeEntry> =
        entries.iter().map(|(when, hundreds)| FeeEntry { when: when.clone(), fee: fee(*hundreds) }).collect();
    let rule = FeeRule::select(entries.clone(), fee(otherwise)).unwrap();
    let contract = Contract::new(rule.clone(), VatPayer::Partner, Cycle::after_days(2));
    let findings = book(contract, RoundingRules::default(), Options::default()).warnings();
    let last = fee(otherwise);
    let fee_of = |entries: &[FeeEntry], first: Option<usize>| {
        first.map_or_else(|| last.clone(), |place| entries[place].fee.clone())
    };
    let met: Vec<Option<usize>> = orders.iter().map(|order| first_met(order, &entries)).collect();
    for (place, entry) in entries.iter().enumerate() {
        let path = format!("contracts[0].platform_fee.select[{place}]");
        let own: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.path().starts_with(&path))
            .map(|finding| finding.code())
            .collect();
        let mut others = entries.clone();
        others.remove(place);
        let without_it = |order: &Kind| fee_of(&others, first_met(order, &others));
        let expected: &[&str] = if orders
            .iter()
            .all(|order| first_met(order, std::slice::from_ref(entry)).is_none())
        {
            &["impossible-select"]
        } else if met.iter().all(|first| *first != Some(place)) {
            &["shadowed-select"]
        } else if orders.iter().zip(&met).all(|(order, first)| fee_of(&entries, *first) == without_it(order))
        {
            &["redundant-select"]
        } else {
            &[]
        };
        prop_assert_eq!(own, expected, "{} of {:?}", path, &rule);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(256)
    ))]

    /// An entry is told exactly when it never applies, or makes no difference to any order.
    #[test]
    fn entries_that_do_nothing_are_told(
        entries in proptest::collection::vec((conditions(), 1..3_i64), 1..6),
        otherwise in 1..3_i64,
    ) {
        findings_are_those_of(&orders(), &entries, otherwise)?;
    }

    /// The same where conditions ask when the customer paid, and several entries together may leave nothing for one behind them.
    #[test]
    fn entries_that_no_payment_meets_are_told(
        entries in proptest::collection::vec((payment_conditions(), 1..3_i64), 1..6),
        otherwise in 1..3_i64,
    ) {
        findings_are_those_of(&paid_orders(), &entries, otherwise)?;
    }
}
