//! Facts about payouts, of the fields of a fact's document.

use alloc::string::{String, ToString};

use crate::ledger::{PayoutAction, PayoutTarget};
use crate::money::{Amount, Currency, Money};
use crate::payout::{BankAnswer, Failure, NewBulkPayout, PayoutMethod};

use super::event::{optional_amount, required};
use super::{Day, EventError, FactDocument, Instant};

impl FactDocument {
    /// The action of a type that begins with `payout-`.
    pub(super) fn to_action(&self, kind: &str, currency: Currency) -> Result<PayoutAction, EventError> {
        let run = || required(self.bulk_payout.clone(), "bulk_payout");
        let payout = || required(self.payout.clone(), "payout");
        let instant = |instant: Option<Instant>, field| required(instant, field).map(|Instant(at)| at);
        Ok(match kind {
            "payout-open" => PayoutAction::Open(NewBulkPayout {
                id: run()?,
                method: self
                    .method
                    .as_deref()
                    .map_or(Ok(PayoutMethod::Direct), |text| known(text, "method"))?,
                currency,
                settlement_dates: required(self.settlement_dates.as_ref(), "settlement_dates")?
                    .iter()
                    .map(|&Day(date)| date)
                    .collect(),
            }),
            "payout-confirm" => PayoutAction::Confirm(run()?),
            "payout-schedule" => PayoutAction::Schedule {
                bulk_payout: run()?,
                at: instant(self.at, "at")?,
                now: instant(self.time, "time")?,
            },
            "payout-start" => PayoutAction::Start { bulk_payout: run()?, now: instant(self.time, "time")? },
            "payout-submit" => PayoutAction::Submit(self.to_target()?),
            "payout-resend" => PayoutAction::Resend(payout()?),
            "payout-stop" => PayoutAction::Stop(run()?),
            "payout-cancel" => PayoutAction::Cancel(self.to_target()?),
            "payout-retry" => PayoutAction::Retry { payout: payout()?, bulk_payout: run()? },
            "payout-result" => self.to_result(currency)?,
            "payout-rule" => PayoutAction::Rule {
                payout: payout()?,
                verdict: known(required(self.verdict.as_deref(), "verdict")?, "verdict")?,
            },
            _ => PayoutAction::Fund(self.to_money(currency)?),
        })
    }

    fn to_target(&self) -> Result<PayoutTarget, EventError> {
        match (&self.bulk_payout, &self.payout) {
            (Some(run), None) => Ok(PayoutTarget::BulkPayout(run.clone())),
            (None, Some(payout)) => Ok(PayoutTarget::Payout(payout.clone())),
            _ => Err(EventError::PayoutTarget),
        }
    }

    fn to_result(&self, currency: Currency) -> Result<PayoutAction, EventError> {
        let payout = required(self.payout.clone(), "payout")?;
        let result = required(self.result.as_deref(), "result")?;
        let failure = || Failure {
            code: self.code.clone().unwrap_or_default(),
            text: self.reason.clone().unwrap_or_default(),
        };
        let answer = match result {
            "no-answer" => return Ok(PayoutAction::NoAnswer(payout)),
            "accepted" => BankAnswer::Accepted,
            "paid" => BankAnswer::Paid,
            "failed" => BankAnswer::Failed(failure()),
            "returned" => BankAnswer::Returned(failure()),
            other => {
                let shown: String = other.chars().take(40).collect();
                let [first, others @ ..] = Self::RESULTS;
                let listed = others
                    .iter()
                    .fold(alloc::format!("`{first}`"), |list, result| alloc::format!("{list}, `{result}`"));
                return Err(EventError::UnknownValue {
                    message: alloc::format!("result `{shown}` is none of {listed}"),
                    path: "result".into(),
                });
            }
        };
        let amount = optional_amount(self.amount, "amount")?;
        Ok(PayoutAction::Hear { payout, money: amount.map(|amount| Money::new(amount, currency)), answer })
    }

    fn to_money(&self, currency: Currency) -> Result<Money, EventError> {
        let amount: Amount = required(optional_amount(self.amount, "amount")?, "amount")?;
        Ok(Money::new(amount, currency))
    }

    /// What can be heard of a payout.
    pub const RESULTS: [&'static str; 5] = ["accepted", "paid", "failed", "returned", "no-answer"];
}

/// A value that is known by its text.
fn known<T: core::str::FromStr<Err: ToString>>(text: &str, field: &str) -> Result<T, EventError> {
    text.parse()
        .map_err(|error: T::Err| EventError::UnknownValue { message: error.to_string(), path: field.into() })
}
