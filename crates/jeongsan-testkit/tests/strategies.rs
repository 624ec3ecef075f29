//! What the strategies yield: every code, cancels that settle and that don't, orders cancelled to the end.

use std::collections::{BTreeMap, BTreeSet};

use jeongsan_testkit::model::{Holidays, Model};
use jeongsan_testkit::strategies::{Cancels, Case, Scope, cases};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

/// Everything that has one outcome an event.
pub(crate) const ALL: Scope = Scope { cancel_options: false, ..Scope::ALL };

pub(crate) fn settle(case: &Case) -> Vec<Value> {
    let holidays = Holidays::kr_bank();
    let model = Model::new(&case.book, move |date| holidays.is_business_day(date)).unwrap();
    model.settle(&case.events)
}

fn settled(scope: Scope, count: usize) -> Vec<(Case, Vec<Value>)> {
    let mut runner = TestRunner::deterministic();
    let strategy = cases(scope);
    let mut next = || strategy.new_tree(&mut runner).unwrap().current();
    (0..count).map(|_| next()).map(|case| (case.clone(), settle(&case))).collect()
}

fn code(outcome: &Value) -> &str {
    outcome["error"]["code"].as_str().unwrap_or("settled")
}

fn counts(settled: &[(Case, Vec<Value>)]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for outcome in settled.iter().flat_map(|(_, outcomes)| outcomes) {
        *counts.entry(code(outcome)).or_default() += 1;
    }
    counts
}

#[test]
fn without_bad_events_nearly_all_orders_settle() {
    let settled = settled(Scope { per_order: true, ..Scope::PLAIN }, 300);
    let counts = counts(&settled);
    let refused: usize = counts.iter().filter(|(code, _)| **code != "settled").map(|(_, count)| count).sum();
    assert!(refused * 20 < counts["settled"], "{counts:?}");
}

#[test]
fn every_code_comes_up() {
    let settled = settled(ALL, 800);
    let counts = counts(&settled);
    let codes = [
        "cancel-exceeds-remaining",
        "discount-exceeds-order",
        "division-by-zero",
        "duplicate-event",
        "duplicate-product",
        "invalid-event",
        "order-detail-ambiguous",
        "order-detail-mismatch",
        "out-of-range",
        "settled",
        "settlement-date-before-start",
        "tax-free-exceeds-discount",
        "tax-free-exceeds-order",
        "unknown-contract",
        "unknown-order",
        "unknown-partner",
        "unknown-policy",
        "unknown-product",
    ];
    assert_eq!(counts.keys().copied().collect::<Vec<_>>(), codes, "{counts:?}");
    assert!(counts.values().all(|count| *count >= 2), "{counts:?}");
}

#[test]
fn cancels_settle_are_refused_and_come_to_an_end() {
    for mode in [Cancels::Cumulative, Cancels::Independent] {
        let settled = settled(Scope { cancels: mode, ..Scope::PLAIN }, 300);
        let outcomes = settled.iter().flat_map(|(_, outcomes)| outcomes);
        let cancels = outcomes.filter(|outcome| outcome["type"] == "cancel").count();
        let counts = counts(&settled);
        assert!(cancels > 200, "{cancels} {counts:?}");
        let refused = counts["cancel-exceeds-remaining"];
        assert!(refused * 6 > cancels && refused < cancels, "{cancels} {counts:?}");
        assert!(ended_orders(&settled) > 50);
    }
}

/// Orders of which cancels took all.
fn ended_orders(settled: &[(Case, Vec<Value>)]) -> usize {
    let mut ended = 0;
    for (case, outcomes) in settled {
        let mut left: BTreeMap<&str, i64> = BTreeMap::new();
        for (event, outcome) in case.events.iter().zip(outcomes) {
            let Some(amount) = outcome["order"].as_i64() else { continue };
            let order = event["order"].as_str().or(event["id"].as_str()).unwrap();
            let left = left.entry(order).or_default();
            *left += amount;
            ended += usize::from(*left == 0 && amount < 0);
        }
    }
    ended
}

/// Shrinking ends at one event of nothing.
#[test]
fn a_case_shrinks_to_one_plain_order() {
    let mut runner = TestRunner::deterministic();
    let strategy = cases(Scope { tiers: false, ..ALL });
    let mut tree = strategy.new_tree(&mut runner).unwrap();
    let has_order = |case: &Case| settle(case).iter().any(|outcome| outcome["type"] == "order");
    while !has_order(&tree.current()) {
        tree = strategy.new_tree(&mut runner).unwrap();
    }
    while tree.simplify() {
        while !has_order(&tree.current()) && tree.complicate() {}
    }
    let events = tree.current().events;
    let fields: BTreeSet<&str> = events[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(events.len(), 1);
    assert_eq!(fields, BTreeSet::from(["id", "order_amount", "partner", "start_date", "type"]));
}
