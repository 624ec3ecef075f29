//! Schedules: when a settlement falls due.
//!
//! A [`Cycle`] is the definition a contract holds: how long a settlement is held, which dates are settlement dates, and what becomes
//! of one that is no business day. Resolved against a calendar it is a [`Schedule`], which answers without looking anything up:
//!
//! `earliest = start + lag`; `candidate` = the first cycle date on or after it; the result is the candidate, moved by the date
//! policy. A result on or before the start is replaced by the business day that follows the candidate, where that option is on. The
//! result is not held against the cycle again and may lie before `earliest`, unless [`Floor::Earliest`] forbids it.
//!
//! Beside it stand the [`CutOff`] that makes a start date of an instant, the [`Split`] of one settlement over several dates, and the
//! [`DeadlineRule`] of a law. Start with [`Cycle`], [`Schedule`].

mod cut_off;
mod cycle;
mod deadline;
mod error;
mod explanation;
mod lag;
mod method;
mod method_text;
mod month_days;
mod split;
#[cfg(test)]
mod tests;
mod window;
mod year_days;

pub use cut_off::CutOff;
pub use cycle::{Cycle, DatePolicy, Floor, Schedule, ScheduleOptions, UnknownDatePolicy, UnknownFloor};
pub use deadline::{DeadlineCheck, DeadlineRule, DeadlineStart, UnknownDeadlineStart};
pub use error::ScheduleError;
pub use explanation::ScheduleExplanation;
pub use lag::Lag;
pub use method::{CycleMethod, EveryDays, Weekdays};
pub(crate) use method_text::weekday;
pub use month_days::{BusinessDayNumbers, DaysOfMonth, NthWeekday, NthWeekdays};
pub use split::{DuePart, Split, SplitPart, SplitSchedule};
pub use window::Move;
pub use year_days::DaysOfYear;
