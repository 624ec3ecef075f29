//! The laws of the formula language, each a function of any bytes that panics where it is broken.
//!
//! The fuzz targets call them on what the fuzzer comes up with, and a test of the core on the corpus and on texts made by chance.

mod oracle;

use jeongsan::formula::{
    Context, EvaluationError, Formula, FormulaErrorKind, Inputs, Names, Value, Variable, Variables,
};
use jeongsan::money::{Amount, Rounding};
use num_bigint::BigInt;
use num_rational::BigRational;
use oracle::{NoValue, Reading};

/// Longer texts teach nothing more and take their time.
const TEXT_BYTES_MAX: usize = 4_096;

/// What a law is tried on: a context, a rounding and the values, all chosen by the first byte, and a text.
struct Case<'d> {
    context: Context,
    rounding: Rounding,
    text: std::borrow::Cow<'d, str>,
    names: Names,
    variables: Variables,
    parameters: Vec<Value>,
    user_formulas: Vec<Amount>,
}

/// Amounts that a first byte chooses among, by variable in turn.
const AMOUNTS: [i64; 9] = [10_000, 0, 129_900, -5_000, 1, 999_999_999_999, -1, i64::MAX, i64::MIN + 1];
const RATES: [&str; 4] = ["0.1", "0.0374", "1", "0.000000000001"];

impl<'d> Case<'d> {
    fn new(data: &'d [u8]) -> Self {
        let (choice, text) =
            data.split_first().map_or((0, data), |(first, rest)| (usize::from(*first), rest));
        let text = &text[..text.len().min(TEXT_BYTES_MAX)];
        let mut names = Names::new();
        for key in ["p", "계수", "third"] {
            names.add_parameter(key).unwrap();
        }
        for key in ["u", "levy"] {
            names.add_user_formula(key).unwrap();
        }
        let mut variables = Variables::new();
        for (place, variable) in Variable::ALL.iter().enumerate() {
            match variable.is_rate() {
                true => {
                    variables.set(*variable, RATES[(choice + place) % RATES.len()].parse::<Value>().unwrap())
                }
                false => variables.set(*variable, AMOUNTS[(choice / 4 + place) % AMOUNTS.len()]),
            }
        }
        Self {
            context: Context::ALL[choice % Context::ALL.len()],
            rounding: Rounding::ALL[choice % Rounding::ALL.len()],
            text: String::from_utf8_lossy(text),
            names,
            variables,
            parameters: vec![
                "1.05".parse().unwrap(),
                "-0.5".parse().unwrap(),
                Value::fraction(1, 3).unwrap(),
            ],
            user_formulas: vec![Amount::new(8), Amount::new(-12_345)],
        }
    }

    fn parse(&self, text: &str) -> Result<Formula, Vec<jeongsan::formula::FormulaError>> {
        Formula::parse(text, self.context, &self.names)
    }

    fn inputs(&self) -> Inputs<'_> {
        Inputs {
            variables: &self.variables,
            parameters: &self.parameters,
            user_formulas: &self.user_formulas,
        }
    }

    /// What a name is worth in this case's context.
    fn value(&self, name: &str) -> Option<BigRational> {
        let variable = Variable::named(name).filter(|variable| variable.is_known_in(self.context));
        let value = match (variable, self.names.parameter(name), self.names.user_formula(name)) {
            (Some(variable), _, _) => self.variables.get(variable),
            (None, Some(place), _) => self.parameters[place],
            (None, None, place) => self.user_formulas[place?].into(),
        };
        Some(BigRational::new(BigInt::from(value.numerator()), BigInt::from(value.denominator())))
    }
}

/// Parsing never panics, and tells faults in their order, each within the text.
pub(crate) fn parse(data: &[u8]) {
    let case = Case::new(data);
    let Err(errors) = case.parse(&case.text) else { return };
    let length = case.text.chars().count();
    assert!(!errors.is_empty(), "a refusal has a reason");
    assert!(errors.is_sorted_by_key(|error| error.span().start), "faults come by where they start");
    for error in &errors {
        let span = error.span();
        assert!(span.start <= span.end && span.end <= length, "{span:?} lies within the text");
        assert!(!error.to_string().contains('\n'), "a message is one line");
        let _ = error.help();
    }
}

/// What is printed parses back to an equal formula, and prints the same.
pub(crate) fn print(data: &[u8]) {
    let case = Case::new(data);
    let Ok(formula) = case.parse(&case.text) else { return };
    let printed = formula.to_string();
    match case.parse(&printed) {
        Ok(again) => {
            assert_eq!(again, formula, "`{printed}` is the same formula");
            assert_eq!(again.to_string(), printed, "printing is stable");
            assert_eq!(
                again.evaluate(case.inputs(), case.rounding).ok(),
                formula.evaluate(case.inputs(), case.rounding).ok(),
                "and computes the same"
            );
        }
        Err(errors) => panic!("`{printed}` doesn't parse: {errors:?}"),
    }
}

/// A text is a formula exactly when the grammar says so, and is worth what fractions of any size say.
pub(crate) fn value(data: &[u8]) {
    let case = Case::new(data);
    let lookup = |name: &str| case.value(name);
    let read = oracle::read(&case.text, &lookup);
    let formula = match (case.parse(&case.text), read) {
        (_, Reading::TooDeep) => return,
        (Ok(formula), Reading::Formula(expression)) => (formula, expression),
        (Err(_), Reading::NoFormula) => return,
        (Ok(_), Reading::NoFormula) => panic!("`{}` is no formula", case.text),
        (Err(errors), Reading::Formula(_)) => panic!("`{}` is a formula: {errors:?}", case.text),
    };
    let (formula, expression) = formula;
    let mut is_moderate = true;
    let digits_18 = BigInt::from(10_u64.pow(18));
    let expected = expression.value(&mut |value| {
        let size = value.numer().magnitude().max(value.denom().magnitude());
        is_moderate &= size < digits_18.magnitude();
    });
    let expected = expected.map(|value| i64::try_from(oracle::rounded(&value, case.rounding)).ok());
    let found = formula.evaluate(case.inputs(), case.rounding);
    match (&found, &expected) {
        (Ok(amount), Ok(Some(expected))) => assert_eq!(amount.minor(), *expected, "`{}`", case.text),
        (Err(EvaluationError::DivisionByZero { span }), Err(NoValue::DivisionByZero(place))) => {
            assert_eq!(*span, *place..*place + 1, "`{}`", case.text);
        }
        (Err(EvaluationError::Overflow), Ok(None)) => {}
        (Err(EvaluationError::Overflow), _) => assert!(!is_moderate, "`{}` fits", case.text),
        _ => panic!("`{}`: {found:?} instead of {expected:?}", case.text),
    }
    match (formula.explain(case.inputs(), case.rounding), found) {
        (Ok(explanation), Ok(amount)) => {
            assert_eq!(explanation.amount(), amount, "an explanation comes to the same")
        }
        (Err(one), Err(other)) => assert_eq!(one, other),
        // A compiled formula gets by with less than the walk over its tree where a large part cancels out.
        (Err(error), Ok(_)) => assert_eq!(error.kind(), FormulaErrorKind::Overflow),
        (Ok(_), Err(error)) => panic!("`{}` is explained in spite of {error}", case.text),
    }
}
