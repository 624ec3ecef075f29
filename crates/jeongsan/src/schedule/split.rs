//! One settlement that falls due in parts.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{Cycle, CycleMethod, Schedule, ScheduleError, ScheduleOptions};
use crate::calendar::{Calendar, Calendars};
use crate::id::CalendarId;
use crate::money::{AllocationMethod, Amount, allocate};
use crate::rate::{Rate, Share};

/// A part of a settlement and when it falls due.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SplitPart {
    /// What part of the amount.
    pub share: Share,
    /// The period that closes before the lag begins: its first date on or after the start date. [`CycleMethod::Daily`] closes
    /// on the start date itself, `weekly:SUN` at the end of its week, `monthly:31` of its month.
    pub close: CycleMethod,
    /// The cycle, from the closing date on.
    pub cycle: Cycle,
}

/// The parts in which settlements fall due, such as 70 % after three weeks and the rest two months later.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Split {
    parts: Vec<SplitPart>,
    method: AllocationMethod,
}

impl Split {
    /// A split into parts; the method says which part takes the units that don't divide evenly.
    ///
    /// # Errors
    /// [`ScheduleError::SharesNotWhole`] unless the shares add up to 100 %.
    pub fn new(
        parts: impl IntoIterator<Item = SplitPart>,
        method: AllocationMethod,
    ) -> Result<Self, ScheduleError> {
        let parts: Vec<_> = parts.into_iter().collect();
        let sum: i128 = parts.iter().map(|part| i128::from(part.share.rate().parts())).sum();
        if sum == i128::from(Rate::ONE.parts()) {
            Ok(Self { parts, method })
        } else {
            Err(ScheduleError::SharesNotWhole { shares: parts.iter().map(|part| part.share).collect() })
        }
    }

    /// The parts.
    #[must_use]
    pub fn parts(&self) -> &[SplitPart] {
        &self.parts
    }

    /// The split on a calendar.
    ///
    /// # Errors
    /// As [`Cycle::resolve`].
    pub fn resolve(
        &self,
        calendar: Option<&Calendar>,
        options: ScheduleOptions,
    ) -> Result<SplitSchedule, ScheduleError> {
        self.resolve_each(|cycle| cycle.resolve(calendar, options))
    }

    /// The split on a calendar of a set, its lags on others where they name one.
    ///
    /// # Errors
    /// As [`Cycle::resolve_in`].
    pub fn resolve_in(
        &self,
        calendars: &Calendars,
        id: Option<&CalendarId>,
        options: ScheduleOptions,
    ) -> Result<SplitSchedule, ScheduleError> {
        self.resolve_each(|cycle| cycle.resolve_in(calendars, id, options))
    }

    fn resolve_each(
        &self,
        resolve: impl Fn(&Cycle) -> Result<Schedule, ScheduleError>,
    ) -> Result<SplitSchedule, ScheduleError> {
        let schedules: Result<_, ScheduleError> =
            self.parts.iter().map(|part| Ok((part.close.clone(), resolve(&part.cycle)?))).collect();
        let weights = self.parts.iter().map(|part| Amount::new(part.share.rate().parts())).collect();
        Ok(SplitSchedule { schedules: schedules?, weights, method: self.method })
    }
}

/// A split on its calendar.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SplitSchedule {
    /// Per part when its period closes, and the schedule from there.
    schedules: Vec<(CycleMethod, Schedule)>,
    weights: Vec<Amount>,
    method: AllocationMethod,
}

/// A part of an amount with its date.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DuePart {
    /// When it falls due.
    pub date: NaiveDate,
    /// How much.
    pub amount: Amount,
}

impl SplitSchedule {
    /// The parts of an amount that starts on a day; they add up to it.
    ///
    /// # Errors
    /// When a part has no date, or the amount can't be shared.
    ///
    /// ```
    /// # use chrono::NaiveDate;
    /// use jeongsan::money::{AllocationMethod, Amount};
    /// use jeongsan::schedule::{ScheduleOptions, Split, SplitPart};
    ///
    /// let part = |share: &str, close: &str, cycle: &str| -> Result<_, Box<dyn std::error::Error>> {
    ///     Ok(SplitPart { share: share.parse()?, close: close.parse()?, cycle: cycle.parse()? })
    /// };
    /// let split = Split::new(
    ///     [part("70%", "weekly:SUN", "20d daily calendar-day")?, part("30%", "monthly:31", "2d monthly:1 calendar-day")?],
    ///     AllocationMethod::LastTakesRest,
    /// )?;
    /// let start = NaiveDate::from_ymd_opt(2026, 3, 4).unwrap();
    /// let due = split.resolve(None, ScheduleOptions::default())?.due(start, Amount::new(10_001))?;
    /// let shown: Vec<_> = due.iter().map(|part| format!("{} {}", part.date, part.amount)).collect();
    /// assert_eq!(shown, ["2026-03-28 7000", "2026-05-01 3001"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn due(&self, start: NaiveDate, amount: Amount) -> Result<Vec<DuePart>, ScheduleError> {
        let amounts = allocate(amount, &self.weights, self.method)?;
        let parts = self.schedules.iter().zip(amounts).map(|((close, schedule), amount)| {
            let closed = close.first_on_or_after(start, schedule.calendar())?;
            Ok(DuePart { date: schedule.settlement_date(closed)?, amount })
        });
        parts.collect()
    }
}
