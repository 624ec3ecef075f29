//! An invoice with its amendments.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::line::negated;
use super::{
    Amendment, AmendmentReason, Change, Invoice, InvoiceDraft, InvoiceError, InvoiceKind, InvoiceLine,
    Modification, due_date,
};
use crate::calendar::Calendar;
use crate::id::InvoiceId;
use crate::money::{Amount, VatSplit};
use crate::tax::vat_lines::add;

/// An issued invoice and all that amended it, in the order of issue. What they add up to is what is true now.
///
/// ```
/// # use chrono::{NaiveDate, Weekday, WeekdaySet};
/// # use jeongsan::calendar::{Calendar, DateRange};
/// # use jeongsan::money::{Amount, VatSplit};
/// # use jeongsan::tax::{Invoice, InvoiceDraft, InvoiceKind, InvoiceLine, Party, Purpose, Taxation};
/// use jeongsan::tax::{Amendment, Change, InvoiceChain};
/// # let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
/// # let calendar = Calendar::builder("SHOP".parse()?, DateRange::new(day(1, 1), day(12, 31))?)
/// #     .weekend(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun])).build()?;
/// # let amounts = VatSplit { supply: Amount::new(100_000), vat: Amount::new(10_000) };
/// # let draft = InvoiceDraft { id: "t-1".parse()?, kind: InvoiceKind::Taxable, purpose: Purpose::Receipt, write_date: day(3, 31),
/// #     supplier: Party::new("124-81-00998".parse()?, "판매상점", "김판매"), supplier_taxation: Taxation::General,
/// #     recipient: Party::new("220-81-62517".parse()?, "장터", "이장터"),
/// #     lines: vec![InvoiceLine::new(day(3, 31), "3월 판매대금", amounts)], remarks: vec![] };
/// # let invoice = Invoice::new(draft, &calendar)?;
///
/// let mut chain = InvoiceChain::new(invoice)?; // 100,000 and 10,000 of VAT, written on 31 March
/// let came_back = VatSplit { supply: Amount::new(30_000), vat: Amount::new(3_000) };
/// let issued = chain.amend(
///     Amendment {
///         id: "t-1-return".parse()?,
///         of: "t-1".parse()?,
///         change: Change::Return {
///             on: day(5, 6),
///             lines: vec![InvoiceLine::new(day(5, 6), "반품", came_back)],
///         },
///     },
///     &calendar,
/// )?;
/// assert_eq!((issued[0].supply().minor(), issued[0].due_date()), (-30_000, Some(day(6, 10))));
/// assert_eq!(issued[0].draft().remarks, ["당초 작성일 2026-03-31"]);
/// assert_eq!(chain.standing().supply.minor(), 70_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InvoiceChain {
    original: Invoice,
    amendments: Vec<Invoice>,
    standing: VatSplit,
}

impl InvoiceChain {
    /// A chain that begins with an invoice.
    ///
    /// # Errors
    /// [`InvoiceError::BrokenChain`] when it is an amendment.
    pub fn new(original: Invoice) -> Result<Self, InvoiceError> {
        if original.modification().is_some() {
            return Err(broken(&original, "is an amendment and begins no chain"));
        }
        let standing = original.amounts();
        Ok(Self { original, amendments: Vec::new(), standing })
    }

    /// The chain of an invoice and its amendments as they were issued.
    ///
    /// # Errors
    /// [`InvoiceError::BrokenChain`], [`InvoiceError::DuplicateId`], [`InvoiceError::ExceedsInvoiced`],
    /// [`InvoiceError::OutOfRange`].
    pub fn of_issued(original: Invoice, amendments: Vec<Invoice>) -> Result<Self, InvoiceError> {
        let mut chain = Self::new(original)?;
        let mut rest = amendments.into_iter();
        while let Some(first) = rest.next() {
            let target = chain.linked(&first)?;
            let withdraws = matches!(
                first.modification().map(|modification| modification.reason),
                Some(AmendmentReason::Duplicate | AmendmentReason::EntryError)
            );
            if withdraws && negated(target.amounts()) != Some(first.amounts()) {
                return Err(broken(&first, "doesn't take back what it amends"));
            }
            let mut issued = vec![first];
            // An entry error is two documents, between which nothing is true.
            if let [first] = issued.as_slice()
                && first.modification().is_some_and(|row| row.reason == AmendmentReason::EntryError)
            {
                let second = rest.next().filter(|second| second.modification() == first.modification());
                issued.push(second.ok_or_else(|| broken(first, "takes back what nothing replaces"))?);
            }
            chain.append(issued)?;
        }
        Ok(chain)
    }

    /// The invoice that one amends, if it is of this chain and counts.
    fn linked(&self, invoice: &Invoice) -> Result<&Invoice, InvoiceError> {
        match invoice.modification() {
            None => Err(broken(invoice, "amends nothing and stands behind another")),
            Some(modification) if modification.root != *self.original.id() => {
                Err(broken(invoice, "amends an invoice of another chain"))
            }
            Some(modification) => self.live(&modification.original),
        }
    }

    /// The invoice at the beginning.
    #[must_use]
    pub const fn original(&self) -> &Invoice {
        &self.original
    }

    /// What amended it, in the order of issue.
    #[must_use]
    pub fn amendments(&self) -> &[Invoice] {
        &self.amendments
    }

    /// All invoices in the order of issue, the original first.
    pub fn invoices(&self) -> impl Iterator<Item = &Invoice> {
        core::iter::once(&self.original).chain(&self.amendments)
    }

    /// What is true now: the sum of all invoices, never below zero.
    #[must_use]
    pub const fn standing(&self) -> VatSplit {
        self.standing
    }

    /// Whether an invoice of the chain still counts: it was neither taken back as a whole nor does it take another back.
    #[must_use]
    pub fn counts(&self, id: &InvoiceId) -> bool {
        self.live(id).is_ok()
    }

    /// Amends an invoice of the chain, the original or an amendment, and gives the one or two invoices to be issued. They bear
    /// the date of the change, and are due as any other; or the date of what they take back (see [`Invoice::due_date`]).
    ///
    /// # Errors
    /// Every [`InvoiceError`] but those about payouts; a refused amendment leaves the chain as it was.
    pub fn amend(&mut self, amendment: Amendment, calendar: &Calendar) -> Result<&[Invoice], InvoiceError> {
        let Amendment { id, of, change } = amendment;
        let reason = change.reason();
        let target = self.live(&of)?;
        let modification = Modification { reason, original: of, root: self.original.id().clone() };
        let issued = match change {
            Change::EntryError(corrected) => {
                check_family(&id, target, corrected.kind)?;
                let corrected = Invoice::restore(*corrected, None, Some(modification.clone()))?;
                check_amounts(&corrected, reason)?;
                vec![taken_back(id, target, modification)?, corrected]
            }
            Change::Duplicate => vec![taken_back(id, target, modification)?],
            Change::ValueChange { on, lines } => {
                vec![later(Later { id, on, lines, remarks: vec![] }, target, modification, calendar)?]
            }
            Change::Return { on, lines } => {
                let lines =
                    negated_lines(&lines).ok_or_else(|| InvoiceError::OutOfRange { id: id.clone() })?;
                let remarks = vec![first_date(target)];
                vec![later(Later { id, on, lines, remarks }, target, modification, calendar)?]
            }
            Change::Cancellation { on } => {
                // One line takes back all that stands, however many documents it stands in.
                let name = target.draft().lines.first().map_or("", |line| line.name.as_str());
                let amounts =
                    negated(self.standing).ok_or_else(|| InvoiceError::OutOfRange { id: id.clone() })?;
                let lines = vec![InvoiceLine::new(on, name, amounts)];
                let remarks = vec![first_date(target)];
                vec![later(Later { id, on, lines, remarks }, target, modification, calendar)?]
            }
        };
        let count = self.amendments.len();
        self.append(issued)?;
        Ok(self.amendments.get(count..).unwrap_or_default())
    }

    /// The invoice of this id, if it still counts.
    fn live(&self, id: &InvoiceId) -> Result<&Invoice, InvoiceError> {
        let invoice = self.invoices().find(|invoice| invoice.id() == id).ok_or_else(|| {
            InvoiceError::UnknownInvoice { of: id.clone(), root: self.original.id().clone() }
        })?;
        let withdrawal = self.withdrawals().find(|withdrawal| {
            withdrawal.id() == id || withdrawal.modification().is_some_and(|row| row.original == *id)
        });
        match withdrawal.and_then(Invoice::modification) {
            Some(modification) => {
                Err(InvoiceError::Withdrawn { of: id.clone(), reason: modification.reason })
            }
            None => Ok(invoice),
        }
    }

    /// The invoices that take another back as a whole: every duplicate, and the first of an entry error's two.
    fn withdrawals(&self) -> impl Iterator<Item = &Invoice> {
        self.amendments.iter().enumerate().filter_map(|(place, invoice)| {
            let modification = invoice.modification()?;
            let withdraws = match modification.reason {
                AmendmentReason::Duplicate => true,
                AmendmentReason::EntryError => {
                    let earlier = self.amendments.iter().take(place);
                    !earlier.filter_map(Invoice::modification).any(|row| row == modification)
                }
                AmendmentReason::ValueChange | AmendmentReason::Return | AmendmentReason::Cancellation => {
                    false
                }
            };
            withdraws.then_some(invoice)
        })
    }

    /// Adds invoices that were checked by themselves, if what then stands isn't below zero.
    fn append(&mut self, issued: Vec<Invoice>) -> Result<(), InvoiceError> {
        let mut standing = self.standing;
        for (place, invoice) in issued.iter().enumerate() {
            let mut taken = self.invoices().chain(issued.iter().take(place));
            if taken.any(|other| other.id() == invoice.id()) {
                return Err(InvoiceError::DuplicateId { id: invoice.id().clone() });
            }
            standing = add(standing, invoice.amounts())
                .ok_or_else(|| InvoiceError::OutOfRange { id: invoice.id().clone() })?;
        }
        let VatSplit { supply, vat } = standing;
        if let Some(last) = issued.last()
            && (supply.is_negative() || vat.is_negative())
        {
            let root = self.original.id().clone();
            return Err(InvoiceError::ExceedsInvoiced { id: last.id().clone(), root, supply, vat });
        }
        self.standing = standing;
        self.amendments.extend(issued);
        Ok(())
    }
}

fn broken(invoice: &Invoice, what: &'static str) -> InvoiceError {
    InvoiceError::BrokenChain { id: invoice.id().clone(), what }
}

/// Tax invoices, at any rate, and invoices of tax-free supplies are two families.
fn check_family(id: &InvoiceId, target: &Invoice, to: InvoiceKind) -> Result<(), InvoiceError> {
    let from = target.kind();
    if (from == InvoiceKind::TaxFree) == (to == InvoiceKind::TaxFree) {
        return Ok(());
    }
    Err(InvoiceError::KindChanged { id: id.clone(), of: target.id().clone(), from, to })
}

/// What returns and cancellations say of the invoice that they amend (시행령 제70조 제1항 제1호, 제2호).
fn first_date(target: &Invoice) -> String {
    format!("당초 작성일 {}", target.write_date())
}

fn negated_lines(lines: &[InvoiceLine]) -> Option<Vec<InvoiceLine>> {
    lines.iter().map(InvoiceLine::negated).collect()
}

/// The invoice as it was issued, every amount turned, under its own write date.
fn taken_back(id: InvoiceId, target: &Invoice, modification: Modification) -> Result<Invoice, InvoiceError> {
    let lines = negated_lines(&target.draft().lines);
    let lines = lines.ok_or_else(|| InvoiceError::OutOfRange { id: id.clone() })?;
    let draft = InvoiceDraft { id, lines, ..target.draft().clone() };
    Invoice::restore(draft, None, Some(modification))
}

/// What happened after the invoice was issued, and what it says.
struct Later {
    id: InvoiceId,
    on: NaiveDate,
    lines: Vec<InvoiceLine>,
    remarks: Vec<String>,
}

/// The invoice of a later change, under the date of the change.
fn later(
    change: Later,
    target: &Invoice,
    modification: Modification,
    calendar: &Calendar,
) -> Result<Invoice, InvoiceError> {
    let Later { id, on, lines, remarks } = change;
    if on < target.write_date() {
        let (of, write_date) = (target.id().clone(), target.write_date());
        return Err(InvoiceError::BeforeWriteDate { id, on, of, write_date });
    }
    let due_date = due_date(on, calendar)?;
    let reason = modification.reason;
    let draft = InvoiceDraft { id, write_date: on, lines, remarks, ..target.draft().clone() };
    let invoice = Invoice::restore(draft, Some(due_date), Some(modification))?;
    check_amounts(&invoice, reason)?;
    Ok(invoice)
}

/// An amendment amends something, and takes nothing back that is below zero.
fn check_amounts(invoice: &Invoice, reason: AmendmentReason) -> Result<(), InvoiceError> {
    let VatSplit { supply, vat } = invoice.amounts();
    let is_nothing = supply.is_zero() && vat.is_zero();
    let takes_back = matches!(reason, AmendmentReason::Return | AmendmentReason::Cancellation);
    if is_nothing || (takes_back && (supply > Amount::ZERO || vat > Amount::ZERO)) {
        return Err(InvoiceError::NothingToAmend { id: invoice.id().clone(), reason, supply, vat });
    }
    Ok(())
}
