//! The model: events one after the other, an outcome for each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{Datelike, NaiveDate};
use num_traits::Zero;
use serde_json::Value;

use super::agency::{Moved, moved, row};
use super::book::{Book, BookError, Contract};
use super::cancel::{Settled, cancelled, check_left, check_request, leave, withdrawn};
use super::charge::figures;
use super::code::Code;
use super::dates::settlement_date;
use super::document::{manual, refusal, settlement};
use super::event::{CancelEvent, Event, ManualEvent, OrderEvent, event_id, read};
use super::figures::{Amounts, Field, Figures};
use super::number::Whole;
use super::order::{Content, check, content};
use super::sales::SalesRecord;
use super::terms::Terms;

/// The settlements of events under a policy book.
///
/// ```
/// use jeongsan_testkit::model::{Holidays, Model};
/// use serde_json::json;
///
/// let book = json!({
///     "version": 1, "currency": "KRW", "calendar": "KR-BANK",
///     "contracts": [{
///         "id": "standard", "platform_fee": { "rate": "10%" }, "platform_fee_vat_payer": "partner",
///         "cycle": { "lag": { "days": 2 }, "method": "daily", "date_policy": "calendar-day" },
///     }],
///     "partners": [{ "id": "seller-1", "kind": "business", "default_contract": "standard" }],
/// });
/// let order = json!({
///     "type": "order", "id": "o-1", "partner": "seller-1", "start_date": "2026-03-02", "order_amount": 10_000,
/// });
/// let holidays = Holidays::kr_bank();
/// let model = Model::new(&book, move |date| holidays.is_business_day(date))?;
/// let settlements = model.settle(&[order]);
/// assert_eq!(settlements[0]["settlement"], 8_900);
/// # Ok::<(), jeongsan_testkit::model::BookError>(())
/// ```
pub struct Model {
    book: Book,
    is_business_day: Box<dyn Fn(NaiveDate) -> bool + Send + Sync>,
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("book", &self.book).finish_non_exhaustive()
    }
}

impl Model {
    /// A model of a book, which is taken to be valid, on a calendar.
    ///
    /// # Errors
    /// Where the book lacks something that settling needs.
    pub fn new(
        book: &Value,
        is_business_day: impl Fn(NaiveDate) -> bool + Send + Sync + 'static,
    ) -> Result<Self, BookError> {
        Ok(Self { book: Book::read(book)?, is_business_day: Box::new(is_business_day) })
    }

    /// The outcomes of the events, in their order: a refusal, or a settlement and the rows it brings about beside.
    #[must_use]
    pub fn settle(&self, events: &[Value]) -> Vec<Value> {
        let mut run =
            Run { model: self, ids: BTreeSet::new(), sales: SalesRecord::default(), orders: BTreeMap::new() };
        events.iter().zip(1..).flat_map(|(event, line)| run.outcome(event, line)).collect()
    }

    /// The same for lines of JSON; blank ones are passed over.
    #[must_use]
    pub fn settle_lines(&self, lines: &str) -> Vec<Value> {
        let mut run =
            Run { model: self, ids: BTreeSet::new(), sales: SalesRecord::default(), orders: BTreeMap::new() };
        let filled = lines.lines().zip(1..).filter(|(text, _)| !text.trim().is_empty());
        filled
            .flat_map(|(text, line)| match serde_json::from_str(text) {
                Ok(event) => run.outcome(&event, line),
                Err(_) => vec![refusal(None, line, Code::InvalidEvent)],
            })
            .collect()
    }

    fn moved(
        &self,
        terms: &Terms,
        figures: (&Amounts, &Amounts),
        dates: (NaiveDate, NaiveDate),
    ) -> Result<Moved, Code> {
        moved(terms, figures, dates, &*self.is_business_day)
    }

    fn date(&self, terms: &Terms, start: NaiveDate) -> Result<NaiveDate, Code> {
        let adjusts = self.book.adjusts_if_earlier;
        settlement_date(start, &terms.contract.cycle, adjusts, &*self.is_business_day)
    }
}

/// A settlement and the agencies' rows beside it.
fn with_shares(document: Value, id: &str, terms: &Terms, start: NaiveDate, moved: Moved) -> Vec<Value> {
    let of_order = document.get("of_order").cloned();
    let mut documents = vec![document];
    for (partner, amount, due) in moved {
        let mut share = settlement(id, "agency-share", terms, (start, due), &row(amount));
        share["partner"] = Value::from(partner);
        if let Some(order) = &of_order {
            share["of_order"] = order.clone();
        }
        documents.push(share);
    }
    documents
}

struct Run<'a> {
    model: &'a Model,
    ids: BTreeSet<String>,
    sales: SalesRecord,
    orders: BTreeMap<String, Settled<'a>>,
}

impl Run<'_> {
    fn outcome(&mut self, event: &Value, line: usize) -> Vec<Value> {
        if event["type"] == "sales" {
            let opened = self.sales.open(&self.model.book, event);
            return opened.err().map(|code| refusal(None, line, code)).into_iter().collect();
        }
        let Some(id) = event_id(event) else { return vec![refusal(None, line, Code::InvalidEvent)] };
        let is_new = self.ids.insert(id.to_owned());
        let settled = read(event).and_then(|event| match event {
            _ if !is_new => Err(Code::DuplicateEvent),
            Event::Order(order) => self.order(id, &order),
            Event::Cancel(cancel) => self.cancel(id, &cancel),
            Event::Manual(entry) => self.manual(id, &entry).map(|row| vec![row]),
        });
        settled.unwrap_or_else(|code| vec![refusal(Some(id), line, code)])
    }

    fn order(&mut self, id: &str, event: &OrderEvent) -> Result<Vec<Value>, Code> {
        let mut terms = Terms::of(&self.model.book, event)?;
        let month = |date: NaiveDate| {
            self.sales.of(&self.model.book, &event.partner, &date.format("%Y-%m").to_string())
        };
        let previous = event.start_date.with_day(1).and_then(|first| first.pred_opt());
        terms.sales = [previous.and_then(month), month(event.start_date)];
        let content = content(event)?;
        check(&content)?;
        let figures = figures(&terms, &content)?;
        let start = event.start_date;
        let due = match event.settlement_date {
            Some(given) if given < start => return Err(Code::SettlementDateBeforeStart),
            Some(given) => given,
            None => self.model.date(&terms, start)?,
        };
        let nothing = Amounts::default();
        let moved = self.model.moved(&terms, (&nothing, &figures.total), (start, due))?;
        let document = settlement(id, "order", &terms, (start, due), &figures);
        let documents = with_shares(document, id, &terms, start, moved);
        self.sales.add(&event.partner, &start.to_string(), figures.total.get(Field::Order));
        let form = content.body.clone();
        let left = figures.total.clone();
        let free_shipping = event.free_shipping.clone();
        let settled =
            Settled { terms, form, remaining: Some(content), left, charged: figures, free_shipping };
        self.orders.insert(id.to_owned(), settled);
        Ok(documents)
    }

    fn cancel(&mut self, id: &str, event: &CancelEvent) -> Result<Vec<Value>, Code> {
        let settled = self.orders.get_mut(&event.order).ok_or(Code::UnknownOrder)?;
        check_request(&settled.form, event)?;
        let due = self.model.date(&settled.terms, event.date)?;
        let contract = settled.terms.contract;
        let before = settled.remaining.clone().ok_or(Code::CancelExceedsRemaining)?;
        let mut after = leave(&before, event, contract.on_cancel("order_discounts", "spread"))?;
        let mut left = settled.left.clone();
        let withdraws =
            after.as_ref().is_some_and(|content| !coupons_to_withdraw(settled, content).is_empty());
        if !withdraws {
            // What is wrong with the rest is told before what a formula makes of the part.
            check_left(after.as_ref())?;
        }
        let mut rows = vec![("cancel", cancelled(settled, (&before, after.as_ref()), &left)?)];
        left = left.plus(&rows[0].1.total);
        if let Some(content) = &mut after {
            for policy in coupons_to_withdraw(settled, content) {
                let with = content.clone();
                content.discounts.retain(|discount| discount.policy != policy);
                let row = withdrawn(settled, (&with, content), &left)?;
                left = left.plus(&row.total);
                rows.push(("coupon-withdrawn", row));
            }
        }
        check_left(after.as_ref())?;
        if let Some(fee) = shipping_to_charge(settled, &before, after.as_ref()) {
            settled.free_shipping = None;
            rows.push(("shipping-charged", of_settlement(fee)));
        }
        if let Some(returned) = &event.return_shipping {
            let merchant_carries = contract.on_cancel("return_courier", "merchant");
            if returned.customer_pays && !merchant_carries {
                rows.push(("return-shipping", of_settlement(returned.amount.clone())));
            } else if !returned.customer_pays && merchant_carries {
                rows.push(("return-shipping", of_settlement(-returned.amount.clone())));
            }
        }
        let standing = standing(contract, &left, after.is_some());
        let moved = self.model.moved(&settled.terms, (&settled.left, &standing), (event.date, due))?;
        let seller = settled.terms.partner_id.clone();
        self.sales.add(&seller, &event.date.to_string(), rows[0].1.total.get(Field::Order));
        settled.left = left;
        settled.remaining = after;
        let dates = (event.date, due);
        let document = |(kind, row): &(&str, Figures)| {
            let mut document = settlement(id, kind, &settled.terms, dates, row);
            document["of_order"] = event.order.clone().into();
            document
        };
        let mut documents: Vec<Value> = rows.iter().map(document).collect();
        let first = documents[0].clone();
        documents.extend(with_shares(first, id, &settled.terms, event.date, moved).into_iter().skip(1));
        Ok(documents)
    }

    fn manual(&self, id: &str, event: &ManualEvent) -> Result<Value, Code> {
        let book = &self.model.book;
        if !book.partners.contains_key(&event.partner) {
            return Err(Code::UnknownPartner);
        }
        event.check_amounts()?;
        let due = event.settlement_date;
        Ok(manual(id, &event.partner, &book.currency, due, &event.amount, &event.tax_free))
    }
}

/// What agencies share in after a cancel. Where nothing remains they keep their part of a fee that stays, whatever else an independent cancel
/// leaves behind.
fn standing(contract: &Contract, left: &Amounts, has_rest: bool) -> Amounts {
    if has_rest {
        return left.clone();
    }
    let mut stays = Amounts::default();
    let mut settlement = Whole::zero();
    let fees = [
        ("platform_fee", Field::PlatformFee),
        ("platform_fee", Field::PlatformFeeVat),
        ("additional_fee", Field::AdditionalFee),
        ("additional_fee", Field::AdditionalFeeVat),
    ];
    for (_, fee) in fees.into_iter().filter(|(thing, _)| contract.on_cancel(thing, "keep")) {
        settlement -= left.get(fee);
        stays.set(fee, left.get(fee));
    }
    // A fee below zero, which a formula may give, leaves the partner something.
    stays.set(Field::Settlement, settlement);
    stays
}

/// The policies of the order-level coupons whose minimum is more than what is left, if there is any.
fn coupons_to_withdraw(settled: &Settled, left: &Content) -> Vec<String> {
    let terms = &settled.terms;
    let order = left.order();
    let mut policies: Vec<String> = Vec::new();
    if !terms.contract.on_cancel("coupon_minimum", "withdraw") || order.is_zero() {
        return policies;
    }
    for discount in left.discounts.iter().filter(|discount| !discount.amount.is_zero()) {
        if terms.is_below_minimum(&discount.policy, &order) && !policies.contains(&discount.policy) {
            policies.push(discount.policy.clone());
        }
    }
    policies
}

/// What shipping costs from now on, if it was free until now.
fn shipping_to_charge(settled: &Settled, before: &Content, after: Option<&Content>) -> Option<Whole> {
    let free = settled.free_shipping.as_ref()?;
    let charges = settled.terms.contract.on_cancel("free_shipping", "charge");
    let left = after.map(Content::order).filter(|left| !left.is_zero())?;
    let falls = before.order() >= free.minimum && left < free.minimum;
    (charges && falls && !free.fee.is_zero()).then(|| free.fee.clone())
}

/// Money that is no part of the order.
fn of_settlement(amount: Whole) -> Figures {
    let mut figures = Figures::default();
    figures.total.set(Field::Settlement, amount);
    figures
}
