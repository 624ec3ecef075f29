//! What is written once and never changes.

use chrono::NaiveDate;
use jeongsan::id::{EventId, PartnerId};
use jeongsan::money::Money;

use crate::{Body, OutboxId, RecordId, RecordKind};

/// A fact beside the settlements: an event as it came, a journal entry, a payable. Appended, never changed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    /// What kind of record it is.
    pub kind: RecordKind,
    /// Its name, unique within its kind.
    pub id: RecordId,
    /// The civil date that it belongs to.
    pub date: NaiveDate,
    /// The partner it is about.
    pub partner: Option<PartnerId>,
    /// The order it is about.
    pub order: Option<EventId>,
    /// What it comes to.
    pub amount: Option<Money>,
    /// The rest, as text.
    pub body: Body,
}

impl Record {
    /// A record of which the rest is set field by field.
    #[must_use]
    pub const fn new(kind: RecordKind, id: RecordId, date: NaiveDate, body: Body) -> Self {
        Self { kind, id, date, partner: None, order: None, amount: None, body }
    }
}

/// A payout that waits to be sent: written with what it pays in one transaction, so that none is lost and none is made twice.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OutboxEntry {
    /// Its name, which never comes twice.
    pub id: OutboxId,
    /// What is to be sent.
    pub body: Body,
}

/// A row as it was written, with its place in the order of writing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stored<T> {
    /// Its number: rows written later have higher ones.
    pub sequence: u64,
    /// The row.
    pub value: T,
}
