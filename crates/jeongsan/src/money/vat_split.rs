//! The VAT inside an amount that contains it.

use super::{Amount, Rounding, text_enum};
use crate::rate::{Rate, Ratio};

text_enum! {
    /// Which part of an amount that contains its VAT is rounded.
    ///
    /// Korean practice knows both: card acquirers round the VAT half up, tax invoices cut the supply value
    /// (공급가액) and give the VAT the rest.
    pub enum VatSplitMethod ("VAT split method") or UnknownVatSplitMethod {
        /// The VAT is cut, the supply value takes the rest.
        Down = "down",
        /// The VAT is rounded up.
        Up = "up",
        /// The VAT is rounded half up.
        HalfUp = "half-up",
        /// The VAT is rounded half to even.
        HalfEven = "half-even",
        /// The supply value is cut, the VAT takes the rest.
        SupplyDown = "supply-down",
    }
}

impl From<Rounding> for VatSplitMethod {
    fn from(rounding: Rounding) -> Self {
        match rounding {
            Rounding::Down => Self::Down,
            Rounding::Up => Self::Up,
            Rounding::HalfUp => Self::HalfUp,
            Rounding::HalfEven => Self::HalfEven,
        }
    }
}

/// An amount parted into its supply value and its VAT, which add up to it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct VatSplit {
    /// The value without VAT (공급가액).
    pub supply: Amount,
    /// The VAT (부가세).
    pub vat: Amount,
}

/// Parts an amount that contains VAT at `rate`: the VAT is gross × rate / (1 + rate).
///
/// `None` only for `i64::MIN`, whose size no `i64` holds.
///
/// ```
/// use jeongsan::money::{Amount, VatSplitMethod, split_vat};
/// use jeongsan::rate::Rate;
///
/// let vat_rate: Rate = "10%".parse()?;
/// let split = split_vat(Amount::new(10_000), vat_rate, VatSplitMethod::HalfUp).unwrap();
/// assert_eq!((split.supply.minor(), split.vat.minor()), (9_091, 909));
/// let split = split_vat(Amount::new(10_000), vat_rate, VatSplitMethod::SupplyDown).unwrap();
/// assert_eq!((split.supply.minor(), split.vat.minor()), (9_090, 910));
/// # Ok::<(), jeongsan::rate::RateError>(())
/// ```
#[must_use]
pub fn split_vat(gross: Amount, rate: Rate, method: VatSplitMethod) -> Option<VatSplit> {
    let rounding = match method {
        VatSplitMethod::Down => Rounding::Down,
        VatSplitMethod::Up | VatSplitMethod::SupplyDown => Rounding::Up,
        VatSplitMethod::HalfUp => Rounding::HalfUp,
        VatSplitMethod::HalfEven => Rounding::HalfEven,
    };
    // Cutting the supply value is the same as rounding the VAT away from zero: the two add up to a whole number.
    let vat = Ratio::contained(rate).of(gross, rounding)?;
    Some(VatSplit { supply: gross.checked_sub(vat)?, vat })
}
