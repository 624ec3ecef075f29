//! The tokens of a formula.

use super::super::number::{Exact, decimal};

/// A token with its place.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: (usize, usize),
}

/// What a token is.
#[derive(Clone, Debug)]
pub(super) enum TokenKind {
    Number(Exact),
    Name(String),
    /// One of `+ - * / < <= > >= == != ( ) ,`.
    Symbol(&'static str),
    /// No token at all: the kind of its diagnosis, told when the parser gets here.
    Fault(&'static str),
    End,
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || ('\u{AC00}'..='\u{D7A3}').contains(&c)
}

fn is_name_part(c: char) -> bool {
    is_name_start(c) || c.is_ascii_digit()
}

fn is_number_start(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

/// Cuts a text into tokens; the last is the end.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < chars.len() {
        let first = chars[start];
        if matches!(first, ' ' | '\t' | '\r' | '\n') {
            start += 1;
            continue;
        }
        let run = |holds: &dyn Fn(char) -> bool| {
            chars[start..].iter().position(|&c| !holds(c)).map_or(chars.len(), |length| start + length)
        };
        let (kind, end) = if is_number_start(first) {
            let end = run(&|c| is_number_start(c) || is_name_part(c));
            let text: String = chars[start..end].iter().collect();
            (decimal(&text).map_or(TokenKind::Fault("invalid-syntax"), TokenKind::Number), end)
        } else if is_name_start(first) {
            let end = run(&is_name_part);
            (TokenKind::Name(chars[start..end].iter().collect()), end)
        } else {
            symbol(first, chars.get(start + 1).copied(), start)
        };
        tokens.push(Token { kind, span: (start, end) });
        start = end;
    }
    tokens.push(Token { kind: TokenKind::End, span: (chars.len(), chars.len()) });
    tokens
}

fn symbol(first: char, second: Option<char>, start: usize) -> (TokenKind, usize) {
    if second == Some('=')
        && let Some(pair) = ["<=", ">=", "==", "!="].into_iter().find(|pair| pair.starts_with(first))
    {
        return (TokenKind::Symbol(pair), start + 2);
    }
    let single =
        ["+", "-", "*", "/", "<", ">", "(", ")", ","].into_iter().find(|text| text.starts_with(first));
    let kind = match single {
        Some(text) => TokenKind::Symbol(text),
        None if "%^&|!=~?:×÷".contains(first) => TokenKind::Fault("invalid-operator"),
        None => TokenKind::Fault("invalid-syntax"),
    };
    (kind, start + 1)
}
