//! A tree into text that parses back to it.

use alloc::vec::Vec;
use core::fmt::{self, Write};

use super::lexer::to_usize;
use super::tree::{NodeKind, Tree};

/// What is left to write.
#[derive(Clone, Copy)]
enum Task {
    /// A subtree, in parentheses if it binds less tightly than this.
    Node {
        index: usize,
        precedence: u8,
    },
    Text(&'static str),
}

/// How tightly an operand binds; above every operator.
const OPERAND: u8 = 5;
const MINUS: u8 = 4;

fn precedence(kind: NodeKind) -> u8 {
    match kind {
        NodeKind::Binary(operator) => operator.precedence(),
        NodeKind::Negate => MINUS,
        NodeKind::Number { .. } | NodeKind::Symbol(_) | NodeKind::Call { .. } => OPERAND,
    }
}

/// Writes a subtree with the fewest parentheses, the main names and one blank around operators.
pub(super) fn write(tree: &Tree, root: usize, out: &mut dyn Write) -> fmt::Result {
    let mut tasks = alloc::vec![Task::Node { index: root, precedence: 0 }];
    while let Some(task) = tasks.pop() {
        let (index, node) = match task {
            Task::Text(text) => {
                out.write_str(text)?;
                continue;
            }
            Task::Node { index, precedence: least } => match tree.node(index) {
                Some(node) if precedence(node.kind) < least => {
                    out.write_str("(")?;
                    tasks.push(Task::Text(")"));
                    (index, node)
                }
                Some(node) => (index, node),
                None => continue,
            },
        };
        match node.kind {
            NodeKind::Number { start, end } => out.write_str(tree.digits(start, end))?,
            NodeKind::Symbol(symbol) => out.write_str(tree.name(symbol))?,
            NodeKind::Negate => {
                out.write_str("-")?;
                tasks.push(Task::Node { index: index.saturating_sub(1), precedence: MINUS });
            }
            NodeKind::Binary(operator) => {
                let (left, right) = tree.pair(index);
                let own = operator.precedence();
                // Operators of one rank apply from the left, and comparisons not to each other at all.
                let of_left = if operator.is_comparison() { own.saturating_add(1) } else { own };
                tasks.push(Task::Node { index: right, precedence: own.saturating_add(1) });
                tasks.extend([Task::Text(" "), Task::Text(operator.as_str()), Task::Text(" ")]);
                tasks.push(Task::Node { index: left, precedence: of_left });
            }
            NodeKind::Call { function, arguments } => {
                out.write_str(function.as_str())?;
                out.write_str("(")?;
                tasks.push(Task::Text(")"));
                push_arguments(tree, index, to_usize(arguments), &mut tasks);
            }
        }
    }
    Ok(())
}

fn push_arguments(tree: &Tree, call: usize, count: usize, tasks: &mut Vec<Task>) {
    for (place, index) in tree.operands_back(call, count).enumerate() {
        if place > 0 {
            tasks.push(Task::Text(", "));
        }
        tasks.push(Task::Node { index, precedence: 0 });
    }
}
