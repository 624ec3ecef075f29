//! What can be wrong with a formula, where, and what was probably meant.

use alloc::string::String;
use core::ops::Range;

use super::Context;
use crate::money::text_enum;

text_enum! {
    /// The kind of a fault, by which documents and golden cases name it.
    pub enum FormulaErrorKind ("kind of formula error") or UnknownFormulaErrorKind {
        /// A character of no token, a malformed number, or nothing at all.
        InvalidSyntax = "invalid-syntax",
        /// A character that other languages have as an operator.
        InvalidOperator = "invalid-operator",
        /// An operator without an operand behind it.
        MissingRightOperand = "missing-right-operand",
        /// An operator without an operand before it.
        MissingLeftOperand = "missing-left-operand",
        /// An operand right after another.
        MissingOperator = "missing-operator",
        /// A `(` that is never closed.
        MissingExpectedToken = "missing-expected-token",
        /// A `)`, a `,` or a second comparison where none fits.
        UnexpectedToken = "unexpected-token",
        /// A call of a name that is no function.
        InvalidFunction = "invalid-function",
        /// A call with a wrong number of arguments.
        UnexpectedFunctionArguments = "unexpected-function-arguments",
        /// A name that stands for nothing here.
        InvalidVariable = "invalid-variable",
        /// A division by zero.
        DivisionByZero = "division-by-zero",
        /// A value that can't be held exactly, or a result that is no amount.
        Overflow = "overflow",
        /// Parentheses, calls and unary minuses nested too deeply.
        TooDeep = "too-deep",
        /// A text beyond the longest formula.
        TooLong = "too-long",
        /// A parameter or a user formula whose value is not at hand.
        MissingValue = "missing-value",
    }
}

/// A fault of a formula's text: its kind, its place, and what was probably meant.
///
/// ```
/// use jeongsan::formula::{Context, Formula, FormulaErrorKind, Names};
///
/// let errors = Formula::parse("order_amount * 10%", Context::User, &Names::new()).unwrap_err();
/// assert_eq!(errors[0].kind(), FormulaErrorKind::InvalidVariable);
/// assert_eq!(errors[0].span(), 0..12);
/// assert_eq!(errors[0].suggestion(), Some("ORDER_AMOUNT"));
/// assert_eq!(errors[1].kind().to_string(), "invalid-operator");
/// assert_eq!(errors[1].span(), 17..18);
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{fault}")]
pub struct FormulaError {
    fault: FormulaFault,
    span: Range<usize>,
    suggestion: Option<String>,
}

/// What is wrong at the place that a [`FormulaError`] names.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FormulaFault {
    /// There is nothing but blanks.
    #[error("the formula is empty")]
    Empty,
    /// A character of no token.
    #[error("`{}` has no meaning in a formula", .0.escape_debug())]
    InvalidCharacter(char),
    /// A run of digits, points and letters that is no number.
    #[error("`{0}` is no number")]
    MalformedNumber(String),
    /// An operator of other languages.
    #[error("`{0}` is no operator of formulas")]
    InvalidOperator(char),
    /// An operator or a unary minus with no operand behind it.
    #[error("`{0}` has nothing on its right")]
    MissingRightOperand(String),
    /// An operator with no operand before it.
    #[error("`{0}` has nothing on its left")]
    MissingLeftOperand(String),
    /// An operand right after another.
    #[error("an operator is missing before `{0}`")]
    MissingOperator(String),
    /// The end, while a `(` is open.
    #[error("a `)` is missing at the end")]
    MissingParenthesis,
    /// A `)` or `,` where none fits.
    #[error("`{0}` does not fit here")]
    UnexpectedToken(String),
    /// A second comparison beside a first.
    #[error("`{0}` can't follow another comparison without parentheses")]
    ChainedComparison(String),
    /// A call of an unknown name.
    #[error("`{0}` is no function")]
    UnknownFunction(String),
    /// A call of a variable, a parameter or a user formula.
    #[error("`{0}` is a value, not a function")]
    CalledValue(String),
    /// A call with a wrong number of arguments.
    #[error("`{name}` takes {expected}, not {found}")]
    ArgumentCount {
        /// The function as it is written.
        name: String,
        /// What it takes.
        expected: &'static str,
        /// What it is given.
        found: usize,
    },
    /// A name that stands for nothing.
    #[error("`{0}` is no variable, parameter or earlier user formula")]
    UnknownVariable(String),
    /// A variable that the context lacks.
    #[error("`{name}` is not available in a {context} formula")]
    NotInContext {
        /// The variable as it is written.
        name: String,
        /// The context.
        context: Context,
    },
    /// The name of a function, without a call.
    #[error("`{0}` is a function: its arguments are missing")]
    FunctionAsVariable(String),
    /// A user formula that is defined behind the one which uses it.
    #[error("user formula `{0}` is defined later")]
    DefinedLater(String),
    /// Nested too deeply.
    #[error("more than {} parentheses, calls and minuses are open at once", super::DEPTH_MAX)]
    TooDeep,
    /// The text has too many characters.
    #[error("the formula has more than {} characters", super::FORMULA_CHARS_MAX)]
    TooLong,
}

impl FormulaError {
    pub(super) const fn new(fault: FormulaFault, span: Range<usize>, suggestion: Option<String>) -> Self {
        Self { fault, span, suggestion }
    }

    /// The kind of the fault.
    #[must_use]
    pub const fn kind(&self) -> FormulaErrorKind {
        match self.fault {
            FormulaFault::Empty | FormulaFault::InvalidCharacter(_) | FormulaFault::MalformedNumber(_) => {
                FormulaErrorKind::InvalidSyntax
            }
            FormulaFault::InvalidOperator(_) => FormulaErrorKind::InvalidOperator,
            FormulaFault::MissingRightOperand(_) => FormulaErrorKind::MissingRightOperand,
            FormulaFault::MissingLeftOperand(_) => FormulaErrorKind::MissingLeftOperand,
            FormulaFault::MissingOperator(_) => FormulaErrorKind::MissingOperator,
            FormulaFault::MissingParenthesis => FormulaErrorKind::MissingExpectedToken,
            FormulaFault::UnexpectedToken(_) | FormulaFault::ChainedComparison(_) => {
                FormulaErrorKind::UnexpectedToken
            }
            FormulaFault::UnknownFunction(_) | FormulaFault::CalledValue(_) => {
                FormulaErrorKind::InvalidFunction
            }
            FormulaFault::ArgumentCount { .. } => FormulaErrorKind::UnexpectedFunctionArguments,
            FormulaFault::UnknownVariable(_)
            | FormulaFault::NotInContext { .. }
            | FormulaFault::FunctionAsVariable(_)
            | FormulaFault::DefinedLater(_) => FormulaErrorKind::InvalidVariable,
            FormulaFault::TooDeep => FormulaErrorKind::TooDeep,
            FormulaFault::TooLong => FormulaErrorKind::TooLong,
        }
    }

    /// What is wrong.
    #[must_use]
    pub const fn fault(&self) -> &FormulaFault {
        &self.fault
    }

    /// Where it is, counted in Unicode scalar values from 0, half-open.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// What to write there instead, where something is near.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }

    /// A sentence that helps, beside the message.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        if let Some(suggestion) = &self.suggestion {
            return Some(alloc::format!("did you mean `{suggestion}`?"));
        }
        let help = match &self.fault {
            FormulaFault::InvalidOperator('%') => "write a percentage as a decimal: `0.1` for 10%",
            FormulaFault::InvalidOperator('?' | ':') => "write `if(condition, then, otherwise)`",
            FormulaFault::InvalidOperator('&') => "two conditions hold when their product is not 0",
            FormulaFault::InvalidOperator('|') => "one of two conditions holds when their sum is not 0",
            FormulaFault::InvalidOperator('^') => "write a power as a product",
            FormulaFault::InvalidOperator('!' | '~') => "the contrary of a condition is `condition == 0`",
            FormulaFault::InvalidCharacter('"' | '\'') => "formulas have no texts",
            FormulaFault::InvalidCharacter('\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}') => {
                "names take whole syllables, as composed Hangul (NFC)"
            }
            FormulaFault::UnexpectedToken(token) if token == "," => {
                "only a function's arguments take commas: numbers have no thousands separators"
            }
            FormulaFault::CalledValue(_) => "write `*` before `(` to multiply",
            FormulaFault::ChainedComparison(_) => "join two comparisons with `*`: `(1 < a) * (a < 2)`",
            _ => return None,
        };
        Some(help.into())
    }
}

/// Why a formula has no result for these values.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// A division by zero.
    #[error("a division by zero")]
    DivisionByZero {
        /// The `/`, in Unicode scalar values from 0, half-open.
        span: Range<usize>,
    },
    /// A value on the way has more than some 150 digits, or the result is out of the range of an amount.
    #[error("a value is too large or too fine to be exact, or the result is out of range")]
    Overflow,
    /// The inputs have no value for a parameter or a user formula that the formula uses.
    #[error("`{name}` has no value")]
    MissingValue {
        /// The key.
        name: String,
    },
}

impl EvaluationError {
    /// The kind of the fault.
    #[must_use]
    pub const fn kind(&self) -> FormulaErrorKind {
        match self {
            Self::DivisionByZero { .. } => FormulaErrorKind::DivisionByZero,
            Self::Overflow => FormulaErrorKind::Overflow,
            Self::MissingValue { .. } => FormulaErrorKind::MissingValue,
        }
    }

    /// Where it is, for a division by zero.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        match self {
            Self::DivisionByZero { span } => Some(span.clone()),
            Self::Overflow | Self::MissingValue { .. } => None,
        }
    }
}
