//! `adjust`: moving a date to a business day, by business days, and counting them.

use chrono::NaiveDate;
use jeongsan::calendar::{CalendarError, CountedEnds, StartRule};

use super::calendars;
use crate::case::Case;
use crate::table::{Row, RowError};

pub(super) fn check(id: &str, row: &Row) -> Result<Case, RowError> {
    let calendar = calendars::of(row)?;
    let date: NaiveDate = row.value("date")?;
    let shown = |date: NaiveDate| date.to_string();
    let got: Result<String, CalendarError> = match row.required("op")? {
        "is-business-day" => calendar.is_business_day(date).map(|is_open| is_open.to_string()),
        "count" => {
            let to = row.value("arg")?;
            calendar.count(date, to, CountedEnds::Earlier).map(|count| count.to_string())
        }
        op => match op.strip_prefix("add-") {
            Some(rule) => {
                let rule: StartRule = rule.parse().map_err(RowError::malformed("op"))?;
                calendar.add_business_days(date, row.value("arg")?, rule).map(shown)
            }
            None => calendar.adjust(date, row.value("op")?).map(shown),
        },
    };
    Ok(Case::compare(id, row.required("expected")?, got.unwrap_or_else(|_| "error".into())))
}
