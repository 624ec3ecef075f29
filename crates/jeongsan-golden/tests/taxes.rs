//! Taxes against the naive model, and the days of tax invoices on the Korean calendar.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use chrono::{Days, NaiveDate};
use jeongsan::calendar::Calendar;
use jeongsan::money::Amount;
use jeongsan::tax::{IncomeKind, due_date, return_date, withhold};
use jeongsan_testkit::model::{Income, Whole, withholding};
use proptest::prelude::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn korea() -> Calendar {
    jeongsan_calendars::calendars(None).get(&"KR-PUBLIC".parse().unwrap()).unwrap()
}

#[test]
fn tax_invoices_are_due_around_the_korean_holidays() {
    let due = |written| due_date(written, &korea()).unwrap();
    assert_eq!(due(day(2024, 1, 31)), day(2024, 2, 13), "a lunar new year and its substitute day");
    assert_eq!(due(day(2025, 9, 30)), day(2025, 10, 10), "the day after a week of holidays");
    assert_eq!(due(day(2026, 4, 30)), day(2026, 5, 11), "a Sunday");
    // The return of late 2024 moved from a Saturday over a temporary holiday and the lunar new year to the end of January.
    assert_eq!(return_date(day(2024, 12, 31), &korea()).unwrap(), day(2025, 1, 31));
}

proptest! {
    #[test]
    fn what_is_withheld_is_what_the_model_withholds(
        is_business: bool,
        gross in prop_oneof![0..200_000_i64, 0..1_000_000_000_i64, 0..=i64::MAX],
        days in 0..4_000_u64,
    ) {
        let paid_on = day(2016, 1, 1) + Days::new(days);
        let (kind, income) = match is_business {
            true => (IncomeKind::BusinessIncome, Income::Business),
            false => (IncomeKind::OtherIncome, Income::Other),
        };
        let found = withhold(kind, Amount::new(gross), paid_on);
        let expected = withholding(income, &Whole::from(gross), paid_on);
        let found = [found.income_tax, found.local_tax, found.net].map(|amount| Whole::from(amount.minor()));
        prop_assert_eq!(found, [expected.income_tax, expected.local_tax, expected.net]);
    }
}
