//! Events as documents.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::cancel::{CancelDetail, Cancellation, CancelledLine, ReturnShipping, UnknownReturnPayer};
use crate::event::Event;
use crate::formula::Value;
use crate::id::{AdditionalFeePolicyId, ContractId, DiscountSharePolicyId, EventId, PartnerId, ProductId};
use crate::money::Amount;
use crate::order::{Discount, FreeShipping, Line, ManualEntry, Order, OrderDetail, PerUnits};
use crate::sales::Opening;
use crate::settle::{Engine, History, HistoryError, Settled};
use crate::true_up::TrueUp;

use super::map::{map_document, optional_distinct};
use super::{AttributeText, Day, EventError, FactDocument, FeeDocument, Instant, MinorUnits, Refusal};

/// An event as it is written: the fields of every type of event, each there or not.
///
/// ```
/// use jeongsan::document::EventDocument;
///
/// let text = r#"{"type":"order","id":"o-1","partner":"seller-1","start_date":"2026-03-02","order_amount":10000}"#;
/// let event: EventDocument = serde_json::from_str(text)?;
/// assert!(event.to_event().is_ok());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct EventDocument {
    /// `order`, `cancel`, `manual` or `true-up`; `sales` states the sales that a partner opens a month with.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The event's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<EventId>,
    /// Who is settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartnerId>,
    /// The contract; the partner's default where none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// The settlement start date of an order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<Day>,
    /// The instant at which the customer paid an order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Instant>,
    /// The order's amount, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_amount: Option<MinorUnits>,
    /// The tax-free part, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_free_amount: Option<MinorUnits>,
    /// The shipping amount, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipping_amount: Option<MinorUnits>,
    /// The order's lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<LineDocument>>,
    /// Discounts on the order as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discounts: Option<Vec<DiscountDocument>>,
    /// Additional-fee policies on the order as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_fees: Option<Vec<AdditionalFeePolicyId>>,
    /// From which order amount on shipping was free, and what it would have cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_shipping: Option<FreeShippingDocument>,
    /// What sending back what is cancelled costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_shipping: Option<ReturnShippingDocument>,
    /// A settlement date that overrides the cycle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_date: Option<Day>,
    /// What the terms may select by.
    #[serde(deserialize_with = "optional_distinct", skip_serializing_if = "Option::is_none")]
    pub attributes: Option<BTreeMap<String, AttributeText>>,
    /// Values of settlement parameters, as decimal texts.
    #[serde(deserialize_with = "optional_distinct", skip_serializing_if = "Option::is_none")]
    pub parameters: Option<BTreeMap<String, String>>,
    /// The measure of a tiered fee, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<MinorUnits>,
    /// The order that is cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<EventId>,
    /// The day of a cancellation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Day>,
    /// Whether all that remains is cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all: Option<bool>,
    /// The amount of a manual entry, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<MinorUnits>,
    /// The month of opening sales, as `YYYY-MM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// The first start date of the orders that a true-up is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// The final fee of a true-up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_fee: Option<Box<FeeDocument>>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<String>,
}

/// A line as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct LineDocument {
    /// The product.
    pub product: ProductId,
    /// The amount per unit, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<MinorUnits>,
    /// The tax-free part per unit, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_free_amount: Option<MinorUnits>,
    /// How many units.
    pub quantity: MinorUnits,
    /// Discounts on the whole line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discounts: Option<Vec<DiscountDocument>>,
    /// Additional-fee policies on the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_fees: Option<Vec<AdditionalFeePolicyId>>,
    /// What the terms may select by.
    #[serde(default, deserialize_with = "optional_distinct", skip_serializing_if = "Option::is_none")]
    pub attributes: Option<BTreeMap<String, AttributeText>>,
}

/// A discount as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct DiscountDocument {
    /// The discount-share policy.
    pub policy: DiscountSharePolicyId,
    /// The discount, in minor units.
    pub amount: MinorUnits,
    /// Its tax-free part, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_free_amount: Option<MinorUnits>,
}

/// Shipping that is free from an order amount on, as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct FreeShippingDocument {
    /// The order amount from which on it is free, in minor units.
    pub minimum: MinorUnits,
    /// What it costs below, in minor units.
    pub fee: MinorUnits,
}

/// What sending goods back costs, as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct ReturnShippingDocument {
    /// How much, in minor units.
    pub amount: MinorUnits,
    /// `customer` or `partner`.
    pub payer: String,
}

map_document! {
    EventDocument => "the fields of an event",
    LineDocument => "the fields of a line",
    DiscountDocument => "the fields of a discount",
    FreeShippingDocument => "the fields of free shipping",
    ReturnShippingDocument => "the fields of return shipping",
}

impl DiscountDocument {
    /// A discount without a tax-free part.
    #[must_use]
    pub const fn new(policy: DiscountSharePolicyId, amount: MinorUnits) -> Self {
        Self { policy, amount, tax_free_amount: None }
    }
}

fn amount_at(number: MinorUnits, path: impl FnOnce() -> String) -> Result<Amount, EventError> {
    number.amount().ok_or_else(|| EventError::OutOfRange { path: path() })
}

pub(super) fn optional_amount(number: Option<MinorUnits>, path: &str) -> Result<Option<Amount>, EventError> {
    number.map(|number| amount_at(number, || path.into())).transpose()
}

pub(super) fn required<T>(value: Option<T>, field: &'static str) -> Result<T, EventError> {
    value.ok_or_else(|| EventError::MissingField { field, path: field.into() })
}

impl EventDocument {
    /// Settles the event, once its id is let in; opening sales, which have none, are noted.
    ///
    /// Of several faults the first of these is told: missing and unknown fields, id, partner, contract, policies, form of the detail, amounts, dates.
    ///
    /// # Errors
    /// Why it is refused; its id is used up all the same.
    pub fn settle(&self, engine: &Engine, history: &mut History) -> Result<Settled, Refusal> {
        if self.kind.as_deref() == Some("sales") {
            let opening = self.to_opening()?;
            engine.check_partner(&opening.partner).map_err(HistoryError::from)?;
            history.open_sales(opening)?;
            return Ok(Settled::default());
        }
        let id = required(self.id.as_ref(), "id")?;
        let date = match self.kind.as_deref() {
            Some("manual") => None,
            Some("cancel" | "true-up") => self.date,
            _ => self.start_date,
        };
        match date {
            Some(Day(date)) => history.admit(id, date)?,
            None => history.use_up(id)?,
        }
        match self.to_event() {
            Ok(event) => Ok(history.settle_admitted(engine, event)?),
            Err(error) => {
                if error.yields_to_names() {
                    self.check_names(engine, history)?;
                }
                Err(error.into())
            }
        }
    }

    /// Looks for what the document names, whatever else is wrong with it.
    fn check_names(&self, engine: &Engine, history: &History) -> Result<(), HistoryError> {
        match (self.kind.as_deref(), &self.order, self.date) {
            (Some("cancel"), Some(order), Some(Day(date))) => history.check_order(order, date),
            _ => match self.names_only() {
                Ok(order) => Ok(engine.check_names(&order)?),
                Err(_) => Ok(()),
            },
        }
    }

    /// The event, if the document is one.
    ///
    /// # Errors
    /// The first fault of its form.
    pub fn to_event(&self) -> Result<Event, EventError> {
        match required(self.kind.as_deref(), "type")? {
            "order" => self.refuse_further("order").and_then(|()| Ok(Event::Order(self.to_order()?))),
            "cancel" => {
                self.refuse_further("cancel").and_then(|()| Ok(Event::Cancel(self.to_cancellation()?)))
            }
            "manual" => self.refuse_further("manual").and_then(|()| Ok(Event::Manual(self.to_manual()?))),
            "true-up" => Ok(Event::TrueUp(self.to_true_up()?)),
            kind if FactDocument::is_fact(kind) => Err(EventError::NotSettled { kind: kind.into() }),
            kind => Err(EventError::UnknownType { kind: kind.chars().take(40).collect() }),
        }
    }

    /// Refuses the fields of opening sales and true-ups.
    fn refuse_further(&self, kind: &'static str) -> Result<(), EventError> {
        self.refuse_fields(
            kind,
            &[
                ("month", self.month.is_some()),
                ("from", self.from.is_some()),
                ("to", self.to.is_some()),
                ("platform_fee", self.platform_fee.is_some()),
            ],
        )
    }

    fn to_true_up(&self) -> Result<TrueUp, EventError> {
        let own = Self {
            kind: self.kind.clone(),
            id: self.id.clone(),
            contract: self.contract.clone(),
            date: self.date,
            from: self.from,
            to: self.to,
            platform_fee: self.platform_fee.clone(),
            memo: self.memo.clone(),
            ..Self::default()
        };
        if *self != own {
            return Err(EventError::TrueUpFields);
        }
        let Day(date) = required(self.date, "date")?;
        let (Day(from), Day(to)) = (required(self.from, "from")?, required(self.to, "to")?);
        let fee = required(self.platform_fee.as_ref(), "platform_fee")?;
        Ok(TrueUp {
            id: required(self.id.as_ref(), "id")?.clone(),
            contract: required(self.contract.as_ref(), "contract")?.clone(),
            date,
            from,
            to,
            platform_fee: fee.to_fee_rule("platform_fee").map_err(EventError::InvalidFee)?,
            memo: self.memo.clone().unwrap_or_default(),
        })
    }

    fn to_order(&self) -> Result<Order, EventError> {
        self.refuse_fields(
            "order",
            &[
                ("amount", self.amount.is_some()),
                ("order", self.order.is_some()),
                ("date", self.date.is_some()),
                ("all", self.all.is_some()),
                ("return_shipping", self.return_shipping.is_some()),
            ],
        )?;
        let (id, partner) = (required(self.id.as_ref(), "id")?, required(self.partner.as_ref(), "partner")?);
        let Day(start_date) = required(self.start_date, "start_date")?;
        let parameters = self.to_parameters()?;
        if self.order_amount.is_some() && self.lines.as_ref().is_some_and(|lines| !lines.is_empty()) {
            return Err(EventError::DetailAmbiguous);
        }
        self.refuse_negatives()?;
        let detail = match (self.order_amount, self.lines.as_deref()) {
            (Some(number), _) => OrderDetail::Amount(amount_at(number, || "order_amount".into())?),
            (None, Some(lines)) => OrderDetail::Lines(to_lines(lines)?),
            (None, None) => return Err(EventError::DetailMissing),
        };
        let mut order = Order::new(id.clone(), partner.clone(), start_date, detail);
        order.contract = self.contract.clone();
        order.paid_at = self.paid_at.map(|Instant(paid_at)| paid_at);
        order.tax_free = optional_amount(self.tax_free_amount, "tax_free_amount")?;
        order.discounts = to_discounts(self.discounts.as_deref().unwrap_or_default(), "")?;
        order.additional_fees = self.additional_fees.clone().unwrap_or_default();
        order.shipping = optional_amount(self.shipping_amount, "shipping_amount")?.unwrap_or_default();
        order.free_shipping = self.to_free_shipping()?;
        order.settlement_date = self.settlement_date.map(|Day(date)| date);
        order.attributes = to_attributes(self.attributes.as_ref());
        order.parameters = parameters;
        order.volume = optional_amount(self.volume, "volume")?;
        order.memo = self.memo.clone().unwrap_or_default();
        Ok(order)
    }

    fn to_cancellation(&self) -> Result<Cancellation, EventError> {
        self.refuse_fields(
            "cancel",
            &[
                ("partner", self.partner.is_some()),
                ("contract", self.contract.is_some()),
                ("start_date", self.start_date.is_some()),
                ("paid_at", self.paid_at.is_some()),
                ("shipping_amount", self.shipping_amount.is_some()),
                ("additional_fees", self.additional_fees.is_some()),
                ("attributes", self.attributes.is_some()),
                ("parameters", self.parameters.is_some()),
                ("volume", self.volume.is_some()),
                ("free_shipping", self.free_shipping.is_some()),
                ("amount", self.amount.is_some()),
            ],
        )?;
        let (id, order) = (required(self.id.as_ref(), "id")?, required(self.order.as_ref(), "order")?);
        let Day(date) = required(self.date, "date")?;
        let return_shipping = self.to_return_shipping()?;
        let forms = [self.order_amount.is_some(), self.lines.is_some(), self.all == Some(true)];
        if forms.iter().filter(|given| **given).count() > 1 {
            return Err(EventError::DetailAmbiguous);
        }
        self.refuse_negatives()?;
        let tax_free = optional_amount(self.tax_free_amount, "tax_free_amount")?;
        let detail = match (self.order_amount, self.lines.as_deref(), self.all.unwrap_or(false)) {
            (Some(number), None, false) => CancelDetail::Amount {
                amount: amount_at(number, || "order_amount".into())?,
                tax_free: tax_free.unwrap_or_default(),
            },
            (None, Some(lines), false) => CancelDetail::Lines(to_cancelled_lines(lines)?),
            (None, None, true) => CancelDetail::All,
            (None, None, false) => return Err(EventError::CancelDetailMissing),
            _ => return Err(EventError::DetailAmbiguous),
        };
        if tax_free.is_some() && self.order_amount.is_none() {
            return Err(EventError::UnexpectedField {
                field: "tax_free_amount",
                kind: "cancel by lines or of all",
            });
        }
        let mut cancellation = Cancellation::new(id.clone(), order.clone(), date, detail);
        cancellation.discounts = to_discounts(self.discounts.as_deref().unwrap_or_default(), "")?;
        cancellation.return_shipping = return_shipping;
        cancellation.settlement_date = self.settlement_date.map(|Day(date)| date);
        cancellation.memo = self.memo.clone().unwrap_or_default();
        Ok(cancellation)
    }

    fn to_manual(&self) -> Result<ManualEntry, EventError> {
        self.refuse_fields(
            "manual",
            &[
                ("contract", self.contract.is_some()),
                ("start_date", self.start_date.is_some()),
                ("paid_at", self.paid_at.is_some()),
                ("order_amount", self.order_amount.is_some()),
                ("shipping_amount", self.shipping_amount.is_some()),
                ("free_shipping", self.free_shipping.is_some()),
                ("return_shipping", self.return_shipping.is_some()),
                ("lines", self.lines.is_some()),
                ("discounts", self.discounts.is_some()),
                ("additional_fees", self.additional_fees.is_some()),
                ("attributes", self.attributes.is_some()),
                ("parameters", self.parameters.is_some()),
                ("volume", self.volume.is_some()),
                ("order", self.order.is_some()),
                ("date", self.date.is_some()),
                ("all", self.all.is_some()),
            ],
        )?;
        let Day(settlement_date) = required(self.settlement_date, "settlement_date")?;
        Ok(ManualEntry {
            id: required(self.id.as_ref(), "id")?.clone(),
            partner: required(self.partner.as_ref(), "partner")?.clone(),
            amount: amount_at(required(self.amount, "amount")?, || "amount".into())?,
            tax_free: optional_amount(self.tax_free_amount, "tax_free_amount")?.unwrap_or_default(),
            settlement_date,
            memo: self.memo.clone().unwrap_or_default(),
        })
    }

    fn to_free_shipping(&self) -> Result<Option<FreeShipping>, EventError> {
        let Some(free) = &self.free_shipping else { return Ok(None) };
        let minimum = amount_at(free.minimum, || "free_shipping.minimum".into())?;
        Ok(Some(FreeShipping { minimum, fee: amount_at(free.fee, || "free_shipping.fee".into())? }))
    }

    fn to_return_shipping(&self) -> Result<Option<ReturnShipping>, EventError> {
        let Some(returned) = &self.return_shipping else { return Ok(None) };
        let payer = returned.payer.parse().map_err(|error: UnknownReturnPayer| EventError::UnknownValue {
            message: error.to_string(),
            path: "return_shipping.payer".into(),
        })?;
        Ok(Some(ReturnShipping {
            amount: amount_at(returned.amount, || "return_shipping.amount".into())?,
            payer,
        }))
    }

    /// The sales that a partner opens a month with, if the document states them.
    ///
    /// # Errors
    /// The first fault of its form.
    pub fn to_opening(&self) -> Result<Opening, EventError> {
        let stated = Self {
            kind: self.kind.clone(),
            partner: self.partner.clone(),
            month: self.month.clone(),
            amount: self.amount,
            ..Self::default()
        };
        if *self != stated {
            return Err(EventError::OpeningFields);
        }
        let (partner, month) =
            (required(self.partner.as_ref(), "partner")?, required(self.month.as_ref(), "month")?);
        Ok(Opening {
            partner: partner.clone(),
            month: month.parse().map_err(EventError::InvalidMonth)?,
            amount: amount_at(required(self.amount, "amount")?, || "amount".into())?,
        })
    }

    /// An order with the names of the document and nothing else that could be at fault.
    fn names_only(&self) -> Result<Order, EventError> {
        let (id, partner) = (required(self.id.as_ref(), "id")?, required(self.partner.as_ref(), "partner")?);
        let Day(start_date) = required(self.start_date, "start_date")?;
        let nothing = |discount: &DiscountDocument| Discount {
            policy: discount.policy.clone(),
            amount: Amount::ZERO,
            tax_free: Amount::ZERO,
        };
        let lines = self.lines.iter().flatten();
        let items = OrderDetail::Lines(
            lines
                .map(|line| Line {
                    discounts: line.discounts.iter().flatten().map(nothing).collect(),
                    additional_fees: line.additional_fees.clone().unwrap_or_default(),
                    ..Line::new(line.product.clone(), Amount::ZERO, 1)
                })
                .collect(),
        );
        let mut order = Order::new(id.clone(), partner.clone(), start_date, items);
        order.contract = self.contract.clone();
        order.discounts = self.discounts.iter().flatten().map(nothing).collect();
        order.additional_fees = self.additional_fees.clone().unwrap_or_default();
        Ok(order)
    }

    fn to_parameters(&self) -> Result<BTreeMap<String, Decimal>, EventError> {
        let mut parameters = BTreeMap::new();
        for (key, value) in self.parameters.iter().flatten() {
            // The grammar is that of the book's parameters; the decimal type alone would take `+1`, `1_000` and `.5` too.
            let number = value.parse::<Value>().ok().and_then(|_| Decimal::from_str_exact(value).ok());
            let number = number.ok_or_else(|| EventError::InvalidParameter {
                value: value.chars().take(40).collect(),
                path: format!("parameters.{key}"),
            })?;
            parameters.insert(key.clone(), number);
        }
        Ok(parameters)
    }

    /// Refuses amounts below zero and quantities below one.
    fn refuse_negatives(&self) -> Result<(), EventError> {
        let own = [
            ("order_amount", self.order_amount),
            ("tax_free_amount", self.tax_free_amount),
            ("shipping_amount", self.shipping_amount),
            ("volume", self.volume),
            ("free_shipping.minimum", self.free_shipping.as_ref().map(|free| free.minimum)),
            ("free_shipping.fee", self.free_shipping.as_ref().map(|free| free.fee)),
        ];
        for (field, number) in own {
            refuse_negative(number, || field.into())?;
        }
        refuse_negative_discounts(self.discounts.iter().flatten(), "")?;
        for (place, line) in self.lines.iter().flatten().enumerate() {
            let at = |field: &str| format!("lines[{place}].{field}");
            refuse_negative(line.amount, || at("amount"))?;
            refuse_negative(line.tax_free_amount, || at("tax_free_amount"))?;
            if line.quantity.amount().is_some_and(|quantity| quantity < Amount::new(1)) {
                return Err(EventError::NoQuantity { path: at("quantity") });
            }
            refuse_negative_discounts(line.discounts.iter().flatten(), &at(""))?;
        }
        Ok(())
    }

    /// Refuses the fields that an event of this type doesn't have.
    fn refuse_fields(&self, kind: &'static str, fields: &[(&'static str, bool)]) -> Result<(), EventError> {
        match fields.iter().find(|(_, given)| *given) {
            Some((field, _)) => Err(EventError::UnexpectedField { field, kind }),
            None => Ok(()),
        }
    }
}

fn refuse_negative(number: Option<MinorUnits>, path: impl FnOnce() -> String) -> Result<(), EventError> {
    match number.and_then(MinorUnits::amount).filter(|amount| amount.is_negative()) {
        Some(amount) => Err(EventError::NegativeAmount { amount, path: path() }),
        None => Ok(()),
    }
}

fn refuse_negative_discounts<'d>(
    discounts: impl Iterator<Item = &'d DiscountDocument>,
    within: &str,
) -> Result<(), EventError> {
    for (place, discount) in discounts.enumerate() {
        let at = |field: &str| format!("{within}discounts[{place}].{field}");
        refuse_negative(Some(discount.amount), || at("amount"))?;
        refuse_negative(discount.tax_free_amount, || at("tax_free_amount"))?;
    }
    Ok(())
}

fn to_lines(lines: &[LineDocument]) -> Result<Vec<Line>, EventError> {
    let mut made = Vec::with_capacity(lines.len());
    for (place, line) in lines.iter().enumerate() {
        let at = |field: &str| format!("lines[{place}].{field}");
        let missing = || EventError::MissingField { field: "amount", path: at("amount") };
        let unit_amount = amount_at(line.amount.ok_or_else(missing)?, || at("amount"))?;
        let quantity = amount_at(line.quantity, || at("quantity"))?;
        let quantity =
            u32::try_from(quantity.minor()).map_err(|_| EventError::OutOfRange { path: at("quantity") })?;
        let tax_free = line.tax_free_amount.map(|number| amount_at(number, || at("tax_free_amount")));
        made.push(Line {
            tax_free: PerUnits::each(tax_free.transpose()?.unwrap_or_default()),
            discounts: to_discounts(
                line.discounts.as_deref().unwrap_or_default(),
                &format!("lines[{place}]."),
            )?,
            additional_fees: line.additional_fees.clone().unwrap_or_default(),
            attributes: to_attributes(line.attributes.as_ref()),
            ..Line::new(line.product.clone(), unit_amount, quantity)
        });
    }
    Ok(made)
}

fn to_cancelled_lines(lines: &[LineDocument]) -> Result<Vec<CancelledLine>, EventError> {
    let mut made = Vec::with_capacity(lines.len());
    for (place, line) in lines.iter().enumerate() {
        let at = |field: &str| format!("lines[{place}].{field}");
        let further = [
            ("amount", line.amount.is_some()),
            ("tax_free_amount", line.tax_free_amount.is_some()),
            ("additional_fees", line.additional_fees.is_some()),
            ("attributes", line.attributes.is_some()),
        ];
        if let Some((field, _)) = further.into_iter().find(|(_, given)| *given) {
            return Err(EventError::UnexpectedField { field, kind: "cancel, in a line" });
        }
        let quantity = amount_at(line.quantity, || at("quantity"))?;
        made.push(CancelledLine {
            product: line.product.clone(),
            quantity: u32::try_from(quantity.minor())
                .map_err(|_| EventError::OutOfRange { path: at("quantity") })?,
            discounts: to_discounts(line.discounts.as_deref().unwrap_or_default(), &at(""))?,
        });
    }
    Ok(made)
}

fn to_discounts(discounts: &[DiscountDocument], within: &str) -> Result<Vec<Discount>, EventError> {
    let mut made = Vec::with_capacity(discounts.len());
    for (place, discount) in discounts.iter().enumerate() {
        let at = |field: &str| format!("{within}discounts[{place}].{field}");
        let tax_free = discount.tax_free_amount.map(|number| amount_at(number, || at("tax_free_amount")));
        made.push(Discount {
            policy: discount.policy.clone(),
            amount: amount_at(discount.amount, || at("amount"))?,
            tax_free: tax_free.transpose()?.unwrap_or_default(),
        });
    }
    Ok(made)
}

fn to_attributes(attributes: Option<&BTreeMap<String, AttributeText>>) -> BTreeMap<String, String> {
    attributes.into_iter().flatten().map(|(key, AttributeText(text))| (key.clone(), text.clone())).collect()
}
