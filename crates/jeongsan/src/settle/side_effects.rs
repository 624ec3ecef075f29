//! What a cancellation brings about beside its own figures, where the contract says so.
//!
//! A coupon whose minimum the order that is left doesn't reach is taken back; shipping that was free above a minimum is charged once the
//! order falls below it; sending goods back is paid for. Money of another kind than what is cancelled, so each is a row of its own.

use alloc::vec::Vec;

use crate::cancel::{ReturnPayer, ReturnShipping};
use crate::contract::{CouponOnCancel, OnCancel, ReturnCourier, ShippingOnCancel};
use crate::id::DiscountSharePolicyId;
use crate::money::Amount;
use crate::order::{FreeShipping, Order};

use super::cancel_figures::{Charged, add_to, difference, limit_to};
use super::engine::{Engine, Governing};
use super::kept_fees::KeptFees;
use super::reckoner::{Reckoned, Standing};
use super::{SettleError, SettlementKind};

impl Engine {
    /// The coupons on the order as a whole whose minimum what is left doesn't reach, if the contract withdraws them. With nothing left there
    /// is nothing to withdraw.
    pub(super) fn withdrawn(
        &self,
        governing: &Governing<'_>,
        left: &Order,
    ) -> Result<Vec<DiscountSharePolicyId>, SettleError> {
        let mut withdrawn = Vec::new();
        let amount = match governing.version.terms.on_cancel.coupon_minimum {
            CouponOnCancel::Keep => return Ok(withdrawn),
            CouponOnCancel::Withdraw => left.amount().unwrap_or_default(),
        };
        for discount in
            left.discounts.iter().filter(|discount| !amount.is_zero() && !discount.amount.is_zero())
        {
            let version = self.discount_share(&discount.policy, left.start_date)?;
            let is_reached = version.terms.minimum_order.is_none_or(|minimum| amount >= minimum);
            if !is_reached && !withdrawn.contains(&discount.policy) {
                withdrawn.push(discount.policy.clone());
            }
        }
        Ok(withdrawn)
    }

    /// The rows of shipping: what it costs once it is no longer free, and what sending back costs, as far as it is paid to the partner or by it.
    pub(super) fn shipping_rows(
        on_cancel: OnCancel,
        before: &Order,
        left: &Order,
        returned: Option<ReturnShipping>,
    ) -> Vec<(SettlementKind, Amount)> {
        let mut rows = Vec::new();
        if on_cancel.free_shipping == ShippingOnCancel::Charge
            && let Some(FreeShipping { minimum, fee }) = left.free_shipping
            && let (Some(before), Some(after)) = (before.amount(), left.amount())
            && before >= minimum
            && after < minimum
            && !after.is_zero()
        {
            // Once: what fell below the minimum never does so again.
            rows.push((SettlementKind::ShippingCharged, fee));
        }
        if let Some(ReturnShipping { amount, payer }) = returned {
            let amount = match (payer, on_cancel.return_courier) {
                (ReturnPayer::Customer, ReturnCourier::Partner) => amount,
                (ReturnPayer::Partner, ReturnCourier::Merchant) => amount.checked_neg().unwrap_or_default(),
                // The customer pays the merchant, or the partner pays its own courier.
                (ReturnPayer::Customer, ReturnCourier::Merchant)
                | (ReturnPayer::Partner, ReturnCourier::Partner) => Amount::ZERO,
            };
            rows.push((SettlementKind::ReturnShipping, amount));
        }
        rows.retain(|(_, amount)| !amount.is_zero());
        rows
    }

    /// Takes coupons off what is left, one after the other: what each one's going changes.
    pub(super) fn withdraw_coupons(
        &self,
        governing: &Governing<'_>,
        (left, withdrawn): (&mut Order, &[DiscountSharePolicyId]),
        kept: Option<&KeptFees>,
        charged: &mut Option<Charged>,
    ) -> Result<Vec<Reckoned>, SettleError> {
        let mut rows = Vec::with_capacity(withdrawn.len());
        let mut further = withdrawn.iter();
        while let Some(policy) = further.next() {
            let with = self.reckon_left(governing, (left, Standing::Part), kept)?;
            left.discounts.retain(|discount| discount.policy != *policy);
            let standing = if further.len() == 0 { Standing::Left } else { Standing::Part };
            let mut without = self.reckon_left(governing, (left, standing), kept)?;
            if let Some(charged) = charged {
                let mut back = difference(with.clone(), &without)?;
                limit_to(&mut back, charged, governing.version.terms.on_cancel);
                without = difference(with.clone(), &back)?;
                self.close_again(governing, left, &mut without)?;
            }
            let row = difference(without, &with)?;
            add_to(charged, &row)?;
            rows.push(row);
        }
        Ok(rows)
    }
}
