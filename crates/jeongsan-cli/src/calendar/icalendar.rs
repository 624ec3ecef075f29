//! The holidays of a calendar as a file for calendar applications (RFC 5545).
//!
//! The same calendar gives the same bytes: an event's stamp is midnight of the day it became known, or of its own.

use std::fmt::Write as _;

use chrono::NaiveDate;
use jeongsan::calendar::{Calendar, CalendarError, DateRange, Holiday, Status};

/// The most octets a line may have without its end.
const LINE_OCTETS_MAX: usize = 75;

pub(super) fn render(calendar: &Calendar, range: DateRange) -> Result<String, CalendarError> {
    let mut text = String::new();
    line(&mut text, "BEGIN", "VCALENDAR");
    line(&mut text, "VERSION", "2.0");
    line(&mut text, "PRODID", "-//jeongsan//calendar//EN");
    line(&mut text, "CALSCALE", "GREGORIAN");
    line(&mut text, "X-WR-CALNAME", &escaped(calendar.id().as_str()));
    line(&mut text, "X-JEONGSAN-VERSION", &escaped(calendar.version().as_str()));
    for day in calendar.holidays(range)?.chunk_by(|a, b| a.date == b.date) {
        for (i, holiday) in day.iter().enumerate() {
            event(&mut text, calendar, holiday, i);
        }
    }
    line(&mut text, "END", "VCALENDAR");
    Ok(text)
}

fn event(text: &mut String, calendar: &Calendar, holiday: &Holiday, place: usize) {
    let date = holiday.date;
    let basic = |date: NaiveDate| date.format("%Y%m%d").to_string();
    let behind = date.succ_opt().unwrap_or(date);
    line(text, "BEGIN", "VEVENT");
    line(text, "UID", &escaped(&format!("{}-{place}@{}.jeongsan", basic(date), calendar.id())));
    line(text, "DTSTAMP", &format!("{}T000000Z", basic(holiday.known_on.unwrap_or(date))));
    line(text, "DTSTART;VALUE=DATE", &basic(date));
    line(text, "DTEND;VALUE=DATE", &basic(behind));
    line(text, "SUMMARY", &escaped(&holiday.name));
    line(text, "DESCRIPTION", &escaped(&description(holiday)));
    line(text, "CATEGORIES", holiday.kind.as_str());
    let is_official = holiday.status == Status::Official;
    line(text, "STATUS", if is_official { "CONFIRMED" } else { "TENTATIVE" });
    line(text, "TRANSP", "TRANSPARENT");
    line(text, "END", "VEVENT");
}

fn description(holiday: &Holiday) -> String {
    let mut text = holiday.english.to_string();
    let mut add = |part: String| {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&part);
    };
    if let Some(cause) = holiday.substitute_for {
        add(format!("substitute for {cause}"));
    }
    if let Some(known_on) = holiday.known_on {
        add(format!("known on {known_on}"));
    }
    if !holiday.source.is_empty() {
        add(holiday.source.to_string());
    }
    text
}

/// A text with what means something in a property's value marked.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\n' => escaped.push_str("\\n"),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// A property on as many lines as it needs: the later ones begin with a blank, and no character is cut.
fn line(text: &mut String, name: &str, value: &str) {
    let mut octets = 0_usize;
    let mut property = String::new();
    // Writing to a string doesn't fail.
    let _ = write!(property, "{name}:{value}");
    for character in property.chars() {
        if octets.saturating_add(character.len_utf8()) > LINE_OCTETS_MAX {
            text.push_str("\r\n ");
            octets = 1;
        }
        text.push(character);
        octets = octets.saturating_add(character.len_utf8());
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_fold_between_characters() {
        let mut text = String::new();
        line(&mut text, "SUMMARY", &"설".repeat(60));
        let lines: Vec<&str> = text.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| line.len() <= LINE_OCTETS_MAX));
        assert!(lines[1..].iter().all(|line| line.starts_with(' ')));
        let unfolded: String = text.replace("\r\n ", "");
        assert_eq!(unfolded, format!("SUMMARY:{}\r\n", "설".repeat(60)));
    }

    #[test]
    fn marks_are_escaped() {
        assert_eq!(escaped("a,b;c\\d\ne"), "a\\,b\\;c\\\\d\\ne");
    }
}
