//! The store on SQLite passes the suite.

use jeongsan_sqlite::{SqliteOptions, SqliteStore};
use jeongsan_store::testing::{Fixture, sample_unit};
use jeongsan_store::{Blocking, Store};
use tempfile::TempDir;

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn store(&self) -> SqliteStore {
        SqliteStore::open(&self.0.path().join("store.sqlite"), &SqliteOptions::default()).unwrap()
    }
}

impl Fixture for Folder {
    fn open(&self) -> Box<dyn Store> {
        Box::new(self.store())
    }

    fn open_older(&self) -> Option<Box<dyn Store>> {
        let file = self.0.path().join("store.sqlite");
        let older = SqliteStore::open_at_schema(&file, &SqliteOptions::default(), 1).unwrap();
        Blocking::new(older).commit(&sample_unit()).unwrap();
        Some(self.open())
    }
}

jeongsan_store::store_conformance!(Folder::new());
