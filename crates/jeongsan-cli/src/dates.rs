//! `jeongsan dates`: when does something fall due, and why?

use std::io::{BufRead, Write};
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate};
use jeongsan::calendar::{Calendars, DateRange};
use jeongsan::id::{CalendarId, ContractId};
use jeongsan::policy::Versions;
use jeongsan::schedule::{CutOff, Cycle, CycleMethod, DatePolicy, Floor, Lag, Schedule, ScheduleOptions};

use crate::book_file::BookFile;
use crate::calendars::{Knowledge, Known, day};
use crate::wording::escaped_line;
use crate::{Failure, Outcome};

/// Print settlement dates.
///
/// For each start date the day on which it falls due, one a line. The rule comes from the options, or from a contract of a book.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    #[command(flatten)]
    rule: Rule,
    #[command(flatten)]
    knowledge: Knowledge,
    /// Explain each date: the lag, the cycle date, every day moved over by name.
    #[arg(long)]
    explain: bool,
    /// Print the first and the last start date that are paid on this day.
    #[arg(long, value_name = "DAY", value_parser = day, conflicts_with_all = ["from", "starts", "explain"])]
    inverse: Option<NaiveDate>,
    /// Print the settlement dates from this day on; with an overlay, the start dates whose date it moves.
    #[arg(long, value_name = "DAY", value_parser = day, requires = "to", conflicts_with_all = ["starts", "explain"])]
    from: Option<NaiveDate>,
    /// The last day for `--from`.
    #[arg(long, value_name = "DAY", value_parser = day, requires = "from")]
    to: Option<NaiveDate>,
    /// Take start dates from instants such as 2026-03-02T15:30:00+09:00: from this time of day on they count for the next day.
    /// 24:00+09:00 parts the days of Korea.
    #[arg(long, value_name = "TIME+OFFSET")]
    cut_off: Option<CutOff>,
    /// Start dates; `-` reads them from standard input, one a line.
    #[arg(value_name = "START", required_unless_present_any = ["inverse", "from"])]
    starts: Vec<String>,
}

const EXAMPLES: &str = "Examples:
  jeongsan dates --calendar KR-BANK --lag 2 --cycle monthly:31 --policy holiday-before 2023-09-01
  jeongsan dates --calendar KR-BANK --lag 6bd-roll-forward --cycle 'weekly:TUE;THU' --policy holiday-before --explain 2026-02-13
  jeongsan dates --book book.toml --contract standard --inverse 2026-03-13
  jeongsan dates --calendar KR-BANK --policy holiday-after --lag 2 --overlay new.csv --from 2026-08-01 --to 2026-08-31

Exit status: 0 when every start has its date, 2 when some has none, 1 when nothing could be done.";

/// The rule by which things fall due.
#[derive(Debug, clap::Args)]
struct Rule {
    /// The calendar of business days, or several joined: KR-BANK+US-FED is open when both are.
    #[arg(long, value_name = "ID")]
    calendar: Option<CalendarId>,
    /// How long something is held: 2 or 2d for calendar days, 6bd-roll-forward or 1bd-strict for business days.
    #[arg(long, value_name = "LAG", conflicts_with = "book")]
    lag: Option<Lag>,
    /// The settlement dates: daily, weekly:TUE;THU, monthly:15;31, dates:05-01;11-01, every-days:3@2026-01-05, nth-business-day:1,
    /// nth-weekday:2-WED;last-FRI.
    #[arg(long, value_name = "CYCLE", conflicts_with = "book")]
    cycle: Option<CycleMethod>,
    /// What becomes of one that is no business day: holiday-before, holiday-after, calendar-day, modified-following, modified-preceding.
    #[arg(long, value_name = "POLICY", conflicts_with = "book")]
    policy: Option<DatePolicy>,
    /// Whether a date on or before the start gives way to the business day that follows the cycle date.
    #[arg(long, value_name = "BOOL", action = clap::ArgAction::Set)]
    adjust_if_earlier: Option<bool>,
    /// How early the policy may bring a date: none, or earliest for never before the end of the lag.
    #[arg(long, value_name = "FLOOR", default_value = "none")]
    floor: Floor,
    /// Take the rule from a book, TOML or JSON.
    #[arg(long, value_name = "FILE", requires = "contract")]
    book: Option<PathBuf>,
    /// The contract of the book.
    #[arg(long, value_name = "ID", requires = "book")]
    contract: Option<ContractId>,
}

/// What a rule comes down to.
struct Terms {
    calendar: Option<CalendarId>,
    options: ScheduleOptions,
    /// A contract's cycles by the day they apply from, or the one of the options.
    cycles: Versions<Cycle>,
}

impl Rule {
    fn terms(&self) -> Result<Terms, Failure> {
        let mut options = ScheduleOptions { floor: self.floor, ..ScheduleOptions::default() };
        let (calendar, cycles) = match (&self.book, &self.contract) {
            (Some(path), Some(contract)) => {
                let book = BookFile::read(path)?.to_book()?;
                options.adjust_after_holiday_if_earlier = book.options().adjusts_after_holiday_if_earlier;
                let versions = book.contracts().find(|(id, _)| *id == contract).map(|(_, versions)| versions);
                let versions =
                    versions.ok_or_else(|| Failure::Argument(format!("unknown contract `{contract}`")))?;
                let calendar = self.calendar.as_ref().or(book.calendar());
                (calendar.cloned(), versions.map(|contract| contract.cycle.clone()))
            }
            _ => {
                let cycle = Cycle {
                    lag: self.lag.clone().unwrap_or_default(),
                    method: self.cycle.clone().unwrap_or_default(),
                    date_policy: self.policy.unwrap_or(DatePolicy::CalendarDay),
                };
                let mut cycles = Versions::default();
                // The first of its day.
                let _ = cycles.insert(None, cycle);
                (self.calendar.clone(), cycles)
            }
        };
        if let Some(adjusts) = self.adjust_if_earlier {
            options.adjust_after_holiday_if_earlier = adjusts;
        }
        Ok(Terms { calendar, options, cycles })
    }
}

/// The schedules of a rule on one set of calendars.
struct Schedules(Versions<Schedule>);

impl Schedules {
    fn resolve(terms: &Terms, calendars: &Calendars) -> Result<Self, Failure> {
        let mut schedules = Versions::default();
        for version in terms.cycles.iter() {
            let schedule = version.terms.resolve_in(calendars, terms.calendar.as_ref(), terms.options);
            let schedule = schedule.map_err(|error| Failure::Argument(error.to_string()))?;
            // Versions begin on different days.
            let _ = schedules.insert(version.applies_from, schedule);
        }
        Ok(Self(schedules))
    }

    /// The schedule in force on a start date.
    fn on(&self, start: NaiveDate) -> Result<&Schedule, String> {
        let version = self.0.in_force_on(start);
        let version = version.ok_or_else(|| format!("no version of the contract is in force on {start}"))?;
        Ok(&version.terms)
    }

    fn date(&self, start: NaiveDate) -> Result<NaiveDate, String> {
        self.on(start)?.settlement_date(start).map_err(|error| error.to_string())
    }
}

pub(crate) fn run(options: &Options) -> Result<Outcome, Failure> {
    let terms = options.rule.terms()?;
    let known = options.knowledge.load()?;
    let schedules = Schedules::resolve(&terms, known.calendars())?;
    let before = known.before().map(|before| Schedules::resolve(&terms, before)).transpose()?;
    tell_overlay(options, &terms, &known)?;
    let mut out = std::io::stdout().lock();
    match (options.inverse, options.from, options.to) {
        (Some(pay_day), ..) => inverse(&schedules, pay_day, &mut out),
        (None, Some(from), Some(to)) => {
            let range = DateRange::new(from, to).map_err(|error| Failure::Argument(error.to_string()))?;
            match &before {
                Some(before) => moves(before, &schedules, range, &mut out),
                None => between(&schedules, range, &mut out),
            }
        }
        _ => dates(options, &schedules, before.as_ref(), &mut out),
    }
}

/// What the overlay changes on the calendar of the rule, for the person at the terminal.
fn tell_overlay(options: &Options, terms: &Terms, known: &Known) -> Result<(), Failure> {
    let Some(path) = options.knowledge.overlay() else { return Ok(()) };
    let Some(calendar) = &terms.calendar else { return Ok(()) };
    let mut err = std::io::stderr().lock();
    for note in known.notes_on(calendar) {
        writeln!(err, "{}: {}", path.display(), escaped_line(&note.to_string()))?;
    }
    Ok(())
}

fn dates(
    options: &Options,
    schedules: &Schedules,
    before: Option<&Schedules>,
    out: &mut impl Write,
) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Good;
    let mut is_first = true;
    for text in starts(&options.starts) {
        let text = text?;
        let found = start(&text, options.cut_off).and_then(|start| {
            if options.explain {
                let explained = schedules.on(start)?.explain(start).map_err(|error| error.to_string())?;
                let gap = if is_first { "" } else { "\n" };
                return Ok(format!("{gap}{explained}"));
            }
            let date = schedules.date(start)?;
            Ok(match before.map(|before| before.date(start)) {
                Some(Ok(was)) if was != date => format!("{date} (was {was})"),
                _ => date.to_string(),
            })
        });
        is_first = false;
        match found {
            Ok(line) => writeln!(out, "{line}")?,
            Err(message) => {
                outcome = Outcome::WithErrors;
                writeln!(out, "error: {text}: {message}")?;
            }
        }
    }
    Ok(outcome)
}

/// The start dates as they are given, and those of standard input in the place of `-`.
fn starts(given: &[String]) -> impl Iterator<Item = Result<String, Failure>> {
    given.iter().flat_map(|text| -> Box<dyn Iterator<Item = Result<String, Failure>>> {
        if text != "-" {
            return Box::new(std::iter::once(Ok(text.clone())));
        }
        let lines = std::io::stdin().lock().lines();
        let name = || "standard input".to_owned();
        let lines = lines.map(move |line| line.map_err(|error| Failure::File { path: name(), error }));
        Box::new(lines.filter(|line| !line.as_ref().is_ok_and(|line| line.trim().is_empty())))
    })
}

/// A start date, or the one that an instant counts for.
fn start(text: &str, cut_off: Option<CutOff>) -> Result<NaiveDate, String> {
    let text = text.trim();
    let Some(cut_off) = cut_off else {
        return day(text).map_err(|message| {
            let hint = if text.contains('T') { "; an instant needs `--cut-off`" } else { "" };
            format!("{message}{hint}")
        });
    };
    if let Ok(date) = day(text) {
        return Ok(date);
    }
    let instant = DateTime::parse_from_rfc3339(text)
        .map_err(|_| "it is no date and no instant such as `2026-03-02T15:30:00+09:00`".to_owned())?;
    cut_off.start_date(&instant).map_err(|error| error.to_string())
}

fn inverse(schedules: &Schedules, pay_day: NaiveDate, out: &mut impl Write) -> Result<Outcome, Failure> {
    let mut found = false;
    let mut versions = schedules.0.iter().peekable();
    while let Some(version) = versions.next() {
        let window = version.terms.start_dates(pay_day);
        let window = window.map_err(|error| Failure::Argument(error.to_string()))?;
        // A version counts from its first day up to the first day of the next.
        let next = versions.peek().and_then(|next| next.applies_from);
        let last = next.and_then(|next| next.pred_opt()).unwrap_or(NaiveDate::MAX);
        let in_force = DateRange::new(version.applies_from.unwrap_or(NaiveDate::MIN), last).ok();
        if let Some(window) = window.and_then(|window| window.intersection(in_force?)) {
            writeln!(out, "{window}")?;
            found = true;
        }
    }
    if !found {
        writeln!(out, "none")?;
    }
    Ok(Outcome::Good)
}

fn between(schedules: &Schedules, range: DateRange, out: &mut impl Write) -> Result<Outcome, Failure> {
    let mut versions = schedules.0.iter();
    let (Some(version), None) = (versions.next(), versions.next()) else {
        let message = "the contract has several versions, whose dates overlap; give the rule by options";
        return Err(Failure::Argument(message.into()));
    };
    let dates = version.terms.dates_between(range);
    let dates = dates.map_err(|error| Failure::Argument(error.to_string()))?;
    for date in dates {
        writeln!(out, "{date}")?;
    }
    Ok(Outcome::Good)
}

fn moves(
    before: &Schedules,
    after: &Schedules,
    range: DateRange,
    out: &mut impl Write,
) -> Result<Outcome, Failure> {
    let shown = |date: &Result<NaiveDate, String>| match date {
        Ok(date) => date.to_string(),
        Err(message) => format!("error: {message}"),
    };
    let mut moved = 0_u32;
    for start in range.iter() {
        let (was, is) = (before.date(start), after.date(start));
        if was != is && (was.is_ok() || is.is_ok()) {
            moved = moved.saturating_add(1);
            writeln!(out, "{start} moves from {} to {}", shown(&was), shown(&is))?;
        }
    }
    if moved == 0 {
        writeln!(out, "no start date from {range} moves")?;
    }
    Ok(Outcome::Good)
}
