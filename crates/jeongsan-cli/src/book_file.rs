//! Books in files: TOML or JSON, and where in the file a problem is.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::Path;

use annotate_snippets::Level;
use jeongsan::book::{Book, BookProblem};
use jeongsan::calendar::Calendars;
use jeongsan::document::{BookDocument, ContractDocument, Day};
use jeongsan::schedule::ScheduleError;
use jeongsan::settle::Engine;

use crate::Failure;
use crate::diagnostic::{self, Diagnostic, Source};
use crate::json_place;
use crate::text_file::read_text;
use crate::wording::{escaped_line, of_reader};

/// A book's text, its name for messages, and the document in it.
#[derive(Debug)]
pub(crate) struct BookFile {
    pub(crate) name: String,
    text: String,
    is_json: bool,
    document: BookDocument,
}

impl BookFile {
    /// Reads a file, or standard input for `-`. A text that begins with `{` is JSON, any other TOML.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let (name, text) = read_text(path)?;
        let is_json = text.trim_start().starts_with('{');
        let document = if is_json {
            read_json(&text).map_err(|(place, message)| format!("{name}{place}: {message}"))
        } else {
            toml::from_str(&text)
                .map_err(|error| format!("{name}: {}", of_reader(error.to_string().trim_end())))
        };
        let document = document.map_err(Failure::Book)?;
        Ok(Self { name, text, is_json, document })
    }

    /// The document as it was written.
    pub(crate) const fn document(&self) -> &BookDocument {
        &self.document
    }

    /// The sound book, or every problem with its place.
    pub(crate) fn to_book(&self) -> Result<Book, Failure> {
        self.document.to_book().map_err(|error| {
            let mut message = String::new();
            for problem in error.problems() {
                // Writing to a string doesn't fail.
                let _ = writeln!(message, "{}", self.describe(problem, Level::ERROR));
            }
            let count = error.problems().len();
            let _ = write!(message, "{}: {count} problem{}", self.name, if count == 1 { "" } else { "s" });
            Failure::Book(message)
        })
    }

    /// A problem with file, line and column where they can be told, as in
    /// `book.toml:12:24: contracts[0].platform_fee.rate: …`; one within a formula drawn under its text.
    pub(crate) fn describe(&self, problem: &BookProblem, level: Level<'static>) -> String {
        let place = self.place(problem.path());
        match Diagnostic::of_problem(problem, level) {
            Some((text, diagnostic)) => {
                let origin = escaped_line(&format!("{place}, {}", problem.path()));
                let in_colour = std::io::stdout().is_terminal();
                diagnostic::draw(Source { origin: Some(&origin), text }, &[diagnostic], in_colour)
            }
            None => escaped_line(&format!("{place}: {problem} ({})", problem.code())),
        }
    }

    fn place(&self, path: &str) -> String {
        match self.position(path) {
            Some((line, column)) => format!("{}:{line}:{column}", self.name),
            None => self.name.clone(),
        }
    }

    /// The engine of a book that was read from here, or every cycle that can't be resolved with its place.
    pub(crate) fn resolve(&self, book: &Book, calendars: &Calendars) -> Result<Engine, Vec<String>> {
        Engine::resolve(book, calendars).map_err(|error| {
            let unknown = book.calendar().and_then(|id| calendars.get(id).err());
            let mut told = BTreeSet::new();
            let described = error.problems().iter().filter_map(|problem| {
                let is_same = |entry: &ContractDocument| {
                    entry.id == problem.contract.as_str()
                        && entry.applies_from.map(|Day(date)| date) == problem.applies_from
                };
                let path = match (&unknown, self.document.contracts.iter().position(is_same)) {
                    // The calendar of the whole book is told once.
                    (Some(unknown), _) if problem.error == ScheduleError::Calendar(unknown.clone()) => {
                        "calendar".into()
                    }
                    (_, Some(index)) => format!("contracts[{index}].cycle"),
                    (_, None) => "contracts".into(),
                };
                let place = self.place(&path);
                let line = format!("{place}: {path}: {} ({})", problem.error, problem.error.code());
                told.insert(line.clone()).then(|| escaped_line(&line))
            });
            described.collect()
        })
    }

    /// Line and column, from 1, of what a path leads to, or of the nearest thing around it.
    fn position(&self, path: &str) -> Option<(usize, usize)> {
        let start = if self.is_json { json_place::find(&self.text, path) } else { self.place_in_toml(path)? };
        let before = self.text.get(..start)?;
        let line_start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
        let column = before.get(line_start..)?.chars().count().saturating_add(1);
        Some((before.matches('\n').count().saturating_add(1), column))
    }

    fn place_in_toml(&self, path: &str) -> Option<usize> {
        let document = toml_edit::Document::parse(self.text.as_str()).ok()?;
        let mut item = document.as_item();
        let mut span = item.span();
        for step in path.split(['.', '[']).map(|step| step.trim_end_matches(']')) {
            let next = match step.parse::<usize>() {
                Ok(index) => item.get(index),
                Err(_) => item.get(step),
            };
            let Some(next) = next else { break };
            item = next;
            span = item.span().or(span);
        }
        Some(span?.start)
    }
}

/// The document, or the place of its fault as `:12:24` and what it is.
fn read_json(text: &str) -> Result<BookDocument, (String, String)> {
    let fault = |error: &serde_json::Error, path: &str| {
        let place =
            if error.line() == 0 { String::new() } else { format!(":{}:{}", error.line(), error.column()) };
        let message = error.to_string();
        let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
        let path = if matches!(path, "." | "?") { String::new() } else { format!("{path}: ") };
        (place, format!("{path}{}", of_reader(what)))
    };
    let mut parser = serde_json::Deserializer::from_str(text);
    let document = serde_path_to_error::deserialize(&mut parser)
        .map_err(|error| fault(error.inner(), &error.path().to_string()))?;
    parser.end().map_err(|error| fault(&error, "."))?;
    Ok(document)
}
