//! Plain orders by the million, for benchmarks: no text is made until it is asked for.

use crate::random::Random;

/// An order by amount, under the contracts and policies of the default [month](crate::month).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BulkOrder {
    /// Its number, from 1.
    pub number: u64,
    /// Its partner's number, from 1 to 40.
    pub partner: u32,
    /// The day of March 2026 on which it starts.
    pub start_day: u32,
    /// The order amount in won.
    pub order_amount: i64,
    /// The part of it without VAT.
    pub tax_free_amount: i64,
    /// The policy of its discount, if it has one.
    pub discount_policy: Option<&'static str>,
    /// The discount, 0 without one.
    pub discount_amount: i64,
    /// The part of the discount without VAT.
    pub discount_tax_free_amount: i64,
    /// The policy of its additional fee, if it has one.
    pub additional_fee: Option<&'static str>,
    /// The shipping amount.
    pub shipping_amount: i64,
}

impl BulkOrder {
    /// The order's id.
    #[must_use]
    pub fn id(&self) -> String {
        format!("o-{:09}", self.number)
    }

    /// The partner's id.
    #[must_use]
    pub fn partner_id(&self) -> String {
        format!("p-{:03}", self.partner)
    }

    /// The start date.
    #[must_use]
    pub fn start_date(&self) -> String {
        format!("2026-03-{:02}", self.start_day)
    }

    /// The order as a line of JSON.
    #[must_use]
    pub fn json(&self) -> String {
        let mut text = format!(
            r#"{{"type":"order","id":"{}","partner":"{}","start_date":"{}","order_amount":{}"#,
            self.id(),
            self.partner_id(),
            self.start_date(),
            self.order_amount
        );
        if let Some(policy) = self.discount_policy {
            text.push_str(&format!(
                r#","discounts":[{{"policy":"{policy}","amount":{},"tax_free_amount":{}}}]"#,
                self.discount_amount, self.discount_tax_free_amount
            ));
        }
        if let Some(policy) = self.additional_fee {
            text.push_str(&format!(r#","additional_fees":["{policy}"]"#));
        }
        if self.shipping_amount != 0 {
            text.push_str(&format!(r#","shipping_amount":{}"#, self.shipping_amount));
        }
        if self.tax_free_amount != 0 {
            text.push_str(&format!(r#","tax_free_amount":{}"#, self.tax_free_amount));
        }
        text.push('}');
        text
    }
}

/// So many orders. The same seed gives the same orders, whatever their count.
pub fn orders(seed: u64, count: u64) -> impl Iterator<Item = BulkOrder> {
    let mut random = Random::new(seed);
    (1..=count).map(move |number| order(number, &mut random))
}

fn order(number: u64, random: &mut Random) -> BulkOrder {
    let order_amount = match random.below(10) {
        0..=5 => random.between(10, 2_000) * 100,
        6..=8 => random.between(1, 99) * 1_000 + 900,
        _ => random.between(1, 1_000_000),
    };
    let tax_free_amount = match random.below(10) {
        0 => order_amount,
        1 => order_amount * 2 / 5,
        _ => 0,
    };
    let discount_policy = match random.below(12) {
        0 => Some("coupon-platform"),
        1 => Some("coupon-seller"),
        2 => Some("coupon-shared"),
        _ => None,
    };
    let percent = random.between(1, 20);
    let discounted = |amount: i64| if discount_policy.is_some() { amount * percent / 100 } else { 0 };
    let discount_tax_free_amount = discounted(tax_free_amount);
    // Each part is cut by itself, so neither exceeds its whole.
    let discount_amount = discount_tax_free_amount + discounted(order_amount - tax_free_amount);
    let shipping_amount = if random.chance(30) { 3_000 } else { 0 };
    BulkOrder {
        number,
        partner: u32::try_from(random.below(40)).unwrap_or(0) + 1,
        start_day: u32::try_from(random.below(31)).unwrap_or(0) + 1,
        order_amount,
        tax_free_amount,
        discount_policy,
        discount_amount,
        discount_tax_free_amount,
        additional_fee: match random.below(4) {
            0 => Some("fulfilment"),
            1 => Some("payment-fee"),
            2 if shipping_amount > 0 => Some("shipping-fee"),
            _ => None,
        },
        shipping_amount,
    }
}
