//! Strategies of whole cases: a policy book and the events that happen under it, as documents.
//!
//! A [`Scope`] says what may occur in them. Amounts lean towards 0, small numbers and ties of rounding; events shrink
//! one by one, each towards a plain order of nothing under the first contract.
//!
//! ```
//! use jeongsan_testkit::strategies::{Scope, cases};
//! use proptest::prelude::*;
//!
//! proptest!(ProptestConfig::with_cases(4), |(case in cases(Scope::PLAIN))| {
//!     prop_assert_eq!(&case.book["currency"], "KRW");
//! });
//! ```

mod amount;
mod book;
mod cancel;
mod cycle;
mod events;
mod fault;
mod fee;
mod formulas;
mod order;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

pub use amount::amount;

/// What may occur in a case.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// Orders by lines, besides those by amount.
    pub lines: bool,
    /// Orders settled by line and in whole; without it, the default alone.
    pub per_order: bool,
    /// Discounts of lines and orders.
    pub discounts: bool,
    /// Discounts that others than partner and merchant pay for too.
    pub funders: bool,
    /// Additional fees of lines and orders, and shipping amounts.
    pub additional_fees: bool,
    /// Fees on any base: what the partner sells for, and contracts' fees on the payment too.
    pub bases: bool,
    /// Tax-free amounts of units, orders and discounts.
    pub tax_free: bool,
    /// Manual entries and given settlement dates.
    pub manual: bool,
    /// Cancels, valid and not.
    pub cancels: Cancels,
    /// Contracts that keep fees, spread discounts, withdraw coupons or charge shipping when an order is cancelled, and events that
    /// these go by.
    pub cancel_options: bool,
    /// Fees by brackets of a given volume.
    pub tiers: bool,
    /// Fees by brackets of the partner's sales, and statements of sales before the run.
    pub sales: bool,
    /// Fees chosen by attributes.
    pub select: bool,
    /// Formulas other than the default ones. Amounts are then not huge: what an engine holds on the way is limited.
    pub formulas: bool,
    /// Parameters, and orders that override them.
    pub parameters: bool,
    /// Later versions of contracts and policies, and orders that precede the first.
    pub versions: bool,
    /// Any settlement cycle, on Korean bank business days of 2026 and 2027.
    pub cycles: bool,
    /// Agencies that take shares of fees and settlements.
    pub agencies: bool,
    /// Amounts up to nine thousand billion.
    pub huge_amounts: bool,
    /// Events that are refused, of every code.
    pub bad_events: bool,
}

/// Which cancels may occur.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cancels {
    /// None.
    None,
    /// Under the default option.
    Cumulative,
    /// Each by itself.
    Independent,
    /// A book has the one or the other.
    Both,
}

impl Scope {
    /// Orders by amount or lines with discounts, additional fees and tax-free parts; daily cycles.
    pub const PLAIN: Self = Self {
        lines: true,
        per_order: true,
        discounts: true,
        additional_fees: true,
        bases: false,
        funders: false,
        tax_free: true,
        manual: true,
        cancels: Cancels::None,
        cancel_options: false,
        tiers: false,
        sales: false,
        select: false,
        formulas: false,
        parameters: false,
        versions: false,
        cycles: false,
        agencies: false,
        huge_amounts: false,
        bad_events: false,
    };

    /// Everything but agencies, whose rows stand beside those of the events.
    pub const ALL: Self = Self {
        cancels: Cancels::Both,
        bases: true,
        funders: true,
        cancel_options: true,
        tiers: true,
        select: true,
        formulas: true,
        parameters: true,
        versions: true,
        cycles: true,
        huge_amounts: true,
        bad_events: true,
        ..Self::PLAIN
    };

    /// Whether amounts may be huge.
    const fn reaches_high(self) -> bool {
        self.huge_amounts && !self.formulas
    }
}

/// A policy book and events under it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The book.
    pub book: Value,
    /// The events, in their order.
    pub events: Vec<Value>,
}

/// Cases within a scope.
pub fn cases(scope: Scope) -> impl Strategy<Value = Case> {
    let openings = when(scope.sales, proptest::collection::vec(opening(), 0..4), Vec::new());
    (book::book(scope), events::plans(scope), openings).prop_map(move |(plan, events, openings)| {
        let book = plan.document();
        let mut events = events::documents(&events, &plan);
        for (place, opening) in openings {
            let place = place.map_or(0, |place| place.index(events.len() + 1));
            events.insert(place, opening);
        }
        Case { book, events }
    })
}

/// A statement of opening sales, mostly ahead of the orders.
fn opening() -> impl Strategy<Value = (Option<Index>, Value)> {
    let place = prop_oneof![4 => Just(None), 1 => any::<Index>().prop_map(Some)];
    let month = proptest::sample::select(vec!["2025-12", "2026-02", "2026-03", "2026-08"]);
    (place, proptest::sample::select(vec!["seller-1", "seller-2"]), month, -100_i64..5_000).prop_map(
        |(place, partner, month, amount)| {
            (place, json!({ "type": "sales", "partner": partner, "month": month, "amount": amount }))
        },
    )
}

/// A strategy where a feature is in scope, and one plain value where it is not.
fn when<T: Clone + std::fmt::Debug + 'static>(
    is_in_scope: bool,
    strategy: impl Strategy<Value = T> + 'static,
    plain: T,
) -> BoxedStrategy<T> {
    if is_in_scope { strategy.boxed() } else { Just(plain).boxed() }
}

/// So many percent of an amount, cut.
fn percent_of(percent: u8, amount: i64) -> i64 {
    i64::try_from(i128::from(amount) * i128::from(percent) / 100).unwrap_or(i64::MAX)
}
