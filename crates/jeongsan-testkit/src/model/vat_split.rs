//! A VAT-inclusive amount taken apart.

use num_traits::One;

use super::number::{Exact, Rounding, Whole};

/// Which of the two parts is rounded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SplitMethod {
    /// The VAT is rounded, the supply value is the rest.
    Vat(Rounding),
    /// The supply value is cut, the VAT is the rest.
    SupplyDown,
}

impl SplitMethod {
    /// The method of this name.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        if text == "supply-down" { Some(Self::SupplyDown) } else { Rounding::from_text(text).map(Self::Vat) }
    }
}

/// Supply value and VAT of an amount that contains VAT at a rate.
#[must_use]
pub fn vat_split(gross: &Whole, rate: &Exact, method: SplitMethod) -> (Whole, Whole) {
    let exact = Exact::from(gross.clone());
    let with_vat = Exact::one() + rate;
    match method {
        SplitMethod::Vat(rule) => {
            let vat = rule.round(&(exact * rate / with_vat));
            (gross - &vat, vat)
        }
        SplitMethod::SupplyDown => {
            let supply = Rounding::Down.round(&(exact / with_vat));
            (supply.clone(), gross - supply)
        }
    }
}
