//! Where the tests' stores live: a server of their own, or the one that `JEONGSAN_POSTGRES_URL` names.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use jeongsan_postgres::testing::Cluster;
use jeongsan_postgres::{PostgresOptions, PostgresStore};
use jeongsan_store::block_on;

/// The server of this test binary; none where PostgreSQL isn't installed.
pub(crate) fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::start().unwrap()).as_ref()
}

/// A schema of its own.
pub(crate) struct Place {
    pub(crate) address: String,
    pub(crate) options: PostgresOptions,
}

impl Place {
    pub(crate) fn new() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let address = match std::env::var("JEONGSAN_POSTGRES_URL") {
            Ok(address) => address,
            Err(_) => cluster()?.address(),
        };
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let schema = format!("test \"{}\" {number}", std::process::id());
        Some(Self { address, options: PostgresOptions { schema, ..PostgresOptions::default() } })
    }

    pub(crate) fn store(&self) -> PostgresStore {
        block_on(PostgresStore::connect(&self.address, &self.options)).unwrap()
    }
}
