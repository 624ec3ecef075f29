//! What a contract says of cancels, in the command's book and output.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

const BOOK: &str = r#"
version = 1
currency = "KRW"
[[contracts]]
id = "standard"
platform_fee = { rate = "10%" }
platform_fee_vat_payer = "partner"
cycle = { lag = { days = 2 }, method = "daily", date_policy = "calendar-day" }
[contracts.on_cancel]
platform_fee    = "keep"
additional_fee  = "keep"
order_discounts = "spread"
coupon_minimum  = "withdraw"
free_shipping   = "charge"
return_courier  = "merchant"
[[discount_share_policies]]
id = "welcome"
partner_share = "50%"
minimum_order = 30000
[[partners]]
id = "seller-1"
kind = "business"
default_contract = "standard"
"#;

fn run(book: &str, events: &str, arguments: &[&str]) -> (i32, String) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("book.toml"), book).unwrap();
    std::fs::write(folder.path().join("events.jsonl"), events).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_jeongsan"));
    let output = command.args(arguments).current_dir(folder.path()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

const ORDER: &str = r#"{"type":"order","id":"o-1","partner":"seller-1","start_date":"2026-03-02","lines":[{"product":"A","amount":20000,"quantity":1},{"product":"B","amount":10000,"quantity":2}],"discounts":[{"policy":"welcome","amount":4000}],"free_shipping":{"minimum":30000,"fee":3000}}"#;

fn cancel(id: &str, rest: &str) -> String {
    format!(r#"{{"type":"cancel","id":"{id}","order":"o-1","date":"2026-03-09",{rest}}}"#)
}

fn events() -> String {
    let unit =
        r#""lines":[{"product":"B","quantity":1}],"return_shipping":{"amount":2500,"payer":"partner"}"#;
    let paid = r#""all":true,"return_shipping":{"amount":2500,"payer":"customer"}"#;
    [ORDER.to_owned(), cancel("c-1", unit), cancel("c-2", unit), cancel("c-3", paid)].join("\n")
}

#[test]
fn further_rows_follow_the_cancels_that_bring_them_about() {
    let (status, out) = run(BOOK, &events(), &["settle", "--book", "book.toml", "events.jsonl"]);
    assert_eq!(status, 0, "{out}");
    let rows: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        (text("id"), text("type"), row["settlement"].as_i64().unwrap())
    };
    let expected = [
        ("o-1", "order", 33_600),
        ("c-1", "cancel", -9_500),
        ("c-1", "return-shipping", -2_500),
        ("c-2", "cancel", -9_500),
        ("c-2", "coupon-withdrawn", 1_000),
        ("c-2", "shipping-charged", 3_000),
        ("c-2", "return-shipping", -2_500),
        // The merchant's courier is paid by the customer: no row, and shipping was charged before.
        ("c-3", "cancel", -20_000),
    ];
    assert_eq!(
        rows.iter().map(of).collect::<Vec<_>>(),
        expected.map(|(id, kind, amount)| (id.into(), kind.into(), amount))
    );
    assert!(rows[1..].iter().all(|row| row["of_order"] == "o-1"));
}

#[test]
fn a_book_without_options_brings_nothing_about() {
    let plain = BOOK.split_once("[contracts.on_cancel]").unwrap().0;
    let rest = BOOK.split_once("[[discount_share_policies]]").unwrap().1;
    let book = format!("{plain}[[discount_share_policies]]{rest}");
    let (status, out) = run(&book, &events(), &["settle", "--book", "book.toml", "events.jsonl"]);
    assert_eq!(status, 0, "{out}");
    let kinds: Vec<Value> =
        out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["type"].take()).collect();
    // The partner's own courier is the default: what the customer pays is the partner's.
    assert_eq!(kinds, ["order", "cancel", "cancel", "cancel", "return-shipping"]);
}

#[test]
fn the_totals_balance_with_further_rows() {
    let (status, out) =
        run(BOOK, &events(), &["settle", "--book", "book.toml", "--format", "table", "events.jsonl"]);
    assert_eq!(status, 0, "{out}");
    // 4,400 of fee and VAT stay with the merchant; shipping comes to 3,000 less 5,000.
    let amount = |account: &str| out.lines().find(|line| line.contains(account)).unwrap().to_owned();
    assert!(amount("platform-fee-revenue").contains("4,000"), "{out}");
    assert!(amount("fee-vat").contains("400"), "{out}");
    assert!(amount("shipping").contains("2,000"), "{out}");
    assert!(amount("partner-payable").contains("6,400"), "{out}");
    assert!(out.contains("The double entry balances: debits 6,400 = credits 6,400 KRW"), "{out}");
}

#[test]
fn check_names_what_options_it_does_not_know() {
    let (status, out) = run(BOOK, "", &["check", "book.toml"]);
    assert_eq!((status, out.lines().count()), (0, 1), "{out}");
    let book = BOOK
        .replace("\"keep\"", "\"half\"")
        .replace("\"spread\"", "\"even\"")
        .replace("\"withdraw\"", "\"take\"")
        .replace("\"charge\"", "\"bill\"")
        .replace("\"merchant\"", "\"post\"")
        .replace("30000", "-1");
    let (status, out) = run(&book, "", &["check", "book.toml"]);
    assert_eq!(status, 2);
    let expected = "\
book.toml:10:19: contracts[0].on_cancel.platform_fee: fee on cancellation `half` is none of `return`, `keep` (unknown-value)
book.toml:11:19: contracts[0].on_cancel.additional_fee: fee on cancellation `half` is none of `return`, `keep` (unknown-value)
book.toml:12:19: contracts[0].on_cancel.order_discounts: return of discounts `even` is none of `stated`, `spread` (unknown-value)
book.toml:13:19: contracts[0].on_cancel.coupon_minimum: coupon on cancellation `take` is none of `keep`, `withdraw` (unknown-value)
book.toml:14:19: contracts[0].on_cancel.free_shipping: shipping on cancellation `bill` is none of `keep`, `charge` (unknown-value)
book.toml:15:19: contracts[0].on_cancel.return_courier: return courier `post` is none of `partner`, `merchant` (unknown-value)
book.toml:19:17: discount_share_policies[0].minimum_order: `-1` is negative (negative-amount)
";
    assert_eq!(out, expected);
}

#[test]
fn what_is_wrong_with_shipping_is_named() {
    let free = |minimum: i64, fee: i64| {
        ORDER.replace(r#""minimum":30000,"fee":3000"#, &format!(r#""minimum":{minimum},"fee":{fee}"#))
    };
    let back = |text: &str| cancel("c-1", &format!(r#""all":true,"return_shipping":{{{text}}}"#));
    let unexpected =
        ORDER.replace("\"lines\"", r#""return_shipping":{"amount":1,"payer":"partner"},"lines""#);
    let cases = [
        (vec![free(-1, 0)], "free_shipping.minimum", "`-1` is negative"),
        (vec![free(0, -1)], "free_shipping.fee", "`-1` is negative"),
        (vec![unexpected], "return_shipping", "an event of type `order` has no field `return_shipping`"),
        (
            vec![ORDER.to_owned(), back(r#""amount":0,"payer":"customer""#)],
            "return_shipping.amount",
            "the return shipping of 0 is not above zero",
        ),
        (
            vec![ORDER.to_owned(), back(r#""amount":1,"payer":"merchant""#)],
            "return_shipping.payer",
            "payer of return shipping `merchant` is none of `customer`, `partner`",
        ),
        (
            vec![ORDER.to_owned(), cancel("c-1", r#""all":true,"free_shipping":{"minimum":1,"fee":1}"#)],
            "free_shipping",
            "an event of type `cancel` has no field `free_shipping`",
        ),
    ];
    for (events, path, message) in cases {
        let (status, out) = run(BOOK, &events.join("\n"), &["settle", "--book", "book.toml", "events.jsonl"]);
        assert_eq!(status, 2, "{out}");
        let refusal: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
        let error = &refusal["error"];
        assert_eq!((&error["code"], &error["path"]), (&"invalid-event".into(), &path.into()), "{error}");
        assert_eq!(error["message"], message);
    }
}
