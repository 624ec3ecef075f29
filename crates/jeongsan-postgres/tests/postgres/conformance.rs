//! The store on PostgreSQL passes the suite.

use jeongsan_postgres::PostgresStore;
use jeongsan_store::testing::{Fixture, sample_unit};
use jeongsan_store::{Blocking, Store, block_on};

use crate::server::Place;

impl Fixture for Place {
    fn open(&self) -> Box<dyn Store> {
        Box::new(self.store())
    }

    fn open_older(&self) -> Option<Box<dyn Store>> {
        let older = PostgresStore::connect_at_schema(&self.address, &self.options, 1);
        Blocking::new(block_on(older).unwrap()).commit(&sample_unit()).unwrap();
        Some(self.open())
    }
}

jeongsan_store::store_conformance!(match Place::new() {
    Some(place) => place,
    None => return,
});
