//! `jeongsan check`: is a book sound?

use std::path::PathBuf;

use annotate_snippets::Level;

use crate::book_file::{BookFile, PartnersOption};
use crate::calendars::Knowledge;
use crate::{Failure, Outcome};

/// Validate a book: report every problem with its place, and in a sound one what can't be meant.
///
/// A problem makes the book unusable, a cycle without its calendar as well. A finding does not: a fee that takes more than the order, an entry of a selection that
/// another takes first, tiers, versions and parameters that change nothing. Where figures are at stake it names a witness.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  jeongsan check examples/month/book.toml\n\n\
    Exit status: 0 for a sound book, findings or not, 2 when it has problems, 1 when it can't be read.")]
pub(crate) struct Options {
    #[command(flatten)]
    knowledge: Knowledge,
    /// The book, TOML or JSON; `-` for standard input.
    book: PathBuf,
    #[command(flatten)]
    partners: PartnersOption,
}

pub(crate) fn run(options: &Options) -> Result<Outcome, Failure> {
    let file = BookFile::read_with(&options.book, &options.partners)?;
    let book = match file.document().to_book() {
        Ok(book) => book,
        Err(error) => {
            for problem in error.problems() {
                println!("{}", file.describe(problem, Level::ERROR));
            }
            return Ok(Outcome::WithErrors);
        }
    };
    let known = options.knowledge.load()?;
    if let Err(problems) = file.resolve(&book, known.calendars()) {
        for problem in problems {
            println!("{problem}");
        }
        return Ok(Outcome::WithErrors);
    }
    let findings = book.warnings();
    for finding in &findings {
        println!("{}", file.describe(finding, Level::WARNING));
    }
    let found = match findings.len() {
        0 => String::new(),
        1 => ", 1 finding".into(),
        count => format!(", {count} findings"),
    };
    let document = file.document();
    println!(
        "{}: sound{found}; {}: {} contracts in {} versions, {} discount-share and {} additional-fee policies, {} partners",
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
