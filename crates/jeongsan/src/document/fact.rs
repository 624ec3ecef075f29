//! Facts beside the settlements as documents.

use alloc::string::{String, ToString};

use serde::{Deserialize, Serialize};

use crate::due::RowNumber;
use crate::hold::{Hold, HoldTarget, Release};
use crate::id::{EventId, PartnerId};
use crate::ledger::{Adjustment, AdjustmentState, Decision, Dispute, Fact, RowFact, WriteOff};
use crate::money::{Amount, Currency};
use crate::partner::{AccountKey, Bearer};

use super::event::{optional_amount, required};
use super::map::map_document;
use super::{Day, EventError, MinorUnits};

/// A fact that the ledger takes in, as it is written: the fields of every type, each there or not. They stand in event files among the
/// events that settle, and share their space of ids.
///
/// | type | fields beside `id` and `date` |
/// | --- | --- |
/// | `hold` | one of `partner`, `row`, `order`, `account`; `reason`, `released_by`; `limit` and `until` may be left out |
/// | `release` | `hold`, `by` |
/// | `exclude`, `restore` | `row` |
/// | `adjust` | `partner`, `amount`, `reason`, `by`; `tax_free_amount` and `settlement_date` (its date) may be left out |
/// | `approve`, `reject` | `adjustment`, `by` |
/// | `write-off` | `partner`, `amount`, `reason` |
/// | `dispute` | `order`, `partner`, `amount`, `reason`; `excess_borne_by` (`partner`) may be left out |
/// | `close` | none |
///
/// ```
/// use jeongsan::document::FactDocument;
/// use jeongsan::money::Currency;
///
/// let text = r#"{"type":"hold","id":"h-1","date":"2026-03-02","order":"o-1","reason":"return under way","released_by":"claims"}"#;
/// let document: FactDocument = serde_json::from_str(text)?;
/// assert_eq!(document.to_fact(Currency::KRW).unwrap().id().as_str(), "h-1");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct FactDocument {
    /// One of [`FactDocument::types`].
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The fact's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<EventId>,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Day>,
    /// The partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartnerId>,
    /// The number of a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<EventId>,
    /// The bank account that is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountKeyDocument>,
    /// How much is held at most, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<MinorUnits>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who may release the hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_by: Option<String>,
    /// The day on which the hold ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// The hold that is released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<EventId>,
    /// Who releases, asks or decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How much, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<MinorUnits>,
    /// The tax-free part of it, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_free_amount: Option<MinorUnits>,
    /// The day an adjustment falls due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_date: Option<Day>,
    /// The adjustment that is decided on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjustment: Option<EventId>,
    /// `partner` or `merchant`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excess_borne_by: Option<String>,
}

/// A bank account as it is named. Its `Debug` form masks the number.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct AccountKeyDocument {
    /// The bank's code.
    pub bank: String,
    /// The account number.
    pub number: String,
}

map_document! {
    FactDocument => "the fields of a fact",
    AccountKeyDocument => "the fields of an account",
}

impl core::fmt::Debug for AccountKeyDocument {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("AccountKeyDocument").field("bank", &self.bank).finish_non_exhaustive()
    }
}

/// The fields that a type of fact has beside `id` and `date`.
const FIELDS: [(&str, &[&str]); 10] = [
    ("hold", &["partner", "row", "order", "account", "limit", "reason", "released_by", "until"]),
    ("release", &["hold", "by"]),
    ("exclude", &["row"]),
    ("restore", &["row"]),
    ("adjust", &["partner", "amount", "tax_free_amount", "settlement_date", "reason", "by"]),
    ("approve", &["adjustment", "by"]),
    ("reject", &["adjustment", "by"]),
    ("write-off", &["partner", "amount", "reason"]),
    ("dispute", &["order", "partner", "amount", "reason", "excess_borne_by"]),
    ("close", &[]),
];

impl FactDocument {
    /// The types of facts.
    pub fn types() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|(kind, _)| *kind)
    }

    /// Whether a type of event is a fact that the ledger takes in, and settles nothing.
    #[must_use]
    pub fn is_fact(kind: &str) -> bool {
        Self::types().any(|known| known == kind)
    }

    /// The fact, if the document is one. Amounts are of the currency given, the book's.
    ///
    /// # Errors
    /// The first fault of its form.
    pub fn to_fact(&self, currency: Currency) -> Result<Fact, EventError> {
        let kind = required(self.kind.as_deref(), "type")?;
        let fields = FIELDS.iter().find(|(known, _)| *known == kind);
        let (kind, fields) =
            *fields.ok_or_else(|| EventError::UnknownType { kind: kind.chars().take(40).collect() })?;
        let unexpected = self.given().into_iter().find(|(field, given)| *given && !fields.contains(field));
        if let Some((field, _)) = unexpected {
            return Err(EventError::UnexpectedField { field, kind });
        }
        let id = required(self.id.as_ref(), "id")?.clone();
        let Day(date) = required(self.date, "date")?;
        Ok(match kind {
            "hold" => Fact::Hold(self.to_hold(id)?),
            "release" => {
                let hold = required(self.hold.as_ref(), "hold")?.clone();
                Fact::Release(Release { id, hold, by: text(self.by.as_ref(), "by")?, date })
            }
            "exclude" => Fact::Exclude(RowFact { id, row: self.to_row()?, date }),
            "restore" => Fact::Restore(RowFact { id, row: self.to_row()?, date }),
            "adjust" => Fact::Adjust(Adjustment {
                id,
                partner: required(self.partner.as_ref(), "partner")?.clone(),
                currency,
                amount: self.to_amount()?,
                tax_free: optional_amount(self.tax_free_amount, "tax_free_amount")?.unwrap_or_default(),
                settlement_date: self.settlement_date.map_or(date, |Day(given)| given),
                reason: text(self.reason.as_ref(), "reason")?,
                requested_by: text(self.by.as_ref(), "by")?,
                date,
                state: AdjustmentState::Requested,
            }),
            "approve" => Fact::Approve(self.to_decision(id)?),
            "reject" => Fact::Reject(self.to_decision(id)?),
            "write-off" => Fact::WriteOff(WriteOff {
                id,
                partner: required(self.partner.as_ref(), "partner")?.clone(),
                currency,
                amount: self.to_amount()?,
                reason: text(self.reason.as_ref(), "reason")?,
                date,
            }),
            "dispute" => Fact::Dispute(self.to_dispute(id, currency)?),
            _ => Fact::Close { id, date },
        })
    }

    fn to_hold(&self, id: EventId) -> Result<Hold, EventError> {
        let Day(date) = required(self.date, "date")?;
        let on = match (&self.partner, self.row, &self.order, &self.account) {
            (Some(partner), None, None, None) => HoldTarget::Partner(partner.clone()),
            (None, Some(row), None, None) => HoldTarget::Row(RowNumber::new(row)),
            (None, None, Some(order), None) => HoldTarget::Order(order.clone()),
            (None, None, None, Some(account)) => {
                HoldTarget::Account(AccountKey { bank: account.bank.clone(), number: account.number.clone() })
            }
            _ => return Err(EventError::HoldTarget),
        };
        let reason = text(self.reason.as_ref(), "reason")?;
        let mut hold = Hold::new(id, on, &reason, &text(self.released_by.as_ref(), "released_by")?, date);
        hold.limit = optional_amount(self.limit, "limit")?;
        hold.until = self.until.map(|Day(until)| until);
        Ok(hold)
    }

    fn to_decision(&self, id: EventId) -> Result<Decision, EventError> {
        let adjustment = required(self.adjustment.as_ref(), "adjustment")?.clone();
        let Day(date) = required(self.date, "date")?;
        Ok(Decision { id, adjustment, by: text(self.by.as_ref(), "by")?, date })
    }

    fn to_dispute(&self, id: EventId, currency: Currency) -> Result<Dispute, EventError> {
        let Day(date) = required(self.date, "date")?;
        let borne_by = self.excess_borne_by.as_deref().map_or(Ok(Bearer::Partner), str::parse);
        Ok(Dispute {
            id,
            order: required(self.order.as_ref(), "order")?.clone(),
            partner: required(self.partner.as_ref(), "partner")?.clone(),
            currency,
            amount: self.to_amount()?,
            excess_borne_by: borne_by.map_err(|error| EventError::UnknownValue {
                message: error.to_string(),
                path: "excess_borne_by".into(),
            })?,
            reason: text(self.reason.as_ref(), "reason")?,
            date,
        })
    }

    fn to_row(&self) -> Result<RowNumber, EventError> {
        Ok(RowNumber::new(required(self.row, "row")?))
    }

    fn to_amount(&self) -> Result<Amount, EventError> {
        required(optional_amount(self.amount, "amount")?, "amount")
    }

    /// Which of the fields that not every type has are given.
    fn given(&self) -> [(&'static str, bool); 15] {
        [
            ("partner", self.partner.is_some()),
            ("row", self.row.is_some()),
            ("order", self.order.is_some()),
            ("account", self.account.is_some()),
            ("limit", self.limit.is_some()),
            ("reason", self.reason.is_some()),
            ("released_by", self.released_by.is_some()),
            ("until", self.until.is_some()),
            ("hold", self.hold.is_some()),
            ("by", self.by.is_some()),
            ("amount", self.amount.is_some()),
            ("tax_free_amount", self.tax_free_amount.is_some()),
            ("settlement_date", self.settlement_date.is_some()),
            ("adjustment", self.adjustment.is_some()),
            ("excess_borne_by", self.excess_borne_by.is_some()),
        ]
    }
}

fn text(value: Option<&String>, field: &'static str) -> Result<String, EventError> {
    required(value, field).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    fn read(rest: &str) -> Result<Fact, EventError> {
        let text = format!(r#"{{"id":"f-1","date":"2026-03-02",{rest}}}"#);
        document(&text).to_fact(Currency::KRW)
    }

    fn document(text: &str) -> FactDocument {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn every_type_reads() {
        let texts = [
            r#""type":"hold","account":{"bank":"088","number":"1"},"limit":5,"reason":"r","released_by":"b","until":"2026-04-01""#,
            r#""type":"release","hold":"h-1","by":"b""#,
            r#""type":"exclude","row":3"#,
            r#""type":"restore","row":3"#,
            r#""type":"adjust","partner":"p","amount":-5,"reason":"r","by":"b""#,
            r#""type":"approve","adjustment":"a-1","by":"b""#,
            r#""type":"reject","adjustment":"a-1","by":"b""#,
            r#""type":"write-off","partner":"p","amount":5,"reason":"r""#,
            r#""type":"dispute","order":"o-1","partner":"p","amount":5,"reason":"r","excess_borne_by":"merchant""#,
            r#""type":"close""#,
        ];
        for (text, kind) in texts.into_iter().zip(FactDocument::types()) {
            assert!(text.contains(kind));
            assert_eq!(read(text).unwrap().id().as_str(), "f-1", "{text}");
            let read = document(&format!("{{{text}}}"));
            assert_eq!(document(&serde_json::to_string(&read).unwrap()), read);
        }
    }

    #[test]
    fn faults_are_told_with_their_path() {
        let error = |text: &str| {
            let error = read(text).unwrap_err();
            format!("{}: {error}", error.path())
        };
        assert_eq!(error(r#""type":"refund""#), "type: `refund` is no type of event");
        assert_eq!(error(r#""type":"close","row":1"#), "row: an event of type `close` has no field `row`");
        assert_eq!(error(r#""type":"exclude""#), "row: the field `row` is missing");
        assert_eq!(
            error(r#""type":"hold","reason":"r","released_by":"b""#),
            "partner: a hold is on one of `partner`, `row`, `order` and `account`"
        );
        assert_eq!(
            error(r#""type":"hold","row":1,"order":"o-1","reason":"r","released_by":"b""#),
            "partner: a hold is on one of `partner`, `row`, `order` and `account`"
        );
        assert_eq!(
            error(r#""type":"hold","row":1,"reason":"r""#),
            "released_by: the field `released_by` is missing"
        );
        assert_eq!(
            error(
                r#""type":"dispute","order":"o-1","partner":"p","amount":5,"reason":"r","excess_borne_by":"bank""#
            ),
            "excess_borne_by: bearer `bank` is none of `partner`, `merchant`"
        );
        assert_eq!(
            error(r#""type":"write-off","partner":"p","amount":9223372036854775808,"reason":"r""#),
            "amount: the number is out of range"
        );
    }
}
