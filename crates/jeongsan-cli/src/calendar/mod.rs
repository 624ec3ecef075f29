//! `jeongsan calendar`: which days are closed, and why?

mod icalendar;
mod json;
mod months;

use std::io::Write;

use chrono::{Datelike, Months, NaiveDate};
use jeongsan::calendar::{Calendar, DateRange};
use jeongsan::id::CalendarId;

use crate::calendars::Knowledge;
use crate::{Failure, Outcome};

/// Show a calendar of business days, or list the calendars there are.
///
/// A year or a month as a view with names and reasons, as JSON, or as iCalendar for a calendar application.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  jeongsan calendar KR-BANK 2026-09\n  \
    jeongsan calendar KR-BANK+US-FED 2026 --format json\n  \
    jeongsan calendar KR-PUBLIC 2026 --format icalendar > holidays.ics\n\n\
    Exit status: 0, or 1 when nothing could be shown.")]
pub(crate) struct Options {
    /// The calendar, or several joined: KR-BANK+US-FED is open when both are. Without it all are listed.
    #[arg(value_name = "ID", requires = "when")]
    id: Option<CalendarId>,
    /// A year, as in 2026, or a month, as in 2026-09.
    #[arg(value_name = "WHEN", value_parser = when)]
    when: Option<DateRange>,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "months")]
    format: Format,
    #[command(flatten)]
    knowledge: Knowledge,
}

/// How a calendar is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum Format {
    /// Month by month, closed days marked, with the names of holidays.
    Months,
    /// One JSON object with every day.
    Json,
    /// An iCalendar file (RFC 5545) of the holidays.
    Icalendar,
}

pub(crate) fn run(options: &Options) -> Result<Outcome, Failure> {
    let known = options.knowledge.load()?;
    let mut out = std::io::stdout().lock();
    let (Some(id), Some(range)) = (&options.id, options.when) else {
        for calendar in known.calendars().iter() {
            let (range, official) = (calendar.range(), calendar.official_through());
            writeln!(
                out,
                "{:<10} {range}, official through {official}, version {}",
                calendar.id(),
                calendar.version()
            )?;
        }
        return Ok(Outcome::Good);
    };
    let calendar = known.calendar(id)?;
    if let Some(path) = options.knowledge.overlay() {
        let mut err = std::io::stderr().lock();
        for note in known.notes_on(id) {
            writeln!(err, "{}: {note}", path.display())?;
        }
    }
    let text = match options.format {
        Format::Months => months::render(&calendar, range),
        Format::Json => json::render(&calendar, range),
        Format::Icalendar => icalendar::render(&calendar, range),
    };
    let text = text.map_err(|error| Failure::Argument(error.to_string()))?;
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(Outcome::Good)
}

/// The days of a year or a month.
fn when(text: &str) -> Result<DateRange, String> {
    let malformed = || "it is no year such as `2026` and no month such as `2026-09`".to_owned();
    let number = |digits: &str, length: usize| {
        let is_number = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u32>().ok().filter(|_| is_number).ok_or_else(malformed)
    };
    let (year, month, months) = match text.split_once('-') {
        None => (number(text, 4)?, 1, 12),
        Some((year, month)) => (number(year, 4)?, number(month, 2)?, 1),
    };
    let year = i32::try_from(year).map_err(|_| malformed())?;
    let first = NaiveDate::from_ymd_opt(year, month, 1).ok_or_else(malformed)?;
    let last = first.checked_add_months(Months::new(months)).and_then(|behind| behind.pred_opt());
    DateRange::new(first, last.ok_or_else(malformed)?).map_err(|error| error.to_string())
}

/// The months of a range that begins with one, each as its days.
fn months_of(range: DateRange) -> Vec<Vec<NaiveDate>> {
    let days: Vec<NaiveDate> = range.iter().collect();
    days.chunk_by(|a, b| a.month() == b.month()).map(<[_]>::to_vec).collect()
}

/// How many business days a range has.
fn business_days(calendar: &Calendar, range: DateRange) -> Result<usize, jeongsan::calendar::CalendarError> {
    calendar.business_days(range).map(<[_]>::len)
}
