//! A calendar for programs: every day of the range in one object.

use chrono::Datelike;
use jeongsan::calendar::{Calendar, CalendarError, DateRange, Holiday};
use serde_json::{Map, Value, json};

use super::business_days;

pub(super) fn render(calendar: &Calendar, range: DateRange) -> Result<String, CalendarError> {
    let mut days = Vec::new();
    for date in range.iter() {
        let holidays: Vec<_> = calendar.holidays_on(date)?.iter().map(holiday).collect();
        days.push(json!({
            "date": date.to_string(),
            "weekday": date.weekday().to_string().to_uppercase(),
            "business_day": calendar.is_business_day(date)?,
            "status": calendar.status(date)?.as_str(),
            "holidays": holidays,
        }));
    }
    let object = json!({
        "calendar": calendar.id().as_str(),
        "version": calendar.version().as_str(),
        "as_of": calendar.as_of().map(|date| date.to_string()),
        "from": range.first().to_string(),
        "to": range.last().to_string(),
        "business_days": business_days(calendar, range)?,
        "days": days,
    });
    Ok(format!("{object:#}\n"))
}

/// A holiday with the fields that are known of it.
fn holiday(holiday: &Holiday) -> Value {
    let date = |date: chrono::NaiveDate| date.to_string();
    let fields = [
        ("name", Some(holiday.name.to_string())),
        ("english", Some(holiday.english.to_string())),
        ("kind", Some(holiday.kind.to_string())),
        ("status", Some(holiday.status.to_string())),
        ("substitute_for", holiday.substitute_for.map(date)),
        ("known_on", holiday.known_on.map(date)),
        ("source", Some(holiday.source.to_string())),
    ];
    let given = fields.into_iter().filter_map(|(name, text)| Some((name, text?)));
    let given = given.filter(|(_, text)| !text.is_empty());
    Value::Object(given.map(|(name, text)| (name.to_owned(), Value::String(text))).collect::<Map<_, _>>())
}
