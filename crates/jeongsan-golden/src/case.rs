//! One case and what became of it.

use std::fmt::Display;

/// A case by its id, unique in its file.
#[derive(Clone, Debug)]
pub struct Case {
    /// The id.
    pub id: String,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a case.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Everything expected was got.
    Passed,
    /// Something else was got.
    Failed {
        /// What the case expects.
        expected: String,
        /// What came out.
        got: String,
    },
    /// It needs a feature that was asked to be skipped.
    Skipped {
        /// The feature.
        feature: String,
    },
}

impl Case {
    /// A case that expects one text.
    pub(crate) fn compare(id: &str, expected: impl Display, got: impl Display) -> Self {
        let (expected, got) = (expected.to_string(), got.to_string());
        let verdict = if expected == got { Verdict::Passed } else { Verdict::Failed { expected, got } };
        Self { id: id.into(), verdict }
    }

    /// A case that couldn't be run as written.
    pub(crate) fn broken(id: &str, what: impl Display) -> Self {
        let verdict = Verdict::Failed { expected: "a case that can be read".into(), got: what.to_string() };
        Self { id: id.into(), verdict }
    }
}
