//! The face for hosts without an executor.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use jeongsan::settle::Settlement;

use crate::{
    Cursor, Head, HeadId, HeadQuery, Lease, LeaseRequest, OutboxEntry, OutboxId, Page, PageLimit, Receipt,
    Record, RecordQuery, SettlementQuery, Store, StoreError, Stored, Unit, UnitKey,
};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future on this thread, which sleeps meanwhile. The stores of this family do their work on threads of their own, so that any
/// future of theirs can be waited for like this.
///
/// ```
/// assert_eq!(jeongsan_store::block_on(async { 1 + 1 }), 2);
/// ```
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        thread::park();
    }
}

/// A store whose methods wait until the work is done.
#[derive(Clone, Debug)]
pub struct Blocking<S>(S);

impl<S: Store> Blocking<S> {
    /// The blocking face of a store.
    pub const fn new(store: S) -> Self {
        Self(store)
    }

    /// The store itself.
    pub const fn store(&self) -> &S {
        &self.0
    }

    /// [`Store::commit`].
    ///
    /// # Errors
    /// As the store's.
    pub fn commit(&self, unit: &Unit) -> Result<Receipt, StoreError> {
        block_on(self.0.commit(unit))
    }

    /// [`Store::receipt`].
    ///
    /// # Errors
    /// As the store's.
    pub fn receipt(&self, key: &UnitKey) -> Result<Option<Receipt>, StoreError> {
        block_on(self.0.receipt(key))
    }

    /// [`Store::settlements`].
    ///
    /// # Errors
    /// As the store's.
    pub fn settlements(
        &self,
        query: &SettlementQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> Result<Page<Stored<Settlement>>, StoreError> {
        block_on(self.0.settlements(query, after, limit))
    }

    /// [`Store::records`].
    ///
    /// # Errors
    /// As the store's.
    pub fn records(
        &self,
        query: &RecordQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> Result<Page<Stored<Record>>, StoreError> {
        block_on(self.0.records(query, after, limit))
    }

    /// [`Store::head`].
    ///
    /// # Errors
    /// As the store's.
    pub fn head(&self, id: &HeadId) -> Result<Option<Head>, StoreError> {
        block_on(self.0.head(id))
    }

    /// [`Store::heads`].
    ///
    /// # Errors
    /// As the store's.
    pub fn heads(&self, query: &HeadQuery, limit: PageLimit) -> Result<Page<Head, HeadId>, StoreError> {
        block_on(self.0.heads(query, limit))
    }

    /// [`Store::outbox`].
    ///
    /// # Errors
    /// As the store's.
    pub fn outbox(
        &self,
        after: Option<&OutboxId>,
        limit: PageLimit,
    ) -> Result<Page<OutboxEntry, OutboxId>, StoreError> {
        block_on(self.0.outbox(after, limit))
    }

    /// [`Store::acquire`].
    ///
    /// # Errors
    /// As the store's.
    pub fn acquire(&self, request: &LeaseRequest) -> Result<Lease, StoreError> {
        block_on(self.0.acquire(request))
    }

    /// [`Store::release`].
    ///
    /// # Errors
    /// As the store's.
    pub fn release(&self, lease: &Lease) -> Result<(), StoreError> {
        block_on(self.0.release(lease))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use std::time::Duration;

    #[test]
    fn a_future_that_another_thread_finishes_is_waited_for() {
        struct Later(Arc<Mutex<(bool, Option<Waker>)>>);

        impl Future for Later {
            type Output = &'static str;

            fn poll(self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<&'static str> {
                let mut state = self.0.lock().unwrap();
                state.1 = Some(context.waker().clone());
                if state.0 { Poll::Ready("done") } else { Poll::Pending }
            }
        }

        let state = Arc::new(Mutex::new((false, None::<Waker>)));
        let shared = Arc::clone(&state);
        let worker = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            let mut state = shared.lock().unwrap();
            state.0 = true;
            if let Some(waker) = state.1.take() {
                waker.wake();
            }
        });
        assert_eq!(block_on(Later(state)), "done");
        worker.join().unwrap();
    }
}
