//! The formula language: fees, shares and settlements as finance people write them, exact and compiled.
//!
//! A [`Formula`] is read from a text for a [`Context`], which decides the variables it may use, and for the [`Names`] that a book
//! adds. All faults of a text come at once, each with its place and what was probably meant. Evaluating one takes
//! [`Variables`] and gives one whole amount: values are exact fractions on the way and are rounded once, at the end.
//!
//! ```text
//! text ─ lexer ─► tokens ─ parser ─► tree ─ compile ─► program (polynomials over 128 bits)
//!                                     ├─ walk ─► the same value on 512 bits, where 128 don't do; explanations
//!                                     ├─ print ─► canonical text
//!                                     └─ dimension ─► warnings of suspicious units
//! ```
//!
//! Start with [`Formula`], [`Variables`], [`FormulaError`].

use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

mod compile;
mod context;
mod dimension;
mod error;
mod exact;
mod explain;
mod inputs;
mod lexer;
mod magnitude;
mod names;
mod narrow;
mod parser;
mod polynomial;
mod print;
mod program;
mod shape;
mod suggestion;
mod tree;
mod user;
mod value;
mod walk;

pub use context::{
    Context, Function, Operator, UnknownContext, UnknownFunction, UnknownOperator, UnknownVariable, Variable,
};
pub use dimension::{Dimension, UnitWarning};
pub use error::{EvaluationError, FormulaError, FormulaErrorKind, FormulaFault, UnknownFormulaErrorKind};
pub use explain::{Explanation, ExplanationStep};
pub use inputs::{Inputs, Variables};
pub use names::{KeyError, Names, Symbol};
pub use shape::{Shape, SignedSum};
pub use user::{USER_FORMULAS_MAX, UserFormula, UserFormulaError, UserFormulas};
pub use value::{Value, ValueError};

use crate::money::{Amount, Rounding};
use narrow::Narrow;
use program::{Number, Program};
use tree::Tree;

/// The most parentheses, calls and unary minuses that may be open at once.
pub const DEPTH_MAX: usize = 256;

/// The most characters (Unicode scalar values) of a formula.
pub const FORMULA_CHARS_MAX: usize = 1_048_576;

/// A formula, read and compiled.
///
/// Printing gives its canonical text, which parses back to an equal formula.
///
/// ```
/// use jeongsan::formula::{Context, Formula, Names, Variable, Variables};
/// use jeongsan::money::{Amount, Rounding};
/// use jeongsan::rate::Rate;
///
/// let text = "min((주문금액 * 정률) + 정액, 3000)";
/// let fee = Formula::parse(text, Context::PlatformFee, &Names::new()).unwrap();
/// assert_eq!(fee.to_string(), "min(ORDER_AMOUNT * FIXED_RATE + FIXED_AMOUNT, 3000)");
///
/// let mut variables = Variables::new();
/// variables.set(Variable::OrderAmount, 19_999);
/// variables.set(Variable::FixedRate, "3.74%".parse::<Rate>()?);
/// assert_eq!(fee.evaluate(&variables, Rounding::Down), Ok(Amount::new(747)));
/// assert_eq!(fee.evaluate(&variables, Rounding::HalfUp), Ok(Amount::new(748)));
/// # Ok::<(), jeongsan::rate::RateError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Formula {
    context: Context,
    tree: Tree,
    program: Program,
    shape: Shape,
    dimension: Dimension,
    warnings: Vec<UnitWarning>,
}

impl Formula {
    /// Reads and compiles a formula.
    ///
    /// # Errors
    /// All faults of the text, by where they start.
    pub fn parse(text: &str, context: Context, names: &Names) -> Result<Self, Vec<FormulaError>> {
        let tree = parser::parse(text, context, names)?;
        let (dimension, warnings) = dimension::check(&tree, context, names);
        let (program, polynomial) = compile::compile(&tree);
        let shape = polynomial.as_ref().map_or(Shape::Custom, shape::shape);
        Ok(Self { context, tree, program, shape, dimension, warnings })
    }

    /// What the formula computes.
    #[must_use]
    pub const fn context(&self) -> Context {
        self.context
    }

    /// The amount for some values: exact, then rounded once.
    ///
    /// # Errors
    /// A division by zero, a value or a result beyond what can be held, or a parameter or user formula that the inputs
    /// have no value for.
    #[inline]
    pub fn evaluate<'i>(
        &self,
        inputs: impl Into<Inputs<'i>>,
        rounding: Rounding,
    ) -> Result<Amount, EvaluationError> {
        let inputs = inputs.into();
        match self.program.run::<Narrow>(inputs).and_then(|value| value.round(rounding)?.whole()) {
            Some(minor) => Ok(Amount::new(minor)),
            None => self.evaluate_widely(inputs, rounding),
        }
    }

    /// As [`Formula::evaluate`], on 128 bits.
    #[cold]
    fn evaluate_widely(&self, inputs: Inputs<'_>, rounding: Rounding) -> Result<Amount, EvaluationError> {
        match self.program.run::<Value>(inputs).and_then(|value| value.round(rounding)?.whole()) {
            Some(minor) => Ok(Amount::new(minor)),
            None => self.evaluate_exactly(inputs, rounding),
        }
    }

    /// As [`Formula::evaluate`], by the tree alone: many times as slow, and the same result.
    ///
    /// # Errors
    /// As [`Formula::evaluate`].
    #[cold]
    fn evaluate_exactly(&self, inputs: Inputs<'_>, rounding: Rounding) -> Result<Amount, EvaluationError> {
        let value = walk::evaluate(&self.tree, inputs, |_, _| {})?;
        let rounded = value.round(rounding).and_then(exact::Exact::whole);
        rounded.map(Amount::new).ok_or(EvaluationError::Overflow)
    }

    /// How the amount comes about, term by term.
    ///
    /// # Errors
    /// As [`Formula::evaluate`].
    pub fn explain<'i>(
        &self,
        inputs: impl Into<Inputs<'i>>,
        rounding: Rounding,
    ) -> Result<Explanation, EvaluationError> {
        explain::explain(&self.tree, inputs.into(), rounding)
    }

    /// The known form that it is, if it is one, however it is written.
    #[must_use]
    pub const fn shape(&self) -> Shape {
        self.shape
    }

    /// Whether it computes what the default formula of its context does, however it is written.
    ///
    /// ```
    /// use jeongsan::formula::{Context, Formula, Names};
    ///
    /// let formula = Formula::parse("정액 + 정률 * 주문금액", Context::PlatformFee, &Names::new()).unwrap();
    /// assert!(formula.is_default());
    /// ```
    #[must_use]
    pub fn is_default(&self) -> bool {
        let default =
            self.context.default_formula().map(|text| Self::parse(text, self.context, &Names::new()));
        matches!(default, Some(Ok(default)) if default.shape == self.shape && self.shape != Shape::Custom)
    }

    /// The variables, parameters and user formulas that it uses, each once, in the order of their first use.
    #[must_use]
    pub fn symbols(&self) -> Vec<SymbolUse<'_>> {
        let mut uses: Vec<SymbolUse<'_>> = Vec::new();
        for (index, node) in self.tree.nodes().enumerate() {
            if let tree::NodeKind::Symbol(symbol) = node.kind
                && !uses.iter().any(|used| used.symbol == symbol)
            {
                uses.push(SymbolUse { symbol, name: self.tree.name(symbol), span: self.tree.span(index) });
            }
        }
        uses
    }

    /// Whether it yields an amount, a rate, a bare number or a condition, as far as that can be told.
    #[must_use]
    pub const fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// Terms whose units look wrong, such as an amount added to a rate. They are worth a look, and no errors.
    #[must_use]
    pub fn warnings(&self) -> &[UnitWarning] {
        &self.warnings
    }
}

/// A name in a formula, where it stands first.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SymbolUse<'f> {
    /// What it stands for.
    pub symbol: Symbol,
    /// Its main name.
    pub name: &'f str,
    /// Where it is, counted in Unicode scalar values from 0, half-open.
    pub span: Range<usize>,
}

/// Formulas are equal when they compute the same in the same way, wherever their texts have blanks, parentheses and aliases.
impl PartialEq for Formula {
    fn eq(&self, other: &Self) -> bool {
        self.context == other.context && self.tree == other.tree
    }
}

impl Eq for Formula {}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::write(&self.tree, self.tree.root(), f)
    }
}
