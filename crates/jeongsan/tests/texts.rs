//! Every text that documents hold reads back to what it was written from.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use jeongsan::book::{CancelMode, RoundingScope};
use jeongsan::cancel::{DiscountReturn, ReturnPayer};
use jeongsan::contract::{CouponOnCancel, FeeOnCancel, ReturnCourier, ShippingOnCancel};
use jeongsan::fee::{FeeBase, TenureCounting, TierMeasure, TierMode, VatPayer};
use jeongsan::figures::Figure;
use jeongsan::formula::{Context, FormulaErrorKind, Function, Variable};
use jeongsan::id::{ContractId, EventId, PartnerId};
use jeongsan::journal::Account;
use jeongsan::money::{AllocationMethod, Rounding, VatSplitMethod};
use jeongsan::partner::PartnerKind;
use jeongsan::payout::{
    AlarmReason, BulkPayoutEffect, BulkPayoutEvent, BulkPayoutState, Coverage, Grid, PayoutEffect,
    PayoutEvent, PayoutMethod, PayoutState, Place, RowStatus, SettlementStatus, Verdict,
};
use jeongsan::schedule::DatePolicy;
use jeongsan::settle::SettlementKind;
use jeongsan::tax::{
    AmendmentReason, Basis, IncomeKind, InvoiceKind, Lateness, Purpose, ResidueRule, Taxation, VatScope,
    WithholdingTreatment,
};
use proptest::prelude::*;

#[track_caller]
fn reads_back<T: Copy + Debug + Display + FromStr<Err: Debug + Display> + PartialEq>(all: &[T]) {
    for value in all {
        assert_eq!(value.to_string().parse::<T>().unwrap(), *value);
        let unknown = format!("{value}!");
        let error = unknown.parse::<T>().unwrap_err().to_string();
        assert!(error.contains(&format!("`{unknown}`")) && error.contains(&format!("`{value}`")), "{error}");
    }
}

#[test]
fn names_read_back_and_others_are_told_what_there_is() {
    reads_back(Account::ALL);
    reads_back(AlarmReason::ALL);
    reads_back(AllocationMethod::ALL);
    reads_back(AmendmentReason::ALL);
    reads_back(Basis::ALL);
    reads_back(BulkPayoutEffect::ALL);
    reads_back(BulkPayoutEvent::ALL);
    reads_back(BulkPayoutState::ALL);
    reads_back(CancelMode::ALL);
    reads_back(Context::ALL);
    reads_back(CouponOnCancel::ALL);
    reads_back(Coverage::ALL);
    reads_back(DatePolicy::ALL);
    reads_back(DiscountReturn::ALL);
    reads_back(FeeBase::ALL);
    reads_back(FeeOnCancel::ALL);
    reads_back(Figure::ALL);
    reads_back(FormulaErrorKind::ALL);
    reads_back(Function::ALL);
    reads_back(Grid::ALL);
    reads_back(IncomeKind::ALL);
    reads_back(InvoiceKind::ALL);
    reads_back(Lateness::ALL);
    reads_back(PartnerKind::ALL);
    reads_back(PayoutEffect::ALL);
    reads_back(PayoutEvent::ALL);
    reads_back(PayoutMethod::ALL);
    reads_back(PayoutState::ALL);
    reads_back(Place::ALL);
    reads_back(Purpose::ALL);
    reads_back(ResidueRule::ALL);
    reads_back(ReturnCourier::ALL);
    reads_back(ReturnPayer::ALL);
    reads_back(Rounding::ALL);
    reads_back(RoundingScope::ALL);
    reads_back(RowStatus::ALL);
    reads_back(SettlementKind::ALL);
    reads_back(SettlementStatus::ALL);
    reads_back(ShippingOnCancel::ALL);
    reads_back(Taxation::ALL);
    reads_back(TenureCounting::ALL);
    reads_back(TierMeasure::ALL);
    reads_back(TierMode::ALL);
    reads_back(Variable::ALL);
    reads_back(VatPayer::ALL);
    reads_back(VatScope::ALL);
    reads_back(VatSplitMethod::ALL);
    reads_back(Verdict::ALL);
    reads_back(WithholdingTreatment::ALL);
}

proptest! {
    #[test]
    fn ids_read_back(text in "\\PC{0,130}") {
        if let Ok(id) = text.parse::<PartnerId>() {
            prop_assert_eq!(id.to_string(), text.clone());
            prop_assert_eq!(text.parse::<ContractId>().unwrap().to_string(), text.clone());
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(serde_json::from_str::<EventId>(&json).unwrap().to_string(), text);
        }
    }
}
