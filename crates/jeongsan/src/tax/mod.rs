//! Taxes on what a partner is paid: VAT inside or on top, tax withheld, and the tax invoice.
//!
//! [`PayoutTerms::tax`] gives the amounts of one payout, frozen when it is made. [`LineTerms::tell`] tells the VAT of
//! lines and of the document they make up, and reconciles the two.
//!
//! Everything here is a pure function of amounts, terms and dates.

mod payout;
mod vat_lines;
mod withholding;

pub use payout::{
    Basis, PayoutTax, PayoutTaxError, PayoutTerms, UnknownBasis, UnknownWithholdingTreatment, VatTerms,
    WithholdingTreatment,
};
pub use vat_lines::{
    LineTerms, ResidueRule, UnknownResidueRule, UnknownVatScope, VatLines, VatLinesError, VatScope,
};
pub use withholding::{IncomeKind, UnknownIncomeKind, Withholding, withhold};
