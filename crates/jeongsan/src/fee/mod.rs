//! Fees: what is charged on an amount, who bears the VAT on it, and which of several applies.
//!
//! A [`Fee`] is a rate of the amount plus a fixed part, rounded once, then held between a minimum and a maximum. It is odd in its
//! amount: the fee on −a is minus the fee on a, the fixed part and the bounds mirrored. [`Tiers`] give a rate by
//! volume. A [`FeeRule`] is a list of fees of which the first whose [`Condition`]s hold applies: attributes, months since
//! joining, [when the customer paid](PaidWhen), and the [`Grades`] of the seller.

mod charge;
mod grades;
mod payment;
mod rule;
mod tiers;

pub use charge::{Fee, FeeBase, FeeError, FeePart, UnknownFeeBase, UnknownVatPayer, VatPayer};
pub(crate) use grades::SELLER_GRADE;
pub use grades::{Grade, Grades, GradesError};
pub use payment::{PaidWhen, TimeOfDay, TimeOfDayError, TimeWindow};
pub use rule::{
    Circumstances, Condition, FeeEntry, FeeRule, FeeRuleError, TenureCounting, TieredFee,
    UnknownTenureCounting,
};
pub use tiers::{
    Bracket, LateChange, TierMeasure, TierMode, Tiers, TiersError, UnknownLateChange, UnknownTierMeasure,
    UnknownTierMode,
};
