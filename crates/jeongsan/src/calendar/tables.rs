//! Rank and select: how many business days lie before a date, and which date the n-th of them is.
//!
//! Each year has 512 slots, so that a date finds its slot from its year and its ordinal, which a `NaiveDate` holds side by side in just
//! these places: it takes one shift. To count days from an epoch would take several times as long as the whole query does now.

use alloc::boxed::Box;
use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate};

use super::DateRange;

/// A year has this power of two of slots, as few as hold its days.
const YEAR_BITS: u32 = 9;

/// The slot of no day: outside of the range, or beyond the days of its year.
const NO_DAY: u32 = u32::MAX;

/// The open days of a range.
#[derive(Debug)]
pub(super) struct Tables {
    /// The slot of the first year's day before its first, if slots began at year 0.
    first_slot: i32,
    /// Per slot twice the number of business days before it, plus one when it is open.
    slots: Box<[u32]>,
    business_days: Box<[NaiveDate]>,
}

/// A day of the range: its rank and whether it is open.
#[derive(Clone, Copy)]
pub(super) struct Day(u32);

impl Day {
    /// The business days before it, which is also the place of the first business day on or after it.
    #[inline]
    pub(super) const fn rank(self) -> u32 {
        self.0 >> 1
    }

    #[inline]
    pub(super) const fn is_open(self) -> bool {
        self.0 & 1 == 1
    }

    /// The business days up to it, itself included.
    #[inline]
    pub(super) const fn rank_behind(self) -> u32 {
        self.rank().wrapping_add(self.0 & 1)
    }
}

impl Tables {
    /// Asks for each day of the range, in order, whether it is open.
    pub(super) fn new(range: DateRange, mut is_open: impl FnMut(NaiveDate) -> bool) -> Self {
        let first_slot = range.first().year() << YEAR_BITS;
        let mut slots = Vec::new();
        let mut business_days = Vec::new();
        let mut rank = 0_u32;
        for date in range.iter() {
            slots.resize(slot(date, first_slot), NO_DAY);
            let open = is_open(date);
            slots.push(rank << 1 | u32::from(open));
            if open {
                business_days.push(date);
                rank = rank.wrapping_add(1);
            }
        }
        Self { first_slot, slots: slots.into(), business_days: business_days.into() }
    }

    /// The day of a date in the range.
    #[inline]
    pub(super) fn day(&self, date: NaiveDate) -> Option<Day> {
        match self.slots.get(slot(date, self.first_slot)) {
            Some(&packed) if packed != NO_DAY => Some(Day(packed)),
            _ => None,
        }
    }

    /// The business day of a rank.
    #[inline]
    pub(super) fn business_day(&self, rank: u32) -> Option<NaiveDate> {
        self.business_days.get(usize::try_from(rank).ok()?).copied()
    }

    /// The business days from one rank up to another.
    pub(super) fn business_days(&self, from: u32, to: u32) -> Option<&[NaiveDate]> {
        self.business_days.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)
    }
}

/// Where a date's slot lies. A date before the first year gets a slot beyond every table, for a negative difference wraps to more
/// than 2³¹.
#[inline]
fn slot(date: NaiveDate, first_slot: i32) -> usize {
    let slot = date.year() << YEAR_BITS | date.ordinal().cast_signed();
    usize::try_from(slot.wrapping_sub(first_slot).cast_unsigned()).unwrap_or(usize::MAX)
}
