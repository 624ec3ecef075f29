//! The instants of payment that conditions can tell apart.
//!
//! Conditions cut time at their instants, at the borders of their times of day and, where they name weekdays, at midnights. Between
//! two cuts none of them changes, and every week repeats what weekdays and times of day say. So the first instant of each
//! slot in the eight days behind each cut stands for all others.

use alloc::vec::Vec;

use chrono::{DateTime, Days, FixedOffset, NaiveDate};

use crate::fee::{PaidWhen, TimeOfDay};

/// More slots than this are not looked through: a book of that many promotions in one selection is left alone.
const SLOTS_MAX: usize = 20_000;

/// The days that hold each slot of a week whole or from a cut on.
const DAYS: u64 = 8;

/// Where time begins for conditions that name no instant: any will do, a Monday's midnight reads best.
const FIRST_DAY: (i32, u32, u32) = (2026, 1, 5);

/// What is between two instants: from the first on, before the second, either of them open.
type Span = (Option<DateTime<FixedOffset>>, Option<DateTime<FixedOffset>>);

/// Between which instants all these hold, as far as they name instants.
pub(super) fn span<'c>(conditions: impl Iterator<Item = &'c PaidWhen>) -> Span {
    let mut span: Span = (None, None);
    for condition in conditions {
        match condition {
            PaidWhen::From(from) => span.0 = Some(span.0.map_or(*from, |other| other.max(*from))),
            PaidWhen::Before(before) => span.1 = Some(span.1.map_or(*before, |other| other.min(*before))),
            PaidWhen::Weekdays(_) | PaidWhen::Time(_) => {}
        }
    }
    span
}

/// One instant for each way in which a payment that meets all of `having` can meet `others` or not, in the time zone given; `None`
/// where there are too many to look through.
pub(super) fn moments(
    having: &[&PaidWhen],
    others: &[&PaidWhen],
    zone: FixedOffset,
) -> Option<Vec<DateTime<FixedOffset>>> {
    let (first, end) = span(having.iter().copied());
    let is_within =
        |at: &DateTime<FixedOffset>| first.is_none_or(|first| first < *at) && end.is_none_or(|end| *at < end);
    let mut cuts: Vec<DateTime<FixedOffset>> = Vec::new();
    let mut borders = alloc::vec![TimeOfDay::MIDNIGHT];
    for condition in having.iter().chain(others) {
        match condition {
            PaidWhen::From(at) | PaidWhen::Before(at) => cuts.extend(Some(*at).filter(is_within)),
            PaidWhen::Time(window) => borders.extend([window.from(), window.before()]),
            PaidWhen::Weekdays(_) => {}
        }
    }
    let (year, month, day) = FIRST_DAY;
    let fallback = || start_of(NaiveDate::from_ymd_opt(year, month, day)?, TimeOfDay::MIDNIGHT, zone);
    let begin = match first {
        Some(first) => first,
        None => match cuts.iter().copied().chain(end).min() {
            Some(earliest) => earliest.checked_sub_days(Days::new(DAYS))?,
            None => fallback()?,
        },
    };
    cuts.push(begin);
    cuts.sort_unstable();
    cuts.dedup();
    borders.sort_unstable();
    borders.dedup();
    if cuts.len().saturating_mul(borders.len()) > SLOTS_MAX {
        return None;
    }
    let ends = cuts.iter().skip(1).copied().map(Some).chain([end]);
    let mut found = Vec::new();
    for (cut, end) in cuts.iter().zip(ends) {
        let within = slots(cut.with_timezone(&zone), &borders);
        let within = within.filter(|at| end.is_none_or(|end| *at < end));
        found.extend(within.filter(|at| having.iter().all(|condition| condition.holds(*at))));
    }
    Some(found)
}

/// The first instant of each slot from a cut on.
fn slots(cut: DateTime<FixedOffset>, borders: &[TimeOfDay]) -> impl Iterator<Item = DateTime<FixedOffset>> {
    let zone = cut.timezone();
    let days = (0..=DAYS).filter_map(move |days| cut.date_naive().checked_add_days(Days::new(days)));
    let starts =
        days.flat_map(move |date| borders.iter().filter_map(move |border| start_of(date, *border, zone)));
    core::iter::once(cut).chain(starts.filter(move |start| *start > cut))
}

fn start_of(date: NaiveDate, time: TimeOfDay, zone: FixedOffset) -> Option<DateTime<FixedOffset>> {
    date.and_time(time.time()).and_local_timezone(zone).single()
}
