//! The invoices that a payable takes.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use crate::id::{IdError, InvoiceId};
use crate::partner::{PartnerKind, Taxation};
use crate::tax::{InvoiceDraft, InvoiceKind, InvoiceLine, Party, Purpose};

use super::Payable;

/// What stands on a payable's invoices beside its amounts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Invoicing {
    /// Who supplies: the partner.
    pub supplier: Party,
    /// How it is taxed.
    pub supplier_taxation: Taxation,
    /// Who pays: the merchant.
    pub recipient: Party,
    /// What the invoice of the taxable part is: [`InvoiceKind::Taxable`] or [`InvoiceKind::ZeroRated`].
    pub taxable_kind: InvoiceKind,
    /// What it says of its payment.
    pub purpose: Purpose,
    /// What was supplied, for the one line of each.
    pub item: String,
}

impl Payable {
    /// The drafts of the invoices that a payable to a business takes: one for its taxable part, one for its tax-free part, written on its
    /// day under the ids `payable-7-taxable` and so on. None for others than businesses, and where its taxes aren't told.
    /// [`Invoice::of_payout`](crate::tax::Invoice::of_payout) checks them.
    ///
    /// # Errors
    /// An id that can't be one.
    ///
    /// ```
    /// # use jeongsan::{due::Incoming, figures::Figures, ledger::Ledger, money::{Amount, Currency}, settle::SettlementKind};
    /// # let (id, partner): (_, jeongsan::id::PartnerId) = ("m-1".parse()?, "seller-1".parse()?);
    /// # let settlement_date = chrono::NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
    /// use jeongsan::partner::PartnerKind;
    /// use jeongsan::payable::Invoicing;
    /// use jeongsan::tax::{InvoiceKind, Party, Purpose, Taxation};
    ///
    /// # let figures = Figures { settlement: Amount::new(110_000), settlement_tax_free: Amount::new(44_000), ..Figures::ZERO };
    /// let mut ledger = Ledger::new();
    /// ledger.tax_as(partner.clone(), PartnerKind::Business);
    /// # ledger.settle(Incoming { id: &id, kind: SettlementKind::Manual, cause: None, order: None, partner: &partner, contract: None,
    /// #     settlement_date, currency: Currency::KRW, figures: &figures, funders: &jeongsan::funding::FunderParts::new(), parts: &[] })?;
    /// ledger.close(settlement_date)?;
    /// let terms = Invoicing {
    ///     supplier: Party::new("124-81-00998".parse()?, "판매상점", "김판매"),
    ///     supplier_taxation: Taxation::General,
    ///     recipient: Party::new("220-81-62517".parse()?, "장터", "이장터"),
    ///     taxable_kind: InvoiceKind::Taxable,
    ///     purpose: Purpose::Receipt,
    ///     item: "3월 판매대금".into(),
    /// };
    /// let drafts = ledger.payables().next().unwrap().invoices(&terms)?;
    /// let shown: Vec<_> = drafts.iter().map(|draft| (draft.id.as_str(), draft.lines[0].amounts.supply.minor())).collect();
    /// assert_eq!(shown, [("payable-1-taxable", 60_000), ("payable-1-tax-free", 44_000)]);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn invoices(&self, terms: &Invoicing) -> Result<Vec<InvoiceDraft>, IdError> {
        let Some(tax) = self.tax.filter(|_| self.kind == Some(PartnerKind::Business)) else {
            return Ok(Vec::new());
        };
        let draft = |(kind, amounts): (InvoiceKind, _)| {
            let id: InvoiceId = format!("payable-{}-{}", self.number, kind.as_str()).parse()?;
            Ok(InvoiceDraft {
                id,
                kind,
                purpose: terms.purpose,
                write_date: self.date,
                supplier: terms.supplier.clone(),
                supplier_taxation: terms.supplier_taxation,
                recipient: terms.recipient.clone(),
                lines: vec![InvoiceLine::new(self.date, terms.item.to_string(), amounts)],
                remarks: Vec::new(),
            })
        };
        tax.invoices(terms.taxable_kind).map(draft).collect()
    }
}
