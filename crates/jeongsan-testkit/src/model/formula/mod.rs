//! Formulas by recursive descent and a walk over the tree, with exact fractions.
//!
//! [`Formula::parse`] checks a text for its [`Context`]; [`Formula::amount`] gives its integer. A formula with one
//! fault gets its diagnosis; with several, one of them is told, not always the one that starts first.

mod names;
mod parse;
mod token;
mod value;

pub use names::Context;
pub use parse::Formula;
pub use value::Variables;

/// What is wrong with a formula, and where: characters from 0, half-open.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Diagnosis {
    /// The kind of fault, as documents name it.
    pub kind: &'static str,
    /// The first character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
}

impl Diagnosis {
    const fn new(kind: &'static str, span: (usize, usize)) -> Self {
        Self { kind, start: span.0, end: span.1 }
    }
}
