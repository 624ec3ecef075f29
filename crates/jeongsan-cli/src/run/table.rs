//! The day for a person: what fell due, what is held, carried, payable and kept, and the proof.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use chrono::NaiveDate;
use comfy_table::{Cell, Table};
use jeongsan::hold::{Hold, HoldTarget};
use jeongsan::id::PartnerId;
use jeongsan::ledger::Certificate;
use jeongsan::money::Currency;
use jeongsan::partner::{Account, Bearer};
use jeongsan::payable::{AgeBucket, Payable};

use super::day::Day;
use super::told::Told;
use crate::output::table::{major_units, right, table};
use crate::wording::escaped_line;

pub(super) fn write(writer: &mut impl Write, day: &Day<'_>, told: &Told) -> std::io::Result<()> {
    writeln!(writer, "정산 {}\n", day.date())?;
    section(writer, "Fell due (정산 내역)", fell_due(day), "Nothing fell due.")?;
    section(writer, "Held (보류)", held(day), "Nothing is held.")?;
    section(writer, "Carried (이월)", carried(day), "Nothing is carried.")?;
    section(writer, "Debts met by credits (상계)", met(day), "No debt met a credit.")?;
    section(writer, "Payable (지급 예정)", payable(day), "Nothing is payable.")?;
    section(writer, "In reserve (유보)", reserves(day), "Nothing is in reserve.")?;
    for certificate in day.certificates() {
        let title = format!("Certificate {}", certificate.currency);
        section(writer, &title, Some(sides(&certificate)), "")?;
        let verdict = if certificate.is_balanced() { "balances" } else { "DOES NOT BALANCE" };
        let difference = major_units(certificate.difference(), certificate.currency);
        writeln!(writer, "It {verdict}: difference {difference}; digest {}\n", certificate.digest)?;
    }
    write_lines(writer, told)?;
    writer.flush()
}

/// The lines that aren't part of the day, and the counts.
pub(super) fn write_lines(writer: &mut impl Write, told: &Told) -> std::io::Result<()> {
    for refused in &told.refused_lines {
        writeln!(writer, "{refused}")?;
    }
    if let Some(more) = told.more_refused() {
        writeln!(writer, "and {more} more; --format json lists every one")?;
    }
    for (id, date) in &told.later {
        writeln!(writer, "not yet applied: {} of {date}", escaped_line(id))?;
    }
    writeln!(writer, "{}", told.summary())
}

fn section(writer: &mut impl Write, title: &str, rows: Option<Table>, none: &str) -> std::io::Result<()> {
    match rows {
        Some(rows) => writeln!(writer, "{title}\n{rows}\n"),
        None => writeln!(writer, "{title}\n{none}\n"),
    }
}

/// The table with its rows, or none without any.
fn filled<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [Cell; N]>) -> Option<Table> {
    let mut table = table(header);
    table.add_rows(rows);
    (table.row_count() > 0).then_some(table)
}

fn money(minor: impl Into<i128>, currency: Currency) -> Cell {
    right(major_units(minor.into(), currency))
}

fn text(value: impl ToString) -> Cell {
    Cell::new(escaped_line(&value.to_string()))
}

fn maybe(value: Option<impl ToString>) -> Cell {
    value.map_or_else(|| Cell::new(""), text)
}

fn fell_due(day: &Day<'_>) -> Option<Table> {
    let rows = day.fell_due().map(|row| {
        [
            right(row.number),
            text(&row.partner),
            maybe(row.contract.as_ref()),
            text(row.kind),
            text(row.settlement_date),
            right(row.settlements),
            money(row.amount.minor(), row.currency),
            maybe(day.ledger.place_of(row.number, day.date())),
        ]
    });
    filled(["row", "partner", "contract", "type", "due on", "settlements", "amount", "is"], rows)
}

fn held(day: &Day<'_>) -> Option<Table> {
    let rows = day.held().map(|(row, hold)| {
        let amount = money(row.amount.minor(), row.currency);
        let order = row.order.as_ref().map(|order| format!(", order {order}")).unwrap_or_default();
        why(text(&row.partner), text(format!("row {}{order}", row.number)), amount, hold)
    });
    // A limit keeps back of what is due as a whole, not of a row.
    let limited = day.holds().filter_map(|hold| {
        let limit = hold.limit?;
        let on = match &hold.on {
            HoldTarget::Account(account) => text(format!("an account at {}", account.bank)),
            _ => Cell::new("what is due"),
        };
        let partner = match &hold.on {
            HoldTarget::Partner(partner) => text(partner),
            _ => Cell::new(""),
        };
        let amount = right(format!("up to {}", major_units(limit.minor().into(), day.book.currency())));
        Some(why(partner, on, amount, Some(hold)))
    });
    filled(["partner", "what", "amount", "hold", "why", "released by", "until"], rows.chain(limited))
}

fn why(partner: Cell, what: Cell, amount: Cell, hold: Option<&Hold>) -> [Cell; 7] {
    let [id, reason, released_by, until] = match hold {
        Some(hold) => [text(&hold.id), text(&hold.reason), text(&hold.released_by), maybe(hold.until)],
        None => [Cell::new(""), Cell::new("excluded"), Cell::new(""), Cell::new("")],
    };
    [partner, what, amount, id, reason, released_by, until]
}

fn carried(day: &Day<'_>) -> Option<Table> {
    let rows = day.carried().map(|carried| {
        let why = carried.waiting.map_or_else(|| "above the cap".into(), |waiting| waiting.to_string());
        let age = |place: usize| {
            let amount = carried.ages.get(place).map_or(0, |bucket: &AgeBucket| bucket.amount);
            if amount == 0 { Cell::new("") } else { money(amount, carried.currency) }
        };
        let amount = money(carried.amount, carried.currency);
        [text(carried.partner), amount, age(0), age(1), age(2), age(3), text(why)]
    });
    filled(["partner", "carried", "0-30 days", "31-60", "61-90", "older", "why"], rows)
}

fn met(day: &Day<'_>) -> Option<Table> {
    let rows = day.met().map(|met| {
        let amount = money(met.offset.amount.minor(), met.currency);
        [text(met.partner), right(met.offset.debt), right(met.offset.credit), amount]
    });
    filled(["partner", "debt of row", "credit of row", "amount"], rows)
}

fn payable(day: &Day<'_>) -> Option<Table> {
    let mut sums = [0_i128; 6];
    let mut rows: Vec<[Cell; 10]> = Vec::new();
    for payable in day.payables() {
        let amounts = amounts(payable);
        for (sum, amount) in sums.iter_mut().zip(amounts) {
            *sum = sum.saturating_add(amount);
        }
        let borne_by = payable.fee.map(|fee| fee.borne_by);
        let account = payable.account.as_ref();
        rows.push(payable_row(
            [right(payable.number), text(&payable.partner)],
            amounts,
            [
                maybe(borne_by.filter(|&bearer| bearer == Bearer::Merchant)),
                maybe(account.map(|account| format!("{} {}", account.bank, Account::masked_number(account)))),
            ],
            payable.currency,
        ));
    }
    if rows.len() > 1 {
        let [number, partner] = [Cell::new("total"), Cell::new("")];
        rows.push(payable_row([number, partner], sums, [Cell::new(""), Cell::new("")], day.book.currency()));
    }
    let header = [
        "number",
        "partner",
        "settled",
        "reserve",
        "fee",
        "payable",
        "withheld",
        "to be paid",
        "fee borne by",
        "account",
    ];
    filled(header, rows.into_iter())
}

/// What is settled, kept, charged, payable, withheld and paid.
fn amounts(payable: &Payable) -> [i128; 6] {
    let wide = |amount: jeongsan::money::Amount| i128::from(amount.minor());
    let fee = payable.fee.map_or(0, |fee| wide(fee.amount));
    let withheld =
        payable.tax.map_or(0, |tax| wide(tax.income_tax).saturating_add(wide(tax.local_income_tax)));
    let paid = payable.tax.map_or(payable.amount, |tax| tax.amount);
    [wide(payable.settled), wide(payable.reserve), fee, wide(payable.amount), withheld, wide(paid)]
}

fn payable_row(
    [number, partner]: [Cell; 2],
    amounts: [i128; 6],
    [borne_by, account]: [Cell; 2],
    currency: Currency,
) -> [Cell; 10] {
    let [settled, reserve, fee, payable, withheld, paid] = amounts.map(|amount| money(amount, currency));
    [number, partner, settled, reserve, fee, payable, withheld, paid, borne_by, account]
}

/// By the day of release: a partner has one part a closing.
fn reserves(day: &Day<'_>) -> Option<Table> {
    let mut released: BTreeMap<(NaiveDate, Currency), (BTreeSet<&PartnerId>, i128)> = BTreeMap::new();
    for row in day.reserves() {
        let (partners, amount) = released.entry((row.settlement_date, row.currency)).or_default();
        partners.insert(&row.partner);
        *amount = amount.saturating_add(row.amount.minor().into());
    }
    let rows = released.into_iter().map(|((date, currency), (partners, amount))| {
        [text(date), right(partners.len()), money(amount, currency)]
    });
    filled(["released on", "partners", "amount"], rows)
}

fn sides(certificate: &Certificate) -> Table {
    let mut table = table(["", "paid in", "where it is"]);
    let currency = certificate.currency;
    let (mut left, mut right_side) = (0_i128, 0_i128);
    for (account, amount) in &certificate.paid_in {
        left = left.saturating_add(*amount);
        table.add_row([Cell::new(account), money(*amount, currency), Cell::new("")]);
    }
    for (account, amount) in &certificate.others {
        right_side = right_side.saturating_add(*amount);
        table.add_row([Cell::new(account), Cell::new(""), money(*amount, currency)]);
    }
    for (place, amount) in &certificate.partners {
        right_side = right_side.saturating_add(*amount);
        let name = format!("partners: {place}");
        table.add_row([Cell::new(name), Cell::new(""), money(*amount, currency)]);
    }
    table.add_row([Cell::new("total"), money(left, currency), money(right_side, currency)]);
    table
}
