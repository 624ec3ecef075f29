//! Stores and units of the tests.

use std::path::Path;

use chrono::NaiveDate;
use jeongsan::figures::Figures;
use jeongsan::money::{Amount, Currency};
use jeongsan::settle::{Settlement, SettlementKind};
use jeongsan_sqlite::{SqliteOptions, SqliteStore};
use jeongsan_store::{Blocking, Body, Fingerprint, OutboxEntry, Record, StoreError, Unit};

pub(crate) const SECRET: &str = "110-123-456789";

pub(crate) fn open(file: &Path) -> Result<Blocking<SqliteStore>, StoreError> {
    SqliteStore::open(file, &SqliteOptions::default()).map(Blocking::new)
}

/// A unit with settlements, a record and a payout, whose bodies have an account number.
pub(crate) fn unit(key: &str, settlements: usize) -> Unit {
    let day = NaiveDate::from_ymd_opt(2026, 3, 4).unwrap();
    let mut unit = Unit::new(key.parse().unwrap(), Fingerprint::of([key]));
    let settlement = |number: usize| {
        let figures = Figures { settlement: Amount::new(8_900), ..Figures::ZERO };
        let (id, partner) = (format!("{key}/{number}"), format!("seller-{}", number % 7));
        let (id, partner) = (id.parse().unwrap(), partner.parse().unwrap());
        Settlement::new(id, SettlementKind::Order, partner, day, Currency::KRW, figures)
    };
    unit.settlements = (0..settlements).map(settlement).collect();
    let body = || Body::new(format!("{{\"account\":\"{SECRET}\"}}")).unwrap();
    unit.records = vec![Record::new("event".parse().unwrap(), key.parse().unwrap(), day, body())];
    unit.outbox = vec![OutboxEntry { id: key.parse().unwrap(), body: body() }];
    unit
}
