//! Taxes on what a partner is paid: VAT inside or on top, tax withheld, and the tax invoice.
//!
//! [`PayoutTerms::tax`] gives the amounts of one payout, frozen when it is made. [`LineTerms::reconcile`] tells the VAT of
//! lines and of the document they make up, and reconciles the two. An [`Invoice`] is
//! what the merchant writes and the partner approves; an [`InvoiceChain`] is an invoice with all that amended it.
//!
//! Everything here is a pure function of amounts, terms and dates.

mod invoice;
mod payout;
mod vat_lines;
mod withholding;

// Who stands on an invoice is known from its registration.
pub use crate::id::{BusinessNumber, BusinessNumberError};
pub use crate::partner::{Taxation, UnknownTaxation};
pub use invoice::{
    Amendment, AmendmentReason, BranchNumber, Change, INVOICE_LINES_MAX, INVOICE_REMARKS_MAX,
    InvalidBranchNumber, InvalidQuantity, Invoice, InvoiceChain, InvoiceDraft, InvoiceError, InvoiceKind,
    InvoiceLine, Lateness, Modification, Party, Penalty, PenaltyRates, Purpose, Quantity,
    UnknownAmendmentReason, UnknownInvoiceKind, UnknownLateness, UnknownPurpose, due_date, return_date,
    transmission_date,
};
pub use payout::{
    Basis, PayoutTax, PayoutTaxError, PayoutTerms, UnknownBasis, UnknownWithholdingTreatment, VatTerms,
    WithholdingTreatment,
};
pub use vat_lines::{
    LineTerms, ResidueRule, UnknownResidueRule, UnknownVatScope, VatLines, VatLinesError, VatScope,
};
pub use withholding::{IncomeKind, UnknownIncomeKind, Withholding, withhold};
