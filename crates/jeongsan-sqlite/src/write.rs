//! Units and leases, written.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use jeongsan::figures::Figure;
use jeongsan::settle::Settlement;
use jeongsan_store::{
    FencingToken, Fingerprint, HeadWrite, Lease, LeaseRequest, Receipt, Record, StoreError, Unit, UnitKey,
    write_details,
};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Statement, Transaction, TransactionBehavior, params};

use crate::fault::{commit_fault, fault};
use crate::names::Names;
use crate::row::{day_number, instant, microseconds, parsed, signed, unsigned};

/// The connection that writes, and the numbers it knows.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) names: Names,
}

impl Writer {
    /// Writes a unit in one transaction.
    pub(crate) fn commit(&mut self, unit: &Unit) -> Result<Receipt, StoreError> {
        let transaction = begin(&mut self.connection)?;
        if let Some(receipt) = replay(&transaction, unit)? {
            return Ok(receipt);
        }
        let written = write(&transaction, &mut self.names, unit);
        let outcome = written.and_then(|receipt| match transaction.commit() {
            Ok(()) => Ok(receipt),
            Err(error) => Err(commit_fault(&error)),
        });
        match outcome {
            Ok(_) => self.names.keep(),
            Err(_) => self.names.forget(),
        }
        outcome
    }

    pub(crate) fn acquire(&mut self, request: &LeaseRequest) -> Result<Lease, StoreError> {
        let transaction = begin(&mut self.connection)?;
        let until = request.until();
        let token = match held(&transaction, request)? {
            Some(last) if last.until > request.now && last.holder == request.holder => last.token,
            Some(last) if last.until > request.now => {
                return Err(StoreError::LeaseHeld { name: last.name, by: last.holder, until: last.until });
            }
            last => FencingToken::new(last.map_or(1, |last| last.token.number().saturating_add(1))),
        };
        transaction
            .execute(
                "insert into lease values (?1, ?2, ?3, ?4)
                 on conflict (name) do update set holder = ?2, token = ?3, until_microseconds = ?4",
                params![
                    request.name.as_str(),
                    request.holder.as_str(),
                    signed(token.number(), "a lease's token")?,
                    microseconds(until)
                ],
            )
            .map_err(|error| fault(&error))?;
        transaction.commit().map_err(|error| commit_fault(&error))?;
        let until = instant(microseconds(until));
        Ok(Lease { name: request.name.clone(), holder: request.holder.clone(), token, until })
    }

    pub(crate) fn release(&mut self, lease: &Lease) -> Result<(), StoreError> {
        let token = signed(lease.token.number(), "a lease's token")?;
        let long_ago = microseconds(DateTime::<Utc>::MIN_UTC);
        let released = self
            .connection
            .execute(
                "update lease set until_microseconds = ?3, token = token + 1 where name = ?1 and token = ?2",
                params![lease.name.as_str(), token, long_ago],
            )
            .map_err(|error| commit_fault(&error))?;
        if released == 0 { Err(StoreError::StaleLease { name: lease.name.clone() }) } else { Ok(()) }
    }
}

fn begin(connection: &mut Connection) -> Result<Transaction<'_>, StoreError> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|error| fault(&error))
}

fn prepare<'c>(connection: &'c Connection, sql: &str) -> Result<rusqlite::CachedStatement<'c>, StoreError> {
    connection.prepare_cached(sql).map_err(|error| fault(&error))
}

fn held(connection: &Connection, request: &LeaseRequest) -> Result<Option<Lease>, StoreError> {
    let found = connection
        .query_row(
            "select holder, token, until_microseconds from lease where name = ?",
            [request.name.as_str()],
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)),
        )
        .optional()
        .map_err(|error| fault(&error))?;
    found
        .map(|(holder, token, until)| {
            Ok(Lease {
                name: request.name.clone(),
                holder: parsed(&holder)?,
                token: FencingToken::new(unsigned(token)?),
                until: instant(until),
            })
        })
        .transpose()
}

/// The unit of a key, as far as it was committed: its request and number.
pub(crate) fn committed(
    connection: &Connection,
    key: &UnitKey,
) -> Result<Option<(Fingerprint, u64)>, StoreError> {
    let mut select = prepare(connection, "select request, sequence from unit where key = ?")?;
    let found = select
        .query_row([key.as_str()], |row| Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, i64>(1)?)))
        .optional()
        .map_err(|error| fault(&error))?;
    found.map(|(request, sequence)| Ok((Fingerprint::from_bytes(request), unsigned(sequence)?))).transpose()
}

fn replay(connection: &Connection, unit: &Unit) -> Result<Option<Receipt>, StoreError> {
    match committed(connection, &unit.key)? {
        None => Ok(None),
        Some((request, sequence)) if request == unit.request => {
            Ok(Some(Receipt { sequence, is_replay: true }))
        }
        Some(_) => Err(StoreError::KeyReused { key: unit.key.clone() }),
    }
}

fn write(connection: &Connection, names: &mut Names, unit: &Unit) -> Result<Receipt, StoreError> {
    check_fence(connection, unit)?;
    write_heads(connection, names, &unit.heads)?;
    let mut select = prepare(connection, "select value from counter where name = 'sequence'")?;
    let last: i64 = select.query_row((), |row| row.get(0)).map_err(|error| fault(&error))?;
    let mut sequence = Sequence { last: unsigned(last)? };
    write_settlements(connection, names, &unit.settlements, &mut sequence)?;
    write_records(connection, names, &unit.records, &mut sequence)?;
    write_outbox(connection, unit, &mut sequence)?;
    let number = sequence.next()?;
    prepare(connection, "insert into unit values (?, ?, ?)")?
        .execute(params![unit.key.as_str(), unit.request.as_bytes(), number])
        .map_err(|error| fault(&error))?;
    prepare(connection, "update counter set value = ? where name = 'sequence'")?
        .execute([number])
        .map_err(|error| fault(&error))?;
    Ok(Receipt { sequence: unsigned(number)?, is_replay: false })
}

/// The numbers that rows get, in the order of writing.
struct Sequence {
    last: u64,
}

impl Sequence {
    fn next(&mut self) -> Result<i64, StoreError> {
        self.last = self.last.saturating_add(1);
        signed(self.last, "the number of a row")
    }
}

fn check_fence(connection: &Connection, unit: &Unit) -> Result<(), StoreError> {
    let Some(fence) = &unit.fence else {
        return Ok(());
    };
    let token: Option<i64> = prepare(connection, "select token from lease where name = ?")?
        .query_row([fence.name.as_str()], |row| row.get(0))
        .optional()
        .map_err(|error| fault(&error))?;
    if token.and_then(|token| u64::try_from(token).ok()) == Some(fence.token.number()) {
        Ok(())
    } else {
        Err(StoreError::StaleLease { name: fence.name.clone() })
    }
}

fn write_heads(connection: &Connection, names: &mut Names, heads: &[HeadWrite]) -> Result<(), StoreError> {
    let mut select = prepare(connection, "select version from head where kind = ? and key = ?")?;
    let mut upsert = prepare(
        connection,
        "insert into head values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) on conflict (kind, key) do update set
            version = ?3, status = ?4, partner = ?5, day = ?6, currency = ?7, amount = ?8, body = ?9",
    )?;
    let mut written = HashSet::new();
    for write in heads {
        let name = (write.id.kind.as_str(), write.id.key.as_str());
        if !written.insert(name) {
            return Err(StoreError::DuplicateHead { head: write.id.clone() });
        }
        let found: Option<i64> =
            select.query_row(name, |row| row.get(0)).optional().map_err(|error| fault(&error))?;
        let found = found.map(unsigned).transpose()?;
        if !write.expected.is_met_by(found) {
            let (head, expected) = (write.id.clone(), write.expected);
            return Err(StoreError::Conflict { head, expected, found });
        }
        let version = write.expected.next().ok_or(StoreError::OutOfRange { what: "a head's version" })?;
        let partner = write.partner.as_ref().map(|id| names.number(connection, id.as_str())).transpose()?;
        upsert
            .execute(params![
                name.0,
                name.1,
                signed(version, "a head's version")?,
                write.status.as_str(),
                partner,
                write.date.map(day_number),
                write.amount.map(|amount| amount.currency().code()),
                write.amount.map(|amount| amount.amount().minor()),
                write.body.as_str()
            ])
            .map_err(|error| fault(&error))?;
    }
    Ok(())
}

/// The columns of a settlement in the order in which [`bind_settlement`] binds them.
fn insert_settlement() -> String {
    let figures = Figure::ALL.iter().map(|figure| format!("\"{figure}\"")).collect::<Vec<_>>().join(", ");
    let places = vec!["?"; Figure::ALL.len().saturating_add(12)].join(", ");
    format!(
        "insert into settlement (partner, settlement_day, sequence, id, kind, cause, of_order,
            contract, contract_version_day, start_day, currency, details, {figures}) values ({places})"
    )
}

/// A settlement with the numbers of its row.
struct Placed<'u> {
    settlement: &'u Settlement,
    partner: i64,
    day: i64,
    sequence: i64,
}

fn write_settlements(
    connection: &Connection,
    names: &mut Names,
    settlements: &[Settlement],
    sequence: &mut Sequence,
) -> Result<(), StoreError> {
    if settlements.is_empty() {
        return Ok(());
    }
    let mut placed = Vec::with_capacity(settlements.len());
    for settlement in settlements {
        let partner = names.number(connection, settlement.partner.as_str())?;
        let day = day_number(settlement.settlement_date);
        placed.push(Placed { settlement, partner, day, sequence: sequence.next()? });
    }
    write_identities(connection, &mut placed)?;
    // In the order of the table, so that its pages are filled one after the other.
    placed.sort_unstable_by_key(|placed| (placed.partner, placed.day, placed.sequence));
    let mut insert = prepare(connection, &insert_settlement())?;
    for placed in &placed {
        let contract = placed.settlement.contract.as_ref();
        let contract = contract.map(|id| names.number(connection, id.as_str())).transpose()?;
        bind_settlement(&mut insert, placed, contract)
            .and_then(|()| insert.raw_execute())
            .map_err(|error| fault(&error))?;
    }
    Ok(())
}

/// What a settlement is told from others by: what it belongs to, its id, kind, cause and partner.
fn identity<'u>(placed: &Placed<'u>) -> (&'u str, &'u str, &'static str, &'u str, i64) {
    let settlement = placed.settlement;
    let belongs_to = settlement.order_id().unwrap_or(&settlement.id);
    let cause = settlement.cause.as_ref().map_or("", |id| id.as_str());
    (belongs_to.as_str(), settlement.id.as_str(), settlement.kind.as_str(), cause, placed.partner)
}

/// Notes each settlement once, in the order of what they belong to.
fn write_identities(connection: &Connection, placed: &mut [Placed<'_>]) -> Result<(), StoreError> {
    placed.sort_unstable_by(|a, b| identity(a).cmp(&identity(b)));
    let mut insert = prepare(connection, "insert into settlement_identity values (?, ?, ?, ?, ?, ?, ?)")?;
    for placed in &*placed {
        let (belongs_to, id, kind, cause, partner) = identity(placed);
        insert
            .execute(params![belongs_to, id, kind, cause, partner, placed.day, placed.sequence])
            .map_err(|error| settlement_fault(&error, placed.settlement))?;
    }
    Ok(())
}

fn bind_settlement(
    insert: &mut Statement<'_>,
    placed: &Placed<'_>,
    contract: Option<i64>,
) -> rusqlite::Result<()> {
    let settlement = placed.settlement;
    insert.raw_bind_parameter(1, placed.partner)?;
    insert.raw_bind_parameter(2, placed.day)?;
    insert.raw_bind_parameter(3, placed.sequence)?;
    insert.raw_bind_parameter(4, settlement.id.as_str())?;
    insert.raw_bind_parameter(5, settlement.kind.as_str())?;
    insert.raw_bind_parameter(6, settlement.cause.as_ref().map_or("", |id| id.as_str()))?;
    insert.raw_bind_parameter(7, settlement.of_order.as_ref().map(|id| id.as_str()))?;
    insert.raw_bind_parameter(8, contract)?;
    insert.raw_bind_parameter(9, settlement.contract_version.map(day_number))?;
    insert.raw_bind_parameter(10, settlement.start_date.map(day_number))?;
    insert.raw_bind_parameter(11, settlement.currency.code())?;
    insert.raw_bind_parameter(12, write_details(settlement))?;
    for (place, (_, amount)) in (13_usize..).zip(settlement.figures.iter()) {
        insert.raw_bind_parameter(place, amount.minor())?;
    }
    Ok(())
}

fn is_duplicate(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation)
}

fn settlement_fault(error: &rusqlite::Error, settlement: &Settlement) -> StoreError {
    if is_duplicate(error) {
        return StoreError::DuplicateSettlement {
            id: settlement.id.to_string(),
            kind: settlement.kind.as_str(),
            partner: settlement.partner.to_string(),
        };
    }
    fault(error)
}

fn write_records(
    connection: &Connection,
    names: &mut Names,
    records: &[Record],
    sequence: &mut Sequence,
) -> Result<(), StoreError> {
    let mut insert = prepare(connection, "insert into record values (?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    for record in records {
        let partner = record.partner.as_ref().map(|id| names.number(connection, id.as_str())).transpose()?;
        let written = insert.execute(params![
            sequence.next()?,
            record.kind.as_str(),
            record.id.as_str(),
            day_number(record.date),
            partner,
            record.order.as_ref().map(|id| id.as_str()),
            record.amount.map(|amount| amount.currency().code()),
            record.amount.map(|amount| amount.amount().minor()),
            record.body.as_str()
        ]);
        match written {
            Ok(_) => {}
            Err(error) if is_duplicate(&error) => {
                return Err(StoreError::DuplicateRecord { kind: record.kind.clone(), id: record.id.clone() });
            }
            Err(error) => return Err(fault(&error)),
        }
    }
    Ok(())
}

fn write_outbox(connection: &Connection, unit: &Unit, sequence: &mut Sequence) -> Result<(), StoreError> {
    let mut insert = prepare(connection, "insert into outbox (sequence, id, body) values (?, ?, ?)")?;
    for entry in &unit.outbox {
        match insert.execute(params![sequence.next()?, entry.id.as_str(), entry.body.as_str()]) {
            Ok(_) => {}
            Err(error) if is_duplicate(&error) => {
                return Err(StoreError::DuplicateOutbox { id: entry.id.clone() });
            }
            Err(error) => return Err(fault(&error)),
        }
    }
    let put: HashSet<_> = unit.outbox.iter().map(|entry| &entry.id).collect();
    let mut send = prepare(connection, "update outbox set is_sent = 1 where id = ? and is_sent = 0")?;
    for id in &unit.sent {
        // What this unit puts in waits from then on; it can't be sent before.
        let sent = if put.contains(id) { 0 } else { send.execute([id.as_str()]).map_err(|e| fault(&e))? };
        if sent == 0 {
            return Err(StoreError::NotInOutbox { id: id.clone() });
        }
    }
    Ok(())
}

/// A value that a parameter list can hold.
pub(crate) fn text_value(text: &str) -> Value {
    Value::Text(text.to_owned())
}
