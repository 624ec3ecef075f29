//! Discounts that several parties pay for, as users of the command have them.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const BOOK: &str = r#"
version = 1
currency = "KRW"

[[contracts]]
id = "standard"
platform_fee = { rate = "10%" }
platform_fee_vat_payer = "merchant"
cycle = { lag = { days = 2 }, method = "daily", date_policy = "calendar-day" }

[[discount_share_policies]]
id = "coupon"
funders = [{ party = "partner", share = "50%", cap = 3000 }, { party = "card-company", share = "30%", cap = 4000 }, { party = "brand", share = "10%" }]
overflow = "next"

[[partners]]
id = "seller-1"
kind = "business"
default_contract = "standard"
"#;

const EVENTS: &str = r#"{"type":"order","id":"o-1","partner":"seller-1","start_date":"2026-03-02","order_amount":100000,"discounts":[{"policy":"coupon","amount":10000}]}
{"type":"order","id":"o-2","partner":"seller-1","start_date":"2026-03-02","order_amount":100000}
{"type":"cancel","id":"c-1","order":"o-1","date":"2026-03-09","order_amount":50000,"discounts":[{"policy":"coupon","amount":4000}]}
"#;

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jeongsan"));
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn desk(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn settlements_name_the_funders_and_the_journal_has_their_account() {
    let folder = desk(&[("book.toml", BOOK), ("events.jsonl", EVENTS)]);
    let settle = |format| {
        let (status, out, err) =
            run(folder.path(), &["settle", "--book", "book.toml", "--format", format, "events.jsonl"]);
        assert_eq!(status, 0, "{err}");
        out
    };
    let json = settle("json");
    let lines: Vec<&str> = json.lines().collect();
    assert!(
        lines[0].contains(r#","funders":{"brand":2000,"card-company":4000},"user_formulas""#),
        "{}",
        lines[0]
    );
    assert!(!lines[1].contains("funders"), "{}", lines[1]);
    // 6,000 are left: 3,000 by the partner, 1,800 by the card company, 600 by the brand.
    assert!(lines[2].contains(r#","funders":{"brand":-1400,"card-company":-2200},"#), "{}", lines[2]);
    let table = settle("table");
    let row = |account: &str| {
        let row = table.lines().find(|line| line.contains(account)).unwrap_or_default();
        row.chars().filter(char::is_ascii_digit).collect::<String>()
    };
    assert_eq!((row("funder-discount"), row("merchant-discount")), ("2400".into(), "600".into()), "{table}");
    assert!(table.contains("The double entry balances"), "{table}");
}

#[test]
fn an_explained_order_tells_who_bears_its_discount() {
    let folder = desk(&[("book.toml", BOOK), ("events.jsonl", EVENTS)]);
    let (_, _, err) =
        run(folder.path(), &["settle", "--book", "book.toml", "--explain", "o-1", "events.jsonl"]);
    let told = "discount_share 3000: its part of 10000, discount-share policy `coupon`, rounded down (partner 3000, card-company 4000, brand 2000, merchant 1000)";
    assert!(err.contains(told), "{err}");
}

#[test]
fn what_is_wrong_with_funders_is_told_with_its_place() {
    let list = BOOK.lines().find(|line| line.starts_with("funders")).unwrap();
    let with = |text: &str| BOOK.replace(list, text).replace("overflow = \"next\"\n", "");
    let cases = [
        (
            with(""),
            "partner_share: a discount-share policy needs `partner_share` or `funders` (missing-field)",
        ),
        (
            BOOK.replace(list, "partner_share = \"50%\""),
            "overflow: `overflow` stands beside `funders` alone (misplaced-field)",
        ),
        (
            with(&format!("{list}\npartner_share = \"50%\"")),
            "partner_share: beside `funders` stands no `partner_share`: list the partner among them (misplaced-field)",
        ),
        (with("funders = []"), "funders: the list names no funder (invalid-funders)"),
        (
            with(&list.replace("brand", "card-company")),
            "funders[2].party: the funder `card-company` is listed twice (invalid-funders)",
        ),
        (
            with(&list.replace("10%", "20.1%")),
            "funders[2].share: with the share of `brand` the shares are above 100% (invalid-funders)",
        ),
        (with(&list.replace("4000", "-1")), "funders[1].cap: the cap `-1` is negative (negative-amount)"),
        (
            with(&list.replace("brand", "merchant")),
            "funders[2].party: `merchant` is no funder: it bears what no one in the list takes (invalid-id)",
        ),
        (with(&list.replace("brand", "")), "funders[2].party: funder id `` is empty (invalid-id)"),
        (
            BOOK.replace("\"next\"", "\"partner\""),
            "overflow: overflow `partner` is none of `merchant`, `next` (unknown-value)",
        ),
        (
            format!("{BOOK}[formulas]\ndiscount_share = \"DISCOUNT_AMOUNT / 3\"\n"),
            "funders: a list of funders needs the default discount-share formula (formula-conflict)",
        ),
    ];
    for (book, expected) in cases {
        let folder = desk(&[("book.toml", &book)]);
        let (status, out, _) = run(folder.path(), &["check", "book.toml"]);
        assert_eq!(status, 2, "{out}");
        let told: Vec<&str> = out.lines().map(|line| line.split_once(": ").unwrap().1).collect();
        assert_eq!(told, [format!("discount_share_policies[0].{expected}")]);
    }
}
