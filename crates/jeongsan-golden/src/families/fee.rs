//! `fee`: a fee and its VAT.

use jeongsan::fee::{Fee, VatPayer};
use jeongsan::money::{Amount, Rounding};
use jeongsan::rate::{Rate, Ratio};

use crate::case::Case;
use crate::table::{Row, RowError};

pub(super) fn check(id: &str, row: &Row) -> Result<Case, RowError> {
    let amount = Amount::new(row.value("amount")?);
    let (rounding, vat_rounding): (Rounding, Rounding) = (row.value("rounding")?, row.value("vat_rounding")?);
    let fee = read_fee(row)?;
    let payer = match row.required("vat")? {
        "partner" | "inclusive" => VatPayer::Partner,
        _ => VatPayer::Merchant,
    };
    let charged = fee.charge(amount, rounding);
    let vat = charged.and_then(|charged| {
        if fee.adds_vat(payer) {
            Ratio::new(Rate::KOREAN_VAT).of(charged, vat_rounding)
        } else {
            Some(Amount::ZERO)
        }
    });
    let got = match (charged, vat) {
        (Some(charged), Some(vat)) => format!("{charged} + {vat}"),
        _ => "error".into(),
    };
    Ok(Case::compare(id, format!("{} + {}", row.required("fee")?, row.required("fee_vat")?), got))
}

fn read_fee(row: &Row) -> Result<Fee, RowError> {
    let mut fee = Fee::of_rate(row.optional("rate")?.unwrap_or_default());
    if let Some(fixed) = row.optional("fixed")? {
        fee = fee.plus_fixed(Amount::new(fixed)).map_err(RowError::malformed("fixed"))?;
    }
    if let Some(min) = row.optional("min")? {
        fee = fee.at_least(Amount::new(min)).map_err(RowError::malformed("min"))?;
    }
    if let Some(max) = row.optional("max")? {
        fee = fee.at_most(Amount::new(max)).map_err(RowError::malformed("max"))?;
    }
    Ok(if row.required("vat")? == "inclusive" { fee.with_vat_included() } else { fee })
}
