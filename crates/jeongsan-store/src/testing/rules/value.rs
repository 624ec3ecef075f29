//! Whatever can be written is read back the same.

use chrono::NaiveDate;
use jeongsan::figures::Figures;
use jeongsan::money::{Amount, Currency, Money};

use crate::testing::sample::{
    body, day, head, head_keys, named, record, settlement, settlement_ids, text, unit,
};
use crate::testing::{Fixture, Verdict, ensure_eq};
use crate::{Blocking, Expected, HeadQuery, PageLimit, RecordQuery, SettlementQuery};

const EXTREMES: [i64; 11] = [
    i64::MIN,
    i64::MIN + 1,
    -9_007_199_254_740_993,
    -4_294_967_297,
    -1,
    0,
    1,
    4_294_967_297,
    9_007_199_254_740_993,
    i64::MAX - 1,
    i64::MAX,
];

pub(in crate::testing) fn extreme_amounts_are_kept(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = unit("extremes");
    for (place, minor) in EXTREMES.into_iter().enumerate() {
        let mut row = settlement(&format!("o-{place:02}"), "seller-1", day(1), minor);
        row.figures = Figures::from_fn(|_| Amount::new(minor));
        unit.settlements.push(row);
    }
    store.commit(&unit).map_err(text)?;
    let page = store.settlements(&SettlementQuery::default(), None, PageLimit::MAX).map_err(text)?;
    let read: Vec<_> = page.rows.into_iter().map(|row| row.value).collect();
    ensure_eq!(read, unit.settlements, "settlements");
    Ok(())
}

pub(in crate::testing) fn every_currency_is_kept(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = unit("currencies");
    for currency in Currency::all() {
        for (place, minor) in [i64::MIN, -100, -1, 0, 10, i64::MAX].into_iter().enumerate() {
            let mut row = record("entry", &format!("{currency}-{place}"), day(1));
            row.amount = Some(Money::new(Amount::new(minor), currency));
            unit.records.push(row);
        }
    }
    store.commit(&unit).map_err(text)?;
    let page = store.records(&RecordQuery::default(), None, PageLimit::MAX).map_err(text)?;
    let read: Vec<_> = page.rows.iter().map(|row| row.value.amount).collect();
    let written: Vec<_> = unit.records.iter().map(|row| row.amount).collect();
    ensure_eq!(read, written, "amounts of every currency");
    Ok(())
}

const IDS: [&str; 9] = [
    "정산-1",
    "o'; drop table settlement; --",
    "100%_of\\it",
    "\"quoted\"",
    "🧾👨‍👩‍👧",
    "ʻokina\u{200b}here",
    "שלום",
    "$1 ?1 :name @p",
    "{\"json\":[1]}",
];

pub(in crate::testing) fn ids_of_any_script_are_kept(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = unit("scripts");
    for id in IDS {
        unit.settlements.push(settlement(id, id, day(1), 1));
        unit.heads.push(head(id, Expected::Absent, "open"));
    }
    store.commit(&unit).map_err(text)?;
    ensure_eq!(settlement_ids(store.store(), &SettlementQuery::default())?, IDS, "ids");
    for id in IDS {
        let query = SettlementQuery { partner: Some(named(id)), ..SettlementQuery::default() };
        ensure_eq!(settlement_ids(store.store(), &query)?, [id], "what is found by partner");
    }
    Ok(())
}

pub(in crate::testing) fn ids_differ_by_case_and_form(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    // The second pair looks the same: one character, and one made of two.
    let ids = ["Order", "order", "caf\u{e9}", "cafe\u{301}"];
    let mut unit = unit("forms");
    unit.heads = ids.iter().map(|id| head(id, Expected::Absent, "open")).collect();
    unit.settlements = ids.iter().map(|id| settlement(id, id, day(1), 1)).collect();
    store.commit(&unit).map_err(text)?;
    ensure_eq!(head_keys(store.store(), &HeadQuery::default())?.len(), 4, "heads");
    for id in ids {
        let query = SettlementQuery { partner: Some(named(id)), ..SettlementQuery::default() };
        ensure_eq!(settlement_ids(store.store(), &query)?, [id], "what is found by partner");
    }
    Ok(())
}

pub(in crate::testing) fn far_dates_are_kept(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = unit("dates");
    let dates = [(1, 1, 1), (999, 12, 31), (1582, 10, 15), (1970, 1, 1), (2000, 2, 29), (9999, 12, 31)];
    for (year, month, number) in dates {
        let date = NaiveDate::from_ymd_opt(year, month, number).ok_or("no date")?;
        let mut row = settlement(&date.to_string(), "seller-1", date, 1);
        row.start_date = Some(date);
        row.contract_version = Some(date);
        unit.settlements.push(row);
    }
    store.commit(&unit).map_err(text)?;
    let page = store.settlements(&SettlementQuery::default(), None, PageLimit::MAX).map_err(text)?;
    let read: Vec<_> = page.rows.into_iter().map(|row| row.value).collect();
    ensure_eq!(read, unit.settlements, "settlements by date");
    Ok(())
}

pub(in crate::testing) fn long_names_and_bodies_are_kept(fixture: &dyn Fixture) -> Verdict {
    let store = Blocking::new(fixture.open());
    let mut unit = unit(&"열".repeat(256));
    let mut row = record("event", &"쇠".repeat(256), day(1));
    row.partner = Some(named(&"가".repeat(128)));
    row.body = body(&"{\"메모\":\"긴 글\"}\n".repeat(50_000));
    unit.records = vec![row.clone()];
    store.commit(&unit).map_err(text)?;
    let page = store.records(&RecordQuery::default(), None, PageLimit::MAX).map_err(text)?;
    let read: Vec<_> = page.rows.into_iter().map(|row| row.value).collect();
    ensure_eq!(read == [row], true, "whether a record of a megabyte reads back");
    Ok(())
}

pub(in crate::testing) fn a_huge_unit_is_one_unit(fixture: &dyn Fixture) -> Verdict {
    const ROWS: u64 = 100_000;
    let store = Blocking::new(fixture.open());
    let mut huge = unit("huge");
    huge.settlements = (0..ROWS)
        .map(|number| {
            let partner = format!("seller-{}", number % 97);
            settlement(&format!("o-{number:06}"), &partner, day(number % 31), 1)
        })
        .collect();
    store.commit(&huge).map_err(text)?;
    let found = settlement_ids(store.store(), &SettlementQuery::default())?;
    ensure_eq!(found.len(), huge.settlements.len(), "settlements");
    let mut faulty = unit("faulty");
    faulty.settlements = (0..1_000)
        .map(|number| settlement(&format!("x-{number:06}"), "seller-1", day(1), 1))
        .chain([settlement("o-000000", "seller-0", day(1), 1)])
        .collect();
    ensure_eq!(store.commit(&faulty).is_err(), true, "whether its last row is refused");
    let found = settlement_ids(store.store(), &SettlementQuery::default())?;
    ensure_eq!(found.len(), huge.settlements.len(), "settlements behind a refused unit");
    Ok(())
}
