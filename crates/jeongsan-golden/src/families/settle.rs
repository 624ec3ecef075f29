//! `settle`: a book, events, and what some fields of their outcomes must be.

use std::collections::BTreeMap;

use jeongsan::book::Book;
use jeongsan::document::{
    BookDocument, EventDocument, EventHead, Refusal, RefusalDocument, SettlementDocument,
};
use jeongsan::settle::{Engine, History};
use serde_json::{Map, Value};

use crate::Selection;
use crate::case::{Case, Verdict};

pub(super) fn run(text: &str, selection: &Selection) -> Vec<Case> {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(|line| check(line, selection)).collect()
}

fn check(line: &str, selection: &Selection) -> Case {
    let case: Value = match serde_json::from_str(line) {
        Ok(case) => case,
        Err(error) => return Case::broken("?", error),
    };
    let id = case["id"].as_str().unwrap_or("?");
    if let Some(feature) =
        features(&case).into_iter().find(|feature| selection.skipped_features.contains(*feature))
    {
        return Case { id: id.into(), verdict: Verdict::Skipped { feature: feature.into() } };
    }
    let outcomes = match settle(&case) {
        Ok(outcomes) => outcomes,
        Err(message) => return Case::broken(id, message),
    };
    let Some(expect) = case["expect"].as_object() else {
        return Case::broken(id, "no `expect`");
    };
    for (event, fields) in expect {
        let got = outcomes.get(event).unwrap_or(&Value::Null);
        if let Some(verdict) = difference(event, fields, got) {
            return Case { id: id.into(), verdict };
        }
    }
    Case { id: id.into(), verdict: Verdict::Passed }
}

/// What a case needs beyond the plain path.
fn features(case: &Value) -> Vec<&'static str> {
    let book = &case["book"];
    let has = |list: &str, test: &dyn Fn(&Value) -> bool| {
        book[list].as_array().is_some_and(|list| list.iter().any(test))
    };
    let fee_has = |part: &'static str| {
        has("contracts", &|contract| contract["platform_fee"].get(part).is_some())
            || has("additional_fee_policies", &|policy| policy["fee"].get(part).is_some())
    };
    let is_plain = |contract: &Value| {
        let cycle = &contract["cycle"];
        cycle["method"] == "daily"
            && cycle["date_policy"] == "calendar-day"
            && cycle["lag"].get("days").is_some()
    };
    let events = case["events"].as_array();
    let found = [
        ("cancel", events.is_some_and(|events| events.iter().any(|event| event["type"] == "cancel"))),
        ("cycle", has("contracts", &|contract| contract.get("cycle").is_some() && !is_plain(contract))),
        ("formulas", book.get("formulas").is_some()),
        ("parameters", book.get("parameters").is_some()),
        ("select", fee_has("select")),
        ("tiers", fee_has("tiers")),
    ];
    found.into_iter().filter(|(_, present)| *present).map(|(feature, _)| feature).collect()
}

/// The outcome of every event by its id, the second of an id by `id#2`; what an event brings about beside by `id/type`.
fn settle(case: &Value) -> Result<BTreeMap<String, Value>, String> {
    let events = case["events"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut outcomes = BTreeMap::new();
    for outcome in settle_documents(&case["book"], events)? {
        let id = outcome["id"].as_str().unwrap_or_default();
        let kind = outcome["type"].as_str().unwrap_or_default();
        let mut key = match kind {
            "" | "order" | "cancel" | "manual" => id.to_owned(),
            _ => format!("{id}/{kind}"),
        };
        let first_key = key.clone();
        let mut count = 1_usize;
        while outcomes.contains_key(&key) {
            count = count.saturating_add(1);
            key = format!("{first_key}#{count}");
        }
        outcomes.insert(key, outcome);
    }
    Ok(outcomes)
}

/// Settles events under a book, all of them JSON documents, through the public API: for each its settlement and what it brings about beside, or one error.
///
/// # Errors
/// What is wrong with the book.
pub fn settle_documents(book: &Value, events: &[Value]) -> Result<Vec<Value>, String> {
    let document: BookDocument =
        serde_json::from_value(book.clone()).map_err(|error| format!("book: {error}"))?;
    let book: Book = document.to_book().map_err(|error| format!("book: {error}"))?;
    let engine = Engine::resolve(&book, &jeongsan_calendars::calendars(None))
        .map_err(|error| format!("book: {error}"))?;
    let mut history = History::new();
    Ok(events.iter().flat_map(|event| settle_event(&engine, &mut history, event)).collect())
}

fn settle_event(engine: &Engine, history: &mut History, event: &Value) -> Vec<Value> {
    let head: Option<EventHead> = serde_json::from_value(event.clone()).ok();
    let settled = match serde_json::from_value::<EventDocument>(event.clone()) {
        Ok(document) => document.settle(engine, history),
        Err(error) => {
            let used = head.as_ref().map_or(Ok(()), |head| history.use_up(&head.id));
            Err(match used {
                Err(error) => error.into(),
                Ok(()) => Refusal::Unreadable { message: error.to_string(), path: None },
            })
        }
    };
    let id = head.map(|head| head.id);
    let documents: Result<Vec<Value>, _> = match &settled {
        Ok(settled) => settled.rows().map(|row| serde_json::to_value(SettlementDocument(row))).collect(),
        Err(refusal) => {
            let document = RefusalDocument { id: id.as_ref(), file: None, line: None, refusal };
            serde_json::to_value(document).map(|value| vec![value])
        }
    };
    documents.unwrap_or_default()
}

/// The first expected field that came out otherwise.
fn difference(event: &str, expected: &Value, got: &Value) -> Option<Verdict> {
    let failed = |field: &str, expected: &Value, got: &Value| {
        let at = |value: &Value| format!("{event}.{field} {value}");
        Some(Verdict::Failed { expected: at(expected), got: at(got) })
    };
    let nothing = Map::new();
    for (field, value) in expected.as_object().unwrap_or(&nothing) {
        match field.as_str() {
            "error" if got["error"]["code"] == *value => {}
            "error" => return failed("error", value, &got["error"]),
            "lines" => {
                let (expected, lines) = (value.as_array(), got["lines"].as_array());
                if expected.map(Vec::len) != lines.map(Vec::len) {
                    return failed(field, value, &got[field]);
                }
                for (i, (expected, line)) in
                    expected.into_iter().flatten().zip(lines.into_iter().flatten()).enumerate()
                {
                    if let Some(verdict) = difference(&format!("{event}.lines[{i}]"), expected, line) {
                        return Some(verdict);
                    }
                }
            }
            _ if got[field] != *value => {
                let whole = if got.get("error").is_some() { got } else { &got[field] };
                return failed(field, value, whole);
            }
            _ => {}
        }
    }
    None
}
