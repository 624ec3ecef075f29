//! `carry`: a partner's balance step by step; `step` gives the order, whatever the order of the rows.

use std::cell::RefCell;
use std::collections::BTreeMap;

use jeongsan::money::Amount;
use jeongsan::payable::carry;

use crate::case::Case;
use crate::table::{self, Row, RowError};

/// What falls due and the minimum, by id and step.
type Steps = BTreeMap<(String, u32), (Amount, Amount)>;

pub(super) fn run(text: &str) -> Vec<Case> {
    let steps = RefCell::new(Steps::new());
    table::run(text, |id, row| {
        steps.borrow_mut().insert((id.into(), row.value("step")?), amounts(row)?);
        Ok(Case::compare(id, "", ""))
    });
    let outcomes = outcomes(&steps.borrow());
    table::run(text, |id, row| {
        let step: u32 = row.value("step")?;
        amounts(row)?;
        let expected = format!("{} {}", row.required("paid")?, row.required("balance")?);
        let got = outcomes.get(&(id.to_owned(), step)).map_or("nothing", String::as_str);
        Ok(Case::compare(&format!("{id} {step}"), expected, got))
    })
}

fn amounts(row: &Row) -> Result<(Amount, Amount), RowError> {
    Ok((Amount::new(row.value("amount")?), Amount::new(row.optional("minimum")?.unwrap_or(0))))
}

/// What each step comes to, the balance handed on within an id.
fn outcomes(steps: &Steps) -> BTreeMap<(String, u32), String> {
    let mut outcomes = BTreeMap::new();
    let mut before: (&str, Amount) = ("", Amount::ZERO);
    for ((id, step), &(amount, minimum)) in steps {
        let balance = if before.0 == id { before.1 } else { Amount::ZERO };
        let carried = carry(balance, amount, minimum);
        before = (id, carried.as_ref().map_or(balance, |carried| carried.balance));
        let shown = match carried {
            Ok(carried) => format!("{} {}", carried.paid, carried.balance),
            Err(error) => error.to_string(),
        };
        outcomes.insert((id.clone(), *step), shown);
    }
    outcomes
}
