//! Tokens into a tree, or into all the faults of a text at once.
//!
//! The parser is a machine of two questions: what came before, and which `(` is open. It never recurses. A fault is
//! noted and the machine goes on: behind a token that means nothing anything may follow, so that one slip isn't told twice.

use alloc::vec::Vec;
use core::iter::Peekable;

use super::lexer::{Lexer, Token, TokenKind, to_usize};
use super::suggestion::describe;
use super::tree::{Builder, Tree};
use super::{Context, DEPTH_MAX, FORMULA_CHARS_MAX, FormulaError, FormulaFault, Function, Names};
use super::{Operator, Symbol, Variable};

/// The most faults that are told of one text.
const ERRORS_MAX: usize = 32;

/// What stands before a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Previous<'t> {
    /// Nothing.
    Start,
    /// A `(`.
    Open,
    /// A `,` between arguments.
    Comma,
    /// An operator or a unary minus that waits for its right operand.
    Operator(Token<'t>),
    /// The same, with a fault told already.
    FaultyOperator,
    /// An operand, complete.
    Operand,
    /// Something wrong: anything may follow.
    Fault,
}

/// What a `(` belongs to.
#[derive(Clone, Copy, Debug)]
enum FrameKind<'t> {
    /// Nothing: the whole text.
    Root,
    Group,
    Call {
        name: Token<'t>,
        function: Option<Function>,
        commas: u32,
    },
}

/// The whole text, or an open `(`.
#[derive(Clone, Copy, Debug)]
struct Frame<'t> {
    kind: FrameKind<'t>,
    start: u32,
    /// Whether a comparison stands at this level.
    has_comparison: bool,
    /// Unary minuses whose operand isn't complete.
    minuses: usize,
    /// The syntax faults before it.
    faults_before: usize,
}

/// A fault, as found; the words come at the end, for those that are told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finding<'t> {
    pub(super) what: What,
    pub(super) token: Token<'t>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    Empty,
    /// The token itself is none.
    InvalidToken,
    MissingRightOperand,
    MissingLeftOperand,
    MissingOperator,
    MissingParenthesis,
    UnexpectedToken,
    ChainedComparison,
    InvalidFunction,
    ArgumentCount {
        function: Function,
        found: u32,
    },
    InvalidVariable,
    TooDeep,
}

/// Reads a formula.
pub(super) fn parse(text: &str, context: Context, names: &Names) -> Result<Tree, Vec<FormulaError>> {
    let length = text.chars().count();
    let Some(end) = u32::try_from(length).ok().filter(|_| length <= FORMULA_CHARS_MAX) else {
        return Err(alloc::vec![FormulaError::new(FormulaFault::TooLong, FORMULA_CHARS_MAX..length, None)]);
    };
    let mut parser = Parser::new(text, context, names);
    while let Some(token) = parser.tokens.next() {
        parser.take(token);
    }
    parser.end(Token { kind: TokenKind::Close, text: "", start: end, end });
    if parser.findings.is_empty() {
        return Ok(parser.builder.finish());
    }
    let mut findings = parser.findings;
    findings.sort_by_key(|finding| finding.token.start);
    findings.truncate(ERRORS_MAX);
    Err(findings.iter().map(|finding| describe(finding, context, names)).collect())
}

struct Parser<'t, 'n> {
    tokens: Peekable<Lexer<'t>>,
    context: Context,
    names: &'n Names,
    previous: Previous<'t>,
    frame: Frame<'t>,
    outer: Vec<Frame<'t>>,
    /// Parentheses, calls and unary minuses that are open.
    depth: usize,
    is_too_deep: bool,
    findings: Vec<Finding<'t>>,
    syntax_faults: usize,
    /// What has been read, as long as nothing is wrong.
    builder: Builder,
}

impl<'t, 'n> Parser<'t, 'n> {
    fn new(text: &'t str, context: Context, names: &'n Names) -> Self {
        let frame =
            Frame { kind: FrameKind::Root, start: 0, has_comparison: false, minuses: 0, faults_before: 0 };
        Self {
            tokens: Lexer::new(text).peekable(),
            context,
            names,
            previous: Previous::Start,
            frame,
            outer: Vec::new(),
            depth: 0,
            is_too_deep: false,
            findings: Vec::new(),
            syntax_faults: 0,
            builder: Builder::new(),
        }
    }

    fn take(&mut self, token: Token<'t>) {
        match token.kind {
            TokenKind::Number => {
                self.begin_operand(token);
                self.build(|builder| builder.number(token.text, token.start, token.end));
                self.end_operand(Previous::Operand);
            }
            TokenKind::Name => {
                self.begin_operand(token);
                if self.tokens.next_if(|next| next.kind == TokenKind::Open).is_some() {
                    self.call(token);
                } else {
                    self.variable(token);
                    self.end_operand(Previous::Operand);
                }
            }
            TokenKind::Open => {
                self.begin_operand(token);
                self.open(FrameKind::Group, token);
            }
            TokenKind::Close => self.close(token),
            TokenKind::Comma => self.comma(token),
            TokenKind::Operator(operator) => self.operator(operator, token),
            TokenKind::MalformedNumber | TokenKind::InvalidOperator(_) | TokenKind::InvalidCharacter(_) => {
                self.syntax_fault(What::InvalidToken, token);
                self.end_operand(Previous::Fault);
            }
        }
    }

    fn begin_operand(&mut self, token: Token<'t>) {
        if self.previous == Previous::Operand {
            self.syntax_fault(What::MissingOperator, token);
        }
    }

    fn end_operand(&mut self, as_previous: Previous<'t>) {
        self.depth = self.depth.saturating_sub(self.frame.minuses);
        self.frame.minuses = 0;
        self.previous = as_previous;
    }

    fn variable(&mut self, token: Token<'t>) {
        let variable = Variable::named(token.text).filter(|variable| variable.is_known_in(self.context));
        let (key, symbol) = match (variable, self.names.symbol(token.text)) {
            (Some(variable), _) => (None, Symbol::Variable(variable)),
            (None, Some((key, symbol))) => (Some(key), symbol),
            (None, None) => return self.find(What::InvalidVariable, token),
        };
        self.build(|builder| builder.symbol(symbol, key, token.start, token.end));
    }

    fn call(&mut self, name: Token<'t>) {
        let function = Function::named(name.text);
        if function.is_none() {
            self.find(What::InvalidFunction, name);
        }
        self.open(FrameKind::Call { name, function, commas: 0 }, name);
    }

    fn open(&mut self, kind: FrameKind<'t>, token: Token<'t>) {
        self.deepen(token);
        self.build(Builder::open);
        let frame = Frame {
            kind,
            start: token.start,
            has_comparison: false,
            minuses: 0,
            faults_before: self.syntax_faults,
        };
        self.outer.push(core::mem::replace(&mut self.frame, frame));
        self.previous = Previous::Open;
    }

    fn close(&mut self, token: Token<'t>) {
        let is_call = matches!(self.frame.kind, FrameKind::Call { .. });
        self.demand_operand();
        let misfits = match self.previous {
            Previous::Comma => true,
            Previous::Open => !is_call,
            _ => self.outer.is_empty(),
        };
        if misfits {
            self.syntax_fault(What::UnexpectedToken, token);
        }
        if let Some(outer) = self.outer.pop() {
            let frame = core::mem::replace(&mut self.frame, outer);
            self.depth = self.depth.saturating_sub(frame.minuses.saturating_add(1));
            self.end_frame(frame, token);
        }
        self.end_operand(if misfits { Previous::Fault } else { Previous::Operand });
    }

    fn end_frame(&mut self, frame: Frame<'t>, token: Token<'t>) {
        match frame.kind {
            FrameKind::Call { name, function: Some(function), commas } => {
                let found = if self.previous == Previous::Open { 0 } else { commas.saturating_add(1) };
                // Within a syntax fault nobody knows what an argument was meant to be.
                if self.syntax_faults == frame.faults_before && !function.accepts(to_usize(found)) {
                    self.find(What::ArgumentCount { function, found }, name);
                }
                self.build(|builder| builder.close_call(function, found, frame.start, token.end));
            }
            _ => self.build(|builder| builder.close_group(frame.start, token.end)),
        }
    }

    fn comma(&mut self, token: Token<'t>) {
        self.demand_operand();
        let follows_operand = !matches!(self.previous, Previous::Start | Previous::Open | Previous::Comma);
        self.frame.has_comparison = false;
        if let FrameKind::Call { commas, .. } = &mut self.frame.kind
            && follows_operand
        {
            *commas = commas.saturating_add(1);
            self.build(Builder::argument);
            self.end_operand(Previous::Comma);
        } else {
            self.syntax_fault(What::UnexpectedToken, token);
            self.end_operand(Previous::Fault);
        }
    }

    fn operator(&mut self, operator: Operator, token: Token<'t>) {
        let follows_operand = matches!(self.previous, Previous::Operand | Previous::Fault);
        if operator == Operator::Subtract && !follows_operand {
            self.frame.minuses = self.frame.minuses.saturating_add(1);
            self.deepen(token);
            self.build(|builder| builder.minus(token.start));
            self.previous = Previous::Operator(token);
            return;
        }
        let mut as_previous = Previous::Operator(token);
        match self.previous {
            Previous::Start | Previous::Open | Previous::Comma => {
                self.syntax_fault(What::MissingLeftOperand, token);
                as_previous = Previous::FaultyOperator;
            }
            Previous::Operator(_) | Previous::FaultyOperator => self.demand_operand(),
            Previous::Operand | Previous::Fault => {
                if operator.is_comparison() && self.frame.has_comparison {
                    self.syntax_fault(What::ChainedComparison, token);
                    as_previous = Previous::FaultyOperator;
                }
            }
        }
        self.frame.has_comparison |= operator.is_comparison();
        self.build(|builder| builder.operator(operator, token.start));
        self.end_operand(as_previous);
    }

    /// Tells that an operator lacks its right operand, if one waits for it.
    fn demand_operand(&mut self) {
        if let Previous::Operator(token) = self.previous {
            self.syntax_fault(What::MissingRightOperand, token);
            self.previous = Previous::FaultyOperator;
        }
    }

    fn end(&mut self, end: Token<'t>) {
        self.demand_operand();
        if self.previous == Previous::Start {
            self.syntax_fault(What::Empty, Token { start: 0, end: 0, ..end });
        } else if !self.outer.is_empty() {
            self.syntax_fault(What::MissingParenthesis, end);
        }
    }

    fn deepen(&mut self, token: Token<'t>) {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEPTH_MAX && !self.is_too_deep {
            self.is_too_deep = true;
            self.find(What::TooDeep, token);
        }
    }

    fn syntax_fault(&mut self, what: What, token: Token<'t>) {
        self.syntax_faults = self.syntax_faults.saturating_add(1);
        self.find(what, token);
    }

    fn find(&mut self, what: What, token: Token<'t>) {
        self.findings.push(Finding { what, token });
    }

    /// With a fault there will be no tree, and the builder may not hold what a step counts on.
    fn build(&mut self, step: impl FnOnce(&mut Builder)) {
        if self.findings.is_empty() {
            step(&mut self.builder);
        }
    }
}
