//! The store: a thread, a connection that writes, connections that read.

use std::str::FromStr;
use std::time::Duration;

use jeongsan::settle::Settlement;
use jeongsan_store::{
    BoxFuture, Cursor, Head, HeadId, HeadQuery, Lease, LeaseRequest, OutboxEntry, OutboxId, Page, PageLimit,
    Receipt, Record, RecordQuery, SettlementQuery, Store, StoreError, Stored, Unit, UnitKey,
};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Config, NoTls, Socket};

use crate::fault::fault;
use crate::link::{Session, connector};
use crate::schema::{SCHEMA, check_name};
use crate::worker::Worker;
use crate::{lease, read, write};

/// How a database is used.
///
/// ```
/// use jeongsan_postgres::PostgresOptions;
///
/// let options = PostgresOptions { schema: "books_2026".into(), ..PostgresOptions::default() };
/// assert_eq!(options.readers, 2);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PostgresOptions {
    /// The schema that the tables are in; `jeongsan`. It is made where there is none and the role may.
    pub schema: String,
    /// How many connections read, at least one; 2. One more writes. Each is made when it is first needed.
    pub readers: u8,
    /// The longest that the server works on one statement, zero for any time; a minute. A unit of a million rows takes longer.
    pub statement_timeout: Duration,
    /// The longest wait for another that writes, zero for any time; 10 seconds.
    pub lock_timeout: Duration,
    /// The longest wait for a connection, and for the network to take what is sent; 10 seconds. What the address says goes before it.
    pub connect_timeout: Duration,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            schema: "jeongsan".into(),
            readers: 2,
            statement_timeout: Duration::from_secs(60),
            lock_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(10),
        }
    }
}

/// A store in a PostgreSQL database.
///
/// ```no_run
/// use jeongsan_postgres::{PostgresOptions, PostgresStore};
/// use jeongsan_store::{Blocking, Fingerprint, Unit, block_on};
///
/// let address = "postgresql://settler@db.internal/market";
/// let store = block_on(PostgresStore::connect(address, &PostgresOptions::default()))?;
/// let store = Blocking::new(store);
/// let unit = Unit::new("run-2026-03-31".parse()?, Fingerprint::of(["2026-03-31"]));
/// store.commit(&unit)?;
/// assert!(store.commit(&unit)?.is_replay);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PostgresStore {
    worker: Worker,
}

impl PostgresStore {
    /// Connects to a database by its address, a URL or pairs of keys and values, without TLS: over a socket, within one machine, or through a tunnel.
    /// The schema is made where there is none and brought to the newest version where it has an older one.
    ///
    /// # Errors
    /// When the address makes no sense, the server can't be reached or refuses, or the schema is another program's or a newer one's.
    pub async fn connect(address: &str, options: &PostgresOptions) -> Result<Self, StoreError> {
        let config = Config::from_str(address).map_err(|error| fault(&error))?;
        Self::connect_at(config, NoTls, options, SCHEMA).await
    }

    /// Connects by a configuration and a TLS of the host's choice, such as `tokio-postgres-rustls`.
    ///
    /// # Errors
    /// As [`PostgresStore::connect`].
    pub async fn connect_with<T>(
        config: Config,
        tls: T,
        options: &PostgresOptions,
    ) -> Result<Self, StoreError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: 'static,
    {
        Self::connect_at(config, tls, options, SCHEMA).await
    }

    /// Connects and brings the schema to an older version, as an older program would have.
    ///
    /// # Errors
    /// As [`PostgresStore::connect`].
    #[cfg(feature = "testing")]
    pub async fn connect_at_schema(
        address: &str,
        options: &PostgresOptions,
        schema: u32,
    ) -> Result<Self, StoreError> {
        let config = Config::from_str(address).map_err(|error| fault(&error))?;
        Self::connect_at(config, NoTls, options, schema).await
    }

    async fn connect_at<T>(
        mut config: Config,
        tls: T,
        options: &PostgresOptions,
        schema: u32,
    ) -> Result<Self, StoreError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: 'static,
    {
        check_name(&options.schema)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(options.connect_timeout);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(options.connect_timeout);
        }
        if config.get_application_name().is_none() {
            config.application_name("jeongsan");
        }
        let connector = connector(config, tls);
        let session = || Session::new(connector.clone(), options.clone());
        let readers = (0..options.readers.max(1)).map(|_| session()).collect();
        let worker = Worker::start(session(), readers)?;
        worker.write(async move |session| session.open(schema).await).await?;
        Ok(Self { worker })
    }
}

impl Store for PostgresStore {
    fn commit<'a>(&'a self, unit: &'a Unit) -> BoxFuture<'a, Result<Receipt, StoreError>> {
        let unit = unit.clone();
        self.worker.write(async move |session| write::commit(session, &unit).await)
    }

    fn receipt<'a>(&'a self, key: &'a UnitKey) -> BoxFuture<'a, Result<Option<Receipt>, StoreError>> {
        let key = key.clone();
        self.worker.read(async move |session| read::receipt(session.link().await?, &key).await)
    }

    fn settlements<'a>(
        &'a self,
        query: &'a SettlementQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Stored<Settlement>>, StoreError>> {
        let query = query.clone();
        self.worker
            .read(async move |session| read::settlements(session.link().await?, &query, after, limit).await)
    }

    fn records<'a>(
        &'a self,
        query: &'a RecordQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Stored<Record>>, StoreError>> {
        let query = query.clone();
        self.worker
            .read(async move |session| read::records(session.link().await?, &query, after, limit).await)
    }

    fn head<'a>(&'a self, id: &'a HeadId) -> BoxFuture<'a, Result<Option<Head>, StoreError>> {
        let id = id.clone();
        self.worker.read(async move |session| read::head(session.link().await?, &id).await)
    }

    fn heads<'a>(
        &'a self,
        query: &'a HeadQuery,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Head, HeadId>, StoreError>> {
        let query = query.clone();
        self.worker.read(async move |session| read::heads(session.link().await?, &query, limit).await)
    }

    fn outbox<'a>(
        &'a self,
        after: Option<&'a OutboxId>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<OutboxEntry, OutboxId>, StoreError>> {
        let after = after.cloned();
        self.worker
            .read(async move |session| read::outbox(session.link().await?, after.as_ref(), limit).await)
    }

    fn acquire<'a>(&'a self, request: &'a LeaseRequest) -> BoxFuture<'a, Result<Lease, StoreError>> {
        let request = request.clone();
        self.worker.write(async move |session| lease::acquire(session.link().await?, &request).await)
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>> {
        let lease = lease.clone();
        self.worker.write(async move |session| lease::release(session.link().await?, &lease).await)
    }
}
