//! What is no document of ours, and how it is told: the words of the formats, the place, nothing that steers a terminal.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

const BOOK: &str = r#"{
  "version": 1, "currency": "KRW", "calendar": "KR-BANK",
  "contracts": [
    {"id": "standard", "platform_fee": {"rate": "10%"}, "platform_fee_vat_payer": "partner"}
  ],
  "discount_share_policies": [{"id": "half", "partner_share": "50%"}],
  "partners": [{"id": "seller-1", "kind": "business", "default_contract": "standard"}]
}"#;

/// Runs the command in a folder of its own with these files.
fn run(files: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_jeongsan"));
    let output = command.args(arguments).current_dir(folder.path()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Code, message and path of the error of one event.
fn refused(event: &str) -> (String, String, String) {
    let files = [("book.json", BOOK), ("events.jsonl", event)];
    let (_, out, _) = run(&files, &["settle", "--book", "book.json", "--format", "json", "events.jsonl"]);
    let outcome: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    let part = |name: &str| outcome["error"][name].as_str().unwrap_or_default().to_owned();
    (part("code"), part("message"), part("path"))
}

fn order(rest: &str) -> String {
    format!(r#"{{"type":"order","id":"o","partner":"seller-1","start_date":"2026-03-02",{rest}}}"#)
}

#[test]
fn events_are_read_by_name_alone() {
    for (event, message, path) in [
        (r#"["order","o"]"#.into(), "expected the fields of an event, found a list, column 0", ""),
        (
            order(r#""lines":[["A",100,0,1,[],[],{}]]"#),
            "expected the fields of a line, found a list, column 80",
            "lines[0]",
        ),
        (
            order(r#""order_amount":9,"discounts":[["half",1,0]]"#),
            "expected the fields of a discount, found a list, column 101",
            "discounts[0]",
        ),
        (
            order(r#""order_amount":9,"attributes":[]"#),
            "expected names with their values, found a list, column 101",
            "attributes",
        ),
        (
            order(r#""order_amount":9,"partner":"seller-1""#),
            "the field `partner` stands twice, column 98",
            "",
        ),
        (
            order(r#""order_amount":9,"attributes":{"a":"1","b":"2","a":"3"}"#),
            "the name stands twice, column 122",
            "attributes.a",
        ),
        (
            order(r#""order_amount":9,"parameters":{"f":"1","f":"1"}"#),
            "the name stands twice, column 114",
            "parameters.f",
        ),
        (
            order(r#""lines":[{"product":"A","amount":1,"quantity":1,"attributes":{"a":1,"a":1}}]"#),
            "the name stands twice, column 145",
            "lines[0].attributes.a",
        ),
        (order(r#""memo":{}"#), "expected a text, found a table, column 79", "memo"),
        (order(r#""all":1"#), "expected `true` or `false`, found `1`, column 79", "all"),
    ] {
        let (code, said, at) = refused(&event);
        assert_eq!((code.as_str(), at.as_str()), ("invalid-event", path), "{event}");
        let without_column = |text: &str| text.rsplit_once(", column ").unwrap().0.to_owned();
        assert_eq!(without_column(&said), without_column(message), "{event}");
    }
}

#[test]
fn whole_numbers_beyond_the_range_have_one_code_on_either_side() {
    for number in ["9223372036854775808", "-9223372036854775809", "-99999999999999999999"] {
        assert_eq!(refused(&order(&format!(r#""order_amount":{number}"#))).0, "out-of-range", "{number}");
    }
    assert_eq!(refused(&order(r#""order_amount":-9223372036854775808"#)).0, "invalid-event");
}

#[test]
fn books_are_read_by_name_alone_and_say_where() {
    let cases = [
        (
            BOOK.replace(r#"{"rate": "10%"}"#, r#"["10%"]"#),
            "book.json:4:",
            "contracts[0].platform_fee: expected the parts of a fee, found a list",
        ),
        (
            BOOK.replace(r#"{"rate": "10%"}"#, r#"{"rate": "10%", "fixed": 1, "rate": "5%"}"#),
            "book.json:4:",
            "the field `rate` stands twice",
        ),
        (
            BOOK.replace(
                r#""kind": "business""#,
                r#""kind": "business", "properties": {"a": "1", "a": "2"}"#,
            ),
            "book.json:7:",
            "partners[0].properties.a: the name stands twice",
        ),
        (
            BOOK.replace(r#""version": 1"#, r#""version": 1, "parameters": {"f": "1", "f": "1"}"#),
            "book.json:2:",
            "parameters.f: the name stands twice",
        ),
        (
            BOOK.replace(
                r#"{"rate": "10%"}"#,
                r#"{"select": [{"when": {"a": "1", "a": "2"}, "rate": "1%"}, {"rate": "2%"}]}"#,
            ),
            "book.json:4:",
            "contracts[0].platform_fee.select[0].when.a: the name stands twice",
        ),
        (BOOK.replace(r#""version": 1"#, r#""version": true"#), "book.json:2:", "found `true`"),
        (BOOK.replace("\"partners\"", "partners"), "book.json:7:", "key must be a string"),
    ];
    for (book, place, message) in cases {
        let (status, _, err) = run(&[("book.json", &book)], &["check", "book.json"]);
        assert_eq!(status, 1);
        assert!(err.contains(place) && err.trim_end().ends_with(message), "{err}");
    }
    let twice = "version = 1\ncurrency = \"KRW\"\n[parameters]\nf = \"1\"\nf = \"2\"\n";
    let (status, _, err) = run(&[("book.toml", twice)], &["check", "book.toml"]);
    assert_eq!(status, 1);
    assert!(err.contains("line 5") && err.contains("duplicate key"), "{err}");
}

#[test]
fn problems_of_a_json_book_have_line_and_column() {
    let book = BOOK
        .replace("10%", "-1%")
        .replace("\"default_contract\": \"standard\"", "\"default_contract\": \"x\"");
    let (status, out, _) = run(&[("book.json", &book)], &["check", "book.json"]);
    assert_eq!(status, 2);
    let expected = "\
book.json:4:49: contracts[0].platform_fee.rate: rate `-1%` is negative (invalid-rate)
book.json:7:75: partners[0].default_contract: unknown contract `x` (unknown-contract)
";
    assert_eq!(out, expected);
}

#[test]
fn nothing_of_the_input_steers_the_terminal() {
    let event = order(r#""order_amount":1,"\u001b[2Jred\u202e":1"#);
    let files = [("book.json", BOOK), ("events.jsonl", event.as_str())];
    for format in ["table", "csv"] {
        let (_, out, err) =
            run(&files, &["settle", "--book", "book.json", "--format", format, "events.jsonl"]);
        assert!(out.contains(r"\u{1b}[2Jred\u{202e}"), "{out}");
        assert!(!(out + &err).contains(['\u{1b}', '\u{202e}']));
    }
    let csv = "id,\u{1b}[2J\no-1,1\n";
    let (_, _, err) =
        run(&[("book.json", BOOK), ("e.csv", csv)], &["settle", "--book", "book.json", "e.csv"]);
    assert!(err.contains(r"unknown column `\u{1b}[2J`"), "{err}");
    let book = BOOK.replace("\"currency\"", "\"a\\u001bb\": 1, \"currency\"");
    let (_, _, err) = run(&[("book.json", &book)], &["check", "book.json"]);
    assert!(err.contains(r"unknown field `a\u{1b}b`"), "{err}");
    let book = "version = 1\ncurrency = \"KRW\"\ncalendar = \"\\u001b[2J\"\n# \u{9b}\nx = 1\n";
    let (_, _, err) = run(&[("book.toml", book)], &["check", "book.toml"]);
    assert!(!err.contains(['\u{1b}', '\u{9b}']), "{err:?}");
}

#[test]
fn rows_are_counted_in_lines_of_the_file() {
    let rows = [
        "id,partner,start_date,order_amount",
        "",
        "o-1,seller-1,2026-03-02,x",
        "",
        "",
        "o-2,seller-1,2026-03-02,y",
        "o-3",
    ];
    for (end, last) in [("\n", ""), ("\r\n", ""), ("\r\n", "\r\n"), ("\n", "\n")] {
        let csv = rows.join(end) + last;
        let files = [("book.json", BOOK), ("e.csv", csv.as_str())];
        let (_, out, _) = run(&files, &["settle", "--book", "book.json", "--format", "json", "e.csv"]);
        let lines: Vec<u64> = out
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["line"].as_u64().unwrap())
            .collect();
        assert_eq!(lines, [3, 6, 7], "{end:?} {last:?}");
    }
}

#[test]
fn columns_without_a_name_and_files_without_events_are_told() {
    let said = |name: &str, text: &str| {
        run(&[("book.json", BOOK), (name, text)], &["settle", "--book", "book.json", name]).2
    };
    assert_eq!(
        said("e.csv", "id,partner,\n"),
        "error: e.csv: line 1, column 3: the column has no name: is there a comma too many? Name it, or pass --allow-columns to ignore it\n"
    );
    let (status, _, err) = run(&[("book.json", BOOK)], &["settle", "--book", "book.json", "-"]);
    assert_eq!((status, err.as_str()), (1, "error: standard input: no events\n"));
    let (_, message, _) = refused(r#"{"type":"order","id":7}"#);
    assert_eq!(message, "expected a text, the event id, found `7`, column 22");
}

#[test]
fn the_table_lists_fifty_refusals_and_counts_the_rest() {
    let events = vec!["{}"; 53].join("\n");
    let files = [("book.json", BOOK), ("events.jsonl", events.as_str())];
    let (_, out, _) = run(&files, &["settle", "--book", "book.json", "--format", "table", "events.jsonl"]);
    assert_eq!(out.lines().filter(|line| line.starts_with("line ")).count(), 50);
    assert!(out.contains("and 3 more; --format json lists every one"), "{out}");
}

/// Message and path of the error of a cancellation of an order with lines or an amount.
#[test]
fn cancellations_say_which_field_takes_too_much() {
    let amount = order(
        r#""order_amount":100,"tax_free_amount":40,"discounts":[{"policy":"half","amount":10,"tax_free_amount":4}]"#,
    );
    let lines = order(
        r#""lines":[{"product":"A","amount":10,"quantity":2,"discounts":[{"policy":"half","amount":5}]}]"#,
    );
    let cases = [
        (&amount, r#""order_amount":101"#, "`order_amount` 101 exceeds the 100 left", "order_amount"),
        (
            &amount,
            r#""order_amount":50,"tax_free_amount":41"#,
            "`tax_free_amount` 41 exceeds the 40 left",
            "tax_free_amount",
        ),
        (
            &amount,
            r#""order_amount":9,"tax_free_amount":10"#,
            "the tax-free part 10 exceeds the 9 cancelled",
            "tax_free_amount",
        ),
        (&amount, r#""order_amount":0"#, "the cancellation takes nothing", "order_amount"),
        (
            &amount,
            r#""order_amount":50,"discounts":[{"policy":"half","amount":1},{"policy":"half","amount":10}]"#,
            "`amount` 10 of a discount by policy `half` exceeds the 9 left",
            "discounts[1].amount",
        ),
        (
            &amount,
            r#""order_amount":50,"tax_free_amount":20,"discounts":[{"policy":"half","amount":5,"tax_free_amount":5}]"#,
            "`tax_free_amount` 5 of a discount by policy `half` exceeds the 4 left",
            "discounts[0].tax_free_amount",
        ),
        (
            &amount,
            r#""lines":[{"product":"A","quantity":1}]"#,
            "the order is in amount form, the cancellation in line form",
            "lines",
        ),
        (
            &lines,
            r#""order_amount":1"#,
            "the order is in line form, the cancellation in amount form",
            "order_amount",
        ),
        (
            &lines,
            r#""lines":[{"product":"A","quantity":3}]"#,
            "`quantity` 3 exceeds the 2 left",
            "lines[0].quantity",
        ),
        (
            &lines,
            r#""lines":[{"product":"A","quantity":1,"discounts":[{"policy":"half","amount":6}]}]"#,
            "`amount` 6 of a discount by policy `half` exceeds the 5 left",
            "lines[0].discounts[0].amount",
        ),
    ];
    for (order, cancel, message, path) in cases {
        let events = format!(
            "{order}\n{{\"type\":\"cancel\",\"id\":\"c\",\"order\":\"o\",\"date\":\"2026-03-09\",{cancel}}}"
        );
        let files = [("book.json", BOOK), ("events.jsonl", events.as_str())];
        let (_, out, _) = run(&files, &["settle", "--book", "book.json", "--format", "json", "events.jsonl"]);
        let outcome: Value = serde_json::from_str(out.lines().nth(1).unwrap()).unwrap();
        assert_eq!(outcome["error"]["message"], message);
        assert_eq!(outcome["error"]["path"], path);
    }
    // A date of a cancellation for which there is no day to settle on is its own, not the order's.
    let far = order(r#""order_amount":100,"start_date":"2026-03-02""#).replacen(
        r#""start_date":"2026-03-02","#,
        "",
        1,
    );
    let events =
        format!("{far}\n{}", r#"{"type":"cancel","id":"c","order":"o","date":"2300-03-09","all":true}"#);
    let files = [("book.json", BOOK), ("events.jsonl", events.as_str())];
    let (_, out, _) = run(&files, &["settle", "--book", "book.json", "--format", "json", "events.jsonl"]);
    let outcome: Value = serde_json::from_str(out.lines().nth(1).unwrap()).unwrap();
    assert_eq!(outcome["error"]["path"], "date", "{out}");
}
