//! `jeongsan partners list`: which partners are there?

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use comfy_table::{Table, presets};
use jeongsan::id::{ContractId, PartnerId};
use jeongsan::partner::{Account, Filter, Partner, PartnerKind, Registry, Standing};
use jeongsan::policy::Version;
use serde_json::{Map, Value};

use super::Format;
use super::row::{COLUMNS, Column, PROPERTY_PREFIX};
use crate::book_file::{BookFile, PartnersOption};
use crate::calendars::day;
use crate::{Failure, Outcome};

/// List partners: all of them, or those that meet every condition.
///
/// Account numbers and holders are masked unless asked for.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  jeongsan partners list --book book.toml --tag food --property region=Seoul\n\n\
    Exit status: 0, or 1 when nothing could be read."
)]
pub(crate) struct Options {
    /// The book of contracts, policies and partners, TOML or JSON.
    #[arg(long, value_name = "FILE")]
    book: PathBuf,
    #[command(flatten)]
    partners: PartnersOption,
    /// Only partners with this tag; each tag where it is given several times.
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Only partners with this property; each where it is given several times.
    #[arg(long, value_name = "NAME=VALUE", value_parser = property)]
    property: Vec<(String, String)>,
    /// Only partners of this kind: business, withholding or non-withholding.
    #[arg(long, value_name = "KIND")]
    kind: Option<PartnerKind>,
    /// Only partners with this default contract.
    #[arg(long, value_name = "ID")]
    contract: Option<ContractId>,
    /// Only archived partners, instead of all others.
    #[arg(long)]
    archived: bool,
    /// The partners as they are on this day, instead of by their latest versions.
    #[arg(long, value_name = "DAY", value_parser = day)]
    on: Option<NaiveDate>,
    /// Show account numbers and holders.
    #[arg(long)]
    show_accounts: bool,
    /// How to print them; by default a table on a terminal, else CSV.
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
}

fn property(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("it is no NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Whether account numbers and holders are shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Accounts {
    Masked,
    Shown,
}

pub(super) fn run(options: &Options) -> Result<Outcome, Failure> {
    let book = BookFile::read_with(&options.book, &options.partners)?.to_book()?;
    let registry = Registry::of(&book);
    let mut filter = Filter::default();
    filter.tags.clone_from(&options.tag);
    filter.properties.clone_from(&options.property);
    filter.kind = options.kind;
    filter.contract.clone_from(&options.contract);
    filter.standing = if options.archived { Standing::Archived } else { Standing::Active };
    let accounts = if options.show_accounts { Accounts::Shown } else { Accounts::Masked };
    let partners: Vec<_> = registry.matching(&filter, options.on).collect();
    let format =
        options.format.unwrap_or(if std::io::stdout().is_terminal() { Format::Table } else { Format::Csv });
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match format {
        Format::Json => {
            for (id, version) in &partners {
                serde_json::to_writer(&mut out, &object(id, version, accounts))
                    .map_err(std::io::Error::from)?;
                out.write_all(b"\n")?;
            }
        }
        Format::Csv => write_csv(&mut out, &partners, accounts)?,
        Format::Table => write_table(&mut out, &partners, accounts)?,
    }
    out.flush()?;
    Ok(Outcome::Good)
}

type Listed<'r> = (&'r PartnerId, &'r Version<Partner>);

/// The flat form, with a column for each property that one of them has.
fn write_csv(out: &mut impl Write, partners: &[Listed<'_>], accounts: Accounts) -> std::io::Result<()> {
    let of_all = partners.iter().flat_map(|(_, version)| version.terms.labels.properties.keys());
    let properties: BTreeSet<&str> = of_all.map(String::as_str).collect();
    let mut csv = csv::Writer::from_writer(out);
    let names = COLUMNS.iter().map(|(name, _)| (*name).to_owned());
    csv.write_record(names.chain(properties.iter().map(|name| format!("{PROPERTY_PREFIX}{name}"))))?;
    for (id, version) in partners {
        let fixed = COLUMNS.iter().map(|(_, column)| cell(column, id, &version.terms, accounts));
        let stated = properties
            .iter()
            .map(|name| version.terms.labels.properties.get(*name).cloned().unwrap_or_default());
        csv.write_record(fixed.chain(stated))?;
    }
    csv.flush()
}

fn write_table(out: &mut impl Write, partners: &[Listed<'_>], accounts: Accounts) -> std::io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["id", "name", "kind", "contract", "account", "verification", "tags"]);
    for (id, version) in partners {
        let partner = &version.terms;
        let cell = |column: Column| cell(&column, id, partner, accounts);
        let state = partner.account.as_ref().map(|account| account.verification.state().to_string());
        let account = [Column::Bank, Column::AccountNumber, Column::AccountHolder].map(cell).join(" ");
        table.add_row([
            cell(Column::Id),
            cell(Column::Name),
            cell(Column::Kind),
            cell(Column::Contract),
            account.trim().to_owned(),
            state.unwrap_or_default(),
            cell(Column::Tags),
        ]);
    }
    writeln!(out, "{table}")?;
    writeln!(out, "{} partners", partners.len())
}

/// What stands in a column of a partner's row, as an import reads it.
fn cell(column: &Column, id: &PartnerId, partner: &Partner, accounts: Accounts) -> String {
    let account = |field: fn(&Account) -> String| partner.account.as_ref().map(field).unwrap_or_default();
    let text = |value: Option<String>| value.unwrap_or_default();
    match column {
        Column::Id => id.to_string(),
        Column::Name => partner.name.0.clone(),
        Column::Kind => partner.kind.to_string(),
        Column::Taxation => text(partner.taxation.map(|taxation| taxation.to_string())),
        Column::Contract => text(partner.default_contract.as_ref().map(ToString::to_string)),
        Column::JoinedOn => text(partner.joined_on.map(|date| date.to_string())),
        Column::Tags => partner.labels.tags.join(";"),
        Column::Bank => account(|account| account.bank.clone()),
        Column::AccountNumber => match accounts {
            Accounts::Shown => account(|account| account.number.clone()),
            Accounts::Masked => account(Account::masked_number),
        },
        Column::AccountHolder => match accounts {
            Accounts::Shown => account(|account| account.holder.clone()),
            Accounts::Masked => account(Account::masked_holder),
        },
        Column::AccountCurrency => account(|account| account.currency.to_string()),
        Column::BusinessNumber => text(partner.business_number.map(|number| number.to_string())),
        Column::Memo => partner.labels.memo.clone(),
        Column::Property(name) => text(partner.labels.properties.get(name).cloned()),
    }
}

/// A partner as one object: the columns that say something, and what has no column.
fn object(id: &PartnerId, version: &Version<Partner>, accounts: Accounts) -> Value {
    let partner = &version.terms;
    let mut object = Map::new();
    for (name, column) in &COLUMNS {
        let text = cell(column, id, partner, accounts);
        match column {
            Column::Tags => {
                object.insert((*name).to_owned(), partner.labels.tags.clone().into());
            }
            _ if text.is_empty() => {}
            _ => {
                object.insert((*name).to_owned(), text.into());
            }
        }
    }
    if let Some(account) = &partner.account {
        object.insert("verification".into(), account.verification.state().as_str().into());
    }
    let properties =
        partner.labels.properties.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str())));
    object.insert("properties".into(), Value::Object(properties.collect()));
    object.insert("applies_from".into(), version.applies_from.map(|date| date.to_string()).into());
    object.insert("archived".into(), version.archived.into());
    Value::Object(object)
}
