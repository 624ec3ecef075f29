//! Text into tokens.

use core::ops::Range;

use super::Operator;

/// What a token is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum TokenKind {
    Number,
    Name,
    Operator(Operator),
    Open,
    Close,
    Comma,
    /// A run that starts as a number and is none.
    MalformedNumber,
    /// An operator of other languages.
    InvalidOperator(char),
    /// A character of no token.
    InvalidCharacter(char),
}

/// A token with its place, in bytes and in Unicode scalar values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    pub(super) text: &'t str,
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Token<'_> {
    pub(super) fn span(&self) -> Range<usize> {
        to_usize(self.start)..to_usize(self.end)
    }
}

/// A place as an index.
pub(super) fn to_usize(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

const fn is_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}')
}

const fn starts_name(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || is_hangul(c)
}

const fn continues_name(c: char) -> bool {
    starts_name(c) || c.is_ascii_digit()
}

/// Whether a text is a name of the language.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(starts_name) && text.chars().all(continues_name)
}

fn is_number(run: &str) -> bool {
    let (whole, part) = run.split_once('.').unwrap_or((run, "0"));
    let is_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(whole) && is_digits(part)
}

/// The tokens of a text, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'t> {
    rest: &'t str,
    place: u32,
}

impl<'t> Lexer<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { rest: text, place: 0 }
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let bytes = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        self.take(bytes)
    }

    /// The text up to a byte, which lies between characters.
    fn take(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        let scalars = u32::try_from(taken.chars().count()).unwrap_or(u32::MAX);
        (self.rest, self.place) = (rest, self.place.saturating_add(scalars));
        taken
    }

    fn operator(&self) -> Option<Operator> {
        // Two characters before one, so that `<=` is not `<` and a stray `=`.
        let of_length = |bytes| {
            Operator::ALL
                .iter()
                .find(|operator| operator.as_str().len() == bytes && self.rest.starts_with(operator.as_str()))
        };
        of_length(2).or_else(|| of_length(1)).copied()
    }
}

impl<'t> Iterator for Lexer<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
        let first = self.rest.chars().next()?;
        let start = self.place;
        let (kind, text) = if first.is_ascii_digit() || first == '.' {
            let run = self.take_while(|c| continues_name(c) || c == '.');
            (if is_number(run) { TokenKind::Number } else { TokenKind::MalformedNumber }, run)
        } else if starts_name(first) {
            (TokenKind::Name, self.take_while(continues_name))
        } else if let Some(operator) = self.operator() {
            (TokenKind::Operator(operator), self.take(operator.as_str().len()))
        } else {
            let kind = match first {
                '(' => TokenKind::Open,
                ')' => TokenKind::Close,
                ',' => TokenKind::Comma,
                '%' | '^' | '&' | '|' | '!' | '=' | '~' | '?' | ':' | '×' | '÷' => {
                    TokenKind::InvalidOperator(first)
                }
                _ => TokenKind::InvalidCharacter(first),
            };
            (kind, self.take(first.len_utf8()))
        };
        Some(Token { kind, text, start, end: self.place })
    }
}
