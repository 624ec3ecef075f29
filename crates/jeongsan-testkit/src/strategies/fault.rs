//! Faults: one thing wrong with an event that would be right.

use proptest::prelude::*;
use serde_json::{Value, json};

/// One thing that is made wrong.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    NoField,
    UnknownField,
    Float,
    NegativeAmount,
    ZeroQuantity,
    TextAmount,
    DuplicateId,
    UnknownPartner,
    UnknownContract,
    UnknownCoupon,
    UnknownExtra,
    UnknownOrder,
    NoDetail,
    Ambiguous,
    Mismatch,
    DuplicateProduct,
    UnknownProduct,
    DiscountExceedsOrder,
    TaxFreeExceedsDiscount,
    TaxFreeExceedsOrder,
    OutOfRange,
    SettlementBeforeStart,
    BeforeFirstVersion,
}

pub(super) fn fault() -> BoxedStrategy<Option<Fault>> {
    use Fault::{
        Ambiguous, BeforeFirstVersion, DiscountExceedsOrder, DuplicateId, DuplicateProduct, Float, Mismatch,
        NegativeAmount, NoDetail, NoField, OutOfRange, SettlementBeforeStart, TaxFreeExceedsDiscount,
        TaxFreeExceedsOrder, TextAmount, UnknownContract, UnknownCoupon, UnknownExtra, UnknownField,
        UnknownOrder, UnknownPartner, UnknownProduct, ZeroQuantity,
    };
    let faults = vec![
        NoField,
        UnknownField,
        Float,
        NegativeAmount,
        ZeroQuantity,
        TextAmount,
        DuplicateId,
        UnknownPartner,
        UnknownContract,
        UnknownCoupon,
        UnknownExtra,
        UnknownOrder,
        NoDetail,
        Ambiguous,
        Mismatch,
        DuplicateProduct,
        UnknownProduct,
        DiscountExceedsOrder,
        TaxFreeExceedsDiscount,
        TaxFreeExceedsOrder,
        OutOfRange,
        SettlementBeforeStart,
        BeforeFirstVersion,
    ];
    prop_oneof![6 => Just(None), 1 => proptest::sample::select(faults).prop_map(Some)].boxed()
}

impl Fault {
    /// Does it to an event, where it can be done; `previous` is the id of an earlier event, if there is one.
    pub(super) fn spoil(self, event: &mut Value, previous: Option<&str>) {
        let is_cancel = event["type"] == "cancel";
        let is_order = event["type"] == "order";
        match self {
            Self::NoField => without(event, if is_cancel { "date" } else { "partner" }),
            Self::UnknownField => event["order_amout"] = json!(1),
            Self::DuplicateId => {
                if let Some(previous) = previous {
                    event["id"] = json!(previous);
                }
            }
            Self::UnknownPartner if !is_cancel => event["partner"] = json!("seller-9"),
            Self::UnknownOrder if is_cancel => event["order"] = json!("o-none"),
            Self::NoDetail if !event["id"].is_null() && event["type"] != "manual" => {
                for name in ["order_amount", "lines", "all", "tax_free_amount"] {
                    without(event, name);
                }
            }
            Self::Mismatch | Self::UnknownProduct if is_cancel => self.spoil_cancel(event),
            Self::Float | Self::NegativeAmount | Self::TextAmount | Self::ZeroQuantity => {
                self.spoil_amount(event);
            }
            _ if is_order => self.spoil_order(event),
            _ => {}
        }
    }

    fn spoil_amount(self, event: &mut Value) {
        let wrong = match self {
            Self::Float => json!(1000.5),
            Self::TextAmount => json!("1000"),
            Self::ZeroQuantity => json!(0),
            _ => json!(-1),
        };
        let is_cancel = event["type"] == "cancel";
        if event["type"] == "manual" {
            // Its amount may be below zero, and it has no quantity.
            if matches!(self, Self::Float | Self::TextAmount) {
                event["amount"] = wrong;
            }
        } else if let Some(line) = event["lines"].get_mut(0) {
            let is_quantity = is_cancel || matches!(self, Self::ZeroQuantity);
            line[if is_quantity { "quantity" } else { "amount" }] = wrong;
        } else if !matches!(self, Self::ZeroQuantity) && !event["order_amount"].is_null() {
            event["order_amount"] = wrong;
        }
    }

    fn spoil_cancel(self, event: &mut Value) {
        without(event, "all");
        without(event, "tax_free_amount");
        if event["lines"].is_array() && matches!(self, Self::Mismatch) {
            without(event, "lines");
            event["order_amount"] = json!(1);
        } else {
            // For an order by amount, lines are a mismatch.
            without(event, "order_amount");
            event["lines"] = json!([{ "product": "item-none", "quantity": 1 }]);
        }
    }

    fn spoil_order(self, event: &mut Value) {
        let policy = json!("coupon-1");
        let most = json!(2_000_000_000_000_000_000_i64);
        match self {
            Self::UnknownContract => event["contract"] = json!("contract-9"),
            Self::UnknownCoupon => push(event, "discounts", json!({ "policy": "coupon-9", "amount": 0 })),
            Self::UnknownExtra => push(event, "additional_fees", json!("extra-9")),
            Self::Ambiguous => {
                event["order_amount"] = json!(1_000);
                event["lines"] = json!([{ "product": "item-1", "amount": 1_000, "quantity": 1 }]);
            }
            Self::DuplicateProduct => {
                if let Some(line) = event["lines"].get(0).cloned() {
                    push(event, "lines", line);
                }
            }
            Self::DiscountExceedsOrder => {
                push(event, "discounts", json!({ "policy": policy, "amount": most }));
            }
            Self::TaxFreeExceedsDiscount => {
                push(event, "discounts", json!({ "policy": policy, "amount": 0, "tax_free_amount": 1 }));
            }
            Self::TaxFreeExceedsOrder => match event["lines"].get_mut(0) {
                Some(line) => {
                    line["tax_free_amount"] = json!(line["amount"].as_i64().unwrap_or(0) + 1);
                    without(event, "tax_free_amount");
                }
                None => event["tax_free_amount"] = most,
            },
            Self::OutOfRange if event["lines"].is_array() => {
                event["lines"] = json!([{ "product": "item-1", "amount": most, "quantity": 5 }]);
                without(event, "discounts");
                without(event, "tax_free_amount");
            }
            Self::SettlementBeforeStart => event["settlement_date"] = json!("2025-12-31"),
            Self::BeforeFirstVersion => event["start_date"] = json!("2025-12-31"),
            _ => {}
        }
    }
}

fn without(event: &mut Value, name: &str) {
    if let Some(fields) = event.as_object_mut() {
        fields.remove(name);
    }
}

fn push(event: &mut Value, name: &str, item: Value) {
    match event[name].as_array_mut() {
        Some(items) => items.push(item),
        None => event[name] = json!([item]),
    }
}
