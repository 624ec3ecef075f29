//! A line of an invoice.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use chrono::NaiveDate;

use crate::money::{Amount, VatSplit};

/// A number of units with at most two decimals, of either sign.
///
/// ```
/// use jeongsan::tax::Quantity;
///
/// let quantity: Quantity = "1.5".parse()?;
/// assert_eq!(quantity, "1.50".parse()?);
/// assert_eq!(quantity.to_string(), "1.5");
/// assert!("0.125".parse::<Quantity>().is_err());
/// # Ok::<(), jeongsan::tax::InvalidQuantity>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Quantity {
    hundredths: i64,
}

/// A text that is no quantity.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("quantity `{0}` is no number with at most two decimals")]
pub struct InvalidQuantity(String);

impl Quantity {
    /// So many whole units.
    #[must_use]
    pub fn units(count: u32) -> Self {
        Self { hundredths: i64::from(count).saturating_mul(100) }
    }

    /// The count of hundredths of a unit.
    #[must_use]
    pub const fn hundredths(self) -> i64 {
        self.hundredths
    }

    /// With its sign turned. A quantity is read from digits, so it is never `i64::MIN`.
    const fn negated(self) -> Self {
        Self { hundredths: self.hundredths.saturating_neg() }
    }
}

impl FromStr for Quantity {
    type Err = InvalidQuantity;

    fn from_str(text: &str) -> Result<Self, InvalidQuantity> {
        let read = || {
            let (sign, digits) = match text.strip_prefix('-') {
                Some(digits) => (-1, digits),
                None => (1, text),
            };
            let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
            let is_number =
                |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            if !is_number(whole) || !is_number(part) || part.len() > 2 {
                return None;
            }
            let part: i64 = part.parse::<i64>().ok()?.checked_mul(if part.len() == 1 { 10 } else { 1 })?;
            let whole: i64 = whole.parse().ok()?;
            let hundredths = whole.checked_mul(100)?.checked_add(part)?.checked_mul(sign)?;
            Some(Self { hundredths })
        };
        read().ok_or_else(|| InvalidQuantity(text.chars().take(40).collect()))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.hundredths.unsigned_abs();
        let (whole, part) = (size / 100, size % 100);
        write!(f, "{}{whole}", if self.hundredths < 0 { "-" } else { "" })?;
        match (part / 10, part % 10) {
            (0, 0) => Ok(()),
            (tenths, 0) => write!(f, ".{tenths}"),
            (tenths, hundredths) => write!(f, ".{tenths}{hundredths}"),
        }
    }
}

/// A line of an invoice (품목).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InvoiceLine {
    /// The day of the supply, in the month of the invoice's write date.
    pub date: NaiveDate,
    /// What was supplied.
    pub name: String,
    /// Its specification (규격).
    pub spec: Option<String>,
    /// How many units.
    pub quantity: Option<Quantity>,
    /// The value of a unit without VAT. It is told, not computed with: price lists know fractions that an amount doesn't.
    pub unit_cost: Option<Amount>,
    /// The supply value and the VAT.
    pub amounts: VatSplit,
    /// A remark.
    pub remark: Option<String>,
}

impl InvoiceLine {
    /// A line of this supply value and VAT, with nothing that could be left out.
    #[must_use]
    pub fn new(date: NaiveDate, name: impl Into<String>, amounts: VatSplit) -> Self {
        Self { date, name: name.into(), spec: None, quantity: None, unit_cost: None, amounts, remark: None }
    }

    /// The line taken back: quantity and amounts with their signs turned; `None` for an amount of `i64::MIN`.
    pub(super) fn negated(&self) -> Option<Self> {
        Some(Self {
            quantity: self.quantity.map(Quantity::negated),
            amounts: negated(self.amounts)?,
            ..self.clone()
        })
    }
}

/// Both parts with their signs turned.
pub(super) fn negated(split: VatSplit) -> Option<VatSplit> {
    Some(VatSplit { supply: split.supply.checked_neg()?, vat: split.vat.checked_neg()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn a_quantity_is_exact_or_refused() {
        let hundredths = |text: &str| text.parse::<Quantity>().unwrap().hundredths();
        assert_eq!(["3", "-0.5", "1.05", "0.50"].map(hundredths), [300, -50, 105, 50]);
        for text in ["", "-", "1.", ".5", "1.005", "+1", "1e2", "92233720368547758.08", "1,5"] {
            let error = text.parse::<Quantity>().unwrap_err().to_string();
            assert_eq!(error, alloc::format!("quantity `{text}` is no number with at most two decimals"));
        }
    }

    proptest! {
        #[test]
        fn a_quantity_reads_back(hundredths in -i64::MAX..=i64::MAX) {
            let quantity = Quantity { hundredths };
            prop_assert_eq!(quantity.to_string().parse(), Ok(quantity));
        }
    }
}
