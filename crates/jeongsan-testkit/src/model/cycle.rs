//! The settlement cycle of a contract, read from its document.

use chrono::Weekday;
use serde_json::Value;

use super::book::{BookError, Read, date_of, rows, text};
use super::dates::{Cycle, DatePolicy, Lag, LagStart, Method};

pub(super) fn cycle(document: &Value) -> Read<Cycle> {
    Ok(Cycle {
        lag: lag(&document["lag"])?,
        method: method(&document["method"])?,
        policy: date_policy(text(document, "date_policy")?)
            .ok_or_else(|| BookError::new("date_policy", "unknown"))?,
    })
}

/// The date policy of this name.
#[must_use]
pub fn date_policy(text: &str) -> Option<DatePolicy> {
    match text {
        "holiday-before" => Some(DatePolicy::HolidayBefore),
        "holiday-after" => Some(DatePolicy::HolidayAfter),
        "calendar-day" => Some(DatePolicy::CalendarDay),
        "modified-following" => Some(DatePolicy::ModifiedFollowing),
        "modified-preceding" => Some(DatePolicy::ModifiedPreceding),
        _ => None,
    }
}

/// The start rule of this name.
#[must_use]
pub fn lag_start(text: &str) -> Option<LagStart> {
    match text {
        "strict" => Some(LagStart::Strict),
        "roll-forward" => Some(LagStart::RollForward),
        "roll-backward" => Some(LagStart::RollBackward),
        _ => None,
    }
}

fn unknown(name: &str) -> BookError {
    BookError::new(name, "unknown")
}

fn lag(document: &Value) -> Read<Lag> {
    if let Some(days) = document["days"].as_u64() {
        return Ok(Lag::Days(days));
    }
    let days = document["business_days"].as_u64().ok_or_else(|| unknown("lag"))?;
    let start = lag_start(text(document, "start")?).ok_or_else(|| unknown("start"))?;
    Ok(Lag::BusinessDays(days, start))
}

fn method(document: &Value) -> Read<Method> {
    if document == "daily" {
        return Ok(Method::Daily);
    }
    if let Some(days) = document["every_days"].as_i64() {
        let from = date_of(document, "from")?.ok_or_else(|| unknown("from"))?;
        return Ok(Method::EveryDays(days, from));
    }
    let list = |name: &str| document.get(name).map(|list| rows(list).map(plain).collect::<Vec<_>>());
    for name in ["weekly", "monthly", "dates", "nth_business_day", "nth_weekday"] {
        if let Some(items) = list(name) {
            return method_of(&name.replace('_', "-"), &items).ok_or_else(|| unknown(name));
        }
    }
    Err(unknown("method"))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The method of this name with its list of items, as the golden cases write them.
#[must_use]
pub fn method_of(name: &str, items: &[String]) -> Option<Method> {
    fn each<T>(items: &[String], read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
        items.iter().map(|item| read(item)).collect()
    }
    let weekday = |text: &str| text.parse::<Weekday>().ok();
    Some(match name {
        "daily" => Method::Daily,
        "weekly" => Method::Weekly(each(items, weekday)?),
        "monthly" => Method::Monthly(each(items, |item| item.parse().ok())?),
        "dates" => Method::Dates(each(items, |item| {
            let (month, day) = item.split_once('-')?;
            Some((month.parse().ok()?, day.parse().ok()?))
        })?),
        "nth-business-day" => Method::NthBusinessDay(each(items, |item| item.parse().ok())?),
        "nth-weekday" => Method::NthWeekday(each(items, |item| {
            let (nth, day) = item.split_once('-')?;
            let nth = if nth == "last" { None } else { Some(nth.parse().ok()?) };
            Some((nth, weekday(day)?))
        })?),
        "every-days" => {
            let (days, from) = items.first()?.split_once('@')?;
            Method::EveryDays(days.parse().ok()?, super::dates::date(from)?)
        }
        _ => return None,
    })
}
