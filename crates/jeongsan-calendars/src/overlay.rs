//! Days announced after the calendars were made, laid over them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;
use jeongsan::calendar::{Calendar, Calendars, Holiday};
use jeongsan::id::CalendarId;

use crate::korea::Scope;
use crate::overlay_text;

/// Days to lay over calendars, read from a CSV file.
///
/// Its columns are those of the calendar data: `date`, `name_ko`, `name_en`, `kind`, `substitute_for`, `scope`, `known_on`, `status`, `source`;
/// `date`, `name_ko`, `kind` and `scope` must be there. A scope is `public`, `bank` or `exchange`, which lay the day over the Korean calendars
/// concerned, or the id of one calendar. The kind `working-day` opens its day, whatever else falls on it.
///
/// ```
/// use chrono::NaiveDate;
/// use jeongsan_calendars::Overlay;
///
/// let overlay = Overlay::parse(
///     "date,name_ko,kind,scope,known_on\n2026-08-14,임시공휴일,temporary,public,2026-07-21\n",
/// )?;
/// let overlaid = overlay.lay_over(&jeongsan_calendars::calendars(None))?;
/// let bank = overlaid.calendars.get(&"KR-BANK".parse()?)?;
/// assert!(!bank.is_business_day(NaiveDate::from_ymd_opt(2026, 8, 14).unwrap())?);
/// assert_eq!(overlaid.notes[0].to_string(), "line 2: KR-BANK 2026-08-14 임시공휴일 closes an open day");
///
/// let error = Overlay::parse("date,name_ko,kind,scope\n2026-8-14,임시공휴일,temporary,public\n").unwrap_err();
/// assert_eq!(error.to_string(), "line 2, column 1: date `2026-8-14` is no date such as `2026-05-01`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Overlay {
    rows: Vec<OverlayRow>,
}

/// A day, whom it concerns and where it stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct OverlayRow {
    pub(crate) line: usize,
    pub(crate) date_column: usize,
    pub(crate) scope_column: usize,
    pub(crate) scope: String,
    pub(crate) holiday: Holiday,
}

/// Why an overlay can't be read or laid over calendars, and where in its text.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct OverlayError {
    line: usize,
    column: usize,
    problem: String,
}

impl OverlayError {
    pub(crate) const fn new(line: usize, column: usize, problem: String) -> Self {
        Self { line, column, problem }
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The character of the line, from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }

    /// What is wrong there.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

/// What a day of an overlay does to a calendar.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum OverlayEffect {
    /// It closes a day that was open.
    Closes,
    /// It opens a day that was closed.
    Opens,
    /// It says something else than the calendar did of the same day and name, and takes its place.
    Contradicts {
        /// What the calendar said.
        was: Holiday,
    },
    /// It adds a reason to a day that stays as it was.
    Joins,
    /// The calendar says the same already.
    Repeats,
    /// It wasn't known yet on the day whose knowledge the calendar holds.
    NotYetKnown,
}

/// What became of one day of an overlay on one calendar.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OverlayNote {
    /// The line of the overlay.
    pub line: usize,
    /// The calendar.
    pub calendar: CalendarId,
    /// The day.
    pub holiday: Holiday,
    /// What it does.
    pub effect: OverlayEffect,
}

impl fmt::Display for OverlayNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {} {} {} ", self.line, self.calendar, self.holiday.date, self.holiday.name)?;
        match &self.effect {
            OverlayEffect::Closes => f.write_str("closes an open day"),
            OverlayEffect::Opens => f.write_str("opens a closed day"),
            OverlayEffect::Contradicts { was } => {
                write!(f, "contradicts the calendar, which had it as {}", Said(was))?;
                write!(f, "; it is {} now", Said(&self.holiday))
            }
            OverlayEffect::Joins => f.write_str("adds a reason to a day that stays as it was"),
            OverlayEffect::Repeats => f.write_str("says what the calendar says already"),
            OverlayEffect::NotYetKnown => f.write_str("was not known yet and is left out"),
        }
    }
}

/// What is said of a day beside its name.
struct Said<'a>(&'a Holiday);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Holiday { kind, status, substitute_for, known_on, .. } = self.0;
        write!(f, "{status} {kind}")?;
        if let Some(date) = substitute_for {
            write!(f, " for {date}")?;
        }
        match known_on {
            Some(date) => write!(f, ", known on {date}"),
            None => f.write_str(", known from long before"),
        }
    }
}

/// Calendars under an overlay, and what it did to them.
#[derive(Clone, Debug)]
pub struct Overlaid {
    /// The calendars.
    pub calendars: Calendars,
    /// What became of each day, by line, on each calendar it concerns.
    pub notes: Vec<OverlayNote>,
}

impl Overlay {
    /// Reads an overlay.
    ///
    /// # Errors
    /// With the place of the first fault.
    pub fn parse(text: &str) -> Result<Self, OverlayError> {
        overlay_text::rows(text).map(|rows| Self { rows })
    }

    /// The days.
    pub fn holidays(&self) -> impl Iterator<Item = &Holiday> {
        self.rows.iter().map(|row| &row.holiday)
    }

    /// Lays the days over the calendars that they concern.
    ///
    /// # Errors
    /// With the place of a scope that names no calendar of the set, a day outside of a calendar's range, or a day given twice.
    pub fn lay_over(&self, calendars: &Calendars) -> Result<Overlaid, OverlayError> {
        for row in &self.rows {
            if !calendars.iter().any(|calendar| row.concerns(calendar.id())) {
                let problem = alloc::format!("scope `{}` names no calendar", row.scope);
                return Err(OverlayError::new(row.line, row.scope_column, problem));
            }
        }
        let mut overlaid = calendars.clone();
        let mut notes = Vec::new();
        for calendar in calendars.iter() {
            let mut layer = Layer { calendar, laid: Vec::new() };
            for row in self.rows.iter().filter(|row| row.concerns(calendar.id())) {
                let effect = layer.lay(row)?;
                let (calendar, holiday) = (calendar.id().clone(), row.holiday.clone());
                notes.push(OverlayNote { line: row.line, calendar, holiday, effect });
            }
            overlaid.insert(layer.build()?);
        }
        notes.sort_by_key(|note| note.line);
        Ok(Overlaid { calendars: overlaid, notes })
    }
}

impl OverlayRow {
    fn concerns(&self, id: &CalendarId) -> bool {
        match self.scope.parse::<Scope>() {
            Ok(scope) => scope.calendar_ids().contains(&id.as_str()),
            Err(_) => self.scope == id.as_str(),
        }
    }
}

/// The days laid over one calendar.
struct Layer<'a> {
    calendar: &'a Calendar,
    laid: Vec<&'a OverlayRow>,
}

impl<'a> Layer<'a> {
    /// Lays a day and says what it does.
    fn lay(&mut self, row: &'a OverlayRow) -> Result<OverlayEffect, OverlayError> {
        let holiday = &row.holiday;
        let fault = |problem: String| OverlayError::new(row.line, row.date_column, problem);
        let said = self.calendar.holidays_on(holiday.date).map_err(|error| fault(error.to_string()))?;
        if self.laid_on(holiday.date).any(|other| other.name == holiday.name) {
            return Err(fault(alloc::format!("`{}` is given twice for {}", holiday.name, holiday.date)));
        }
        if !holiday.is_known_on(self.calendar.as_of()) {
            return Ok(OverlayEffect::NotYetKnown);
        }
        let was = said.iter().find(|said| said.name == holiday.name);
        if was == Some(holiday) {
            return Ok(OverlayEffect::Repeats);
        }
        let was_open = self.is_open(holiday.date);
        self.laid.push(row);
        let is_open = self.is_open(holiday.date);
        Ok(match was {
            Some(was) => OverlayEffect::Contradicts { was: was.clone() },
            None if was_open && !is_open => OverlayEffect::Closes,
            None if !was_open && is_open => OverlayEffect::Opens,
            None => OverlayEffect::Joins,
        })
    }

    fn laid_on(&self, date: NaiveDate) -> impl Iterator<Item = &'a Holiday> {
        self.laid.iter().map(|row| &row.holiday).filter(move |holiday| holiday.date == date)
    }

    /// Whether a day of the calendar's, with a name of its own, stands under the layer.
    fn stands(&self, said: &Holiday) -> bool {
        !self.laid_on(said.date).any(|laid| laid.name == said.name)
    }

    fn is_open(&self, date: NaiveDate) -> bool {
        let said = self.calendar.holidays_on(date).unwrap_or_default().iter();
        let mut known = said.filter(|said| self.stands(said)).chain(self.laid_on(date)).peekable();
        match known.peek() {
            Some(_) => known.any(|holiday| !holiday.closes()),
            None => self.calendar.is_business_day(date) == Ok(true),
        }
    }

    fn build(&self) -> Result<Calendar, OverlayError> {
        let Some(first) = self.laid.first() else { return Ok(self.calendar.clone()) };
        let laid = self.laid.iter().map(|row| row.holiday.clone());
        let built = self.calendar.to_builder().retain(|said| self.stands(said)).holidays(laid).build();
        built.map_err(|error| OverlayError::new(first.line, first.date_column, error.to_string()))
    }
}
