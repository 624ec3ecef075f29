//! Nothing that is shown or told holds what bodies hold.

use jeongsan_store::testing::sample_unit;
use jeongsan_store::{
    Blocking, Expected, Head, HeadQuery, HeadWrite, MemoryStore, PageLimit, RecordQuery, Store, Unit,
};

use crate::sample::{SECRET, open, unit};

fn with_head(key: &str) -> Unit {
    let mut unit = unit(key, 1);
    let mut write = sample_unit().heads.remove(0);
    write.body = unit.records[0].body.clone();
    unit.heads = vec![write];
    unit
}

/// Everything that a store shows of a unit, and how it refuses others.
fn shown(store: &Blocking<impl Store>) -> String {
    let unit = with_head("first");
    store.commit(&unit).unwrap();
    let mut shown = format!("{store:?} {unit:?} {:?}", unit.heads.first().and_then(HeadWrite::to_head));
    let heads: Vec<Head> = store.heads(&HeadQuery::default(), PageLimit::MAX).unwrap().rows;
    let records = store.records(&RecordQuery::default(), None, PageLimit::MAX).unwrap();
    shown += &format!("{heads:?} {records:?} {:?}", store.outbox(None, PageLimit::MAX).unwrap());
    let mut next = with_head("second");
    let mut refused = |unit: &Unit| {
        let error = store.commit(unit).unwrap_err();
        shown += &format!("\n{error} {error:?}");
    };
    refused(&next);
    next.heads[0].expected = Expected::Version(1);
    next.settlements.push(unit.settlements[0].clone());
    refused(&next);
    next.settlements.clear();
    next.records.push(unit.records[0].clone());
    refused(&next);
    next.records.clear();
    next.outbox.push(unit.outbox[0].clone());
    refused(&next);
    next.key = unit.key.clone();
    next.request = sample_unit().request;
    refused(&next);
    shown
}

#[test]
fn nothing_tells_what_bodies_hold() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let mut told = shown(&Blocking::new(MemoryStore::new()));
    let store = open(&file).unwrap();
    told += &shown(&store);
    // What the file itself refuses.
    let trigger = "create trigger meddle before insert on record begin select raise(abort, 'seen'); end;
        create trigger meddle_more before insert on outbox begin insert into unit values (new.body, new.body, 1); end";
    rusqlite::Connection::open(&file).unwrap().execute_batch(trigger).unwrap();
    let mut third = unit("third", 1);
    told += &format!("\n{}", store.commit(&third).unwrap_err());
    third.records.clear();
    told += &format!("\n{}", store.commit(&third).unwrap_err());
    assert!(told.contains("Body(28 bytes)") && told.contains("is there already"), "{told}");
    assert!(!told.contains(SECRET), "{told}");
}
