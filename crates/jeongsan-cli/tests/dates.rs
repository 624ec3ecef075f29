//! The verbs `dates` and `calendar` as their users run them.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const MONTH_END: [&str; 8] =
    ["--calendar", "KR-BANK", "--lag", "2", "--cycle", "monthly:31", "--policy", "holiday-before"];

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn run_in(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jeongsan"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output: Output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[track_caller]
fn run(arguments: &[&str]) -> (i32, String, String) {
    run_in(Path::new("."), arguments, "")
}

/// Everything went well and nothing was said beside the result.
#[track_caller]
fn printed(arguments: &[&str]) -> String {
    let (status, out, err) = run(arguments);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    out
}

#[track_caller]
fn dates(more: &[&str]) -> String {
    printed(&[&["dates"], &MONTH_END[..], more].concat())
}

#[test]
fn a_date_a_line_for_each_start() {
    assert_eq!(dates(&["2023-09-01"]), "2023-09-27\n");
    assert_eq!(dates(&["2023-08-11", "2023-09-01"]), "2023-08-31\n2023-09-27\n");
    let arguments = [&["dates"], &MONTH_END[..], &["-"]].concat();
    let (status, out, _) = run_in(Path::new("."), &arguments, "2023-08-11\n\n2023-09-01\n");
    assert_eq!((status, out.as_str()), (0, "2023-08-31\n2023-09-27\n"));
}

#[test]
fn a_start_without_a_date_has_its_error_in_its_place() {
    let arguments =
        [&["dates"], &MONTH_END[..], &["2023-09-01", "2101-01-01", "soon", "2026-03-02T10:00:00Z"]].concat();
    let (status, out, err) = run(&arguments);
    assert_eq!((status, err.as_str()), (2, ""));
    assert_eq!(
        out,
        "2023-09-27\n\
         error: 2101-01-01: `2101-01-01` lies outside of calendar `KR-BANK`, which covers 2000-01-01 to 2100-12-31\n\
         error: soon: it is no date such as `2026-05-01`\n\
         error: 2026-03-02T10:00:00Z: it is no date such as `2026-05-01`; an instant needs `--cut-off`\n"
    );
}

#[test]
fn a_date_is_explained_by_the_days_moved_over() {
    let text = dates(&["--explain", "2023-09-01"]);
    assert!(
        text.starts_with(
            "2023-09-01 with a lag of `2d` is 2023-09-03.\n\
             The first date of `monthly:31` on or after it is 2023-09-30.\n\
             It is closed; `holiday-before` moves it to 2023-09-27 over 2023-09-28 (Thu, 추석 전날), \
             2023-09-29 (Fri, 추석), 2023-09-30 (Sat, 추석 다음날).\n\
             The settlement date is 2023-09-27, by calendar KR-BANK#"
        ),
        "{text}"
    );
}

#[test]
fn the_inverse_and_the_dates_between() {
    assert_eq!(dates(&["--inverse", "2023-09-27"]), "2023-08-30 to 2023-09-26\n");
    assert_eq!(dates(&["--inverse", "2023-09-26"]), "none\n");
    assert_eq!(
        dates(&["--from", "2026-01-01", "--to", "2026-03-31"]),
        "2026-01-30\n2026-02-27\n2026-03-31\n"
    );
}

#[test]
fn knowledge_is_that_of_a_day() {
    let next = |more: &[&str]| {
        let rule = ["dates", "--calendar", "KR-BANK", "--lag", "1bd-strict", "--policy", "holiday-after"];
        printed(&[&rule, more, &["2025-01-24"]].concat())
    };
    assert_eq!(next(&[]), "2025-01-31\n");
    assert_eq!(next(&["--as-of", "2025-01-13"]), "2025-01-27\n");
}

#[test]
fn an_overlay_says_what_it_changes_and_what_moves() {
    let desk = Desk::new();
    desk.put(
        "new.csv",
        "date,name_ko,kind,scope,known_on\n2026-08-14,임시공휴일,temporary,public,2026-07-21\n",
    );
    let rule =
        ["dates", "--calendar", "KR-BANK", "--lag", "2", "--policy", "holiday-after", "--overlay", "new.csv"];
    let note = "new.csv: line 2: KR-BANK 2026-08-14 임시공휴일 closes an open day\n";
    let run = |more: &[&str]| run_in(desk.folder.path(), &[&rule, more].concat(), "");
    let (status, out, err) = run(&["2026-08-11", "2026-08-12"]);
    assert_eq!((status, err.as_str()), (0, note));
    assert_eq!(out, "2026-08-13\n2026-08-18 (was 2026-08-14)\n");
    let (_, out, _) = run(&["--from", "2026-08-01", "--to", "2026-08-31"]);
    assert_eq!(out, "2026-08-12 moves from 2026-08-14 to 2026-08-18\n");
    let (_, out, _) = run(&["--from", "2026-09-01", "--to", "2026-09-30"]);
    assert_eq!(out, "no start date from 2026-09-01 to 2026-09-30 moves\n");
    let (_, out, err) = run(&["--as-of", "2026-07-20", "2026-08-12"]);
    assert_eq!(out, "2026-08-14\n");
    assert_eq!(err, "new.csv: line 2: KR-BANK 2026-08-14 임시공휴일 was not known yet and is left out\n");
}

#[test]
fn a_malformed_overlay_names_file_line_and_column() {
    let desk = Desk::new();
    desk.put("new.csv", "date,name_ko,kind,scope\n2026-08-14,임시공휴일,tempo,public\n");
    let (status, out, err) =
        run_in(desk.folder.path(), &["calendar", "KRX", "2026", "--overlay", "new.csv"], "");
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(err.starts_with("error: new.csv:2:18: holiday kind `tempo` is none of `statutory`, "), "{err}");
}

#[test]
fn instants_count_for_a_day_by_the_cut_off() {
    let out = printed(&[
        "dates",
        "--lag",
        "1",
        "--cut-off",
        "16:00+09:00",
        "2026-03-02T15:59:59+09:00",
        "2026-03-02T07:00:00Z",
        "2026-03-05",
    ]);
    assert_eq!(out, "2026-03-03\n2026-03-04\n2026-03-06\n");
}

#[test]
fn the_rule_can_come_from_a_book() {
    let desk = Desk::new();
    desk.put(
        "book.toml",
        r#"
version = 1
currency = "KRW"
calendar = "KR-BANK"
[[contracts]]
id = "standard"
platform_fee = { rate = "10%" }
platform_fee_vat_payer = "partner"
cycle = { lag = { days = 2 }, method = { monthly = [31] }, date_policy = "holiday-before" }
[[contracts]]
id = "standard"
applies_from = "2023-10-01"
platform_fee = { rate = "10%" }
platform_fee_vat_payer = "partner"
cycle = { lag = { business_days = 1, start = "strict" }, method = "daily", date_policy = "holiday-after" }
"#,
    );
    let run = |more: &[&str]| {
        run_in(
            desk.folder.path(),
            &[&["dates", "--book", "book.toml", "--contract", "standard"], more].concat(),
            "",
        )
    };
    assert_eq!(run(&["2023-09-01", "2023-10-06"]).1, "2023-09-27\n2023-10-10\n");
    // The version in force on the start date governs: the last starts of September wait for the end of October.
    assert_eq!(run(&["--inverse", "2023-10-31"]).1, "2023-09-29 to 2023-09-30\n2023-10-30 to 2023-10-30\n");
    let (status, _, err) = run(&["--lag", "2", "2023-09-01"]);
    assert_eq!(status, 1);
    assert!(err.contains("cannot be used with"), "{err}");
    let arguments = ["dates", "--book", "book.toml", "--contract", "gold", "2023-09-01"];
    assert_eq!(run_in(desk.folder.path(), &arguments, "").2, "error: unknown contract `gold`\n");
}

#[test]
fn what_cannot_be_done_is_told() {
    let fails = |arguments: &[&str]| {
        let (status, out, err) = run(arguments);
        assert_eq!((status, out.as_str()), (1, ""));
        err
    };
    let unknown = fails(&["dates", "--calendar", "KR", "2026-01-01"]);
    assert!(unknown.starts_with("error: calendar `KR` is not known; known are `JP`, `KR-BANK`"), "{unknown}");
    assert_eq!(
        fails(&["dates", "--policy", "holiday-after", "2026-01-01"]),
        "error: the cycle `0d daily holiday-after` needs a calendar\n"
    );
    assert!(fails(&["dates", "--lag", "2b", "2026-01-01"]).contains("lag `2b` is not written like `2d`"));
    assert!(fails(&["dates", "--calendar", "KRX"]).contains("required"));
    assert!(fails(&["calendar", "KRX"]).contains("required"));
    assert!(
        fails(&["calendar", "KRX", "26"])
            .contains("it is no year such as `2026` and no month such as `2026-09`")
    );
    assert!(fails(&["calendar", "KRX", "1999"]).contains("lies outside of calendar `KRX`"));
}

#[test]
fn a_month_shows_its_closed_days_with_names_and_reasons() {
    let text = printed(&["calendar", "KR-BANK", "2028-10"]);
    assert!(
        text.starts_with(
            "KR-BANK 2028-10     17 business days\n \
             Mon Tue Wed Thu Fri Sat Sun\n\
             \x20                       [ 1]\n\
             [ 2][ 3][ 4][ 5]  6 [ 7][ 8]\n\
             [ 9] 10  11  12  13 [14][15]\n \
             16  17  18  19  20 [21][22]\n \
             23  24  25  26  27 [28][29]\n \
             30  31\n  \
             2 Mon 추석 전날 (Chuseok Eve), lunar, projected\n  \
             3 Tue 개천절 (National Foundation Day), statutory, projected\n  \
             3 Tue 추석 (Chuseok), lunar, projected\n  \
             4 Wed 추석 다음날 (Day after Chuseok), lunar, projected\n  \
             5 Thu 대체공휴일(개천절·추석) (Substitute for Chuseok / National Foundation Day), substitute for 10-03 Tue, \
             known on 2013-11-05, projected\n  \
             9 Mon 한글날 (Hangul Day), statutory, known on 2012-12-28, projected\n\n\
             2028-10-01 to 2028-10-31: 17 business days; calendar KR-BANK#"
        ),
        "{text}"
    );
    assert_eq!(printed(&["calendar", "KRX", "2026"]).matches(" Mon Tue Wed").count(), 12);
}

#[test]
fn programs_get_every_day_as_json() {
    let text =
        printed(&["calendar", "KR-BANK+US-FED", "2026-11", "--format", "json", "--as-of", "2026-01-01"]);
    let object: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(object["calendar"], "KR-BANK+US-FED");
    assert_eq!(object["as_of"], "2026-01-01");
    assert_eq!(object["business_days"], 19);
    let days = object["days"].as_array().unwrap();
    assert_eq!(days.len(), 30);
    assert_eq!(days[25]["business_day"], false);
    assert_eq!(days[25]["holidays"][0]["name"], "Thanksgiving Day");
    assert_eq!(days[1]["business_day"], true);
}

#[test]
fn calendar_applications_get_icalendar() {
    let text = printed(&["calendar", "KR-PUBLIC", "2025-01", "--format", "icalendar"]);
    assert_eq!(text, printed(&["calendar", "KR-PUBLIC", "2025-01", "--format", "icalendar"]));
    assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 5);
    assert!(text.contains(
        "UID:20250127-0@KR-PUBLIC.jeongsan\r\nDTSTAMP:20250114T000000Z\r\nDTSTART;VALUE=DATE:20250127\r\n\
         DTEND;VALUE=DATE:20250128\r\nSUMMARY:설 연휴 전 임시공휴일\r\n"
    ));
    assert!(text.split("\r\n").all(|line| line.len() <= 75));
}

#[test]
fn the_calendars_are_listed() {
    let text = printed(&["calendar"]);
    let ids: Vec<&str> = text.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(ids, ["JP", "KR-BANK", "KR-PUBLIC", "KRX", "TARGET", "UK", "US-FED", "WEEKENDS"]);
}
