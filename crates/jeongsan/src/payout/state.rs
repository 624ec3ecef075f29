//! The states of one payout: every event in every state is answered.

use PayoutState::{
    Cancelled, Confirmed, Failed, Prepared, Processing, Retried, Returned, Scheduled, Stopped, Succeeded,
    Unknown,
};

use crate::money::text_enum;

text_enum! {
    /// The state of a payout (지급 상태).
    ///
    /// ```
    /// use jeongsan::payout::{PayoutEvent, PayoutRefusal, PayoutState};
    ///
    /// let (state, _) = PayoutState::Processing.on(PayoutEvent::NoAnswer)?;
    /// assert_eq!(state, PayoutState::Unknown);
    /// // What may have been paid is never sent again as something new.
    /// assert_eq!(state.on(PayoutEvent::Retry), Err(PayoutRefusal::UnderWay));
    /// # Ok::<(), PayoutRefusal>(())
    /// ```
    pub enum PayoutState ("payout state") or UnknownPayoutState {
        /// Amount, rows and account are settled (확정).
        Confirmed = "confirmed",
        /// Its bulk payout has a time to start (예약).
        Scheduled = "scheduled",
        /// Its bulk payout has started; it waits to be sent (대기).
        Prepared = "prepared",
        /// Sent, or about to be: its order is in the outbox (송금 처리 중).
        Processing = "processing",
        /// Sent, and no answer came: it may be paid or not.
        Unknown = "unknown",
        /// The bank paid it (성공). Not the end: the bank may send it back.
        Succeeded = "succeeded",
        /// The bank refused it (실패).
        Failed = "failed",
        /// Its bulk payout was stopped before it was sent (중단).
        Stopped = "stopped",
        /// The money came back after it was paid.
        Returned = "returned",
        /// Given up: its rows are payable again (취소).
        Cancelled = "cancelled",
        /// Its rows have gone into a payout of a later bulk payout.
        Retried = "retried",
    }
}

text_enum! {
    /// What happens to a payout. The last five are told by the bank or by its silence.
    pub enum PayoutEvent ("payout event") or UnknownPayoutEvent {
        /// Its bulk payout is given a time.
        Schedule = "schedule",
        /// Its bulk payout starts.
        Prepare = "prepare",
        /// It is put into the outbox.
        Submit = "submit",
        /// It is put into the outbox again, under the key it has.
        Resend = "resend",
        /// Its bulk payout is stopped.
        Stop = "stop",
        /// It is given up.
        Cancel = "cancel",
        /// Its rows go into a new payout.
        Retry = "retry",
        /// A person has looked it up at the bank: it is paid.
        RulePaid = "rule-paid",
        /// A person has looked it up at the bank: it is not paid, or the money is back.
        RuleUnpaid = "rule-unpaid",
        /// An earlier payout of its rows turned out to be paid.
        Supersede = "supersede",
        /// No answer came in time.
        NoAnswer = "no-answer",
        /// The bank has taken it and is at work on it.
        BankAccepted = "bank-accepted",
        /// The bank has paid it.
        BankPaid = "bank-paid",
        /// The bank hasn't paid it and won't.
        BankFailed = "bank-failed",
        /// The money has come back.
        BankReturned = "bank-returned",
    }
}

text_enum! {
    /// Where the money of a payout is. It follows from the payout's state, so that books and states can't disagree.
    pub enum Place ("place of a payout's money") or UnknownPlace {
        /// Still owed to the partner.
        Payable = "payable",
        /// On its way: sent, and not known to have arrived or not.
        InTransit = "in-transit",
        /// With the partner.
        Paid = "paid",
    }
}

text_enum! {
    /// What follows from an event, beside the new state.
    pub enum PayoutEffect ("payout effect") or UnknownPayoutEffect {
        /// The order goes into the outbox under its key. State and outbox are stored in one transaction, and sent from there.
        Submit = "submit",
        /// The money moves from the old state's [`Place`] to the new one's.
        Post = "post",
        /// The rows leave the payout and are payable again.
        Release = "release",
        /// The rows go over to the new payout.
        HandOn = "hand-on",
        /// The rows are in the payout again, out of those that had them meanwhile: it was paid after all.
        Reclaim = "reclaim",
        /// The bank says what can't be: a person has to look, and until then no payout of these rows is sent,
        /// retried or cancelled.
        Alarm = "alarm",
        /// It was so already: nothing changes.
        Duplicate = "duplicate",
    }
}

/// Why an event isn't possible in a payout's state.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
pub enum PayoutRefusal {
    /// Its bulk payout has a time already.
    #[error("the payout is scheduled already; its bulk payout can be rescheduled")]
    AlreadyScheduled,
    /// Its bulk payout hasn't started.
    #[error("the payout isn't prepared: its bulk payout hasn't started")]
    NotPrepared,
    /// It was never sent.
    #[error("the payout was never sent")]
    NotSent,
    /// There is nothing to try again: it is still to be sent.
    #[error("the payout is still to be sent")]
    StillToSend,
    /// Its bulk payout has started.
    #[error("the payout's bulk payout has started; it can only be stopped")]
    Started,
    /// It has been sent and may have been paid.
    #[error("the payout has been sent and may be paid; the bank's answer comes first")]
    UnderWay,
    /// It is paid.
    #[error("the payout is paid")]
    Paid,
    /// It has ended unpaid.
    #[error("the payout has ended unpaid; it can be retried in a new bulk payout, or cancelled")]
    Ended,
    /// It was given up.
    #[error("the payout is cancelled")]
    Cancelled,
    /// A later payout has its rows.
    #[error("the payout was retried; a later one has its rows")]
    Retried,
}

impl PayoutRefusal {
    /// The refusal's code in documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AlreadyScheduled => "already-scheduled",
            Self::NotPrepared => "not-prepared",
            Self::NotSent => "not-sent",
            Self::StillToSend => "still-to-send",
            Self::Started => "started",
            Self::UnderWay => "under-way",
            Self::Paid => "paid",
            Self::Ended => "ended",
            Self::Cancelled => "cancelled",
            Self::Retried => "retried",
        }
    }
}

/// A new state and what follows, or why not.
type Answer = Result<(PayoutState, &'static [PayoutEffect]), PayoutRefusal>;

impl PayoutState {
    /// Where the payout's money is.
    #[must_use]
    pub const fn place(self) -> Place {
        match self {
            Processing | Unknown => Place::InTransit,
            Succeeded => Place::Paid,
            Confirmed | Scheduled | Prepared | Failed | Stopped | Returned | Cancelled | Retried => {
                Place::Payable
            }
        }
    }

    /// Whether the payout holds its rows, so that no other may take them.
    #[must_use]
    pub const fn holds_rows(self) -> bool {
        !matches!(self, Cancelled | Retried)
    }

    /// Whether the payout keeps its bulk payout from being completed: it is to be sent, or its answer is outstanding.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Confirmed | Scheduled | Prepared | Processing | Unknown)
    }

    /// The new state and what follows from an event, in the order in which it is to be done.
    ///
    /// # Errors
    /// A [`PayoutRefusal`] when the event isn't possible in this state. The whole table is `docs/payout-states.md`.
    pub const fn on(self, event: PayoutEvent) -> Answer {
        match event {
            PayoutEvent::Schedule => self.schedule(),
            PayoutEvent::Prepare => self.prepare(),
            PayoutEvent::Submit => self.submit(),
            PayoutEvent::Resend => self.resend(),
            PayoutEvent::Stop => self.stop(),
            PayoutEvent::Cancel => self.cancel(),
            PayoutEvent::Retry => self.retry(),
            PayoutEvent::RulePaid => self.rule_paid(),
            PayoutEvent::RuleUnpaid => self.rule_unpaid(),
            PayoutEvent::Supersede => self.supersede(),
            PayoutEvent::NoAnswer => self.no_answer(),
            PayoutEvent::BankAccepted => self.bank_accepted(),
            PayoutEvent::BankPaid => self.bank_paid(),
            PayoutEvent::BankFailed => self.bank_failed(),
            PayoutEvent::BankReturned => self.bank_returned(),
        }
    }

    /// Why what is done before sending can't be done any more.
    const fn too_late(self) -> Answer {
        Err(match self {
            Confirmed | Scheduled => PayoutRefusal::NotPrepared,
            Prepared => PayoutRefusal::Started,
            Processing | Unknown => PayoutRefusal::UnderWay,
            Succeeded => PayoutRefusal::Paid,
            Failed | Stopped | Returned => PayoutRefusal::Ended,
            Cancelled => PayoutRefusal::Cancelled,
            Retried => PayoutRefusal::Retried,
        })
    }

    const fn schedule(self) -> Answer {
        match self {
            Confirmed => Ok((Scheduled, &[])),
            Scheduled => Err(PayoutRefusal::AlreadyScheduled),
            _ => self.too_late(),
        }
    }

    const fn prepare(self) -> Answer {
        match self {
            Confirmed | Scheduled => Ok((Prepared, &[])),
            _ => self.too_late(),
        }
    }

    const fn submit(self) -> Answer {
        match self {
            Prepared => Ok((Processing, &[PayoutEffect::Post, PayoutEffect::Submit])),
            _ => self.too_late(),
        }
    }

    const fn resend(self) -> Answer {
        match self {
            Confirmed | Scheduled | Prepared | Stopped => Err(PayoutRefusal::NotSent),
            // The same key: the bank makes one transfer of it, however often it comes.
            Processing | Unknown => Ok((Processing, &[PayoutEffect::Submit])),
            _ => self.too_late(),
        }
    }

    const fn stop(self) -> Answer {
        match self {
            Prepared => Ok((Stopped, &[])),
            _ => self.too_late(),
        }
    }

    const fn cancel(self) -> Answer {
        match self {
            Confirmed | Scheduled | Failed | Stopped | Returned => Ok((Cancelled, &[PayoutEffect::Release])),
            _ => self.too_late(),
        }
    }

    const fn retry(self) -> Answer {
        match self {
            Confirmed | Scheduled | Prepared => Err(PayoutRefusal::StillToSend),
            Failed | Stopped | Returned => Ok((Retried, &[PayoutEffect::HandOn])),
            _ => self.too_late(),
        }
    }

    const fn rule_paid(self) -> Answer {
        match self {
            Processing => Err(PayoutRefusal::UnderWay),
            // After a restore, what was sent may stand here as if it never was.
            Confirmed | Scheduled | Prepared | Stopped | Unknown | Failed | Returned => {
                Ok((Succeeded, &[PayoutEffect::Post]))
            }
            Succeeded => self.duplicate(),
            Cancelled | Retried => Ok((Succeeded, &[PayoutEffect::Reclaim, PayoutEffect::Post])),
        }
    }

    const fn rule_unpaid(self) -> Answer {
        match self {
            Processing => Err(PayoutRefusal::UnderWay),
            Unknown => Ok((Failed, &[PayoutEffect::Post])),
            Succeeded => Ok((Returned, &[PayoutEffect::Post])),
            Confirmed | Scheduled | Prepared | Failed | Stopped | Returned | Cancelled | Retried => {
                self.duplicate()
            }
        }
    }

    const fn supersede(self) -> Answer {
        match self {
            Confirmed | Scheduled | Prepared | Failed | Stopped | Returned => {
                Ok((Cancelled, &[PayoutEffect::Release]))
            }
            _ => self.too_late(),
        }
    }

    const fn no_answer(self) -> Answer {
        match self {
            Confirmed | Scheduled | Prepared | Stopped => Err(PayoutRefusal::NotSent),
            Processing => Ok((Unknown, &[])),
            // The answer was quicker than the clock that waited for it.
            Unknown | Succeeded | Failed | Returned | Cancelled | Retried => self.duplicate(),
        }
    }

    const fn bank_accepted(self) -> Answer {
        match self {
            Unknown => Ok((Processing, &[])),
            Processing | Succeeded | Failed | Returned => self.duplicate(),
            Confirmed | Scheduled | Prepared | Stopped | Cancelled | Retried => self.alarm(),
        }
    }

    const fn bank_paid(self) -> Answer {
        match self {
            Processing | Unknown => Ok((Succeeded, &[PayoutEffect::Post])),
            // Under one key there is one transfer: paid, then back, whichever was told first.
            Succeeded | Returned => self.duplicate(),
            Confirmed | Scheduled | Prepared | Failed | Stopped | Cancelled | Retried => self.alarm(),
        }
    }

    const fn bank_failed(self) -> Answer {
        match self {
            Processing | Unknown => Ok((Failed, &[PayoutEffect::Post])),
            Failed | Cancelled | Retried => self.duplicate(),
            Confirmed | Scheduled | Prepared | Succeeded | Stopped | Returned => self.alarm(),
        }
    }

    const fn bank_returned(self) -> Answer {
        match self {
            Processing | Unknown | Succeeded => Ok((Returned, &[PayoutEffect::Post])),
            Returned | Cancelled | Retried => self.duplicate(),
            Confirmed | Scheduled | Prepared | Failed | Stopped => self.alarm(),
        }
    }

    const fn duplicate(self) -> Answer {
        Ok((self, &[PayoutEffect::Duplicate]))
    }

    const fn alarm(self) -> Answer {
        Ok((self, &[PayoutEffect::Alarm]))
    }
}
