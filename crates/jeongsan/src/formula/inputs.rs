//! The values that a formula is evaluated on.

use alloc::vec::Vec;

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
    /// The values of 64 bits, which nearly all have; `None` sends to `wide`.
    narrow: [Option<Narrow>; Variable::COUNT],
    wide: Vec<(Variable, Value)>,
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
        Self { narrow: [Some(Narrow::ZERO); Variable::COUNT], wide: Vec::new() }
    }

    /// Sets a variable.
    #[inline]
    pub fn set(&mut self, variable: Variable, value: impl Into<Value>) {
        let value = value.into();
        let narrow = Narrow::of(value);
        if narrow.is_none() {
            self.set_wide(variable, value);
        }
        if let Some(slot) = self.narrow.get_mut(variable.index()) {
            *slot = narrow;
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
        self.narrow.get(variable.index()).copied().flatten()
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
