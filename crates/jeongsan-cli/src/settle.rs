//! `jeongsan settle`: events in, settlements out.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use indicatif::ProgressBar;
use jeongsan::document::{EventDocument, EventError};
use jeongsan::event::Event;
use jeongsan::id::EventId;
use jeongsan::money::Money;
use jeongsan::settle::{Engine, History};

use crate::book_file::{BookFile, PartnersOption};
use crate::calendars::Knowledge;
use crate::input::{Columns, Input, Item, UnknownColumns};
use crate::output::{Format, Output, Place};
use crate::{Failure, Outcome, progress};

/// Settle orders, cancellations and manual entries under a book.
///
/// Reads JSON lines or CSV (told apart by the file's ending, else by its first character) and writes one settlement or error
/// an event, in the order of the events. On a terminal it prints what each partner is owed on which day, the proof that every
/// amount has its other side, and the errors with their place.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  jeongsan settle --book examples/month/book.toml examples/month/events.jsonl\n\n\
    Exit status: 0 when every event settled, 2 when some carried an error, 1 when nothing could be read."
)]
pub(crate) struct Options {
    /// The book of contracts, policies and partners, TOML or JSON.
    #[arg(long, value_name = "FILE")]
    book: PathBuf,
    #[command(flatten)]
    partners: PartnersOption,
    /// How to print the result; by default a table on a terminal, else the form of the input.
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Keep the ids of at least so many days behind the newest date, and refuse events dated before.
    #[arg(long, value_name = "DAYS")]
    window: Option<u32>,
    /// Ignore CSV columns that mean nothing, instead of refusing the file.
    #[arg(long)]
    allow_columns: bool,
    /// Explain one order on standard error: base, rate, rounding and residue of every amount, and why it falls due when it does.
    #[arg(long, value_name = "ID")]
    explain: Option<EventId>,
    #[command(flatten)]
    knowledge: Knowledge,
    /// Event files, JSON lines or CSV; `-` for standard input.
    #[arg(required = true, value_name = "EVENTS")]
    events: Vec<PathBuf>,
}

pub(crate) fn run(options: &Options) -> Result<Outcome, Failure> {
    let book = BookFile::read_with(&options.book, &options.partners)?.to_book()?;
    let known = options.knowledge.load()?;
    let engine =
        Engine::resolve(&book, known.calendars()).map_err(|error| Failure::Book(error.to_string()))?;
    let mut history = options.window.map_or_else(History::new, History::within_days);
    let unknown = if options.allow_columns { UnknownColumns::Ignored } else { UnknownColumns::Refused };
    let attributes = book.selecting_attributes().into_iter().map(str::to_owned).collect();
    let columns = Columns { attributes, unknown };
    let mut inputs = Vec::new();
    for path in &options.events {
        inputs.push(Input::open(path, &columns)?);
    }
    let format = options.format.unwrap_or_else(|| match inputs.first() {
        _ if std::io::stdout().is_terminal() => Format::Table,
        Some(input) if input.is_csv() => Format::Csv,
        _ => Format::Json,
    });
    let mut output = Output::new(format, book.currency(), std::io::stdout().lock())?;
    output.dates_by(engine.calendar_version());
    let progress = progress_bar(&inputs);
    let several = inputs.len() > 1;
    for input in inputs {
        let name = several.then(|| input.name().to_owned());
        settle_all(
            (name.as_deref(), options.explain.as_ref()),
            input,
            &engine,
            &mut history,
            &mut output,
            &progress,
        )?;
    }
    progress.finish_and_clear();
    output.finish()?;
    if output.events() == 0 {
        return Err(Failure::Input { path: options.events_named(), message: "no events".into() });
    }
    if output.readable() == 0 {
        let message = "no line could be read as an event; the errors are in the result".into();
        return Err(Failure::Input { path: options.events_named(), message });
    }
    if format != Format::Table {
        // The result goes elsewhere, so a person at the terminal is told here.
        let _ = writeln!(std::io::stderr(), "{}", output.summary());
    }
    Ok(if output.refused() == 0 { Outcome::Good } else { Outcome::WithErrors })
}

impl Options {
    fn events_named(&self) -> String {
        self.events.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
    }
}

fn settle_all<W: Write>(
    (file, explained): (Option<&str>, Option<&EventId>),
    mut input: Input,
    engine: &Engine,
    history: &mut History,
    output: &mut Output<W>,
    progress: &ProgressBar,
) -> Result<(), Failure> {
    let mut reported = 0_u64;
    while let Some(Item { line, id, event }) = input.next()? {
        let read = event.is_ok();
        if id.is_some() && id.as_ref() == explained {
            explain(event.as_ref().ok().map(EventDocument::to_event), engine);
        }
        let settled = match event {
            Ok(document) => document.settle(engine, history),
            // A refused event uses its id up all the same.
            Err(refusal) => match id.as_ref().map_or(Ok(()), |id| history.use_up(id)) {
                Ok(()) => Err(refusal),
                Err(duplicate) => Err(duplicate.into()),
            },
        };
        output.write(Place { file, line, id: id.as_ref() }, &settled, read)?;
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

/// Tells every step of an order; other events have none, and what is refused is told in the result.
fn explain(event: Option<Result<Event, EventError>>, engine: &Engine) {
    if let Some(Ok(Event::Order(order))) = event
        && let Ok((settlement, trace)) = engine.settle_traced(&order)
    {
        eprintln!(
            "{} settles {}:",
            settlement.id,
            Money::new(settlement.figures.settlement, settlement.currency)
        );
        eprint!("{trace}");
    }
}

/// A bar over the bytes of all files on a terminal, when there is enough to wait for.
fn progress_bar(inputs: &[Input]) -> ProgressBar {
    const WORTH_SHOWING_BYTES: u64 = 8 << 20;
    let total: Option<u64> = inputs.iter().map(Input::size).sum();
    if total.is_some_and(|total| total < WORTH_SHOWING_BYTES) {
        return ProgressBar::hidden();
    }
    progress::bytes(total)
}
