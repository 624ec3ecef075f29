//! JSON lines: one object a line.

use std::io::BufRead;

use jeongsan::document::{EventDocument, EventError, EventHead, EventType, FactDocument, Refusal};

use crate::wording::of_reader;

use super::{Item, LINE_BYTES_MAX, unreadable};

pub(super) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    line: u64,
}

/// How a line ended up in the buffer.
enum Taken {
    Whole,
    TooLong,
    End,
}

impl<R: BufRead> Lines<R> {
    pub(super) const fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), line: 0 }
    }

    /// The next line that isn't blank.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Item>> {
        loop {
            let taken = self.take_line()?;
            if matches!(taken, Taken::End) {
                return Ok(None);
            }
            self.line = self.line.saturating_add(1);
            let item = match taken {
                Taken::TooLong => {
                    let message = format!("the line has more than {} MiB", LINE_BYTES_MAX >> 20);
                    Item { line: self.line, id: None, event: Err(unreadable(message, None)) }
                }
                _ if self.buffer.trim_ascii().is_empty() => continue,
                _ => read(&self.buffer, self.line),
            };
            return Ok(Some(item));
        }
    }

    /// The text of the line read last, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.buffer).ok().filter(|text| !text.is_empty())
    }

    /// Takes a line into the buffer; of one that is too long only the end is looked for.
    fn take_line(&mut self) -> std::io::Result<Taken> {
        self.buffer.clear();
        let mut any = false;
        let mut too_long = false;
        loop {
            let ready = self.reader.fill_buf()?;
            if ready.is_empty() {
                return Ok(if too_long {
                    Taken::TooLong
                } else if any {
                    Taken::Whole
                } else {
                    Taken::End
                });
            }
            any = true;
            let end = ready.iter().position(|&byte| byte == b'\n');
            let part = ready.get(..end.unwrap_or(ready.len())).unwrap_or_default();
            too_long |= self.buffer.len().saturating_add(part.len()) > LINE_BYTES_MAX;
            if too_long {
                self.buffer.clear();
            } else {
                self.buffer.extend_from_slice(part);
            }
            let used = part.len().saturating_add(usize::from(end.is_some()));
            self.reader.consume(used);
            if end.is_some() {
                return Ok(if too_long { Taken::TooLong } else { Taken::Whole });
            }
        }
    }
}

fn read(bytes: &[u8], line: u64) -> Item {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let message =
                format!("invalid UTF-8 at byte {} of the line", error.valid_up_to().saturating_add(1));
            return Item { line, id: None, event: Err(unreadable(message, None)) };
        }
    };
    match serde_json::from_str::<EventDocument>(text) {
        Ok(event) => Item { line, id: event.id.clone(), event: Ok(event) },
        Err(_) => explain(text, line),
    }
}

/// A line of JSON as a fact, or why it is none.
pub(crate) fn read_fact(text: &str) -> Result<FactDocument, Refusal> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut parser).map_err(|error| {
        let path = error.path().to_string();
        unreadable(place(error.inner()), (path != "." && path != "?").then_some(path))
    });
    let fact = read?;
    parser.end().map_err(|error| unreadable(place(&error), None))?;
    Ok(fact)
}

/// Reads a line again that is no event, for its id and the place of its fault.
fn explain(text: &str, line: u64) -> Item {
    let id = serde_json::from_str::<EventHead>(text).ok().map(|head| head.id);
    let kind = serde_json::from_str::<EventType>(text).ok().map(|known| known.kind);
    if let Some(kind) = kind.filter(|kind| FactDocument::is_fact(kind)) {
        return Item { line, id, event: Err(EventError::NotSettled { kind }.into()) };
    }
    let mut parser = serde_json::Deserializer::from_str(text);
    let read: Result<EventDocument, _> = serde_path_to_error::deserialize(&mut parser);
    let refusal = match read {
        Ok(_) => {
            unreadable(parser.end().err().map_or_else(|| "not an event".into(), |error| place(&error)), None)
        }
        Err(error) => {
            let path = error.path().to_string();
            unreadable(place(error.inner()), (path != "." && path != "?").then_some(path))
        }
    };
    Item { line, id, event: Err(refusal) }
}

/// The parser's message; its line is always the first, so only the column is worth telling.
fn place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rsplit_once(" at line ") {
        Some((what, _)) => format!("{}, column {}", of_reader(what), error.column()),
        None => of_reader(&message),
    }
}
