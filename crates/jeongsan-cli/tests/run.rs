//! `jeongsan run` as its users run it: a small book whose day is worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const BOOK: &str = r#"
version = 1
currency = "KRW"
[payout]
minimum = 1000
fee = { amount = 100, borne_by = "partner" }
reserve = [{ share = "10%", days = 30 }]
[[contracts]]
id = "standard"
platform_fee = { rate = "10%" }
platform_fee_vat_payer = "partner"
cycle = { lag = { days = 2 }, method = "daily", date_policy = "calendar-day" }
[[partners]]
id = "seller-1"
kind = "business"
default_contract = "standard"
account = { bank = "088", number = "110123456789", holder = "김정산", currency = "KRW" }
[[partners]]
id = "seller-2"
kind = "business"
default_contract = "standard"
payout = { reserve = [] }
[[partners]]
id = "seller-3"
kind = "business"
default_contract = "standard"
"#;

/// Each order of 10,000 comes to 8,900 two days later.
const EVENTS: &str = r#"{"type":"order","id":"o-1","partner":"seller-1","start_date":"2026-03-02","order_amount":10000}
{"type":"order","id":"o-2","partner":"seller-1","start_date":"2026-03-02","order_amount":20000}
{"type":"order","id":"o-3","partner":"seller-2","start_date":"2026-03-02","order_amount":1000}
{"type":"order","id":"o-4","partner":"seller-3","start_date":"2026-03-02","order_amount":10000}
{"type":"hold","id":"h-1","date":"2026-03-03","order":"o-1","reason":"반품 진행 중","released_by":"claims"}
"#;

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: TempDir::new().unwrap() };
        desk.put("book.toml", BOOK);
        desk
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn day(&self, events: &str, as_of: &str, more: &[&str]) -> (i32, String, String) {
        self.put("events.jsonl", events);
        self.run(&[&["--events", "events.jsonl", "--as-of", as_of], more].concat())
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output: Output = Command::new(env!("CARGO_BIN_EXE_jeongsan"))
            .args([&["run", "--book", "book.toml"], arguments].concat())
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    fn names(&self, name: &str) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join(name)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// The documents of one type.
fn of_type(out: &str, name: &str) -> Vec<Value> {
    let objects = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    objects.filter(|object| object["type"] == name).map(|object| object["document"].clone()).collect()
}

fn close(id: &str, date: &str) -> String {
    format!(r#"{{"type":"close","id":"{id}","date":"{date}"}}"#)
}

#[test]
fn the_day_is_told_in_documents() {
    let (status, out, err) = Desk::new().day(EVENTS, "2026-03-04", &[]);
    assert_eq!((status, err.as_str()), (0, "5 lines: 4 settled, 1 applied, 0 refused\n"));
    let payables = of_type(&out, "payable");
    let told = |payable: &Value| {
        let amount = |field: &str| payable[field].as_i64().unwrap();
        (payable["partner"].as_str().unwrap().to_owned(), ["settled", "reserve", "fee", "amount"].map(amount))
    };
    // 17,800 less 10% and 100; o-1 is held, and 890 is below the minimum.
    assert_eq!(
        payables.iter().map(told).collect::<Vec<_>>(),
        [
            ("seller-1".to_owned(), [17_800, 1_780, 100, 15_920]),
            ("seller-3".to_owned(), [8_900, 890, 100, 7_910])
        ]
    );
    let holds = of_type(&out, "hold");
    assert_eq!(
        (holds.len(), &holds[0]["id"], &holds[0]["reason"]),
        (1, &"h-1".into(), &"반품 진행 중".into())
    );
    let outcomes = of_type(&out, "outcome");
    assert_eq!((&outcomes[0]["held"], &outcomes[1]["carried"]), (&8_900.into(), &890.into()));
    assert_eq!(outcomes[1]["reason"], "`890` is below the minimum `1000`");
    let carried = of_type(&out, "carried");
    assert_eq!(
        (carried.len(), &carried[0]["partner"], &carried[0]["ages"][0]["amount"]),
        (1, &"seller-2".into(), &890.into())
    );
    let certificates = of_type(&out, "certificate");
    assert_eq!(certificates.len(), 1);
    let certificate = &certificates[0];
    assert_eq!(certificate["paid_in"], serde_json::json!({ "customer-payment": 41_000 }));
    assert_eq!(
        certificate["others"],
        serde_json::json!({ "platform-fee-revenue": 4_100, "fee-vat": 410, "payout-fee": 200 })
    );
    assert_eq!(
        certificate["partners"],
        serde_json::json!({ "carried": 890, "held": 8_900, "reserve": 2_670, "payable": 23_830 })
    );
    assert_eq!((&certificate["difference"], &certificate["unexplained"]), (&0.into(), &0.into()));
    assert_eq!(certificate["digest"].as_str().unwrap().len(), 32);
}

#[test]
fn what_is_carried_is_paid_when_it_is_enough_and_debts_are_offset() {
    let desk = Desk::new();
    let further = [
        EVENTS.trim_end(),
        &close("n-1", "2026-03-04"),
        r#"{"type":"dispute","id":"d-1","date":"2026-03-05","order":"o-4","partner":"seller-3","amount":10000,"reason":"chargeback"}"#,
        &close("n-2", "2026-03-05"),
        r#"{"type":"order","id":"o-5","partner":"seller-2","start_date":"2026-03-04","order_amount":1000}"#,
        r#"{"type":"order","id":"o-6","partner":"seller-3","start_date":"2026-03-04","order_amount":30000}"#,
    ]
    .join("\n");
    let (status, out, err) = desk.day(&further, "2026-03-05", &[]);
    assert_eq!(status, 0, "{err}");
    let carried = of_type(&out, "carried");
    let told: Vec<_> = carried
        .iter()
        .map(|row| (row["partner"].as_str().unwrap(), row["amount"].as_i64().unwrap()))
        .collect();
    assert_eq!(told, [("seller-2", 890), ("seller-3", -10_000)], "{out}");
    assert!(of_type(&out, "payable").is_empty(), "those of earlier closings are not of the day");

    let (status, out, _) = desk.day(&further, "2026-03-06", &[]);
    assert_eq!(status, 0);
    let payables = of_type(&out, "payable");
    let told: Vec<_> = payables
        .iter()
        .map(|row| (row["partner"].as_str().unwrap(), row["settled"].as_i64().unwrap()))
        .collect();
    assert_eq!(told, [("seller-2", 1_780), ("seller-3", 16_700)]);
    let offsets = of_type(&out, "offset");
    assert_eq!((offsets.len(), &offsets[0]["amount"]), (1, &10_000.into()));
    assert!(of_type(&out, "carried").is_empty());
    assert_eq!(of_type(&out, "certificate")[0]["difference"], 0);
}

#[test]
fn bad_lines_have_their_place_and_nothing_else_is_lost() {
    let bad = [
        EVENTS.trim_end(),
        r#"{"type":"hold","id":"h-2","date":"2026-03-03","order":"o-1","colour":"red"}"#,
        r#"{"type":"hold","id":"h-3","date":"2026-03-03","order":"o-1","reason":"r"}"#,
        r#"{"type":"release","id":"r-1","date":"2026-03-03","hold":"h-1","by":"sales"}"#,
        r#"{"type":"close","id":"o-1","date":"2026-03-03"}"#,
        r#"{"type":"order","id":"h-1","partner":"seller-1","start_date":"2026-03-02","order_amount":10000}"#,
        "{",
        r#"{"type":"close","id":"n-9","date":"2026-04-01"}"#,
    ]
    .join("\n");
    let desk = Desk::new();
    let (status, out, err) = desk.day(&bad, "2026-03-04", &["--out", "documents"]);
    assert_eq!((status, err.as_str()), (2, "12 lines: 4 settled, 1 applied, 6 refused, 1 not yet applied\n"));
    let refusals: Vec<_> = of_type(&out, "refusal")
        .iter()
        .map(|refusal| {
            let error = &refusal["error"];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (refusal["line"].as_u64().unwrap(), text(&error["code"]), text(&error["path"]))
        })
        .collect();
    let expected = [
        (6, "invalid-event", "colour"),
        (7, "invalid-event", "released_by"),
        (8, "may-not-release", ""),
        (9, "duplicate-event", "id"),
        (10, "duplicate-event", "id"),
        (11, "invalid-event", ""),
    ];
    assert_eq!(refusals, expected.map(|(line, code, path)| (line, code.to_owned(), path.to_owned())));
    assert_eq!(desk.read("documents/refusals.jsonl").lines().count(), 6);
    assert_eq!(of_type(&out, "not-yet-applied"), [serde_json::json!({ "id": "n-9", "date": "2026-04-01" })]);
    assert_eq!(of_type(&out, "payable").len(), 2);

    let (status, _, err) = desk.day(&bad, "2026-03-04", &["--format", "csv"]);
    assert_eq!(status, 2);
    assert!(
        err.contains("line 8 (r-1): may-not-release: hold `h-1` is released by `claims`, not by `sales`\n")
            && err.contains("not yet applied: n-9 of 2026-04-01\n"),
        "{err}"
    );
}

#[test]
fn nothing_readable_is_a_failure() {
    let desk = Desk::new();
    let (status, out, err) = desk.day("", "2026-03-04", &["--out", "documents"]);
    assert_eq!((status, out.as_str(), err.as_str()), (1, "", "error: events.jsonl: no events\n"));
    assert_eq!(desk.names("."), ["book.toml", "events.jsonl"], "nothing half written is left");
    let (status, _, err) = desk.day("{\n", "2026-03-04", &[]);
    assert_eq!(status, 1);
    assert!(err.starts_with("error: events.jsonl: no line could be read as an event or a fact; the first: line 1: invalid-event"), "{err}");
    let (status, ..) = desk.day(EVENTS, "2026-03-32", &[]);
    assert_eq!(status, 1);
    let (status, _, err) = desk.day(&close("n-1", "2026-03-05"), "2026-03-04", &[]);
    assert_eq!((status, err.as_str()), (0, "1 line: 0 settled, 0 applied, 0 refused, 1 not yet applied\n"));
}

#[test]
fn the_folder_has_every_document_or_isnt_there() {
    let desk = Desk::new();
    let (status, ..) = desk.day(EVENTS, "2026-03-04", &["--out", "deep/documents"]);
    assert_eq!(status, 0);
    assert_eq!(
        desk.names("deep/documents"),
        [
            "certificate.json",
            "entries.jsonl",
            "holds.jsonl",
            "outcomes.jsonl",
            "partner-settlements.jsonl",
            "payables.jsonl",
            "refusals.jsonl",
            "settlements.jsonl",
        ]
    );
    assert_eq!(desk.names("deep"), ["documents"], "no draft is left");
    assert_eq!(desk.read("deep/documents/settlements.jsonl").lines().count(), 4);

    // Entries balance one by one, and add up to the certificate.
    let mut accounts: BTreeMap<String, i64> = BTreeMap::new();
    for line in desk.read("deep/documents/entries.jsonl").lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let postings = entry["postings"].as_object().unwrap();
        assert_eq!(postings.values().map(|amount| amount.as_i64().unwrap()).sum::<i64>(), 0, "{line}");
        for (account, amount) in postings {
            *accounts.entry(account.clone()).or_default() += amount.as_i64().unwrap();
        }
    }
    let certificates: Value = serde_json::from_str(&desk.read("deep/documents/certificate.json")).unwrap();
    for (account, amount) in certificates[0]["others"].as_object().unwrap() {
        assert_eq!(accounts[account], -amount.as_i64().unwrap(), "{account}");
    }
    assert_eq!(accounts["customer-payment"], 41_000);
    for (account, amount) in [("held", 8_900), ("carried", 890), ("reserve", 2_670), ("payable", 23_830)] {
        assert_eq!(accounts[account], -amount, "{account}");
    }

    let (status, out, err) = desk.day(EVENTS, "2026-03-04", &["--out", "deep/documents"]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert_eq!(
        err,
        "error: deep/documents: the folder isn't empty; documents of different runs are never mixed\n"
    );
}

#[test]
fn the_same_lines_give_the_same_bytes_and_partners_may_come_in_any_order() {
    let desk = Desk::new();
    for name in ["one", "two"] {
        desk.day(EVENTS, "2026-03-04", &["--out", name]);
    }
    for name in desk.names("one") {
        assert_eq!(desk.read(&format!("one/{name}")), desk.read(&format!("two/{name}")), "{name}");
    }
    let lines: Vec<&str> = EVENTS.lines().collect();
    let shuffled = [lines[3], lines[0], lines[2], lines[4], lines[1]].join("\n");
    let documents = |events: &str| {
        let (_, out, _) = desk.day(events, "2026-03-04", &[]);
        [of_type(&out, "certificate"), of_type(&out, "outcome"), of_type(&out, "carried")]
    };
    assert_eq!(documents(EVENTS), documents(&shuffled));
}

#[test]
fn payables_are_csv_and_a_table_too() {
    let desk = Desk::new();
    let (status, out, _) = desk.day(EVENTS, "2026-03-04", &["--format", "csv"]);
    assert_eq!(status, 0);
    let mut lines = out.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("payable,partner,currency,date,state,settled,reserve,fee,fee_borne_by,amount,")
    );
    let first = lines.next().unwrap();
    assert!(
        first.starts_with("1,seller-1,KRW,2026-03-04,confirmed,17800,1780,100,partner,15920,"),
        "{first}"
    );
    assert!(first.ends_with(",088,********6789,김**"), "{first}");
    assert_eq!(lines.count(), 1);

    let (status, out, err) = desk.day(EVENTS, "2026-03-04", &["--format", "table"]);
    assert_eq!((status, err.as_str()), (0, ""));
    for line in [
        "│ seller-1 ┆ row 4, order o-1 ┆  8,900 ┆ h-1  ┆ 반품 진행 중 ┆ claims      ┆       │",
        "│ seller-2 ┆     890 ┆       890 ┆       ┆       ┆       ┆ `890` is below the minimum `1000` │",
        "│ 2026-04-03  ┆        2 ┆  2,670 │",
        "5 lines: 4 settled, 1 applied, 0 refused",
    ] {
        assert!(out.lines().any(|told| told == line), "{line}\n{out}");
    }
    assert!(out.contains("088 ********6789") && !out.contains("110123456789"));
    assert!(out.contains("It balances: difference 0; digest "));
}

#[test]
fn facts_come_from_files_of_their_own_and_from_csv() {
    let desk = Desk::new();
    desk.put("orders.csv", "id,partner,start_date,order_amount\no-1,seller-2,2026-03-02,10000\n");
    desk.put("closes.csv", "type,id,date\nclose,n-1,2026-03-04\nclose,n-2,2026-03-03\n");
    let files = ["--events", "orders.csv", "closes.csv", "--as-of", "2026-03-05", "--out", "documents"];
    let (status, out, err) = desk.run(&files);
    assert_eq!((status, err.as_str()), (2, "3 lines: 1 settled, 1 applied, 1 refused\n"));
    let refusal = &of_type(&out, "refusal")[0];
    assert_eq!((&refusal["file"], &refusal["line"]), (&"closes.csv".into(), &3.into()));
    assert!(of_type(&out, "payable").is_empty());
    assert_eq!(desk.read("documents/payables.jsonl").lines().count(), 1, "that of the closing before");
}

#[test]
fn the_example_month_shows_everything() {
    let month = |name: &str| format!("{}/../../examples/month/{name}", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_jeongsan"))
        .args(["run", "--as-of", "2026-04-15", "--book", &month("book.toml")])
        .args(["--events", &month("events.jsonl"), &month("facts.jsonl")])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "some rows are bad on purpose");
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(err, "3039 lines: 3008 settled, 17 applied, 13 refused, 1 not yet applied\n");
    let sum = |name: &str, field: &str| {
        of_type(&out, name).iter().map(|document| document[field].as_i64().unwrap()).sum::<i64>()
    };
    assert_eq!(sum("payable", "settled"), 53_148_089);
    assert_eq!(sum("carried", "amount"), -131_525);
    assert_eq!(sum("outcome", "held"), 1_573_190);
    assert_eq!(sum("offset", "amount"), 198_700);
    let certificate = &of_type(&out, "certificate")[0];
    assert_eq!(certificate["difference"], 0);
    // What came in is what the settlements of the month add up to, of which `jeongsan settle` has the same.
    assert_eq!(certificate["paid_in"]["customer-payment"], 490_567_975);
    assert_eq!(certificate["others"]["platform-fee-revenue"], 36_875_951);
}
