//! The figures that an order's content has under its terms.

use std::collections::BTreeSet;

use num_traits::Zero;
use serde_json::{Map, Value};

use super::allocation::{AllocationMethod, allocate};
use super::code::Code;
use super::event::Discount;
use super::figures::{Amounts, Field, Figures, LineFigures};
use super::number::{Exact, Whole};
use super::order::{Body, Content, Line, total};
use super::terms::Terms;
use super::vat_split::{SplitMethod, vat_split};

/// All figures.
pub(super) fn figures(terms: &Terms, content: &Content) -> Result<Figures, Code> {
    let mut figures = charge(terms, content)?;
    close(terms, &mut figures)?;
    Ok(figures)
}

/// All figures but user formulas and the settlement: the discounts' shares, the payment VAT, the fees.
pub(super) fn charge(terms: &Terms, content: &Content) -> Result<Figures, Code> {
    let mut figures = match &content.body {
        Body::Amount { order, tax_free } => {
            let mut amounts = block(terms, order, tax_free, &content.discounts)?;
            let vat = vat_of(terms, &taxable(&amounts));
            set_vat(terms, &mut amounts, vat);
            let (fee, vat) = terms.platform_fee(&amounts, &terms.platform_base(&amounts), &Map::new())?;
            amounts.set(Field::PlatformFee, fee);
            amounts.set(Field::PlatformFeeVat, vat);
            Figures { total: amounts, lines: Vec::new() }
        }
        Body::Lines(lines) => charge_lines(terms, content, lines)?,
    };
    let shipping = &content.shipping;
    add_fees(terms, &mut figures.total, &terms.additional_fees, &Map::new(), shipping)?;
    Ok(figures)
}

fn charge_lines(terms: &Terms, content: &Content, lines: &[Line]) -> Result<Figures, Code> {
    let mut blocks = Vec::new();
    for line in lines {
        blocks.push(block(terms, &line.order, &line.tax_free, &line.discounts)?);
    }
    let taxables: Vec<Whole> = blocks.iter().map(taxable).collect();
    for (amounts, vat) in blocks.iter_mut().zip(line_vats(terms, &taxables)) {
        set_vat(terms, amounts, vat);
    }
    let all_discounts: Vec<Discount> =
        lines.iter().flat_map(|line| &line.discounts).chain(&content.discounts).cloned().collect();
    let order = lines.iter().map(|line| &line.order).sum();
    let tax_free = lines.iter().map(|line| &line.tax_free).sum();
    let mut sum = block(terms, &order, &tax_free, &all_discounts)?;
    let vat = order_vat(terms, &taxables, &content.discounts);
    set_vat(terms, &mut sum, vat);
    charge_platform_fee(terms, lines, &mut blocks, &mut sum)?;
    for (line, amounts) in lines.iter().zip(&mut blocks) {
        add_fees(terms, amounts, &line.additional_fees, &line.attributes, &Whole::zero())?;
        sum.add(Field::AdditionalFee, &amounts.get(Field::AdditionalFee));
        sum.add(Field::AdditionalFeeVat, &amounts.get(Field::AdditionalFeeVat));
    }
    let figures_of = |(line, amounts): (&Line, Amounts)| LineFigures {
        product: line.product.clone(),
        quantity: line.quantity.clone(),
        amounts,
    };
    Ok(Figures { total: sum, lines: lines.iter().zip(blocks).map(figures_of).collect() })
}

/// The figures of a block that follow from its amounts and discounts alone.
fn block(terms: &Terms, order: &Whole, tax_free: &Whole, discounts: &[Discount]) -> Result<Amounts, Code> {
    let (discount, discount_tax_free) = total(discounts);
    let mut amounts = Amounts::default();
    amounts.set(Field::Order, order.clone());
    amounts.set(Field::OrderTaxFree, tax_free.clone());
    amounts.set(Field::Payment, order - &discount);
    amounts.set(Field::PaymentTaxFree, tax_free - &discount_tax_free);
    amounts.set(Field::Discount, discount);
    amounts.set(Field::DiscountTaxFree, discount_tax_free);
    for discount in discounts {
        let (share, others) = terms.discount_share(&discount.policy, &discount.amount)?;
        amounts.add(Field::DiscountShare, &share);
        for (party, part) in others {
            *amounts.funders.entry(party).or_default() += part;
        }
        if !discount.tax_free.is_zero() {
            let (share, _) = terms.discount_share(&discount.policy, &discount.tax_free)?;
            amounts.add(Field::DiscountShareTaxFree, &share);
        }
    }
    Ok(amounts)
}

fn taxable(amounts: &Amounts) -> Whole {
    amounts.get(Field::Payment) - amounts.get(Field::PaymentTaxFree)
}

/// The VAT inside a taxable amount.
fn vat_of(terms: &Terms, taxable: &Whole) -> Whole {
    vat_split(taxable, &terms.book.vat_rate, SplitMethod::Vat(terms.book.rounding.vat)).1
}

/// Payment VAT with what follows from it.
pub(super) fn set_vat(terms: &Terms, amounts: &mut Amounts, vat: Whole) {
    let is_burden = terms.contract.subtracts_payment_vat;
    amounts.set(Field::PaymentVatBurden, if is_burden { vat.clone() } else { Whole::zero() });
    set_split(amounts, vat);
}

/// Payment VAT and the supply value, which is the rest.
pub(super) fn set_split(amounts: &mut Amounts, vat: Whole) {
    amounts.set(Field::PaymentSupply, taxable(amounts) - &vat);
    amounts.set(Field::PaymentVat, vat);
}

/// Shares an amount over weights, a weight below zero counting as zero; `None` when there is none above.
fn share(amount: &Whole, weights: &[Whole]) -> Option<Vec<Whole>> {
    let weights: Vec<Whole> = weights.iter().map(|weight| weight.clone().max(Whole::zero())).collect();
    allocate(amount, &weights, AllocationMethod::LargestRemainder).ok()
}

/// The VAT of each line's own taxable payment.
fn line_vats(terms: &Terms, taxables: &[Whole]) -> Vec<Whole> {
    if terms.book.is_per_order {
        let vat = vat_of(terms, &taxables.iter().sum());
        share(&vat, taxables).unwrap_or_else(|| vec![Whole::zero(); taxables.len()])
    } else {
        taxables.iter().map(|taxable| vat_of(terms, taxable)).collect()
    }
}

/// The order's payment VAT, after order-level discounts.
fn order_vat(terms: &Terms, taxables: &[Whole], discounts: &[Discount]) -> Whole {
    let (discount, discount_tax_free) = total(discounts);
    let taxable_discount = discount - discount_tax_free;
    if terms.book.is_per_order {
        return vat_of(terms, &(taxables.iter().sum::<Whole>() - taxable_discount));
    }
    match share(&taxable_discount, taxables) {
        Some(parts) => {
            taxables.iter().zip(parts).map(|(taxable, part)| vat_of(terms, &(taxable - part))).sum()
        }
        // A cancelled part may return a discount without any line to lay it on: it is split by itself.
        None => {
            let of_lines: Whole = taxables.iter().map(|taxable| vat_of(terms, taxable)).sum();
            of_lines + vat_of(terms, &-taxable_discount)
        }
    }
}

fn charge_platform_fee(
    terms: &Terms,
    lines: &[Line],
    blocks: &mut [Amounts],
    sum: &mut Amounts,
) -> Result<(), Code> {
    if terms.book.is_per_order {
        let (fee, vat) = terms.platform_fee(sum, &terms.platform_base(sum), &Map::new())?;
        let weights: Vec<Whole> = lines.iter().map(|line| line.order.clone()).collect();
        for (field, amount) in [(Field::PlatformFee, &fee), (Field::PlatformFeeVat, &vat)] {
            // What can't be shared over lines that cost nothing stays at the order.
            for (amounts, part) in blocks.iter_mut().zip(share(amount, &weights).unwrap_or_default()) {
                amounts.set(field, part);
            }
        }
        sum.set(Field::PlatformFee, fee);
        sum.set(Field::PlatformFeeVat, vat);
        return Ok(());
    }
    // What the order's own discounts take off its base lies on the lines' bases.
    let bases: Vec<Whole> = blocks.iter().map(|amounts| terms.platform_base(amounts)).collect();
    let taken = bases.iter().sum::<Whole>() - terms.platform_base(sum);
    let taken = share(&taken, &bases).unwrap_or_else(|| vec![Whole::zero(); bases.len()]);
    for ((line, amounts), (base, taken)) in lines.iter().zip(blocks).zip(bases.iter().zip(taken)) {
        let (fee, vat) = terms.platform_fee(amounts, &(base - taken), &line.attributes)?;
        sum.add(Field::PlatformFee, &fee);
        sum.add(Field::PlatformFeeVat, &vat);
        amounts.set(Field::PlatformFee, fee);
        amounts.set(Field::PlatformFeeVat, vat);
    }
    Ok(())
}

fn add_fees(
    terms: &Terms,
    amounts: &mut Amounts,
    policies: &[String],
    attributes: &Map<String, Value>,
    shipping: &Whole,
) -> Result<(), Code> {
    let before = amounts.clone();
    for policy in policies {
        let (fee, vat) = terms.additional_fee(policy, &before, attributes, shipping)?;
        amounts.add(Field::AdditionalFee, &fee);
        amounts.add(Field::AdditionalFeeVat, &vat);
    }
    Ok(())
}

/// User formulas, the settlement and its tax-free part, from the figures there are.
pub(super) fn close(terms: &Terms, figures: &mut Figures) -> Result<(), Code> {
    close_block(terms, &mut figures.total, |_| true)?;
    let needed = needed_of_lines(terms);
    for line in &mut figures.lines {
        close_block(terms, &mut line.amounts, |key| needed.contains(key))?;
    }
    let total = &mut figures.total;
    let order = total.get(Field::Order);
    let tax_free = if order.is_zero() {
        Whole::zero()
    } else {
        let ratio = Exact::new(total.get(Field::OrderTaxFree), order);
        let formula = &terms.formulas.settlement_tax_free;
        let rounding = terms.book.rounding.settlement;
        terms.amount(formula, total, vec![("ORDER_TAX_FREE_RATIO", ratio)], rounding)?
    };
    let weights: Vec<Whole> =
        figures.lines.iter().map(|line| line.amounts.get(Field::OrderTaxFree)).collect();
    for (line, part) in figures.lines.iter_mut().zip(share(&tax_free, &weights).unwrap_or_default()) {
        line.amounts.set(Field::SettlementTaxFree, part);
    }
    figures.total.set(Field::SettlementTaxFree, tax_free);
    if figures.fit() { Ok(()) } else { Err(Code::OutOfRange) }
}

/// The user formulas that the settlement of a line can't do without.
fn needed_of_lines(terms: &Terms) -> BTreeSet<String> {
    let mut needed = terms.formulas.settlement.names();
    // Each uses only those before it.
    for user in terms.formulas.user.iter().rev() {
        if needed.contains(&user.key) {
            needed.extend(user.formula.names());
        }
    }
    needed
}

fn close_block(terms: &Terms, amounts: &mut Amounts, is_needed: impl Fn(&str) -> bool) -> Result<(), Code> {
    amounts.user.clear();
    for user in terms.formulas.user.iter().filter(|user| is_needed(&user.key)) {
        let value = terms.amount(&user.formula, amounts, Vec::new(), user.rounding)?;
        amounts.user.insert(user.key.clone(), value);
    }
    let rounding = terms.book.rounding.settlement;
    let settlement = terms.amount(&terms.formulas.settlement, amounts, Vec::new(), rounding)?;
    amounts.set(Field::Settlement, settlement);
    Ok(())
}
