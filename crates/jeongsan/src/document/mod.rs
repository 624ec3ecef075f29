//! Documents: the data formats that go in and come out, version 1.
//!
//! Engine types are no serde documents; these are. A [`BookDocument`] becomes a [`Book`](crate::book::Book) or the list of all its
//! problems; an [`EventDocument`] is settled by [`EventDocument::settle`] or refused with a [`Refusal`]; a
//! [`SettlementDocument`] prints a settlement, a [`PayoutTaxDocument`] and an [`InvoiceDocument`] hold what follows from it, a
//! [`PayoutDocument`] prints a payout, a [`BulkPayoutDocument`] a run of them. Any serde format carries them: TOML, JSON, and CSV for
//! the flat cases.
//!
//! Amounts are whole numbers of minor units, rates texts such as `"3.74%"`, dates `YYYY-MM-DD`. Unknown fields, floats and
//! numbers that don't fit are errors.

mod book;
mod condition;
mod cycle;
mod event;
mod fee;
mod funding;
mod grade;
mod invoice;
mod map;
mod partner;
mod payout;
mod payout_tax;
mod refusal;
mod settlement;
mod value;

pub use book::{
    AccountDocument, AdditionalFeePolicyDocument, AgencyDocument, BookDocument, ContractDocument,
    DiscountSharePolicyDocument, FormulasDocument, OptionsDocument, PartnerDocument, RoundingDocument,
    UserFormulaDocument,
};
pub use condition::{ConditionDocument, TimeWindowDocument};
pub use cycle::{CycleDocument, CycleProblem, DatedMethodDocument, LagDocument, MethodDocument};
pub use event::{DiscountDocument, EventDocument, LineDocument};
pub use fee::{BracketDocument, FeeDocument};
pub use funding::FunderDocument;
pub use grade::GradeDocument;
pub use invoice::{
    InvoiceDocument, InvoiceDocumentError, InvoiceLineDocument, ModificationDocument, PartyDocument,
};
pub use partner::{PartnersDocument, VerificationDocument};
pub use payout::{
    AlarmDocument, BulkPayoutDocument, FailureDocument, PayeeDocument, PayoutDocument, TotalDocument,
};
pub use payout_tax::{PayoutTaxDocument, PayoutTaxDocumentError};
pub use refusal::{EventError, EventHead, Refusal};
pub use settlement::{RefusalDocument, SettlementDocument};
pub use value::{AttributeText, Day, Instant, MinorUnits};
