//! One holder at a time, and none that sleeps through its end.

use chrono::{DateTime, TimeDelta, Utc};

use crate::testing::rules::commit::{is_refused, numbered};
use crate::testing::sample::{named, text};
use crate::testing::{Fixture, Verdict, ensure, ensure_eq};
use crate::{Blocking, LeaseRequest, Retry, StoreError};

/// Second number so and so of some hour, asked for by a holder for ten seconds.
fn request(holder: &str, second: i64) -> LeaseRequest {
    LeaseRequest {
        name: named("driver"),
        holder: named(holder),
        now: at(second),
        time_to_live: TimeDelta::seconds(10),
    }
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_774_000_000_i64.saturating_add(second), 0).unwrap_or_default()
}

pub(in crate::testing) fn a_lease_is_held_until_its_time_is_over(fixture: &dyn Fixture) -> Verdict {
    let (store, other) = (Blocking::new(fixture.open()), Blocking::new(fixture.open()));
    let lease = store.acquire(&request("one", 0)).map_err(text)?;
    ensure_eq!(lease.until, at(10), "its end");
    let held = StoreError::LeaseHeld { name: named("driver"), by: named("one"), until: at(10) };
    ensure_eq!(held.retry(), Retry::Later, "what helps");
    ensure_eq!(other.acquire(&request("two", 9)), Err(held), "asking before its end");
    let mut elsewhere = request("two", 9);
    elsewhere.name = named("other driver");
    other.acquire(&elsewhere).map_err(text)?;
    let next = other.acquire(&request("two", 10)).map_err(text)?;
    ensure_eq!(next.holder, named("two"), "the holder at its end");
    Ok(())
}

pub(in crate::testing) fn a_holder_keeps_its_lease_and_token(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let first = store.acquire(&request("one", 0)).map_err(text)?;
    let kept = store.acquire(&request("one", 8)).map_err(text)?;
    ensure_eq!(kept.token, first.token, "its token");
    ensure_eq!(kept.until, at(18), "its end");
    ensure!(store.acquire(&request("two", 12)).is_err(), "another has it before its new end");
    Ok(())
}

pub(in crate::testing) fn the_next_holder_has_a_higher_token(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut last = store.acquire(&request("one", 0)).map_err(text)?.token;
    for (holder, second) in [("two", 10), ("one", 30), ("one", 60), ("three", 70)] {
        let token = store.acquire(&request(holder, second)).map_err(text)?.token;
        ensure!(token > last, "{token:?} behind {last:?}");
        last = token;
    }
    Ok(())
}

pub(in crate::testing) fn a_lease_given_back_is_free(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let lease = store.acquire(&request("one", 0)).map_err(text)?;
    store.release(&lease).map_err(text)?;
    let next = store.acquire(&request("two", 1)).map_err(text)?;
    ensure!(next.token > lease.token, "{:?} behind {:?}", next.token, lease.token);
    Ok(())
}

pub(in crate::testing) fn a_unit_under_a_lease_given_back_is_refused(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let lease = store.acquire(&request("one", 0)).map_err(text)?;
    store.release(&lease).map_err(text)?;
    let mut unit = numbered(1);
    unit.fence = Some(lease.fence());
    is_refused(store.store(), &unit, &StoreError::StaleLease { name: named("driver") })
}

pub(in crate::testing) fn only_the_holder_gives_a_lease_back(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let first = store.acquire(&request("one", 0)).map_err(text)?;
    let second = store.acquire(&request("two", 10)).map_err(text)?;
    let stale = StoreError::StaleLease { name: named("driver") };
    ensure_eq!(store.release(&first), Err(stale), "giving back what another has");
    ensure!(store.acquire(&request("three", 11)).is_err(), "the second holder lost it");
    store.release(&second).map_err(text)
}

pub(in crate::testing) fn a_unit_under_a_stale_lease_is_refused(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unknown = numbered(1);
    let first = store.acquire(&request("one", 0)).map_err(text)?;
    store.acquire(&request("two", 10)).map_err(text)?;
    unknown.fence = Some(first.fence());
    let stale = StoreError::StaleLease { name: named("driver") };
    ensure_eq!(stale.retry(), Retry::Never, "what helps");
    is_refused(store.store(), &unknown, &stale)?;
    let mut never = first.fence();
    never.name = named("never held");
    unknown.fence = Some(never);
    is_refused(store.store(), &unknown, &StoreError::StaleLease { name: named("never held") })
}

pub(in crate::testing) fn a_unit_under_the_lease_is_written(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let lease = store.acquire(&request("one", 0)).map_err(text)?;
    let mut unit = numbered(1);
    unit.fence = Some(lease.fence());
    store.commit(&unit).map_err(text)?;
    // A replay is answered whoever holds the lease by now: nothing is written by it.
    store.acquire(&request("two", 10)).map_err(text)?;
    ensure!(store.commit(&unit).map_err(text)?.is_replay, "a replay isn't told as one");
    Ok(())
}
