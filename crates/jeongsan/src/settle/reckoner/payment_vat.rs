//! The VAT inside the payment.

use alloc::vec::Vec;

use crate::book::RoundingScope;
use crate::figures::{Figure, Figures};
use crate::id::ProductId;
use crate::money::Amount;
use crate::settle::{LineSettlement, SettleError};
use crate::trace::{Reason, Residue};

use super::{Reckoner, Result, add, subtract};

impl Reckoner<'_, '_, '_> {
    pub(super) fn vat_inside(&mut self, taxable: Amount, product: Option<&ProductId>) -> Result<Amount> {
        let amount = self.vat_of(taxable)?;
        let (vat, rounding) = (self.engine.vat, self.engine.rounding.vat);
        self.recorder.note(product, Figure::PaymentVat, amount, || Reason::VatInside {
            base: taxable,
            rate: vat.rate,
            rounding,
            residue: Residue::of(vat.contained, taxable, Amount::ZERO, amount),
        });
        Ok(amount)
    }

    pub(super) fn vat_of(&self, taxable: Amount) -> Result<Amount> {
        let vat = self.engine.vat.contained.of(taxable, self.engine.rounding.vat);
        vat.ok_or(SettleError::OutOfRange { figure: Figure::PaymentVat })
    }

    /// The part of the payment's VAT that is taken off the partner.
    pub(super) const fn burden(&self, vat: Amount) -> Amount {
        if self.terms.subtracts_payment_vat { vat } else { Amount::ZERO }
    }

    /// The VAT inside the payment, of the lines' own payments and of the order's.
    pub(super) fn share_payment_vat(
        &mut self,
        figures: &mut Figures,
        settled: &mut [LineSettlement],
        own_taxable: Amount,
    ) -> Result<()> {
        let mut weights = Vec::with_capacity(settled.len());
        for line in &*settled {
            weights.push(subtract(line.figures.payment, line.figures.payment_tax_free, Figure::Payment)?);
        }
        let taxable = subtract(figures.payment, figures.payment_tax_free, Figure::Payment)?;
        if self.engine.rounding.scope == RoundingScope::PerOrder {
            let own_vat = self.vat_of(own_taxable)?;
            let parts = self.shares(own_vat, &weights, settled, Figure::PaymentVat);
            for (line, part) in settled.iter_mut().zip(parts) {
                line.figures.payment_vat = part;
            }
            figures.payment_vat = self.vat_inside(taxable, None)?;
            return Ok(());
        }
        let mut vat = Amount::ZERO;
        for (line, taxable) in settled.iter_mut().zip(&weights) {
            line.figures.payment_vat = self.vat_inside(*taxable, Some(&line.product))?;
            vat = add(vat, line.figures.payment_vat, Figure::PaymentVat)?;
        }
        // What the order's own discounts take off each line changes the line's split, and so the order's VAT.
        let taken = subtract(own_taxable, taxable, Figure::Payment)?;
        if !taken.is_zero() {
            if weights.iter().all(|weight| weight.minor() <= 0) {
                // A cancelled part may return a discount without a line to lay it on: it is split by itself.
                let taken = taken.checked_neg().ok_or(SettleError::OutOfRange { figure: Figure::Payment })?;
                vat = add(vat, self.vat_of(taken)?, Figure::PaymentVat)?;
            } else {
                vat = Amount::ZERO;
                let parts = self.shares(taken, &weights, settled, Figure::Discount);
                for (weight, part) in weights.iter().zip(parts) {
                    let rest = subtract(*weight, part, Figure::Payment)?;
                    vat = add(vat, self.vat_of(rest)?, Figure::PaymentVat)?;
                }
            }
        }
        self.recorder.note(None, Figure::PaymentVat, vat, || Reason::Added);
        figures.payment_vat = vat;
        Ok(())
    }
}
