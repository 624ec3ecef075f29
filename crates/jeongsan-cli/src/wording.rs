//! What is said to people: in the words of the formats, and without anything that would steer a terminal.

use std::borrow::Cow;

/// The text with control and direction characters written out, so that no input can steer a terminal; lines stay lines.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) {
            written.extend(c.escape_default());
        } else {
            written.push(c);
        }
    }
    Cow::Owned(written)
}

/// As [`escaped`], in one line.
pub(crate) fn escaped_line(text: &str) -> String {
    escaped(text).replace('\n', "\\n")
}

/// What a reader of documents says, in the words of the documents rather than those of its programmers.
pub(crate) fn of_reader(message: &str) -> String {
    message.lines().map(of_reader_line).collect::<Vec<_>>().join("\n")
}

/// What a reader says of a place where account numbers and names stand: as [`of_reader`], without what was found there.
pub(crate) fn without_values(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    let told = of_reader_line(message);
    match (told.split_once(", found "), message.split_once(" `")) {
        (Some((expected, _)), _) => format!("{expected}, found something else"),
        (None, Some(("unknown field", rest))) if rest.split('`').next().is_some_and(is_like_a_field) => told,
        // A field's name may be a value in the wrong place; the fields that are known, and those that are missing, are the format's own.
        (None, Some((fault @ ("unknown field" | "unknown variant"), rest))) => match rest.split_once("`, ") {
            Some((_, known)) => format!("{fault}, {known}"),
            None => fault.into(),
        },
        (None, Some(_)) if message.starts_with("missing field") || message.starts_with("duplicate field") => {
            told
        }
        (None, Some((fault, _))) => fault.into(),
        (None, None) => told,
    }
}

/// Whether a text is written as the formats write their fields, so that it is one mistyped rather than a number or a name.
pub(crate) fn is_like_a_field(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

fn of_reader_line(line: &str) -> String {
    let mistyped = ["invalid type: ", "invalid value: ", "invalid length "]
        .iter()
        .find_map(|start| line.strip_prefix(start));
    if let Some((found, expected)) = mistyped.and_then(|rest| rest.rsplit_once(", expected ")) {
        return format!("expected {}, found {}", expected_words(expected), found_words(found));
    }
    match line.strip_prefix("duplicate field ") {
        Some(field) => format!("the field {field} stands twice"),
        None => line.to_owned(),
    }
}

fn expected_words(expected: &str) -> String {
    let most = match expected {
        "a string" => return "a text".into(),
        "a sequence" => return "a list".into(),
        "a map" => return "a table".into(),
        "a boolean" => return "`true` or `false`".into(),
        "u8" => u64::from(u8::MAX),
        "u16" | "a nonzero u16" => u64::from(u16::MAX),
        "u32" => u64::from(u32::MAX),
        other => return other.into(),
    };
    let least = u8::from(expected.starts_with("a nonzero"));
    format!("a whole number from {least} to {most}")
}

fn found_words(found: &str) -> String {
    match found {
        "map" => "a table".into(),
        "sequence" => "a list".into(),
        "unit value" | "Option value" => "nothing".into(),
        _ => match found.split_once(' ') {
            Some(("string", text)) => format!("the text {text}"),
            Some(("integer" | "boolean", value)) => value.into(),
            Some(("floating", point)) => point.trim_start_matches("point ").into(),
            _ => found.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(escaped("주문 a\nb"), "주문 a\nb");
        assert_eq!(escaped("\u{1b}[2J\u{9b}\u{202e}\t"), r"\u{1b}[2J\u{9b}\u{202e}\t");
        assert_eq!(escaped_line("a\nb\r"), r"a\nb\r");
    }

    #[test]
    fn what_was_found_among_accounts_is_left_out() {
        for (said, told) in [
            ("invalid type: integer `110123`, expected a string", "expected a text, found something else"),
            (
                "invalid type: string \"a, found b\", expected u8",
                "expected a whole number from 0 to 255, found something else",
            ),
            (
                "unknown field `김정산`, expected `bank` or `number`",
                "unknown field, expected `bank` or `number`",
            ),
            ("unknown field `nick_name`, expected `bank`", "unknown field `nick_name`, expected `bank`"),
            ("missing field `holder`", "missing field `holder`"),
            ("duplicate key `김정산`", "duplicate key"),
            ("invalid basic string, expected `\"`\n110123", "invalid basic string, expected"),
        ] {
            assert_eq!(without_values(said), told);
        }
    }

    #[test]
    fn readers_speak_of_documents() {
        for (said, reworded) in [
            ("invalid type: map, expected a string", "expected a text, found a table"),
            (
                "invalid type: sequence, expected the fields of an event",
                "expected the fields of an event, found a list",
            ),
            (
                "invalid type: string \"10\", expected u16",
                "expected a whole number from 0 to 65535, found the text \"10\"",
            ),
            (
                "invalid value: integer `0`, expected a nonzero u16",
                "expected a whole number from 1 to 65535, found `0`",
            ),
            (
                "invalid type: floating point `1.5`, expected a boolean",
                "expected `true` or `false`, found `1.5`",
            ),
            ("invalid type: null, expected u32", "expected a whole number from 0 to 4294967295, found null"),
            ("duplicate field `id`", "the field `id` stands twice"),
            ("  |\nunknown field `x`", "  |\nunknown field `x`"),
        ] {
            assert_eq!(of_reader(said), reworded);
        }
    }
}
