//! `withholding`: the tax kept back from a payment.

use chrono::NaiveDate;
use jeongsan::money::Amount;
use jeongsan::tax::withhold;

use crate::case::Case;
use crate::table::{Row, RowError};

pub(super) fn check(id: &str, row: &Row) -> Result<Case, RowError> {
    let paid_on: NaiveDate = row.value("paid_on")?;
    let got = withhold(row.value("kind")?, Amount::new(row.value("gross")?), paid_on);
    let expected =
        format!("{} {} {}", row.required("income_tax")?, row.required("local_tax")?, row.required("net")?);
    Ok(Case::compare(id, expected, format!("{} {} {}", got.income_tax, got.local_tax, got.net)))
}
