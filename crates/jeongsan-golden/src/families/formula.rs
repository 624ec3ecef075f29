//! `formula`: the value of a formula, or its first fault and the place of it.

use jeongsan::formula::{Context, EvaluationError, Formula, Inputs, Names, Value, Variable, Variables};
use jeongsan::money::Rounding;

use crate::case::{Case, Verdict};
use crate::table::{Row, RowError};

pub(super) fn check(id: &str, row: &Row) -> Result<Case, RowError> {
    let context: Context = row.value("context")?;
    let rounding = row.optional("rounding")?.unwrap_or(Rounding::Down);
    let expected = row.required("expected")?;
    let vars = Vars::read(row)?;
    // An empty cell is the empty formula here.
    let got = outcome(row.text("formula").unwrap_or_default(), context, &vars, rounding);
    match expected.strip_suffix("@*") {
        Some(kind) if got.split('@').next() == Some(kind) => {
            Ok(Case { id: id.into(), verdict: Verdict::Passed })
        }
        _ => Ok(Case::compare(id, expected, got)),
    }
}

/// The values of a case: a name that is no variable's main one is a parameter's.
struct Vars {
    names: Names,
    variables: Variables,
    parameters: Vec<Value>,
}

impl Vars {
    fn read(row: &Row) -> Result<Self, RowError> {
        let malformed = |message| RowError::Malformed { column: "vars", message };
        let mut vars = Self { names: Names::new(), variables: Variables::new(), parameters: Vec::new() };
        for entry in row.list::<String>("vars")? {
            let (name, value) =
                entry.split_once('=').ok_or_else(|| malformed(format!("`{entry}` has no `=`")))?;
            let value: Value = value.parse().map_err(|error| malformed(format!("{error}")))?;
            if let Ok(variable) = name.parse::<Variable>() {
                vars.variables.set(variable, value);
            } else {
                vars.names.add_parameter(name).map_err(|error| malformed(error.to_string()))?;
                vars.parameters.push(value);
            }
        }
        Ok(vars)
    }
}

fn outcome(text: &str, context: Context, vars: &Vars, rounding: Rounding) -> String {
    let formula = match Formula::parse(text, context, &vars.names) {
        Ok(formula) => formula,
        Err(errors) => {
            let first = errors.first().map(|error| (error.kind(), error.span()));
            return first.map_or_else(
                || "an error without a fault".into(),
                |(kind, span)| format!("error:{kind}@{}-{}", span.start, span.end),
            );
        }
    };
    let inputs = Inputs { variables: &vars.variables, parameters: &vars.parameters, user_formulas: &[] };
    match formula.evaluate(inputs, rounding) {
        Ok(amount) => amount.to_string(),
        Err(EvaluationError::DivisionByZero { span }) => {
            format!("error:division-by-zero@{}-{}", span.start, span.end)
        }
        Err(error) => format!("error:{}@*", error.kind()),
    }
}
