//! Laws of settling over generated books and events, with the naive model as oracle.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};

use jeongsan::figures::Figure;
use jeongsan_golden::settle_documents;
use jeongsan_testkit::model::{Holidays, Model};
use jeongsan_testkit::month::{Month, MonthOptions};
use jeongsan_testkit::strategies::{Cancels, Case, Scope, cases};
use proptest::prelude::*;
use serde_json::Value;

/// Everything under the default formulas.
const SCOPE: Scope = Scope {
    cancels: Cancels::Both,
    bases: true,
    funders: true,
    tiers: true,
    select: true,
    versions: true,
    bad_events: true,
    huge_amounts: true,
    cycles: true,
    ..Scope::PLAIN
};

/// And with what contracts say of cancels, which bring about further rows.
const WITH_OPTIONS: Scope = Scope { cancel_options: true, ..SCOPE };

/// And with formulas of the book's own, under which the identity need not hold.
const WITH_FORMULAS: Scope = Scope { formulas: true, parameters: true, ..WITH_OPTIONS };

/// And with agencies, whose rows stand beside those of the events.
const WITH_AGENCIES: Scope = Scope { agencies: true, ..WITH_FORMULAS };

/// And with fees by sales, of which some are not known.
const WITH_SALES: Scope = Scope { sales: true, bad_events: false, huge_amounts: false, ..WITH_AGENCIES };

/// The model on the business days of Korean banks.
fn model_of(book: &Value) -> Model {
    let holidays = Holidays::kr_bank();
    Model::new(book, move |date| holidays.is_business_day(date)).unwrap()
}

fn settle(case: &Case) -> Vec<Value> {
    settle_documents(&case.book, &case.events).unwrap()
}

/// An error without its message and path, which the model doesn't write.
fn code_only(mut outcome: Value) -> Value {
    // Statements of sales have no id; only the model knows their line.
    if let Some(fields) = outcome.as_object_mut() {
        fields.remove("line");
    }
    if let Some(error) = outcome.get_mut("error").and_then(Value::as_object_mut) {
        error.retain(|key, _| key == "code");
    }
    outcome
}

/// Of two faults among the amounts of one event the engine may find the one out of range first, as it can't compute beyond it;
/// the model computes without limits and looks at the range last.
fn names_another_amount(found: &Value, expected: &Value) -> bool {
    let later = [
        "discount-exceeds-order",
        "tax-free-exceeds-discount",
        "tax-free-exceeds-order",
        "settlement-date-before-start",
    ];
    found["error"]["code"] == "out-of-range" && later.iter().any(|code| expected["error"]["code"] == *code)
}

fn figure(document: &Value, figure: Figure) -> i128 {
    i128::from(document[figure.as_str()].as_i64().unwrap())
}

/// What others than partner and merchant bear of an outcome's discounts, by their names.
fn funders(outcome: &Value) -> impl Iterator<Item = (&str, i128)> {
    let parts = outcome["funders"].as_object().into_iter().flatten();
    parts.map(|(funder, part)| (funder.as_str(), i128::from(part.as_i64().unwrap())))
}

fn settled(outcomes: &[Value]) -> impl Iterator<Item = &Value> {
    outcomes.iter().filter(|outcome| outcome.get("error").is_none())
}

/// The figures of an order that its lines have no part in: discounts and fees on the order as a whole.
const ORDER_LEVEL_ZERO: [Figure; 4] =
    [Figure::Order, Figure::OrderTaxFree, Figure::PlatformFee, Figure::PlatformFeeVat];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(proptest_cases()))]

    #[test]
    fn the_engine_equals_the_model(
        case in prop_oneof![cases(SCOPE), cases(WITH_OPTIONS), cases(WITH_FORMULAS), cases(WITH_AGENCIES), cases(WITH_SALES)],
    ) {
        let expected = model_of(&case.book).settle(&case.events);
        let found = settle(&case);
        prop_assert_eq!(found.len(), expected.len());
        for (found, expected) in found.into_iter().zip(expected) {
            let (found, expected) = (code_only(found), code_only(expected));
            prop_assert!(found == expected || names_another_amount(&found, &expected), "{}\n{}", found, expected);
        }
    }

    #[test]
    fn every_settlement_keeps_the_identity(case in cases(SCOPE)) {
        let outcomes = settle(&case);
        for outcome in settled(&outcomes).filter(|outcome| outcome["type"] != "manual") {
            let lines = outcome["lines"].as_array().unwrap();
            for block in std::iter::once(outcome).chain(lines) {
                let taken = [
                    Figure::PaymentVatBurden, Figure::PlatformFee, Figure::PlatformFeeVat,
                    Figure::AdditionalFee, Figure::AdditionalFeeVat, Figure::DiscountShare,
                ];
                let taken: i128 = taken.into_iter().map(|name| figure(block, name)).sum();
                prop_assert_eq!(figure(block, Figure::Settlement), figure(block, Figure::Order) - taken);
                let taxable = figure(block, Figure::PaymentSupply) + figure(block, Figure::PaymentVat);
                prop_assert_eq!(figure(block, Figure::Payment), taxable + figure(block, Figure::PaymentTaxFree));
            }
        }
    }

    /// No funder bears what isn't there: what others take of an order's discounts leaves the merchant's part from 0 up.
    #[test]
    fn the_parts_of_funders_stay_within_the_discounts(case in cases(SCOPE)) {
        for outcome in settled(&settle(&case)).filter(|outcome| outcome["type"] == "order") {
            let others: i128 = funders(outcome).map(|(_, part)| part).sum();
            prop_assert!(funders(outcome).all(|(_, part)| part > 0), "{}", outcome);
            let merchant = figure(outcome, Figure::Discount) - figure(outcome, Figure::DiscountShare) - others;
            prop_assert!(merchant >= 0, "{}", outcome);
        }
    }

    /// golden-rules 30: what the lines don't have stands on the order as a whole, and without such items the lines are all of it.
    #[test]
    fn an_order_is_its_lines_and_its_own_items(case in cases(SCOPE)) {
        let outcomes = settle(&case);
        let events: BTreeMap<&str, &Value> =
            case.events.iter().rev().filter_map(|event| Some((event["id"].as_str()?, event))).collect();
        for outcome in settled(&outcomes).filter(|outcome| outcome["type"] == "order") {
            let lines = outcome["lines"].as_array().unwrap();
            if lines.is_empty() {
                continue;
            }
            let event = events[outcome["id"].as_str().unwrap()];
            let is_bare = ["discounts", "additional_fees"].iter().all(|items| {
                event.get(items).and_then(Value::as_array).is_none_or(Vec::is_empty)
            });
            let all_zero = lines.iter().all(|line| figure(line, Figure::Order) == 0);
            for &name in Figure::ALL {
                let sum: i128 = lines.iter().map(|line| figure(line, name)).sum();
                if (is_bare || ORDER_LEVEL_ZERO.contains(&name)) && !all_zero {
                    prop_assert_eq!(sum, figure(outcome, name), "{}", name);
                }
            }
        }
    }

    /// Events settle alike in any order in which each order stays ahead of its cancellations and these keep theirs.
    #[test]
    fn order_of_coming_changes_nothing(case in cases(SCOPE), turn in 0_usize..20) {
        let mut seen = BTreeSet::new();
        let mut case = case;
        case.events.retain(|event| event["id"].as_str().is_some_and(|id| seen.insert(id.to_owned())));
        let key = |outcomes: Vec<Value>| -> BTreeMap<String, Value> {
            outcomes.into_iter().map(|outcome| (outcome["id"].to_string(), outcome)).collect()
        };
        let first = key(settle(&case));
        // A cancellation that came too early would find its order in another order of events.
        case.events.retain(|event| first[&event["id"].to_string()]["error"]["code"] != "unknown-order");
        let expected = key(settle(&case));
        let (cancels, mut others): (Vec<Value>, Vec<Value>) =
            case.events.into_iter().partition(|event| event["type"] == "cancel");
        let turn = turn % others.len().max(1);
        others.rotate_left(turn);
        others.extend(cancels);
        case.events = others;
        prop_assert_eq!(key(settle(&case)), expected);
    }

    /// Under `cumulative` a fully cancelled order comes to exactly zero, in every figure of the order and of every line.
    #[test]
    fn a_fully_cancelled_order_comes_to_nothing(case in cases(Scope { cancels: Cancels::Cumulative, ..SCOPE })) {
        let outcomes = settle(&case);
        let mut sums: BTreeMap<(String, String, Figure), i128> = BTreeMap::new();
        let mut funded: BTreeMap<(String, String), i128> = BTreeMap::new();
        let mut left: BTreeMap<String, bool> = BTreeMap::new();
        for (event, outcome) in case.events.iter().zip(&outcomes).filter(|(_, outcome)| outcome.get("error").is_none()) {
            let order = match outcome["type"].as_str().unwrap() {
                "order" => &event["id"],
                "cancel" => &event["order"],
                _ => continue,
            };
            let order = order.as_str().unwrap().to_owned();
            let blocks = outcome["lines"].as_array().unwrap().iter().map(|line| (line["product"].to_string(), line));
            for (product, block) in blocks.chain([(String::new(), outcome)]) {
                for &name in Figure::ALL {
                    *sums.entry((order.clone(), product.clone(), name)).or_default() += figure(block, name);
                }
            }
            for (funder, part) in funders(outcome) {
                *funded.entry((order.clone(), funder.to_owned())).or_default() += part;
            }
            left.insert(order, true);
        }
        // One more cancellation of all that is left brings every order to nothing, or finds nothing left.
        let mut ends = case.clone();
        for (number, order) in left.keys().enumerate() {
            ends.events.push(serde_json::json!({
                "type": "cancel", "id": format!("end-{number}"), "order": order, "date": "2027-12-01", "all": true,
            }));
        }
        let ended = settle(&ends);
        for (order, outcome) in left.keys().zip(&ended[outcomes.len()..]) {
            if outcome.get("error").is_none() {
                for (funder, part) in funders(outcome) {
                    *funded.entry((order.clone(), funder.to_owned())).or_default() += part;
                }
                let blocks =
                    outcome["lines"].as_array().unwrap().iter().map(|line| (line["product"].to_string(), line));
                for (product, block) in blocks.chain([(String::new(), outcome)]) {
                    for &name in Figure::ALL {
                        *sums.entry((order.clone(), product.clone(), name)).or_default() += figure(block, name);
                    }
                }
            } else {
                prop_assert_eq!(&outcome["error"]["code"], "cancel-exceeds-remaining");
            }
        }
        for ((order, product, name), sum) in sums {
            prop_assert_eq!(sum, 0, "{} {} {}", order, product, name);
        }
        for ((order, funder), sum) in funded {
            prop_assert_eq!(sum, 0, "{} of {}", funder, order);
        }
    }

    /// An agency never takes more than its base, the parts add up, and a fully cancelled order leaves nothing to any party.
    #[test]
    fn agencies_share_what_there_is(case in cases(Scope { agencies: true, ..SCOPE }), seed in any::<u64>()) {
        let mut case = case;
        let orders: Vec<Value> = case.events.iter().filter(|event| event["type"] == "order").map(|event| event["id"].clone()).collect();
        let cancelled: BTreeSet<String> = orders.iter().enumerate().filter(|(place, _)| seed >> (place % 64) & 1 == 1).map(|(_, id)| id.to_string()).collect();
        for (number, order) in orders.iter().enumerate().filter(|(_, id)| cancelled.contains(&id.to_string())) {
            case.events.push(serde_json::json!({
                "type": "cancel", "id": format!("end-{number}"), "order": order, "date": "2027-12-01", "all": true,
            }));
        }
        let is_independent = case.book["options"]["cancel"] == "independent";
        let of: BTreeMap<String, String> = case.events.iter().rev().map(|event| {
            let order = event.get("order").unwrap_or(&event["id"]);
            (event["id"].to_string(), order.to_string())
        }).collect();
        // By order: what the merchant's fee and the partner come to, what agencies take, and what they are given in all.
        let mut fees: BTreeMap<&str, i128> = BTreeMap::new();
        let mut settlements: BTreeMap<&str, i128> = BTreeMap::new();
        let mut shares: BTreeMap<(&str, String), i128> = BTreeMap::new();
        let outcomes = settle(&case);
        for outcome in settled(&outcomes).filter(|outcome| outcome["type"] != "manual") {
            let order = of[&outcome["id"].to_string()].as_str();
            let amount = figure(outcome, Figure::Settlement);
            if outcome["type"] == "agency-share" {
                *shares.entry((order, outcome["partner"].to_string())).or_default() += amount;
            } else {
                *fees.entry(order).or_default() += figure(outcome, Figure::PlatformFee);
                *settlements.entry(order).or_default() += amount;
            }
        }
        for (order, fee) in &fees {
            let of_order = || shares.iter().filter(|((shared, _), _)| shared == order);
            let to_agencies: i128 = of_order().filter(|((_, partner), _)| partner.contains("agency")).map(|(_, share)| share).sum();
            let from_seller: i128 = of_order().filter(|((_, partner), _)| !partner.contains("agency")).map(|(_, share)| share).sum();
            prop_assert!(of_order().all(|((_, partner), share)| partner.contains("agency") == (*share > 0) || *share == 0));
            prop_assert!(to_agencies + from_seller <= (*fee).max(0), "no more of the fee than there is");
            prop_assert!(-from_seller <= settlements[order].max(0), "no more of the settlement than there is");
            if cancelled.contains(*order) {
                prop_assert!(is_independent || *fee == 0);
                prop_assert!(of_order().all(|(_, share)| *share == 0), "{} leaves nothing", order);
            }
        }
    }

    /// No component ever comes back beyond what was charged, under either mode.
    #[test]
    fn never_more_back_than_charged(case in cases(SCOPE)) {
        let outcomes = settle(&case);
        let mut left: BTreeMap<(String, Figure), i128> = BTreeMap::new();
        let mut funded: BTreeMap<(String, String), i128> = BTreeMap::new();
        for (event, outcome) in case.events.iter().zip(&outcomes).filter(|(_, outcome)| outcome.get("error").is_none()) {
            let order = match outcome["type"].as_str().unwrap() {
                "order" => &event["id"],
                "cancel" => &event["order"],
                _ => continue,
            };
            for name in [Figure::Order, Figure::PlatformFee, Figure::PlatformFeeVat, Figure::DiscountShare, Figure::Discount] {
                let left = left.entry((order.as_str().unwrap().to_owned(), name)).or_default();
                *left += figure(outcome, name);
                prop_assert!(*left >= 0, "{} of {}", name, order);
            }
            for (funder, part) in funders(outcome) {
                let left = funded.entry((order.as_str().unwrap().to_owned(), funder.to_owned())).or_default();
                *left += part;
                prop_assert!(*left >= 0, "{} of {}", funder, order);
            }
        }
    }
}

fn proptest_cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(64)
}

/// The generated month of the examples, row by row.
#[test]
fn the_month_equals_the_model() {
    let month = Month::generate(&MonthOptions::default());
    let model = model_of(&month.book_document());
    let events: Vec<Value> =
        month.events.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let found = settle_documents(&month.book_document(), &events).unwrap();
    let expected = model.settle(&events);
    assert_eq!(found.len(), expected.len());
    assert!(found.len() > 3_000);
    for (found, expected) in found.into_iter().zip(expected) {
        assert_eq!(code_only(found), code_only(expected));
    }
}
