//! Corrections of settled orders: at the tier that their sales reach after all, at the final fee in place of a provisional one.
//!
//! What was settled stays. A correction is what is left of the order under the terms that now hold, less what it came to under those
//! that held before, so that all rows of an order add up to settling it under the last ones from the start.

use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::book::Book;
use crate::fee::{LateChange, TierMode};
use crate::id::{ContractId, EventId, PartnerId};
use crate::money::Amount;
use crate::order::{Order, Sales};
use crate::sales::SalesMonth;
use crate::true_up::TrueUp;

use super::cancel_figures::difference;
use super::engine::{Engine, Governing, named};
use super::reckoner::{Reckoned, Standing};
use super::sales::OrderKey;
use super::{History, HistoryError, Remaining, SettleError, Settled, Settlement, SettlementKind};

/// When the tiers of a book settle orders again.
#[derive(Clone, Debug)]
pub(super) struct RetierRule {
    /// Where brackets of whole tiers begin.
    boundaries: Vec<Amount>,
    /// Whether some tiers are marginal, so that any change may change a fee.
    has_marginal: bool,
}

impl RetierRule {
    pub(super) fn of(book: &Book) -> Option<Self> {
        let tiers = || {
            book.fee_rules()
                .flat_map(|rule| rule.sales_tiers())
                .filter(|tiers| tiers.late() == LateChange::Retier)
        };
        tiers().next()?;
        Some(Self {
            boundaries: tiers().flat_map(|tiers| tiers.brackets()).map(|bracket| bracket.from).collect(),
            has_marginal: tiers().any(|tiers| tiers.mode() == TierMode::Marginal),
        })
    }

    /// Whether a fee may differ between two volumes.
    fn may_differ(&self, old: Amount, new: Amount) -> bool {
        let (low, high) = (old.min(new), old.max(new));
        let is_crossed = |boundary: &&Amount| low < **boundary && **boundary <= high;
        old != new && (self.has_marginal || self.boundaries.iter().any(|boundary| is_crossed(&boundary)))
    }
}

/// What brings a correction about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cause<'c> {
    pub(super) kind: SettlementKind,
    pub(super) event: &'c EventId,
    pub(super) date: NaiveDate,
}

/// A change of a partner's sales of a month.
#[derive(Clone, Copy, Debug)]
pub(super) struct SalesChange<'c> {
    pub(super) partner: &'c PartnerId,
    pub(super) month: SalesMonth,
    pub(super) amount: Amount,
    /// The order whose amount it is: those that came behind it have its amount in their month to date.
    pub(super) order: OrderKey,
}

impl Engine {
    /// What an order comes to under new terms less what it came to under the old ones; nothing when that is nothing.
    fn correct(
        &self,
        old: &Remaining,
        new: &Remaining,
        cause: Cause<'_>,
    ) -> Result<Option<Settled>, SettleError> {
        let (Some(old_order), Some(order)) = (old.order(), new.order()) else { return Ok(None) };
        let governing = self.governing(&order.partner, order.contract.as_ref(), order.start_date)?;
        // A fee that stays whatever is cancelled stays as it was charged.
        let (was, is) = ((old_order, Standing::Left), (order, Standing::Left));
        let before = self.reckon_left(&old.under(governing), was, old.kept())?;
        let after = self.reckon_left(&new.under(governing), is, new.kept())?;
        let (old_figures, new_figures) = (before.figures, after.figures);
        let Reckoned { figures, funders, user, mut lines } = difference(after, &before)?;
        // The units are the same under both terms; only lines that differ are told.
        lines.retain(|line| !line.figures.is_zero());
        if figures.is_zero() && funders.is_empty() && lines.is_empty() {
            return Ok(None);
        }
        let start_date = cause.date.max(order.start_date);
        let settlement = Settlement {
            id: order.id.clone(),
            kind: cause.kind,
            cause: Some(cause.event.clone()),
            of_order: None,
            partner: governing.partner.id.clone(),
            contract: Some(governing.contract.clone()),
            contract_version: governing.version.applies_from,
            start_date: Some(start_date),
            settlement_date: self.settlement_date(&governing, (start_date, None))?,
            currency: self.currency,
            figures,
            funders,
            user_formulas: named(governing.formulas, user),
            lines,
        };
        self.share_with_agencies(settlement, &old_figures, &new_figures).map(Some)
    }

    /// Sees that a true-up has a provisional fee to settle, and a final one that needs no more than an order says.
    fn check_true_up(&self, true_up: &TrueUp) -> Result<(), SettleError> {
        let TrueUp { contract, from, to, platform_fee, .. } = true_up;
        let unknown = || SettleError::UnknownContract { contract: contract.clone() };
        let (_, versions) = self.contracts.find(contract.as_str()).ok_or_else(unknown)?;
        if from > to {
            return Err(SettleError::EmptySpan { from: *from, to: *to });
        }
        let first = versions.in_force_on(*from).and_then(|version| version.applies_from);
        let is_within =
            |begins: Option<NaiveDate>| begins >= first && begins.is_none_or(|begins| begins <= *to);
        let mut within = versions.iter().filter(|version| is_within(version.applies_from));
        if !within.any(|version| version.terms.is_provisional) {
            return Err(SettleError::NotProvisional { contract: contract.clone(), from: *from, to: *to });
        }
        if platform_fee.measures_sales() {
            return Err(SettleError::UnfitFinalFee { reason: "a final fee goes by no sales" });
        }
        let is_own = self.formulas.iter().any(|version| version.terms.platform_fee.is_some());
        if is_own && platform_fee.is_marginal() {
            let reason = "a marginal tier needs the default platform-fee formula";
            return Err(SettleError::UnfitFinalFee { reason });
        }
        Ok(())
    }

    /// The contract of an order whose fee is provisional.
    fn provisional_contract(&self, order: &Order) -> Option<&ContractId> {
        let governing = self.governing(&order.partner, order.contract.as_ref(), order.start_date).ok()?;
        governing.version.terms.is_provisional.then_some(governing.contract)
    }
}

impl History {
    /// Gives an order the terms that hold for it by now: the sales it stands on, the final fee.
    pub(super) fn at_present_terms(&self, engine: &Engine, remaining: Remaining, key: OrderKey) -> Remaining {
        let order = remaining.names_and_rest();
        let final_fee = self.final_fee(engine, order);
        let sales = if engine.retier.is_some() {
            let known = engine.sales_known(&order.partner);
            self.sales.standing(&order.partner, order.start_date, known, key)
        } else {
            order.sales
        };
        remaining.on(sales, final_fee)
    }

    /// The last true-up of an order's provisional fee.
    pub(super) fn final_fee(&self, engine: &Engine, order: &Order) -> Option<Arc<TrueUp>> {
        if self.true_ups.is_empty() {
            return None;
        }
        let contract = engine.provisional_contract(order)?;
        let is_for = |true_up: &&Arc<TrueUp>| {
            true_up.contract == *contract && (true_up.from..=true_up.to).contains(&order.start_date)
        };
        self.true_ups.iter().rev().find(is_for).cloned()
    }

    /// Settles the orders again whose fee went by sales that change, before the change is noted.
    pub(super) fn retier(
        &self,
        engine: &Engine,
        change: SalesChange<'_>,
        cause: Cause<'_>,
    ) -> Result<Vec<Settlement>, HistoryError> {
        let mut rows = Vec::new();
        let Some(rule) = &engine.retier else { return Ok(rows) };
        let SalesChange { partner, month, amount, order } = change;
        let known = engine.sales_known(partner);
        let changed = |sales: Option<Amount>| sales.and_then(|sales| sales.checked_add(amount));
        let may_differ = |old: Option<Amount>, new: Option<Amount>| {
            old.zip(new).is_some_and(|(old, new)| rule.may_differ(old, new))
        };
        for (key, sales) in self.sales.behind(partner, month, known, order) {
            let new = Sales { month_to_date: changed(sales.month_to_date), ..sales };
            if may_differ(sales.month_to_date, new.month_to_date) {
                rows.extend(self.resettle(engine, key, (sales, new), cause)?);
            }
        }
        let total = self.sales.of(partner, month, known);
        if may_differ(total, changed(total)) {
            for (key, sales) in self.sales.within(partner, month.next(), known) {
                let new = Sales { previous_month: changed(sales.previous_month), ..sales };
                rows.extend(self.resettle(engine, key, (sales, new), cause)?);
            }
        }
        Ok(rows)
    }

    fn resettle(
        &self,
        engine: &Engine,
        key: OrderKey,
        (old, new): (Sales, Sales),
        cause: Cause<'_>,
    ) -> Result<Vec<Settlement>, HistoryError> {
        // None is missing: a window keeps what came behind a kept order, and what is dated behind an event that it lets in.
        let Some(remaining) = self.find(key) else { return Ok(Vec::new()) };
        let final_fee = self.final_fee(engine, remaining.names_and_rest());
        let old = remaining.clone().on(Some(old), final_fee.clone());
        let corrected = engine.correct(&old, &remaining.on(Some(new), final_fee), cause)?;
        Ok(corrected.into_iter().flat_map(Settled::into_rows).collect())
    }
}

impl History {
    /// Settles the orders of a provisional fee again at the final one.
    pub(super) fn settle_true_up(
        &mut self,
        engine: &Engine,
        true_up: TrueUp,
    ) -> Result<Settled, HistoryError> {
        engine.check_true_up(&true_up)?;
        self.check_within(true_up.from)?;
        let true_up = Arc::new(true_up);
        let cause = Cause { kind: SettlementKind::TrueUp, event: &true_up.id, date: true_up.date };
        let mut side_effects = Vec::new();
        for key in self.keys() {
            let Some(remaining) = self.find(key) else { continue };
            let order = remaining.names_and_rest();
            let is_within = (true_up.from..=true_up.to).contains(&order.start_date);
            if !is_within || engine.provisional_contract(order) != Some(&true_up.contract) {
                continue;
            }
            let old = self.at_present_terms(engine, remaining, key);
            let sales = old.names_and_rest().sales;
            let new = old.clone().on(sales, Some(Arc::clone(&true_up)));
            side_effects.extend(engine.correct(&old, &new, cause)?.into_iter().flat_map(Settled::into_rows));
        }
        self.true_ups.push(true_up);
        Ok(Settled { settlement: None, side_effects })
    }
}

impl Remaining {
    /// The same rest of an order on other sales and under a final fee.
    pub(super) fn on(mut self, sales: Option<Sales>, final_fee: Option<Arc<TrueUp>>) -> Self {
        self.order.sales = sales;
        self.final_fee = final_fee;
        self
    }

    /// The terms that govern it, the final fee in place of the provisional one.
    pub(super) fn under<'r>(&'r self, governing: Governing<'r>) -> Governing<'r> {
        match &self.final_fee {
            Some(true_up) => Governing { platform_fee: &true_up.platform_fee, ..governing },
            None => governing,
        }
    }
}
