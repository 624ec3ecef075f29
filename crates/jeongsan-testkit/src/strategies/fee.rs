//! Fees of contracts and additional-fee policies.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Scope, when};

const RATES: [&str; 10] =
    ["0%", "10%", "3.3%", "2.5%", "7.8%", "50%", "0.0374", "3.7412345%", "100%", "120%"];
/// Rates whose products with huge amounts need every digit.
const PRECISE_RATES: [&str; 3] = ["33.3333333333%", "0.000000000001", "12.3456789012%"];

#[derive(Clone, Debug)]
pub(super) enum FeePlan {
    Flat(Flat),
    Tiers { steps: Vec<(u16, &'static str)>, is_marginal: bool, measure: &'static str, bounds: Flat },
    Select(Vec<(When, Flat)>, Flat),
}

#[derive(Clone, Debug)]
pub(super) struct Flat {
    rate: Option<&'static str>,
    fixed: Option<i64>,
    min: Option<i64>,
    max: Option<i64>,
    is_vat_inclusive: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum When {
    Card,
    Transfer,
    Food,
    Seoul,
    CardInSeoul,
    FirstMonths(u8),
    Graded(&'static str),
    Promotion(u8, Option<u8>),
    On(&'static [&'static str]),
    At(&'static str, &'static str),
    CardOnWeekendNights,
}

/// Instants of which payments lie on either side, or on them.
pub(super) const INSTANTS: [&str; 6] = [
    "2026-02-14T00:00:00+09:00",
    "2026-02-14T00:00:00Z",
    "2026-03-01T10:30:00-05:00",
    "2026-08-14T00:00:00+09:00",
    "2026-08-31T22:00:00+09:00",
    "2027-01-01T00:00:00+09:00",
];

fn rate(scope: Scope) -> BoxedStrategy<&'static str> {
    let plain = proptest::sample::select(&RATES[..]);
    // A formula engine need not hold twelve decimals of a rate times whatever the formula does with it.
    if scope.formulas {
        plain.boxed()
    } else {
        prop_oneof![6 => plain, 1 => proptest::sample::select(&PRECISE_RATES[..])].boxed()
    }
}

fn flat(scope: Scope) -> impl Strategy<Value = Flat> {
    let sometimes = |amounts: &'static [i64]| prop_oneof![4 => Just(None), 1 => proptest::sample::select(amounts).prop_map(Some)];
    let rate_or_none = prop_oneof![1 => Just(None), 8 => rate(scope).prop_map(Some)];
    (
        rate_or_none,
        sometimes(&[0, 1, 100, 333, 1_000]),
        sometimes(&[0, 1, 10, 500]),
        sometimes(&[0, 5, 275, 3_000]),
        proptest::bool::weighted(0.2),
    )
        .prop_map(|(rate, fixed, min, max, is_vat_inclusive)| {
            // A fee of nothing at all is none: give it a fixed part.
            let fixed = if rate.is_none() { Some(fixed.unwrap_or(1_000)) } else { fixed };
            let max = max.map(|max: i64| max.max(min.unwrap_or(0)));
            Flat { rate, fixed, min, max, is_vat_inclusive }
        })
}

pub(super) fn fee(scope: Scope) -> BoxedStrategy<FeePlan> {
    let plain = flat(scope).prop_map(FeePlan::Flat);
    let whens = prop_oneof![
        Just(When::Card),
        Just(When::Transfer),
        Just(When::Food),
        Just(When::Seoul),
        Just(When::CardInSeoul),
        (0..=14_u8).prop_map(When::FirstMonths),
        proptest::sample::select(vec!["small-1", "small-2", "general"]).prop_map(When::Graded),
        (0..6_u8, proptest::option::of(0..6_u8)).prop_map(|(from, before)| When::Promotion(from, before)),
        proptest::sample::select(vec![&["SAT", "SUN"][..], &["MON"], &["FRI", "TUE", "WED"]])
            .prop_map(When::On),
        proptest::sample::select(vec![
            ("22:00", "02:00"),
            ("09:00", "18:30:30"),
            ("00:00", "12:00"),
            ("12:00", "00:00")
        ])
        .prop_map(|(from, before)| When::At(from, before)),
        Just(When::CardOnWeekendNights),
    ];
    let select = (proptest::collection::vec((whens, flat(scope)), 1..=3), flat(scope))
        .prop_map(|(entries, last)| FeePlan::Select(entries, last));
    let measure = prop_oneof![Just("given"), Just("previous-month-sales"), Just("month-to-date-sales")];
    let measure = when(scope.sales, measure, "given");
    let steps = proptest::collection::vec((1..=3_000_u16, rate(scope)), 1..=3);
    let tiers =
        (steps, any::<bool>(), measure, flat(scope)).prop_map(|(mut steps, is_marginal, measure, bounds)| {
            steps.sort_by_key(|(from, _)| *from);
            steps.dedup_by_key(|(from, _)| *from);
            steps[0].0 = 0;
            FeePlan::Tiers { steps, is_marginal, measure, bounds }
        });
    let plain = plain.boxed();
    prop_oneof![
        3 => plain.clone(),
        1 => if scope.select { select.boxed() } else { plain.clone() },
        1 => if scope.tiers { tiers.boxed() } else { plain },
    ]
    .boxed()
}

impl FeePlan {
    /// The fee's document; `can_be_marginal` is false where a formula or the order's form forbids it.
    pub(super) fn document(&self, can_be_marginal: bool) -> Value {
        match self {
            Self::Flat(flat) => flat.document(),
            Self::Tiers { steps, is_marginal, measure, bounds } => {
                let tier = |(from, rate): &(u16, &str)| json!({ "from": from, "rate": rate });
                let mode = if *is_marginal && can_be_marginal { "marginal" } else { "whole" };
                let mut document = Flat { rate: None, fixed: None, ..bounds.clone() }.document();
                document["tiers"] = steps.iter().map(tier).collect();
                document["mode"] = json!(mode);
                document["measure"] = json!(measure);
                document
            }
            Self::Select(entries, last) => {
                let entry = |(when, flat): &(When, Flat)| {
                    let mut document = flat.document();
                    document["when"] = when.document();
                    document
                };
                let mut entries: Vec<Value> = entries.iter().map(entry).collect();
                entries.push(last.document());
                json!({ "select": entries })
            }
        }
    }

    pub(super) const fn is_marginal(&self) -> bool {
        matches!(self, Self::Tiers { is_marginal: true, .. })
    }
}

impl Flat {
    fn document(&self) -> Value {
        let mut document = json!({});
        if let Some(rate) = self.rate {
            document["rate"] = json!(rate);
        }
        for (name, amount) in [("fixed", self.fixed), ("min", self.min), ("max", self.max)] {
            if let Some(amount) = amount {
                document[name] = json!(amount);
            }
        }
        if self.is_vat_inclusive {
            document["vat_inclusive"] = json!(true);
        }
        document
    }
}

impl When {
    fn document(self) -> Value {
        match self {
            Self::Card => json!({ "payment_method": "card" }),
            Self::Transfer => json!({ "payment_method": "transfer" }),
            Self::Food => json!({ "category": "food" }),
            Self::Seoul => json!({ "region": "Seoul" }),
            Self::CardInSeoul => json!({ "payment_method": "card", "region": "Seoul" }),
            Self::FirstMonths(months) => json!({ "months_since_joining_below": months }),
            Self::Graded(grade) => json!({ "seller_grade": grade }),
            Self::Promotion(from, None) => json!({ "paid_from": INSTANTS[usize::from(from)] }),
            Self::Promotion(from, Some(before)) => {
                json!({ "paid_from": INSTANTS[usize::from(from)], "paid_before": INSTANTS[usize::from(before)] })
            }
            Self::On(weekdays) => json!({ "paid_weekdays": weekdays }),
            Self::At(from, before) => json!({ "paid_time": { "from": from, "before": before } }),
            Self::CardOnWeekendNights => json!({
                "payment_method": "card",
                "paid_weekdays": ["SAT", "SUN"],
                "paid_time": { "from": "22:00", "before": "02:00" },
            }),
        }
    }
}

/// Whether a fee may be any at all: shares of discounts.
pub(super) fn share() -> BoxedStrategy<&'static str> {
    proptest::sample::select(&["0%", "50%", "100%", "33.3%", "12.5%", "0.05"][..]).boxed()
}

/// The document of a version: with a date from which it applies, or without.
pub(super) fn dated(mut document: Value, from: Option<&str>) -> Value {
    if let Some(from) = from {
        document["applies_from"] = json!(from);
    }
    document
}

/// Versions' dates: none at all, or a first (perhaps without a date, perhaps late) and a second.
pub(super) fn version_dates(scope: Scope) -> BoxedStrategy<Vec<Option<&'static str>>> {
    let dates = prop_oneof![
        3 => Just(vec![None]),
        1 => Just(vec![Some("2026-01-01")]),
        1 => Just(vec![None, Some("2026-02-01")]),
        1 => Just(vec![Some("2026-02-01"), Some("2026-01-01")]),
        1 => Just(vec![Some("2026-01-15")]),
    ];
    when(scope.versions, dates, vec![None])
}
