//! The states of a bulk payout: every event in every state is answered.

use BulkPayoutState::{Cancelled, Completed, Ongoing, Prepared, Preparing, Scheduled, Stopping};

use crate::money::text_enum;

text_enum! {
    /// The state of a bulk payout (일괄지급 상태). How far it succeeded is no state: that follows from its payouts, and a bank
    /// may change it long after the end.
    pub enum BulkPayoutState ("bulk payout state") or UnknownBulkPayoutState {
        /// Payouts are put in and taken out (준비 중).
        Preparing = "preparing",
        /// Its payouts stand (준비 완료).
        Prepared = "prepared",
        /// It has a time to start (예약).
        Scheduled = "scheduled",
        /// Its payouts are being sent (진행 중).
        Ongoing = "ongoing",
        /// Nothing more is sent; answers are outstanding.
        Stopping = "stopping",
        /// Nothing is outstanding (완료).
        Completed = "completed",
        /// Given up before it started (취소).
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// What happens to a bulk payout.
    pub enum BulkPayoutEvent ("bulk payout event") or UnknownBulkPayoutEvent {
        /// A payout is put in.
        Add = "add",
        /// Its payouts stand.
        Confirm = "confirm",
        /// It is given a time.
        Schedule = "schedule",
        /// It is given another time.
        Reschedule = "reschedule",
        /// It starts.
        Start = "start",
        /// Nothing more is to be sent.
        Stop = "stop",
        /// It is given up.
        Cancel = "cancel",
        /// The last outstanding answer has come.
        Finish = "finish",
    }
}

text_enum! {
    /// What follows for the payouts of a bulk payout.
    pub enum BulkPayoutEffect ("bulk payout effect") or UnknownBulkPayoutEffect {
        /// Each of its confirmed payouts is scheduled.
        Schedule = "schedule-payouts",
        /// Each of its confirmed and scheduled payouts is prepared.
        Prepare = "prepare-payouts",
        /// Each of its prepared payouts is stopped.
        Stop = "stop-payouts",
        /// Each of its confirmed and scheduled payouts is cancelled.
        Cancel = "cancel-payouts",
    }
}

/// Why an event isn't possible in a bulk payout's state.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
pub enum BulkPayoutRefusal {
    /// Payouts are still put in and taken out.
    #[error("the bulk payout is still being prepared")]
    NotPrepared,
    /// Its payouts stand already.
    #[error("the bulk payout is prepared already: its payouts stand")]
    AlreadyPrepared,
    /// It has no time.
    #[error("the bulk payout isn't scheduled")]
    NotScheduled,
    /// It has a time already.
    #[error("the bulk payout is scheduled already; it can be rescheduled")]
    AlreadyScheduled,
    /// It hasn't started.
    #[error("the bulk payout hasn't started; it can be cancelled")]
    NotStarted,
    /// It has started.
    #[error("the bulk payout has started; it can only be stopped")]
    AlreadyStarted,
    /// It is stopped already.
    #[error("the bulk payout is being stopped; the outstanding answers come first")]
    Stopping,
    /// It is at its end.
    #[error("the bulk payout is completed")]
    Completed,
    /// It was given up.
    #[error("the bulk payout is cancelled")]
    Cancelled,
}

impl BulkPayoutRefusal {
    /// The refusal's code in documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotPrepared => "not-prepared",
            Self::AlreadyPrepared => "already-prepared",
            Self::NotScheduled => "not-scheduled",
            Self::AlreadyScheduled => "already-scheduled",
            Self::NotStarted => "not-started",
            Self::AlreadyStarted => "already-started",
            Self::Stopping => "stopping",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A new state and what follows, or why not.
type Answer = Result<(BulkPayoutState, &'static [BulkPayoutEffect]), BulkPayoutRefusal>;

impl BulkPayoutState {
    /// Whether it runs: no other may start.
    #[must_use]
    pub const fn is_running(self) -> bool {
        matches!(self, Ongoing | Stopping)
    }

    /// Whether it is being made or runs: no other may be opened. A scheduled one waits and is in nobody's way.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self, Preparing | Prepared | Ongoing | Stopping)
    }

    /// The new state and what follows from an event.
    ///
    /// # Errors
    /// A [`BulkPayoutRefusal`] when the event isn't possible in this state. The whole table is `docs/payout-states.md`.
    pub const fn on(self, event: BulkPayoutEvent) -> Answer {
        match (event, self) {
            (BulkPayoutEvent::Add, Preparing) => Ok((Preparing, &[])),
            (BulkPayoutEvent::Confirm, Preparing) => Ok((Prepared, &[])),
            (BulkPayoutEvent::Schedule, Prepared) => Ok((Scheduled, &[BulkPayoutEffect::Schedule])),
            (BulkPayoutEvent::Schedule, Scheduled) => Err(BulkPayoutRefusal::AlreadyScheduled),
            (BulkPayoutEvent::Reschedule, Scheduled) => Ok((Scheduled, &[])),
            (BulkPayoutEvent::Reschedule, Preparing | Prepared) => Err(BulkPayoutRefusal::NotScheduled),
            (BulkPayoutEvent::Start, Prepared | Scheduled) => Ok((Ongoing, &[BulkPayoutEffect::Prepare])),
            (BulkPayoutEvent::Stop, Ongoing) => Ok((Stopping, &[BulkPayoutEffect::Stop])),
            (BulkPayoutEvent::Stop | BulkPayoutEvent::Finish, Preparing | Prepared | Scheduled) => {
                Err(BulkPayoutRefusal::NotStarted)
            }
            (BulkPayoutEvent::Cancel, Preparing | Prepared | Scheduled) => {
                Ok((Cancelled, &[BulkPayoutEffect::Cancel]))
            }
            (BulkPayoutEvent::Finish, Ongoing | Stopping) => Ok((Completed, &[])),
            _ => self.refuse(),
        }
    }

    /// Why what isn't answered by name can't be.
    const fn refuse(self) -> Answer {
        Err(match self {
            Preparing => BulkPayoutRefusal::NotPrepared,
            Prepared | Scheduled => BulkPayoutRefusal::AlreadyPrepared,
            Ongoing => BulkPayoutRefusal::AlreadyStarted,
            Stopping => BulkPayoutRefusal::Stopping,
            Completed => BulkPayoutRefusal::Completed,
            Cancelled => BulkPayoutRefusal::Cancelled,
        })
    }
}
