//! The names that a book adds to the language: its parameters and its user formulas.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::lexer::is_name;
use super::{Dimension, Function, Variable};
use crate::id::ID_CHARS_MAX;

/// What a name in a formula stands for.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Symbol {
    /// A figure of the event.
    Variable(Variable),
    /// The parameter at this place of [`Names::parameters`].
    Parameter(usize),
    /// The user formula at this place of [`Names::user_formulas`].
    UserFormula(usize),
}

/// The parameters and the earlier user formulas that formulas may name, each at a place that counts from 0.
///
/// The values of an evaluation come in the same places.
///
/// ```
/// use jeongsan::formula::Names;
///
/// let mut names = Names::new();
/// assert_eq!(names.add_parameter("season_factor"), Ok(0));
/// assert_eq!(names.parameter("season_factor"), Some(0));
/// assert!(names.add_parameter("ORDER_AMOUNT").is_err());
/// assert!(names.add_user_formula("season_factor").is_err());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Names {
    parameters: Vec<Arc<str>>,
    user_formulas: Vec<(Arc<str>, Dimension)>,
    symbols: BTreeMap<Arc<str>, Symbol>,
}

/// Why a key can't name a parameter or a user formula.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// It isn't a letter, `_` or Hangul followed by those and digits, or is longer than an id may be.
    #[error("key `{0}` is no name: it takes letters, digits, `_` and Hangul, no digit first")]
    Malformed(String),
    /// The language has the name already.
    #[error("key `{0}` is a variable or a function")]
    Reserved(String),
    /// A parameter or a user formula has it.
    #[error("key `{0}` is in use")]
    Taken(String),
}

impl Names {
    /// No names.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter and tells its place.
    ///
    /// # Errors
    /// When the key is no name, is one of the language, or is taken.
    pub fn add_parameter(&mut self, key: &str) -> Result<usize, KeyError> {
        let place = self.parameters.len();
        let key = self.add(key, Symbol::Parameter(place))?;
        self.parameters.push(key);
        Ok(place)
    }

    /// Adds a user formula and tells its place.
    ///
    /// # Errors
    /// When the key is no name, is one of the language, or is taken.
    pub fn add_user_formula(&mut self, key: &str) -> Result<usize, KeyError> {
        let place = self.user_formulas.len();
        let key = self.add(key, Symbol::UserFormula(place))?;
        self.user_formulas.push((key, Dimension::Any));
        Ok(place)
    }

    fn add(&mut self, key: &str, symbol: Symbol) -> Result<Arc<str>, KeyError> {
        let shown = || key.chars().take(40).flat_map(char::escape_debug).collect();
        if !is_name(key) || key.chars().count() > ID_CHARS_MAX {
            return Err(KeyError::Malformed(shown()));
        }
        if Variable::named(key).is_some() || Function::named(key).is_some() {
            return Err(KeyError::Reserved(shown()));
        }
        if self.symbols.contains_key(key) {
            return Err(KeyError::Taken(shown()));
        }
        let key: Arc<str> = Arc::from(key);
        self.symbols.insert(Arc::clone(&key), symbol);
        Ok(key)
    }

    /// The place of a parameter.
    #[must_use]
    pub fn parameter(&self, key: &str) -> Option<usize> {
        match self.symbols.get(key) {
            Some(&Symbol::Parameter(place)) => Some(place),
            _ => None,
        }
    }

    /// The place of a user formula.
    #[must_use]
    pub fn user_formula(&self, key: &str) -> Option<usize> {
        match self.symbols.get(key) {
            Some(&Symbol::UserFormula(place)) => Some(place),
            _ => None,
        }
    }

    /// The keys of the parameters, by place.
    pub fn parameters(&self) -> impl ExactSizeIterator<Item = &str> {
        self.parameters.iter().map(AsRef::as_ref)
    }

    /// The keys of the user formulas, by place.
    pub fn user_formulas(&self) -> impl ExactSizeIterator<Item = &str> {
        self.user_formulas.iter().map(|(key, _)| key.as_ref())
    }

    /// The parameter or user formula of a key.
    pub(super) fn symbol(&self, key: &str) -> Option<(&Arc<str>, Symbol)> {
        self.symbols.get_key_value(key).map(|(key, &symbol)| (key, symbol))
    }

    /// Says what a user formula yields, for the formulas that use it.
    pub(super) fn set_dimension(&mut self, place: usize, dimension: Dimension) {
        if let Some((_, known)) = self.user_formulas.get_mut(place) {
            *known = dimension;
        }
    }

    /// What a user formula yields.
    pub(super) fn dimension(&self, place: usize) -> Dimension {
        self.user_formulas.get(place).map_or(Dimension::Any, |&(_, dimension)| dimension)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn keys_are_names_of_their_own() {
        let mut names = Names::new();
        names.add_parameter("시즌계수").unwrap();
        let mut error = |key: &str| names.add_user_formula(key).unwrap_err().to_string();
        assert_eq!(
            error("1st"),
            "key `1st` is no name: it takes letters, digits, `_` and Hangul, no digit first"
        );
        assert_eq!(
            error("a\nb"),
            r"key `a\nb` is no name: it takes letters, digits, `_` and Hangul, no digit first"
        );
        assert_eq!(error("Min"), "key `Min` is a variable or a function");
        assert_eq!(error("PLATFORM_FEE_AMOUNT"), "key `PLATFORM_FEE_AMOUNT` is a variable or a function");
        assert_eq!(error("시즌계수"), "key `시즌계수` is in use");
        assert!(matches!(names.add_user_formula(""), Err(KeyError::Malformed(_))));
        assert!(matches!(names.add_user_formula(&"a".repeat(129)), Err(KeyError::Malformed(_))));
        assert_eq!(names.add_user_formula("order_amount"), Ok(0));
    }
}
