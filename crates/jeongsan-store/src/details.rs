//! What a settlement holds beside its figures, as JSON text: the parts of funders, the merchant's own figures and the lines.
//!
//! Stores keep the figures in columns that add up, and this in one more, where there is anything to keep.

use std::collections::BTreeMap;
use std::sync::Arc;

use jeongsan::figures::{Figure, Figures};
use jeongsan::funding::FunderParts;
use jeongsan::id::{FunderId, ProductId};
use jeongsan::money::Amount;
use jeongsan::settle::{LineSettlement, Settlement};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Details {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    funders: Vec<(FunderId, i64)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    user_formulas: Vec<(String, i64)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lines: Vec<Line>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    product: ProductId,
    quantity: i64,
    /// Those that aren't zero.
    figures: BTreeMap<String, i64>,
}

/// A text that tells no details.
#[derive(Debug, thiserror::Error)]
#[error("details of a settlement: {0}")]
pub struct DetailsError(String);

/// The details of a settlement; `None` when there are none.
#[must_use]
pub fn write_details(settlement: &Settlement) -> Option<String> {
    let Settlement { funders, user_formulas, lines, .. } = settlement;
    if funders.is_empty() && user_formulas.is_empty() && lines.is_empty() {
        return None;
    }
    let funders = funders.iter().map(|(funder, part)| (funder.clone(), part.minor())).collect();
    let user_formulas =
        settlement.user_formulas.iter().map(|(key, amount)| (key.to_string(), amount.minor())).collect();
    let lines = settlement.lines.iter().map(|line| Line {
        product: line.product.clone(),
        quantity: line.quantity,
        figures: line
            .figures
            .iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(figure, amount)| (figure.as_str().to_owned(), amount.minor()))
            .collect(),
    });
    // Texts and integers can't fail to be written.
    serde_json::to_string(&Details { funders, user_formulas, lines: lines.collect() }).ok()
}

/// Puts details back into their settlement.
///
/// # Errors
/// When the text isn't what [`write_details`] writes.
pub fn read_details(settlement: &mut Settlement, text: &str) -> Result<(), DetailsError> {
    let details: Details = serde_json::from_str(text).map_err(|error| DetailsError(error.to_string()))?;
    let funders = details.funders.into_iter().map(|(funder, part)| (funder, Amount::new(part)));
    settlement.funders = FunderParts::of(funders)
        .ok_or_else(|| DetailsError("the parts of a funder are out of range".into()))?;
    settlement.user_formulas = details
        .user_formulas
        .into_iter()
        .map(|(key, amount)| (Arc::from(key.as_str()), Amount::new(amount)))
        .collect();
    settlement.lines = details
        .lines
        .into_iter()
        .map(|line| {
            let unknown = line.figures.keys().find(|name| name.parse::<Figure>().is_err());
            if let Some(name) = unknown {
                return Err(DetailsError(format!("`{name}` is no figure")));
            }
            let figures = Figures::from_fn(|figure| {
                Amount::new(line.figures.get(figure.as_str()).copied().unwrap_or_default())
            });
            Ok(LineSettlement { product: line.product, quantity: line.quantity, figures })
        })
        .collect::<Result<_, _>>()?;
    Ok(())
}
