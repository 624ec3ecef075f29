//! The command as its users run it: real files, exit statuses, exact messages.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

const BOOK: &str = r#"
version = 1
currency = "KRW"
[[contracts]]
id = "standard"
applies_from = "2026-01-01"
platform_fee = { rate = "10%" }
platform_fee_vat_payer = "partner"
cycle = { lag = { days = 2 }, method = "daily", date_policy = "calendar-day" }
[[discount_share_policies]]
id = "half"
partner_share = "50%"
[[partners]]
id = "seller-1"
kind = "business"
default_contract = "standard"
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
        std::fs::write(&path, text).unwrap();
        path
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

    fn settle(&self, events: impl AsRef<[u8]>, more: &[&str]) -> (i32, Vec<String>, String) {
        self.put("events.jsonl", events);
        let (status, out, err) =
            self.run(&[&["settle", "--book", "book.toml", "events.jsonl"], more].concat());
        (status, out.lines().map(str::to_owned).collect(), err)
    }
}

fn order(id: &str, rest: &str) -> String {
    format!(r#"{{"type":"order","id":"{id}","partner":"seller-1","start_date":"2026-03-02"{rest}}}"#)
}

fn plain(id: &str) -> String {
    order(id, r#","order_amount":10000"#)
}

#[test]
fn every_event_has_its_result_in_its_place() {
    let events =
        [plain("o-1"), order("o-2", r#","order_amount":"10""#), String::new(), plain("o-3")].join("\n");
    let (status, lines, err) = Desk::new().settle(events, &[]);
    assert_eq!(status, 2);
    assert_eq!(lines.len(), 3);
    assert!(lines[0].contains(r#""id":"o-1","type":"order""#) && lines[0].contains(r#""settlement":8900"#));
    assert_eq!(
        lines[1],
        r#"{"id":"o-2","line":2,"error":{"code":"invalid-event","message":"expected a whole number of minor units, found the text \"10\", column 93","path":"order_amount"}}"#
    );
    assert!(lines[2].contains(r#""id":"o-3""#));
    assert_eq!(err, "3 events: 2 settled, 1 refused\n");
}

#[test]
fn faults_have_their_code_and_path() {
    let cases = [
        (order("a", r#","order_amount":1.5"#), "invalid-event", "order_amount"),
        (order("a", r#","order_amount":1e3"#), "invalid-event", "order_amount"),
        (order("a", r#","order_amount":9223372036854775808"#), "out-of-range", "order_amount"),
        (order("a", r#","order_amount":99999999999999999999"#), "out-of-range", "order_amount"),
        (order("a", r#","order_amount":-1"#), "invalid-event", "order_amount"),
        (order("a", r#","order_amount":1,"colour":"red""#), "invalid-event", "colour"),
        (order("a", ""), "invalid-event", "order_amount"),
        (
            order("a", r#","order_amount":1,"lines":[{"product":"A","amount":1,"quantity":1}]"#),
            "order-detail-ambiguous",
            "order_amount",
        ),
        (
            order("a", r#","lines":[{"product":"A","amount":1,"quantity":0}]"#),
            "invalid-event",
            "lines[0].quantity",
        ),
        (
            order(
                "a",
                r#","lines":[{"product":"A","amount":1,"quantity":1},{"product":"A","amount":1,"quantity":1}]"#,
            ),
            "duplicate-product",
            "lines[1].product",
        ),
        (
            order("a", r#","lines":[{"product":"A","amount":9223372036854775807,"quantity":2}]"#),
            "out-of-range",
            "",
        ),
        (
            order("a", r#","order_amount":1,"discounts":[{"policy":"half","amount":2}]"#),
            "discount-exceeds-order",
            "discounts",
        ),
        (
            order("a", r#","order_amount":9,"discounts":[{"policy":"half","amount":-2}]"#),
            "invalid-event",
            "discounts[0].amount",
        ),
        (
            order("a", r#","order_amount":9,"discounts":[{"policy":"other","amount":99}]"#),
            "unknown-policy",
            "discounts",
        ),
        (order("a", r#","order_amount":1,"contract":"gold""#), "unknown-contract", "contract"),
        (
            order("a", r#","order_amount":1,"settlement_date":"2026-03-01""#),
            "settlement-date-before-start",
            "settlement_date",
        ),
        (order("a", r#","order_amount":1,"settlement_date":"2026-3-1""#), "invalid-event", "settlement_date"),
        (plain("a").replace("2026-03-02", "2025-12-31"), "unknown-contract", "start_date"),
        (plain("a").replace("seller-1", "seller-2"), "unknown-partner", "partner"),
        (plain("a").replace(r#""order","#, r#""refund","#), "invalid-event", "type"),
        (
            r#"{"type":"manual","id":"a","partner":"seller-1","amount":1}"#.into(),
            "invalid-event",
            "settlement_date",
        ),
    ];
    let desk = Desk::new();
    for (event, code, path) in cases {
        let (status, lines, _) = desk.settle(format!("{event}\n{}", plain("good")), &[]);
        let refused = &lines[0];
        assert!(refused.contains(&format!(r#""code":"{code}""#)), "{event}\n{refused}");
        let has_path = refused.contains(&format!(r#""path":"{path}""#))
            || (path.is_empty() && !refused.contains("path"));
        assert!(has_path, "{event}\n{refused}");
        assert!(lines[1].contains(r#""settlement":8900"#), "the rest settles: {event}");
        assert_eq!(status, 2);
    }
}

#[test]
fn facts_of_the_ledger_are_refused_by_name() {
    let hold =
        r#"{"type":"hold","id":"h-1","date":"2026-03-02","order":"o-1","reason":"r","released_by":"b"}"#;
    let close = r#"{"type":"close","id":"n-1","date":"2026-03-02"}"#;
    let (status, lines, _) = Desk::new().settle([&plain("o-1"), hold, close].join("\n"), &[]);
    assert_eq!(status, 2);
    for (line, (id, kind)) in lines[1..].iter().zip([("h-1", "hold"), ("n-1", "close")]) {
        let message = format!("an event of type `{kind}` settles nothing; `jeongsan run` takes it");
        assert!(line.contains(&format!(r#""id":"{id}""#)) && line.contains(&message), "{line}");
    }
}

#[test]
fn a_refused_id_is_used_up_and_the_first_use_counts() {
    let events = [plain("o-1"), plain("o-1"), order("o-2", r#","x":1"#), plain("o-2")].join("\n");
    let (_, lines, _) = Desk::new().settle(events, &[]);
    assert!(lines[0].contains(r#""settlement":8900"#));
    for line in [&lines[1], &lines[3]] {
        assert!(line.contains(r#""code":"duplicate-event""#), "{line}");
    }
}

#[test]
fn hostile_lines_are_refused_and_the_rest_settled() {
    let mut events = plain("o-1").into_bytes();
    events.extend_from_slice(b"\n{\"type\":\"order\",\"id\":\"\xff\xfe\"}\n");
    events.extend_from_slice(b"{\"id\":\"");
    events.resize(events.len() + (10 << 20), b'x');
    events.extend_from_slice(b"\"}\n{broken\n");
    events.extend_from_slice(format!("{}\r\n{}", plain("o-2"), plain("o-3")).as_bytes());
    let (status, lines, _) = Desk::new().settle(events, &[]);
    assert_eq!(status, 2);
    assert_eq!(lines.len(), 6);
    let message = |line: u32, message: &str| {
        format!(r#"{{"line":{line},"error":{{"code":"invalid-event","message":"{message}"}}}}"#)
    };
    assert_eq!(lines[1], message(2, "invalid UTF-8 at byte 23 of the line"));
    assert_eq!(lines[2], message(3, "the line has more than 4 MiB"));
    assert_eq!(lines[3], message(4, "key must be a string, column 2"));
    assert!(lines[4].contains(r#""id":"o-2""#) && lines[5].contains(r#""id":"o-3""#));
}

#[test]
fn nothing_to_read_is_a_failure() {
    let desk = Desk::new();
    for (events, message) in [
        ("", "error: events.jsonl: no events\n"),
        ("\n\n", "error: events.jsonl: no events\n"),
        ("{]\n", "error: events.jsonl: no line could be read as an event; the errors are in the result\n"),
    ] {
        let (status, _, err) = desk.settle(events, &[]);
        assert_eq!((status, err.as_str()), (1, message));
    }
    let (status, _, err) = desk.run(&["settle", "--book", "absent.toml", "events.jsonl"]);
    assert_eq!(status, 1);
    assert!(err.starts_with("error: absent.toml: "), "{err}");
    let (status, ..) = desk.run(&["settle"]);
    assert_eq!(status, 1);
}

#[test]
fn ids_outside_the_window_are_refused_by_name() {
    let dated = |id: &str, date: &str| plain(id).replace("2026-03-02", date);
    let events =
        [dated("o-1", "2026-03-20"), dated("o-2", "2026-03-10"), dated("o-3", "2026-03-09")].join("\n");
    let (_, lines, _) = Desk::new().settle(events, &["--window", "10"]);
    assert!(lines[1].contains(r#""settlement":8900"#));
    assert!(lines[2].contains(r#""code":"outside-window","message":"2026-03-09 is more than 10 days before 2026-03-20, the newest date""#));
}

#[test]
fn the_flat_form_settles_as_json_does() {
    let desk = Desk::new();
    let json = order(
        "o-1",
        r#","order_amount":10000,"tax_free_amount":100,"discounts":[{"policy":"half","amount":500,"tax_free_amount":50}],"attributes":{"method":"card"}"#,
    );
    let (_, from_json, _) = desk.settle(json, &["--format", "csv"]);
    desk.put(
        "events.csv",
        "id,partner,start_date,order_amount,tax_free_amount,discount_policy,discount_amount,discount_tax_free_amount,attribute_method\n\
         o-1,seller-1,2026-03-02,10000,100,half,500,50,card\n\
         o-2,seller-1,2026-03-02,10 000,,,,,\n\
         o-3,seller-1,2026-03-02,10000,,half,,,\n\
         o-4,seller-1\n\
         o-5,seller-1,2026-03-02,99999999999999999999,,,,,\n",
    );
    let (status, out, _) = desk.run(&["settle", "--book", "book.toml", "events.csv"]);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(status, 2);
    assert_eq!(lines[..2], from_json[..]);
    let endings = [
        "3,invalid-event,`10 000` is no whole number of minor units,order_amount",
        "4,invalid-event,a discount without `discount_amount`,discount_amount",
        "5,invalid-event,\"the row has 2 cells, the header 9\",",
        "6,out-of-range,the number is out of range,order_amount",
    ];
    for (line, ending) in lines[2..].iter().zip(endings) {
        assert!(line.ends_with(ending), "{line}");
    }
}

#[test]
fn unknown_columns_are_refused_or_ignored() {
    let desk = Desk::new();
    desk.put("events.csv", "id,partner,start_date,order_amount,colour\no-1,seller-1,2026-03-02,10000,red\n");
    let (status, _, err) = desk.run(&["settle", "--book", "book.toml", "events.csv"]);
    assert_eq!(status, 1);
    assert!(err.starts_with("error: events.csv: line 1, column 5: unknown column `colour`"), "{err}");
    let (status, out, _) = desk.run(&["settle", "--book", "book.toml", "--allow-columns", "events.csv"]);
    assert_eq!((status, out.lines().count()), (0, 2));
}

#[test]
fn the_table_shows_what_is_owed_and_that_it_balances() {
    let events = [plain("o-1"), plain("o-2"), order("o-3", "")].join("\n");
    let (status, lines, _) = Desk::new().settle(events, &["--format", "table"]);
    let text = lines.join("\n");
    assert_eq!(status, 2);
    for part in [
        "│ 2026-03-04 ┆ seller-1 ┆           2 ┆ 20,000 ┆ 17,800 │",
        "The double entry balances: debits 20,000 = credits 20,000 KRW",
        "line 3 (o-3): invalid-event at order_amount: an order has `order_amount` or `lines`",
        "3 events: 2 settled, 1 refused",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn the_summary_stamps_the_calendar_of_the_dates() {
    let desk = Desk::new();
    desk.put(
        "book.toml",
        BOOK.replace("currency = \"KRW\"\n", "currency = \"KRW\"\ncalendar = \"KR-BANK\"\n"),
    );
    let (_, _, latest) = desk.settle(plain("o-1"), &[]);
    let (_, _, before) = desk.settle(plain("o-1"), &["--as-of", "2025-01-13"]);
    assert!(latest.starts_with("1 events: 1 settled, 0 refused; dates by KR-BANK#"), "{latest}");
    assert_ne!(latest, before, "what was known then has another stamp");
}

#[test]
fn check_reports_every_problem_with_its_place() {
    let desk = Desk::new();
    let (status, out, _) = desk.run(&["check", "book.toml"]);
    assert_eq!(status, 0);
    assert_eq!(
        out,
        "book.toml: sound; KRW: 1 contracts in 1 versions, 1 discount-share and 0 additional-fee policies, 1 partners\n"
    );
    desk.put(
        "bad.toml",
        BOOK.replace("50%", "150%")
            .replace("\"10%\"", "\"-1%\"")
            .replace("contract = \"standard\"", "contract = \"gold\""),
    );
    let (status, out, _) = desk.run(&["check", "bad.toml"]);
    assert_eq!(status, 2);
    let expected = [
        "bad.toml:7:25: contracts[0].platform_fee.rate: rate `-1%` is negative (invalid-rate)",
        "bad.toml:12:17: discount_share_policies[0].partner_share: share `150%` is above 100% (out-of-range)",
        "bad.toml:16:20: partners[0].default_contract: unknown contract `gold` (unknown-contract)",
    ];
    assert_eq!(out.lines().collect::<Vec<_>>(), expected);
    desk.put("unknown.toml", format!("{BOOK}\ncolour = \"red\"\n"));
    let (status, _, err) = desk.run(&["check", "unknown.toml"]);
    assert_eq!(status, 1);
    assert!(err.contains("line 18, column 1") && err.contains("unknown field `colour`"), "{err}");
}

#[test]
fn of_several_files_the_refusal_names_the_one() {
    let desk = Desk::new();
    desk.put("a.jsonl", plain("o-1"));
    desk.put("b.jsonl", plain("o-1"));
    let (status, out, _) = desk.run(&["settle", "--book", "book.toml", "a.jsonl", "b.jsonl"]);
    assert_eq!(status, 2);
    assert!(
        out.contains(r#"{"id":"o-1","file":"b.jsonl","line":1,"error":{"code":"duplicate-event""#),
        "{out}"
    );
}

#[test]
fn a_formula_is_evaluated_and_explained() {
    let desk = Desk::new();
    let fee = ["formula", "--context", "platform-fee", "min(주문금액 * 정률 + 정액, 3000)"];
    let values = ["--var", "주문금액=19999", "--var", "FIXED_RATE=3.74%", "--var", "정액=100"];
    let run = |more: &[&str]| desk.run(&[&fee[..], &values, more].concat());
    assert_eq!(run(&[]), (0, "847\n".into(), String::new()));
    assert_eq!(run(&["--rounding", "half-up"]).1, "848\n");
    let (status, out, _) = run(&["--explain"]);
    assert_eq!(status, 0);
    assert!(out.contains("\n    ORDER_AMOUNT * FIXED_RATE = 747.9626\n"), "{out}");
    assert!(out.ends_with("rounded down: 847\n"), "{out}");
    // A formula may begin with a minus, and a parameter needs no announcement.
    assert_eq!(desk.run(&["formula", "-5 * factor", "--var", "factor=-0.5"]).1, "2\n");
}

#[test]
fn a_wrong_formula_is_drawn_with_carets() {
    let desk = Desk::new();
    let (status, out, err) = desk.run(&["formula", "주문금 + 10%"]);
    assert_eq!((status, out.as_str()), (2, ""));
    let expected = "\
error[invalid-variable]: `주문금` is no variable, parameter or earlier user formula
  |
1 | 주문금 + 10%
  | ^^^^^^
  |
  = help: did you mean `주문금액`?

error[invalid-operator]: `%` is no operator of formulas
  |
1 | 주문금 + 10%
  |            ^
  |
  = help: write a percentage as a decimal: `0.1` for 10%
";
    assert_eq!(err, expected);
    for (arguments, kind) in [
        (["formula", "1 / 0"].as_slice(), "division-by-zero"),
        (&["formula", "9223372036854775808"], "overflow"),
        (&["formula", "결제금액", "--var", "주문금액=1"], "missing-value"),
        (&["formula", ""], "invalid-syntax"),
    ] {
        let (status, _, err) = desk.run(arguments);
        assert_eq!(status, 2);
        assert!(err.starts_with(&format!("error[{kind}]")), "{err}");
    }
    let (status, _, err) = desk.run(&["formula", "1", "--var", "주문금액"]);
    assert_eq!((status, err.as_str()), (1, "error: --var 주문금액: expected NAME=VALUE\n"));
    let (status, _, err) = desk.run(&["formula", "1", "--var", "주문금액=1", "--var", "ORDER_AMOUNT=1"]);
    assert_eq!(status, 1);
    assert_eq!(err, "error: --var ORDER_AMOUNT=1: `ORDER_AMOUNT` is given twice\n");
}

#[test]
fn suspicious_units_are_told_beside_the_amount() {
    let vars = ["--var", "ORDER_AMOUNT=10", "--var", "FIXED_RATE=10%"];
    let call = ["formula", "--context", "platform-fee", "ORDER_AMOUNT + FIXED_RATE"];
    let (status, out, err) = Desk::new().run(&[&call[..], &vars].concat());
    assert_eq!((status, out.as_str()), (0, "10\n"));
    assert!(
        err.starts_with("warning[suspicious-units]: `ORDER_AMOUNT + FIXED_RATE` adds an amount and a rate")
    );
}

#[test]
fn check_draws_faults_of_formulas_under_their_text() {
    let desk = Desk::new();
    let formulas = "[formulas]\nplatform_fee = \"주문금액 * 정률 + PLATFORM_FE\"\ndiscount_share = \"DISCOUNT_AMOUNT + FIXED_RATE\"\n";
    desk.put("bad.toml", BOOK.replace("[[contracts]]", &format!("{formulas}[[contracts]]")));
    let (status, out, _) = desk.run(&["check", "bad.toml"]);
    assert_eq!(status, 2);
    let expected = "\
error[invalid-variable]: `PLATFORM_FE` is no variable, parameter or earlier user formula
 --> bad.toml:5:16, formulas.platform_fee:1:13
  |
1 | 주문금액 * 정률 + PLATFORM_FE
  |                   ^^^^^^^^^^^
";
    assert_eq!(out.trim_end(), expected.trim_end());
    let good = formulas.replace(" + PLATFORM_FE", "");
    desk.put("doubtful.toml", BOOK.replace("[[contracts]]", &format!("{good}[[contracts]]")));
    let (status, out, _) = desk.run(&["check", "doubtful.toml"]);
    assert_eq!(status, 0);
    assert!(out.starts_with("warning[suspicious-units]: "), "{out}");
    assert!(out.contains("doubtful.toml:6:18, formulas.discount_share"), "{out}");
}

#[test]
fn a_settlement_formula_of_its_own_shows_its_difference_in_the_journal() {
    let desk = Desk::new();
    let formulas = "[formulas]\nsettlement = \"ORDER_AMOUNT - PLATFORM_FEE\"\n";
    desk.put("book.toml", BOOK.replace("[[contracts]]", &format!("{formulas}[[contracts]]")));
    let (status, lines, _) = desk.settle(plain("o-1"), &["--format", "table"]);
    let text = lines.join("\n");
    assert_eq!(status, 0);
    assert!(text.contains("│ formula-difference   ┆    100 ┆        │"), "{text}");
    assert!(text.contains("The double entry balances: debits 10,100 = credits 10,100 KRW"), "{text}");
}

#[test]
fn a_cancellation_settles_against_what_is_left() {
    let cancel = |id: &str, rest: &str| {
        format!(r#"{{"type":"cancel","id":"{id}","order":"o-1","date":"2026-03-09"{rest}}}"#)
    };
    let events = [
        cancel("c-0", r#","all":true"#),
        plain("o-1"),
        cancel("c-1", r#","order_amount":4000"#),
        cancel("c-2", r#","order_amount":6001"#),
        cancel("c-3", r#","lines":[{"product":"A","quantity":1}]"#),
        cancel("c-4", r#","all":true"#),
        cancel("c-5", r#","all":true"#),
        cancel("c-6", ""),
    ];
    let (_, lines, _) = Desk::new().settle(events.join("\n"), &[]);
    let codes = [
        Some("unknown-order"),
        None,
        None,
        Some("cancel-exceeds-remaining"),
        Some("order-detail-mismatch"),
        None,
        Some("cancel-exceeds-remaining"),
        Some("invalid-event"),
    ];
    for (line, code) in lines.iter().zip(codes) {
        match code {
            Some(code) => assert!(line.contains(&format!(r#""code":"{code}""#)), "{line}"),
            None => assert!(!line.contains("error"), "{line}"),
        }
    }
    assert!(
        lines[2].contains(r#""type":"cancel""#) && lines[2].contains(r#""settlement":-3560"#),
        "{}",
        lines[2]
    );
    assert!(lines[5].contains(r#""settlement":-5340"#), "{}", lines[5]);
}

#[test]
fn the_flat_form_cancels_and_selects_by_columns_of_the_book() {
    let desk = Desk::new();
    let select = r#"{ select = [{ when = { method = "card" }, rate = "3%" }, { rate = "10%" }] }"#;
    desk.put("book.toml", BOOK.replace(r#"{ rate = "10%" }"#, select));
    desk.put(
        "events.csv",
        "type,id,partner,start_date,order_amount,order,date,settlement_date,amount,method\n\
         order,o-1,seller-1,2026-03-02,10000,,,,,card\n\
         cancel,c-1,,,4000,o-1,2026-03-09,,,\n\
         manual,m-1,seller-1,,,,,2026-03-31,-500,\n",
    );
    let (status, out, _) = desk.run(&["settle", "--book", "book.toml", "--format", "json", "events.csv"]);
    assert_eq!(status, 0, "{out}");
    let settlements: Vec<&str> = out.lines().collect();
    for (line, settlement) in settlements.iter().zip([9_670, -3_868, -500]) {
        assert!(line.contains(&format!(r#""settlement":{settlement},"#)), "{line}");
    }
}

#[test]
fn fees_by_sales_follow_the_months_and_late_cancellations_leave_closed_ones() {
    let desk = Desk::new();
    let tiers = |measure: &str| {
        format!(
            r#"{{ tiers = [{{ from = 0, rate = "10%" }}, {{ from = 10000, rate = "5%" }}], mode = "whole", measure = "{measure}" }}"#
        )
    };
    let dated = |id: &str, date: &str| plain(id).replace("2026-03-02", date);
    let cancel = r#"{"type":"cancel","id":"c-1","order":"o-1","date":"2026-04-02","all":true}"#.to_owned();
    let events = [
        dated("o-1", "2026-03-02"),
        dated("o-2", "2026-03-03"),
        cancel,
        dated("o-3", "2026-04-03"),
        dated("o-4", "2026-05-01"),
    ];
    let fees = |measure: &str| -> Vec<String> {
        desk.put("book.toml", with_sales_known(&BOOK.replace(r#"{ rate = "10%" }"#, &tiers(measure))));
        let (status, lines, _) = desk.settle(events.join("\n"), &[]);
        assert_eq!(status, 0, "{lines:?}");
        let fee = |line: &String| {
            line.split(r#""platform_fee":"#).nth(1).unwrap().split(',').next().unwrap().to_owned()
        };
        lines.iter().map(fee).collect()
    };
    // March sold 20,000 and stays so; April sold nothing, as its order and the late cancellation make 0.
    assert_eq!(fees("previous-month-sales"), ["1000", "1000", "-1000", "500", "1000"]);
    assert_eq!(fees("month-to-date-sales"), ["1000", "500", "-1000", "1000", "1000"]);
}

/// The book with the option that a run from March 2026 has all sales.
fn with_sales_known(book: &str) -> String {
    book.replacen("[[contracts]]", "[options]\nsales_known_from = \"2026-02\"\n[[contracts]]", 1)
}

#[test]
fn sales_that_nobody_stated_are_refused_and_not_zero() {
    let desk = Desk::new();
    let tiers = r#"{ tiers = [{ from = 0, rate = "10%" }, { from = 10000, rate = "5%" }], mode = "whole", measure = "previous-month-sales" }"#;
    desk.put("book.toml", BOOK.replace(r#"{ rate = "10%" }"#, tiers));
    let sales = r#"{"type":"sales","partner":"seller-1","month":"2026-02","amount":10000}"#;
    let (status, lines, _) =
        desk.settle([plain("o-1").as_str(), sales, &plain("o-2"), sales].join("\n"), &[]);
    assert_eq!(status, 2);
    let expected = [
        r#"{"id":"o-1","line":1,"error":{"code":"missing-sales","message":"the sales of partner `seller-1` in 2026-02 are not known","path":"partner"}}"#,
        r#"{"line":4,"error":{"code":"late-sales","message":"the sales that partner `seller-1` opens with come behind its first order","path":"partner"}}"#,
    ];
    assert_eq!([lines[0].as_str(), &lines[2]], expected);
    assert_eq!(figure(&lines[1], "platform_fee"), 500);
    let faults = [
        (r#"{"type":"sales","partner":"nobody","month":"2026-02","amount":1}"#, "unknown partner `nobody`"),
        (
            r#"{"type":"sales","partner":"seller-1","month":"2026-2","amount":1}"#,
            "`2026-2` is no month as YYYY-MM",
        ),
        (r#"{"type":"sales","partner":"seller-1","month":"2026-02"}"#, "the field `amount` is missing"),
        (
            r#"{"type":"sales","id":"s-1","partner":"seller-1","month":"2026-02","amount":1}"#,
            "opening sales have `type`, `partner`, `month` and `amount` and nothing else",
        ),
    ];
    for (record, message) in faults {
        let (_, lines, _) = desk.settle([record, &plain("o-1")].join("\n"), &[]);
        assert!(lines[0].contains(message), "{}", lines[0]);
    }
    let (_, lines, _) = desk.settle([sales, sales].join("\n"), &[]);
    assert!(lines[0].contains("duplicate-sales"), "{}", lines[0]);
}

#[test]
fn a_late_cancellation_settles_the_orders_of_its_month_again() {
    let desk = Desk::new();
    let tiers = r#"{ tiers = [{ from = 0, rate = "10%" }, { from = 10000, rate = "5%" }], mode = "whole", measure = "previous-month-sales", late = "retier" }"#;
    desk.put("book.toml", with_sales_known(&BOOK.replace(r#"{ rate = "10%" }"#, tiers)));
    let dated = |id: &str, date: &str| plain(id).replace("2026-03-02", date);
    let cancel = |id: &str, order: &str, amount: i64| {
        format!(
            r#"{{"type":"cancel","id":"{id}","order":"{order}","date":"2026-04-02","order_amount":{amount}}}"#
        )
    };
    let mut events = vec![dated("o-1", "2026-03-02"), dated("o-0", "2026-03-03"), dated("o-2", "2026-04-01")];
    // March goes from 20,000 to 10,000, where the bracket begins: no row.
    events.extend([cancel("c-1", "o-1", 7_000), cancel("c-2", "o-1", 3_000)]);
    let (status, lines, _) = desk.settle(events.join("\n"), &[]);
    assert_eq!((status, lines.len()), (0, 5), "{lines:?}");
    events.push(cancel("c-3", "o-0", 1));
    let (status, lines, _) = desk.settle(events.join("\n"), &[]);
    assert_eq!((status, lines.len()), (0, 7), "{lines:?}");
    assert!(
        lines[6].starts_with(r#"{"id":"o-2","type":"retier","cause":"c-3","partner":"seller-1""#),
        "{}",
        lines[6]
    );
    assert_eq!((figure(&lines[6], "platform_fee"), figure(&lines[6], "platform_fee_vat")), (500, 50));
    let problems = [
        (BOOK.replace(r#"{ rate = "10%" }"#, &tiers.replace("previous-month-sales", "given")), "`late` stands beside a measure of sales alone"),
        (BOOK.replace(r#"{ rate = "10%" }"#, &tiers.replace("retier", "thaw")), "late change `thaw` is none of `frozen`, `retier`"),
        (
            with_sales_known(&BOOK.replace(r#"{ rate = "10%" }"#, tiers)).replace("[options]", "[options]\ncancel = \"independent\""),
            "contracts[0].platform_fee: `retier` needs cancellations to be `cumulative` (cancel-mode-conflict)",
        ),
        (
            BOOK.replace(r#"{ rate = "10%" }"#, tiers).replace("[[partners]]", &format!(
                "[[additional_fee_policies]]\nid = \"frozen\"\nfee = {}\nvat_payer = \"partner\"\n[[partners]]", tiers.replace("retier", "frozen")
            )),
            "additional_fee_policies[0].fee: all tiers that go by sales have one way with late changes (mixed-late)",
        ),
    ];
    for (book, problem) in problems {
        desk.put("bad.toml", book);
        let (status, out, _) = desk.run(&["check", "bad.toml"]);
        assert_eq!(status, 2, "{out}");
        assert!(out.contains(problem), "{out}");
    }
}

#[test]
fn a_true_up_settles_provisional_fees_at_the_final_one() {
    let desk = Desk::new();
    let book = BOOK.replace("platform_fee_vat_payer", "provisional = true\nplatform_fee_vat_payer");
    desk.put("book.toml", book.clone());
    let true_up = |more: &str| {
        format!(
            r#"{{"type":"true-up","id":"t-1","contract":"standard","date":"2026-04-15","from":"2026-03-01","to":"2026-03-31"{more}}}"#
        )
    };
    let fee = r#","platform_fee":{"rate":"9%"}"#;
    let (status, lines, err) = desk.settle([plain("o-1"), plain("o-2"), true_up(fee)].join("\n"), &[]);
    assert_eq!((status, lines.len()), (0, 4), "{lines:?}");
    assert_eq!(err, "3 events: 3 settled, 0 refused\n");
    for (line, id) in lines[2..].iter().zip(["o-1", "o-2"]) {
        let head = format!(
            r#"{{"id":"{id}","type":"true-up","cause":"t-1","partner":"seller-1","contract":"standard","contract_version":"2026-01-01","start_date":"2026-04-15","settlement_date":"2026-04-17""#
        );
        assert!(line.starts_with(&head), "{line}");
        assert_eq!((figure(line, "platform_fee"), figure(line, "settlement")), (-100, 110));
    }
    let refusals = [
        (
            true_up(""),
            r#""code":"invalid-event","message":"the field `platform_fee` is missing","path":"platform_fee""#,
        ),
        (
            true_up(r#","platform_fee":{"rate":"9 %"}"#),
            r#""message":"rate `9 %` is no number such as `3.74%` or `0.0374`","path":"platform_fee.rate""#,
        ),
        (true_up(&format!("{fee},\"order_amount\":5")), "a true-up has `type`, `id`, `contract`"),
        (plain("o-1").replace("}", r#","to":"2026-03-31"}"#), "an event of type `order` has no field `to`"),
        (
            true_up(fee).replace("2026-03-31", "2026-02-28"),
            r#""message":"the span from 2026-03-01 to 2026-02-28 has no days","path":"to""#,
        ),
    ];
    for (event, refusal) in refusals {
        let (_, lines, _) = desk.settle([event, plain("o-9")].join("\n"), &[]);
        assert!(lines[0].contains(refusal), "{}", lines[0]);
    }
    desk.put("book.toml", BOOK);
    let (_, lines, _) = desk.settle([true_up(fee), plain("o-9")].join("\n"), &[]);
    assert!(
        lines[0].contains("contract `standard` has no provisional fee from 2026-03-01 to 2026-03-31"),
        "{}",
        lines[0]
    );
    // What a window has dropped can't be settled again, and is not passed over.
    desk.put("book.toml", book);
    let dated = |id: &str, date: &str| plain(id).replace("2026-03-02", date);
    let late = [plain("o-1"), dated("o-2", "2026-03-20"), dated("o-3", "2026-04-10"), true_up(fee)];
    let (_, lines, _) = desk.settle(late.join("\n"), &["--window", "10"]);
    assert!(lines[3].contains("outside-window"), "{}", lines[3]);
}

#[test]
fn agencies_have_rows_of_their_own_beside_the_settlement() {
    let desk = Desk::new();
    let agencies = |of: &str| {
        format!(r#"agencies = [{{ partner = "agency-1", share = {{ rate = "20%" }}, of = "{of}" }}]"#)
    };
    let with = |agencies: &str, partner: &str| {
        let book = BOOK.replacen("platform_fee_vat_payer", &format!("{agencies}\nplatform_fee_vat_payer"), 1);
        format!("{book}[[partners]]\nid = \"agency-1\"\nkind = \"business\"\n{partner}\n")
    };
    desk.put("book.toml", with(&agencies("settlement"), ""));
    let (status, lines, _) = desk.settle(plain("o-1"), &[]);
    assert_eq!((status, lines.len()), (0, 3));
    let heads = [
        r#"{"id":"o-1","type":"order","partner":"seller-1","contract":"standard""#,
        r#"{"id":"o-1","type":"agency-share","partner":"agency-1","contract":"standard""#,
        r#"{"id":"o-1","type":"agency-share","partner":"seller-1","contract":"standard""#,
    ];
    for ((line, head), settlement) in lines.iter().zip(heads).zip([8_900, 1_780, -1_780]) {
        assert!(line.starts_with(head), "{line}");
        assert_eq!(figure(line, "settlement"), settlement);
    }
    // The parts balance: what the agency gets of the settlement is nobody else's expense.
    let (_, table, _) = desk.settle(plain("o-1"), &["--format", "table"]);
    let table = table.join("\n");
    assert!(table.contains("agency-1") && table.contains("1,780") && table.contains("7,120"), "{table}");
    let problems = [
        (
            with(&agencies("fee"), ""),
            "contracts[0].agencies[0].of: agency base `fee` is none of `platform-fee`, `settlement`",
        ),
        (
            with(&agencies("settlement"), "default_contract = \"standard\""),
            "contracts[0].agencies[0].partner: partner `agency-1` settles under the contract by default",
        ),
        (
            with(&agencies("settlement").replace("agency-1", "nobody"), ""),
            "contracts[0].agencies[0].partner: unknown partner `nobody`",
        ),
        (
            with(&agencies("settlement").replace("20%\"", "20%\", vat_inclusive = true"), ""),
            "contracts[0].agencies[0].share: a share has `rate`, `fixed`, `min` and `max` alone",
        ),
    ];
    for (book, problem) in problems {
        desk.put("bad.toml", book);
        let (status, out, err) = desk.run(&["check", "bad.toml"]);
        assert_eq!(status, 2, "{out}");
        assert!(format!("{out}{err}").contains(problem), "{out}{err}");
    }
}

/// The value of a figure in a line of JSON, before any line figures.
fn figure(line: &str, name: &str) -> i64 {
    line.split(&format!(r#""{name}":"#)).nth(1).unwrap().split([',', '}']).next().unwrap().parse().unwrap()
}

#[test]
fn one_order_is_explained_on_demand() {
    let (status, lines, err) =
        Desk::new().settle([plain("o-1"), plain("o-2")].join("\n"), &["--explain", "o-2"]);
    assert_eq!((status, lines.len()), (0, 2));
    let expected = "\
o-2 settles KRW 8900:
order 10000: as stated
payment_vat 909: the VAT of 10% inside 10000, rounded down (left over 1/11)
platform_fee 1000: 10% of 10000, contract `standard` of 2026-01-01, rounded down (exact)
platform_fee_vat 100: 10% of 1000, VAT, rounded down (exact)
settlement 8900: the order less all that is taken off it
2026-03-02 with a lag of `2d` is 2026-03-04.
The first date of `daily` on or after it is 2026-03-04.
It stays under `calendar-day`.
The settlement date is 2026-03-04, by no calendar.
2 events: 2 settled, 0 refused
";
    assert_eq!(err, expected);
}

#[test]
fn an_additional_fee_can_have_its_own_rounding_and_cap() {
    let desk = Desk::new();
    let policies = r#"[[additional_fee_policies]]
id = "pg"
fee = { rate = "2.75%", max = 270 }
vat_payer = "merchant"
base = "payment"
rounding = "up"
[[partners]]"#;
    desk.put("book.toml", BOOK.replace("[[partners]]", policies));
    let fee = |amount: i64| {
        let event = order("o-1", &format!(r#","order_amount":{amount},"additional_fees":["pg"]"#));
        let (status, lines, _) = desk.settle(event, &[]);
        assert_eq!(status, 0);
        figure(&lines[0], "additional_fee")
    };
    // 27.5275 rounds up, 275 is capped.
    assert_eq!((fee(1_001), fee(10_000)), (28, 270));
}

#[test]
fn rows_behind_an_open_quote_are_refused_by_their_lines() {
    let desk = Desk::new();
    desk.put(
        "events.csv",
        "id,partner,start_date,order_amount,memo\n\
         o-1,seller-1,2026-03-02,10000,\"x\n\
         o-2,seller-1,2026-03-02,10000,\n\
         o-3,seller-1,2026-03-02,10000,\n",
    );
    let (status, out, _) = desk.run(&["settle", "--book", "book.toml", "--format", "json", "events.csv"]);
    assert_eq!(status, 1, "{out}");
    assert!(
        out.contains("the quoted cell in column 5 runs over 3 lines: is its closing quote missing?"),
        "{out}"
    );
}
