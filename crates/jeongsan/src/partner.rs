//! Partners: the sellers who are settled.

use alloc::string::String;
use core::fmt;

use chrono::NaiveDate;

use crate::fee::Grades;
use crate::id::ContractId;
use crate::money::{Currency, text_enum};
use crate::policy::Labels;

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

/// A seller who is settled (파트너).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Partner {
    /// What it is to the tax office.
    pub kind: PartnerKind,
    /// The contract of orders that name none.
    pub default_contract: Option<ContractId>,
    /// The day it joined, from which its tenure counts.
    pub joined_on: Option<NaiveDate>,
    /// Its grades by the instants at which they change, which answer the condition `seller_grade`; none where its grade is an
    /// attribute like any other.
    pub grades: Grades,
    /// Where it is paid.
    pub account: Option<Account>,
    /// Memo, tags, properties.
    pub labels: Labels,
}

impl Partner {
    /// A partner of this kind.
    #[must_use]
    pub fn new(kind: PartnerKind, default_contract: Option<ContractId>) -> Self {
        Self {
            kind,
            default_contract,
            joined_on: None,
            grades: Grades::default(),
            account: None,
            labels: Labels::default(),
        }
    }
}

/// A bank account. Its `Debug` form masks number and holder.
#[derive(Clone, Eq, PartialEq)]
pub struct Account {
    /// The bank's code, `088` for instance.
    pub bank: String,
    /// The account number.
    pub number: String,
    /// Whose it is.
    pub holder: String,
    /// The currency it holds.
    pub currency: Currency,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("bank", &self.bank)
            .field("number", &"***")
            .field("holder", &"***")
            .field("currency", &self.currency)
            .finish()
    }
}
