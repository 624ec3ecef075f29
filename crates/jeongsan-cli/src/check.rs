//! `jeongsan check`: is a book sound?

use std::path::PathBuf;

use annotate_snippets::Level;

use crate::book_file::BookFile;
use crate::{Failure, Outcome};

/// Validate a book: report every problem with its place, and what looks wrong and may be right.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  jeongsan check examples/month/book.toml\n\n\
    Exit status: 0 for a sound book, 2 when it has problems, 1 when it can't be read.")]
pub(crate) struct Options {
    /// The book, TOML or JSON; `-` for standard input.
    book: PathBuf,
}

pub(crate) fn run(options: &Options) -> Result<Outcome, Failure> {
    let file = BookFile::read(&options.book)?;
    let book = match file.document().to_book() {
        Ok(book) => book,
        Err(error) => {
            for problem in error.problems() {
                println!("{}", file.describe(problem, Level::ERROR));
            }
            return Ok(Outcome::WithErrors);
        }
    };
    for warning in book.warnings() {
        println!("{}", file.describe(&warning, Level::WARNING));
    }
    let document = file.document();
    println!(
        "{}: sound; {}: {} contracts in {} versions, {} discount-share and {} additional-fee policies, {} partners",
        file.name,
        book.currency(),
        book.contracts().count(),
        document.contracts.len(),
        book.discount_share_policies().count(),
        book.additional_fee_policies().count(),
        book.partners().count(),
    );
    Ok(Outcome::Good)
}
