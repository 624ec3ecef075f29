//! The day by which a law wants a settlement paid.

use alloc::borrow::Cow;

use chrono::{Days, NaiveDate};

use super::ScheduleError;
use crate::calendar::month_of;
use crate::money::text_enum;

text_enum! {
    /// What the days of a deadline are counted from.
    pub enum DeadlineStart ("deadline start") or UnknownDeadlineStart {
        /// The event itself: receipt of the goods, confirmation of the purchase.
        Event = "event",
        /// The end of the month in which it happened.
        MonthEnd = "month-end",
    }
}

/// How many days a law leaves to pay.
///
/// The days are calendar days. Where the last of them is closed the deadline stays: whether it may slip is a question of law that
/// the rule doesn't answer.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct DeadlineRule {
    /// What it is called.
    pub name: Cow<'static, str>,
    /// The law and its article.
    pub law: Cow<'static, str>,
    /// What the days are counted from.
    pub start: DeadlineStart,
    /// How many days.
    pub days: u16,
    /// The first day on which an event falls under it; `None` for a bill that is not in force.
    pub in_force_from: Option<NaiveDate>,
}

/// A settlement date held against a deadline.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DeadlineCheck {
    /// The last day on which payment is in time.
    pub due: NaiveDate,
    /// The settlement date.
    pub settlement_date: NaiveDate,
}

impl DeadlineCheck {
    /// Whether the settlement date lies after the deadline.
    #[must_use]
    pub fn is_breached(&self) -> bool {
        self.settlement_date > self.due
    }

    /// The days past the deadline, 0 when it is kept: what a delay interest is counted on.
    #[must_use]
    pub fn days_late(&self) -> u64 {
        let late = self.settlement_date.signed_duration_since(self.due).num_days();
        u64::try_from(late).unwrap_or(0)
    }
}

impl DeadlineRule {
    /// The last day on which payment for an event is in time, whether or not the rule was in force.
    ///
    /// # Errors
    /// [`ScheduleError::OutOfRange`] at the end of dates.
    pub fn due(&self, event: NaiveDate) -> Result<NaiveDate, ScheduleError> {
        let from = match self.start {
            DeadlineStart::Event => event,
            DeadlineStart::MonthEnd => month_of(event).last(),
        };
        let due = from.checked_add_days(Days::new(u64::from(self.days)));
        due.ok_or(ScheduleError::OutOfRange { start: event })
    }

    /// Holds a settlement date against the deadline; `None` when the rule was not in force for the event.
    ///
    /// # Errors
    /// [`ScheduleError::OutOfRange`] at the end of dates.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use jeongsan::schedule::{DeadlineRule, DeadlineStart};
    ///
    /// let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    /// let rule = DeadlineRule {
    ///     name: "consignment".into(),
    ///     law: "대규모유통업법 제8조".into(),
    ///     start: DeadlineStart::MonthEnd,
    ///     days: 40,
    ///     in_force_from: Some(day(1, 1)),
    /// };
    /// let check = rule.check(day(3, 2), day(5, 11))?.unwrap();
    /// assert_eq!((check.due, check.is_breached(), check.days_late()), (day(5, 10), true, 1));
    /// # Ok::<(), jeongsan::schedule::ScheduleError>(())
    /// ```
    pub fn check(
        &self,
        event: NaiveDate,
        settlement_date: NaiveDate,
    ) -> Result<Option<DeadlineCheck>, ScheduleError> {
        match self.in_force_from {
            Some(from) if from <= event => Ok(Some(DeadlineCheck { due: self.due(event)?, settlement_date })),
            _ => Ok(None),
        }
    }
}
