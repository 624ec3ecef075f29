//! The schemas of what is only ever written: settlements, refusals, calendars, outcomes of an import, lists of partners.

use jeongsan::calendar::{HolidayKind, Status};
use jeongsan::figures::Figure;
use jeongsan::partner::{Change, PartnerKind, Taxation, VerificationState};
use jeongsan::settle::SettlementKind;
use serde_json::{Map, Value, json};

use crate::NamedSchema;
use crate::annotations::texts;
use crate::schema::DIALECT;

/// Every schema of what is only written.
pub(crate) fn all() -> [NamedSchema; 5] {
    [
        NamedSchema { name: "settlement", schema: settlement() },
        NamedSchema { name: "refusal", schema: refusal() },
        NamedSchema { name: "calendar", schema: calendar() },
        NamedSchema { name: "import-outcome", schema: import_outcome() },
        NamedSchema { name: "partner-list", schema: partner_list() },
    ]
}

/// A closed object: the fields that always stand, and those that may.
fn object(always: Map<String, Value>, sometimes: Value) -> Value {
    let required: Vec<&String> = always.keys().collect();
    let required = json!(required);
    let mut properties = always;
    if let Value::Object(sometimes) = sometimes {
        properties.extend(sometimes);
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn fields(fields: Value) -> Map<String, Value> {
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn document(description: &str, mut schema: Value) -> Value {
    schema["$schema"] = DIALECT.into();
    schema["description"] = description.into();
    schema
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn one_of<'t>(values: impl IntoIterator<Item = &'t str>) -> Value {
    let mut schema = texts(values);
    schema["type"] = "string".into();
    schema
}

fn date() -> Value {
    json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
}

fn or_null(schema: &Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

/// Every money figure, each a whole number of minor units.
fn figures() -> Map<String, Value> {
    Figure::ALL.iter().map(|figure| (figure.as_str().to_owned(), json!({ "type": "integer" }))).collect()
}

fn settlement() -> Value {
    let mut line = figures();
    line.extend(fields(json!({ "product": text(), "quantity": { "type": "integer" } })));
    let mut always = fields(json!({
        "id": text(),
        "type": one_of(SettlementKind::ALL.iter().map(|kind| kind.as_str())),
        "partner": text(),
        "contract": or_null(&text()),
        "contract_version": or_null(&date()),
        "start_date": or_null(&date()),
        "settlement_date": date(),
        "currency": text(),
        "user_formulas": { "type": "object", "additionalProperties": { "type": "integer" } },
        "lines": { "type": "array", "items": object(line, json!({})) },
    }));
    always.extend(figures());
    let funders = json!({ "type": "object", "additionalProperties": { "type": "integer" } });
    let sometimes = json!({ "cause": text(), "of_order": text(), "funders": funders });
    document("A settlement, in place of its event.", object(always, sometimes))
}

fn refusal() -> Value {
    let error = object(fields(json!({ "code": text(), "message": text() })), json!({ "path": text() }));
    let sometimes = json!({ "id": text(), "file": text(), "line": { "type": "integer", "minimum": 1 } });
    document(
        "An event that can't be settled, in its place.",
        object(fields(json!({ "error": error })), sometimes),
    )
}

fn calendar() -> Value {
    let status = one_of(Status::ALL.iter().map(|status| status.as_str()));
    let holiday = object(
        fields(json!({
            "name": text(),
            "kind": one_of(HolidayKind::ALL.iter().map(|kind| kind.as_str())),
            "status": status,
        })),
        json!({ "english": text(), "substitute_for": date(), "known_on": date(), "source": text() }),
    );
    let day = object(
        fields(json!({
            "date": date(),
            "weekday": one_of(["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]),
            "business_day": { "type": "boolean" },
            "status": status,
            "holidays": { "type": "array", "items": holiday },
        })),
        json!({}),
    );
    let always = fields(json!({
        "calendar": text(),
        "version": text(),
        "as_of": or_null(&date()),
        "from": date(),
        "to": date(),
        "business_days": { "type": "integer", "minimum": 0 },
        "days": { "type": "array", "items": day },
    }));
    document("The days of a calendar.", object(always, json!({})))
}

fn import_outcome() -> Value {
    let changes = Change::ALL.iter().map(|change| change.as_str());
    let error = object(fields(json!({ "code": text(), "message": text() })), json!({ "column": text() }));
    let always = fields(json!({
        "line": { "type": "integer", "minimum": 1 },
        "outcome": one_of(changes.chain(["refused"])),
    }));
    let mut schema = object(always, json!({ "id": text(), "error": error }));
    schema["if"] = json!({ "properties": { "outcome": { "const": "refused" } } });
    schema["then"] = json!({ "required": ["error"] });
    schema["else"] = json!({ "required": ["id"], "properties": { "error": false } });
    document("What became of one row of an import of partners.", schema)
}

fn partner_list() -> Value {
    let always = fields(json!({
        "id": text(),
        "kind": one_of(PartnerKind::ALL.iter().map(|kind| kind.as_str())),
        "tags": { "type": "array", "items": text() },
        "properties": { "type": "object", "additionalProperties": text() },
        "applies_from": or_null(&date()),
        "archived": { "type": "boolean" },
    }));
    let sometimes = json!({
        "name": text(),
        "taxation": one_of(Taxation::ALL.iter().map(|taxation| taxation.as_str())),
        "contract": text(),
        "joined_on": date(),
        "bank": text(),
        "account_number": text(),
        "account_holder": text(),
        "account_currency": text(),
        "verification": one_of(VerificationState::ALL.iter().map(|state| state.as_str())),
        "business_number": text(),
        "memo": text(),
    });
    document(
        "A partner as a list prints it, one a line; account numbers and holders are masked unless asked for.",
        object(always, sometimes),
    )
}
