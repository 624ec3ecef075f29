//! The pages on books and events: their examples work, and every field stands on them.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use chrono::NaiveDate;
use jeongsan::document::{
    AccountDocument, AccountKeyDocument, AdditionalFeePolicyDocument, BookDocument, BracketDocument,
    ContractDocument, CycleDocument, DatedMethodDocument, DiscountDocument, DiscountSharePolicyDocument,
    EventDocument, FactDocument, FeeDocument, FormulasDocument, FunderDocument, GradeDocument, LagDocument,
    LineDocument, OptionsDocument, PartnerDocument, PayableTermsDocument, PayoutFeeDocument,
    RoundingDocument, SplitPartDocument, TimeWindowDocument, TrancheDocument, UserFormulaDocument,
};
use jeongsan::ledger::Ledger;
use jeongsan::settle::{Engine, History};
use serde::de::DeserializeOwned;
use tempfile::TempDir;

fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)).unwrap()
}

/// The examples of a page in one language, one behind the other.
fn examples(page: &str, language: &str) -> String {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_book_is_sound_and_every_event_settles() {
    let folder = TempDir::new().unwrap();
    let put = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    put("book.toml", examples(&page("book.md"), "toml"));
    put("events.jsonl", examples(&page("events.md"), "jsonl"));
    put("events.csv", examples(&page("events.md"), "csv"));
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jeongsan"));
        let output = command.args(arguments).current_dir(folder.path()).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(text).unwrap())
    };
    let (status, said) = run(&["check", "book.toml"]);
    assert!(status == 0 && said.contains("book.toml: sound"), "{said}");
    let (status, said) = run(&["settle", "--book", "book.toml", "events.jsonl", "events.csv"]);
    assert!(status == 0 && said.contains("11 events: 11 settled, 0 refused"), "{said}");
}

#[test]
fn the_ledger_takes_every_fact_in() {
    let book: BookDocument = toml::from_str(&examples(&page("book.md"), "toml")).unwrap();
    let book = book.to_book().unwrap();
    let known = jeongsan_calendars::calendars(None);
    let engine = Engine::resolve(&book, &known).unwrap();
    let mut ledger = Ledger::of_book(&book, NaiveDate::from_ymd_opt(2026, 3, 20).unwrap()).unwrap();
    let mut history = History::new();
    for line in examples(&page("events.md"), "jsonl").lines() {
        let event: EventDocument = serde_json::from_str(line).unwrap();
        for settlement in event.settle(&engine, &mut history).unwrap().rows() {
            ledger.settle(settlement).unwrap();
        }
    }
    let mut kinds = BTreeSet::new();
    for line in examples(&page("facts.md"), "jsonl").lines() {
        let fact: FactDocument = serde_json::from_str(line).unwrap();
        kinds.extend(fact.kind.clone());
        ledger.apply(fact.to_fact(book.currency()).unwrap()).unwrap();
        let certificate = ledger.certificate(book.currency(), ledger.closed_on().unwrap_or(NaiveDate::MIN));
        assert!(certificate.is_balanced(), "{line}: {certificate:#?}");
    }
    assert_eq!(kinds.len(), FactDocument::types().count());
}

/// The fields of a document, as its reader lists them when it meets one that it doesn't know.
fn fields<T: DeserializeOwned>() -> Vec<String> {
    let of_list = serde_json::from_str::<T>("[]").err().unwrap().to_string();
    assert!(
        of_list.starts_with("invalid type: sequence, expected the"),
        "a list is read by place: {of_list}"
    );
    let error = serde_json::from_str::<T>(r#"{"?": 1}"#).err().unwrap().to_string();
    let (_, listed) = error.split_once("expected ").unwrap();
    listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_field_stands_on_its_page() {
    let book = [
        fields::<BookDocument>(),
        fields::<RoundingDocument>(),
        fields::<OptionsDocument>(),
        fields::<FormulasDocument>(),
        fields::<UserFormulaDocument>(),
        fields::<ContractDocument>(),
        fields::<FeeDocument>(),
        fields::<BracketDocument>(),
        fields::<CycleDocument>(),
        fields::<LagDocument>(),
        fields::<DatedMethodDocument>(),
        fields::<DiscountSharePolicyDocument>(),
        fields::<AdditionalFeePolicyDocument>(),
        fields::<PartnerDocument>(),
        fields::<AccountDocument>(),
        fields::<FunderDocument>(),
        fields::<GradeDocument>(),
        fields::<TimeWindowDocument>(),
    ];
    let book = [
        &book[..],
        &[
            fields::<PayableTermsDocument>(),
            fields::<PayoutFeeDocument>(),
            fields::<TrancheDocument>(),
            fields::<SplitPartDocument>(),
        ],
    ]
    .concat();
    let facts = [fields::<FactDocument>(), fields::<AccountKeyDocument>()];
    let events = [fields::<EventDocument>(), fields::<LineDocument>(), fields::<DiscountDocument>()];
    for (name, documents) in [("book.md", &book[..]), ("events.md", &events[..]), ("facts.md", &facts[..])] {
        let page = page(name);
        for field in documents.iter().flatten() {
            let is_told = [format!("`{field}`"), format!("{field} =")].iter().any(|form| page.contains(form));
            assert!(is_told, "`{field}` stands nowhere in docs/{name}");
        }
    }
}
