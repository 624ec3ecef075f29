//! Reading an overlay: a CSV file of days.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;
use core::str::FromStr;

use chrono::NaiveDate;
use jeongsan::calendar::{Holiday, HolidayKind, Status};

use crate::overlay::{OverlayError, OverlayRow};

/// The columns that a header can have; those marked must be there.
const COLUMNS: [(&str, bool); 9] = [
    ("date", true),
    ("name_ko", true),
    ("name_en", false),
    ("kind", true),
    ("substitute_for", false),
    ("scope", true),
    ("known_on", false),
    ("status", false),
    ("source", false),
];

/// A cell and the place where it begins, in characters from 1.
#[derive(Clone)]
struct Cell<'a> {
    column: usize,
    text: Cow<'a, str>,
}

/// Reads the rows below the header. Lines that are empty or begin with `#` are left out.
pub(crate) fn rows(text: &str) -> Result<Vec<OverlayRow>, OverlayError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().enumerate().map(|(i, line)| (i + 1, line));
    let mut lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let Some((line, header)) = lines.next() else {
        return Err(OverlayError::new(1, 1, "there is no header".into()));
    };
    let header = Header::read(line, header)?;
    lines.map(|(line, text)| Row { line, cells: cells(line, text)?, header: &header }.read()).collect()
}

/// The names of the columns, in their order.
struct Header(Vec<String>);

impl Header {
    fn read(line: usize, text: &str) -> Result<Self, OverlayError> {
        let cells = cells(line, text)?;
        for (i, cell) in cells.iter().enumerate() {
            let fault = if !COLUMNS.iter().any(|(name, _)| *name == cell.text) {
                "is not one of an overlay"
            } else if cells.iter().take(i).any(|before| before.text == cell.text) {
                "is there twice"
            } else {
                continue;
            };
            return Err(OverlayError::new(
                line,
                cell.column,
                alloc::format!("column `{}` {fault}", cell.text),
            ));
        }
        for (name, is_required) in COLUMNS {
            if is_required && !cells.iter().any(|cell| cell.text == name) {
                return Err(OverlayError::new(line, 1, alloc::format!("column `{name}` is missing")));
            }
        }
        Ok(Self(cells.into_iter().map(|cell| cell.text.into_owned()).collect()))
    }
}

/// One line below the header.
struct Row<'a> {
    line: usize,
    cells: Vec<Cell<'a>>,
    header: &'a Header,
}

impl Row<'_> {
    fn read(&self) -> Result<OverlayRow, OverlayError> {
        let wanted = self.header.0.len();
        if self.cells.len() != wanted {
            let column = self.cells.last().map_or(1, |cell| cell.column);
            let problem = alloc::format!("the line has {} cells, its header {wanted}", self.cells.len());
            return Err(OverlayError::new(self.line, column, problem));
        }
        let scope = self.required("scope")?;
        let holiday = Holiday {
            date: self.date("date")?.ok_or_else(|| self.missing("date"))?,
            kind: self.value::<HolidayKind>("kind")?.ok_or_else(|| self.missing("kind"))?,
            name: Cow::Owned(self.required("name_ko")?.text.to_string()),
            english: Cow::Owned(self.text("name_en")),
            substitute_for: self.date("substitute_for")?,
            status: self.value("status")?.unwrap_or(Status::Official),
            known_on: self.date("known_on")?,
            source: Cow::Owned(self.text("source")),
        };
        Ok(OverlayRow {
            line: self.line,
            scope_column: scope.column,
            scope: scope.text.to_string(),
            date_column: self.cell("date").map_or(1, |cell| cell.column),
            holiday,
        })
    }

    /// A cell of a column, if the file has the column.
    fn cell(&self, name: &str) -> Option<&Cell<'_>> {
        let place = self.header.0.iter().position(|column| column == name)?;
        self.cells.get(place)
    }

    fn text(&self, name: &str) -> String {
        self.cell(name).map_or_else(String::new, |cell| cell.text.to_string())
    }

    fn required(&self, name: &str) -> Result<&Cell<'_>, OverlayError> {
        self.cell(name).filter(|cell| !cell.text.is_empty()).ok_or_else(|| self.missing(name))
    }

    fn missing(&self, name: &str) -> OverlayError {
        let column = self.cell(name).map_or(1, |cell| cell.column);
        OverlayError::new(self.line, column, alloc::format!("`{name}` is empty"))
    }

    fn value<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>, OverlayError> {
        let Some(cell) = self.cell(name).filter(|cell| !cell.text.is_empty()) else { return Ok(None) };
        let value = cell
            .text
            .parse()
            .map_err(|error: T::Err| OverlayError::new(self.line, cell.column, error.to_string()));
        value.map(Some)
    }

    fn date(&self, name: &str) -> Result<Option<NaiveDate>, OverlayError> {
        let Some(cell) = self.cell(name).filter(|cell| !cell.text.is_empty()) else { return Ok(None) };
        // The standard parser takes dates with less than ten characters, too.
        match cell.text.parse() {
            Ok(date) if cell.text.len() == 10 => Ok(Some(date)),
            _ => {
                let problem =
                    alloc::format!("{name} `{}` is no date such as `2026-05-01`", shown(&cell.text));
                Err(OverlayError::new(self.line, cell.column, problem))
            }
        }
    }
}

/// The cells of a line. A quoted cell may hold commas, and quotes written twice.
fn cells(line: usize, text: &str) -> Result<Vec<Cell<'_>>, OverlayError> {
    let mut cells = Vec::new();
    let mut rest = text;
    let mut column = 1;
    loop {
        let (cell, behind) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_cell(quoted)
                .ok_or_else(|| OverlayError::new(line, column, "the quoted cell doesn't end".into()))?,
            None => {
                let (cell, _) = rest.split_once(',').unwrap_or((rest, ""));
                (Cow::Borrowed(cell), rest.strip_prefix(cell).unwrap_or_default())
            }
        };
        let width = rest.chars().count() - behind.chars().count();
        cells.push(Cell { column, text: cell });
        column += width;
        match behind.strip_prefix(',') {
            Some(next) => rest = next,
            None if behind.is_empty() => return Ok(cells),
            None => {
                return Err(OverlayError::new(line, column, "a comma must follow the quoted cell".into()));
            }
        }
        column += 1;
    }
}

/// The text of a cell behind its opening quote, and what follows its closing one.
fn quoted_cell(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let (before, behind) = rest.split_once('"')?;
        cell.push_str(before);
        match behind.strip_prefix('"') {
            Some(next) => {
                cell.push('"');
                rest = next;
            }
            None => return Some((Cow::Owned(cell), behind)),
        }
    }
}

/// The beginning of a text, enough to tell which one it is.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}
