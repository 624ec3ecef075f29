//! The platform fee and additional fees, each with its VAT.

use alloc::vec::Vec;

use crate::book::RoundingScope;
use crate::fee::{Circumstances, Fee, FeeBase, FeePart, FeeRule, TierMeasure, TierMode, TieredFee, VatPayer};
use crate::figures::{Figure, Figures};
use crate::formula::{Formula, Variable};
use crate::id::AdditionalFeePolicyId;
use crate::money::{Amount, Rounding};
use crate::order::Line;
use crate::rate::Ratio;
use crate::sales::SalesMonth;
use crate::settle::{LineSettlement, SettleError};
use crate::trace::{Reason, Residue, Source};

use super::formulas::variables;
use super::{Place, Reckoner, Result, add, subtract};

/// What is charged, on what, and where.
pub(super) struct Charge<'r, 'o> {
    rule: &'r FeeRule,
    /// The formula that takes the place of rate and fixed part, if the book has one of its own.
    formula: Option<&'r Formula>,
    /// The figures that such a formula sees.
    block: &'r Figures,
    payer: VatPayer,
    base: Amount,
    rounding: Rounding,
    /// The fee's figure and its VAT's.
    figures: (Figure, Figure),
    /// The line whose attributes come first.
    line: Option<&'o Line>,
}

/// What a fee on some figures is a rate of.
fn base(base: FeeBase, block: &Figures, shipping: Amount) -> Result<Amount> {
    match base {
        FeeBase::Order => Ok(block.order),
        FeeBase::Payment => Ok(block.payment),
        FeeBase::AfterDiscount => subtract(block.order, block.discount_share, Figure::DiscountShare),
        FeeBase::Shipping => Ok(shipping),
    }
}

impl<'o> Reckoner<'_, 'o, '_> {
    /// Adds the additional fees that stand at a place, each with its VAT.
    pub(super) fn add_additional_fees(
        &mut self,
        figures: &mut Figures,
        (policies, line): (&[AdditionalFeePolicyId], Option<&'o Line>),
        shipping: Amount,
        place: Place<'o>,
    ) -> Result<()> {
        let shipping = Self::stated(shipping, "shipping_amount", place)?;
        // None of them sees another.
        let before = *figures;
        for policy in policies {
            let version = self.engine.additional_fee(policy, self.order.start_date)?;
            let terms = &version.terms;
            let charge = Charge {
                rule: &terms.fee,
                formula: self.formulas.additional_fee.as_ref(),
                block: &before,
                payer: terms.vat_payer,
                base: base(terms.base, &before, shipping)?,
                rounding: terms.rounding,
                figures: (Figure::AdditionalFee, Figure::AdditionalFeeVat),
                line,
            };
            let source = || Source::AdditionalFee(policy.clone(), version.applies_from);
            let (fee, vat) = self.charge(&charge, place, source)?;
            figures.additional_fee = add(figures.additional_fee, fee, Figure::AdditionalFee)?;
            figures.additional_fee_vat = add(figures.additional_fee_vat, vat, Figure::AdditionalFeeVat)?;
        }
        Ok(())
    }

    /// Adds each line's additional fees to the line and to the order.
    pub(super) fn add_line_fees(
        &mut self,
        figures: &mut Figures,
        settled: &mut [LineSettlement],
        lines: &'o [Line],
    ) -> Result<()> {
        for (place, (line, settled)) in lines.iter().zip(settled).enumerate() {
            if line.quantity == 0 {
                continue;
            }
            let at = Place { line: Some((place, &line.product)) };
            let own = &mut settled.figures;
            self.add_additional_fees(own, (&line.additional_fees, Some(line)), Amount::ZERO, at)?;
            figures.additional_fee = add(figures.additional_fee, own.additional_fee, Figure::AdditionalFee)?;
            figures.additional_fee_vat =
                add(figures.additional_fee_vat, own.additional_fee_vat, Figure::AdditionalFeeVat)?;
        }
        Ok(())
    }

    /// The contract's fee on some figures, less a part of the base that discounts beside them take off, and its VAT.
    pub(super) fn platform_fee(
        &mut self,
        (block, taken): (&Figures, Amount),
        line: Option<&'o Line>,
        place: Place<'o>,
    ) -> Result<(Amount, Amount)> {
        let governing = self.governing;
        let charge = Charge {
            rule: governing.platform_fee,
            formula: self.formulas.platform_fee.as_ref(),
            block,
            payer: self.terms.platform_fee_vat_payer,
            base: subtract(self.platform_base(block)?, taken, Figure::Discount)?,
            rounding: self.engine.rounding.platform_fee,
            figures: (Figure::PlatformFee, Figure::PlatformFeeVat),
            line,
        };
        let source = || Source::Contract(governing.contract.clone(), governing.version.applies_from);
        self.charge(&charge, place, source)
    }

    /// What the contract's fee is a rate of.
    fn platform_base(&self, block: &Figures) -> Result<Amount> {
        base(self.terms.platform_fee_base, block, Amount::ZERO)
    }

    /// What the discounts on the order as a whole take off each line's base, by largest remainder; nothing where no line has a base.
    fn taken_of_bases(
        &mut self,
        figures: &Figures,
        settled: &[LineSettlement],
    ) -> Result<Option<Vec<Amount>>> {
        if self.terms.platform_fee_base == FeeBase::Order || self.order.discounts.is_empty() {
            return Ok(None);
        }
        let (mut sum, mut bases) = (Amount::ZERO, Vec::with_capacity(settled.len()));
        for line in settled {
            let base = self.platform_base(&line.figures)?;
            sum = add(sum, base, Figure::PlatformFee)?;
            bases.push(base);
        }
        let taken = subtract(sum, self.platform_base(figures)?, Figure::Discount)?;
        Ok(Some(self.shares(taken, &bases, settled, Figure::Discount)))
    }

    /// A fee by the rule that applies, and its VAT as far as the partner bears it.
    pub(super) fn charge(
        &mut self,
        charge: &Charge<'_, 'o>,
        place: Place<'o>,
        source: impl FnOnce() -> Source,
    ) -> Result<(Amount, Amount)> {
        let (figure, vat_figure) = charge.figures;
        let (amount, terms) = match self.applying(charge) {
            TieredFee::Flat(fee) => (self.charge_flat(fee, charge, place, source)?, fee),
            TieredFee::Tiered { tiers, bounds } => {
                let volume = self.volume(tiers.measure())?;
                let amount = match tiers.mode() {
                    TierMode::Whole => {
                        let fee = bounds.at_rate(tiers.rate_at(volume));
                        self.charge_flat(&fee, charge, place, source)?
                    }
                    TierMode::Marginal => {
                        let sliced = tiers.charge(volume, charge.base, charge.rounding);
                        let amount = bounds.bound_signed(sliced.ok_or(SettleError::OutOfRange { figure })?);
                        self.recorder.note(place.product(), figure, amount, || Reason::Sliced {
                            source: source(),
                            volume,
                            base: charge.base,
                            rounding: charge.rounding,
                        });
                        amount
                    }
                };
                (amount, bounds)
            }
        };
        let vat =
            if terms.adds_vat(charge.payer) { self.vat_on(amount, vat_figure, place)? } else { Amount::ZERO };
        Ok((amount, vat))
    }

    fn volume(&self, measure: TierMeasure) -> Result<Amount> {
        let sales = self.order.sales.unwrap_or_default();
        let month = SalesMonth::of(self.order.start_date);
        let (sales, month) = match measure {
            TierMeasure::Given => return self.order.volume.ok_or(SettleError::MissingVolume { measure }),
            TierMeasure::PreviousMonthSales => (sales.previous_month, month.previous()),
            TierMeasure::MonthToDateSales => (sales.month_to_date, month),
        };
        sales.ok_or_else(|| SettleError::MissingSales { partner: self.order.partner.clone(), month })
    }

    /// The entry of a fee rule that applies here.
    pub(super) fn applying<'r>(&self, charge: &Charge<'r, 'o>) -> &'r TieredFee {
        if charge.rule.entries().is_empty() {
            return charge.rule.otherwise();
        }
        let circumstances = Circumstances {
            attributes: [
                charge.line.map(|line| &line.attributes),
                Some(&self.order.attributes),
                Some(&self.governing.partner.properties),
            ],
            date: self.order.start_date,
            joined_on: self.governing.partner.joined_on,
            tenure_counting: self.engine.tenure_counting,
            paid_at: self.order.paid_at,
            time_zone: self.engine.time_zone,
            grades: &self.governing.partner.grades,
        };
        charge.rule.apply(&circumstances)
    }

    pub(super) fn charge_flat(
        &mut self,
        fee: &Fee,
        charge: &Charge<'_, 'o>,
        place: Place<'o>,
        source: impl FnOnce() -> Source,
    ) -> Result<Amount> {
        let (figure, _) = charge.figures;
        let (base, rounding) = (charge.base, charge.rounding);
        if let Some(formula) = charge.formula {
            let mut inputs = variables(charge.block);
            inputs.set(Variable::FixedRate, fee.rate());
            inputs.set(Variable::FixedAmount, fee.fixed());
            let amount = self.by_formula(formula, (&inputs, &[]), rounding, (figure, place))?;
            return Ok(fee.bound(amount));
        }
        let charged = fee.charge(base, rounding).ok_or(SettleError::OutOfRange { figure })?;
        self.recorder.note(place.product(), figure, charged, || {
            let ratio = Ratio::new(fee.rate());
            let rounded = ratio.of_plus(base, fee.fixed(), rounding).unwrap_or(charged);
            let bound = if charged > rounded { FeePart::Min } else { FeePart::Max };
            Reason::Rated {
                source: source(),
                base,
                rate: fee.rate(),
                fixed: fee.fixed(),
                rounding,
                residue: Residue::of(ratio, base, fee.fixed(), rounded),
                bound: (charged != rounded).then_some(bound),
            }
        });
        Ok(charged)
    }

    pub(super) fn vat_on(&mut self, fee: Amount, figure: Figure, place: Place<'o>) -> Result<Amount> {
        let (vat, rounding) = (self.engine.vat, self.engine.rounding.vat);
        let amount = vat.added.of(fee, rounding).ok_or(SettleError::OutOfRange { figure })?;
        self.recorder.note(place.product(), figure, amount, || Reason::Rated {
            source: Source::Vat,
            base: fee,
            rate: vat.rate,
            fixed: Amount::ZERO,
            rounding,
            residue: Residue::of(vat.added, fee, Amount::ZERO, amount),
            bound: None,
        });
        Ok(amount)
    }

    /// The platform fee and its VAT: of each line, or of the order and then shared over the lines.
    pub(super) fn share_platform_fee(
        &mut self,
        figures: &mut Figures,
        settled: &mut [LineSettlement],
        lines: &'o [Line],
    ) -> Result<()> {
        if self.engine.rounding.scope == RoundingScope::PerLine {
            let taken = self.taken_of_bases(figures, settled)?;
            for (place, (line, settled)) in lines.iter().zip(settled).enumerate() {
                if line.quantity == 0 {
                    continue;
                }
                let at = Place { line: Some((place, &line.product)) };
                let taken = taken.as_ref().and_then(|taken| taken.get(place)).copied().unwrap_or_default();
                let (fee, vat) = self.platform_fee((&settled.figures, taken), Some(line), at)?;
                settled.figures.platform_fee = fee;
                settled.figures.platform_fee_vat = vat;
                figures.platform_fee = add(figures.platform_fee, fee, Figure::PlatformFee)?;
                figures.platform_fee_vat = add(figures.platform_fee_vat, vat, Figure::PlatformFeeVat)?;
            }
            return Ok(());
        }
        (figures.platform_fee, figures.platform_fee_vat) =
            self.platform_fee((figures, Amount::ZERO), None, Place::ORDER)?;
        let weights: Vec<Amount> = settled.iter().map(|line| line.figures.order).collect();
        let fees = self.shares(figures.platform_fee, &weights, settled, Figure::PlatformFee);
        let vats = self.shares(figures.platform_fee_vat, &weights, settled, Figure::PlatformFeeVat);
        for ((line, fee), vat) in settled.iter_mut().zip(fees).zip(vats) {
            line.figures.platform_fee = fee;
            line.figures.platform_fee_vat = vat;
        }
        Ok(())
    }
}
