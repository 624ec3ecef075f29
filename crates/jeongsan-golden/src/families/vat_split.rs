//! `vat_split`: an amount parted into supply value and VAT.

use jeongsan::money::{Amount, split_vat};

use crate::case::Case;
use crate::table::{Row, RowError};

pub(super) fn check(id: &str, row: &Row) -> Result<Case, RowError> {
    let split = split_vat(Amount::new(row.value("gross")?), row.value("rate")?, row.value("method")?);
    let got = split.map_or_else(|| "error".into(), |split| format!("{} + {}", split.supply, split.vat));
    Ok(Case::compare(id, format!("{} + {}", row.required("supply")?, row.required("vat")?), got))
}
