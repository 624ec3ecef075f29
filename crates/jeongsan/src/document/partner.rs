//! Partners as documents: in a book, and in a file of their own beside it.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::book::{Book, BookError, BookProblem};
use crate::id::ContractId;
use crate::money::Currency;
use crate::partner::{Account, Partner, PartnerKind, Private, Taxation, Verification, VerificationState};
use crate::policy::Version;

use super::book::{Reader, date, labels};
use super::map::map_document;
use super::{AccountDocument, Day, PartnerDocument};

/// The version of the format of partners that this crate reads.
const PARTNERS_VERSION: u32 = 1;

/// Partners in a file of their own, which a book takes in as if they stood in it.
///
/// ```
/// use jeongsan::document::{BookDocument, PartnersDocument};
///
/// let mut book: BookDocument = serde_json::from_str(r#"{"version": 1, "currency": "KRW"}"#)?;
/// let partners: PartnersDocument = serde_json::from_str(
///     r#"{"version": 1, "partners": [{"id": "seller-1", "kind": "business"},
///         {"id": "seller-1", "kind": "business", "applies_from": "2026-06-01", "archived": true}]}"#,
/// )?;
/// book.take_in(partners)?;
/// assert_eq!(book.to_book()?.partners().count(), 1);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct PartnersDocument {
    /// The version of the format, 1.
    pub version: u32,
    /// The partners; several entries with one id are its versions.
    #[serde(default)]
    pub partners: Vec<PartnerDocument>,
}

impl PartnersDocument {
    /// A document of these partners.
    #[must_use]
    pub const fn new(partners: Vec<PartnerDocument>) -> Self {
        Self { version: PARTNERS_VERSION, partners }
    }
}

impl super::BookDocument {
    /// Appends the partners of another document to the book's own.
    ///
    /// # Errors
    /// When the other document's version is unknown.
    pub fn take_in(&mut self, partners: PartnersDocument) -> Result<(), BookError> {
        if partners.version != PARTNERS_VERSION {
            let message = format!(
                "version {} of the partners format is unknown, this is version {PARTNERS_VERSION}",
                partners.version
            );
            return Err(BookError::new(
                [BookProblem::new("version".into(), "unknown-version", message)].into(),
            ));
        }
        self.partners.extend(partners.partners);
        Ok(())
    }
}

/// How far an account is verified, as it is written. Its `Debug` form masks the holder.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct VerificationDocument {
    /// `unverified`, `verified`, `mismatch`, `failed` or `expired`.
    pub state: String,
    /// The day of the look-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Day>,
    /// Whose the bank says it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_found: Option<String>,
}

map_document! {
    PartnersDocument => "the fields of a file of partners",
    VerificationDocument => "the fields of a verification",
}

impl fmt::Debug for VerificationDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerificationDocument").field("state", &self.state).finish_non_exhaustive()
    }
}

impl AccountDocument {
    /// An account that nobody has looked up yet.
    #[must_use]
    pub const fn new(bank: String, number: String, holder: String, currency: String) -> Self {
        Self { bank, number, holder, currency, verification: None }
    }

    fn to_account(&self, reader: &mut Reader, path: &str) -> Account {
        let currency = reader.value_or(&format!("{path}.currency"), Some(&self.currency), Currency::KRW);
        let mut account = Account::new(self.bank.clone(), self.number.clone(), self.holder.clone(), currency);
        if let Some(document) = &self.verification {
            let path = format!("{path}.verification");
            let state = reader.value(&format!("{path}.state"), &document.state);
            let state: VerificationState = state.unwrap_or(VerificationState::Unverified);
            match Verification::new(state, date(document.on), document.holder_found.clone()) {
                Ok(verification) => account.verification = verification,
                Err(error) => reader.note(&path, "invalid-verification", error),
            }
        }
        account
    }
}

impl PartnerDocument {
    /// A partner with nothing but what it must have.
    #[must_use]
    pub fn new(id: String, kind: PartnerKind) -> Self {
        Self {
            id,
            applies_from: None,
            archived: false,
            name: String::new(),
            kind: kind.as_str().into(),
            taxation: None,
            business_number: None,
            default_contract: None,
            joined_on: None,
            grades: Vec::new(),
            account: None,
            payout: None,
            memo: String::new(),
            tags: Vec::new(),
            properties: BTreeMap::new(),
        }
    }

    /// The partner that the document describes, whatever its id, in a book with this contract.
    ///
    /// # Errors
    /// Every problem there is, each with its path from the partner; none of them shows a name, an account number or a holder.
    pub fn to_partner(&self, book: &Book) -> Result<Partner, BookError> {
        let mut reader = Reader::default();
        let partner = self.to_version(&mut reader, "").terms;
        if let Some(contract) = &partner.default_contract
            && book.contract(contract).is_none()
        {
            reader.note("default_contract", "unknown-contract", format!("unknown contract `{contract}`"));
        }
        let problems = reader.into_problems();
        if problems.is_empty() { Ok(partner) } else { Err(BookError::new(problems)) }
    }

    /// The version that the document describes, at a path that leads to it.
    pub(super) fn to_version(&self, reader: &mut Reader, path: &str) -> Version<Partner> {
        let dot = if path.is_empty() { "" } else { "." };
        let at = |field: &str| format!("{path}{dot}{field}");
        let kind = reader.value_or(&at("kind"), Some(&self.kind), PartnerKind::Business);
        let contract: Option<ContractId> =
            self.default_contract.as_ref().and_then(|text| reader.id(&at("default_contract"), text));
        let mut partner = Partner::new(kind, contract);
        partner.name = Private(self.name.clone());
        partner.taxation =
            self.taxation.as_ref().and_then(|text| reader.value::<Taxation>(&at("taxation"), text));
        if partner.taxation.is_some() && kind != PartnerKind::Business {
            reader.note(&at("taxation"), "misplaced-field", "only a business has a taxation");
        }
        partner.business_number =
            self.business_number.as_ref().and_then(|text| reader.value(&at("business_number"), text));
        partner.joined_on = date(self.joined_on);
        partner.grades = reader.grades(&at("grades"), &self.grades);
        partner.account = self.account.as_ref().map(|account| account.to_account(reader, &at("account")));
        let payout = self.payout.as_ref().map(|payout| payout.to_change(reader, &at("payout")));
        partner.payout = payout.unwrap_or_default();
        partner.labels = labels(&self.memo, &self.tags, &self.properties);
        Version { applies_from: date(self.applies_from), terms: partner, archived: self.archived }
    }
}
