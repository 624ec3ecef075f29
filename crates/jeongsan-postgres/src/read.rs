//! Pages, read.

use jeongsan::figures::{Figure, Figures};
use jeongsan::id::ContractId;
use jeongsan::money::{Amount, Currency};
use jeongsan::settle::Settlement;
use jeongsan_store::{
    Cursor, Dates, Fingerprint, Head, HeadId, HeadQuery, OutboxEntry, OutboxId, Page, PageLimit, Receipt,
    Record, RecordQuery, SettlementQuery, StoreError, Stored, UnitKey, read_details,
};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::fault::corrupt;
use crate::link::{Link, Parameter};
use crate::value::{Day, body, money, optional_date, parsed, signed, unsigned};

/// The conditions of a query and what they are compared with.
#[derive(Default)]
struct Conditions {
    texts: Vec<String>,
    values: Vec<Box<dyn ToSql + Sync>>,
}

impl Conditions {
    /// The place of a value in the statement's text.
    fn place(&mut self, value: impl ToSql + Sync + 'static) -> String {
        self.values.push(Box::new(value));
        format!("${}", self.values.len())
    }

    /// Compares a column, by a text that ends where the value comes.
    fn add(&mut self, text: &str, value: impl ToSql + Sync + 'static) {
        let place = self.place(value);
        self.texts.push(format!("{text} {place}"));
    }

    fn text(&mut self, text: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.add(text, value.to_owned());
        }
    }

    fn dates(&mut self, column: &str, dates: Dates) -> Result<(), StoreError> {
        if let Some(date) = dates.from {
            self.add(&format!("{column} >="), Day::new(date)?);
        }
        if let Some(date) = dates.before {
            self.add(&format!("{column} <"), Day::new(date)?);
        }
        Ok(())
    }

    fn after(&mut self, column: &str, cursor: Option<Cursor>) -> Result<(), StoreError> {
        if let Some(cursor) = cursor {
            let day = self.place(Day::new(cursor.date)?);
            let sequence = self.place(signed(cursor.sequence, "a cursor")?);
            self.texts.push(format!("({column}, sequence) > ({day}, {sequence})"));
        }
        Ok(())
    }

    /// The rows that meet the conditions, one more than a page has, which tells whether there is a next one.
    async fn rows(
        mut self,
        link: &mut Link,
        select: &str,
        order: &str,
        limit: PageLimit,
    ) -> Result<Vec<Row>, StoreError> {
        let limit = self.place(i64::from(limit.rows()).saturating_add(1));
        let clause = if self.texts.is_empty() { "" } else { " where " };
        let sql = format!("{select}{clause}{} order by {order} limit {limit}", self.texts.join(" and "));
        let value = |value| -> Parameter<'_> { Box::as_ref(value) };
        let values: Vec<_> = self.values.iter().map(value).collect();
        Ok(link.query(&sql, &values).await?)
    }
}

/// Reads the rows, cuts off the one that only tells that there is a next page, and names the last that stays.
fn page<T, C>(
    rows: &[Row],
    limit: PageLimit,
    read: impl Fn(&Row) -> Result<T, StoreError>,
    name: impl Fn(&T) -> C,
) -> Result<Page<T, C>, StoreError> {
    let most = usize::try_from(limit.rows()).unwrap_or(usize::MAX);
    let read: Vec<T> = rows.iter().take(most).map(read).collect::<Result<_, _>>()?;
    let next = if rows.len() > most { read.last().map(name) } else { None };
    Ok(Page { rows: read, next })
}

/// The unit of a key, as far as it was committed: its request and number.
pub(crate) async fn committed(
    link: &mut Link,
    key: &UnitKey,
) -> Result<Option<(Fingerprint, u64)>, StoreError> {
    let sql = "select request, sequence from unit where key = $1";
    let Some(row) = link.optional(sql, &[&key.as_str()]).await? else {
        return Ok(None);
    };
    let request: &[u8] = get(&row, 0)?;
    let request = request.try_into().map_err(corrupt)?;
    Ok(Some((Fingerprint::from_bytes(request), unsigned(get(&row, 1)?)?)))
}

pub(crate) async fn receipt(link: &mut Link, key: &UnitKey) -> Result<Option<Receipt>, StoreError> {
    Ok(committed(link, key).await?.map(|(_, sequence)| Receipt { sequence, is_replay: true }))
}

/// The names of the figures' columns.
pub(crate) fn figure_columns() -> String {
    Figure::ALL.iter().map(|figure| format!("\"{figure}\"")).collect::<Vec<_>>().join(", ")
}

pub(crate) async fn settlements(
    link: &mut Link,
    query: &SettlementQuery,
    after: Option<Cursor>,
    limit: PageLimit,
) -> Result<Page<Stored<Settlement>>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.text("partner =", query.partner.as_ref().map(|id| id.as_str()));
    conditions.text("kind <> 'manual' and belongs_to =", query.order.as_ref().map(|id| id.as_str()));
    conditions.dates("settlement_date", query.dates)?;
    conditions.after("settlement_date", after)?;
    let select = format!(
        "select partner, settlement_date, sequence, id, kind, cause, belongs_to, has_order, contract,
            contract_version, start_date, currency, details, {} from settlement",
        figure_columns()
    );
    let rows = conditions.rows(link, &select, "settlement_date, sequence", limit).await?;
    page(&rows, limit, read_settlement, |row| Cursor {
        date: row.value.settlement_date,
        sequence: row.sequence,
    })
}

pub(crate) async fn records(
    link: &mut Link,
    query: &RecordQuery,
    after: Option<Cursor>,
    limit: PageLimit,
) -> Result<Page<Stored<Record>>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.text("kind =", query.kind.as_ref().map(|kind| kind.as_str()));
    conditions.text("partner =", query.partner.as_ref().map(|id| id.as_str()));
    conditions.text("order_id =", query.order.as_ref().map(|id| id.as_str()));
    conditions.dates("date", query.dates)?;
    conditions.after("date", after)?;
    let select = "select sequence, kind, id, date, partner, order_id, currency, amount, body from record";
    let rows = conditions.rows(link, select, "date, sequence", limit).await?;
    page(&rows, limit, read_record, |row| Cursor { date: row.value.date, sequence: row.sequence })
}

const HEADS: &str = "select kind, key, version, status, partner, date, currency, amount, body from head";

pub(crate) async fn head(link: &mut Link, id: &HeadId) -> Result<Option<Head>, StoreError> {
    let sql = format!("{HEADS} where kind = $1 and key = $2");
    let found = link.optional(&sql, &[&id.kind.as_str(), &id.key.as_str()]).await?;
    found.as_ref().map(read_head).transpose()
}

pub(crate) async fn heads(
    link: &mut Link,
    query: &HeadQuery,
    limit: PageLimit,
) -> Result<Page<Head, HeadId>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.text("kind =", query.kind.as_ref().map(|kind| kind.as_str()));
    conditions.text("status =", query.status.as_ref().map(|status| status.as_str()));
    conditions.text("partner =", query.partner.as_ref().map(|id| id.as_str()));
    conditions.dates("date", query.dates)?;
    if let Some(after) = &query.after {
        let kind = conditions.place(after.kind.as_str().to_owned());
        let key = conditions.place(after.key.as_str().to_owned());
        conditions.texts.push(format!("(kind, key) > ({kind}, {key})"));
    }
    let rows = conditions.rows(link, HEADS, "kind, key", limit).await?;
    page(&rows, limit, read_head, |head| head.id.clone())
}

pub(crate) async fn outbox(
    link: &mut Link,
    after: Option<&OutboxId>,
    limit: PageLimit,
) -> Result<Page<OutboxEntry, OutboxId>, StoreError> {
    let mut conditions = Conditions::default();
    if let Some(after) = after {
        let id = conditions.place(after.as_str().to_owned());
        let last = format!("sequence > coalesce((select sequence from outbox where id = {id}), 0)");
        conditions.texts.push(last);
    }
    conditions.texts.push("not is_sent".into());
    let rows = conditions.rows(link, "select id, body from outbox", "sequence", limit).await?;
    let read = |row: &Row| Ok(OutboxEntry { id: parsed(get(row, 0)?)?, body: body(get(row, 1)?)? });
    page(&rows, limit, read, |entry| entry.id.clone())
}

fn get<'r, T: tokio_postgres::types::FromSql<'r>>(row: &'r Row, place: usize) -> Result<T, StoreError> {
    Link::get(row, place)
}

fn optional<T: std::str::FromStr<Err: std::fmt::Display>>(
    row: &Row,
    place: usize,
) -> Result<Option<T>, StoreError> {
    get::<Option<&str>>(row, place)?.map(parsed).transpose()
}

fn read_settlement(row: &Row) -> Result<Stored<Settlement>, StoreError> {
    let currency = Currency::new(get(row, 11)?).map_err(corrupt)?;
    let settlement_date = get::<Day>(row, 1)?.date()?;
    let mut place = 12_usize;
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
    let (id, kind, partner) = (parsed(get(row, 3)?)?, parsed(get(row, 4)?)?, parsed(get(row, 0)?)?);
    let mut value = Settlement::new(id, kind, partner, settlement_date, currency, figures);
    let cause: &str = get(row, 5)?;
    value.cause = if cause.is_empty() { None } else { Some(parsed(cause)?) };
    value.of_order = if get(row, 7)? { Some(parsed(get(row, 6)?)?) } else { None };
    value.contract = optional::<ContractId>(row, 8)?;
    value.contract_version = optional_date(get(row, 9)?)?;
    value.start_date = optional_date(get(row, 10)?)?;
    if let Some(details) = get::<Option<&str>>(row, 12)? {
        read_details(&mut value, details).map_err(corrupt)?;
    }
    Ok(Stored { sequence: unsigned(get(row, 2)?)?, value })
}

fn read_record(row: &Row) -> Result<Stored<Record>, StoreError> {
    let date = get::<Day>(row, 3)?.date()?;
    let mut value = Record::new(parsed(get(row, 1)?)?, parsed(get(row, 2)?)?, date, body(get(row, 8)?)?);
    value.partner = optional(row, 4)?;
    value.order = optional(row, 5)?;
    value.amount = money(get(row, 6)?, get(row, 7)?)?;
    Ok(Stored { sequence: unsigned(get(row, 0)?)?, value })
}

fn read_head(row: &Row) -> Result<Head, StoreError> {
    Ok(Head {
        id: HeadId { kind: parsed(get(row, 0)?)?, key: parsed(get(row, 1)?)? },
        version: unsigned(get(row, 2)?)?,
        status: parsed(get(row, 3)?)?,
        partner: optional(row, 4)?,
        date: optional_date(get(row, 5)?)?,
        amount: money(get(row, 6)?, get(row, 7)?)?,
        body: body(get(row, 8)?)?,
    })
}
