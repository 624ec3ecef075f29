//! `jeongsan settle --explain`: orders, cancellations, refusals, ids that aren't there.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Command;

use tempfile::TempDir;

const BOOK: &str = r#"
version = 1
currency = "KRW"
[[contracts]]
id = "standard"
platform_fee = { rate = "10%", fixed = 100 }
platform_fee_vat_payer = "merchant"
cycle = { lag = { days = 2 }, method = "daily", date_policy = "calendar-day" }
[[partners]]
id = "seller-1"
kind = "business"
default_contract = "standard"
"#;

const EVENTS: &str = r#"{"type":"order","id":"o-1","partner":"seller-1","start_date":"2026-03-02","order_amount":10000}
{"type":"cancel","id":"c-1","order":"o-1","date":"2026-03-09","order_amount":4000}
{"type":"cancel","id":"c-2","order":"o-1","date":"2026-03-10","settlement_date":"2026-03-20","all":true}
{"type":"order","id":"o-1","partner":"seller-1","start_date":"2026-03-02","order_amount":10000}
{"type":"cancel","id":"c-3","order":"o-1","date":"2026-03-11","all":true}
{"type":"manual","id":"m-1","partner":"seller-1","amount":-500,"settlement_date":"2026-03-31"}
"#;

/// What is said on standard error, without the summary.
fn explained(book: &str, events: &str, id: &str) -> String {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("book.toml"), book).unwrap();
    std::fs::write(folder.path().join("events.jsonl"), events).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_jeongsan"));
    let call = ["settle", "--book", "book.toml", "events.jsonl", "--explain", id];
    let output = command.args(call).current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let (explained, _) = said.trim_end().rsplit_once('\n').unwrap_or_default();
    explained.to_owned()
}

#[test]
fn a_cancellation_shows_what_was_what_is_left_and_the_difference() {
    let expected = "\
c-1 settles KRW -3600:
What was left of the order before came to:
order 10000: as stated
payment_vat 909: the VAT of 10% inside 10000, rounded down (left over 1/11)
platform_fee 1100: 10% of 10000 + 100, contract `standard`, rounded down (exact)
settlement 8900: the order less all that is taken off it

What is left of it then comes to:
order 6000: as stated
payment_vat 545: the VAT of 10% inside 6000, rounded down (left over 5/11)
platform_fee 700: 10% of 6000 + 100, contract `standard`, rounded down (exact)
settlement 5300: the order less all that is taken off it

The cancellation is the difference:
order -4000: 10000 before, 6000 after
payment -4000: 10000 before, 6000 after
payment_supply -3636: 9091 before, 5455 after
payment_vat -364: 909 before, 545 after
platform_fee -400: 1100 before, 700 after
settlement -3600: 8900 before, 5300 after
2026-03-09 with a lag of `2d` is 2026-03-11.
The first date of `daily` on or after it is 2026-03-11.
It stays under `calendar-day`.
The settlement date is 2026-03-11, by no calendar.";
    assert_eq!(explained(BOOK, EVENTS, "c-1"), expected);
    let last = explained(BOOK, EVENTS, "c-2");
    assert!(
        last.contains("Nothing is left of it then.")
            && last.ends_with("settlement -5300: 5300 before, 0 after"),
        "{last}"
    );
}

#[test]
fn an_independent_cancellation_shows_its_part_and_what_is_left_of_the_charge() {
    let book = BOOK.replace("[[contracts]]", "[options]\ncancel = \"independent\"\n[[contracts]]");
    let expected = "\
c-1 settles KRW -3500:
The cancelled part comes by itself to:
order 4000: as stated
payment_vat 363: the VAT of 10% inside 4000, rounded down (left over 7/11)
platform_fee 500: 10% of 4000 + 100, contract `standard`, rounded down (exact)
settlement 3500: the order less all that is taken off it

No more comes back than is left of what was charged:
order -4000: 10000 before, 6000 after
payment -4000: 10000 before, 6000 after
payment_supply -3637: 9091 before, 5454 after
payment_vat -363: 909 before, 546 after
platform_fee -500: 1100 before, 600 after
settlement -3500: 8900 before, 5400 after
2026-03-09 with a lag of `2d` is 2026-03-11.
The first date of `daily` on or after it is 2026-03-11.
It stays under `calendar-day`.
The settlement date is 2026-03-11, by no calendar.";
    assert_eq!(explained(&book, EVENTS, "c-1"), expected);
}

#[test]
fn a_refused_event_is_never_explained_and_a_missing_one_is_told() {
    let order = explained(BOOK, EVENTS, "o-1");
    assert_eq!(order.matches("settles KRW").count(), 1, "the second of the id is refused: {order}");
    assert!(
        order.ends_with(
            "refused, line 4 (o-1): duplicate-event at id: an event with the id `o-1` came before"
        ),
        "{order}"
    );
    assert_eq!(
        explained(BOOK, EVENTS, "c-3"),
        "refused, line 5 (c-3): cancel-exceeds-remaining at order: nothing is left of order `o-1`"
    );
    assert_eq!(explained(BOOK, EVENTS, "m-1"), "m-1 settles KRW -500, as stated, on 2026-03-31.");
    assert_eq!(explained(BOOK, EVENTS, "x-1"), "No event has the id `x-1`.");
    let mistyped = EVENTS.replace("\"order_amount\":4000", "\"order_amount\":\"4000\"");
    assert!(
        explained(BOOK, &mistyped, "c-1")
            .starts_with("refused, line 2 (c-1): invalid-event at order_amount: expected"),
    );
}

#[test]
fn fees_by_sales_are_explained_on_the_sales_of_the_run() {
    let tiers = r#"{ tiers = [{ from = 0, rate = "10%" }, { from = 10000, rate = "5%" }], mode = "whole", measure = "month-to-date-sales" }"#;
    let book = BOOK.replace(r#"{ rate = "10%", fixed = 100 }"#, tiers);
    let book = book.replacen("[[contracts]]", "[options]\nsales_known_from = \"2026-03\"\n[[contracts]]", 1);
    let order = |id: &str| {
        format!(
            r#"{{"type":"order","id":"{id}","partner":"seller-1","start_date":"2026-03-02","order_amount":10000}}"#
        )
    };
    let events = [order("o-1"), order("o-2")].join("\n");
    assert!(explained(&book, &events, "o-1").contains("platform_fee 1000: 10% of 10000"));
    assert!(explained(&book, &events, "o-2").contains("platform_fee 500: 5% of 10000"));
}
