//! The trace of a settlement: where every amount comes from, step by step.
//!
//! A [`Trace`] is built only when asked for. Each [`Step`] names the figure, the line it stands on, the amount that came
//! out and its [`Reason`]: base, rate, rounding and what the rounding left over. Its text is for people; nothing is
//! computed again to print it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use crate::fee::FeePart;
use crate::figures::Figure;
use crate::id::{AdditionalFeePolicyId, ContractId, DiscountSharePolicyId, ProductId};
use crate::money::{Amount, Rounding};
use crate::rate::{Rate, Ratio};

/// The steps by which a settlement came about, in the order they were taken.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Trace {
    /// The steps.
    pub steps: Vec<Step>,
    /// Why it falls due when it does, in sentences; none where the date is given.
    pub settlement_date: Option<String>,
}

/// One amount and its reason.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step {
    /// The line it stands on; `None` for the order as a whole.
    pub line: Option<ProductId>,
    /// The figure it is, or is a part of.
    pub figure: Figure,
    /// What came out.
    pub amount: Amount,
    /// Why.
    pub reason: Reason,
}

/// Why an amount is what it is.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// The event states it.
    Stated,
    /// A rate of a base plus a fixed part, rounded once.
    Rated {
        /// Whose rate it is.
        source: Source,
        /// What the rate was applied to.
        base: Amount,
        /// The rate.
        rate: Rate,
        /// The fixed part.
        fixed: Amount,
        /// The rounding.
        rounding: Rounding,
        /// What the rounding left over.
        residue: Residue,
        /// The bound that replaced the rounded value, if one did.
        bound: Option<FeePart>,
    },
    /// Slices of a volume at their own rates, added up exactly and rounded once.
    Sliced {
        /// Whose rates they are.
        source: Source,
        /// The volume that the base lies on top of.
        volume: Amount,
        /// The amount that is sliced.
        base: Amount,
        /// The rounding.
        rounding: Rounding,
    },
    /// The partner's part of a discount that others pay for too, or of which a cap limits what it pays.
    Funded {
        /// Whose list of funders it is.
        source: Source,
        /// The discount, or its tax-free part.
        discount: Amount,
        /// Every funder's part, the rest the merchant's.
        parts: String,
        /// The rounding.
        rounding: Rounding,
    },
    /// A formula of the book's own.
    Formula {
        /// The formula.
        formula: String,
        /// How its value comes about, term by term.
        steps: String,
        /// The rounding.
        rounding: Rounding,
    },
    /// The VAT contained in a base.
    VatInside {
        /// The base, which contains the VAT.
        base: Amount,
        /// The VAT rate.
        rate: Rate,
        /// The rounding.
        rounding: Rounding,
        /// What the rounding left over.
        residue: Residue,
    },
    /// This line's part of an amount computed on the order, by largest remainder.
    Allocated {
        /// The amount that was shared out.
        total: Amount,
        /// The line's weight.
        weight: Amount,
    },
    /// The sum of the lines and the items of the order.
    Added,
    /// The identity: what is left of the order after all that is taken off.
    Left,
    /// The tax-free ratio of the order applied to the settlement before discount shares, less the shares' tax-free part.
    TaxFreePart {
        /// The tax-free part of the order.
        tax_free: Amount,
        /// The order.
        order: Amount,
        /// The rounding.
        rounding: Rounding,
    },
}

/// Whose rate was applied, in which version.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Source {
    /// The fee of a contract.
    Contract(ContractId, Option<NaiveDate>),
    /// A discount-share policy.
    DiscountShare(DiscountSharePolicyId, Option<NaiveDate>),
    /// An additional-fee policy.
    AdditionalFee(AdditionalFeePolicyId, Option<NaiveDate>),
    /// The book's VAT rate.
    Vat,
}

/// What a rounding left over: the exact value less the rounded one, a fraction of a minor unit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Residue {
    /// The numerator, of either sign.
    pub numerator: i128,
    /// The denominator, from 1 up.
    pub denominator: i64,
}

impl Residue {
    /// base × ratio + fixed − rounded.
    pub(crate) fn of(ratio: Ratio, base: Amount, fixed: Amount, rounded: Amount) -> Self {
        let denominator = i128::from(ratio.denominator());
        // Products of two 64-bit numbers: no step can overflow 128 bits.
        let exact = i128::from(base.minor()).wrapping_mul(i128::from(ratio.numerator()));
        let whole = i128::from(rounded.minor()).wrapping_sub(i128::from(fixed.minor()));
        let numerator = exact.wrapping_sub(whole.wrapping_mul(denominator));
        Self { numerator, denominator: ratio.denominator() }
    }
}

/// Notes steps when a trace is wanted, and costs one branch a step when not.
#[derive(Debug)]
pub(crate) struct Recorder<'t>(Option<&'t mut Trace>);

impl<'t> Recorder<'t> {
    pub(crate) const fn off() -> Self {
        Self(None)
    }

    pub(crate) const fn into(trace: &'t mut Trace) -> Self {
        Self(Some(trace))
    }

    #[inline]
    pub(crate) fn note(
        &mut self,
        line: Option<&ProductId>,
        figure: Figure,
        amount: Amount,
        why: impl FnOnce() -> Reason,
    ) {
        if let Some(trace) = &mut self.0 {
            trace.steps.push(Step { line: line.cloned(), figure, amount, reason: why() });
        }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        if let Some(explained) = &self.settlement_date {
            writeln!(f, "{explained}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = &self.line {
            write!(f, "[{line}] ")?;
        }
        write!(f, "{} {}: {}", self.figure, self.amount, self.reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stated => f.write_str("as stated"),
            Self::Rated { source, base, rate, fixed, rounding, residue, bound } => {
                write!(f, "{rate} of {base}")?;
                if !fixed.is_zero() {
                    write!(f, " + {fixed}")?;
                }
                write!(f, ", {source}, rounded {rounding}{residue}")?;
                match bound {
                    Some(part) => write!(f, ", then the {part}"),
                    None => Ok(()),
                }
            }
            Self::Funded { source, discount, parts, rounding } => {
                write!(f, "its part of {discount}, {source}, rounded {rounding} ({parts})")
            }
            Self::Formula { formula, steps, rounding } => {
                write!(f, "{formula}, rounded {rounding}")?;
                steps.lines().try_for_each(|step| write!(f, "\n    {step}"))
            }
            Self::Sliced { source, volume, base, rounding } => {
                write!(f, "slices of {base} on top of {volume}, {source}, rounded {rounding}")
            }
            Self::VatInside { base, rate, rounding, residue } => {
                write!(f, "the VAT of {rate} inside {base}, rounded {rounding}{residue}")
            }
            Self::Allocated { total, weight } => {
                write!(f, "its part of {total} by largest remainder, weight {weight}")
            }
            Self::Added => f.write_str("the lines and the order's own items added up"),
            Self::Left => f.write_str("the order less all that is taken off it"),
            Self::TaxFreePart { tax_free, order, rounding } => {
                write!(
                    f,
                    "(settlement + discount share) × {tax_free}/{order} − its tax-free share, rounded {rounding}"
                )
            }
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = match self {
            Self::Contract(id, version) => {
                write!(f, "contract `{id}`")?;
                version
            }
            Self::DiscountShare(id, version) => {
                write!(f, "discount-share policy `{id}`")?;
                version
            }
            Self::AdditionalFee(id, version) => {
                write!(f, "additional-fee policy `{id}`")?;
                version
            }
            Self::Vat => return f.write_str("VAT"),
        };
        match version {
            Some(date) => write!(f, " of {date}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Residue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.numerator == 0 {
            return f.write_str(" (exact)");
        }
        write!(f, " (left over {}/{})", self.numerator, self.denominator)
    }
}
