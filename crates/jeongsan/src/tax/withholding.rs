//! Tax withheld from what a person is paid (원천징수).
//!
//! Business income: 3 % income tax (소득세법 제129조 제1항 제3호), other income: 20 % of what the deemed expenses leave, each with a local
//! income tax of 10 % of it (지방세법 제103조의13). Both taxes are cut to 10 won (국고금 관리법 제47조).

use chrono::NaiveDate;

use crate::money::{Amount, Rounding, text_enum};

text_enum! {
    /// The kinds of income from which tax is withheld.
    pub enum IncomeKind ("kind of income") or UnknownIncomeKind {
        /// Income of a freelancer (사업소득).
        BusinessIncome = "business-income",
        /// Occasional income, such as a prize or a fee for a lecture (기타소득).
        OtherIncome = "other-income",
    }
}

/// What is withheld from a payment and what is left, in won.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Withholding {
    /// The income tax (소득세).
    pub income_tax: Amount,
    /// The local income tax (지방소득세).
    pub local_tax: Amount,
    /// What is paid.
    pub net: Amount,
}

/// Income tax on business income under this many won was not withheld before 2024-07-01 (소액부징수, 소득세법 제86조).
const SMALL_TAX: i64 = 1_000;
/// Other income of at most this many won after expenses is free of tax (과세최저한, 소득세법 제84조).
const OTHER_INCOME_FREE: i64 = 50_000;

/// The tax withheld from a gross payment in won, by the law of the day it is paid. Nothing is withheld from an amount of zero or
/// less.
///
/// ```
/// use chrono::NaiveDate;
/// use jeongsan::money::Amount;
/// use jeongsan::tax::{IncomeKind, withhold};
///
/// let paid_on = NaiveDate::from_ymd_opt(2025, 3, 10).unwrap();
/// let withheld = withhold(IncomeKind::BusinessIncome, Amount::new(1_234_567), paid_on);
/// assert_eq!(withheld.income_tax, Amount::new(37_030));
/// assert_eq!(withheld.local_tax, Amount::new(3_700));
/// assert_eq!(withheld.net, Amount::new(1_193_837));
/// ```
#[must_use]
pub fn withhold(kind: IncomeKind, gross: Amount, paid_on: NaiveDate) -> Withholding {
    let won = i128::from(gross.minor().max(0));
    let income_tax = match kind {
        IncomeKind::BusinessIncome => {
            let tax = part_cut_to_ten(won, 3, 100);
            let small_tax_exempt = paid_on < day(2024, 7, 1);
            if small_tax_exempt && tax < SMALL_TAX { 0 } else { tax }
        }
        IncomeKind::OtherIncome => {
            let taxable_percent = taxable_percent(paid_on);
            // Compared in hundredths of a won: the taxable amount is not rounded.
            let taxable_hundredths = won.saturating_mul(taxable_percent);
            let free = taxable_hundredths <= i128::from(OTHER_INCOME_FREE).saturating_mul(100);
            if free { 0 } else { part_cut_to_ten(taxable_hundredths, 20, 10_000) }
        }
    };
    let local_tax = part_cut_to_ten(i128::from(income_tax), 10, 100);
    // The two taxes are less than a quarter of the gross amount.
    let net = gross.minor().saturating_sub(income_tax).saturating_sub(local_tax);
    Withholding {
        income_tax: Amount::new(income_tax),
        local_tax: Amount::new(local_tax),
        net: Amount::new(net),
    }
}

/// What the deemed expenses of other income leave (소득세법 시행령 제87조): 20 % to 2018-03-31, 30 % to the end of that year, then 40 %.
fn taxable_percent(paid_on: NaiveDate) -> i128 {
    if paid_on < day(2018, 4, 1) {
        20
    } else if paid_on < day(2019, 1, 1) {
        30
    } else {
        40
    }
}

/// amount × numerator / denominator, cut to ten won.
fn part_cut_to_ten(amount: i128, numerator: i128, denominator: i128) -> i64 {
    let tens = Rounding::Down.divide(amount.saturating_mul(numerator), denominator.saturating_mul(10));
    tens.and_then(|tens| i64::try_from(tens.checked_mul(10)?).ok()).unwrap_or(0)
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}
