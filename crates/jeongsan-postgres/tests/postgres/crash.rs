//! The server is killed, with everything it was doing.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use jeongsan_postgres::testing::Cluster;
use jeongsan_store::{Retry, StoreError};

use crate::server::{Place, unit};

const ROWS: usize = 40;

#[test]
fn a_killed_server_keeps_what_was_acknowledged_and_no_half_unit() {
    let Some(cluster) = Cluster::start().unwrap() else { return };
    let mut place = Place::on(&cluster);
    // A server that was set to answer before it has written loses what it acknowledged, unless the store sees to it.
    place.address.push_str(" options='-c synchronous_commit=off'");
    let store = place.connect().unwrap();
    let (acknowledged, is_done) = (Mutex::new(BTreeSet::new()), AtomicBool::new(false));
    let kills = std::env::var("JEONGSAN_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(5_u64);
    thread::scope(|scope| {
        for writer in 0..2 {
            let (store, acknowledged, is_done) = (&store, &acknowledged, &is_done);
            scope.spawn(move || {
                for number in 0_u32.. {
                    let unit = unit(&format!("{writer}-{number}"), ROWS);
                    // The same unit until it is there: in doubt or not, it is written once.
                    while let Err(error) = store.commit(&unit) {
                        assert!(matches!(error.retry(), Retry::Later | Retry::SameUnit), "{error}");
                        thread::sleep(Duration::from_millis(20));
                        if is_done.load(Ordering::Acquire) {
                            return;
                        }
                    }
                    acknowledged.lock().unwrap().insert(unit.key.to_string());
                    if is_done.load(Ordering::Acquire) {
                        return;
                    }
                }
            });
        }
        for kill in 0..kills {
            // At no multiple of what a commit takes.
            thread::sleep(Duration::from_micros(150_000 + kill * 137_911 % 200_000));
            cluster.kill().unwrap();
            cluster.run().unwrap();
        }
        is_done.store(true, Ordering::Release);
    });
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(!acknowledged.is_empty());
    let store = place.connect().unwrap();
    let written: BTreeSet<String> =
        place.sql(&cluster, "select key from unit").lines().map(str::to_owned).collect();
    assert!(acknowledged.is_subset(&written), "{:?}", acknowledged.difference(&written));
    for key in &acknowledged {
        assert!(store.receipt(&key.parse().unwrap()).unwrap().is_some(), "{key}");
    }
    let whole = format!(
        "select count(*) from unit where (select count(*) from settlement where split_part(id, '/', 1) = key) = {ROWS}
            and exists (select from record where id = key) and exists (select from outbox where id = key)"
    );
    assert_eq!(place.sql(&cluster, &whole), written.len().to_string(), "units that are whole");
    let rows = "select count(*) from settlement";
    assert_eq!(place.sql(&cluster, rows), (written.len() * ROWS).to_string(), "rows of no unit");
}

/// Kills the server while a commit waits in a trigger.
fn killed_in(timing: &str) -> StoreError {
    let cluster = Cluster::start().unwrap().unwrap();
    let place = Place::on(&cluster);
    let store = place.connect().unwrap();
    place.sql(
        &cluster,
        &format!(
            "create function linger() returns trigger language plpgsql as
                $$ begin perform pg_sleep(60); return new; end $$;
             create {timing} for each row execute function linger()"
        ),
    );
    let error = thread::scope(|scope| {
        let commit = scope.spawn(|| store.commit(&unit("killed", 3)).unwrap_err());
        let sleeps = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'";
        while place.sql(&cluster, sleeps) == "0" {
            thread::sleep(Duration::from_millis(20));
        }
        cluster.kill().unwrap();
        commit.join().unwrap()
    });
    let unavailable = store.receipt(&"killed".parse().unwrap()).unwrap_err();
    assert!(matches!(&unavailable, StoreError::Unavailable { .. }), "{unavailable}");
    cluster.run().unwrap();
    assert_eq!(store.receipt(&"killed".parse().unwrap()), Ok(None), "the same store, after a restart");
    place.sql(&cluster, "drop function linger cascade");
    assert!(!store.commit(&unit("killed", 3)).unwrap().is_replay);
    error
}

#[test]
fn a_server_killed_before_the_commit_is_unavailable_and_in_its_midst_in_doubt() {
    if crate::server::cluster().is_none() {
        return;
    }
    let error = killed_in("trigger linger before insert on outbox");
    assert!(matches!(&error, StoreError::Unavailable { .. }), "{error}");
    assert_eq!(error.retry(), Retry::Later);
    let error = killed_in("constraint trigger linger after insert on outbox deferrable initially deferred");
    assert!(matches!(&error, StoreError::InDoubt { .. }), "{error}");
    assert_eq!(error.retry(), Retry::SameUnit);
}
