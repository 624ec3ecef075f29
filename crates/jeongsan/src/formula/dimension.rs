//! Units: what is an amount, what a rate, and which terms mix them up.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};
use core::ops::Range;

use super::lexer::to_usize;
use super::tree::{NodeKind, Tree};
use super::{Context, Function, Names, Operator, Symbol, print};

/// The most warnings of one formula.
const WARNINGS_MAX: usize = 32;
/// The most characters of a term that a warning shows.
const TERM_CHARS_MAX: usize = 60;

/// What a value measures.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Dimension {
    /// Minor units of the currency.
    Money,
    /// A fraction of something.
    Rate,
    /// A bare number, which may stand for anything.
    Number,
    /// 1 or 0.
    Condition,
    /// Unknown: a parameter, or what a suspicious term yields.
    Any,
}

impl Dimension {
    /// The dimension with its article, for sentences.
    const fn with_article(self) -> &'static str {
        match self {
            Self::Money => "an amount",
            Self::Rate => "a rate",
            Self::Number => "a number",
            Self::Condition => "a condition",
            Self::Any => "a value",
        }
    }

    /// What two values are that stand beside each other in a sum, a comparison or a choice; `None` if they don't fit.
    const fn beside(self, other: Self) -> Option<Self> {
        use Dimension::{Any, Condition, Money, Number, Rate};
        match (self, other) {
            (Any | Number, dimension) | (dimension, Any | Number) => Some(dimension),
            (Money, Money) => Some(Money),
            (Rate, Rate) => Some(Rate),
            (Condition, Condition) => Some(Condition),
            _ => None,
        }
    }

    /// What a product is.
    const fn times(self, other: Self) -> Option<Self> {
        use Dimension::{Any, Condition, Money, Number, Rate};
        match (self, other) {
            (Any, _) | (_, Any) => Some(Any),
            (Number | Condition, dimension) | (dimension, Number | Condition) => Some(dimension),
            (Money, Rate) | (Rate, Money) => Some(Money),
            (Rate, Rate) => Some(Rate),
            (Money, Money) => None,
        }
    }

    /// What a quotient is.
    const fn over(self, other: Self) -> Option<Self> {
        use Dimension::{Any, Condition, Money, Number, Rate};
        match (self, other) {
            (_, Condition) | (Rate | Number | Condition, Money) => None,
            (Any, _) | (_, Any) => Some(Any),
            (Money, Money) | (Rate, Rate) => Some(Rate),
            (dimension, Number | Rate) => Some(dimension),
        }
    }
}

/// A term whose units look wrong.
///
/// ```
/// use jeongsan::formula::{Context, Formula, Names};
///
/// let formula = Formula::parse("ORDER_AMOUNT + 정률", Context::PlatformFee, &Names::new()).unwrap();
/// let warning = &formula.warnings()[0];
/// assert_eq!(warning.to_string(), "`ORDER_AMOUNT + FIXED_RATE` adds an amount and a rate");
/// assert_eq!(warning.span(), 0..17);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnitWarning {
    span: Range<usize>,
    message: String,
}

impl UnitWarning {
    /// The code by which documents name it.
    pub const CODE: &'static str = "suspicious-units";

    /// Where the term is, counted in Unicode scalar values from 0, half-open.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }
}

impl fmt::Display for UnitWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// What a tree yields, and the terms that look wrong.
pub(super) fn check(tree: &Tree, context: Context, names: &Names) -> (Dimension, Vec<UnitWarning>) {
    let mut checker = Checker { tree, warnings: Vec::new(), dimensions: Vec::new() };
    for (index, node) in tree.nodes().enumerate() {
        let dimension = match node.kind {
            NodeKind::Number { .. } => Dimension::Number,
            NodeKind::Symbol(Symbol::Variable(variable)) if variable.is_rate() => Dimension::Rate,
            NodeKind::Symbol(Symbol::Variable(_)) => Dimension::Money,
            NodeKind::Symbol(Symbol::Parameter(_)) => Dimension::Any,
            NodeKind::Symbol(Symbol::UserFormula(place)) => names.dimension(place),
            NodeKind::Negate => checker.pop(),
            NodeKind::Binary(operator) => checker.binary(index, operator),
            NodeKind::Call { function, arguments } => checker.call(index, function, to_usize(arguments)),
        };
        checker.dimensions.push(dimension);
    }
    let dimension = checker.pop();
    // A user formula may be a flag that later ones multiply by.
    let is_amount = match dimension {
        Dimension::Rate => false,
        Dimension::Condition => context == Context::User,
        Dimension::Money | Dimension::Number | Dimension::Any => true,
    };
    if !is_amount {
        checker.warn(tree.root(), &alloc::format!("yields {}, not an amount", dimension.with_article()));
    }
    (dimension, checker.warnings)
}

struct Checker<'t> {
    tree: &'t Tree,
    warnings: Vec<UnitWarning>,
    dimensions: Vec<Dimension>,
}

impl Checker<'_> {
    fn pop(&mut self) -> Dimension {
        self.dimensions.pop().unwrap_or(Dimension::Any)
    }

    fn binary(&mut self, index: usize, operator: Operator) -> Dimension {
        let (right, left) = (self.pop(), self.pop());
        let dimension = match operator {
            Operator::Add | Operator::Subtract => left.beside(right),
            Operator::Multiply => left.times(right),
            Operator::Divide => left.over(right),
            _ => left.beside(right).map(|_| Dimension::Condition),
        };
        if let Some(dimension) = dimension {
            // Conditions that are added up are counted.
            let is_sum = matches!(operator, Operator::Add | Operator::Subtract);
            return if is_sum && dimension == Dimension::Condition { Dimension::Number } else { dimension };
        }
        let (left, right) = (left.with_article(), right.with_article());
        let what = match operator {
            Operator::Add => alloc::format!("adds {left} and {right}"),
            Operator::Subtract => alloc::format!("subtracts {right} from {left}"),
            Operator::Multiply => alloc::format!("multiplies {left} by {right}"),
            Operator::Divide => alloc::format!("divides {left} by {right}"),
            _ => alloc::format!("compares {left} with {right}"),
        };
        self.warn(index, &what);
        Dimension::Any
    }

    fn call(&mut self, index: usize, function: Function, arguments: usize) -> Dimension {
        match function {
            Function::Round | Function::RoundUp | Function::RoundDown => {
                let dimension = self.pop();
                if dimension != Dimension::Rate {
                    return dimension;
                }
                self.warn(index, "rounds a rate to a whole number");
                Dimension::Any
            }
            Function::Min | Function::Max => self.choice(index, arguments),
            Function::If => {
                let chosen = self.choice(index, 2);
                let condition = self.pop();
                if matches!(condition, Dimension::Money | Dimension::Rate) {
                    let [place, ..] = self.tree.branches(index);
                    let is = alloc::format!("is {} where a condition is expected", condition.with_article());
                    self.warn(place, &is);
                }
                chosen
            }
        }
    }

    /// What one of the last operands is, whichever.
    fn choice(&mut self, index: usize, count: usize) -> Dimension {
        let mut all = self.pop();
        for _ in 1..count {
            let dimension = self.pop();
            match all.beside(dimension) {
                Some(both) => all = both,
                None => {
                    let (one, other) = (dimension.with_article(), all.with_article());
                    self.warn(index, &alloc::format!("chooses between {one} and {other}"));
                    all = Dimension::Any;
                }
            }
        }
        all
    }

    fn warn(&mut self, index: usize, what: &str) {
        if self.warnings.len() < WARNINGS_MAX {
            let term = term(self.tree, index, TERM_CHARS_MAX);
            self.warnings.push(UnitWarning {
                span: self.tree.span(index),
                message: alloc::format!("`{term}` {what}"),
            });
        }
    }
}

/// The canonical text of a term, at most so many characters of it.
pub(super) fn term(tree: &Tree, index: usize, chars_max: usize) -> String {
    struct Start {
        text: String,
        left: usize,
    }
    impl Write for Start {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            for c in text.chars() {
                self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
                self.text.push(c);
            }
            Ok(())
        }
    }
    let mut start = Start { text: String::new(), left: chars_max };
    // The only error is the one that ends a long term.
    if print::write(tree, index, &mut start).is_err() {
        start.text.push('…');
    }
    start.text
}
