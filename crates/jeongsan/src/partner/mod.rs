//! Partners: the sellers who are settled, where they are paid and on what terms.
//!
//! A [`Partner`] is what one is from a day on; it changes by versions, as contracts do. A [`Registry`] keeps the versions of all of them
//! and is the way to register, update, archive and recover; a [`Filter`] finds some. An [`Account`] says how far its
//! [`Verification`] has come. What names a person or an account never shows in `Debug` or in an error.

mod account;
mod filter;
mod payable_terms;
mod registry;

use alloc::string::String;
use core::fmt;

use chrono::NaiveDate;

use crate::fee::Grades;
use crate::id::{BusinessNumber, ContractId};
use crate::money::text_enum;
use crate::policy::Labels;

pub use account::{
    Account, AccountKey, UnknownVerificationState, Verification, VerificationError, VerificationState,
};
pub use filter::{Filter, Standing, UnknownStanding};
pub use payable_terms::{
    Bearer, OffsetOrder, PayableTerms, PayableTermsChange, PayableTermsError, PayoutFee, Tranche,
    UnknownBearer, UnknownOffsetOrder,
};
pub use registry::{Change, Registered, Registry, RegistryError};

text_enum! {
    /// What a partner is to the tax office.
    pub enum PartnerKind ("partner kind") or UnknownPartnerKind {
        /// A business, which invoices (사업자).
        Business = "business",
        /// A person whose tax is withheld (원천징수 대상자).
        Withholding = "withholding",
        /// A person whose tax is not withheld (원천징수 비대상자).
        NonWithholding = "non-withholding",
    }
}

text_enum! {
    /// How a business is taxed, and so what it can issue.
    pub enum Taxation ("taxation") or UnknownTaxation {
        /// Generally taxed (일반과세).
        General = "general",
        /// Taxed by the simplified scheme, of a size that issues tax invoices (간이과세, 세금계산서 발급).
        SimplifiedIssuing = "simplified-issuing",
        /// Taxed by the simplified scheme, too small to issue tax invoices (간이과세, 세금계산서 미발급).
        Simplified = "simplified",
        /// Sells tax-free goods and services alone (면세).
        TaxFree = "tax-free",
    }
}

impl Taxation {
    /// Whether such a business issues tax invoices (세금계산서; 부가가치세법 제32조, 제36조). An invoice of tax-free supplies any business can
    /// issue.
    #[must_use]
    pub const fn issues_tax_invoices(self) -> bool {
        matches!(self, Self::General | Self::SimplifiedIssuing)
    }
}

/// A text that shows nowhere but where it is asked for: its `Debug` form masks it.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Private(pub String);

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A seller who is settled (파트너).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Partner {
    /// What it is called: a business or a person.
    pub name: Private,
    /// What it is to the tax office.
    pub kind: PartnerKind,
    /// How it is taxed; only businesses are, [`Taxation::General`] where nothing is said.
    pub taxation: Option<Taxation>,
    /// Its business registration number.
    pub business_number: Option<BusinessNumber>,
    /// The contract of orders that name none.
    pub default_contract: Option<ContractId>,
    /// The day it joined, from which its tenure counts.
    pub joined_on: Option<NaiveDate>,
    /// Its grades by the instants at which they change, which answer the condition `seller_grade`; none where its grade is an
    /// attribute like any other.
    pub grades: Grades,
    /// Where it is paid.
    pub account: Option<Account>,
    /// How it is paid, where that isn't as the book says for all.
    pub payout: PayableTermsChange,
    /// Memo, tags, properties.
    pub labels: Labels,
}

impl Partner {
    /// A partner of this kind.
    #[must_use]
    pub fn new(kind: PartnerKind, default_contract: Option<ContractId>) -> Self {
        Self {
            name: Private::default(),
            kind,
            taxation: None,
            business_number: None,
            default_contract,
            joined_on: None,
            grades: Grades::default(),
            account: None,
            payout: PayableTermsChange::default(),
            labels: Labels::default(),
        }
    }

    /// How it is taxed, if it is a business.
    #[must_use]
    pub fn taxation(&self) -> Option<Taxation> {
        match self.kind {
            PartnerKind::Business => Some(self.taxation.unwrap_or(Taxation::General)),
            PartnerKind::Withholding | PartnerKind::NonWithholding => None,
        }
    }
}
