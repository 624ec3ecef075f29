//! A month of a Korean marketplace: a policy book in TOML, its events as JSON lines, and facts about what is owed for them.
//!
//! The same options give the same bytes, on every machine and in every version of this crate: what is generated is
//! kept in files, and tests know its sums. A change that moves a draw is a change of those files.
//!
//! Start with [`Month::generate`]; its default is what `examples/month` holds.

mod bad_rows;
mod book;
mod cancels;
mod facts;
mod orders;
mod rows;

use serde_json::Value;

use crate::random::Random;

pub use bad_rows::BAD_ROWS;

/// What a month is made of.
#[derive(Clone, Debug)]
pub struct MonthOptions {
    /// What the draws start from.
    pub seed: u64,
    /// How many orders.
    pub orders: usize,
    /// How many manual entries.
    pub manual_entries: usize,
    /// How many cancels, at most one an order.
    pub cancels: usize,
    /// Whether rows that can't be settled are among them.
    pub bad_rows: BadRows,
    /// When settlements fall due.
    pub cycles: MonthCycles,
    /// What the platform fees are like.
    pub fees: MonthFees,
    /// Which formulas the book has.
    pub formulas: MonthFormulas,
}

impl Default for MonthOptions {
    fn default() -> Self {
        Self {
            seed: 202_603,
            orders: 3_000,
            manual_entries: 8,
            cancels: 0,
            bad_rows: BadRows::OneOfEach,
            cycles: MonthCycles::Monthly,
            fees: MonthFees::Flat,
            formulas: MonthFormulas::Default,
        }
    }
}

/// Whether a month has rows that can't be settled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BadRows {
    /// None.
    None,
    /// One of each kind of [`BAD_ROWS`].
    OneOfEach,
}

/// The settlement cycles of a month's contracts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MonthCycles {
    /// Every day, two days later, holidays or not.
    Daily,
    /// Once or twice a month, moved before or after holidays.
    Monthly,
}

/// The platform fees of a month's contracts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MonthFees {
    /// A rate or a fixed amount, some with bounds.
    Flat,
    /// One contract chooses by payment method, one has tiers by a given volume.
    SelectAndTiers,
}

/// The formulas of a month's book.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MonthFormulas {
    /// Those that every book has.
    Default,
    /// A user formula that the settlement takes off, and a parameter that some orders override.
    User,
}

/// A book and its events.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Month {
    /// The policy book in TOML.
    pub book: String,
    /// The events, one JSON object a line (bad rows apart).
    pub events: String,
    /// Facts for the ledger about them, one JSON object a line.
    pub facts: String,
}

impl Month {
    /// The month of these options.
    #[must_use]
    pub fn generate(options: &MonthOptions) -> Self {
        let mut random = Random::new(options.seed);
        let partners = book::partners(&mut random);
        let mut lines = orders::lines(options, &partners, &mut random);
        if options.bad_rows == BadRows::OneOfEach {
            bad_rows::insert(&mut lines, &mut random);
        }
        let mut events = String::new();
        for line in lines {
            events.push_str(&line);
            events.push('\n');
        }
        let facts = facts::text(&events);
        Self { book: book::text(options, &partners), events, facts }
    }

    /// The book as a JSON document.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the book is written by this module, and tests read it")]
    pub fn book_document(&self) -> Value {
        toml::from_str(&self.book).expect("the book of a month is TOML")
    }
}
