//! A receipt is for good.

use chrono::{DateTime, TimeDelta};

use crate::testing::sample::{named, sample_unit, sample_unit_is_there, text};
use crate::testing::{Fixture, Verdict, ensure, ensure_eq};
use crate::{Blocking, LeaseRequest};

pub(in crate::testing) fn what_was_committed_is_there_when_opened_again(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let first = store.commit(&sample_unit()).map_err(text)?;
    drop(store);
    let store = Blocking::new(fixture.open());
    sample_unit_is_there(store.store())?;
    let again = store.commit(&sample_unit()).map_err(text)?;
    ensure!(again.is_replay && again.sequence == first.sequence, "{first:?}, then {again:?}");
    Ok(())
}

pub(in crate::testing) fn what_one_handle_commits_another_reads(fixture: &dyn Fixture) -> Verdict {
    let (writer, reader) = (Blocking::new(fixture.open()), fixture.open());
    writer.commit(&sample_unit()).map_err(text)?;
    sample_unit_is_there(&reader)
}

pub(in crate::testing) fn leases_outlast_their_store(fixture: &dyn Fixture) -> Verdict {
    let request = |holder: &str| LeaseRequest {
        name: named("driver"),
        holder: named(holder),
        now: DateTime::from_timestamp(1_774_000_000, 123_456_000).unwrap_or_default(),
        time_to_live: TimeDelta::seconds(10),
    };
    let store = Blocking::new(fixture.open());
    let lease = store.acquire(&request("one")).map_err(text)?;
    drop(store);
    let store = Blocking::new(fixture.open());
    ensure!(
        store.acquire(&request("two")).is_err(),
        "another has the lease after the store was opened again"
    );
    ensure_eq!(store.acquire(&request("one")), Ok(lease), "the lease of the same holder");
    Ok(())
}

pub(in crate::testing) fn an_older_schema_is_brought_up_to_date(fixture: &dyn Fixture) -> Verdict {
    match fixture.open_older() {
        Some(store) => {
            sample_unit_is_there(&store)?;
            let again = Blocking::new(store).commit(&sample_unit()).map_err(text)?;
            ensure!(again.is_replay, "a unit of the older schema is written again");
            Ok(())
        }
        None => Ok(()),
    }
}
