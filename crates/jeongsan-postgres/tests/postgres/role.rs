//! The role of the documentation can settle, and no more.

use jeongsan_postgres::{PostgresOptions, PostgresStore};
use jeongsan_store::testing::{sample_unit, sample_unit_is_there};
use jeongsan_store::{Blocking, Expected, LeaseRequest, StoreError, block_on};

use crate::server::{Place, cluster, unit};

#[test]
fn the_role_that_settles_can_change_nothing_written() {
    let Some(cluster) = cluster() else { return };
    let options = PostgresOptions::default();
    let connect =
        |role: &str| block_on(PostgresStore::connect(&cluster.address_of(role), &options)).map(Blocking::new);
    connect("jeongsan").unwrap();
    cluster.sql("jeongsan", include_str!("../../src/roles.sql")).unwrap();
    let store = connect("settler").unwrap();
    store.commit(&sample_unit()).unwrap();
    sample_unit_is_there(store.store()).unwrap();
    let request = LeaseRequest {
        name: "driver".parse().unwrap(),
        holder: "one".parse().unwrap(),
        now: chrono::DateTime::UNIX_EPOCH,
        time_to_live: chrono::TimeDelta::seconds(10),
    };
    let lease = store.acquire(&request).unwrap();
    let mut next = unit("next", 2);
    next.fence = Some(lease.fence());
    next.heads = sample_unit().heads;
    next.heads[0].expected = Expected::Version(1);
    next.sent = vec![sample_unit().outbox[0].id.clone()];
    store.commit(&next).unwrap();
    store.release(&lease).unwrap();
    for statement in [
        "update settlement set settlement = 0",
        "delete from settlement",
        "truncate settlement",
        "update record set body = ''",
        "delete from record",
        "update unit set key = ''",
        "delete from unit",
        "delete from head",
        "delete from outbox",
        "update outbox set body = ''",
        "create table jeongsan.more ()",
        "drop table settlement",
    ] {
        let error = cluster.sql("settler", &format!("set search_path to jeongsan; {statement}")).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("permission denied") || error.contains("must be owner"),
            "{statement}: {error}"
        );
    }
    // Nor can it make a schema of its own.
    let place = Place::on(cluster);
    let error = block_on(PostgresStore::connect(&cluster.address_of("settler"), &place.options)).unwrap_err();
    assert_eq!(error.to_string(), "the store refused: permission denied for database postgres (42501)");
    assert!(matches!(error, StoreError::Refused { .. }));
}

const PAGE: &str = include_str!("../../../../docs/stores.md");

#[test]
fn the_documentation_has_this_role_and_queries_that_run() {
    assert!(PAGE.contains(include_str!("../../src/roles.sql")));
    let Some(cluster) = cluster() else { return };
    let place = Place::on(cluster);
    place.connect().unwrap().commit(&sample_unit()).unwrap();
    let queries = PAGE.split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let answers = queries.filter(|query| query.starts_with("select")).map(|query| place.sql(cluster, query));
    assert_eq!(
        answers.collect::<Vec<_>>(),
        [
            "2026-03-04|KRW|16016|1\n2026-03-10|KRW|-8888|2",
            "o-1|order|2026-03-04|5005|10010|16016\nc-1|cancel|2026-03-10|0|0|-8900\no-1|retier|2026-03-10|0|0|12",
            "payout|po-1|processing|2026-03-11|KRW|8900",
            "po-1/1",
            "sample|7",
        ]
    );
}
