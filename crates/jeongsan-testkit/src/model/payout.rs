//! What follows a settlement: income tax withheld, and balances carried over.

use chrono::NaiveDate;
use num_traits::{Signed, Zero};

use super::number::Whole;

/// What kind of income is paid.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Income {
    /// Business income (사업소득).
    Business,
    /// Other income (기타소득).
    Other,
}

impl Income {
    /// The kind of this name.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "business-income" => Some(Self::Business),
            "other-income" => Some(Self::Other),
            _ => None,
        }
    }
}

/// What is withheld from a payment, in won.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Withheld {
    /// Income tax.
    pub income_tax: Whole,
    /// Local income tax.
    pub local_tax: Whole,
    /// What is left to pay.
    pub net: Whole,
}

/// Income tax and local tax on a gross payment; what lies after the last ten won is cut off each.
#[must_use]
pub fn withholding(kind: Income, gross: &Whole, paid_on: NaiveDate) -> Withheld {
    let before =
        |year, month, day| NaiveDate::from_ymd_opt(year, month, day).is_some_and(|date| paid_on < date);
    let cut_to_ten = |amount: Whole| amount / 10 * 10;
    let income_tax = match kind {
        Income::Business => {
            let tax = cut_to_ten(gross * 3 / 100);
            if before(2024, 7, 1) && tax < Whole::from(1_000) { Whole::zero() } else { tax }
        }
        Income::Other => {
            let kept_percent = if before(2018, 4, 1) {
                20
            } else if before(2019, 1, 1) {
                30
            } else {
                40
            };
            // In hundredths of a won, so that the taxable amount stays exact.
            let taxable = gross * kept_percent;
            let is_exempt = taxable <= Whole::from(50_000 * 100);
            if is_exempt { Whole::zero() } else { cut_to_ten(taxable * 20 / 100 / 100) }
        }
    };
    let local_tax = cut_to_ten(&income_tax / 10);
    let net = gross - &income_tax - &local_tax;
    Withheld { income_tax, local_tax, net }
}

/// What is paid when a net amount falls due upon a balance, and the balance left.
#[must_use]
pub fn carry(balance: &Whole, amount: &Whole, minimum: &Whole) -> (Whole, Whole) {
    let due = balance + amount;
    if due.is_positive() && due >= *minimum { (due, Whole::zero()) } else { (Whole::zero(), due) }
}
