//! What is left for the partner, and the tax-free part of it.

use alloc::vec::Vec;

use crate::figures::{Figure, Figures};
use crate::money::Amount;
use crate::settle::{LineSettlement, SettleError};
use crate::trace::Reason;

use super::{Place, Reckoner, Result, subtract};

impl<'o> Reckoner<'_, 'o, '_> {
    /// Supply value and what is left for the partner.
    pub(super) fn close_settlement(&mut self, figures: &mut Figures, place: Place<'o>) -> Result<()> {
        let taxable = subtract(figures.payment, figures.payment_tax_free, Figure::Payment)?;
        figures.payment_supply = subtract(taxable, figures.payment_vat, Figure::PaymentSupply)?;
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
        Ok(())
    }

    /// The tax-free part of the settlement, once, on the order's totals.
    pub(super) fn close_tax_free(&mut self, figures: &mut Figures) -> Result<()> {
        // Most orders have no tax-free part; what a cancellation takes may have one of its discounts alone.
        let has_tax_free = !figures.order_tax_free.is_zero() || !figures.discount_share_tax_free.is_zero();
        if !has_tax_free || figures.order.is_zero() {
            return Ok(());
        }
        let rounding = self.engine.rounding.settlement;
        let wide = |amount: Amount| i128::from(amount.minor());
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
