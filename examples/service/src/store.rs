//! This host's own store: a file with a line for every change, and an index in memory that is read from it at the start.
//!
//! A line counts when its end is on the disk; what a crash left behind the last line end is cut off. One process has the file at a time.

use std::fs::File;
use std::future::ready;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jeongsan_store::{
    BoxFuture, Change, Lease, LeaseRequest, MemoryStore, Receipt, Store, StoreError, Unit, block_on,
};

#[derive(Debug)]
pub(crate) struct LogStore {
    index: MemoryStore,
    /// None once a write failed: how much of it is in the file, the next start finds out.
    log: Mutex<Option<File>>,
}

impl LogStore {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let file = File::options().read(true).append(true).create(true).open(path).map_err(unavailable)?;
        file.try_lock().map_err(unavailable)?;
        let (index, mut whole_bytes, mut line) = (MemoryStore::new(), 0, Vec::new());
        let mut lines = BufReader::new(&file);
        while lines.read_until(b'\n', &mut line).map_err(unavailable)? > 0 && line.ends_with(b"\n") {
            let text = std::str::from_utf8(&line).map_err(corrupt)?;
            index.replay(&Change::from_line(text).map_err(corrupt)?)?;
            whole_bytes += u64::try_from(line.len()).map_err(unavailable)?;
            line.clear();
        }
        file.set_len(whole_bytes).map_err(unavailable)?;
        Ok(Self { index, log: Mutex::new(Some(file)) })
    }

    fn log(&self) -> MutexGuard<'_, Option<File>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn commit_unit(&self, unit: &Unit) -> Result<Receipt, StoreError> {
        let mut log = self.log();
        if let Some(receipt) = self.index.check(unit)? {
            return Ok(receipt);
        }
        append(&mut log, &Change::Unit(unit.clone()))?;
        block_on(self.index.commit(unit))
    }
}

/// Writes a line and waits until the disk has it. A busier host has a thread of its own for this.
fn append(log: &mut Option<File>, change: &Change) -> Result<(), StoreError> {
    let mut file =
        log.take().ok_or_else(|| unavailable("a write failed; the next start reads what is there"))?;
    let written = file.write_all((change.to_line() + "\n").as_bytes()).and_then(|()| file.sync_data());
    written.map_err(|error| StoreError::InDoubt { reason: error.to_string() })?;
    *log = Some(file);
    Ok(())
}

fn unavailable(error: impl ToString) -> StoreError {
    StoreError::Unavailable { reason: error.to_string() }
}

fn corrupt(error: impl ToString) -> StoreError {
    StoreError::Corrupt { reason: error.to_string() }
}

impl Store for LogStore {
    fn commit<'a>(&'a self, unit: &'a Unit) -> BoxFuture<'a, Result<Receipt, StoreError>> {
        Box::pin(ready(self.commit_unit(unit)))
    }

    fn acquire<'a>(&'a self, request: &'a LeaseRequest) -> BoxFuture<'a, Result<Lease, StoreError>> {
        let mut log = self.log();
        let lease = block_on(self.index.acquire(request));
        let change = Change::Acquired(request.clone());
        Box::pin(ready(lease.and_then(|lease| append(&mut log, &change).map(|()| lease))))
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>> {
        let mut log = self.log();
        let released = block_on(self.index.release(lease));
        Box::pin(ready(released.and_then(|()| append(&mut log, &Change::Released(lease.clone())))))
    }

    jeongsan_store::forward_reads!(self => self.index);
}
