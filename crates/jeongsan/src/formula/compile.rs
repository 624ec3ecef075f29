//! Trees into programs.
//!
//! One walk over the nodes, in the order of evaluation. Whatever is a sum of products stays a polynomial in hand; only what no
//! polynomial can do, or one that grows too large, becomes an instruction whose register is then an atom of the next
//! polynomial.

use alloc::vec::Vec;
use core::num::NonZeroU64;

use super::inputs::VariableSet;
use super::lexer::to_usize;
use super::polynomial::{Atom, Polynomial, Term};
use super::program::{Instruction, LinearTerm, Number, Program, Range, Sum};
use super::tree::{BranchEnd, NodeKind, Tree};
use super::{Function, Operator, Value};
use crate::money::Rounding;

/// Compiles a tree, and tells the polynomial that it is, if it needs no instructions.
pub(super) fn compile(tree: &Tree) -> (Program, Option<Polynomial>) {
    let mut compiler = Compiler::default();
    for (node, branch_end) in tree.nodes().zip(tree.branch_ends()) {
        let value = match node.kind {
            NodeKind::Number { start, end } => compiler.number(tree.digits(start, end)),
            NodeKind::Symbol(symbol) => Polynomial::atom(symbol.into()),
            NodeKind::Negate => {
                let (operand, minus_one) = (compiler.pop(), compiler.constant(Value::integer(-1)));
                compiler.combine(operand, minus_one, Polynomial::multiply)
            }
            NodeKind::Binary(operator) => {
                let (right, left) = (compiler.pop(), compiler.pop());
                compiler.binary(operator, left, right)
            }
            NodeKind::Call { function, arguments } => compiler.call(function, to_usize(arguments)),
        };
        compiler.operands.push(value);
        match branch_end {
            Some(BranchEnd::Condition(_)) => compiler.end_condition(),
            Some(BranchEnd::Then(_)) => compiler.end_then(),
            None => {}
        }
    }
    let result = compiler.pop();
    compiler.program.result = Some(compiler.sum(&result));
    let is_polynomial = compiler.program.instructions.is_empty();
    (compiler.program, is_polynomial.then_some(result))
}

/// An `if` that has not come to its end.
#[derive(Clone, Copy, Debug)]
struct OpenIf {
    /// The instruction that skips the branch being read.
    skip: usize,
    /// Where its value goes, once the first branch has been read.
    to: u32,
}

#[derive(Debug, Default)]
struct Compiler {
    program: Program,
    /// Operands that no node has taken yet.
    operands: Vec<Polynomial>,
    open_ifs: Vec<OpenIf>,
}

impl Compiler {
    /// The last operand; the builder gives each node as many as it takes.
    fn pop(&mut self) -> Polynomial {
        self.operands.pop().unwrap_or_default()
    }

    fn number(&mut self, digits: &str) -> Polynomial {
        match Value::literal(digits) {
            Some(value) => self.constant(value),
            None => self.too_wide(),
        }
    }

    /// A constant, in a register where its terms exceed a coefficient.
    fn constant(&mut self, value: Value) -> Polynomial {
        match Polynomial::constant(value) {
            Some(constant) => constant,
            None => self.emit(|to| Instruction::Constant { to, value }),
        }
    }

    /// The end of what can be compiled.
    fn too_wide(&mut self) -> Polynomial {
        self.program.instructions.push(Instruction::TooWide);
        Polynomial::default()
    }

    /// An instruction that writes a register, as the atom to read it.
    fn emit(&mut self, instruction: impl FnOnce(u32) -> Instruction) -> Polynomial {
        let to = self.register();
        self.program.instructions.push(instruction(to));
        Polynomial::atom(Atom::Register(to))
    }

    fn register(&mut self) -> u32 {
        let register = self.program.registers;
        self.program.registers = register.saturating_add(1);
        register
    }

    fn sum(&mut self, polynomial: &Polynomial) -> Sum {
        let place = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let Program { linear, products, .. } = &mut self.program;
        let (linear_start, products_start) = (place(linear.len()), place(products.len()));
        let mut constant = 0;
        let mut variables = VariableSet::default();
        for &Term { factors, coefficient } in &polynomial.terms {
            match factors {
                [None, ..] => constant = coefficient,
                [Some(Atom::Variable(variable)), None, _] if !variable.is_rate() => {
                    linear.push(LinearTerm { coefficient, variable });
                    variables.insert(variable);
                }
                _ => products.push(Term { factors, coefficient }),
            }
        }
        Sum {
            denominator: NonZeroU64::new(polynomial.denominator.unsigned_abs()).unwrap_or(NonZeroU64::MIN),
            constant,
            variables,
            linear: Range { start: linear_start, end: place(linear.len()) },
            products: Range { start: products_start, end: place(products.len()) },
        }
    }

    /// A step on two polynomials: on their values, where the result isn't a polynomial of moderate size.
    fn combine(
        &mut self,
        left: Polynomial,
        right: Polynomial,
        step: fn(&Polynomial, &Polynomial) -> Option<Polynomial>,
    ) -> Polynomial {
        if let Some(value) = step(&left, &right) {
            return value;
        }
        let (left, right) = (self.evaluated(left), self.evaluated(right));
        match step(&left, &right) {
            Some(value) => value,
            None => self.too_wide(),
        }
    }

    /// The polynomial as one atom.
    fn evaluated(&mut self, polynomial: Polynomial) -> Polynomial {
        if polynomial.is_atom() {
            return polynomial;
        }
        let sum = self.sum(&polynomial);
        self.emit(|to| Instruction::Evaluate { to, sum })
    }

    fn binary(&mut self, operator: Operator, left: Polynomial, right: Polynomial) -> Polynomial {
        match operator {
            Operator::Add => self.combine(left, right, Polynomial::add),
            Operator::Subtract => self.combine(left, right, Polynomial::subtract),
            Operator::Multiply => self.combine(left, right, Polynomial::multiply),
            Operator::Divide => {
                if let Some(quotient) = left.divide(&right) {
                    return quotient;
                }
                let (left, right) = (self.sum(&left), self.sum(&right));
                self.emit(|to| Instruction::Divide { to, left, right })
            }
            _ => {
                if let (Some(left), Some(right)) = (left.as_constant(), right.as_constant())
                    && let Some(ordering) = left.compare(right)
                {
                    return self.constant(if operator.holds(ordering) { Value::ONE } else { Value::ZERO });
                }
                let (left, right) = (self.sum(&left), self.sum(&right));
                self.emit(|to| Instruction::Compare { to, operator, left, right })
            }
        }
    }

    fn call(&mut self, function: Function, arguments: usize) -> Polynomial {
        match function {
            Function::Round => self.round(Rounding::HalfUp),
            Function::RoundUp => self.round(Rounding::Up),
            Function::RoundDown => self.round(Rounding::Down),
            Function::Min | Function::Max => self.extreme(function, arguments),
            Function::If => self.end_if(),
        }
    }

    fn round(&mut self, rounding: Rounding) -> Polynomial {
        let operand = self.pop();
        if let Some(rounded) = operand.as_constant().and_then(|value| value.round(rounding)) {
            return self.constant(rounded);
        }
        let sum = self.sum(&operand);
        self.emit(|to| Instruction::Round { to, sum, rounding })
    }

    fn extreme(&mut self, function: Function, arguments: usize) -> Polynomial {
        let first = self.operands.len().saturating_sub(arguments);
        let mut operands = self.operands.split_off(first).into_iter();
        let mut best = operands.next().unwrap_or_default();
        for operand in operands {
            best = self.better(function, best, operand);
        }
        best
    }

    /// The lesser or the greater of two.
    fn better(&mut self, function: Function, left: Polynomial, right: Polynomial) -> Polynomial {
        let is_least = function == Function::Min;
        if let (Some(one), Some(other)) = (left.as_constant(), right.as_constant())
            && let Some(ordering) = one.compare(other)
        {
            return if ordering.is_le() == is_least { left } else { right };
        }
        let (left, right) = (self.sum(&left), self.sum(&right));
        self.emit(|to| match is_least {
            true => Instruction::Least { to, left, right },
            false => Instruction::Greatest { to, left, right },
        })
    }

    fn end_condition(&mut self) {
        let condition = self.pop();
        let skip = match self.program.instructions.last() {
            // A comparison for the sake of the condition alone.
            Some(&Instruction::Compare { to, operator, left, right })
                if condition == Polynomial::atom(Atom::Register(to)) =>
            {
                self.program.instructions.pop();
                Instruction::SkipUnless { operator, left, right, target: 0 }
            }
            _ => Instruction::SkipIfZero { sum: self.sum(&condition), target: 0 },
        };
        self.open_ifs.push(OpenIf { skip: self.program.instructions.len(), to: 0 });
        self.program.instructions.push(skip);
    }

    fn end_then(&mut self) {
        let then = self.pop();
        let sum = self.sum(&then);
        let to = self.register();
        self.program.instructions.push(Instruction::Evaluate { to, sum });
        let skip = self.program.instructions.len();
        self.program.instructions.push(Instruction::Skip { target: 0 });
        if let Some(open) = self.open_ifs.last_mut() {
            let condition = core::mem::replace(open, OpenIf { skip, to });
            self.land(condition.skip);
        }
    }

    fn end_if(&mut self) -> Polynomial {
        let otherwise = self.pop();
        let Some(OpenIf { skip, to }) = self.open_ifs.pop() else {
            return self.too_wide();
        };
        let sum = self.sum(&otherwise);
        self.program.instructions.push(Instruction::Evaluate { to, sum });
        self.land(skip);
        Polynomial::atom(Atom::Register(to))
    }

    /// Lets an instruction skip to the place reached.
    fn land(&mut self, skip: usize) {
        let here = self.program.instructions.len();
        if let Some(
            Instruction::SkipIfZero { target, .. }
            | Instruction::SkipUnless { target, .. }
            | Instruction::Skip { target },
        ) = self.program.instructions.get_mut(skip)
        {
            *target = here;
        }
    }
}
