//! A million settlements into each store and out again by partner and month.
//!
//! Beside the store on SQLite stands what an engineer would write by hand: the same columns into a table with the same key, in the same
//! transactions, and nothing else: no second index, no idempotency, no heads. Each part runs once, for a million durable rows are their own
//! repetition; read the ratios of one run. PostgreSQL is measured where it is installed, on a server that goes with the run. `JEONGSAN_BENCH_UNITS` says
//! how many units of ten thousand rows to write instead of a hundred.

#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use jeongsan::figures::{Figure, Figures};
use jeongsan::money::{Amount, Currency};
use jeongsan::settle::{Settlement, SettlementKind};
use jeongsan_postgres::testing::Cluster;
use jeongsan_postgres::{PostgresOptions, PostgresStore};
use jeongsan_sqlite::{SqliteOptions, SqliteStore};
use jeongsan_store::{Blocking, Dates, Fingerprint, PageLimit, SettlementQuery, Store, Unit, block_on};

const UNIT_ROWS: u64 = 10_000;
const PARTNERS: u64 = 5_000;
const DAYS: u64 = 90;

fn units() -> u64 {
    std::env::var("JEONGSAN_BENCH_UNITS").map_or(100, |units| units.parse().unwrap())
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().checked_add_days(Days::new(number)).unwrap()
}

/// Settlements as they arrive: by date, partners in no order.
fn unit(number: u64) -> Unit {
    let rows = units() * UNIT_ROWS;
    let key = format!("unit-{number}");
    let mut unit = Unit::new(key.parse().unwrap(), Fingerprint::of([key]));
    unit.settlements = (0..UNIT_ROWS)
        .map(|row| {
            let order = number * UNIT_ROWS + row;
            let partner = order.wrapping_mul(2_654_435_761) % PARTNERS;
            let amount = i64::try_from(1_000 + order % 90_000).unwrap();
            let minor = Amount::new;
            let figures = Figures {
                order: minor(amount),
                payment: minor(amount),
                payment_supply: minor(amount - amount / 11),
                payment_vat: minor(amount / 11),
                platform_fee: minor(amount / 10),
                platform_fee_vat: minor(amount / 100),
                settlement: minor(amount - amount / 10 - amount / 100),
                ..Figures::ZERO
            };
            let mut settlement = Settlement::new(
                format!("o-{order:09}").parse().unwrap(),
                SettlementKind::Order,
                format!("seller-{partner:05}").parse().unwrap(),
                day(order * DAYS / rows + 2),
                Currency::KRW,
                figures,
            );
            settlement.contract = Some("standard".parse().unwrap());
            settlement.contract_version = Some(day(0));
            settlement.start_date = Some(day(order * DAYS / rows));
            settlement
        })
        .collect();
    unit
}

fn rate(rows: u64, time: Duration) -> u64 {
    u64::try_from(u128::from(rows) * 1_000_000 / time.as_micros().max(1)).unwrap()
}

/// Commits the units and tells how long commits alone took.
fn write(store: &Blocking<impl Store>) -> Duration {
    (0..units())
        .map(|number| {
            let unit = unit(number);
            let start = Instant::now();
            store.commit(&unit).unwrap();
            start.elapsed()
        })
        .sum()
}

/// Reads every partner's months.
fn read(store: &Blocking<impl Store>) -> (u64, Duration) {
    let mut rows = 0;
    let start = Instant::now();
    for partner in 0..PARTNERS {
        for month in 0..4 {
            let dates = Dates { from: Some(day(month * 31)), before: Some(day((month + 1) * 31)) };
            let partner = Some(format!("seller-{partner:05}").parse().unwrap());
            let query = SettlementQuery { partner, dates, ..SettlementQuery::default() };
            let page = store.settlements(&query, None, PageLimit::MAX).unwrap();
            rows += u64::try_from(page.rows.len()).unwrap();
        }
    }
    (rows, start.elapsed())
}

/// The same rows by hand.
fn write_by_hand(file: &Path) -> Duration {
    let mut connection = rusqlite::Connection::open(file).unwrap();
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())).unwrap();
    connection.pragma_update(None, "synchronous", "full").unwrap();
    connection.pragma_update(None, "cache_size", -65_536).unwrap();
    let columns: Vec<_> = Figure::ALL.iter().map(|figure| format!("\"{figure}\" integer not null")).collect();
    let table = format!(
        "create table settlement (partner integer, day integer, id text, kind text, contract text, {},
         primary key (partner, day, id)) strict, without rowid",
        columns.join(", ")
    );
    connection.execute_batch(&table).unwrap();
    let places = vec!["?"; 5 + Figure::ALL.len()].join(", ");
    let sql = format!("insert into settlement values ({places})");
    (0..units())
        .map(|number| {
            let mut rows = unit(number).settlements;
            let start = Instant::now();
            rows.sort_unstable_by(|a, b| {
                (&a.partner, a.settlement_date).cmp(&(&b.partner, b.settlement_date))
            });
            let transaction = connection.transaction().unwrap();
            {
                let mut insert = transaction.prepare_cached(&sql).unwrap();
                for row in &rows {
                    let partner: i64 = row.partner.as_str()[7..].parse().unwrap();
                    let days = row.settlement_date.signed_duration_since(NaiveDate::default()).num_days();
                    insert.raw_bind_parameter(1, partner).unwrap();
                    insert.raw_bind_parameter(2, days).unwrap();
                    insert.raw_bind_parameter(3, row.id.as_str()).unwrap();
                    insert.raw_bind_parameter(4, row.kind.as_str()).unwrap();
                    insert.raw_bind_parameter(5, row.contract.as_ref().map(|id| id.as_str())).unwrap();
                    for (place, (_, amount)) in (6_usize..).zip(row.figures.iter()) {
                        insert.raw_bind_parameter(place, amount.minor()).unwrap();
                    }
                    insert.raw_execute().unwrap();
                }
            }
            transaction.commit().unwrap();
            start.elapsed()
        })
        .sum()
}

fn report(name: &str, rows: u64, time: Duration, base: Duration) {
    let percent = time.as_micros() * 100 / base.as_micros().max(1);
    println!("{name:<40} {:>9} rows/s  {:>4}.{:02}×", rate(rows, time), percent / 100, percent % 100);
}

fn main() {
    let rows = units() * UNIT_ROWS;
    let folder = tempfile::tempdir().unwrap();
    let by_hand = write_by_hand(&folder.path().join("by-hand.sqlite"));
    report("SQLite by hand, write", rows, by_hand, by_hand);
    let file = folder.path().join("store.sqlite");
    let store = Blocking::new(SqliteStore::open(&file, &SqliteOptions::default()).unwrap());
    report("SQLite store, write", rows, write(&store), by_hand);
    let (found, time) = read(&store);
    assert_eq!(found, rows);
    report("SQLite store, read by partner, month", rows, time, by_hand);
    println!("{} bytes a settlement", std::fs::metadata(&file).unwrap().len() / rows);
    let options = SqliteOptions { cache_mebibytes: 256, ..SqliteOptions::default() };
    let store = Blocking::new(SqliteStore::open(&folder.path().join("cached.sqlite"), &options).unwrap());
    report("SQLite store, write, 256 MiB cache", rows, write(&store), by_hand);
    postgres(rows, by_hand);
}

fn postgres(rows: u64, base: Duration) {
    let Some(cluster) = Cluster::start().unwrap() else { return };
    let store = block_on(PostgresStore::connect(&cluster.address(), &PostgresOptions::default())).unwrap();
    let store = Blocking::new(store);
    report("PostgreSQL store, write", rows, write(&store), base);
    let (found, time) = read(&store);
    assert_eq!(found, rows);
    report("PostgreSQL store, read by partner, month", rows, time, base);
    let size = "select pg_total_relation_size('jeongsan.settlement')";
    let bytes: u64 = cluster.sql("jeongsan", size).unwrap().parse().unwrap();
    println!("{} bytes a settlement, with its indexes", bytes / rows);
}
