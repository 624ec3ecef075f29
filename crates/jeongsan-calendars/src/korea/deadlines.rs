//! The days by which the law wants sellers paid.

use alloc::borrow::Cow;

use jeongsan::schedule::{DeadlineRule, DeadlineStart};

use crate::civil;

/// 대규모유통업법 and the bill for platforms. The bill's thresholds and phases are open; it is here so that a schedule can be held against it,
/// and applies to nothing until a day is put in.
pub const DEADLINES: [DeadlineRule; 3] = [
    DeadlineRule {
        name: Cow::Borrowed("특약매입·위수탁 판매대금"),
        law: Cow::Borrowed("대규모유통업법 제8조"),
        start: DeadlineStart::MonthEnd,
        days: 40,
        in_force_from: Some(civil(2012, 1, 1)),
    },
    DeadlineRule {
        name: Cow::Borrowed("직매입 상품대금"),
        law: Cow::Borrowed("대규모유통업법 제8조"),
        start: DeadlineStart::Event,
        days: 60,
        in_force_from: Some(civil(2021, 10, 21)),
    },
    DeadlineRule {
        name: Cow::Borrowed("온라인 중개거래 판매대금"),
        law: Cow::Borrowed("대규모유통업법 개정안 (2024-10-28)"),
        start: DeadlineStart::Event,
        days: 20,
        in_force_from: None,
    },
];
