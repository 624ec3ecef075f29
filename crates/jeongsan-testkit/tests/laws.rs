//! Laws of settling, on the model itself: an oracle that breaks one is no oracle.

use std::collections::BTreeMap;

use jeongsan_testkit::strategies::{Cancels, Case, Scope, cases};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::strategies::{ALL, settle};

const FIELDS: [&str; 17] = [
    "order",
    "order_tax_free",
    "discount",
    "discount_tax_free",
    "payment",
    "payment_tax_free",
    "payment_supply",
    "payment_vat",
    "payment_vat_burden",
    "platform_fee",
    "platform_fee_vat",
    "additional_fee",
    "additional_fee_vat",
    "discount_share",
    "discount_share_tax_free",
    "settlement",
    "settlement_tax_free",
];

/// Those that an independent cancel never returns beyond what was charged.
const LIMITED: [&str; 8] = [
    "payment_vat",
    "payment_vat_burden",
    "platform_fee",
    "platform_fee_vat",
    "additional_fee",
    "additional_fee_vat",
    "discount_share",
    "discount_share_tax_free",
];

fn amount(row: &Value, field: &str) -> i128 {
    row[field].as_i64().unwrap().into()
}

fn lines(row: &Value) -> &[Value] {
    row["lines"].as_array().map_or(&[], Vec::as_slice)
}

fn sum_of_lines(row: &Value, field: &str) -> i128 {
    lines(row).iter().map(|line| amount(line, field)).sum()
}

fn is_settled(outcome: &Value) -> bool {
    outcome["error"].is_null()
}

/// The id of the order that an event is or cancels.
fn order_of(event: &Value) -> &str {
    event["order"].as_str().or(event["id"].as_str()).unwrap()
}

fn check_identity(row: &Value) -> Result<(), TestCaseError> {
    let taken: i128 = [
        "payment_vat_burden",
        "platform_fee",
        "platform_fee_vat",
        "additional_fee",
        "additional_fee_vat",
        "discount_share",
    ]
    .map(|field| amount(row, field))
    .iter()
    .sum();
    prop_assert_eq!(amount(row, "settlement"), amount(row, "order") - taken);
    prop_assert_eq!(amount(row, "payment"), amount(row, "order") - amount(row, "discount"));
    let tax_free = amount(row, "order_tax_free") - amount(row, "discount_tax_free");
    prop_assert_eq!(amount(row, "payment_tax_free"), tax_free);
    let split = amount(row, "payment_supply") + amount(row, "payment_vat");
    prop_assert_eq!(split, amount(row, "payment") - amount(row, "payment_tax_free"));
    Ok(())
}

fn with(cancels: Cancels) -> Scope {
    Scope { cancels, ..ALL }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_settlement_is_what_the_figures_leave(case in cases(Scope { formulas: false, ..ALL })) {
        for outcome in settle(&case).iter().filter(|outcome| is_settled(outcome)) {
            if outcome["type"] != "manual" {
                check_identity(outcome)?;
                for line in lines(outcome) {
                    check_identity(line)?;
                }
            }
        }
    }

    /// What an order has besides its lines is what it has at its own level.
    #[test]
    fn an_order_is_its_lines_and_its_own_items(case in cases(with(Cancels::None))) {
        for (event, outcome) in case.events.iter().zip(settle(&case)) {
            if !is_settled(&outcome) || lines(&outcome).is_empty() {
                continue;
            }
            let own = |field: &str| amount(&outcome, field) - sum_of_lines(&outcome, field);
            let is_free = amount(&outcome, "order") == 0;
            for field in ["order", "order_tax_free", "platform_fee", "platform_fee_vat"] {
                // A fee that can't be shared over lines that cost nothing stays at the order.
                prop_assert!(own(field) == 0 || (is_free && field.starts_with("platform")), "{field}");
            }
            let discounts = event["discounts"].as_array();
            let stated = |field: &str| -> i128 {
                discounts.into_iter().flatten().filter_map(|entry| entry[field].as_i64()).map(i128::from).sum()
            };
            prop_assert_eq!(own("discount"), stated("amount"));
            prop_assert_eq!(own("discount_tax_free"), stated("tax_free_amount"));
            if discounts.is_none() {
                for field in ["discount_share", "discount_share_tax_free", "payment_vat", "payment_supply"] {
                    prop_assert_eq!(own(field), 0, "{}", field);
                }
            }
            if event["additional_fees"].is_null() {
                prop_assert_eq!(own("additional_fee"), 0);
                prop_assert_eq!(own("additional_fee_vat"), 0);
            }
            prop_assert!(own("settlement_tax_free") == 0 || amount(&outcome, "order_tax_free") == 0);
        }
    }

    /// Whatever the steps, the cancels of an order that ends add up to exactly minus the order, line by line.
    #[test]
    fn an_order_cancelled_whole_is_as_if_it_never_was(case in cases(with(Cancels::Cumulative))) {
        for (order, rows) in with_an_end(&case) {
            let mut sums: BTreeMap<(String, String), i128> = BTreeMap::new();
            let mut add = |place: &str, row: &Value, name: &str| {
                *sums.entry((place.to_owned(), name.to_owned())).or_default() += amount(row, name);
            };
            for row in &rows {
                FIELDS.iter().for_each(|field| add("", row, field));
                row["user_formulas"].as_object().unwrap().keys().for_each(|key| add("user", &row["user_formulas"], key));
                for line in lines(row) {
                    let product = line["product"].as_str().unwrap();
                    FIELDS.iter().chain(&["quantity"]).for_each(|field| add(product, line, field));
                }
            }
            prop_assert!(sums.values().all(|sum| *sum == 0), "{order} leaves {sums:?}");
        }
    }

    /// An independent cancel may leave a residue, but never returns more than was charged.
    #[test]
    fn independent_cancels_never_overdraw(case in cases(Scope { formulas: false, ..with(Cancels::Independent) })) {
        let mut left: BTreeMap<(&str, &str), i128> = BTreeMap::new();
        let outcomes = settle(&case);
        for (event, outcome) in case.events.iter().zip(&outcomes).filter(|(_, outcome)| is_settled(outcome)) {
            for field in LIMITED {
                let left = left.entry((order_of(event), field)).or_default();
                *left += amount(outcome, field);
                prop_assert!(*left >= 0, "{} of {}", field, order_of(event));
            }
            for field in ["platform_fee", "platform_fee_vat"] {
                let own = amount(outcome, field) - sum_of_lines(outcome, field);
                let is_shared = !lines(outcome).is_empty() && amount(outcome, "order") != 0;
                prop_assert!(own == 0 || !is_shared, "{field}: {outcome}");
            }
        }
    }

    #[test]
    fn a_refused_event_changes_nothing(case in cases(ALL)) {
        let outcomes = settle(&case);
        let kept = |is_kept: &(&Value, &Value)| is_settled(is_kept.1);
        let (events, expected): (Vec<Value>, Vec<Value>) =
            case.events.iter().zip(&outcomes).filter(kept).map(|(event, outcome)| (event.clone(), outcome.clone())).unzip();
        prop_assert_eq!(settle(&Case { events, ..case }), expected);
    }

    /// An order by amount is an order of one line. (A formula for platform fees could tell them apart: it doesn't see
    /// the order's discounts in a line.)
    #[test]
    fn one_line_settles_as_its_amount(case in cases(Scope { lines: false, formulas: false, ..with(Cancels::None) })) {
        let mut by_line = case.clone();
        for event in &mut by_line.events {
            put_into_a_line(event);
        }
        for (amount, line) in settle(&case).iter().zip(&settle(&by_line)) {
            for field in FIELDS.iter().chain(&["error", "settlement_date"]) {
                prop_assert_eq!(&amount[field], &line[field], "{}", field);
            }
        }
    }
}

/// The settled rows of each order that its cancels end.
fn with_an_end(case: &Case) -> BTreeMap<&str, Vec<Value>> {
    let mut orders: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (event, outcome) in case.events.iter().zip(settle(case)).filter(|(_, outcome)| is_settled(outcome)) {
        if outcome["type"] == "order" {
            orders.insert(order_of(event), vec![outcome]);
        } else if outcome["type"] == "cancel" {
            orders.get_mut(order_of(event)).unwrap().push(outcome);
        }
    }
    orders.retain(|_, rows| has_ended(rows));
    orders
}

/// Whether no units are left; of an order by amount, no amount. (One of nothing may be left whole: it doesn't count.)
fn has_ended(rows: &[Value]) -> bool {
    let mut units: BTreeMap<&str, i128> = BTreeMap::new();
    for line in rows.iter().flat_map(lines) {
        *units.entry(line["product"].as_str().unwrap()).or_default() += amount(line, "quantity");
    }
    let left: i128 = rows.iter().map(|row| amount(row, "order")).sum();
    let costs = amount(&rows[0], "order") != 0 || !units.is_empty();
    costs && left == 0 && units.values().all(|left| *left == 0)
}

fn put_into_a_line(event: &mut Value) {
    let Some(fields) = event.as_object_mut() else { return };
    // What is wrong with an amount would be something else with a line.
    let Some(amount) = fields.get("order_amount").filter(|amount| amount.as_i64() >= Some(0)).cloned() else {
        return;
    };
    if fields.contains_key("lines") {
        return;
    }
    fields.remove("order_amount");
    let mut line = json!({ "product": "item-1", "amount": amount, "quantity": 1 });
    if let Some(tax_free) = fields.remove("tax_free_amount") {
        line["tax_free_amount"] = tax_free;
    }
    fields.insert("lines".to_owned(), json!([line]));
}
