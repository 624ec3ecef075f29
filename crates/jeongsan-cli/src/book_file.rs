//! Books in files: TOML or JSON, with partners in a file of their own where there is one, and where in the files a problem is.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use annotate_snippets::Level;
use jeongsan::book::{Book, BookProblem};
use jeongsan::calendar::Calendars;
use jeongsan::document::{BookDocument, ContractDocument, Day, PartnersDocument};
use jeongsan::schedule::ScheduleError;
use jeongsan::settle::Engine;
use serde::de::DeserializeOwned;

use crate::Failure;
use crate::diagnostic::{self, Diagnostic, Source};
use crate::json_place;
use crate::text_file::read_text;
use crate::wording::{escaped_line, is_like_a_field, of_reader, without_values};

/// The partners that stand beside a book.
#[derive(Debug, clap::Args)]
pub(crate) struct PartnersOption {
    /// More partners, or more versions of them, in a file of their own, as `jeongsan partners import` writes it.
    #[arg(long, value_name = "FILE")]
    pub(crate) partners: Option<PathBuf>,
}

/// A file's text and its name for messages.
#[derive(Debug)]
struct SourceText {
    name: String,
    text: String,
    is_json: bool,
}

/// A book's document and the files it stands in.
#[derive(Debug)]
pub(crate) struct BookFile {
    pub(crate) name: String,
    source: SourceText,
    /// The file of partners, if there is one.
    partners: Option<SourceText>,
    /// How many partners stand in the book itself; the others are those of the file of partners.
    own_partners: usize,
    document: BookDocument,
}

impl BookFile {
    /// Reads a file, or standard input for `-`. A text that begins with `{` is JSON, any other TOML.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let (source, document): (_, BookDocument) = read_document(path)?;
        let own_partners = document.partners.len();
        Ok(Self { name: source.name.clone(), source, partners: None, own_partners, document })
    }

    /// Reads a book together with the partners beside it.
    pub(crate) fn read_with(path: &Path, partners: &PartnersOption) -> Result<Self, Failure> {
        let mut file = Self::read(path)?;
        if let Some(path) = &partners.partners {
            file.take_in(path)?;
        }
        Ok(file)
    }

    /// Reads a file of partners and appends them to the book's.
    pub(crate) fn take_in(&mut self, path: &Path) -> Result<(), Failure> {
        let (source, partners): (_, PartnersDocument) = read_document(path)?;
        let taken = self.document.take_in(partners);
        taken.map_err(|error| Failure::Book(format!("{}: {error}", source.name)))?;
        self.partners = Some(source);
        Ok(())
    }

    /// The document as it was written, with the partners of both files.
    pub(crate) const fn document(&self) -> &BookDocument {
        &self.document
    }

    /// How many of the document's partners, the first ones, stand in the book itself.
    pub(crate) const fn own_partners(&self) -> usize {
        self.own_partners
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
        let (source, path) = self.source_of(problem.path());
        let place = source.place(&path);
        match Diagnostic::of_problem(problem, level) {
            Some((text, diagnostic)) => {
                let origin = escaped_line(&format!("{place}, {path}"));
                let in_colour = std::io::stdout().is_terminal();
                diagnostic::draw(Source { origin: Some(&origin), text }, &[diagnostic], in_colour)
            }
            None => {
                let (message, code) = (problem.message(), problem.code());
                escaped_line(&format!("{place}: {path}: {message} ({code})"))
            }
        }
    }

    /// The file that a path leads into, and the path within it.
    fn source_of(&self, path: &str) -> (&SourceText, String) {
        let in_partners = || {
            let (place, rest) = path.strip_prefix("partners[")?.split_once(']')?;
            let place = place.parse::<usize>().ok()?.checked_sub(self.own_partners)?;
            Some((self.partners.as_ref()?, format!("partners[{place}]{rest}")))
        };
        in_partners().unwrap_or_else(|| (&self.source, path.to_owned()))
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
                let place = self.source.place(&path);
                let line = format!("{place}: {path}: {} ({})", problem.error, problem.error.code());
                told.insert(line.clone()).then(|| escaped_line(&line))
            });
            described.collect()
        })
    }
}

impl SourceText {
    fn place(&self, path: &str) -> String {
        match self.position(path) {
            Some((line, column)) => format!("{}:{line}:{column}", self.name),
            None => self.name.clone(),
        }
    }

    /// Line and column, from 1, of what a path leads to, or of the nearest thing around it.
    fn position(&self, path: &str) -> Option<(usize, usize)> {
        let start = if self.is_json { json_place::find(&self.text, path) } else { self.place_in_toml(path)? };
        line_and_column(&self.text, start)
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

/// Line and column, from 1, of a byte of a text.
fn line_and_column(text: &str, byte: usize) -> Option<(usize, usize)> {
    let before = text.get(..byte)?;
    let line_start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
    let column = before.get(line_start..)?.chars().count().saturating_add(1);
    Some((before.matches('\n').count().saturating_add(1), column))
}

/// Whether a byte of a TOML text stands before all that is said of partners, so that its line may be shown.
fn is_before_partners(text: &str, byte: usize) -> bool {
    let line_end =
        text.get(byte..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| byte.saturating_add(end));
    text.get(..line_end).is_some_and(|before| !before.contains("partners"))
}

/// A document and the file it stands in.
fn read_document<T: DeserializeOwned>(path: &Path) -> Result<(SourceText, T), Failure> {
    let (name, text) = read_text(path)?;
    let is_json = text.trim_start().starts_with('{');
    let document = if is_json {
        read_json(&text).map_err(|(place, message)| format!("{name}{place}: {message}"))
    } else {
        toml::from_str(&text).map_err(|error: toml::de::Error| {
            let start = error.span().map_or(0, |span| span.start);
            if is_before_partners(&text, start) {
                return format!("{name}: {}", of_reader(error.to_string().trim_end()));
            }
            let (line, column) = line_and_column(&text, start).unwrap_or((1, 1));
            let what = without_values(error.message());
            format!("{name}: TOML parse error at line {line}, column {column}\n{what}")
        })
    };
    let document = document.map_err(Failure::Book)?;
    Ok((SourceText { name, text, is_json }, document))
}

/// The document, or the place of its fault as `:12:24` and what it is.
fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, (String, String)> {
    let fault = |error: &serde_json::Error, path: &str| {
        let place =
            if error.line() == 0 { String::new() } else { format!(":{}:{}", error.line(), error.column()) };
        let message = error.to_string();
        let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
        let is_private = path.contains("partners");
        // A field that isn't known may be a value in the wrong place, and is the path's last step.
        let path = match path.rsplit_once('.') {
            Some((around, field))
                if is_private && what.starts_with("unknown field") && !is_like_a_field(field) =>
            {
                around
            }
            _ => path,
        };
        let what = if is_private { without_values(what) } else { of_reader(what) };
        let path = if matches!(path, "." | "?") { String::new() } else { format!("{path}: ") };
        (place, format!("{path}{what}"))
    };
    let mut parser = serde_json::Deserializer::from_str(text);
    let document = serde_path_to_error::deserialize(&mut parser)
        .map_err(|error| fault(error.inner(), &error.path().to_string()))?;
    parser.end().map_err(|error| fault(&error, "."))?;
    Ok(document)
}
