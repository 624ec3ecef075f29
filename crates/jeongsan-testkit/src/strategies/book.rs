//! Policy books.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::cycle::cycle;
use super::fee::{FeePlan, dated, fee, share, version_dates};
use super::formulas::{FormulasPlan, formulas};
use super::{Cancels, Scope, when};

#[derive(Clone, Debug)]
pub(super) struct BookPlan {
    roundings: Vec<&'static str>,
    is_per_order: bool,
    is_independent: bool,
    adjusts_if_earlier: bool,
    vat_rate: Option<&'static str>,
    tenure_counting: Option<&'static str>,
    time_zone: Option<&'static str>,
    /// Whether the second partner's grade changes at instants; the first one's is an attribute.
    has_grades: bool,
    sales_known_from: Option<&'static str>,
    formulas: FormulasPlan,
    contracts: Vec<ContractPlan>,
    shares: Vec<Versions<SharePlan>>,
    /// The order amounts that coupons ask for, by the places of `shares`.
    minimums: Vec<Option<i64>>,
    additional: Vec<AdditionalPlan>,
    has_lines: bool,
}

/// Dates, and what each version is; where there are more dates than versions, versions repeat.
type Versions<T> = (Vec<Option<&'static str>>, Vec<T>);

/// Who pays for a discount.
#[derive(Clone, Debug)]
struct SharePlan {
    partner: &'static str,
    /// Others beside the partner, where it has any: shares and caps.
    funders: Vec<(u8, Option<i64>)>,
    /// Where the partner stands among them, and its cap; perhaps it is none of them.
    place: usize,
    cap: Option<i64>,
    passes_on: bool,
}

#[derive(Clone, Debug)]
struct ContractPlan {
    dates: Vec<Option<&'static str>>,
    fees: Vec<FeePlan>,
    base: Option<&'static str>,
    bears_vat: bool,
    subtracts_payment_vat: bool,
    cycle: Value,
    agencies: Vec<AgencyPlan>,
    /// Which of [`CANCEL_OPTIONS`] it takes.
    on_cancel: [bool; 6],
}

#[derive(Clone, Debug)]
struct AgencyPlan {
    partner: &'static str,
    of: &'static str,
    share: Value,
}

/// What a contract can say of cancels, other than by default.
const CANCEL_OPTIONS: [(&str, &str); 6] = [
    ("platform_fee", "keep"),
    ("additional_fee", "keep"),
    ("order_discounts", "spread"),
    ("coupon_minimum", "withdraw"),
    ("free_shipping", "charge"),
    ("return_courier", "merchant"),
];

#[derive(Clone, Debug)]
struct AdditionalPlan {
    dates: Vec<Option<&'static str>>,
    fees: Vec<FeePlan>,
    bears_vat: bool,
    base: &'static str,
}

pub(super) fn book(scope: Scope) -> impl Strategy<Value = BookPlan> {
    let rounding = proptest::sample::select(vec!["down", "half-up", "up", "half-even"]);
    let mode = match scope.cancels {
        Cancels::None | Cancels::Cumulative => Just(false).boxed(),
        Cancels::Independent => Just(true).boxed(),
        Cancels::Both => any::<bool>().boxed(),
    };
    let vat_rate = prop_oneof![
        4 => Just(None),
        1 => proptest::sample::select(vec!["10%", "20%", "8%", "0%", "7.7%"]).prop_map(Some)
    ];
    let tenure = proptest::sample::select(vec![None, Some("calendar-months"), Some("days")]);
    let versions_of_share = (version_dates(scope), proptest::collection::vec(share_plan(scope), 1..=2));
    let zones = proptest::sample::select(vec![None, None, Some("+00:00"), Some("-05:30")]);
    let selecting = when(scope.select, (tenure, zones, any::<bool>()), (None, None, false));
    let minimum = proptest::sample::select(vec![None, Some(10), Some(500), Some(5_000), Some(100_000)]);
    let known = proptest::sample::select(vec![None, Some("2025-12"), Some("2026-03")]);
    let known = when(scope.sales, known, None);
    let options = (mode, when(scope.cycles, any::<bool>(), true), vat_rate, selecting, known);
    (
        proptest::collection::vec(rounding, 5),
        when(scope.per_order, any::<bool>(), false),
        options,
        formulas(scope),
        proptest::collection::vec(contract(scope), 1..=3),
        proptest::collection::vec(versions_of_share, 1..=3),
        when(scope.cancel_options, proptest::collection::vec(minimum, 3), vec![None; 3]),
        proptest::collection::vec(additional(scope), 1..=3),
    )
        .prop_map(
            move |(roundings, is_per_order, options, formulas, contracts, shares, minimums, additional)| {
                let (is_independent, adjusts_if_earlier, vat_rate, selecting, sales_known_from) = options;
                let (tenure_counting, time_zone, has_grades) = selecting;
                BookPlan {
                    roundings,
                    is_per_order,
                    is_independent,
                    adjusts_if_earlier,
                    vat_rate,
                    tenure_counting,
                    time_zone,
                    has_grades,
                    sales_known_from,
                    formulas,
                    contracts,
                    shares,
                    minimums,
                    additional,
                    has_lines: scope.lines,
                }
            },
        )
}

fn share_plan(scope: Scope) -> impl Strategy<Value = SharePlan> {
    let cap = || proptest::option::of(proptest::sample::select(vec![0_i64, 1, 7, 100, 500]));
    let funders = proptest::collection::vec((0..=33_u8, cap()), 0..=3);
    let funded = (when(scope.funders, funders, Vec::new()), 0..5_usize, cap(), any::<bool>());
    (share(), funded).prop_map(|(partner, (funders, place, cap, passes_on))| SharePlan {
        partner,
        funders,
        place,
        cap,
        passes_on,
    })
}

impl SharePlan {
    fn document(&self, id: String, can_have_funders: bool) -> Value {
        if self.funders.is_empty() || !can_have_funders {
            return json!({ "id": id, "partner_share": self.partner });
        }
        // Shares come to at most the whole.
        let others = self.funders.iter().zip(["brand", "card-company", "bank"]);
        let funder = |party: &str, share: &str, cap: Option<i64>| {
            let mut document = json!({ "party": party, "share": share });
            if let Some(cap) = cap {
                document["cap"] = json!(cap);
            }
            document
        };
        let most = if self.place <= self.funders.len() { 22 } else { 33 };
        let others =
            others.map(|((share, cap), party)| funder(party, &format!("{}%", (*share).min(most)), *cap));
        let mut list: Vec<Value> = others.collect();
        if self.place <= list.len() {
            list.insert(self.place, funder("partner", "33.3%", self.cap));
        }
        let mut document = json!({ "id": id, "funders": list });
        if self.passes_on {
            document["overflow"] = json!("next");
        }
        document
    }
}

fn contract(scope: Scope) -> impl Strategy<Value = ContractPlan> {
    let fees = proptest::collection::vec(fee(scope), 1..=2);
    let bases = proptest::sample::select(vec![None, None, Some("payment"), Some("after-discount")]);
    let vat = (any::<bool>(), any::<bool>());
    let agencies = when(scope.agencies, proptest::collection::vec(agency(), 0..=3), Vec::new());
    let on_cancel =
        when(scope.cancel_options, proptest::array::uniform6(proptest::bool::weighted(0.65)), [false; 6]);
    let further = (cycle(scope), agencies, on_cancel);
    (version_dates(scope), fees, when(scope.bases, bases, None), vat, further).prop_map(
        |(dates, fees, base, (bears_vat, subtracts_payment_vat), (cycle, agencies, on_cancel))| {
            ContractPlan { dates, fees, base, bears_vat, subtracts_payment_vat, cycle, on_cancel, agencies }
        },
    )
}

fn agency() -> impl Strategy<Value = AgencyPlan> {
    let share = proptest::sample::select(vec![
        json!({ "rate": "20%" }),
        json!({ "rate": "33.3%", "max": 50 }),
        json!({ "fixed": 500 }),
        json!({ "rate": "1.5%", "fixed": 7, "min": 10 }),
        json!({ "rate": "70%" }),
    ]);
    let partner = proptest::sample::select(vec!["agency-1", "agency-2"]);
    let of = proptest::sample::select(vec!["platform-fee", "settlement"]);
    (partner, of, share).prop_map(|(partner, of, share)| AgencyPlan { partner, of, share })
}

fn additional(scope: Scope) -> impl Strategy<Value = AdditionalPlan> {
    let fees = proptest::collection::vec(fee(scope), 1..=2);
    let known = ["order", "payment", "shipping", "after-discount"];
    let base = proptest::sample::select(known[..if scope.bases { 4 } else { 3 }].to_vec());
    (version_dates(scope), fees, any::<bool>(), base)
        .prop_map(|(dates, fees, bears_vat, base)| AdditionalPlan { dates, fees, bears_vat, base })
}

impl AgencyPlan {
    fn document(&self) -> Value {
        json!({ "partner": self.partner, "of": self.of, "share": self.share })
    }
}

impl BookPlan {
    pub(super) fn document(&self) -> Value {
        let mut book = json!({
            "version": 1,
            "currency": "KRW",
            "calendar": "KR-BANK",
            "rounding": { "scope": if self.is_per_order { "per-order" } else { "per-line" } },
            "contracts": self.contract_documents(),
            "discount_share_policies": self.share_documents(),
            "additional_fee_policies": self.additional_documents(),
            "partners": [
                { "id": "seller-1", "kind": "business", "default_contract": "contract-1",
                  "joined_on": "2025-11-30", "properties": { "region": "Seoul", "seller_grade": "small-1" } },
                { "id": "seller-2", "kind": "withholding",
                  "default_contract": format!("contract-{}", self.contracts.len()) },
            ],
        });
        if self.contracts.iter().any(|contract| !contract.agencies.is_empty()) {
            let cycle =
                json!({ "lag": { "days": 5 }, "method": { "monthly": [31] }, "date_policy": "calendar-day" });
            let contracts = book["contracts"].as_array_mut();
            contracts.into_iter().for_each(|contracts| {
                contracts.push(json!({
                    "id": "agencies", "platform_fee": { "rate": "0%" }, "platform_fee_vat_payer": "merchant", "cycle": cycle,
                }));
            });
            let partners = book["partners"].as_array_mut();
            partners.into_iter().for_each(|partners| {
                partners
                    .push(json!({ "id": "agency-1", "kind": "business", "default_contract": "agencies" }));
                partners.push(json!({ "id": "agency-2", "kind": "business" }));
            });
        }
        let names = ["platform_fee", "additional_fee", "discount_share", "vat", "settlement"];
        for (name, rounding) in names.into_iter().zip(&self.roundings) {
            book["rounding"][name] = json!(rounding);
        }
        if self.has_grades {
            book["partners"][1]["grades"] = json!([
                { "grade": "small-2" },
                { "grade": "small-1", "from": "2026-02-14T00:00:00+09:00" },
                { "grade": "general", "from": "2026-08-13T15:00:00Z" },
            ]);
        }
        self.put_options(&mut book);
        self.formulas.write(&mut book);
        book
    }

    /// Only what differs from the defaults: an engine may not know an option that is out of scope.
    fn put_options(&self, book: &mut Value) {
        let adjusts = (!self.adjusts_if_earlier).then_some(json!(false));
        let cancel = self.is_independent.then_some(json!("independent"));
        for (name, option) in [
            ("adjust_after_holiday_if_earlier", adjusts),
            ("cancel", cancel),
            ("vat_rate", self.vat_rate.map(Value::from)),
            ("tenure_counting", self.tenure_counting.map(Value::from)),
            ("time_zone", self.time_zone.map(Value::from)),
            ("sales_known_from", self.sales_known_from.map(Value::from)),
        ] {
            if let Some(option) = option {
                book["options"][name] = option;
            }
        }
    }

    fn contract_documents(&self) -> Vec<Value> {
        let mut documents = Vec::new();
        for (contract, number) in self.contracts.iter().zip(1..) {
            for (place, from) in contract.dates.iter().enumerate() {
                let fee = &contract.fees[place % contract.fees.len()];
                let mut document = json!({
                    "id": format!("contract-{number}"),
                    "platform_fee": fee.document(self.can_be_marginal()),
                    "platform_fee_vat_payer": payer(contract.bears_vat),
                    "subtract_payment_vat": contract.subtracts_payment_vat,
                    "cycle": contract.cycle,
                });
                // A formula of its own takes what it wants as its base.
                if let Some(base) = contract.base.filter(|_| !self.formulas.has_custom_platform_fee()) {
                    document["platform_fee_base"] = json!(base);
                }
                let options = CANCEL_OPTIONS.iter().zip(contract.on_cancel).filter(|(_, takes)| *takes);
                for ((thing, way), _) in options {
                    document["on_cancel"][thing] = json!(way);
                }
                if !contract.agencies.is_empty() {
                    document["agencies"] = contract.agencies.iter().map(AgencyPlan::document).collect();
                }
                documents.push(dated(document, *from));
            }
        }
        documents
    }

    fn share_documents(&self) -> Vec<Value> {
        let mut documents = Vec::new();
        for (((dates, shares), minimum), number) in self.shares.iter().zip(&self.minimums).zip(1..) {
            for (place, from) in dates.iter().enumerate() {
                let share = &shares[place % shares.len()];
                let can_have_funders = !self.formulas.has_custom_discount_share();
                let mut document = share.document(format!("coupon-{number}"), can_have_funders);
                if let Some(minimum) = minimum {
                    document["minimum_order"] = json!(minimum);
                }
                documents.push(dated(document, *from));
            }
        }
        documents
    }

    fn additional_documents(&self) -> Vec<Value> {
        let mut documents = Vec::new();
        for (policy, number) in self.additional.iter().zip(1..) {
            for (place, from) in policy.dates.iter().enumerate() {
                let fee = &policy.fees[place % policy.fees.len()];
                // A formula of its own takes what it wants as its base.
                let base = if self.formulas.has_custom_additional_fee() { "order" } else { policy.base };
                let document = json!({
                    "id": format!("extra-{number}"),
                    "fee": fee.document(false),
                    "vat_payer": payer(policy.bears_vat),
                    "base": base,
                });
                documents.push(dated(document, *from));
            }
        }
        documents
    }

    /// A marginal tier is for the default formula; and lines have no order of their own on a volume.
    fn can_be_marginal(&self) -> bool {
        !self.formulas.has_custom_platform_fee()
    }

    /// The id of a contract, by any number.
    pub(super) fn contract_id(&self, number: u8) -> String {
        format!("contract-{}", usize::from(number) % self.contracts.len() + 1)
    }

    pub(super) fn coupon_id(&self, number: u8) -> String {
        format!("coupon-{}", usize::from(number) % self.shares.len() + 1)
    }

    pub(super) fn extra_id(&self, number: u8) -> String {
        format!("extra-{}", usize::from(number) % self.additional.len() + 1)
    }

    /// Whether orders may be by lines: no contract has marginal tiers.
    pub(super) fn allows_lines(&self) -> bool {
        let has_marginal =
            self.contracts.iter().flat_map(|contract| &contract.fees).any(FeePlan::is_marginal);
        self.has_lines && !(has_marginal && self.can_be_marginal())
    }

    pub(super) fn has_season(&self) -> bool {
        self.formulas.has_season()
    }
}

const fn payer(is_partner: bool) -> &'static str {
    if is_partner { "partner" } else { "merchant" }
}
