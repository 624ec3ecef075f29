//! The tree of a formula, as a list in which every node follows its operands.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;

use super::lexer::to_usize;
use super::{Function, Operator, Symbol};

/// What a node is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum NodeKind {
    /// A literal, by its place in the digits.
    Number {
        start: u32,
        end: u32,
    },
    Symbol(Symbol),
    Negate,
    Binary(Operator),
    Call {
        function: Function,
        arguments: u32,
    },
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    /// The nodes of the subtree, this one included: they end here.
    size: u32,
}

/// Where a node stands in the text, in Unicode scalar values.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: u32,
    end: u32,
    /// Where its operator stands, for one with two operands.
    operator: u32,
}

/// A formula's tree. Nodes refer to their operands by position, so no walk recurses and a long chain costs no stack.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    places: Vec<Place>,
    /// The literals in canonical form, one behind the other.
    digits: String,
    /// The keys of the parameters and user formulas that occur.
    keys: Vec<(Symbol, Arc<str>)>,
}

/// Two trees are equal when they compute the same in the same way, wherever their texts have blanks and parentheses.
impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.nodes == other.nodes && self.digits == other.digits
    }
}

impl Eq for Tree {}

impl Tree {
    pub(super) fn nodes(&self) -> impl ExactSizeIterator<Item = Node> + DoubleEndedIterator {
        self.nodes.iter().copied()
    }

    pub(super) fn node(&self, index: usize) -> Option<Node> {
        self.nodes.get(index).copied()
    }

    /// The index of the node that is the whole formula.
    pub(super) fn root(&self) -> usize {
        self.nodes.len().saturating_sub(1)
    }

    pub(super) fn digits(&self, start: u32, end: u32) -> &str {
        self.digits.get(to_usize(start)..to_usize(end)).unwrap_or_default()
    }

    /// The name that a symbol is printed by.
    pub(super) fn name(&self, symbol: Symbol) -> &str {
        match symbol {
            Symbol::Variable(variable) => variable.as_str(),
            key => self.keys.iter().find(|(known, _)| *known == key).map_or("", |(_, name)| name),
        }
    }

    /// The text's span of a whole subtree.
    pub(super) fn span(&self, index: usize) -> Range<usize> {
        self.places.get(index).map_or(0..0, |place| to_usize(place.start)..to_usize(place.end))
    }

    /// The span of a node's operator.
    pub(super) fn operator_span(&self, index: usize) -> Range<usize> {
        let start = self.places.get(index).map_or(0, |place| to_usize(place.operator));
        start..start.saturating_add(1)
    }

    fn size(&self, index: usize) -> usize {
        self.node(index).map_or(1, |node| to_usize(node.size))
    }

    /// The roots of a node's `count` operands, the last first.
    pub(super) fn operands_back(&self, index: usize, count: usize) -> impl Iterator<Item = usize> + '_ {
        let mut end = index;
        core::iter::repeat_with(move || {
            let root = end.saturating_sub(1);
            end = end.saturating_sub(self.size(root));
            root
        })
        .take(count)
    }

    /// The left and the right operand of a node that has two.
    pub(super) fn pair(&self, index: usize) -> (usize, usize) {
        let right = index.saturating_sub(1);
        (right.saturating_sub(self.size(right)), right)
    }

    /// Condition, then and otherwise of an `if`.
    pub(super) fn branches(&self, index: usize) -> [usize; 3] {
        let (then, otherwise) = self.pair(index);
        [then.saturating_sub(self.size(then)), then, otherwise]
    }

    /// For each node whether it ends the first or the second argument of an `if`, and of which.
    pub(super) fn branch_ends(&self) -> Vec<Option<BranchEnd>> {
        let mut ends = alloc::vec![None; self.nodes.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            if let NodeKind::Call { function: Function::If, .. } = node.kind {
                let [condition, then, _] = self.branches(index);
                for (root, end) in [(condition, BranchEnd::Condition(index)), (then, BranchEnd::Then(index))]
                {
                    if let Some(slot) = ends.get_mut(root) {
                        *slot = Some(end);
                    }
                }
            }
        }
        ends
    }
}

/// A node behind which an `if` goes one way or the other.
#[derive(Clone, Copy, Debug)]
pub(super) enum BranchEnd {
    Condition(usize),
    Then(usize),
}

/// What waits for its right operand, or for its end.
#[derive(Clone, Copy, Debug)]
enum Pending {
    /// A `(`, of a call or not.
    Frame,
    Minus {
        start: u32,
    },
    Operator {
        operator: Operator,
        start: u32,
    },
}

/// Builds a tree from tokens in the order of the text, by precedence.
#[derive(Debug)]
pub(super) struct Builder {
    tree: Tree,
    pending: Vec<Pending>,
}

impl Builder {
    pub(super) const fn new() -> Self {
        let tree = Tree { nodes: Vec::new(), places: Vec::new(), digits: String::new(), keys: Vec::new() };
        Self { tree, pending: Vec::new() }
    }

    fn push(&mut self, kind: NodeKind, size: u32, start: u32, end: u32, operator: u32) {
        self.tree.nodes.push(Node { kind, size });
        self.tree.places.push(Place { start, end, operator });
    }

    pub(super) fn number(&mut self, text: &str, start: u32, end: u32) {
        let digits = &mut self.tree.digits;
        let from = digits.len();
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
        digits.push_str(if whole.is_empty() { "0" } else { whole });
        if !part.is_empty() {
            digits.push('.');
            digits.push_str(part);
        }
        let place = |bytes| u32::try_from(bytes).unwrap_or(u32::MAX);
        let kind = NodeKind::Number { start: place(from), end: place(digits.len()) };
        self.push(kind, 1, start, end, start);
    }

    pub(super) fn symbol(&mut self, symbol: Symbol, key: Option<&Arc<str>>, start: u32, end: u32) {
        if let Some(key) = key
            && !self.tree.keys.iter().any(|(known, _)| *known == symbol)
        {
            self.tree.keys.push((symbol, Arc::clone(key)));
        }
        self.push(NodeKind::Symbol(symbol), 1, start, end, start);
    }

    pub(super) fn minus(&mut self, start: u32) {
        self.pending.push(Pending::Minus { start });
    }

    pub(super) fn operator(&mut self, operator: Operator, start: u32) {
        self.settle(operator.precedence());
        self.pending.push(Pending::Operator { operator, start });
    }

    /// A `(`.
    pub(super) fn open(&mut self) {
        self.pending.push(Pending::Frame);
    }

    /// The end of an argument.
    pub(super) fn argument(&mut self) {
        self.settle(0);
    }

    /// The `)` of parentheses.
    pub(super) fn close_group(&mut self, start: u32, end: u32) {
        self.settle(0);
        self.pending.pop();
        // A group's span takes its parentheses in, so that the span of what it is part of does too.
        if let Some(place) = self.tree.places.last_mut() {
            (place.start, place.end) = (start, end);
        }
    }

    /// The `)` of a call.
    pub(super) fn close_call(&mut self, function: Function, arguments: u32, start: u32, end: u32) {
        self.settle(0);
        self.pending.pop();
        let roots = self.tree.operands_back(self.tree.nodes.len(), to_usize(arguments));
        let size = roots.map(|root| self.tree.size(root)).sum::<usize>().saturating_add(1);
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        self.push(NodeKind::Call { function, arguments }, size, start, end, start);
    }

    pub(super) fn finish(mut self) -> Tree {
        self.settle(0);
        self.tree
    }

    /// Applies what waits and binds at least so tightly, up to the last `(`.
    fn settle(&mut self, precedence: u8) {
        loop {
            match self.pending.last() {
                Some(&Pending::Minus { start }) => {
                    let operand = self.tree.root();
                    let size = u32::try_from(self.tree.size(operand)).unwrap_or(u32::MAX).saturating_add(1);
                    let end = self.tree.places.last().map_or(start, |place| place.end);
                    self.push(NodeKind::Negate, size, start, end, start);
                }
                Some(&Pending::Operator { operator, start }) if operator.precedence() >= precedence => {
                    let (left, right) = self.tree.pair(self.tree.nodes.len());
                    let size = self.tree.size(left).saturating_add(self.tree.size(right)).saturating_add(1);
                    let size = u32::try_from(size).unwrap_or(u32::MAX);
                    let from = self.tree.places.get(left).map_or(start, |place| place.start);
                    let end = self.tree.places.last().map_or(start, |place| place.end);
                    self.push(NodeKind::Binary(operator), size, from, end, start);
                }
                _ => return,
            }
            self.pending.pop();
        }
    }
}
