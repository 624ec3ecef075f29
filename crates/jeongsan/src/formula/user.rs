//! The user formulas of a book: figures of the merchant's own, each of which may use those before it.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::tree::NodeKind;
use super::{
    Context, EvaluationError, Formula, FormulaError, FormulaFault, Inputs, KeyError, Names, Symbol, Value,
    Variables,
};
use crate::money::{Amount, Rounding};

/// The most user formulas of a book, unless it is told otherwise.
pub const USER_FORMULAS_MAX: usize = 10;

/// A user formula as a book states it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UserFormula<'a> {
    /// The name by which later formulas use it.
    pub key: &'a str,
    /// The formula's text.
    pub formula: &'a str,
    /// How its value becomes whole.
    pub rounding: Rounding,
}

/// Why the user formulas of a book can't be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UserFormulaError {
    /// There are more than the book may have.
    #[error("{found} user formulas are more than {most}")]
    TooMany {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// The key of the user formula at this place can't be used.
    #[error("user formula {place}: {error}")]
    Key {
        /// The place, from 0.
        place: usize,
        /// What is wrong with its key.
        error: KeyError,
    },
    /// The text of the user formula at this place has a fault.
    #[error("user formula `{key}`: {error}")]
    Formula {
        /// The place, from 0.
        place: usize,
        /// Its key.
        key: String,
        /// The fault.
        error: FormulaError,
    },
    /// User formulas need each other, so none of them can be evaluated first.
    #[error("user formulas need each other: `{}`", keys.join("` needs `"))]
    Cycle {
        /// Their keys, each needing the one behind it; the first stands at the end again.
        keys: Vec<String>,
    },
}

/// User formulas, compiled, in the order of their evaluation.
///
/// ```
/// use jeongsan::formula::{Names, UserFormula, UserFormulas, Variable, Variables};
/// use jeongsan::money::{Amount, Rounding};
///
/// let mut names = Names::new();
/// names.add_parameter("levy_rate")?;
/// let definitions = [
///     UserFormula { key: "levy", formula: "PAYMENT_AMOUNT * levy_rate", rounding: Rounding::HalfUp },
///     UserFormula { key: "twice", formula: "levy * 2", rounding: Rounding::Down },
/// ];
/// let formulas = UserFormulas::parse(&definitions, &mut names, 10).unwrap();
///
/// let mut variables = Variables::new();
/// variables.set(Variable::PaymentAmount, 11_501);
/// let mut results = Vec::new();
/// formulas.evaluate_into(&variables, &["0.001".parse().unwrap()], &mut results).unwrap();
/// assert_eq!(results, [12, 24].map(Amount::new));
/// # Ok::<(), jeongsan::formula::KeyError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct UserFormulas {
    formulas: Vec<(Formula, Rounding)>,
}

impl UserFormulas {
    /// Reads the user formulas of a book and adds their keys to its names.
    ///
    /// Each may use those before it. A use of a later one is an error that says so, and those that need each other are
    /// named as a cycle.
    ///
    /// # Errors
    /// All keys at fault; if none is, all faults of the texts; if there are none, a cycle or all uses of later ones.
    pub fn parse(
        definitions: &[UserFormula<'_>],
        names: &mut Names,
        most: usize,
    ) -> Result<Self, Vec<UserFormulaError>> {
        let first = names.user_formulas().len();
        let formulas = read(definitions, names, most)?;
        order(&formulas, first).map_err(|cycle| alloc::vec![UserFormulaError::cycle(definitions, &cycle)])?;
        let mut errors = Vec::new();
        for (place, (formula, definition)) in formulas.iter().zip(definitions).enumerate() {
            let own = first.saturating_add(place);
            let later = formula.uses().filter(|(used, _)| *used >= own);
            errors.extend(later.map(|(used, span)| {
                let name = formula.tree.name(Symbol::UserFormula(used)).into();
                let error = FormulaError::new(FormulaFault::DefinedLater(name), span, None);
                UserFormulaError::Formula { place, key: definition.key.into(), error }
            }));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let roundings = definitions.iter().map(|definition| definition.rounding);
        Ok(Self { formulas: formulas.into_iter().zip(roundings).collect() })
    }

    /// The places of the definitions in an order in which each comes behind those it uses: the order given, as far as it can be.
    ///
    /// # Errors
    /// As [`UserFormulas::parse`], but for uses of later ones.
    pub fn dependency_order(
        definitions: &[UserFormula<'_>],
        names: &Names,
        most: usize,
    ) -> Result<Vec<usize>, Vec<UserFormulaError>> {
        let first = names.user_formulas().len();
        let formulas = read(definitions, &mut names.clone(), most)?;
        order(&formulas, first).map_err(|cycle| alloc::vec![UserFormulaError::cycle(definitions, &cycle)])
    }

    /// The formulas with their roundings.
    pub fn formulas(&self) -> impl ExactSizeIterator<Item = (&Formula, Rounding)> {
        self.formulas.iter().map(|(formula, rounding)| (formula, *rounding))
    }

    /// Which of them a formula needs, by way of others too.
    pub(crate) fn needed_by(&self, formula: &Formula) -> Vec<bool> {
        let mut needed = alloc::vec![false; self.formulas.len()];
        let mut open: Vec<usize> = formula.uses().map(|(place, _)| place).collect();
        while let Some(place) = open.pop() {
            if let Some(is_needed) = needed.get_mut(place).filter(|is_needed| !**is_needed) {
                *is_needed = true;
                open.extend(
                    self.formulas.get(place).into_iter().flat_map(|(f, _)| f.uses()).map(|(used, _)| used),
                );
            }
        }
        needed
    }

    /// As [`UserFormulas::evaluate_into`], with zero for those that aren't needed.
    pub(crate) fn evaluate_needed_into(
        &self,
        needed: &[bool],
        variables: &Variables,
        parameters: &[Value],
        results: &mut Vec<Amount>,
    ) -> Result<(), (usize, EvaluationError)> {
        for ((formula, rounding), is_needed) in self.formulas.iter().zip(needed) {
            let inputs = Inputs { variables, parameters, user_formulas: results };
            let result = match is_needed {
                true => formula.evaluate(inputs, *rounding).map_err(|error| (results.len(), error))?,
                false => Amount::ZERO,
            };
            results.push(result);
        }
        Ok(())
    }

    /// Appends the results to those of user formulas before these, one for each.
    ///
    /// # Errors
    /// As [`Formula::evaluate`], with the place among the results; the results before it have been appended.
    pub fn evaluate_into(
        &self,
        variables: &Variables,
        parameters: &[Value],
        results: &mut Vec<Amount>,
    ) -> Result<(), (usize, EvaluationError)> {
        for (formula, rounding) in &self.formulas {
            let inputs = Inputs { variables, parameters, user_formulas: results };
            let result = formula.evaluate(inputs, *rounding).map_err(|error| (results.len(), error))?;
            results.push(result);
        }
        Ok(())
    }
}

impl UserFormulaError {
    fn cycle(definitions: &[UserFormula<'_>], cycle: &[usize]) -> Self {
        let key = |&place: &usize| definitions.get(place).map_or("", |definition| definition.key).into();
        Self::Cycle { keys: cycle.iter().map(key).collect() }
    }
}

impl Formula {
    /// The places of the user formulas that it uses, and where.
    fn uses(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        self.tree.nodes().enumerate().filter_map(|(index, node)| match node.kind {
            NodeKind::Symbol(Symbol::UserFormula(place)) => Some((place, self.tree.span(index))),
            _ => None,
        })
    }
}

/// Reads the formulas with all keys known, so that the use of a later one can be told from the use of none.
fn read(
    definitions: &[UserFormula<'_>],
    names: &mut Names,
    most: usize,
) -> Result<Vec<Formula>, Vec<UserFormulaError>> {
    if definitions.len() > most {
        return Err(alloc::vec![UserFormulaError::TooMany { found: definitions.len(), most }]);
    }
    let mut places = Vec::new();
    let mut errors = Vec::new();
    for (place, definition) in definitions.iter().enumerate() {
        match names.add_user_formula(definition.key) {
            Ok(own) => places.push(own),
            Err(error) => errors.push(UserFormulaError::Key { place, error }),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut formulas = Vec::new();
    for (place, (definition, own)) in definitions.iter().zip(places).enumerate() {
        match Formula::parse(definition.formula, Context::User, names) {
            Ok(formula) => {
                names.set_dimension(own, formula.dimension());
                formulas.push(formula);
            }
            Err(faults) => errors.extend(faults.into_iter().map(|error| UserFormulaError::Formula {
                place,
                key: definition.key.into(),
                error,
            })),
        }
    }
    if errors.is_empty() { Ok(formulas) } else { Err(errors) }
}

/// An order in which each formula comes behind those it uses, or a cycle whose first stands at its end again.
fn order(formulas: &[Formula], first: usize) -> Result<Vec<usize>, Vec<usize>> {
    let mut order = Vec::new();
    for start in 0..formulas.len() {
        // The path from the start, each with the formulas that it still has to visit.
        let mut path = Vec::new();
        let mut next = Some(start);
        loop {
            if let Some(place) = next.filter(|place| !order.contains(place)) {
                if let Some(from) = path.iter().position(|(known, _)| *known == place) {
                    let cycle = path.iter().skip(from).map(|(place, _)| *place);
                    return Err(cycle.chain([place]).collect());
                }
                let uses = formulas.get(place).into_iter().flat_map(Formula::uses);
                let needs: Vec<usize> = uses.filter_map(|(used, _)| used.checked_sub(first)).collect();
                path.push((place, needs.into_iter()));
            }
            let Some((place, needs)) = path.last_mut() else { break };
            next = needs.next();
            if next.is_none() {
                order.push(*place);
                path.pop();
            }
        }
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn definitions<'a>(texts: &[(&'a str, &'a str)]) -> Vec<UserFormula<'a>> {
        let definition = |&(key, formula)| UserFormula { key, formula, rounding: Rounding::Down };
        texts.iter().map(definition).collect()
    }

    fn errors(texts: &[(&str, &str)]) -> Vec<String> {
        let errors = UserFormulas::parse(&definitions(texts), &mut Names::new(), 3).unwrap_err();
        errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_later_formula_is_told_with_its_place() {
        let definitions = definitions(&[("a", "1 + later"), ("later", "2")]);
        let errors = UserFormulas::parse(&definitions, &mut Names::new(), 10).unwrap_err();
        assert_eq!(errors[0].to_string(), "user formula `a`: user formula `later` is defined later");
        let UserFormulaError::Formula { place: 0, error, .. } = &errors[0] else { panic!("{errors:?}") };
        assert_eq!((error.kind().as_str(), error.span()), ("invalid-variable", 4..9));
        assert_eq!(UserFormulas::dependency_order(&definitions, &Names::new(), 10), Ok(alloc::vec![1, 0]));
    }

    #[test]
    fn cycles_are_named() {
        assert_eq!(errors(&[("a", "a + 1")]), ["user formulas need each other: `a` needs `a`"]);
        assert_eq!(
            errors(&[("x", "b"), ("b", "c * 2"), ("c", "min(1, b)")]),
            ["user formulas need each other: `b` needs `c` needs `b`"]
        );
    }

    #[test]
    fn keys_and_texts_are_checked() {
        assert_eq!(
            errors(&[("a", "1"), ("a", "2"), ("if", "3")]),
            ["user formula 1: key `a` is in use", "user formula 2: key `if` is a variable or a function"]
        );
        assert_eq!(
            errors(&[("a", "1 +"), ("b", "a + nope + 1.")]),
            [
                "user formula `a`: `+` has nothing on its right",
                "user formula `b`: `nope` is no variable, parameter or earlier user formula",
                "user formula `b`: `1.` is no number"
            ]
        );
        assert_eq!(
            errors(&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]),
            ["4 user formulas are more than 3"]
        );
    }

    #[test]
    fn a_failing_formula_is_told_by_its_place() {
        let texts = [("a", "ORDER_AMOUNT"), ("b", "1 / a")];
        let formulas = UserFormulas::parse(&definitions(&texts), &mut Names::new(), 10).unwrap();
        let mut results = Vec::new();
        let error = formulas.evaluate_into(&Variables::new(), &[], &mut results).unwrap_err();
        assert_eq!(error, (1, EvaluationError::DivisionByZero { span: 2..3 }));
        assert_eq!(results, [Amount::ZERO]);
    }
}
