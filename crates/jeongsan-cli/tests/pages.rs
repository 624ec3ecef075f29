//! The pages on books and events: their examples work, and every field stands on them.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::Command;

use jeongsan::document::{
    AccountDocument, AdditionalFeePolicyDocument, BookDocument, BracketDocument, ContractDocument,
    CycleDocument, DatedMethodDocument, DiscountDocument, DiscountSharePolicyDocument, EventDocument,
    FeeDocument, FormulasDocument, FunderDocument, GradeDocument, LagDocument, LineDocument, OptionsDocument,
    PartnerDocument, RoundingDocument, TimeWindowDocument, UserFormulaDocument,
};
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
    let events = [fields::<EventDocument>(), fields::<LineDocument>(), fields::<DiscountDocument>()];
    for (name, documents) in [("book.md", &book[..]), ("events.md", &events[..])] {
        let page = page(name);
        for field in documents.iter().flatten() {
            let is_told = [format!("`{field}`"), format!("{field} =")].iter().any(|form| page.contains(form));
            assert!(is_told, "`{field}` stands nowhere in docs/{name}");
        }
    }
}
