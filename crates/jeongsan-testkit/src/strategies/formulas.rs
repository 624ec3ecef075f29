//! Formulas and parameters of books.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Scope, when};

/// Which formula each slot has: 0 is the default, which is then left out.
#[derive(Clone, Debug, Default)]
pub(super) struct FormulasPlan {
    platform_fee: usize,
    discount_share: usize,
    additional_fee: usize,
    settlement: usize,
    settlement_tax_free: usize,
    user: bool,
    has_parameters: bool,
}

const PLATFORM_FEE: [&str; 8] = [
    "",
    "PAYMENT_AMOUNT * FIXED_RATE",
    "ROUND_UP(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT",
    "max(ORDER_AMOUNT * FIXED_RATE, 100)",
    "if(ORDER_AMOUNT >= 1000, ORDER_AMOUNT * FIXED_RATE, FIXED_AMOUNT)",
    "(결제금액 - 결제금액부가세) * 정률",
    "(ORDER_AMOUNT - DISCOUNT_SHARE) / 7",
    "ORDER_AMOUNT * FIXED_RATE * season_factor",
];
const DISCOUNT_SHARE: [&str; 5] = [
    "",
    "ROUND(DISCOUNT_AMOUNT * FIXED_RATE)",
    "DISCOUNT_AMOUNT / 3",
    "min(DISCOUNT_AMOUNT * FIXED_RATE, 500)",
    "DISCOUNT_AMOUNT * FIXED_RATE + 7",
];
const ADDITIONAL_FEE: [&str; 4] = [
    "",
    "PAYMENT_AMOUNT * FIXED_RATE + FIXED_AMOUNT",
    "PLATFORM_FEE * FIXED_RATE",
    "ORDER_AMOUNT * FIXED_RATE + PLATFORM_FEE_VAT",
];
const SETTLEMENT: [&str; 4] = [
    "",
    "ORDER_AMOUNT - PLATFORM_FEE - ADDITIONAL_FEE",
    "(ORDER_AMOUNT - DISCOUNT_SHARE) * 0.9 - PLATFORM_FEE",
    "ORDER_AMOUNT - PLATFORM_FEE - PLATFORM_FEE_VAT - levy - twice",
];
const SETTLEMENT_TAX_FREE: [&str; 2] = ["", "SETTLEMENT_AMOUNT * ORDER_TAX_FREE_RATIO"];

pub(super) fn formulas(scope: Scope) -> BoxedStrategy<FormulasPlan> {
    let slots = (
        0..PLATFORM_FEE.len(),
        0..DISCOUNT_SHARE.len(),
        0..ADDITIONAL_FEE.len(),
        0..SETTLEMENT.len(),
        0..SETTLEMENT_TAX_FREE.len(),
        any::<bool>(),
    );
    let of_slots = slots.prop_map(|slots| {
        let (platform_fee, discount_share, additional_fee, settlement, settlement_tax_free, user) = slots;
        FormulasPlan {
            platform_fee,
            discount_share,
            additional_fee,
            settlement,
            settlement_tax_free,
            user,
            has_parameters: false,
        }
    });
    let custom = prop_oneof![Just(FormulasPlan::default()), of_slots];
    let plan = when(scope.formulas, custom, FormulasPlan::default());
    (plan, when(scope.parameters, any::<bool>(), false))
        .prop_map(|(plan, has_parameters)| FormulasPlan { has_parameters, ..plan })
        .boxed()
}

impl FormulasPlan {
    pub(super) fn write(&self, book: &mut Value) {
        let needs_season = self.platform_fee + 1 == PLATFORM_FEE.len();
        if self.has_parameters || needs_season {
            book["parameters"] = json!({ "season_factor": "1.05" });
        }
        let texts = [
            ("platform_fee", PLATFORM_FEE[self.platform_fee]),
            ("discount_share", DISCOUNT_SHARE[self.discount_share]),
            ("additional_fee", ADDITIONAL_FEE[self.additional_fee]),
            ("settlement", SETTLEMENT[self.settlement]),
            ("settlement_tax_free", SETTLEMENT_TAX_FREE[self.settlement_tax_free]),
        ];
        let mut formulas = json!({});
        for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            formulas[name] = json!(text);
        }
        if self.user || self.settlement + 1 == SETTLEMENT.len() {
            formulas["user"] = json!([
                { "key": "levy", "name": "분담금", "formula": "PAYMENT_AMOUNT * 0.001", "rounding": "half-up" },
                { "key": "twice", "name": "twice", "formula": "levy * 2", "rounding": "down" },
                // A free line has no value of it, and no settlement needs it.
                { "key": "part", "name": "part", "formula": "PAYMENT_AMOUNT * 1000 / ORDER_AMOUNT", "rounding": "down" },
            ]);
        }
        if formulas != json!({}) {
            book["formulas"] = formulas;
        }
    }

    /// Whether orders may override `season_factor`.
    pub(super) fn has_season(&self) -> bool {
        self.has_parameters || self.platform_fee + 1 == PLATFORM_FEE.len()
    }

    pub(super) const fn has_custom_platform_fee(&self) -> bool {
        self.platform_fee != 0
    }

    pub(super) const fn has_custom_discount_share(&self) -> bool {
        self.discount_share != 0
    }

    pub(super) const fn has_custom_additional_fee(&self) -> bool {
        self.additional_fee != 0
    }
}
