//! The day as it stands when it is closed.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use jeongsan::book::Book;
use jeongsan::due::{PartnerSettlement, RowKind, RowNumber, RowState};
use jeongsan::hold::Hold;
use jeongsan::id::PartnerId;
use jeongsan::ledger::{Certificate, Closing, Ledger, Outcome, Place};
use jeongsan::money::Currency;
use jeongsan::payable::{AgeBucket, Offset, Payable, Waiting};

/// The last day of each bucket of ages but the last, which has no end.
const AGE_BOUNDS_DAYS: [u32; 3] = [30, 60, 90];

/// A closed day with the ledger behind it.
#[derive(Debug)]
pub(crate) struct Day<'b> {
    pub(crate) book: &'b Book,
    pub(crate) ledger: Ledger,
    pub(crate) closing: Closing,
}

/// What a partner is owed and isn't paid, or owes.
#[derive(Debug)]
pub(crate) struct CarriedOver<'d> {
    pub(crate) partner: &'d PartnerId,
    pub(crate) currency: Currency,
    pub(crate) amount: i128,
    /// Why nothing is paid; none where a cap leaves the rest of a payable.
    pub(crate) waiting: Option<Waiting>,
    pub(crate) ages: Vec<AgeBucket>,
}

/// A debt met by a credit, both of one partner.
#[derive(Debug)]
pub(crate) struct Met<'d> {
    pub(crate) partner: &'d PartnerId,
    pub(crate) currency: Currency,
    pub(crate) offset: Offset<RowNumber>,
}

impl Day<'_> {
    pub(crate) const fn date(&self) -> NaiveDate {
        self.closing.date
    }

    /// The rows that fell due since the closing before.
    pub(crate) fn fell_due(&self) -> impl Iterator<Item = &PartnerSettlement> {
        self.closing.fell_due.iter().filter_map(|&number| self.ledger.row(number))
    }

    /// The rows that are held, with the hold; none of one that is excluded.
    pub(crate) fn held(&self) -> impl Iterator<Item = (&PartnerSettlement, Option<&Hold>)> {
        let is_held =
            |row: &&PartnerSettlement| self.ledger.place_of(row.number, self.date()) == Some(Place::Held);
        self.ledger.rows().filter(is_held).map(|row| {
            let hold = (row.state == RowState::Open).then(|| self.ledger.hold_on(row, self.date()));
            (row, hold.flatten())
        })
    }

    /// The holds that stand.
    pub(crate) fn holds(&self) -> impl Iterator<Item = &Hold> {
        self.ledger.holds().filter(|hold| hold.is_active_on(self.date()))
    }

    pub(crate) fn outcomes(&self) -> &[Outcome] {
        &self.closing.outcomes
    }

    /// What is carried, partners by id.
    pub(crate) fn carried(&self) -> impl Iterator<Item = CarriedOver<'_>> {
        self.closing.outcomes.iter().filter(|outcome| outcome.standing.carried != 0).map(|outcome| {
            let Outcome { partner, currency, payable, standing, .. } = outcome;
            let ages = self.ledger.ageing(partner, *currency, self.date(), &AGE_BOUNDS_DAYS);
            CarriedOver {
                partner,
                currency: *currency,
                amount: standing.carried,
                waiting: payable.err(),
                ages,
            }
        })
    }

    /// Which debts are met by which credits, in the payables of the day and in what is carried.
    pub(crate) fn met(&self) -> impl Iterator<Item = Met<'_>> {
        self.closing.outcomes.iter().flat_map(|outcome| {
            let Outcome { partner, currency, payable, .. } = outcome;
            let of_payable = payable.ok().and_then(|number| self.ledger.payable(number)).map(|payable| {
                let rows = payable.rows.iter().filter_map(|&number| self.ledger.row(number));
                self.ledger.offsets_among(&rows.filter(is_earned).collect::<Vec<_>>())
            });
            let of_carried = self.ledger.offsets(partner, *currency, self.date());
            let offsets = of_payable.into_iter().flatten().chain(of_carried);
            offsets.map(|offset| Met { partner, currency: *currency, offset })
        })
    }

    /// The payables that were made on the day.
    pub(crate) fn payables(&self) -> impl Iterator<Item = &Payable> {
        self.closing.payables.iter().filter_map(|&number| self.ledger.payable(number))
    }

    /// The rows that wait in reserve.
    pub(crate) fn reserves(&self) -> impl Iterator<Item = &PartnerSettlement> {
        let is_kept =
            |row: &&PartnerSettlement| self.ledger.place_of(row.number, self.date()) == Some(Place::Reserve);
        self.ledger.rows().filter(is_kept)
    }

    /// A certificate a currency.
    pub(crate) fn certificates(&self) -> Vec<Certificate> {
        let mut currencies: BTreeSet<Currency> =
            self.ledger.positions().map(|(_, currency)| currency).collect();
        currencies.insert(self.book.currency());
        currencies.into_iter().map(|currency| self.ledger.certificate(currency, self.date())).collect()
    }
}

/// Whether a row is more than what a payable keeps of itself.
fn is_earned(row: &&PartnerSettlement) -> bool {
    !matches!(row.kind, RowKind::ReserveKept | RowKind::PayoutFee)
}
