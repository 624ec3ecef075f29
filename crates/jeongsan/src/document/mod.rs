//! Documents: the data formats that go in and come out, version 1.
//!
//! Engine types are no serde documents; these are. A [`BookDocument`] becomes a [`Book`](crate::book::Book) or the list of all its
//! problems; an [`EventDocument`] is settled by [`EventDocument::settle`] or refused with a [`Refusal`]; a
//! [`SettlementDocument`] prints a settlement, a [`PayoutTaxDocument`] and an [`InvoiceDocument`] hold what follows from it, a
//! [`PayoutDocument`] prints a payout, a [`BulkPayoutDocument`] a run of them. A [`FactDocument`] becomes a
//! [`Fact`](crate::ledger::Fact) for the ledger, whose rows, payables and certificates are printed by [`PartnerSettlementDocument`]
//! and its neighbours. Any serde format carries them: TOML, JSON, and CSV for the flat cases.
//!
//! Amounts are whole numbers of minor units, rates texts such as `"3.74%"`, dates `YYYY-MM-DD`. Unknown fields, floats and
//! numbers that don't fit are errors.

mod book;
mod condition;
mod cycle;
mod event;
mod fact;
mod fee;
mod funding;
mod grade;
mod invoice;
mod ledger;
mod map;
mod on_cancel;
mod partner;
mod payable_terms;
mod payout;
mod payout_fact;
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
pub use event::{
    DiscountDocument, EventDocument, FreeShippingDocument, LineDocument, ReturnShippingDocument,
};
pub use fact::{AccountKeyDocument, FactDocument};
pub use fee::{BracketDocument, FeeDocument};
pub use funding::FunderDocument;
pub use grade::GradeDocument;
pub use invoice::{
    InvoiceDocument, InvoiceDocumentError, InvoiceLineDocument, ModificationDocument, PartyDocument,
};
pub use ledger::{
    CertificateDocument, EntryDocument, HoldDocument, OutcomeDocument, PartnerSettlementDocument,
    PayableDocument,
};
pub use on_cancel::OnCancelDocument;
pub use partner::{PartnersDocument, VerificationDocument};
pub use payable_terms::{PayableTermsDocument, PayoutFeeDocument, SplitPartDocument, TrancheDocument};
pub use payout::{
    AlarmDocument, BulkPayoutDocument, FailureDocument, PayeeDocument, PayoutDocument, TotalDocument,
};
pub use payout_tax::{PayoutTaxDocument, PayoutTaxDocumentError};
pub use refusal::{EventError, EventHead, EventType, Refusal};
pub use settlement::{RefusalDocument, SettlementDocument};
pub use value::{AttributeText, Day, Instant, MinorUnits};
