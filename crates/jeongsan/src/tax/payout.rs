//! The taxes of one payout, frozen when it is made.

use chrono::NaiveDate;

use super::withholding::{IncomeKind, withhold};
use crate::money::{Amount, Currency, Money, Rounding, VatSplit, VatSplitMethod, split_vat, text_enum};
use crate::partner::PartnerKind;
use crate::rate::{Rate, Ratio};

text_enum! {
    /// Whether amounts contain their VAT.
    pub enum Basis ("tax basis") or UnknownBasis {
        /// They do: the VAT is parted out of the taxable amount.
        Gross = "gross",
        /// They don't: the taxable amount is the supply value, and the VAT is added to it.
        Net = "net",
    }
}

text_enum! {
    /// What becomes of the tax of a withholding partner.
    pub enum WithholdingTreatment ("withholding treatment") or UnknownWithholdingTreatment {
        /// It is taken off the payout.
        Deducted = "deducted",
        /// It is worked out and reported, and the payout is made in full.
        Reported = "reported",
    }
}

/// How a taxable amount becomes supply value and VAT.
///
/// ```
/// use jeongsan::money::{Amount, VatSplitMethod};
/// use jeongsan::tax::{Basis, VatTerms};
///
/// let gross = VatTerms { method: VatSplitMethod::HalfUp, ..VatTerms::KOREAN };
/// let split = gross.split(Amount::new(60_000)).unwrap();
/// assert_eq!((split.supply.minor(), split.vat.minor()), (54_545, 5_455));
/// let net = VatTerms { basis: Basis::Net, ..gross };
/// let split = net.split(Amount::new(60_000)).unwrap();
/// assert_eq!((split.supply.minor(), split.vat.minor()), (60_000, 6_000));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct VatTerms {
    /// Whether the amount contains its VAT.
    pub basis: Basis,
    /// The rate of the VAT.
    pub rate: Rate,
    /// How it is rounded. On [`Basis::Net`] the supply value is given and only the VAT can be cut, so
    /// [`VatSplitMethod::SupplyDown`] cuts it there.
    pub method: VatSplitMethod,
}

impl VatTerms {
    /// 10 % contained in the amount, the VAT cut: the default of hosted services.
    pub const KOREAN: Self =
        Self { basis: Basis::Gross, rate: Rate::KOREAN_VAT, method: VatSplitMethod::Down };

    /// The supply value and the VAT of a taxable amount, symmetric about zero; `None` when they don't fit.
    #[must_use]
    pub fn split(&self, taxable: Amount) -> Option<VatSplit> {
        match self.basis {
            Basis::Gross => split_vat(taxable, self.rate, self.method),
            Basis::Net => {
                let rounding = match self.method {
                    VatSplitMethod::Down | VatSplitMethod::SupplyDown => Rounding::Down,
                    VatSplitMethod::Up => Rounding::Up,
                    VatSplitMethod::HalfUp => Rounding::HalfUp,
                    VatSplitMethod::HalfEven => Rounding::HalfEven,
                };
                let vat = Ratio::new(self.rate).of(taxable, rounding)?;
                taxable.checked_add(vat)?;
                Some(VatSplit { supply: taxable, vat })
            }
        }
    }
}

/// The terms by which a partner's payouts are taxed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PayoutTerms {
    /// What the partner is to the tax office.
    pub partner: PartnerKind,
    /// How the taxable part becomes supply value and VAT.
    pub vat: VatTerms,
    /// The kind of income that a withholding partner is paid; without effect on others.
    pub income: IncomeKind,
    /// Whether a withholding partner's tax is taken off; without effect on others.
    pub withholding: WithholdingTreatment,
}

/// The amounts of one payout: what was settled, its parts for the tax invoice, what is withheld and what is paid.
///
/// `supply + vat + tax_free = expected`. Each field's name is its name in the document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PayoutTax {
    /// What was settled, netted (정산금액).
    pub settlement: Amount,
    /// The tax-free part of it (정산 면세액). Where tax-free sales come back in a period of taxable ones it can be below zero,
    /// or above the whole.
    pub settlement_tax_free: Amount,
    /// The value without VAT of the taxable part (공급가액).
    pub supply: Amount,
    /// Its VAT (부가세).
    pub vat: Amount,
    /// The tax-free part (면세금액).
    pub tax_free: Amount,
    /// What the payout comes to before withholding (지급예상금액).
    pub expected: Amount,
    /// The income tax on it (소득세).
    pub income_tax: Amount,
    /// The local income tax on it (지방소득세).
    pub local_income_tax: Amount,
    /// What is paid (지급금액).
    pub amount: Amount,
}

/// Why the amounts of a payout can't be told.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PayoutTaxError {
    /// The settlements net to zero or less: there is nothing to pay.
    #[error("the settlement of `{settlement}` is not above zero")]
    NothingSettled {
        /// What they net to.
        settlement: Amount,
    },
    /// The settlement is above zero, but the VAT to add is below and takes it all: on basis net, when more taxable sales came back
    /// than were made.
    #[error("the settlement of `{settlement}` and its VAT of `{vat}` leave nothing to pay")]
    NothingToPay {
        /// The settlement.
        settlement: Amount,
        /// The VAT.
        vat: Amount,
    },
    /// Only a business charges VAT on top.
    #[error("tax basis `net` needs a partner of kind `business`, not `{partner}`")]
    NetBasisNeedsBusiness {
        /// The partner's kind.
        partner: PartnerKind,
    },
    /// The law of withholding counts won.
    #[error("tax can be withheld in `KRW` only, not in `{currency}`")]
    WithholdingNeedsWon {
        /// The payout's currency.
        currency: Currency,
    },
    /// An amount leaves the range of 64 bits.
    #[error("the taxes of the settlement of `{settlement}` are out of range")]
    OutOfRange {
        /// The settlement.
        settlement: Amount,
    },
}

impl PayoutTaxError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NothingSettled { .. } | Self::NothingToPay { .. } => "nothing-to-pay",
            Self::NetBasisNeedsBusiness { .. } => "net-basis-needs-business",
            Self::WithholdingNeedsWon { .. } => "withholding-needs-won",
            Self::OutOfRange { .. } => "out-of-range",
        }
    }
}

impl PayoutTerms {
    /// The usual terms of such a partner: the settlement contains 10 % VAT, which is cut; from a withholding partner the tax on
    /// business income is taken off.
    #[must_use]
    pub const fn new(partner: PartnerKind) -> Self {
        Self {
            partner,
            vat: VatTerms::KOREAN,
            income: IncomeKind::BusinessIncome,
            withholding: WithholdingTreatment::Deducted,
        }
    }

    /// The amounts of a payout of this settlement, of which a part is tax-free, by the law of the day it is paid.
    ///
    /// Tax is withheld on the whole, `expected`. The split of what a partner that is no business is paid is for information: it
    /// issues no invoice.
    ///
    /// # Errors
    /// Every [`PayoutTaxError`].
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use jeongsan::money::{Amount, Currency, Money};
    /// use jeongsan::partner::PartnerKind;
    /// use jeongsan::tax::PayoutTerms;
    ///
    /// let paid_on = NaiveDate::from_ymd_opt(2026, 3, 13).unwrap();
    /// let settled = Money::new(Amount::new(1_000_000), Currency::KRW);
    /// let tax = PayoutTerms::new(PartnerKind::Withholding).tax(settled, Amount::ZERO, paid_on)?;
    /// assert_eq!((tax.income_tax.minor(), tax.local_income_tax.minor()), (30_000, 3_000));
    /// assert_eq!(tax.amount, Amount::new(967_000));
    /// # Ok::<(), jeongsan::tax::PayoutTaxError>(())
    /// ```
    pub fn tax(
        &self,
        settled: Money,
        tax_free: Amount,
        paid_on: NaiveDate,
    ) -> Result<PayoutTax, PayoutTaxError> {
        let settlement = settled.amount();
        if settlement <= Amount::ZERO {
            return Err(PayoutTaxError::NothingSettled { settlement });
        }
        if self.vat.basis == Basis::Net && self.partner != PartnerKind::Business {
            return Err(PayoutTaxError::NetBasisNeedsBusiness { partner: self.partner });
        }
        let out_of_range = PayoutTaxError::OutOfRange { settlement };
        let taxable = settlement.checked_sub(tax_free).ok_or(out_of_range)?;
        let VatSplit { supply, vat } = self.vat.split(taxable).ok_or(out_of_range)?;
        let expected = match self.vat.basis {
            Basis::Gross => settlement,
            Basis::Net => settlement.checked_add(vat).ok_or(out_of_range)?,
        };
        if expected <= Amount::ZERO {
            return Err(PayoutTaxError::NothingToPay { settlement, vat });
        }
        let (income_tax, local_income_tax) = match self.partner {
            PartnerKind::Business | PartnerKind::NonWithholding => (Amount::ZERO, Amount::ZERO),
            PartnerKind::Withholding if settled.currency() != Currency::KRW => {
                return Err(PayoutTaxError::WithholdingNeedsWon { currency: settled.currency() });
            }
            PartnerKind::Withholding => {
                let withheld = withhold(self.income, expected, paid_on);
                (withheld.income_tax, withheld.local_tax)
            }
        };
        let amount = match self.withholding {
            WithholdingTreatment::Reported => expected,
            WithholdingTreatment::Deducted => {
                let left =
                    expected.checked_sub(income_tax).and_then(|left| left.checked_sub(local_income_tax));
                left.ok_or(out_of_range)?
            }
        };
        Ok(PayoutTax {
            settlement,
            settlement_tax_free: tax_free,
            supply,
            vat,
            tax_free,
            expected,
            income_tax,
            local_income_tax,
            amount,
        })
    }
}

impl PayoutTax {
    /// What is taken off the payout: both taxes, or nothing when they are only reported.
    #[must_use]
    pub const fn withheld(&self) -> Amount {
        Amount::new(self.expected.minor().saturating_sub(self.amount.minor()))
    }

    /// The VAT that the payout adds to the settlement; zero on [`Basis::Gross`].
    #[must_use]
    pub const fn vat_added(&self) -> Amount {
        Amount::new(self.expected.minor().saturating_sub(self.settlement.minor()))
    }

    /// The supply value and VAT of the taxable part.
    #[must_use]
    pub const fn taxable(&self) -> VatSplit {
        VatSplit { supply: self.supply, vat: self.vat }
    }

    /// Whether the amounts keep to the identities of a payout: supply + VAT + tax-free = expected, which is the settlement with or
    /// without the VAT added, and amount = expected with or without both taxes taken off.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let wide = |amount: Amount| i128::from(amount.minor());
        // A few 64-bit numbers can't overflow 128 bits.
        let sum = |parts: &[Amount]| parts.iter().fold(0_i128, |sum, part| sum.wrapping_add(wide(*part)));
        let expected = wide(self.expected);
        let taxes = [self.amount, self.income_tax, self.local_income_tax];
        sum(&[self.supply, self.vat, self.tax_free]) == expected
            && self.tax_free == self.settlement_tax_free
            && (expected == wide(self.settlement) || expected == sum(&[self.settlement, self.vat]))
            && (self.amount == self.expected || sum(&taxes) == expected)
            && self.income_tax >= Amount::ZERO
            && self.local_income_tax >= Amount::ZERO
            && self.amount > Amount::ZERO
    }
}
