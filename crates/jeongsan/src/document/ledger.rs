//! Rows, payables, entries and certificates as documents.

use alloc::string::ToString;

use chrono::NaiveDate;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::due::{PartnerSettlement, RowState};
use crate::hold::{Hold, HoldTarget};
use crate::journal::{Entry, Posting};
use crate::ledger::{Certificate, Ledger, Outcome, Standing};
use crate::money::Amount;
use crate::payable::Payable;

use super::settlement::{serialize_figures, serialize_funders};
use super::{Day, PayoutTaxDocument};

/// A row as a document: its key, where it is on a day and why, what it comes to, and the figures it took in. A number that 64 bits don't
/// hold is written as a text.
///
/// ```
/// # use jeongsan::{due::{Incoming, RowNumber}, document::PartnerSettlementDocument, figures::Figures, funding::FunderParts};
/// # use jeongsan::ledger::Ledger;
/// # use jeongsan::{money::{Amount, Currency}, settle::SettlementKind};
/// # let (id, partner) = ("m-1".parse()?, "seller-1".parse()?);
/// # let figures = Figures { settlement: Amount::new(-5_000), ..Figures::ZERO };
/// # let settlement_date = chrono::NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
/// # let mut ledger = Ledger::new();
/// # ledger.settle(Incoming { id: &id, kind: SettlementKind::Manual, cause: None, order: None, partner: &partner, contract: None,
/// #     settlement_date, currency: Currency::KRW, figures: &figures, funders: &FunderParts::new(), parts: &[] })?;
/// let row = ledger.row(RowNumber::new(1)).unwrap();
/// let text = serde_json::to_string(&PartnerSettlementDocument { row, ledger: &ledger, as_of: settlement_date })?;
/// assert!(text.starts_with(r#"{"row":1,"partner":"seller-1","contract":null,"type":"manual","settlement_date":"2026-03-31""#));
/// assert!(text.contains(r#""place":"due","settlements":1,"amount":-5000,"tax_free_amount":0"#));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PartnerSettlementDocument<'l> {
    /// The row.
    pub row: &'l PartnerSettlement,
    /// The ledger it is in.
    pub ledger: &'l Ledger,
    /// The day on which its place is told.
    pub as_of: NaiveDate,
}

impl Serialize for PartnerSettlementDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = self.row;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("row", &row.number.number())?;
        map.serialize_entry("partner", &row.partner)?;
        map.serialize_entry("contract", &row.contract)?;
        map.serialize_entry("type", row.kind.as_str())?;
        map.serialize_entry("settlement_date", &Day(row.settlement_date))?;
        map.serialize_entry("currency", row.currency.code())?;
        match row.state {
            RowState::Merged(into) => map.serialize_entry("merged_into", &into.number())?,
            state => {
                let place = self.ledger.place_of(row.number, self.as_of);
                map.serialize_entry("place", &place.map(|place| place.as_str()))?;
                match state {
                    RowState::InPayable(payable) => map.serialize_entry("payable", &payable.number())?,
                    RowState::Excluded => map.serialize_entry("excluded", &true)?,
                    RowState::Open | RowState::Merged(_) => {}
                }
            }
        }
        if row.state == RowState::Open
            && let Some(hold) = self.ledger.hold_on(row, self.as_of)
        {
            map.serialize_entry("hold", &hold.id)?;
        }
        if let Some(rest_of) = row.rest_of {
            map.serialize_entry("rest_of", &rest_of.number())?;
        }
        if let Some(order) = &row.order {
            map.serialize_entry("order_set_apart", order)?;
        }
        map.serialize_entry("settlements", &row.settlements)?;
        map.serialize_entry("amount", &row.amount.minor())?;
        map.serialize_entry("tax_free_amount", &row.tax_free.minor())?;
        serialize_figures(&row.figures, &mut map)?;
        serialize_funders(&row.funders, &mut map)?;
        map.end()
    }
}

/// A hold as a document, released or not.
#[derive(Clone, Copy, Debug)]
pub struct HoldDocument<'l>(pub &'l Hold);

impl Serialize for HoldDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let hold = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &hold.id)?;
        match &hold.on {
            HoldTarget::Partner(partner) => map.serialize_entry("partner", partner)?,
            HoldTarget::Row(row) => map.serialize_entry("row", &row.number())?,
            HoldTarget::Order(order) => map.serialize_entry("order", order)?,
            // Whose account it is can be read from the book; the number is kept out of reports.
            HoldTarget::Account(account) => map.serialize_entry("bank", &account.bank)?,
        }
        map.serialize_entry("limit", &hold.limit.map(Amount::minor))?;
        map.serialize_entry("reason", &hold.reason)?;
        map.serialize_entry("released_by", &hold.released_by)?;
        map.serialize_entry("date", &Day(hold.date))?;
        map.serialize_entry("until", &hold.until.map(Day))?;
        map.serialize_entry("released_on", &hold.release.as_ref().map(|release| Day(release.date)))?;
        map.end()
    }
}

/// A payable as a document.
#[derive(Clone, Copy, Debug)]
pub struct PayableDocument<'l>(pub &'l Payable);

impl Serialize for PayableDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let payable = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("payable", &payable.number.number())?;
        map.serialize_entry("partner", &payable.partner)?;
        map.serialize_entry("currency", payable.currency.code())?;
        map.serialize_entry("date", &Day(payable.date))?;
        map.serialize_entry("state", payable.state.as_str())?;
        map.serialize_entry("settled", &payable.settled.minor())?;
        map.serialize_entry("reserve", &payable.reserve.minor())?;
        let fee = payable.fee.map_or((0, None), |fee| (fee.amount.minor(), Some(fee.borne_by.as_str())));
        map.serialize_entry("fee", &fee.0)?;
        map.serialize_entry("fee_borne_by", &fee.1)?;
        map.serialize_entry("amount", &payable.amount.minor())?;
        map.serialize_entry("tax_free_amount", &payable.tax_free.minor())?;
        map.serialize_entry("tax", &payable.tax.as_ref().map(PayoutTaxDocument::from))?;
        map.serialize_entry("paid", &payable.paid().minor())?;
        struct Rows<'l>(&'l Payable);
        impl Serialize for Rows<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut list = serializer.serialize_seq(Some(self.0.rows.len()))?;
                for row in &self.0.rows {
                    list.serialize_element(&row.number())?;
                }
                list.end()
            }
        }
        map.serialize_entry("rows", &Rows(payable))?;
        map.end()
    }
}

/// What became of a partner at a closing, as a document.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeDocument<'l>(pub &'l Outcome);

impl Serialize for OutcomeDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let outcome = self.0;
        let Standing { not_due, due: _, carried, held, reserve } = outcome.standing;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("partner", &outcome.partner)?;
        map.serialize_entry("currency", outcome.currency.code())?;
        map.serialize_entry("due", &Wide(outcome.due))?;
        map.serialize_entry("payable", &outcome.payable.ok().map(|payable| payable.number()))?;
        if let Err(waiting) = outcome.payable {
            map.serialize_entry("waiting", waiting.code())?;
            map.serialize_entry("reason", &waiting.to_string())?;
        }
        map.serialize_entry("carried", &Wide(carried))?;
        map.serialize_entry("held", &Wide(held))?;
        map.serialize_entry("reserve", &Wide(reserve))?;
        map.serialize_entry("not_due", &Wide(not_due))?;
        map.end()
    }
}

/// An entry as a document: debits above zero, credits below.
#[derive(Clone, Copy, Debug)]
pub struct EntryDocument<'l>(pub &'l Entry);

impl Serialize for EntryDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("partner", &self.0.partner)?;
        map.serialize_entry("cause", &self.0.cause)?;
        map.serialize_entry("currency", self.0.currency.code())?;
        struct Postings<'l>(&'l [Posting]);
        impl Serialize for Postings<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let lines = self.0.iter().map(|posting| (posting.account.as_str(), posting.amount));
                serialize_lines(lines, serializer)
            }
        }
        map.serialize_entry("postings", &Postings(&self.0.journal.postings))?;
        map.end()
    }
}

/// A certificate as a document.
#[derive(Clone, Copy, Debug)]
pub struct CertificateDocument<'l>(pub &'l Certificate);

impl Serialize for CertificateDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Lines<'l, T>(&'l [(T, i128)], fn(&T) -> &'static str);
        impl<T> Serialize for Lines<'_, T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serialize_lines(self.0.iter().map(|(name, amount)| ((self.1)(name), *amount)), serializer)
            }
        }
        let certificate = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("currency", certificate.currency.code())?;
        map.serialize_entry("as_of", &Day(certificate.as_of))?;
        map.serialize_entry("paid_in", &Lines(&certificate.paid_in, |account| account.as_str()))?;
        map.serialize_entry("others", &Lines(&certificate.others, |account| account.as_str()))?;
        map.serialize_entry("partners", &Lines(&certificate.partners, |place| place.as_str()))?;
        map.serialize_entry("difference", &Wide(certificate.difference()))?;
        map.serialize_entry("unexplained", &Wide(certificate.unexplained))?;
        map.serialize_entry("digest", &certificate.digest.to_string())?;
        map.end()
    }
}

fn serialize_lines<S: Serializer>(
    lines: impl Iterator<Item = (&'static str, i128)>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    for (name, amount) in lines {
        map.serialize_entry(name, &Wide(amount))?;
    }
    map.end()
}

/// A sum that may be wider than 64 bits.
struct Wide(i128);

impl Serialize for Wide {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(self.0) {
            Ok(minor) => serializer.serialize_i64(minor),
            Err(_) => serializer.collect_str(&self.0),
        }
    }
}
