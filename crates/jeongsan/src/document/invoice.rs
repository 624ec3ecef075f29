//! Tax invoices as documents.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::InvoiceId;
use crate::money::{Amount, VatSplit};
use crate::tax::{Invoice, InvoiceDraft, InvoiceError, InvoiceLine, Modification, Party};

use super::map::map_document;
use super::{Day, MinorUnits};

/// How every invoice of this crate is issued (역발행): the recipient writes it, the supplier approves it.
const ISSUANCE: &str = "reverse";

/// An invoice as a document, an amendment or not.
///
/// ```
/// # use chrono::{NaiveDate, Weekday, WeekdaySet};
/// # use jeongsan::calendar::{Calendar, DateRange};
/// # use jeongsan::money::{Amount, VatSplit};
/// # use jeongsan::tax::{Invoice, InvoiceDraft, InvoiceKind, InvoiceLine, Party, Purpose, Taxation};
/// use jeongsan::document::InvoiceDocument;
/// # let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
/// # let calendar = Calendar::builder("SHOP".parse()?, DateRange::new(day(1, 1), day(12, 31))?)
/// #     .weekend(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun])).build()?;
/// # let amounts = VatSplit { supply: Amount::new(100_000), vat: Amount::new(10_000) };
/// # let draft = InvoiceDraft { id: "t-1".parse()?, kind: InvoiceKind::Taxable, purpose: Purpose::Receipt, write_date: day(3, 31),
/// #     supplier: Party::new("124-81-00998".parse()?, "판매상점", "김판매"), supplier_taxation: Taxation::General,
/// #     recipient: Party::new("220-81-62517".parse()?, "장터", "이장터"),
/// #     lines: vec![InvoiceLine::new(day(3, 31), "3월 판매대금", amounts)], remarks: vec![] };
/// # let invoice = Invoice::new(draft, &calendar)?;
///
/// let document = InvoiceDocument::from(&invoice);
/// let text = serde_json::to_string(&document)?;
/// assert!(text.starts_with(r#"{"id":"t-1","kind":"taxable","issuance":"reverse","purpose":"receipt","write_date":"2026-03-31","due_date":"2026-04-10""#));
/// assert!(text.contains(r#""supply":100000,"vat":10000,"total":110000"#));
/// assert_eq!(serde_json::from_str::<InvoiceDocument>(&text)?.to_invoice()?, invoice);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct InvoiceDocument {
    /// Its id.
    pub id: InvoiceId,
    /// `taxable`, `zero-rated` or `tax-free`.
    pub kind: String,
    /// `reverse`.
    pub issuance: String,
    /// `receipt`, `charge` or `none`.
    pub purpose: String,
    /// Its write date.
    pub write_date: Day,
    /// The last day on which it is issued in time; `null` for an amendment under the date of what it amends.
    pub due_date: Option<Day>,
    /// Who supplies and approves it.
    pub supplier: PartyDocument,
    /// `general`, `simplified-issuing`, `simplified` or `tax-free`.
    pub supplier_taxation: String,
    /// Who pays and writes it.
    pub recipient: PartyDocument,
    /// The supply value.
    pub supply: MinorUnits,
    /// The VAT.
    pub vat: MinorUnits,
    /// The sum of both.
    pub total: MinorUnits,
    /// Its lines.
    pub lines: Vec<InvoiceLineDocument>,
    /// Its remarks.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// What it amends and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modification: Option<ModificationDocument>,
}

/// A business on an invoice as a document.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct PartyDocument {
    /// Its registration number, ten digits.
    pub business_number: String,
    /// Its branch, four digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// What it is called.
    pub name: String,
    /// Who represents it.
    pub representative: String,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Its line of business.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_type: Option<String>,
    /// What it deals in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_class: Option<String>,
    /// Where invoices are sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A line of an invoice as a document.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct InvoiceLineDocument {
    /// The day of the supply.
    pub date: Day,
    /// What was supplied.
    pub name: String,
    /// Its specification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec: Option<String>,
    /// How many units: a number with at most two decimals, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// The value of a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<MinorUnits>,
    /// The supply value.
    pub supply: MinorUnits,
    /// The VAT.
    pub vat: MinorUnits,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

/// What an invoice amends, as a document.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct ModificationDocument {
    /// `entry-error`, `value-change`, `return`, `cancellation` or `duplicate`.
    pub reason: String,
    /// The invoice that it amends.
    pub original: InvoiceId,
    /// The invoice at the beginning of the chain.
    pub root: InvoiceId,
}

/// Why a document holds no invoice.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvoiceDocumentError {
    /// A text isn't what belongs in its field.
    #[error("`{path}`: {message}")]
    InvalidValue {
        /// The path to it.
        path: String,
        /// What is wrong with it.
        message: String,
    },
    /// An amount is too large for 64 bits.
    #[error("`{path}`: the number is out of range")]
    OutOfRange {
        /// The path to it.
        path: String,
    },
    /// A total isn't the sum of the lines.
    #[error("`{field}` is `{found}`, and the lines come to `{expected}`")]
    WrongTotal {
        /// The total's field.
        field: &'static str,
        /// What stands there.
        found: Amount,
        /// What the lines come to.
        expected: Amount,
    },
    /// An invoice that amends nothing has no due date.
    #[error("invoice `{id}` amends nothing and has no `due_date`")]
    MissingDueDate {
        /// The invoice.
        id: InvoiceId,
    },
    /// No invoice can be so.
    #[error(transparent)]
    Invoice(#[from] InvoiceError),
}

map_document! {
    InvoiceDocument => "the fields of an invoice",
    PartyDocument => "the fields of a business",
    InvoiceLineDocument => "the fields of an invoice line",
    ModificationDocument => "the fields of an amendment",
}

impl From<&Invoice> for InvoiceDocument {
    fn from(invoice: &Invoice) -> Self {
        let draft = invoice.draft();
        Self {
            id: draft.id.clone(),
            kind: draft.kind.to_string(),
            issuance: ISSUANCE.into(),
            purpose: draft.purpose.to_string(),
            write_date: Day(draft.write_date),
            due_date: invoice.due_date().map(Day),
            supplier: (&draft.supplier).into(),
            supplier_taxation: draft.supplier_taxation.to_string(),
            recipient: (&draft.recipient).into(),
            supply: invoice.supply().into(),
            vat: invoice.vat().into(),
            total: invoice.total().into(),
            lines: draft.lines.iter().map(InvoiceLineDocument::from).collect(),
            remarks: draft.remarks.clone(),
            modification: invoice.modification().map(ModificationDocument::from),
        }
    }
}

impl From<&Party> for PartyDocument {
    fn from(party: &Party) -> Self {
        Self {
            business_number: party.number.to_string(),
            branch: party.branch.map(|branch| branch.to_string()),
            name: party.name.clone(),
            representative: party.representative.clone(),
            address: party.address.clone(),
            business_type: party.business_type.clone(),
            business_class: party.business_class.clone(),
            email: party.email.clone(),
        }
    }
}

impl From<&InvoiceLine> for InvoiceLineDocument {
    fn from(line: &InvoiceLine) -> Self {
        Self {
            date: Day(line.date),
            name: line.name.clone(),
            spec: line.spec.clone(),
            quantity: line.quantity.map(|quantity| quantity.to_string()),
            unit_cost: line.unit_cost.map(MinorUnits::from),
            supply: line.amounts.supply.into(),
            vat: line.amounts.vat.into(),
            remark: line.remark.clone(),
        }
    }
}

impl From<&Modification> for ModificationDocument {
    fn from(modification: &Modification) -> Self {
        Self {
            reason: modification.reason.to_string(),
            original: modification.original.clone(),
            root: modification.root.clone(),
        }
    }
}

/// Reads a text at a path.
fn read<T: FromStr<Err: Display>>(text: &str, path: &str) -> Result<T, InvoiceDocumentError> {
    text.parse().map_err(|error: T::Err| InvoiceDocumentError::InvalidValue {
        path: path.into(),
        message: error.to_string(),
    })
}

fn amount(number: MinorUnits, path: impl FnOnce() -> String) -> Result<Amount, InvoiceDocumentError> {
    number.amount().ok_or_else(|| InvoiceDocumentError::OutOfRange { path: path() })
}

impl InvoiceDocument {
    /// The invoice, if the document is one. Its due date is taken as it stands: the calendar of its day may have changed since.
    ///
    /// # Errors
    /// The first fault.
    pub fn to_invoice(&self) -> Result<Invoice, InvoiceDocumentError> {
        if self.issuance != ISSUANCE {
            let message = format!("issuance `{}` is not `{ISSUANCE}`", self.issuance);
            return Err(InvoiceDocumentError::InvalidValue { path: "issuance".into(), message });
        }
        let lines = self.lines.iter().enumerate().map(|(place, line)| line.to_line(place));
        let draft = InvoiceDraft {
            id: self.id.clone(),
            kind: read(&self.kind, "kind")?,
            purpose: read(&self.purpose, "purpose")?,
            write_date: self.write_date.0,
            supplier: self.supplier.to_party("supplier")?,
            supplier_taxation: read(&self.supplier_taxation, "supplier_taxation")?,
            recipient: self.recipient.to_party("recipient")?,
            lines: lines.collect::<Result<_, _>>()?,
            remarks: self.remarks.clone(),
        };
        let modification =
            self.modification.as_ref().map(ModificationDocument::to_modification).transpose()?;
        if modification.is_none() && self.due_date.is_none() {
            return Err(InvoiceDocumentError::MissingDueDate { id: self.id.clone() });
        }
        let invoice = Invoice::restore(draft, self.due_date.map(|Day(date)| date), modification)?;
        let totals = [
            ("supply", self.supply, invoice.supply()),
            ("vat", self.vat, invoice.vat()),
            ("total", self.total, invoice.total()),
        ];
        for (field, number, expected) in totals {
            let found = amount(number, || field.into())?;
            if found != expected {
                return Err(InvoiceDocumentError::WrongTotal { field, found, expected });
            }
        }
        Ok(invoice)
    }
}

impl PartyDocument {
    fn to_party(&self, path: &str) -> Result<Party, InvoiceDocumentError> {
        let branch = self.branch.as_deref().map(|branch| read(branch, &format!("{path}.branch")));
        Ok(Party {
            number: read(&self.business_number, &format!("{path}.business_number"))?,
            branch: branch.transpose()?,
            name: self.name.clone(),
            representative: self.representative.clone(),
            address: self.address.clone(),
            business_type: self.business_type.clone(),
            business_class: self.business_class.clone(),
            email: self.email.clone(),
        })
    }
}

impl InvoiceLineDocument {
    fn to_line(&self, place: usize) -> Result<InvoiceLine, InvoiceDocumentError> {
        let at = |field: &str| format!("lines[{place}].{field}");
        let quantity = self.quantity.as_deref().map(|quantity| read(quantity, &at("quantity")));
        let unit_cost = self.unit_cost.map(|number| amount(number, || at("unit_cost")));
        Ok(InvoiceLine {
            date: self.date.0,
            name: self.name.clone(),
            spec: self.spec.clone(),
            quantity: quantity.transpose()?,
            unit_cost: unit_cost.transpose()?,
            amounts: VatSplit {
                supply: amount(self.supply, || at("supply"))?,
                vat: amount(self.vat, || at("vat"))?,
            },
            remark: self.remark.clone(),
        })
    }
}

impl ModificationDocument {
    fn to_modification(&self) -> Result<Modification, InvoiceDocumentError> {
        Ok(Modification {
            reason: read(&self.reason, "modification.reason")?,
            original: self.original.clone(),
            root: self.root.clone(),
        })
    }
}
