//! The figures of a cancellation.
//!
//! `cumulative`: what the order would have come to before, less what it comes to after, so that an order's cancels add up to the
//! order. `independent`: what the cancelled part would come to as an order of its own, no component above what was
//! charged and has not come back.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;

use chrono::NaiveDate;

use crate::book::CancelMode;
use crate::cancel::{CancelError, Cancellation, Taken, check_form, take};
use crate::contract::OnCancel;
use crate::figures::{Figure, Figures};
use crate::funding::FunderParts;
use crate::money::{AllocationMethod, Amount, allocate};
use crate::order::Order;
use crate::trace::Recorder;
use crate::true_up::TrueUp;

use super::engine::{Engine, Governing, named};
use super::kept_fees::{KeptFees, kept as kept_fees, leave_out};
use super::reckoner::{Reckoned, Reckoner, Standing, nothing_but_fees};
use super::{LineSettlement, SettleError, Settled, Settlement, SettlementKind};

/// What was charged on an order and has not come back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Charged {
    pub(super) figures: Figures,
    /// What other funders bear of its discounts.
    pub(super) funders: FunderParts,
}

/// What is left of a settled order: the facts that its next cancellation is measured against.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Remaining {
    pub(super) order: Box<Order>,
    has_rest: bool,
    /// What was charged and has not come back; kept under `independent` alone.
    charged: Option<Box<Charged>>,
    /// The fees that were charged, once a cancellation came whose contract keeps some; under `cumulative` alone.
    kept: Option<Box<KeptFees>>,
    /// The final fee in place of a provisional one; kept by the history for all orders it is for.
    pub(super) final_fee: Option<Arc<TrueUp>>,
}

impl Remaining {
    /// A settled order of which nothing is cancelled yet.
    #[must_use]
    pub fn of(order: Order, settlement: &Settlement, mode: CancelMode) -> Self {
        let charged = match mode {
            CancelMode::Cumulative => None,
            CancelMode::Independent => {
                Some(Charged { figures: settlement.figures, funders: settlement.funders.clone() })
            }
        };
        Self::unpacked(order, true, charged, None)
    }

    /// What was packed.
    pub(super) fn unpacked(
        order: Order,
        has_rest: bool,
        charged: Option<Charged>,
        kept: Option<KeptFees>,
    ) -> Self {
        let (charged, kept) = (charged.map(Box::new), kept.map(Box::new));
        Self { order: Box::new(order), has_rest, charged, kept, final_fee: None }
    }

    /// The names of the order, and what is left of its amounts.
    pub(super) const fn names_and_rest(&self) -> &Order {
        &self.order
    }

    /// What was charged and has not come back, under `independent`.
    pub(super) fn charged(&self) -> Option<&Charged> {
        self.charged.as_deref()
    }

    /// The fees that were charged and stay, under `cumulative`.
    pub(super) fn kept(&self) -> Option<&KeptFees> {
        self.kept.as_deref()
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
    ) -> Result<(Settled, Remaining), SettleError> {
        let (settlement, side_effects, left) = self.cancel(remaining, cancellation)?;
        Ok((Settled { settlement: Some(settlement), side_effects }, left))
    }

    /// The settlement of a cancellation, what it brings about beside, and what is left.
    pub(super) fn cancel(
        &self,
        remaining: &Remaining,
        cancellation: &Cancellation,
    ) -> Result<(Settlement, Vec<Settlement>, Remaining), SettleError> {
        let before = &*remaining.order;
        let governing = self.governing(&before.partner, before.contract.as_ref(), before.start_date)?;
        let governing = remaining.under(governing);
        check_form(before, cancellation)?;
        if !remaining.has_rest {
            return Err(CancelError::NothingLeft { order: cancellation.order.clone() }.into());
        }
        let on_cancel = governing.version.terms.on_cancel;
        let mut taken = take(before, cancellation, on_cancel.order_discounts)?;
        let withdrawn = self.withdrawn(&governing, &taken.left)?;
        // A coupon that goes is not held against what is left.
        let standing = if withdrawn.is_empty() { Standing::Left } else { Standing::Part };
        let dates = (cancellation.date, cancellation.settlement_date);
        let settlement_date = self.settlement_date(&governing, dates).map_err(|error| match error {
            SettleError::Schedule(error) => SettleError::CancelSchedule(error),
            other => other,
        })?;
        let mut kept = remaining.kept.as_deref().cloned();
        let cancelled = match &remaining.charged {
            None => self.cumulative(&governing, before, (&taken, standing), &mut kept)?,
            Some(charged) => self.independent(&governing, (&taken, standing), charged)?,
        };
        let mut charged = remaining.charged.as_deref().cloned();
        add_to(&mut charged, &cancelled)?;
        let coupons =
            self.withdraw_coupons(&governing, (&mut taken.left, &withdrawn), kept.as_ref(), &mut charged)?;
        let row = |kind, Reckoned { figures, funders, user, mut lines }: Reckoned| {
            lines.retain(|line| line.quantity != 0 || !line.figures.is_zero());
            Settlement {
                id: cancellation.id.clone(),
                kind,
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
            }
        };
        let coupons = coupons.into_iter().map(|coupon| row(SettlementKind::CouponWithdrawn, coupon));
        let shipping = Self::shipping_rows(on_cancel, before, &taken.left, cancellation.return_shipping);
        let shipping = shipping.into_iter().map(|(kind, settlement)| {
            let figures = Figures { settlement, ..Figures::ZERO };
            row(kind, Reckoned { figures, ..Reckoned::default() })
        });
        let side_effects = coupons.chain(shipping).collect();
        let settlement = row(SettlementKind::Cancel, cancelled);
        // The names of the order are kept even when nothing is left, to refuse the next cancellation.
        let mut left = Remaining::unpacked(taken.left, !taken.takes_all, charged, kept);
        left.final_fee.clone_from(&remaining.final_fee);
        Ok((settlement, side_effects, left))
    }

    /// The figures that a settled order stands at: its own with those of its cancellations. Where nothing is left these are the fees that stay.
    pub(super) fn figures_of(&self, remaining: &Remaining) -> Result<Figures, SettleError> {
        let order = &*remaining.order;
        let governing = self.governing(&order.partner, order.contract.as_ref(), order.start_date)?;
        let (on_cancel, kept) = (governing.version.terms.on_cancel, remaining.kept());
        match (&remaining.charged, remaining.order()) {
            (Some(charged), Some(_)) => Ok(charged.figures),
            (None, Some(order)) => {
                let left = (order, Standing::Left);
                Ok(self.reckon_left(&remaining.under(governing), left, kept)?.figures)
            }
            (charged, None) => fees_that_stay(charged.as_deref(), kept, on_cancel),
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

    /// What is left of an order comes to this, at the fees that were charged where they stay.
    pub(super) fn reckon_left(
        &self,
        governing: &Governing<'_>,
        (left, standing): (&Order, Standing),
        kept: Option<&KeptFees>,
    ) -> Result<Reckoned, SettleError> {
        let mut reckoned = self.reckon(governing, left, standing).map_err(leaves_invalid_order)?;
        if let Some(kept) = kept {
            kept.put(&mut reckoned, governing.version.terms.on_cancel);
            self.close_again(governing, left, &mut reckoned)?;
        }
        Ok(reckoned)
    }

    /// What follows from figures that were changed, once more.
    pub(super) fn close_again(
        &self,
        governing: &Governing<'_>,
        order: &Order,
        reckoned: &mut Reckoned,
    ) -> Result<(), SettleError> {
        Reckoner::new(self, governing, order, Standing::Part, Recorder::off()).close_again(reckoned)
    }

    fn cumulative(
        &self,
        governing: &Governing<'_>,
        before: &Order,
        (taken, standing): (&Taken, Standing),
        kept: &mut Option<KeptFees>,
    ) -> Result<Reckoned, SettleError> {
        let on_cancel = governing.version.terms.on_cancel;
        let whole = self.reckon_left(governing, (before, Standing::Left), kept.as_ref())?;
        if kept.is_none() {
            *kept = KeptFees::of(&whole, on_cancel);
        }
        let rest = if taken.takes_all {
            nothing_left(&whole, kept.as_ref(), on_cancel)?
        } else {
            self.reckon_left(governing, (&taken.left, standing), kept.as_ref())?
        };
        difference(rest, &whole)
    }

    fn independent(
        &self,
        governing: &Governing<'_>,
        (taken, standing): (&Taken, Standing),
        charged: &Charged,
    ) -> Result<Reckoned, SettleError> {
        if !taken.takes_all {
            // What is left is only looked at, so a formula that has no value on it is nobody's fault.
            match self.reckon_left(governing, (&taken.left, standing), None) {
                Err(error) if !matches!(error, SettleError::Formula { .. }) => return Err(error),
                _ => {}
            }
        }
        let mut part = self.reckon(governing, &taken.part, Standing::Part)?;
        limit_to(&mut part, charged, governing.version.terms.on_cancel);
        self.close_again(governing, &taken.part, &mut part)?;
        for line in &mut part.lines {
            line.quantity = line.quantity.saturating_neg();
            line.figures = Figures::ZERO.checked_sub(&line.figures).map_err(out_of_range)?;
        }
        for user in &mut part.user {
            *user = user.checked_neg().ok_or(out_of_range(Figure::Settlement))?;
        }
        part.figures = Figures::ZERO.checked_sub(&part.figures).map_err(out_of_range)?;
        part.funders = FunderParts::default().minus(&part.funders).ok_or(FUNDERS_OUT_OF_RANGE)?;
        Ok(part)
    }
}

/// The figures of an order of which nothing is left but the fees that stay, of what was charged.
fn fees_that_stay(
    charged: Option<&Charged>,
    kept: Option<&KeptFees>,
    on_cancel: OnCancel,
) -> Result<Figures, SettleError> {
    let mut nothing = Reckoned::default();
    if let Some(kept) = kept {
        kept.put(&mut nothing, on_cancel);
    }
    let mut figures = nothing.figures;
    if let Some(charged) = charged {
        kept_fees(on_cancel).for_each(|fee| *figures.get_mut(fee) = charged.figures.get(fee));
    }
    figures.settlement = nothing_but_fees(&figures)?;
    Ok(figures)
}

/// What an order comes to of which nothing is left but the fees that stay.
fn nothing_left(
    whole: &Reckoned,
    kept: Option<&KeptFees>,
    on_cancel: OnCancel,
) -> Result<Reckoned, SettleError> {
    let lines = whole.lines.iter().map(|line| LineSettlement {
        product: line.product.clone(),
        quantity: 0,
        figures: Figures::ZERO,
    });
    let user = alloc::vec![Amount::ZERO; whole.user.len()];
    let mut nothing = Reckoned { user, lines: lines.collect(), ..Reckoned::default() };
    if let Some(kept) = kept {
        kept.put(&mut nothing, on_cancel);
        let lines = nothing.lines.iter_mut().map(|line| &mut line.figures);
        for figures in core::iter::once(&mut nothing.figures).chain(lines) {
            figures.settlement = nothing_but_fees(figures)?;
        }
    }
    Ok(nothing)
}

/// What changes from one state of an order to a later one. Both have the same lines in the same order, as a line without units stays
/// in its place.
pub(super) fn difference(mut after: Reckoned, before: &Reckoned) -> Result<Reckoned, SettleError> {
    for (line, before) in after.lines.iter_mut().zip(&before.lines) {
        line.quantity = line.quantity.saturating_sub(before.quantity);
        line.figures = line.figures.checked_sub(&before.figures).map_err(out_of_range)?;
    }
    for (user, before) in after.user.iter_mut().zip(&before.user) {
        *user = user.checked_sub(*before).ok_or(out_of_range(Figure::Settlement))?;
    }
    after.figures = after.figures.checked_sub(&before.figures).map_err(out_of_range)?;
    after.funders = after.funders.minus(&before.funders).ok_or(FUNDERS_OUT_OF_RANGE)?;
    Ok(after)
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

/// Limits every component that would come back to what is left of the charge, and those that stay to nothing.
pub(super) fn limit_to(part: &mut Reckoned, charged: &Charged, on_cancel: OnCancel) {
    for figure in LIMITED {
        limit(&mut part.figures, &mut part.lines, &charged.figures, figure);
    }
    part.funders = part.funders.at_most(&charged.funders);
    leave_out(part, on_cancel);
}

/// Adds to what was charged and has not come back, where that is kept.
pub(super) fn add_to(charged: &mut Option<Charged>, change: &Reckoned) -> Result<(), SettleError> {
    if let Some(Charged { figures, funders }) = charged {
        *figures = figures.checked_add(&change.figures).map_err(out_of_range)?;
        *funders = mem::take(funders).plus(&change.funders).ok_or(FUNDERS_OUT_OF_RANGE)?;
    }
    Ok(())
}

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
