//! The generated month: its bytes, and what the model makes of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use jeongsan_testkit::bulk;
use jeongsan_testkit::model::{Holidays, Model};
use jeongsan_testkit::month::{
    BAD_ROWS, BadRows, Month, MonthCycles, MonthFees, MonthFormulas, MonthOptions,
};
use serde_json::Value;

fn settled(month: &Month) -> Vec<Value> {
    let holidays = Holidays::kr_bank();
    let model = Model::new(&month.book_document(), move |date| holidays.is_business_day(date)).unwrap();
    model.settle_lines(&month.events)
}

fn codes(outcomes: &[Value]) -> BTreeMap<String, usize> {
    let mut codes = BTreeMap::new();
    for code in outcomes.iter().filter_map(|outcome| outcome["error"]["code"].as_str()) {
        *codes.entry(code.to_owned()).or_default() += 1;
    }
    codes
}

#[test]
fn the_default_month_is_what_examples_hold() {
    let month = Month::generate(&MonthOptions::default());
    for (name, text) in
        [("book.toml", &month.book), ("events.jsonl", &month.events), ("facts.jsonl", &month.facts)]
    {
        let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../examples/month", name].iter().collect();
        assert!(fs::read_to_string(path).unwrap() == *text, "{name} differs from what is generated");
    }
}

#[test]
fn every_row_settles_but_the_bad_ones() {
    let outcomes = settled(&Month::generate(&MonthOptions::default()));
    assert_eq!(outcomes.len(), 3_000 + 8 + BAD_ROWS.len());
    let mut expected = BTreeMap::new();
    for (_, code) in BAD_ROWS {
        *expected.entry(code.to_owned()).or_default() += 1;
    }
    assert_eq!(codes(&outcomes), expected);
    let sum = |field: &str| outcomes.iter().filter_map(|row| row[field].as_i64()).sum::<i64>();
    let sums =
        ["order", "payment", "platform_fee", "additional_fee", "discount_share", "settlement"].map(sum);
    assert_eq!(sums, [505_051_724, 490_567_975, 36_875_951, 13_693_440, 6_410_376, 442_364_608]);
}

#[test]
fn every_option_settles() {
    let options = MonthOptions {
        orders: 300,
        cancels: 100,
        bad_rows: BadRows::None,
        cycles: MonthCycles::Monthly,
        fees: MonthFees::SelectAndTiers,
        formulas: MonthFormulas::User,
        ..MonthOptions::default()
    };
    let outcomes = settled(&Month::generate(&options));
    assert_eq!(codes(&outcomes), BTreeMap::new());
    let count = |kind: &str| outcomes.iter().filter(|outcome| outcome["type"] == kind).count();
    assert_eq!((count("order"), count("cancel"), count("manual")), (300, 100, 8));
}

/// The month shows what it is there to show.
#[test]
fn the_month_has_what_it_promises() {
    let month = Month::generate(&MonthOptions::default());
    let outcomes = settled(&month);
    let some = |holds: &dyn Fn(&Value) -> bool| outcomes.iter().filter(|outcome| holds(outcome)).count();
    for version in ["2026-01-01", "2026-03-16"] {
        assert!(some(&|row| row["contract"] == "standard" && row["contract_version"] == version) > 100);
    }
    for contract in ["fresh", "open-market", "brand", "live"] {
        assert!(some(&|row| row["contract"] == contract) > 50, "{contract}");
    }
    for field in ["discount_share", "additional_fee", "additional_fee_vat", "settlement_tax_free"] {
        assert!(some(&|row| row[field].as_i64().is_some_and(|amount| amount > 0)) > 100, "{field}");
    }
    assert!(some(&|row| row["lines"].as_array().is_some_and(|lines| lines.len() > 1)) > 300);
}

#[test]
fn bulk_orders_settle_under_the_month() {
    let month = Month::generate(&MonthOptions { orders: 0, ..MonthOptions::default() });
    let lines: Vec<String> = bulk::orders(7, 500).map(|order| order.json()).collect();
    let outcomes = settled(&Month { events: lines.join("\n"), ..month });
    assert_eq!(outcomes.len(), 500);
    assert_eq!(codes(&outcomes), BTreeMap::new());
    let sum: i64 = outcomes.iter().map(|row| row["settlement"].as_i64().unwrap()).sum();
    assert_eq!(sum, 54_375_145, "the stream is pinned by what it settles to");
}
