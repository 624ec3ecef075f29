//! Why a line isn't taken in.

use jeongsan::document::Refusal;
use jeongsan::due::DueError;
use jeongsan::id::EventId;
use jeongsan::ledger::FactError;
use jeongsan::settle::SettleError;
use serde::Serialize;

use crate::output::Place;
use crate::wording::escaped_line;

/// Why a line isn't taken in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// It is no event or fact, or the event can't be settled.
    #[error(transparent)]
    Line(#[from] Refusal),
    /// The ledger refuses the fact.
    #[error(transparent)]
    Fact(#[from] FactError),
    /// The event is settled, but the parts in which it falls due can't be told.
    #[error(transparent)]
    Parts(#[from] SettleError),
    /// The event is settled, but the ledger refuses the settlement.
    #[error(transparent)]
    Due(#[from] DueError),
}

impl Refused {
    /// The error's code in documents.
    fn code(&self) -> &'static str {
        match self {
            Self::Line(refusal) => refusal.code(),
            Self::Fact(error) => error.code(),
            Self::Parts(error) => error.code(),
            Self::Due(error) => error.code(),
        }
    }

    fn path(&self) -> Option<String> {
        match self {
            Self::Line(refusal) => refusal.path(),
            Self::Fact(_) | Self::Parts(_) | Self::Due(_) => None,
        }
    }

    /// The refused line as a line for a person.
    pub(crate) fn told(&self, place: Place<'_>) -> String {
        let Place { file, line, id } = place;
        let file = file.map(|file| format!("{file} ")).unwrap_or_default();
        let id = id.map(|id| format!(" ({id})")).unwrap_or_default();
        let path = self.path().filter(|path| !path.is_empty()).map(|path| format!(" at {path}"));
        let path = path.unwrap_or_default();
        escaped_line(&format!("{file}line {line}{id}: {}{path}: {self}", self.code()))
    }

    /// The refused line as a document.
    pub(crate) fn document<'r>(&self, place: Place<'r>) -> RefusedDocument<'r> {
        let error = Fault { code: self.code(), message: self.to_string(), path: self.path() };
        RefusedDocument { id: place.id, file: place.file, line: place.line, error }
    }
}

/// A refused line as a document, like that of an event that isn't settled.
#[derive(Debug, Serialize)]
pub(crate) struct RefusedDocument<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'r EventId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'r str>,
    line: u64,
    error: Fault,
}

#[derive(Debug, Serialize)]
struct Fault {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}
