//! Who pays for a discount: partner, merchant, and whoever else has a part of it (a brand, a card company).
//!
//! A [`Funding`] lists the funders in their order. Each takes its share of the discount, rounded, at most its cap and never more than those
//! before it left; what no one takes is the merchant's. So the parts add up to the discount, whatever the rounding. Like a fee,
//! the parts are odd in the discount: those of −a are minus those of a.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use crate::id::{FunderId, IdError};
use crate::money::{Amount, Rounding, text_enum};
use crate::rate::{Rate, Ratio, Share};

/// How a discount is divided between those who pay for it.
///
/// ```
/// use jeongsan::funding::{Funder, Funding, Overflow};
/// use jeongsan::money::{Amount, Rounding};
///
/// let funders = vec![
///     Funder::new("partner".parse()?, "50%".parse()?).at_most(Amount::new(5_000))?,
///     Funder::new("card-company".parse()?, "30%".parse()?),
/// ];
/// let funding = Funding::new(funders, Overflow::Merchant)?;
/// let parts = funding.split(Amount::new(20_000), Rounding::Down).unwrap();
/// assert_eq!(parts, [Amount::new(5_000), Amount::new(6_000)]); // and 9,000 by the merchant
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Funding {
    funders: Vec<Funder>,
    overflow: Overflow,
}

/// One who pays for a part of a discount.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Funder {
    party: Party,
    share: Share,
    /// The share made ready once.
    ratio: Ratio,
    cap: Option<Amount>,
}

/// Who pays.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Party {
    /// The partner, from whose settlement its part is taken.
    Partner,
    /// Somebody else, by a name of the book's own.
    Other(FunderId),
}

text_enum! {
    /// Where the part of a funder's share goes that is above its cap.
    pub enum Overflow ("overflow") or UnknownOverflow {
        /// To the merchant.
        Merchant = "merchant",
        /// To the next funder, within its own cap, and so on; to the merchant behind the last.
        Next = "next",
    }
}

/// Why a text names no funder.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PartyError {
    /// The merchant is named.
    #[error("`merchant` is no funder: it bears what no one in the list takes")]
    Merchant,
    /// It is no id.
    #[error(transparent)]
    Id(#[from] IdError),
}

/// Why a list makes no funding.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FundingError {
    /// The list is empty.
    #[error("the list names no funder")]
    Empty,
    /// A party is listed twice.
    #[error("the funder `{party}` is listed twice")]
    Duplicate {
        /// The party.
        party: Party,
        /// The place of the second, from 0.
        place: usize,
    },
    /// The shares come to more than the whole.
    #[error("with the share of `{party}` the shares are above 100%")]
    AboveWhole {
        /// The party whose share is too much.
        party: Party,
        /// Its place, from 0.
        place: usize,
    },
    /// A cap is below zero.
    #[error("the cap `{cap}` is negative")]
    NegativeCap {
        /// The cap.
        cap: Amount,
    },
}

impl Funding {
    /// The partner bears this share, the merchant the rest.
    #[must_use]
    pub fn of_partner(share: Share) -> Self {
        Self { funders: alloc::vec![Funder::new(Party::Partner, share)], overflow: Overflow::Merchant }
    }

    /// Funders in the order in which they take their parts.
    ///
    /// # Errors
    /// When there is none, one is listed twice, or their shares come to more than 100 %.
    pub fn new(funders: Vec<Funder>, overflow: Overflow) -> Result<Self, FundingError> {
        if funders.is_empty() {
            return Err(FundingError::Empty);
        }
        let mut sum = 0_i64;
        for (place, funder) in funders.iter().enumerate() {
            let party = || funder.party.clone();
            if funders.iter().take(place).any(|earlier| earlier.party == funder.party) {
                return Err(FundingError::Duplicate { party: party(), place });
            }
            sum = sum.saturating_add(funder.share.rate().parts());
            if sum > Rate::ONE.parts() {
                return Err(FundingError::AboveWhole { party: party(), place });
            }
        }
        Ok(Self { funders, overflow })
    }

    /// The funders in their order.
    #[must_use]
    pub fn funders(&self) -> &[Funder] {
        &self.funders
    }

    /// Where goes what is above a cap.
    #[must_use]
    pub const fn overflow(&self) -> Overflow {
        self.overflow
    }

    /// The partner's share where nobody but the merchant pays beside it, and no cap limits it.
    #[must_use]
    pub fn partner_alone(&self) -> Option<Share> {
        match self.funders.as_slice() {
            [Funder { party: Party::Partner, share, cap: None, .. }] => Some(*share),
            _ => None,
        }
    }

    /// What each funder bears of a discount, in their order; `None` when it doesn't fit. The merchant bears the rest.
    #[must_use]
    pub fn split(&self, discount: Amount, rounding: Rounding) -> Option<Vec<Amount>> {
        if discount.is_negative() {
            let parts = self.split(discount.checked_neg()?, rounding)?;
            return parts.into_iter().map(Amount::checked_neg).collect();
        }
        let (mut left, mut above_cap) = (discount, Amount::ZERO);
        let mut parts = Vec::with_capacity(self.funders.len());
        for funder in &self.funders {
            let wanted = funder.ratio.of(discount, rounding)?.checked_add(above_cap)?;
            let part = funder.cap.map_or(wanted, |cap| wanted.min(cap)).min(left);
            above_cap = match self.overflow {
                Overflow::Merchant => Amount::ZERO,
                Overflow::Next => wanted.checked_sub(part)?,
            };
            left = left.checked_sub(part)?;
            parts.push(part);
        }
        Some(parts)
    }
}

impl Funder {
    /// A party that bears a share.
    #[must_use]
    pub const fn new(party: Party, share: Share) -> Self {
        Self { party, share, ratio: Ratio::new(share.rate()), cap: None }
    }

    /// The same, but of each discount of an order no more than a cap.
    ///
    /// # Errors
    /// When the cap is negative.
    pub fn at_most(self, cap: Amount) -> Result<Self, FundingError> {
        if cap.is_negative() {
            Err(FundingError::NegativeCap { cap })
        } else {
            Ok(Self { cap: Some(cap), ..self })
        }
    }

    /// Who it is.
    #[must_use]
    pub const fn party(&self) -> &Party {
        &self.party
    }

    /// What part of a discount it bears.
    #[must_use]
    pub const fn share(&self) -> Share {
        self.share
    }

    /// The most it bears of one discount of an order.
    #[must_use]
    pub const fn cap(&self) -> Option<Amount> {
        self.cap
    }
}

impl FromStr for Party {
    type Err = PartyError;

    fn from_str(text: &str) -> Result<Self, PartyError> {
        match text {
            "partner" => Ok(Self::Partner),
            "merchant" => Err(PartyError::Merchant),
            _ => Ok(Self::Other(text.parse()?)),
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Partner => f.write_str("partner"),
            Self::Other(id) => fmt::Display::fmt(id, f),
        }
    }
}

/// What parties other than partner and merchant bear of an order's discounts: by their ids, none of them zero.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct FunderParts(Vec<(FunderId, Amount)>);

impl FunderParts {
    /// None, for whatever has no funders.
    pub(crate) const NONE: &'static Self = &Self::new();

    /// No parts.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The parts of these parties, those of one party added up; `None` when a sum doesn't fit.
    #[must_use]
    pub fn of(parts: impl IntoIterator<Item = (FunderId, Amount)>) -> Option<Self> {
        let mut all = Self::new();
        parts.into_iter().try_for_each(|(funder, part)| all.add(&funder, part))?;
        Some(all)
    }

    /// The parts, by the ids of the parties.
    pub fn iter(&self) -> impl Iterator<Item = (&FunderId, Amount)> {
        self.0.iter().map(|(funder, part)| (funder, *part))
    }

    /// How many parties bear anything.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no party bears anything.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A party's part.
    #[must_use]
    pub fn get(&self, funder: &FunderId) -> Amount {
        self.place(funder).ok().and_then(|place| self.0.get(place)).map_or(Amount::ZERO, |(_, part)| *part)
    }

    /// All parts added up, in minor units.
    #[must_use]
    pub fn sum(&self) -> i128 {
        self.0.iter().fold(0, |sum, (_, part)| sum.saturating_add(i128::from(part.minor())))
    }

    fn place(&self, funder: &FunderId) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(funder))
    }

    /// Adds to a party's part; `None` when it doesn't fit.
    pub(crate) fn add(&mut self, funder: &FunderId, part: Amount) -> Option<()> {
        match self.place(funder) {
            _ if part.is_zero() => {}
            Err(place) => self.0.insert(place, (funder.clone(), part)),
            Ok(place) => {
                let (_, known) = self.0.get_mut(place)?;
                *known = known.checked_add(part)?;
                if known.is_zero() {
                    self.0.remove(place);
                }
            }
        }
        Some(())
    }

    /// The sum, party by party; `None` when one doesn't fit.
    pub(crate) fn plus(mut self, other: &Self) -> Option<Self> {
        other.0.iter().try_for_each(|(funder, part)| self.add(funder, *part))?;
        Some(self)
    }

    /// The difference, party by party; `None` when one doesn't fit.
    pub(crate) fn minus(mut self, other: &Self) -> Option<Self> {
        other.0.iter().try_for_each(|(funder, part)| self.add(funder, part.checked_neg()?))?;
        Some(self)
    }

    /// The same, each part at most what another has.
    pub(crate) fn at_most(&self, limit: &Self) -> Self {
        let limited = self.0.iter().map(|(funder, part)| (funder.clone(), (*part).min(limit.get(funder))));
        Self(limited.filter(|(_, part)| !part.is_zero()).collect())
    }
}

/// How a discount was divided, for people: every funder's part, the rest the merchant's.
pub(crate) fn shown(funding: &Funding, discount: Amount, parts: &[Amount]) -> String {
    use core::fmt::Write;
    let (mut text, mut left) = (String::new(), discount);
    for (funder, part) in funding.funders.iter().zip(parts) {
        left = left.checked_sub(*part).unwrap_or_default();
        // Writing to a text can't fail.
        let _ = write!(text, "{} {part}, ", funder.party);
    }
    let _ = write!(text, "merchant {left}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    fn funder(party: &str, share: &str, cap: Option<i64>) -> Funder {
        let funder = Funder::new(party.parse().unwrap(), share.parse().unwrap());
        cap.map_or(funder.clone(), |cap| funder.at_most(Amount::new(cap)).unwrap())
    }

    #[track_caller]
    fn split(funders: &[(&str, &str, Option<i64>)], overflow: Overflow, discount: i64) -> Vec<i64> {
        let funders = funders.iter().map(|(party, share, cap)| funder(party, share, *cap)).collect();
        let parts = Funding::new(funders, overflow).unwrap().split(Amount::new(discount), Rounding::Down);
        parts.unwrap().into_iter().map(Amount::minor).collect()
    }

    #[test]
    fn what_is_above_a_cap_is_the_merchants_or_the_next_ones() {
        let funders =
            [("partner", "50%", Some(5_000)), ("card-company", "30%", Some(4_000)), ("brand", "20%", None)];
        assert_eq!(split(&funders, Overflow::Merchant, 20_000), [5_000, 4_000, 4_000]);
        assert_eq!(split(&funders, Overflow::Next, 20_000), [5_000, 4_000, 11_000]);
        assert_eq!(split(&funders, Overflow::Next, 11_000), [5_000, 3_800, 2_200]);
        assert_eq!(split(&funders, Overflow::Next, -20_000), [-5_000, -4_000, -11_000]);
        assert_eq!(split(&funders[..2], Overflow::Next, 20_000), [5_000, 4_000]);
    }

    #[test]
    fn lists_that_make_no_funding_are_told() {
        let error = |funders: Vec<Funder>| Funding::new(funders, Overflow::Merchant).unwrap_err().to_string();
        assert_eq!(error(Vec::new()), "the list names no funder");
        let twice = alloc::vec![funder("brand", "10%", None), funder("brand", "10%", None)];
        assert_eq!(error(twice), "the funder `brand` is listed twice");
        let above = alloc::vec![funder("partner", "70%", None), funder("brand", "30.000001%", None)];
        assert_eq!(error(above), "with the share of `brand` the shares are above 100%");
        let negative = funder("brand", "10%", None).at_most(Amount::new(-1)).unwrap_err().to_string();
        assert_eq!(negative, "the cap `-1` is negative");
        let merchant = "merchant".parse::<Party>().unwrap_err().to_string();
        assert_eq!(merchant, "`merchant` is no funder: it bears what no one in the list takes");
    }

    proptest! {
        /// No part has the wrong sign, is above its cap, or lets the others come to more than the discount.
        #[test]
        fn parts_stay_within_discount_and_caps(
            listed in proptest::collection::vec((0..=34_u32, proptest::option::of(0..50_i64)), 1..4),
            overflow in proptest::sample::select(Overflow::ALL),
            rounding in proptest::sample::select(Rounding::ALL),
            discount in -200..200_i64,
        ) {
            let names = ["a", "partner", "c"];
            let funders = listed.iter().zip(names).map(|((share, cap), name)| {
                funder(name, &alloc::format!("{}%", (*share).min(33)), *cap)
            });
            let funding = Funding::new(funders.collect(), overflow).unwrap();
            let parts = funding.split(Amount::new(discount), rounding).unwrap();
            let sum: i64 = parts.iter().map(|part| part.minor() * discount.signum()).sum();
            prop_assert!((0..=discount.abs()).contains(&sum));
            for (funder, part) in funding.funders().iter().zip(&parts) {
                let size = part.minor() * discount.signum();
                prop_assert!(size >= 0 && funder.cap().is_none_or(|cap| size <= cap.minor()));
            }
            let mirrored = funding.split(Amount::new(-discount), rounding).unwrap();
            prop_assert_eq!(mirrored.into_iter().map(|part| -part.minor()).collect::<Vec<_>>(),
                parts.into_iter().map(Amount::minor).collect::<Vec<_>>());
        }
    }
}
