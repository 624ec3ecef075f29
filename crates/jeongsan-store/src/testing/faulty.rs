//! A store that breaks one promise, to prove that the rules find it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use jeongsan::figures::Figures;
use jeongsan::funding::FunderParts;
use jeongsan::money::Amount;
use jeongsan::settle::Settlement;

use crate::{
    BoxFuture, Cursor, Expected, Fence, FencingToken, Head, HeadId, HeadQuery, Lease, LeaseRequest,
    OutboxEntry, OutboxId, Page, PageLimit, Receipt, Record, RecordQuery, Retry, SettlementQuery, Store,
    StoreError, Stored, Unit, UnitKey,
};

/// The promise that is broken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// Keys are forgotten, so that a unit is tried again.
    ForgetsKeys,
    /// The fingerprint isn't looked at.
    IgnoresRequests,
    /// A replay isn't told as one.
    HidesReplays,
    /// Versions aren't compared.
    IgnoresVersions,
    /// A unit's outbox is written on its own, whatever becomes of the rest.
    WritesOutboxApart,
    /// A unit's records are written on their own.
    WritesRecordsApart,
    /// What was sent stays in the outbox.
    KeepsSent,
    /// The lines and the merchant's own figures of a settlement are lost.
    DropsDetails,
    /// Amounts go through a number that has 53 bits.
    RoundsAmounts,
    /// The end of a span of dates is included.
    IncludesLastDate,
    /// A page begins with the next date, so that ties are lost.
    SkipsTies,
    /// The cursor isn't looked at.
    IgnoresCursors,
    /// Fences aren't looked at.
    IgnoresFences,
    /// The token of a lease that was given back is good.
    HonoursReleased,
    /// Every holder has the same token.
    RepeatsTokens,
    /// The time of a lease isn't looked at: who asks has it.
    GivesLeasesAway,
    /// Conflicts are told as something that a retry can't help.
    HidesConflicts,
}

impl Fault {
    /// Every fault.
    pub const ALL: &'static [Self] = &[
        Self::ForgetsKeys,
        Self::IgnoresRequests,
        Self::HidesReplays,
        Self::IgnoresVersions,
        Self::WritesOutboxApart,
        Self::WritesRecordsApart,
        Self::KeepsSent,
        Self::DropsDetails,
        Self::RoundsAmounts,
        Self::IncludesLastDate,
        Self::SkipsTies,
        Self::IgnoresCursors,
        Self::IgnoresFences,
        Self::HonoursReleased,
        Self::RepeatsTokens,
        Self::GivesLeasesAway,
        Self::HidesConflicts,
    ];
}

/// A store with a [`Fault`] over one without.
#[derive(Debug)]
pub struct FaultyStore<S> {
    store: S,
    fault: Fault,
    count: AtomicU64,
    released: Mutex<Vec<Fence>>,
}

impl<S: Store> FaultyStore<S> {
    /// Puts a fault over a store.
    pub const fn new(store: S, fault: Fault) -> Self {
        Self { store, fault, count: AtomicU64::new(0), released: Mutex::new(Vec::new()) }
    }

    /// A key that no other commit has.
    fn fresh_key(&self, key: &UnitKey) -> UnitKey {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        UnitKey::new(&format!("{number}/{}", key.as_str().chars().take(200).collect::<String>()))
            .unwrap_or_else(|_| key.clone())
    }

    /// The unit as the faulty store sees it.
    async fn altered(&self, unit: &Unit) -> Unit {
        let mut unit = unit.clone();
        match self.fault {
            Fault::ForgetsKeys => unit.key = self.fresh_key(&unit.key),
            Fault::IgnoresRequests => unit.request = crate::Fingerprint::from_bytes([0; 32]),
            Fault::IgnoresVersions => {
                for write in &mut unit.heads {
                    let found = self.store.head(&write.id).await.ok().flatten();
                    write.expected = found.map_or(Expected::Absent, |head| Expected::Version(head.version));
                }
            }
            Fault::WritesOutboxApart => {
                let mut part = Unit::new(self.fresh_key(&unit.key), unit.request);
                part.outbox = std::mem::take(&mut unit.outbox);
                // Whether it works doesn't matter to this one.
                let _ = self.store.commit(&part).await;
            }
            Fault::WritesRecordsApart => {
                for record in std::mem::take(&mut unit.records) {
                    let mut part = Unit::new(self.fresh_key(&unit.key), unit.request);
                    part.records = vec![record];
                    let _ = self.store.commit(&part).await;
                }
            }
            Fault::KeepsSent => unit.sent.clear(),
            Fault::DropsDetails => unit.settlements.iter_mut().for_each(|settlement| {
                settlement.lines.clear();
                settlement.user_formulas.clear();
                settlement.funders = FunderParts::new();
            }),
            Fault::RoundsAmounts => unit.settlements.iter_mut().for_each(|settlement| {
                settlement.figures = rounded(&settlement.figures);
            }),
            Fault::IgnoresFences => unit.fence = None,
            Fault::HonoursReleased => {
                let released = self.released.lock();
                let fence = unit.fence.take();
                unit.fence = fence.filter(|fence| released.is_ok_and(|released| !released.contains(fence)));
            }
            _ => {}
        }
        unit
    }
}

/// What is left of amounts in 53 bits and a sign.
fn rounded(figures: &Figures) -> Figures {
    Figures::from_fn(|figure| {
        let minor = figures.get(figure).minor();
        let is_wide = minor.unsigned_abs() > 1 << 53;
        Amount::new(if is_wide { minor & !1 } else { minor })
    })
}

impl<S: Store> Store for FaultyStore<S> {
    fn commit<'a>(&'a self, unit: &'a Unit) -> BoxFuture<'a, Result<Receipt, StoreError>> {
        Box::pin(async move {
            let unit = self.altered(unit).await;
            let committed = self.store.commit(&unit).await;
            match (self.fault, committed) {
                (Fault::HidesReplays, Ok(receipt)) => Ok(Receipt { is_replay: false, ..receipt }),
                (Fault::HidesConflicts, Err(error)) if error.retry() == Retry::PrepareAnew => {
                    Err(StoreError::Refused { reason: error.to_string() })
                }
                (_, committed) => committed,
            }
        })
    }

    fn receipt<'a>(&'a self, key: &'a UnitKey) -> BoxFuture<'a, Result<Option<Receipt>, StoreError>> {
        self.store.receipt(key)
    }

    fn settlements<'a>(
        &'a self,
        query: &'a SettlementQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Stored<Settlement>>, StoreError>> {
        Box::pin(async move {
            let mut query = query.clone();
            let mut after = after;
            match self.fault {
                Fault::IncludesLastDate => {
                    query.dates.before = query.dates.before.and_then(|date| date.succ_opt());
                }
                Fault::SkipsTies => {
                    after = after.map(|after| Cursor { sequence: u64::MAX >> 1, ..after });
                }
                Fault::IgnoresCursors => after = None,
                _ => {}
            }
            self.store.settlements(&query, after, limit).await
        })
    }

    fn records<'a>(
        &'a self,
        query: &'a RecordQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Stored<Record>>, StoreError>> {
        self.store.records(query, after, limit)
    }

    fn head<'a>(&'a self, id: &'a HeadId) -> BoxFuture<'a, Result<Option<Head>, StoreError>> {
        self.store.head(id)
    }

    fn heads<'a>(
        &'a self,
        query: &'a HeadQuery,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Head, HeadId>, StoreError>> {
        self.store.heads(query, limit)
    }

    fn outbox<'a>(
        &'a self,
        after: Option<&'a OutboxId>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<OutboxEntry, OutboxId>, StoreError>> {
        self.store.outbox(after, limit)
    }

    fn acquire<'a>(&'a self, request: &'a LeaseRequest) -> BoxFuture<'a, Result<Lease, StoreError>> {
        Box::pin(async move {
            let acquired = self.store.acquire(request).await;
            match (self.fault, acquired) {
                (Fault::RepeatsTokens, Ok(lease)) => Ok(Lease { token: FencingToken::new(1), ..lease }),
                (Fault::GivesLeasesAway, Err(StoreError::LeaseHeld { .. })) => Ok(Lease {
                    name: request.name.clone(),
                    holder: request.holder.clone(),
                    token: FencingToken::new(u64::MAX),
                    until: request.until(),
                }),
                (_, acquired) => acquired,
            }
        })
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>> {
        if let Ok(mut released) = self.released.lock() {
            released.push(lease.fence());
        }
        self.store.release(lease)
    }
}
