//! The thread that drives a store's connections.

use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::thread::{self, JoinHandle};

use jeongsan_store::{BoxFuture, StoreError};
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex, oneshot};
use tokio::task::LocalSet;

use crate::link::Session;

type Job = Box<dyn for<'s> FnOnce(&'s mut Session) -> Pin<Box<dyn Future<Output = ()> + 's>> + Send>;

/// Jobs for one session, or for several that share them.
#[derive(Clone)]
pub(crate) struct Lane(UnboundedSender<Job>);

impl Lane {
    /// Has something done. The job is queued at once, whether the future is polled or not, and is done to its end, whether that is waited for or
    /// not.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        job: impl AsyncFnOnce(&mut Session) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |session| {
            Box::pin(async move {
                drop(answer.send(job(session).await));
            })
        });
        let is_queued = self.0.send(job).is_ok();
        Box::pin(async move {
            if !is_queued {
                return Err(gone());
            }
            // A panic of the thread is a mistake of this crate; what it was doing may be done.
            answered.await.unwrap_or_else(|_| Err(StoreError::InDoubt { reason: gone().to_string() }))
        })
    }
}

/// The lanes and their thread, which ends when they are dropped, with what was asked before done.
pub(crate) struct Worker {
    lanes: Option<(Lane, Lane)>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the thread: one session writes, the others read.
    pub(crate) fn start(writer: Session, readers: Vec<Session>) -> Result<Self, StoreError> {
        let unavailable = |error: std::io::Error| StoreError::Unavailable { reason: error.to_string() };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(unavailable)?;
        let (write, to_write) = unbounded_channel();
        let (read, to_read) = unbounded_channel();
        let work = move || {
            let sessions = async move {
                let (to_write, to_read) = (Rc::new(Mutex::new(to_write)), Rc::new(Mutex::new(to_read)));
                let writing = tokio::task::spawn_local(serve(writer, to_write));
                let reading = readers.into_iter().map(|reader| serve(reader, Rc::clone(&to_read)));
                let reading: Vec<_> = reading.map(tokio::task::spawn_local).collect();
                drop(writing.await);
                for session in reading {
                    drop(session.await);
                }
            };
            runtime.block_on(LocalSet::new().run_until(sessions));
        };
        let thread =
            thread::Builder::new().name("jeongsan-postgres".into()).spawn(work).map_err(unavailable)?;
        Ok(Self { lanes: Some((Lane(write), Lane(read))), thread: Some(thread) })
    }

    /// Where jobs that write go, one after the other.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        job: impl AsyncFnOnce(&mut Session) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        match &self.lanes {
            Some((write, _)) => write.run(job),
            None => Box::pin(std::future::ready(Err(gone()))),
        }
    }

    /// Where jobs that read go.
    pub(crate) fn read<T: Send + 'static>(
        &self,
        job: impl AsyncFnOnce(&mut Session) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        match &self.lanes {
            Some((_, read)) => read.run(job),
            None => Box::pin(std::future::ready(Err(gone()))),
        }
    }
}

/// Does the jobs of a queue on a session until there can be no more.
async fn serve(mut session: Session, queue: Rc<Mutex<UnboundedReceiver<Job>>>) {
    loop {
        let job = queue.lock().await.recv().await;
        match job {
            Some(job) => job(&mut session).await,
            None => return,
        }
    }
}

fn gone() -> StoreError {
    StoreError::Unavailable { reason: "the store's thread has ended".into() }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.lanes = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker")
    }
}
