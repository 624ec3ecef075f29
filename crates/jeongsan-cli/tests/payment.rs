//! Terms that go by the instant of payment, as users of the command have them.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const BOOK: &str = r#"
version = 1
currency = "KRW"

[[contracts]]
id = "standard"
platform_fee_vat_payer = "merchant"
cycle = { lag = { days = 2 }, method = "daily", date_policy = "calendar-day" }
[contracts.platform_fee]
select = [
    { when = { paid_from = "2026-03-01T00:00:00+09:00", paid_weekdays = ["SAT", "SUN"], paid_time = { from = "22:00", before = "02:00" } }, rate = "1%" },
    { when = { seller_grade = "small-1" }, rate = "1.947%" },
    { rate = "3.63%" },
]

[[partners]]
id = "seller-1"
kind = "business"
default_contract = "standard"
grades = [{ grade = "general" }, { grade = "small-1", from = "2026-02-14T00:00:00+09:00" }]
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
fn rows_and_lines_state_when_they_were_paid() {
    let rows = "id,partner,start_date,order_amount,paid_at,seller_grade\n\
                o-1,seller-1,2026-03-02,100000,2026-02-13T23:59:59+09:00,small-1\n\
                o-2,seller-1,2026-03-02,100000,2026-02-13T15:00:00Z,\n\
                o-3,seller-1,2026-03-02,100000,2026-03-07T22:00:00+09:00,\n\
                o-4,seller-1,2026-03-02,100000,,\n\
                o-5,seller-1,2026-03-02,100000,2026-03-07 22:00,\n";
    let line = r#"{"type":"order","id":"o-6","partner":"seller-1","start_date":"2026-03-02","order_amount":100000,"paid_at":"2026-03-08T13:00:00Z"}"#;
    let bad = line.replace("o-6", "o-7").replace("13:00:00Z", "13:00:00");
    let folder =
        desk(&[("book.toml", BOOK), ("rows.csv", rows), ("lines.jsonl", &format!("{line}\n{bad}\n"))]);
    let arguments = ["settle", "--book", "book.toml", "--format", "json", "rows.csv", "lines.jsonl"];
    let (status, out, err) = run(folder.path(), &arguments);
    assert_eq!(status, 2, "{err}");
    let lines: Vec<&str> = out.lines().collect();
    for (line, fee) in [(0, 3630), (1, 1947), (2, 1000), (3, 1947), (5, 1000)] {
        assert!(lines[line].contains(&format!(r#""platform_fee":{fee},"#)), "{}", lines[line]);
    }
    assert!(
        lines[4].contains("`2026-03-07 22:00` is no instant with its offset as 2026-03-01T22:30:00+09:00")
            && lines[4].contains(r#""path":"paid_at""#),
        "{}",
        lines[4]
    );
    assert!(
        lines[6].contains("expected an instant as YYYY-MM-DDTHH:MM:SS+HH:MM")
            && lines[6].contains(r#""path":"paid_at""#)
    );
}

#[test]
fn what_is_wrong_with_such_terms_is_told_with_its_place() {
    let book = BOOK
        .replace(r#"{ rate = "3.63%" }"#, r#"{ when = { paid_from = "2026-03-01", paid_before = ["SAT"], paid_weekdays = ["SATURDAY"], paid_time = { from = "24:00", before = "02:00" }, category = ["food"], months_since_joining_below = ["3"] }, rate = "2%" },
    { when = { paid_weekdays = [], paid_time = "22:00" }, rate = "3%" }, { rate = "3.63%" }"#)
        .replace(r#"grades = [{ grade = "general" }, "#, r#"grades = [{ grade = "general", from = "2026-02-13T15:00:00Z" }, "#)
        .replace("[[contracts]]", "[options]\ntime_zone = \"Asia/Seoul\"\n[[contracts]]")
        + "[[partners]]\nid = \"seller-2\"\nkind = \"business\"\ngrades = [{ grade = \"a\" }, { grade = \"b\", from = \"2026-02-13T15:00:00Z\" }, { grade = \"c\" }]\n";
    let folder = desk(&[("book.toml", &book)]);
    let (status, out, _) = run(folder.path(), &["check", "book.toml"]);
    assert_eq!(status, 2);
    let told: Vec<&str> = out.lines().map(|line| line.split_once(": ").unwrap().1).collect();
    let entry = "contracts[0].platform_fee.select[2].when";
    let next = "contracts[0].platform_fee.select[3].when";
    let expected = [
        "options.time_zone: `Asia/Seoul` is no offset of a time zone as +09:00 (unknown-value)".to_owned(),
        format!("{entry}.category: the attribute `category` is compared with one value (misplaced-field)"),
        format!("{entry}.months_since_joining_below: a whole number of months is expected (invalid-months)"),
        format!("{entry}.paid_before: `` is no instant as 2026-03-01T00:00:00+09:00 (invalid-instant)"),
        format!("{entry}.paid_from: `2026-03-01` is no instant as 2026-03-01T00:00:00+09:00 (invalid-instant)"),
        format!("{entry}.paid_time: `24:00` is no time of day as 22:00 or 22:00:30 (invalid-time)"),
        format!("{entry}.paid_weekdays: weekday `SATURDAY` is none of `MON`, `TUE`, `WED`, `THU`, `FRI`, `SAT`, `SUN` (invalid-weekdays)"),
        format!("{next}.paid_time: a window is expected, as in {{ from = \"22:00\", before = \"02:00\" }} (invalid-time)"),
        format!("{next}.paid_weekdays: the list names no weekday (invalid-weekdays)"),
        "partners[0].grades[1].from: the grade from `2026-02-14T00:00:00+09:00` doesn't begin after the one before it (invalid-grades)".to_owned(),
        "partners[1].grades[2].from: only the earliest grade may leave out `from` (invalid-grades)".to_owned(),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_contract_states_what_its_fee_is_a_rate_of() {
    let book = BOOK.replace(
        "[contracts.platform_fee]",
        "platform_fee_base = \"after-discount\"\n[contracts.platform_fee]",
    ) + "[[discount_share_policies]]\nid = \"half\"\npartner_share = \"50%\"\n";
    let row = "id,partner,start_date,order_amount,discount_policy,discount_amount\no-1,seller-1,2026-02-13,100000,half,20000\n";
    let folder = desk(&[("book.toml", &book), ("rows.csv", row)]);
    let (status, out, err) =
        run(folder.path(), &["settle", "--book", "book.toml", "--format", "json", "rows.csv"]);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains(r#""platform_fee":3267,"#), "3.63 % of 90,000: {out}");

    let on_shipping = book.replace("after-discount", "shipping");
    let on_price = book.replace("after-discount", "price");
    let own_formula = format!("{book}[formulas]\nplatform_fee = \"PAYMENT_AMOUNT * FIXED_RATE\"\n");
    for (book, expected) in [
        (on_shipping, "a fee on shipping, which belongs to no line, is an additional fee (invalid-base)"),
        (
            on_price,
            "fee base `price` is none of `order`, `payment`, `after-discount`, `shipping` (unknown-value)",
        ),
        (
            own_formula,
            "a base other than the order needs the default platform-fee formula (formula-conflict)",
        ),
    ] {
        let folder = desk(&[("book.toml", &book)]);
        let (status, out, _) = run(folder.path(), &["check", "book.toml"]);
        assert_eq!(status, 2);
        assert!(out.contains(&format!("contracts[0].platform_fee_base: {expected}")), "{out}");
    }
}
