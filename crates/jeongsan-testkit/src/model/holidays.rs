//! Business days from a table of holidays given as text; nothing is projected beyond its rows.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

use super::dates::date;

/// Korean holidays of 2000 to 2030.
pub const KR_HOLIDAYS: &str = include_str!("../../data/kr_holidays.csv");

/// Which holidays close a calendar, besides Saturday and Sunday.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum HolidayScope {
    /// None.
    Weekends,
    /// Those of the government.
    Public,
    /// And those of banks.
    Bank,
    /// And those of the exchange.
    Exchange,
}

impl HolidayScope {
    /// The scope of a calendar.
    #[must_use]
    pub fn of_calendar(id: &str) -> Option<Self> {
        match id {
            "WEEKENDS" => Some(Self::Weekends),
            "KR-PUBLIC" => Some(Self::Public),
            "KR-BANK" => Some(Self::Bank),
            "KRX" => Some(Self::Exchange),
            _ => None,
        }
    }
}

/// The closed days of a calendar.
#[derive(Clone, Debug)]
pub struct Holidays {
    /// Per day the narrowest scope that is closed.
    closed: BTreeMap<NaiveDate, HolidayScope>,
    scope: HolidayScope,
}

impl Holidays {
    /// Reads a table with the columns `date`, `scope` and `known_on` among others, without quoted cells.
    /// Rows that became known after `as_of` are left out. `None` when a row can't be read.
    #[must_use]
    pub fn from_csv(csv: &str, scope: HolidayScope, as_of: Option<NaiveDate>) -> Option<Self> {
        let mut lines = csv.lines();
        let header: Vec<&str> = lines.next()?.split(',').collect();
        let column = |name: &str| header.iter().position(|title| *title == name);
        let (date_at, scope_at, known_at) = (column("date")?, column("scope")?, column("known_on")?);
        let mut closed = BTreeMap::new();
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            let known_on = date(cells.get(known_at)?);
            if let (Some(known_on), Some(as_of)) = (known_on, as_of)
                && known_on > as_of
            {
                continue;
            }
            let row_scope = match *cells.get(scope_at)? {
                "public" => HolidayScope::Public,
                "bank" => HolidayScope::Bank,
                "exchange" => HolidayScope::Exchange,
                _ => return None,
            };
            let narrowest = closed.entry(date(cells.get(date_at)?)?).or_insert(row_scope);
            *narrowest = row_scope.min(*narrowest);
        }
        Some(Self { closed, scope })
    }

    /// Korean bank business days as known today; the table ends with 2030.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the table is part of the crate, and the golden cases read it")]
    pub fn kr_bank() -> Self {
        Self::from_csv(KR_HOLIDAYS, HolidayScope::Bank, None).expect("the table of the crate reads")
    }

    /// Whether the calendar is open on a day.
    #[must_use]
    pub fn is_business_day(&self, date: NaiveDate) -> bool {
        let is_weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        let is_closed = self.closed.get(&date).is_some_and(|&scope| scope <= self.scope);
        !is_weekend && !is_closed
    }
}
