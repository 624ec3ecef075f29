//! What a partner and the merchant agreed on being paid.

use alloc::vec::Vec;

use crate::money::{Amount, text_enum};
use crate::rate::{Rate, Share};

text_enum! {
    /// Which credit a debt is matched with first.
    #[derive(Default)]
    pub enum OffsetOrder ("offset order") or UnknownOffsetOrder {
        /// The oldest, whatever its contract.
        #[default]
        OldestFirst = "oldest-first",
        /// The oldest of the debt's own contract, then the oldest of others.
        SameContractFirst = "same-contract-first",
    }
}

text_enum! {
    /// Who bears a cost.
    pub enum Bearer ("bearer") or UnknownBearer {
        /// The partner.
        Partner = "partner",
        /// The merchant.
        Merchant = "merchant",
    }
}

/// When and how a partner is paid. The default has no minimum, cap, fee or reserve.
///
/// ```
/// use jeongsan::money::Amount;
/// use jeongsan::partner::PayableTerms;
///
/// let terms = PayableTerms { minimum: Amount::new(-1), ..PayableTerms::default() };
/// assert_eq!(terms.check().unwrap_err().to_string(), "the minimum `-1` is negative");
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PayableTerms {
    /// The least that is paid; below it everything is carried.
    pub minimum: Amount,
    /// The most that is taken of what is due at once, before reserve and fee; the rest stays due.
    pub cap: Option<Amount>,
    /// What a payout costs.
    pub fee: Option<PayoutFee>,
    /// What is kept of each payable, and for how long.
    pub reserve: Vec<Tranche>,
    /// Which credit a debt is matched with first.
    pub offset_order: OffsetOrder,
}

/// What a partner's own terms change of those for all; what is left out stays.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PayableTermsChange {
    /// The least that is paid.
    pub minimum: Option<Amount>,
    /// The most that is taken at once.
    pub cap: Option<Amount>,
    /// What a payout costs.
    pub fee: Option<PayoutFee>,
    /// What is kept of each payable.
    pub reserve: Option<Vec<Tranche>>,
    /// Which credit a debt is matched with first.
    pub offset_order: Option<OffsetOrder>,
}

impl PayableTermsChange {
    /// The terms with the change.
    #[must_use]
    pub fn applied_to(&self, terms: &PayableTerms) -> PayableTerms {
        PayableTerms {
            minimum: self.minimum.unwrap_or(terms.minimum),
            cap: self.cap.or(terms.cap),
            fee: self.fee.or(terms.fee),
            reserve: self.reserve.clone().unwrap_or_else(|| terms.reserve.clone()),
            offset_order: self.offset_order.unwrap_or(terms.offset_order),
        }
    }
}

/// What a payout costs, and whom.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PayoutFee {
    /// The fee of one payout.
    pub amount: Amount,
    /// Who bears it: the partner, off whose payable it is taken, or the merchant.
    pub borne_by: Bearer,
}

/// A part of a payable that is kept for some days.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Tranche {
    /// What part.
    pub share: Share,
    /// How many calendar days after the payable's it falls due.
    pub days: u16,
}

/// Why terms can't be meant.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PayableTermsError {
    /// The least that is paid is below zero.
    #[error("the minimum `{minimum}` is negative")]
    NegativeMinimum {
        /// The minimum.
        minimum: Amount,
    },
    /// The most that is paid leaves nothing to be paid.
    #[error("the cap `{cap}` is not above zero, or below the minimum `{minimum}`")]
    CapTooLow {
        /// The cap.
        cap: Amount,
        /// The minimum.
        minimum: Amount,
    },
    /// The payout fee is below zero.
    #[error("the payout fee `{fee}` is negative")]
    NegativeFee {
        /// The fee.
        fee: Amount,
    },
    /// The reserve's shares come to the whole.
    #[error("the shares of the reserve leave nothing to be paid")]
    NothingBesideReserve,
}

impl PayableTerms {
    /// Whether the terms can be meant.
    ///
    /// # Errors
    /// A minimum or a fee below zero, a cap of zero or less or below the minimum, reserves that together are the whole or more.
    pub fn check(&self) -> Result<(), PayableTermsError> {
        if self.minimum.is_negative() {
            return Err(PayableTermsError::NegativeMinimum { minimum: self.minimum });
        }
        if let Some(cap) = self.cap.filter(|&cap| cap <= Amount::ZERO || cap < self.minimum) {
            return Err(PayableTermsError::CapTooLow { cap, minimum: self.minimum });
        }
        if let Some(fee) = self.fee.filter(|fee| fee.amount.is_negative()) {
            return Err(PayableTermsError::NegativeFee { fee: fee.amount });
        }
        let shares = self.reserve.iter().map(|tranche| i128::from(tranche.share.rate().parts()));
        let whole = i128::from(Rate::ONE.parts());
        if shares.fold(0, i128::saturating_add) >= whole {
            return Err(PayableTermsError::NothingBesideReserve);
        }
        Ok(())
    }
}
