//! Sums over many settlements, and the proof that they balance.

use alloc::collections::BTreeMap;

use chrono::NaiveDate;

use crate::id::PartnerId;
use crate::journal::Account;

use super::Settlement;

/// What many settlements come to: what each partner is owed on which day, and the balance of every account.
///
/// Sums have 128 bits, so no number of settlements overflows them; the order of adding changes nothing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Totals {
    due: BTreeMap<(NaiveDate, PartnerId), Due>,
    accounts: BTreeMap<Account, i128>,
    settlements: u64,
}

/// What one partner is owed on one day.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Due {
    /// How many settlements fall due.
    pub settlements: u64,
    /// The orders in them, in minor units.
    pub order: i128,
    /// What they come to, in minor units.
    pub settlement: i128,
}

impl Totals {
    /// Adds a settlement.
    pub fn add(&mut self, settlement: &Settlement) {
        self.settlements = self.settlements.saturating_add(1);
        let due = self.due.entry((settlement.settlement_date, settlement.partner.clone())).or_default();
        due.settlements = due.settlements.saturating_add(1);
        due.order = due.order.saturating_add(i128::from(settlement.figures.order.minor()));
        due.settlement = due.settlement.saturating_add(i128::from(settlement.figures.settlement.minor()));
        for posting in settlement.journal().postings {
            let balance = self.accounts.entry(posting.account).or_default();
            *balance = balance.saturating_add(posting.amount);
        }
    }

    /// How many settlements were added.
    #[must_use]
    pub const fn settlements(&self) -> u64 {
        self.settlements
    }

    /// What is due, by day and partner.
    pub fn due(&self) -> impl Iterator<Item = (NaiveDate, &PartnerId, Due)> {
        self.due.iter().map(|((date, partner), due)| (*date, partner, *due))
    }

    /// The balance of every account that was posted to: above zero a debit, below a credit.
    pub fn accounts(&self) -> impl Iterator<Item = (Account, i128)> {
        self.accounts.iter().map(|(account, balance)| (*account, *balance))
    }

    /// Debits less credits over all accounts; zero, or something is wrong.
    #[must_use]
    pub fn balance(&self) -> i128 {
        self.accounts.values().fold(0, |sum, balance| sum.saturating_add(*balance))
    }
}
