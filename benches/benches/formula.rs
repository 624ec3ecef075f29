//! Compiled formulas against the same arithmetic written in Rust, and against two expression engines.
//!
//! Each group computes one figure from the same values. "Rust" is what an engineer would write for this one formula: 64-bit integers in
//! thousandths, checked. "Rust, exact" keeps what a formula promises, a result for every amount and a rounding by name, and so needs 128 bits.
//! `evalexpr` computes in floats and `zen-expression` in decimals of 28 digits, both without a rounding rule; their expressions are compiled
//! beforehand too. Read the ratio of two rows of one run, never a single time.

#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use evalexpr::{ContextWithMutableVariables, HashMapContext, Value as Float};
use jeongsan::formula::{Context, Formula, Names, Shape, Variable, Variables};
use jeongsan::money::{Amount, Rounding};
use jeongsan::rate::{Rate, Ratio};
use zen_expression::variable::Variable as Decimals;

/// The figures of an order, in the order of [`FIGURES`].
type Figures = [i64; 9];

const FIGURES: [(Variable, &str); 9] = [
    (Variable::OrderAmount, "ORDER_AMOUNT"),
    (Variable::PaymentAmount, "PAYMENT_AMOUNT"),
    (Variable::PaymentVatBurdenAmount, "PAYMENT_VAT_BURDEN_AMOUNT"),
    (Variable::DiscountAmount, "DISCOUNT_AMOUNT"),
    (Variable::DiscountShare, "DISCOUNT_SHARE"),
    (Variable::PlatformFee, "PLATFORM_FEE"),
    (Variable::PlatformFeeVat, "PLATFORM_FEE_VAT"),
    (Variable::AdditionalFee, "ADDITIONAL_FEE"),
    (Variable::AdditionalFeeVat, "ADDITIONAL_FEE_VAT"),
];

const ORDER: Figures = [129_900, 119_900, 10_900, 10_000, 5_000, 12_990, 1_299, 3_897, 389];

const TEN_TERMS: &str = "ORDER_AMOUNT - PAYMENT_VAT_BURDEN_AMOUNT - PLATFORM_FEE - PLATFORM_FEE_VAT \
    - ADDITIONAL_FEE * 0.5 - ADDITIONAL_FEE_VAT - DISCOUNT_SHARE * 0.75 - PAYMENT_AMOUNT * 0.001 \
    + DISCOUNT_AMOUNT * 0.02 - 300";

fn ten_terms_in_rust(figures: &Figures) -> Option<i64> {
    let [order, payment, burden, discount, share, fee, fee_vat, additional, additional_vat] = *figures;
    let thousandths = |amount: i64, factor: i64| amount.checked_mul(factor);
    let total = thousandths(order, 1_000)?
        .checked_sub(thousandths(burden, 1_000)?)?
        .checked_sub(thousandths(fee, 1_000)?)?
        .checked_sub(thousandths(fee_vat, 1_000)?)?
        .checked_sub(thousandths(additional, 500)?)?
        .checked_sub(thousandths(additional_vat, 1_000)?)?
        .checked_sub(thousandths(share, 750)?)?
        .checked_sub(payment)?
        .checked_add(thousandths(discount, 20)?)?
        .checked_sub(300_000)?;
    total.checked_div(1_000)
}

fn ten_terms_in_exact_rust(figures: &Figures, rounding: Rounding) -> Option<i64> {
    let [order, payment, burden, discount, share, fee, fee_vat, additional, additional_vat] =
        figures.map(i128::from);
    let whole = order - burden - fee - fee_vat - additional_vat - 300;
    let total = whole * 1_000 - additional * 500 - share * 750 - payment + discount * 20;
    i64::try_from(rounding.divide(total, 1_000)?).ok()
}

/// Ten terms, four of them a choice or rounded, in the words of an engine for them.
fn choices(round: &str, min: &str, max: &str, bonus: &str) -> String {
    format!(
        "ORDER_AMOUNT - PAYMENT_VAT_BURDEN_AMOUNT - {max} - PLATFORM_FEE_VAT - {min} - ADDITIONAL_FEE_VAT \
         - {round}(DISCOUNT_SHARE * 0.75) - PAYMENT_AMOUNT * 0.001 + {bonus} - 300"
    )
}

fn choices_in_rust(figures: &Figures) -> Option<i64> {
    let [order, payment, burden, discount, share, fee, fee_vat, additional, additional_vat] = *figures;
    let thousandths = |amount: i64, factor: i64| amount.checked_mul(factor);
    let bonus = if discount >= 10_000 { thousandths(discount, 20)? } else { 0 };
    let share = thousandths(share, 750)?;
    let share = share.checked_add(if share < 0 { -500 } else { 500 })?.checked_div(1_000)?;
    let total = thousandths(order, 1_000)?
        .checked_sub(thousandths(burden, 1_000)?)?
        .checked_sub(thousandths(fee.max(500), 1_000)?)?
        .checked_sub(thousandths(fee_vat, 1_000)?)?
        .checked_sub(thousandths(additional, 500)?.min(3_000_000))?
        .checked_sub(thousandths(additional_vat, 1_000)?)?
        .checked_sub(thousandths(share, 1_000)?)?
        .checked_sub(payment)?
        .checked_add(bonus)?
        .checked_sub(300_000)?;
    total.checked_div(1_000)
}

fn choices_in_exact_rust(figures: &Figures, rounding: Rounding) -> Option<i64> {
    let [order, payment, burden, discount, share, fee, fee_vat, additional, additional_vat] =
        figures.map(i128::from);
    let bonus = if discount >= 10_000 { discount * 20 } else { 0 };
    let share = Rounding::HalfUp.divide(share * 3, 4)?;
    let whole = order - burden - fee.max(500) - fee_vat - additional_vat - share - 300;
    let total = whole * 1_000 - (additional * 500).min(3_000_000) - payment + bonus;
    i64::try_from(rounding.divide(total, 1_000)?).ok()
}

fn fill(figures: &Figures) -> Variables {
    let mut variables = Variables::new();
    for ((variable, _), amount) in FIGURES.iter().zip(figures) {
        variables.set(*variable, *amount);
    }
    variables
}

fn platform_fee(criterion: &mut Criterion) {
    let text = Context::PlatformFee.default_formula().unwrap();
    let formula = Formula::parse(text, Context::PlatformFee, &Names::new()).unwrap();
    let ratio = Ratio::new("3.74%".parse::<Rate>().unwrap());
    let (amount, fixed) = (Amount::new(129_900), Amount::new(100));
    let hard_wired = |amount: Amount| ratio.of_plus(amount, fixed, Rounding::Down);
    let mut variables = Variables::new();
    variables.set(Variable::FixedRate, ratio);
    variables.set(Variable::FixedAmount, fixed);
    let shape = formula.shape();
    assert_eq!(shape, Shape::RatePlusFixed { base: Variable::OrderAmount });

    let mut group = criterion.benchmark_group("default platform fee");
    group.bench_function("hard-wired", |bench| bench.iter(|| hard_wired(black_box(amount))));
    group.bench_function("formula by its shape", |bench| {
        bench.iter(|| match black_box(shape) {
            Shape::RatePlusFixed { .. } => hard_wired(black_box(amount)),
            _ => None,
        });
    });
    group.bench_function("formula compiled", |bench| {
        bench.iter(|| {
            variables.set(Variable::OrderAmount, black_box(amount));
            formula.evaluate(&variables, Rounding::Down).ok()
        });
    });
    group.finish();
}

struct Engines {
    zen: zen_expression::Expression<zen_expression::expression::Standard>,
    decimals: Decimals,
    evalexpr: evalexpr::Node,
    floats: HashMapContext,
}

impl Engines {
    fn new(zen: &str, evalexpr: &str) -> Self {
        let mut floats = HashMapContext::new();
        let decimals = Decimals::empty_object();
        for ((_, name), amount) in FIGURES.iter().zip(ORDER) {
            #[expect(
                clippy::cast_precision_loss,
                clippy::as_conversions,
                reason = "the engine computes in floats"
            )]
            floats.set_value((*name).into(), Float::Float(amount as f64)).unwrap();
            decimals.dot_insert(name, Decimals::Number(amount.into()));
        }
        Self {
            zen: zen_expression::compile_expression(zen).unwrap(),
            decimals,
            evalexpr: evalexpr::build_operator_tree(evalexpr).unwrap(),
            floats,
        }
    }
}

/// A formula with its rivals.
struct Rivals {
    formula: Formula,
    rust: fn(&Figures) -> Option<i64>,
    exact_rust: fn(&Figures, Rounding) -> Option<i64>,
    engines: Engines,
}

impl Rivals {
    fn measure(&self, criterion: &mut Criterion, name: &str) {
        let Self { formula, rust, exact_rust, engines } = self;
        let variables = fill(&ORDER);
        let expected = rust(&ORDER).unwrap();
        assert_eq!(exact_rust(&ORDER, Rounding::Down), Some(expected));
        assert_eq!(formula.evaluate(&variables, Rounding::Down), Ok(Amount::new(expected)));
        let zen = engines.zen.evaluate(engines.decimals.shallow_clone()).unwrap().to_string();
        assert!(zen.starts_with(&expected.to_string()), "{zen} {expected}");
        let evalexpr = engines.evalexpr.eval_with_context(&engines.floats).unwrap().to_string();
        assert!(evalexpr.starts_with(&expected.to_string()), "{evalexpr} {expected}");

        let mut group = criterion.benchmark_group(name);
        group.bench_function("Rust", |bench| bench.iter(|| rust(black_box(&ORDER))));
        group.bench_function("Rust, exact", |bench| {
            bench.iter(|| exact_rust(black_box(&ORDER), black_box(Rounding::Down)));
        });
        group.bench_function("formula", |bench| {
            bench.iter(|| formula.evaluate(black_box(&variables), black_box(Rounding::Down)).ok());
        });
        group.bench_function("formula, variables set", |bench| {
            bench.iter(|| formula.evaluate(&fill(black_box(&ORDER)), black_box(Rounding::Down)).ok());
        });
        group.bench_function("zen-expression", |bench| {
            bench.iter(|| engines.zen.evaluate(black_box(&engines.decimals).shallow_clone()).unwrap());
        });
        group.bench_function("evalexpr", |bench| {
            bench.iter(|| engines.evalexpr.eval_with_context(black_box(&engines.floats)).unwrap());
        });
        group.finish();
    }
}

fn ten_terms(criterion: &mut Criterion) {
    let formula = |text: &str| Formula::parse(text, Context::Settlement, &Names::new()).unwrap();
    let plain = Rivals {
        formula: formula(TEN_TERMS),
        rust: ten_terms_in_rust,
        exact_rust: ten_terms_in_exact_rust,
        engines: Engines::new(TEN_TERMS, TEN_TERMS),
    };
    plain.measure(criterion, "ten terms");

    let if_call = "if(DISCOUNT_AMOUNT >= 10000, DISCOUNT_AMOUNT * 0.02, 0)";
    let (min, max) = ("min(ADDITIONAL_FEE * 0.5, 3000)", "max(PLATFORM_FEE, 500)");
    let zen = choices(
        "round",
        "min([ADDITIONAL_FEE * 0.5, 3000])",
        "max([PLATFORM_FEE, 500])",
        "(DISCOUNT_AMOUNT >= 10000 ? DISCOUNT_AMOUNT * 0.02 : 0)",
    );
    let chosen = Rivals {
        formula: formula(&choices("ROUND", min, max, if_call)),
        rust: choices_in_rust,
        exact_rust: choices_in_exact_rust,
        engines: Engines::new(&zen, &choices("round", min, max, if_call)),
    };
    chosen.measure(criterion, "ten terms with choices and a rounding");
}

criterion_group!(benches, platform_fee, ten_terms);
criterion_main!(benches);
