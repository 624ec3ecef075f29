//! Reverse-issued tax invoices (역발행 세금계산서) and their amendments (수정세금계산서).
//!
//! The partner supplies, the merchant pays: so the partner is the supplier of the invoice and the merchant its recipient. It is reverse-issued
//! because the merchant, who knows the figures, writes it and the partner approves it. A payout's taxable part takes a tax invoice
//! (세금계산서), its tax-free part an invoice without VAT (계산서): two documents.

mod amendment;
mod chain;
mod error;
mod lateness;
mod line;
mod party;

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate};

pub use amendment::{Amendment, AmendmentReason, Change, Modification, UnknownAmendmentReason};
pub use chain::InvoiceChain;
pub use error::InvoiceError;
pub use lateness::{
    Lateness, Penalty, PenaltyRates, UnknownLateness, due_date, return_date, transmission_date,
};
pub use line::{InvalidQuantity, InvoiceLine, Quantity};
pub use party::{BranchNumber, InvalidBranchNumber, Party};

use super::payout::PayoutTax;
use super::vat_lines::add;
use crate::calendar::Calendar;
use crate::id::InvoiceId;
use crate::money::{Amount, VatSplit, text_enum};
use crate::partner::Taxation;

/// The most lines that an invoice can have.
pub const INVOICE_LINES_MAX: usize = 99;
/// The most remarks that an invoice can have.
pub const INVOICE_REMARKS_MAX: usize = 3;

text_enum! {
    /// What an invoice is by the tax on what it is for.
    pub enum InvoiceKind ("invoice kind") or UnknownInvoiceKind {
        /// A tax invoice (세금계산서, 과세).
        Taxable = "taxable",
        /// A tax invoice at a rate of zero (세금계산서, 영세율).
        ZeroRated = "zero-rated",
        /// An invoice of tax-free supplies (계산서, 면세).
        TaxFree = "tax-free",
    }
}

text_enum! {
    /// What an invoice says of its payment.
    pub enum Purpose ("invoice purpose") or UnknownPurpose {
        /// It was paid (영수).
        Receipt = "receipt",
        /// It is to be paid (청구).
        Charge = "charge",
        /// Nothing (없음).
        None = "none",
    }
}

/// What stands on an invoice, as it is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InvoiceDraft {
    /// Its id.
    pub id: InvoiceId,
    /// What it is by tax.
    pub kind: InvoiceKind,
    /// What it says of its payment.
    pub purpose: Purpose,
    /// The day of the supply, or the last day of the time within one month that is invoiced at once (작성일; 부가가치세법 제34조 제3항).
    pub write_date: NaiveDate,
    /// Who supplies and approves it: the partner.
    pub supplier: Party,
    /// How the supplier is taxed.
    pub supplier_taxation: Taxation,
    /// Who pays and writes it: the merchant.
    pub recipient: Party,
    /// What was supplied, 1 to [`INVOICE_LINES_MAX`] lines.
    pub lines: Vec<InvoiceLine>,
    /// Up to [`INVOICE_REMARKS_MAX`] remarks.
    pub remarks: Vec<String>,
}

/// An invoice to be issued. Its amounts are those of its lines.
///
/// ```
/// # use chrono::{NaiveDate, Weekday, WeekdaySet};
/// # use jeongsan::calendar::{Calendar, DateRange};
/// # use jeongsan::money::{Amount, Currency, Money};
/// # use jeongsan::partner::PartnerKind;
/// use jeongsan::tax::{Invoice, InvoiceDraft, InvoiceKind, InvoiceLine, Party, PayoutTerms, Purpose, Taxation};
///
/// # let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
/// # let calendar = Calendar::builder("SHOP".parse()?, DateRange::new(day(1, 1), day(12, 31))?)
/// #     .weekend(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun])).build()?;
/// let settled = Money::new(Amount::new(110_000), Currency::KRW);
/// let tax = PayoutTerms::new(PartnerKind::Business).tax(settled, Amount::ZERO, day(4, 15))?;
/// let draft = InvoiceDraft {
///     id: "tax-2026-03-seller-1".parse()?,
///     kind: InvoiceKind::Taxable,
///     purpose: Purpose::Receipt,
///     write_date: day(3, 31),
///     supplier: Party::new("124-81-00998".parse()?, "판매상점", "김판매"),
///     supplier_taxation: Taxation::General,
///     recipient: Party::new("220-81-62517".parse()?, "장터", "이장터"),
///     lines: vec![InvoiceLine::new(day(3, 31), "3월 판매대금", tax.taxable())],
///     remarks: vec![],
/// };
/// let invoice = Invoice::of_payout(draft, &tax, &calendar)?;
/// assert_eq!((invoice.supply().minor(), invoice.vat().minor()), (100_000, 10_000));
/// assert_eq!(invoice.due_date(), Some(day(4, 10)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Invoice {
    draft: InvoiceDraft,
    amounts: VatSplit,
    due_date: Option<NaiveDate>,
    modification: Option<Modification>,
}

impl Invoice {
    /// The invoice of a draft, due by the calendar.
    ///
    /// # Errors
    /// The [`InvoiceError`]s up to [`InvoiceError::NotAboveZero`], [`InvoiceError::OutOfRange`].
    pub fn new(draft: InvoiceDraft, calendar: &Calendar) -> Result<Self, InvoiceError> {
        let due_date = due_date(draft.write_date, calendar)?;
        Self::restore(draft, Some(due_date), None)
    }

    /// The invoice of a draft for the part of a payout that its kind is for: the taxable or the tax-free one. A payout with both takes
    /// two invoices; [`PayoutTax::invoices`] tells which.
    ///
    /// # Errors
    /// As [`Invoice::new`], and [`InvoiceError::NotThePayout`].
    pub fn of_payout(
        draft: InvoiceDraft,
        payout: &PayoutTax,
        calendar: &Calendar,
    ) -> Result<Self, InvoiceError> {
        let invoice = Self::new(draft, calendar)?;
        let part = payout.part(invoice.kind());
        if invoice.amounts == part {
            return Ok(invoice);
        }
        Err(InvoiceError::NotThePayout {
            id: invoice.id().clone(),
            kind: invoice.kind(),
            supply: invoice.supply(),
            vat: invoice.vat(),
            payout_supply: part.supply,
            payout_vat: part.vat,
        })
    }

    /// An invoice of these parts, checked.
    pub(crate) fn restore(
        draft: InvoiceDraft,
        due_date: Option<NaiveDate>,
        modification: Option<Modification>,
    ) -> Result<Self, InvoiceError> {
        let amounts = draft.check()?;
        let VatSplit { supply, vat } = amounts;
        let is_below = supply.is_negative() || vat.is_negative();
        let is_nothing = supply.is_zero() && vat.is_zero();
        if modification.is_none() && (is_below || is_nothing) {
            return Err(InvoiceError::NotAboveZero { id: draft.id, supply, vat });
        }
        Ok(Self { draft, amounts, due_date, modification })
    }

    /// What stands on it.
    #[must_use]
    pub const fn draft(&self) -> &InvoiceDraft {
        &self.draft
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &InvoiceId {
        &self.draft.id
    }

    /// What it is by tax.
    #[must_use]
    pub const fn kind(&self) -> InvoiceKind {
        self.draft.kind
    }

    /// Its write date (작성일).
    #[must_use]
    pub const fn write_date(&self) -> NaiveDate {
        self.draft.write_date
    }

    /// The last day on which it is issued in time. `None` for an amendment that bears the date of what it amends: the law names no day, it is
    /// issued when the error is seen.
    #[must_use]
    pub const fn due_date(&self) -> Option<NaiveDate> {
        self.due_date
    }

    /// The supply value (공급가액).
    #[must_use]
    pub const fn supply(&self) -> Amount {
        self.amounts.supply
    }

    /// The VAT (세액).
    #[must_use]
    pub const fn vat(&self) -> Amount {
        self.amounts.vat
    }

    /// Both.
    #[must_use]
    pub const fn amounts(&self) -> VatSplit {
        self.amounts
    }

    /// The sum of both (합계금액).
    #[must_use]
    pub const fn total(&self) -> Amount {
        // Checked when the lines were added up.
        Amount::new(self.amounts.supply.minor().saturating_add(self.amounts.vat.minor()))
    }

    /// What it amends and why; `None` for one that amends nothing.
    #[must_use]
    pub const fn modification(&self) -> Option<&Modification> {
        self.modification.as_ref()
    }
}

impl InvoiceDraft {
    /// Refuses what no invoice can be, and adds its lines up.
    fn check(&self) -> Result<VatSplit, InvoiceError> {
        let id = || self.id.clone();
        self.check_parties()?;
        if !(1..=INVOICE_LINES_MAX).contains(&self.lines.len()) {
            return Err(InvoiceError::LineCount { id: id(), count: self.lines.len() });
        }
        if self.remarks.len() > INVOICE_REMARKS_MAX {
            return Err(InvoiceError::RemarkCount { id: id(), count: self.remarks.len() });
        }
        let mut sum = VatSplit { supply: Amount::ZERO, vat: Amount::ZERO };
        for (line, item) in self.lines.iter().enumerate() {
            let InvoiceLine { date, amounts, .. } = *item;
            if item.name.is_empty() {
                return Err(InvoiceError::MissingText { id: id(), what: "name of a line" });
            }
            let in_month = date.year() == self.write_date.year() && date.month() == self.write_date.month();
            if date > self.write_date || !in_month {
                let write_date = self.write_date;
                return Err(InvoiceError::LineOutsideMonth { id: id(), line, date, write_date });
            }
            if self.kind != InvoiceKind::Taxable && !amounts.vat.is_zero() {
                return Err(InvoiceError::VatOnUntaxed { id: id(), line, kind: self.kind, vat: amounts.vat });
            }
            sum = add(sum, amounts).ok_or_else(|| InvoiceError::OutOfRange { id: id() })?;
        }
        Ok(sum)
    }

    fn check_parties(&self) -> Result<(), InvoiceError> {
        let texts = [
            (&self.supplier.name, "supplier's name"),
            (&self.supplier.representative, "supplier's representative"),
            (&self.recipient.name, "recipient's name"),
            (&self.recipient.representative, "recipient's representative"),
        ];
        if let Some((_, what)) = texts.into_iter().find(|(text, _)| text.is_empty()) {
            return Err(InvoiceError::MissingText { id: self.id.clone(), what });
        }
        let (supplier, recipient) = (&self.supplier, &self.recipient);
        if supplier.number == recipient.number && supplier.branch == recipient.branch {
            return Err(InvoiceError::SameParty { id: self.id.clone(), number: supplier.number });
        }
        if self.kind != InvoiceKind::TaxFree && !self.supplier_taxation.issues_tax_invoices() {
            return Err(InvoiceError::SupplierCantIssue {
                id: self.id.clone(),
                taxation: self.supplier_taxation,
                kind: self.kind,
            });
        }
        Ok(())
    }
}

impl PayoutTax {
    /// The invoices that the payout takes, with their amounts: one for a taxable part, at `taxable_kind`, one for a tax-free part. A part
    /// below zero takes none: more came back than was supplied, which amends invoices of the past ([`Change::Return`]).
    ///
    /// ```
    /// # use jeongsan::money::{Amount, Currency, Money};
    /// # use jeongsan::partner::PartnerKind;
    /// # use jeongsan::tax::{InvoiceKind, PayoutTerms};
    /// # let paid_on = chrono::NaiveDate::from_ymd_opt(2026, 4, 15).unwrap();
    /// let settled = Money::new(Amount::new(100_000), Currency::KRW);
    /// let tax = PayoutTerms::new(PartnerKind::Business).tax(settled, Amount::new(40_000), paid_on)?;
    /// let invoices: Vec<_> = tax.invoices(InvoiceKind::Taxable).map(|(kind, part)| (kind, part.supply.minor())).collect();
    /// assert_eq!(invoices, [(InvoiceKind::Taxable, 54_546), (InvoiceKind::TaxFree, 40_000)]);
    /// # Ok::<(), jeongsan::tax::PayoutTaxError>(())
    /// ```
    pub fn invoices(&self, taxable_kind: InvoiceKind) -> impl Iterator<Item = (InvoiceKind, VatSplit)> {
        let parts = [(taxable_kind, self.taxable()), (InvoiceKind::TaxFree, self.part(InvoiceKind::TaxFree))];
        let is_above_zero = |part: &VatSplit| part.supply > Amount::ZERO || part.vat > Amount::ZERO;
        parts.into_iter().filter(move |(_, part)| is_above_zero(part))
    }

    /// The part that an invoice of a kind is for.
    const fn part(&self, kind: InvoiceKind) -> VatSplit {
        match kind {
            InvoiceKind::Taxable | InvoiceKind::ZeroRated => self.taxable(),
            InvoiceKind::TaxFree => VatSplit { supply: self.tax_free, vat: Amount::ZERO },
        }
    }
}
