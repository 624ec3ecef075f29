//! The grades of a seller, as they are written.

use alloc::format;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::fee::{Grade, Grades};

use super::Instant;
use super::book::Reader;
use super::map::map_document;

/// A seller's grade as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct GradeDocument {
    /// The grade.
    pub grade: String,
    /// Its first instant; the earliest grade may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Instant>,
}

map_document! {
    GradeDocument => "the fields of a grade",
}

impl Reader {
    pub(super) fn grades(&mut self, path: &str, documents: &[GradeDocument]) -> Grades {
        let grade = |document: &GradeDocument| Grade {
            grade: document.grade.clone(),
            from: document.from.map(|Instant(from)| from),
        };
        Grades::new(documents.iter().map(grade).collect()).unwrap_or_else(|error| {
            self.note(&format!("{path}[{}].from", error.place()), "invalid-grades", error);
            Grades::default()
        })
    }
}
