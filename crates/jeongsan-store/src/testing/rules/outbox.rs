//! Payouts are neither lost nor sent twice.

use crate::testing::rules::commit::{is_refused, numbered};
use crate::testing::sample::{head, named, outbox, outbox_ids, text, unit};
use crate::testing::{Fixture, Verdict, ensure_eq};
use crate::{Blocking, Expected, PageLimit, StoreError};

pub(in crate::testing) fn the_outbox_is_written_with_its_unit(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    store.commit(&numbered(1)).map_err(text)?;
    let mut send = unit("send");
    send.heads = vec![head("h-1", Expected::Version(1), "processing")];
    send.sent = vec![named("p-1")];
    send.outbox = vec![outbox("p-1/next")];
    store.commit(&send).map_err(text)?;
    ensure_eq!(outbox_ids(store.store())?, ["p-1/next"], "what waits");
    let mut stale = unit("stale");
    stale.heads = vec![head("h-1", Expected::Version(1), "processing")];
    stale.sent = vec![named("p-1/next")];
    stale.outbox = vec![outbox("p-2")];
    ensure_eq!(store.commit(&stale).is_err(), true, "whether a stale head is refused");
    ensure_eq!(outbox_ids(store.store())?, ["p-1/next"], "what waits behind a refused unit");
    Ok(())
}

pub(in crate::testing) fn an_outbox_name_never_comes_twice(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    store.commit(&numbered(1)).map_err(text)?;
    let error = |id: &str| StoreError::DuplicateOutbox { id: named(id) };
    let mut again = numbered(2);
    again.outbox.push(outbox("p-1"));
    is_refused(store.store(), &again, &error("p-1"))?;
    let mut sent = unit("sent");
    sent.sent = vec![named("p-1")];
    store.commit(&sent).map_err(text)?;
    // It isn't there any more, and still can't come again.
    is_refused(store.store(), &again, &error("p-1"))?;
    let mut twice = numbered(3);
    twice.outbox.push(outbox("p-3"));
    is_refused(store.store(), &twice, &error("p-3"))
}

pub(in crate::testing) fn a_payout_leaves_the_outbox_once(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    store.commit(&numbered(1)).map_err(text)?;
    let error = |id: &str| StoreError::NotInOutbox { id: named(id) };
    let mut unknown = numbered(2);
    unknown.sent = vec![named("p-9")];
    is_refused(store.store(), &unknown, &error("p-9"))?;
    let mut twice = numbered(2);
    twice.sent = vec![named("p-1"), named("p-1")];
    is_refused(store.store(), &twice, &error("p-1"))?;
    let mut sent = unit("sent");
    sent.sent = vec![named("p-1")];
    store.commit(&sent).map_err(text)?;
    let mut again = numbered(2);
    again.sent = vec![named("p-1")];
    is_refused(store.store(), &again, &error("p-1"))
}

pub(in crate::testing) fn the_outbox_is_read_in_the_order_of_writing(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    for (key, ids) in [("1", ["z", "a"]), ("2", ["m", "b"])] {
        let mut unit = unit(key);
        unit.outbox = ids.map(outbox).to_vec();
        store.commit(&unit).map_err(text)?;
    }
    ensure_eq!(outbox_ids(store.store())?, ["z", "a", "m", "b"], "the outbox");
    Ok(())
}

pub(in crate::testing) fn the_outbox_pages_behind_what_was_sent(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut put = unit("put");
    put.outbox = ["a", "b", "c", "d", "e"].map(outbox).to_vec();
    store.commit(&put).map_err(text)?;
    let two = PageLimit::new(2).map_err(text)?;
    let first = store.outbox(None, two).map_err(text)?;
    ensure_eq!(first.next, Some(named("b")), "where the next page begins");
    let mut sent = unit("sent");
    sent.sent = ["a", "b"].map(named).to_vec();
    store.commit(&sent).map_err(text)?;
    let second = store.outbox(first.next.as_ref(), two).map_err(text)?;
    let ids: Vec<_> = second.rows.iter().map(|row| row.id.as_str()).collect();
    ensure_eq!(ids, ["c", "d"], "the second page");
    let third = store.outbox(second.next.as_ref(), two).map_err(text)?;
    let ids: Vec<_> = third.rows.iter().map(|row| row.id.as_str()).collect();
    ensure_eq!(ids, ["e"], "the last page");
    ensure_eq!(third.next, None, "where a page behind the last begins");
    Ok(())
}
