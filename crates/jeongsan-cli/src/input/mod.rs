//! Events from files, one at a time: nothing is kept of a line once it is settled.

mod flat;
mod json_lines;
mod line_ends;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jeongsan::document::{EventDocument, Refusal};
use jeongsan::id::EventId;

use crate::Failure;

pub(crate) use json_lines::read_fact;

/// The most bytes that one line or row may have; a longer one is refused without being kept.
const LINE_BYTES_MAX: usize = 4 << 20;

/// One event as it was read.
#[derive(Debug)]
pub(crate) struct Item {
    /// Its line in the file, from 1.
    pub(crate) line: u64,
    /// Its id, if that much could be read.
    pub(crate) id: Option<EventId>,
    /// The event, or why the line is none.
    pub(crate) event: Result<EventDocument, Refusal>,
}

/// Which columns a CSV file may have beyond those of every event.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    /// Attributes that the book selects by: a column of such a name is one.
    pub(crate) attributes: BTreeSet<String>,
    /// What a column that means nothing does.
    pub(crate) unknown: UnknownColumns,
}

/// What a column that means nothing does to a CSV file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum UnknownColumns {
    /// The file is refused.
    Refused,
    /// The column is ignored.
    Ignored,
}

/// A file of events.
pub(crate) struct Input {
    name: String,
    size: Option<u64>,
    read: Arc<AtomicU64>,
    form: Form,
}

enum Form {
    JsonLines(json_lines::Lines<Box<dyn BufRead>>),
    Flat(Box<flat::Rows<Box<dyn BufRead>>>),
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Input {
    /// Opens a file, or standard input for `-`. The form is told by the ending, or else by the first character: `{` begins JSON.
    pub(crate) fn open(path: &Path, columns: &Columns) -> Result<Self, Failure> {
        let name = named(path);
        let failed = |error| Failure::File { path: name.clone(), error };
        let read = Arc::new(AtomicU64::new(0));
        let (source, size): (Box<dyn Read>, _) = if path == Path::new("-") {
            (Box::new(std::io::stdin()), None)
        } else {
            let file = File::open(path).map_err(failed)?;
            let size = file.metadata().map_err(failed)?.len();
            (Box::new(file), Some(size))
        };
        let counted = Counted { source, read: Arc::clone(&read) };
        let mut reader = BufReader::with_capacity(1 << 16, counted);
        let start = reader.fill_buf().map_err(failed)?;
        if start.starts_with(b"\xef\xbb\xbf") {
            reader.consume(3);
        }
        let first =
            reader.fill_buf().map_err(failed)?.iter().find(|byte| !byte.is_ascii_whitespace()).copied();
        let is_csv = match path.extension().and_then(|ending| ending.to_str()) {
            Some("csv") => true,
            Some("jsonl" | "json" | "ndjson") => false,
            _ => first.is_some_and(|byte| byte != b'{'),
        };
        let reader: Box<dyn BufRead> = Box::new(reader);
        let form = if is_csv {
            let rows = flat::Rows::new(reader, columns);
            Form::Flat(Box::new(rows.map_err(|message| Failure::Input { path: name.clone(), message })?))
        } else {
            Form::JsonLines(json_lines::Lines::new(reader))
        };
        Ok(Self { name, size, read, form })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) const fn is_csv(&self) -> bool {
        matches!(self.form, Form::Flat(_))
    }

    /// The file's bytes, where that is known beforehand.
    pub(crate) const fn size(&self) -> Option<u64> {
        self.size
    }

    /// The bytes read so far.
    pub(crate) fn position(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// The text of the line read last, as JSON: a line of JSON as it stands, a row of CSV as the event that it is. `None` of what is
    /// neither.
    pub(crate) fn text(&self, item: &Item) -> Option<String> {
        match &self.form {
            Form::JsonLines(lines) => lines.text().map(str::to_owned),
            Form::Flat(_) => item.event.as_ref().ok().and_then(|event| serde_json::to_string(event).ok()),
        }
    }

    /// The next event, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Item>, Failure> {
        let next = match &mut self.form {
            Form::JsonLines(lines) => lines.next(),
            Form::Flat(rows) => rows.next(),
        };
        next.map_err(|error| Failure::File { path: self.name.clone(), error })
    }
}

/// What a file is called in messages.
pub(crate) fn named(path: &Path) -> String {
    if path == Path::new("-") { "standard input".into() } else { path.display().to_string() }
}

/// Counts the bytes that pass.
struct Counted {
    source: Box<dyn Read>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.read.fetch_add(u64::try_from(count).unwrap_or(0), Ordering::Relaxed);
        Ok(count)
    }
}

/// The refusal of a line that is no event.
fn unreadable(message: impl Into<String>, path: Option<String>) -> Refusal {
    Refusal::Unreadable { message: message.into(), path }
}
