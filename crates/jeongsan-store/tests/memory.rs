//! The store in memory passes the suite.

use std::sync::Arc;

use jeongsan_store::testing::Fixture;
use jeongsan_store::{MemoryStore, Store};

#[derive(Default)]
struct InMemory(Arc<MemoryStore>);

impl Fixture for InMemory {
    fn open(&self) -> Box<dyn Store> {
        Box::new(Arc::clone(&self.0))
    }
}

jeongsan_store::store_conformance!(InMemory::default());
