//! The table for a person: who is owed what on which day, whether it balances, what went wrong.

use std::io::Write;

use comfy_table::{Cell, CellAlignment, Table, presets};
use jeongsan::money::Currency;
use jeongsan::settle::{Due, Totals};

/// How many refused events are listed one by one.
pub(crate) const REFUSALS_LISTED_MAX: usize = 50;

/// The first refused events in a line each, and how many there were.
pub(super) struct Refusals<'r> {
    pub(super) listed: &'r [String],
    pub(super) count: u64,
}

pub(super) fn write(
    writer: &mut impl Write,
    currency: Currency,
    totals: &Totals,
    refusals: Refusals<'_>,
    summary: &str,
) -> std::io::Result<()> {
    let money = |minor| major_units(minor, currency);
    let mut due = table(["due on", "partner", "settlements", "orders", "owed"]);
    let mut sum = Due::default();
    for (date, partner, row) in totals.due() {
        due.add_row(vec![
            Cell::new(date),
            Cell::new(partner),
            right(row.settlements),
            right(money(row.order)),
            right(money(row.settlement)),
        ]);
        sum.settlements = sum.settlements.saturating_add(row.settlements);
        sum.order = sum.order.saturating_add(row.order);
        sum.settlement = sum.settlement.saturating_add(row.settlement);
    }
    let total = [
        Cell::new("total"),
        Cell::new(""),
        right(sum.settlements),
        right(money(sum.order)),
        right(money(sum.settlement)),
    ];
    due.add_row(total);
    writeln!(writer, "{due}\n")?;

    let mut accounts = table(["account", "debit", "credit"]);
    let (mut debits, mut credits) = (0_i128, 0_i128);
    for (account, balance) in totals.accounts() {
        let (debit, credit) = if balance < 0 { (0, balance.saturating_neg()) } else { (balance, 0) };
        debits = debits.saturating_add(debit);
        credits = credits.saturating_add(credit);
        let side = |amount| if amount == 0 { Cell::new("") } else { right(money(amount)) };
        accounts.add_row([Cell::new(account), side(debit), side(credit)]);
    }
    accounts.add_row([Cell::new("total"), right(money(debits)), right(money(credits))]);
    writeln!(writer, "{accounts}")?;
    let verdict = if totals.balance() == 0 { "balances" } else { "DOES NOT BALANCE" };
    writeln!(
        writer,
        "The double entry {verdict}: debits {} = credits {} {currency}\n",
        money(debits),
        money(credits)
    )?;

    for refusal in refusals.listed {
        writeln!(writer, "{refusal}")?;
    }
    let listed = u64::try_from(refusals.listed.len()).unwrap_or(u64::MAX);
    if let Some(more) = refusals.count.checked_sub(listed).filter(|more| *more > 0) {
        writeln!(writer, "and {more} more; --format json lists every one")?;
    }
    writeln!(writer, "{summary}")?;
    writer.flush()
}

pub(crate) fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(header);
    table
}

pub(crate) fn right(value: impl ToString) -> Cell {
    Cell::new(value).set_alignment(CellAlignment::Right)
}

/// An amount in major units, with thousands parted: 1,234,567 or 12,345.67.
pub(crate) fn major_units(minor: i128, currency: Currency) -> String {
    let decimals = usize::from(currency.exponent());
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = decimals.saturating_add(1));
    let (whole, part) = digits.split_at(digits.len().saturating_sub(decimals));
    let mut text = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && whole.len().saturating_sub(i) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    let sign = if minor < 0 { "-" } else { "" };
    if part.is_empty() { format!("{sign}{text}") } else { format!("{sign}{text}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted_and_minor_units_shown() {
        let dollar = Currency::new("USD").unwrap();
        assert_eq!(major_units(1_234_567, Currency::KRW), "1,234,567");
        assert_eq!(major_units(-123, Currency::KRW), "-123");
        assert_eq!(major_units(0, Currency::KRW), "0");
        assert_eq!(major_units(1_234_567, dollar), "12,345.67");
        assert_eq!(major_units(-5, dollar), "-0.05");
    }
}
