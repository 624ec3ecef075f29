//! A unit is written whole, once, from what it was prepared from.

use jeongsan::settle::SettlementKind;

use crate::testing::sample::{
    day, head, head_id, head_keys, named, outbox, outbox_ids, record, record_ids, sample_unit,
    sample_unit_is_there, settlement, settlement_ids, text, unit,
};
use crate::testing::{Fixture, Verdict, ensure, ensure_eq};
use crate::{
    Blocking, Expected, Fingerprint, HeadQuery, RecordQuery, Retry, SettlementQuery, Store, StoreError, Unit,
};

/// How many settlements, records, heads and outbox entries there are.
pub(super) fn counts(store: &dyn Store) -> Result<[usize; 4], String> {
    Ok([
        settlement_ids(store, &SettlementQuery::default())?.len(),
        record_ids(store, &RecordQuery::default())?.len(),
        head_keys(store, &HeadQuery::default())?.len(),
        outbox_ids(store)?.len(),
    ])
}

/// Commits what must be refused and leave nothing.
pub(super) fn is_refused(store: &dyn Store, unit: &Unit, error: &StoreError) -> Verdict {
    let before = counts(store)?;
    let refused = Blocking::new(store).commit(unit);
    ensure_eq!(refused, Err(error.clone()), "the commit");
    ensure_eq!(counts(store)?, before, "settlements, records, heads and outbox behind a refused unit");
    let receipt = Blocking::new(store).receipt(&unit.key).map_err(text)?;
    let is_unused = receipt.is_none() || matches!(error, StoreError::KeyReused { .. });
    ensure!(is_unused, "a refused unit has a receipt");
    Ok(())
}

/// A unit with one of everything, under names that end in a number.
pub(super) fn numbered(number: usize) -> Unit {
    let mut unit = unit(&format!("unit-{number}"));
    unit.settlements = vec![settlement(&format!("o-{number}"), "seller-1", day(1), 10)];
    unit.records = vec![record("event", &format!("r-{number}"), day(1))];
    unit.heads = vec![head(&format!("h-{number}"), Expected::Absent, "open")];
    unit.outbox = vec![outbox(&format!("p-{number}"))];
    unit
}

pub(in crate::testing) fn a_unit_reads_back_as_it_was_written(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let receipt = store.commit(&sample_unit()).map_err(text)?;
    ensure!(!receipt.is_replay, "a first commit is told as a replay");
    sample_unit_is_there(store.store())
}

pub(in crate::testing) fn an_empty_unit_is_committed(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let first = store.commit(&unit("empty")).map_err(text)?;
    let again = store.commit(&unit("empty")).map_err(text)?;
    ensure!(!first.is_replay && again.is_replay, "{first:?}, then {again:?}");
    Ok(())
}

pub(in crate::testing) fn a_unit_is_written_once(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let first = store.commit(&numbered(1)).map_err(text)?;
    for _ in 0..3 {
        let again = store.commit(&numbered(1)).map_err(text)?;
        ensure_eq!(again.sequence, first.sequence, "a replay's number");
        ensure!(again.is_replay, "a replay isn't told as one");
    }
    ensure_eq!(counts(store.store())?, [1, 1, 1, 1], "settlements, records, heads and outbox");
    Ok(())
}

pub(in crate::testing) fn a_key_with_another_request_is_refused(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    store.commit(&numbered(1)).map_err(text)?;
    let mut other = numbered(2);
    other.key = numbered(1).key;
    let error = StoreError::KeyReused { key: other.key.clone() };
    ensure_eq!(error.retry(), Retry::Never, "what helps");
    is_refused(store.store(), &other, &error)
}

pub(in crate::testing) fn a_replay_is_told_before_any_other_fault(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let first = store.commit(&numbered(1)).map_err(text)?;
    let mut later = unit("later");
    later.heads = vec![head("h-1", Expected::Version(1), "closed")];
    later.sent = vec![named("p-1")];
    store.commit(&later).map_err(text)?;
    // Its head has moved on, its names are taken: only its key tells that it is the same.
    let again = store.commit(&numbered(1)).map_err(text)?;
    ensure_eq!(again.sequence, first.sequence, "the replay's number");
    Ok(())
}

pub(in crate::testing) fn a_receipt_is_found_by_its_key(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let unit = numbered(1);
    ensure_eq!(store.receipt(&unit.key), Ok(None), "the receipt of a key that wasn't used");
    let receipt = store.commit(&unit).map_err(text)?;
    let found = store.receipt(&unit.key).map_err(text)?;
    ensure_eq!(found.map(|found| found.sequence), Some(receipt.sequence), "its number");
    Ok(())
}

pub(in crate::testing) fn sequences_rise(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut last = 0;
    for number in 0..20 {
        let sequence = store.commit(&numbered(number)).map_err(text)?.sequence;
        ensure!(sequence > last, "{sequence} comes behind {last}");
        last = sequence;
    }
    let page = store.settlements(&SettlementQuery::default(), None, crate::PageLimit::MAX).map_err(text)?;
    let rise = page.rows.is_sorted_by(|a, b| a.sequence < b.sequence);
    ensure!(rise, "the numbers of settlements don't rise");
    Ok(())
}

pub(in crate::testing) fn a_stale_head_rolls_everything_back(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    store.commit(&numbered(1)).map_err(text)?;
    for expected in [Expected::Absent, Expected::Version(2), Expected::Version(0)] {
        let mut stale = numbered(2);
        // The fault comes last, behind what could have been written.
        stale.heads.push(head("h-1", expected, "closed"));
        let error = StoreError::Conflict { head: head_id("payout", "h-1"), expected, found: Some(1) };
        ensure_eq!(error.retry(), Retry::PrepareAnew, "what helps");
        is_refused(store.store(), &stale, &error)?;
    }
    Ok(())
}

pub(in crate::testing) fn a_head_is_first_written_when_absent(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = numbered(1);
    unit.heads = vec![head("h-1", Expected::Version(1), "open")];
    let head = head_id("payout", "h-1");
    let error = StoreError::Conflict { head, expected: Expected::Version(1), found: None };
    is_refused(store.store(), &unit, &error)
}

pub(in crate::testing) fn versions_count_from_one(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    for version in 0..5_u64 {
        let expected = if version == 0 { Expected::Absent } else { Expected::Version(version) };
        let mut unit = unit(&format!("v-{version}"));
        unit.heads = vec![head("h", expected, &format!("state-{version}"))];
        store.commit(&unit).map_err(text)?;
        let found = store.head(&head_id("payout", "h")).map_err(text)?;
        let found = found.map(|head| (head.version, head.status.to_string()));
        ensure_eq!(found, Some((version.saturating_add(1), format!("state-{version}"))), "version and state");
    }
    ensure_eq!(store.head(&head_id("payout", "other")), Ok(None), "a head that was never written");
    Ok(())
}

pub(in crate::testing) fn a_head_is_written_once_a_unit(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = numbered(1);
    unit.heads.push(head("h-1", Expected::Version(1), "closed"));
    let error = StoreError::DuplicateHead { head: head_id("payout", "h-1") };
    is_refused(store.store(), &unit, &error)
}

pub(in crate::testing) fn a_duplicate_settlement_rolls_everything_back(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    store.commit(&numbered(1)).map_err(text)?;
    let error = |id: &str| StoreError::DuplicateSettlement {
        id: id.into(),
        kind: "order",
        partner: "seller-1".into(),
    };
    let mut again = numbered(2);
    // Another date and amount don't make it another settlement.
    again.settlements.push(settlement("o-1", "seller-1", day(5), 99));
    is_refused(store.store(), &again, &error("o-1"))?;
    let mut twice = numbered(3);
    twice.settlements.push(settlement("o-3", "seller-1", day(5), 99));
    is_refused(store.store(), &twice, &error("o-3"))
}

pub(in crate::testing) fn settlements_differ_by_kind_cause_and_partner(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = unit("differ");
    let order = settlement("o-1", "seller-1", day(1), 1);
    let mut share = settlement("o-1", "agency", day(1), 1);
    share.kind = SettlementKind::AgencyShare;
    let mut other_share = share.clone();
    other_share.partner = named("seller-1");
    let mut retier = order.clone();
    retier.kind = SettlementKind::Retier;
    retier.cause = Some(named("c-1"));
    let mut later_retier = retier.clone();
    later_retier.cause = Some(named("c-2"));
    let mut without_cause = retier.clone();
    without_cause.cause = None;
    unit.settlements = vec![order, share, other_share, retier, later_retier, without_cause];
    store.commit(&unit).map_err(text)?;
    let found = settlement_ids(store.store(), &SettlementQuery::default())?;
    ensure_eq!(found.len(), 6, "settlements of one id");
    Ok(())
}

pub(in crate::testing) fn a_duplicate_record_rolls_everything_back(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    store.commit(&numbered(1)).map_err(text)?;
    let error = |id: &str| StoreError::DuplicateRecord { kind: named("event"), id: named(id) };
    let mut again = numbered(2);
    again.records.push(record("event", "r-1", day(9)));
    is_refused(store.store(), &again, &error("r-1"))?;
    let mut twice = numbered(3);
    twice.records.push(record("event", "r-3", day(9)));
    is_refused(store.store(), &twice, &error("r-3"))?;
    // A name belongs to its kind.
    let mut other = unit("other kind");
    other.records = vec![record("entry", "r-1", day(1))];
    store.commit(&other).map_err(text)?;
    Ok(())
}

pub(in crate::testing) fn a_refused_unit_leaves_its_key_free(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = numbered(1);
    unit.heads = vec![head("h-1", Expected::Version(7), "open")];
    ensure!(store.commit(&unit).is_err(), "a stale head was written");
    unit.heads = vec![head("h-1", Expected::Absent, "open")];
    unit.request = Fingerprint::of(["prepared anew"]);
    let receipt = store.commit(&unit).map_err(text)?;
    ensure!(!receipt.is_replay, "a unit that was refused before is told as a replay");
    Ok(())
}
