//! The figures of an order, by the default formulas.
//!
//! One pass over the order: what its discounts and additional fees come to (line by line, then the order's own), its platform
//! fee, the VAT inside its payment, and what is left for the partner.

use alloc::vec::Vec;

use crate::fee::{Fee, FeeBase, FeePart};
use crate::figures::{Figure, Figures};
use crate::id::{AdditionalFeePolicyId, ProductId};
use crate::money::{AllocationMethod, Amount, Rounding, allocate};
use crate::order::{Discount, Line, ORDER_LINES_MAX, Order, OrderDetail};
use crate::rate::Ratio;
use crate::trace::{Reason, Recorder, Residue, Source};

use super::engine::{Engine, Governing, Terms};
use super::{LineSettlement, SettleError};
use crate::book::RoundingScope;

type Result<T> = core::result::Result<T, SettleError>;

/// Reckons one order under the terms that govern it.
pub(super) struct Reckoner<'e, 'o, 't> {
    engine: &'e Engine,
    governing: &'o Governing<'e>,
    terms: &'e Terms,
    order: &'o Order,
    recorder: Recorder<'t>,
}

/// Where an item stands: on the order, or on a line.
#[derive(Clone, Copy)]
struct Place<'o> {
    line: Option<(usize, &'o ProductId)>,
}

impl<'o> Place<'o> {
    const ORDER: Self = Self { line: None };

    fn index(self) -> Option<usize> {
        self.line.map(|(index, _)| index)
    }

    fn product(self) -> Option<&'o ProductId> {
        self.line.map(|(_, product)| product)
    }
}

/// The amounts that a fee may be a rate of.
#[derive(Clone, Copy)]
struct Bases {
    order: Amount,
    payment: Amount,
    shipping: Amount,
}

impl Bases {
    const fn get(self, base: FeeBase) -> Amount {
        match base {
            FeeBase::Order => self.order,
            FeeBase::Payment => self.payment,
            FeeBase::Shipping => self.shipping,
        }
    }
}

fn add(a: Amount, b: Amount, figure: Figure) -> Result<Amount> {
    a.checked_add(b).ok_or(SettleError::OutOfRange { figure })
}

fn subtract(a: Amount, b: Amount, figure: Figure) -> Result<Amount> {
    a.checked_sub(b).ok_or(SettleError::OutOfRange { figure })
}

/// Looks for every policy that an order names.
pub(super) fn check_names(engine: &Engine, order: &Order) -> Result<()> {
    let lines: &[Line] = match &order.detail {
        OrderDetail::Amount(_) => &[],
        OrderDetail::Lines(lines) => lines,
    };
    let discounts = lines.iter().flat_map(|line| &line.discounts).chain(&order.discounts);
    for discount in discounts {
        engine.discount_share(&discount.policy, order.start_date)?;
    }
    let fees = lines.iter().flat_map(|line| &line.additional_fees).chain(&order.additional_fees);
    for policy in fees {
        engine.additional_fee(policy, order.start_date)?;
    }
    Ok(())
}

/// Looks at the form of an order's lines.
fn check_form(lines: &[Line]) -> Result<()> {
    if lines.is_empty() {
        return Err(SettleError::NoLines);
    }
    if lines.len() > ORDER_LINES_MAX {
        return Err(SettleError::TooManyLines { lines: lines.len() });
    }
    let duplicate = if lines.len() <= 8 {
        lines
            .iter()
            .enumerate()
            .find(|(place, line)| lines.iter().take(*place).any(|earlier| earlier.product == line.product))
    } else {
        let mut places: Vec<(usize, &Line)> = lines.iter().enumerate().collect();
        places.sort_by(|a, b| a.1.product.cmp(&b.1.product));
        // The sort is stable, so the second of a pair is the later line.
        let pairs = places.iter().zip(places.iter().skip(1));
        pairs.filter(|(a, b)| a.1.product == b.1.product).map(|(_, b)| *b).min_by_key(|(place, _)| *place)
    };
    match duplicate {
        Some((line, second)) => Err(SettleError::DuplicateProduct { product: second.product.clone(), line }),
        None => Ok(()),
    }
}

impl<'e, 'o, 't> Reckoner<'e, 'o, 't> {
    pub(super) fn new(
        engine: &'e Engine,
        governing: &'o Governing<'e>,
        order: &'o Order,
        recorder: Recorder<'t>,
    ) -> Self {
        Self { engine, governing, terms: &governing.version.terms, order, recorder }
    }

    /// The figures of the order and of its lines.
    pub(super) fn reckon(mut self) -> Result<(Figures, Vec<LineSettlement>)> {
        let reckoned = match &self.order.detail {
            OrderDetail::Amount(amount) => self.amount_form(*amount).map(|figures| (figures, Vec::new())),
            OrderDetail::Lines(lines) => self.line_form(lines),
        };
        // An unknown policy is told before a wrong amount, wherever they stand; only a refused order looks twice.
        reckoned.map_err(|error| match (check_names(self.engine, self.order), &self.order.detail) {
            (Err(unknown), _) => unknown,
            (Ok(()), OrderDetail::Lines(lines)) => check_form(lines).err().unwrap_or(error),
            (Ok(()), OrderDetail::Amount(_)) => error,
        })
    }

    fn amount_form(&mut self, amount: Amount) -> Result<Figures> {
        let order = self.order;
        let tax_free = order.tax_free.unwrap_or_default();
        let mut figures = Figures {
            order: Self::stated(amount, "order_amount", Place::ORDER)?,
            order_tax_free: Self::stated(tax_free, "tax_free_amount", Place::ORDER)?,
            ..Figures::ZERO
        };
        self.recorder.note(None, Figure::Order, amount, || Reason::Stated);
        self.add_discounts(&mut figures, &order.discounts, Place::ORDER)?;
        Self::close_payment(&mut figures, Place::ORDER)?;
        let bases = self.order_bases(&figures)?;
        self.add_additional_fees(&mut figures, &order.additional_fees, bases, Place::ORDER)?;
        figures.platform_fee = self.platform_fee(figures.order, Place::ORDER)?;
        figures.platform_fee_vat = self.platform_fee_vat(figures.platform_fee, Place::ORDER)?;
        let taxable = subtract(figures.payment, figures.payment_tax_free, Figure::Payment)?;
        figures.payment_vat = self.vat_inside(taxable, None)?;
        self.close_settlement(&mut figures, Place::ORDER)?;
        self.close_tax_free(&mut figures)?;
        Ok(figures)
    }

    fn line_form(&mut self, lines: &'o [Line]) -> Result<(Figures, Vec<LineSettlement>)> {
        check_form(lines)?;
        let order = self.order;
        let mut settled = self.line_items(lines)?;
        let mut figures = Figures::ZERO;
        for line in &settled {
            figures =
                figures.checked_add(&line.figures).map_err(|figure| SettleError::OutOfRange { figure })?;
        }
        self.recorder.note(None, Figure::Order, figures.order, || Reason::Added);
        let own_taxable = subtract(figures.payment, figures.payment_tax_free, Figure::Payment)?;
        self.add_discounts(&mut figures, &order.discounts, Place::ORDER)?;
        Self::close_payment(&mut figures, Place::ORDER)?;
        let bases = self.order_bases(&figures)?;
        self.add_additional_fees(&mut figures, &order.additional_fees, bases, Place::ORDER)?;
        self.share_platform_fee(&mut figures, &mut settled, lines)?;
        self.share_payment_vat(&mut figures, &mut settled, own_taxable)?;
        for (place, (line, settled)) in lines.iter().zip(&mut settled).enumerate() {
            self.close_settlement(&mut settled.figures, Place { line: Some((place, &line.product)) })?;
        }
        self.close_settlement(&mut figures, Place::ORDER)?;
        self.close_tax_free(&mut figures)?;
        self.share_settlement_tax_free(&figures, &mut settled)?;
        Ok((figures, settled))
    }

    /// Each line with its own order, discounts, payment and additional fees.
    fn line_items(&mut self, lines: &'o [Line]) -> Result<Vec<LineSettlement>> {
        let mut settled = Vec::with_capacity(lines.len());
        for (place, line) in lines.iter().enumerate() {
            let at = Place { line: Some((place, &line.product)) };
            if line.quantity == 0 {
                return Err(SettleError::ZeroQuantity { product: line.product.clone(), line: place });
            }
            let unit = Self::stated(line.unit_amount, "amount", at)?;
            let unit_tax_free = Self::stated(line.unit_tax_free, "tax_free_amount", at)?;
            let quantity = i64::from(line.quantity);
            let times = |amount: Amount, figure| {
                amount.checked_mul(quantity).ok_or(SettleError::OutOfRange { figure })
            };
            let figures = Figures {
                order: times(unit, Figure::Order)?,
                order_tax_free: times(unit_tax_free, Figure::OrderTaxFree)?,
                ..Figures::ZERO
            };
            settled.push(LineSettlement { product: line.product.clone(), quantity, figures });
        }
        self.replace_tax_free(&mut settled)?;
        for (place, (line, settled)) in lines.iter().zip(&mut settled).enumerate() {
            let at = Place { line: Some((place, &line.product)) };
            let figures = &mut settled.figures;
            self.recorder.note(at.product(), Figure::Order, figures.order, || Reason::Stated);
            self.add_discounts(figures, &line.discounts, at)?;
            Self::close_payment(figures, at)?;
            let bases = Bases { order: figures.order, payment: figures.payment, shipping: Amount::ZERO };
            self.add_additional_fees(figures, &line.additional_fees, bases, at)?;
        }
        Ok(settled)
    }

    /// A tax-free amount given on the order replaces the lines' own, in proportion to their amounts.
    fn replace_tax_free(&mut self, settled: &mut [LineSettlement]) -> Result<()> {
        let Some(tax_free) = self.order.tax_free else {
            return Ok(());
        };
        let tax_free = Self::stated(tax_free, "tax_free_amount", Place::ORDER)?;
        let weights: Vec<Amount> = settled.iter().map(|line| line.figures.order).collect();
        let parts = allocate(tax_free, &weights, AllocationMethod::LargestRemainder).map_err(|_| {
            SettleError::TaxFreeExceedsOrder {
                part: Figure::Order,
                tax_free,
                whole: Amount::ZERO,
                line: None,
            }
        })?;
        for (line, part) in settled.iter_mut().zip(parts) {
            line.figures.order_tax_free = part;
        }
        let order = weights.iter().try_fold(Amount::ZERO, |sum, weight| add(sum, *weight, Figure::Order))?;
        if tax_free > order {
            return Err(SettleError::TaxFreeExceedsOrder {
                part: Figure::Order,
                tax_free,
                whole: order,
                line: None,
            });
        }
        Ok(())
    }

    /// An amount that an event states and that can't be negative.
    fn stated(amount: Amount, field: &'static str, place: Place<'_>) -> Result<Amount> {
        if amount.is_negative() {
            return Err(SettleError::NegativeAmount { amount, field, line: place.index(), discount: None });
        }
        Ok(amount)
    }

    /// Adds the discounts that stand at a place, and the partner's share of each, rounded by itself.
    fn add_discounts(
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
            if discount.tax_free > discount.amount {
                return Err(SettleError::TaxFreeExceedsDiscount {
                    tax_free: discount.tax_free,
                    discount: discount.amount,
                    line: place.index(),
                    place: index,
                });
            }
            let share = self.discount_share(discount, discount.amount, Figure::DiscountShare, place)?;
            let share_tax_free = match discount.tax_free {
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

    fn discount_share(
        &mut self,
        discount: &Discount,
        base: Amount,
        figure: Figure,
        place: Place<'o>,
    ) -> Result<Amount> {
        let version = self.engine.discount_share(&discount.policy, self.order.start_date)?;
        let rounding = self.engine.rounding.discount_share;
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

    /// Takes the discounts off the order, and sees that no part exceeds its whole.
    fn close_payment(figures: &mut Figures, place: Place<'_>) -> Result<()> {
        let line = place.index();
        let exceeds =
            |part, tax_free, whole| SettleError::TaxFreeExceedsOrder { part, tax_free, whole, line };
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
        figures.payment = subtract(figures.order, figures.discount, Figure::Payment)?;
        figures.payment_tax_free =
            subtract(figures.order_tax_free, figures.discount_tax_free, Figure::PaymentTaxFree)?;
        if figures.payment_tax_free > figures.payment {
            return Err(exceeds(Figure::Payment, figures.payment_tax_free, figures.payment));
        }
        Ok(())
    }

    fn order_bases(&self, figures: &Figures) -> Result<Bases> {
        let shipping = Self::stated(self.order.shipping, "shipping_amount", Place::ORDER)?;
        Ok(Bases { order: figures.order, payment: figures.payment, shipping })
    }

    /// Adds the additional fees that stand at a place, each with its VAT.
    fn add_additional_fees(
        &mut self,
        figures: &mut Figures,
        policies: &[AdditionalFeePolicyId],
        bases: Bases,
        place: Place<'o>,
    ) -> Result<()> {
        for policy in policies {
            let version = self.engine.additional_fee(policy, self.order.start_date)?;
            let terms = &version.terms;
            let source = || Source::AdditionalFee(policy.clone(), version.applies_from);
            let rounding = self.engine.rounding.additional_fee;
            let base = bases.get(terms.base);
            let fee = self.charge(&terms.fee, base, rounding, (Figure::AdditionalFee, place), source)?;
            figures.additional_fee = add(figures.additional_fee, fee, Figure::AdditionalFee)?;
            if terms.adds_vat {
                let vat = self.vat_on(fee, Figure::AdditionalFeeVat, place)?;
                figures.additional_fee_vat = add(figures.additional_fee_vat, vat, Figure::AdditionalFeeVat)?;
            }
        }
        Ok(())
    }

    fn charge(
        &mut self,
        fee: &Fee,
        base: Amount,
        rounding: Rounding,
        (figure, place): (Figure, Place<'o>),
        source: impl FnOnce() -> Source,
    ) -> Result<Amount> {
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

    fn platform_fee(&mut self, base: Amount, place: Place<'o>) -> Result<Amount> {
        let governing = self.governing;
        let source = || Source::Contract(governing.contract.clone(), governing.version.applies_from);
        let rounding = self.engine.rounding.platform_fee;
        self.charge(&self.terms.platform_fee, base, rounding, (Figure::PlatformFee, place), source)
    }

    fn platform_fee_vat(&mut self, fee: Amount, place: Place<'o>) -> Result<Amount> {
        if self.terms.adds_fee_vat {
            self.vat_on(fee, Figure::PlatformFeeVat, place)
        } else {
            Ok(Amount::ZERO)
        }
    }

    fn vat_on(&mut self, fee: Amount, figure: Figure, place: Place<'o>) -> Result<Amount> {
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

    fn vat_inside(&mut self, taxable: Amount, product: Option<&ProductId>) -> Result<Amount> {
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

    fn vat_of(&self, taxable: Amount) -> Result<Amount> {
        let vat = self.engine.vat.contained.of(taxable, self.engine.rounding.vat);
        vat.ok_or(SettleError::OutOfRange { figure: Figure::PaymentVat })
    }

    /// The platform fee and its VAT: of each line, or of the order and then shared over the lines.
    fn share_platform_fee(
        &mut self,
        figures: &mut Figures,
        settled: &mut [LineSettlement],
        lines: &'o [Line],
    ) -> Result<()> {
        if self.engine.rounding.scope == RoundingScope::PerLine {
            for (place, (line, settled)) in lines.iter().zip(settled).enumerate() {
                let at = Place { line: Some((place, &line.product)) };
                let fee = self.platform_fee(settled.figures.order, at)?;
                let vat = self.platform_fee_vat(fee, at)?;
                settled.figures.platform_fee = fee;
                settled.figures.platform_fee_vat = vat;
                figures.platform_fee = add(figures.platform_fee, fee, Figure::PlatformFee)?;
                figures.platform_fee_vat = add(figures.platform_fee_vat, vat, Figure::PlatformFeeVat)?;
            }
            return Ok(());
        }
        figures.platform_fee = self.platform_fee(figures.order, Place::ORDER)?;
        figures.platform_fee_vat = self.platform_fee_vat(figures.platform_fee, Place::ORDER)?;
        let weights: Vec<Amount> = settled.iter().map(|line| line.figures.order).collect();
        let fees = self.shares(figures.platform_fee, &weights, settled, Figure::PlatformFee);
        let vats = self.shares(figures.platform_fee_vat, &weights, settled, Figure::PlatformFeeVat);
        for ((line, fee), vat) in settled.iter_mut().zip(fees).zip(vats) {
            line.figures.platform_fee = fee;
            line.figures.platform_fee_vat = vat;
        }
        Ok(())
    }

    /// The VAT inside the payment, of the lines' own payments and of the order's.
    fn share_payment_vat(
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
            vat = Amount::ZERO;
            let parts = self.shares(taken, &weights, settled, Figure::Discount);
            for (weight, part) in weights.iter().zip(parts) {
                let rest = subtract(*weight, part, Figure::Payment)?;
                vat = add(vat, self.vat_of(rest)?, Figure::PaymentVat)?;
            }
        }
        self.recorder.note(None, Figure::PaymentVat, vat, || Reason::Added);
        figures.payment_vat = vat;
        Ok(())
    }

    /// The lines' parts of an amount by largest remainder; all zero where there is no weight, and the amount stays at the order.
    fn shares(
        &mut self,
        amount: Amount,
        weights: &[Amount],
        settled: &[LineSettlement],
        figure: Figure,
    ) -> Vec<Amount> {
        let parts = allocate(amount, weights, AllocationMethod::LargestRemainder)
            .unwrap_or_else(|_| alloc::vec![Amount::ZERO; weights.len()]);
        for ((line, part), weight) in settled.iter().zip(&parts).zip(weights) {
            let reason = || Reason::Allocated { total: amount, weight: *weight };
            self.recorder.note(Some(&line.product), figure, *part, reason);
        }
        parts
    }

    /// Supply value, VAT burden and what is left for the partner.
    fn close_settlement(&mut self, figures: &mut Figures, place: Place<'o>) -> Result<()> {
        let taxable = subtract(figures.payment, figures.payment_tax_free, Figure::Payment)?;
        figures.payment_supply = subtract(taxable, figures.payment_vat, Figure::PaymentSupply)?;
        if self.terms.subtracts_payment_vat {
            figures.payment_vat_burden = figures.payment_vat;
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
        Ok(())
    }

    /// The tax-free part of the settlement, once, on the order's totals.
    fn close_tax_free(&mut self, figures: &mut Figures) -> Result<()> {
        // Without a tax-free part of the order there is none of the discounts either.
        if figures.order_tax_free.is_zero() || figures.order.is_zero() {
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

    fn share_settlement_tax_free(&mut self, figures: &Figures, settled: &mut [LineSettlement]) -> Result<()> {
        if figures.settlement_tax_free.is_zero() {
            return Ok(());
        }
        let weights: Vec<Amount> = settled.iter().map(|line| line.figures.order_tax_free).collect();
        let parts = self.shares(figures.settlement_tax_free, &weights, settled, Figure::SettlementTaxFree);
        for (line, part) in settled.iter_mut().zip(parts) {
            line.figures.settlement_tax_free = part;
        }
        Ok(())
    }
}
