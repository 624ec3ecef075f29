//! True-ups: the final fee in place of a provisional one.
//!
//! Platforms settle at a provisional rate and decide the final one later: a seller grade that the tax office confirms, a preferential rate
//! given back for half a year. What was settled stays; a [`TrueUp`] brings the difference as rows of their own.

use alloc::string::String;

use chrono::NaiveDate;

use crate::fee::FeeRule;
use crate::id::{ContractId, EventId};

/// The final fee of a contract for the orders of a span of days (소급 정산).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrueUp {
    /// The event's id.
    pub id: EventId,
    /// The contract, whose versions in the span are provisional.
    pub contract: ContractId,
    /// The day it was decided: it starts the cycle of the differences.
    pub date: NaiveDate,
    /// The first start date of the orders it is for.
    pub from: NaiveDate,
    /// The last one.
    pub to: NaiveDate,
    /// The final fee.
    pub platform_fee: FeeRule,
    /// Why.
    pub memo: String,
}
