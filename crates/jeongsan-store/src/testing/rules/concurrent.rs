//! Many at once do what one after the other would.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::testing::rules::commit::numbered;
use crate::testing::sample::{body, day, head, head_id, record, record_ids, text, unit};
use crate::testing::{Fixture, Verdict, ensure, ensure_eq};
use crate::{Blocking, Body, Expected, RecordQuery, Retry, Store};

/// What each thread came to, the first error of any.
fn joined<T>(threads: Vec<thread::ScopedJoinHandle<'_, Result<T, String>>>) -> Result<Vec<T>, String> {
    threads
        .into_iter()
        .map(|thread| thread.join().unwrap_or_else(|_| Err("a thread panicked".into())))
        .collect()
}

pub(in crate::testing) fn of_two_writers_of_one_head_one_wins(fixture: &dyn Fixture) -> Verdict {
    let stores = [0, 1].map(|_| Blocking::new(fixture.open()));
    let [first, _] = &stores;
    let mut open = unit("open");
    open.heads = vec![head("h", Expected::Absent, "open")];
    first.commit(&open).map_err(text)?;
    for version in 1..10_u64 {
        let outcomes = thread::scope(|scope| {
            let write = |(place, store): (usize, &'_ Blocking<Box<dyn Store>>)| {
                let mut unit = unit(&format!("w-{version}-{place}"));
                unit.heads = vec![head("h", Expected::Version(version), "taken")];
                match store.commit(&unit) {
                    Ok(_) => Ok(true),
                    Err(error) if error.retry() == Retry::PrepareAnew => Ok(false),
                    Err(error) => Err(text(error)),
                }
            };
            let spawn = |(place, store)| scope.spawn(move || write((place, store)));
            joined(stores.iter().enumerate().map(spawn).collect())
        })?;
        let winners = outcomes.into_iter().filter(|won| *won).count();
        ensure_eq!(winners, 1, "writers that won");
    }
    Ok(())
}

/// Adds one to a number that a head's body holds, until nobody else came in between.
fn add_one(store: &Blocking<Box<dyn Store>>, key: &str) -> Verdict {
    for attempt in 0..10_000 {
        let found = store.head(&head_id("payout", "sum")).map_err(text)?.ok_or("the head is gone")?;
        let sum: i64 = found.body.as_str().parse().map_err(text)?;
        let mut unit = unit(&format!("{key}/{attempt}"));
        let mut write = head("sum", Expected::Version(found.version), "open");
        write.body = Body::new(sum.saturating_add(1).to_string()).map_err(text)?;
        unit.heads = vec![write];
        unit.records = vec![record("event", key, day(1))];
        match store.commit(&unit) {
            Ok(_) => return Ok(()),
            Err(error) if error.retry() == Retry::PrepareAnew => {}
            Err(error) => return Err(text(error)),
        }
    }
    Err("others came in between each time".into())
}

pub(in crate::testing) fn sums_are_conserved_under_many_writers(fixture: &dyn Fixture) -> Verdict {
    const WRITERS: usize = 4;
    const EACH: usize = 25;
    let store = Blocking::new(fixture.open());
    let mut open = unit("open");
    let mut write = head("sum", Expected::Absent, "open");
    write.body = body("0");
    open.heads = vec![write];
    store.commit(&open).map_err(text)?;
    thread::scope(|scope| {
        let spawn = |writer| {
            let store = Blocking::new(fixture.open());
            scope.spawn(move || {
                (0..EACH).try_for_each(|number| add_one(&store, &format!("{writer}-{number}")))
            })
        };
        joined((0..WRITERS).map(spawn).collect())
    })?;
    let all = WRITERS.saturating_mul(EACH);
    let sum = store.head(&head_id("payout", "sum")).map_err(text)?.ok_or("the head is gone")?;
    ensure_eq!(sum.body.as_str(), all.to_string(), "the sum");
    ensure_eq!(record_ids(store.store(), &RecordQuery::default())?.len(), all, "records");
    Ok(())
}

pub(in crate::testing) fn readers_see_no_half_unit(fixture: &dyn Fixture) -> Verdict {
    const UNITS: usize = 60;
    const ROWS: usize = 25;
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let store = Blocking::new(fixture.open());
            let written = (0..UNITS).try_for_each(|number| {
                let mut unit = unit(&format!("u-{number}"));
                unit.records =
                    (0..ROWS).map(|row| record("event", &format!("{number}-{row}"), day(1))).collect();
                store.commit(&unit).map(|_| ()).map_err(text)
            });
            is_done.store(true, Ordering::Release);
            written
        });
        let reader = scope.spawn(|| {
            let store = fixture.open();
            let mut last = 0;
            while !is_done.load(Ordering::Acquire) {
                let rows = record_ids(&store, &RecordQuery::default())?.len();
                ensure_eq!(rows % ROWS, 0, "rows of a unit that is written in part");
                ensure!(rows >= last, "{rows} rows where {last} were before");
                last = rows;
            }
            Ok(())
        });
        joined(vec![writer, reader])
    })?;
    let store = fixture.open();
    let rows = record_ids(&store, &RecordQuery::default())?.len();
    ensure_eq!(rows, UNITS.saturating_mul(ROWS), "records");
    Ok(())
}

pub(in crate::testing) fn one_unit_from_many_threads_is_written_once(fixture: &dyn Fixture) -> Verdict {
    let stores = [0, 1, 2, 3].map(|_| Blocking::new(fixture.open()));
    let receipts = thread::scope(|scope| {
        let commit = |store: &Blocking<Box<dyn Store>>| store.commit(&numbered(1)).map_err(text);
        joined(stores.iter().map(|store| scope.spawn(move || commit(store))).collect())
    })?;
    let written = receipts.iter().filter(|receipt| !receipt.is_replay).count();
    ensure_eq!(written, 1, "commits that wrote");
    let first = receipts.first().map(|receipt| receipt.sequence);
    ensure!(receipts.iter().all(|receipt| Some(receipt.sequence) == first), "{receipts:?}");
    let [store, ..] = &stores;
    ensure_eq!(super::commit::counts(store.store())?, [1, 1, 1, 1], "what is there");
    Ok(())
}
