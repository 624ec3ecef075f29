//! The flat form: one row an event, one discount and one additional fee at the most.

use std::collections::BTreeMap;
use std::io::BufRead;

use csv::StringRecord;
use jeongsan::document::{AttributeText, Day, DiscountDocument, EventDocument, Instant, MinorUnits, Refusal};
use jeongsan::id::{EventId, IdError};
use jeongsan::money::Amount;

use super::line_ends::LineEnds;
use super::{Columns, Item, LINE_BYTES_MAX, UnknownColumns, unreadable};

/// What a column holds.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Column {
    Type,
    Id,
    Partner,
    Contract,
    StartDate,
    PaidAt,
    OrderAmount,
    TaxFreeAmount,
    ShippingAmount,
    DiscountPolicy,
    DiscountAmount,
    DiscountTaxFreeAmount,
    AdditionalFee,
    SettlementDate,
    Volume,
    Order,
    Date,
    Amount,
    Memo,
    Attribute(String),
    Ignored,
}

impl Column {
    fn of(name: &str, columns: &Columns) -> Option<Self> {
        Some(match name {
            "type" => Self::Type,
            "id" => Self::Id,
            "partner" => Self::Partner,
            "contract" => Self::Contract,
            "start_date" => Self::StartDate,
            "paid_at" => Self::PaidAt,
            "order_amount" => Self::OrderAmount,
            "tax_free_amount" => Self::TaxFreeAmount,
            "shipping_amount" => Self::ShippingAmount,
            "discount_policy" => Self::DiscountPolicy,
            "discount_amount" => Self::DiscountAmount,
            "discount_tax_free_amount" => Self::DiscountTaxFreeAmount,
            "additional_fee" => Self::AdditionalFee,
            "settlement_date" => Self::SettlementDate,
            "volume" => Self::Volume,
            "order" => Self::Order,
            "date" => Self::Date,
            "amount" => Self::Amount,
            "memo" => Self::Memo,
            _ if columns.attributes.contains(name) => Self::Attribute(name.into()),
            _ => Self::Attribute(name.strip_prefix("attribute_").filter(|rest| !rest.is_empty())?.into()),
        })
    }
}

pub(super) struct Rows<R> {
    reader: csv::Reader<LineEnds<R>>,
    columns: Vec<(String, Column)>,
    record: StringRecord,
}

impl<R: BufRead> Rows<R> {
    /// Reads the header.
    pub(super) fn new(reader: R, known: &Columns) -> Result<Self, String> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(LineEnds::new(reader));
        let header = reader.headers().map_err(|error| error.to_string())?.clone();
        let mut columns: Vec<(String, Column)> = Vec::new();
        for (place, name) in header.iter().enumerate() {
            let name = name.trim();
            let column = match (Column::of(name, known), known.unknown) {
                (Some(column), _) => column,
                (None, UnknownColumns::Ignored) => Column::Ignored,
                (None, UnknownColumns::Refused) if name.is_empty() => {
                    let number = place.saturating_add(1);
                    return Err(format!(
                        "line 1, column {number}: the column has no name: is there a comma too many? Name it, or pass \
                         --allow-columns to ignore it"
                    ));
                }
                (None, UnknownColumns::Refused) => {
                    let number = place.saturating_add(1);
                    return Err(format!(
                        "line 1, column {number}: unknown column `{name}`; name it `attribute_{name}` to select by it, or \
                         pass --allow-columns to ignore it"
                    ));
                }
            };
            if column != Column::Ignored && columns.iter().any(|(_, earlier)| *earlier == column) {
                return Err(format!("line 1: the column `{name}` stands twice"));
            }
            columns.push((name.into(), column));
        }
        Ok(Self { reader, columns, record: StringRecord::new() })
    }

    pub(super) fn next(&mut self) -> std::io::Result<Option<Item>> {
        let read = match self.reader.read_record(&mut self.record) {
            Ok(false) => return Ok(None),
            Ok(true) => Ok(()),
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) => return Err(error),
                csv::ErrorKind::Utf8 { err, .. } => {
                    let line = self.line_behind(0);
                    let column = err.field().saturating_add(1);
                    let event = Err(unreadable(format!("invalid UTF-8 in column {column}"), None));
                    return Ok(Some(Item { line, id: None, event }));
                }
                other => Err(unreadable(format!("{other:?}"), None)),
            },
        };
        let line = self.line_behind(self.record.as_slice().bytes().filter(|byte| *byte == b'\n').count());
        let event = read.and_then(|()| self.event());
        let id = self.cell(&Column::Id).and_then(|text| EventId::new(text).ok());
        Ok(Some(Item { line, id, event }))
    }

    /// The line on which the record just read begins, which has so many line ends within; blank lines before it are passed over, so
    /// it is counted from behind it.
    fn line_behind(&self, within: usize) -> u64 {
        self.reader.position().line().saturating_sub(1).saturating_sub(u64::try_from(within).unwrap_or(0))
    }

    fn cell(&self, wanted: &Column) -> Option<&str> {
        let place = self.columns.iter().position(|(_, column)| column == wanted)?;
        self.record.get(place).filter(|text| !text.is_empty())
    }

    fn event(&self) -> Result<EventDocument, Refusal> {
        if self.record.as_slice().len() > LINE_BYTES_MAX {
            return Err(unreadable(format!("the row has more than {} MiB", LINE_BYTES_MAX >> 20), None));
        }
        // A missing quote would swallow the rows behind it without a word; no cell of an event has lines.
        if let Some((place, text)) = self.record.iter().enumerate().find(|(_, text)| text.contains('\n')) {
            let column = place.saturating_add(1);
            let lines = text.trim_end().lines().count();
            let message = format!(
                "the quoted cell in column {column} runs over {lines} lines: is its closing quote missing?"
            );
            return Err(unreadable(message, None));
        }
        if self.record.len() != self.columns.len() {
            let message =
                format!("the row has {} cells, the header {}", self.record.len(), self.columns.len());
            return Err(unreadable(message, None));
        }
        let mut event = EventDocument::default();
        event.kind = Some("order".into());
        let mut discount = (None, None, None);
        let mut attributes = BTreeMap::new();
        for ((name, column), text) in
            self.columns.iter().zip(&self.record).filter(|(_, text)| !text.is_empty())
        {
            let id = |error: IdError| unreadable(error.to_string(), Some(name.clone()));
            match column {
                Column::Type => event.kind = Some(text.into()),
                Column::Id => event.id = Some(text.parse().map_err(id)?),
                Column::Partner => event.partner = Some(text.parse().map_err(id)?),
                Column::Contract => event.contract = Some(text.parse().map_err(id)?),
                Column::StartDate => event.start_date = Some(day(name, text)?),
                Column::PaidAt => event.paid_at = Some(instant(name, text)?),
                Column::OrderAmount => event.order_amount = Some(amount(name, text)?),
                Column::TaxFreeAmount => event.tax_free_amount = Some(amount(name, text)?),
                Column::ShippingAmount => event.shipping_amount = Some(amount(name, text)?),
                Column::DiscountPolicy => discount.0 = Some(text.parse().map_err(id)?),
                Column::DiscountAmount => discount.1 = Some(amount(name, text)?),
                Column::DiscountTaxFreeAmount => discount.2 = Some(amount(name, text)?),
                Column::AdditionalFee => event.additional_fees = Some(vec![text.parse().map_err(id)?]),
                Column::SettlementDate => event.settlement_date = Some(day(name, text)?),
                Column::Order => event.order = Some(text.parse().map_err(id)?),
                Column::Date => event.date = Some(day(name, text)?),
                Column::Volume => event.volume = Some(amount(name, text)?),
                Column::Amount => event.amount = Some(amount(name, text)?),
                Column::Memo => event.memo = Some(text.into()),
                Column::Attribute(key) => {
                    attributes.insert(key.clone(), AttributeText(text.into()));
                }
                Column::Ignored => {}
            }
        }
        event.attributes = (!attributes.is_empty()).then_some(attributes);
        event.discounts = match discount {
            (None, None, None) => None,
            (Some(policy), Some(amount), tax_free) => {
                let mut discount = DiscountDocument::new(policy, amount);
                discount.tax_free_amount = tax_free;
                Some(vec![discount])
            }
            (None, _, _) => {
                return Err(unreadable(
                    "a discount without `discount_policy`",
                    Some("discount_policy".into()),
                ));
            }
            (_, None, _) => {
                return Err(unreadable(
                    "a discount without `discount_amount`",
                    Some("discount_amount".into()),
                ));
            }
        };
        Ok(event)
    }
}

fn day(name: &str, text: &str) -> Result<Day, Refusal> {
    let message = || format!("`{}` is no date as YYYY-MM-DD", shown(text));
    Day::parse(text).ok_or_else(|| unreadable(message(), Some(name.into())))
}

fn instant(name: &str, text: &str) -> Result<Instant, Refusal> {
    let message = || format!("`{}` is no instant with its offset as 2026-03-01T22:30:00+09:00", shown(text));
    Instant::parse(text).ok_or_else(|| unreadable(message(), Some(name.into())))
}

fn amount(name: &str, text: &str) -> Result<MinorUnits, Refusal> {
    let message = || format!("`{}` is no whole number of minor units", shown(text));
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(unreadable(message(), Some(name.into())));
    }
    Ok(text.parse().map_or(MinorUnits::OUT_OF_RANGE, |minor| Amount::new(minor).into()))
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}
