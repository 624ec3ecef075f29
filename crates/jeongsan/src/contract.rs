//! Contracts: the terms between the merchant and its partners, and what agencies between them take.

use alloc::vec::Vec;

use crate::cancel::DiscountReturn;
use crate::fee::{Fee, FeeBase, FeeRule, VatPayer};
use crate::id::PartnerId;
use crate::money::text_enum;
use crate::policy::Labels;
use crate::schedule::{Cycle, Split};

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
    /// The parts in which settlements fall due, where they don't fall due whole.
    pub split: Option<Split>,
    /// What a cancellation gives back and what it charges.
    pub on_cancel: OnCancel,
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
            split: None,
            on_cancel: OnCancel::default(),
            is_provisional: false,
            agencies: Vec::new(),
            labels: Labels::default(),
        }
    }
}

text_enum! {
    /// What becomes of a fee when its order is cancelled.
    pub enum FeeOnCancel ("fee on cancellation") or UnknownFeeOnCancel {
        /// It comes back with what is cancelled.
        Return = "return",
        /// What was charged stays with the merchant, and the VAT on it, even when nothing is left of the order.
        Keep = "keep",
    }
}

text_enum! {
    /// What becomes of a coupon whose minimum the order that is left doesn't reach.
    pub enum CouponOnCancel ("coupon on cancellation") or UnknownCouponOnCancel {
        /// It stays.
        Keep = "keep",
        /// It is taken back, in a row of its own.
        Withdraw = "withdraw",
    }
}

text_enum! {
    /// What becomes of shipping that was free above a minimum which the order that is left no longer reaches.
    pub enum ShippingOnCancel ("shipping on cancellation") or UnknownShippingOnCancel {
        /// It stays free.
        Keep = "keep",
        /// It is charged to the customer, once, and the partner who ships receives it, in a row of its own. The charge stays when more
        /// is cancelled, as the goods were shipped.
        Charge = "charge",
    }
}

text_enum! {
    /// Whose courier carries what is sent back.
    pub enum ReturnCourier ("return courier") or UnknownReturnCourier {
        /// The partner's: what a customer pays is the partner's.
        Partner = "partner",
        /// The merchant's: what a partner pays is the merchant's.
        Merchant = "merchant",
    }
}

/// What a cancellation gives back and what it charges, under a contract.
///
/// ```
/// use jeongsan::contract::{FeeOnCancel, OnCancel};
///
/// let mut on_cancel = OnCancel::default();
/// assert_eq!(on_cancel.platform_fee, FeeOnCancel::Return);
/// on_cancel.platform_fee = FeeOnCancel::Keep;
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct OnCancel {
    /// The contract's fee.
    pub platform_fee: FeeOnCancel,
    /// Additional fees.
    pub additional_fee: FeeOnCancel,
    /// Discounts on the order as a whole.
    pub order_discounts: DiscountReturn,
    /// Coupons on the order as a whole whose policies ask for a minimum.
    pub coupon_minimum: CouponOnCancel,
    /// Shipping that was free.
    pub free_shipping: ShippingOnCancel,
    /// Who carries returns.
    pub return_courier: ReturnCourier,
}

impl Default for OnCancel {
    fn default() -> Self {
        Self {
            platform_fee: FeeOnCancel::Return,
            additional_fee: FeeOnCancel::Return,
            order_discounts: DiscountReturn::Stated,
            coupon_minimum: CouponOnCancel::Keep,
            free_shipping: ShippingOnCancel::Keep,
            return_courier: ReturnCourier::Partner,
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
