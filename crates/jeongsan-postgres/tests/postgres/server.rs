//! Where the tests' stores live: a server of their own, or the one that `JEONGSAN_POSTGRES_URL` names.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::NaiveDate;
use jeongsan::figures::Figures;
use jeongsan::money::{Amount, Currency};
use jeongsan::settle::{Settlement, SettlementKind};
use jeongsan_postgres::testing::Cluster;
use jeongsan_postgres::{PostgresOptions, PostgresStore};
use jeongsan_store::{Blocking, Body, Fingerprint, OutboxEntry, Record, StoreError, Unit, block_on};

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
    /// On the server that there is.
    pub(crate) fn new() -> Option<Self> {
        match std::env::var("JEONGSAN_POSTGRES_URL") {
            Ok(address) => Some(Self::at(address)),
            Err(_) => cluster().map(Self::on),
        }
    }

    /// On a server of the tests' own, whose owner may do everything.
    pub(crate) fn on(cluster: &Cluster) -> Self {
        Self::at(cluster.address())
    }

    fn at(address: String) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let schema = format!("test \"{}\" {number}", std::process::id());
        Self { address, options: PostgresOptions { schema, ..PostgresOptions::default() } }
    }

    pub(crate) fn connect(&self) -> Result<Blocking<PostgresStore>, StoreError> {
        block_on(PostgresStore::connect(&self.address, &self.options)).map(Blocking::new)
    }

    pub(crate) fn store(&self) -> PostgresStore {
        block_on(PostgresStore::connect(&self.address, &self.options)).unwrap()
    }

    /// SQL in the schema.
    pub(crate) fn sql(&self, cluster: &Cluster, sql: &str) -> String {
        let schema = self.options.schema.replace('"', "\"\"");
        cluster.sql("jeongsan", &format!("set search_path to \"{schema}\"; {sql}")).unwrap()
    }
}

impl Drop for Place {
    /// The tests' own server goes with all it has; on another, nothing is left behind.
    fn drop(&mut self) {
        let Ok(address) = std::env::var("JEONGSAN_POSTGRES_URL") else { return };
        let drop_schema =
            format!("drop schema if exists \"{}\" cascade", self.options.schema.replace('"', "\"\""));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) =
                tokio_postgres::connect(&address, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&drop_schema).await.unwrap();
        });
    }
}

pub(crate) fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1 + number % 28).unwrap()
}

pub(crate) fn settlement(id: &str) -> Settlement {
    let figures = Figures { settlement: Amount::new(8_900), ..Figures::ZERO };
    let (id, partner) = (id.parse().unwrap(), "seller-1".parse().unwrap());
    Settlement::new(id, SettlementKind::Order, partner, day(3), Currency::KRW, figures)
}

pub(crate) const SECRET: &str = "110-123-456789";

/// A unit with settlements, a record and a payout, whose bodies have an account number.
pub(crate) fn unit(key: &str, settlements: usize) -> Unit {
    let mut unit = Unit::new(key.parse().unwrap(), Fingerprint::of([key]));
    let body = || Body::new(format!("{{\"account\":\"{SECRET}\"}}")).unwrap();
    unit.settlements = (0..settlements).map(|number| settlement(&format!("{key}/{number}"))).collect();
    unit.records = vec![Record::new("event".parse().unwrap(), key.parse().unwrap(), day(1), body())];
    unit.outbox = vec![OutboxEntry { id: key.parse().unwrap(), body: body() }];
    unit
}
