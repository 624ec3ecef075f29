//! Sums of products with one denominator: what most formulas are, once multiplied out.

use alloc::vec::Vec;

use super::magnitude::common_divisor;
use super::program::Number;
use super::{Symbol, Value, Variable};

/// The most terms of a polynomial; a longer sum is computed in parts.
const TERMS_MAX: usize = 32;
/// The most factors of a term beside its coefficient.
pub(super) const DEGREE_MAX: usize = 3;

/// A factor of a term.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Atom {
    Variable(Variable),
    Parameter(u32),
    UserFormula(u32),
    /// What an instruction has computed.
    Register(u32),
}

impl From<Symbol> for Atom {
    fn from(symbol: Symbol) -> Self {
        let narrow = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        match symbol {
            Symbol::Variable(variable) => Self::Variable(variable),
            Symbol::Parameter(place) => Self::Parameter(narrow(place)),
            Symbol::UserFormula(place) => Self::UserFormula(narrow(place)),
        }
    }
}

/// A product of atoms, in their order, the free places last.
pub(super) type Factors = [Option<Atom>; DEGREE_MAX];

/// A product with its coefficient.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Term {
    pub(super) factors: Factors,
    pub(super) coefficient: i64,
}

/// A sum of terms over a denominator from 1 up, in lowest terms. Terms are in the order of their factors, each product once and
/// none with a coefficient of 0, so that two polynomials are equal exactly when they are the same function.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Polynomial {
    pub(super) terms: Vec<Term>,
    pub(super) denominator: i64,
}

/// Zero.
impl Default for Polynomial {
    fn default() -> Self {
        Self { terms: Vec::new(), denominator: 1 }
    }
}

impl Polynomial {
    pub(super) fn constant(value: Value) -> Option<Self> {
        let (numerator, denominator) =
            (i64::try_from(value.numerator()).ok()?, i64::try_from(value.denominator()).ok()?);
        Self::new(alloc::vec![Term { factors: [None; DEGREE_MAX], coefficient: numerator }], denominator)
    }

    pub(super) fn atom(atom: Atom) -> Self {
        let terms = alloc::vec![Term { factors: [Some(atom), None, None], coefficient: 1 }];
        Self { terms, denominator: 1 }
    }

    /// From terms in any order; `None` where a sum of coefficients overflows or there are too many terms.
    fn new(mut terms: Vec<Term>, denominator: i64) -> Option<Self> {
        terms.sort_unstable_by_key(|term| term.factors);
        let mut summed: Vec<Term> = Vec::with_capacity(terms.len());
        for term in terms {
            match summed.last_mut().filter(|last| last.factors == term.factors) {
                Some(last) => last.coefficient = last.coefficient.checked_add(term.coefficient)?,
                None => summed.push(term),
            }
        }
        summed.retain(|term| term.coefficient != 0);
        if summed.len() > TERMS_MAX {
            return None;
        }
        Self { terms: summed, denominator }.reduced()
    }

    fn reduced(mut self) -> Option<Self> {
        let mut divisor = u128::from(self.denominator.unsigned_abs());
        for term in &self.terms {
            if divisor == 1 {
                break;
            }
            divisor = common_divisor(divisor, term.coefficient.unsigned_abs().into());
        }
        let divisor = i64::try_from(divisor).ok()?;
        for term in &mut self.terms {
            term.coefficient = term.coefficient.checked_div(divisor)?;
        }
        self.denominator = self.denominator.checked_div(divisor)?;
        Some(self)
    }

    /// The value, if it has no atoms.
    pub(super) fn as_constant(&self) -> Option<Value> {
        match self.terms.as_slice() {
            [] => Some(Value::ZERO),
            [Term { factors: [None, ..], coefficient }] => {
                Some(Value::over((*coefficient).into(), self.denominator.into()))
            }
            _ => None,
        }
    }

    /// Whether it is nothing but one atom.
    pub(super) fn is_atom(&self) -> bool {
        self.denominator == 1
            && matches!(self.terms.as_slice(), [Term { factors: [Some(_), None, ..], coefficient: 1 }])
    }

    /// The polynomial times a fraction with a denominator from 1 up.
    fn scaled(&self, numerator: i64, denominator: i64) -> Option<Self> {
        let terms = self
            .terms
            .iter()
            .map(|term| Some(Term { coefficient: term.coefficient.checked_mul(numerator)?, ..*term }));
        Self::new(terms.collect::<Option<_>>()?, self.denominator.checked_mul(denominator)?)
    }

    pub(super) fn add(&self, other: &Self) -> Option<Self> {
        let common =
            common_divisor(self.denominator.unsigned_abs().into(), other.denominator.unsigned_abs().into());
        let common = i64::try_from(common).ok()?;
        let own_scale = other.denominator.checked_div(common)?;
        let other_scale = self.denominator.checked_div(common)?;
        let mut terms = Vec::with_capacity(self.terms.len().saturating_add(other.terms.len()));
        for (part, scale) in [(self, own_scale), (other, other_scale)] {
            for term in &part.terms {
                terms.push(Term { coefficient: term.coefficient.checked_mul(scale)?, ..*term });
            }
        }
        Self::new(terms, self.denominator.checked_mul(own_scale)?)
    }

    pub(super) fn subtract(&self, other: &Self) -> Option<Self> {
        self.add(&other.scaled(-1, 1)?)
    }

    pub(super) fn multiply(&self, other: &Self) -> Option<Self> {
        if self.terms.len().saturating_mul(other.terms.len()) > TERMS_MAX {
            return None;
        }
        let mut terms = Vec::new();
        for left in &self.terms {
            for right in &other.terms {
                terms.push(Term {
                    factors: product(left.factors, right.factors)?,
                    coefficient: left.coefficient.checked_mul(right.coefficient)?,
                });
            }
        }
        Self::new(terms, self.denominator.checked_mul(other.denominator)?)
    }

    /// The quotient by a constant that is not 0.
    pub(super) fn divide(&self, other: &Self) -> Option<Self> {
        let divisor = other.as_constant().filter(|divisor| !divisor.is_zero())?;
        let numerator = i64::try_from(divisor.numerator()).ok()?;
        let sign = numerator.signum();
        self.scaled(other.denominator.checked_mul(sign)?, numerator.checked_mul(sign)?)
    }
}

/// The factors of a product; `None` if they are too many.
fn product(left: Factors, right: Factors) -> Option<Factors> {
    let mut all: Vec<Atom> = left.into_iter().chain(right).flatten().collect();
    all.sort_unstable();
    let mut factors = [None; DEGREE_MAX];
    if all.len() > factors.len() {
        return None;
    }
    for (slot, atom) in factors.iter_mut().zip(all) {
        *slot = Some(atom);
    }
    Some(factors)
}
