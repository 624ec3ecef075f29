//! `jeongsan settle`: events in, settlements out.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use jeongsan::book::Book;
use jeongsan::id::{CalendarId, EventId};
use jeongsan::schedule::Lag;
use jeongsan::settle::{Engine, History};

use crate::book_file::{BookFile, PartnersOption};
use crate::calendars::{Knowledge, Known};
use crate::input::{Columns, Input, Item, UnknownColumns, named};
use crate::output::{Format, Output, Place};
use crate::wording::{escaped, escaped_line};
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
    /// Explain one event on standard error: base, rate, rounding and residue of every amount, a cancellation's before and after, and why it
    /// falls due when it does; or why it is refused.
    #[arg(long, value_name = "ID")]
    explain: Option<EventId>,
    #[command(flatten)]
    knowledge: Knowledge,
    /// Event files, JSON lines or CSV; `-` for standard input.
    #[arg(required = true, value_name = "EVENTS")]
    events: Vec<PathBuf>,
}

pub(crate) fn run(options: &Options) -> Result<Outcome, Failure> {
    let file = BookFile::read_with(&options.book, &options.partners)?;
    let book = file.to_book()?;
    let known = options.knowledge.load()?;
    let resolve =
        |calendars| file.resolve(&book, calendars).map_err(|problems| Failure::Book(problems.join("\n")));
    let engine = resolve(known.calendars())?;
    let before = known.before().map(resolve).transpose()?;
    tell_overlay(options.knowledge.overlay(), &book, &known);
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
    let mut output = Output::new(format, &book, std::io::stdout().lock())?;
    output.dates_by(engine.calendar_version());
    if let Some(before) = &before {
        output.compare_dates(&engine, before);
    }
    let progress = progress::over(&inputs);
    let several = inputs.len() > 1;
    let mut explained = options.explain.as_ref().map(|id| Explained { id, is_found: false });
    for input in inputs {
        let name = several.then(|| input.name().to_owned());
        settle_all(
            (name.as_deref(), explained.as_mut()),
            input,
            &engine,
            &mut history,
            &mut output,
            &progress,
        )?;
    }
    progress.finish_and_clear();
    output.finish()?;
    if let Some(Explained { id, is_found: false }) = explained {
        let _ = writeln!(std::io::stderr(), "No event has the id `{id}`.");
    }
    if output.events() == 0 {
        return Err(Failure::Input { path: options.events_named(), message: "no events".into() });
    }
    if output.readable() == 0 {
        let message = "no line could be read as an event; the errors are in the result".into();
        return Err(Failure::Input { path: options.events_named(), message });
    }
    if let (Some(path), Some(moved)) = (options.knowledge.overlay(), output.moved_dates()) {
        let dates = if moved == 1 { "date" } else { "dates" };
        let _ = writeln!(std::io::stderr(), "{}: moves {moved} settlement {dates}", path.display());
    }
    if output.has_left_lines_out() {
        let _ = writeln!(std::io::stderr(), "The lines of orders are not in CSV; --format json has them.");
    }
    if format != Format::Table {
        // The result goes elsewhere, so a person at the terminal is told here.
        let _ = writeln!(std::io::stderr(), "{}", output.summary());
    }
    Ok(if output.refused() == 0 { Outcome::Good } else { Outcome::WithErrors })
}

impl Options {
    fn events_named(&self) -> String {
        self.events.iter().map(|path| named(path)).collect::<Vec<_>>().join(", ")
    }
}

/// What the overlay changes on the calendars of the book, for the person at the terminal.
pub(crate) fn tell_overlay(overlay: Option<&Path>, book: &Book, known: &Known) {
    let Some(path) = overlay else { return };
    let cycles =
        book.contracts().flat_map(|(_, versions)| versions.iter()).map(|version| &version.terms.cycle);
    let of_lags = cycles.filter_map(|cycle| match &cycle.lag {
        Lag::BusinessDays { calendar, .. } => calendar.as_ref(),
        _ => None,
    });
    let used: BTreeSet<&CalendarId> = book.calendar().into_iter().chain(of_lags).collect();
    let notes: BTreeSet<String> =
        used.into_iter().flat_map(|id| known.notes_on(id)).map(ToString::to_string).collect();
    for note in notes {
        let _ = writeln!(std::io::stderr(), "{}: {}", path.display(), escaped_line(&note));
    }
}

/// The event to be explained.
struct Explained<'o> {
    id: &'o EventId,
    is_found: bool,
}

fn settle_all<W: Write>(
    (file, mut explained): (Option<&str>, Option<&mut Explained<'_>>),
    mut input: Input,
    engine: &Engine,
    history: &mut History,
    output: &mut Output<'_, W>,
    progress: &ProgressBar,
) -> Result<(), Failure> {
    let mut reported = 0_u64;
    while let Some(Item { line, id, event }) = input.next()? {
        let read = event.is_ok();
        let explained = explained.as_mut().filter(|explained| id.as_ref() == Some(explained.id));
        let explanation = explained.map(|explained| {
            explained.is_found = true;
            // Whatever it would be refused for is told by its settling.
            let event = event.as_ref().ok().and_then(|document| document.to_event().ok());
            event.and_then(|event| history.explain(engine, &event).ok())
        });
        let settled = match event {
            Ok(document) => document.settle(engine, history),
            // A refused event uses its id up all the same.
            Err(refusal) => match id.as_ref().map_or(Ok(()), |id| history.use_up(id)) {
                Ok(()) => Err(refusal),
                Err(duplicate) => Err(duplicate.into()),
            },
        };
        let place = Place { file, line, id: id.as_ref() };
        match (explanation, &settled) {
            (Some(Some(explanation)), Ok(_)) => eprint!("{}", escaped(&explanation.to_string())),
            (Some(_), Err(refusal)) => eprintln!("refused, {}", place.refusal(refusal)),
            (Some(None), Ok(_)) | (None, _) => {}
        }
        output.write(place, &settled, read)?;
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
