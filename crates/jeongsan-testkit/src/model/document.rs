//! Settlement documents.

use chrono::NaiveDate;
use num_traits::Zero;
use serde_json::{Map, Value, json};

use super::code::Code;
use super::figures::{Amounts, Field, Figures};
use super::number::Whole;
use super::terms::Terms;

/// The outcome of an event that can't be settled; without an id, its line tells which it is.
pub(super) fn refusal(id: Option<&str>, line: usize, code: Code) -> Value {
    let error = json!({ "code": code.text() });
    match id {
        Some(id) => json!({ "id": id, "error": error }),
        None => json!({ "line": line, "error": error }),
    }
}

/// An order's settlement, or a cancel's.
pub(super) fn settlement(
    id: &str,
    kind: &str,
    terms: &Terms,
    dates: (NaiveDate, NaiveDate),
    figures: &Figures,
) -> Value {
    let mut document = head(id, kind, &terms.partner_id, &terms.book.currency);
    document.insert("contract".to_owned(), json!(terms.contract_id));
    document
        .insert("contract_version".to_owned(), json!(terms.contract_version.map(|date| date.to_string())));
    document.insert("start_date".to_owned(), json!(dates.0.to_string()));
    document.insert("settlement_date".to_owned(), json!(dates.1.to_string()));
    put(&mut document, &figures.total);
    let funders = figures.total.funders.iter().filter(|(_, part)| !part.is_zero());
    let funders: Map<String, Value> = funders.map(|(party, part)| (party.clone(), number(part))).collect();
    if !funders.is_empty() {
        document.insert("funders".to_owned(), Value::Object(funders));
    }
    let users = figures.total.user.iter().map(|(key, amount)| (key.clone(), number(amount)));
    document.insert("user_formulas".to_owned(), Value::Object(users.collect()));
    let line = |line: &super::figures::LineFigures| {
        let mut document = Map::new();
        document.insert("product".to_owned(), json!(line.product));
        document.insert("quantity".to_owned(), number(&line.quantity));
        put(&mut document, &line.amounts);
        Value::Object(document)
    };
    document.insert("lines".to_owned(), figures.lines.iter().map(line).collect());
    Value::Object(document)
}

/// A manual entry's settlement: two figures as stated, all others 0.
pub(super) fn manual(
    id: &str,
    partner: &str,
    currency: &str,
    settlement_date: NaiveDate,
    amount: &Whole,
    tax_free: &Whole,
) -> Value {
    let mut amounts = Amounts::default();
    amounts.set(Field::Settlement, amount.clone());
    amounts.set(Field::SettlementTaxFree, tax_free.clone());
    let mut document = head(id, "manual", partner, currency);
    for name in ["contract", "contract_version", "start_date"] {
        document.insert(name.to_owned(), Value::Null);
    }
    document.insert("settlement_date".to_owned(), json!(settlement_date.to_string()));
    put(&mut document, &amounts);
    document.insert("user_formulas".to_owned(), json!({}));
    document.insert("lines".to_owned(), json!([]));
    Value::Object(document)
}

fn head(id: &str, kind: &str, partner: &str, currency: &str) -> Map<String, Value> {
    let texts = [("id", id), ("type", kind), ("partner", partner), ("currency", currency)];
    texts.into_iter().map(|(name, text)| (name.to_owned(), json!(text))).collect()
}

fn put(document: &mut Map<String, Value>, amounts: &Amounts) {
    for (field, name) in Field::ALL {
        document.insert(name.to_owned(), number(&amounts.get(field)));
    }
}

/// A number of a document; the figures are checked to fit before.
fn number(amount: &Whole) -> Value {
    i64::try_from(amount).map_or(Value::Null, Value::from)
}
