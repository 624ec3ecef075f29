//! Payouts (지급): each transfer is made once, whatever crashes, repeats or comes late.
//!
//! Two state machines are pure functions, [`PayoutState::on`] and [`BulkPayoutState::on`], which answer every event in every state;
//! `docs/payout-states.md` is their table. [`Payouts`] holds the payouts of a merchant, one method a fact: a bulk payout is
//! opened, filled, confirmed, started at once or at a time of its [`Timetable`], stopped or cancelled; a payout is submitted
//! under its [`IdempotencyKey`] and hears from its bank. What follows is told as a [`Step`] of moves and [`Effect`]s: state
//! and effects belong in one transaction, and the outbox is sent from there.
//!
//! Only a payout's state is stored. Where its money is ([`Place`]), what its rows ([`RowStatus`]) and their settlements
//! ([`SettlementStatus`]) show, and how far a bulk payout has come ([`Tally`], [`Coverage`]) follow from it. A payout that
//! was sent and not answered is unknown, never failed; paid is not the end, for a bank may send back; what ended unpaid is retried in a
//! new bulk payout under a new key.
//!
//! Start with [`Payouts`], [`PayoutState`].

mod bulk_state;
mod error;
mod feedback;
mod key;
mod record;
mod registry;
mod run;
mod state;
mod status;
mod timetable;

pub use crate::due::RowNumber;
pub use bulk_state::{
    BulkPayoutEffect, BulkPayoutEvent, BulkPayoutRefusal, BulkPayoutState, UnknownBulkPayoutEffect,
    UnknownBulkPayoutEvent, UnknownBulkPayoutState,
};
pub use error::PayoutError;
pub use key::{IdempotencyKey, IdempotencyKeyError};
pub use record::{
    Alarm, AlarmReason, BankAnswer, BulkPayout, Coverage, Effect, Failure, Feedback, NewBulkPayout,
    NewPayout, Payout, PayoutMethod, PayoutMove, Retry, Step, Tally, Total, TransferOrder,
    UnknownAlarmReason, UnknownCoverage, UnknownPayoutMethod, UnknownVerdict, Verdict,
};
pub use registry::{PayoutOptions, Payouts};
pub use state::{
    PayoutEffect, PayoutEvent, PayoutRefusal, PayoutState, Place, UnknownPayoutEffect, UnknownPayoutEvent,
    UnknownPayoutState, UnknownPlace,
};
pub use status::{RowStatus, SettlementDays, SettlementStatus, UnknownRowStatus, UnknownSettlementStatus};
pub use timetable::{Grid, MaintenanceWindow, MaintenanceWindowError, Timetable, UnknownGrid};
