//! The month's orders and manual entries, day by day.

use std::collections::BTreeMap;

use super::book::{CONTRACTS, Partner};
use super::cancels::cancels;
use super::rows::{DiscountRow, LineRow, ManualRow, OrderRow, line};
use super::{MonthFees, MonthFormulas, MonthOptions};
use crate::random::Random;

const COUPONS: [(u64, &str); 3] = [(4, "coupon-platform"), (3, "coupon-seller"), (3, "coupon-shared")];
const PAYMENT_METHODS: [(u64, &str); 5] =
    [(10, "card"), (3, "virtual-account"), (4, "naver-pay"), (3, "kakao-pay"), (1, "phone")];

/// A day of the month as a date; days after the 31st are days of April.
pub(super) fn date_of(day: i64) -> String {
    if day <= 31 { format!("2026-03-{day:02}") } else { format!("2026-04-{:02}", day - 31) }
}

/// Each line with the day on which it happened, in order.
pub(super) fn lines(options: &MonthOptions, partners: &[Partner], random: &mut Random) -> Vec<String> {
    let mut days: Vec<i64> = (0..options.orders).map(|_| day(random)).collect();
    days.sort_unstable();
    let mut orders = Vec::new();
    for (number, day) in (1..).zip(days) {
        orders.push((day, order(number, day, options, partners, random)));
    }
    let mut dated: Vec<(i64, String)> = orders.iter().map(|(day, row)| (*day, line(row))).collect();
    dated.extend(cancels(options.cancels, &orders, random));
    for number in 1..=options.manual_entries {
        let day = random.between(1, 31);
        dated.push((day, line(&manual(number, day, partners, random))));
    }
    // Stable: on one day, orders come first.
    dated.sort_by_key(|(day, _)| *day);
    dated.into_iter().map(|(_, line)| line).collect()
}

/// Weekends sell more.
fn day(random: &mut Random) -> i64 {
    let day = random.between(1, 31);
    // 1 March 2026 is a Sunday.
    let is_weekend = matches!(day % 7, 0 | 1);
    if !is_weekend && random.chance(25) { random.between(1, 31) } else { day }
}

fn order(
    number: usize,
    day: i64,
    options: &MonthOptions,
    partners: &[Partner],
    random: &mut Random,
) -> OrderRow {
    // The smaller of two draws: the first partners sell most.
    let place = random.place(partners.len()).min(random.place(partners.len()));
    let partner = &partners[place];
    let mut row = OrderRow {
        kind: "order",
        id: format!("o-202603-{number:05}"),
        partner: partner.id.clone(),
        contract: random.chance(4).then(|| random.weighted(&CONTRACTS)),
        start_date: date_of(day),
        ..OrderRow::default()
    };
    let (left, left_tax_free) = if random.chance(60) {
        whole_order(&mut row, partner, random)
    } else {
        lines_of_order(&mut row, partner, random)
    };
    if random.chance(25) {
        row.discounts.extend(discount(left, left_tax_free, random));
    }
    if random.chance(15) {
        row.additional_fees.push("fulfilment");
    }
    if random.chance(50) {
        row.additional_fees.push("payment-fee");
    }
    if random.chance(40) {
        row.shipping_amount = Some(random.one_of(&[2_500, 3_000, 3_500]));
        row.additional_fees.push("shipping-fee");
    }
    if random.chance(2) {
        row.settlement_date = Some(date_of(day + random.between(0, 20)));
    }
    row.attributes.insert("payment_method", random.weighted(&PAYMENT_METHODS));
    if options.fees == MonthFees::SelectAndTiers {
        row.volume = Some(random.one_of(&[0, 12_345_000, 49_999_999, 50_000_000, 120_000_000]));
    }
    if options.formulas == MonthFormulas::User && random.chance(10) {
        row.parameters.insert("season_factor", "1.1");
    }
    row
}

/// What a thing costs: mostly so many hundreds, often ending in 900, sometimes to the won.
fn price(trade: &str, random: &mut Random) -> i64 {
    let (low, high) = match trade {
        "패션" => (99, 1_990),
        "식품" => (19, 590),
        "농산물" => (25, 790),
        "리빙" => (49, 3_490),
        "뷰티" => (59, 890),
        _ => (88, 350),
    };
    let hundreds = random.between(low, high);
    match random.below(10) {
        0..=5 => hundreds * 100,
        6..=8 => hundreds / 10 * 1_000 + 900,
        _ => hundreds * 100 + random.between(1, 99),
    }
}

/// How much of an amount is tax-free, by what is sold.
fn tax_free_part(amount: i64, trade: &str, random: &mut Random) -> i64 {
    let percent = match trade {
        "농산물" => random.weighted(&[(8, 100), (1, 60), (1, 0)]),
        "식품" => random.weighted(&[(2, 100), (3, 35), (5, 0)]),
        "도서" => 100,
        _ => 0,
    };
    amount * percent / 100
}

/// An order by amount; its amounts as they are left for discounts.
fn whole_order(row: &mut OrderRow, partner: &Partner, random: &mut Random) -> (i64, i64) {
    let amount = price(partner.trade, random) * random.weighted(&[(7, 1), (2, 2), (1, 3)]);
    let tax_free = tax_free_part(amount, partner.trade, random);
    row.order_amount = Some(amount);
    row.tax_free_amount = (tax_free > 0).then_some(tax_free);
    (amount, tax_free)
}

/// An order by lines; its amounts less the discounts of the lines.
fn lines_of_order(row: &mut OrderRow, partner: &Partner, random: &mut Random) -> (i64, i64) {
    let (mut left, mut left_tax_free) = (0, 0);
    for number in 1..=random.weighted(&[(4, 1), (4, 2), (2, 3), (1, 4)]) {
        let amount = price(partner.trade, random);
        let unit_tax_free = tax_free_part(amount, partner.trade, random);
        let quantity = random.weighted(&[(10, 1), (4, 2), (2, 3), (1, 5)]);
        let (mut of_line, mut of_line_tax_free) = (amount * quantity, unit_tax_free * quantity);
        let mut discounts = Vec::new();
        if random.chance(15) {
            discounts.extend(discount(of_line, of_line_tax_free, random));
        }
        for discount in &discounts {
            of_line -= discount.amount;
            of_line_tax_free -= discount.tax_free_amount.unwrap_or(0);
        }
        left += of_line;
        left_tax_free += of_line_tax_free;
        row.lines.push(LineRow {
            product: format!("{}-{:03}", partner.id, (number - 1) * 250 + random.between(1, 250)),
            amount,
            tax_free_amount: (unit_tax_free > 0).then_some(unit_tax_free),
            quantity,
            discounts,
            additional_fees: if random.chance(20) { vec!["fulfilment"] } else { Vec::new() },
            attributes: BTreeMap::from([("category", partner.trade)]),
        });
    }
    (left, left_tax_free)
}

/// A coupon on what is left, with its tax-free part in proportion; none when nothing is left.
fn discount(left: i64, left_tax_free: i64, random: &mut Random) -> Option<DiscountRow> {
    let wanted = match random.below(3) {
        0 => random.one_of(&[1_000, 2_000, 3_000, 5_000]),
        1 => left * random.one_of(&[5, 7, 10, 15]) / 100 / 10 * 10,
        _ => left * random.between(1, 30) / 100,
    };
    let amount = wanted.min(left);
    if amount == 0 {
        return None;
    }
    let tax_free = i128::from(amount) * i128::from(left_tax_free) / i128::from(left);
    let tax_free = i64::try_from(tax_free).unwrap_or(0);
    let policy = random.weighted(&COUPONS);
    Some(DiscountRow { policy, amount, tax_free_amount: (tax_free > 0).then_some(tax_free) })
}

fn manual(number: usize, day: i64, partners: &[Partner], random: &mut Random) -> ManualRow {
    let memo = random.one_of(&["오배송 보상", "판매 촉진 지원금", "반품 배송비 정산", "전월 정산 보정"]);
    let amount = random.between(-50, 80) * 1_000 + random.between(0, 9) * 10;
    ManualRow {
        kind: "manual",
        id: format!("m-202603-{number:02}"),
        partner: partners[random.place(partners.len())].id.clone(),
        amount,
        settlement_date: date_of(day),
        memo,
    }
}
