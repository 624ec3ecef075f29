//! The tables, version by version.
//!
//! A migration is never changed once it is out: what differs comes as the next one.

use jeongsan_store::StoreError;

use crate::fault::Stop;
use crate::link::Link;

/// The newest schema that this program knows, and writes.
pub const SCHEMA: u32 = 2;

/// What brings a schema to the next one, from none to the first on.
const MIGRATIONS: [&str; 2] = [FIRST, SECOND];

/// The tables. What is compared or ordered is so byte by byte, whatever the database's own order.
const FIRST: &str = r#"
create table counter (
    name text collate "C" primary key,
    value bigint not null
);
insert into counter values ('sequence', 0);

create table unit (
    key text collate "C" primary key,
    request bytea not null check (length(request) = 32),
    sequence bigint not null
);

-- belongs_to is the order's id, or the entry's own where there is no order. Figures are whole minor units.
create table settlement (
    partner text collate "C" not null,
    settlement_date date not null,
    sequence bigint not null,
    id text collate "C" not null,
    kind text collate "C" not null,
    cause text collate "C" not null,
    belongs_to text collate "C" not null,
    has_order boolean not null,
    contract text collate "C",
    contract_version date,
    start_date date,
    currency text collate "C" not null,
    "order" bigint not null,
    order_tax_free bigint not null,
    discount bigint not null,
    discount_tax_free bigint not null,
    payment bigint not null,
    payment_tax_free bigint not null,
    payment_supply bigint not null,
    payment_vat bigint not null,
    payment_vat_burden bigint not null,
    platform_fee bigint not null,
    platform_fee_vat bigint not null,
    additional_fee bigint not null,
    additional_fee_vat bigint not null,
    discount_share bigint not null,
    discount_share_tax_free bigint not null,
    settlement bigint not null,
    settlement_tax_free bigint not null,
    details text,
    primary key (partner, settlement_date, sequence)
);
create unique index settlement_identity on settlement (belongs_to, id, kind, cause, partner);

-- Amounts of records and heads are in the currency's major unit, with its decimals.
create table record (
    sequence bigint primary key,
    kind text collate "C" not null,
    id text collate "C" not null,
    date date not null,
    partner text collate "C",
    order_id text collate "C",
    currency text collate "C",
    amount numeric,
    body text not null,
    constraint record_identity unique (kind, id)
);
create index record_by_day on record (date, sequence);
create index record_by_partner on record (partner, date, sequence) where partner is not null;
create index record_by_order on record (order_id, date, sequence) where order_id is not null;

create table head (
    kind text collate "C" not null,
    key text collate "C" not null,
    version bigint not null,
    status text collate "C" not null,
    partner text collate "C",
    date date,
    currency text collate "C",
    amount numeric,
    body text not null,
    primary key (kind, key)
);
create index head_by_status on head (kind, status);
create index head_by_partner on head (partner) where partner is not null;

create table outbox (
    sequence bigint primary key,
    id text collate "C" not null,
    body text not null,
    is_sent boolean not null default false,
    constraint outbox_identity unique (id)
);
create index outbox_waiting on outbox (sequence) where not is_sent;

create table lease (
    name text collate "C" primary key,
    holder text collate "C" not null,
    token bigint not null,
    until_microseconds bigint not null
);
"#;

/// Days of all partners in order, and the views for people, with the same columns as in SQLite.
const SECOND: &str = r#"
create index settlement_by_day on settlement (settlement_date, sequence);

create view settlements as select
    partner, settlement_date, id, kind as type, nullif(cause, '') as cause,
    case when has_order then belongs_to end as of_order, contract, contract_version, start_date, currency,
    "order", order_tax_free, discount, discount_tax_free, payment, payment_tax_free, payment_supply, payment_vat,
    payment_vat_burden, platform_fee, platform_fee_vat, additional_fee, additional_fee_vat, discount_share,
    discount_share_tax_free, settlement, settlement_tax_free, details, sequence
from settlement;

create view records as select kind, id, date, partner, order_id, currency, amount, body, sequence from record;

create view heads as select kind, key, version, status, partner, date, currency, amount, body from head;
"#;

/// A schema's name as SQL takes it.
pub(crate) fn quoted(schema: &str) -> String {
    format!("\"{}\"", schema.replace('"', "\"\""))
}

/// The server cuts longer names off without a word, so that two would be one.
pub(crate) fn check_name(schema: &str) -> Result<(), StoreError> {
    if schema.is_empty() || schema.len() > 63 || schema.contains('\0') {
        return Err(StoreError::Refused { reason: format!("`{schema}` can't be the name of a schema") });
    }
    Ok(())
}

/// The version that a schema has, 0 where there is none.
pub(crate) async fn found(link: &mut Link, schema: &str) -> Result<u32, StoreError> {
    let sql = "select to_regclass($1::text || '.jeongsan_schema') is not null,
        exists (select from pg_class where relnamespace = to_regnamespace($1::text))";
    let row = link.one(sql, &[&quoted(schema)]).await?;
    let (is_ours, has_tables): (bool, bool) = (Link::get(&row, 0)?, Link::get(&row, 1)?);
    if !is_ours {
        return if has_tables {
            Err(StoreError::Corrupt { reason: format!("schema `{schema}` is another program's") })
        } else {
            Ok(0)
        };
    }
    let row = link.one("select max(version) from jeongsan_schema", &[]).await?;
    let version: Option<i32> = Link::get(&row, 0)?;
    let version = version.and_then(|version| u32::try_from(version).ok());
    version.ok_or_else(|| StoreError::Corrupt { reason: "the schema has no version".into() })
}

/// Brings a schema to a version, in one transaction.
pub(crate) async fn migrate(link: &mut Link, schema: &str, target: u32) -> Result<(), StoreError> {
    if found(link, schema).await? >= target {
        return Ok(());
    }
    link.batch("begin isolation level read committed").await?;
    match migrate_locked(link, schema, target).await {
        Ok(()) => Ok(link.batch("commit").await?),
        Err(stop) => {
            drop(link.batch("rollback").await);
            Err(stop.into())
        }
    }
}

async fn migrate_locked(link: &mut Link, schema: &str, target: u32) -> Result<(), Stop> {
    // Another process may do the same at the moment: under the lock the version is read again.
    let lock = "select pg_advisory_xact_lock(hashtextextended('jeongsan schema ' || $1::text, 0))";
    link.query(lock, &[&schema]).await?;
    let found = found(link, schema).await?;
    if found == 0 {
        let name = quoted(schema);
        // Without the right to make schemas, in one that the owner of the database made.
        let exists = link.one("select to_regnamespace($1::text) is not null", &[&name]).await?;
        if !Link::get::<bool>(&exists, 0)? {
            link.batch(&format!("create schema {name}")).await?;
        }
        link.batch("create table jeongsan_schema (version integer primary key)").await?;
    }
    let steps = MIGRATIONS.iter().zip(1_u32..).filter(|(_, number)| *number > found && *number <= target);
    for (script, number) in steps {
        link.batch(script).await?;
        link.batch(&format!("insert into jeongsan_schema values ({number})")).await?;
    }
    Ok(())
}
