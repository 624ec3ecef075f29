//! The store that keeps everything in memory: for tests, and for what needs no tomorrow.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;
use jeongsan::id::{EventId, PartnerId};
use jeongsan::settle::{Settlement, SettlementKind};

use crate::{
    BoxFuture, Change, Cursor, FencingToken, Fingerprint, Head, HeadId, HeadQuery, Lease, LeaseName,
    LeaseRequest, OutboxEntry, OutboxId, Page, PageLimit, Receipt, Record, RecordId, RecordKind, RecordQuery,
    SettlementQuery, Store, StoreError, Stored, Unit, UnitKey,
};

/// Keeps everything in memory, behind one lock.
///
/// ```
/// use jeongsan_store::{Blocking, HeadQuery, MemoryStore, PageLimit};
///
/// let store = Blocking::new(MemoryStore::new());
/// assert!(store.heads(&HeadQuery::default(), PageLimit::MAX)?.rows.is_empty());
/// # Ok::<(), jeongsan_store::StoreError>(())
/// ```
#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

/// By which a settlement is the same as another: event, kind, cause, partner.
type Identity = (EventId, SettlementKind, Option<EventId>, PartnerId);

#[derive(Debug, Default)]
struct Tables {
    units: HashMap<UnitKey, (Fingerprint, u64)>,
    sequence: u64,
    settlements: BTreeMap<(NaiveDate, u64), Settlement>,
    identities: HashSet<Identity>,
    records: BTreeMap<(NaiveDate, u64), Record>,
    record_ids: HashSet<(RecordKind, RecordId)>,
    heads: BTreeMap<HeadId, Head>,
    outbox: BTreeMap<u64, OutboxEntry>,
    /// Where each entry stands in the outbox, or stood.
    outbox_places: HashMap<OutboxId, u64>,
    leases: HashMap<LeaseName, Lease>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What committing the unit would answer, without writing it: `None` if it would be written.
    ///
    /// A store that keeps a log of its own asks, appends the unit to its log, and then commits it here, with one writer at a time.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn check(&self, unit: &Unit) -> Result<Option<Receipt>, StoreError> {
        let tables = self.tables();
        let replay = tables.replay(unit)?;
        if replay.is_none() {
            tables.check(unit)?;
        }
        Ok(replay)
    }

    /// Does again what a log says was done.
    ///
    /// # Errors
    /// As the methods of [`Store`] that did it first.
    pub fn replay(&self, change: &Change) -> Result<(), StoreError> {
        let mut tables = self.tables();
        match change {
            Change::Unit(unit) => tables.commit(unit).map(drop),
            Change::Acquired(request) => tables.acquire(request).map(drop),
            Change::Released(lease) => tables.release(lease),
        }
    }

    /// A panic under the lock can only come before anything is written, so that what it guards is whole.
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn identity(settlement: &Settlement) -> Identity {
    (settlement.id.clone(), settlement.kind, settlement.cause.clone(), settlement.partner.clone())
}

impl Tables {
    fn commit(&mut self, unit: &Unit) -> Result<Receipt, StoreError> {
        if let Some(receipt) = self.replay(unit)? {
            return Ok(receipt);
        }
        self.check(unit)?;
        Ok(self.write(unit))
    }

    fn replay(&self, unit: &Unit) -> Result<Option<Receipt>, StoreError> {
        match self.units.get(&unit.key) {
            Some(&(request, sequence)) if request == unit.request => {
                Ok(Some(Receipt { sequence, is_replay: true }))
            }
            Some(_) => Err(StoreError::KeyReused { key: unit.key.clone() }),
            None => Ok(None),
        }
    }

    fn check(&self, unit: &Unit) -> Result<(), StoreError> {
        if let Some(fence) = &unit.fence
            && self.leases.get(&fence.name).is_none_or(|lease| lease.token != fence.token)
        {
            return Err(StoreError::StaleLease { name: fence.name.clone() });
        }
        let mut heads = HashSet::new();
        for write in &unit.heads {
            if !heads.insert(&write.id) {
                return Err(StoreError::DuplicateHead { head: write.id.clone() });
            }
            let found = self.heads.get(&write.id).map(|head| head.version);
            if !write.expected.is_met_by(found) {
                let (head, expected) = (write.id.clone(), write.expected);
                return Err(StoreError::Conflict { head, expected, found });
            }
            if write.expected.next().is_none() {
                return Err(StoreError::OutOfRange { what: "a head's version" });
            }
        }
        let mut identities = HashSet::new();
        for settlement in &unit.settlements {
            let identity = identity(settlement);
            if self.identities.contains(&identity) || !identities.insert(identity) {
                return Err(StoreError::DuplicateSettlement {
                    id: settlement.id.to_string(),
                    kind: settlement.kind.as_str(),
                    partner: settlement.partner.to_string(),
                });
            }
        }
        let mut record_ids = HashSet::new();
        for record in &unit.records {
            let id = (record.kind.clone(), record.id.clone());
            if self.record_ids.contains(&id) || !record_ids.insert(id) {
                return Err(StoreError::DuplicateRecord { kind: record.kind.clone(), id: record.id.clone() });
            }
        }
        self.check_outbox(unit)
    }

    fn check_outbox(&self, unit: &Unit) -> Result<(), StoreError> {
        let mut put = HashSet::new();
        for entry in &unit.outbox {
            if self.outbox_places.contains_key(&entry.id) || !put.insert(&entry.id) {
                return Err(StoreError::DuplicateOutbox { id: entry.id.clone() });
            }
        }
        let mut sent = HashSet::new();
        for id in &unit.sent {
            let waits = self.outbox_places.get(id).is_some_and(|place| self.outbox.contains_key(place));
            if !waits || !sent.insert(id) {
                return Err(StoreError::NotInOutbox { id: id.clone() });
            }
        }
        Ok(())
    }

    fn write(&mut self, unit: &Unit) -> Receipt {
        for settlement in &unit.settlements {
            let sequence = self.next();
            self.identities.insert(identity(settlement));
            self.settlements.insert((settlement.settlement_date, sequence), settlement.clone());
        }
        for record in &unit.records {
            let sequence = self.next();
            self.record_ids.insert((record.kind.clone(), record.id.clone()));
            self.records.insert((record.date, sequence), record.clone());
        }
        for head in unit.heads.iter().filter_map(|write| write.to_head()) {
            self.heads.insert(head.id.clone(), head);
        }
        for entry in &unit.outbox {
            let sequence = self.next();
            self.outbox_places.insert(entry.id.clone(), sequence);
            self.outbox.insert(sequence, entry.clone());
        }
        for id in &unit.sent {
            if let Some(place) = self.outbox_places.get(id) {
                self.outbox.remove(place);
            }
        }
        let sequence = self.next();
        self.units.insert(unit.key.clone(), (unit.request, sequence));
        Receipt { sequence, is_replay: false }
    }

    fn next(&mut self) -> u64 {
        self.sequence = self.sequence.saturating_add(1);
        self.sequence
    }

    fn acquire(&mut self, request: &LeaseRequest) -> Result<Lease, StoreError> {
        let until = request.until();
        let last = self.leases.get(&request.name);
        let token = match last {
            Some(lease) if lease.until > request.now && lease.holder == request.holder => lease.token,
            Some(lease) if lease.until > request.now => {
                let (name, by) = (lease.name.clone(), lease.holder.clone());
                return Err(StoreError::LeaseHeld { name, by, until: lease.until });
            }
            last => FencingToken::new(last.map_or(1, |lease| lease.token.number().saturating_add(1))),
        };
        let lease = Lease { name: request.name.clone(), holder: request.holder.clone(), token, until };
        self.leases.insert(request.name.clone(), lease.clone());
        Ok(lease)
    }

    fn release(&mut self, lease: &Lease) -> Result<(), StoreError> {
        match self.leases.get_mut(&lease.name) {
            Some(held) if held.token == lease.token => {
                held.until = chrono::DateTime::<chrono::Utc>::MIN_UTC;
                held.token = FencingToken::new(held.token.number().saturating_add(1));
                Ok(())
            }
            _ => Err(StoreError::StaleLease { name: lease.name.clone() }),
        }
    }
}

/// The rows of a table behind a cursor that are wanted, at most a page of them.
fn page<T: Clone>(
    rows: &BTreeMap<(NaiveDate, u64), T>,
    after: Option<Cursor>,
    limit: PageLimit,
    is_wanted: impl Fn(NaiveDate, &T) -> bool,
) -> Page<Stored<T>> {
    use std::ops::Bound::{Excluded, Unbounded};

    let from = after.map_or(Unbounded, |after| Excluded((after.date, after.sequence)));
    let wanted = rows.range((from, Unbounded)).filter(|((date, _), row)| is_wanted(*date, row));
    let mut places = Vec::new();
    let mut found = Vec::new();
    for (&(date, sequence), row) in wanted {
        if found.len() >= usize::try_from(limit.rows()).unwrap_or(usize::MAX) {
            return Page { rows: found, next: places.pop() };
        }
        places.push(Cursor { date, sequence });
        found.push(Stored { sequence, value: row.clone() });
    }
    Page { rows: found, next: None }
}

/// A page of what comes in order, and the name of its last where there is more.
fn named_page<T, C>(
    mut rows: impl Iterator<Item = T>,
    limit: PageLimit,
    name: impl Fn(&T) -> C,
) -> Page<T, C> {
    let found: Vec<T> = rows.by_ref().take(usize::try_from(limit.rows()).unwrap_or(usize::MAX)).collect();
    let next = rows.next().and_then(|_| found.last().map(name));
    Page { rows: found, next }
}

fn is_or_open<T: PartialEq>(wanted: Option<&T>, value: Option<&T>) -> bool {
    wanted.is_none_or(|wanted| value == Some(wanted))
}

impl Store for MemoryStore {
    fn commit<'a>(&'a self, unit: &'a Unit) -> BoxFuture<'a, Result<Receipt, StoreError>> {
        Box::pin(ready(self.tables().commit(unit)))
    }

    fn receipt<'a>(&'a self, key: &'a UnitKey) -> BoxFuture<'a, Result<Option<Receipt>, StoreError>> {
        let found = self.tables().units.get(key).map(|unit| Receipt { sequence: unit.1, is_replay: true });
        Box::pin(ready(Ok(found)))
    }

    fn settlements<'a>(
        &'a self,
        query: &'a SettlementQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Stored<Settlement>>, StoreError>> {
        let found = page(&self.tables().settlements, after, limit, |date, row| {
            query.dates.contains(date)
                && is_or_open(query.partner.as_ref(), Some(&row.partner))
                && is_or_open(query.order.as_ref(), row.order_id())
        });
        Box::pin(ready(Ok(found)))
    }

    fn records<'a>(
        &'a self,
        query: &'a RecordQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Stored<Record>>, StoreError>> {
        let found = page(&self.tables().records, after, limit, |date, row| {
            query.dates.contains(date)
                && is_or_open(query.kind.as_ref(), Some(&row.kind))
                && is_or_open(query.partner.as_ref(), row.partner.as_ref())
                && is_or_open(query.order.as_ref(), row.order.as_ref())
        });
        Box::pin(ready(Ok(found)))
    }

    fn head<'a>(&'a self, id: &'a HeadId) -> BoxFuture<'a, Result<Option<Head>, StoreError>> {
        Box::pin(ready(Ok(self.tables().heads.get(id).cloned())))
    }

    fn heads<'a>(
        &'a self,
        query: &'a HeadQuery,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Head, HeadId>, StoreError>> {
        let tables = self.tables();
        let is_open = query.dates.from.is_none() && query.dates.before.is_none();
        let wanted = tables.heads.values().filter(|head| {
            query.after.as_ref().is_none_or(|after| head.id > *after)
                && is_or_open(query.kind.as_ref(), Some(&head.id.kind))
                && is_or_open(query.status.as_ref(), Some(&head.status))
                && is_or_open(query.partner.as_ref(), head.partner.as_ref())
                && (is_open || head.date.is_some_and(|date| query.dates.contains(date)))
        });
        let found = named_page(wanted.cloned(), limit, |head| head.id.clone());
        Box::pin(ready(Ok(found)))
    }

    fn outbox<'a>(
        &'a self,
        after: Option<&'a OutboxId>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<OutboxEntry, OutboxId>, StoreError>> {
        let tables = self.tables();
        let from =
            after.and_then(|id| tables.outbox_places.get(id)).map_or(0, |place| place.saturating_add(1));
        let waiting = tables.outbox.range(from..).map(|(_, entry)| entry.clone());
        let found = named_page(waiting, limit, |entry| entry.id.clone());
        Box::pin(ready(Ok(found)))
    }

    fn acquire<'a>(&'a self, request: &'a LeaseRequest) -> BoxFuture<'a, Result<Lease, StoreError>> {
        Box::pin(ready(self.tables().acquire(request)))
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(ready(self.tables().release(lease)))
    }
}
