//! Payouts and bulk payouts as documents.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{BulkPayoutId, PartnerId, PayoutId};
use crate::money::Amount;
use crate::payout::{Alarm, BulkPayout, Payout, Total};

use super::map::map_document;
use super::{Day, Instant, MinorUnits};

/// A payout as a document.
///
/// ```
/// # use jeongsan::{document::PayoutDocument, money::{Amount, Currency, Money}, partner::Account, payout::*};
/// # let mut payouts = Payouts::new(PayoutOptions::default());
/// # let (run, id): (_, jeongsan::id::PayoutId) = ("run-1".parse()?, "po-1".parse()?);
/// # payouts.open(NewBulkPayout { id: "run-1".parse()?, method: PayoutMethod::Direct, currency: Currency::KRW,
/// #     settlement_dates: vec![chrono::NaiveDate::from_ymd_opt(2026, 3, 13).unwrap()] })?;
/// # let account = Account::new("088".into(), "110123456789".into(), "…".into(), Currency::KRW);
/// # payouts.add(&run, NewPayout { id: id.clone(), partner: "seller-1".parse()?,
/// #     money: Money::new(Amount::new(8_900), Currency::KRW), account, rows: vec![RowNumber::new(1)] })?;
/// let payout = payouts.payout(&id).unwrap();
/// let text = serde_json::to_string(&PayoutDocument::from(payout))?;
/// assert!(text.starts_with(r#"{"id":"po-1","bulk_payout":"run-1","state":"confirmed","row_status":"confirmed""#));
/// assert_eq!(serde_json::from_str::<PayoutDocument>(&text)?, PayoutDocument::from(payout));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct PayoutDocument {
    /// Its id.
    pub id: PayoutId,
    /// The bulk payout it is in.
    pub bulk_payout: BulkPayoutId,
    /// Its state.
    pub state: String,
    /// What its rows show.
    pub row_status: String,
    /// Which attempt it is, from 1.
    pub attempt: u32,
    /// The attempt before.
    pub retry_of: Option<PayoutId>,
    /// Who is paid.
    pub partner: PartnerId,
    /// The currency of the amount, by its code.
    pub currency: String,
    /// How much.
    pub amount: MinorUnits,
    /// Where to.
    pub account: PayeeDocument,
    /// The numbers of the rows that it pays.
    pub rows: Vec<u64>,
    /// The key it is sent under.
    pub key: String,
    /// What the bank has said and was taken.
    pub heard: Vec<String>,
    /// The reason of the last failure or return.
    pub failure: Option<FailureDocument>,
    /// What the bank said that can't be, and nobody has ruled on.
    pub alarms: Vec<AlarmDocument>,
}

/// The account that a payout goes to. Its `Debug` form masks number and holder.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct PayeeDocument {
    /// The bank's code.
    pub bank: String,
    /// The account number.
    pub number: String,
    /// Whose it is.
    pub holder: String,
}

map_document! {
    PayoutDocument => "the fields of a payout",
    PayeeDocument => "the fields of an account",
    FailureDocument => "the fields of a failure",
    AlarmDocument => "the fields of an alarm",
    BulkPayoutDocument => "the fields of a bulk payout",
    TotalDocument => "the fields of a total",
}

impl fmt::Debug for PayeeDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayeeDocument").field("bank", &self.bank).finish_non_exhaustive()
    }
}

/// Why a bank didn't pay, or sent back.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct FailureDocument {
    /// The bank's code.
    pub code: String,
    /// What it means, for people.
    pub text: String,
}

/// Something a bank said that can't be.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct AlarmDocument {
    /// What is wrong.
    pub reason: String,
    /// What the bank said.
    pub event: String,
    /// The currency it spoke of, by its code.
    pub currency: Option<String>,
    /// The amount it spoke of.
    pub amount: Option<MinorUnits>,
}

impl From<&Alarm> for AlarmDocument {
    fn from(alarm: &Alarm) -> Self {
        Self {
            reason: alarm.reason.to_string(),
            event: alarm.event.to_string(),
            currency: alarm.money.map(|money| money.currency().to_string()),
            amount: alarm.money.map(|money| money.amount().into()),
        }
    }
}

impl From<&Payout> for PayoutDocument {
    fn from(payout: &Payout) -> Self {
        let account = &payout.account;
        Self {
            id: payout.id.clone(),
            bulk_payout: payout.bulk_payout.clone(),
            state: payout.state.to_string(),
            row_status: payout.row_status().to_string(),
            attempt: payout.attempt,
            retry_of: payout.retry_of.clone(),
            partner: payout.partner.clone(),
            currency: payout.money.currency().to_string(),
            amount: payout.money.amount().into(),
            account: PayeeDocument {
                bank: account.bank.clone(),
                number: account.number.clone(),
                holder: account.holder.clone(),
            },
            rows: payout.rows.iter().map(|row| row.number()).collect(),
            key: payout.key().to_string(),
            heard: payout.heard.iter().map(ToString::to_string).collect(),
            failure: payout
                .failure
                .as_ref()
                .map(|failure| FailureDocument { code: failure.code.clone(), text: failure.text.clone() }),
            alarms: payout.alarms.iter().map(AlarmDocument::from).collect(),
        }
    }
}

/// A bulk payout as a document.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct BulkPayoutDocument {
    /// Its id.
    pub id: BulkPayoutId,
    /// Whose money it moves.
    pub method: String,
    /// Its state.
    pub state: String,
    /// How far it has paid what it holds.
    pub coverage: String,
    /// The currency of all its payouts, by its code.
    pub currency: String,
    /// The settlement dates it was called for.
    pub settlement_dates: Vec<Day>,
    /// When it is to start, if it was scheduled.
    pub scheduled_at: Option<Instant>,
    /// All its payouts.
    pub total: TotalDocument,
    /// Its payouts by their states; a state without any is left out.
    pub payouts: BTreeMap<String, TotalDocument>,
}

/// A count and a sum of payouts.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[non_exhaustive]
pub struct TotalDocument {
    /// How many.
    pub count: u64,
    /// Their sum.
    pub amount: MinorUnits,
}

impl From<Total> for TotalDocument {
    fn from(total: Total) -> Self {
        let amount = i64::try_from(total.amount);
        let amount = amount.map_or(MinorUnits::OUT_OF_RANGE, |minor| Amount::new(minor).into());
        Self { count: total.count, amount }
    }
}

impl From<&BulkPayout> for BulkPayoutDocument {
    fn from(run: &BulkPayout) -> Self {
        Self {
            id: run.id.clone(),
            method: run.method.to_string(),
            state: run.state.to_string(),
            coverage: run.coverage().to_string(),
            currency: run.currency.to_string(),
            settlement_dates: run.settlement_dates.iter().copied().map(Day).collect(),
            scheduled_at: run.scheduled_at.map(Instant),
            total: run.tally.total(|_| true).into(),
            payouts: run.tally.iter().map(|(state, total)| (state.to_string(), total.into())).collect(),
        }
    }
}
