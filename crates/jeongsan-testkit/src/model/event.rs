//! Events, read strictly from their documents: what is missing, unknown or mistyped is `invalid-event`.
//!
//! Whether amounts are within their bounds is looked at later, when the names an event uses are known to be right.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate};
use num_traits::{FromPrimitive, Signed};
use serde_json::{Map, Value};

use super::code::Code;
use super::dates::date;
use super::number::{Exact, Whole, decimal, fits};

type Read<T> = Result<T, Code>;

#[derive(Debug)]
pub(super) enum Event {
    Order(Box<OrderEvent>),
    Cancel(CancelEvent),
    Manual(ManualEvent),
}

#[derive(Debug)]
pub(super) struct OrderEvent {
    pub(super) partner: String,
    pub(super) contract: Option<String>,
    pub(super) start_date: NaiveDate,
    pub(super) paid_at: Option<DateTime<FixedOffset>>,
    pub(super) order_amount: Option<Whole>,
    pub(super) lines: Option<Vec<LineEvent>>,
    pub(super) discounts: Vec<Discount>,
    pub(super) additional_fees: Vec<String>,
    pub(super) shipping: Whole,
    pub(super) free_shipping: Option<FreeShipping>,
    pub(super) tax_free: Option<Whole>,
    pub(super) settlement_date: Option<NaiveDate>,
    pub(super) attributes: Map<String, Value>,
    pub(super) parameters: BTreeMap<String, Exact>,
    pub(super) volume: Option<Whole>,
}

#[derive(Debug)]
pub(super) struct LineEvent {
    pub(super) product: String,
    pub(super) unit_amount: Whole,
    pub(super) unit_tax_free: Whole,
    pub(super) quantity: Whole,
    pub(super) discounts: Vec<Discount>,
    pub(super) additional_fees: Vec<String>,
    pub(super) attributes: Map<String, Value>,
}

/// A discount of an order, or what a cancel states to come back of one.
#[derive(Clone, Debug)]
pub(crate) struct Discount {
    pub(crate) policy: String,
    pub(crate) amount: Whole,
    pub(crate) tax_free: Whole,
}

#[derive(Debug)]
pub(super) struct CancelEvent {
    pub(super) order: String,
    pub(super) date: NaiveDate,
    pub(super) order_amount: Option<Whole>,
    pub(super) lines: Option<Vec<LineCancel>>,
    pub(super) is_all: bool,
    pub(super) tax_free: Option<Whole>,
    pub(super) discounts: Vec<Discount>,
    pub(super) return_shipping: Option<ReturnShipping>,
}

/// Shipping is free from an order amount on, and costs something below.
#[derive(Clone, Debug)]
pub(super) struct FreeShipping {
    pub(super) minimum: Whole,
    pub(super) fee: Whole,
}

#[derive(Debug)]
pub(super) struct ReturnShipping {
    pub(super) amount: Whole,
    pub(super) customer_pays: bool,
}

#[derive(Debug)]
pub(super) struct LineCancel {
    pub(super) product: String,
    pub(super) quantity: Whole,
    pub(super) discounts: Vec<Discount>,
}

#[derive(Debug)]
pub(super) struct ManualEvent {
    pub(super) partner: String,
    pub(super) amount: Whole,
    pub(super) tax_free: Whole,
    pub(super) settlement_date: NaiveDate,
}

impl OrderEvent {
    /// Amounts are not below zero, quantities above it, and none is beyond 64 bits.
    pub(super) fn check_amounts(&self) -> Read<()> {
        let lines = self.lines.as_deref().unwrap_or_default();
        for line in lines {
            check_amounts([&line.unit_amount, &line.unit_tax_free])?;
            check_quantity(&line.quantity)?;
            check_discounts(&line.discounts)?;
        }
        check_discounts(&self.discounts)?;
        let optional = [&self.order_amount, &self.tax_free, &self.volume];
        let free = self.free_shipping.iter().flat_map(|free| [&free.minimum, &free.fee]);
        check_amounts(optional.into_iter().flatten().chain([&self.shipping]).chain(free))
    }
}

impl CancelEvent {
    /// How many ways it says what is cancelled.
    pub(super) fn forms(&self) -> usize {
        let forms = [self.order_amount.is_some(), self.lines.is_some(), self.is_all];
        forms.into_iter().filter(|given| *given).count()
    }

    pub(super) fn check_amounts(&self) -> Read<()> {
        for line in self.lines.as_deref().unwrap_or_default() {
            check_quantity(&line.quantity)?;
            check_discounts(&line.discounts)?;
        }
        check_discounts(&self.discounts)?;
        if let Some(returned) = &self.return_shipping {
            check_quantity(&returned.amount)?;
        }
        check_amounts([&self.order_amount, &self.tax_free].into_iter().flatten())
    }
}

impl ManualEvent {
    pub(super) fn check_amounts(&self) -> Read<()> {
        if fits(&self.amount) && fits(&self.tax_free) { Ok(()) } else { Err(Code::OutOfRange) }
    }
}

fn check_amounts<'a>(amounts: impl IntoIterator<Item = &'a Whole>) -> Read<()> {
    for amount in amounts {
        if !fits(amount) {
            return Err(Code::OutOfRange);
        }
        if amount.is_negative() {
            return Err(Code::InvalidEvent);
        }
    }
    Ok(())
}

fn check_quantity(quantity: &Whole) -> Read<()> {
    check_amounts([quantity])?;
    if quantity.is_positive() { Ok(()) } else { Err(Code::InvalidEvent) }
}

fn check_discounts(discounts: &[Discount]) -> Read<()> {
    check_amounts(discounts.iter().flat_map(|discount| [&discount.amount, &discount.tax_free]))
}

/// The id of an event, if it has a proper one.
pub(super) fn event_id(document: &Value) -> Option<&str> {
    document.get("id").and_then(Value::as_str).filter(|text| is_id(text))
}

fn is_id(text: &str) -> bool {
    (1..=128).contains(&text.chars().count()) && text.trim() == text && !text.chars().any(char::is_control)
}

pub(super) fn read(document: &Value) -> Read<Event> {
    let fields = Fields::of(document)?;
    match fields.text("type")? {
        Some("order") => Ok(Event::Order(Box::new(order(&fields)?))),
        Some("cancel") => Ok(Event::Cancel(cancel(&fields)?)),
        Some("manual") => Ok(Event::Manual(manual(&fields)?)),
        _ => Err(Code::InvalidEvent),
    }
}

fn order(fields: &Fields) -> Read<OrderEvent> {
    fields.only(&[
        "type",
        "id",
        "partner",
        "contract",
        "start_date",
        "paid_at",
        "order_amount",
        "lines",
        "discounts",
        "additional_fees",
        "shipping_amount",
        "free_shipping",
        "tax_free_amount",
        "settlement_date",
        "attributes",
        "parameters",
        "volume",
    ])?;
    let event = OrderEvent {
        partner: needed(fields.id("partner")?)?,
        contract: fields.id("contract")?,
        start_date: needed(fields.date("start_date")?)?,
        paid_at: fields.instant("paid_at")?,
        order_amount: fields.amount("order_amount")?,
        lines: fields.filled_list("lines", line)?,
        discounts: fields.list("discounts", discount)?,
        additional_fees: fields.list("additional_fees", policy_id)?,
        shipping: fields.amount("shipping_amount")?.unwrap_or_default(),
        free_shipping: fields.value("free_shipping").map(free_shipping).transpose()?,
        tax_free: fields.amount("tax_free_amount")?,
        settlement_date: fields.date("settlement_date")?,
        attributes: fields.attributes("attributes")?,
        parameters: fields.parameters("parameters")?,
        volume: fields.amount("volume")?,
    };
    let has_detail = event.order_amount.is_some() || event.lines.is_some();
    if has_detail { Ok(event) } else { Err(Code::InvalidEvent) }
}

fn line(document: &Value) -> Read<LineEvent> {
    let fields = Fields::of(document)?;
    fields.only(&[
        "product",
        "amount",
        "tax_free_amount",
        "quantity",
        "discounts",
        "additional_fees",
        "attributes",
    ])?;
    Ok(LineEvent {
        product: needed(fields.id("product")?)?,
        unit_amount: needed(fields.amount("amount")?)?,
        unit_tax_free: fields.amount("tax_free_amount")?.unwrap_or_default(),
        quantity: needed(fields.amount("quantity")?)?,
        discounts: fields.list("discounts", discount)?,
        additional_fees: fields.list("additional_fees", policy_id)?,
        attributes: fields.attributes("attributes")?,
    })
}

fn discount(document: &Value) -> Read<Discount> {
    let fields = Fields::of(document)?;
    fields.only(&["policy", "amount", "tax_free_amount"])?;
    Ok(Discount {
        policy: needed(fields.id("policy")?)?,
        amount: needed(fields.amount("amount")?)?,
        tax_free: fields.amount("tax_free_amount")?.unwrap_or_default(),
    })
}

fn policy_id(document: &Value) -> Read<String> {
    let text = document.as_str().filter(|text| is_id(text));
    text.map(str::to_owned).ok_or(Code::InvalidEvent)
}

fn cancel(fields: &Fields) -> Read<CancelEvent> {
    fields.only(&[
        "type",
        "id",
        "order",
        "date",
        "order_amount",
        "lines",
        "all",
        "tax_free_amount",
        "discounts",
        "return_shipping",
    ])?;
    let event = CancelEvent {
        order: needed(fields.id("order")?)?,
        date: needed(fields.date("date")?)?,
        order_amount: fields.amount("order_amount")?,
        lines: fields.filled_list("lines", line_cancel)?,
        is_all: match fields.value("all") {
            None => false,
            Some(value) => value.as_bool().ok_or(Code::InvalidEvent)?,
        },
        tax_free: fields.amount("tax_free_amount")?,
        discounts: fields.list("discounts", discount)?,
        return_shipping: fields.value("return_shipping").map(return_shipping).transpose()?,
    };
    // Only a cancel by amount states its tax-free part; by lines, it follows from the units.
    let has_form = event.forms() > 0 && (event.tax_free.is_none() || event.order_amount.is_some());
    if has_form { Ok(event) } else { Err(Code::InvalidEvent) }
}

fn free_shipping(document: &Value) -> Read<FreeShipping> {
    let fields = Fields::of(document)?;
    fields.only(&["minimum", "fee"])?;
    let (minimum, fee) = (fields.amount("minimum")?, fields.amount("fee")?);
    Ok(FreeShipping { minimum: needed(minimum)?, fee: needed(fee)? })
}

fn return_shipping(document: &Value) -> Read<ReturnShipping> {
    let fields = Fields::of(document)?;
    fields.only(&["amount", "payer"])?;
    let customer_pays = match fields.text("payer")? {
        Some("customer") => true,
        Some("partner") => false,
        _ => return Err(Code::InvalidEvent),
    };
    Ok(ReturnShipping { amount: needed(fields.amount("amount")?)?, customer_pays })
}

fn line_cancel(document: &Value) -> Read<LineCancel> {
    let fields = Fields::of(document)?;
    fields.only(&["product", "quantity", "discounts"])?;
    Ok(LineCancel {
        product: needed(fields.id("product")?)?,
        quantity: needed(fields.amount("quantity")?)?,
        discounts: fields.list("discounts", discount)?,
    })
}

fn manual(fields: &Fields) -> Read<ManualEvent> {
    fields.only(&["type", "id", "partner", "amount", "tax_free_amount", "settlement_date", "memo"])?;
    fields.text("memo")?;
    Ok(ManualEvent {
        partner: needed(fields.id("partner")?)?,
        amount: needed(fields.amount("amount")?)?,
        tax_free: fields.amount("tax_free_amount")?.unwrap_or_default(),
        settlement_date: needed(fields.date("settlement_date")?)?,
    })
}

fn needed<T>(field: Option<T>) -> Read<T> {
    field.ok_or(Code::InvalidEvent)
}

/// The fields of an object; one that is `null` counts as left out.
struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    fn of(document: &'a Value) -> Read<Self> {
        document.as_object().map(Self).ok_or(Code::InvalidEvent)
    }

    fn only(&self, names: &[&str]) -> Read<()> {
        let knows_all = self.0.keys().all(|key| names.contains(&key.as_str()));
        if knows_all { Ok(()) } else { Err(Code::InvalidEvent) }
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Read<Option<&'a str>> {
        self.value(name).map(|value| value.as_str().ok_or(Code::InvalidEvent)).transpose()
    }

    fn id(&self, name: &str) -> Read<Option<String>> {
        match self.text(name)? {
            Some(text) if !is_id(text) => Err(Code::InvalidEvent),
            text => Ok(text.map(str::to_owned)),
        }
    }

    fn date(&self, name: &str) -> Read<Option<NaiveDate>> {
        self.text(name)?.map(|text| date(text).ok_or(Code::InvalidEvent)).transpose()
    }

    fn instant(&self, name: &str) -> Read<Option<DateTime<FixedOffset>>> {
        let text = self.text(name)?.map(DateTime::parse_from_rfc3339);
        text.transpose().map_err(|_| Code::InvalidEvent)
    }

    /// A whole number of any size.
    fn amount(&self, name: &str) -> Read<Option<Whole>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let small = value.as_i64().map(Whole::from).or_else(|| value.as_u64().map(Whole::from));
        // The parser hands over whole numbers beyond 64 bits as floats, the nearest of them as one that fits.
        let large = || value.as_f64().filter(|float| float.abs() > 9.2e18).and_then(Whole::from_f64);
        let large = || large().map(|whole| whole * 2);
        small.or_else(large).map(Some).ok_or(Code::InvalidEvent)
    }

    fn list<T>(&self, name: &str, read: impl Fn(&'a Value) -> Read<T>) -> Read<Vec<T>> {
        let Some(value) = self.value(name) else { return Ok(Vec::new()) };
        value.as_array().ok_or(Code::InvalidEvent)?.iter().map(read).collect()
    }

    /// A list that, where it is given, has at least one item.
    fn filled_list<T>(&self, name: &str, read: impl Fn(&'a Value) -> Read<T>) -> Read<Option<Vec<T>>> {
        if self.value(name).is_none() {
            return Ok(None);
        }
        let items = self.list(name, read)?;
        if items.is_empty() { Err(Code::InvalidEvent) } else { Ok(Some(items)) }
    }

    fn table(&self, name: &str) -> Read<Map<String, Value>> {
        let Some(value) = self.value(name) else { return Ok(Map::new()) };
        value.as_object().cloned().ok_or(Code::InvalidEvent)
    }

    fn attributes(&self, name: &str) -> Read<Map<String, Value>> {
        let table = self.table(name)?;
        let is_plain = |value: &Value| value.is_string() || value.is_boolean() || value.is_i64();
        if table.values().all(is_plain) { Ok(table) } else { Err(Code::InvalidEvent) }
    }

    fn parameters(&self, name: &str) -> Read<BTreeMap<String, Exact>> {
        let number = |(key, value): (&String, &Value)| {
            let number = value.as_str().and_then(decimal).ok_or(Code::InvalidEvent)?;
            Ok((key.clone(), number))
        };
        self.table(name)?.iter().map(number).collect()
    }
}
