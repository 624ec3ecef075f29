//! What goes wrong is told by type, with what helps, and nothing is lost.

use std::thread;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use jeongsan_postgres::testing::Cluster;
use jeongsan_postgres::{PostgresOptions, PostgresStore};
use jeongsan_store::{
    LeaseRequest, PageLimit, RecordQuery, Retry, SettlementQuery, Store, StoreError, block_on,
};

use crate::server::{Place, SECRET, cluster, unit};

/// Has each insert into a table run a statement first.
fn before_insert(place: &Place, cluster: &Cluster, table: &str, statement: &str) {
    place.sql(
        cluster,
        &format!(
            "create or replace function meddle() returns trigger language plpgsql as
                $$ begin {statement} return new; end $$;
             create or replace trigger meddle before insert on {table} for each row execute function meddle()"
        ),
    );
}

#[test]
fn it_works_within_a_runtime_of_the_host() {
    let Some(place) = Place::new() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let store = PostgresStore::connect(&place.address, &place.options).await.unwrap();
        let unit = unit("within", 3);
        assert!(!store.commit(&unit).await.unwrap().is_replay);
        assert!(store.receipt(&unit.key).await.unwrap().is_some());
        // A future that isn't waited for is worked off all the same.
        drop(store.commit(&crate::server::unit("dropped", 1)));
        drop(store);
        let store = PostgresStore::connect(&place.address, &place.options).await.unwrap();
        assert!(store.receipt(&"dropped".parse().unwrap()).await.unwrap().is_some());
    });
}

#[test]
fn a_unit_is_tried_again_as_a_whole_and_not_for_ever() {
    let Some(cluster) = cluster() else { return };
    let place = Place::on(cluster);
    let store = place.connect().unwrap();
    place.sql(cluster, "create sequence failures");
    let fail = "if nextval('failures') % 4 <> 0 then raise exception using errcode = '40001'; end if;";
    before_insert(&place, cluster, "unit", fail);
    store.commit(&unit("again", 5)).unwrap();
    assert_eq!(place.sql(cluster, "select last_value from failures"), "4");
    assert_eq!(place.sql(cluster, "select count(*) from settlement"), "5");
    before_insert(&place, cluster, "unit", "raise exception 'deadlock' using errcode = '40P01';");
    let error = store.commit(&unit("never", 5)).unwrap_err();
    assert_eq!(error.to_string(), "the store is unavailable: deadlock (40P01)");
    assert_eq!(error.retry(), Retry::Later);
    assert_eq!(place.sql(cluster, "select count(*) from settlement"), "5");
}

#[test]
fn what_the_server_says_has_its_type() {
    let Some(cluster) = cluster() else { return };
    let place = Place::on(cluster);
    let store = place.connect().unwrap();
    let cases = [
        ("53100", "the store is full: seen (53100)", Retry::Later),
        ("53200", "the store is unavailable: seen (53200)", Retry::Later),
        ("57P01", "the store is unavailable: seen (57P01)", Retry::Later),
        ("58030", "the store is unavailable: seen (58030)", Retry::Later),
        ("25006", "the store is read-only: seen (25006)", Retry::Never),
        ("XX001", "the store is corrupt: seen (XX001)", Retry::Never),
        ("XX002", "the store is corrupt: seen (XX002)", Retry::Never),
        ("42501", "the store refused: seen (42501)", Retry::Never),
        ("22003", "the store refused: a value that the server doesn't take (22003)", Retry::Never),
    ];
    for (code, text, retry) in cases {
        before_insert(&place, cluster, "unit", &format!("raise exception 'seen' using errcode = '{code}';"));
        let error = store.commit(&unit("refused", 1)).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.retry()), (text, retry));
    }
    before_insert(&place, cluster, "unit", "");
    assert!(!store.commit(&unit("refused", 1)).unwrap().is_replay, "nothing of it was written before");
}

#[test]
fn a_lease_goes_on_when_the_unit_under_it_is_written() {
    let Some(cluster) = cluster() else { return };
    let place = Place::on(cluster);
    let (first, second) = (place.connect().unwrap(), place.connect().unwrap());
    let request = |holder: &str, seconds| LeaseRequest {
        name: "driver".parse().unwrap(),
        holder: holder.parse().unwrap(),
        now: DateTime::from_timestamp(seconds, 0).unwrap(),
        time_to_live: TimeDelta::seconds(10),
    };
    let lease = first.acquire(&request("one", 0)).unwrap();
    before_insert(&place, cluster, "unit", "perform pg_sleep(1);");
    let mut late = unit("late", 1);
    late.fence = Some(lease.fence());
    thread::scope(|scope| {
        let commit = scope.spawn(|| first.commit(&late));
        while place.sql(cluster, "select count(*) from pg_stat_activity where wait_event = 'PgSleep'") == "0"
        {
            thread::sleep(Duration::from_millis(10));
        }
        // Its time is over, so that another has it: but not before the unit is there to be seen.
        second.acquire(&request("two", 60)).unwrap();
        assert!(second.receipt(&late.key).unwrap().is_some());
        commit.join().unwrap().unwrap();
    });
    let mut stale = unit("stale", 1);
    stale.fence = Some(lease.fence());
    assert!(matches!(first.commit(&stale).unwrap_err(), StoreError::StaleLease { .. }));
}

#[test]
fn a_read_only_server_is_told() {
    let Some(cluster) = cluster() else { return };
    let mut place = Place::on(cluster);
    place.connect().unwrap().commit(&unit("before", 1)).unwrap();
    place.address.push_str(" options='-c default_transaction_read_only=on'");
    let store = place.connect().unwrap();
    let error = store.commit(&unit("after", 1)).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
    assert!(store.receipt(&"before".parse().unwrap()).unwrap().is_some());
}

#[test]
fn waiting_has_an_end() {
    let Some(cluster) = cluster() else { return };
    let mut place = Place::on(cluster);
    place.options.lock_timeout = Duration::from_millis(200);
    place.options.statement_timeout = Duration::from_millis(700);
    let store = place.connect().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| place.sql(cluster, "begin; lock table counter; select pg_sleep(3); rollback"));
        thread::sleep(Duration::from_millis(1_000));
        let error = store.commit(&unit("waits", 1)).unwrap_err();
        assert!(error.to_string().ends_with("(55P03)"), "{error}");
        assert_eq!(error.retry(), Retry::Later);
    });
    before_insert(&place, cluster, "unit", "perform pg_sleep(30);");
    let error = store.commit(&unit("waits", 1)).unwrap_err();
    assert!(error.to_string().ends_with("(57014)"), "{error}");
    assert_eq!(error.retry(), Retry::Later);
}

#[test]
fn a_duplicate_among_many_is_named() {
    let Some(place) = Place::new() else { return };
    let store = place.connect().unwrap();
    store.commit(&unit("first", 1)).unwrap();
    let mut many = unit("many", 40_000);
    many.settlements.push(unit("first", 1).settlements.remove(0));
    let error = store.commit(&many).unwrap_err();
    let text = "the order settlement `first/0` of `seller-1` is there already";
    assert_eq!(error.to_string(), text);
    many.settlements.swap(1, 40_000);
    assert_eq!(store.commit(&many).unwrap_err().to_string(), text, "where most rows come behind it");
    many.settlements.remove(1);
    many.records[0].id = "first".parse().unwrap();
    assert_eq!(store.commit(&many).unwrap_err().to_string(), "record `event/first` is there already");
    many.records.clear();
    many.outbox[0].id = "first".parse().unwrap();
    assert_eq!(store.commit(&many).unwrap_err().to_string(), "payout `first` was in the outbox before");
    assert_eq!(store.settlements(&SettlementQuery::default(), None, PageLimit::MAX).unwrap().rows.len(), 1);
}

#[test]
fn the_longest_names_have_room() {
    let Some(place) = Place::new() else { return };
    // Of four bytes each, in no order that would pack well.
    let name = |seed: u32, length: u32| -> String {
        let mut number = seed;
        let next = |_| {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from_u32(0x2_0000 + (number >> 12) % 0xa6d0).unwrap()
        };
        (0..length).map(next).collect()
    };
    let mut unit = jeongsan_store::testing::sample_unit();
    unit.key = name(1, 256).parse().unwrap();
    unit.records[0].kind = name(2, 256).parse().unwrap();
    unit.records[0].id = name(3, 256).parse().unwrap();
    unit.records[0].partner = Some(name(4, 128).parse().unwrap());
    unit.heads[0].id.kind = name(5, 256).parse().unwrap();
    unit.heads[0].id.key = name(6, 256).parse().unwrap();
    unit.heads[0].status = name(7, 256).parse().unwrap();
    let row = &mut unit.settlements[2];
    row.id = name(8, 128).parse().unwrap();
    row.of_order = Some(name(9, 128).parse().unwrap());
    row.cause = Some(name(10, 128).parse().unwrap());
    row.partner = name(11, 128).parse().unwrap();
    let store = place.connect().unwrap();
    store.commit(&unit).unwrap();
    let page = store.records(&RecordQuery::default(), None, PageLimit::MAX).unwrap();
    assert_eq!(page.rows[0].value, unit.records[0]);
}

#[test]
fn nothing_tells_what_bodies_hold() {
    let Some(cluster) = cluster() else { return };
    let place = Place::on(cluster);
    let store = place.connect().unwrap();
    store.commit(&unit("there", 1)).unwrap();
    let mut shown = format!("{:?} {store:?}", unit("there", 1));
    shown += &format!("{:?}", store.records(&RecordQuery::default(), None, PageLimit::MAX).unwrap());
    shown += &format!("{:?}", store.outbox(None, PageLimit::MAX).unwrap());
    let mut fail = |key: &str| {
        let error = store.commit(&unit(key, 1)).unwrap_err();
        shown += &format!("\n{error} {error:?}");
    };
    // The server's detail has the whole row that fails.
    place.sql(cluster, "alter table record add constraint few check (length(body) < 3) not valid");
    fail("fails");
    place.sql(cluster, "alter table record drop constraint few");
    let raise = "raise exception 'invalid input: %', new.body using errcode = '22P02', detail = new.body;";
    before_insert(&place, cluster, "record", raise);
    fail("raises");
    let raise = "raise exception 'seen' using detail = new.body, hint = new.body;";
    before_insert(&place, cluster, "outbox", raise);
    place.sql(cluster, "drop trigger meddle on record");
    fail("hints");
    assert!(shown.contains("few") && shown.contains("(22P02)") && shown.contains("seen"), "{shown}");
    assert!(!shown.contains(SECRET), "{shown}");
    let address = format!("postgresql://settler:{SECRET}@localhost/market?port={SECRET}");
    let error = block_on(PostgresStore::connect(&address, &PostgresOptions::default())).unwrap_err();
    assert_eq!(error.to_string(), "the store refused: invalid connection string");
}

#[test]
fn a_server_that_is_gone_is_unavailable() {
    let place = PostgresOptions::default();
    let error = block_on(PostgresStore::connect("host=/nowhere user=nobody", &place)).unwrap_err();
    assert!(matches!(&error, StoreError::Unavailable { .. }), "{error}");
    assert_eq!(error.retry(), Retry::Later);
}

#[test]
fn a_connection_that_is_ended_is_made_again() {
    let Some(cluster) = cluster() else { return };
    let place = Place::on(cluster);
    let store = place.connect().unwrap();
    store.commit(&unit("one", 1)).unwrap();
    let mine =
        "select count(pg_terminate_backend(pid)) from pg_locks join pg_database on database = pg_database.oid
        where relation = 'counter'::regclass";
    before_insert(&place, cluster, "unit", "perform pg_sleep(60);");
    thread::scope(|scope| {
        let commit = scope.spawn(|| store.commit(&unit("two", 1)));
        while place.sql(cluster, mine) == "0" {
            thread::sleep(Duration::from_millis(20));
        }
        let error = commit.join().unwrap().unwrap_err();
        assert!(matches!(&error, StoreError::Unavailable { .. }), "{error}");
    });
    before_insert(&place, cluster, "unit", "");
    assert!(!store.commit(&unit("two", 1)).unwrap().is_replay);
}
