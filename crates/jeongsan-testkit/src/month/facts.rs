//! The month's facts about what is owed: holds, corrections, closings, up to 20 April.

use serde_json::Value;

/// An order that a fact names.
#[derive(Clone, Copy, Debug)]
enum Named {
    /// None.
    Nothing,
    /// A seller's first.
    FirstOf(&'static str),
    /// A seller's last.
    LastOf(&'static str),
}

use Named::{FirstOf, LastOf, Nothing};

/// The facts, in the order of their days. `{order}` stands for the order named, `{amount}` for its amount.
const FACTS: [(Named, &str); 18] = [
    (
        FirstOf("p-002"),
        r#"{"type":"hold","id":"h-01","date":"2026-03-10","order":"{order}","reason":"반품 진행 중","released_by":"claims"}"#,
    ),
    (
        Nothing,
        r#"{"type":"adjust","id":"a-01","date":"2026-03-12","partner":"p-003","amount":-15000,"settlement_date":"2026-03-13","reason":"택배비 이중 청구","by":"kim"}"#,
    ),
    (Nothing, r#"{"type":"approve","id":"a-02","date":"2026-03-13","adjustment":"a-01","by":"lee"}"#),
    (Nothing, r#"{"type":"close","id":"n-01","date":"2026-03-13"}"#),
    (
        Nothing,
        r#"{"type":"hold","id":"h-02","date":"2026-03-16","partner":"p-004","reason":"예금주 불일치","released_by":"accounts"}"#,
    ),
    (Nothing, r#"{"type":"release","id":"r-01","date":"2026-03-18","hold":"h-01","by":"claims"}"#),
    (
        LastOf("p-016"),
        r#"{"type":"hold","id":"h-03","date":"2026-03-25","order":"{order}","reason":"구매자 이의 제기","released_by":"claims"}"#,
    ),
    (
        Nothing,
        r#"{"type":"hold","id":"h-04","date":"2026-03-30","partner":"p-002","limit":1000000,"reason":"정산 한도","released_by":"risk","until":"2026-05-01"}"#,
    ),
    (Nothing, r#"{"type":"close","id":"n-02","date":"2026-03-31"}"#),
    (
        Nothing,
        r#"{"type":"adjust","id":"a-03","date":"2026-04-02","partner":"p-005","amount":5000,"reason":"고객 응대 보상","by":"kim"}"#,
    ),
    (Nothing, r#"{"type":"reject","id":"a-04","date":"2026-04-03","adjustment":"a-03","by":"lee"}"#),
    (
        FirstOf("p-013"),
        r#"{"type":"dispute","id":"d-01","date":"2026-04-06","order":"{order}","partner":"p-013","amount":{amount},"reason":"카드사 지불 거절"}"#,
    ),
    (
        Nothing,
        r#"{"type":"hold","id":"h-05","date":"2026-04-07","partner":"p-028","reason":"휴업 확인","released_by":"accounts","until":"2026-05-01"}"#,
    ),
    (Nothing, r#"{"type":"close","id":"n-03","date":"2026-04-10"}"#),
    (Nothing, r#"{"type":"release","id":"r-02","date":"2026-04-13","hold":"h-02","by":"accounts"}"#),
    (
        FirstOf("p-027"),
        r#"{"type":"dispute","id":"d-02","date":"2026-04-13","order":"{order}","partner":"p-027","amount":{amount},"reason":"카드사 지불 거절"}"#,
    ),
    (
        Nothing,
        r#"{"type":"adjust","id":"a-05","date":"2026-04-14","partner":"p-001","amount":30000,"reason":"기획전 지원금","by":"park"}"#,
    ),
    (
        Nothing,
        r#"{"type":"hold","id":"h-06","date":"2026-04-20","partner":"p-001","reason":"계약 갱신 협의","released_by":"sales"}"#,
    ),
];

/// The facts of a month; those are left out whose orders it doesn't have.
pub(super) fn text(events: &str) -> String {
    let lines = events.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let is_order = |event: &Value| event["type"] == "order" && event["order_amount"].as_i64() > Some(0);
    let orders: Vec<Value> = lines.filter(is_order).collect();
    let of = |seller: &'static str| orders.iter().filter(move |order| order["partner"] == seller);
    let mut text = String::new();
    for (named, fact) in FACTS {
        let order = match named {
            Nothing => None,
            FirstOf(seller) => of(seller).next(),
            LastOf(seller) => of(seller).next_back(),
        };
        match (named, order) {
            (Nothing, _) => text.push_str(fact),
            (_, None) => continue,
            (_, Some(order)) => {
                let id = order["id"].as_str().unwrap_or_default();
                let amount = order["order_amount"].to_string();
                text.push_str(&fact.replace("{order}", id).replace("{amount}", &amount));
            }
        }
        text.push('\n');
    }
    text
}
