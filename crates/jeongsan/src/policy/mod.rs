//! Policies: the terms that orders choose one by one, and how terms change with time.
//!
//! A [`DiscountSharePolicy`] says who pays for a discount, an [`AdditionalFeePolicy`] is a further fee.
//! Both, as contracts and partners, come in [`Versions`]: the one in force on the settlement start date governs. Versions are
//! appended; one that is archived takes no new orders until a later one recovers it.

mod versions;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::fee::{FeeBase, FeeRule, VatPayer};
use crate::funding::Funding;
use crate::money::{Amount, Rounding};
use crate::rate::Share;

pub use versions::{Version, VersionError, Versions};

/// What people note beside a policy, a contract or a partner; no figure depends on a memo or a tag.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Labels {
    /// Free text.
    pub memo: String,
    /// Tags to find it by.
    pub tags: Vec<String>,
    /// Named values.
    pub properties: BTreeMap<String, String>,
}

/// Who pays for a discount; the merchant bears what no one else does (할인 분담 정책).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DiscountSharePolicy {
    /// The partner's part, and those of others.
    pub funding: Funding,
    /// The order amount before discounts that the coupon asks for; a contract may withdraw it when a cancellation leaves less.
    pub minimum_order: Option<Amount>,
    /// Memo, tags, properties.
    pub labels: Labels,
}

impl DiscountSharePolicy {
    /// A policy by which the partner bears this share.
    #[must_use]
    pub fn new(partner_share: Share) -> Self {
        Self::funded_by(Funding::of_partner(partner_share))
    }

    /// A policy by which these funders bear their parts.
    #[must_use]
    pub fn funded_by(funding: Funding) -> Self {
        Self { funding, minimum_order: None, labels: Labels::default() }
    }
}

/// A further fee, chosen per order or line (추가 수수료 정책).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AdditionalFeePolicy {
    /// The fee.
    pub fee: FeeRule,
    /// Who bears the VAT on it.
    pub vat_payer: VatPayer,
    /// What the fee is a rate of.
    pub base: FeeBase,
    /// How the fee becomes whole, where it differs from the book's rounding of additional fees.
    pub rounding: Option<Rounding>,
    /// Memo, tags, properties.
    pub labels: Labels,
}

impl AdditionalFeePolicy {
    /// A fee on the order, its VAT borne by this payer.
    #[must_use]
    pub fn new(fee: impl Into<FeeRule>, vat_payer: VatPayer) -> Self {
        Self { fee: fee.into(), vat_payer, base: FeeBase::Order, rounding: None, labels: Labels::default() }
    }

    /// The same fee on another base.
    #[must_use]
    pub fn on(self, base: FeeBase) -> Self {
        Self { base, ..self }
    }
}
