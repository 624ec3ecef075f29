//! The value of a formula: a walk over its tree.

use std::collections::BTreeMap;

use num_traits::{One, Zero};

use super::super::number::{Exact, Rounding, Whole, fits};
use super::Diagnosis;
use super::names::Function;
use super::parse::{Formula, Node};

/// Values of variables by their main names.
pub type Variables = BTreeMap<String, Exact>;

impl Formula {
    /// The formula's integer: its value rounded once.
    ///
    /// # Errors
    /// `division-by-zero`; `overflow` when no signed 64-bit integer holds it.
    pub fn amount(&self, variables: &Variables, rounding: Rounding) -> Result<Whole, Diagnosis> {
        let whole = rounding.round(&value(&self.root, variables)?);
        if fits(&whole) { Ok(whole) } else { Err(Diagnosis::new("overflow", (0, 0))) }
    }
}

fn value(node: &Node, variables: &Variables) -> Result<Exact, Diagnosis> {
    Ok(match node {
        Node::Number(number) => number.clone(),
        Node::Variable(name) => {
            variables.get(name).cloned().ok_or(Diagnosis::new("invalid-variable", (0, 0)))?
        }
        Node::Negated(inner) => -value(inner, variables)?,
        Node::Sum(terms) => {
            let mut sum = Exact::zero();
            for (is_taken_off, term) in terms {
                let term = value(term, variables)?;
                sum = if *is_taken_off { sum - term } else { sum + term };
            }
            sum
        }
        Node::Product(factors) => {
            let mut product = Exact::one();
            for (divides, factor) in factors {
                let factor = value(factor, variables)?;
                product = match divides {
                    None => product * factor,
                    Some(span) if factor.is_zero() => return Err(Diagnosis::new("division-by-zero", *span)),
                    Some(_) => product / factor,
                };
            }
            product
        }
        Node::Compare(operator, left, right) => {
            let (left, right) = (value(left, variables)?, value(right, variables)?);
            let holds = match *operator {
                "<" => left < right,
                "<=" => left <= right,
                ">" => left > right,
                ">=" => left >= right,
                "==" => left == right,
                _ => left != right,
            };
            if holds { Exact::one() } else { Exact::zero() }
        }
        Node::Call(Function::If, arguments) => {
            let holds = !value(&arguments[0], variables)?.is_zero();
            value(&arguments[if holds { 1 } else { 2 }], variables)?
        }
        Node::Call(function, arguments) => {
            let values =
                arguments.iter().map(|node| value(node, variables)).collect::<Result<Vec<_>, _>>()?;
            let whole = |rule: Rounding| Exact::from(rule.round(&values[0]));
            match function {
                Function::Round => whole(Rounding::HalfUp),
                Function::RoundUp => whole(Rounding::Up),
                Function::RoundDown => whole(Rounding::Down),
                Function::Max => values.into_iter().max().unwrap_or_else(Exact::zero),
                Function::Min | Function::If => values.into_iter().min().unwrap_or_else(Exact::zero),
            }
        }
    })
}
