//! A fee by rate and fixed part with its bounds and VAT, and a fee by brackets of a volume.

use num_traits::{Signed, Zero};

use super::number::{Exact, Rounding, Whole};

/// Who bears the VAT of a fee.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FeeVat {
    /// The partner: VAT is added.
    Partner,
    /// The merchant: none is added.
    Merchant,
    /// The rate contains it already: none is added.
    Inclusive,
}

/// The terms of a flat fee.
#[derive(Clone, Debug)]
pub struct FlatFee {
    /// What part of the amount it is.
    pub rate: Exact,
    /// What is added to that part.
    pub fixed: Whole,
    /// The least it can be, after rounding.
    pub min: Option<Whole>,
    /// The most it can be; it wins over the least.
    pub max: Option<Whole>,
    /// How the fee is rounded.
    pub rounding: Rounding,
    /// How its VAT is rounded.
    pub vat_rounding: Rounding,
    /// Who bears the VAT.
    pub vat: FeeVat,
}

/// The fee on an amount, and its VAT at 10 %. It is odd: a negative amount gives the mirror image.
#[must_use]
pub fn fee(amount: &Whole, terms: &FlatFee) -> (Whole, Whole) {
    if amount.is_negative() {
        let (fee, vat) = fee(&-amount, terms);
        return (-fee, -vat);
    }
    let exact = Exact::from(amount.clone()) * &terms.rate + Exact::from(terms.fixed.clone());
    let fee = bounded(terms.rounding.round(&exact), terms.min.as_ref(), terms.max.as_ref());
    let vat = match terms.vat {
        FeeVat::Partner => terms.vat_rounding.round(&Exact::new(fee.clone(), Whole::from(10))),
        FeeVat::Merchant | FeeVat::Inclusive => Whole::zero(),
    };
    (fee, vat)
}

/// First not below the least, then not above the most.
#[must_use]
pub fn bounded(mut fee: Whole, min: Option<&Whole>, max: Option<&Whole>) -> Whole {
    if let Some(min) = min
        && fee < *min
    {
        fee = min.clone();
    }
    if let Some(max) = max
        && fee > *max
    {
        fee = max.clone();
    }
    fee
}

/// Whether a volume has the rate of its bracket, or each slice its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TierMode {
    /// One rate for the whole.
    Whole,
    /// Each slice at its own rate.
    Marginal,
}

impl TierMode {
    /// The mode of this name.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "whole" => Some(Self::Whole),
            "marginal" => Some(Self::Marginal),
            _ => None,
        }
    }
}

/// A bracket: the volume from which on (that volume included) its rate holds.
pub type Bracket = (Whole, Exact);

/// The rate of the bracket in which a volume lies; a month may have sold less than nothing, which lies in the first.
#[must_use]
pub fn bracket_rate(brackets: &[Bracket], volume: &Whole) -> Exact {
    let holding = brackets.iter().filter(|(from, _)| from <= volume);
    let first = || brackets.iter().min_by_key(|(from, _)| from.clone());
    let bracket = holding.max_by_key(|(from, _)| from.clone()).or_else(first);
    bracket.map_or_else(Exact::zero, |(_, rate)| rate.clone())
}

/// What the slices from 0 up to a volume cost, each at its own rate, unrounded.
#[must_use]
pub fn marginal(brackets: &[Bracket], volume: &Whole) -> Exact {
    let mut ordered = brackets.to_vec();
    ordered.sort_by_key(|(from, _)| from.clone());
    let mut sum = Exact::zero();
    if let Some((_, rate)) = ordered.first().filter(|_| volume < &Whole::zero()) {
        return Exact::from(volume.clone()) * rate;
    }
    for (place, (from, rate)) in ordered.iter().enumerate() {
        let to = match ordered.get(place + 1) {
            Some((next, _)) if next < volume => next,
            _ => volume,
        };
        if to > from {
            sum += Exact::from(to - from) * rate;
        }
    }
    sum
}

/// The fee on a whole volume.
#[must_use]
pub fn tier(brackets: &[Bracket], mode: TierMode, rounding: Rounding, volume: &Whole) -> Whole {
    rounding.round(&match mode {
        TierMode::Whole => Exact::from(volume.clone()) * bracket_rate(brackets, volume),
        TierMode::Marginal => marginal(brackets, volume),
    })
}
