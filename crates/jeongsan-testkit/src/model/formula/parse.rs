//! Recursive descent, one function a rule of the grammar.

use std::collections::BTreeSet;

use super::super::number::Exact;
use super::Diagnosis;
use super::names::{Context, Function, variable};
use super::token::{Token, TokenKind, tokens};

/// How deep parentheses, calls and unary minuses may nest.
const DEPTH_MAX: usize = 200;

/// A formula ready to be evaluated.
#[derive(Clone, Debug)]
pub struct Formula {
    pub(super) root: Node,
}

/// A node of the tree. Sums and products are flat lists, so a long chain is not deep.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Number(Exact),
    Variable(String),
    Negated(Box<Self>),
    /// Terms, each added or (`true`) taken off.
    Sum(Vec<(bool, Self)>),
    /// Factors; a divisor has the place of its `/`.
    Product(Vec<(Option<(usize, usize)>, Self)>),
    Compare(&'static str, Box<Self>, Box<Self>),
    Call(Function, Vec<Self>),
}

impl Formula {
    /// Reads a formula for a context, with the names of parameters and earlier user formulas.
    ///
    /// # Errors
    /// The diagnosis of the fault.
    pub fn parse(text: &str, context: Context, extra: &[String]) -> Result<Self, Diagnosis> {
        let mut parser = Parser { tokens: tokens(text), place: 0, depth: 0, context, extra };
        if let TokenKind::End = parser.here().kind {
            return Err(Diagnosis::new("invalid-syntax", (0, 0)));
        }
        let root = parser.compare(Before::Opening)?;
        match parser.here().kind {
            TokenKind::End => Ok(Self { root }),
            _ => Err(parser.behind_operand()),
        }
    }

    /// The variables, parameters and user formulas it uses.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        self.root.collect_names(&mut names);
        names
    }
}

impl Node {
    fn collect_names(&self, names: &mut BTreeSet<String>) {
        match self {
            Self::Number(_) => {}
            Self::Variable(name) => {
                names.insert(name.clone());
            }
            Self::Negated(inner) => inner.collect_names(names),
            Self::Sum(terms) => terms.iter().for_each(|(_, term)| term.collect_names(names)),
            Self::Product(factors) => factors.iter().for_each(|(_, factor)| factor.collect_names(names)),
            Self::Compare(_, left, right) => {
                left.collect_names(names);
                right.collect_names(names);
            }
            Self::Call(_, arguments) => arguments.iter().for_each(|argument| argument.collect_names(names)),
        }
    }
}

/// What stands before a place where an operand is due.
#[derive(Clone, Copy)]
enum Before {
    /// The start, `(` or `,`.
    Opening,
    /// An operator, there.
    Operator((usize, usize)),
}

struct Parser<'a> {
    tokens: Vec<Token>,
    place: usize,
    depth: usize,
    context: Context,
    extra: &'a [String],
}

type Parsed = Result<Node, Diagnosis>;

impl Parser<'_> {
    fn here(&self) -> &Token {
        &self.tokens[self.place]
    }

    /// Steps over one of these symbols and tells which, and where it was.
    fn take(&mut self, symbols: &[&str]) -> Option<(&'static str, (usize, usize))> {
        let TokenKind::Symbol(symbol) = self.here().kind else { return None };
        let span = self.here().span;
        if !symbols.contains(&symbol) {
            return None;
        }
        self.place += 1;
        Some((symbol, span))
    }

    fn compare(&mut self, before: Before) -> Parsed {
        const COMPARISONS: [&str; 6] = ["<", "<=", ">", ">=", "==", "!="];
        let left = self.sum(before)?;
        let Some((operator, span)) = self.take(&COMPARISONS) else { return Ok(left) };
        let right = self.sum(Before::Operator(span))?;
        match self.take(&COMPARISONS) {
            Some((_, second)) => Err(Diagnosis::new("unexpected-token", second)),
            None => Ok(Node::Compare(operator, Box::new(left), Box::new(right))),
        }
    }

    fn sum(&mut self, before: Before) -> Parsed {
        let mut terms = vec![(false, self.product(before)?)];
        while let Some((operator, span)) = self.take(&["+", "-"]) {
            terms.push((operator == "-", self.product(Before::Operator(span))?));
        }
        Ok(Node::Sum(terms))
    }

    fn product(&mut self, before: Before) -> Parsed {
        let mut factors = vec![(None, self.unary(before)?)];
        while let Some((operator, span)) = self.take(&["*", "/"]) {
            let divides = (operator == "/").then_some(span);
            factors.push((divides, self.unary(Before::Operator(span))?));
        }
        Ok(Node::Product(factors))
    }

    fn unary(&mut self, before: Before) -> Parsed {
        let Some((_, span)) = self.take(&["-"]) else { return self.primary(before) };
        self.nested(span, |parser| Ok(Node::Negated(Box::new(parser.unary(Before::Operator(span))?))))
    }

    fn primary(&mut self, before: Before) -> Parsed {
        let Token { kind, span } = self.here().clone();
        match kind {
            TokenKind::Number(number) => {
                self.place += 1;
                Ok(Node::Number(number))
            }
            TokenKind::Name(name) => {
                self.place += 1;
                if self.take(&["("]).is_some() {
                    return self.nested(span, |parser| parser.call(&name, span));
                }
                let known = variable(&name, self.context, self.extra);
                known.map(Node::Variable).ok_or(Diagnosis::new("invalid-variable", span))
            }
            TokenKind::Symbol("(") => {
                self.place += 1;
                let inner = self.nested(span, |parser| parser.compare(Before::Opening))?;
                match self.take(&[")"]) {
                    Some(_) => Ok(inner),
                    None => Err(self.behind_operand_inside()),
                }
            }
            TokenKind::Fault(kind) => Err(Diagnosis::new(kind, span)),
            _ => Err(match (before, kind) {
                (Before::Operator(operator), _) => Diagnosis::new("missing-right-operand", operator),
                (Before::Opening, TokenKind::End) => Diagnosis::new("missing-expected-token", span),
                (Before::Opening, TokenKind::Symbol(")" | ",")) => Diagnosis::new("unexpected-token", span),
                (Before::Opening, _) => Diagnosis::new("missing-left-operand", span),
            }),
        }
    }

    /// The arguments of a call, behind its `(`.
    fn call(&mut self, name: &str, span: (usize, usize)) -> Parsed {
        let function = Function::named(name).ok_or(Diagnosis::new("invalid-function", span))?;
        let mut arguments = Vec::new();
        if self.take(&[")"]).is_none() {
            loop {
                arguments.push(self.compare(Before::Opening)?);
                match self.take(&[",", ")"]) {
                    Some((",", _)) => {}
                    Some(_) => break,
                    None => return Err(self.behind_operand_inside()),
                }
            }
        }
        if function.takes(arguments.len()) {
            Ok(Node::Call(function, arguments))
        } else {
            Err(Diagnosis::new("unexpected-function-arguments", span))
        }
    }

    fn nested(&mut self, span: (usize, usize), parse: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Diagnosis::new("too-deep", span));
        }
        let node = parse(self);
        self.depth -= 1;
        node
    }

    /// Why the formula can't go on like this behind an operand.
    fn behind_operand(&self) -> Diagnosis {
        let token = self.here();
        let kind = match token.kind {
            TokenKind::Fault(kind) => kind,
            TokenKind::Number(_) | TokenKind::Name(_) | TokenKind::Symbol("(") => "missing-operator",
            _ => "unexpected-token",
        };
        Diagnosis::new(kind, token.span)
    }

    /// The same where a `(` is open.
    fn behind_operand_inside(&self) -> Diagnosis {
        match self.here().kind {
            TokenKind::End => Diagnosis::new("missing-expected-token", self.here().span),
            _ => self.behind_operand(),
        }
    }
}
