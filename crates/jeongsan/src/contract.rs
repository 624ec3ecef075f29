//! Contracts: the terms between the merchant and its partners, and what agencies between them take.

use alloc::vec::Vec;

use crate::fee::{Fee, FeeBase, FeeRule, VatPayer};
use crate::id::PartnerId;
use crate::money::text_enum;
use crate::policy::Labels;
use crate::schedule::Cycle;

/// One version of a contract (계약): the fee, who bears its VAT, and when settlements fall due.
///
/// ```
/// use jeongsan::contract::Contract;
/// use jeongsan::fee::{Fee, VatPayer};
/// use jeongsan::schedule::Cycle;
///
/// let contract = Contract::new(Fee::of_rate("10%".parse()?), VatPayer::Partner, Cycle::default());
/// assert!(!contract.subtracts_payment_vat);
/// # Ok::<(), jeongsan::rate::RateError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Contract {
    /// The platform's fee.
    pub platform_fee: FeeRule,
    /// Who bears the VAT on it.
    pub platform_fee_vat_payer: VatPayer,
    /// What it is a rate of; anything but the shipping amount, of which a line has none. Under
    /// [`PerLine`](crate::book::RoundingScope::PerLine) the discounts on the order as a whole are laid on the lines' bases, by largest
    /// remainder, so that the scope decides of nothing but rounding.
    pub platform_fee_base: FeeBase,
    /// Whether the VAT inside the customer's payment is taken off the partner's settlement.
    pub subtracts_payment_vat: bool,
    /// When settlements fall due.
    pub cycle: Cycle,
    /// Whether the fee stands until a [`TrueUp`](crate::true_up::TrueUp) settles the final one.
    pub is_provisional: bool,
    /// Who takes a share of its settlements, in the order in which they are served where there isn't enough for all.
    pub agencies: Vec<Agency>,
    /// Memo, tags, properties.
    pub labels: Labels,
}

impl Contract {
    /// A contract that leaves the payment's VAT with the partner.
    #[must_use]
    pub fn new(platform_fee: impl Into<FeeRule>, platform_fee_vat_payer: VatPayer, cycle: Cycle) -> Self {
        Self {
            platform_fee: platform_fee.into(),
            platform_fee_vat_payer,
            platform_fee_base: FeeBase::Order,
            subtracts_payment_vat: false,
            cycle,
            is_provisional: false,
            agencies: Vec::new(),
            labels: Labels::default(),
        }
    }
}

text_enum! {
    /// What an agency's share is of.
    pub enum AgencyBase ("agency base") or UnknownAgencyBase {
        /// The contract's fee without its VAT; the merchant bears the share.
        PlatformFee = "platform-fee",
        /// What the partner is owed; it is taken off the partner.
        Settlement = "settlement",
    }
}

/// A party between merchant and partner that takes a share of settlements (대행사, 중개 대리점).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Agency {
    /// Who it is.
    pub partner: PartnerId,
    /// What it takes: a rate of the base, a fixed amount of each order, or both, with bounds; never more than the base. It is
    /// rounded as its base is.
    pub share: Fee,
    /// What the share is of.
    pub of: AgencyBase,
}
