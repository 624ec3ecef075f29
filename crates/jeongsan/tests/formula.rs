//! Laws of the formula language, over a corpus of the fuzzer's, over texts made by chance, and at the limits.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

#[path = "../../../fuzz/laws/formula.rs"]
mod laws;

use jeongsan::formula::{
    Context, DEPTH_MAX, EvaluationError, FORMULA_CHARS_MAX, Formula, FormulaError, FormulaErrorKind, Names,
    Shape, Symbol, UserFormula, UserFormulas, Value, Variable, Variables,
};
use jeongsan::money::{Amount, Rounding};
use jeongsan::rate::{Rate, Ratio};
use proptest::prelude::*;

const LAWS: [fn(&[u8]); 3] = [laws::parse, laws::print, laws::value];

fn parse(text: &str) -> Result<Formula, Vec<FormulaError>> {
    Formula::parse(text, Context::User, &Names::new())
}

#[track_caller]
fn evaluate(text: &str) -> Result<i64, EvaluationError> {
    parse(text).unwrap().evaluate(&Variables::new(), Rounding::Down).map(Amount::minor)
}

/// A text with its choice byte before it, as the laws take it.
fn case(choice: u8, text: &str) -> Vec<u8> {
    [&[choice], text.as_bytes()].concat()
}

#[test]
fn the_corpus_keeps_the_laws() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/formula");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let data = std::fs::read(entry.unwrap().path()).unwrap();
        LAWS.iter().for_each(|law| law(&data));
        count += 1;
    }
    assert!(count >= 50, "only {count} files");
}

#[test]
fn every_golden_formula_keeps_the_laws() {
    for name in ["formula.csv", "formula.diagnoses.csv", "formula.values.csv"] {
        let path = format!("{}/../../testdata/golden/{name}", env!("CARGO_MANIFEST_DIR"));
        for row in std::fs::read_to_string(path).unwrap().lines() {
            // Rows are taken as they are: what isn't a formula is a text all the same.
            for choice in [0, 5, 22] {
                for cell in row.split(',') {
                    LAWS.iter().for_each(|law| law(&case(choice, cell)));
                }
                LAWS.iter().for_each(|law| law(&case(choice, row)));
            }
        }
    }
}

/// Literals of all lengths, names of all kinds.
fn operand() -> impl Strategy<Value = String> {
    // Most of them known in most contexts, so that most formulas are sound.
    let is_common = |variable: Variable| {
        variable.is_known_in(Context::User) && variable.is_known_in(Context::PlatformFee)
    };
    let common: Vec<_> =
        Variable::names().filter(|(_, variable)| is_common(*variable)).map(|(name, _)| name).collect();
    let variables = Variable::names().map(|(name, _)| name).collect::<Vec<_>>();
    prop_oneof![
        16 => (0..1_000_u32).prop_map(|number| number.to_string()),
        8 => "[0-9]{1,4}\\.[0-9]{1,6}",
        3 => "[0-9]{17,20}(\\.[0-9]{1,20})?",
        3 => "[1-9][0-9]{30,50}(\\.[0-9]{1,50})?",
        16 => proptest::sample::select(common).prop_map(String::from),
        12 => proptest::sample::select(vec!["p", "계수", "third", "u", "levy"]).prop_map(String::from),
        1 => proptest::sample::select(variables).prop_map(String::from),
    ]
}

/// Formulas, most of them sound in some context.
fn formula() -> impl Strategy<Value = String> {
    operand().prop_recursive(6, 40, 4, |inner| {
        let operators = vec!["+", "-", "*", "/", " + ", " - ", " * ", " / ", "\n*\t", " - -"];
        let comparisons = vec!["<", "<=", ">", ">=", "==", "!="];
        let rounding = vec!["ROUND", "round_up", "ROUND_DOWN", "반올림", "올림", "내림"];
        let extremes = vec!["min", "MAX"];
        let pair = |operators| (inner.clone(), proptest::sample::select(operators), inner.clone());
        prop_oneof![
            6 => pair(operators).prop_map(|(a, operator, b)| format!("{a}{operator}{b}")),
            3 => inner.clone().prop_map(|a| format!("({a})")),
            1 => pair(comparisons).prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
            1 => inner.clone().prop_map(|a| format!("-{a}")),
            1 => (proptest::sample::select(rounding), inner.clone()).prop_map(|(name, a)| format!("{name}({a})")),
            1 => (proptest::sample::select(extremes), proptest::collection::vec(inner.clone(), 2..4))
                .prop_map(|(name, arguments)| format!("{name}({})", arguments.join(", "))),
            1 => (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("if({a} > 0, {b}, {c})")),
        ]
    })
}

/// Tokens in any order.
fn soup() -> impl Strategy<Value = String> {
    let tokens = vec![
        "1",
        "2.5",
        "1.",
        ".5",
        "100원",
        "ORDER_AMOUNT",
        "주문금액",
        "정률",
        "p",
        "min",
        "if",
        "ROUND",
        "FLOOR",
        "(",
        "(",
        ")",
        ")",
        ",",
        "+",
        "-",
        "*",
        "/",
        "<",
        "==",
        "!=",
        "%",
        "=",
        "!",
        "×",
        "#",
        "🙂",
        " ",
        "\n",
    ];
    proptest::collection::vec(proptest::sample::select(tokens), 0..14).prop_map(|tokens| tokens.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases * 4))]

    #[test]
    fn formulas_by_chance_keep_the_laws(choice: u8, text in formula()) {
        LAWS.iter().for_each(|law| law(&case(choice, &text)));
    }

    #[test]
    fn tokens_in_any_order_keep_the_laws(choice: u8, text in soup()) {
        LAWS.iter().for_each(|law| law(&case(choice, &text)));
    }

    #[test]
    fn any_bytes_keep_the_laws(data: Vec<u8>) {
        LAWS.iter().for_each(|law| law(&data));
    }

    /// Rounding is symmetric about zero, whatever the formula.
    #[test]
    fn the_negative_formula_has_the_negative_value(text in formula(), rule in proptest::sample::select(Rounding::ALL)) {
        let (Ok(formula), Ok(mirrored)) = (parse(&text), parse(&format!("-({text})"))) else { return Ok(()) };
        let mut variables = Variables::new();
        variables.set(Variable::OrderAmount, 12_345);
        variables.set(Variable::PaymentAmount, -7);
        if let (Ok(value), Ok(negative)) = (formula.evaluate(&variables, rule), mirrored.evaluate(&variables, rule)) {
            prop_assert_eq!(value.checked_neg(), Some(negative), "{}", text);
        }
    }

    /// However the default fee is written, its shape is known, and built-in arithmetic gives what the formula does.
    #[test]
    fn the_default_fee_is_recognised_in_any_order(
        amount: i64,
        small in -10_000_000_i64..10_000_000,
        fixed in -100_000_i64..100_000,
        parts in 0..=2_000_000_i64,
        rule in proptest::sample::select(Rounding::ALL),
        text in proptest::sample::select(vec![
            "(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT",
            "FIXED_AMOUNT + 정률 * 주문금액",
            "FIXED_RATE * (ORDER_AMOUNT + 0) * 1 + FIXED_AMOUNT",
            "-(-정액 - 주문금액 * 정률)",
            "ORDER_AMOUNT * 2 * FIXED_RATE / 2 + (FIXED_AMOUNT)",
            "ORDER_AMOUNT * FIXED_RATE + PAYMENT_AMOUNT - (PAYMENT_AMOUNT - FIXED_AMOUNT)",
        ]),
    ) {
        let formula = Formula::parse(text, Context::PlatformFee, &Names::new()).unwrap();
        prop_assert_eq!(formula.shape(), Shape::RatePlusFixed { base: Variable::OrderAmount });
        let rate: Rate = format!("0.{parts:07}").parse().unwrap_or(Rate::ONE);
        let mut variables = Variables::new();
        variables.set(Variable::FixedRate, rate);
        variables.set(Variable::FixedAmount, fixed);
        for amount in [amount, small] {
            variables.set(Variable::OrderAmount, amount);
            let built_in = Ratio::new(rate).of_plus(Amount::new(amount), Amount::new(fixed), rule);
            prop_assert_eq!(formula.evaluate(&variables, rule).ok(), built_in);
        }
    }

    /// The order in which user formulas are defined changes nothing, as long as each stands behind those it uses.
    #[test]
    fn user_formulas_depend_on_what_they_use_alone(
        uses in proptest::collection::vec(proptest::collection::vec(any::<proptest::sample::Index>(), 0..3), 1..8),
        shuffle in proptest::collection::vec(any::<u32>(), 8),
    ) {
        let keys: Vec<String> = (0..uses.len()).map(|place| format!("f{place}")).collect();
        let texts: Vec<String> = uses.iter().enumerate().map(|(place, uses)| {
            let used = uses.iter().filter(|_| place > 0).map(|index| format!(" + {} * 3 / 2", keys[index.index(place)]));
            format!("{} + ORDER_AMOUNT{}", place + 1, used.collect::<String>())
        }).collect();
        let definition = |place: usize| UserFormula { key: &keys[place], formula: &texts[place], rounding: Rounding::HalfUp };
        let mut variables = Variables::new();
        variables.set(Variable::OrderAmount, 9_999);
        let results = |definitions: &[UserFormula<'_>]| {
            let formulas = UserFormulas::parse(definitions, &mut Names::new(), 10).unwrap();
            let mut results = Vec::new();
            formulas.evaluate_into(&variables, &[], &mut results).unwrap();
            let mut by_key: Vec<_> = definitions.iter().map(|definition| definition.key.to_owned()).zip(results).collect();
            by_key.sort();
            by_key
        };
        let given: Vec<_> = (0..uses.len()).map(definition).collect();
        let mut shuffled: Vec<usize> = (0..uses.len()).collect();
        shuffled.sort_by_key(|place| shuffle[*place]);
        let shuffled: Vec<_> = shuffled.into_iter().map(definition).collect();
        let order = UserFormulas::dependency_order(&shuffled, &Names::new(), 10).unwrap();
        let ordered: Vec<_> = order.into_iter().map(|place| shuffled[place]).collect();
        prop_assert_eq!(results(&ordered), results(&given));
    }
}

#[test]
fn every_default_formula_has_its_shape() {
    let shape = |context: Context| {
        let text = context.default_formula()?;
        let formula = Formula::parse(text, context, &Names::new()).unwrap();
        assert_eq!(formula.warnings(), [], "{text}");
        Some(formula.shape())
    };
    let base = Variable::OrderAmount;
    assert_eq!(shape(Context::PlatformFee), Some(Shape::RatePlusFixed { base }));
    assert_eq!(shape(Context::AdditionalFee), Some(Shape::RatePlusFixed { base }));
    assert_eq!(shape(Context::DiscountShare), Some(Shape::Rate { base: Variable::DiscountAmount }));
    assert_eq!(shape(Context::SettlementTaxFree), Some(Shape::TaxFreePart));
    assert_eq!(shape(Context::User), None);
    let Some(Shape::Signed(sum)) = shape(Context::Settlement) else { panic!("no signed sum") };
    let added: Vec<_> = sum.signs().filter(|(_, sign)| *sign == 1).map(|(variable, _)| variable).collect();
    assert_eq!(added, [Variable::OrderAmount]);
    assert_eq!(sum.signs().count(), 7);
}

#[test]
fn what_rounds_or_chooses_or_differs_is_custom() {
    for text in [
        "ROUND(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT",
        "min(ORDER_AMOUNT * FIXED_RATE + FIXED_AMOUNT, 100)",
        "ORDER_AMOUNT * FIXED_RATE + FIXED_AMOUNT + 1",
        "ORDER_AMOUNT * FIXED_RATE + FIXED_AMOUNT * 2",
        "ORDER_AMOUNT * FIXED_RATE * FIXED_RATE + FIXED_AMOUNT",
        "ORDER_AMOUNT * FIXED_RATE - FIXED_AMOUNT",
        "FIXED_RATE * FIXED_RATE",
        "ORDER_AMOUNT + ORDER_AMOUNT",
        "ORDER_AMOUNT + FIXED_RATE",
        "ORDER_AMOUNT / 2",
        "5",
    ] {
        let formula = Formula::parse(text, Context::PlatformFee, &Names::new()).unwrap();
        assert_eq!(formula.shape(), Shape::Custom, "{text}");
    }
}

#[test]
fn the_limit_of_nesting_lies_where_it_says() {
    let nestings: [fn(usize) -> String; 4] = [
        |depth| format!("{}1{}", "(".repeat(depth), ")".repeat(depth)),
        |depth| format!("{}1", "-".repeat(depth)),
        |depth| format!("{}1{}", "ROUND(".repeat(depth), ")".repeat(depth)),
        |depth| format!("{}1{}", "-(2 * ".repeat(depth / 2), ")".repeat(depth / 2)),
    ];
    for nesting in nestings {
        assert!(parse(&nesting(100)).is_ok() && parse(&nesting(DEPTH_MAX)).is_ok());
        for depth in [DEPTH_MAX + 2, 2_000, 10_000, 100_000] {
            let errors = parse(&nesting(depth)).unwrap_err();
            assert_eq!(errors[0].kind(), FormulaErrorKind::TooDeep, "{depth}");
            assert_eq!(errors.len(), 1, "{depth}");
        }
    }
    // Beside each other is no nesting.
    let flat = vec!["-(-(1))"; 10_000].join(" + ");
    assert_eq!(evaluate(&flat), Ok(10_000));
}

#[test]
fn long_chains_work() {
    assert_eq!(evaluate(&vec!["1"; 10_000].join(" + ")), Ok(10_000));
    assert_eq!(evaluate(&vec!["ROUND(1.5)"; 10_000].join(" - ")), Ok(2 - 2 * 9_999));
    assert_eq!(evaluate(&vec!["1"; 500_000].join("+")), Ok(500_000));
    assert_eq!(evaluate(&vec!["1"; 10_000].join("*")), Ok(1));
    assert_eq!(
        evaluate(&format!("max({})", (0..10_000).map(|n| n.to_string()).collect::<Vec<_>>().join(","))),
        Ok(9_999)
    );
    let formula = parse(&vec!["ORDER_AMOUNT / 7"; 10_000].join(" + ")).unwrap();
    assert_eq!(parse(&formula.to_string()), Ok(formula.clone()));
    let mut variables = Variables::new();
    variables.set(Variable::OrderAmount, 7);
    assert_eq!(formula.evaluate(&variables, Rounding::Down), Ok(Amount::new(10_000)));
    assert_eq!(formula.explain(&variables, Rounding::Down).unwrap().steps().len(), 1_000);
}

#[test]
fn a_formula_has_at_most_a_million_characters() {
    let longest = format!("1{}", " ".repeat(FORMULA_CHARS_MAX - 1));
    assert_eq!(evaluate(&longest), Ok(1));
    let errors = parse(&format!("{longest} ")).unwrap_err();
    assert_eq!(errors[0].kind(), FormulaErrorKind::TooLong);
    assert_eq!(errors[0].to_string(), "the formula has more than 1048576 characters");
}

#[test]
fn faults_without_end_are_told_by_the_first() {
    for token in ["$", "(", ")", "1 ", "nope ", "min(", "- ", "* ", ",", "1.."] {
        let text = token.repeat(100_000);
        let errors = parse(&text).unwrap_err();
        assert!(errors.len() <= 32, "{token}");
        assert!(errors.iter().all(|error| error.to_string().len() < 200), "{token}");
    }
    let errors = parse(&format!("min({})", "nope + ".repeat(1_000))).unwrap_err();
    assert_eq!((errors[0].kind(), errors[0].span()), (FormulaErrorKind::InvalidVariable, 4..8));
    // A wrong count is found at the end of a call and starts before all that is wrong inside it.
    let errors = parse(&format!("ROUND({}, 1)", vec!["nope"; 100].join(" + "))).unwrap_err();
    assert_eq!(errors[0].kind(), FormulaErrorKind::UnexpectedFunctionArguments);
}

#[test]
fn values_beyond_every_width_are_told() {
    let wide = "9".repeat(50);
    assert_eq!(evaluate(&format!("{wide} / {wide}")), Ok(1));
    assert_eq!(evaluate(&format!("{wide} * {wide} * {wide} / {wide} / {wide} / {wide}")), Ok(1));
    assert_eq!(evaluate(&format!("0.{wide} * 1{}", "0".repeat(18))), Ok(999_999_999_999_999_999));
    assert_eq!(evaluate(&wide), Err(EvaluationError::Overflow));
    // 200 digits are more than can be held on the way, and a branch not taken is no way.
    let wider = "9".repeat(200);
    assert_eq!(evaluate(&format!("{wider} - {wider}")), Err(EvaluationError::Overflow));
    assert_eq!(evaluate(&format!("if(1, 5, {wider})")), Ok(5));
    assert_eq!(evaluate(&format!("0.{}1 * 0", "0".repeat(1_000))), Err(EvaluationError::Overflow));
    assert_eq!(evaluate(&format!("{}7.{}", "0".repeat(100_000), "0".repeat(100_000))), Ok(7));
    // Products of ever larger sizes end, soon.
    let growing = vec!["9999999999999999999"; 20_000].join("*");
    assert_eq!(evaluate(&growing), Err(EvaluationError::Overflow));
    let shrinking = vec!["0.9999999999999999999"; 20_000].join("*");
    assert_eq!(evaluate(&shrinking), Err(EvaluationError::Overflow));
}

#[test]
fn variables_of_any_width_are_exact() {
    let formula =
        parse("ORDER_AMOUNT * 3 + PAYMENT_AMOUNT * 0 + max(ORDER_AMOUNT, PAYMENT_AMOUNT) * 3").unwrap();
    let mut variables = Variables::new();
    variables.set(Variable::OrderAmount, "0.3333333333333333333333333333".parse::<Value>().unwrap());
    assert_eq!(formula.evaluate(&variables, Rounding::Up), Ok(Amount::new(2)));
    assert_eq!(formula.evaluate(&variables, Rounding::Down), Ok(Amount::new(1)));
    variables.set(Variable::PaymentAmount, Value::fraction(2, 3).unwrap());
    assert_eq!(formula.evaluate(&variables, Rounding::Down), Ok(Amount::new(2)));
    variables.set(Variable::OrderAmount, 1);
    assert_eq!(formula.evaluate(&variables, Rounding::Down), Ok(Amount::new(6)));
}

#[test]
fn names_are_listed_by_their_first_use() {
    let mut names = Names::new();
    names.add_parameter("계수").unwrap();
    let text = "if(1, (결제금액) * 계수, PAYMENT_AMOUNT + ORDER_AMOUNT / 계수)";
    let formula = Formula::parse(text, Context::User, &names).unwrap();
    let used: Vec<_> =
        formula.symbols().into_iter().map(|used| (used.name, used.symbol, used.span)).collect();
    assert_eq!(
        used,
        [
            ("PAYMENT_AMOUNT", Symbol::Variable(Variable::PaymentAmount), 6..12),
            ("계수", Symbol::Parameter(0), 15..17),
            ("ORDER_AMOUNT", Symbol::Variable(Variable::OrderAmount), 36..48),
        ]
    );
}

#[test]
fn units_that_look_wrong_are_told_and_not_refused() {
    let warnings = |text: &str, context: Context| {
        let mut names = Names::new();
        names.add_parameter("factor").unwrap();
        let formula = Formula::parse(text, context, &names).unwrap();
        let told = formula
            .warnings()
            .iter()
            .map(|warning| format!("{}-{} {warning}", warning.span().start, warning.span().end));
        told.collect::<Vec<_>>()
    };
    for (text, told) in [
        ("ORDER_AMOUNT + FIXED_RATE", vec!["0-25 `ORDER_AMOUNT + FIXED_RATE` adds an amount and a rate"]),
        ("주문금액 - (정률)", vec!["0-11 `ORDER_AMOUNT - FIXED_RATE` subtracts a rate from an amount"]),
        (
            "ORDER_AMOUNT * ORDER_AMOUNT",
            vec!["0-27 `ORDER_AMOUNT * ORDER_AMOUNT` multiplies an amount by an amount"],
        ),
        (
            "FIXED_RATE / ORDER_AMOUNT * 1",
            vec!["0-25 `FIXED_RATE / ORDER_AMOUNT` divides a rate by an amount"],
        ),
        (
            "if(ORDER_AMOUNT > FIXED_RATE, 1, 2)",
            vec!["3-28 `ORDER_AMOUNT > FIXED_RATE` compares an amount with a rate"],
        ),
        ("if(ORDER_AMOUNT, 1, 2)", vec!["3-15 `ORDER_AMOUNT` is an amount where a condition is expected"]),
        (
            "min(ORDER_AMOUNT, FIXED_RATE, 1)",
            vec!["0-32 `min(ORDER_AMOUNT, FIXED_RATE, 1)` chooses between an amount and a rate"],
        ),
        (
            "ROUND(FIXED_RATE) * ORDER_AMOUNT",
            vec!["0-17 `ROUND(FIXED_RATE)` rounds a rate to a whole number"],
        ),
        ("FIXED_RATE", vec!["0-10 `FIXED_RATE` yields a rate, not an amount"]),
        ("1 < 2", vec!["0-5 `1 < 2` yields a condition, not an amount"]),
        ("ORDER_AMOUNT + (1 < 2)", vec!["0-22 `ORDER_AMOUNT + (1 < 2)` adds an amount and a condition"]),
        // A literal may be anything, a parameter too; conditions count and switch; rates of amounts are amounts.
        ("ORDER_AMOUNT * factor + FIXED_AMOUNT - 300", vec![]),
        ("(ORDER_AMOUNT > 100) * 500 + (ORDER_AMOUNT > 200) * 500", vec![]),
        ("ORDER_AMOUNT * FIXED_RATE / (1 + FIXED_RATE)", vec![]),
        ("DISCOUNT_AMOUNT / ORDER_AMOUNT * PAYMENT_AMOUNT", vec![]),
        ("if((1 < 2) + (2 < 3) == 2, FIXED_AMOUNT, -FIXED_AMOUNT)", vec![]),
        ("ROUND(ORDER_AMOUNT * (FIXED_RATE + 0.001))", vec![]),
    ] {
        assert_eq!(warnings(text, Context::PlatformFee), told, "{text}");
    }
    // A user formula may be a condition for those behind it, which know it as one.
    assert_eq!(warnings("ORDER_AMOUNT > 1000", Context::User), [""; 0]);
    let definitions = [("large", "ORDER_AMOUNT > 1000"), ("wrong", "ORDER_AMOUNT + large")]
        .map(|(key, formula)| UserFormula { key, formula, rounding: Rounding::Down });
    let formulas = UserFormulas::parse(&definitions, &mut Names::new(), 10).unwrap();
    let counts: Vec<_> = formulas.formulas().map(|(formula, _)| formula.warnings().len()).collect();
    assert_eq!(counts, [0, 1]);
}

#[test]
fn messages_name_what_is_wrong() {
    let told = |text: &str, context: Context| {
        let errors = Formula::parse(text, context, &Names::new()).unwrap_err();
        let told = errors.iter().map(|error| match error.help() {
            Some(help) => format!("{error}; {help}"),
            None => error.to_string(),
        });
        told.collect::<Vec<_>>().join(" | ")
    };
    for (text, expected) in [
        ("", "the formula is empty"),
        ("1 + 원가", "`원가` is no variable, parameter or earlier user formula"),
        (
            "order_amount * 10%",
            "`order_amount` is no variable, parameter or earlier user formula; did you mean `ORDER_AMOUNT`? | \
            `%` is no operator of formulas; write a percentage as a decimal: `0.1` for 10%",
        ),
        ("1 +", "`+` has nothing on its right"),
        ("* 1", "`*` has nothing on its left"),
        ("1 2", "an operator is missing before `2`"),
        ("(1", "a `)` is missing at the end"),
        ("1)", "`)` does not fit here"),
        (
            "1,000",
            "`,` does not fit here; only a function's arguments take commas: numbers have no thousands separators",
        ),
        (
            "1 < 2 < 3",
            "`<` can't follow another comparison without parentheses; join two comparisons with `*`: `(1 < a) * (a < 2)`",
        ),
        ("FLOOR(1)", "`FLOOR` is no function; did you mean `ROUND_DOWN`?"),
        ("ORDER_AMOUNT(2)", "`ORDER_AMOUNT` is a value, not a function; write `*` before `(` to multiply"),
        ("반올림(1, 2)", "`반올림` takes 1 argument, not 2"),
        ("min(1)", "`min` takes 2 arguments or more, not 1"),
        ("if()", "`if` takes 3 arguments, not 0"),
        ("FIXED_RATE", "`FIXED_RATE` is not available in a user formula"),
        ("min", "`min` is a function: its arguments are missing"),
        ("100원", "`100원` is no number; did you mean `100`?"),
        ("1 \u{7}", "`\\u{7}` has no meaning in a formula"),
        (
            "x ? 1 : 2",
            "`x` is no variable, parameter or earlier user formula | \
            `?` is no operator of formulas; write `if(condition, then, otherwise)` | \
            `:` is no operator of formulas; write `if(condition, then, otherwise)`",
        ),
        (
            "ㅈㅜ",
            "`ㅈ` has no meaning in a formula; names take whole syllables, as composed Hangul (NFC) | \
            `ㅜ` has no meaning in a formula; names take whole syllables, as composed Hangul (NFC)",
        ),
    ] {
        assert_eq!(told(text, Context::User), expected, "{text}");
    }
    let missing = EvaluationError::MissingValue { name: "levy".into() };
    assert_eq!(
        (missing.to_string().as_str(), missing.kind().as_str()),
        ("`levy` has no value", "missing-value")
    );
    assert_eq!(evaluate("1 + 2 / 0").unwrap_err().to_string(), "a division by zero");
}
