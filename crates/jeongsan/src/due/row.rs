//! A row of what a partner is owed.

use core::fmt;

use chrono::{Datelike, NaiveDate};

use crate::figures::Figures;
use crate::funding::FunderParts;
use crate::id::{ContractId, EventId, PartnerId};
use crate::money::{Amount, Currency};
use crate::settle::SettlementKind;

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(u64);

        impl $name {
            /// The number, as it was told before.
            #[must_use]
            pub const fn new(number: u64) -> Self {
                Self(number)
            }

            /// The number, from 1.
            #[must_use]
            pub const fn number(self) -> u64 {
                self.0
            }

            /// The number of what stands at a place.
            pub(crate) fn of_place(place: usize) -> Option<Self> {
                u64::try_from(place).ok()?.checked_add(1).map(Self)
            }

            /// The place of what has the number.
            pub(crate) fn place(self) -> usize {
                self.0.checked_sub(1).and_then(|place| usize::try_from(place).ok()).unwrap_or(usize::MAX)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    )*};
}

numbers! {
    /// The number of a row, from 1 in the order of their opening.
    RowNumber;
    /// The number of a payable, from 1 in the order of their making.
    PayableNumber;
}

/// What a row adds up.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum RowKind {
    /// Settlements of one kind.
    Settled(SettlementKind),
    /// Approved adjustments.
    Adjustment,
    /// Debts written off.
    WriteOff,
    /// What disputes take back from the partner.
    Dispute,
    /// A reserve that is released on its date.
    Reserve,
    /// The same taken off the payable it was kept from.
    ReserveKept,
    /// Payout fees that the partner bears.
    PayoutFee,
}

impl RowKind {
    const OWN: [Self; 6] =
        [Self::Adjustment, Self::WriteOff, Self::Dispute, Self::Reserve, Self::ReserveKept, Self::PayoutFee];

    /// The text by which documents name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Settled(kind) => kind.as_str(),
            Self::Adjustment => "adjustment",
            Self::WriteOff => "write-off",
            Self::Dispute => "dispute",
            Self::Reserve => "reserve",
            Self::ReserveKept => "reserve-kept",
            Self::PayoutFee => "payout-fee",
        }
    }

    /// Whether payables make such rows; a reserve is kept of none.
    pub(crate) const fn is_of_payables(self) -> bool {
        matches!(self, Self::Reserve | Self::ReserveKept | Self::PayoutFee)
    }

    /// A number of its own, for keys.
    fn code(self) -> u8 {
        let place = match self {
            Self::Settled(kind) => SettlementKind::ALL.iter().position(|&other| other == kind),
            _ => {
                Self::OWN.iter().rposition(|&other| other == self).map(|place| usize::MAX.wrapping_sub(place))
            }
        };
        place.and_then(|place| u8::try_from(place & 0xFF).ok()).unwrap_or(u8::MAX)
    }
}

impl fmt::Display for RowKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Where a row's money is. Whether an open row is due, held or carried follows from the day and the holds.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum RowState {
    /// It can become payable when it is due and nothing holds it (지급 예정).
    Open,
    /// It is kept out until it is restored (지급 제외).
    Excluded,
    /// It is part of a payable, whose state says how far that is.
    InPayable(PayableNumber),
    /// Its amounts are in another row.
    Merged(RowNumber),
}

/// A row: what one partner is owed under one contract for one kind of settlement on one day (정산 내역).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PartnerSettlement {
    /// Its number.
    pub number: RowNumber,
    /// Who is owed.
    pub partner: PartnerId,
    /// The contract; none where none stands behind it.
    pub contract: Option<ContractId>,
    /// What it adds up.
    pub kind: RowKind,
    /// The day it falls due.
    pub settlement_date: NaiveDate,
    /// The currency of every figure.
    pub currency: Currency,
    /// The figures of the settlements it took in. A settlement that falls due in parts counts in the row of its first.
    pub figures: Figures,
    /// What others than partner and merchant bear of the discounts in them.
    pub funders: FunderParts,
    /// How many settlements it took in.
    pub settlements: u64,
    /// What it comes to now, after what was moved to other rows.
    pub amount: Amount,
    /// The tax-free part of it.
    pub tax_free: Amount,
    /// Where it is.
    pub state: RowState,
    /// The row it was cut off from, where it is what another left over.
    pub rest_of: Option<RowNumber>,
    /// The order it was set apart for, while that is held by itself.
    pub order: Option<EventId>,
    /// Whether a reserve was kept of it, or it is none to keep one of.
    pub(crate) is_reserved: bool,
    /// How many holds name it.
    pub(crate) holds: u32,
    /// The newest row that was cut off from it; of a row that was cut off itself, the one cut off before.
    pub(crate) rest: Option<RowNumber>,
    /// The row that it was taken out of, whose holds keep it back too.
    pub(crate) origin: Option<RowNumber>,
    /// Whether it was cut: how much of which settlement is in it can't be told then.
    pub(crate) is_cut: bool,
    /// How much of it, and of its tax-free part, is what was left of settlements in rows that were cut.
    pub(crate) left_over: (Amount, Amount),
    pub(crate) key: RowKey,
}

impl PartnerSettlement {
    /// Whether more may come into it: not once a reserve was kept of it.
    pub(crate) const fn can_be_joined(&self) -> bool {
        !self.is_reserved || self.kind.is_of_payables()
    }
}

/// The key of a row, packed: partner, contract, date, currency, kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct RowKey(pub(crate) u128);

impl RowKey {
    /// Packs a key; the numbers are those of the ledger's own interners, a contract's raised by one so that 0 is none.
    pub(crate) fn new(
        partner: u32,
        contract: u32,
        kind: RowKind,
        date: NaiveDate,
        currency: Currency,
    ) -> Self {
        // Years of a `NaiveDate` fit 32 bits in days, of either sign.
        let day = u32::from_ne_bytes(date.num_days_from_ce().to_ne_bytes());
        let code = currency.code().bytes().fold(0_u32, |code, byte| (code << 8) | u32::from(byte));
        let last = (code << 8) | u32::from(kind.code());
        let high = (u128::from(partner) << 32) | u128::from(contract);
        Self((high << 64) | (u128::from(day) << 32) | u128::from(last))
    }

    /// The partner's number.
    pub(crate) fn partner(self) -> u32 {
        u32::try_from(self.0 >> 96).unwrap_or(u32::MAX)
    }

    /// The same key on another day.
    pub(crate) fn on(self, date: NaiveDate) -> Self {
        let day = u128::from(u32::from_ne_bytes(date.num_days_from_ce().to_ne_bytes()));
        Self((self.0 & !(u128::from(u32::MAX) << 32)) | (day << 32))
    }

    /// The key in two words.
    pub(crate) fn halves(self) -> [u64; 2] {
        let half = |word: u128| u64::try_from(word & u128::from(u64::MAX)).unwrap_or(0);
        [half(self.0 >> 64), half(self.0)]
    }
}
