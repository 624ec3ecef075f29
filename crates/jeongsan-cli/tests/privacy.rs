//! Nobody's account number, holder or name shows in what the command prints, unless it was asked for.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Command;

use tempfile::TempDir;

const NUMBER: &str = "90817263540011";
const HOLDER: &str = "갈무리예금주";
const FOUND: &str = "다른예금주";
const NAME: &str = "비밀상점";

const TERMS: &str = r#"version = 1
currency = "KRW"
options = { adjust_after_holiday_if_earlier = false }
[[contracts]]
id = "standard"
platform_fee = { rate = "10%" }
platform_fee_vat_payer = "partner"
cycle = { lag = { days = 2 }, method = "daily", date_policy = "calendar-day" }
"#;

const PARTNER: &str = r#"[[partners]]
id = "s-1"
name = "비밀상점"
kind = "business"
default_contract = "standard"
[partners.account]
bank = "088"
number = "90817263540011"
holder = "갈무리예금주"
currency = "KRW"
verification = { state = "mismatch", on = "2026-03-02", holder_found = "다른예금주" }
"#;

const EVENTS: &str = r#"{"type":"order","id":"o-1","partner":"s-1","start_date":"2026-03-02","order_amount":10000}
{"type":"cancel","id":"c-1","order":"o-1","date":"2026-03-03","order_amount":4000}
{"type":"order","id":"o-2","partner":"s-9","start_date":"2026-03-02","order_amount":10000}
{"type":"hold","id":"h-1","date":"2026-03-02","account":{"bank":"088","number":"90817263540011"},"reason":"r"}
"#;

struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(TempDir::new().unwrap());
        desk.put("terms.toml", TERMS);
        desk.put("book.toml", &format!("{TERMS}{PARTNER}"));
        desk.put("partners.toml", &format!("version = 1\n{PARTNER}"));
        desk.put("events.jsonl", EVENTS);
        desk
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_jeongsan"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        format!("{}{}", text(&output.stdout), text(&output.stderr))
    }

    /// Runs it, and looks through what it printed.
    fn run_silent(&self, arguments: &[&str]) -> String {
        let printed = self.run(arguments);
        for private in [NUMBER, HOLDER, FOUND, NAME] {
            assert!(!printed.contains(private), "{arguments:?} prints `{private}`:\n{printed}");
        }
        printed
    }
}

#[test]
fn no_verb_prints_an_account_or_a_name() {
    let desk = Desk::new();
    for format in ["json", "csv", "table"] {
        desk.run_silent(&["settle", "--book", "book.toml", "--format", format, "events.jsonl"]);
    }
    let settle = ["settle", "--book", "terms.toml", "--partners", "partners.toml", "events.jsonl"];
    let printed = desk.run_silent(&[&settle[..], &["--explain", "c-1"]].concat());
    assert!(printed.contains("c-1"), "{printed}");
    let printed = desk.run_silent(&["check", "book.toml"]);
    assert!(printed.contains("1 partner"), "{printed}");
    desk.run_silent(&["check", "terms.toml", "--partners", "partners.toml"]);
    desk.run_silent(&["dates", "--lag", "2", "--cycle", "daily", "2026-03-02"]);
    desk.run_silent(&["calendar", "KR-BANK", "2026-03"]);
    desk.run_silent(&["formula", "주문금액 * 0.1", "--var", "주문금액=100"]);
}

#[test]
fn a_run_prints_and_writes_no_account_and_no_name() {
    let desk = Desk::new();
    // Once with the account held, once with a payable to it.
    desk.put("free.jsonl", EVENTS.lines().next().unwrap());
    desk.put("verified.toml", &format!("{TERMS}{PARTNER}").replace("mismatch", "verified"));
    for (book, events) in [("book.toml", "events.jsonl"), ("verified.toml", "free.jsonl")] {
        for format in ["json", "csv", "table"] {
            let out = format!("{book}-{format}");
            let run = ["run", "--book", book, "--events", events, "--as-of", "2026-03-31"];
            desk.run_silent(&[&run[..], &["--format", format, "--out", &out]].concat());
            let mut files = 0;
            for entry in std::fs::read_dir(desk.0.path().join(&out)).unwrap() {
                let path = entry.unwrap().path();
                let written = std::fs::read_to_string(&path).unwrap();
                for private in [NUMBER, HOLDER, FOUND, NAME] {
                    assert!(!written.contains(private), "{} has `{private}`:\n{written}", path.display());
                }
                files += 1;
            }
            assert!(files > 5, "{files} files in {out}");
        }
    }
}

#[test]
fn an_import_tells_outcomes_and_writes_accounts_to_the_partners_alone() {
    let desk = Desk::new();
    let csv = format!(
        "id,name,kind,contract,bank,account_number,account_holder,account_currency,business_number\n\
         a,{NAME},business,standard,088,{NUMBER},{HOLDER},,\n\
         b,{NAME},business,nowhere,088,{NUMBER},{HOLDER},,\n\
         c,{NAME},business,standard,,{NUMBER},{HOLDER},,\n\
         d,{NAME},business,standard,088,{NUMBER},{HOLDER},XX,123\n\
         e,{NAME},{NAME}x,standard,088,{NUMBER},,,\n\
         f,{NAME},business,standard,088,{NUMBER},{HOLDER}\n"
    )
    .replace(&format!("{NAME}x"), "odd");
    desk.put("sellers.csv", &csv);
    let import = ["partners", "import", "sellers.csv", "--book", "terms.toml", "--out", "new.toml"];
    for format in ["json", "csv", "table"] {
        desk.run_silent(&[&import[..], &["--dry-run", "--format", format]].concat());
    }
    desk.run_silent(&import);
    let written = |name: &str| std::fs::read_to_string(desk.0.path().join(name)).unwrap();
    assert!(written("new.toml").contains(NUMBER));
    let before = ["terms.toml", "book.toml", "partners.toml", "events.jsonl", "sellers.csv", "new.toml"];
    for entry in std::fs::read_dir(desk.0.path()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(before.contains(&name.as_str()), "`{name}` was written beside the partners");
    }
}

#[test]
fn a_list_masks_accounts_unless_they_are_asked_for() {
    let desk = Desk::new();
    let list = ["partners", "list", "--book", "terms.toml", "--partners", "partners.toml"];
    for format in ["json", "csv", "table"] {
        // Who lists partners asks for their names.
        let printed = desk.run(&[&list[..], &["--format", format]].concat());
        for private in [NUMBER, HOLDER, FOUND] {
            assert!(!printed.contains(private), "{format} prints `{private}`:\n{printed}");
        }
        assert!(printed.contains("**********0011"), "{printed}");
    }
    assert!(desk.run(&[&list[..], &["--format", "json", "--show-accounts"]].concat()).contains(NUMBER));
}

/// Everything that can be wrong with the text of a partner, in TOML and JSON.
#[test]
fn a_document_with_a_fault_in_it_is_told_without_its_values() {
    let desk = Desk::new();
    let partners = format!("version = 1\n{PARTNER}");
    let quoted = |text: &str| format!("\"{text}\"");
    for (from, to) in [
        (quoted(NUMBER), NUMBER.to_owned()),
        (quoted(NUMBER), format!("\"{NUMBER}")),
        (quoted(NUMBER), format!("[{NUMBER}]")),
        (quoted(NUMBER), format!("\"{NUMBER}\"\nnumber = \"{NUMBER}\"")),
        (quoted(HOLDER), HOLDER.to_owned()),
        (quoted(HOLDER), format!("\"{HOLDER}")),
        (quoted(HOLDER), format!("\"{HOLDER}\" x")),
        (quoted(NAME), format!("\"\"\"\n{NAME}\n{NAME}")),
        (quoted(NAME), format!("'{NAME}")),
        ("currency = ".to_owned(), "currenzy = ".to_owned()),
        (quoted(FOUND), format!("\"{FOUND}\", more = 1")),
        ("\"088\"".to_owned(), NUMBER.to_owned()),
        ("verification = {".to_owned(), format!("verification = \"{FOUND}\" #")),
        ("[partners.account]\nbank = \"088\"".to_owned(), format!("account = \"{NUMBER}\"\n[x]")),
        ("kind = ".to_owned(), format!("account = {{ number = {NUMBER}, holder = \"{HOLDER}\" }}\nkind = ")),
        ("\"s-1\"".to_owned(), format!("\"{NUMBER} {HOLDER}\"")),
    ] {
        let faulty = partners.replacen(&from, &to, 1);
        assert_ne!(faulty, partners, "{from} is not there");
        if !from.contains("s-1") {
            desk.put("faulty.toml", &faulty);
            let printed = desk.run_silent(&["check", "terms.toml", "--partners", "faulty.toml"]);
            assert!(printed.contains("faulty.toml"), "{printed}");
            desk.put("faulty-book.toml", &format!("{TERMS}{}", faulty.replace("version = 1\n", "")));
            let printed = desk.run_silent(&["check", "faulty-book.toml"]);
            assert!(printed.contains("faulty-book.toml"), "{printed}");
        }
    }
    let account = |fields: &str| {
        format!(
            r#"{{"version":1,"partners":[{{"id":"s-1","name":"{NAME}","kind":"business","account":{fields}}}]}}"#
        )
    };
    for fields in [
        format!(r#"{{"bank":"088","number":{NUMBER},"holder":"{HOLDER}","currency":"KRW"}}"#),
        format!(r#"{{"bank":"088","number":"{NUMBER}","holder":{NUMBER}.5,"currency":"KRW"}}"#),
        format!(r#""{NUMBER}""#),
        format!(r#"{{"bank":"088","number":"{NUMBER}","{HOLDER}":1}}"#),
    ] {
        desk.put("faulty.json", &account(&fields));
        let printed = desk.run_silent(&["check", "terms.toml", "--partners", "faulty.json"]);
        assert!(printed.contains("faulty.json:1:"), "{printed}");
    }
}

#[test]
fn a_line_of_events_with_an_account_is_refused_without_it() {
    let desk = Desk::new();
    for account in [
        format!(r#"{{"bank":"088","number":{NUMBER}}}"#),
        format!(r#""{NUMBER}""#),
        format!(r#"{{"bank":"088","number":"{NUMBER}","holder":"{HOLDER}"}}"#),
    ] {
        for kind in ["hold", "order"] {
            desk.put(
                "hold.jsonl",
                &format!(r#"{{"type":"{kind}","id":"h-1","date":"2026-03-02","account":{account}}}"#),
            );
            let printed = desk.run_silent(&["settle", "--book", "book.toml", "hold.jsonl"]);
            assert!(printed.contains("hold.jsonl") || printed.contains("h-1"), "{printed}");
        }
    }
}
