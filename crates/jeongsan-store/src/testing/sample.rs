//! What the rules write.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use jeongsan::figures::Figures;
use jeongsan::funding::FunderParts;
use jeongsan::id::{EventId, PartnerId};
use jeongsan::money::{Amount, Currency, Money};
use jeongsan::settle::{LineSettlement, Settlement, SettlementKind};

use crate::{
    Blocking, Body, Expected, Fingerprint, HeadId, HeadQuery, HeadWrite, OutboxEntry, PageLimit, Record,
    RecordQuery, SettlementQuery, Store, Unit,
};

use super::{Verdict, ensure_eq};

/// A name of the rules' own.
#[expect(clippy::panic, reason = "the rules' own names are well-formed")]
pub(super) fn named<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    match text.parse() {
        Ok(name) => name,
        Err(error) => panic!("`{text}`: {error:?}"),
    }
}

/// So many days behind 2026-03-01.
pub(super) fn day(number: u64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap_or_default();
    first.checked_add_days(Days::new(number)).unwrap_or_default()
}

pub(super) fn body(text: &str) -> Body {
    Body::new(text).unwrap_or_default()
}

/// A unit under a key, whose request is the key itself.
pub(super) fn unit(key: &str) -> Unit {
    Unit::new(named(key), Fingerprint::of([key]))
}

/// An order's settlement.
pub(super) fn settlement(id: &str, partner: &str, date: NaiveDate, amount: i64) -> Settlement {
    let figures = Figures { settlement: Amount::new(amount), ..Figures::ZERO };
    let (id, partner): (EventId, PartnerId) = (named(id), named(partner));
    Settlement::new(id, SettlementKind::Order, partner, date, Currency::KRW, figures)
}

pub(super) fn record(kind: &str, id: &str, date: NaiveDate) -> Record {
    Record::new(named(kind), named(id), date, body("{}"))
}

pub(super) fn head_id(kind: &str, key: &str) -> HeadId {
    HeadId { kind: named(kind), key: named(key) }
}

pub(super) fn head(key: &str, expected: Expected, status: &str) -> HeadWrite {
    HeadWrite::new(head_id("payout", key), expected, named(status), body("{}"))
}

pub(super) fn outbox(id: &str) -> OutboxEntry {
    OutboxEntry { id: named(id), body: body("{\"amount\":1}") }
}

/// The ids of the settlements that a query finds, in its order, over all pages.
pub(super) fn settlement_ids(store: &dyn Store, query: &SettlementQuery) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = crate::block_on(store.settlements(query, after, PageLimit::MAX)).map_err(text)?;
        found.extend(page.rows.iter().map(|row| row.value.id.to_string()));
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}

pub(super) fn record_ids(store: &dyn Store, query: &RecordQuery) -> Result<Vec<String>, String> {
    let page = crate::block_on(store.records(query, None, PageLimit::MAX)).map_err(text)?;
    Ok(page.rows.iter().map(|row| row.value.id.to_string()).collect())
}

pub(super) fn head_keys(store: &dyn Store, query: &HeadQuery) -> Result<Vec<String>, String> {
    let page = crate::block_on(store.heads(query, PageLimit::MAX)).map_err(text)?;
    Ok(page.rows.iter().map(|row| row.id.key.to_string()).collect())
}

pub(super) fn outbox_ids(store: &dyn Store) -> Result<Vec<String>, String> {
    let page = crate::block_on(store.outbox(None, PageLimit::MAX)).map_err(text)?;
    Ok(page.rows.iter().map(|row| row.id.to_string()).collect())
}

pub(super) fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A unit with something of everything, every field of it set.
#[must_use]
pub fn sample_unit() -> Unit {
    let mut unit = unit("sample");
    let mut order = settlement("o-1", "seller-1", day(3), 8_900);
    order.contract = Some(named("standard"));
    order.contract_version = Some(day(0));
    order.start_date = Some(day(1));
    let mut count = 0_i64;
    order.figures = Figures::from_fn(|_| {
        count = count.saturating_add(1_001);
        Amount::new(count)
    });
    let funders = [(named("brand"), Amount::new(2_000)), (named("카드사"), Amount::new(-1))];
    order.funders = FunderParts::of(funders).unwrap_or_default();
    order.user_formulas =
        vec![(Arc::from("logistics_levy"), Amount::new(-7)), (Arc::from("다른"), Amount::ZERO)];
    let line = |product: &str, quantity| LineSettlement {
        product: named(product),
        quantity,
        figures: order.figures,
    };
    order.lines = vec![line("A", 5), line("나무 상자", -2)];
    let mut cancel = settlement("c-1", "seller-1", day(9), -8_900);
    cancel.kind = SettlementKind::Cancel;
    cancel.of_order = Some(named("o-1"));
    cancel.start_date = Some(day(8));
    let mut retier = settlement("o-1", "seller-1", day(9), 12);
    retier.kind = SettlementKind::Retier;
    retier.cause = Some(named("c-1"));
    unit.settlements = vec![order, cancel, retier];
    let mut full = record("event", "o-1", day(1));
    full.partner = Some(named("seller-1"));
    full.order = Some(named("o-1"));
    full.amount = Some(Money::new(Amount::new(-123_456), Currency::new("USD").unwrap_or(Currency::KRW)));
    full.body = body("{\"text\":\"'; -- 정산 \\u0000 ✓\"}");
    unit.records = vec![full, record("event", "c-1", day(8))];
    let mut write = head("po-1", Expected::Absent, "processing");
    write.partner = Some(named("seller-1"));
    write.date = Some(day(10));
    write.amount = Some(Money::new(Amount::new(8_900), Currency::KRW));
    write.body = body("{\"attempt\":1}");
    unit.heads = vec![write];
    unit.outbox = vec![outbox("po-1/1")];
    unit
}

/// Looks whether all of [`sample_unit`] can be read.
///
/// # Errors
/// What was read instead.
pub fn sample_unit_is_there(store: &dyn Store) -> Verdict {
    let unit = sample_unit();
    let store = Blocking::new(store);
    let receipt = store.receipt(&unit.key).map_err(text)?;
    ensure_eq!(receipt.is_some(), true, "whether there is a receipt");
    let settlements = store.settlements(&SettlementQuery::default(), None, PageLimit::MAX).map_err(text)?;
    let read: Vec<_> = settlements.rows.into_iter().map(|row| row.value).collect();
    ensure_eq!(read, unit.settlements, "settlements");
    let records = store.records(&RecordQuery::default(), None, PageLimit::MAX).map_err(text)?;
    let read: Vec<_> = records.rows.iter().map(|row| row.value.clone()).collect();
    ensure_eq!(read, unit.records, "records");
    for (read, written) in records.rows.iter().zip(&unit.records) {
        ensure_eq!(read.value.body.as_str(), written.body.as_str(), "a record's body");
    }
    let heads = store.heads(&HeadQuery::default(), PageLimit::MAX).map_err(text)?;
    let written: Vec<_> = unit.heads.iter().filter_map(HeadWrite::to_head).collect();
    ensure_eq!(heads.rows, written, "heads");
    let outbox = store.outbox(None, PageLimit::MAX).map_err(text)?;
    ensure_eq!(outbox.rows, unit.outbox, "outbox");
    Ok(())
}
