//! The figures of a cancellation.
//!
//! `cumulative`: what the order would have come to before, less what it comes to after, so that an order's cancels add up to the
//! order. `independent`: what the cancelled part would come to as an order of its own, no component above what was
//! charged and has not come back.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::book::CancelMode;
use crate::cancel::{CancelError, Cancellation, Taken, check_form, take};
use crate::figures::{Figure, Figures};
use crate::funding::FunderParts;
use crate::money::{AllocationMethod, Amount, allocate};
use crate::order::Order;
use crate::trace::Recorder;
use crate::true_up::TrueUp;

use super::engine::{Engine, Governing, named};
use super::reckoner::{Reckoned, Reckoner, Standing};
use super::{LineSettlement, SettleError, Settlement, SettlementKind};

/// What is left of a settled order: the facts that its next cancellation is measured against.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Remaining {
    pub(super) order: Box<Order>,
    has_rest: bool,
    /// What was charged and has not come back; kept under `independent` alone.
    charged: Option<Box<Figures>>,
    /// The same of what other funders bear.
    charged_funders: FunderParts,
    /// The final fee in place of a provisional one; kept by the history for all orders it is for.
    pub(super) final_fee: Option<Arc<TrueUp>>,
}

impl Remaining {
    /// A settled order of which nothing is cancelled yet.
    #[must_use]
    pub fn of(order: Order, settlement: &Settlement, mode: CancelMode) -> Self {
        match mode {
            CancelMode::Cumulative => Self::unpacked(order, true, None),
            CancelMode::Independent => Self {
                charged_funders: settlement.funders.clone(),
                ..Self::unpacked(order, true, Some(settlement.figures))
            },
        }
    }

    /// What was packed.
    pub(super) fn unpacked(order: Order, has_rest: bool, charged: Option<Figures>) -> Self {
        let charged_funders = FunderParts::default();
        let charged = charged.map(Box::new);
        Self { order: Box::new(order), has_rest, charged, charged_funders, final_fee: None }
    }

    /// The same, with what other funders were charged and has not come back.
    pub(super) fn funded_by(self, charged_funders: FunderParts) -> Self {
        Self { charged_funders, ..self }
    }

    /// The names of the order, and what is left of its amounts.
    pub(super) const fn names_and_rest(&self) -> &Order {
        &self.order
    }

    /// What was charged and has not come back, under `independent`.
    pub(super) fn charged(&self) -> Option<&Figures> {
        self.charged.as_deref()
    }

    /// What other funders were charged and has not come back, under `independent`.
    pub(super) const fn charged_funders(&self) -> &FunderParts {
        &self.charged_funders
    }

    pub(super) fn start_date(&self) -> NaiveDate {
        self.order.start_date
    }

    /// What is left of the order; `None` when nothing is.
    #[must_use]
    pub fn order(&self) -> Option<&Order> {
        self.has_rest.then_some(&*self.order)
    }
}

impl Engine {
    /// Settles a cancellation against what is left of its order, and tells what is left then.
    ///
    /// It settles under the order's own contract version, policies, attributes and volume; its date starts a cycle of
    /// its own. Its figures are signed.
    ///
    /// # Errors
    /// When it takes more than is left, or what it leaves would be no valid order. Nothing has changed then.
    pub fn settle_cancellation(
        &self,
        remaining: &Remaining,
        cancellation: &Cancellation,
    ) -> Result<(Settlement, Remaining), SettleError> {
        let before = &*remaining.order;
        let governing = self.governing(&before.partner, before.contract.as_ref(), before.start_date)?;
        let governing = remaining.under(governing);
        check_form(before, cancellation)?;
        if !remaining.has_rest {
            return Err(CancelError::NothingLeft { order: cancellation.order.clone() }.into());
        }
        let taken = take(before, cancellation)?;
        let dates = (cancellation.date, cancellation.settlement_date);
        let settlement_date = self.settlement_date(&governing, dates).map_err(|error| match error {
            SettleError::Schedule(error) => SettleError::CancelSchedule(error),
            other => other,
        })?;
        let cancelled = match &remaining.charged {
            None => self.cumulative(&governing, before, &taken)?,
            Some(charged) => self.independent(&governing, &taken, (charged, &remaining.charged_funders))?,
        };
        let Reckoned { figures, funders, user, mut lines } = cancelled;
        lines.retain(|line| line.quantity != 0 || !line.figures.is_zero());
        let charged = match &remaining.charged {
            None => None,
            Some(charged) => Some(Box::new(charged.checked_add(&figures).map_err(out_of_range)?)),
        };
        let charged_funders = match &charged {
            None => FunderParts::default(),
            Some(_) => remaining.charged_funders.clone().plus(&funders).ok_or(FUNDERS_OUT_OF_RANGE)?,
        };
        let settlement = Settlement {
            id: cancellation.id.clone(),
            kind: SettlementKind::Cancel,
            cause: None,
            of_order: Some(cancellation.order.clone()),
            partner: governing.partner.id.clone(),
            contract: Some(governing.contract.clone()),
            contract_version: governing.version.applies_from,
            start_date: Some(cancellation.date),
            settlement_date,
            currency: self.currency,
            figures,
            funders,
            user_formulas: named(governing.formulas, user),
            lines,
        };
        // The names of the order are kept even when nothing is left, to refuse the next cancellation.
        let remaining = Remaining {
            order: Box::new(taken.left),
            has_rest: !taken.takes_all,
            charged,
            charged_funders,
            final_fee: remaining.final_fee.clone(),
        };
        Ok((settlement, remaining))
    }

    /// The figures that a settled order stands at: its own with those of its cancellations.
    pub(super) fn figures_of(&self, remaining: &Remaining) -> Result<Figures, SettleError> {
        match (&remaining.charged, remaining.order()) {
            (_, None) => Ok(Figures::ZERO),
            (Some(charged), _) => Ok(**charged),
            (None, Some(order)) => {
                let governing = self.governing(&order.partner, order.contract.as_ref(), order.start_date)?;
                Ok(self.reckon(&remaining.under(governing), order, Standing::Left)?.figures)
            }
        }
    }

    pub(super) fn reckon(
        &self,
        governing: &Governing<'_>,
        order: &Order,
        standing: Standing,
    ) -> Result<Reckoned, SettleError> {
        Reckoner::new(self, governing, order, standing, Recorder::off()).reckon()
    }

    fn cumulative(
        &self,
        governing: &Governing<'_>,
        before: &Order,
        taken: &Taken,
    ) -> Result<Reckoned, SettleError> {
        let mut cancelled = self.reckon(governing, before, Standing::Left)?;
        let rest = if taken.takes_all {
            Reckoned {
                figures: Figures::ZERO,
                funders: FunderParts::default(),
                user: Vec::new(),
                lines: Vec::new(),
            }
        } else {
            self.reckon(governing, &taken.left, Standing::Left).map_err(leaves_invalid_order)?
        };
        // Both have the same lines in the same order, as a line without units stays in its place.
        for (place, line) in cancelled.lines.iter_mut().enumerate() {
            let rest = rest.lines.get(place);
            let rest_figures = rest.map_or(Figures::ZERO, |rest| rest.figures);
            line.quantity = rest.map_or(0, |rest| rest.quantity).saturating_sub(line.quantity);
            line.figures = rest_figures.checked_sub(&line.figures).map_err(out_of_range)?;
        }
        for (place, user) in cancelled.user.iter_mut().enumerate() {
            let rest = rest.user.get(place).copied().unwrap_or_default();
            *user = rest.checked_sub(*user).ok_or(out_of_range(Figure::Settlement))?;
        }
        cancelled.figures = rest.figures.checked_sub(&cancelled.figures).map_err(out_of_range)?;
        cancelled.funders = rest.funders.minus(&cancelled.funders).ok_or(FUNDERS_OUT_OF_RANGE)?;
        Ok(cancelled)
    }

    fn independent(
        &self,
        governing: &Governing<'_>,
        taken: &Taken,
        (charged, charged_funders): (&Figures, &FunderParts),
    ) -> Result<Reckoned, SettleError> {
        if !taken.takes_all {
            // What is left is only looked at, so a formula that has no value on it is nobody's fault.
            match self.reckon(governing, &taken.left, Standing::Left).map_err(leaves_invalid_order) {
                Err(error) if !matches!(error, SettleError::Formula { .. }) => return Err(error),
                _ => {}
            }
        }
        let mut part = self.reckon(governing, &taken.part, Standing::Part)?;
        for figure in LIMITED {
            limit(&mut part.figures, &mut part.lines, charged, figure);
        }
        let reckoner = Reckoner::new(self, governing, &taken.part, Standing::Part, Recorder::off());
        reckoner.close_again(&mut part)?;
        for line in &mut part.lines {
            line.quantity = line.quantity.saturating_neg();
            line.figures = Figures::ZERO.checked_sub(&line.figures).map_err(out_of_range)?;
        }
        for user in &mut part.user {
            *user = user.checked_neg().ok_or(out_of_range(Figure::Settlement))?;
        }
        part.figures = Figures::ZERO.checked_sub(&part.figures).map_err(out_of_range)?;
        let funders = part.funders.at_most(charged_funders);
        part.funders = FunderParts::default().minus(&funders).ok_or(FUNDERS_OUT_OF_RANGE)?;
        Ok(part)
    }
}

/// The components that never come back beyond what was charged; the others follow from them.
const LIMITED: [Figure; 8] = [
    Figure::PaymentVat,
    Figure::PaymentVatBurden,
    Figure::PlatformFee,
    Figure::PlatformFeeVat,
    Figure::AdditionalFee,
    Figure::AdditionalFeeVat,
    Figure::DiscountShare,
    Figure::DiscountShareTaxFree,
];

/// Limits a component to what is left of the charge; where the lines have more of it than that, they share what there is.
fn limit(figures: &mut Figures, lines: &mut [LineSettlement], charged: &Figures, figure: Figure) {
    let (wanted, left) = (figures.get(figure), charged.get(figure));
    let limited = if left.is_negative() { wanted.max(left) } else { wanted.min(left) };
    if limited == wanted {
        return;
    }
    *figures.get_mut(figure) = limited;
    let parts: Vec<Amount> = lines.iter().map(|line| line.figures.get(figure)).collect();
    let sum: i128 = parts.iter().map(|part| i128::from(part.minor())).sum();
    if sum <= i128::from(limited.minor()) {
        return;
    }
    if let Ok(shared) = allocate(limited, &parts, AllocationMethod::LargestRemainder) {
        for (line, part) in lines.iter_mut().zip(shared) {
            *line.figures.get_mut(figure) = part;
        }
    }
}

/// A part of a discount that doesn't fit.
const FUNDERS_OUT_OF_RANGE: SettleError = out_of_range(Figure::Discount);

const fn out_of_range(figure: Figure) -> SettleError {
    SettleError::OutOfRange { figure }
}

/// A fault of what would be left is a fault of the cancellation.
fn leaves_invalid_order(error: SettleError) -> SettleError {
    match error {
        SettleError::DiscountExceedsOrder { .. }
        | SettleError::TaxFreeExceedsDiscount { .. }
        | SettleError::TaxFreeExceedsOrder { .. } => {
            CancelError::LeavesInvalidOrder { reason: error.to_string() }.into()
        }
        other => other,
    }
}
