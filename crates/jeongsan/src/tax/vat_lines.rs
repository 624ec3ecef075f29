//! The VAT of lines and of the document that they make up, reconciled.

use alloc::vec::Vec;

use super::payout::{Basis, VatTerms};
use crate::money::{Amount, VatSplit, text_enum};

text_enum! {
    /// Where the VAT of a document of several lines is rounded.
    pub enum VatScope ("VAT scope") or UnknownVatScope {
        /// In each line; the document's VAT is the sum.
        PerLine = "per-line",
        /// Once, on the document's total; the lines follow by a [`ResidueRule`].
        PerDocument = "per-document",
    }
}

text_enum! {
    /// Which line takes the difference between the document's VAT and the sum of the lines'.
    pub enum ResidueRule ("residue rule") or UnknownResidueRule {
        /// The line of the largest size, the earlier among equals.
        LargestLine = "largest-line",
        /// The last line that isn't zero.
        LastLine = "last-line",
        /// A line of its own behind the others.
        RoundingLine = "rounding-line",
    }
}

/// How the VAT of lines and of their document is rounded and reconciled.
///
/// ```
/// use jeongsan::money::Amount;
/// use jeongsan::tax::{Basis, LineTerms, ResidueRule, VatScope, VatTerms};
///
/// let vat = VatTerms { basis: Basis::Net, ..VatTerms::KOREAN };
/// let terms = LineTerms { vat, scope: VatScope::PerDocument, residue: ResidueRule::LargestLine };
/// let told = terms.reconcile(&[333, 333, 334].map(Amount::new))?;
/// assert_eq!((told.of_lines.vat.minor(), told.of_document.vat.minor()), (99, 100));
/// let vats: Vec<i64> = told.lines.iter().map(|line| line.vat.minor()).collect();
/// assert_eq!(vats, [33, 33, 34]);
/// # Ok::<(), jeongsan::tax::VatLinesError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LineTerms {
    /// How an amount becomes supply value and VAT.
    pub vat: VatTerms,
    /// Where the VAT is rounded.
    pub scope: VatScope,
    /// Which line takes the difference when it is rounded on the document.
    pub residue: ResidueRule,
}

/// Lines with their VAT, the two totals that a document of them can have, and the one it has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VatLines {
    /// The lines in the order given; they add up to `total`. Under [`ResidueRule::RoundingLine`] one more stands behind them when there is a
    /// difference.
    pub lines: Vec<VatSplit>,
    /// The document's total.
    pub total: VatSplit,
    /// The total when each line is rounded by itself.
    pub of_lines: VatSplit,
    /// The total when the document is rounded once.
    pub of_document: VatSplit,
    /// The place of the line that took the difference, from 0; `None` when there was none to take.
    pub adjusted: Option<usize>,
}

impl VatLines {
    /// The VAT of the document rounded once less that of its lines rounded each.
    #[must_use]
    pub const fn difference(&self) -> Amount {
        // Each line's VAT is off by less than one unit.
        Amount::new(self.of_document.vat.minor().saturating_sub(self.of_lines.vat.minor()))
    }
}

/// Why lines and document can't be reconciled.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VatLinesError {
    /// The difference is so large that it would turn the sign of the line's VAT or supply value: many small lines, each rounded the same way.
    #[error(
        "the difference of `{difference}` between document and lines is more than line {line} can take; use `rounding-line`"
    )]
    ResidueExceedsLine {
        /// The document's VAT less that of the lines.
        difference: Amount,
        /// The place of the line, from 0.
        line: usize,
    },
    /// The VAT or a total leaves the range of 64 bits.
    #[error("the VAT of line {line} or the total up to it is out of range")]
    OutOfRange {
        /// The place of the line, from 0.
        line: usize,
    },
}

impl VatLinesError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ResidueExceedsLine { .. } => "residue-exceeds-line",
            Self::OutOfRange { .. } => "out-of-range",
        }
    }
}

impl LineTerms {
    /// The lines of these amounts, of either sign, with their VAT: Σ lines = document, to the unit.
    ///
    /// # Errors
    /// Every [`VatLinesError`].
    pub fn reconcile(&self, amounts: &[Amount]) -> Result<VatLines, VatLinesError> {
        let mut lines = Vec::with_capacity(amounts.len());
        let mut of_lines = VatSplit { supply: Amount::ZERO, vat: Amount::ZERO };
        let mut sum = Amount::ZERO;
        for (line, &amount) in amounts.iter().enumerate() {
            let out_of_range = VatLinesError::OutOfRange { line };
            let split = self.vat.split(amount).ok_or(out_of_range)?;
            of_lines = add(of_lines, split).ok_or(out_of_range)?;
            sum = sum.checked_add(amount).ok_or(out_of_range)?;
            lines.push(split);
        }
        let last = amounts.len().saturating_sub(1);
        let of_document = self.vat.split(sum).ok_or(VatLinesError::OutOfRange { line: last })?;
        let mut told = VatLines { lines, total: of_lines, of_lines, of_document, adjusted: None };
        if self.scope == VatScope::PerDocument {
            told.total = of_document;
            if !told.difference().is_zero() {
                self.assign(&mut told, amounts)?;
            }
        }
        Ok(told)
    }

    /// Puts the difference where the rule wants it.
    fn assign(&self, told: &mut VatLines, amounts: &[Amount]) -> Result<(), VatLinesError> {
        let difference = told.difference();
        let supply = match self.vat.basis {
            // What the customer pays for a line is given, so its supply value gives way.
            Basis::Gross => difference.checked_neg().unwrap_or(Amount::ZERO),
            Basis::Net => Amount::ZERO,
        };
        let residue = VatSplit { supply, vat: difference };
        let size = |place: &usize| amounts.get(*place).map_or(0, |amount| amount.minor().unsigned_abs());
        let line = match self.residue {
            // Of equals `max_by_key` gives the last.
            ResidueRule::LargestLine => (0..amounts.len()).rev().max_by_key(size),
            ResidueRule::LastLine => (0..amounts.len()).rev().find(|place| size(place) > 0),
            ResidueRule::RoundingLine => None,
        };
        let Some(line) = line else {
            told.adjusted = Some(told.lines.len());
            told.lines.push(residue);
            return Ok(());
        };
        let Some(split) = told.lines.get_mut(line) else { return Ok(()) };
        let adjusted = add(*split, residue).ok_or(VatLinesError::OutOfRange { line })?;
        if turns(split.vat, adjusted.vat) || turns(split.supply, adjusted.supply) {
            return Err(VatLinesError::ResidueExceedsLine { difference, line });
        }
        *split = adjusted;
        told.adjusted = Some(line);
        Ok(())
    }
}

/// The sum, part by part.
pub(super) fn add(a: VatSplit, b: VatSplit) -> Option<VatSplit> {
    let sum = VatSplit { supply: a.supply.checked_add(b.supply)?, vat: a.vat.checked_add(b.vat)? };
    // The whole must be an amount as well.
    sum.supply.checked_add(sum.vat)?;
    Some(sum)
}

/// Whether an amount changed its sign on the way.
fn turns(before: Amount, after: Amount) -> bool {
    before.minor().signum().saturating_mul(after.minor().signum()) < 0
}
