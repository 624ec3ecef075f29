//! What changes a store, as one line of JSON: for stores that keep a log.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use chrono::TimeDelta;
use jeongsan::figures::{Figure, Figures};
use jeongsan::money::{Amount, Currency, Money};
use jeongsan::settle::Settlement;
use serde::{Deserialize, Serialize};

use crate::{
    Body, Expected, Fence, FencingToken, Fingerprint, HeadId, HeadWrite, Lease, LeaseRequest, OutboxEntry,
    Record, Unit, read_details, write_details,
};

/// A line that is no change.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no change: {0}")]
pub struct ChangeError(String);

impl ChangeError {
    fn of(error: impl Display) -> Self {
        Self(error.to_string())
    }
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct UnitText {
    key: String,
    request: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fence: Option<(String, u64)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    settlements: Vec<SettlementText>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    records: Vec<RecordText>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    heads: Vec<HeadText>,
    /// Name and body of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    outbox: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sent: Vec<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SettlementText {
    id: String,
    kind: String,
    cause: Option<String>,
    of_order: Option<String>,
    partner: String,
    contract: Option<String>,
    contract_version: Option<String>,
    start_date: Option<String>,
    settlement_date: String,
    currency: String,
    /// Those that aren't zero.
    figures: BTreeMap<String, i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    details: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct RecordText {
    kind: String,
    id: String,
    date: String,
    partner: Option<String>,
    order: Option<String>,
    amount: Option<(String, i64)>,
    body: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct HeadText {
    kind: String,
    key: String,
    /// The version it was prepared from; none where it is written first.
    expected: Option<u64>,
    status: String,
    partner: Option<String>,
    date: Option<String>,
    amount: Option<(String, i64)>,
    body: String,
}

fn text<T: ToString>(value: Option<&T>) -> Option<String> {
    value.map(ToString::to_string)
}

fn value<T: FromStr<Err: Display>>(text: &str) -> Result<T, ChangeError> {
    text.parse().map_err(|error: T::Err| ChangeError(format!("`{text}`: {error}")))
}

fn optional<T: FromStr<Err: Display>>(text: Option<&String>) -> Result<Option<T>, ChangeError> {
    text.map(|text| value(text)).transpose()
}

fn money_text(money: Option<Money>) -> Option<(String, i64)> {
    money.map(|money| (money.currency().code().to_owned(), money.amount().minor()))
}

fn money(text: Option<&(String, i64)>) -> Result<Option<Money>, ChangeError> {
    let Some((code, minor)) = text else { return Ok(None) };
    let currency = Currency::new(code).map_err(ChangeError::of)?;
    Ok(Some(Money::new(Amount::new(*minor), currency)))
}

fn fingerprint(text: &str) -> Result<Fingerprint, ChangeError> {
    let fault = || ChangeError(format!("`{text}` is no fingerprint"));
    let mut bytes = [0_u8; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(fault());
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        let digits = std::str::from_utf8(digits).map_err(|_| fault())?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| fault())?;
    }
    Ok(Fingerprint::from_bytes(bytes))
}

impl SettlementText {
    fn of(settlement: &Settlement) -> Self {
        let figures = settlement.figures.iter().filter(|(_, amount)| !amount.is_zero());
        Self {
            id: settlement.id.to_string(),
            kind: settlement.kind.as_str().to_owned(),
            cause: text(settlement.cause.as_ref()),
            of_order: text(settlement.of_order.as_ref()),
            partner: settlement.partner.to_string(),
            contract: text(settlement.contract.as_ref()),
            contract_version: text(settlement.contract_version.as_ref()),
            start_date: text(settlement.start_date.as_ref()),
            settlement_date: settlement.settlement_date.to_string(),
            currency: settlement.currency.code().to_owned(),
            figures: figures.map(|(figure, amount)| (figure.as_str().to_owned(), amount.minor())).collect(),
            details: write_details(settlement),
        }
    }

    fn read(&self) -> Result<Settlement, ChangeError> {
        if let Some(name) = self.figures.keys().find(|name| name.parse::<Figure>().is_err()) {
            return Err(ChangeError(format!("`{name}` is no figure")));
        }
        let figures = Figures::from_fn(|figure| {
            Amount::new(self.figures.get(figure.as_str()).copied().unwrap_or_default())
        });
        let mut settlement = Settlement::new(
            value(&self.id)?,
            value(&self.kind)?,
            value(&self.partner)?,
            value(&self.settlement_date)?,
            Currency::new(&self.currency).map_err(ChangeError::of)?,
            figures,
        );
        settlement.cause = optional(self.cause.as_ref())?;
        settlement.of_order = optional(self.of_order.as_ref())?;
        settlement.contract = optional(self.contract.as_ref())?;
        settlement.contract_version = optional(self.contract_version.as_ref())?;
        settlement.start_date = optional(self.start_date.as_ref())?;
        if let Some(details) = &self.details {
            read_details(&mut settlement, details).map_err(ChangeError::of)?;
        }
        Ok(settlement)
    }
}

impl RecordText {
    fn of(record: &Record) -> Self {
        Self {
            kind: record.kind.to_string(),
            id: record.id.to_string(),
            date: record.date.to_string(),
            partner: text(record.partner.as_ref()),
            order: text(record.order.as_ref()),
            amount: money_text(record.amount),
            body: record.body.as_str().to_owned(),
        }
    }

    fn read(&self) -> Result<Record, ChangeError> {
        Ok(Record {
            kind: value(&self.kind)?,
            id: value(&self.id)?,
            date: value(&self.date)?,
            partner: optional(self.partner.as_ref())?,
            order: optional(self.order.as_ref())?,
            amount: money(self.amount.as_ref())?,
            body: body(&self.body)?,
        })
    }
}

impl HeadText {
    fn of(head: &HeadWrite) -> Self {
        Self {
            kind: head.id.kind.to_string(),
            key: head.id.key.to_string(),
            expected: match head.expected {
                Expected::Absent => None,
                Expected::Version(version) => Some(version),
            },
            status: head.status.to_string(),
            partner: text(head.partner.as_ref()),
            date: text(head.date.as_ref()),
            amount: money_text(head.amount),
            body: head.body.as_str().to_owned(),
        }
    }

    fn read(&self) -> Result<HeadWrite, ChangeError> {
        Ok(HeadWrite {
            id: HeadId { kind: value(&self.kind)?, key: value(&self.key)? },
            expected: self.expected.map_or(Expected::Absent, Expected::Version),
            status: value(&self.status)?,
            partner: optional(self.partner.as_ref())?,
            date: optional(self.date.as_ref())?,
            amount: money(self.amount.as_ref())?,
            body: body(&self.body)?,
        })
    }
}

fn body(text: &str) -> Result<Body, ChangeError> {
    Body::new(text).map_err(ChangeError::of)
}

/// What changes a store. A store that keeps a log writes the line of each change, and reads its index back from them.
///
/// ```
/// use jeongsan_store::{Blocking, Change, Fingerprint, MemoryStore, Unit};
///
/// let unit = Unit::new("run-2026-03-31".parse()?, Fingerprint::of([b"2026-03-31"]));
/// let line = Change::Unit(unit.clone()).to_line();
///
/// let index = MemoryStore::new();
/// index.replay(&Change::from_line(&line)?)?;
/// assert!(Blocking::new(index).commit(&unit)?.is_replay);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Change {
    /// A unit was committed.
    Unit(Unit),
    /// A lease was taken or kept.
    Acquired(LeaseRequest),
    /// A lease was given back.
    Released(Lease),
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Unit(UnitText),
    /// Name, holder, the time, and how many milliseconds it is to hold.
    Acquired(String, String, String, i64),
    /// Name, holder, token, and when it would have ended.
    Released(String, String, u64, String),
}

impl Change {
    /// The change as one line of JSON, without the line's end. Bodies are in it as they are, so that it is as private as they.
    #[must_use]
    pub fn to_line(&self) -> String {
        let line = match self {
            Self::Unit(unit) => Line::Unit(UnitText::of(unit)),
            Self::Acquired(LeaseRequest { name, holder, now, time_to_live }) => {
                let milliseconds = time_to_live.num_milliseconds();
                Line::Acquired(name.to_string(), holder.to_string(), now.to_rfc3339(), milliseconds)
            }
            Self::Released(Lease { name, holder, token, until }) => {
                Line::Released(name.to_string(), holder.to_string(), token.number(), until.to_rfc3339())
            }
        };
        // Texts and integers can't fail to be written.
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// Reads a change back.
    ///
    /// # Errors
    /// When the text isn't what [`Change::to_line`] writes.
    pub fn from_line(text: &str) -> Result<Self, ChangeError> {
        Ok(match serde_json::from_str(text).map_err(ChangeError::of)? {
            Line::Unit(unit) => Self::Unit(unit.read()?),
            Line::Acquired(name, holder, now, milliseconds) => Self::Acquired(LeaseRequest {
                name: value(&name)?,
                holder: value(&holder)?,
                now: value(&now)?,
                time_to_live: TimeDelta::try_milliseconds(milliseconds)
                    .ok_or_else(|| ChangeError(format!("`{milliseconds}` milliseconds are too many")))?,
            }),
            Line::Released(name, holder, token, until) => Self::Released(Lease {
                name: value(&name)?,
                holder: value(&holder)?,
                token: FencingToken::new(token),
                until: value(&until)?,
            }),
        })
    }
}

impl UnitText {
    fn of(unit: &Unit) -> Self {
        let outbox = unit.outbox.iter();
        Self {
            key: unit.key.to_string(),
            request: unit.request.to_string(),
            fence: unit.fence.as_ref().map(|fence| (fence.name.to_string(), fence.token.number())),
            settlements: unit.settlements.iter().map(SettlementText::of).collect(),
            records: unit.records.iter().map(RecordText::of).collect(),
            heads: unit.heads.iter().map(HeadText::of).collect(),
            outbox: outbox.map(|entry| (entry.id.to_string(), entry.body.as_str().to_owned())).collect(),
            sent: unit.sent.iter().map(ToString::to_string).collect(),
        }
    }

    fn read(&self) -> Result<Unit, ChangeError> {
        let mut unit = Unit::new(value(&self.key)?, fingerprint(&self.request)?);
        if let Some((name, token)) = &self.fence {
            unit.fence = Some(Fence { name: value(name)?, token: FencingToken::new(*token) });
        }
        unit.settlements = self.settlements.iter().map(SettlementText::read).collect::<Result<_, _>>()?;
        unit.records = self.records.iter().map(RecordText::read).collect::<Result<_, _>>()?;
        unit.heads = self.heads.iter().map(HeadText::read).collect::<Result<_, _>>()?;
        let entry = |(id, text): &(String, String)| Ok(OutboxEntry { id: value(id)?, body: body(text)? });
        unit.outbox = self.outbox.iter().map(entry).collect::<Result<_, ChangeError>>()?;
        unit.sent = self.sent.iter().map(|id| value(id)).collect::<Result<_, _>>()?;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_change_is_refused_with_its_reason() {
        let with = |request: &str, rest: &str| {
            let line = format!("{{\"unit\":{{\"key\":\"k\",\"request\":\"{request}\"{rest}}}}}");
            Change::from_line(&line).map(drop).map_err(|error| error.to_string())
        };
        let request = "0".repeat(64);
        assert_eq!(with(&request, ""), Ok(()));
        let error = |text: &str| Err(text.to_owned());
        assert_eq!(with("+f", ""), error("no change: `+f` is no fingerprint"));
        assert_eq!(with(&request, ",\"sent\":[\"\"]"), error("no change: ``: outbox id `` is empty"));
        assert_eq!(
            with(&request, ",\"outbox\":[[\"a\",\"\\u0000\"]]"),
            error("no change: a body has a NUL character at byte 0")
        );
        let unknown = with(&request, ",\"more\":1").unwrap_err();
        assert!(unknown.starts_with("no change: unknown field `more`"), "{unknown}");
    }
}
