//! Cancels, shaped by what is left of their order: some take a part, some the rest, some too much.

use num_traits::{ToPrimitive, Zero};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::order::date;
use super::{Scope, percent_of, when};
use crate::model::{Body, Content, Discount, Line, Whole};

#[derive(Clone, Debug)]
pub(super) struct CancelPlan {
    /// Which of the orders so far.
    pub(super) order: u8,
    /// Whether that may be one with nothing left, or one that was refused.
    pub(super) takes_any_order: bool,
    days: u16,
    kind: Kind,
    /// Percent of what an order by amount has left; above 100 is too much.
    amount: u8,
    /// Percent of the tax-free amount left.
    tax_free: u8,
    /// Which lines, and percent of the units left of each.
    lines: Vec<(u8, u8)>,
    /// Which discounts come back, and percent of what is left of each.
    discounts: Vec<(u8, u8, u8)>,
    /// What sending back costs, and who pays.
    return_shipping: Option<(i64, &'static str)>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Part,
    Rest,
    All,
}

/// Percent of what is left, sometimes more than there is.
fn percent() -> BoxedStrategy<u8> {
    prop_oneof![2 => Just(0), 12 => 1..=70_u8, 4 => Just(100), 1 => 101..=120_u8].boxed()
}

pub(super) fn cancel(scope: Scope) -> impl Strategy<Value = CancelPlan> {
    let kinds = prop_oneof![8 => Just(Kind::Part), 1 => Just(Kind::Rest), 2 => Just(Kind::All)];
    let discount = (0..4_u8, percent(), percent());
    let costs = prop_oneof![1 => Just(0_i64), 9 => 1..=5_000_i64];
    let returned = (costs, proptest::sample::select(vec!["customer", "partner"]));
    (
        (any::<u8>(), proptest::bool::weighted(0.1)),
        0..=60_u16,
        kinds,
        percent(),
        percent(),
        proptest::collection::vec((0..4_u8, percent()), 1..=3),
        prop_oneof![2 => Just(Vec::new()), 3 => proptest::collection::vec(discount, 1..=2)],
        when(scope.cancel_options, proptest::option::weighted(0.3, returned), None),
    )
        .prop_map(|(which, days, kind, amount, tax_free, lines, discounts, return_shipping)| {
            let (order, takes_any_order) = which;
            CancelPlan {
                order,
                takes_any_order,
                days,
                kind,
                amount,
                tax_free,
                lines,
                discounts,
                return_shipping,
            }
        })
}

fn minor(amount: &Whole) -> i64 {
    amount.to_i64().unwrap_or(0)
}

impl CancelPlan {
    /// The cancel of an order, of which this much is left; nothing left is cancelled once more.
    pub(super) fn document(&self, id: &str, order: &str, left: Option<&Content>) -> Value {
        let mut document =
            json!({ "type": "cancel", "id": id, "order": order, "date": date(430 + self.days) });
        if let Some((amount, payer)) = self.return_shipping {
            document["return_shipping"] = json!({ "amount": amount, "payer": payer });
        }
        let Some(content) = left else {
            document["all"] = json!(true);
            return document;
        };
        match (&content.body, self.kind) {
            (_, Kind::All) => document["all"] = json!(true),
            (Body::Amount { order, .. }, Kind::Rest) => document["order_amount"] = json!(minor(order)),
            (Body::Amount { order, tax_free }, Kind::Part) => {
                document["order_amount"] = json!(percent_of(self.amount, minor(order)));
                let tax_free = percent_of(self.tax_free, minor(tax_free));
                if tax_free != 0 {
                    document["tax_free_amount"] = json!(tax_free);
                }
            }
            (Body::Lines(lines), Kind::Rest) => {
                document["lines"] = lines
                    .iter()
                    .filter(|line| !line.quantity.is_zero())
                    .map(|line| json!({ "product": line.product, "quantity": minor(&line.quantity) }))
                    .collect();
            }
            (Body::Lines(lines), Kind::Part) => document["lines"] = self.lines_of(lines),
        }
        let stated = self.stated(&content.discounts);
        if !stated.is_empty() {
            document["discounts"] = Value::Array(stated);
        }
        document
    }

    fn lines_of(&self, lines: &[Line]) -> Value {
        let mut taken: Vec<usize> = Vec::new();
        let mut documents = Vec::new();
        for (place, percent) in &self.lines {
            let place = usize::from(*place) % lines.len();
            if taken.contains(&place) {
                continue;
            }
            taken.push(place);
            let line = &lines[place];
            let quantity = percent_of(*percent, minor(&line.quantity)).max(1);
            let mut document = json!({ "product": line.product, "quantity": quantity });
            let stated = self.stated(&line.discounts);
            if !stated.is_empty() {
                document["discounts"] = Value::Array(stated);
            }
            documents.push(document);
        }
        Value::Array(documents)
    }

    /// Parts of discounts that are there; a policy is named once.
    fn stated(&self, discounts: &[Discount]) -> Vec<Value> {
        let mut policies: Vec<&str> = Vec::new();
        let mut documents = Vec::new();
        if discounts.is_empty() {
            return documents;
        }
        for (place, percent, tax_free) in &self.discounts {
            let discount = &discounts[usize::from(*place) % discounts.len()];
            if policies.contains(&discount.policy.as_str()) {
                continue;
            }
            policies.push(&discount.policy);
            let amount = percent_of(*percent, minor(&discount.amount));
            let mut document = json!({ "policy": discount.policy, "amount": amount });
            let tax_free = percent_of(*tax_free, minor(&discount.tax_free)).min(amount);
            if tax_free != 0 {
                document["tax_free_amount"] = json!(tax_free);
            }
            documents.push(document);
        }
        documents
    }
}
