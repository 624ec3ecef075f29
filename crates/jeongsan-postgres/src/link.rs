//! A connection, made when it is needed and again when it is lost.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use jeongsan_store::StoreError;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::types::{FromSql, ToSql};
use tokio_postgres::{Client, Config, Error, Row, Socket, Statement};

use crate::PostgresOptions;
use crate::fault::{Stop, corrupt};
use crate::schema::{SCHEMA, found, migrate, quoted};

/// The client, and what moves its bytes.
type Connected = (Client, Pin<Box<dyn Future<Output = ()>>>);

/// Connects, by whichever TLS.
pub(crate) type Connector =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Connected, Error>>>> + Send + Sync>;

pub(crate) fn connector<T>(config: Config, tls: T) -> Connector
where
    T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
    T::Stream: 'static,
{
    Arc::new(move || {
        let (config, tls) = (config.clone(), tls.clone());
        Box::pin(async move {
            let (client, connection) = config.connect(tls).await?;
            // What goes wrong is told to the client's callers too.
            let moving: Pin<Box<dyn Future<Output = ()>>> = Box::pin(async move { drop(connection.await) });
            Ok((client, moving))
        })
    })
}

/// A place among the connections of a store: where to connect, and the connection while there is one.
pub(crate) struct Session {
    connector: Connector,
    options: PostgresOptions,
    link: Option<Link>,
}

impl Session {
    pub(crate) fn new(connector: Connector, options: PostgresOptions) -> Self {
        Self { connector, options, link: None }
    }

    /// Connects, and brings the schema to a version.
    pub(crate) async fn open(&mut self, schema: u32) -> Result<(), StoreError> {
        let name = self.options.schema.clone();
        migrate(self.link().await?, &name, schema).await
    }

    /// The connection, a new one if there is none or it was lost.
    pub(crate) async fn link(&mut self) -> Result<&mut Link, StoreError> {
        let link = match self.link.take() {
            Some(link) if !link.client.is_closed() => link,
            _ => self.connect().await?,
        };
        Ok(self.link.insert(link))
    }

    /// Gives the connection up, for the next caller to get a new one.
    pub(crate) fn forget(&mut self) {
        self.link = None;
    }

    async fn connect(&self) -> Result<Link, StoreError> {
        let (client, moving) = (self.connector)().await.map_err(Stop::from)?;
        drop(tokio::task::spawn_local(moving));
        let mut link = Link { client, statements: HashMap::new() };
        let PostgresOptions { schema, statement_timeout, lock_timeout, .. } = &self.options;
        // A receipt is for good, also where the server's own setting trades that for speed.
        let settings = format!(
            "set search_path to {}; set statement_timeout to {}; set lock_timeout to {};
             set standard_conforming_strings to on; set idle_in_transaction_session_timeout to {};
             select set_config('synchronous_commit', 'on', false)
             where current_setting('synchronous_commit') = 'off'",
            quoted(schema),
            statement_timeout.as_millis(),
            lock_timeout.as_millis(),
            statement_timeout.as_millis(),
        );
        link.batch(&settings).await?;
        let row = link.one("select current_setting('server_encoding')", &[]).await?;
        let encoding: String = Link::get(&row, 0)?;
        if encoding != "UTF8" {
            let reason = format!("the database's encoding is `{encoding}`, not `UTF8`");
            return Err(StoreError::Refused { reason });
        }
        let version = found(&mut link, schema).await?;
        if version > SCHEMA {
            return Err(StoreError::SchemaNewer { found: version, known: SCHEMA });
        }
        Ok(link)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

/// A value of a statement.
pub(crate) type Parameter<'a> = &'a (dyn ToSql + Sync);

pub(crate) fn parameter<T: ToSql + Sync>(value: &T) -> Parameter<'_> {
    value
}

/// A connection, and the statements that it knows.
pub(crate) struct Link {
    pub(crate) client: Client,
    statements: HashMap<String, Statement>,
}

impl Link {
    /// A statement, prepared once.
    pub(crate) async fn prepare(&mut self, sql: &str) -> Result<Statement, Stop> {
        match self.statements.entry(sql.to_owned()) {
            Entry::Occupied(known) => Ok(known.get().clone()),
            Entry::Vacant(place) => Ok(place.insert(self.client.prepare(sql).await?).clone()),
        }
    }

    pub(crate) async fn query(&mut self, sql: &str, values: &[Parameter<'_>]) -> Result<Vec<Row>, Stop> {
        let statement = self.prepare(sql).await?;
        Ok(self.client.query(&statement, values).await?)
    }

    pub(crate) async fn optional(
        &mut self,
        sql: &str,
        values: &[Parameter<'_>],
    ) -> Result<Option<Row>, Stop> {
        Ok(self.query(sql, values).await?.into_iter().next())
    }

    pub(crate) async fn one(&mut self, sql: &str, values: &[Parameter<'_>]) -> Result<Row, Stop> {
        Ok(self.optional(sql, values).await?.ok_or_else(|| corrupt("a row is missing"))?)
    }

    pub(crate) async fn execute(&mut self, sql: &str, values: &[Parameter<'_>]) -> Result<u64, Stop> {
        let statement = self.prepare(sql).await?;
        Ok(self.client.execute(&statement, values).await?)
    }

    /// Statements without values.
    pub(crate) async fn batch(&mut self, sql: &str) -> Result<(), Stop> {
        Ok(self.client.batch_execute(sql).await?)
    }

    pub(crate) fn get<'r, T: FromSql<'r>>(row: &'r Row, place: usize) -> Result<T, StoreError> {
        row.try_get(place).map_err(|error| Stop::from(error).into())
    }
}
