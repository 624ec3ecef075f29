//! What becomes of the events, on standard output.

mod table;

use std::io::Write;

use jeongsan::calendar::CalendarVersion;
use jeongsan::document::{Refusal, RefusalDocument, SettlementDocument};
use jeongsan::figures::Figure;
use jeongsan::id::EventId;
use jeongsan::money::Currency;
use jeongsan::settle::{Settled, Settlement, Totals};

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

/// Writes one result an event and keeps the totals.
pub(crate) struct Output<W: Write> {
    writer: Writer<W>,
    currency: Currency,
    /// The calendar that dates go by, with its stamp.
    calendar: Option<CalendarVersion>,
    totals: Totals,
    /// What the table prints of refused events; empty for the other forms, which print them in place.
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

impl<W: Write> Output<W> {
    pub(crate) fn new(format: Format, currency: Currency, writer: W) -> std::io::Result<Self> {
        let writer = match format {
            Format::Json => Writer::Json(std::io::BufWriter::with_capacity(1 << 16, writer)),
            Format::Csv => {
                let mut csv = Box::new(csv::Writer::from_writer(writer));
                csv.write_record(columns())?;
                Writer::Csv(csv)
            }
            Format::Table => Writer::Table(writer),
        };
        Ok(Self {
            writer,
            currency,
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
                Writer::Csv(writer) => Ok(writer.write_record(refusal_row(place, refusal))?),
                Writer::Table(_) => {
                    self.refusals.push(table::refusal(place, refusal));
                    Ok(())
                }
            },
        }
    }

    fn write_row(&mut self, settlement: &Settlement) -> std::io::Result<()> {
        self.totals.add(settlement);
        match &mut self.writer {
            Writer::Json(writer) => {
                serde_json::to_writer(&mut *writer, &SettlementDocument(settlement))?;
                writer.write_all(b"\n")
            }
            Writer::Csv(writer) => Ok(writer.write_record(row(settlement))?),
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
                table::write(writer, self.currency, &self.totals, &self.refusals, &summary)
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

fn columns() -> impl Iterator<Item = &'static str> {
    FIRST_COLUMNS.into_iter().chain(Figure::ALL.iter().map(|figure| figure.as_str())).chain(LAST_COLUMNS)
}

fn row(settlement: &Settlement) -> Vec<String> {
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
    cells.extend(LAST_COLUMNS.map(|_| String::new()));
    cells
}

fn refusal_row(place: Place<'_>, refusal: &Refusal) -> Vec<String> {
    let mut cells = vec![place.id.map(EventId::to_string).unwrap_or_default()];
    let between = FIRST_COLUMNS.len().saturating_add(Figure::ALL.len()).saturating_sub(1);
    cells.extend(std::iter::repeat_n(String::new(), between));
    cells.extend([
        place.file.unwrap_or_default().into(),
        place.line.to_string(),
        refusal.code().into(),
        refusal.to_string(),
        refusal.path().unwrap_or_default(),
    ]);
    cells
}
