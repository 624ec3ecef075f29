//! How a formula's amount comes about.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::dimension::term;
use super::exact::Exact;
use super::lexer::to_usize;
use super::tree::{NodeKind, Tree};
use super::{EvaluationError, Inputs, Operator, walk};
use crate::money::{Amount, Rounding};

/// The most steps of an explanation; what lies behind them is left out.
const STEPS_MAX: usize = 1_000;
/// The most characters of a term that a step shows.
const TERM_CHARS_MAX: usize = 200;

/// An evaluation told term by term: each term before the ones it is made of, branches not taken left out.
///
/// ```
/// use jeongsan::formula::{Context, Formula, Names, Variable, Variables};
/// use jeongsan::money::Rounding;
///
/// let text = "if(ORDER_AMOUNT >= 10000, ORDER_AMOUNT / 3, 0) - 100";
/// let formula = Formula::parse(text, Context::User, &Names::new()).unwrap();
/// let mut variables = Variables::new();
/// variables.set(Variable::OrderAmount, 20_000);
/// let explanation = formula.explain(&variables, Rounding::HalfUp).unwrap();
/// assert_eq!(
///     explanation.to_string(),
///     "\
/// if(ORDER_AMOUNT >= 10000, ORDER_AMOUNT / 3, 0) - 100 = 19700/3
///   if(ORDER_AMOUNT >= 10000, ORDER_AMOUNT / 3, 0) = 20000/3
///     ORDER_AMOUNT >= 10000 = 1
///       ORDER_AMOUNT = 20000
///     ORDER_AMOUNT / 3 = 20000/3
///       ORDER_AMOUNT = 20000
/// rounded half-up: 6567"
/// );
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Explanation {
    steps: Vec<ExplanationStep>,
    rounding: Rounding,
    amount: Amount,
}

/// One term of a formula with its value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ExplanationStep {
    depth: usize,
    operator: Option<Operator>,
    term: String,
    value: String,
    span: Range<usize>,
}

impl Explanation {
    /// The terms; a literal is no step of its own.
    #[must_use]
    pub fn steps(&self) -> &[ExplanationStep] {
        &self.steps
    }

    /// The rule by which the exact value became whole.
    #[must_use]
    pub const fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// The result.
    #[must_use]
    pub const fn amount(&self) -> Amount {
        self.amount
    }
}

impl ExplanationStep {
    /// How deep the term lies in the formula, which itself is at 0.
    #[must_use]
    pub const fn depth(&self) -> usize {
        self.depth
    }

    /// How it joins the term before it, within a sum or a product.
    #[must_use]
    pub const fn operator(&self) -> Option<Operator> {
        self.operator
    }

    /// The canonical text of the term.
    #[must_use]
    pub fn term(&self) -> &str {
        &self.term
    }

    /// The exact value: a decimal such as `333.9`, or a fraction such as `10/3`.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Where the term is, counted in Unicode scalar values from 0, half-open.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            write!(f, "{:1$}", "", step.depth.saturating_mul(2))?;
            if let Some(operator) = step.operator {
                write!(f, "{operator} ")?;
            }
            writeln!(f, "{} = {}", step.term, step.value)?;
        }
        write!(f, "rounded {}: {}", self.rounding, self.amount)
    }
}

/// A term that is still to be told.
#[derive(Clone, Copy)]
struct Task {
    index: usize,
    depth: usize,
    operator: Option<Operator>,
}

pub(super) fn explain(
    tree: &Tree,
    inputs: Inputs<'_>,
    rounding: Rounding,
) -> Result<Explanation, EvaluationError> {
    let mut values: Vec<Option<Exact>> = alloc::vec![None; tree.nodes().len()];
    let exact = walk::evaluate(tree, inputs, |index, value| {
        if let Some(slot) = values.get_mut(index) {
            *slot = Some(value);
        }
    })?;
    let amount =
        exact.round(rounding).and_then(Exact::whole).map(Amount::new).ok_or(EvaluationError::Overflow)?;

    let mut steps = Vec::new();
    let mut tasks = alloc::vec![Task { index: tree.root(), depth: 0, operator: None }];
    while let Some(task) = tasks.pop()
        && steps.len() < STEPS_MAX
    {
        let value = values.get(task.index).copied().flatten();
        let kind = tree.node(task.index).map(|node| node.kind);
        let (Some(value), Some(kind)) = (value, kind) else { continue };
        if task.depth > 0 && matches!(kind, NodeKind::Number { .. }) {
            continue;
        }
        steps.push(ExplanationStep {
            depth: task.depth,
            operator: task.operator,
            term: term(tree, task.index, TERM_CHARS_MAX),
            value: value.to_string(),
            span: tree.span(task.index),
        });
        push_operands(tree, task, kind, &mut tasks);
    }
    Ok(Explanation { steps, rounding, amount })
}

/// The operands of a term, the last first: of a sum or a product all its terms, though the tree has them in pairs.
fn push_operands(tree: &Tree, task: Task, kind: NodeKind, tasks: &mut Vec<Task>) {
    let depth = task.depth.saturating_add(1);
    match kind {
        NodeKind::Number { .. } | NodeKind::Symbol(_) => {}
        NodeKind::Negate => {
            tasks.push(Task { index: task.index.saturating_sub(1), depth, operator: None });
        }
        NodeKind::Call { arguments, .. } => {
            let operands = tree.operands_back(task.index, to_usize(arguments));
            tasks.extend(operands.map(|index| Task { index, depth, operator: None }));
        }
        NodeKind::Binary(first) => {
            let (mut index, mut operator) = (task.index, first);
            loop {
                let (left, right) = tree.pair(index);
                let shown = Some(operator).filter(|operator| !operator.is_comparison());
                tasks.push(Task { index: right, depth, operator: shown });
                match tree.node(left).map(|node| node.kind) {
                    Some(NodeKind::Binary(next)) if next.precedence() == first.precedence() => {
                        (index, operator) = (left, next);
                    }
                    _ => {
                        tasks.push(Task { index: left, depth, operator: None });
                        return;
                    }
                }
            }
        }
    }
}
