//! Documents that somebody broke: whatever stands in them, nothing panics, and every event has its outcome.

use jeongsan::document::BookDocument;
use jeongsan_golden::settle_documents;
use jeongsan_testkit::strategies::{Scope, cases};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Values that hurt: borders of numbers, empty things, the wrong kind.
fn hostile() -> impl Strategy<Value = Value> {
    proptest::sample::select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(0.1),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("9999-12-31"),
        json!("0000-01-01"),
        json!("2026-02-30"),
        json!("99999999999999999999%"),
        json!("-0%"),
        json!("ORDER_AMOUNT / (ORDER_AMOUNT - ORDER_AMOUNT)"),
        json!("(".repeat(3_000)),
        json!([]),
        json!({}),
        json!([[]]),
        json!(["2026-01-01"]),
        json!({"days": 65_535}),
        json!({"monthly": [31, 31]}),
        json!({"every_days": 1, "from": "9999-12-31"}),
        json!([{"from": 0, "rate": "1%"}, {"from": i64::MAX, "rate": "0%"}]),
    ])
}

/// Puts a value in the place of the one that a number leads to, counting all values of a document.
fn replace(document: &mut Value, mut at: usize, value: &Value) {
    let mut todo = vec![document];
    while let Some(next) = todo.pop() {
        if at == 0 {
            *next = value.clone();
            return;
        }
        at -= 1;
        match next {
            Value::Array(items) => todo.extend(items.iter_mut()),
            Value::Object(fields) => todo.extend(fields.values_mut()),
            _ => {}
        }
    }
}

/// How many outcomes are of events, and not of what these bring about beside.
fn of_events(outcomes: &[Value]) -> usize {
    let of_event = |outcome: &&Value| {
        outcome["type"].as_str().is_none_or(|kind| ["order", "cancel", "manual"].contains(&kind))
    };
    outcomes.iter().filter(of_event).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(64)
    ))]

    #[test]
    fn broken_events_have_their_outcomes(
        case in cases(Scope { agencies: true, ..Scope::ALL }),
        faults in proptest::collection::vec((0_usize..60, 0_usize..40, hostile()), 1..12),
    ) {
        let mut case = case;
        let count = case.events.len();
        for (event, place, value) in &faults {
            replace(&mut case.events[event % count], *place, value);
        }
        prop_assert_eq!(of_events(&settle_documents(&case.book, &case.events).unwrap()), count);
    }

    #[test]
    fn broken_books_are_refused_or_settle(
        case in cases(Scope { agencies: true, ..Scope::ALL }),
        faults in proptest::collection::vec((0_usize..150, hostile()), 1..6),
    ) {
        let mut case = case;
        for (place, value) in &faults {
            replace(&mut case.book, *place, value);
        }
        let document = serde_json::from_value::<BookDocument>(case.book.clone());
        if let Ok(book) = document.map(|document| document.to_book()) {
            let _ = book.map(|book| book.warnings());
        }
        if let Ok(outcomes) = settle_documents(&case.book, &case.events) {
            prop_assert_eq!(of_events(&outcomes), case.events.len());
        }
    }
}
