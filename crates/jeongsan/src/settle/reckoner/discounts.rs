//! Discounts, the partner's share of them, and the payment they leave.

use crate::figures::{Figure, Figures};
use crate::formula::{Variable, Variables};
use crate::funding::{self, Funding, Party};
use crate::money::Amount;
use crate::order::Discount;
use crate::settle::SettleError;
use crate::trace::{Reason, Residue, Source};

use super::{Place, Reckoner, Result, Standing, add, subtract};

impl<'o> Reckoner<'_, 'o, '_> {
    /// Adds the discounts that stand at a place, and the partner's share of each, rounded by itself.
    pub(super) fn add_discounts(
        &mut self,
        figures: &mut Figures,
        discounts: &[Discount],
        place: Place<'o>,
    ) -> Result<()> {
        for (index, discount) in discounts.iter().enumerate() {
            let negative = |amount, field| SettleError::NegativeAmount {
                amount,
                field,
                line: place.index(),
                discount: Some(index),
            };
            if discount.amount.is_negative() {
                return Err(negative(discount.amount, "amount"));
            }
            if discount.tax_free.is_negative() {
                return Err(negative(discount.tax_free, "tax_free_amount"));
            }
            if discount.tax_free > discount.amount && self.standing != Standing::Part {
                return Err(SettleError::TaxFreeExceedsDiscount {
                    tax_free: discount.tax_free,
                    discount: discount.amount,
                    line: place.index(),
                    place: index,
                });
            }
            let share = self.discount_share(discount, discount.amount, Figure::DiscountShare, place)?;
            let share_tax_free = match discount.tax_free {
                // Without a tax-free part there is no share of one, even where a formula has a constant.
                Amount::ZERO => Amount::ZERO,
                tax_free => self.discount_share(discount, tax_free, Figure::DiscountShareTaxFree, place)?,
            };
            figures.discount = add(figures.discount, discount.amount, Figure::Discount)?;
            figures.discount_tax_free =
                add(figures.discount_tax_free, discount.tax_free, Figure::DiscountTaxFree)?;
            figures.discount_share = add(figures.discount_share, share, Figure::DiscountShare)?;
            figures.discount_share_tax_free =
                add(figures.discount_share_tax_free, share_tax_free, Figure::DiscountShareTaxFree)?;
        }
        Ok(())
    }

    pub(super) fn discount_share(
        &mut self,
        discount: &Discount,
        base: Amount,
        figure: Figure,
        place: Place<'o>,
    ) -> Result<Amount> {
        let version = self.engine.discount_share(&discount.policy, self.order.start_date)?;
        let rounding = self.engine.rounding.discount_share;
        let formulas = self.formulas;
        if let Some(formula) = &formulas.discount_share {
            let mut inputs = Variables::new();
            inputs.set(Variable::DiscountAmount, base);
            inputs.set(Variable::FixedRate, version.terms.rate);
            return self.by_formula(formula, (&inputs, &[]), rounding, (figure, place));
        }
        if let Some(funding) = &version.terms.funding {
            let source = Source::DiscountShare(discount.policy.clone(), version.applies_from);
            return self.funded(funding, source, base, (figure, place));
        }
        let ratio = version.terms.ratio;
        let share = ratio.of(base, rounding).ok_or(SettleError::OutOfRange { figure })?;
        self.recorder.note(place.product(), figure, share, || Reason::Rated {
            source: Source::DiscountShare(discount.policy.clone(), version.applies_from),
            base,
            rate: version.terms.rate,
            fixed: Amount::ZERO,
            rounding,
            residue: Residue::of(ratio, base, Amount::ZERO, share),
            bound: None,
        });
        Ok(share)
    }

    /// The partner's part of a discount, or of its tax-free part; those of others are kept aside, and theirs have no tax-free part.
    fn funded(
        &mut self,
        funding: &Funding,
        source: Source,
        discount: Amount,
        (figure, place): (Figure, Place<'o>),
    ) -> Result<Amount> {
        let rounding = self.engine.rounding.discount_share;
        let out_of_range = SettleError::OutOfRange { figure };
        let parts = funding.split(discount, rounding).ok_or(out_of_range.clone())?;
        let mut own = Amount::ZERO;
        for (funder, part) in funding.funders().iter().zip(&parts) {
            match funder.party() {
                Party::Partner => own = *part,
                Party::Other(id) if figure == Figure::DiscountShare => {
                    self.funders.add(id, *part).ok_or(out_of_range.clone())?;
                }
                Party::Other(_) => {}
            }
        }
        let parts = || funding::shown(funding, discount, &parts);
        self.recorder.note(place.product(), figure, own, || Reason::Funded {
            source,
            discount,
            parts: parts(),
            rounding,
        });
        Ok(own)
    }

    /// Takes the discounts off the order, and sees that no part exceeds its whole.
    pub(super) fn close_payment(&self, figures: &mut Figures, place: Place<'_>) -> Result<()> {
        let line = place.index();
        let exceeds =
            |part, tax_free, whole| SettleError::TaxFreeExceedsOrder { part, tax_free, whole, line };
        figures.payment = subtract(figures.order, figures.discount, Figure::Payment)?;
        figures.payment_tax_free =
            subtract(figures.order_tax_free, figures.discount_tax_free, Figure::PaymentTaxFree)?;
        if self.standing == Standing::Part {
            return Ok(());
        }
        if figures.order_tax_free > figures.order {
            return Err(exceeds(Figure::Order, figures.order_tax_free, figures.order));
        }
        if figures.discount > figures.order {
            let (discount, order) = (figures.discount, figures.order);
            return Err(SettleError::DiscountExceedsOrder { discount, order, line });
        }
        if figures.discount_tax_free > figures.order_tax_free {
            return Err(exceeds(Figure::Discount, figures.discount_tax_free, figures.order_tax_free));
        }
        if figures.payment_tax_free > figures.payment {
            return Err(exceeds(Figure::Payment, figures.payment_tax_free, figures.payment));
        }
        Ok(())
    }
}
