//! Laws of what contracts say of cancels: what is kept, spread, withdrawn and charged still adds up.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};

use jeongsan::figures::Figure;
use jeongsan_golden::settle_documents;
use jeongsan_testkit::strategies::{Cancels, Case, Scope, cases};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

const SCOPE: Scope = Scope {
    cancels: Cancels::Both,
    cancel_options: true,
    tiers: true,
    select: true,
    versions: true,
    bad_events: true,
    huge_amounts: true,
    ..Scope::PLAIN
};

const CUMULATIVE: Scope = Scope { cancels: Cancels::Cumulative, ..SCOPE };

/// Formulas of the book's own need not keep the identity, but cancels of an order add up all the same.
const WITH_FORMULAS: Scope = Scope { formulas: true, parameters: true, ..CUMULATIVE };

const SHIPPING: [&str; 2] = ["shipping-charged", "return-shipping"];

const FEES: [(&str, [Figure; 2]); 2] = [
    ("platform_fee", [Figure::PlatformFee, Figure::PlatformFeeVat]),
    ("additional_fee", [Figure::AdditionalFee, Figure::AdditionalFeeVat]),
];

/// The rows of each event: its own, or a refusal, and what it brings about beside.
fn rows_by_event(case: &Case) -> Vec<Vec<Value>> {
    let mut events: Vec<Vec<Value>> = Vec::new();
    for row in settle_documents(&case.book, &case.events).unwrap() {
        let kind = row["type"].as_str();
        if kind.is_none_or(|kind| ["order", "cancel", "manual"].contains(&kind)) {
            events.push(vec![row]);
        } else {
            events.last_mut().unwrap().push(row);
        }
    }
    assert_eq!(events.len(), case.events.len());
    events
}

fn is_refused(rows: &[Value]) -> bool {
    rows[0].get("error").is_some()
}

/// The rows of each order that settled: its own and those of its accepted cancels, each event's with the event.
fn rows_by_order(case: &Case) -> BTreeMap<String, Vec<(Value, Vec<Value>)>> {
    let mut orders: BTreeMap<String, Vec<(Value, Vec<Value>)>> = BTreeMap::new();
    for (event, rows) in case.events.iter().zip(rows_by_event(case)).filter(|(_, rows)| !is_refused(rows)) {
        let order = match rows[0]["type"].as_str().unwrap() {
            "order" => &event["id"],
            "cancel" => &event["order"],
            _ => continue,
        };
        orders.entry(order.as_str().unwrap().to_owned()).or_default().push((event.clone(), rows));
    }
    orders
}

fn figure(block: &Value, figure: Figure) -> i128 {
    i128::from(block[figure.as_str()].as_i64().unwrap())
}

/// An order's figures and those of its lines, by product; its own have none.
fn blocks(row: &Value) -> impl Iterator<Item = (String, &Value)> {
    let lines = row["lines"].as_array().unwrap().iter().map(|line| (line["product"].to_string(), line));
    std::iter::once((String::new(), row)).chain(lines)
}

fn sums<'r>(rows: impl Iterator<Item = &'r Value>) -> BTreeMap<(String, Figure), i128> {
    let mut sums = BTreeMap::new();
    for row in rows {
        for (product, block) in blocks(row) {
            for &name in Figure::ALL {
                *sums.entry((product.clone(), name)).or_default() += figure(block, name);
            }
        }
    }
    sums
}

/// What the contract of an order's row says of cancels. Its versions agree on it.
fn on_cancel<'b>(book: &'b Value, row: &Value) -> &'b Value {
    let contracts = book["contracts"].as_array().unwrap();
    &contracts.iter().find(|contract| contract["id"] == row["contract"]).unwrap()["on_cancel"]
}

fn is_shipping(row: &Value) -> bool {
    SHIPPING.iter().any(|kind| row["type"] == *kind)
}

/// One more cancellation of all that is left brings every order to nothing, or finds nothing left.
fn ended(mut case: Case) -> Case {
    for (number, order) in rows_by_order(&case).keys().enumerate() {
        case.events.push(json!({
            "type": "cancel", "id": format!("end-{number}"), "order": order, "date": "2027-12-01", "all": true,
        }));
    }
    case
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(64)
    ))]

    /// Under `cumulative` a fully cancelled order comes to the fees that its contract keeps, taken off the partner, and to nothing else.
    #[test]
    fn a_fully_cancelled_order_comes_to_its_kept_fees(
        case in prop_oneof![cases(CUMULATIVE), cases(WITH_FORMULAS)]
    ) {
        let case = ended(case);
        for (order, events) in rows_by_order(&case) {
            let charged = &events[0].1[0];
            // A formula of the book's own may have no value on a step in between.
            if sums(events.iter().map(|(_, rows)| &rows[0]))[&(String::new(), Figure::Order)] != 0 {
                continue;
            }
            let has_units = events.iter().flat_map(|(_, rows)| rows[0]["lines"].as_array().unwrap());
            if has_units.map(|line| line["quantity"].as_i64().unwrap()).sum::<i64>() != 0 {
                continue;
            }
            let options = on_cancel(&case.book, charged);
            let kept: Vec<Figure> =
                FEES.iter().filter(|(fee, _)| options[fee] == "keep").flat_map(|(_, figures)| *figures).collect();
            let all = events.iter().flat_map(|(_, rows)| rows);
            let sums = sums(all.filter(|row| !is_shipping(row)));
            for (product, charged) in blocks(charged) {
                let stays: i128 = kept.iter().map(|fee| figure(charged, *fee)).sum();
                for &name in Figure::ALL {
                    let expected = match name {
                        _ if kept.contains(&name) => figure(charged, name),
                        Figure::Settlement => -stays,
                        _ => 0,
                    };
                    prop_assert_eq!(sums[&(product.clone(), name)], expected, "{} {} {}", order, product, name);
                }
            }
        }
    }

    /// No component comes back beyond what was charged, under either mode, whatever is withdrawn beside; and a kept fee never moves.
    #[test]
    fn never_more_back_than_charged(case in cases(SCOPE)) {
        let is_independent = case.book["options"]["cancel"] == "independent";
        let mut limited = vec![
            Figure::Order, Figure::PlatformFee, Figure::PlatformFeeVat, Figure::DiscountShare, Figure::Discount,
        ];
        if is_independent {
            limited.extend([Figure::PaymentVat, Figure::AdditionalFee, Figure::AdditionalFeeVat]);
        }
        for (order, events) in rows_by_order(&case) {
            let options = on_cancel(&case.book, &events[0].1[0]);
            let mut left: BTreeMap<Figure, i128> = BTreeMap::new();
            for (_, rows) in &events {
                for row in rows {
                    for &name in Figure::ALL {
                        *left.entry(name).or_default() += figure(row, name);
                    }
                    for (fee, figures) in FEES.iter().filter(|_| row["type"] != "order") {
                        if options[fee] == "keep" {
                            for (product, block) in blocks(row) {
                                prop_assert!(figures.iter().all(|name| figure(block, *name) == 0), "{} {}", product, row);
                            }
                        }
                    }
                }
                for name in &limited {
                    prop_assert!(left[name] >= 0, "{} of {}", name, order);
                }
            }
        }
    }

    /// What is brought about beside has figures of its own kind alone, and its signs.
    #[test]
    fn further_rows_say_one_thing(case in cases(SCOPE)) {
        for rows in rows_by_event(&case).iter().filter(|rows| !is_refused(rows)) {
            let own = &rows[0];
            for row in &rows[1..] {
                for name in ["id", "of_order", "partner", "contract", "contract_version", "start_date", "settlement_date", "currency"] {
                    prop_assert_eq!(&row[name], &own[name]);
                }
                prop_assert_eq!(&own["type"], "cancel");
                if is_shipping(row) {
                    for &name in Figure::ALL {
                        prop_assert_eq!(figure(row, name) != 0, name == Figure::Settlement, "{}", row);
                    }
                    prop_assert!(row["type"] == "return-shipping" || figure(row, Figure::Settlement) > 0);
                } else {
                    let [discount, share, payment, order] =
                        [Figure::Discount, Figure::DiscountShare, Figure::Payment, Figure::Order].map(|name| figure(row, name));
                    prop_assert!(order == 0 && discount < 0 && payment == -discount && share <= 0, "{}", row);
                }
            }
        }
    }

    /// The accepted cancels of an order come to the same in any order, but for what is spread over units, cut from one cancel to the next,
    /// and for shipping that was charged on the way to nothing.
    #[test]
    fn the_order_of_cancels_changes_nothing(case in cases(CUMULATIVE)) {
        let mut case = case;
        for contract in case.book["contracts"].as_array_mut().unwrap() {
            if let Some(options) = contract.get_mut("on_cancel").and_then(Value::as_object_mut) {
                options.remove("order_discounts");
            }
        }
        let orders = rows_by_order(&case);
        case.events = orders
            .values()
            .flat_map(|events| events.iter().take(1).chain(events[1..].iter().rev()).map(|(event, _)| event.clone()))
            .collect();
        let all_turned = rows_by_order(&case);
        for (order, events) in orders {
            let turned = &all_turned[&order];
            if turned.len() < events.len() {
                // What one leaves, another may exceed.
                continue;
            }
            let of = |events: &[(Value, Vec<Value>)]| {
                let rows: Vec<Value> = events.iter().flat_map(|(_, rows)| rows.clone()).collect();
                let left = sums(rows.iter())[&(String::new(), Figure::Order)];
                sums(rows.iter().filter(|row| left != 0 || row["type"] != "shipping-charged"))
            };
            prop_assert_eq!(of(turned), of(&events), "{}", order);
        }
    }

    /// Units cancelled one by one, in any order, are never refused where discounts are spread over them: none is left with less than it carries.
    #[test]
    fn spread_discounts_never_stand_in_the_way(
        case in cases(Scope { bad_events: false, ..SCOPE }),
        turns in proptest::collection::vec(any::<prop::sample::Index>(), 12),
    ) {
        let mut case = case;
        for contract in case.book["contracts"].as_array_mut().unwrap() {
            contract["on_cancel"] = json!({ "order_discounts": "spread" });
        }
        case.events.retain(|event| event["lines"].is_array() && event["type"] == "order");
        for line in case.events.iter_mut().flat_map(|event| event["lines"].as_array_mut().unwrap()) {
            // A line's own discounts go as they are stated, and not all of its units fit under them.
            line.as_object_mut().unwrap().remove("discounts");
        }
        let orders = std::mem::take(&mut case.events);
        for order in orders {
            let mut left: Vec<(Value, i64)> = order["lines"].as_array().unwrap().iter()
                .map(|line| (line["product"].clone(), line["quantity"].as_i64().unwrap())).collect();
            let id = order["id"].clone();
            case.events.push(order);
            for (number, turn) in turns.iter().enumerate() {
                left.retain(|(_, quantity)| *quantity > 0);
                if left.is_empty() {
                    break;
                }
                let place = turn.index(left.len());
                left[place].1 -= 1;
                let lines = json!([{ "product": left[place].0, "quantity": 1 }]);
                let cancel = format!("{}-{number}", id.as_str().unwrap());
                case.events.push(json!({
                    "type": "cancel", "id": cancel, "order": id, "date": "2027-03-09", "lines": lines,
                }));
            }
        }
        let mut settled = BTreeSet::new();
        for (event, rows) in case.events.iter().zip(rows_by_event(&case)) {
            if event["type"] == "order" && !is_refused(&rows) {
                settled.insert(event["id"].to_string());
            } else if settled.contains(&event["order"].to_string()) {
                prop_assert!(!is_refused(&rows), "{} {}", event, rows[0]);
            }
        }
    }
}

/// The laws above would hold of nothing.
#[test]
fn the_cases_have_every_kind_of_row() {
    let mut runner = TestRunner::deterministic();
    let strategy = cases(SCOPE);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..200 {
        let case = strategy.new_tree(&mut runner).unwrap().current();
        for row in rows_by_event(&case).into_iter().flatten() {
            *kinds.entry(row["type"].as_str().unwrap_or("refused").to_owned()).or_default() += 1;
        }
    }
    for (kind, least) in [("coupon-withdrawn", 5), ("shipping-charged", 5), ("return-shipping", 30)] {
        assert!(kinds.get(kind).copied().unwrap_or_default() >= least, "{kinds:?}");
    }
}
