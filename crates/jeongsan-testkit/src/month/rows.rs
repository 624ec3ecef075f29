//! The rows of a month, whose fields are written in the order of these structs.

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct OrderRow {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) partner: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contract: Option<&'static str>,
    pub(super) start_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) order_amount: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) lines: Vec<LineRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) discounts: Vec<DiscountRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) additional_fees: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shipping_amount: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tax_free_amount: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) settlement_date: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) attributes: BTreeMap<&'static str, &'static str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) parameters: BTreeMap<&'static str, &'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) volume: Option<i64>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct LineRow {
    pub(super) product: String,
    pub(super) amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tax_free_amount: Option<i64>,
    pub(super) quantity: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) discounts: Vec<DiscountRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) additional_fees: Vec<&'static str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) attributes: BTreeMap<&'static str, &'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct DiscountRow {
    pub(super) policy: &'static str,
    pub(super) amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tax_free_amount: Option<i64>,
}

#[derive(Debug, Serialize)]
pub(super) struct ManualRow {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) partner: String,
    pub(super) amount: i64,
    pub(super) settlement_date: String,
    pub(super) memo: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct CancelRow {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) order: String,
    pub(super) date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) order_amount: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) lines: Vec<LineCancelRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) all: Option<bool>,
}

#[derive(Debug, Serialize)]
pub(super) struct LineCancelRow {
    pub(super) product: String,
    pub(super) quantity: i64,
}

/// A row as a line of JSON.
pub(super) fn line(row: &impl Serialize) -> String {
    // Strings, integers and lists of them always serialize.
    serde_json::to_string(row).unwrap_or_default()
}
