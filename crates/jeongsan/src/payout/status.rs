//! What settlements and rows show: each follows from the level above it, and none is stored.

use chrono::NaiveDate;

use super::PayoutState;
use crate::money::text_enum;

text_enum! {
    /// What a partner settlement (정산 내역) shows of its payment.
    pub enum RowStatus ("partner settlement status") or UnknownRowStatus {
        /// Payable (지급 예정).
        PayoutPrepared = "payout-prepared",
        /// Held back (지급 보류).
        PayoutWithheld = "payout-withheld",
        /// Left out (지급 제외).
        PayoutExcluded = "payout-excluded",
        /// In a payout that has not started (지급 확정).
        Confirmed = "confirmed",
        /// In a payout that has a time (지급 예약).
        PayoutScheduled = "payout-scheduled",
        /// In a payout under way (지급 중).
        InPayout = "in-payout",
        /// Paid (지급 완료).
        PaidOut = "paid-out",
        /// In a payout that ended unpaid (지급 실패).
        PayoutFailed = "payout-failed",
        /// Its payout was cancelled; payable again (지급 취소).
        Cancelled = "cancelled",
    }
}

impl RowStatus {
    /// The status of a row in a payout of this state. The first three statuses are of rows that are in none.
    #[must_use]
    pub const fn of(payout: PayoutState) -> Self {
        match payout {
            PayoutState::Confirmed => Self::Confirmed,
            PayoutState::Scheduled => Self::PayoutScheduled,
            PayoutState::Prepared | PayoutState::Processing | PayoutState::Unknown => Self::InPayout,
            PayoutState::Succeeded => Self::PaidOut,
            PayoutState::Failed | PayoutState::Stopped | PayoutState::Returned | PayoutState::Retried => {
                Self::PayoutFailed
            }
            PayoutState::Cancelled => Self::Cancelled,
        }
    }
}

text_enum! {
    /// What a settlement (정산건) shows.
    pub enum SettlementStatus ("settlement status") or UnknownSettlementStatus {
        /// Its start date is still to come (정산 예정).
        Scheduled = "scheduled",
        /// Its start date has come, its settlement date not (정산 중).
        InProcess = "in-process",
        /// Its settlement date has come (정산 확정).
        Settled = "settled",
        /// In a payout that has not started (지급 확정).
        PayoutConfirmed = "payout-confirmed",
        /// In a payout that has a time or is under way (지급 중).
        InPayout = "in-payout",
        /// Paid (지급 완료).
        PaidOut = "paid-out",
    }
}

/// The days of a settlement.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SettlementDays {
    /// The day its cycle starts; none for a manual entry, which starts at once.
    pub start: Option<NaiveDate>,
    /// The day it falls due.
    pub due: NaiveDate,
}

impl SettlementStatus {
    /// The status of a settlement on a day, with the status of the row it is in.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use jeongsan::payout::{RowStatus, SettlementDays, SettlementStatus};
    ///
    /// let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
    /// let days = SettlementDays { start: Some(day(2)), due: day(13) };
    /// assert_eq!(SettlementStatus::of(days, day(12), None), SettlementStatus::InProcess);
    /// assert_eq!(SettlementStatus::of(days, day(13), Some(RowStatus::PayoutFailed)), SettlementStatus::Settled);
    /// assert_eq!(SettlementStatus::of(days, day(13), Some(RowStatus::PaidOut)), SettlementStatus::PaidOut);
    /// ```
    #[must_use]
    pub fn of(days: SettlementDays, as_of: NaiveDate, row: Option<RowStatus>) -> Self {
        match row {
            Some(RowStatus::Confirmed) => Self::PayoutConfirmed,
            Some(RowStatus::PayoutScheduled | RowStatus::InPayout) => Self::InPayout,
            Some(RowStatus::PaidOut) => Self::PaidOut,
            Some(
                RowStatus::PayoutPrepared
                | RowStatus::PayoutWithheld
                | RowStatus::PayoutExcluded
                | RowStatus::PayoutFailed
                | RowStatus::Cancelled,
            )
            | None => {
                if as_of >= days.due {
                    Self::Settled
                } else if days.start.is_none_or(|start| as_of >= start) {
                    Self::InProcess
                } else {
                    Self::Scheduled
                }
            }
        }
    }
}
