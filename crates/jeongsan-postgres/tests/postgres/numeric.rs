//! Decimals go to the server and come back digit by digit; the server's own text is the judge.

use std::str::FromStr;

use jeongsan_postgres::Numeric;
use jeongsan_store::testing::sample_unit;
use jeongsan_store::{PageLimit, RecordQuery};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tokio_postgres::{Client, Config, NoTls};

use crate::server::{Place, cluster};

async fn client(address: &str) -> Client {
    let (client, connection) = Config::from_str(address).unwrap().connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The text of a decimal, by its digits.
fn naive_text(unscaled: i128, scale: usize) -> String {
    let mut digits = unscaled.unsigned_abs().to_string();
    while digits.len() <= scale {
        digits.insert(0, '0');
    }
    if scale > 0 {
        digits.insert(digits.len() - scale, '.');
    }
    if unscaled < 0 { format!("-{digits}") } else { digits }
}

#[test]
fn the_server_reads_and_writes_the_same_digits() {
    let Some(place) = Place::new() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = client(&place.address).await;
        let there = client.prepare("select $1::numeric::text").await.unwrap();
        let back = client.prepare("select $1::text::numeric").await.unwrap();
        let mut runner = TestRunner::default();
        let strategy = (any::<i128>(), 0_u32..127, prop_oneof![0_u16..8, 0_u16..200]);
        for _ in 0..runner.config().cases {
            let (unscaled, shift, scale) = strategy.new_tree(&mut runner).unwrap().current();
            let unscaled = unscaled >> shift;
            let (number, text) = (Numeric::new(unscaled, scale), naive_text(unscaled, usize::from(scale)));
            assert_eq!(number.to_string(), text);
            let told: String = client.query_one(&there, &[&number]).await.unwrap().get(0);
            assert_eq!(told, text, "what the server read");
            let read: Numeric = client.query_one(&back, &[&text]).await.unwrap().get(0);
            assert_eq!(read, number, "what came back");
        }
        for (text, message) in [
            ("NaN", "the numeric is not a number"),
            ("Infinity", "the numeric is infinite"),
            ("1e40", "the numeric has more digits than 128 bits hold"),
        ] {
            let error =
                client.query_one(&back, &[&text]).await.unwrap().try_get::<_, Numeric>(0).unwrap_err();
            assert_eq!(std::error::Error::source(&error).unwrap().to_string(), message);
        }
    });
}

#[test]
fn amounts_stand_in_major_units_with_their_decimals() {
    let Some(cluster) = cluster() else { return };
    let place = Place::on(cluster);
    let store = place.connect().unwrap();
    store.commit(&sample_unit()).unwrap();
    assert_eq!(
        place.sql(cluster, "select amount, currency from records where amount is not null"),
        "-1234.56|USD"
    );
    assert_eq!(place.sql(cluster, "select amount, currency from heads"), "8900|KRW");
    let read = || store.records(&RecordQuery::default(), None, PageLimit::MAX);
    // By hand, with other decimals: still the same amount.
    place.sql(cluster, "update record set amount = -1234.5600 where amount is not null");
    assert_eq!(read().unwrap().rows[0].value, sample_unit().records[0]);
    for (amount, text) in [
        ("0.001", "the store is corrupt: an amount that USD has no units for"),
        ("92233720368547758.08", "the store is corrupt: an amount that USD has no units for"),
        ("null", "the store is corrupt: an amount without its currency, or a currency without an amount"),
        ("'NaN'", "the store is corrupt: error deserializing column 7: the numeric is not a number"),
    ] {
        place.sql(cluster, &format!("update record set amount = {amount} where currency is not null"));
        assert_eq!(read().unwrap_err().to_string(), text);
    }
}
