//! Orders and manual entries.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, TimeDelta};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::amount::amount;
use super::book::BookPlan;
use super::fee::INSTANTS;
use super::{Scope, percent_of, when};

#[derive(Clone, Debug)]
pub(super) struct OrderPlan {
    partner: u8,
    contract: Option<u8>,
    start_day: u16,
    paid_at: Option<String>,
    amount: i64,
    tax_free: u8,
    /// Without lines the order is by amount.
    lines: Vec<LinePlan>,
    /// Whether an order by lines states its tax-free amount, which then replaces the lines'.
    states_tax_free: bool,
    discounts: Vec<DiscountPlan>,
    fees: Vec<u8>,
    shipping: Option<i64>,
    /// Percent of the order's amount from which shipping is free, and what it costs below.
    free_shipping: Option<(u8, i64)>,
    settlement_days: Option<u8>,
    method: Option<&'static str>,
    overrides_season: bool,
    volume: Option<u16>,
}

#[derive(Clone, Debug)]
struct LinePlan {
    unit_amount: i64,
    quantity: i64,
    tax_free: u8,
    discounts: Vec<DiscountPlan>,
    fees: Vec<u8>,
    category: Option<&'static str>,
}

#[derive(Clone, Copy, Debug)]
struct DiscountPlan {
    policy: u8,
    /// Of what is left of its order or line.
    percent: u8,
    /// Of what its tax-free part can be, from the least to the most.
    tax_free: u8,
}

#[derive(Clone, Debug)]
pub(super) struct ManualPlan {
    partner: u8,
    amount: i64,
    tax_free: u8,
    day: u16,
}

/// Percent, with both ends often.
fn percent() -> BoxedStrategy<u8> {
    prop_oneof![2 => Just(0), 2 => Just(100), 5 => 1..=99_u8].boxed()
}

fn discounts(scope: Scope) -> BoxedStrategy<Vec<DiscountPlan>> {
    let of_tax_free = when(scope.tax_free, percent(), 0);
    let parts = prop_oneof![4 => 1..=40_u8, 1 => percent()];
    let discount = (0..3_u8, parts, of_tax_free).prop_map(|(policy, percent, tax_free)| DiscountPlan {
        policy,
        percent,
        tax_free,
    });
    let lists = prop_oneof![2 => Just(Vec::new()), 3 => proptest::collection::vec(discount, 0..=3)];
    when(scope.discounts, lists, Vec::new())
}

fn fees(scope: Scope) -> BoxedStrategy<Vec<u8>> {
    when(scope.additional_fees, proptest::collection::vec(0..3_u8, 0..=2), Vec::new())
}

fn line(scope: Scope) -> impl Strategy<Value = LinePlan> {
    let category = proptest::sample::select(vec![None, Some("food"), Some("fashion")]);
    (
        amount(scope.reaches_high()),
        prop_oneof![3 => Just(1_i64), 3 => 2..=5_i64, 1 => 6..=40_i64],
        when(scope.tax_free, percent(), 0),
        discounts(scope),
        fees(scope),
        when(scope.select, category, None),
    )
        .prop_map(|(unit_amount, quantity, tax_free, discounts, fees, category)| LinePlan {
            unit_amount,
            // All figures of an order of huge amounts still fit.
            quantity: if unit_amount > 1_000_000_000 { quantity.min(5) } else { quantity },
            tax_free,
            discounts,
            fees,
            category,
        })
}

/// Instants of payment: at, before and behind those that conditions name, and any others, in several offsets.
fn paid_at() -> BoxedStrategy<Option<String>> {
    let seconds = prop_oneof![3 => -1..=1_i64, 2 => -90_000..90_000_i64];
    let near =
        (proptest::sample::select(&INSTANTS[..]), seconds, proptest::sample::select(vec![-5, 0, 9, 14]));
    let near = near.prop_map(|(text, seconds, hours)| {
        let instant =
            DateTime::parse_from_rfc3339(text).ok()?.checked_add_signed(TimeDelta::seconds(seconds))?;
        Some(instant.with_timezone(&FixedOffset::east_opt(hours * 3_600)?).to_rfc3339())
    });
    let any = (0..=420_u16, 0..24_u8, proptest::sample::select(vec!["00:00", "59:59.999", "30:30"]))
        .prop_map(|(day, hour, rest)| Some(format!("{}T{hour:02}:{rest}+09:00", date(day))));
    prop_oneof![1 => Just(None), 2 => near, 2 => any].boxed()
}

pub(super) fn order(scope: Scope) -> impl Strategy<Value = OrderPlan> {
    let methods = proptest::sample::select(vec![None, Some("card"), Some("transfer")]);
    let lines = prop_oneof![Just(Vec::new()), proptest::collection::vec(line(scope), 1..=4)];
    let head =
        (0..2_u8, proptest::option::weighted(0.2, 0..3_u8), 0..=420_u16, when(scope.select, paid_at(), None));
    let body = (
        amount(scope.reaches_high()),
        when(scope.tax_free, percent(), 0),
        when(scope.lines, lines, Vec::new()),
        when(scope.tax_free && scope.lines, proptest::bool::weighted(0.15), false),
        discounts(scope),
    );
    let tail = (
        fees(scope),
        when(scope.additional_fees, proptest::option::weighted(0.3, amount(false)), None),
        when(
            scope.cancel_options,
            proptest::option::weighted(0.6, (prop_oneof![4 => 40..=100_u8, 1 => Just(110)], amount(false))),
            None,
        ),
        when(scope.manual, proptest::option::weighted(0.1, 0..=30_u8), None),
        when(scope.select, methods, None),
        when(scope.parameters, any::<bool>(), false),
        when(scope.tiers, (0..=4_000_u16).prop_map(Some), None),
    );
    (head, body, tail).prop_map(|(head, body, tail)| {
        let (partner, contract, start_day, paid_at) = head;
        let (amount, tax_free, lines, states_tax_free, discounts) = body;
        let (fees, shipping, free_shipping, settlement_days, method, overrides_season, volume) = tail;
        OrderPlan {
            partner,
            contract,
            start_day,
            paid_at,
            amount,
            tax_free,
            lines,
            states_tax_free,
            discounts,
            fees,
            shipping,
            free_shipping,
            settlement_days,
            method,
            overrides_season,
            volume,
        }
    })
}

pub(super) fn manual() -> impl Strategy<Value = ManualPlan> {
    (0..2_u8, prop_oneof![amount(false), amount(false).prop_map(|amount| -amount)], percent(), 0..=420_u16)
        .prop_map(|(partner, amount, tax_free, day)| ManualPlan { partner, amount, tax_free, day })
}

/// A day by its number from 1 January 2026.
pub(super) fn date(day: u16) -> String {
    NaiveDate::from_ymd_opt(2026, 1, 1)
        .and_then(|first| first.checked_add_days(Days::new(day.into())))
        .map_or_else(String::new, |date| date.to_string())
}

/// An amount and the tax-free part of it that discounts have left.
struct Left {
    amount: i64,
    tax_free: i64,
}

impl Left {
    /// Documents of discounts that fit into what is left, which they take.
    fn discounts(&mut self, plans: &[DiscountPlan], book: &BookPlan) -> Vec<Value> {
        plans.iter().map(|plan| self.discount(*plan, book)).collect()
    }

    fn discount(&mut self, plan: DiscountPlan, book: &BookPlan) -> Value {
        let amount = percent_of(plan.percent, self.amount);
        let least = (amount - (self.amount - self.tax_free)).max(0);
        let most = amount.min(self.tax_free);
        let tax_free = least + percent_of(plan.tax_free, most - least);
        self.amount -= amount;
        self.tax_free -= tax_free;
        let mut document = json!({ "policy": book.coupon_id(plan.policy), "amount": amount });
        if tax_free != 0 {
            document["tax_free_amount"] = json!(tax_free);
        }
        document
    }
}

fn put_list(document: &mut Value, name: &str, list: Vec<Value>) {
    if !list.is_empty() {
        document[name] = Value::Array(list);
    }
}

fn fee_ids(fees: &[u8], book: &BookPlan) -> Vec<Value> {
    fees.iter().map(|fee| json!(book.extra_id(*fee))).collect()
}

impl OrderPlan {
    pub(super) fn document(&self, id: &str, book: &BookPlan) -> Value {
        let mut document = json!({
            "type": "order",
            "id": id,
            "partner": format!("seller-{}", self.partner + 1),
            "start_date": date(self.start_day),
        });
        let mut left = if self.lines.is_empty() || !book.allows_lines() {
            let tax_free = percent_of(self.tax_free, self.amount);
            document["order_amount"] = json!(self.amount);
            if tax_free != 0 {
                document["tax_free_amount"] = json!(tax_free);
            }
            Left { amount: self.amount, tax_free }
        } else {
            self.put_lines(&mut document, book)
        };
        // After the lines' own discounts.
        let ordered = left.amount;
        put_list(&mut document, "discounts", left.discounts(&self.discounts, book));
        put_list(&mut document, "additional_fees", fee_ids(&self.fees, book));
        if let Some(contract) = self.contract {
            document["contract"] = json!(book.contract_id(contract));
        }
        if let Some(paid_at) = &self.paid_at {
            document["paid_at"] = json!(paid_at);
        }
        if let Some(shipping) = self.shipping {
            document["shipping_amount"] = json!(shipping);
        }
        if let Some((percent, fee)) = self.free_shipping {
            let minimum = percent_of(percent, ordered);
            document["free_shipping"] = json!({ "minimum": minimum, "fee": fee });
        }
        if let Some(days) = self.settlement_days {
            document["settlement_date"] = json!(date(self.start_day + u16::from(days)));
        }
        if let Some(method) = self.method {
            document["attributes"] = json!({ "payment_method": method });
        }
        if self.overrides_season && book.has_season() {
            document["parameters"] = json!({ "season_factor": "1.1" });
        }
        if let Some(volume) = self.volume {
            document["volume"] = json!(volume);
        }
        document
    }

    fn put_lines(&self, document: &mut Value, book: &BookPlan) -> Left {
        let mut left = Left { amount: 0, tax_free: 0 };
        let mut order = 0;
        let mut lines = Vec::new();
        for (line, number) in self.lines.iter().zip(1..) {
            let unit_tax_free = percent_of(line.tax_free, line.unit_amount);
            let mut of_line =
                Left { amount: line.unit_amount * line.quantity, tax_free: unit_tax_free * line.quantity };
            order += of_line.amount;
            if self.states_tax_free {
                // What the order states falls on the lines as it will: the discounts are then all taxable and small.
                of_line.tax_free = 0;
            }
            let mut document = Map::new();
            document.insert("product".to_owned(), json!(format!("item-{number}")));
            document.insert("amount".to_owned(), json!(line.unit_amount));
            document.insert("quantity".to_owned(), json!(line.quantity));
            if unit_tax_free != 0 {
                document.insert("tax_free_amount".to_owned(), json!(unit_tax_free));
            }
            let mut document = Value::Object(document);
            put_list(&mut document, "discounts", of_line.discounts(&line.discounts, book));
            put_list(&mut document, "additional_fees", fee_ids(&line.fees, book));
            if let Some(category) = line.category {
                document["attributes"] = json!({ "category": category });
            }
            left.amount += of_line.amount;
            left.tax_free += of_line.tax_free;
            lines.push(document);
        }
        document["lines"] = Value::Array(lines);
        if self.states_tax_free {
            let stated = percent_of(self.tax_free, order);
            document["tax_free_amount"] = json!(stated);
            left.tax_free = stated.min(left.amount);
        }
        left
    }
}

impl ManualPlan {
    pub(super) fn document(&self, id: &str) -> Value {
        let mut document = json!({
            "type": "manual",
            "id": id,
            "partner": format!("seller-{}", self.partner + 1),
            "amount": self.amount,
            "settlement_date": date(self.day),
        });
        let tax_free = percent_of(self.tax_free, self.amount);
        if tax_free != 0 {
            document["tax_free_amount"] = json!(tax_free);
        }
        document
    }
}
