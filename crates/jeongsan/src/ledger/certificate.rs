//! The proof that nothing was lost.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use crate::due::{NONE, PartnerSettlement, RowKind};
use crate::journal::Account;
use crate::money::Currency;

use super::{Ledger, Place};

/// What came in and where it is, in one currency: the two sides are equal, or something was lost.
///
/// The left side and what others got are what was posted; where the partners' money is is counted from the rows. So the one is a proof of the
/// other.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Certificate {
    /// The currency of every amount.
    pub currency: Currency,
    /// The day on which the places are told.
    pub as_of: NaiveDate,
    /// What came in: payments, and what the merchant adds. In minor units, zeros left out, as in both lists below.
    pub paid_in: Vec<(Account, i128)>,
    /// What others than partners got of it: fees, taxes, customers.
    pub others: Vec<(Account, i128)>,
    /// Where what partners are owed, or were paid, is.
    pub partners: Vec<(Place, i128)>,
    /// What was posted on the accounts of what partners are owed and paid, less what the rows come to; zero, or the two disagree.
    pub unexplained: i128,
    /// What tells whether two machines came to the same.
    pub digest: Digest,
}

impl Certificate {
    /// What came in, less where it is; zero, or something was lost.
    #[must_use]
    pub fn difference(&self) -> i128 {
        let total = |amounts: &mut dyn Iterator<Item = i128>| amounts.fold(0, i128::saturating_add);
        let paid_in = total(&mut self.paid_in.iter().map(|line| line.1));
        let others = total(&mut self.others.iter().map(|line| line.1));
        let partners = total(&mut self.partners.iter().map(|line| line.1));
        paid_in.saturating_sub(others).saturating_sub(partners)
    }

    /// Whether every unit that came in is accounted for, twice over.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        self.difference() == 0 && self.unexplained == 0
    }

    /// How much is in a place, in minor units.
    #[must_use]
    pub fn place(&self, place: Place) -> i128 {
        self.partners.iter().find(|line| line.0 == place).map_or(0, |line| line.1)
    }
}

/// A sum over everything in a ledger, 128 bits wide: each settlement, row and payable is written out, hashed by FNV-1a, and the hashes are
/// added up modulo 2¹²⁸. So their order doesn't matter, and equal ledgers have equal digests on every machine. It protects against
/// accident, not against forgery.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Digest(pub u128);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// FNV-1a of 128 bits over the texts of what is written to it.
struct Hash(u128);

impl Hash {
    const fn new() -> Self {
        Self(0x6C62_272E_07BB_0142_62B8_2175_6295_C58D)
    }
}

impl fmt::Write for Hash {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013B);
        }
        Ok(())
    }
}

/// Adds the hash of a formatted text to a digest.
macro_rules! digest {
    ($digest:expr, $($text:tt)*) => {{
        let mut hash = Hash::new();
        // Hashing never fails.
        let _ = fmt::Write::write_fmt(&mut hash, format_args!($($text)*));
        $digest.0 = $digest.0.wrapping_add(hash.0);
    }};
}

/// Whether an account is where money comes from; the others are where it goes.
const fn is_source(account: Account) -> bool {
    matches!(
        account,
        Account::CustomerPayment
            | Account::MerchantDiscount
            | Account::FunderDiscount
            | Account::ManualAdjustment
            | Account::Shipping
            | Account::AgencyShare
            | Account::FormulaDifference
            | Account::ApprovedAdjustment
            | Account::WriteOff
            | Account::VatAdded
            | Account::DisputeLoss
            | Account::PayoutFeeCost
    )
}

/// Whether an account is of what partners are owed or were paid.
const fn is_partners(account: Account) -> bool {
    matches!(
        account,
        Account::PartnerPayable
            | Account::Held
            | Account::Carried
            | Account::Reserve
            | Account::Payable
            | Account::InTransit
            | Account::Paid
    )
}

impl Ledger {
    /// The balance of every account of a currency that was posted to: above zero a debit, below a credit.
    #[must_use]
    pub fn balances(&self, currency: Currency) -> BTreeMap<Account, i128> {
        let posted = self.balances.iter().filter(|((of, _), _)| *of == currency);
        let mut balances: BTreeMap<_, _> = posted.map(|(&(_, account), &amount)| (account, amount)).collect();
        for row in self.rows.iter().filter(|row| row.currency == currency) {
            if let RowKind::Settled(kind) = row.kind {
                for posting in kind.journal(&row.figures, &row.funders).postings {
                    let balance = balances.entry(posting.account).or_default();
                    *balance = balance.saturating_add(posting.amount);
                }
            }
        }
        balances.retain(|_, amount| *amount != 0);
        balances
    }

    /// The certificate of a currency on a day.
    #[must_use]
    pub fn certificate(&self, currency: Currency, as_of: NaiveDate) -> Certificate {
        let balances = self.balances(currency);
        let side = |is_on: fn(Account) -> bool| balances.iter().filter(move |(account, _)| is_on(**account));
        let paid_in = side(is_source).map(|(&account, &amount)| (account, amount)).collect();
        let others = side(|account| !is_source(account) && !is_partners(account));
        let others = others.map(|(&account, &amount)| (account, amount.saturating_neg())).collect();
        let posted = side(is_partners).fold(0_i128, |sum, (_, &amount)| sum.saturating_sub(amount));
        let places = self.places(currency, as_of);
        let counted = places.values().fold(0, |sum: i128, &amount| sum.saturating_add(amount));
        Certificate {
            currency,
            as_of,
            paid_in,
            others,
            partners: places.into_iter().filter(|&(_, amount)| amount != 0).collect(),
            unexplained: posted.saturating_sub(counted),
            digest: self.digest(currency, as_of),
        }
    }

    /// What all partners have in each place on a day.
    #[must_use]
    pub fn places(&self, currency: Currency, as_of: NaiveDate) -> BTreeMap<Place, i128> {
        let mut places = BTreeMap::new();
        let mut add = |place: Place, amount: i128| {
            let sum = places.entry(place).or_insert(0_i128);
            *sum = sum.saturating_add(amount);
        };
        for (number, count) in self
            .partners
            .by_id()
            .into_iter()
            .filter_map(|number| self.partners.get(number).map(|entry| (number, entry.1.len())))
        {
            for place in (0..count).map(|place| (number, place)) {
                if self.position_at(place).is_some_and(|(_, position)| position.currency == currency) {
                    let standing = self.standing_of(place, as_of);
                    add(Place::NotDue, standing.not_due);
                    add(Place::Due, standing.due);
                    add(Place::Carried, standing.carried);
                    add(Place::Held, standing.held);
                    add(Place::Reserve, standing.reserve);
                }
            }
        }
        // Of what is in payables the rows tell, so that what a payable says it comes to is proven too.
        for row in self.rows.iter().filter(|row| row.currency == currency) {
            if let Some(place @ (Place::Payable | Place::InTransit | Place::Paid)) =
                self.place_of(row.number, as_of)
            {
                add(place, i128::from(row.amount.minor()));
            }
        }
        for payable in self.payables.iter().filter(|payable| payable.currency == currency) {
            let taxes = i128::from(payable.paid().minor()).saturating_sub(payable.amount.minor().into());
            if let (Some(place), true) = (payable.state.place(), taxes != 0) {
                add(place, taxes);
            }
        }
        places
    }

    /// The digest of everything in a currency on a day.
    #[must_use]
    pub fn digest(&self, currency: Currency, as_of: NaiveDate) -> Digest {
        let mut digest = Digest::default();
        let contract = |row: &PartnerSettlement| row.contract.clone();
        for item in self.items.iter() {
            let Some(row) = self.rows.get(item.row).filter(|row| row.currency == currency) else { continue };
            let cause = if item.cause == NONE { "" } else { self.items.text(item.cause) };
            digest!(
                digest,
                "settlement|{}|{}|{cause}|{}|{}|{}|{}",
                self.items.text(item.event),
                item.kind,
                row.partner,
                row.settlement_date,
                item.amount,
                item.tax_free
            );
        }
        for row in self.rows.iter().filter(|row| row.currency == currency) {
            let Some(place) = self.place_of(row.number, as_of) else { continue };
            let contract = contract(row);
            let contract = contract.as_ref().map_or("", |contract| contract.as_str());
            digest!(
                digest,
                "row|{}|{contract}|{}|{}|{}|{}|{place}",
                row.partner,
                row.kind,
                row.settlement_date,
                row.amount,
                row.tax_free
            );
            for (figure, amount) in row.figures.iter().filter(|(_, amount)| !amount.is_zero()) {
                digest!(
                    digest,
                    "figure|{}|{contract}|{}|{}|{figure}|{amount}",
                    row.partner,
                    row.kind,
                    row.settlement_date
                );
            }
            for (funder, part) in row.funders.iter() {
                digest!(
                    digest,
                    "funder|{}|{contract}|{}|{}|{funder}|{part}",
                    row.partner,
                    row.kind,
                    row.settlement_date
                );
            }
        }
        for payable in self.payables.iter().filter(|payable| payable.currency == currency) {
            digest!(
                digest,
                "payable|{}|{}|{}|{}|{}|{}",
                payable.partner,
                payable.date,
                payable.amount,
                payable.paid(),
                payable.tax_free,
                payable.state
            );
        }
        for payout in self.payouts.payouts().filter(|payout| payout.money.currency() == currency) {
            digest!(digest, "payout|{}|{}|{}|{}", payout.id, payout.key(), payout.money, payout.state);
        }
        digest
    }
}
