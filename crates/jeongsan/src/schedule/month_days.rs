//! The cycle dates of a month: by number, by business day, by weekday.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::ScheduleError;
use crate::calendar::{Calendar, month_length, next_month};

/// Numbers from 1 to 31, as bits of those places.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
struct Numbers(u32);

impl Numbers {
    fn new(method: &'static str, numbers: impl IntoIterator<Item = u32>) -> Result<Self, ScheduleError> {
        let mut bits = 0_u32;
        for number in numbers {
            match 1_u32.checked_shl(number) {
                Some(bit) if number > 0 => bits |= bit,
                _ => return Err(ScheduleError::impossible(method, &number.to_string(), "1 to 31")),
            }
        }
        if bits == 0 { Err(ScheduleError::NoDates { method }) } else { Ok(Self(bits)) }
    }

    fn iter(self) -> impl Iterator<Item = u32> {
        (1..=31).filter(move |number| self.0 >> number & 1 == 1)
    }
}

/// The days of a monthly cycle, at least one of 1 to 31; a day that a month lacks is its last, so 31 is every month's end.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct DaysOfMonth(Numbers);

impl DaysOfMonth {
    /// These days.
    ///
    /// # Errors
    /// When there is none, or one is not in 1 to 31.
    pub fn new(days: impl IntoIterator<Item = u32>) -> Result<Self, ScheduleError> {
        Numbers::new("monthly", days).map(Self)
    }

    /// The days in order.
    pub fn iter(self) -> impl Iterator<Item = u32> {
        self.0.iter()
    }

    #[inline]
    pub(super) fn first_on_or_after(self, date: NaiveDate) -> Option<NaiveDate> {
        let (day, length) = (date.day(), month_length(date.month(), date.leap_year()));
        let ahead = self.in_month(length) >> day;
        let days = if ahead == 0 {
            // The month after December has its number of days, too.
            let next_length = month_length(date.month().wrapping_add(1), date.leap_year());
            length.wrapping_sub(day).wrapping_add(self.in_month(next_length).trailing_zeros())
        } else {
            ahead.trailing_zeros()
        };
        date.checked_add_days(Days::new(u64::from(days)))
    }

    /// The days as bits in a month of a length, those it lacks on its last day.
    #[inline]
    const fn in_month(self, length: u32) -> u32 {
        let bits = self.0.0;
        let last = 1_u32.wrapping_shl(length);
        let within = last.wrapping_sub(1);
        if bits > within { (bits & within) | last } else { bits }
    }
}

/// The numbers of an nth-business-day cycle, at least one of 1 to 31; a number that a month lacks is its last business day.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct BusinessDayNumbers(Numbers);

impl BusinessDayNumbers {
    /// These numbers.
    ///
    /// # Errors
    /// When there is none, or one is not in 1 to 31.
    pub fn new(numbers: impl IntoIterator<Item = u32>) -> Result<Self, ScheduleError> {
        Numbers::new("nth-business-day", numbers).map(Self)
    }

    /// The numbers in order.
    pub fn iter(self) -> impl Iterator<Item = u32> {
        self.0.iter()
    }

    /// A month without business days is passed over; the search ends where the calendar does.
    pub(super) fn first_on_or_after(
        self,
        date: NaiveDate,
        calendar: &Calendar,
    ) -> Result<NaiveDate, ScheduleError> {
        let mut month = date;
        loop {
            if let Some(last) = calendar.last_business_day_of_month(month)? {
                for number in self.iter() {
                    let nth =
                        calendar.nth_business_day_of_month(month, number.cast_signed())?.unwrap_or(last);
                    if nth >= date {
                        return Ok(nth);
                    }
                }
            }
            month = next_month(month).ok_or(ScheduleError::OutOfRange { start: date })?;
        }
    }
}

/// One weekday of a month: the n-th, or the last.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct NthWeekday {
    nth: u8,
    weekday: Weekday,
}

impl NthWeekday {
    /// The number that stands for the last of a month, behind every number that it can have.
    const LAST: u8 = 6;

    /// The n-th such weekday of a month, from 1 to 5; a month that lacks the fifth has no such day.
    ///
    /// # Errors
    /// When n is not in 1 to 5.
    pub fn new(nth: u8, weekday: Weekday) -> Result<Self, ScheduleError> {
        if (1..Self::LAST).contains(&nth) {
            Ok(Self { nth, weekday })
        } else {
            Err(ScheduleError::impossible("nth-weekday", &nth.to_string(), "1 to 5 or `last`"))
        }
    }

    /// The last such weekday of a month.
    #[must_use]
    pub const fn last(weekday: Weekday) -> Self {
        Self { nth: Self::LAST, weekday }
    }

    /// Its number, `None` for the last.
    #[must_use]
    pub fn nth(self) -> Option<u8> {
        (self.nth < Self::LAST).then_some(self.nth)
    }

    /// The weekday.
    #[must_use]
    pub const fn weekday(self) -> Weekday {
        self.weekday
    }

    /// Its date in the month that begins on a date, if the month has it.
    fn in_month(self, first: NaiveDate) -> Option<NaiveDate> {
        match self.nth() {
            Some(nth) => NaiveDate::from_weekday_of_month_opt(first.year(), first.month(), self.weekday, nth),
            None => {
                Self { nth: 5, ..self }.in_month(first).or_else(|| Self { nth: 4, ..self }.in_month(first))
            }
        }
    }
}

/// The weekdays of an nth-weekday cycle, at least one.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct NthWeekdays(Box<[NthWeekday]>);

impl NthWeekdays {
    /// These weekdays.
    ///
    /// # Errors
    /// When there is none.
    pub fn new(weekdays: impl IntoIterator<Item = NthWeekday>) -> Result<Self, ScheduleError> {
        let mut weekdays: Vec<_> = weekdays.into_iter().collect();
        weekdays.sort_by_key(|one| (one.nth, one.weekday.num_days_from_monday()));
        weekdays.dedup();
        if weekdays.is_empty() {
            return Err(ScheduleError::NoDates { method: "nth-weekday" });
        }
        Ok(Self(weekdays.into()))
    }

    /// The weekdays, by their number.
    pub fn iter(&self) -> impl Iterator<Item = NthWeekday> {
        self.0.iter().copied()
    }

    pub(super) fn first_on_or_after(&self, date: NaiveDate) -> Option<NaiveDate> {
        let mut month = date.with_day(1)?;
        loop {
            let of_month = self.iter().filter_map(|one| one.in_month(month));
            match of_month.filter(|&found| found >= date).min() {
                Some(found) => return Some(found),
                // No four months in a row lack a fifth weekday.
                None => month = next_month(month)?,
            }
        }
    }
}
