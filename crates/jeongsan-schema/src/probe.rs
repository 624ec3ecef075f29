//! Finding out what a type reads, by reading it.
//!
//! A [`Probe`] is a deserializer of nothing: whatever a type asks for it makes up and notes as a [`Shape`]. A field is required when the type
//! refuses to do without it, a map closed when it refuses one more; each is tried in a run of its own. A text whose form a type
//! checks is tried with sample after sample.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, Expected, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

/// Texts of which a type that checks its form takes one.
const SAMPLES: [&str; 7] = ["x", "2026-01-02", "2026-01-02T03:04:05+09:00", "+09:00", "12:30", "50%", "1"];

/// A field that no document has.
const STRANGE_FIELD: &str = "a field that no document has";

/// Why a type can't be traced.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProbeError {
    /// The type does not do without a field.
    #[error("the field `{0}` is missing")]
    Missing(String),
    /// The type does not know a field.
    #[error("the field `{0}` is unknown")]
    Unknown(String),
    /// The type takes none of the sample texts.
    #[error("no sample is known of {0}")]
    Text(String),
    /// The type takes none of the forms that were tried.
    #[error("no form is known of {0}")]
    Form(String),
    /// The type refuses for another reason.
    #[error("{0}")]
    Other(String),
}

impl de::Error for ProbeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Other(message.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field.into())
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::Unknown(field.into())
    }
}

/// What a type asks for at one place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Shape {
    /// Nothing yet.
    #[default]
    Unseen,
    Bool,
    Integer {
        least: Option<i64>,
        most: Option<i64>,
    },
    /// A text, and what the type says it expects.
    Text(String),
    Optional(Box<Self>),
    List(Box<Self>),
    Map(Box<Self>),
    /// A structure, by its name.
    Structure(&'static str),
    /// Whatever the type can make something of, and what it says it expects.
    Any(String),
}

/// What a structure has.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Structure {
    pub(crate) expects: String,
    pub(crate) fields: Vec<(&'static str, Shape)>,
    pub(crate) required: BTreeSet<&'static str>,
    /// Whether a further field is refused.
    pub(crate) is_closed: bool,
}

/// The forms that are tried where a type takes any.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Form {
    Bool,
    Integer,
    Text,
    List,
}

/// All that is found out of a type.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traced {
    pub(crate) root: Shape,
    pub(crate) structures: BTreeMap<&'static str, Structure>,
    /// The forms that a type takes where it takes any, by what it says it expects, with what its lists hold.
    pub(crate) any: BTreeMap<String, (BTreeSet<Form>, Shape)>,
}

/// What one run does otherwise than giving every field.
#[derive(Debug, Default)]
struct Run {
    omitted: Option<(&'static str, &'static str)>,
    widened: Option<&'static str>,
    forms: BTreeMap<String, Form>,
    samples: BTreeMap<String, usize>,
    open: Vec<&'static str>,
    found: Traced,
}

/// Finds out all of a type.
pub(crate) fn trace<T: for<'de> Deserialize<'de>>() -> Result<Traced, ProbeError> {
    let run = RefCell::new(Run::default());
    let mut root = Shape::Unseen;
    for _ in 0..SAMPLES.len().saturating_mul(16) {
        match T::deserialize(Probe { run: &run, out: &mut root }) {
            // Another sample, until one fits or there is none left.
            Err(ProbeError::Text(expected)) => {
                let mut run = run.borrow_mut();
                let next = run.samples.entry(expected.clone()).or_default();
                *next = next.saturating_add(1);
                if *next >= SAMPLES.len() {
                    return Err(ProbeError::Text(expected));
                }
            }
            Err(ProbeError::Form(expected)) => {
                let mut run = run.borrow_mut();
                let next = match run.forms.get(&expected) {
                    None | Some(Form::Text) => Form::Integer,
                    Some(Form::Integer) => Form::Bool,
                    Some(Form::Bool) => Form::List,
                    Some(Form::List) => return Err(ProbeError::Form(expected)),
                };
                run.forms.insert(expected, next);
            }
            Err(error) => return Err(error),
            Ok(_) => break,
        }
    }
    let mut found = run.borrow().found.clone();
    found.root = root;
    for (name, structure) in &mut found.structures {
        let fields: Vec<&'static str> = structure.fields.iter().map(|(field, _)| *field).collect();
        for field in fields {
            run.borrow_mut().omitted = Some((name, field));
            let refused = T::deserialize(Probe { run: &run, out: &mut Shape::Unseen }).err();
            if refused == Some(ProbeError::Missing(field.into())) {
                structure.required.insert(field);
            }
        }
        run.borrow_mut().omitted = None;
        run.borrow_mut().widened = Some(name);
        let refused = T::deserialize(Probe { run: &run, out: &mut Shape::Unseen }).err();
        structure.is_closed = refused == Some(ProbeError::Unknown(STRANGE_FIELD.into()));
        run.borrow_mut().widened = None;
    }
    for (expected, (forms, items)) in &mut found.any {
        let taken = run.borrow().forms.get(expected).copied();
        for form in [Form::Bool, Form::Integer, Form::Text, Form::List] {
            run.borrow_mut().forms.insert(expected.clone(), form);
            if T::deserialize(Probe { run: &run, out: &mut Shape::Unseen }).is_ok() {
                forms.insert(form);
            }
        }
        if let Some((_, seen)) = run.borrow().found.any.get(expected) {
            items.clone_from(seen);
        }
        run.borrow_mut().forms.insert(expected.clone(), taken.unwrap_or(Form::Text));
    }
    Ok(found)
}

/// A deserializer that makes up what it is asked for, and notes it.
struct Probe<'t> {
    run: &'t RefCell<Run>,
    out: &'t mut Shape,
}

/// What a visitor says it expects.
fn expected(visitor: &dyn Expected) -> String {
    visitor.to_string()
}

macro_rules! integers {
    ($($method:ident $visit:ident $least:expr, $most:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
            let least = if expected(&visitor).contains("nonzero") { Some(1) } else { $least };
            *self.out = Shape::Integer { least, most: $most };
            visitor.$visit(1)
        }
    )*};
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = ProbeError;

    integers! {
        deserialize_i8 visit_i8 Some(i64::from(i8::MIN)), Some(i64::from(i8::MAX));
        deserialize_i16 visit_i16 Some(i64::from(i16::MIN)), Some(i64::from(i16::MAX));
        deserialize_i32 visit_i32 Some(i64::from(i32::MIN)), Some(i64::from(i32::MAX));
        deserialize_i64 visit_i64 None, None;
        deserialize_u8 visit_u8 Some(0), Some(i64::from(u8::MAX));
        deserialize_u16 visit_u16 Some(0), Some(i64::from(u16::MAX));
        deserialize_u32 visit_u32 Some(0), Some(i64::from(u32::MAX));
        deserialize_u64 visit_u64 Some(0), None;
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        *self.out = Shape::Bool;
        visitor.visit_bool(false)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        let expected = expected(&visitor);
        let place = self.run.borrow().samples.get(&expected).copied().unwrap_or_default();
        *self.out = Shape::Text(expected.clone());
        let sample = SAMPLES.get(place).copied().unwrap_or_default();
        visitor.visit_str(sample).map_err(|_: ProbeError| ProbeError::Text(expected))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        let mut inner = Shape::Unseen;
        let value = visitor.visit_some(Probe { run: self.run, out: &mut inner });
        *self.out = Shape::Optional(Box::new(inner));
        value
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ProbeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        let mut item = Shape::Unseen;
        let value = visitor.visit_seq(One { run: self.run, out: Some(&mut item) });
        *self.out = Shape::List(Box::new(item));
        value
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        let mut value = Shape::Unseen;
        let made = visitor.visit_map(One { run: self.run, out: Some(&mut value) });
        *self.out = Shape::Map(Box::new(value));
        made
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ProbeError> {
        *self.out = Shape::Structure(name);
        let mut given: Vec<&'static str> = fields.to_vec();
        {
            let run = self.run.borrow();
            if run.open.contains(&name) {
                // A structure within itself: what it has is being found out already.
                given.clear();
            } else {
                given.retain(|field| run.omitted != Some((name, *field)));
                given.extend(run.widened.filter(|widened| *widened == name).map(|_| STRANGE_FIELD));
            }
        }
        self.run.borrow_mut().open.push(name);
        let expects = expected(&visitor);
        let mut found = Vec::new();
        let made = visitor.visit_map(Fields {
            run: self.run,
            given: given.into_iter(),
            next: None,
            found: &mut found,
        });
        let mut run = self.run.borrow_mut();
        run.open.pop();
        if made.is_ok() && !run.open.contains(&name) {
            let structure = Structure { expects, fields: found, ..Structure::default() };
            run.found.structures.entry(name).or_insert(structure);
        }
        made
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        let expected = expected(&visitor);
        *self.out = Shape::Any(expected.clone());
        let form = self.run.borrow().forms.get(&expected).copied().unwrap_or(Form::Text);
        self.run.borrow_mut().found.any.entry(expected.clone()).or_default();
        let mut item = Shape::Unseen;
        let made = match form {
            Form::Bool => visitor.visit_bool(true),
            Form::Integer => visitor.visit_i64(1),
            Form::Text => visitor.visit_str("x"),
            Form::List => visitor.visit_seq(One { run: self.run, out: Some(&mut item) }),
        };
        if made.is_ok()
            && form == Form::List
            && let Some((_, items)) = self.run.borrow_mut().found.any.get_mut(&expected)
        {
            *items = item;
        }
        made.map_err(|_: ProbeError| ProbeError::Form(expected))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
    }
}

/// A list of one item, or a map of one entry.
struct One<'t> {
    run: &'t RefCell<Run>,
    out: Option<&'t mut Shape>,
}

impl<'de> SeqAccess<'de> for One<'_> {
    type Error = ProbeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ProbeError> {
        let out = self.out.take();
        out.map(|out| seed.deserialize(Probe { run: self.run, out })).transpose()
    }
}

impl<'de> MapAccess<'de> for One<'_> {
    type Error = ProbeError;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, ProbeError> {
        if self.out.is_none() {
            return Ok(None);
        }
        seed.deserialize(de::value::StrDeserializer::new("key")).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, ProbeError> {
        let out = self.out.take().ok_or_else(|| ProbeError::Other("a map of one entry ended".into()))?;
        seed.deserialize(Probe { run: self.run, out })
    }
}

/// The fields of a structure, in their order.
struct Fields<'t> {
    run: &'t RefCell<Run>,
    given: std::vec::IntoIter<&'static str>,
    next: Option<&'static str>,
    found: &'t mut Vec<(&'static str, Shape)>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = ProbeError;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, ProbeError> {
        self.next = self.given.next();
        let Some(name) = self.next else { return Ok(None) };
        seed.deserialize(de::value::StrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, ProbeError> {
        let mut shape = Shape::Unseen;
        let value = seed.deserialize(Probe { run: self.run, out: &mut shape });
        self.found.extend(self.next.map(|name| (name, shape)));
        value
    }
}
