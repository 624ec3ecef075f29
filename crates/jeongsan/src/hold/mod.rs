//! What is kept back from being paid: a partner, a row, an order, an account, or so much of what is due.
//!
//! A [`Hold`] says why it stands, who may release it and, where it should, the day on which it ends by itself. Whether it holds is a
//! question of the hold and a day. The [`Ledger`](crate::ledger::Ledger) takes holds in and releases them.
//!
//! Start with [`Hold`], [`HoldTarget`].

mod error;
mod register;

use alloc::string::String;

use chrono::NaiveDate;

use crate::due::RowNumber;
use crate::id::{EventId, PartnerId};
use crate::money::Amount;
use crate::partner::AccountKey;

pub use error::HoldError;
pub(crate) use register::Holds;

/// A reason to keep money back (지급 보류): a claim, a return under way, a dispute, a wrong account, a limit.
///
/// ```
/// use chrono::NaiveDate;
/// use jeongsan::hold::{Hold, HoldTarget};
///
/// let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
/// let hold = Hold::new("h-1".parse()?, HoldTarget::Order("o-1".parse()?), "return under way", "claims", day(2))
///     .until(day(9));
/// assert!(!hold.is_active_on(day(1)));
/// assert!(hold.is_active_on(day(8)));
/// assert!(!hold.is_active_on(day(9)), "it ends by itself");
/// # Ok::<(), jeongsan::id::IdError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Hold {
    /// The fact's id.
    pub id: EventId,
    /// What is held.
    pub on: HoldTarget,
    /// How much of what is due is kept back at most; all of it where there is none. Only of a partner or an account;
    /// it counts for each partner that is paid there, and for each currency, by itself.
    pub limit: Option<Amount>,
    /// Why.
    pub reason: String,
    /// Who may release it.
    pub released_by: String,
    /// The first day it holds.
    pub date: NaiveDate,
    /// The day on which it no longer holds, by itself.
    pub until: Option<NaiveDate>,
    /// When and by whom it was released.
    pub release: Option<Release>,
}

/// The release of a hold.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Release {
    /// The fact's id.
    pub id: EventId,
    /// The hold.
    pub hold: EventId,
    /// Who releases it.
    pub by: String,
    /// The first day on which it no longer holds.
    pub date: NaiveDate,
}

/// What a hold keeps back.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum HoldTarget {
    /// Everything a partner is owed, in every currency.
    Partner(PartnerId),
    /// A row.
    Row(RowNumber),
    /// Every settlement of an order, the ones that come later too.
    Order(EventId),
    /// Everything that would be paid to a bank account, whoever's it is.
    Account(AccountKey),
}

impl Hold {
    /// A hold of all that its target comes to, until it is released.
    #[must_use]
    pub fn new(id: EventId, on: HoldTarget, reason: &str, released_by: &str, date: NaiveDate) -> Self {
        let (reason, released_by) = (reason.into(), released_by.into());
        Self { id, on, limit: None, reason, released_by, date, until: None, release: None }
    }

    /// The same hold of at most so much.
    #[must_use]
    pub fn up_to(self, limit: Amount) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// The same hold, ending by itself on a day.
    #[must_use]
    pub fn until(self, until: NaiveDate) -> Self {
        Self { until: Some(until), ..self }
    }

    /// Whether it holds on a day.
    #[must_use]
    pub fn is_active_on(&self, day: NaiveDate) -> bool {
        let ends = self.release.as_ref().map(|release| release.date);
        self.date <= day && ends.is_none_or(|end| day < end) && self.until.is_none_or(|until| day < until)
    }

    /// Refuses a hold that can't be meant.
    pub(crate) fn check(&self) -> Result<(), HoldError> {
        if let Some(limit) = self.limit {
            if limit.is_negative() {
                return Err(HoldError::NegativeLimit { limit });
            }
            if matches!(self.on, HoldTarget::Row(_) | HoldTarget::Order(_)) {
                return Err(HoldError::LimitOnPart);
            }
        }
        match self.until {
            Some(until) if until <= self.date => Err(HoldError::NeverHolds { date: self.date, until }),
            _ => Ok(()),
        }
    }
}
