//! What was written is found, once, in order.

use jeongsan::settle::SettlementKind;

use crate::testing::sample::{
    day, head, head_id, head_keys, named, record, record_ids, settlement, settlement_ids, text, unit,
};
use crate::testing::{Fixture, Verdict, ensure, ensure_eq};
use crate::{
    Blocking, Dates, Expected, HeadQuery, PageLimit, RecordQuery, SettlementQuery, Store, StoreError,
};

pub(in crate::testing) fn settlements_are_found_by_partner_and_dates(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = unit("dates");
    for number in 0..6 {
        unit.settlements.push(settlement(&format!("a-{number}"), "seller-1", day(number), 1));
        unit.settlements.push(settlement(&format!("b-{number}"), "seller-10", day(number), 1));
    }
    store.commit(&unit).map_err(text)?;
    let find = |partner: Option<&str>, from, before| {
        let dates = Dates { from, before };
        let query = SettlementQuery { partner: partner.map(named), dates, ..SettlementQuery::default() };
        settlement_ids(store.store(), &query)
    };
    ensure_eq!(find(Some("seller-1"), Some(day(1)), Some(day(4)))?, ["a-1", "a-2", "a-3"], "half-open dates");
    ensure_eq!(find(Some("seller-1"), Some(day(4)), None)?, ["a-4", "a-5"], "dates without an end");
    ensure_eq!(find(Some("seller-10"), None, Some(day(2)))?, ["b-0", "b-1"], "dates without a beginning");
    ensure_eq!(find(None, Some(day(2)), Some(day(3)))?, ["a-2", "b-2"], "one day of all partners");
    ensure_eq!(find(Some("seller"), None, None)?, [""; 0], "a partner whose name others begin with");
    ensure_eq!(find(Some("seller-1"), Some(day(3)), Some(day(3)))?, [""; 0], "no day");
    Ok(())
}

pub(in crate::testing) fn settlements_are_found_by_order(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = unit("orders");
    let mut cancel = settlement("c-1", "seller-1", day(5), -1);
    cancel.kind = SettlementKind::Cancel;
    cancel.of_order = Some(named("o-1"));
    let mut manual = settlement("o-1", "seller-1", day(2), 1);
    manual.kind = SettlementKind::Manual;
    unit.settlements = vec![
        settlement("o-2", "seller-1", day(1), 1),
        cancel,
        settlement("o-1", "seller-1", day(1), 1),
        manual,
    ];
    store.commit(&unit).map_err(text)?;
    let query = SettlementQuery { order: Some(named("o-1")), ..SettlementQuery::default() };
    ensure_eq!(settlement_ids(store.store(), &query)?, ["o-1", "c-1"], "an order's settlements");
    Ok(())
}

pub(in crate::testing) fn settlements_come_by_date_then_writing(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    for (key, rows) in [("1", [("d", 3), ("c", 1)]), ("2", [("b", 3), ("a", 1)])] {
        let mut unit = unit(key);
        unit.settlements = rows.map(|(id, date)| settlement(id, "seller-1", day(date), 1)).to_vec();
        store.commit(&unit).map_err(text)?;
    }
    let found = settlement_ids(store.store(), &SettlementQuery::default())?;
    ensure_eq!(found, ["c", "a", "d", "b"], "settlements of two days");
    Ok(())
}

/// All ids over pages of so many rows, with something done between pages.
fn paged(
    store: &dyn Store,
    rows: u32,
    mut between: impl FnMut(usize) -> Result<(), String>,
) -> Result<Vec<String>, String> {
    let limit = PageLimit::new(rows).map_err(text)?;
    let (mut found, mut after) = (Vec::new(), None);
    for number in 0_usize..1_000 {
        let query = SettlementQuery { partner: Some(named("seller-1")), ..SettlementQuery::default() };
        let page = crate::block_on(store.settlements(&query, after, limit)).map_err(text)?;
        let is_full = page.rows.len() == usize::try_from(rows).unwrap_or_default();
        ensure!(is_full || page.next.is_none(), "a page that isn't full says that more comes");
        found.extend(page.rows.iter().map(|row| row.value.id.to_string()));
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
        between(number)?;
    }
    Err("the pages don't end".into())
}

pub(in crate::testing) fn pages_are_complete_under_ties(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = unit("ties");
    let row = |number: u64| settlement(&format!("o-{number}"), "seller-1", day(number / 50), 1);
    unit.settlements = (0..100).map(row).collect();
    store.commit(&unit).map_err(text)?;
    let expected: Vec<String> = (0..100).map(|number| format!("o-{number}")).collect();
    for rows in [1, 7, 50, 99, 100, 101] {
        ensure_eq!(paged(store.store(), rows, |_| Ok(()))?, expected, format!("pages of {rows}"));
    }
    Ok(())
}

pub(in crate::testing) fn pages_are_stable_while_others_write(fixture: &dyn Fixture) -> Verdict {
    let (store, other) = (Blocking::new(fixture.open()), Blocking::new(fixture.open()));
    let mut first = unit("first");
    first.settlements =
        (0..30).map(|number| settlement(&format!("o-{number:02}"), "seller-1", day(10), 1)).collect();
    store.commit(&first).map_err(text)?;
    let found = paged(store.store(), 7, |number| {
        let mut more = unit(&format!("more-{number}"));
        for (place, date) in [(0, 2), (1, 10), (2, 20)] {
            more.settlements.push(settlement(&format!("x-{number}-{place}"), "seller-1", day(date), 1));
        }
        other.commit(&more).map_err(text).map(|_| ())
    })?;
    let old: Vec<_> = found.iter().filter(|id| id.starts_with("o-")).cloned().collect();
    let expected: Vec<String> = (0..30).map(|number| format!("o-{number:02}")).collect();
    ensure_eq!(old, expected, "what was there when the first page was read");
    let mut once = found.clone();
    once.sort_unstable();
    once.dedup();
    ensure_eq!(once.len(), found.len(), "rows that came once");
    Ok(())
}

pub(in crate::testing) fn records_are_found_by_each_key(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = unit("records");
    for (place, (kind, partner, order)) in
        [("event", "p-1", "o-1"), ("entry", "p-1", "o-2"), ("event", "p-2", "o-1"), ("entry", "p-2", "o-2")]
            .into_iter()
            .enumerate()
    {
        let date = day(u64::try_from(place).unwrap_or_default());
        let mut row = record(kind, &format!("r-{place}"), date);
        row.partner = Some(named(partner));
        row.order = Some(named(order));
        unit.records.push(row);
    }
    unit.records.push(record("event", "bare", day(9)));
    store.commit(&unit).map_err(text)?;
    let all = RecordQuery::default;
    let find = |query: RecordQuery| record_ids(store.store(), &query);
    ensure_eq!(find(all())?.len(), 5, "records in all");
    ensure_eq!(find(RecordQuery { kind: Some(named("entry")), ..all() })?, ["r-1", "r-3"], "by kind");
    ensure_eq!(find(RecordQuery { partner: Some(named("p-1")), ..all() })?, ["r-0", "r-1"], "by partner");
    ensure_eq!(find(RecordQuery { order: Some(named("o-1")), ..all() })?, ["r-0", "r-2"], "by order");
    let dates = Dates { from: Some(day(1)), before: Some(day(3)) };
    ensure_eq!(find(RecordQuery { dates, ..all() })?, ["r-1", "r-2"], "by date");
    let both = RecordQuery { kind: Some(named("event")), partner: Some(named("p-2")), dates, ..all() };
    ensure_eq!(find(both)?, ["r-2"], "by kind, partner and date");
    Ok(())
}

pub(in crate::testing) fn heads_are_found_by_each_key(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = unit("heads");
    for (key, status, partner, date) in
        [("h-1", "open", "p-1", Some(1)), ("h-2", "paid", "p-1", Some(2)), ("h-3", "open", "p-2", None)]
    {
        let mut write = head(key, Expected::Absent, status);
        write.partner = Some(named(partner));
        write.date = date.map(day);
        unit.heads.push(write);
    }
    let mut other = head("h-1", Expected::Absent, "open");
    other.id = head_id("run", "h-1");
    unit.heads.push(other);
    store.commit(&unit).map_err(text)?;
    let payouts = || HeadQuery { kind: Some(named("payout")), ..HeadQuery::default() };
    let find = |query: HeadQuery| head_keys(store.store(), &query);
    ensure_eq!(find(payouts())?, ["h-1", "h-2", "h-3"], "by kind");
    ensure_eq!(find(HeadQuery { status: Some(named("open")), ..payouts() })?, ["h-1", "h-3"], "by state");
    ensure_eq!(find(HeadQuery { partner: Some(named("p-1")), ..payouts() })?, ["h-1", "h-2"], "by partner");
    let dates = Dates { from: None, before: Some(day(2)) };
    ensure_eq!(find(HeadQuery { dates, ..payouts() })?, ["h-1"], "by date");
    let mut later = super::commit::numbered(7);
    later.heads = vec![head("h-1", Expected::Version(1), "paid")];
    store.commit(&later).map_err(text)?;
    ensure_eq!(find(HeadQuery { status: Some(named("open")), ..payouts() })?, ["h-3"], "by the last state");
    Ok(())
}

pub(in crate::testing) fn heads_come_by_name_byte_by_byte(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = unit("order");
    // A collation of a language would put some of these elsewhere.
    let mut keys = ["a", "B", "Z", "z", "_", "-", "10", "9", "é", "가", "A-1", "A1", "a b", "🂡", "～"];
    unit.heads = keys.iter().map(|key| head(key, Expected::Absent, "open")).collect();
    store.commit(&unit).map_err(text)?;
    keys.sort_unstable();
    ensure_eq!(head_keys(store.store(), &HeadQuery::default())?, keys, "names");
    Ok(())
}

pub(in crate::testing) fn heads_page_by_name(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = unit("pages");
    for kind in ["payout", "run"] {
        for number in 0..5 {
            let mut write = head(&format!("h-{number}"), Expected::Absent, "open");
            write.id = head_id(kind, &format!("h-{number}"));
            unit.heads.push(write);
        }
    }
    store.commit(&unit).map_err(text)?;
    let limit = PageLimit::new(3).map_err(text)?;
    let mut query = HeadQuery::default();
    let mut found = Vec::new();
    loop {
        let page: Result<_, StoreError> = store.heads(&query, limit);
        let page = page.map_err(text)?;
        found.extend(page.rows.iter().map(|head| head.id.to_string()));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    let names = |kind: &str| (0..5).map(move |number| format!("{kind}/h-{number}")).collect::<Vec<_>>();
    ensure_eq!(found, [names("payout"), names("run")].concat(), "names over pages");
    Ok(())
}
