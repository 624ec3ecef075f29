//! Schemas: made once by whoever comes first, and told apart.

use std::thread;

use jeongsan_postgres::{PostgresOptions, PostgresStore, SCHEMA};
use jeongsan_store::testing::sample_unit;
use jeongsan_store::{Retry, block_on};

use crate::server::{Place, cluster};

#[test]
fn many_that_come_first_make_one_schema() {
    let Some(place) = Place::new() else { return };
    thread::scope(|scope| {
        let connect = |_| scope.spawn(|| place.connect().unwrap());
        let stores: Vec<_> = (0..6).map(connect).collect();
        let written = stores.into_iter().map(|store| store.join().unwrap().commit(&sample_unit()).unwrap());
        assert_eq!(written.filter(|receipt| !receipt.is_replay).count(), 1);
    });
}

#[test]
fn a_schema_of_a_newer_program_is_left_alone() {
    let Some(cluster) = cluster() else { return };
    let place = Place::on(cluster);
    drop(place.connect().unwrap());
    place.sql(cluster, &format!("insert into jeongsan_schema values ({})", SCHEMA + 5));
    let error = place.connect().unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("the store has schema {}, this program knows up to {SCHEMA}", SCHEMA + 5)
    );
    assert_eq!(error.retry(), Retry::Never);
}

#[test]
fn a_schema_of_another_program_is_left_alone() {
    let Some(cluster) = cluster() else { return };
    let mut place = Place::on(cluster);
    place.options.schema = "shop".into();
    cluster.sql("jeongsan", "create schema shop; create table shop.settlement ()").unwrap();
    let error = place.connect().unwrap_err();
    assert_eq!(error.to_string(), "the store is corrupt: schema `shop` is another program's");
}

#[test]
fn a_schema_that_was_made_empty_is_used() {
    let Some(cluster) = cluster() else { return };
    let mut place = Place::on(cluster);
    place.options.schema = "made \"empty\"".into();
    cluster.sql("jeongsan", "create schema \"made \"\"empty\"\"\"").unwrap();
    place.connect().unwrap().commit(&sample_unit()).unwrap();
}

#[test]
fn names_that_the_server_would_cut_and_encodings_that_hold_less_are_refused() {
    let long = PostgresOptions { schema: "가".repeat(22), ..PostgresOptions::default() };
    let error = block_on(PostgresStore::connect("host=/nowhere", &long)).unwrap_err();
    assert!(error.to_string().ends_with("can't be the name of a schema"), "{error}");
    let Some(cluster) = cluster() else { return };
    let create =
        "create database narrow encoding 'SQL_ASCII' locale 'C' locale_provider libc template template0";
    cluster.sql("jeongsan", create).unwrap();
    let address = cluster.address().replace("dbname=postgres", "dbname=narrow");
    let error = block_on(PostgresStore::connect(&address, &PostgresOptions::default())).unwrap_err();
    assert_eq!(error.to_string(), "the store refused: the database's encoding is `SQL_ASCII`, not `UTF8`");
}
