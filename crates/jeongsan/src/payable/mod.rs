//! What a partner is paid of what is due to it.
//!
//! [`carry`] is the rule in one line: a balance is paid whole when it is above zero and not below the minimum, else carried. Around it
//! stand a partner's [`PayableTerms`](crate::partner::PayableTerms), [`choose`], which meets a cap to the unit, [`offset`], which matches debts with credits, and
//! [`ageing`]. The [`Ledger`](crate::ledger::Ledger) makes [`Payable`]s of rows.

mod carry;
mod choose;
mod error;
mod offset;

use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::due::RowNumber;
use crate::id::PartnerId;
use crate::money::{Amount, Currency, text_enum};
use crate::partner::{Account, PayoutFee};
use crate::tax::PayoutTax;

pub use crate::due::PayableNumber;
pub use carry::{Carried, carry};
pub use choose::choose;
pub use error::{PayableError, Waiting};
pub use offset::{AgeBucket, Offset, ageing, offset};

text_enum! {
    /// How far a payable is.
    pub enum PayableState ("payable state") or UnknownPayableState {
        /// It is made and not yet sent (지급 확정).
        Confirmed = "confirmed",
        /// It is on its way to the bank (지급 중).
        InTransit = "in-transit",
        /// It arrived (지급 완료).
        Paid = "paid",
        /// It was cancelled, failed or was returned: its rows are open again, and due.
        GivenBack = "given-back",
    }
}

/// What one partner is paid at once in one currency (지급 예정).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Payable {
    /// Its number.
    pub number: PayableNumber,
    /// Who is paid.
    pub partner: PartnerId,
    /// The currency of every amount.
    pub currency: Currency,
    /// The day it was made.
    pub date: NaiveDate,
    /// The rows in it. They add up to its amount: what is kept in reserve and the partner's fee are rows of their own.
    pub rows: Vec<RowNumber>,
    /// What was taken of rows that were due.
    pub settled: Amount,
    /// What of it is kept in reserve.
    pub reserve: Amount,
    /// The fee of the payout.
    pub fee: Option<PayoutFee>,
    /// What is paid, before tax.
    pub amount: Amount,
    /// The tax-free part of it.
    pub tax_free: Amount,
    /// Its taxes, frozen when they are told.
    pub tax: Option<PayoutTax>,
    /// The account it is paid to, as it was when it was made.
    pub account: Option<Account>,
    /// How far it is.
    pub state: PayableState,
}
