//! `jeongsan run`: events and facts in, the day out.
//!
//! [`intake`] takes lines in and closes the day, [`day`] is what it came to; [`table`] draws it, [`documents`] writes it, [`folder`] keeps
//! the files together; [`refused`] and [`told`] hold what is said of lines that aren't part of it.

mod day;
mod documents;
mod folder;
mod intake;
mod refused;
mod table;
mod told;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use indicatif::ProgressBar;
use jeongsan::document::{EntryDocument, SettlementDocument};
use jeongsan::journal::Entry;
use jeongsan::settle::{Engine, Settled};

use self::day::Day;
use self::folder::{Folder, Lines};
use self::intake::{Intake, Line, Taken};
use self::refused::Refused;
use self::told::Told;
use crate::book_file::{BookFile, PartnersOption};
use crate::calendars::{self, Knowledge};
use crate::input::{Columns, Input, UnknownColumns, named};
use crate::output::table::REFUSALS_LISTED_MAX;
use crate::output::{Format, Place};
use crate::settle::tell_overlay;
use crate::{Failure, Outcome, progress};

/// Settle events and close a day: what fell due, what is held and why, what is carried, what is payable, and the proof.
///
/// Reads events and facts in the order given, JSON lines or CSV as `settle` does; facts dated after the day are told and not applied. JSON
/// prints one object a line with the type of its document; CSV the payables; a terminal gets the tables for a person.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  jeongsan run --book examples/month/book.toml --events examples/month/events.jsonl \
    examples/month/facts.jsonl --as-of 2026-04-15\n\n\
    Exit status: 0 when everything was taken in, 2 when some lines carried an error, 1 when nothing could be read."
)]
pub(crate) struct Options {
    /// The book of contracts, policies and partners, TOML or JSON.
    #[arg(long, value_name = "FILE")]
    book: PathBuf,
    #[command(flatten)]
    partners: PartnersOption,
    /// Files of events and facts, JSON lines or CSV; `-` for standard input.
    #[arg(long, required = true, num_args = 1.., value_name = "EVENTS")]
    events: Vec<PathBuf>,
    /// The day that is closed.
    #[arg(long, value_name = "DAY", value_parser = calendars::day)]
    as_of: NaiveDate,
    /// How to print the day; by default tables on a terminal, else JSON.
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Write every document into this folder, which must be new or empty.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Ignore CSV columns that mean nothing, instead of refusing the file.
    #[arg(long)]
    allow_columns: bool,
    /// Go by the calendars as they were publicly known at the end of this day, instead of the latest.
    #[arg(long, value_name = "DAY", value_parser = calendars::day)]
    calendars_as_of: Option<NaiveDate>,
    /// Lay the days of a CSV file over the calendars, as in `settle`.
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> Result<Outcome, Failure> {
    let file = BookFile::read_with(&options.book, &options.partners)?;
    let book = file.to_book()?;
    let known = Knowledge::of(options.calendars_as_of, options.overlay.clone()).load()?;
    let engine: Engine =
        file.resolve(&book, known.calendars()).map_err(|problems| Failure::Book(problems.join("\n")))?;
    tell_overlay(options.overlay.as_deref(), &book, &known);
    let unknown = if options.allow_columns { UnknownColumns::Ignored } else { UnknownColumns::Refused };
    let attributes = book.selecting_attributes().into_iter().map(str::to_owned).collect();
    let columns = Columns { attributes, unknown };
    let inputs = options.events.iter().map(|path| Input::open(path, &columns));
    let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    let format = options
        .format
        .unwrap_or_else(|| if std::io::stdout().is_terminal() { Format::Table } else { Format::Json });
    let intake =
        Intake::new(&book, &engine, options.as_of).map_err(|error| Failure::Book(error.to_string()))?;
    let files = options.out.as_deref().map(Files::begin).transpose()?;
    let mut reading = Reading { intake, files, told: Told::default(), keeps_refused: format == Format::Json };
    let progress = progress::over(&inputs);
    let several = inputs.len() > 1;
    for input in inputs {
        reading.take_all(input, several, &progress)?;
    }
    progress.finish_and_clear();
    let Reading { intake, files, told, .. } = reading;
    if told.readable == 0 {
        let path = options.events.iter().map(|path| named(path)).collect::<Vec<_>>().join(", ");
        let message = match told.refused_lines.first() {
            Some(first) => format!("no line could be read as an event or a fact; the first: {first}"),
            None => "no events".into(),
        };
        return Err(Failure::Input { path, message });
    }
    let (ledger, closing) = intake.close().map_err(|error| Failure::Argument(error.to_string()))?;
    let day = Day { book: &book, ledger, closing };
    if day.certificates().iter().any(|certificate| !certificate.is_balanced()) {
        // Whoever looks for the fault needs the day; nothing goes on from it.
        print(format, &day, &told)?;
        return Err(Failure::Argument("the certificate doesn't balance: this run is wrong".into()));
    }
    if let Some(files) = files {
        files.finish(&day)?;
    }
    print(format, &day, &told)?;
    Ok(if told.refused == 0 { Outcome::Good } else { Outcome::WithErrors })
}

fn print(format: Format, day: &Day<'_>, told: &Told) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match format {
        Format::Table => return table::write(&mut stdout, day, told),
        Format::Json => documents::write_json(&mut stdout, day, told)?,
        Format::Csv => documents::write_csv(&mut stdout, day)?,
    }
    // The result goes elsewhere, so a person at the terminal is told here. CSV has no place for what was refused.
    let mut stderr = std::io::stderr().lock();
    let _ = match format {
        Format::Csv => table::write_lines(&mut stderr, told),
        _ => writeln!(stderr, "{}", told.summary()),
    };
    Ok(())
}

/// The lines on their way in.
struct Reading<'b> {
    intake: Intake<'b>,
    files: Option<Files>,
    told: Told,
    /// Whether every refused line is kept to be printed.
    keeps_refused: bool,
}

impl Reading<'_> {
    fn take_all(&mut self, mut input: Input, several: bool, progress: &ProgressBar) -> Result<(), Failure> {
        let name = several.then(|| input.name().to_owned());
        let mut reported = 0_u64;
        while let Some(item) = input.next()? {
            let line = Line::of(item, &input);
            self.take(name.as_deref(), &line)?;
            let position = input.position();
            // Drawing has its price; a look at the clock a thousand lines is enough.
            if position.saturating_sub(reported) > 1 << 18 {
                progress.inc(position.saturating_sub(reported));
                reported = position;
            }
        }
        progress.inc(input.position().saturating_sub(reported));
        Ok(())
    }

    fn take(&mut self, file: Option<&str>, line: &Line) -> std::io::Result<()> {
        let place = Place { file, line: line.number, id: line.id.as_ref() };
        let told = &mut self.told;
        told.lines = told.lines.saturating_add(1);
        told.readable = told.readable.saturating_add(u64::from(line.body.is_ok()));
        match self.intake.take(line) {
            Ok(Taken::Settled(settled)) => {
                told.settled = told.settled.saturating_add(1);
                self.owe(place, &settled)
            }
            Ok(Taken::Applied(entries)) => {
                told.applied = told.applied.saturating_add(1);
                self.files.as_mut().map_or(Ok(()), |files| files.enter(&entries))
            }
            Ok(Taken::Later(date)) => {
                let id = line.id.as_ref().map(ToString::to_string).unwrap_or_default();
                told.later.push((id, date));
                Ok(())
            }
            Err(refused) => self.refuse(place, &refused),
        }
    }

    /// What an event settled to goes to the ledger.
    fn owe(&mut self, place: Place<'_>, settled: &Settled) -> std::io::Result<()> {
        for settlement in settled.rows() {
            if let Some(files) = &mut self.files {
                files.settlements.write(&SettlementDocument(settlement))?;
            }
            match self.intake.owe(settlement) {
                Ok(()) => {
                    let Some(files) = &mut self.files else { continue };
                    files.enter(&[Entry {
                        partner: settlement.partner.clone(),
                        cause: settlement.id.to_string(),
                        currency: settlement.currency,
                        journal: settlement.journal(),
                    }])?;
                }
                Err(refused) => self.refuse(place, &refused)?,
            }
        }
        Ok(())
    }

    fn refuse(&mut self, place: Place<'_>, refused: &Refused) -> std::io::Result<()> {
        let told = &mut self.told;
        told.refused = told.refused.saturating_add(1);
        if told.refused_lines.len() < REFUSALS_LISTED_MAX {
            told.refused_lines.push(refused.told(place));
        }
        let document = refused.document(place);
        if self.keeps_refused {
            told.refused_documents.push(serde_json::to_string(&document)?);
        }
        self.files.as_mut().map_or(Ok(()), |files| files.refusals.write(&document))
    }
}

/// The folder with the files that are written line by line.
struct Files {
    folder: Folder,
    settlements: Lines,
    refusals: Lines,
    entries: Lines,
}

impl Files {
    fn begin(place: &std::path::Path) -> Result<Self, Failure> {
        let folder = Folder::begin(place)?;
        Ok(Self {
            settlements: folder.lines("settlements.jsonl")?,
            refusals: folder.lines("refusals.jsonl")?,
            entries: folder.lines("entries.jsonl")?,
            folder,
        })
    }

    fn enter(&mut self, entries: &[Entry]) -> std::io::Result<()> {
        entries.iter().try_for_each(|entry| self.entries.write(&EntryDocument(entry)))
    }

    fn finish(mut self, day: &Day<'_>) -> std::io::Result<()> {
        self.enter(&day.closing.entries)?;
        for lines in [self.settlements, self.refusals, self.entries] {
            lines.finish()?;
        }
        documents::write_files(&self.folder, day)?;
        self.folder.finish()
    }
}
