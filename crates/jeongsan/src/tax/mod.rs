//! Taxes on what a partner is paid: VAT inside or on top, tax withheld, and the tax invoice.
//!
//! [`PayoutTerms::tax`] gives the amounts of one payout, frozen when it is made.
//!
//! Everything here is a pure function of amounts, terms and dates.

mod payout;
mod withholding;

pub use payout::{
    Basis, PayoutTax, PayoutTaxError, PayoutTerms, UnknownBasis, UnknownWithholdingTreatment, VatTerms,
    WithholdingTreatment,
};
pub use withholding::{IncomeKind, UnknownIncomeKind, Withholding, withhold};
