//! The `jeongsan` command.
//!
//! One module a verb ([`settle`], [`mod@run`], [`check`], [`dates`], [`calendar`], [`formula`], [`partners`]), each a function from its options to an
//! [`Outcome`]; [`input`] reads events line by line, [`output`] writes what becomes of them, [`book_file`] reads books and finds the
//! place of a problem in them, [`diagnostic`] draws the faults of a formula under its text, [`wording`] chooses the words.

mod book_file;
mod calendar;
mod calendars;
mod check;
mod dates;
mod diagnostic;
mod formula;
mod input;
mod json_place;
mod output;
mod partners;
mod progress;
mod run;
mod settle;
mod text_file;
mod wording;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Settles the orders of a marketplace: what every partner is owed, on which day, and why.
#[derive(Debug, Parser)]
#[command(name = "jeongsan", version, about)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Settle(settle::Options),
    Run(run::Options),
    Check(check::Options),
    Dates(dates::Options),
    Calendar(calendar::Options),
    Formula(formula::Options),
    Partners(partners::Options),
}

/// How a run ended, as the exit status says it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Outcome {
    /// Everything went well: 0.
    Good,
    /// Some of it carried errors: 2.
    WithErrors,
}

/// Why nothing could be done: exit status 1.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{path}: {error}")]
    File { path: String, error: std::io::Error },
    #[error("{0}")]
    Book(String),
    #[error("{0}")]
    Argument(String),
    #[error("{path}: {message}")]
    Input { path: String, message: String },
    #[error("can't write the result: {0}")]
    Output(#[from] std::io::Error),
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no failures; a wrong call is one, and status 2 is taken.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
        }
    };
    let ended = match arguments.verb {
        Verb::Settle(options) => settle::run(&options),
        Verb::Run(options) => run::run(&options),
        Verb::Check(options) => check::run(&options),
        Verb::Dates(options) => dates::run(&options),
        Verb::Calendar(options) => calendar::run(&options),
        Verb::Formula(options) => formula::run(&options),
        Verb::Partners(options) => partners::run(&options),
    };
    match ended {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::WithErrors) => ExitCode::from(2),
        // Whoever reads the output has had enough, as `head` does.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {}", wording::escaped(&failure.to_string()));
            ExitCode::FAILURE
        }
    }
}
