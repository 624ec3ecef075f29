//! Cycles as they are written in a book.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::num::NonZeroU16;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Deserialize as DeriveDeserialize, Serialize, Serializer};

use crate::calendar::StartRule;
use crate::id::CalendarId;
use crate::schedule::{
    BusinessDayNumbers, Cycle, CycleMethod, DatePolicy, DaysOfMonth, EveryDays, Lag, ScheduleError,
};

use super::Day;
use super::map::map_document;

/// A cycle as it is written.
///
/// ```
/// use jeongsan::document::CycleDocument;
///
/// let text = r#"{"lag": {"business_days": 6, "start": "roll-forward"}, "method": {"weekly": ["TUE", "THU"]}, "date_policy": "holiday-before"}"#;
/// let document: CycleDocument = serde_json::from_str(text)?;
/// assert_eq!(document.to_cycle().unwrap().to_string(), "6bd-roll-forward weekly:TUE;THU holiday-before");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, DeriveDeserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct CycleDocument {
    /// How long a settlement is held.
    #[serde(default)]
    pub lag: LagDocument,
    /// The dates on which settlements fall due.
    pub method: MethodDocument,
    /// What happens when such a date is closed.
    pub date_policy: String,
}

/// A lag as it is written: calendar days, or business days with what a closed start means.
#[derive(Clone, Debug, Default, DeriveDeserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct LagDocument {
    /// Calendar days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
    /// Business days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_days: Option<u16>,
    /// What a closed start means: `strict`, `roll-forward`, `roll-backward` or `reject`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The calendar of the business days, when it isn't the book's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
}

/// The dates of a cycle as they are written: `"daily"`, or a table with one of the other methods.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum MethodDocument {
    /// A method that is its name.
    Named(String),
    /// A method with its dates.
    Dated(DatedMethodDocument),
}

/// A cycle method with its dates; one of the fields is given, `from` beside `every_days`.
#[derive(Clone, Debug, Default, DeriveDeserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct DatedMethodDocument {
    /// Weekdays, as in `"TUE"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekly: Option<Vec<String>>,
    /// Days of the month; 31 is its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly: Option<Vec<u32>>,
    /// Days of the year, as in `"05-01"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<Vec<String>>,
    /// The days from one date to the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_days: Option<NonZeroU16>,
    /// The first date of `every_days`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// Business days of the month by their number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth_business_day: Option<Vec<u32>>,
    /// Weekdays of the month by their number, as in `"2-WED"` or `"last-FRI"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth_weekday: Option<Vec<String>>,
}

map_document! {
    CycleDocument => "the fields of a cycle",
    LagDocument => "the fields of a lag",
    DatedMethodDocument => "the dates of a cycle method",
}

/// Why a cycle as written is none, and which field of it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct CycleProblem {
    path: &'static str,
    code: &'static str,
    message: String,
}

impl CycleProblem {
    /// The path from the cycle to the field.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The problem's code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    fn new(path: &'static str, code: &'static str, message: impl ToString) -> Self {
        Self { path, code, message: message.to_string() }
    }

    fn schedule(path: &'static str) -> impl FnOnce(ScheduleError) -> Self {
        move |error| Self::new(path, error.code(), error)
    }
}

impl CycleDocument {
    /// The cycle.
    ///
    /// # Errors
    /// The first problem of each part: lag, method, date policy.
    pub fn to_cycle(&self) -> Result<Cycle, Vec<CycleProblem>> {
        let policy = self.date_policy.parse::<DatePolicy>();
        let policy = policy.map_err(|error| CycleProblem::new("date_policy", "unknown-value", error));
        match (self.lag.to_lag(), self.method.to_method(), policy) {
            (Ok(lag), Ok(method), Ok(date_policy)) => Ok(Cycle { lag, method, date_policy }),
            (lag, method, policy) => {
                Err([lag.err(), method.err(), policy.err()].into_iter().flatten().collect())
            }
        }
    }
}

impl LagDocument {
    fn to_lag(&self) -> Result<Lag, CycleProblem> {
        let problem = |path, message| Err(CycleProblem::new(path, "invalid-cycle", message));
        match (self.days, self.business_days) {
            (Some(_), Some(_)) => problem("lag", "a lag has `days` or `business_days`, not both"),
            (days, None) if self.start.is_none() && self.calendar.is_none() => {
                Ok(Lag::Days(days.unwrap_or_default()))
            }
            (_, None) => problem("lag", "`start` and `calendar` stand beside `business_days`"),
            (None, Some(days)) => {
                let Some(start) = &self.start else {
                    return problem(
                        "lag",
                        "`business_days` needs `start`: what a closed start date means, such as `strict` or `roll-forward`",
                    );
                };
                let start = start.parse::<StartRule>();
                let start = start.map_err(|error| CycleProblem::new("lag.start", "unknown-value", error))?;
                let calendar = self.calendar.as_deref().map(CalendarId::new).transpose();
                let calendar =
                    calendar.map_err(|error| CycleProblem::new("lag.calendar", "invalid-id", error))?;
                Ok(Lag::BusinessDays { days, start, calendar })
            }
        }
    }
}

impl MethodDocument {
    pub(super) fn to_method(&self) -> Result<CycleMethod, CycleProblem> {
        match self {
            Self::Named(name) if name == "daily" => Ok(CycleMethod::Daily),
            Self::Named(name) => {
                let shown: String = name.chars().take(40).collect();
                let message = format!(
                    "cycle method `{shown}` is not `daily`; the others are tables, as in {{ monthly = [31] }}"
                );
                Err(CycleProblem::new("method", "unknown-value", message))
            }
            Self::Dated(dated) => dated.to_method(),
        }
    }
}

impl DatedMethodDocument {
    fn to_method(&self) -> Result<CycleMethod, CycleProblem> {
        let given = [
            self.weekly.is_some(),
            self.monthly.is_some(),
            self.dates.is_some(),
            self.every_days.is_some(),
            self.nth_business_day.is_some(),
            self.nth_weekday.is_some(),
        ];
        let stray_from = self.from.is_some() && self.every_days.is_none();
        if given.into_iter().filter(|&given| given).count() != 1 || stray_from {
            return Err(CycleProblem::new(
                "method",
                "invalid-cycle",
                "a cycle has one of `weekly`, `monthly`, `dates`, `every_days` with `from`, `nth_business_day`, `nth_weekday`",
            ));
        }
        let schedule = CycleProblem::schedule;
        if let Some(days) = &self.monthly {
            let days = DaysOfMonth::new(days.iter().copied()).map_err(schedule("method.monthly"))?;
            return Ok(CycleMethod::Monthly(days));
        }
        if let Some(numbers) = &self.nth_business_day {
            let numbers = BusinessDayNumbers::new(numbers.iter().copied());
            return Ok(CycleMethod::NthBusinessDay(numbers.map_err(schedule("method.nth_business_day"))?));
        }
        if let Some(days) = self.every_days {
            let Some(Day(from)) = self.from else {
                return Err(CycleProblem::new(
                    "method",
                    "invalid-cycle",
                    "`every_days` needs `from`, its first date",
                ));
            };
            return Ok(CycleMethod::EveryDays(EveryDays { days, from }));
        }
        let texts = [
            ("weekly", "method.weekly", &self.weekly),
            ("dates", "method.dates", &self.dates),
            ("nth-weekday", "method.nth_weekday", &self.nth_weekday),
        ];
        let (name, path, items) = texts
            .into_iter()
            .find_map(|(name, path, items)| Some((name, path, items.as_ref()?)))
            .ok_or_else(|| CycleProblem::new("method", "invalid-cycle", "a cycle names no date"))?;
        // An item is one date: what parts a list elsewhere may not stand in it.
        if let Some(list) = items.iter().find(|item| item.contains([';', ','])) {
            let shown: String = list.chars().take(40).collect();
            return Err(CycleProblem::new(path, "invalid-cycle", format!("`{shown}` is not one date")));
        }
        if items.is_empty() {
            return Err(schedule(path)(ScheduleError::NoDates { method: name }));
        }
        format!("{name}:{}", items.join(";")).parse().map_err(schedule(path))
    }
}

impl Serialize for MethodDocument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Named(name) => serializer.serialize_str(name),
            Self::Dated(dated) => dated.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for MethodDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrTable;

        impl<'de> Visitor<'de> for NameOrTable {
            type Value = MethodDocument;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`daily` or a table such as { monthly = [31] }")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<MethodDocument, E> {
                Ok(MethodDocument::Named(name.into()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<MethodDocument, A::Error> {
                let fields = de::value::MapAccessDeserializer::new(map);
                DatedMethodDocument::deserialize(fields).map(MethodDocument::Dated)
            }
        }

        deserializer.deserialize_any(NameOrTable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lag: &str, method: &str) -> Result<String, String> {
        let text = format!(r#"{{"lag": {lag}, "method": {method}, "date_policy": "holiday-after"}}"#);
        let document: CycleDocument = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        assert_reads_back(&document);
        let shown = |problem: &CycleProblem| format!("{}: {problem}", problem.path());
        document.to_cycle().map(|cycle| cycle.to_string()).map_err(|problems| shown(&problems[0]))
    }

    fn assert_reads_back(document: &CycleDocument) {
        let text = serde_json::to_string(document).unwrap();
        assert_eq!(&serde_json::from_str::<CycleDocument>(&text).unwrap(), document);
    }

    #[test]
    fn every_method_of_the_format_reads() {
        let days = r#"{"days": 2}"#;
        for (method, expected) in [
            (r#""daily""#, "daily"),
            (r#"{"weekly": ["TUE", "THU"]}"#, "weekly:TUE;THU"),
            (r#"{"monthly": [15, 31]}"#, "monthly:15;31"),
            (r#"{"dates": ["05-01", "11-01"]}"#, "dates:05-01;11-01"),
            (r#"{"every_days": 3, "from": "2026-01-05"}"#, "every-days:3@2026-01-05"),
            (r#"{"nth_business_day": [1, 10]}"#, "nth-business-day:1;10"),
            (r#"{"nth_weekday": ["2-WED", "last-FRI"]}"#, "nth-weekday:2-WED;last-FRI"),
        ] {
            assert_eq!(read(days, method), Ok(format!("2d {expected} holiday-after")));
        }
        let daily = |lag| read(lag, r#""daily""#).unwrap();
        assert_eq!(daily("{}"), "0d daily holiday-after");
        assert_eq!(
            daily(r#"{"business_days": 1, "start": "strict", "calendar": "US-FED"}"#),
            "1bd-strict@US-FED daily holiday-after"
        );
    }

    #[test]
    fn problems_have_their_path() {
        let days = r#"{"days": 2}"#;
        for (lag, method, expected) in [
            (
                r#"{"days": 2, "business_days": 1}"#,
                r#""daily""#,
                "lag: a lag has `days` or `business_days`, not both",
            ),
            (
                r#"{"business_days": 1}"#,
                r#""daily""#,
                "lag: `business_days` needs `start`: what a closed start date means, such as `strict` or `roll-forward`",
            ),
            (
                r#"{"start": "strict"}"#,
                r#""daily""#,
                "lag: `start` and `calendar` stand beside `business_days`",
            ),
            (
                r#"{"business_days": 1, "start": "forward"}"#,
                r#""daily""#,
                "lag.start: start rule `forward` is none of `strict`, `roll-forward`, `roll-backward`, `reject`",
            ),
            (
                days,
                r#""monthly""#,
                "method: cycle method `monthly` is not `daily`; the others are tables, as in { monthly = [31] }",
            ),
            (days, r#"{"monthly": [32]}"#, "method.monthly: `32` is no date of a `monthly` cycle: 1 to 31"),
            (days, r#"{"monthly": []}"#, "method.monthly: a `monthly` cycle names no date"),
            (days, r#"{"weekly": []}"#, "method.weekly: a `weekly` cycle names no date"),
            (days, r#"{"weekly": ["TUE;THU"]}"#, "method.weekly: `TUE;THU` is not one date"),
            (days, r#"{"every_days": 3}"#, "method: `every_days` needs `from`, its first date"),
            (
                days,
                r#"{"monthly": [1], "weekly": ["MON"]}"#,
                "method: a cycle has one of `weekly`, `monthly`, `dates`, `every_days` with `from`, `nth_business_day`, `nth_weekday`",
            ),
        ] {
            assert_eq!(read(lag, method), Err(expected.to_string()));
        }
        assert!(read(days, r#"{"yearly": [1]}"#).unwrap_err().starts_with("unknown field `yearly`"));
        assert!(
            read(days, "3").unwrap_err().contains("expected `daily` or a table such as { monthly = [31] }")
        );
        assert!(
            read(r#"{"days": 2.5}"#, r#""daily""#).is_err() && read(r#"{"days": -1}"#, r#""daily""#).is_err()
        );
    }
}
