//! Partners registered from CSV and listed, as users run it: real files, exit statuses, exact messages.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

const BOOK: &str = r#"
version = 1
currency = "KRW"
options = { adjust_after_holiday_if_earlier = false }
[[contracts]]
id = "standard"
platform_fee = { rate = "10%" }
platform_fee_vat_payer = "partner"
[[contracts]]
id = "low"
platform_fee = { rate = "5%" }
platform_fee_vat_payer = "partner"
[[partners]]
id = "own"
kind = "business"
default_contract = "standard"
"#;

const SELLERS: &str = "\u{feff}id,name,kind,taxation,contract,joined_on,tags,bank,account_number,account_holder,account_currency,business_number,memo,property_region
s-1,가게,business,tax-free,standard,2026-01-15,food; seoul ;food,088,110123456789,김정산,,124-81-00998,메모,Seoul
s-2,사람,withholding,,low,,,,,,,,,
";

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
        std::fs::write(&path, text).unwrap();
        path
    }

    fn read(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.folder.path().join(name)).ok()
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output: Output = Command::new(env!("CARGO_BIN_EXE_jeongsan"))
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn import(&self, csv: impl AsRef<[u8]>, more: &[&str]) -> (i32, String, String) {
        self.put("sellers.csv", csv);
        self.run(&[&["partners", "import", "sellers.csv", "--book", "book.toml"], more].concat())
    }

    fn list(&self, more: &[&str]) -> String {
        let fixed = ["partners", "list", "--book", "book.toml", "--partners", "partners.toml"];
        self.run(&[&fixed, more].concat()).1
    }
}

#[test]
fn rows_become_a_file_of_partners_that_other_verbs_take() {
    let desk = Desk::new();
    let (status, out, err) = desk.import(SELLERS, &["--format", "json"]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(
        out,
        "{\"line\":2,\"id\":\"s-1\",\"outcome\":\"added\"}\n{\"line\":3,\"id\":\"s-2\",\"outcome\":\"added\"}\n"
    );
    assert_eq!(err, "2 rows: 2 added, 0 updated, 0 unchanged, 0 refused; partners.toml written\n");
    let expected = r#"version = 1

[[partners]]
id = "s-1"
name = "가게"
kind = "business"
taxation = "tax-free"
business_number = "124-81-00998"
default_contract = "standard"
joined_on = "2026-01-15"
memo = "메모"
tags = ["food", "seoul"]

[partners.account]
bank = "088"
number = "110123456789"
holder = "김정산"
currency = "KRW"

[partners.properties]
region = "Seoul"

[[partners]]
id = "s-2"
name = "사람"
kind = "withholding"
default_contract = "low"
"#;
    assert_eq!(desk.read("partners.toml").unwrap(), expected);

    let order = r#"{"type":"order","id":"o","partner":"s-2","start_date":"2026-03-02","order_amount":1000}"#;
    desk.put("events.jsonl", order);
    let (status, out, _) =
        desk.run(&["settle", "--book", "book.toml", "--partners", "partners.toml", "events.jsonl"]);
    assert_eq!(status, 0);
    assert!(out.contains(r#""settlement":945"#), "{out}");
    let (status, out, _) = desk.run(&["check", "book.toml", "--partners", "partners.toml"]);
    assert_eq!(status, 0);
    assert!(out.ends_with(", 3 partners\n"), "{out}");
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let desk = Desk::new();
    let (status, out, err) = desk.import(SELLERS, &["--dry-run", "--format", "csv"]);
    assert_eq!(status, 0);
    let header = "line,id,outcome,error_code,error_column,error_message\n";
    assert_eq!(out, format!("{header}2,s-1,added,,,\n3,s-2,added,,,\n"));
    assert_eq!(err, "2 rows: 2 added, 0 updated, 0 unchanged, 0 refused; dry run, nothing written\n");
    assert_eq!(desk.read("partners.toml"), None);
}

#[test]
fn a_row_that_is_refused_stops_only_itself() {
    let rows = "id,kind,contract,joined_on,bank,account_number,account_holder,business_number,taxation
ok,business,standard,,,,,,
 a\u{1}b,business,,,,,,,
bad-kind,company,,,,,,,
bad-contract,business,gold,,,,,,
bad-date,business,,2026-13-01,,,,,
bad-account,business,,,088,,김정산,,
bad-number,business,,,,,,124-81-00997,
bad-taxation,withholding,,,,,,,general
ok,business,low,,,,,,
short,business
masked,business,,,088,********6789,김**,,
no-kind,,,,,,,,
last,withholding,,,,,,,
";
    let desk = Desk::new();
    let (status, out, err) = desk.import(rows, &["--format", "table"]);
    assert_eq!(status, 2);
    let told: Vec<&str> = out.lines().filter(|line| line.starts_with("line")).collect();
    assert_eq!(
        told,
        [
            r"line 3: invalid-id in id: partner id `a\u{1}b` has a control character",
            "line 4 (bad-kind): unknown-value in kind: partner kind `company` is none of `business`, `withholding`, `non-withholding`",
            "line 5 (bad-contract): unknown-contract in contract: unknown contract `gold`",
            "line 6 (bad-date): invalid-date in joined_on: `2026-13-01` is no date as YYYY-MM-DD",
            "line 7 (bad-account): missing-field in account_number: an account has `bank`, `account_number` and `account_holder`, or none of them",
            "line 8 (bad-number): unknown-value in business_number: business number `124-81-00997` ends in a wrong check digit; the others give `8`",
            "line 9 (bad-taxation): misplaced-field in taxation: only a business has a taxation",
            "line 10 (ok): duplicate-partner in id: partner `ok` stands in line 2 already",
            "line 11: invalid-row: the row has 2 cells, the header 9",
            "line 12 (masked): masked-account in account_number: it is masked; list the partners with --show-accounts to take them back in",
            "line 13 (no-kind): missing-field in kind: a partner has a kind",
        ]
    );
    assert!(err.starts_with("13 rows: 2 added, 0 updated, 0 unchanged, 11 refused; "), "{err}");
    assert_eq!(desk.read("partners.toml").unwrap().matches("[[partners]]").count(), 2);
    assert!(![out, err].concat().contains("김정산"));
}

#[test]
fn only_the_columns_of_the_file_change() {
    let desk = Desk::new();
    desk.import(SELLERS, &[]);
    let before = desk.read("partners.toml").unwrap();
    let (_, _, err) = desk.import(SELLERS, &[]);
    assert!(err.ends_with("2 unchanged, 0 refused; nothing to write\n"), "{err}");
    let (status, _, err) = desk.import("id,memo,property_region\ns-1,새 메모,\n", &[]);
    assert_eq!((status, err.contains("1 updated")), (0, true), "{err}");
    let expected = before
        .replace("memo = \"메모\"", "memo = \"새 메모\"")
        .replace("\n[partners.properties]\nregion = \"Seoul\"\n", "");
    assert_eq!(desk.read("partners.toml").unwrap(), expected);
}

#[test]
fn a_change_from_a_day_on_is_a_version_and_the_book_is_never_written() {
    let desk = Desk::new();
    let change = "id,contract\nown,low\n";
    let (status, out, _) = desk.import(change, &["--format", "json"]);
    assert_eq!(status, 2);
    assert_eq!(
        out,
        "{\"line\":2,\"id\":\"own\",\"outcome\":\"refused\",\"error\":{\"code\":\"partner-in-book\",\"message\":\"partner `own` stands in the book itself; say from when it changes by --applies-from\"}}\n"
    );
    assert_eq!(desk.import(change, &["--applies-from", "2026-06-01"]).0, 0);
    let (status, out, _) =
        desk.import("id,contract\nown,standard\n", &["--applies-from", "2026-06-01", "--format", "json"]);
    assert_eq!(status, 2);
    assert!(
        out.contains("partner `own`: a version from 2026-06-01 is there already, a new one begins after it"),
        "{out}"
    );
    let order = |day: &str| {
        format!(
            r#"{{"type":"order","id":"{day}","partner":"own","start_date":"2026-{day}","order_amount":1000}}"#
        )
    };
    desk.put("events.jsonl", [order("05-31"), order("06-01")].join("\n"));
    let (_, out, _) =
        desk.run(&["settle", "--book", "book.toml", "--partners", "partners.toml", "events.jsonl"]);
    let settled =
        |line: &str| line.split_once(r#""settlement":"#).unwrap().1.split(',').next().unwrap().to_owned();
    assert_eq!(out.lines().map(settled).collect::<Vec<_>>(), ["890", "945"]);
    assert_eq!(desk.read("book.toml").unwrap(), BOOK);
}

#[test]
fn an_account_that_changes_is_verified_anew() {
    let desk = Desk::new();
    desk.put(
        "partners.toml",
        r#"version = 1
[[partners]]
id = "s"
kind = "business"
account = { bank = "088", number = "110123456789", holder = "김정산", currency = "KRW", verification = { state = "verified", on = "2026-01-02" } }
"#,
    );
    let state = || desk.list(&["--format", "json", "--tag", "new"]).contains(r#""verification":"verified""#);
    desk.import("id,tags\ns,new\n", &[]);
    assert!(state());
    desk.import("id,account_number\ns,110123456780\n", &[]);
    assert!(!state());
}

#[test]
fn new_partners_get_ids_that_sort_by_their_making() {
    let desk = Desk::new();
    let (status, out, _) = desk.import("kind,name\nbusiness,a\nwithholding,b\n", &["--format", "csv"]);
    assert_eq!(status, 0);
    let ids: Vec<&str> = out.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert!(ids.iter().all(|id| id.len() == 36 && id.as_bytes()[14] == b'7'), "{ids:?}");
    assert!(ids[0] < ids[1]);
    let listed = desk.list(&[]);
    assert!(ids.iter().all(|id| listed.contains(id)), "{listed}");
}

#[test]
fn a_file_that_cannot_be_read_is_refused_whole() {
    let desk = Desk::new();
    let failures: [(&[u8], &str); 5] = [
        (
            b"id,kind,name\ns-1,business,\xb0\xa1\xb0\xd4\n",
            "sellers.csv: line 2: the file is not UTF-8; a spreadsheet writes it by \"CSV UTF-8\", and plain \"CSV\" in Korea in CP949",
        ),
        (b"id,kind,id\n", "sellers.csv: line 1, column 3: the column `id` stands twice"),
        (
            b"id,kinds\n",
            "sellers.csv: line 1, column 2: unknown column `kinds`; the columns are `id`, `name`, `kind`, `taxation`, `contract`, `joined_on`, `tags`, `bank`, `account_number`, `account_holder`, `account_currency`, `business_number`, `memo`, and `property_…`",
        ),
        (b"id,kind\n", "sellers.csv: no rows"),
        (b"", "sellers.csv: no rows"),
    ];
    for (bytes, expected) in failures {
        let (status, out, err) = desk.import(bytes, &[]);
        assert_eq!((status, out.as_str()), (1, ""), "{err}");
        let whole = err.strip_prefix("error: ").unwrap().trim_end();
        assert_eq!(whole, expected);
    }
    assert_eq!(desk.read("partners.toml"), None);
}

#[test]
fn problems_of_the_file_of_partners_are_told_in_it() {
    let desk = Desk::new();
    desk.put("partners.toml", "version = 1\n[[partners]]\nid = \"s\"\nkind = \"company\"\n");
    let (status, out, _) = desk.run(&["check", "book.toml", "--partners", "partners.toml"]);
    assert_eq!(status, 2);
    assert_eq!(
        out,
        "partners.toml:4:8: partners[0].kind: partner kind `company` is none of `business`, `withholding`, `non-withholding` (unknown-value)\n"
    );
    desk.put("partners.toml", "version = 2\n");
    let (status, _, err) = desk.run(&["check", "book.toml", "--partners", "partners.toml"]);
    assert_eq!(status, 1);
    let unknown = "version 2 of the partners format is unknown, this is version 1";
    assert_eq!(err, format!("error: partners.toml: version: {unknown}\n"));
}

#[test]
fn a_list_is_filtered_and_masked() {
    let desk = Desk::new();
    desk.import(SELLERS, &[]);
    let header = "id,name,kind,taxation,contract,joined_on,tags,bank,account_number,account_holder,account_currency,business_number,memo";
    let line = "s-1,가게,business,tax-free,standard,2026-01-15,food;seoul,088,********6789,김**,KRW,1248100998,메모,Seoul\n";
    let first = format!("{header},property_region\n{line}");
    for filter in [
        &["--tag", "food", "--tag", "seoul"][..],
        &["--property", "region=Seoul"],
        &["--kind", "business", "--tag", "food"],
    ] {
        assert_eq!(desk.list(filter), first, "{filter:?}");
    }
    assert_eq!(desk.list(&["--tag", "food", "--kind", "withholding"]), format!("{header}\n"));
    assert_eq!(desk.list(&["--archived"]), format!("{header}\n"));
    assert_eq!(desk.list(&["--contract", "low"]).lines().count(), 2);
    let shown = desk.list(&["--tag", "food", "--show-accounts"]);
    assert_eq!(shown, first.replace("********6789", "110123456789").replace("김**", "김정산"));
    // What is listed can be taken back in and changes nothing.
    let (status, _, err) = desk.import(shown, &[]);
    assert_eq!((status, err.contains("1 unchanged")), (0, true), "{err}");
    let archived = "version = 1\n[[partners]]\nid = \"a\"\nkind = \"business\"\n[[partners]]\nid = \"a\"\nkind = \"business\"\napplies_from = \"2026-06-01\"\narchived = true\n";
    desk.put("partners.toml", archived);
    assert_eq!(desk.list(&["--archived"]).lines().count(), 2);
    assert_eq!(desk.list(&["--archived", "--on", "2026-05-31"]).lines().count(), 1);
    let (status, out, _) = desk.import("id,name\na,other\n", &["--format", "json"]);
    assert_eq!(status, 2);
    assert!(out.contains(r#""code":"partner-archived""#), "{out}");
}
