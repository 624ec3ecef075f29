//! What a cancellation gives back under a contract, as a document.

use alloc::format;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::contract::OnCancel;

use super::book::Reader;
use super::map::map_document;

/// What a cancellation gives back and what it charges, as it is written; each left out for its default.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct OnCancelDocument {
    /// `return` or `keep`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_fee: Option<String>,
    /// `return` or `keep`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_fee: Option<String>,
    /// `stated` or `spread`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_discounts: Option<String>,
    /// `keep` or `withdraw`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupon_minimum: Option<String>,
    /// `keep` or `charge`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_shipping: Option<String>,
    /// `partner` or `merchant`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_courier: Option<String>,
}

map_document! {
    OnCancelDocument => "the options of a contract for cancellations",
}

impl OnCancelDocument {
    pub(super) fn to_on_cancel(&self, reader: &mut Reader, path: &str) -> OnCancel {
        let at = |field: &str| format!("{path}.{field}");
        let mut terms = OnCancel::default();
        terms.platform_fee =
            reader.value_or(&at("platform_fee"), self.platform_fee.as_deref(), terms.platform_fee);
        terms.additional_fee =
            reader.value_or(&at("additional_fee"), self.additional_fee.as_deref(), terms.additional_fee);
        terms.order_discounts =
            reader.value_or(&at("order_discounts"), self.order_discounts.as_deref(), terms.order_discounts);
        terms.coupon_minimum =
            reader.value_or(&at("coupon_minimum"), self.coupon_minimum.as_deref(), terms.coupon_minimum);
        terms.free_shipping =
            reader.value_or(&at("free_shipping"), self.free_shipping.as_deref(), terms.free_shipping);
        terms.return_courier =
            reader.value_or(&at("return_courier"), self.return_courier.as_deref(), terms.return_courier);
        terms
    }
}
