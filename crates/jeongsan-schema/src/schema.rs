//! What was found out of a type, as a JSON Schema.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::NamedSchema;
use crate::annotations;
use crate::probe::{Form, ProbeError, Shape, Structure, Traced};

/// The dialect of every schema.
pub(crate) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Why there is no schema of a type.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The type can't be traced.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// A document is a structure.
    #[error("a document is no structure")]
    NoStructure,
    /// An annotation is of a field that no document has.
    #[error("`{structure}` has no field `{field}` to annotate")]
    StrayAnnotation {
        /// The structure.
        structure: &'static str,
        /// The field.
        field: &'static str,
    },
}

/// The schema of a document, with the structures of further types that it refers to.
pub(crate) fn of(description: &str, traced: Traced, further: &[Traced]) -> Result<Value, SchemaError> {
    let Shape::Structure(root) = traced.root else { return Err(SchemaError::NoStructure) };
    let mut definitions = Map::new();
    for traced in further.iter().chain([&traced]) {
        for (name, structure) in &traced.structures {
            definitions.insert(short(name).to_owned(), of_structure(name, structure, traced));
        }
    }
    let root = definitions.remove(short(root)).unwrap_or_default();
    let mut schema = Map::new();
    schema.insert("$schema".into(), DIALECT.into());
    if let Value::Object(root) = root {
        schema.extend(root);
    }
    schema.insert("description".into(), description.into());
    if !definitions.is_empty() {
        schema.insert("$defs".into(), definitions.into());
    }
    Ok(Value::Object(schema))
}

/// Looks whether every annotation is of a field that one of the schemas has.
pub(crate) fn check_annotations(schemas: &[NamedSchema]) -> Result<(), SchemaError> {
    for annotation in annotations::all() {
        let name = short(annotation.structure);
        let has = |NamedSchema { schema, .. }: &NamedSchema| {
            let definition = schema["$defs"].get(name).unwrap_or(schema);
            definition["title"] == name && definition["properties"].get(annotation.field).is_some()
        };
        if !schemas.iter().any(has) {
            let (structure, field) = (annotation.structure, annotation.field);
            return Err(SchemaError::StrayAnnotation { structure, field });
        }
    }
    Ok(())
}

/// `Contract` of `ContractDocument`.
fn short(name: &str) -> &str {
    name.strip_suffix("Document").unwrap_or(name)
}

fn of_structure(name: &str, structure: &Structure, traced: &Traced) -> Value {
    let mut properties = Map::new();
    for (field, shape) in &structure.fields {
        let says = annotations::all()
            .into_iter()
            .find(|annotation| annotation.structure == name && annotation.field == *field)
            .map(|annotation| annotation.says);
        properties.insert((*field).to_owned(), of_shape(shape, says.as_ref(), traced));
    }
    let mut schema = Map::new();
    schema.insert("title".into(), short(name).into());
    // What serde says of its own accord is the name again.
    if !structure.expects.starts_with("struct ") {
        schema.insert("description".into(), structure.expects.as_str().into());
    }
    schema.insert("type".into(), "object".into());
    schema.insert("properties".into(), properties.into());
    schema.insert("required".into(), structure.required.iter().copied().collect::<Vec<_>>().into());
    schema.insert("additionalProperties".into(), (!structure.is_closed).into());
    Value::Object(schema)
}

/// A shape, and what its annotation says of its innermost part.
fn of_shape(shape: &Shape, says: Option<&Value>, traced: &Traced) -> Value {
    let mut schema = match shape {
        Shape::Optional(inner) => {
            return json!({ "anyOf": [of_shape(inner, says, traced), { "type": "null" }] });
        }
        Shape::List(item) => return json!({ "type": "array", "items": of_shape(item, says, traced) }),
        Shape::Map(value) => {
            return json!({ "type": "object", "additionalProperties": of_shape(value, says, traced) });
        }
        Shape::Structure(name) => return json!({ "$ref": format!("#/$defs/{}", short(name)) }),
        Shape::Unseen => return json!({}),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Integer { least, most } => integer(*least, *most),
        Shape::Text(expected) => text(expected),
        Shape::Any(expected) => any(expected, traced),
    };
    if let (Value::Object(schema), Some(Value::Object(says))) = (&mut schema, says) {
        schema.extend(says.clone());
    }
    schema
}

fn integer(least: Option<i64>, most: Option<i64>) -> Value {
    let mut schema = json!({ "type": "integer" });
    if let Some(least) = least {
        schema["minimum"] = least.into();
    }
    if let Some(most) = most {
        schema["maximum"] = most.into();
    }
    schema
}

fn text(expected: &str) -> Value {
    match expected {
        "a string" => json!({ "type": "string" }),
        "a date as YYYY-MM-DD" => {
            json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
        }
        "an instant as YYYY-MM-DDTHH:MM:SS+HH:MM" => json!({
            "type": "string",
            "format": "date-time",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
        }),
        expected if expected.starts_with("the text of a") && expected.ends_with(" id") => {
            let mut schema = annotations::id();
            schema["type"] = "string".into();
            schema["description"] = expected.into();
            schema
        }
        expected => json!({ "type": "string", "description": expected }),
    }
}

fn any(expected: &str, traced: &Traced) -> Value {
    if let Some((_, form)) = annotations::forms().into_iter().find(|(known, _)| *known == expected) {
        return form;
    }
    let (forms, items) = traced.any.get(expected).cloned().unwrap_or_default();
    let forms: BTreeSet<&str> = forms
        .into_iter()
        .map(|form| match form {
            Form::Bool => "boolean",
            Form::Integer => "integer",
            Form::Text => "string",
            Form::List => "array",
        })
        .collect();
    let mut schema = json!({ "description": expected, "type": forms });
    if forms_has_list(&schema) {
        schema["items"] = of_shape(&items, None, traced);
    }
    schema
}

fn forms_has_list(schema: &Value) -> bool {
    schema["type"].as_array().is_some_and(|types| types.contains(&"array".into()))
}
