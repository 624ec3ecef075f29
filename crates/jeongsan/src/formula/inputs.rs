//! The values that a formula is evaluated on.

use alloc::vec::Vec;
use core::num::NonZeroU64;

use super::narrow::Narrow;
use super::program::Number;
use super::{Symbol, Value, Variable};
use crate::money::Amount;

/// The figures of one event, by variable. What isn't set is 0, as a figure that an event lacks.
///
/// ```
/// use jeongsan::formula::{Value, Variable, Variables};
/// use jeongsan::rate::Rate;
///
/// let mut variables = Variables::new();
/// variables.set(Variable::OrderAmount, 10_000);
/// variables.set(Variable::FixedRate, "10%".parse::<Rate>()?);
/// assert_eq!(Some(variables.get(Variable::FixedRate)), Value::fraction(1, 10));
/// # Ok::<(), jeongsan::rate::RateError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Variables {
    numerators: [i64; Variable::COUNT],
    /// `None` sends to `wide`.
    denominators: [Option<NonZeroU64>; Variable::COUNT],
    /// The variables that are no integers of 64 bits.
    fractions: VariableSet,
    wide: Vec<(Variable, Value)>,
}

/// A set of variables, one bit each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct VariableSet(u32);

impl VariableSet {
    pub(super) const fn insert(&mut self, variable: Variable) {
        self.0 |= variable.bit();
    }

    const fn remove(&mut self, variable: Variable) {
        self.0 &= !variable.bit();
    }

    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl Default for Variables {
    fn default() -> Self {
        Self::new()
    }
}

impl Variables {
    /// All of them 0.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            numerators: [0; Variable::COUNT],
            denominators: [Some(NonZeroU64::MIN); Variable::COUNT],
            fractions: VariableSet(0),
            wide: Vec::new(),
        }
    }

    /// Sets a variable.
    #[inline]
    pub fn set(&mut self, variable: Variable, value: impl Into<Value>) {
        let value = value.into();
        let narrow = Narrow::of(value);
        if narrow.is_none() {
            self.set_wide(variable, value);
        }
        if narrow.and_then(Number::whole).is_some() {
            self.fractions.remove(variable);
        } else {
            self.fractions.insert(variable);
        }
        let place = variable.index();
        if let (Some(numerator), Some(denominator)) =
            (self.numerators.get_mut(place), self.denominators.get_mut(place))
        {
            *numerator = narrow.map_or(0, |narrow| narrow.numerator);
            *denominator = narrow.map(|narrow| narrow.denominator);
        }
    }

    #[cold]
    fn set_wide(&mut self, variable: Variable, value: Value) {
        self.wide.retain(|(known, _)| *known != variable);
        self.wide.push((variable, value));
    }

    /// The value of a variable.
    #[must_use]
    #[inline]
    pub fn get(&self, variable: Variable) -> Value {
        self.narrow(variable).map_or_else(|| self.wide(variable), Value::from)
    }

    #[cold]
    fn wide(&self, variable: Variable) -> Value {
        let value = self.wide.iter().find(|(known, _)| *known == variable);
        value.map_or(Value::ZERO, |(_, value)| *value)
    }

    /// The value, if it has 64 bits.
    #[inline]
    pub(super) fn narrow(&self, variable: Variable) -> Option<Narrow> {
        let denominator = self.denominators.get(variable.index()).copied().flatten()?;
        Some(Narrow { numerator: self.numerator(variable), denominator })
    }

    /// The numerator of a value of 64 bits.
    #[inline]
    pub(super) fn numerator(&self, variable: Variable) -> i64 {
        self.numerators.get(variable.index()).copied().unwrap_or(0)
    }

    /// The variables that are no integers of 64 bits.
    #[inline]
    pub(super) const fn fractions(&self) -> VariableSet {
        self.fractions
    }
}

/// All that a formula is evaluated on: the figures of the event, and the values of parameters and of the user formulas
/// evaluated so far, each in the place that [`Names`](super::Names) gave its key.
///
/// A formula without parameters takes `&Variables` in its place.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The figures of the event.
    pub variables: &'a Variables,
    /// The values of the parameters.
    pub parameters: &'a [Value],
    /// The results of the user formulas.
    pub user_formulas: &'a [Amount],
}

impl<'a> Inputs<'a> {
    #[inline]
    pub(super) fn parameter(self, place: usize) -> Option<Value> {
        self.parameters.get(place).copied()
    }

    #[inline]
    pub(super) fn user_formula(self, place: usize) -> Option<Value> {
        self.user_formulas.get(place).map(|&amount| Value::from(amount))
    }

    pub(super) fn value(self, symbol: Symbol) -> Option<Value> {
        match symbol {
            Symbol::Variable(variable) => Some(self.variables.get(variable)),
            Symbol::Parameter(place) => self.parameter(place),
            Symbol::UserFormula(place) => self.user_formula(place),
        }
    }
}

impl<'a> From<&'a Variables> for Inputs<'a> {
    fn from(variables: &'a Variables) -> Self {
        Self { variables, parameters: &[], user_formulas: &[] }
    }
}
