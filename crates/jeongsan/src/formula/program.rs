//! Formulas compiled: polynomials, and a few instructions between them for what no polynomial can do.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::num::NonZeroU64;

use super::inputs::VariableSet;
use super::lexer::to_usize;
use super::polynomial::{Atom, Term};
use super::{Inputs, Operator, Value, Variable, Variables};
use crate::money::Rounding;

/// The arithmetic that a program runs on. What doesn't fit is `None`, never another number.
pub(super) trait Number: Copy {
    const ZERO: Self;
    fn of(value: Value) -> Option<Self>;
    fn ratio(numerator: i64, denominator: NonZeroU64) -> Self;
    fn variable(variables: &Variables, variable: Variable) -> Option<Self>;
    fn linear(sum: LinearSum<'_>, variables: &Variables) -> Option<Self>;
    fn is_zero(self) -> bool;
    fn add(self, other: Self) -> Option<Self>;
    /// The sum with a factor times a coefficient over a denominator.
    fn add_scaled(self, coefficient: i64, denominator: NonZeroU64, factor: Self) -> Option<Self>;
    fn multiply(self, other: Self) -> Option<Self>;
    /// `None` also for a divisor of zero.
    fn divide(self, other: Self) -> Option<Self>;
    fn compare(self, other: Self) -> Option<Ordering>;
    fn round(self, rounding: Rounding) -> Option<Self>;
    /// The integer, if it is one of 64 bits.
    fn whole(self) -> Option<i64>;
}

/// Amounts with coefficients and a constant, over one denominator.
#[derive(Clone, Copy, Debug)]
pub(super) struct LinearSum<'p> {
    pub(super) constant: i64,
    pub(super) terms: &'p [LinearTerm],
    pub(super) variables: VariableSet,
    pub(super) denominator: NonZeroU64,
}

/// A formula of so few registers needs no memory but the stack's.
const REGISTERS_INLINE: usize = 8;

/// A polynomial of the program, over a denominator from 1 up: a constant, amounts with coefficients, and other terms.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum {
    pub(super) denominator: NonZeroU64,
    pub(super) constant: i64,
    pub(super) linear: Range,
    /// The variables of the linear part.
    pub(super) variables: VariableSet,
    pub(super) products: Range,
}

/// Places of a list, half-open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// A coefficient and what it multiplies.
#[derive(Clone, Copy, Debug)]
pub(super) struct LinearTerm {
    pub(super) coefficient: i64,
    pub(super) variable: Variable,
}

/// One step. A register is written by one instruction, or in each branch of an `if`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Instruction {
    Evaluate {
        to: u32,
        sum: Sum,
    },
    Constant {
        to: u32,
        value: Value,
    },
    /// A literal of more than 38 digits: the compiled form ends here.
    TooWide,
    Divide {
        to: u32,
        left: Sum,
        right: Sum,
    },
    Compare {
        to: u32,
        operator: Operator,
        left: Sum,
        right: Sum,
    },
    Least {
        to: u32,
        left: Sum,
        right: Sum,
    },
    Greatest {
        to: u32,
        left: Sum,
        right: Sum,
    },
    Round {
        to: u32,
        sum: Sum,
        rounding: Rounding,
    },
    SkipIfZero {
        sum: Sum,
        target: usize,
    },
    SkipUnless {
        operator: Operator,
        left: Sum,
        right: Sum,
        target: usize,
    },
    Skip {
        target: usize,
    },
}

/// A compiled formula.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub(super) linear: Vec<LinearTerm>,
    pub(super) products: Vec<Term>,
    pub(super) instructions: Vec<Instruction>,
    pub(super) result: Option<Sum>,
    pub(super) registers: u32,
}

impl Program {
    /// The value for some inputs. `None` where a value doesn't fit, a divisor is zero or a value is missing: the walk over the
    /// tree then tells which.
    #[inline]
    pub(super) fn run<N: Number>(&self, inputs: Inputs<'_>) -> Option<N> {
        let result = self.result.as_ref()?;
        if self.instructions.is_empty() {
            return self.sum(result, inputs, &[]);
        }
        let count = to_usize(self.registers);
        let mut inline = [N::ZERO; REGISTERS_INLINE];
        match inline.get_mut(..count) {
            Some(registers) => self.run_with(result, inputs, registers),
            None => self.run_with(result, inputs, &mut alloc::vec![N::ZERO; count]),
        }
    }

    fn run_with<N: Number>(&self, result: &Sum, inputs: Inputs<'_>, registers: &mut [N]) -> Option<N> {
        let one = N::ratio(1, NonZeroU64::MIN);
        let mut next = 0_usize;
        while let Some(instruction) = self.instructions.get(next) {
            next = next.saturating_add(1);
            let sum = |sum| self.sum(sum, inputs, registers);
            let (to, value) = match instruction {
                Instruction::Evaluate { to, sum: operand } => (to, sum(operand)?),
                Instruction::Constant { to, value } => (to, N::of(*value)?),
                Instruction::TooWide => return None,
                Instruction::Divide { to, left, right } => (to, sum(left)?.divide(sum(right)?)?),
                Instruction::Compare { to, operator, left, right } => {
                    let holds = operator.holds(sum(left)?.compare(sum(right)?)?);
                    (to, if holds { one } else { N::ZERO })
                }
                Instruction::Least { to, left, right } => {
                    let (left, right) = (sum(left)?, sum(right)?);
                    (to, if left.compare(right)?.is_le() { left } else { right })
                }
                Instruction::Greatest { to, left, right } => {
                    let (left, right) = (sum(left)?, sum(right)?);
                    (to, if left.compare(right)?.is_ge() { left } else { right })
                }
                Instruction::Round { to, sum: operand, rounding } => (to, sum(operand)?.round(*rounding)?),
                Instruction::SkipIfZero { sum: operand, target } => {
                    if sum(operand)?.is_zero() {
                        next = *target;
                    }
                    continue;
                }
                Instruction::SkipUnless { operator, left, right, target } => {
                    if !operator.holds(sum(left)?.compare(sum(right)?)?) {
                        next = *target;
                    }
                    continue;
                }
                Instruction::Skip { target } => {
                    next = *target;
                    continue;
                }
            };
            *registers.get_mut(to_usize(*to))? = value;
        }
        self.sum(result, inputs, registers)
    }

    #[inline(always)]
    fn sum<N: Number>(&self, sum: &Sum, inputs: Inputs<'_>, registers: &[N]) -> Option<N> {
        let terms = sum.linear.of(&self.linear);
        let Sum { constant, variables, denominator, .. } = *sum;
        let linear = N::linear(LinearSum { constant, terms, variables, denominator }, inputs.variables)?;
        if sum.products.is_empty() { Some(linear) } else { self.add_products(linear, sum, inputs, registers) }
    }

    fn add_products<N: Number>(
        &self,
        linear: N,
        sum: &Sum,
        inputs: Inputs<'_>,
        registers: &[N],
    ) -> Option<N> {
        let mut total = linear;
        for term in sum.products.of(&self.products) {
            let [first, others @ ..] = term.factors;
            let mut product = read(first?, inputs, registers)?;
            for atom in others.into_iter().flatten() {
                product = product.multiply(read(atom, inputs, registers)?)?;
            }
            total = total.add_scaled(term.coefficient, sum.denominator, product)?;
        }
        Some(total)
    }
}

impl Range {
    const fn is_empty(self) -> bool {
        self.start == self.end
    }

    #[inline]
    fn of<T>(self, list: &[T]) -> &[T] {
        list.get(to_usize(self.start)..to_usize(self.end)).unwrap_or_default()
    }
}

#[inline]
fn read<N: Number>(atom: Atom, inputs: Inputs<'_>, registers: &[N]) -> Option<N> {
    match atom {
        Atom::Variable(variable) => N::variable(inputs.variables, variable),
        Atom::Parameter(place) => N::of(inputs.parameter(to_usize(place))?),
        Atom::UserFormula(place) => N::of(inputs.user_formula(to_usize(place))?),
        Atom::Register(place) => registers.get(to_usize(place)).copied(),
    }
}
