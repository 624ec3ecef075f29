//! The ledger: what settlements, holds, closings and corrections add up to.
//!
//! [`Ledger`] is a fold over facts, which are appended and never edited: one method a fact, a refused one changes nothing. Every step
//! posts balanced entries; each unit of a settlement is at any time in exactly one place, and a [`Certificate`] proves it. The same facts
//! in the same order give the same bytes, and the order of settlements changes no sum.
//!
//! | file | facts |
//! | --- | --- |
//! | `recording` | settlements come in |
//! | `holding` | holds, releases, exclusions, restorations |
//! | `correcting` | adjustments and their approval, write-offs, disputes |
//! | `closing` | a day is closed: payables are made, the rest is carried |
//! | `paying` | payables are sent, arrive, are given back |
//! | `runs` | payables go into payouts, and follow what becomes of them |
//! | `fact` | any of these but settlements, as a value |
//! | `standing`, `certificate` | where the money is, and the proof |
//!
//! Start with [`Ledger`], [`Closing`], [`Certificate`].

mod certificate;
mod closing;
mod correcting;
mod error;
mod fact;
mod holding;
mod paying;
mod recording;
mod runs;
mod standing;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::book::Book;
use crate::due::{Items, PartnerSettlement, RowNumber, Rows};
use crate::hold::{Hold, HoldTarget, Holds};
use crate::id::{EventId, Interner, PartnerId, PayoutId};
use crate::journal::{self, Entry, Journal};
use crate::money::Currency;
use crate::partner::{Account, AccountKey, PartnerKind, PayableTerms, PayableTermsChange, PayableTermsError};
use crate::payable::{Payable, PayableNumber};
use crate::payout::{self, Payouts};
use crate::tax::VatTerms;

pub use certificate::{Certificate, Digest};
pub use closing::{Closing, Outcome};
pub use correcting::{Adjustment, AdjustmentState, Decision, Dispute, WriteOff};
pub use error::{CorrectionError, PayingError};
pub use fact::{Applied, Fact, FactError, RowFact};
pub use runs::{LeftOut, PayoutAction, PayoutFact, PayoutTarget};
pub use standing::{Place, Standing, UnknownPlace};

/// What a merchant's partners are owed and paid.
///
/// ```
/// use chrono::NaiveDate;
/// use jeongsan::due::Incoming;
/// use jeongsan::figures::Figures;
/// use jeongsan::funding::FunderParts;
/// use jeongsan::ledger::Ledger;
/// use jeongsan::money::{Amount, Currency};
/// use jeongsan::settle::SettlementKind;
///
/// let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
/// let (id, partner) = ("m-1".parse()?, "seller-1".parse()?);
/// let figures = Figures { settlement: Amount::new(8_900), ..Figures::ZERO };
/// let mut ledger = Ledger::new();
/// ledger.settle(Incoming { id: &id, kind: SettlementKind::Manual, cause: None, order: None, partner: &partner, contract: None,
///     settlement_date: day(13), currency: Currency::KRW, figures: &figures, funders: &FunderParts::new(), parts: &[] })?;
///
/// assert!(ledger.close(day(12))?.payables.is_empty());
/// let closing = ledger.close(day(13))?;
/// let payable = ledger.payable(closing.payables[0]).unwrap();
/// assert_eq!(payable.amount, Amount::new(8_900));
/// assert!(ledger.certificate(Currency::KRW, day(13)).is_balanced());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    rows: Rows,
    items: Items,
    partners: Partners,
    contracts: Interner,
    holds: Holds,
    /// The rows set apart for orders that were held by themselves, by the order's number.
    apart: BTreeMap<u32, Vec<RowNumber>>,
    /// What holds released on days that aren't closed yet were on.
    coming_back: BTreeMap<NaiveDate, Vec<HoldTarget>>,
    adjustments: BTreeMap<EventId, Adjustment>,
    payables: Vec<Payable>,
    payouts: Payouts,
    /// The last payout of each payable that went into one.
    payout_of: BTreeMap<PayableNumber, PayoutId>,
    /// The payable of each payout.
    paid_by: BTreeMap<PayoutId, PayableNumber>,
    terms: BTreeMap<(Option<PartnerId>, Currency), PayableTerms>,
    accounts: BTreeMap<PartnerId, Account>,
    /// Who is paid to each account.
    paid_to: BTreeMap<AccountKey, BTreeSet<PartnerId>>,
    /// What partners are to the tax office; one that isn't told of is paid without taxes.
    kinds: BTreeMap<PartnerId, PartnerKind>,
    /// The rate of VAT and its rounding; [`VatTerms::KOREAN`] where nothing is said.
    vat: Option<VatTerms>,
    /// The ids of facts other than settlements.
    facts: BTreeSet<EventId>,
    /// What steps posted; what settlements post follows from the figures of the rows.
    balances: BTreeMap<(Currency, journal::Account), i128>,
    /// The newest day that any fact told.
    day: Option<NaiveDate>,
    closed_on: Option<NaiveDate>,
}

/// The partners by number, each with its positions.
#[derive(Clone, Debug, Default)]
struct Partners {
    numbers: Interner,
    entries: Vec<(PartnerId, Vec<Position>)>,
}

/// A partner in one currency.
#[derive(Clone, Debug)]
struct Position {
    currency: Currency,
    /// The rows that are neither in a payable nor merged.
    open: Vec<RowNumber>,
    /// What stands on the accounts beside the plain one.
    posted: Standing,
}

/// Which position: the partner's number and the place among its currencies.
type PositionPlace = (u32, usize);

/// What a step did.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// The rows it opened, changed or merged into.
    pub rows: Vec<RowNumber>,
    /// What it posted.
    pub entries: Vec<Entry>,
    /// What it did to payouts, and what is to be sent.
    pub payouts: payout::Step,
    /// The payables that it went past.
    pub left_out: Vec<LeftOut>,
}

impl Partners {
    /// The number of a partner, a new one if it comes for the first time; `None` when there are four billion.
    fn know(&mut self, partner: &PartnerId) -> Option<u32> {
        if let Some(number) = self.numbers.find(partner.as_str()) {
            return Some(number);
        }
        self.numbers.intern(partner.as_str())?;
        self.entries.push((partner.clone(), Vec::new()));
        self.numbers.find(partner.as_str())
    }

    fn get(&self, number: u32) -> Option<&(PartnerId, Vec<Position>)> {
        self.entries.get(usize::try_from(number).ok()?)
    }

    /// The place of a partner's position, opened if it comes for the first time.
    fn position(&mut self, number: u32, currency: Currency) -> Option<&mut Position> {
        let positions = &mut self.entries.get_mut(usize::try_from(number).ok()?)?.1;
        let place =
            positions.iter().position(|position| position.currency == currency).unwrap_or_else(|| {
                positions.push(Position { currency, open: Vec::new(), posted: Standing::default() });
                positions.len().saturating_sub(1)
            });
        positions.get_mut(place)
    }

    /// The numbers of all, by id.
    fn by_id(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = (0..=u32::MAX).take(self.entries.len()).collect();
        numbers.sort_unstable_by(|&a, &b| self.numbers.text(a).cmp(&self.numbers.text(b)));
        numbers
    }
}

impl Ledger {
    /// An empty ledger, in which every partner is paid all that is due.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty ledger under the terms and accounts of a book, as they are on a day.
    ///
    /// # Errors
    /// As [`Ledger::keep_to`].
    pub fn of_book(book: &Book, day: NaiveDate) -> Result<Self, PayableTermsError> {
        let mut ledger = Self::new();
        ledger.keep_to(book, day)?;
        Ok(ledger)
    }

    /// Sets terms, kinds and accounts as a book has them on a day. They hold from the next closing on.
    ///
    /// # Errors
    /// As [`PayableTerms::check`].
    pub fn keep_to(&mut self, book: &Book, day: NaiveDate) -> Result<(), PayableTermsError> {
        let currency = book.currency();
        self.agree(None, currency, book.payout().clone())?;
        let (rate, method) = (book.options().vat_rate, book.rounding().vat.into());
        self.vat = Some(VatTerms { rate, method, ..VatTerms::KOREAN });
        for (id, versions) in book.partners() {
            let Some(version) = versions.in_force_on(day) else { continue };
            self.tax_as(id.clone(), version.terms.kind);
            let own = &version.terms.payout;
            if *own == PayableTermsChange::default() {
                self.terms.remove(&(Some(id.clone()), currency));
            } else {
                self.agree(Some(id.clone()), currency, own.applied_to(book.payout()))?;
            }
            match &version.terms.account {
                Some(account) => self.pay_to(id.clone(), account.clone()),
                None => self.forget_account(id),
            }
        }
        Ok(())
    }

    /// Sets the terms of payouts in a currency: of one partner, or of all that have none of their own. They hold from the next closing on.
    ///
    /// # Errors
    /// As [`PayableTerms::check`].
    pub fn agree(
        &mut self,
        partner: Option<PartnerId>,
        currency: Currency,
        terms: PayableTerms,
    ) -> Result<(), PayableTermsError> {
        terms.check()?;
        self.terms.insert((partner, currency), terms);
        Ok(())
    }

    /// Says what a partner is to the tax office from the next closing on. Until it is said the partner is paid without taxes.
    pub fn tax_as(&mut self, partner: PartnerId, kind: PartnerKind) {
        self.kinds.insert(partner, kind);
    }

    /// Sets the account that a partner is paid to from the next closing on.
    pub fn pay_to(&mut self, partner: PartnerId, account: Account) {
        self.forget_account(&partner);
        self.paid_to.entry(account.key()).or_default().insert(partner.clone());
        self.accounts.insert(partner, account);
    }

    fn forget_account(&mut self, partner: &PartnerId) {
        let Some(account) = self.accounts.remove(partner) else { return };
        if let Some(partners) = self.paid_to.get_mut(&account.key()) {
            partners.remove(partner);
        }
    }

    /// A row.
    #[must_use]
    pub fn row(&self, number: RowNumber) -> Option<&PartnerSettlement> {
        self.rows.get(number)
    }

    /// Every row, in the order of their opening.
    pub fn rows(&self) -> impl Iterator<Item = &PartnerSettlement> {
        self.rows.iter()
    }

    /// A payable.
    #[must_use]
    pub fn payable(&self, number: PayableNumber) -> Option<&Payable> {
        self.payables.get(number.place())
    }

    /// Every payable, in the order of their making.
    pub fn payables(&self) -> impl Iterator<Item = &Payable> {
        self.payables.iter()
    }

    /// Every hold, in the order of their coming; those that ended too.
    pub fn holds(&self) -> impl Iterator<Item = &Hold> {
        self.holds.iter()
    }

    /// Every adjustment, by its id.
    pub fn adjustments(&self) -> impl Iterator<Item = &Adjustment> {
        self.adjustments.values()
    }

    /// The day closed last.
    #[must_use]
    pub const fn closed_on(&self) -> Option<NaiveDate> {
        self.closed_on
    }

    /// Whether a fact of this id was taken in; settlements have identities of their own.
    #[must_use]
    pub fn knows(&self, fact: &EventId) -> bool {
        self.facts.contains(fact)
    }

    /// Posts balanced amounts and gives the entry.
    fn post(
        &mut self,
        partner: &PartnerId,
        cause: &str,
        currency: Currency,
        postings: &[(journal::Account, i128)],
    ) -> Entry {
        let journal = Journal::of_postings(postings);
        debug_assert_eq!(journal.balance(), 0, "a step posts balanced amounts");
        for posting in &journal.postings {
            let balance = self.balances.entry((currency, posting.account)).or_default();
            *balance = balance.saturating_add(posting.amount);
        }
        Entry { partner: partner.clone(), cause: String::from(cause), currency, journal }
    }

    /// Notes the day of a fact.
    fn see(&mut self, date: NaiveDate) {
        self.day = self.day.max(Some(date));
    }
}

/// A sum of amounts of 64 bits, which no memory holds enough of to overflow.
fn sum(amounts: impl Iterator<Item = crate::money::Amount>) -> i128 {
    amounts.fold(0, |sum, amount| sum.saturating_add(i128::from(amount.minor())))
}
