//! One fee.

use core::fmt;

use crate::money::{Amount, Rounding, text_enum};
use crate::rate::{Rate, Ratio};

text_enum! {
    /// Who bears the VAT on a fee.
    pub enum VatPayer ("VAT payer") or UnknownVatPayer {
        /// The partner: the VAT is added to the fee and taken off the settlement.
        Partner = "partner",
        /// The merchant: nothing is added.
        Merchant = "merchant",
    }
}

text_enum! {
    /// The amount that a fee is a rate of: the order's, or a line's for a fee that stands on a line.
    pub enum FeeBase ("fee base") or UnknownFeeBase {
        /// The order before discounts.
        Order = "order",
        /// The payment: the order less all its discounts.
        Payment = "payment",
        /// The order less the part of its discounts that the partner bears: what the partner sells for. Marketplaces of Korea charge a sale
        /// fee on the price after the seller's own coupon, while one that somebody else pays for lowers nothing.
        AfterDiscount = "after-discount",
        /// The shipping amount, which belongs to the order: 0 on a line.
        Shipping = "shipping",
    }
}

/// A fee on an amount: rate and fixed part, minimum and maximum.
///
/// ```
/// use jeongsan::fee::Fee;
/// use jeongsan::money::{Amount, Rounding};
///
/// // 3.3 % with the VAT in it, at most 275 won
/// let fee = Fee::of_rate("3.3%".parse()?).at_most(Amount::new(275))?.with_vat_included();
/// assert_eq!(fee.charge(Amount::new(2_500), Rounding::HalfUp), Some(Amount::new(83)));
/// assert_eq!(fee.charge(Amount::new(-50_000), Rounding::HalfUp), Some(Amount::new(-275)));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fee {
    rate: Rate,
    /// The rate made ready once, so that charging never reduces a fraction.
    ratio: Ratio,
    fixed: Amount,
    min: Option<Amount>,
    max: Option<Amount>,
    vat_included: bool,
}

/// Why an amount can't be part of a fee.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FeeError {
    /// A fixed part, minimum or maximum is below zero.
    #[error("{part} `{amount}` of a fee is negative")]
    Negative {
        /// Which part of the fee.
        part: FeePart,
        /// The amount given.
        amount: Amount,
    },
}

/// The parts of a fee that are amounts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FeePart {
    /// The fixed part.
    Fixed,
    /// The minimum.
    Min,
    /// The maximum.
    Max,
}

impl fmt::Display for FeePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed => "fixed part",
            Self::Min => "minimum",
            Self::Max => "maximum",
        })
    }
}

fn checked(part: FeePart, amount: Amount) -> Result<Amount, FeeError> {
    if amount.is_negative() { Err(FeeError::Negative { part, amount }) } else { Ok(amount) }
}

impl Fee {
    /// A rate of the amount.
    #[must_use]
    pub const fn of_rate(rate: Rate) -> Self {
        Self { rate, ratio: Ratio::new(rate), fixed: Amount::ZERO, min: None, max: None, vat_included: false }
    }

    /// A fixed fee, whatever the amount.
    ///
    /// # Errors
    /// When the fixed part is negative.
    pub fn of_fixed(fixed: Amount) -> Result<Self, FeeError> {
        Self::of_rate(Rate::ZERO).plus_fixed(fixed)
    }

    /// The same with a fixed part on top of the rate.
    ///
    /// # Errors
    /// When it is negative.
    pub fn plus_fixed(self, fixed: Amount) -> Result<Self, FeeError> {
        Ok(Self { fixed: checked(FeePart::Fixed, fixed)?, ..self })
    }

    /// The same, but never below a minimum.
    ///
    /// # Errors
    /// When it is negative.
    pub fn at_least(self, min: Amount) -> Result<Self, FeeError> {
        Ok(Self { min: Some(checked(FeePart::Min, min)?), ..self })
    }

    /// The same, but never above a maximum, which wins over the minimum.
    ///
    /// # Errors
    /// When it is negative.
    pub fn at_most(self, max: Amount) -> Result<Self, FeeError> {
        Ok(Self { max: Some(checked(FeePart::Max, max)?), ..self })
    }

    /// The same with its VAT already in it: none is added, whoever bears it.
    #[must_use]
    pub const fn with_vat_included(self) -> Self {
        Self { vat_included: true, ..self }
    }

    /// The same at another rate.
    #[must_use]
    pub const fn at_rate(self, rate: Rate) -> Self {
        Self { rate, ratio: Ratio::new(rate), ..self }
    }

    /// The rate, 0 where the fee is fixed.
    #[must_use]
    pub const fn rate(&self) -> Rate {
        self.rate
    }

    /// The fixed part, 0 where the fee is a rate.
    #[must_use]
    pub const fn fixed(&self) -> Amount {
        self.fixed
    }

    /// The minimum, if any.
    #[must_use]
    pub const fn min(&self) -> Option<Amount> {
        self.min
    }

    /// The maximum, if any.
    #[must_use]
    pub const fn max(&self) -> Option<Amount> {
        self.max
    }

    /// Whether the fee contains its VAT.
    #[must_use]
    pub const fn vat_included(&self) -> bool {
        self.vat_included
    }

    /// Whether VAT is added to the fee when this payer bears it.
    #[must_use]
    pub const fn adds_vat(&self, payer: VatPayer) -> bool {
        matches!(payer, VatPayer::Partner) && !self.vat_included
    }

    /// The fee on an amount: amount × rate + fixed, rounded, then not below the minimum, then not above the maximum; `None`
    /// when it doesn't fit.
    #[must_use]
    pub fn charge(&self, amount: Amount, rounding: Rounding) -> Option<Amount> {
        if amount.is_negative() {
            return self.charge(amount.checked_neg()?, rounding)?.checked_neg();
        }
        Some(self.bound(self.ratio.of_plus(amount, self.fixed, rounding)?))
    }

    /// A fee of either sign, its size held between minimum and maximum.
    #[must_use]
    pub(crate) fn bound_signed(&self, fee: Amount) -> Amount {
        let size = fee.checked_neg().filter(|_| fee.is_negative());
        size.map_or_else(|| self.bound(fee), |size| self.bound(size).checked_neg().unwrap_or(fee))
    }

    /// A fee raised to the minimum and then cut to the maximum, which wins where it is the smaller. A fee below zero, as a formula may give one,
    /// is raised like any other.
    #[must_use]
    pub fn bound(&self, fee: Amount) -> Amount {
        let fee = self.min.map_or(fee, |min| fee.max(min));
        self.max.map_or(fee, |max| fee.min(max))
    }
}
