//! `cycle`: the settlement date of a start date.

use jeongsan::schedule::{Cycle, Floor, ScheduleOptions};

use super::calendars;
use crate::case::Case;
use crate::table::{Row, RowError};

pub(super) fn check(id: &str, row: &Row) -> Result<Case, RowError> {
    let cycle =
        Cycle { lag: row.value("lag")?, method: row.value("method")?, date_policy: row.value("policy")? };
    let options = ScheduleOptions {
        adjust_after_holiday_if_earlier: row.value("adjust_if_earlier")?,
        floor: Floor::None,
    };
    let schedule = cycle.resolve(Some(&calendars::of(row)?), options);
    let got = schedule.map_err(RowError::malformed("lag"))?.settlement_date(row.value("start")?);
    let got = got.map_or_else(|_| "error".into(), |date| date.to_string());
    Ok(Case::compare(id, row.required("expected")?, got))
}
