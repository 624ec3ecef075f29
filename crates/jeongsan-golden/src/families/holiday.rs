//! `holiday`: whether a day is a business day.

use super::calendars;
use crate::case::Case;
use crate::table::{Row, RowError};

pub(super) fn check(id: &str, row: &Row) -> Result<Case, RowError> {
    let got = calendars::of(row)?.is_business_day(row.value("date")?);
    let got = got.map_or_else(|_| "error".into(), |is_open| is_open.to_string());
    Ok(Case::compare(id, row.required("business_day")?, got))
}
