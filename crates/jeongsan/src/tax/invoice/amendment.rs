//! Why and how an issued invoice is amended.

use alloc::boxed::Box;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{InvoiceDraft, InvoiceLine};
use crate::id::InvoiceId;
use crate::money::text_enum;

text_enum! {
    /// Why an invoice is amended (수정 사유; 부가가치세법 시행령 제70조 제1항).
    pub enum AmendmentReason ("amendment reason") or UnknownAmendmentReason {
        /// An entry was wrong (기재사항 착오정정, 제5호): the invoice is taken back under its write date and issued again.
        EntryError = "entry-error",
        /// Its value changed later (공급가액 변동, 제3호): the difference, on the day of the change.
        ValueChange = "value-change",
        /// Goods came back (환입, 제1호): their value taken off, on the day they did.
        Return = "return",
        /// The contract was cancelled (계약의 해제, 제2호): all taken off, on the day it was.
        Cancellation = "cancellation",
        /// It was issued twice by mistake (착오에 의한 이중발급, 제7호): the second is taken back under its write date.
        Duplicate = "duplicate",
    }
}

impl AmendmentReason {
    /// The tax office's number of the reason (수정사유코드).
    #[must_use]
    pub const fn tax_office_code(self) -> u8 {
        match self {
            Self::EntryError => 1,
            Self::ValueChange => 2,
            Self::Return => 3,
            Self::Cancellation => 4,
            Self::Duplicate => 6,
        }
    }
}

/// What an amending invoice amends.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Modification {
    /// Why.
    pub reason: AmendmentReason,
    /// The invoice that it amends, itself an amendment perhaps.
    pub original: InvoiceId,
    /// The invoice that amends nothing at the beginning of the chain.
    pub root: InvoiceId,
}

/// An amendment to be made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Amendment {
    /// The id of the amending invoice; of an entry error the one that takes the wrong invoice back.
    pub id: InvoiceId,
    /// The invoice to be amended: the original or one of its amendments.
    pub of: InvoiceId,
    /// What happened.
    pub change: Change,
}

/// What happened to an issued invoice.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// An entry was wrong: what should have stood there, under an id of its own. Its write date is the wrong one's, unless that was the error.
    EntryError(Box<InvoiceDraft>),
    /// The value changed: by how much, up or down.
    ValueChange {
        /// The day of the change.
        on: NaiveDate,
        /// The differences.
        lines: Vec<InvoiceLine>,
    },
    /// Goods came back.
    Return {
        /// The day they did.
        on: NaiveDate,
        /// What came back, as amounts above zero.
        lines: Vec<InvoiceLine>,
    },
    /// The contract was cancelled: all that still stands of the original and its amendments is taken back.
    Cancellation {
        /// The day it was.
        on: NaiveDate,
    },
    /// The invoice was issued twice: this one is taken back.
    Duplicate,
}

impl Change {
    /// Why the invoice is amended.
    #[must_use]
    pub const fn reason(&self) -> AmendmentReason {
        match self {
            Self::EntryError(_) => AmendmentReason::EntryError,
            Self::ValueChange { .. } => AmendmentReason::ValueChange,
            Self::Return { .. } => AmendmentReason::Return,
            Self::Cancellation { .. } => AmendmentReason::Cancellation,
            Self::Duplicate => AmendmentReason::Duplicate,
        }
    }
}
