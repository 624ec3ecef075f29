//! `jeongsan partners`: register partners in bulk, and find them.
//!
//! [`import`] takes a CSV file in and says what became of each row, [`list`] finds partners; [`row`] is the CSV.

mod import;
mod list;
mod outcome;
mod row;

use clap::Subcommand;

use crate::{Failure, Outcome};

/// Register partners from CSV, or list them.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Import(import::Options),
    List(list::Options),
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum Format {
    /// JSON lines.
    Json,
    /// CSV.
    Csv,
    /// A table for a person.
    Table,
}

pub(crate) fn run(options: &Options) -> Result<Outcome, Failure> {
    match &options.verb {
        Verb::Import(options) => import::run(options),
        Verb::List(options) => list::run(options),
    }
}
