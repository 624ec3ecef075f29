//! What became of each row of an import, and how that is printed.

use std::io::Write;

use comfy_table::{Cell, Table, presets};
use jeongsan::partner::Change;
use serde::Serialize;

use super::Format;

/// How many refused rows the table lists one by one.
const REFUSALS_LISTED_MAX: usize = 50;

/// Why a row is refused.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(super) struct Fault {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
}

impl Fault {
    pub(super) fn new(code: &'static str, column: Option<&str>, message: String) -> Self {
        Self { code, message, column: column.map(str::to_owned) }
    }
}

/// What became of one row.
#[derive(Clone, Debug)]
pub(super) struct RowOutcome {
    /// The line of the file, from 1.
    pub(super) line: u64,
    /// The partner's id, if that much could be read.
    pub(super) id: Option<String>,
    /// What became of it.
    pub(super) became: Result<Change, Fault>,
}

/// The document of an outcome.
#[derive(Serialize)]
struct OutcomeDocument<'o> {
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'o str>,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'o Fault>,
}

impl RowOutcome {
    fn text(&self) -> &'static str {
        self.became.as_ref().map_or("refused", |change| change.as_str())
    }

    fn document(&self) -> OutcomeDocument<'_> {
        let error = self.became.as_ref().err();
        OutcomeDocument { line: self.line, id: self.id.as_deref(), outcome: self.text(), error }
    }
}

/// How many rows were added, updated, unchanged and refused.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) added: u64,
    pub(super) updated: u64,
    pub(super) unchanged: u64,
    pub(super) refused: u64,
}

impl Counts {
    pub(super) fn of(outcomes: &[RowOutcome]) -> Self {
        let mut counts = Self::default();
        for outcome in outcomes {
            let count = match outcome.became {
                Ok(Change::Added) => &mut counts.added,
                Ok(Change::Updated) => &mut counts.updated,
                Ok(Change::Unchanged) => &mut counts.unchanged,
                Err(_) => &mut counts.refused,
            };
            *count = count.saturating_add(1);
        }
        counts
    }
}

/// Prints one outcome a row; the table counts them and lists what was refused.
pub(super) fn write(writer: &mut impl Write, format: Format, outcomes: &[RowOutcome]) -> std::io::Result<()> {
    match format {
        Format::Json => {
            for outcome in outcomes {
                serde_json::to_writer(&mut *writer, &outcome.document())?;
                writer.write_all(b"\n")?;
            }
        }
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(&mut *writer);
            csv.write_record(["line", "id", "outcome", "error_code", "error_column", "error_message"])?;
            for outcome in outcomes {
                let fault = outcome.became.as_ref().err();
                csv.write_record([
                    outcome.line.to_string().as_str(),
                    outcome.id.as_deref().unwrap_or_default(),
                    outcome.text(),
                    fault.map_or("", |fault| fault.code),
                    fault.and_then(|fault| fault.column.as_deref()).unwrap_or_default(),
                    fault.map_or("", |fault| fault.message.as_str()),
                ])?;
            }
            csv.flush()?;
        }
        Format::Table => write_table(writer, outcomes)?,
    }
    writer.flush()
}

fn write_table(writer: &mut impl Write, outcomes: &[RowOutcome]) -> std::io::Result<()> {
    let counts = Counts::of(outcomes);
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(["added", "updated", "unchanged", "refused"]);
    table.add_row([counts.added, counts.updated, counts.unchanged, counts.refused].map(Cell::new));
    writeln!(writer, "{table}")?;
    let refused = outcomes.iter().filter_map(|outcome| Some((outcome, outcome.became.as_ref().err()?)));
    for (outcome, fault) in refused.take(REFUSALS_LISTED_MAX) {
        let id = outcome.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
        let column = fault.column.as_ref().map(|column| format!(" in {column}")).unwrap_or_default();
        writeln!(writer, "line {}{id}: {}{column}: {}", outcome.line, fault.code, fault.message)?;
    }
    let listed = u64::try_from(REFUSALS_LISTED_MAX).unwrap_or(u64::MAX);
    if let Some(more) = counts.refused.checked_sub(listed).filter(|more| *more > 0) {
        writeln!(writer, "and {more} more; --format json lists every one")?;
    }
    Ok(())
}
