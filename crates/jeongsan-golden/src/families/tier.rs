//! `tier`: the fee on a whole volume.

use jeongsan::fee::{Bracket, TierMeasure, TierMode, Tiers};
use jeongsan::money::{Amount, Rounding};

use crate::case::Case;
use crate::table::{Row, RowError};

pub(super) fn check(id: &str, row: &Row) -> Result<Case, RowError> {
    let mut brackets = Vec::new();
    for cell in row.list::<String>("brackets")? {
        let malformed = |message: String| RowError::Malformed { column: "brackets", message };
        let (from, rate) = cell.split_once(':').ok_or_else(|| malformed("no `:`".into()))?;
        brackets.push(Bracket {
            from: Amount::new(from.parse().map_err(|_| malformed(format!("`{from}`")))?),
            rate: rate.parse().map_err(|error| malformed(format!("{error}")))?,
        });
    }
    let mode: TierMode = row.value("mode")?;
    let rounding: Rounding = row.value("rounding")?;
    let volume = Amount::new(row.value("volume")?);
    let fee = Tiers::new(brackets, mode, TierMeasure::Given).ok().and_then(|tiers| match mode {
        // The volume is itself the amount: it lies in its own bracket, or on top of nothing.
        TierMode::Whole => tiers.charge(volume, volume, rounding),
        TierMode::Marginal => tiers.charge(Amount::ZERO, volume, rounding),
    });
    let got = fee.map_or_else(|| "error".into(), |fee| fee.to_string());
    Ok(Case::compare(id, row.required("fee")?, got))
}
