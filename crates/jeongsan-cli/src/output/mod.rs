//! What becomes of the events, on standard output.

pub(crate) mod table;

use std::io::Write;

use jeongsan::book::Book;
use jeongsan::calendar::CalendarVersion;
use jeongsan::document::{Refusal, RefusalDocument, SettlementDocument};
use jeongsan::figures::Figure;
use jeongsan::id::EventId;
use jeongsan::money::Currency;
use jeongsan::settle::{Engine, Settled, Settlement, Totals};

use crate::wording::escaped_line;

/// How results are printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Format {
    /// JSON lines: a settlement or an error each.
    Json,
    /// CSV: the money fields as columns, an error in columns of its own.
    Csv,
    /// What each partner is owed on which day, the balance, the errors.
    Table,
}

/// Where an event stands, and what its id is if that much could be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'i> {
    /// The file, where there are several.
    pub(crate) file: Option<&'i str>,
    /// The line, from 1.
    pub(crate) line: u64,
    /// The event's id.
    pub(crate) id: Option<&'i EventId>,
}

impl Place<'_> {
    /// A refused event in a line.
    pub(crate) fn refusal(self, refusal: &Refusal) -> String {
        let Place { file, line, id } = self;
        let file = file.map(|file| format!("{file} ")).unwrap_or_default();
        let id = id.map(|id| format!(" ({id})")).unwrap_or_default();
        let path = refusal.path().map(|path| format!(" at {path}")).unwrap_or_default();
        escaped_line(&format!("{file}line {line}{id}: {}{path}: {refusal}", refusal.code()))
    }
}

/// Writes one result an event and keeps the totals.
pub(crate) struct Output<'e, W: Write> {
    writer: Writer<W>,
    /// The keys of all user formulas of the book, each a column of CSV.
    user_keys: Vec<String>,
    has_left_lines_out: bool,
    /// The engine that settles, the one of other calendars, and how many settlement dates differ between them.
    compared: Option<(&'e Engine, &'e Engine, u64)>,
    currency: Currency,
    /// The calendar that dates go by, with its stamp.
    calendar: Option<CalendarVersion>,
    totals: Totals,
    /// What the table prints of the first refused events; empty for the other forms, which print them in place.
    refusals: Vec<String>,
    events: u64,
    refused: u64,
    readable: u64,
}

enum Writer<W: Write> {
    Json(std::io::BufWriter<W>),
    Csv(Box<csv::Writer<W>>),
    Table(W),
}

impl<'e, W: Write> Output<'e, W> {
    pub(crate) fn new(format: Format, book: &Book, writer: W) -> std::io::Result<Self> {
        let mut user_keys: Vec<String> = Vec::new();
        for key in book.formulas().iter().flat_map(|version| &version.terms.user_keys) {
            if !user_keys.iter().any(|known| **known == **key) {
                user_keys.push(key.to_string());
            }
        }
        let writer = match format {
            Format::Json => Writer::Json(std::io::BufWriter::with_capacity(1 << 16, writer)),
            Format::Csv => {
                let mut csv = Box::new(csv::Writer::from_writer(writer));
                csv.write_record(columns(&user_keys))?;
                Writer::Csv(csv)
            }
            Format::Table => Writer::Table(writer),
        };
        Ok(Self {
            writer,
            user_keys,
            has_left_lines_out: false,
            compared: None,
            currency: book.currency(),
            calendar: None,
            totals: Totals::default(),
            refusals: Vec::new(),
            events: 0,
            refused: 0,
            readable: 0,
        })
    }

    /// Names the calendar that dates go by.
    pub(crate) fn dates_by(&mut self, calendar: Option<&CalendarVersion>) {
        self.calendar = calendar.cloned();
    }

    /// Counts the settlement dates that would differ on the calendars of another engine.
    pub(crate) const fn compare_dates(&mut self, engine: &'e Engine, other: &'e Engine) {
        self.compared = Some((engine, other, 0));
    }

    /// How many settlement dates differ, where that was counted.
    pub(crate) fn moved_dates(&self) -> Option<u64> {
        self.compared.map(|(.., moved)| moved)
    }

    /// Whether there were lines that the form has no place for.
    pub(crate) const fn has_left_lines_out(&self) -> bool {
        self.has_left_lines_out
    }

    /// Writes what became of one event.
    pub(crate) fn write(
        &mut self,
        place: Place<'_>,
        settled: &Result<Settled, Refusal>,
        was_readable: bool,
    ) -> std::io::Result<()> {
        self.events = self.events.saturating_add(1);
        self.readable = self.readable.saturating_add(u64::from(was_readable));
        self.refused = self.refused.saturating_add(u64::from(settled.is_err()));
        match settled {
            Ok(settled) => settled.rows().try_for_each(|settlement| self.write_row(settlement)),
            Err(refusal) => match &mut self.writer {
                Writer::Json(writer) => {
                    let Place { file, line, id } = place;
                    serde_json::to_writer(
                        &mut *writer,
                        &RefusalDocument { id, file, line: Some(line), refusal },
                    )?;
                    writer.write_all(b"\n")
                }
                Writer::Csv(writer) => {
                    Ok(writer.write_record(refusal_row(place, refusal, self.user_keys.len()))?)
                }
                Writer::Table(_) => {
                    if self.refusals.len() < table::REFUSALS_LISTED_MAX {
                        self.refusals.push(place.refusal(refusal));
                    }
                    Ok(())
                }
            },
        }
    }

    fn write_row(&mut self, settlement: &Settlement) -> std::io::Result<()> {
        self.totals.add(settlement);
        if let Some((engine, other, moved)) = &mut self.compared {
            let date = engine.cycle_date(settlement);
            let is_moved = date == Some(settlement.settlement_date) && other.cycle_date(settlement) != date;
            *moved = moved.saturating_add(u64::from(is_moved));
        }
        match &mut self.writer {
            Writer::Json(writer) => {
                serde_json::to_writer(&mut *writer, &SettlementDocument(settlement))?;
                writer.write_all(b"\n")
            }
            Writer::Csv(writer) => {
                self.has_left_lines_out |= !settlement.lines.is_empty();
                Ok(writer.write_record(row(settlement, &self.user_keys))?)
            }
            Writer::Table(_) => Ok(()),
        }
    }

    /// Writes what comes last.
    pub(crate) fn finish(&mut self) -> std::io::Result<()> {
        let summary = self.summary();
        match &mut self.writer {
            Writer::Json(writer) => writer.flush(),
            Writer::Csv(writer) => writer.flush(),
            Writer::Table(writer) => {
                let refusals = table::Refusals { listed: &self.refusals, count: self.refused };
                table::write(writer, self.currency, &self.totals, refusals, &summary)
            }
        }
    }

    /// How many events there were.
    pub(crate) const fn events(&self) -> u64 {
        self.events
    }

    /// How many of them could be read as events, settled or not.
    pub(crate) const fn readable(&self) -> u64 {
        self.readable
    }

    /// How many were refused.
    pub(crate) const fn refused(&self) -> u64 {
        self.refused
    }

    /// The counts, in a line.
    pub(crate) fn summary(&self) -> String {
        let dates =
            self.calendar.as_ref().map(|calendar| format!("; dates by {calendar}")).unwrap_or_default();
        format!(
            "{} events: {} settled, {} refused{dates}",
            self.events,
            self.events.saturating_sub(self.refused),
            self.refused
        )
    }
}

const FIRST_COLUMNS: [&str; 10] = [
    "id",
    "type",
    "cause",
    "of_order",
    "partner",
    "contract",
    "contract_version",
    "start_date",
    "settlement_date",
    "currency",
];
const LAST_COLUMNS: [&str; 5] = ["file", "line", "error_code", "error_message", "error_path"];

fn columns(user_keys: &[String]) -> impl Iterator<Item = String> {
    let figures = Figure::ALL.iter().map(|figure| figure.as_str());
    let user = user_keys.iter().map(|key| format!("user_formulas.{key}"));
    let first = FIRST_COLUMNS.into_iter().chain(figures).map(str::to_owned);
    first.chain(user).chain(LAST_COLUMNS.into_iter().map(str::to_owned))
}

fn row(settlement: &Settlement, user_keys: &[String]) -> Vec<String> {
    fn text(value: Option<impl ToString>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    let mut cells = vec![
        settlement.id.to_string(),
        settlement.kind.to_string(),
        text(settlement.cause.as_ref()),
        text(settlement.of_order.as_ref()),
        settlement.partner.to_string(),
        text(settlement.contract.as_ref()),
        text(settlement.contract_version),
        text(settlement.start_date),
        settlement.settlement_date.to_string(),
        settlement.currency.to_string(),
    ];
    cells.extend(settlement.figures.iter().map(|(_, amount)| amount.to_string()));
    cells.extend(user_keys.iter().map(|key| {
        let own = settlement.user_formulas.iter().find(|(own, _)| **own == **key);
        text(own.map(|(_, amount)| amount))
    }));
    cells.extend(LAST_COLUMNS.map(|_| String::new()));
    cells
}

fn refusal_row(place: Place<'_>, refusal: &Refusal, user_formulas: usize) -> Vec<String> {
    let mut cells = vec![place.id.map(EventId::to_string).unwrap_or_default()];
    let figures = Figure::ALL.len().saturating_add(user_formulas);
    let between = FIRST_COLUMNS.len().saturating_add(figures).saturating_sub(1);
    cells.extend(std::iter::repeat_n(String::new(), between));
    cells.extend([
        place.file.unwrap_or_default().into(),
        place.line.to_string(),
        refusal.code().into(),
        escaped_line(&refusal.to_string()),
        escaped_line(&refusal.path().unwrap_or_default()),
    ]);
    cells
}
