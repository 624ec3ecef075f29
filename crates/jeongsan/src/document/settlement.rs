//! Settlements and refusals as documents.

use alloc::string::ToString;
use alloc::sync::Arc;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::figures::Figures;
use crate::funding::FunderParts;
use crate::id::EventId;
use crate::money::Amount;
use crate::settle::{LineSettlement, Settlement};

use super::{Day, Refusal};

/// A settlement as a document: its fields in the order of the contract, its lines behind.
///
/// ```
/// # use jeongsan::{book::Book, document::SettlementDocument, money::{Amount, Currency}, order::ManualEntry};
/// # use jeongsan::{partner::{Partner, PartnerKind}, settle::Engine};
/// # let book = Book::builder(Currency::KRW).partner("seller-1".parse()?, Partner::new(PartnerKind::Business, None)).build()?;
/// # let engine = Engine::resolve(&book, &jeongsan::calendar::Calendars::new())?;
/// # let settlement_date = chrono::NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
/// # let entry = ManualEntry { id: "m-1".parse()?, partner: "seller-1".parse()?, amount: Amount::new(-5_000),
/// #     tax_free: Amount::ZERO, settlement_date, memo: String::new() };
/// let settlement = engine.settle_manual(&entry)?;
/// let text = serde_json::to_string(&SettlementDocument(&settlement))?;
/// assert!(text.starts_with(r#"{"id":"m-1","type":"manual","partner":"seller-1","contract":null"#));
/// assert!(text.contains(r#""settlement":-5000"#));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SettlementDocument<'s>(pub &'s Settlement);

impl Serialize for SettlementDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let settlement = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &settlement.id)?;
        map.serialize_entry("type", settlement.kind.as_str())?;
        if let Some(cause) = &settlement.cause {
            map.serialize_entry("cause", cause)?;
        }
        if let Some(order) = &settlement.of_order {
            map.serialize_entry("of_order", order)?;
        }
        map.serialize_entry("partner", &settlement.partner)?;
        map.serialize_entry("contract", &settlement.contract)?;
        map.serialize_entry("contract_version", &settlement.contract_version.map(Day))?;
        map.serialize_entry("start_date", &settlement.start_date.map(Day))?;
        map.serialize_entry("settlement_date", &Day(settlement.settlement_date))?;
        map.serialize_entry("currency", settlement.currency.code())?;
        serialize_figures(&settlement.figures, &mut map)?;
        serialize_funders(&settlement.funders, &mut map)?;
        map.serialize_entry("user_formulas", &UserFigures(&settlement.user_formulas))?;
        map.serialize_entry("lines", &Lines(&settlement.lines))?;
        map.end()
    }
}

pub(super) fn serialize_figures<M: SerializeMap>(figures: &Figures, map: &mut M) -> Result<(), M::Error> {
    for (figure, amount) in figures.iter() {
        map.serialize_entry(figure.as_str(), &amount.minor())?;
    }
    Ok(())
}

/// The parts of funders, where there are any.
pub(super) fn serialize_funders<M: SerializeMap>(funders: &FunderParts, map: &mut M) -> Result<(), M::Error> {
    if funders.is_empty() { Ok(()) } else { map.serialize_entry("funders", &Funders(funders)) }
}

struct Funders<'s>(&'s FunderParts);

impl Serialize for Funders<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (funder, part) in self.0.iter() {
            map.serialize_entry(funder, &part.minor())?;
        }
        map.end()
    }
}

struct UserFigures<'s>(&'s [(Arc<str>, Amount)]);

impl Serialize for UserFigures<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, amount) in self.0 {
            map.serialize_entry(&**key, &amount.minor())?;
        }
        map.end()
    }
}

struct Lines<'s>(&'s [LineSettlement]);

impl Serialize for Lines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for line in self.0 {
            list.serialize_element(&LineDocument(line))?;
        }
        list.end()
    }
}

struct LineDocument<'s>(&'s LineSettlement);

impl Serialize for LineDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("product", &self.0.product)?;
        map.serialize_entry("quantity", &self.0.quantity)?;
        serialize_figures(&self.0.figures, &mut map)?;
        map.end()
    }
}

/// A refused event as a document: its id, or the number of a line that couldn't be read, and what is wrong.
#[derive(Clone, Copy, Debug)]
pub struct RefusalDocument<'r> {
    /// The event's id, if it could be read.
    pub id: Option<&'r EventId>,
    /// The file it stands in, where there are several.
    pub file: Option<&'r str>,
    /// The line of the input, from 1, if the event was read from one.
    pub line: Option<u64>,
    /// What is wrong.
    pub refusal: &'r Refusal,
}

impl Serialize for RefusalDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Fault<'r>(&'r Refusal);

        impl Serialize for Fault<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("code", self.0.code())?;
                map.serialize_entry("message", &self.0.to_string())?;
                if let Some(path) = self.0.path() {
                    map.serialize_entry("path", &path)?;
                }
                map.end()
            }
        }

        let mut map = serializer.serialize_map(None)?;
        if let Some(id) = self.id {
            map.serialize_entry("id", id)?;
        }
        if let Some(file) = self.file {
            map.serialize_entry("file", file)?;
        }
        if let Some(line) = self.line {
            map.serialize_entry("line", &line)?;
        }
        map.serialize_entry("error", &Fault(self.refusal))?;
        map.end()
    }
}
