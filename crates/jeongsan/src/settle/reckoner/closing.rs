//! What is left for the partner, and the tax-free part of it.

use alloc::vec::Vec;

use crate::figures::{Figure, Figures};
use crate::formula::{Value, Variable};
use crate::money::Amount;
use crate::settle::{LineSettlement, SettleError};
use crate::trace::Reason;

use super::formulas::variables;
use super::{Place, Reckoner, Result, subtract};

impl<'o> Reckoner<'_, 'o, '_> {
    /// Supply value, the merchant's own figures, and what is left for the partner; gives the merchant's own figures.
    pub(super) fn close_order(&mut self, figures: &mut Figures) -> Result<Vec<Amount>> {
        let user = self.user_formulas(figures)?;
        self.close_settlement(figures, &user, Place::ORDER)?;
        Ok(user)
    }

    /// Supply value and what is left for the partner, with no more of the merchant's own figures than that needs.
    pub(super) fn close_line(&mut self, figures: &mut Figures, place: Place<'o>) -> Result<()> {
        let user = self.user_formulas_of_line(figures)?;
        self.close_settlement(figures, &user, place)
    }

    fn close_settlement(&mut self, figures: &mut Figures, user: &[Amount], place: Place<'o>) -> Result<()> {
        let taxable = subtract(figures.payment, figures.payment_tax_free, Figure::Payment)?;
        figures.payment_supply = subtract(taxable, figures.payment_vat, Figure::PaymentSupply)?;
        let formulas = self.formulas;
        if let Some(formula) = &formulas.settlement {
            let rounding = self.engine.rounding.settlement;
            let inputs = variables(figures);
            figures.settlement =
                self.by_formula(formula, (&inputs, user), rounding, (Figure::Settlement, place))?;
            return Ok(());
        }
        let taken = [
            figures.payment_vat_burden,
            figures.platform_fee,
            figures.platform_fee_vat,
            figures.additional_fee,
            figures.additional_fee_vat,
            figures.discount_share,
        ];
        let mut left = figures.order;
        for amount in taken {
            left = subtract(left, amount, Figure::Settlement)?;
        }
        figures.settlement = left;
        self.recorder.note(place.product(), Figure::Settlement, left, || Reason::Left);
        match figures.identity_difference() {
            0 => Ok(()),
            difference => Err(SettleError::IdentityBroken { difference }),
        }
    }

    /// The tax-free part of the settlement, once, on the order's totals.
    pub(super) fn close_tax_free(&mut self, figures: &mut Figures, user: &[Amount]) -> Result<()> {
        if figures.order.is_zero() {
            return Ok(());
        }
        let rounding = self.engine.rounding.settlement;
        let wide = |amount: Amount| i128::from(amount.minor());
        let formulas = self.formulas;
        if let Some(formula) = &formulas.settlement_tax_free {
            let mut inputs = variables(figures);
            if let Some(ratio) = Value::fraction(wide(figures.order_tax_free), wide(figures.order)) {
                inputs.set(Variable::OrderTaxFreeRatio, ratio);
            }
            let at = (Figure::SettlementTaxFree, Place::ORDER);
            figures.settlement_tax_free = self.by_formula(formula, (&inputs, user), rounding, at)?;
            return Ok(());
        }
        // Most orders have no tax-free part; what a cancellation takes may have one of its discounts alone.
        if figures.order_tax_free.is_zero() && figures.discount_share_tax_free.is_zero() {
            return Ok(());
        }
        let exact = wide(figures.settlement)
            .checked_add(wide(figures.discount_share))
            .and_then(|gross| gross.checked_mul(wide(figures.order_tax_free)))
            .and_then(|top| {
                top.checked_sub(wide(figures.discount_share_tax_free).checked_mul(wide(figures.order))?)
            })
            .and_then(|top| rounding.divide(top, wide(figures.order)))
            .and_then(|minor| i64::try_from(minor).ok());
        let minor = exact.ok_or(SettleError::OutOfRange { figure: Figure::SettlementTaxFree })?;
        figures.settlement_tax_free = Amount::new(minor);
        self.recorder.note(None, Figure::SettlementTaxFree, figures.settlement_tax_free, || {
            Reason::TaxFreePart { tax_free: figures.order_tax_free, order: figures.order, rounding }
        });
        Ok(())
    }

    pub(super) fn share_settlement_tax_free(
        &mut self,
        figures: &Figures,
        settled: &mut [LineSettlement],
    ) -> Result<()> {
        let weights: Vec<Amount> = settled.iter().map(|line| line.figures.order_tax_free).collect();
        let parts = self.shares(figures.settlement_tax_free, &weights, settled, Figure::SettlementTaxFree);
        for (line, part) in settled.iter_mut().zip(parts) {
            line.figures.settlement_tax_free = part;
        }
        Ok(())
    }
}
