//! The schemas in `docs/schema` are those of the types, and say what the readers say.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jeongsan::document::{
    BookDocument, BulkPayoutDocument, EventDocument, InvoiceDocument, PartnersDocument, PayoutDocument,
    PayoutTaxDocument, RefusalDocument, SettlementDocument,
};
use jeongsan::settle::{Engine, History};
use jsonschema::Validator;
use serde_json::{Value, json};

fn at(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(relative)
}

fn read(relative: &str) -> String {
    std::fs::read_to_string(at(relative)).unwrap()
}

fn validators() -> BTreeMap<&'static str, Validator> {
    let schemas = jeongsan_schema::all().unwrap();
    schemas.iter().map(|named| (named.name, jsonschema::validator_for(&named.schema).unwrap())).collect()
}

#[track_caller]
fn assert_valid(validator: &Validator, document: &Value, what: &str) {
    let faults: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{what}: {faults:?}");
}

/// What the reader says of a document: that its form is wrong, that something else is, or that all is well.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Read {
    WrongForm,
    Refused,
    Sound,
}

fn read_book(document: &Value) -> Read {
    match serde_json::from_value::<BookDocument>(document.clone()) {
        Err(_) => Read::WrongForm,
        Ok(book) => book.to_book().map_or(Read::Refused, |_| Read::Sound),
    }
}

fn read_event(document: &Value) -> Read {
    match serde_json::from_value::<EventDocument>(document.clone()) {
        Err(_) => Read::WrongForm,
        Ok(event) => event.to_event().map_or(Read::Refused, |_| Read::Sound),
    }
}

fn read_partners(document: &Value) -> Read {
    let contract =
        json!({ "id": "standard", "platform_fee": { "rate": "10%" }, "platform_fee_vat_payer": "partner" });
    let book = json!({ "version": 1, "currency": "KRW", "contracts": [contract] });
    let mut book: BookDocument = serde_json::from_value(book).unwrap();
    match serde_json::from_value::<PartnersDocument>(document.clone()) {
        Err(_) => Read::WrongForm,
        Ok(partners) => match book.take_in(partners) {
            Ok(()) => book.to_book().map_or(Read::Refused, |_| Read::Sound),
            Err(_) => Read::Refused,
        },
    }
}

fn read_payout_tax(document: &Value) -> Read {
    match serde_json::from_value::<PayoutTaxDocument>(document.clone()) {
        Err(_) => Read::WrongForm,
        Ok(tax) => tax.to_payout_tax().map_or(Read::Refused, |_| Read::Sound),
    }
}

fn read_invoice(document: &Value) -> Read {
    match serde_json::from_value::<InvoiceDocument>(document.clone()) {
        Err(_) => Read::WrongForm,
        Ok(invoice) => invoice.to_invoice().map_or(Read::Refused, |_| Read::Sound),
    }
}

fn read_payout(document: &Value) -> Read {
    serde_json::from_value::<PayoutDocument>(document.clone()).map_or(Read::WrongForm, |_| Read::Sound)
}

fn read_bulk_payout(document: &Value) -> Read {
    serde_json::from_value::<BulkPayoutDocument>(document.clone()).map_or(Read::WrongForm, |_| Read::Sound)
}

type Reader = fn(&Value) -> Read;

/// The reader of each document that is read.
const READERS: [(&str, Reader); 7] = [
    ("book", read_book),
    ("bulk-payout", read_bulk_payout),
    ("event", read_event),
    ("invoice", read_invoice),
    ("partners", read_partners),
    ("payout", read_payout),
    ("payout-tax", read_payout_tax),
];

/// The examples of the documentation, each with the name of its schema and the file it stands in.
fn examples() -> Vec<(String, Value, String)> {
    let mut examples = Vec::new();
    for entry in std::fs::read_dir(at("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for block in text.split("\n```").skip(1).step_by(2) {
            let Some((label, body)) = block.split_once('\n') else { continue };
            let Some((language, name)) = label.split_once(' ') else { continue };
            let documents: Vec<Value> = match language {
                "toml" => vec![toml::from_str(body).unwrap()],
                _ => serde_json::Deserializer::from_str(body).into_iter().collect::<Result<_, _>>().unwrap(),
            };
            let place = path.display().to_string();
            examples.extend(documents.into_iter().map(|document| (name.to_owned(), document, place.clone())));
        }
    }
    examples
}

/// The books and events of the golden cases, with the month's and those that `check` finds something in.
fn golden() -> (Vec<Value>, Vec<Value>) {
    let (mut books, mut events) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(at("testdata/golden")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "jsonl") {
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                let mut case: Value = serde_json::from_str(line).unwrap();
                books.extend(case.get_mut("book").map(Value::take));
                if let Some(Value::Array(list)) = case.get_mut("events").map(Value::take) {
                    events.extend(list);
                }
            }
        }
    }
    books.push(toml::from_str(&read("examples/month/book.toml")).unwrap());
    let month = read("examples/month/events.jsonl");
    // Some of its lines are broken on purpose.
    events.extend(month.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()));
    for entry in std::fs::read_dir(at("crates/jeongsan-cli/tests/faulty")).unwrap() {
        books.push(toml::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap());
    }
    assert!(books.len() > 100 && events.len() > 100);
    (books, events)
}

const PARTNERS: &str = r#"{"version":1,"partners":[
    {"id":"p","name":"가게","kind":"business","taxation":"tax-free","business_number":"124-81-00998","joined_on":"2026-01-15",
     "account":{"bank":"088","number":"110123456789","holder":"김정산","currency":"KRW",
                "verification":{"state":"mismatch","on":"2026-01-16","holder_found":"박다른"}},
     "memo":"m","tags":["food"],"properties":{"region":"Seoul"}},
    {"id":"p","kind":"business","applies_from":"2026-06-01","archived":true}]}"#;

#[test]
fn the_files_are_those_of_the_types() {
    let mut names = Vec::new();
    for schema in jeongsan_schema::all().unwrap() {
        let file = format!("docs/schema/{}.json", schema.name);
        let is_fresh = std::fs::read_to_string(at(&file)).is_ok_and(|text| text == schema.text());
        assert!(is_fresh, "{file} is stale: cargo run -p jeongsan-schema -- docs/schema");
        assert!(jsonschema::meta::is_valid(&schema.schema), "{file}");
        names.push(format!("{}.json", schema.name));
    }
    let listed = std::fs::read_dir(at("docs/schema")).unwrap();
    let mut found: Vec<String> =
        listed.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    names.sort();
    assert_eq!(found, names);
}

#[test]
fn every_example_of_the_documentation_is_valid() {
    let validators = validators();
    let readers = BTreeMap::from(READERS);
    let examples = examples();
    for (name, document, place) in &examples {
        let validator =
            validators.get(name.as_str()).unwrap_or_else(|| panic!("{place}: no schema `{name}`"));
        assert_valid(validator, document, &format!("{place}: {name}"));
        let read = readers.get(name.as_str()).map_or(Read::Sound, |read| read(document));
        assert_eq!(read, Read::Sound, "{place}: {document}");
    }
    // Every document has an example.
    let mut shown: Vec<&str> = examples.iter().map(|(name, ..)| name.as_str()).collect();
    shown.sort_unstable();
    shown.dedup();
    assert_eq!(shown, validators.into_keys().collect::<Vec<_>>());
}

#[test]
fn every_sound_document_of_the_golden_cases_is_valid() {
    let validators = validators();
    let (books, events) = golden();
    for book in books.iter().filter(|book| read_book(book) == Read::Sound) {
        assert_valid(&validators["book"], book, &book.to_string());
    }
    for event in events.iter().filter(|event| read_event(event) == Read::Sound) {
        assert_valid(&validators["event"], event, &event.to_string());
    }
    assert_valid(&validators["partners"], &serde_json::from_str(PARTNERS).unwrap(), "partners");
}

#[test]
fn every_result_of_the_golden_cases_is_valid() {
    let validators = validators();
    let calendars = jeongsan_calendars::calendars(None);
    let (mut settled, mut refused) = (0_u32, 0_u32);
    for file in ["settle.published.jsonl", "settle.rules.jsonl"] {
        for line in read(&format!("testdata/golden/{file}")).lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let book: BookDocument = serde_json::from_value(case["book"].clone()).unwrap();
            let engine = Engine::resolve(&book.to_book().unwrap(), &calendars).unwrap();
            let mut history = History::new();
            for event in case["events"].as_array().unwrap() {
                let Ok(event) = serde_json::from_value::<EventDocument>(event.clone()) else { continue };
                match event.settle(&engine, &mut history) {
                    Ok(result) => {
                        for row in result.rows() {
                            let document = serde_json::to_value(SettlementDocument(row)).unwrap();
                            assert_valid(&validators["settlement"], &document, line);
                            settled += 1;
                        }
                    }
                    Err(refusal) => {
                        let document = RefusalDocument {
                            id: event.id.as_ref(),
                            file: Some("f"),
                            line: Some(1),
                            refusal: &refusal,
                        };
                        let document = serde_json::to_value(document).unwrap();
                        assert_valid(&validators["refusal"], &document, line);
                        assert!(!validators["settlement"].is_valid(&document));
                        refused += 1;
                    }
                }
            }
        }
    }
    assert!(settled > 100 && refused > 20, "{settled} {refused}");
}

/// Every document that differs in one place: a value of another kind, a field more, a field less.
fn mutants(document: &Value) -> Vec<Value> {
    fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
        found.push(at.to_owned());
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    pointers(field, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
                }
            }
            Value::Array(items) => {
                for (place, item) in items.iter().enumerate() {
                    pointers(item, &format!("{at}/{place}"), found);
                }
            }
            _ => {}
        }
    }
    let mut places = Vec::new();
    pointers(document, "", &mut places);
    let mut mutants = Vec::new();
    for place in places {
        let mut change = |make: &dyn Fn(&mut Value)| {
            let mut mutant = document.clone();
            make(mutant.pointer_mut(&place).unwrap());
            mutants.push(mutant);
        };
        for other in
            [json!(null), json!(true), json!(7), json!(1.5), json!("x"), json!({}), json!([1]), json!([])]
        {
            change(&|value| value.clone_from(&other));
        }
        if let Some(Value::Object(fields)) = document.pointer(&place) {
            change(&|value| value["strange"] = json!(1));
            for name in fields.keys() {
                change(&|value| {
                    value.as_object_mut().unwrap().remove(name);
                });
            }
        }
    }
    mutants
}

/// What the reader refuses for its form the schema refuses, and what the reader takes whole the schema takes.
fn agree(validator: &Validator, documents: &[Value], read: Reader) {
    let mut counts = [0_u32; 3];
    for document in documents {
        for mutant in mutants(document) {
            let (read, valid) = (read(&mutant), validator.is_valid(&mutant));
            match read {
                Read::WrongForm => assert!(!valid, "the schema takes {mutant}"),
                Read::Sound => assert_valid(validator, &mutant, &mutant.to_string()),
                Read::Refused => {}
            }
            counts[usize::from(read == Read::Refused) + 2 * usize::from(read == Read::Sound)] += 1;
        }
    }
    assert!(counts[0] > 20 && counts[2] > 0, "{counts:?}");
}

/// One of each set of fields that documents have, so that nothing is tried twice.
fn distinct(documents: Vec<Value>) -> Vec<Value> {
    fn fields(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                map.iter().for_each(|(name, field)| fields(field, &format!("{at}.{name}"), found))
            }
            Value::Array(items) => items.iter().for_each(|item| fields(item, at, found)),
            _ => found.push(at.to_owned()),
        }
    }
    let mut known = BTreeMap::new();
    for document in documents {
        let mut found = Vec::new();
        fields(&document, "", &mut found);
        found.sort();
        found.dedup();
        known.entry(found).or_insert(document);
    }
    known.into_values().collect()
}

#[test]
fn schema_and_reader_agree_on_books() {
    agree(&validators()["book"], &distinct(golden().0), read_book);
}

#[test]
fn schema_and_reader_agree_on_events() {
    agree(&validators()["event"], &distinct(golden().1), read_event);
}

#[test]
fn schema_and_reader_agree_on_the_examples_of_the_documentation() {
    let (validators, examples) = (validators(), examples());
    for (name, read) in READERS {
        let documents: Vec<Value> =
            examples.iter().filter(|(of, ..)| of == name).map(|(_, document, _)| document.clone()).collect();
        agree(&validators[name], &documents, read);
    }
}

#[test]
fn schema_and_reader_agree_on_partners() {
    agree(&validators()["partners"], &[serde_json::from_str(PARTNERS).unwrap()], read_partners);
}
