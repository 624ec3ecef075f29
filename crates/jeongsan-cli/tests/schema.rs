//! What the command writes as JSON is what the schemas say.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::Command;

use jsonschema::Validator;
use serde_json::Value;
use tempfile::TempDir;

fn validator(name: &str) -> Validator {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema").join(name).with_extension("json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// Every document that a run prints, each found valid.
fn valid(name: &str, folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jeongsan"));
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    let documents: Vec<Value> =
        serde_json::Deserializer::from_slice(&output.stdout).into_iter().collect::<Result<_, _>>().unwrap();
    let validator = validator(name);
    for document in &documents {
        let fault = validator.validate(document).err().map(|error| error.to_string());
        assert_eq!(fault, None, "{document}");
    }
    documents
}

#[test]
fn calendars_are_valid() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (id, year) in
        [("KR-BANK", "2026"), ("KR-PUBLIC", "2045"), ("KR-BANK+US-FED", "2025-09"), ("TARGET", "2026")]
    {
        let calendar = valid("calendar", here, &["calendar", id, year, "--format", "json"]);
        assert_eq!(calendar.len(), 1);
    }
    let known = valid(
        "calendar",
        here,
        &["calendar", "KR-BANK", "2026", "--format", "json", "--as-of", "2024-01-01"],
    );
    assert_eq!(known[0]["as_of"], "2024-01-01");
}

#[test]
fn outcomes_and_lists_of_partners_are_valid() {
    let desk = TempDir::new().unwrap();
    let put = |name: &str, text: &str| std::fs::write(desk.path().join(name), text).unwrap();
    put("book.toml", "version = 1\ncurrency = \"KRW\"\n");
    put(
        "sellers.csv",
        "id,name,kind,taxation,joined_on,tags,bank,account_number,account_holder,business_number,memo,property_a\n\
         s-1,n,business,tax-free,2026-01-02,t,088,110123456789,h,124-81-00998,m,v\n,,withholding,,,,,,,,,\n\
         s-2,,company,,,,,,,,,\n",
    );
    let import = ["partners", "import", "sellers.csv", "--book", "book.toml", "--format", "json"];
    let outcomes = valid("import-outcome", desk.path(), &import);
    let told: Vec<&str> = outcomes.iter().map(|outcome| outcome["outcome"].as_str().unwrap()).collect();
    assert_eq!(told, ["added", "added", "refused"]);
    let list = ["partners", "list", "--book", "book.toml", "--partners", "partners.toml", "--format", "json"];
    assert_eq!(valid("partner-list", desk.path(), &list).len(), 2);
    let refused = &outcomes[2];
    let mut without = refused.clone();
    without.as_object_mut().unwrap().remove("error");
    assert!(!validator("import-outcome").is_valid(&without));
}
