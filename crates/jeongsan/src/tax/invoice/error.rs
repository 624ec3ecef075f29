//! Why an invoice can't be.

use chrono::NaiveDate;

use super::{AmendmentReason, INVOICE_LINES_MAX, INVOICE_REMARKS_MAX, InvoiceKind};
use crate::calendar::CalendarError;
use crate::id::{BusinessNumber, InvoiceId};
use crate::money::Amount;
use crate::partner::Taxation;

/// Why an invoice or its amendment can't be issued.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvoiceError {
    /// The calendar doesn't reach its due date.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// A text that every invoice has is empty.
    #[error("the {what} of invoice `{id}` is empty")]
    MissingText {
        /// The invoice.
        id: InvoiceId,
        /// Which text.
        what: &'static str,
    },
    /// Supplier and recipient are one business.
    #[error("invoice `{id}` has `{number}` as supplier and as recipient")]
    SameParty {
        /// The invoice.
        id: InvoiceId,
        /// The number of both.
        number: BusinessNumber,
    },
    /// The supplier is none that issues tax invoices.
    #[error("a supplier of taxation `{taxation}` can't issue invoice `{id}` of kind `{kind}`")]
    SupplierCantIssue {
        /// The invoice.
        id: InvoiceId,
        /// How the supplier is taxed.
        taxation: Taxation,
        /// The kind of invoice.
        kind: InvoiceKind,
    },
    /// It has no lines, or too many.
    #[error("invoice `{id}` has {count} lines, not 1 to {INVOICE_LINES_MAX}")]
    LineCount {
        /// The invoice.
        id: InvoiceId,
        /// How many it has.
        count: usize,
    },
    /// It has too many remarks.
    #[error("invoice `{id}` has {count} remarks, not up to {INVOICE_REMARKS_MAX}")]
    RemarkCount {
        /// The invoice.
        id: InvoiceId,
        /// How many it has.
        count: usize,
    },
    /// A line is dated after the write date or in an earlier month, whose invoice was due earlier.
    #[error(
        "line {line} of invoice `{id}` is dated `{date}`, not in the month up to the write date `{write_date}`"
    )]
    LineOutsideMonth {
        /// The invoice.
        id: InvoiceId,
        /// The line's place, from 0.
        line: usize,
        /// The line's date.
        date: NaiveDate,
        /// The invoice's write date.
        write_date: NaiveDate,
    },
    /// A line of a kind without VAT has some.
    #[error("line {line} of invoice `{id}` of kind `{kind}` has VAT of `{vat}`")]
    VatOnUntaxed {
        /// The invoice.
        id: InvoiceId,
        /// The line's place, from 0.
        line: usize,
        /// The invoice's kind.
        kind: InvoiceKind,
        /// The line's VAT.
        vat: Amount,
    },
    /// The invoice comes to nothing or less, which only an amendment does.
    #[error(
        "invoice `{id}` of supply value `{supply}` and VAT `{vat}` is not above zero; only an amendment can be below"
    )]
    NotAboveZero {
        /// The invoice.
        id: InvoiceId,
        /// Its supply value.
        supply: Amount,
        /// Its VAT.
        vat: Amount,
    },
    /// The lines aren't the part of the payout that the invoice is for.
    #[error(
        "the lines of invoice `{id}` come to supply value `{supply}` and VAT `{vat}`, the payout's `{kind}` part to `{payout_supply}` and `{payout_vat}`"
    )]
    NotThePayout {
        /// The invoice.
        id: InvoiceId,
        /// The kind of invoice, and so the part of the payout.
        kind: InvoiceKind,
        /// The supply value of the lines.
        supply: Amount,
        /// Their VAT.
        vat: Amount,
        /// The supply value of the payout's part.
        payout_supply: Amount,
        /// Its VAT.
        payout_vat: Amount,
    },
    /// It is issued before it is dated.
    #[error("an invoice written on `{write_date}` can't be issued on `{issued_on}`")]
    IssuedBeforeWritten {
        /// The day of issue.
        issued_on: NaiveDate,
        /// The write date.
        write_date: NaiveDate,
    },
    /// The amounts leave the range of 64 bits.
    #[error("the amounts of invoice `{id}` are out of range")]
    OutOfRange {
        /// The invoice.
        id: InvoiceId,
    },
    /// No invoice of this id is among the original and its amendments.
    #[error("invoice `{of}` is neither `{root}` nor one of its amendments")]
    UnknownInvoice {
        /// The invoice to be amended.
        of: InvoiceId,
        /// The original.
        root: InvoiceId,
    },
    /// An id is given to a second invoice.
    #[error("invoice id `{id}` is taken")]
    DuplicateId {
        /// The id.
        id: InvoiceId,
    },
    /// The invoice to be amended was taken back as a whole, or is what took another back.
    #[error("invoice `{of}` no longer counts: an amendment for `{reason}` took it back or is it")]
    Withdrawn {
        /// The invoice to be amended.
        of: InvoiceId,
        /// The reason of that amendment.
        reason: AmendmentReason,
    },
    /// The cause of the amendment lies before the invoice.
    #[error("the amendment `{id}` of `{on}` lies before the write date `{write_date}` of invoice `{of}`")]
    BeforeWriteDate {
        /// The amendment.
        id: InvoiceId,
        /// Its date.
        on: NaiveDate,
        /// The invoice to be amended.
        of: InvoiceId,
        /// The invoice's write date.
        write_date: NaiveDate,
    },
    /// More is taken back than stands.
    #[error(
        "the amendment `{id}` leaves supply value `{supply}` and VAT `{vat}` of invoice `{root}`: more is taken back than was invoiced"
    )]
    ExceedsInvoiced {
        /// The amendment.
        id: InvoiceId,
        /// The original.
        root: InvoiceId,
        /// The supply value that would be left.
        supply: Amount,
        /// The VAT that would be left.
        vat: Amount,
    },
    /// The amendment changes no amount, or a return is below zero.
    #[error("the amendment `{id}` for `{reason}` comes to supply value `{supply}` and VAT `{vat}`")]
    NothingToAmend {
        /// The amendment.
        id: InvoiceId,
        /// Its reason.
        reason: AmendmentReason,
        /// The supply value.
        supply: Amount,
        /// The VAT.
        vat: Amount,
    },
    /// A corrected entry would turn a tax invoice into an invoice of tax-free supplies or back, which are two families of documents.
    #[error("the amendment `{id}` can't turn kind `{from}` into `{to}`: take `{of}` back and issue another")]
    KindChanged {
        /// The amendment.
        id: InvoiceId,
        /// The invoice to be amended.
        of: InvoiceId,
        /// Its kind.
        from: InvoiceKind,
        /// The kind of the corrected one.
        to: InvoiceKind,
    },
    /// What should begin a chain is an amendment, or an amendment in it belongs to another.
    #[error("invoice `{id}` {what}")]
    BrokenChain {
        /// The invoice.
        id: InvoiceId,
        /// What is wrong with it.
        what: &'static str,
    },
}

impl InvoiceError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Calendar(error) => error.code(),
            Self::MissingText { .. }
            | Self::SameParty { .. }
            | Self::LineCount { .. }
            | Self::RemarkCount { .. }
            | Self::LineOutsideMonth { .. }
            | Self::VatOnUntaxed { .. }
            | Self::IssuedBeforeWritten { .. } => "invalid-invoice",
            Self::SupplierCantIssue { .. } => "supplier-cant-issue",
            Self::NotAboveZero { .. } => "nothing-to-invoice",
            Self::NotThePayout { .. } => "not-the-payout",
            Self::OutOfRange { .. } => "out-of-range",
            Self::UnknownInvoice { .. } => "unknown-invoice",
            Self::DuplicateId { .. } => "duplicate-invoice",
            Self::Withdrawn { .. } => "invoice-withdrawn",
            Self::ExceedsInvoiced { .. } => "amendment-exceeds-invoiced",
            Self::BeforeWriteDate { .. }
            | Self::NothingToAmend { .. }
            | Self::KindChanged { .. }
            | Self::BrokenChain { .. } => "invalid-amendment",
        }
    }
}
