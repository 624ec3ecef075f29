//! The trait that hosts implement.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use jeongsan::settle::Settlement;

use crate::{
    Cursor, Head, HeadId, HeadQuery, Lease, LeaseRequest, OutboxEntry, OutboxId, Page, PageLimit, Record,
    RecordQuery, SettlementQuery, StoreError, Stored, Unit, UnitKey,
};

/// A future that any executor polls.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What tells that a unit is written for good.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Receipt {
    /// The unit's number: units committed later have higher ones.
    pub sequence: u64,
    /// Whether it was written before, under the same key.
    pub is_replay: bool,
}

/// Where settlements, records, heads and the outbox are kept.
///
/// An implementation passes the suite in `testing`. What the methods promise:
///
/// - [`commit`](Self::commit) writes all of a unit or nothing of it, and a receipt means that it outlasts a crash of the process.
/// - A unit whose key was committed before is not written again; the first receipt answers it, marked as a replay, if the request is the
///   same, and [`StoreError::KeyReused`] if not. This is looked at before all else.
/// - Readers see whole units, and every unit whose receipt was given before they asked.
/// - Dropping a future before it is done leaves open whether its work is done; committing the same unit again tells.
pub trait Store: fmt::Debug + Send + Sync {
    /// Writes a unit.
    ///
    /// Its faults are looked at in this order: key, fence, heads, duplicates, outbox.
    fn commit<'a>(&'a self, unit: &'a Unit) -> BoxFuture<'a, Result<Receipt, StoreError>>;

    /// The receipt of a unit that was committed; `None` if none was under this key.
    fn receipt<'a>(&'a self, key: &'a UnitKey) -> BoxFuture<'a, Result<Option<Receipt>, StoreError>>;

    /// A page of settlements, by settlement date and then in the order of writing, behind a cursor.
    fn settlements<'a>(
        &'a self,
        query: &'a SettlementQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Stored<Settlement>>, StoreError>>;

    /// A page of records, by date and then in the order of writing, behind a cursor.
    fn records<'a>(
        &'a self,
        query: &'a RecordQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Stored<Record>>, StoreError>>;

    /// The last version of a head.
    fn head<'a>(&'a self, id: &'a HeadId) -> BoxFuture<'a, Result<Option<Head>, StoreError>>;

    /// A page of heads as of their last versions, by name.
    fn heads<'a>(
        &'a self,
        query: &'a HeadQuery,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Head, HeadId>, StoreError>>;

    /// A page of what waits in the outbox, in the order of writing, behind an entry.
    fn outbox<'a>(
        &'a self,
        after: Option<&'a OutboxId>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<OutboxEntry, OutboxId>, StoreError>>;

    /// Takes a lease, or keeps one that the same holder has: the token stays then, and the end moves.
    ///
    /// A lease whose time is over goes to whoever asks, with a higher token, to its last holder too.
    fn acquire<'a>(&'a self, request: &'a LeaseRequest) -> BoxFuture<'a, Result<Lease, StoreError>>;

    /// Gives a lease back before its time; [`StoreError::StaleLease`] when another has it.
    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// Writes the reading methods of a [`Store`] that hands them on to another one, such as a [`MemoryStore`](crate::MemoryStore) that is its index.
///
/// ```
/// use jeongsan_store::{BoxFuture, Lease, LeaseRequest, MemoryStore, Receipt, Store, StoreError, Unit};
///
/// #[derive(Debug, Default)]
/// struct Counting {
///     commits: std::sync::atomic::AtomicU64,
///     index: MemoryStore,
/// }
///
/// impl Store for Counting {
///     fn commit<'a>(&'a self, unit: &'a Unit) -> BoxFuture<'a, Result<Receipt, StoreError>> {
///         self.commits.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
///         self.index.commit(unit)
///     }
///
///     fn acquire<'a>(&'a self, request: &'a LeaseRequest) -> BoxFuture<'a, Result<Lease, StoreError>> {
///         self.index.acquire(request)
///     }
///
///     fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>> {
///         self.index.release(lease)
///     }
///
///     jeongsan_store::forward_reads!(self => self.index);
/// }
/// # jeongsan_store::block_on(Counting::default().outbox(None, jeongsan_store::PageLimit::MAX)).unwrap();
/// ```
#[macro_export]
macro_rules! forward_reads {
    ($this:ident => $store:expr) => {
        $crate::forward_reads! { $this => $store;
            receipt(key: &'a $crate::UnitKey) -> Option<$crate::Receipt>;
            settlements(query: &'a $crate::SettlementQuery, after: Option<$crate::Cursor>, limit: $crate::PageLimit)
                -> $crate::Page<$crate::Stored<$crate::Settlement>>;
            records(query: &'a $crate::RecordQuery, after: Option<$crate::Cursor>, limit: $crate::PageLimit)
                -> $crate::Page<$crate::Stored<$crate::Record>>;
            head(id: &'a $crate::HeadId) -> Option<$crate::Head>;
            heads(query: &'a $crate::HeadQuery, limit: $crate::PageLimit) -> $crate::Page<$crate::Head, $crate::HeadId>;
            outbox(after: Option<&'a $crate::OutboxId>, limit: $crate::PageLimit)
                -> $crate::Page<$crate::OutboxEntry, $crate::OutboxId>;
        }
    };
    ($this:ident => $store:expr; $($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)+) => {$(
        fn $name<'a>(&'a $this, $($argument: $type),*) -> $crate::BoxFuture<'a, Result<$answer, $crate::StoreError>> {
            $store.$name($($argument),*)
        }
    )+};
}

/// Makes a pointer to a store a store.
macro_rules! forward {
    ($($pointer:ty),+) => {$(
        impl<S: Store + ?Sized> Store for $pointer {
            fn commit<'a>(&'a self, unit: &'a Unit) -> BoxFuture<'a, Result<Receipt, StoreError>> {
                (**self).commit(unit)
            }

            fn acquire<'a>(&'a self, request: &'a LeaseRequest) -> BoxFuture<'a, Result<Lease, StoreError>> {
                (**self).acquire(request)
            }

            fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>> {
                (**self).release(lease)
            }

            $crate::forward_reads!(self => (**self));
        }
    )+};
}

forward!(&S, Arc<S>, Box<S>);
