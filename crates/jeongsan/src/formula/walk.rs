//! Formulas evaluated as they are written, on exact fractions of up to 154 digits.
//!
//! This is what a compiled formula falls back to when 128 bits don't do, what an explanation is made of, and the plain
//! statement of what a formula means.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::exact::Exact;
use super::lexer::to_usize;
use super::tree::{BranchEnd, NodeKind, Tree};
use super::{EvaluationError, Function, Inputs, Operator, Symbol};
use crate::money::Rounding;

/// The value of a tree; `seen` is told the value of each node that is evaluated.
pub(super) fn evaluate(
    tree: &Tree,
    inputs: Inputs<'_>,
    mut seen: impl FnMut(usize, Exact),
) -> Result<Exact, EvaluationError> {
    let branch_ends = tree.branch_ends();
    let mut values: Vec<Exact> = Vec::new();
    let mut index = 0;
    while let Some(node) = tree.node(index) {
        let value = match node.kind {
            NodeKind::Number { start, end } => Exact::literal(tree.digits(start, end)),
            NodeKind::Symbol(symbol) => Some(read(tree, symbol, inputs)?),
            NodeKind::Negate => values.pop().map(Exact::negate),
            NodeKind::Binary(operator) => {
                let (right, left) = (values.pop(), values.pop());
                let (left, right) = left.zip(right).ok_or(EvaluationError::Overflow)?;
                if operator == Operator::Divide && right.is_zero() {
                    return Err(EvaluationError::DivisionByZero { span: tree.operator_span(index) });
                }
                binary(operator, left, right)
            }
            NodeKind::Call { function, arguments } => call(function, to_usize(arguments), &mut values),
        };
        let value = value.ok_or(EvaluationError::Overflow)?;
        seen(index, value);
        let branch_end = branch_ends.get(index).copied().flatten();
        index = index.saturating_add(1);
        match branch_end {
            Some(BranchEnd::Condition(call)) => {
                if value.is_zero() {
                    let [_, then, _] = tree.branches(call);
                    index = then.saturating_add(1);
                }
                continue;
            }
            Some(BranchEnd::Then(call)) => index = call,
            None => {}
        }
        values.push(value);
    }
    values.pop().ok_or(EvaluationError::Overflow)
}

fn read(tree: &Tree, symbol: Symbol, inputs: Inputs<'_>) -> Result<Exact, EvaluationError> {
    let value = inputs.value(symbol).map(Exact::from);
    value.ok_or_else(|| EvaluationError::MissingValue { name: tree.name(symbol).to_string() })
}

fn binary(operator: Operator, left: Exact, right: Exact) -> Option<Exact> {
    match operator {
        Operator::Add => left.add(right),
        Operator::Subtract => left.subtract(right),
        Operator::Multiply => left.multiply(right),
        Operator::Divide => left.divide(right),
        _ => Some(if operator.holds(left.compare(right)?) { Exact::ONE } else { Exact::ZERO }),
    }
}

fn call(function: Function, arguments: usize, values: &mut Vec<Exact>) -> Option<Exact> {
    match function {
        Function::Round => values.pop()?.round(Rounding::HalfUp),
        Function::RoundUp => values.pop()?.round(Rounding::Up),
        Function::RoundDown => values.pop()?.round(Rounding::Down),
        Function::Min | Function::Max => {
            let first = values.len().saturating_sub(arguments);
            let mut arguments = values.drain(first..);
            let mut best = arguments.next()?;
            for value in arguments {
                let ordering = value.compare(best)?;
                if (function == Function::Min && ordering.is_lt())
                    || (function == Function::Max && ordering.is_gt())
                {
                    best = value;
                }
            }
            Some(best)
        }
        // Only the chosen branch has left its value.
        Function::If => values.pop(),
    }
}
