//! The tables, version by version.
//!
//! A migration is never changed once it is out: what differs comes as the next one.

use jeongsan_store::StoreError;
use rusqlite::{Connection, TransactionBehavior};

use crate::fault::fault;

/// The newest schema that this program knows, and writes.
pub const SCHEMA: u32 = 2;

/// "jeon", by which the file tells whose it is.
const APPLICATION_ID: i32 = 0x6a65_6f6e;

/// What brings a schema to the next one, from none to the first on.
const MIGRATIONS: [&str; 2] = [FIRST, SECOND];

/// The tables: numbers for partners, contracts and days, so that a settlement takes some hundred bytes.
const FIRST: &str = r#"
create table counter (
    name text primary key,
    value integer not null
) strict, without rowid;
insert into counter values ('sequence', 0);

create table name (
    number integer primary key,
    text text not null unique
) strict;

create table unit (
    key text primary key,
    request blob not null check (length(request) = 32),
    sequence integer not null
) strict, without rowid;

-- Days are counted from 1970-01-01.
create table settlement (
    partner integer not null references name,
    settlement_day integer not null,
    sequence integer not null,
    id text not null,
    kind text not null,
    cause text not null,
    of_order text,
    contract integer references name,
    contract_version_day integer,
    start_day integer,
    currency text not null,
    "order" integer not null,
    order_tax_free integer not null,
    discount integer not null,
    discount_tax_free integer not null,
    payment integer not null,
    payment_tax_free integer not null,
    payment_supply integer not null,
    payment_vat integer not null,
    payment_vat_burden integer not null,
    platform_fee integer not null,
    platform_fee_vat integer not null,
    additional_fee integer not null,
    additional_fee_vat integer not null,
    discount_share integer not null,
    discount_share_tax_free integer not null,
    settlement integer not null,
    settlement_tax_free integer not null,
    details text,
    primary key (partner, settlement_day, sequence)
) strict, without rowid;

-- Each settlement once. A table and no index, so that it is filled in the order of ids whatever the order of partners. belongs_to is the order's id,
-- or the entry's own where there is no order.
create table settlement_identity (
    belongs_to text not null,
    id text not null,
    kind text not null,
    cause text not null,
    partner integer not null,
    settlement_day integer not null,
    sequence integer not null,
    primary key (belongs_to, id, kind, cause, partner)
) strict, without rowid;

create table record (
    sequence integer primary key,
    kind text not null,
    id text not null,
    day integer not null,
    partner integer references name,
    order_id text,
    currency text,
    amount integer,
    body text not null,
    unique (kind, id)
) strict;
create index record_by_day on record (day);
create index record_by_partner on record (partner, day) where partner is not null;
create index record_by_order on record (order_id, day) where order_id is not null;

create table head (
    kind text not null,
    key text not null,
    version integer not null,
    status text not null,
    partner integer references name,
    day integer,
    currency text,
    amount integer,
    body text not null,
    primary key (kind, key)
) strict, without rowid;
create index head_by_status on head (kind, status, key);
create index head_by_partner on head (partner) where partner is not null;

create table outbox (
    sequence integer primary key,
    id text not null unique,
    body text not null,
    is_sent integer not null default 0 check (is_sent in (0, 1))
) strict;
create index outbox_waiting on outbox (sequence) where is_sent = 0;

create table lease (
    name text primary key,
    holder text not null,
    token integer not null,
    until_microseconds integer not null
) strict, without rowid;
"#;

/// Days of all partners in order, and the views for people.
const SECOND: &str = r#"
create index settlement_by_day on settlement (settlement_day, sequence);

create view settlements as select
    partner.text as partner, date(s.settlement_day * 86400, 'unixepoch') as settlement_date, s.id, s.kind as type,
    nullif(s.cause, '') as cause, s.of_order, contract.text as contract,
    date(s.contract_version_day * 86400, 'unixepoch') as contract_version,
    date(s.start_day * 86400, 'unixepoch') as start_date, s.currency, s."order", s.order_tax_free, s.discount,
    s.discount_tax_free, s.payment, s.payment_tax_free, s.payment_supply, s.payment_vat, s.payment_vat_burden,
    s.platform_fee, s.platform_fee_vat, s.additional_fee, s.additional_fee_vat, s.discount_share,
    s.discount_share_tax_free, s.settlement, s.settlement_tax_free, s.details, s.sequence
from settlement as s
join name as partner on partner.number = s.partner
left join name as contract on contract.number = s.contract;

create view records as select
    r.kind, r.id, date(r.day * 86400, 'unixepoch') as date, partner.text as partner, r.order_id, r.currency,
    r.amount, r.body, r.sequence
from record as r left join name as partner on partner.number = r.partner;

create view heads as select
    h.kind, h.key, h.version, h.status, partner.text as partner, date(h.day * 86400, 'unixepoch') as date,
    h.currency, h.amount, h.body
from head as h left join name as partner on partner.number = h.partner;
"#;

/// The tables that hold rows, for whoever counts them.
#[must_use]
pub const fn tables_written() -> [&'static str; 6] {
    ["unit", "settlement", "record", "head", "outbox", "lease"]
}

/// Brings a file to a schema, each step in one transaction with the number of the schema it leads to.
pub(crate) fn migrate(connection: &mut Connection, target: u32) -> Result<(), StoreError> {
    let found = schema_of(connection)?;
    if found > SCHEMA {
        return Err(StoreError::SchemaNewer { found, known: SCHEMA });
    }
    if found >= target {
        return Ok(());
    }
    // Another process may do the same at the moment: under the lock the number is read again.
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| fault(&error))?;
    let found = schema_of(&transaction)?;
    let steps = MIGRATIONS.iter().zip(1_u32..).filter(|(_, number)| *number > found && *number <= target);
    for (script, number) in steps {
        transaction.execute_batch(script).map_err(|error| fault(&error))?;
        transaction.pragma_update(None, "user_version", number).map_err(|error| fault(&error))?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(|error| fault(&error))?;
    transaction.commit().map_err(|error| fault(&error))
}

/// The schema of a file, 0 for a new one.
fn schema_of(connection: &Connection) -> Result<u32, StoreError> {
    let number = |pragma: &str| {
        connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).map_err(|error| fault(&error))
    };
    let (version, application) = (number("user_version")?, number("application_id")?);
    let is_empty: bool = connection
        .query_row("select not exists (select 1 from sqlite_schema)", (), |row| row.get(0))
        .map_err(|error| fault(&error))?;
    if !is_empty && application != i64::from(APPLICATION_ID) {
        return Err(StoreError::Corrupt { reason: "the file is a database of another program".into() });
    }
    u32::try_from(version).map_err(|_| StoreError::Corrupt { reason: format!("schema `{version}`") })
}
