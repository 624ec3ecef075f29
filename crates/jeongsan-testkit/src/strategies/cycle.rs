//! Settlement cycles.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Scope, when};

/// The document of a cycle.
pub(super) fn cycle(scope: Scope) -> BoxedStrategy<Value> {
    let plain = json!({ "lag": { "days": 2 }, "method": "daily", "date_policy": "calendar-day" });
    let policies =
        ["calendar-day", "holiday-before", "holiday-after", "modified-following", "modified-preceding"];
    let any_cycle = (lag(), method(), proptest::sample::select(policies.to_vec()))
        .prop_map(|(lag, method, policy)| json!({ "lag": lag, "method": method, "date_policy": policy }));
    when(scope.cycles, any_cycle, plain)
}

fn lag() -> impl Strategy<Value = Value> {
    let starts = proptest::sample::select(vec!["strict", "roll-forward", "roll-backward"]);
    prop_oneof![
        (0..=12_u8).prop_map(|days| json!({ "days": days })),
        (0..=12_u8, starts).prop_map(|(days, start)| json!({ "business_days": days, "start": start })),
    ]
}

fn method() -> impl Strategy<Value = Value> {
    let weekdays = vec!["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
    let dates = vec!["01-01", "02-14", "02-28", "02-29", "05-01", "11-01", "12-31"];
    let nth = vec!["1-MON", "2-WED", "4-SAT", "5-FRI", "last-FRI", "last-SUN"];
    prop_oneof![
        Just(json!("daily")),
        proptest::sample::subsequence(weekdays, 1..=3).prop_map(|days| json!({ "weekly": days })),
        proptest::sample::subsequence((1..=31_u8).collect::<Vec<_>>(), 1..=3)
            .prop_map(|days| json!({ "monthly": days })),
        proptest::sample::subsequence(dates, 1..=2).prop_map(|dates| json!({ "dates": dates })),
        (1..=20_u8).prop_map(|days| json!({ "every_days": days, "from": "2025-12-29" })),
        proptest::sample::subsequence((1..=24_u8).collect::<Vec<_>>(), 1..=2)
            .prop_map(|days| json!({ "nth_business_day": days })),
        proptest::sample::subsequence(nth, 1..=2).prop_map(|days| json!({ "nth_weekday": days })),
    ]
}
