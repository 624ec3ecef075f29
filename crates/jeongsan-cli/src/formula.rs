//! `jeongsan formula`: a formula evaluated, explained or diagnosed.

use std::io::{IsTerminal, Read, Write};

use jeongsan::formula::{Context, Formula, Inputs, Names, Symbol, Value, Variable, Variables};
use jeongsan::money::Rounding;
use jeongsan::rate::Rate;

use crate::diagnostic::{self, Diagnostic, Source};
use crate::{Failure, Outcome};

/// Evaluate a formula, or show what is wrong with it.
///
/// Prints the whole amount, or every fault of the text with its place and what was probably meant. Variables have English and Korean names; a
/// name that is none of them is a parameter.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  jeongsan formula --context platform-fee 'min(주문금액 * 정률 + 정액, 3000)' \\\n    \
    --var 주문금액=19999 --var 정률=3.74% --var 정액=100 --explain\n\n\
    Exit status: 0 when it has a value, 2 when it has faults, 1 when nothing could be read."
)]
pub(crate) struct Options {
    /// The formula; `-` for standard input.
    #[arg(value_name = "FORMULA", allow_hyphen_values = true)]
    text: String,
    /// A value, as in ORDER_AMOUNT=10000, 정률=3.74% or season_factor=1.05.
    #[arg(long = "var", value_name = "NAME=VALUE")]
    vars: Vec<String>,
    /// What it computes, which decides the variables it may use: platform-fee, discount-share, additional-fee, settlement,
    /// settlement-tax-free or user.
    #[arg(long, value_name = "CONTEXT", default_value = "user")]
    context: Context,
    /// How the exact value becomes whole: down, up, half-up or half-even.
    #[arg(long, value_name = "RULE", default_value = "down")]
    rounding: Rounding,
    /// Show how the amount comes about, term by term.
    #[arg(long)]
    explain: bool,
}

pub(crate) fn run(options: &Options) -> Result<Outcome, Failure> {
    let text = options.text()?;
    let source = Source { origin: None, text: &text };
    let given = Given::read(&options.vars)?;
    let formula = match Formula::parse(&text, options.context, &given.names) {
        Ok(formula) => formula,
        Err(errors) => return refuse(source, &errors.iter().map(Into::into).collect::<Vec<_>>()),
    };
    let uses = formula.symbols();
    let missing = uses.iter().filter(|used| !given.has(used.symbol));
    let missing: Vec<_> =
        missing.map(|used| Diagnostic::missing_value(used.name, used.span.clone())).collect();
    if !missing.is_empty() {
        return refuse(source, &missing);
    }
    let warnings: Vec<Diagnostic> = formula.warnings().iter().map(Into::into).collect();
    tell(source, &warnings)?;
    let inputs = Inputs { variables: &given.variables, parameters: &given.parameters, user_formulas: &[] };
    let shown = if options.explain {
        formula.explain(inputs, options.rounding).map(|explanation| explanation.to_string())
    } else {
        formula.evaluate(inputs, options.rounding).map(|amount| amount.to_string())
    };
    match shown {
        Ok(shown) => {
            writeln!(std::io::stdout(), "{shown}")?;
            Ok(Outcome::Good)
        }
        Err(error) => refuse(source, &[diagnostic::of_evaluation(&error, source)]),
    }
}

impl Options {
    fn text(&self) -> Result<String, Failure> {
        if self.text != "-" {
            return Ok(self.text.clone());
        }
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        read.map_err(|error| Failure::File { path: "standard input".into(), error })?;
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
        Ok(text)
    }
}

/// The values of the call.
struct Given {
    names: Names,
    variables: Variables,
    given: Vec<Variable>,
    parameters: Vec<Value>,
}

impl Given {
    fn read(vars: &[String]) -> Result<Self, Failure> {
        let mut given = Self {
            names: Names::new(),
            variables: Variables::new(),
            given: Vec::new(),
            parameters: Vec::new(),
        };
        for entry in vars {
            let failure = |message: String| Failure::Input { path: format!("--var {entry}"), message };
            let (name, text) = entry.split_once('=').ok_or_else(|| failure("expected NAME=VALUE".into()))?;
            let value = if text.ends_with('%') {
                text.parse::<Rate>().map(Value::from).map_err(|error| failure(error.to_string()))?
            } else {
                text.parse::<Value>().map_err(|error| failure(error.to_string()))?
            };
            match Variable::named(name) {
                Some(variable) if given.given.contains(&variable) => {
                    return Err(failure(format!("`{variable}` is given twice")));
                }
                Some(variable) => {
                    given.variables.set(variable, value);
                    given.given.push(variable);
                }
                None => {
                    given.names.add_parameter(name).map_err(|error| failure(error.to_string()))?;
                    given.parameters.push(value);
                }
            }
        }
        Ok(given)
    }

    fn has(&self, symbol: Symbol) -> bool {
        match symbol {
            Symbol::Variable(variable) => self.given.contains(&variable),
            // A name that no value was given for is no parameter.
            Symbol::Parameter(_) | Symbol::UserFormula(_) => true,
        }
    }
}

fn tell(source: Source<'_>, diagnostics: &[Diagnostic]) -> Result<(), Failure> {
    if diagnostics.is_empty() {
        return Ok(());
    }
    let mut stderr = std::io::stderr();
    let drawn = diagnostic::draw(source, diagnostics, stderr.is_terminal());
    writeln!(stderr, "{drawn}")?;
    Ok(())
}

fn refuse(source: Source<'_>, diagnostics: &[Diagnostic]) -> Result<Outcome, Failure> {
    tell(source, diagnostics)?;
    Ok(Outcome::WithErrors)
}
