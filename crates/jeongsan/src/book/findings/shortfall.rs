//! Contracts whose fee is more than the order.
//!
//! A fixed part or a minimum makes every order below it settle negative, which is no fault of a small one: only amounts from
//! [`Options::smallest_order_amount`](crate::book::Options::smallest_order_amount) up are looked at. The larger the order, the
//! less a fixed part, a minimum or a maximum weighs, so a fee that leaves something of the smallest order leaves something of
//! every larger one, unless rounding alone left it: a rate of a little more than the whole shows where its excess outgrows what
//! rounding cuts. Hence the search among larger amounts, which takes some hundred settlements.

use alloc::format;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::book::Book;
use crate::contract::Contract;
use crate::fee::{TierMode, TieredFee};
use crate::money::{Amount, split_vat};
use crate::rate::Ratio;

use super::Finder;

/// How many amounts before a negative settlement are looked at for one that rounding alone makes negative.
const ROUNDING_REACH: i64 = 1_000;

/// A contract with one of its fees.
pub(super) struct Deal<'b> {
    pub(super) book: &'b Book,
    pub(super) contract: &'b Contract,
    pub(super) fee: &'b TieredFee,
}

impl Book {
    /// Whether the default formulas compute platform fee and settlement on the first day of a contract's version.
    pub(super) fn uses_default_settlement(&self, applies_from: Option<NaiveDate>) -> bool {
        let in_force = match applies_from {
            Some(date) => self.formulas.in_force_on(date),
            None => self.formulas.iter().next(),
        };
        in_force.is_some_and(|version| {
            version.terms.platform_fee.is_default() && version.terms.settlement.is_default()
        })
    }
}

impl Finder<'_> {
    pub(super) fn shortfall(&mut self, path: &str, deal: &Deal<'_>) {
        match deal.fee {
            TieredFee::Flat(_) => {
                if let Some((order, settlement)) =
                    deal.smallest_below_zero(Amount::ZERO, Amount::new(i64::MAX))
                {
                    let message = format!("an order of `{order}` settles at `{settlement}`");
                    self.note(path, "negative-settlement", message);
                }
            }
            TieredFee::Tiered { tiers, .. } => {
                let ends = tiers.brackets().iter().skip(1).map(|bracket| Some(bracket.from)).chain([None]);
                for (place, (bracket, end)) in tiers.brackets().iter().zip(ends).enumerate() {
                    let volume = bracket.from;
                    // Under marginal tiers a larger order would reach into the next bracket, which is asked by itself.
                    let end = end.filter(|_| tiers.mode() == TierMode::Marginal);
                    let largest =
                        end.and_then(|end| end.checked_sub(volume)).unwrap_or(Amount::new(i64::MAX));
                    if let Some((order, settlement)) = deal.smallest_below_zero(volume, largest) {
                        let message = format!(
                            "an order of `{order}` at a volume of `{volume}` settles at `{settlement}`"
                        );
                        self.note(format!("{path}.tiers[{place}]"), "negative-settlement", message);
                    }
                }
            }
        }
    }
}

impl Deal<'_> {
    /// The smallest order amount that settles below zero, and at what.
    ///
    /// Where a unit more of an order makes less than 0.6 % of a difference, rounding may make a smaller one negative than is
    /// found.
    fn smallest_below_zero(&self, volume: Amount, largest: Amount) -> Option<(Amount, Amount)> {
        let smallest = self.book.options.smallest_order_amount.max(Amount::new(1));
        let settles = |order: i64| self.settlement(Amount::new(order), volume).map(Amount::minor);
        let is_negative = |order: i64| settles(order).is_some_and(|settlement| settlement < 0);
        let mut amounts: Vec<i64> =
            core::iter::successors(Some(smallest.minor()), |amount| amount.checked_mul(2)).collect();
        amounts.extend(self.first_at_maximum(smallest.minor(), volume));
        amounts.push(largest.minor());
        amounts.retain(|amount| (smallest.minor()..=largest.minor()).contains(amount));
        amounts.sort_unstable();
        let place = amounts.iter().position(|amount| is_negative(*amount))?;
        let mut found = *amounts.get(place)?;
        if let Some(sound) = place.checked_sub(1).and_then(|before| amounts.get(before)) {
            found = first(*sound, found, is_negative);
            let near = found.saturating_sub(ROUNDING_REACH).max(*sound);
            found = (near..found).find(|order| is_negative(*order)).unwrap_or(found);
        }
        Some((Amount::new(found), Amount::new(settles(found)?)))
    }

    /// Where the fee stops growing, beyond which a settlement can only recover.
    fn first_at_maximum(&self, smallest: i64, volume: Amount) -> Option<i64> {
        let (TieredFee::Flat(bounds) | TieredFee::Tiered { bounds, .. }) = self.fee;
        let max = bounds.max()?;
        let reaches = |order: i64| self.platform_fee(Amount::new(order), volume).is_none_or(|fee| fee >= max);
        Some(first(smallest, i64::MAX, reaches))
    }

    /// What an order without discounts settles at, by the default formulas; `None` when a figure doesn't fit.
    fn settlement(&self, order: Amount, volume: Amount) -> Option<Amount> {
        let (rounding, vat_rate) = (&self.book.rounding, self.book.options.vat_rate);
        let (TieredFee::Flat(terms) | TieredFee::Tiered { bounds: terms, .. }) = self.fee;
        let fee = self.platform_fee(order, volume)?;
        let mut settlement = order.checked_sub(fee)?;
        if terms.adds_vat(self.contract.platform_fee_vat_payer) {
            settlement = settlement.checked_sub(Ratio::new(vat_rate).of(fee, rounding.vat)?)?;
        }
        if self.contract.subtracts_payment_vat {
            settlement = settlement.checked_sub(split_vat(order, vat_rate, rounding.vat.into())?.vat)?;
        }
        Some(settlement)
    }

    fn platform_fee(&self, order: Amount, volume: Amount) -> Option<Amount> {
        let rounding = self.book.rounding.platform_fee;
        match self.fee {
            TieredFee::Flat(fee) => fee.charge(order, rounding),
            TieredFee::Tiered { tiers, bounds } => match tiers.mode() {
                TierMode::Whole => bounds.at_rate(tiers.rate_at(volume)).charge(order, rounding),
                TierMode::Marginal => Some(bounds.bound(tiers.charge(volume, order, rounding)?)),
            },
        }
    }
}

/// The first above `below` for which something holds that holds from there on up to `holds`.
fn first(below: i64, holds: i64, condition: impl Fn(i64) -> bool) -> i64 {
    let (mut below, mut holds) = (below, holds);
    while let Some(middle) =
        below.checked_add(holds.saturating_sub(below) / 2).filter(|middle| *middle > below)
    {
        if condition(middle) {
            holds = middle;
        } else {
            below = middle;
        }
    }
    holds
}
