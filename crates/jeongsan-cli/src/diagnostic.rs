//! Faults of a formula, drawn under its text as compilers do.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use jeongsan::book::{BookProblem, FormulaExcerpt};
use jeongsan::formula::{EvaluationError, FormulaError, UnitWarning};

/// A formula's text, and where it comes from, as in `book.toml, formulas.platform_fee`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) origin: Option<&'a str>,
    pub(crate) text: &'a str,
}

/// Something to say about a formula.
#[derive(Debug)]
pub(crate) struct Diagnostic {
    level: Level<'static>,
    code: &'static str,
    message: String,
    /// In Unicode scalar values, half-open.
    span: Range<usize>,
    help: Option<String>,
}

impl Diagnostic {
    /// A value that nobody gave.
    pub(crate) fn missing_value(name: &str, span: Range<usize>) -> Self {
        let message = format!("`{name}` has no value");
        let help = Some(format!("give one with `--var {name}=…`"));
        Self { level: Level::ERROR, code: "missing-value", message, span, help }
    }
}

impl Diagnostic {
    /// A problem of a book that lies within a formula, with the formula's text.
    pub(crate) fn of_problem<'p>(problem: &'p BookProblem, level: Level<'static>) -> Option<(&'p str, Self)> {
        let FormulaExcerpt { text, span, help } = problem.formula()?;
        let (message, code) = (problem.message().into(), problem.code());
        Some((text, Self { level, code, message, span: span.clone(), help: help.clone() }))
    }
}

impl From<&FormulaError> for Diagnostic {
    fn from(error: &FormulaError) -> Self {
        Self {
            level: Level::ERROR,
            code: error.kind().as_str(),
            message: error.to_string(),
            span: error.span(),
            help: error.help(),
        }
    }
}

impl From<&UnitWarning> for Diagnostic {
    fn from(warning: &UnitWarning) -> Self {
        Self {
            level: Level::WARNING,
            code: UnitWarning::CODE,
            message: warning.to_string(),
            span: warning.span(),
            help: None,
        }
    }
}

/// An evaluation's error; one without a place concerns the whole formula.
pub(crate) fn of_evaluation(error: &EvaluationError, source: Source<'_>) -> Diagnostic {
    Diagnostic {
        level: Level::ERROR,
        code: error.kind().as_str(),
        message: error.to_string(),
        span: error.span().unwrap_or(0..source.text.chars().count()),
        help: None,
    }
}

/// The diagnostics, each under the lines it concerns, in colour if asked for.
pub(crate) fn draw(source: Source<'_>, diagnostics: &[Diagnostic], in_colour: bool) -> String {
    let renderer = if in_colour { Renderer::styled() } else { Renderer::plain() };
    let drawn = diagnostics.iter().map(|diagnostic| {
        let snippet = Snippet::source(source.text)
            .path(source.origin)
            .annotation(AnnotationKind::Primary.span(to_bytes(source.text, &diagnostic.span)));
        let title = diagnostic.level.clone().primary_title(diagnostic.message.as_str()).id(diagnostic.code);
        let mut group: Group<'_> = title.element(snippet);
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
    });
    drawn.collect::<Vec<_>>().join("\n\n")
}

fn to_bytes(text: &str, span: &Range<usize>) -> Range<usize> {
    let byte = |scalar| text.char_indices().nth(scalar).map_or(text.len(), |(byte, _)| byte);
    byte(span.start)..byte(span.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeongsan::formula::{Context, Formula, Names};

    fn drawn(text: &str) -> String {
        let errors = Formula::parse(text, Context::User, &Names::new()).unwrap_err();
        let diagnostics: Vec<Diagnostic> = errors.iter().map(Into::into).collect();
        draw(Source { origin: None, text }, &diagnostics, false)
    }

    #[test]
    fn carets_stand_under_wide_characters() {
        assert_eq!(
            drawn("주문금액 * 정륭률 + 결제금액"),
            "\
error[invalid-variable]: `정륭률` is no variable, parameter or earlier user formula
  |
1 | 주문금액 * 정륭률 + 결제금액
  |            ^^^^^^"
        );
    }

    #[test]
    fn each_fault_has_its_lines() {
        assert_eq!(
            drawn("주문금액\n  * 10%\n + (1"),
            "\
error[invalid-operator]: `%` is no operator of formulas
  |
2 |   * 10%
  |       ^
  |
  = help: write a percentage as a decimal: `0.1` for 10%

error[missing-expected-token]: a `)` is missing at the end
  |
3 |  + (1
  |      ^"
        );
    }
}
