//! The figures of a settlement and of its lines.

use std::collections::BTreeMap;

use num_traits::Zero;

use super::number::{Whole, fits};

/// A money field of a settlement document.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Field {
    Order,
    OrderTaxFree,
    Discount,
    DiscountTaxFree,
    Payment,
    PaymentTaxFree,
    PaymentSupply,
    PaymentVat,
    PaymentVatBurden,
    PlatformFee,
    PlatformFeeVat,
    AdditionalFee,
    AdditionalFeeVat,
    DiscountShare,
    DiscountShareTaxFree,
    Settlement,
    SettlementTaxFree,
}

impl Field {
    pub(super) const ALL: [(Self, &'static str); 17] = [
        (Self::Order, "order"),
        (Self::OrderTaxFree, "order_tax_free"),
        (Self::Discount, "discount"),
        (Self::DiscountTaxFree, "discount_tax_free"),
        (Self::Payment, "payment"),
        (Self::PaymentTaxFree, "payment_tax_free"),
        (Self::PaymentSupply, "payment_supply"),
        (Self::PaymentVat, "payment_vat"),
        (Self::PaymentVatBurden, "payment_vat_burden"),
        (Self::PlatformFee, "platform_fee"),
        (Self::PlatformFeeVat, "platform_fee_vat"),
        (Self::AdditionalFee, "additional_fee"),
        (Self::AdditionalFeeVat, "additional_fee_vat"),
        (Self::DiscountShare, "discount_share"),
        (Self::DiscountShareTaxFree, "discount_share_tax_free"),
        (Self::Settlement, "settlement"),
        (Self::SettlementTaxFree, "settlement_tax_free"),
    ];
}

/// Values of the money fields and of user formulas; what is not there is 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Amounts {
    fields: BTreeMap<Field, Whole>,
    pub(super) user: BTreeMap<String, Whole>,
    /// What others than partner and merchant bear of the discounts.
    pub(super) funders: BTreeMap<String, Whole>,
}

impl Amounts {
    pub(super) fn get(&self, field: Field) -> Whole {
        self.fields.get(&field).cloned().unwrap_or_default()
    }

    pub(super) fn set(&mut self, field: Field, amount: Whole) {
        self.fields.insert(field, amount);
    }

    pub(super) fn add(&mut self, field: Field, amount: &Whole) {
        *self.fields.entry(field).or_default() += amount;
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        for (field, amount) in &other.fields {
            *sum.fields.entry(*field).or_default() += amount;
        }
        for (key, amount) in &other.user {
            *sum.user.entry(key.clone()).or_default() += amount;
        }
        for (party, amount) in &other.funders {
            *sum.funders.entry(party.clone()).or_default() += amount;
        }
        sum
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        let mut negated = other.clone();
        let Self { fields, user, funders } = &mut negated;
        for amount in fields.values_mut().chain(user.values_mut()).chain(funders.values_mut()) {
            *amount = -amount.clone();
        }
        self.plus(&negated)
    }

    pub(super) fn is_zero(&self) -> bool {
        self.fields.values().all(Zero::is_zero)
    }

    pub(super) fn fit(&self) -> bool {
        self.fields.values().chain(self.user.values()).chain(self.funders.values()).all(fits)
    }
}

/// The figures of an order, or what a cancel changes of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    pub(super) total: Amounts,
    pub(super) lines: Vec<LineFigures>,
}

#[derive(Clone, Debug)]
pub(super) struct LineFigures {
    pub(super) product: String,
    pub(super) quantity: Whole,
    pub(super) amounts: Amounts,
}

impl Figures {
    /// Figures less others. Lines pair by product, in the order of the longer list; a line that is missing is 0.
    pub(super) fn minus(&self, other: &Self) -> Self {
        let longer = if self.lines.len() >= other.lines.len() { &self.lines } else { &other.lines };
        let find = |lines: &[LineFigures], product: &str| {
            let found = lines.iter().find(|line| line.product == product);
            found.map_or_else(Default::default, |line| (line.quantity.clone(), line.amounts.clone()))
        };
        let line = |line: &LineFigures| {
            let (quantity, amounts) = find(&self.lines, &line.product);
            let (other_quantity, other_amounts) = find(&other.lines, &line.product);
            LineFigures {
                product: line.product.clone(),
                quantity: quantity - other_quantity,
                amounts: amounts.minus(&other_amounts),
            }
        };
        Self { total: self.total.minus(&other.total), lines: longer.iter().map(line).collect() }
    }

    pub(super) fn fit(&self) -> bool {
        self.total.fit() && self.lines.iter().all(|line| line.amounts.fit())
    }
}
