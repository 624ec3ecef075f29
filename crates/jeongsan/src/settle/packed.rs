//! What is left of an order, packed into a few bytes.
//!
//! Numbers take as many bytes as they need, names are numbers of an [`Interner`]. A plain order of 10,000 won takes some
//! twenty bytes. What a cancellation doesn't ask for (memo, given settlement date) is not kept.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Datelike, NaiveDate};
use rust_decimal::Decimal;

use crate::figures::{Figure, Figures};
use crate::funding::FunderParts;
use crate::id::{EventId, Interned, Interner};
use crate::money::Amount;
use crate::order::{Discount, FreeShipping, Line, Order, OrderDetail, PerUnits, Sales};

use super::Remaining;
use super::cancel_figures::Charged;
use super::kept_fees::KeptFees;

/// Packs what is left of an order behind other bytes; `None` when no more names can be held.
pub(super) fn pack(remaining: &Remaining, names: &mut Interner, bytes: &mut Vec<u8>) -> Option<()> {
    let mut packer = Packer { names, bytes };
    let order = remaining.names_and_rest();
    packer.flags(remaining.order().is_some(), order.paid_at.is_some());
    packer.name(order.partner.as_str())?;
    packer.optional_name(order.contract.as_ref().map(|contract| contract.as_str()))?;
    packer.signed(i64::from(order.start_date.num_days_from_ce()));
    if let Some(paid_at) = order.paid_at {
        packer.signed(paid_at.timestamp());
        packer.number(u64::from(paid_at.timestamp_subsec_nanos()));
    }
    match &order.detail {
        OrderDetail::Amount(amount) => {
            packer.count(0)?;
            packer.amount(*amount);
        }
        OrderDetail::Lines(lines) => {
            packer.count(lines.len())?;
            lines.iter().try_for_each(|line| packer.line(line))?;
        }
    }
    packer.optional_amount(order.tax_free);
    packer.discounts(&order.discounts)?;
    packer.list(&order.additional_fees, |packer, policy| packer.name(policy.as_str()))?;
    packer.amount(order.shipping);
    packer.attributes(&order.attributes)?;
    packer.count(order.parameters.len())?;
    for (key, number) in &order.parameters {
        packer.name(key)?;
        packer.bytes.extend_from_slice(&number.serialize());
    }
    packer.optional_amount(order.volume);
    packer.optional_amount(order.sales.and_then(|sales| sales.previous_month));
    packer.optional_amount(order.sales.and_then(|sales| sales.month_to_date));
    let (charged, kept) = (remaining.charged(), remaining.kept());
    let bit = |is_there: bool, bit: u8| if is_there { bit } else { 0 };
    let free = order.free_shipping;
    packer.bytes.push(
        bit(charged.is_some(), CHARGED) | bit(kept.is_some(), KEPT) | bit(free.is_some(), FREE_SHIPPING),
    );
    if let Some(charged) = charged {
        charged.figures.iter().for_each(|(_, amount)| packer.amount(amount));
        packer.count(charged.funders.len())?;
        for (funder, part) in charged.funders.iter() {
            packer.name(funder.as_str())?;
            packer.amount(part);
        }
    }
    if let Some(KeptFees(blocks)) = kept {
        packer.count(blocks.len())?;
        blocks.iter().flatten().for_each(|amount| packer.amount(*amount));
    }
    if let Some(FreeShipping { minimum, fee }) = free {
        packer.amount(minimum);
        packer.amount(fee);
    }
    Some(())
}

/// Unpacks what [`pack`] packed at the beginning of the bytes; the order gets this id.
pub(super) fn unpack(id: &EventId, names: &Interner, bytes: &[u8]) -> Option<Remaining> {
    let mut unpacker = Unpacker { names, bytes };
    let (has_rest, is_paid_at_known) = unpacker.flags()?;
    let partner = unpacker.name()?.parse().ok()?;
    let contract = unpacker.optional_name()?.map(str::parse).transpose().ok()?;
    let days = i32::try_from(unpacker.signed()?).ok()?;
    let start_date = NaiveDate::from_num_days_from_ce_opt(days)?;
    let mut paid_at = None;
    if is_paid_at_known {
        let (seconds, nanoseconds) = (unpacker.signed()?, u32::try_from(unpacker.number()?).ok()?);
        // Only the instant counts, not the offset it was told in.
        paid_at = Some(DateTime::from_timestamp(seconds, nanoseconds)?.fixed_offset());
    }
    let detail = match unpacker.count()? {
        0 => OrderDetail::Amount(unpacker.amount()?),
        lines => OrderDetail::Lines((0..lines).map(|_| unpacker.line()).collect::<Option<_>>()?),
    };
    let mut order = Order::new(id.clone(), partner, start_date, detail);
    order.contract = contract;
    order.paid_at = paid_at;
    order.tax_free = unpacker.optional_amount()?;
    order.discounts = unpacker.discounts()?;
    order.additional_fees = unpacker.list(|unpacker| unpacker.name()?.parse().ok())?;
    order.shipping = unpacker.amount()?;
    order.attributes = unpacker.attributes()?;
    for _ in 0..unpacker.count()? {
        let key = unpacker.name()?.into();
        order.parameters.insert(key, Decimal::deserialize(unpacker.array()?));
    }
    order.volume = unpacker.optional_amount()?;
    let (previous_month, month_to_date) = (unpacker.optional_amount()?, unpacker.optional_amount()?);
    let is_known = previous_month.is_some() || month_to_date.is_some();
    order.sales = is_known.then_some(Sales { previous_month, month_to_date });
    let further = unpacker.byte()?;
    let mut charged = None;
    if further & CHARGED != 0 {
        let mut figures = Figures::ZERO;
        for &figure in Figure::ALL {
            *figures.get_mut(figure) = unpacker.amount()?;
        }
        let mut funders = FunderParts::default();
        for _ in 0..unpacker.count()? {
            let funder = unpacker.name()?.parse().ok()?;
            funders.add(&funder, unpacker.amount()?)?;
        }
        charged = Some(Charged { figures, funders });
    }
    let kept = if further & KEPT == 0 { None } else { Some(KeptFees(unpacker.list(Unpacker::fees)?)) };
    if further & FREE_SHIPPING != 0 {
        order.free_shipping = Some(FreeShipping { minimum: unpacker.amount()?, fee: unpacker.amount()? });
    }
    Some(Remaining::unpacked(order, has_rest, charged, kept))
}

/// What few orders have stands behind one byte, a bit for each.
const CHARGED: u8 = 1;
const KEPT: u8 = 2;
const FREE_SHIPPING: u8 = 4;

/// Writes the length of what follows.
pub(super) fn push_length(length: usize, bytes: &mut Vec<u8>) -> Option<()> {
    Packer { names: &mut Interner::new(), bytes }.count(length)
}

/// How many bytes something takes with its length before it, and what comes behind the length.
pub(super) fn packed_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let names = Interner::new();
    let mut unpacker = Unpacker { names: &names, bytes };
    let length = unpacker.count()?;
    let before = bytes.len().checked_sub(unpacker.bytes.len())?;
    Some((before.checked_add(length)?, bytes.get(before..)?))
}

struct Packer<'b> {
    names: &'b mut Interner,
    bytes: &'b mut Vec<u8>,
}

impl Packer<'_> {
    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
            number >>= 7;
        }
        self.bytes.push(u8::try_from(number).unwrap_or(0));
    }

    /// With the sign in the lowest bit, so that small numbers of either sign are short.
    fn signed(&mut self, number: i64) {
        self.number((number.unsigned_abs() << 1) | u64::from(number < 0));
    }

    /// `i64::MIN` alone has no size of 63 bits; no amount that settled is that.
    fn amount(&mut self, amount: Amount) {
        self.signed(amount.minor());
    }

    fn flag(&mut self, flag: bool) {
        self.bytes.push(u8::from(flag));
    }

    /// Two flags in a byte.
    fn flags(&mut self, first: bool, second: bool) {
        self.bytes.push(u8::from(first) | u8::from(second) << 1);
    }

    fn count(&mut self, count: usize) -> Option<()> {
        self.number(u64::try_from(count).ok()?);
        Some(())
    }

    fn name(&mut self, name: &str) -> Option<()> {
        let (Interned::New(number) | Interned::Known(number)) = self.names.intern(name)?;
        self.number(u64::from(number));
        Some(())
    }

    fn optional_name(&mut self, name: Option<&str>) -> Option<()> {
        self.flag(name.is_some());
        name.map_or(Some(()), |name| self.name(name))
    }

    fn optional_amount(&mut self, amount: Option<Amount>) {
        self.flag(amount.is_some());
        if let Some(amount) = amount {
            self.amount(amount);
        }
    }

    fn list<T>(&mut self, items: &[T], mut pack: impl FnMut(&mut Self, &T) -> Option<()>) -> Option<()> {
        self.count(items.len())?;
        items.iter().try_for_each(|item| pack(self, item))
    }

    fn discounts(&mut self, discounts: &[Discount]) -> Option<()> {
        self.list(discounts, |packer, discount| {
            packer.name(discount.policy.as_str())?;
            packer.amount(discount.amount);
            packer.amount(discount.tax_free);
            Some(())
        })
    }

    fn attributes(&mut self, attributes: &BTreeMap<String, String>) -> Option<()> {
        self.count(attributes.len())?;
        for (name, value) in attributes {
            self.name(name)?;
            self.name(value)?;
        }
        Some(())
    }

    fn line(&mut self, line: &Line) -> Option<()> {
        self.name(line.product.as_str())?;
        self.amount(line.unit_amount);
        self.amount(line.tax_free.amount);
        self.number(u64::from(line.tax_free.units));
        self.number(u64::from(line.quantity));
        self.discounts(&line.discounts)?;
        self.list(&line.additional_fees, |packer, policy| packer.name(policy.as_str()))?;
        self.attributes(&line.attributes)
    }
}

struct Unpacker<'b> {
    names: &'b Interner,
    bytes: &'b [u8],
}

impl<'b> Unpacker<'b> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(byte)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        Some(*array)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        let mut shift = 0_u32;
        loop {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
            shift = shift.checked_add(7)?;
        }
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        let size = i64::try_from(number >> 1).ok()?;
        if number & 1 == 1 { size.checked_neg() } else { Some(size) }
    }

    fn amount(&mut self) -> Option<Amount> {
        self.signed().map(Amount::new)
    }

    fn flag(&mut self) -> Option<bool> {
        self.byte().map(|byte| byte == 1)
    }

    fn flags(&mut self) -> Option<(bool, bool)> {
        self.byte().map(|byte| (byte & 1 == 1, byte & 2 == 2))
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn name(&mut self) -> Option<&'b str> {
        self.names.text(u32::try_from(self.number()?).ok()?)
    }

    fn optional_name(&mut self) -> Option<Option<&'b str>> {
        if self.flag()? { self.name().map(Some) } else { Some(None) }
    }

    fn optional_amount(&mut self) -> Option<Option<Amount>> {
        if self.flag()? { self.amount().map(Some) } else { Some(None) }
    }

    fn list<T>(&mut self, mut unpack: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        (0..count).map(|_| unpack(self)).collect()
    }

    fn discounts(&mut self) -> Option<Vec<Discount>> {
        self.list(|unpacker| {
            let policy = unpacker.name()?.parse().ok()?;
            Some(Discount { policy, amount: unpacker.amount()?, tax_free: unpacker.amount()? })
        })
    }

    fn attributes(&mut self) -> Option<BTreeMap<String, String>> {
        let count = self.count()?;
        (0..count).map(|_| Some((self.name()?.into(), self.name()?.into()))).collect()
    }

    fn fees(&mut self) -> Option<[Amount; 4]> {
        Some([self.amount()?, self.amount()?, self.amount()?, self.amount()?])
    }

    fn line(&mut self) -> Option<Line> {
        let product = self.name()?.parse().ok()?;
        let unit_amount = self.amount()?;
        let amount = self.amount()?;
        let tax_free = PerUnits { amount, units: u32::try_from(self.number()?).ok()? };
        let quantity = u32::try_from(self.number()?).ok()?;
        let discounts = self.discounts()?;
        let additional_fees = self.list(|unpacker| unpacker.name()?.parse().ok())?;
        let attributes = self.attributes()?;
        Some(Line {
            tax_free,
            discounts,
            additional_fees,
            attributes,
            ..Line::new(product, unit_amount, quantity)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn amounts() -> impl Strategy<Value = Amount> {
        prop_oneof![-200_i64..200, 1 - i64::MAX..i64::MAX].prop_map(Amount::new)
    }

    fn discounts() -> impl Strategy<Value = Vec<Discount>> {
        let discount = ("[a-z]{1,3}", amounts(), amounts()).prop_map(|(policy, amount, tax_free)| Discount {
            policy: policy.parse().unwrap(),
            amount,
            tax_free,
        });
        proptest::collection::vec(discount, 0..3)
    }

    fn texts() -> impl Strategy<Value = BTreeMap<String, String>> {
        proptest::collection::btree_map("[a-z가-힣]{0,3}", "[ -~]{0,4}", 0..3)
    }

    fn lines() -> impl Strategy<Value = Line> {
        (("[a-z]{1,3}", amounts(), any::<u32>()), (amounts(), any::<u32>()), discounts(), texts()).prop_map(
            |((product, unit_amount, quantity), (amount, units), discounts, attributes)| Line {
                tax_free: PerUnits { amount, units },
                additional_fees: discounts.iter().map(|d| d.policy.as_str().parse().unwrap()).collect(),
                discounts,
                attributes,
                ..Line::new(product.parse().unwrap(), unit_amount, quantity)
            },
        )
    }

    fn orders() -> impl Strategy<Value = Order> {
        let detail = prop_oneof![
            amounts().prop_map(OrderDetail::Amount),
            proptest::collection::vec(lines(), 1..4).prop_map(OrderDetail::Lines),
        ];
        let further = (
            proptest::option::of(amounts()),
            amounts(),
            proptest::option::of(amounts()),
            proptest::option::of("[a-z]{1,4}"),
            (any::<i64>(), 0_u32..28),
        );
        ("[a-z]{1,4}", 0_i64..200_000, detail, discounts(), texts(), further).prop_map(
            |(
                partner,
                days,
                detail,
                discounts,
                attributes,
                (tax_free, shipping, volume, contract, (mantissa, scale)),
            )| {
                let start =
                    NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + chrono::Days::new(days.unsigned_abs());
                let mut order = Order::new("o-1".parse().unwrap(), partner.parse().unwrap(), start, detail);
                order.contract = contract.map(|contract| contract.parse().unwrap());
                order.additional_fees =
                    discounts.iter().map(|d| d.policy.as_str().parse().unwrap()).collect();
                order.discounts = discounts;
                order.attributes = attributes;
                order.tax_free = tax_free;
                order.shipping = shipping;
                order.volume = volume;
                order.paid_at = volume
                    .and(DateTime::from_timestamp(mantissa >> 24, 999_999_999))
                    .map(|paid| paid.fixed_offset());
                order.free_shipping = tax_free.map(|fee| FreeShipping { minimum: shipping, fee });
                order.sales =
                    volume.map(|_| Sales { previous_month: Some(shipping), month_to_date: tax_free });
                order.parameters = BTreeMap::from([("factor".into(), Decimal::new(mantissa, scale))]);
                order
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_packed_unpacks(
            order in orders(),
            has_rest: bool,
            charged in proptest::option::of(amounts()),
            kept in proptest::option::of(proptest::collection::vec(proptest::array::uniform4(amounts()), 0..3)),
        ) {
            let charged = charged.map(|settlement| Figures { settlement, ..Figures::ZERO });
            let charged = charged.map(|figures| {
                let mut funders = FunderParts::default();
                for discount in &order.discounts {
                    funders.add(&discount.policy.as_str().parse().unwrap(), Amount::new(discount.amount.minor() / 2));
                }
                Charged { figures, funders }
            });
            let remaining = Remaining::unpacked(order, has_rest, charged, kept.map(KeptFees));
            let (mut names, mut bytes) = (Interner::new(), alloc::vec![7; 3]);
            pack(&remaining, &mut names, &mut bytes).unwrap();
            bytes.push(7);
            let id = "o-1".parse().unwrap();
            prop_assert_eq!(unpack(&id, &names, &bytes[3..]), Some(remaining));
            for end in 3..bytes.len() - 1 {
                prop_assert_eq!(unpack(&id, &names, &bytes[3..end]), None, "cut off at {}", end);
            }
        }
    }

    #[test]
    fn a_plain_order_takes_few_bytes() {
        let start = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let detail = OrderDetail::Amount(Amount::new(10_000));
        let order = Order::new("o-1".parse().unwrap(), "seller-1".parse().unwrap(), start, detail);
        let (mut names, mut bytes) = (Interner::new(), Vec::new());
        pack(&Remaining::unpacked(order, true, None, None), &mut names, &mut bytes).unwrap();
        assert_eq!(bytes.len(), 20);
    }
}
