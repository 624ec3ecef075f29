//! What is kept of payouts and bulk payouts, and what is told about them.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::{BulkPayoutState, IdempotencyKey, PayoutEvent, PayoutState, Place, RowStatus};
use crate::due::RowNumber;
use crate::id::{BulkPayoutId, PartnerId, PayoutId};
use crate::money::{Currency, Money, text_enum};
use crate::partner::Account;

text_enum! {
    /// Whose money a bulk payout moves.
    pub enum PayoutMethod ("payout method") or UnknownPayoutMethod {
        /// The merchant's own accounts: what they hold is not known here (직접 지급).
        Direct = "direct",
        /// The funding account, whose balance it may not exceed (송금 대행).
        Agency = "agency",
    }
}

/// A payout to be put into a bulk payout.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewPayout {
    /// Its id.
    pub id: PayoutId,
    /// Who is paid.
    pub partner: PartnerId,
    /// How much.
    pub money: Money,
    /// Where to. It is frozen here: a later change of the partner's account doesn't reach it.
    pub account: Account,
    /// The rows that it pays.
    pub rows: Vec<RowNumber>,
}

/// A payout that ended unpaid and is to be tried again in a bulk payout of now.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Retry {
    /// The one that ended unpaid.
    pub payout: PayoutId,
    /// The id of the new one.
    pub id: PayoutId,
    /// Another account; none for the same.
    pub account: Option<Account>,
}

/// A bulk payout to be opened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewBulkPayout {
    /// Its id.
    pub id: BulkPayoutId,
    /// Whose money it moves.
    pub method: PayoutMethod,
    /// The currency of all its payouts.
    pub currency: Currency,
    /// The settlement dates it was called for. A payout may carry rows of earlier dates along.
    pub settlement_dates: Vec<NaiveDate>,
}

/// A payout (지급): one transfer to a partner.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Payout {
    /// Its id.
    pub id: PayoutId,
    /// The bulk payout it is in.
    pub bulk_payout: BulkPayoutId,
    /// Which attempt at paying its rows it is, from 1.
    pub attempt: u32,
    /// The attempt before.
    pub retry_of: Option<PayoutId>,
    /// Who is paid.
    pub partner: PartnerId,
    /// How much.
    pub money: Money,
    /// Where to, as it was when the payout was put in. Its `Debug` form masks number and holder.
    pub account: Account,
    /// The rows that it pays.
    pub rows: Vec<RowNumber>,
    /// Its state.
    pub state: PayoutState,
    /// What the bank has said and was taken.
    pub heard: BTreeSet<PayoutEvent>,
    /// What the bank gave as the reason for the last failure or return.
    pub failure: Option<Failure>,
    /// What the bank said that can't be, and nobody has ruled on.
    pub alarms: Vec<Alarm>,
}

impl Payout {
    /// The key it is sent under.
    #[must_use]
    pub fn key(&self) -> IdempotencyKey {
        IdempotencyKey::of(&self.bulk_payout, &self.id, self.attempt)
    }

    /// Whether the bank's answer tells nothing after what was heard from it: it comes again, or it comes late.
    pub(super) fn is_stale(&self, answer: PayoutEvent) -> bool {
        let heard = |event| self.heard.contains(&event);
        heard(answer)
            || match answer {
                PayoutEvent::BankAccepted => {
                    heard(PayoutEvent::BankPaid)
                        || heard(PayoutEvent::BankFailed)
                        || heard(PayoutEvent::BankReturned)
                }
                PayoutEvent::BankPaid => heard(PayoutEvent::BankReturned),
                _ => false,
            }
    }

    /// What its rows show.
    #[must_use]
    pub const fn row_status(&self) -> RowStatus {
        RowStatus::of(self.state)
    }
}

/// A bulk payout (일괄지급): a run that holds many payouts.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct BulkPayout {
    /// Its id.
    pub id: BulkPayoutId,
    /// Whose money it moves.
    pub method: PayoutMethod,
    /// The currency of all its payouts.
    pub currency: Currency,
    /// The settlement dates it was called for, each once, the earliest first.
    pub settlement_dates: Vec<NaiveDate>,
    /// Its state.
    pub state: BulkPayoutState,
    /// When it is to start, if it was scheduled.
    pub scheduled_at: Option<DateTime<FixedOffset>>,
    /// Its payouts, in the order in which they were put in.
    pub payouts: Vec<PayoutId>,
    /// How many of its payouts are in which state, and of what amount.
    pub tally: Tally,
}

text_enum! {
    /// How far a bulk payout has paid what it holds.
    pub enum Coverage ("coverage") or UnknownCoverage {
        /// No payout is paid.
        None = "none",
        /// Some are, some aren't: failed, returned, stopped, cancelled or outstanding.
        Partial = "partial",
        /// Each is paid.
        Full = "full",
    }
}

impl BulkPayout {
    /// How far it has paid what it holds: for a completed one its success, which a return may lower later.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        let paid = self.tally.of(PayoutState::Succeeded).count;
        let all = self.tally.total(|_| true).count;
        if paid == 0 {
            Coverage::None
        } else if paid < all {
            Coverage::Partial
        } else {
            Coverage::Full
        }
    }
}

/// A count and a sum of payouts.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Total {
    /// How many.
    pub count: u64,
    /// Their sum in minor units.
    pub amount: i128,
}

/// Payouts by their states.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tally(BTreeMap<PayoutState, Total>);

impl Tally {
    /// Those in a state.
    #[must_use]
    pub fn of(&self, state: PayoutState) -> Total {
        self.0.get(&state).copied().unwrap_or_default()
    }

    /// Those in any of the states that are asked for.
    #[must_use]
    pub fn total(&self, mut is_asked: impl FnMut(PayoutState) -> bool) -> Total {
        // 2⁶⁴ amounts of 64 bits fit 128.
        self.0.iter().filter(|entry| is_asked(*entry.0)).fold(Total::default(), |sum, (_, total)| Total {
            count: sum.count.wrapping_add(total.count),
            amount: sum.amount.wrapping_add(total.amount),
        })
    }

    /// The states that payouts are in, each with its total.
    pub fn iter(&self) -> impl Iterator<Item = (PayoutState, Total)> {
        self.0.iter().map(|(state, total)| (*state, *total))
    }

    pub(super) fn enter(&mut self, state: PayoutState, money: Money) {
        let total = self.0.entry(state).or_default();
        total.count = total.count.wrapping_add(1);
        total.amount = total.amount.wrapping_add(money.amount().minor().into());
    }

    pub(super) fn leave(&mut self, state: PayoutState, money: Money) {
        let total = self.0.entry(state).or_default();
        total.count = total.count.wrapping_sub(1);
        total.amount = total.amount.wrapping_sub(money.amount().minor().into());
        if total.count == 0 {
            self.0.remove(&state);
        }
    }
}

/// Why a bank didn't pay, or sent back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Failure {
    /// The bank's code.
    pub code: String,
    /// What it means, for people.
    pub text: String,
}

/// What a bank answers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum BankAnswer {
    /// It has taken the order.
    Accepted,
    /// It has paid.
    Paid,
    /// It hasn't paid and won't.
    Failed(Failure),
    /// The money has come back.
    Returned(Failure),
}

impl BankAnswer {
    /// The event that the answer is.
    #[must_use]
    pub const fn event(&self) -> PayoutEvent {
        match self {
            Self::Accepted => PayoutEvent::BankAccepted,
            Self::Paid => PayoutEvent::BankPaid,
            Self::Failed(_) => PayoutEvent::BankFailed,
            Self::Returned(_) => PayoutEvent::BankReturned,
        }
    }

    /// The reason it gives.
    #[must_use]
    pub const fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Accepted | Self::Paid => None,
            Self::Failed(failure) | Self::Returned(failure) => Some(failure),
        }
    }
}

/// What comes from a bank about one payout. It may come twice, late, and in any order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Feedback {
    /// The key the payout was sent under.
    pub key: IdempotencyKey,
    /// The amount the bank speaks of, where it tells one.
    pub money: Option<Money>,
    /// What it says.
    pub answer: BankAnswer,
}

text_enum! {
    /// What a person finds out at the bank.
    pub enum Verdict ("verdict") or UnknownVerdict {
        /// The payout is paid.
        Paid = "paid",
        /// It isn't, or the money is back.
        Unpaid = "unpaid",
    }
}

text_enum! {
    /// What is wrong with what a bank said.
    pub enum AlarmReason ("alarm") or UnknownAlarmReason {
        /// It speaks of a payout that was never sent.
        NeverSent = "never-sent",
        /// It contradicts what it said before, or what was ruled.
        Contradiction = "contradiction",
        /// It speaks of another amount; nothing of it is applied.
        AmountDiffers = "amount-differs",
    }
}

/// Something a bank said that can't be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Alarm {
    /// What is wrong.
    pub reason: AlarmReason,
    /// What it said.
    pub event: PayoutEvent,
    /// The amount it spoke of, where it told one.
    pub money: Option<Money>,
}

/// What a fact did: the moves, and the effects that are to be carried out, in their order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// The payouts that went to another state.
    pub moves: Vec<PayoutMove>,
    /// The bulk payout that went to another state, with its old and its new one. Of a stop that leaves nothing
    /// outstanding this is the whole way to `completed`.
    pub bulk_payout: Option<(BulkPayoutId, BulkPayoutState, BulkPayoutState)>,
    /// What is to be done. State and effects are to be stored in one transaction.
    pub effects: Vec<Effect>,
}

impl Step {
    /// Whether nothing changed, because it was so already.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        self.effects.iter().any(|effect| matches!(effect, Effect::Duplicate { .. }))
    }
}

/// A payout's way from one state to another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PayoutMove {
    /// The payout.
    pub payout: PayoutId,
    /// The state it was in.
    pub from: PayoutState,
    /// The state it is in.
    pub to: PayoutState,
}

/// What is to be done about a payout.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Effect {
    /// Store the order in the outbox; once that is stored, send it under its key.
    Submit(TransferOrder),
    /// Post an amount from one place to another.
    Post {
        /// The payout.
        payout: PayoutId,
        /// Where the money was.
        from: Place,
        /// Where it is.
        to: Place,
        /// How much.
        money: Money,
    },
    /// The rows are payable again.
    Release {
        /// The payout they leave.
        payout: PayoutId,
        /// The rows.
        rows: Vec<RowNumber>,
    },
    /// The rows are in another payout.
    HandOn {
        /// The payout they leave.
        payout: PayoutId,
        /// The payout they go to.
        to: PayoutId,
        /// The rows.
        rows: Vec<RowNumber>,
    },
    /// The rows are in this payout again: it was paid after all. Those that had them meanwhile have released them.
    Reclaim {
        /// The payout they are in again.
        payout: PayoutId,
        /// The rows.
        rows: Vec<RowNumber>,
    },
    /// Have a person look at it.
    Alarm {
        /// The payout.
        payout: PayoutId,
        /// What is wrong.
        alarm: Alarm,
    },
    /// A person has looked: the payout's alarms are over.
    AlarmsCleared {
        /// The payout.
        payout: PayoutId,
    },
    /// It was so already: there is nothing to do.
    Duplicate {
        /// The payout.
        payout: PayoutId,
    },
}

/// What is sent to a bank.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TransferOrder {
    /// The key by which the bank tells a repetition.
    pub key: IdempotencyKey,
    /// The payout.
    pub payout: PayoutId,
    /// How much.
    pub money: Money,
    /// Where to.
    pub account: Account,
}
