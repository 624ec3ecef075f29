//! Laws of corrections: whatever came in between, all rows of an order add up to settling it under the last terms from the start.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use jeongsan::figures::Figure;
use jeongsan_golden::settle_documents;
use jeongsan_testkit::strategies::{Cancels, Case, Scope, cases};
use proptest::prelude::*;
use serde_json::{Value, json};

const SCOPE: Scope =
    Scope { cancels: Cancels::Cumulative, bases: true, funders: true, agencies: true, ..Scope::PLAIN };

fn proptest_cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(64)
}

/// What the rows of each order add up to: by order, partner and figure, or funder.
type Sums = BTreeMap<Place, i128>;
type Place = (String, String, String);

fn order_of(outcome: &Value) -> &str {
    outcome.get("of_order").unwrap_or(&outcome["id"]).as_str().unwrap()
}

fn sums(outcomes: &[Value]) -> Sums {
    let mut sums = Sums::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.get("error").is_none()) {
        let figures = Figure::ALL.iter().map(|figure| (figure.as_str(), &outcome[figure.as_str()]));
        let funders = outcome["funders"].as_object().into_iter().flatten();
        for (name, amount) in figures.chain(funders.map(|(funder, part)| (funder.as_str(), part))) {
            let place = (order_of(outcome).to_owned(), outcome["partner"].to_string(), name.to_owned());
            *sums.entry(place).or_default() += i128::from(amount.as_i64().unwrap());
        }
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// The sums that differ, with what each side has.
fn differences(found: &[Value], expected: &[Value]) -> Vec<(Place, [i128; 2])> {
    let (found, expected) = (sums(found), sums(expected));
    let keys: std::collections::BTreeSet<_> = found.keys().chain(expected.keys()).cloned().collect();
    let of = |sums: &Sums, key: &_| sums.get(key).copied().unwrap_or(0);
    let pairs = keys.into_iter().map(|key| {
        let pair = [of(&found, &key), of(&expected, &key)];
        (key, pair)
    });
    pairs.filter(|(_, [found, expected])| found != expected).collect()
}

fn count(outcomes: &[Value], kind: &str) -> usize {
    outcomes.iter().filter(|outcome| outcome["type"] == kind).count()
}

/// The case with every contract's fee replaced.
fn with_fee(case: &Case, fee: &Value) -> Case {
    let mut case = case.clone();
    for contract in case.book["contracts"].as_array_mut().unwrap() {
        contract["platform_fee"] = fee.clone();
    }
    case
}

fn settle(case: &Case) -> Vec<Value> {
    settle_documents(&case.book, &case.events).unwrap()
}

/// Each settled order with its partner, start month and what is left of its amount, in the order of coming.
fn lefts(case: &Case, outcomes: &[Value]) -> Vec<(String, String, String, i64)> {
    let mut orders: Vec<(String, String, String, i64)> = Vec::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.get("error").is_none()) {
        let amount = outcome["order"].as_i64().unwrap();
        match outcome["type"].as_str().unwrap() {
            "order" => {
                let month = outcome["start_date"].as_str().unwrap()[..7].to_owned();
                let id = outcome["id"].as_str().unwrap().to_owned();
                orders.push((id, outcome["partner"].as_str().unwrap().to_owned(), month, amount));
            }
            "cancel" => {
                orders.iter_mut().find(|order| order.0 == order_of(outcome)).unwrap().3 += amount;
            }
            _ => {}
        }
    }
    assert!(orders.len() <= case.events.len());
    orders
}

fn month_before(month: &str) -> String {
    let (year, number) = month.split_once('-').unwrap();
    let (year, number): (u32, u32) = (year.parse().unwrap(), number.parse().unwrap());
    if number == 1 { format!("{:04}-12", year - 1) } else { format!("{year:04}-{:02}", number - 1) }
}

/// Orders move about by months, so that many fall into neighbouring ones, come late and are cancelled late.
fn spread(case: &mut Case, months: &[u32]) {
    for (event, month) in case.events.iter_mut().zip(months.iter().cycle()) {
        for field in ["start_date", "date"] {
            if let Some(text) = event[field].as_str() {
                let day = text[8..].parse::<u32>().unwrap().min(28);
                event[field] = json!(format!("2026-{month:02}-{day:02}"));
            }
        }
        if let Some(fields) = event.as_object_mut()
            && (fields["type"] != "manual")
        {
            fields.retain(|name, value| name != "settlement_date" && !value.is_null());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(proptest_cases()))]

    #[test]
    fn retiered_rows_add_up_to_the_final_sales(
        case in cases(SCOPE),
        months in proptest::collection::vec(3_u32..=5, 1..8),
        (low, high) in (1_i64..3_000, 3_000_i64..100_000),
        mode in proptest::sample::select(vec!["whole", "marginal"]),
        measure in proptest::sample::select(vec!["previous-month-sales", "month-to-date-sales"]),
    ) {
        let mut case = case;
        spread(&mut case, &months);
        let tiers = json!([{ "from": 0, "rate": "10%" }, { "from": low, "rate": "7.3%" }, { "from": high, "rate": "3%" }]);
        let fee = json!({ "tiers": tiers, "mode": mode, "measure": measure, "late": "retier" });
        let mut retiered = with_fee(&case, &fee);
        retiered.book["options"]["sales_known_from"] = json!("2026-01");
        let outcomes = settle(&retiered);
        let orders = lefts(&retiered, &outcomes);
        let mut given = with_fee(&case, &json!({ "tiers": tiers, "mode": mode, "measure": "given" }));
        for event in &mut given.events {
            let Some(place) = orders.iter().position(|order| event["type"] == "order" && *order.0 == event["id"]) else { continue };
            let (_, partner, month, _) = &orders[place];
            let volume: i64 = match measure {
                "previous-month-sales" => orders.iter().filter(|order| order.1 == *partner && order.2 == month_before(month)).map(|order| order.3).sum(),
                _ => orders[..place].iter().filter(|order| order.1 == *partner && order.2 == *month).map(|order| order.3).sum(),
            };
            event["volume"] = json!(volume);
        }
        let expected = settle(&given);
        prop_assert_eq!(differences(&outcomes, &expected), []);
        // Every difference has its cause, and is one.
        for row in outcomes.iter().filter(|row| row["type"] == "retier") {
            prop_assert!(row["cause"].is_string() && row["order"] == 0);
            prop_assert!(row["platform_fee"] != 0 || row["platform_fee_vat"] != 0 || row["lines"] != json!([]));
        }
        prop_assert_eq!(count(&outcomes, "order"), count(&expected, "order"));
    }

    #[test]
    fn trued_up_rows_add_up_to_the_final_fee(
        case in cases(SCOPE),
        months in proptest::collection::vec(3_u32..=5, 1..8),
        places in proptest::collection::vec(any::<prop::sample::Index>(), 1..=2),
        fees in proptest::collection::vec(proptest::sample::select(vec![
            json!({ "rate": "11.2%" }), json!({ "rate": "3%", "fixed": 100, "max": 275 }), json!({ "fixed": 500 }),
            json!({ "select": [{ "when": { "payment_method": "card" }, "rate": "1%" }, { "rate": "12%" }] }),
        ]), 2),
    ) {
        let mut case = case;
        spread(&mut case, &months);
        // Every contract is provisional in April; the true-ups come anywhere.
        let mut contracts = Vec::new();
        let mut scratch = Vec::new();
        let ids: Vec<Value> = case.book["contracts"].as_array().unwrap().iter().map(|contract| contract["id"].clone()).collect();
        let last = &fees[places.len() - 1];
        for contract in case.book["contracts"].as_array().unwrap() {
            for (from, fee) in [(Value::Null, &contract["platform_fee"]), (json!("2026-04-01"), last), (json!("2026-05-01"), &contract["platform_fee"])] {
                let mut version = contract.clone();
                version["applies_from"] = from;
                version["provisional"] = json!(true);
                contracts.push(version.clone());
                version["platform_fee"] = fee.clone();
                scratch.push(version);
            }
        }
        let mut expected = case.clone();
        case.book["contracts"] = json!(contracts);
        expected.book["contracts"] = json!(scratch);
        let mut positions: Vec<usize> = places.iter().map(|place| place.index(case.events.len() + 1)).collect();
        positions.sort_unstable();
        for (number, position) in positions.iter().enumerate().rev() {
            for id in &ids {
                case.events.insert(*position, json!({
                    "type": "true-up", "id": format!("true-up-{number}-{}", id.as_str().unwrap()), "contract": id, "date": "2026-06-15",
                    "from": "2026-04-01", "to": "2026-04-30", "platform_fee": fees[number],
                }));
            }
        }
        let outcomes = settle(&case);
        let expected = settle(&expected);
        prop_assert_eq!(differences(&outcomes, &expected), []);
        for row in outcomes.iter().filter(|row| row["type"] == "true-up") {
            prop_assert_eq!(&row["start_date"], "2026-06-15");
            prop_assert!(row["cause"].as_str().unwrap().starts_with("true-up-"));
        }
    }
}
