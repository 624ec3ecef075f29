//! The taxes of a payout as a document.

use serde::{Deserialize, Serialize};

use crate::money::Amount;
use crate::tax::PayoutTax;

use super::MinorUnits;
use super::map::map_document;

/// The amounts of a payout as a document.
///
/// ```
/// use jeongsan::document::PayoutTaxDocument;
///
/// let text = r#"{"settlement":100000,"settlement_tax_free":40000,"supply":60000,"vat":6000,"tax_free":40000,"expected":106000,"income_tax":0,"local_income_tax":0,"amount":106000}"#;
/// let document: PayoutTaxDocument = serde_json::from_str(text)?;
/// let tax = document.to_payout_tax()?;
/// assert_eq!(tax.vat_added().minor(), 6_000);
/// assert_eq!(serde_json::to_string(&PayoutTaxDocument::from(&tax))?, text);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct PayoutTaxDocument {
    /// What was settled, netted.
    pub settlement: MinorUnits,
    /// The tax-free part of it.
    pub settlement_tax_free: MinorUnits,
    /// The supply value of the taxable part.
    pub supply: MinorUnits,
    /// Its VAT.
    pub vat: MinorUnits,
    /// The tax-free part.
    pub tax_free: MinorUnits,
    /// What the payout comes to before withholding.
    pub expected: MinorUnits,
    /// The income tax on it.
    pub income_tax: MinorUnits,
    /// The local income tax on it.
    pub local_income_tax: MinorUnits,
    /// What is paid.
    pub amount: MinorUnits,
}

/// Why a document holds no payout's amounts.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PayoutTaxDocumentError {
    /// An amount is too large for 64 bits.
    #[error("the number of `{field}` is out of range")]
    OutOfRange {
        /// The amount's field.
        field: &'static str,
    },
    /// The amounts contradict each other.
    #[error("the amounts of the payout of `{amount}` don't add up")]
    DoesNotAddUp {
        /// What is paid.
        amount: Amount,
    },
}

map_document! {
    PayoutTaxDocument => "the fields of a payout tax",
}

impl From<&PayoutTax> for PayoutTaxDocument {
    fn from(tax: &PayoutTax) -> Self {
        Self {
            settlement: tax.settlement.into(),
            settlement_tax_free: tax.settlement_tax_free.into(),
            supply: tax.supply.into(),
            vat: tax.vat.into(),
            tax_free: tax.tax_free.into(),
            expected: tax.expected.into(),
            income_tax: tax.income_tax.into(),
            local_income_tax: tax.local_income_tax.into(),
            amount: tax.amount.into(),
        }
    }
}

impl PayoutTaxDocument {
    /// The amounts, if they add up.
    ///
    /// # Errors
    /// Every [`PayoutTaxDocumentError`].
    pub fn to_payout_tax(&self) -> Result<PayoutTax, PayoutTaxDocumentError> {
        let read =
            |number: MinorUnits, field| number.amount().ok_or(PayoutTaxDocumentError::OutOfRange { field });
        let tax = PayoutTax {
            settlement: read(self.settlement, "settlement")?,
            settlement_tax_free: read(self.settlement_tax_free, "settlement_tax_free")?,
            supply: read(self.supply, "supply")?,
            vat: read(self.vat, "vat")?,
            tax_free: read(self.tax_free, "tax_free")?,
            expected: read(self.expected, "expected")?,
            income_tax: read(self.income_tax, "income_tax")?,
            local_income_tax: read(self.local_income_tax, "local_income_tax")?,
            amount: read(self.amount, "amount")?,
        };
        if tax.adds_up() { Ok(tax) } else { Err(PayoutTaxDocumentError::DoesNotAddUp { amount: tax.amount }) }
    }
}
