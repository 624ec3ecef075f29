//! Which debts are met by which credits, and how old is what is left.

use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::money::Amount;

/// A debt met by a credit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Offset<R> {
    /// The row below zero.
    pub debt: R,
    /// The row above zero.
    pub credit: R,
    /// How much of the one the other meets.
    pub amount: Amount,
}

/// Matches debts with credits, first in first out: each debt in the order given with the credits in the order given (상계). Credits that
/// `is_preferred` for a debt come before others.
///
/// ```
/// use jeongsan::money::Amount;
/// use jeongsan::payable::offset;
///
/// let rows = [('a', -500), ('b', 300), ('c', 400)].map(|(row, minor)| (row, Amount::new(minor)));
/// let met: Vec<_> = offset(&rows, |_, _| true).iter().map(|met| (met.debt, met.credit, met.amount.minor())).collect();
/// assert_eq!(met, [('a', 'b', 300), ('a', 'c', 200)]);
/// ```
#[must_use]
pub fn offset<R: Copy>(rows: &[(R, Amount)], is_preferred: impl Fn(R, R) -> bool) -> Vec<Offset<R>> {
    let mut credits: Vec<(R, u64)> =
        rows.iter().filter_map(|&(row, amount)| Some((row, above_zero(amount)?))).collect();
    let mut met = Vec::new();
    for &(debt, amount) in rows.iter().filter(|(_, amount)| amount.is_negative()) {
        let mut owed = amount.minor().unsigned_abs();
        for preferred in [true, false] {
            for (credit, left) in &mut credits {
                let part = owed.min(*left);
                if part == 0 || is_preferred(debt, *credit) != preferred {
                    continue;
                }
                (owed, *left) = (owed.saturating_sub(part), left.saturating_sub(part));
                // A part is at most the credit, which is an `i64` above zero.
                met.push(Offset {
                    debt,
                    credit: *credit,
                    amount: Amount::new(i64::try_from(part).unwrap_or(i64::MAX)),
                });
            }
        }
    }
    met
}

fn above_zero(amount: Amount) -> Option<u64> {
    u64::try_from(amount.minor()).ok().filter(|&minor| minor > 0)
}

/// What is outstanding for so many days.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AgeBucket {
    /// From so many days after it fell due.
    pub from_days: u32,
    /// To so many days, inclusive; without end in the last.
    pub to_days: Option<u32>,
    /// How much, in minor units: below zero debts, above zero credits.
    pub amount: i128,
}

/// What is left of rows once debts and credits have met first in first out, by its age on a day (연령 분석). Each bound is the last day of its
/// bucket; what is older than the last bound is in a bucket more. Rows are given with the day they fell due, the oldest first.
///
/// ```
/// use chrono::NaiveDate;
/// use jeongsan::money::Amount;
/// use jeongsan::payable::ageing;
///
/// let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
/// let rows = [(day(1, 5), Amount::new(-900)), (day(3, 1), Amount::new(400)), (day(3, 20), Amount::new(-50))];
/// let ages: Vec<_> = ageing(&rows, day(3, 31), &[30, 60]).iter().map(|bucket| bucket.amount).collect();
/// assert_eq!(ages, [-50, 0, -500]);
/// ```
#[must_use]
pub fn ageing(rows: &[(NaiveDate, Amount)], as_of: NaiveDate, bounds_days: &[u32]) -> Vec<AgeBucket> {
    let places: Vec<_> = rows.iter().enumerate().map(|(place, &(_, amount))| (place, amount)).collect();
    let mut left: Vec<i128> = rows.iter().map(|(_, amount)| i128::from(amount.minor())).collect();
    for Offset { debt, credit, amount } in offset(&places, |_, _| true) {
        let part = i128::from(amount.minor());
        for (place, signed) in [(debt, part), (credit, part.saturating_neg())] {
            if let Some(left) = left.get_mut(place) {
                *left = left.saturating_add(signed);
            }
        }
    }
    let starts = core::iter::once(0).chain(bounds_days.iter().map(|bound| bound.saturating_add(1)));
    let ends = bounds_days.iter().copied().map(Some).chain([None]);
    let bucket = |(from_days, to_days): (u32, Option<u32>)| {
        let is_in = |date: NaiveDate| {
            let days = as_of.signed_duration_since(date).num_days();
            days >= i64::from(from_days) && to_days.is_none_or(|to| days <= i64::from(to))
        };
        let inside = rows.iter().zip(&left).filter(|((date, _), _)| is_in(*date));
        AgeBucket {
            from_days,
            to_days,
            amount: inside.fold(0, |sum: i128, (_, left)| sum.saturating_add(*left)),
        }
    };
    starts.zip(ends).map(bucket).collect()
}
