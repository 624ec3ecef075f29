//! Faults into words, with what was probably meant.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::lexer::{Token, TokenKind, to_usize};
use super::parser::{Finding, What};
use super::{Context, FormulaError, FormulaFault, Function, Names, Variable};

/// The longest name that is compared with the known ones; whoever writes a longer one made no slip.
const COMPARED_CHARS_MAX: usize = 40;

/// Names of functions elsewhere, in small letters, and ours.
const OTHER_FUNCTIONS: [(&str, &str); 13] = [
    ("floor", "ROUND_DOWN"),
    ("trunc", "ROUND_DOWN"),
    ("truncate", "ROUND_DOWN"),
    ("int", "ROUND_DOWN"),
    ("ceil", "ROUND_UP"),
    ("ceiling", "ROUND_UP"),
    ("절사", "내림"),
    ("버림", "내림"),
    ("절상", "올림"),
    ("사사오입", "반올림"),
    ("최소", "min"),
    ("최대", "max"),
    ("만약", "if"),
];

/// Names that variables had in earlier hosted services, and ours.
const FORMER_VARIABLES: [(&str, &str); 10] = [
    ("DISCOUNT_SHARE_RATE", "FIXED_RATE"),
    ("PLATFORM_FEE_RATE", "FIXED_RATE"),
    ("ADD_FEE_RATE", "FIXED_RATE"),
    ("ADD_FEE_AMOUNT", "FIXED_AMOUNT"),
    ("플랫폼수수료율", "정률"),
    ("할인분담률", "정률"),
    ("추가수수료율", "정률"),
    ("플랫폼수수료액", "정액"),
    ("추가수수료액", "정액"),
    ("할인담금", "할인분담금"),
];

/// The error of a finding.
pub(super) fn describe(finding: &Finding<'_>, context: Context, names: &Names) -> FormulaError {
    let token = &finding.token;
    let text = || shown(token.text);
    let mut suggestion = None;
    let fault = match finding.what {
        What::Empty => FormulaFault::Empty,
        What::InvalidToken => {
            suggestion = for_token(token);
            match token.kind {
                TokenKind::InvalidOperator(c) => FormulaFault::InvalidOperator(c),
                TokenKind::InvalidCharacter(c) => FormulaFault::InvalidCharacter(c),
                _ => FormulaFault::MalformedNumber(text()),
            }
        }
        What::MissingRightOperand => FormulaFault::MissingRightOperand(text()),
        What::MissingLeftOperand => FormulaFault::MissingLeftOperand(text()),
        What::MissingOperator => FormulaFault::MissingOperator(text()),
        What::MissingParenthesis => FormulaFault::MissingParenthesis,
        What::UnexpectedToken => FormulaFault::UnexpectedToken(text()),
        What::ChainedComparison => FormulaFault::ChainedComparison(text()),
        What::ArgumentCount { function, found } => FormulaFault::ArgumentCount {
            name: text(),
            expected: function.arguments(),
            found: to_usize(found),
        },
        What::TooDeep => FormulaFault::TooDeep,
        What::InvalidFunction if is_value(token.text, names) => FormulaFault::CalledValue(text()),
        What::InvalidFunction => {
            suggestion = for_function(token.text);
            FormulaFault::UnknownFunction(text())
        }
        What::InvalidVariable if Function::named(token.text).is_some() => {
            FormulaFault::FunctionAsVariable(text())
        }
        What::InvalidVariable if Variable::named(token.text).is_some() => {
            FormulaFault::NotInContext { name: text(), context }
        }
        What::InvalidVariable => {
            suggestion = for_variable(token.text, context, names);
            FormulaFault::UnknownVariable(text())
        }
    };
    FormulaError::new(fault, token.span(), suggestion)
}

/// The start of a text: an error must not carry one of any length.
fn shown(text: &str) -> String {
    match text.char_indices().nth(COMPARED_CHARS_MAX) {
        Some((end, _)) => alloc::format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into(),
    }
}

fn is_value(name: &str, names: &Names) -> bool {
    Variable::named(name).is_some() || names.symbol(name).is_some()
}

fn for_variable(name: &str, context: Context, names: &Names) -> Option<String> {
    let is_known = |known: &str| Variable::named(known).is_some_and(|variable| variable.is_known_in(context));
    let former =
        FORMER_VARIABLES.iter().find(|(former, ours)| former.eq_ignore_ascii_case(name) && is_known(ours));
    if let Some((_, ours)) = former {
        return Some((*ours).to_string());
    }
    let variables =
        Variable::names().filter(|(_, variable)| variable.is_known_in(context)).map(|(known, _)| known);
    nearest(name, variables.chain(names.parameters()).chain(names.user_formulas()))
}

fn for_function(name: &str) -> Option<String> {
    let other = OTHER_FUNCTIONS.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
    match other {
        Some((_, ours)) => Some((*ours).to_string()),
        None => nearest(name, Function::names().map(|(known, _)| known)),
    }
}

fn for_token(token: &Token<'_>) -> Option<String> {
    match token.kind {
        TokenKind::InvalidOperator(c) | TokenKind::InvalidCharacter(c) => for_character(c),
        _ => for_number(token.text),
    }
}

fn for_character(c: char) -> Option<String> {
    let meant = match c {
        '×' | '∗' | '·' | '✕' => "*",
        '÷' | '∕' => "/",
        '−' | '–' | '—' => "-",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        '=' => "==",
        '[' | '{' => "(",
        ']' | '}' => ")",
        ';' => ",",
        // The full-width forms lie beside each other in the order of ASCII.
        '！'..='～' => {
            let ascii = u32::from(c).saturating_sub(0xFEE0);
            let ascii =
                char::from_u32(ascii).filter(|c| c.is_ascii_alphanumeric() || "+-*/()<>,._".contains(*c));
            return ascii.map(String::from);
        }
        _ => return None,
    };
    Some(meant.into())
}

fn for_number(run: &str) -> Option<String> {
    if run.len() > COMPARED_CHARS_MAX {
        return None;
    }
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(whole) = run.strip_suffix('.').filter(|whole| is_digits(whole)) {
        return Some(whole.into());
    }
    if let Some(part) = run.strip_prefix('.').filter(|part| is_digits(part)) {
        return Some(alloc::format!("0.{part}"));
    }
    let plain = run.replace('_', "");
    let digits = plain.trim_end_matches("원").trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if let Some((number, exponent)) = plain.split_once(['e', 'E'])
        && is_digits(number)
        && let Some(exponent) = exponent.parse().ok().filter(|&exponent| exponent <= 15_usize)
    {
        return Some(alloc::format!("{number}{}", "0".repeat(exponent)));
    }
    let unit = plain.strip_prefix(digits).unwrap_or_default();
    let is_money = unit.is_empty()
        || unit == "원"
        || unit.eq_ignore_ascii_case("won")
        || unit.eq_ignore_ascii_case("krw");
    (is_digits(digits) && is_money).then(|| digits.into())
}

/// The known name that is fewest slips away, if they are few for its length; the earlier of equals.
fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    let folded = |text: &str| text.chars().map(|c| c.to_ascii_lowercase()).collect::<Vec<_>>();
    let name = folded(name);
    if name.len() > COMPARED_CHARS_MAX {
        return None;
    }
    // One syllable of Hangul says as much as several letters.
    let few = match name.len() {
        0 | 1 => 0,
        length if name.iter().all(char::is_ascii) => length / 3,
        length => (length / 3).max(1),
    };
    let near = known
        .map(|known| (slips(&name, &folded(known)), known))
        .filter(|(slips, _)| *slips <= few)
        .min_by_key(|(slips, _)| *slips);
    near.map(|(_, known)| known.into())
}

/// How many characters to insert, leave out, replace or swap with their neighbour make one text the other.
fn slips(from: &[char], to: &[char]) -> usize {
    let mut before_last = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    let mut previous_char = None;
    for (row, &a) in from.iter().enumerate() {
        let mut current = alloc::vec![row.saturating_add(1)];
        for (column, &b) in to.iter().enumerate() {
            let at = |line: &[usize], place: usize| line.get(place).copied().unwrap_or(usize::MAX);
            let mut best = at(&last, column).saturating_add(usize::from(a != b));
            best = best.min(at(&last, column.saturating_add(1)).saturating_add(1));
            best = best.min(at(&current, column).saturating_add(1));
            if let Some(before) = column.checked_sub(1)
                && previous_char == Some(b)
                && to.get(before) == Some(&a)
            {
                best = best.min(at(&before_last, before).saturating_add(1));
            }
            current.push(best);
        }
        before_last = core::mem::replace(&mut last, current);
        previous_char = Some(a);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggestion(text: &str, context: Context) -> Option<String> {
        let mut names = Names::new();
        names.add_parameter("season_factor").unwrap();
        names.add_parameter("시즌계수").unwrap();
        let errors = super::super::Formula::parse(text, context, &names).unwrap_err();
        errors[0].suggestion().map(String::from)
    }

    #[test]
    fn slips_are_counted_by_definition() {
        let count = |a: &str, b: &str| slips(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(count("", "abc"), 3);
        assert_eq!(count("abc", ""), 3);
        assert_eq!(count("abc", "abc"), 0);
        assert_eq!(count("abc", "acb"), 1);
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("주문금", "주문금액"), 1);
    }

    #[test]
    fn near_names_are_told_and_far_ones_are_not() {
        for (text, meant) in [
            ("order_amount", Some("ORDER_AMOUNT")),
            ("ORDER_AMUONT", Some("ORDER_AMOUNT")),
            ("orderAmount", Some("ORDER_AMOUNT")),
            ("주문금", Some("주문금액")),
            ("정율", Some("정률")),
            ("SEASON_FACTOR", Some("season_factor")),
            ("시즌게수", Some("시즌계수")),
            ("PLATFORM_FEE_RATE", Some("FIXED_RATE")),
            ("x", None),
            ("SOMETHING", None),
            ("ROUND", None),
        ] {
            assert_eq!(suggestion(text, Context::PlatformFee).as_deref(), meant, "{text}");
        }
        // A name that the context lacks is never suggested.
        assert_eq!(suggestion("FIXED_RATES", Context::User), None);
        assert_eq!(suggestion("PLATFORM_FEE_RATE", Context::DiscountShare).as_deref(), Some("FIXED_RATE"));
    }

    #[test]
    fn slips_of_other_languages_are_known() {
        for (text, meant) in [
            ("FLOOR(1.5)", Some("ROUND_DOWN")),
            ("RUOND(1.5)", Some("ROUND")),
            ("절사(1.5)", Some("내림")),
            ("sqrt(1.5)", None),
            ("1.", Some("1")),
            (".5", Some("0.5")),
            ("100원", Some("100")),
            ("1_000", Some("1000")),
            ("1e5", Some("100000")),
            ("1.2.3", None),
            ("1 × 2", Some("*")),
            ("1 ＋ 2", Some("+")),
            ("1 = 2", Some("==")),
            ("[1]", Some("(")),
            ("10%", None),
            ("1 ！ 2", None),
        ] {
            assert_eq!(suggestion(text, Context::User).as_deref(), meant, "{text}");
        }
    }
}
