//! Pages, read.

use jeongsan::figures::{Figure, Figures};
use jeongsan::id::{ContractId, PartnerId};
use jeongsan::money::{Amount, Currency};
use jeongsan::settle::{Settlement, SettlementKind};
use jeongsan_store::{
    Cursor, Dates, Head, HeadId, HeadQuery, OutboxEntry, OutboxId, Page, PageLimit, Receipt, Record,
    RecordQuery, SettlementQuery, StoreError, Stored, UnitKey, read_details,
};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use crate::fault::{corrupt, fault};
use crate::names::{Names, find};
use crate::row::{body, date, day_number, money, optional_date, parsed, signed, unsigned};
use crate::write::{committed, text_value};

/// The connection that reads, and the names it knows.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) connection: Connection,
    pub(crate) names: Names,
}

/// The conditions of a query and what they are compared with.
#[derive(Default)]
struct Conditions {
    texts: Vec<&'static str>,
    values: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, text: &'static str, value: impl Into<Value>) {
        self.texts.push(text);
        self.values.push(value.into());
    }

    /// A condition with two places.
    fn add_pair(&mut self, text: &'static str, values: [Value; 2]) {
        self.texts.push(text);
        self.values.extend(values);
    }

    fn sql(&self) -> String {
        if self.texts.is_empty() { String::new() } else { format!("where {}", self.texts.join(" and ")) }
    }

    fn dates(&mut self, from: &'static str, before: &'static str, dates: Dates) {
        if let Some(date) = dates.from {
            self.add(from, day_number(date));
        }
        if let Some(date) = dates.before {
            self.add(before, day_number(date));
        }
    }
}

/// One row more than the page has tells whether there is a next one.
fn rows_read(limit: PageLimit) -> Value {
    Value::Integer(i64::from(limit.rows()).saturating_add(1))
}

/// Cuts off the row that only tells that there is a next page, and names the last that stays.
fn page<T, C>(mut rows: Vec<T>, limit: PageLimit, name: impl Fn(&T) -> C) -> Page<T, C> {
    let most = usize::try_from(limit.rows()).unwrap_or(usize::MAX);
    let next = if rows.len() > most {
        rows.truncate(most);
        rows.last().map(name)
    } else {
        None
    };
    Page { rows, next }
}

fn place(cursor: Cursor) -> Result<[Value; 2], StoreError> {
    Ok([Value::Integer(day_number(cursor.date)), Value::Integer(signed(cursor.sequence, "a cursor")?)])
}

fn empty<T, C>() -> Page<T, C> {
    Page { rows: Vec::new(), next: None }
}

impl Reader {
    pub(crate) fn receipt(&self, key: &UnitKey) -> Result<Option<Receipt>, StoreError> {
        let found = committed(&self.connection, key)?;
        Ok(found.map(|(_, sequence)| Receipt { sequence, is_replay: true }))
    }

    /// The rows of a query, each read by a function.
    fn rows<T>(
        &mut self,
        sql: &str,
        values: Vec<Value>,
        mut read: impl FnMut(&Connection, &mut Names, &Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(|error| fault(&error))?;
        let mut rows = statement.query(params_from_iter(values)).map_err(|error| fault(&error))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(|error| fault(&error))? {
            found.push(read(&self.connection, &mut self.names, row)?);
        }
        Ok(found)
    }

    pub(crate) fn settlements(
        &mut self,
        query: &SettlementQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> Result<Page<Stored<Settlement>>, StoreError> {
        let mut conditions = Conditions::default();
        if let Some(partner) = &query.partner {
            match find(&self.connection, partner.as_str())? {
                Some(number) => conditions.add("partner = ?", number),
                None => return Ok(empty()),
            }
        }
        if let Some(order) = &query.order {
            conditions.add(OF_ORDER, text_value(order.as_str()));
        }
        conditions.dates("settlement_day >= ?", "settlement_day < ?", query.dates);
        if let Some(after) = after {
            conditions.add_pair("(settlement_day, sequence) > (?, ?)", place(after)?);
        }
        let figures = Figure::ALL.iter().map(|figure| format!("\"{figure}\"")).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "select partner, settlement_day, sequence, id, kind, cause, of_order, contract,
                contract_version_day, start_day, currency, details, {figures}
             from settlement {} order by settlement_day, sequence limit ?",
            conditions.sql()
        );
        let mut values = conditions.values;
        values.push(rows_read(limit));
        let rows = self.rows(&sql, values, read_settlement)?;
        Ok(page(rows, limit, |row| Cursor { date: row.value.settlement_date, sequence: row.sequence }))
    }

    pub(crate) fn records(
        &mut self,
        query: &RecordQuery,
        after: Option<Cursor>,
        limit: PageLimit,
    ) -> Result<Page<Stored<Record>>, StoreError> {
        let mut conditions = Conditions::default();
        if let Some(kind) = &query.kind {
            conditions.add("kind = ?", text_value(kind.as_str()));
        }
        if let Some(partner) = &query.partner {
            match find(&self.connection, partner.as_str())? {
                Some(number) => conditions.add("partner = ?", number),
                None => return Ok(empty()),
            }
        }
        if let Some(order) = &query.order {
            conditions.add("order_id = ?", text_value(order.as_str()));
        }
        conditions.dates("day >= ?", "day < ?", query.dates);
        if let Some(after) = after {
            conditions.add_pair("(day, sequence) > (?, ?)", place(after)?);
        }
        let sql = format!(
            "select sequence, kind, id, day, partner, order_id, currency, amount, body
             from record {} order by day, sequence limit ?",
            conditions.sql()
        );
        let mut values = conditions.values;
        values.push(rows_read(limit));
        let rows = self.rows(&sql, values, read_record)?;
        Ok(page(rows, limit, |row| Cursor { date: row.value.date, sequence: row.sequence }))
    }

    pub(crate) fn head(&mut self, id: &HeadId) -> Result<Option<Head>, StoreError> {
        let values = vec![text_value(id.kind.as_str()), text_value(id.key.as_str())];
        let found = self.rows(&format!("{HEADS} where kind = ? and key = ?"), values, read_head)?;
        Ok(found.into_iter().next())
    }

    pub(crate) fn heads(
        &mut self,
        query: &HeadQuery,
        limit: PageLimit,
    ) -> Result<Page<Head, HeadId>, StoreError> {
        let mut conditions = Conditions::default();
        if let Some(kind) = &query.kind {
            conditions.add("kind = ?", text_value(kind.as_str()));
        }
        if let Some(status) = &query.status {
            conditions.add("status = ?", text_value(status.as_str()));
        }
        if let Some(partner) = &query.partner {
            match find(&self.connection, partner.as_str())? {
                Some(number) => conditions.add("partner = ?", number),
                None => return Ok(empty()),
            }
        }
        conditions.dates("day >= ?", "day < ?", query.dates);
        if let Some(after) = &query.after {
            let name = [text_value(after.kind.as_str()), text_value(after.key.as_str())];
            conditions.add_pair("(kind, key) > (?, ?)", name);
        }
        let clause = conditions.sql();
        let sql = format!("{HEADS} {clause} order by kind, key limit ?");
        let mut values = conditions.values;
        values.push(rows_read(limit));
        let rows = self.rows(&sql, values, read_head)?;
        Ok(page(rows, limit, |head| head.id.clone()))
    }

    pub(crate) fn outbox(
        &mut self,
        after: Option<&OutboxId>,
        limit: PageLimit,
    ) -> Result<Page<OutboxEntry, OutboxId>, StoreError> {
        let from: i64 = match after {
            None => 0,
            Some(id) => self
                .connection
                .query_row("select sequence from outbox where id = ?", [id.as_str()], |row| row.get(0))
                .optional()
                .map_err(|error| fault(&error))?
                .unwrap_or(0),
        };
        let sql = "select id, body from outbox where is_sent = 0 and sequence > ? order by sequence limit ?";
        let rows = self.rows(sql, vec![Value::Integer(from), rows_read(limit)], |_, _, row| {
            let (id, text): (String, String) = (get(row, 0)?, get(row, 1)?);
            Ok(OutboxEntry { id: parsed(&id)?, body: body(text)? })
        })?;
        Ok(page(rows, limit, |entry| entry.id.clone()))
    }
}

const OF_ORDER: &str = "(partner, settlement_day, sequence) in (
    select partner, settlement_day, sequence from settlement_identity where belongs_to = ? and kind <> 'manual')";

const HEADS: &str = "select kind, key, version, status, partner, day, currency, amount, body from head";

fn get<T: rusqlite::types::FromSql>(row: &Row<'_>, place: usize) -> Result<T, StoreError> {
    row.get(place).map_err(corrupt)
}

/// Texts are read where they stand.
fn text<'r>(row: &'r Row<'_>, place: usize) -> Result<&'r str, StoreError> {
    row.get_ref(place).map_err(corrupt)?.as_str().map_err(corrupt)
}

fn partner(
    connection: &Connection,
    names: &mut Names,
    number: Option<i64>,
) -> Result<Option<PartnerId>, StoreError> {
    number.map(|number| parsed(names.text(connection, number)?)).transpose()
}

fn read_settlement(
    connection: &Connection,
    names: &mut Names,
    row: &Row<'_>,
) -> Result<Stored<Settlement>, StoreError> {
    let kind: SettlementKind = parsed(text(row, 4)?)?;
    let currency = Currency::new(text(row, 10)?).map_err(corrupt)?;
    let partner: PartnerId = parsed(names.text(connection, get(row, 0)?)?)?;
    let mut place = 11_usize;
    let mut failed = None;
    let figures = Figures::from_fn(|_| {
        place = place.saturating_add(1);
        Amount::new(get(row, place).unwrap_or_else(|error| {
            failed.get_or_insert(error);
            0
        }))
    });
    if let Some(error) = failed {
        return Err(error);
    }
    let settlement_date = date(get(row, 1)?)?;
    let mut value =
        Settlement::new(parsed(text(row, 3)?)?, kind, partner, settlement_date, currency, figures);
    let cause = text(row, 5)?;
    value.cause = if cause.is_empty() { None } else { Some(parsed(cause)?) };
    let of_order: Option<String> = get(row, 6)?;
    value.of_order = of_order.as_deref().map(parsed).transpose()?;
    let contract: Option<i64> = get(row, 7)?;
    value.contract =
        contract.map(|number| parsed::<ContractId>(names.text(connection, number)?)).transpose()?;
    value.contract_version = optional_date(get(row, 8)?)?;
    value.start_date = optional_date(get(row, 9)?)?;
    if let Some(details) = get::<Option<String>>(row, 11)? {
        read_details(&mut value, &details).map_err(corrupt)?;
    }
    Ok(Stored { sequence: unsigned(get(row, 2)?)?, value })
}

fn read_record(
    connection: &Connection,
    names: &mut Names,
    row: &Row<'_>,
) -> Result<Stored<Record>, StoreError> {
    let mut value =
        Record::new(parsed(text(row, 1)?)?, parsed(text(row, 2)?)?, date(get(row, 3)?)?, body(get(row, 8)?)?);
    value.partner = partner(connection, names, get(row, 4)?)?;
    let order: Option<String> = get(row, 5)?;
    value.order = order.as_deref().map(parsed).transpose()?;
    let currency: Option<String> = get(row, 6)?;
    value.amount = money(currency.as_deref(), get(row, 7)?)?;
    Ok(Stored { sequence: unsigned(get(row, 0)?)?, value })
}

fn read_head(connection: &Connection, names: &mut Names, row: &Row<'_>) -> Result<Head, StoreError> {
    let currency: Option<String> = get(row, 6)?;
    Ok(Head {
        id: HeadId { kind: parsed(text(row, 0)?)?, key: parsed(text(row, 1)?)? },
        version: unsigned(get(row, 2)?)?,
        status: parsed(text(row, 3)?)?,
        partner: partner(connection, names, get(row, 4)?)?,
        date: optional_date(get(row, 5)?)?,
        amount: money(currency.as_deref(), get(row, 7)?)?,
        body: body(get(row, 8)?)?,
    })
}
