//! Events as documents, and what refuses them.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::{AdditionalFeePolicyId, ContractId, DiscountSharePolicyId, EventId, PartnerId, ProductId};
use crate::money::Amount;
use crate::order::{Discount, Event, Line, ManualEntry, Order, OrderDetail};
use crate::settle::{Engine, History, HistoryError, SettleError, Settlement};

use super::{AttributeText, Day, MinorUnits};

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
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct EventDocument {
    /// `order` or `manual`.
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
    /// A settlement date that overrides the cycle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_date: Option<Day>,
    /// What the terms may select by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<BTreeMap<String, AttributeText>>,
    /// Values of settlement parameters, as decimal texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<BTreeMap<String, String>>,
    /// The measure of a tiered fee, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<MinorUnits>,
    /// The amount of a manual entry, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<MinorUnits>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<String>,
}

/// A line as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<BTreeMap<String, AttributeText>>,
}

/// A discount as it is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
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

impl DiscountDocument {
    /// A discount without a tax-free part.
    #[must_use]
    pub const fn new(policy: DiscountSharePolicyId, amount: MinorUnits) -> Self {
        Self { policy, amount, tax_free_amount: None }
    }
}

/// The id of an event whose other fields can't be read: a refused event still uses its id up.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct EventHead {
    /// The event's id.
    pub id: EventId,
}

/// Why a document is no event, whatever the book.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// A field that the event must have is missing.
    #[error("the field `{field}` is missing")]
    MissingField {
        /// The field's name.
        field: &'static str,
        /// The path to it.
        path: String,
    },
    /// A field is there that an event of this type doesn't have.
    #[error("an event of type `{kind}` has no field `{field}`")]
    UnexpectedField {
        /// The field's name.
        field: &'static str,
        /// The event's type.
        kind: &'static str,
    },
    /// The type is none that settles.
    #[error("`{kind}` is no type of event")]
    UnknownType {
        /// The type given.
        kind: String,
    },
    /// Neither an amount nor lines are given.
    #[error("an order has `order_amount` or `lines`")]
    DetailMissing,
    /// Both an amount and lines are given.
    #[error("an order has `order_amount` or `lines`, never both")]
    DetailAmbiguous,
    /// An amount is too large for 64 bits, or a quantity for 32.
    #[error("the number is out of range")]
    OutOfRange {
        /// The path to it.
        path: String,
    },
    /// An amount that can't be negative is.
    #[error("`{amount}` is negative")]
    NegativeAmount {
        /// The amount.
        amount: Amount,
        /// The path to it.
        path: String,
    },
    /// A quantity is below one.
    #[error("the quantity is not above zero")]
    NoQuantity {
        /// The path to it.
        path: String,
    },
    /// A parameter's value is no exact decimal number.
    #[error("`{value}` is no decimal number of at most 28 digits")]
    InvalidParameter {
        /// The value given.
        value: String,
        /// The path to it.
        path: String,
    },
}

impl EventError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DetailAmbiguous => "order-detail-ambiguous",
            Self::OutOfRange { .. } => "out-of-range",
            Self::MissingField { .. }
            | Self::UnexpectedField { .. }
            | Self::UnknownType { .. }
            | Self::NegativeAmount { .. }
            | Self::DetailMissing
            | Self::NoQuantity { .. }
            | Self::InvalidParameter { .. } => "invalid-event",
        }
    }

    /// The path to the field at fault.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::MissingField { path, .. }
            | Self::OutOfRange { path }
            | Self::NegativeAmount { path, .. }
            | Self::NoQuantity { path }
            | Self::InvalidParameter { path, .. } => path.clone(),
            Self::UnexpectedField { field, .. } => (*field).to_string(),
            Self::UnknownType { .. } => "type".into(),
            Self::DetailAmbiguous | Self::DetailMissing => "order_amount".into(),
        }
    }

    /// Whether an unknown partner, contract or policy is told before this.
    const fn yields_to_names(&self) -> bool {
        matches!(
            self,
            Self::DetailAmbiguous
                | Self::OutOfRange { .. }
                | Self::NegativeAmount { .. }
                | Self::NoQuantity { .. }
        )
    }
}

/// Why an event of a document isn't settled.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The text is no document: broken syntax, an unknown or mistyped field.
    #[error("{message}")]
    Unreadable {
        /// What the parser says, with line and column where it knows them.
        message: String,
        /// The path to the field, where the parser knows it.
        path: Option<String>,
    },
    /// The document is no event.
    #[error(transparent)]
    Event(#[from] EventError),
    /// The history doesn't let the event in.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The engine can't settle it.
    #[error(transparent)]
    Settle(#[from] SettleError),
}

impl Refusal {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "invalid-event",
            Self::Event(error) => error.code(),
            Self::History(error) => error.code(),
            Self::Settle(error) => error.code(),
        }
    }

    /// The path to the field at fault, where one is.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        match self {
            Self::Unreadable { path, .. } => path.clone(),
            Self::Event(error) => Some(error.path()),
            Self::History(_) => Some("id".into()),
            Self::Settle(error) => error.path(),
        }
    }
}

fn amount_at(number: MinorUnits, path: impl FnOnce() -> String) -> Result<Amount, EventError> {
    number.amount().ok_or_else(|| EventError::OutOfRange { path: path() })
}

fn optional_amount(number: Option<MinorUnits>, path: &str) -> Result<Option<Amount>, EventError> {
    number.map(|number| amount_at(number, || path.into())).transpose()
}

fn required<T>(value: Option<T>, field: &'static str) -> Result<T, EventError> {
    value.ok_or_else(|| EventError::MissingField { field, path: field.into() })
}

impl EventDocument {
    /// Settles the event, once its id is let in.
    ///
    /// Of several faults the first of these is told: missing and unknown fields, id, partner, contract, policies, form of the detail, amounts, dates.
    ///
    /// # Errors
    /// Why it is refused; its id is used up all the same.
    pub fn settle(&self, engine: &Engine, history: &mut History) -> Result<Settlement, Refusal> {
        let id = required(self.id.as_ref(), "id")?;
        let date = match self.kind.as_deref() {
            Some("manual") => self.settlement_date,
            _ => self.start_date,
        };
        match date {
            Some(Day(date)) => history.admit(id, date)?,
            None => history.use_up(id)?,
        }
        match self.to_event() {
            Ok(Event::Order(order)) => Ok(engine.settle(&order)?),
            Ok(Event::Manual(entry)) => Ok(engine.settle_manual(&entry)?),
            Err(error) if error.yields_to_names() => {
                if let Ok(order) = self.names_only() {
                    engine.check_names(&order)?;
                }
                Err(error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The event, if the document is one.
    ///
    /// # Errors
    /// The first fault of its form.
    pub fn to_event(&self) -> Result<Event, EventError> {
        match required(self.kind.as_deref(), "type")? {
            "order" => Ok(Event::Order(self.to_order()?)),
            "manual" => Ok(Event::Manual(self.to_manual()?)),
            kind => Err(EventError::UnknownType { kind: kind.chars().take(40).collect() }),
        }
    }

    fn to_order(&self) -> Result<Order, EventError> {
        self.refuse_fields("order", &[("amount", self.amount.is_some())])?;
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
        order.tax_free = optional_amount(self.tax_free_amount, "tax_free_amount")?;
        order.discounts = to_discounts(self.discounts.as_deref().unwrap_or_default(), "")?;
        order.additional_fees = self.additional_fees.clone().unwrap_or_default();
        order.shipping = optional_amount(self.shipping_amount, "shipping_amount")?.unwrap_or_default();
        order.settlement_date = self.settlement_date.map(|Day(date)| date);
        order.attributes = to_attributes(self.attributes.as_ref());
        order.parameters = parameters;
        order.volume = optional_amount(self.volume, "volume")?;
        order.memo = self.memo.clone().unwrap_or_default();
        Ok(order)
    }

    fn to_manual(&self) -> Result<ManualEntry, EventError> {
        self.refuse_fields(
            "manual",
            &[
                ("contract", self.contract.is_some()),
                ("start_date", self.start_date.is_some()),
                ("order_amount", self.order_amount.is_some()),
                ("shipping_amount", self.shipping_amount.is_some()),
                ("lines", self.lines.is_some()),
                ("discounts", self.discounts.is_some()),
                ("additional_fees", self.additional_fees.is_some()),
                ("attributes", self.attributes.is_some()),
                ("parameters", self.parameters.is_some()),
                ("volume", self.volume.is_some()),
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
            let number = Decimal::from_str_exact(value).map_err(|_| EventError::InvalidParameter {
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
            unit_tax_free: tax_free.transpose()?.unwrap_or_default(),
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
