//! The store: a file, a thread that writes, a thread that reads.

use std::path::Path;
use std::time::Duration;

use jeongsan::settle::Settlement;
use jeongsan_store::{
    BoxFuture, Cursor, Head, HeadId, HeadQuery, Lease, LeaseRequest, OutboxEntry, OutboxId, Page, PageLimit,
    Receipt, Record, RecordQuery, SettlementQuery, Store, StoreError, Stored, Unit, UnitKey,
};
use rusqlite::{Connection, OpenFlags};

use crate::fault::fault;
use crate::names::Names;
use crate::read::Reader;
use crate::schema::{SCHEMA, migrate};
use crate::worker::Worker;
use crate::write::Writer;

/// How a file is opened.
///
/// ```
/// use jeongsan_sqlite::SqliteOptions;
///
/// let options = SqliteOptions { cache_mebibytes: 16, ..SqliteOptions::default() };
/// assert_eq!(options.busy_timeout.as_secs(), 10);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SqliteOptions {
    /// How long to wait for another process that writes before telling that the store is unavailable; 10 seconds.
    pub busy_timeout: Duration,
    /// The pages of the file that are kept in memory, by each of the two threads; 64 MiB. Rows that come in another order than the table's take
    /// several times as long with SQLite's own 2 MB.
    pub cache_mebibytes: u32,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(10), cache_mebibytes: 64 }
    }
}

/// A store in a SQLite file.
///
/// ```
/// use jeongsan_sqlite::{SqliteOptions, SqliteStore};
/// use jeongsan_store::{Blocking, Fingerprint, Unit};
///
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("settlements.sqlite");
/// let store = Blocking::new(SqliteStore::open(&file, &SqliteOptions::default())?);
/// let unit = Unit::new("run-2026-03-31".parse()?, Fingerprint::of(["2026-03-31"]));
/// assert!(!store.commit(&unit)?.is_replay);
/// assert!(store.commit(&unit)?.is_replay);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct SqliteStore {
    // Dropped before the writer, which as the last to close the file moves the log into it.
    reader: Worker<Reader>,
    writer: Worker<Writer>,
}

impl SqliteStore {
    /// Opens a file, which is made where there is none and brought to the newest schema where it has an older one.
    ///
    /// # Errors
    /// When the file can't be opened or written, is no store, is damaged, or was written by a newer program.
    pub fn open(file: &Path, options: &SqliteOptions) -> Result<Self, StoreError> {
        Self::open_at(file, options, SCHEMA)
    }

    /// Opens a file and brings it to an older schema, as an older program would have.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    #[cfg(feature = "testing")]
    pub fn open_at_schema(file: &Path, options: &SqliteOptions, schema: u32) -> Result<Self, StoreError> {
        Self::open_at(file, options, schema)
    }

    /// Lets the file grow to so many pages of 4 KiB and no further, as a full disk would.
    #[cfg(feature = "testing")]
    pub fn limit_pages(&self, pages: u32) -> BoxFuture<'_, Result<(), StoreError>> {
        self.writer.run(move |writer| {
            let set = |_: &rusqlite::Row<'_>| Ok(());
            writer
                .connection
                .pragma_update_and_check(None, "max_page_count", pages, set)
                .map_err(|error| fault(&error))
        })
    }

    fn open_at(file: &Path, options: &SqliteOptions, schema: u32) -> Result<Self, StoreError> {
        let (path, settings) = (file.to_owned(), options.clone());
        let writer = Worker::start("jeongsan-sqlite-writer", move || {
            let mut connection = Connection::open(&path).map_err(|error| fault(&error))?;
            configure(&connection, &settings)?;
            // Kept in the file; it needs a lock that readers don't, so that only the writer asks.
            connection
                .pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))
                .map_err(|error| fault(&error))?;
            migrate(&mut connection, schema)?;
            Ok(Writer { connection, names: Names::default() })
        })?;
        let (path, settings) = (file.to_owned(), options.clone());
        let reader = Worker::start("jeongsan-sqlite-reader", move || {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(&path, flags).map_err(|error| fault(&error))?;
            configure(&connection, &settings)?;
            Ok(Reader { connection, names: Names::default() })
        })?;
        Ok(Self { reader, writer })
    }

    /// Looks through the whole file for damage: pages, indexes, references.
    pub fn check(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.reader.run(|reader| {
            let mut found = Vec::new();
            for pragma in ["integrity_check", "foreign_key_check"] {
                reader
                    .connection
                    .pragma_query(None, pragma, |row| {
                        let text: String = row.get(0)?;
                        if text != "ok" {
                            found.push(text);
                        }
                        Ok(())
                    })
                    .map_err(|error| fault(&error))?;
            }
            if found.is_empty() { Ok(()) } else { Err(StoreError::Corrupt { reason: found.join("; ") }) }
        })
    }
}

/// What holds for a connection, not for the file.
fn configure(connection: &Connection, options: &SqliteOptions) -> Result<(), StoreError> {
    connection.busy_timeout(options.busy_timeout).map_err(|error| fault(&error))?;
    let kibibytes = i64::from(options.cache_mebibytes).saturating_mul(1024);
    let pragmas = [
        ("cache_size", kibibytes.saturating_neg()),
        // Numbers of names are given and never taken back; `check` looks after them, a look-up a row would cost a tenth of its time.
        ("foreign_keys", 0),
        // Pages that several units change are copied into the file once for all of them: 64 MiB of log instead of 4.
        ("wal_autocheckpoint", 16_384),
    ];
    for (pragma, value) in pragmas {
        connection.pragma_update(None, pragma, value).map_err(|error| fault(&error))?;
    }
    connection.pragma_update(None, "synchronous", "full").map_err(|error| fault(&error))
}

impl Store for SqliteStore {
    fn commit<'a>(&'a self, unit: &'a Unit) -> BoxFuture<'a, Result<Receipt, StoreError>> {
        let unit = unit.clone();
        self.writer.run(move |writer| writer.commit(&unit))
    }

    fn receipt<'a>(&'a self, key: &'a UnitKey) -> BoxFuture<'a, Result<Option<Receipt>, StoreError>> {
        let key = key.clone();
        self.reader.run(move |reader| reader.receipt(&key))
    }

    fn settlements<'a>(
        &'a self,
        query: &'a SettlementQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Stored<Settlement>>, StoreError>> {
        let query = query.clone();
        self.reader.run(move |reader| reader.settlements(&query, after, limit))
    }

    fn records<'a>(
        &'a self,
        query: &'a RecordQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Stored<Record>>, StoreError>> {
        let query = query.clone();
        self.reader.run(move |reader| reader.records(&query, after, limit))
    }

    fn head<'a>(&'a self, id: &'a HeadId) -> BoxFuture<'a, Result<Option<Head>, StoreError>> {
        let id = id.clone();
        self.reader.run(move |reader| reader.head(&id))
    }

    fn heads<'a>(
        &'a self,
        query: &'a HeadQuery,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<Head, HeadId>, StoreError>> {
        let query = query.clone();
        self.reader.run(move |reader| reader.heads(&query, limit))
    }

    fn outbox<'a>(
        &'a self,
        after: Option<&'a OutboxId>,
        limit: PageLimit,
    ) -> BoxFuture<'a, Result<Page<OutboxEntry, OutboxId>, StoreError>> {
        let after = after.cloned();
        self.reader.run(move |reader| reader.outbox(after.as_ref(), limit))
    }

    fn acquire<'a>(&'a self, request: &'a LeaseRequest) -> BoxFuture<'a, Result<Lease, StoreError>> {
        let request = request.clone();
        self.writer.run(move |writer| writer.acquire(&request))
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>> {
        let lease = lease.clone();
        self.writer.run(move |writer| writer.release(&lease))
    }
}
