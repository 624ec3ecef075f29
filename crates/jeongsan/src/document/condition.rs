//! The conditions of a selection as they are written.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize as DeriveDeserialize, Serialize};

use crate::fee::{Condition, PaidWhen, TimeOfDay, TimeWindow};
use crate::schedule::{Weekdays, weekday};

use super::book::Reader;
use super::map::map_document;
use super::{AttributeText, Instant};

/// What a field of `when` is compared with.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ConditionDocument {
    /// A text, a whole number or a truth value: the value of an attribute, a number of months, an instant.
    Text(AttributeText),
    /// Texts, for `paid_weekdays`.
    List(Vec<String>),
    /// A window of the day, for `paid_time`.
    Window(TimeWindowDocument),
}

/// A window of the day as it is written, `22:00` for instance; it passes midnight where it ends at an earlier time than it begins.
#[derive(Clone, Debug, DeriveDeserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct TimeWindowDocument {
    /// The first time in it.
    pub from: String,
    /// The first time behind it.
    pub before: String,
}

map_document! {
    TimeWindowDocument => "the fields of a window of the day",
}

impl<'de> Deserialize<'de> for ConditionDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Value;

        impl<'de> Visitor<'de> for Value {
            type Value = ConditionDocument;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a whole number or a truth value, a list of weekdays or a window with `from` and `before`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ConditionDocument, E> {
                Ok(ConditionDocument::Text(AttributeText(text.into())))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<ConditionDocument, E> {
                Ok(ConditionDocument::Text(AttributeText(number.to_string())))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<ConditionDocument, E> {
                Ok(ConditionDocument::Text(AttributeText(number.to_string())))
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<ConditionDocument, E> {
                Ok(ConditionDocument::Text(AttributeText(value.to_string())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<ConditionDocument, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(ConditionDocument::List)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ConditionDocument, A::Error> {
                TimeWindowDocument::deserialize(de::value::MapAccessDeserializer::new(map))
                    .map(ConditionDocument::Window)
            }
        }

        deserializer.deserialize_any(Value)
    }
}

impl Reader {
    pub(super) fn conditions(
        &mut self,
        path: &str,
        when: Option<&BTreeMap<String, ConditionDocument>>,
    ) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for (name, wanted) in when.into_iter().flatten() {
            let path = format!("{path}.{name}");
            let read = match name.as_str() {
                "months_since_joining_below" => months(wanted),
                "paid_from" => instant(wanted).map(|from| Condition::Paid(PaidWhen::From(from))),
                "paid_before" => instant(wanted).map(|before| Condition::Paid(PaidWhen::Before(before))),
                "paid_weekdays" => weekdays(wanted),
                "paid_time" => window(wanted),
                _ => match wanted {
                    ConditionDocument::Text(AttributeText(value)) => {
                        Ok(Condition::Attribute { name: name.clone(), value: value.clone() })
                    }
                    _ => {
                        Err(("misplaced-field", format!("the attribute `{name}` is compared with one value")))
                    }
                },
            };
            match read {
                Ok(condition) => conditions.push(condition),
                Err((code, message)) => {
                    self.note(&path, code, message);
                    // A stand-in, lest the entry be taken for one without conditions.
                    conditions.push(Condition::MonthsSinceJoiningBelow(0));
                }
            }
        }
        conditions
    }
}

/// A condition's value, or the code and message of what is wrong with it.
type Read<T> = Result<T, (&'static str, String)>;

fn months(wanted: &ConditionDocument) -> Read<Condition> {
    let months = match wanted {
        ConditionDocument::Text(AttributeText(text)) => {
            text.parse().map_err(|_| format!("`{text}` is no whole number of months"))
        }
        _ => Err("a whole number of months is expected".into()),
    };
    months.map(Condition::MonthsSinceJoiningBelow).map_err(|message| ("invalid-months", message))
}

fn instant(wanted: &ConditionDocument) -> Read<chrono::DateTime<chrono::FixedOffset>> {
    let text = match wanted {
        ConditionDocument::Text(AttributeText(text)) => text.as_str(),
        _ => "",
    };
    let Instant(instant) = Instant::parse(text).ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        ("invalid-instant", format!("`{shown}` is no instant as 2026-03-01T00:00:00+09:00"))
    })?;
    Ok(instant)
}

fn weekdays(wanted: &ConditionDocument) -> Read<Condition> {
    let invalid = |message: String| ("invalid-weekdays", message);
    let ConditionDocument::List(names) = wanted else {
        return Err(invalid("a list of weekdays is expected, as in [\"SAT\", \"SUN\"]".into()));
    };
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        let shown: String = name.chars().take(40).collect();
        let message =
            || format!("weekday `{shown}` is none of `MON`, `TUE`, `WED`, `THU`, `FRI`, `SAT`, `SUN`");
        found.push(weekday(name).ok_or_else(|| invalid(message()))?);
    }
    let weekdays = Weekdays::new(found).map_err(|_| invalid("the list names no weekday".into()))?;
    Ok(Condition::Paid(PaidWhen::Weekdays(weekdays)))
}

fn window(wanted: &ConditionDocument) -> Read<Condition> {
    let invalid = |message: String| ("invalid-time", message);
    let ConditionDocument::Window(TimeWindowDocument { from, before }) = wanted else {
        return Err(invalid("a window is expected, as in { from = \"22:00\", before = \"02:00\" }".into()));
    };
    let time = |text: &str| text.parse::<TimeOfDay>().map_err(|error| invalid(error.to_string()));
    Ok(Condition::Paid(PaidWhen::Time(TimeWindow::new(time(from)?, time(before)?))))
}
