//! `allocate`: an amount shared over weights.

use jeongsan::money::{AllocationMethod, Amount, allocate};

use crate::case::Case;
use crate::table::{Row, RowError};

pub(super) fn check(id: &str, row: &Row) -> Result<Case, RowError> {
    let amount = Amount::new(row.value("amount")?);
    let weights: Vec<Amount> = row.list("weights")?.into_iter().map(Amount::new).collect();
    let method: AllocationMethod = row.value("method")?;
    let got = match allocate(amount, &weights, method) {
        Ok(parts) => parts.iter().map(Amount::to_string).collect::<Vec<_>>().join(";"),
        Err(error) => format!("error:{}", error.code()),
    };
    let expected = row.text("expected").unwrap_or_default();
    // A case may expect an error without saying which.
    let got = if expected == "error" && got.starts_with("error:") { "error".into() } else { got };
    Ok(Case::compare(id, expected, got))
}
