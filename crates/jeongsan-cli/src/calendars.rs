//! The calendars a verb works with: as known on a day, under an overlay.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use jeongsan::calendar::{Calendar, Calendars};
use jeongsan::document::Day;
use jeongsan::id::CalendarId;
use jeongsan_calendars::{Overlay, OverlayNote};

use crate::Failure;
use crate::text_file::read_text;

/// Which knowledge of the calendars counts.
#[derive(Debug, clap::Args)]
pub(crate) struct Knowledge {
    /// Go by what was publicly known at the end of this day, instead of the latest.
    #[arg(long, value_name = "DAY", value_parser = day)]
    as_of: Option<NaiveDate>,
    /// Lay the days of a CSV file over the calendars, and say what each of them changes.
    ///
    /// Its columns are date, name_ko, name_en, kind, substitute_for, scope, known_on, status, source; date, name_ko, kind and scope must be
    /// there. A scope is public, bank or exchange, or the id of one calendar. The kind working-day opens its day.
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
}

/// The calendars, and what they were without the overlay.
#[derive(Debug)]
pub(crate) struct Known {
    calendars: Calendars,
    /// Without the overlay, where there is one.
    before: Option<Calendars>,
    /// What each day of the overlay does to each calendar.
    notes: Vec<OverlayNote>,
}

impl Knowledge {
    /// What was known on a day, or is known by now, under an overlay or none.
    pub(crate) const fn of(as_of: Option<NaiveDate>, overlay: Option<PathBuf>) -> Self {
        Self { as_of, overlay }
    }

    pub(crate) fn load(&self) -> Result<Known, Failure> {
        let calendars = jeongsan_calendars::calendars(self.as_of);
        let Some(path) = &self.overlay else {
            return Ok(Known { calendars, before: None, notes: Vec::new() });
        };
        let (name, text) = read_text(path)?;
        let overlaid = Overlay::parse(&text).and_then(|overlay| overlay.lay_over(&calendars));
        let overlaid = overlaid.map_err(|error| {
            let place = format!("{name}:{}:{}", error.line(), error.column());
            Failure::Input { path: place, message: error.problem().into() }
        })?;
        Ok(Known { calendars: overlaid.calendars, before: Some(calendars), notes: overlaid.notes })
    }

    /// The overlay's file.
    pub(crate) fn overlay(&self) -> Option<&Path> {
        self.overlay.as_deref()
    }
}

impl Known {
    pub(crate) const fn calendars(&self) -> &Calendars {
        &self.calendars
    }

    /// The calendars without the overlay, where there is one.
    pub(crate) const fn before(&self) -> Option<&Calendars> {
        self.before.as_ref()
    }

    /// What the overlay does to one calendar, or to the parts of a joined one.
    pub(crate) fn notes_on(&self, id: &CalendarId) -> impl Iterator<Item = &OverlayNote> {
        let is_part =
            |note: &&OverlayNote| id.as_str().split(['+', '~']).any(|part| part == note.calendar.as_str());
        self.notes.iter().filter(is_part)
    }

    pub(crate) fn calendar(&self, id: &CalendarId) -> Result<Calendar, Failure> {
        self.calendars.get(id).map_err(|error| Failure::Argument(error.to_string()))
    }
}

/// A day of an argument, written `YYYY-MM-DD`.
pub(crate) fn day(text: &str) -> Result<NaiveDate, String> {
    match Day::parse(text) {
        Some(Day(date)) => Ok(date),
        None => Err("it is no date such as `2026-05-01`".into()),
    }
}
