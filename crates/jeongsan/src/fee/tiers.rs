//! Fees by volume.

use alloc::vec::Vec;

use crate::money::{Amount, Rounding, text_enum};
use crate::rate::{Rate, Ratio};

text_enum! {
    /// What a bracket's rate applies to.
    pub enum TierMode ("tier mode") or UnknownTierMode {
        /// The whole amount takes the rate of the bracket that the volume lies in.
        Whole = "whole",
        /// Each slice of the volume takes its own bracket's rate.
        Marginal = "marginal",
    }
}

text_enum! {
    /// Where the volume of a tiered fee comes from.
    pub enum TierMeasure ("tier measure") or UnknownTierMeasure {
        /// The order says it.
        Given = "given",
        /// The partner's sales of the month before the order's start date.
        PreviousMonthSales = "previous-month-sales",
        /// The partner's sales of the month of the order's start date, as far as they came before the order.
        MonthToDateSales = "month-to-date-sales",
    }
}

text_enum! {
    /// What a later change of the sales that an order's fee went by does to the order.
    pub enum LateChange ("late change") or UnknownLateChange {
        /// Nothing: the order keeps its rate, and a cancellation counts in the month of its own date.
        Frozen = "frozen",
        /// The order is settled again at the rate that the sales now reach, the difference in a row of its own. A cancellation counts in
        /// the month of its order.
        Retier = "retier",
    }
}

/// A rate from a volume up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bracket {
    /// The lowest volume that lies in it.
    pub from: Amount,
    /// Its rate.
    pub rate: Rate,
}

/// Brackets of volume with a rate each.
///
/// ```
/// use jeongsan::fee::{Bracket, TierMeasure, TierMode, Tiers};
/// use jeongsan::money::{Amount, Rounding};
///
/// let bracket = |from, rate: &str| Ok::<_, jeongsan::rate::RateError>(Bracket { from: Amount::new(from), rate: rate.parse()? });
/// let brackets = vec![bracket(0, "15%")?, bracket(100_000_000, "12%")?];
/// let tiers = Tiers::new(brackets, TierMode::Marginal, TierMeasure::Given)?;
/// // 5,000 at 15 % and 5,000 at 12 %
/// let fee = tiers.charge(Amount::new(99_995_000), Amount::new(10_000), Rounding::Down);
/// assert_eq!(fee, Some(Amount::new(1_350)));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tiers {
    brackets: Vec<Bracket>,
    mode: TierMode,
    measure: TierMeasure,
    late: LateChange,
}

/// Why brackets make no tiers.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TiersError {
    /// There is no bracket.
    #[error("tiers need a bracket")]
    Empty,
    /// The first bracket doesn't begin at 0.
    #[error("the first bracket begins at `{from}`, not at 0")]
    FirstNotAtZero {
        /// Where it begins.
        from: Amount,
    },
    /// A bracket begins at or below the one before it.
    #[error("the bracket from `{from}` is not above the one before it")]
    NotAscending {
        /// Where it begins.
        from: Amount,
        /// Its place, from 0.
        place: usize,
    },
}

impl Tiers {
    /// Tiers of brackets in ascending order, the first from 0.
    ///
    /// # Errors
    /// When there are none, the first isn't at 0, or one isn't above the one before it.
    pub fn new(brackets: Vec<Bracket>, mode: TierMode, measure: TierMeasure) -> Result<Self, TiersError> {
        let first = brackets.first().ok_or(TiersError::Empty)?;
        if !first.from.is_zero() {
            return Err(TiersError::FirstNotAtZero { from: first.from });
        }
        let pairs = brackets.iter().zip(brackets.iter().skip(1)).enumerate();
        for (place, (before, bracket)) in pairs {
            if bracket.from <= before.from {
                return Err(TiersError::NotAscending { from: bracket.from, place: place.saturating_add(1) });
            }
        }
        Ok(Self { brackets, mode, measure, late: LateChange::Frozen })
    }

    /// The brackets, in ascending order.
    #[must_use]
    pub fn brackets(&self) -> &[Bracket] {
        &self.brackets
    }

    /// What a bracket's rate applies to.
    #[must_use]
    pub const fn mode(&self) -> TierMode {
        self.mode
    }

    /// Where the volume comes from.
    #[must_use]
    pub const fn measure(&self) -> TierMeasure {
        self.measure
    }

    /// The same tiers, late changes of the sales they go by treated like this; the default is [`LateChange::Frozen`].
    #[must_use]
    pub fn on_late_change(self, late: LateChange) -> Self {
        Self { late, ..self }
    }

    /// What a later change of the sales does.
    #[must_use]
    pub const fn late(&self) -> LateChange {
        self.late
    }

    /// The rate of the bracket that a volume lies in; that of the first for a volume below zero.
    #[must_use]
    pub fn rate_at(&self, volume: Amount) -> Rate {
        let reached = self.brackets.iter().rev().find(|bracket| bracket.from <= volume);
        reached.or_else(|| self.brackets.first()).map_or(Rate::ZERO, |bracket| bracket.rate)
    }

    /// The fee on an amount that lies on top of a volume, rounded once; `None` when it doesn't fit.
    ///
    /// `Whole`: the amount at the volume's rate. `Marginal`: from the volume to volume + amount, each slice at its own rate.
    #[must_use]
    pub fn charge(&self, volume: Amount, amount: Amount, rounding: Rounding) -> Option<Amount> {
        if amount.is_negative() {
            return self.charge(volume, amount.checked_neg()?, rounding)?.checked_neg();
        }
        match self.mode {
            TierMode::Whole => Ratio::new(self.rate_at(volume)).of(amount, rounding),
            TierMode::Marginal => {
                let parts = self.parts(volume, volume.checked_add(amount)?)?;
                let minor = rounding.divide(parts, i128::from(Rate::ONE.parts()))?;
                i64::try_from(minor).ok().map(Amount::new)
            }
        }
    }

    /// The slices between two volumes at their rates, added up exactly, in 10⁻¹² of a minor unit.
    fn parts(&self, low: Amount, high: Amount) -> Option<i128> {
        let mut sum = 0_i128;
        for (place, bracket) in self.brackets.iter().enumerate() {
            // Volumes below zero lie in the first bracket.
            let from = if place == 0 { low } else { low.max(bracket.from) };
            let next = place.checked_add(1).and_then(|next| self.brackets.get(next));
            let to = next.map_or(high, |next| high.min(next.from));
            if to > from {
                let slice = i128::from(to.minor()).checked_sub(i128::from(from.minor()))?;
                sum = sum.checked_add(slice.checked_mul(i128::from(bracket.rate.parts()))?)?;
            }
        }
        Some(sum)
    }
}
