//! A thread that owns a connection and does one job after the other.

use std::sync::mpsc::{Sender, channel};
use std::thread::{Builder, JoinHandle};

use futures_channel::oneshot;
use jeongsan_store::{BoxFuture, StoreError};

type Job<C> = Box<dyn FnOnce(&mut C) + Send>;

/// A thread that owns a context, such as a connection; it ends when the worker is dropped, with what was asked before done.
pub(crate) struct Worker<C> {
    jobs: Option<Sender<Job<C>>>,
    thread: Option<JoinHandle<()>>,
}

impl<C: 'static> Worker<C> {
    /// Starts the thread; the context is made on it.
    pub(crate) fn start(
        name: &str,
        make: impl FnOnce() -> Result<C, StoreError> + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (jobs, queue) = channel::<Job<C>>();
        let (made, outcome) = channel();
        let work = move || {
            let mut context = match make() {
                Ok(context) => context,
                Err(error) => return drop(made.send(Err(error))),
            };
            drop(made.send(Ok(())));
            queue.into_iter().for_each(|job| job(&mut context));
        };
        let thread = Builder::new()
            .name(name.to_owned())
            .spawn(work)
            .map_err(|error| StoreError::Unavailable { reason: error.to_string() })?;
        outcome.recv().unwrap_or_else(|_| Err(gone()))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Has something done on the thread. The job is queued at once, whether the future is polled or not.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut C) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let (answer, answered) = oneshot::channel();
        let job: Job<C> = Box::new(move |context| drop(answer.send(job(context))));
        let is_queued = self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        Box::pin(async move {
            if !is_queued {
                return Err(gone());
            }
            // A panic of the thread is a mistake of this crate; what it was doing may be done.
            answered.await.unwrap_or_else(|_| Err(StoreError::InDoubt { reason: gone().to_string() }))
        })
    }
}

fn gone() -> StoreError {
    StoreError::Unavailable { reason: "the store's thread has ended".into() }
}

impl<C> Drop for Worker<C> {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl<C> std::fmt::Debug for Worker<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Worker")
    }
}
