//! Months for a person: closed days in brackets, and what they are.

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};
use jeongsan::calendar::{Calendar, CalendarError, DateRange, Holiday, Status};

use super::{business_days, months_of};

pub(super) fn render(calendar: &Calendar, range: DateRange) -> Result<String, CalendarError> {
    let mut text = String::new();
    for days in months_of(range) {
        month(calendar, &days, &mut text)?;
    }
    let count = business_days(calendar, range)?;
    // Writing to a string doesn't fail.
    let _ = writeln!(text, "{range}: {count} business days; calendar {}", calendar.version());
    Ok(text)
}

fn month(calendar: &Calendar, days: &[NaiveDate], text: &mut String) -> Result<(), CalendarError> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(()) };
    let count = business_days(calendar, DateRange::new(*first, *last)?)?;
    let title = format!("{} {}", calendar.id(), first.format("%Y-%m"));
    let _ = writeln!(text, "{title:<20}{count:>2} business days");
    let _ = writeln!(text, " Mon Tue Wed Thu Fri Sat Sun");
    let mut line = String::new();
    for _ in 0..first.weekday().num_days_from_monday() {
        line.push_str("    ");
    }
    for &date in days {
        let day = date.day();
        let _ = match calendar.is_business_day(date)? {
            true => write!(line, " {day:>2} "),
            false => write!(line, "[{day:>2}]"),
        };
        if date.weekday().num_days_from_sunday() == 0 || date == *last {
            let _ = writeln!(text, "{}", line.trim_end());
            line.clear();
        }
    }
    for holiday in calendar.holidays(DateRange::new(*first, *last)?)? {
        let _ = writeln!(text, "{}", reason(holiday));
    }
    text.push('\n');
    Ok(())
}

/// A holiday in a line: its day, its names, what kind it is, and what is uncertain about it.
fn reason(holiday: &Holiday) -> String {
    let date = holiday.date;
    let mut line = format!(" {:>2} {} {}", date.day(), date.weekday(), holiday.name);
    if !holiday.english.is_empty() && holiday.english != holiday.name {
        let _ = write!(line, " ({})", holiday.english);
    }
    let _ = write!(line, ", {}", holiday.kind);
    if let Some(cause) = holiday.substitute_for {
        let _ = write!(line, " for {} {}", cause.format("%m-%d"), cause.weekday());
    }
    if let Some(known_on) = holiday.known_on {
        let _ = write!(line, ", known on {known_on}");
    }
    if holiday.status == Status::Projected {
        line.push_str(", projected");
    }
    line
}
