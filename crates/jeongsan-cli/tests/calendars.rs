//! Calendars of books: checked with them, and what an overlay does to settlements.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const BOOK: &str = r#"version = 1
currency = "KRW"
calendar = "KR-BANK"
[[contracts]]
id = "standard"
platform_fee = { rate = "10%" }
platform_fee_vat_payer = "partner"
cycle = { lag = { days = 2 }, method = "daily", date_policy = "holiday-after" }
[[contracts]]
id = "abroad"
platform_fee = { rate = "10%" }
platform_fee_vat_payer = "partner"
[contracts.cycle]
lag = { business_days = 1, start = "strict", calendar = "US-FED" }
method = "daily"
date_policy = "calendar-day"
[[partners]]
id = "seller-1"
kind = "business"
default_contract = "standard"
"#;

struct Desk(TempDir);

impl Desk {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        run_in(self.0.path(), arguments)
    }
}

fn run_in(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jeongsan"));
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn check_resolves_the_cycles() {
    let unknown = BOOK.replace("KR-BANK", "KR-BANKS").replace("US-FED", "US-FEDS");
    let desk = Desk::new(&[("good.toml", BOOK), ("bad.toml", &unknown)]);
    assert_eq!(desk.run(&["check", "good.toml"]).0, 0);
    let (status, out, _) = desk.run(&["check", "bad.toml"]);
    assert_eq!(status, 2);
    assert!(out.starts_with("bad.toml:3:12: calendar: ") && out.contains("`KR-BANKS`"), "{out}");
    assert_eq!(out.lines().count(), 1, "told once: {out}");
    let (status, _, err) = desk.run(&["settle", "--book", "bad.toml", "-"]);
    assert_eq!((status, err), (1, format!("error: {out}")));

    let desk = Desk::new(&[
        ("lag.toml", &BOOK.replace("US-FED", "US-FEDS")),
        ("none.toml", &BOOK.replace("calendar = \"KR-BANK\"\n", "")),
    ]);
    let (_, out, _) = desk.run(&["check", "lag.toml"]);
    assert!(out.starts_with("lag.toml:13:1: contracts[1].cycle: ") && out.contains("`US-FEDS`"), "{out}");
    let (_, out, _) = desk.run(&["check", "none.toml"]);
    assert!(
        out.contains(
            "none.toml:7:9: contracts[0].cycle: the cycle `2d daily holiday-after` needs a calendar ("
        ),
        "{out}"
    );
}

/// The planted books are sound in all but what is planted.
#[test]
fn planted_books_resolve() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faulty");
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let (status, out, _) = run_in(&folder, &["check", path.to_str().unwrap()]);
        assert_eq!(status, 0, "{out}");
    }
}

#[test]
fn an_overlay_tells_what_it_changes_and_how_many_dates_move() {
    let order = |id: &str, start: &str, more: &str| {
        format!(
            r#"{{"type":"order","id":"{id}","partner":"seller-1","start_date":"{start}","order_amount":10000{more}}}"#
        )
    };
    let events = [
        order("moves", "2026-08-11", ""),
        order("stays", "2026-08-10", ""),
        order("given", "2026-08-11", r#","settlement_date":"2026-08-20""#),
        r#"{"type":"cancel","id":"c","order":"stays","date":"2026-08-11","all":true}"#.into(),
    ];
    let overlay = "date,name_ko,kind,scope\n2026-08-13,임시공휴일,temporary,public\n";
    let files = [("book.toml", BOOK), ("new.csv", overlay), ("events.jsonl", &events.join("\n"))];
    let desk = Desk::new(&files);
    let (status, out, err) =
        desk.run(&["settle", "--book", "book.toml", "--overlay", "new.csv", "events.jsonl"]);
    assert_eq!(status, 0, "{err}");
    assert!(out.lines().next().unwrap().contains(r#""settlement_date":"2026-08-14""#), "{out}");
    let lines: Vec<&str> = err.lines().collect();
    assert!(lines[0].starts_with("new.csv: ") && lines[0].contains("2026-08-13"), "{err}");
    assert_eq!(lines[1], "new.csv: moves 2 settlement dates", "{err}");
    assert_eq!(lines.len(), 3, "{err}");
}

#[test]
fn user_formulas_are_columns_of_csv_and_lines_left_out_are_told() {
    let user = r#"[formulas]
user = [{ key = "levy", formula = "PAYMENT_AMOUNT / 1000" }, { key = "twice", formula = "levy * 2" }]
[[contracts]]
id = "standard""#;
    let book = BOOK.replacen("[[contracts]]\nid = \"standard\"", user, 1);
    let events = "{\"type\":\"order\",\"id\":\"o-1\",\"partner\":\"seller-1\",\"start_date\":\"2026-03-02\",\"order_amount\":10000}\n{}\n";
    let with_lines = r#"{"type":"order","id":"o-2","partner":"seller-1","start_date":"2026-03-02","lines":[{"product":"A","amount":5,"quantity":1}]}"#;
    let desk = Desk::new(&[("book.toml", &book), ("a.jsonl", events), ("b.jsonl", with_lines)]);
    let (_, out, err) = desk.run(&["settle", "--book", "book.toml", "--format", "csv", "a.jsonl"]);
    let rows: Vec<Vec<&str>> = out.lines().map(|line| line.split(',').collect()).collect();
    let place = |name: &str| rows[0].iter().position(|cell| *cell == name).unwrap();
    assert_eq!(rows[1][place("user_formulas.levy")], "10");
    assert_eq!(rows[1][place("user_formulas.twice")], "20");
    assert_eq!(rows[2][place("error_code")], "invalid-event");
    assert!(!err.contains("lines"), "{err}");
    let (_, _, err) = desk.run(&["settle", "--book", "book.toml", "--format", "csv", "b.jsonl", "a.jsonl"]);
    assert_eq!(
        err.matches("The lines of orders are not in CSV; --format json has them.").count(),
        1,
        "{err}"
    );
}
