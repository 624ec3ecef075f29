//! Rows that can't be settled, one of each kind.

use crate::random::Random;

/// What is wrong with each bad row, its text (`None`: the repeated first order), and the code of its refusal.
const ROWS: [(&str, Option<&str>, &str); 13] = [
    (
        "a partner that the book does not have",
        Some(
            r#"{"type":"order","id":"bad-unknown-partner","partner":"p-999","start_date":"2026-03-04","order_amount":12000}"#,
        ),
        "unknown-partner",
    ),
    (
        "a contract that the book does not have",
        Some(
            r#"{"type":"order","id":"bad-unknown-contract","partner":"p-001","contract":"gold","start_date":"2026-03-04","order_amount":12000}"#,
        ),
        "unknown-contract",
    ),
    (
        "a start before the contract's first version",
        Some(
            r#"{"type":"order","id":"bad-early-start","partner":"p-001","contract":"standard","start_date":"2025-12-31","order_amount":12000}"#,
        ),
        "unknown-contract",
    ),
    (
        "a discount by a policy that the book does not have",
        Some(
            r#"{"type":"order","id":"bad-unknown-policy","partner":"p-002","start_date":"2026-03-06","order_amount":12000,"discounts":[{"policy":"coupon-spring","amount":1000}]}"#,
        ),
        "unknown-policy",
    ),
    ("the id of an earlier order", None, "duplicate-event"),
    (
        "an amount that is no whole number",
        Some(
            r#"{"type":"order","id":"bad-float","partner":"p-003","start_date":"2026-03-09","order_amount":12000.5}"#,
        ),
        "invalid-event",
    ),
    (
        "an amount below zero",
        Some(
            r#"{"type":"order","id":"bad-negative","partner":"p-003","start_date":"2026-03-10","order_amount":-12000}"#,
        ),
        "invalid-event",
    ),
    (
        "a field that no order has",
        Some(
            r#"{"type":"order","id":"bad-unknown-field","partner":"p-004","start_date":"2026-03-11","order_amount":12000,"order_amout":12000}"#,
        ),
        "invalid-event",
    ),
    (
        "a line cut off",
        Some(r#"{"type":"order","id":"bad-json","partner":"p-004","start_date":"2026-03-12","order_am"#),
        "invalid-event",
    ),
    (
        "a discount above the order",
        Some(
            r#"{"type":"order","id":"bad-discount","partner":"p-005","start_date":"2026-03-16","order_amount":12000,"discounts":[{"policy":"coupon-shared","amount":12001}]}"#,
        ),
        "discount-exceeds-order",
    ),
    (
        "a tax-free part above the order",
        Some(
            r#"{"type":"order","id":"bad-tax-free","partner":"p-005","start_date":"2026-03-17","order_amount":12000,"tax_free_amount":12001}"#,
        ),
        "tax-free-exceeds-order",
    ),
    (
        "an amount and lines",
        Some(
            r#"{"type":"order","id":"bad-ambiguous","partner":"p-006","start_date":"2026-03-18","order_amount":12000,"lines":[{"product":"p-006-001","amount":12000,"quantity":1}]}"#,
        ),
        "order-detail-ambiguous",
    ),
    (
        "a settlement date before the start",
        Some(
            r#"{"type":"order","id":"bad-settlement-date","partner":"p-006","start_date":"2026-03-19","order_amount":12000,"settlement_date":"2026-03-18"}"#,
        ),
        "settlement-date-before-start",
    ),
];

/// What is wrong with each bad row of a month, and the code of its refusal; their order in the file is another.
pub const BAD_ROWS: [(&str, &str); ROWS.len()] = {
    let mut rows = [("", ""); ROWS.len()];
    let mut place = 0;
    while place < ROWS.len() {
        rows[place] = (ROWS[place].0, ROWS[place].2);
        place += 1;
    }
    rows
};

/// Puts the bad rows somewhere behind the first row.
pub(super) fn insert(lines: &mut Vec<String>, random: &mut Random) {
    let Some(first) = lines.first().cloned() else { return };
    for (_, text, _) in ROWS {
        let place = 1 + random.place(lines.len());
        lines.insert(place.min(lines.len()), text.map_or_else(|| first.clone(), str::to_owned));
    }
}
