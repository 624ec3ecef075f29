//! How an event comes to its figures, told for people.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::book::CancelMode;
use crate::cancel::{Cancellation, take};
use crate::event::Event;
use crate::figures::{Figure, Figures};
use crate::money::{Amount, Money};
use crate::order::Order;
use crate::trace::{Recorder, Trace};

use super::reckoner::{Reckoner, Standing};
use super::{Engine, History, HistoryError, Remaining, SettleError, Settlement, SettlementKind};

/// How an event comes to its figures; its text tells every step.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Explanation {
    /// An order, step by step.
    Order {
        /// What it comes to.
        settlement: Settlement,
        /// The steps.
        trace: Trace,
    },
    /// A cancellation, measured against what was left of its order.
    Cancel(Box<CancelExplanation>),
    /// A true-up: what each order comes to more or less.
    TrueUp {
        /// The differences.
        settlements: Vec<Settlement>,
    },
    /// A manual entry, which is as stated.
    Manual {
        /// What it comes to.
        settlement: Settlement,
    },
}

/// How a cancellation comes to its figures.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CancelExplanation {
    /// What it comes to.
    pub settlement: Settlement,
    /// What it brings about beside, each a row of its own kind.
    pub side_effects: Vec<Settlement>,
    /// How it was computed.
    pub mode: CancelMode,
    /// What was charged for what was left before: under `cumulative` what it comes to, under `independent` what has not come back.
    pub before: Figures,
    /// The same for what is left then.
    pub after: Figures,
    /// Under `cumulative` how `before` came about, under `independent` what the cancelled part comes to by itself.
    pub first: Trace,
    /// Under `cumulative` how `after` came about; none where nothing is left, and under `independent`.
    pub second: Option<Trace>,
    /// Why it falls due when it does, in sentences; none where the date is given.
    pub settlement_date: Option<String>,
}

impl History {
    /// How an event would come to its figures if it settled now. Its id is not looked at and nothing is kept.
    ///
    /// # Errors
    /// Why it wouldn't settle.
    pub fn explain(&mut self, engine: &Engine, event: &Event) -> Result<Explanation, HistoryError> {
        match event {
            Event::Order(order) => {
                let mut order = order.clone();
                self.state_sales(engine, &mut order);
                let final_fee = self.final_fee(engine, &order);
                let fee = final_fee.as_ref().map(|true_up| &true_up.platform_fee);
                let (settlement, trace) = engine.settle_traced_at(&order, fee)?;
                Ok(Explanation::Order { settlement, trace })
            }
            Event::Cancel(cancellation) => {
                let remaining = self.remaining_at_present(engine, cancellation)?;
                Ok(Explanation::Cancel(Box::new(engine.explain_cancellation(&remaining, cancellation)?)))
            }
            Event::Manual(entry) => Ok(Explanation::Manual { settlement: engine.settle_manual(entry)? }),
            Event::TrueUp(true_up) => {
                let settled = self.clone().settle_true_up(engine, true_up.clone())?;
                Ok(Explanation::TrueUp { settlements: settled.into_rows().collect() })
            }
        }
    }
}

impl Engine {
    /// How a cancellation comes to its figures.
    ///
    /// # Errors
    /// As [`Engine::settle_cancellation`].
    pub fn explain_cancellation(
        &self,
        remaining: &Remaining,
        cancellation: &Cancellation,
    ) -> Result<CancelExplanation, SettleError> {
        let (settlement, side_effects, left) = self.cancel(remaining, cancellation)?;
        let names = remaining.names_and_rest();
        let governing = self.governing(&names.partner, names.contract.as_ref(), names.start_date)?;
        let governing = remaining.under(governing);
        let reckon = |order: &Order, standing| -> Result<(Figures, Trace), SettleError> {
            let mut trace = Trace::default();
            let reckoner = Reckoner::new(self, &governing, order, standing, Recorder::into(&mut trace));
            let figures = reckoner.reckon()?.figures;
            Ok((figures, trace))
        };
        let spread = governing.version.terms.on_cancel.order_discounts;
        let (before, after, first, second) = match (remaining.charged(), left.charged()) {
            (Some(before), Some(after)) => {
                let (_, trace) = reckon(&take(names, cancellation, spread)?.part, Standing::Part)?;
                (before.figures, after.figures, trace, None)
            }
            _ => {
                // Fees that stay are those that were charged, which no step of what is left tells.
                let before = self.reckon_left(&governing, (names, Standing::Left), remaining.kept())?.figures;
                let (_, first) = reckon(names, Standing::Left)?;
                let changes = side_effects.iter().filter(|row| row.kind == SettlementKind::CouponWithdrawn);
                let after = core::iter::once(&settlement)
                    .chain(changes)
                    .try_fold(before, |sum, row| sum.checked_add(&row.figures))
                    .map_err(|figure| SettleError::OutOfRange { figure })?;
                let second = left.order().map(|order| reckon(order, Standing::Left)).transpose()?;
                (before, after, first, second.map(|(_, second)| second))
            }
        };
        let settlement_date = match cancellation.settlement_date {
            Some(_) => None,
            None => Some(governing.version.terms.explain_date(cancellation.date)?.to_string()),
        };
        let mode = self.cancel_mode();
        Ok(CancelExplanation {
            settlement,
            side_effects,
            mode,
            before,
            after,
            first,
            second,
            settlement_date,
        })
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settles = |settlement: &Settlement| {
            let amount = Money::new(settlement.figures.settlement, settlement.currency);
            alloc::format!("{} settles {amount}", settlement.id)
        };
        match self {
            Self::Order { settlement, trace } => write!(f, "{}:\n{trace}", settles(settlement)),
            Self::Cancel(cancel) => write!(f, "{}:\n{cancel}", settles(&cancel.settlement)),
            Self::TrueUp { settlements } => settlements
                .iter()
                .try_for_each(|settlement| writeln!(f, "{} more at the final fee.", settles(settlement))),
            Self::Manual { settlement } => {
                writeln!(f, "{}, as stated, on {}.", settles(settlement), settlement.settlement_date)
            }
        }
    }
}

impl fmt::Display for CancelExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mode {
            CancelMode::Cumulative => {
                writeln!(f, "What was left of the order before came to:\n{}", self.first)?;
                match &self.second {
                    Some(second) => writeln!(f, "What is left of it then comes to:\n{second}")?,
                    None => writeln!(f, "Nothing is left of it then.\n")?,
                }
                writeln!(f, "The cancellation is the difference:")?;
            }
            CancelMode::Independent => {
                writeln!(f, "The cancelled part comes by itself to:\n{}", self.first)?;
                writeln!(f, "No more comes back than is left of what was charged:")?;
            }
        }
        for (figure, amount) in self.settlement.figures.iter() {
            let (before, after) = (self.before.get(figure), self.after.get(figure));
            if [before, after, amount].iter().any(|amount| !amount.is_zero()) {
                writeln!(f, "{}", Change { figure, before, after, amount })?;
            }
        }
        match &self.settlement_date {
            Some(explained) => writeln!(f, "{explained}"),
            None => Ok(()),
        }
    }
}

/// A figure before and after a cancellation.
struct Change {
    figure: Figure,
    before: Amount,
    after: Amount,
    amount: Amount,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {} before, {} after", self.figure, self.amount, self.before, self.after)?;
        // The terms of a contract may keep a part of it.
        if self.after.checked_sub(self.before) == Some(self.amount) {
            Ok(())
        } else {
            f.write_str(", by the terms of the contract")
        }
    }
}
