//! Units, written.
//!
//! A unit is one serializable transaction, and the whole of it is tried again when another came in between. Those that write wait for one
//! another at a lock that is taken before the transaction first looks, so that the numbers of rows rise as units are committed.

use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::time::Duration;

use jeongsan::figures::Figure;
use jeongsan::settle::Settlement;
use jeongsan_store::{HeadWrite, OutboxEntry, OutboxId, Receipt, Record, StoreError, Unit, write_details};
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;

use crate::Numeric;
use crate::fault::{Stop, commit_fault};
use crate::link::{Link, Parameter, Session, parameter};
use crate::read::{committed, figure_columns};
use crate::value::{Day, major, optional_day, signed, unsigned};

/// How often a unit is tried while others come in between.
const ATTEMPTS: u32 = 10;

/// The wait before the first attempt after a failed one; it doubles.
const PAUSE: Duration = Duration::from_millis(2);

const BEGIN: &str = "begin isolation level serializable; lock table counter in exclusive mode";

pub(crate) async fn commit(session: &mut Session, unit: &Unit) -> Result<Receipt, StoreError> {
    let mut pause = PAUSE;
    for attempt in 1..=ATTEMPTS {
        let link = session.link().await?;
        let stop = match attempt_unit(link, unit).await {
            Ok(receipt) => return Ok(receipt),
            Err(stop) => stop,
        };
        // Where nothing was begun or all is over it says so, and no more.
        if link.batch("rollback").await.is_err() {
            session.forget();
        }
        match stop {
            Stop::Told(error) => return Err(error),
            Stop::Taken(constraint) => {
                let link = session.link().await?;
                if let Some(error) = duplicate(link, unit, &constraint).await? {
                    return Err(error);
                }
            }
            Stop::Again(reason) if attempt == ATTEMPTS => return Err(StoreError::Unavailable { reason }),
            Stop::Again(_) => {}
        }
        tokio::time::sleep(pause).await;
        pause = pause.saturating_mul(2);
    }
    Err(StoreError::Unavailable { reason: "others came in between each time".into() })
}

async fn attempt_unit(link: &mut Link, unit: &Unit) -> Result<Receipt, Stop> {
    link.batch(BEGIN).await?;
    let receipt = match committed(link, &unit.key).await? {
        None => write(link, unit).await?,
        Some((request, sequence)) if request == unit.request => Receipt { sequence, is_replay: true },
        Some(_) => return Err(StoreError::KeyReused { key: unit.key.clone() }.into()),
    };
    link.client.batch_execute("commit").await.map_err(commit_fault)?;
    Ok(receipt)
}

async fn write(link: &mut Link, unit: &Unit) -> Result<Receipt, Stop> {
    check_fence(link, unit).await?;
    write_heads(link, &unit.heads).await?;
    let rows = [unit.settlements.len(), unit.records.len(), unit.outbox.len(), 1];
    let rows = rows.into_iter().fold(0, usize::saturating_add);
    let rows = i64::try_from(rows).map_err(|_| StoreError::OutOfRange { what: "the number of a row" })?;
    let count = "update counter set value = value + $1 where name = 'sequence' returning value";
    let last: i64 = Link::get(&link.one(count, &[&rows]).await?, 0)?;
    let mut sequence = last.saturating_sub(rows).saturating_add(1)..=last;
    copy_settlements(link, &unit.settlements, &mut sequence).await?;
    copy_records(link, &unit.records, &mut sequence).await?;
    copy_outbox(link, &unit.outbox, &mut sequence).await?;
    send(link, unit).await?;
    let insert = "insert into unit values ($1, $2, $3) on conflict do nothing";
    let request: &[u8] = unit.request.as_bytes();
    if link.execute(insert, &[&unit.key.as_str(), &request, &last]).await? == 0 {
        return Err(Stop::Again("the unit was committed by another".into()));
    }
    Ok(Receipt { sequence: unsigned(last)?, is_replay: false })
}

/// The lease's row stays as it is until the unit is committed.
async fn check_fence(link: &mut Link, unit: &Unit) -> Result<(), Stop> {
    let Some(fence) = &unit.fence else {
        return Ok(());
    };
    let sql = "select token from lease where name = $1 for share";
    let token = match link.optional(sql, &[&fence.name.as_str()]).await? {
        Some(row) => Some(Link::get::<i64>(&row, 0)?),
        None => None,
    };
    if token.and_then(|token| u64::try_from(token).ok()) == Some(fence.token.number()) {
        Ok(())
    } else {
        Err(StoreError::StaleLease { name: fence.name.clone() }.into())
    }
}

/// What heads are written with, by column.
#[derive(Default)]
struct HeadColumns<'u> {
    kinds: Vec<&'u str>,
    keys: Vec<&'u str>,
    versions: Vec<i64>,
    statuses: Vec<&'u str>,
    partners: Vec<Option<&'u str>>,
    dates: Vec<Option<Day>>,
    currencies: Vec<Option<&'static str>>,
    amounts: Vec<Option<Numeric>>,
    bodies: Vec<&'u str>,
}

impl<'u> HeadColumns<'u> {
    fn push(&mut self, write: &'u HeadWrite) -> Result<(), StoreError> {
        let version = write.expected.next().ok_or(StoreError::OutOfRange { what: "a head's version" })?;
        self.kinds.push(write.id.kind.as_str());
        self.keys.push(write.id.key.as_str());
        self.versions.push(signed(version, "a head's version")?);
        self.statuses.push(write.status.as_str());
        self.partners.push(write.partner.as_ref().map(|id| id.as_str()));
        self.dates.push(optional_day(write.date)?);
        self.currencies.push(write.amount.map(|amount| amount.currency().code()));
        self.amounts.push(write.amount.map(major));
        self.bodies.push(write.body.as_str());
        Ok(())
    }
}

async fn write_heads(link: &mut Link, heads: &[HeadWrite]) -> Result<(), Stop> {
    if heads.is_empty() {
        return Ok(());
    }
    let kinds: Vec<&str> = heads.iter().map(|write| write.id.kind.as_str()).collect();
    let keys: Vec<&str> = heads.iter().map(|write| write.id.key.as_str()).collect();
    let select = "select kind, key, version from head
        join unnest($1::text[], $2::text[]) as wanted(kind, key) using (kind, key)";
    let rows = link.query(select, &[&kinds, &keys]).await?;
    let mut versions = HashMap::new();
    for row in &rows {
        let name: (&str, &str) = (Link::get(row, 0)?, Link::get(row, 1)?);
        versions.insert(name, unsigned(Link::get(row, 2)?)?);
    }
    let (mut written, mut columns) = (HashSet::new(), HeadColumns::default());
    for write in heads {
        let name = (write.id.kind.as_str(), write.id.key.as_str());
        if !written.insert(name) {
            return Err(StoreError::DuplicateHead { head: write.id.clone() }.into());
        }
        let found = versions.get(&name).copied();
        if !write.expected.is_met_by(found) {
            let (head, expected) = (write.id.clone(), write.expected);
            return Err(StoreError::Conflict { head, expected, found }.into());
        }
        columns.push(write)?;
    }
    let upsert = "insert into head select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[],
            $5::text[], $6::date[], $7::text[], $8::numeric[], $9::text[])
        on conflict (kind, key) do update set version = excluded.version, status = excluded.status,
            partner = excluded.partner, date = excluded.date, currency = excluded.currency,
            amount = excluded.amount, body = excluded.body";
    let HeadColumns { kinds, keys, versions, statuses, partners, dates, currencies, amounts, bodies } =
        &columns;
    link.execute(upsert, &[kinds, keys, versions, statuses, partners, dates, currencies, amounts, bodies])
        .await?;
    Ok(())
}

/// What makes one settlement the same as another.
type Identity<'u> = [&'u str; 5];

fn identity(settlement: &Settlement) -> Identity<'_> {
    let id = settlement.id.as_str();
    let belongs_to = settlement.order_id().map_or(id, |order| order.as_str());
    let cause = settlement.cause.as_ref().map_or("", |cause| cause.as_str());
    [belongs_to, id, settlement.kind.as_str(), cause, settlement.partner.as_str()]
}

fn duplicate_settlement(settlement: &Settlement) -> StoreError {
    StoreError::DuplicateSettlement {
        id: settlement.id.to_string(),
        kind: settlement.kind.as_str(),
        partner: settlement.partner.to_string(),
    }
}

fn duplicate_record(record: &Record) -> StoreError {
    StoreError::DuplicateRecord { kind: record.kind.clone(), id: record.id.clone() }
}

/// The first of some values that came before among them.
fn repeated<T, K: Eq + std::hash::Hash>(
    values: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> Option<T> {
    let mut seen = HashSet::new();
    values.into_iter().find(|value| !seen.insert(key(value)))
}

/// Rows on their way into a table, in the server's own binary form.
async fn copy_into(link: &mut Link, target: &str, types: &[Type]) -> Result<BinaryCopyInWriter, Stop> {
    let statement = link.prepare(&format!("copy {target} from stdin (format binary)")).await?;
    Ok(BinaryCopyInWriter::new(link.client.copy_in(&statement).await?, types))
}

/// A settlement with the numbers of its row.
struct Placed<'u> {
    settlement: &'u Settlement,
    day: Day,
    sequence: i64,
    figures: [i64; Figure::ALL.len()],
}

async fn copy_settlements(
    link: &mut Link,
    settlements: &[Settlement],
    sequence: &mut impl Iterator<Item = i64>,
) -> Result<(), Stop> {
    if settlements.is_empty() {
        return Ok(());
    }
    if let Some(settlement) = repeated(settlements, |settlement| identity(settlement)) {
        return Err(duplicate_settlement(settlement).into());
    }
    let mut placed = Vec::with_capacity(settlements.len());
    for (settlement, sequence) in settlements.iter().zip(sequence) {
        let day = Day::new(settlement.settlement_date)?;
        let mut figures = settlement.figures.iter().map(|(_, amount)| amount.minor());
        let figures = [(); Figure::ALL.len()].map(|()| figures.next().unwrap_or_default());
        placed.push(Placed { settlement, day, sequence, figures });
    }
    // In the order of the key, so that its pages are filled one after the other.
    placed.sort_unstable_by_key(|placed| (placed.settlement.partner.as_str(), placed.day, placed.sequence));
    let target = format!(
        "settlement (belongs_to, id, kind, cause, partner, settlement_date, sequence, has_order, contract,
            contract_version, start_date, currency, details, {})",
        figure_columns()
    );
    let mut types = vec![Type::TEXT; 5];
    types.extend([Type::DATE, Type::INT8, Type::BOOL, Type::TEXT, Type::DATE, Type::DATE, Type::TEXT]);
    types.push(Type::TEXT);
    types.extend(Figure::ALL.iter().map(|_| Type::INT8));
    let mut copy = pin!(copy_into(link, &target, &types).await?);
    for Placed { settlement, day, sequence, figures } in &placed {
        let [belongs_to, id, kind, cause, partner] = identity(settlement);
        let contract = settlement.contract.as_ref().map(|id| id.as_str());
        let contract_version = optional_day(settlement.contract_version)?;
        let start_date = optional_day(settlement.start_date)?;
        let (has_order, currency) = (settlement.of_order.is_some(), settlement.currency.code());
        let details = write_details(settlement);
        let head: [Parameter<'_>; 13] = [
            &belongs_to,
            &id,
            &kind,
            &cause,
            &partner,
            day,
            sequence,
            &has_order,
            &contract,
            &contract_version,
            &start_date,
            &currency,
            &details,
        ];
        let mut row = Vec::with_capacity(types.len());
        row.extend(head);
        row.extend(figures.iter().map(parameter));
        copy.as_mut().write(&row).await?;
    }
    copy.finish().await?;
    Ok(())
}

async fn copy_records(
    link: &mut Link,
    records: &[Record],
    sequence: &mut impl Iterator<Item = i64>,
) -> Result<(), Stop> {
    if records.is_empty() {
        return Ok(());
    }
    if let Some(record) = repeated(records, |record| (&record.kind, &record.id)) {
        return Err(duplicate_record(record).into());
    }
    let target = "record (sequence, kind, id, date, partner, order_id, currency, amount, body)";
    let types = [
        Type::INT8,
        Type::TEXT,
        Type::TEXT,
        Type::DATE,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::NUMERIC,
        Type::TEXT,
    ];
    let mut copy = pin!(copy_into(link, target, &types).await?);
    for (record, sequence) in records.iter().zip(sequence) {
        let (kind, id, date) = (record.kind.as_str(), record.id.as_str(), Day::new(record.date)?);
        let partner = record.partner.as_ref().map(|id| id.as_str());
        let order = record.order.as_ref().map(|id| id.as_str());
        let currency = record.amount.map(|amount| amount.currency().code());
        let (amount, body) = (record.amount.map(major), record.body.as_str());
        let row: [Parameter<'_>; 9] =
            [&sequence, &kind, &id, &date, &partner, &order, &currency, &amount, &body];
        copy.as_mut().write(&row).await?;
    }
    copy.finish().await?;
    Ok(())
}

async fn copy_outbox(
    link: &mut Link,
    outbox: &[OutboxEntry],
    sequence: &mut impl Iterator<Item = i64>,
) -> Result<(), Stop> {
    if outbox.is_empty() {
        return Ok(());
    }
    if let Some(entry) = repeated(outbox, |entry| &entry.id) {
        return Err(StoreError::DuplicateOutbox { id: entry.id.clone() }.into());
    }
    let types = [Type::INT8, Type::TEXT, Type::TEXT];
    let mut copy = pin!(copy_into(link, "outbox (sequence, id, body)", &types).await?);
    for (entry, sequence) in outbox.iter().zip(sequence) {
        copy.as_mut().write(&[&sequence, &entry.id.as_str(), &entry.body.as_str()]).await?;
    }
    copy.finish().await?;
    Ok(())
}

/// Takes out of the outbox what was sent.
async fn send(link: &mut Link, unit: &Unit) -> Result<(), Stop> {
    if unit.sent.is_empty() {
        return Ok(());
    }
    let not_in_outbox = |id: &OutboxId| Err(StoreError::NotInOutbox { id: id.clone() }.into());
    // What this unit puts in waits from then on; it can't be sent before.
    let put: HashSet<_> = unit.outbox.iter().map(|entry| &entry.id).collect();
    let ids: Vec<&str> = unit.sent.iter().filter(|id| !put.contains(id)).map(|id| id.as_str()).collect();
    let sql = "update outbox set is_sent = true where id = any($1) and not is_sent returning id";
    let rows = link.query(sql, &[&ids]).await?;
    let mut waited = HashSet::new();
    for row in &rows {
        waited.insert(Link::get::<&str>(row, 0)?);
    }
    // Each leaves once.
    match unit.sent.iter().find(|id| !waited.remove(id.as_str())) {
        Some(id) => not_in_outbox(id),
        None => Ok(()),
    }
}

/// Which row of a unit is there already, by the constraint that said so. Rows never go, so that it is still there.
async fn duplicate(link: &mut Link, unit: &Unit, constraint: &str) -> Result<Option<StoreError>, StoreError> {
    let columns: Vec<Vec<&str>> = match constraint {
        "settlement_identity" => {
            let identities: Vec<_> = unit.settlements.iter().map(identity).collect();
            let column = |place: usize| identities.iter().filter_map(|row| row.get(place).copied()).collect();
            (0..5).map(column).collect()
        }
        "record_identity" => vec![
            unit.records.iter().map(|record| record.kind.as_str()).collect(),
            unit.records.iter().map(|record| record.id.as_str()).collect(),
        ],
        "outbox_identity" => vec![unit.outbox.iter().map(|entry| entry.id.as_str()).collect()],
        _ => return Ok(None),
    };
    let (names, table) = match constraint {
        "settlement_identity" => (&["belongs_to", "id", "kind", "cause", "partner"][..], "settlement"),
        "record_identity" => (&["kind", "id"][..], "record"),
        _ => (&["id"][..], "outbox"),
    };
    let arrays: Vec<_> = (1..=names.len()).map(|place| format!("${place}::text[]")).collect();
    let names = names.join(", ");
    let sql = format!(
        "select place from unnest({}) with ordinality as wanted({names}, place) join {table} using ({names})
         order by place limit 1",
        arrays.join(", ")
    );
    let values: Vec<_> = columns.iter().map(parameter).collect();
    let Some(row) = link.optional(&sql, &values).await? else {
        return Ok(None);
    };
    let place = usize::try_from(Link::get::<i64>(&row, 0)?.saturating_sub(1)).unwrap_or(usize::MAX);
    Ok(match table {
        "settlement" => unit.settlements.get(place).map(duplicate_settlement),
        "record" => unit.records.get(place).map(duplicate_record),
        _ => unit.outbox.get(place).map(|entry| StoreError::DuplicateOutbox { id: entry.id.clone() }),
    })
}
