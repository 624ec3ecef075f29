//! The service's own store passes the suite, and keeps whole lines alone.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../src/store.rs"]
mod store;

use std::io::Write;
use std::sync::{Arc, Mutex, Weak};

use jeongsan_store::testing::{Fixture, sample_unit, sample_unit_is_there};
use jeongsan_store::{Blocking, Store, StoreError};
use store::LogStore;
use tempfile::TempDir;

/// One process has the file at a time, so that its handles share a store; when the last one goes, the file is read anew.
struct Folder(TempDir, Mutex<Weak<LogStore>>);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap(), Mutex::default())
    }

    fn store(&self) -> Result<LogStore, StoreError> {
        LogStore::open(&self.0.path().join("log"))
    }
}

impl Fixture for Folder {
    fn open(&self) -> Box<dyn Store> {
        let mut shared = self.1.lock().unwrap();
        let store = shared.upgrade().unwrap_or_else(|| Arc::new(self.store().unwrap()));
        *shared = Arc::downgrade(&store);
        Box::new(store)
    }
}

jeongsan_store::store_conformance!(Folder::new());

#[test]
fn half_a_line_is_cut_off_and_the_next_one_begins_anew() {
    let folder = Folder::new();
    let path = folder.0.path().join("log");
    drop(folder.store().unwrap());
    // In the middle of a character, as a crash may leave it.
    std::fs::File::options().append(true).open(&path).unwrap().write_all(b"{\"unit\":\"\xea\xb9").unwrap();
    let store = Blocking::new(folder.store().unwrap());
    store.commit(&sample_unit()).unwrap();
    drop(store);
    sample_unit_is_there(&folder.store().unwrap()).unwrap();
}

#[test]
fn a_whole_line_of_another_kind_is_corrupt() {
    let folder = Folder::new();
    std::fs::write(folder.0.path().join("log"), "{}\n").unwrap();
    assert!(matches!(folder.store(), Err(StoreError::Corrupt { .. })));
}

#[test]
fn a_second_process_is_kept_out() {
    let folder = Folder::new();
    let _first = folder.store().unwrap();
    assert!(matches!(folder.store(), Err(StoreError::Unavailable { .. })));
}
