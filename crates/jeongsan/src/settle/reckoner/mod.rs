//! The figures of an order.
//!
//! One pass over the order, line by line and then as a whole: discounts and the partner's share of them, the VAT inside the payment, the
//! platform fee, additional fees, the merchant's own figures, what is left for the partner and the tax-free part of it. The default
//! formulas are built in; a formula of the book's own takes the place of one of them.

mod closing;
mod discounts;
mod fees;
mod form;
mod formulas;
mod payment_vat;

use alloc::vec::Vec;
use core::mem;

use crate::figures::{Figure, Figures};
use crate::formula::Value;
use crate::funding::FunderParts;
use crate::id::ProductId;
use crate::money::{AllocationMethod, Amount, allocate};
use crate::order::{Line, Order, OrderDetail};
use crate::trace::{Reason, Recorder};

use super::engine::{Engine, Governing, OwnFormulas, Terms};
use super::{LineSettlement, SettleError};
use form::check_form;
pub(super) use form::check_names;
use formulas::overridden;

type Result<T> = core::result::Result<T, SettleError>;

/// What an order is to the reckoner.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Standing {
    /// An order as it came: every line has units, no part exceeds its whole.
    Whole,
    /// What a cancellation left: a line without units is out, no part exceeds its whole.
    Left,
    /// What a cancellation took: its discounts may be more than its amount.
    Part,
}

/// Reckons one order under the terms that govern it.
pub(super) struct Reckoner<'e, 'o, 't> {
    engine: &'e Engine,
    governing: &'o Governing<'e>,
    terms: &'e Terms,
    formulas: &'e OwnFormulas,
    order: &'o Order,
    standing: Standing,
    /// The parameters, where the order overrides some.
    overridden: Option<Vec<Value>>,
    /// What others than partner and merchant bear of the discounts so far.
    funders: FunderParts,
    recorder: Recorder<'t>,
}

/// What an order comes to.
#[derive(Clone, Default)]
pub(super) struct Reckoned {
    pub(super) figures: Figures,
    /// What others than partner and merchant bear of the discounts.
    pub(super) funders: FunderParts,
    /// The merchant's own figures, in the order of their formulas.
    pub(super) user: Vec<Amount>,
    pub(super) lines: Vec<LineSettlement>,
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

fn add(a: Amount, b: Amount, figure: Figure) -> Result<Amount> {
    a.checked_add(b).ok_or(SettleError::OutOfRange { figure })
}

fn subtract(a: Amount, b: Amount, figure: Figure) -> Result<Amount> {
    a.checked_sub(b).ok_or(SettleError::OutOfRange { figure })
}

/// The settlement of an order or a line of which nothing is left but fees that stay: they are taken off, by no formula.
pub(super) fn nothing_but_fees(figures: &Figures) -> Result<Amount> {
    let figures = Figures { settlement: Amount::ZERO, ..*figures };
    let left = i64::try_from(figures.identity_difference()).ok().and_then(i64::checked_neg);
    left.map(Amount::new).ok_or(SettleError::OutOfRange { figure: Figure::Settlement })
}

impl<'e, 'o, 't> Reckoner<'e, 'o, 't> {
    pub(super) fn new(
        engine: &'e Engine,
        governing: &'o Governing<'e>,
        order: &'o Order,
        standing: Standing,
        recorder: Recorder<'t>,
    ) -> Self {
        Self {
            engine,
            governing,
            terms: &governing.version.terms,
            formulas: governing.formulas,
            order,
            standing,
            overridden: None,
            funders: FunderParts::default(),
            recorder,
        }
    }

    /// The figures of the order and of its lines.
    pub(super) fn reckon(mut self) -> Result<Reckoned> {
        let reckoned = self.override_parameters().and_then(|()| {
            if let Some(free) = self.order.free_shipping {
                Self::stated(free.minimum, "free_shipping.minimum", Place::ORDER)?;
                Self::stated(free.fee, "free_shipping.fee", Place::ORDER)?;
            }
            match &self.order.detail {
                OrderDetail::Amount(amount) => self.amount_form(*amount),
                OrderDetail::Lines(lines) => self.line_form(lines),
            }
        });
        // An unknown policy is told before a wrong amount, wherever they stand; only a refused order looks twice.
        reckoned.map_err(|error| match (check_names(self.engine, self.order), &self.order.detail) {
            (Err(unknown), _) => unknown,
            (Ok(()), OrderDetail::Lines(lines)) => check_form(lines).err().unwrap_or(error),
            (Ok(()), OrderDetail::Amount(_)) => error,
        })
    }

    /// Supply value, own figures, settlement and tax-free part once more, after other figures were changed.
    pub(super) fn close_again(mut self, reckoned: &mut Reckoned) -> Result<()> {
        self.override_parameters()?;
        for line in &mut reckoned.lines {
            if line.quantity == 0 {
                line.figures.settlement = nothing_but_fees(&line.figures)?;
            } else {
                self.close_line(&mut line.figures, Place::ORDER)?;
            }
        }
        let figures = &mut reckoned.figures;
        reckoned.user = self.close_order(figures)?;
        figures.settlement_tax_free = Amount::ZERO;
        self.close_tax_free(figures, &reckoned.user)?;
        self.share_settlement_tax_free(&reckoned.figures, &mut reckoned.lines)
    }

    fn override_parameters(&mut self) -> Result<()> {
        self.overridden = overridden(self.formulas, self.order)?;
        Ok(())
    }

    fn amount_form(&mut self, amount: Amount) -> Result<Reckoned> {
        let order = self.order;
        let tax_free = order.tax_free.unwrap_or_default();
        let mut figures = Figures {
            order: Self::stated(amount, "order_amount", Place::ORDER)?,
            order_tax_free: Self::stated(tax_free, "tax_free_amount", Place::ORDER)?,
            ..Figures::ZERO
        };
        self.recorder.note(None, Figure::Order, amount, || Reason::Stated);
        self.add_discounts(&mut figures, &order.discounts, Place::ORDER)?;
        self.close_payment(&mut figures, Place::ORDER)?;
        let taxable = subtract(figures.payment, figures.payment_tax_free, Figure::Payment)?;
        figures.payment_vat = self.vat_inside(taxable, None)?;
        figures.payment_vat_burden = self.burden(figures.payment_vat);
        (figures.platform_fee, figures.platform_fee_vat) =
            self.platform_fee((&figures, Amount::ZERO), None, Place::ORDER)?;
        self.add_additional_fees(&mut figures, (&order.additional_fees, None), order.shipping, Place::ORDER)?;
        let user = self.close_order(&mut figures)?;
        self.close_tax_free(&mut figures, &user)?;
        Ok(Reckoned { figures, funders: mem::take(&mut self.funders), user, lines: Vec::new() })
    }

    fn line_form(&mut self, lines: &'o [Line]) -> Result<Reckoned> {
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
        self.close_payment(&mut figures, Place::ORDER)?;
        self.share_payment_vat(&mut figures, &mut settled, own_taxable)?;
        figures.payment_vat_burden = self.burden(figures.payment_vat);
        for line in &mut settled {
            line.figures.payment_vat_burden = self.burden(line.figures.payment_vat);
        }
        self.share_platform_fee(&mut figures, &mut settled, lines)?;
        self.add_line_fees(&mut figures, &mut settled, lines)?;
        self.add_additional_fees(&mut figures, (&order.additional_fees, None), order.shipping, Place::ORDER)?;
        for (place, (line, settled)) in lines.iter().zip(&mut settled).enumerate() {
            if line.quantity > 0 {
                self.close_line(&mut settled.figures, Place { line: Some((place, &line.product)) })?;
            }
        }
        let user = self.close_order(&mut figures)?;
        self.close_tax_free(&mut figures, &user)?;
        self.share_settlement_tax_free(&figures, &mut settled)?;
        Ok(Reckoned { figures, funders: mem::take(&mut self.funders), user, lines: settled })
    }

    /// Each line with its own order, discounts and payment.
    fn line_items(&mut self, lines: &'o [Line]) -> Result<Vec<LineSettlement>> {
        let mut settled = Vec::with_capacity(lines.len());
        for (place, line) in lines.iter().enumerate() {
            let at = Place { line: Some((place, &line.product)) };
            if line.quantity == 0 && self.standing == Standing::Whole {
                return Err(SettleError::ZeroQuantity { product: line.product.clone(), line: place });
            }
            let unit = Self::stated(line.unit_amount, "amount", at)?;
            Self::stated(line.tax_free.amount, "tax_free_amount", at)?;
            let quantity = i64::from(line.quantity);
            let figures = Figures {
                order: unit.checked_mul(quantity).ok_or(SettleError::OutOfRange { figure: Figure::Order })?,
                order_tax_free: line
                    .tax_free
                    .of(line.quantity)
                    .ok_or(SettleError::OutOfRange { figure: Figure::OrderTaxFree })?,
                ..Figures::ZERO
            };
            settled.push(LineSettlement { product: line.product.clone(), quantity, figures });
        }
        self.replace_tax_free(&mut settled)?;
        for (place, (line, settled)) in lines.iter().zip(&mut settled).enumerate() {
            let at = Place { line: Some((place, &line.product)) };
            if line.quantity == 0 {
                continue;
            }
            let figures = &mut settled.figures;
            self.recorder.note(at.product(), Figure::Order, figures.order, || Reason::Stated);
            self.add_discounts(figures, &line.discounts, at)?;
            self.close_payment(figures, at)?;
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

    /// The lines' parts of an amount by largest remainder; all zero where there is no weight, and the amount stays at the order.
    fn shares(
        &mut self,
        amount: Amount,
        weights: &[Amount],
        settled: &[LineSettlement],
        figure: Figure,
    ) -> Vec<Amount> {
        // Only of a cancelled part can a weight be below zero, where more discount goes than amount.
        let above_zero: Vec<Amount> = weights.iter().map(|weight| (*weight).max(Amount::ZERO)).collect();
        let parts = allocate(amount, &above_zero, AllocationMethod::LargestRemainder)
            .unwrap_or_else(|_| alloc::vec![Amount::ZERO; weights.len()]);
        for ((line, part), weight) in settled.iter().zip(&parts).zip(weights) {
            let reason = || Reason::Allocated { total: amount, weight: *weight };
            self.recorder.note(Some(&line.product), figure, *part, reason);
        }
        parts
    }
}
