//! Korea: the holidays that its law gives for every year, and the days that were decided one by one.
//!
//! [`holidays`] works them out: the law's fixed days and those of the moon, elections, decisions, and then the substitutes for those that
//! fall on closed days. [`DEADLINES`] are the days by which sellers must be paid.
//!
//! Saturdays and Sundays are closed in all years: that banks and offices were open on Saturdays before July 2002 is not modelled.
//! What a decision removed is not versioned either, such as the regular election days that early elections replaced.

mod deadlines;
mod decisions;
mod election;
mod law;
mod lunar;
mod lunar_table;
mod substitute;

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use chrono::{NaiveDate, Weekday};
use jeongsan::calendar::{Holiday, HolidayKind};

pub use deadlines::DEADLINES;

use crate::day_rules::{is_weekend, named, years};
use crate::{LAST_DAY, civil};

/// Who is closed on a holiday.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Scope {
    /// Government offices, banks and the exchange.
    Public,
    /// Banks and the exchange.
    Bank,
    /// The exchange alone.
    Exchange,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Public, Self::Bank, Self::Exchange];

    /// Its text in data files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Bank => "bank",
            Self::Exchange => "exchange",
        }
    }

    /// The calendars that close on its days.
    pub(crate) const fn calendar_ids(self) -> &'static [&'static str] {
        match self {
            Self::Public => &["KR-BANK", "KR-PUBLIC", "KRX"],
            Self::Bank => &["KR-BANK", "KRX"],
            Self::Exchange => &["KRX"],
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no scope.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("none of `public`, `bank`, `exchange`")]
pub struct UnknownScope;

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or(UnknownScope)
    }
}

/// Every holiday of the years covered with its scope, by date, scope and name, as known at the latest.
#[must_use]
pub fn holidays() -> Vec<(Scope, Holiday)> {
    let mut public = law::holidays();
    public.sort_by_key(|day| day.holiday.date);
    let by_law: Vec<NaiveDate> = public.iter().map(|day| day.holiday.date).collect();
    public.extend(election::holidays(&by_law));
    public.extend(decisions::holidays());
    public.sort_by_key(|day| day.holiday.date);
    let substitutes = substitute::holidays(&public);
    let mut holidays: Vec<_> = public.into_iter().map(|day| (Scope::Public, day.holiday)).collect();
    holidays.extend(substitutes.into_iter().map(|holiday| (Scope::Public, holiday)));
    for year in years() {
        holidays.push((Scope::Bank, workers_day(year)));
        holidays.push((Scope::Exchange, year_end_closing(year)));
    }
    holidays
        .sort_by(|(a_scope, a), (b_scope, b)| (a.date, a_scope, &a.name).cmp(&(b.date, b_scope, &b.name)));
    holidays
}

/// Banks close on 1 May in all years, also since it is a public holiday.
fn workers_day(year: i32) -> Holiday {
    let day = named(civil(year, 5, 1), HolidayKind::Bank, "근로자의날", "Workers' Day");
    Holiday { source: "근로자의 날 제정에 관한 법률".into(), ..day }
}

/// The exchange closes on the last weekday of December.
fn year_end_closing(year: i32) -> Holiday {
    let from_the_end = civil(year, 12, 31).iter_days().rev();
    let date = from_the_end.into_iter().find(|&date| !is_weekend(date)).unwrap_or(LAST_DAY);
    let day = named(date, HolidayKind::Exchange, "연말 휴장일", "Year-end closing");
    Holiday { source: "한국거래소 유가증권시장 업무규정".into(), ..day }
}

/// A public holiday and the rule by which it is given back.
struct PublicDay {
    holiday: Holiday,
    /// The name that a substitute for it bears, where the days around a festival bear the festival's.
    substitute_name: &'static str,
    class: Option<Class>,
}

/// When a public holiday on a closed day is given back, and since when.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Class {
    /// Seollal and Chuseok: on Sundays, and where it meets another holiday.
    Festival,
    /// Children's Day, as all below also on Saturdays.
    Children,
    /// National days.
    National,
    /// Buddha's Birthday and Christmas.
    Religious,
    /// The two days made holidays in 2026.
    Restored,
}

impl Class {
    /// The first day of a holiday that is given back.
    const fn applies_from(self) -> NaiveDate {
        match self {
            Self::Restored => civil(2026, 1, 1),
            _ => self.known_on(),
        }
    }

    /// When the rule was settled.
    const fn known_on(self) -> NaiveDate {
        match self {
            Self::Festival | Self::Children => civil(2013, 11, 5),
            Self::National => civil(2021, 8, 4),
            Self::Religious => civil(2023, 5, 4),
            Self::Restored => civil(2026, 7, 27),
        }
    }

    /// Whether it is given back for the weekday alone.
    fn is_given_back_on(self, weekday: Weekday) -> bool {
        match weekday {
            Weekday::Sun => true,
            Weekday::Sat => self != Self::Festival,
            _ => false,
        }
    }
}
