//! Policies: the terms that orders choose one by one, and how terms change with time.
//!
//! A [`DiscountSharePolicy`] says who pays for a discount, an [`AdditionalFeePolicy`] is a further fee.
//! Both, as contracts, come in [`Versions`]: the one in force on the settlement start date governs.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::fee::{FeeBase, FeeRule, VatPayer};
use crate::funding::Funding;
use crate::money::Rounding;
use crate::rate::Share;

/// What people note beside a policy, a contract or a partner; no figure depends on a memo or a tag.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Labels {
    /// Free text.
    pub memo: String,
    /// Tags to find it by.
    pub tags: Vec<String>,
    /// Named values.
    pub properties: BTreeMap<String, String>,
}

/// Who pays for a discount; the merchant bears what no one else does (할인 분담 정책).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DiscountSharePolicy {
    /// The partner's part, and those of others.
    pub funding: Funding,
    /// Memo, tags, properties.
    pub labels: Labels,
}

impl DiscountSharePolicy {
    /// A policy by which the partner bears this share.
    #[must_use]
    pub fn new(partner_share: Share) -> Self {
        Self::funded_by(Funding::of_partner(partner_share))
    }

    /// A policy by which these funders bear their parts.
    #[must_use]
    pub fn funded_by(funding: Funding) -> Self {
        Self { funding, labels: Labels::default() }
    }
}

/// A further fee, chosen per order or line (추가 수수료 정책).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AdditionalFeePolicy {
    /// The fee.
    pub fee: FeeRule,
    /// Who bears the VAT on it.
    pub vat_payer: VatPayer,
    /// What the fee is a rate of.
    pub base: FeeBase,
    /// How the fee becomes whole, where it differs from the book's rounding of additional fees.
    pub rounding: Option<Rounding>,
    /// Memo, tags, properties.
    pub labels: Labels,
}

impl AdditionalFeePolicy {
    /// A fee on the order, its VAT borne by this payer.
    #[must_use]
    pub fn new(fee: impl Into<FeeRule>, vat_payer: VatPayer) -> Self {
        Self { fee: fee.into(), vat_payer, base: FeeBase::Order, rounding: None, labels: Labels::default() }
    }

    /// The same fee on another base.
    #[must_use]
    pub fn on(self, base: FeeBase) -> Self {
        Self { base, ..self }
    }
}

/// One thing's versions, each in force from a date until the next begins.
///
/// ```
/// use chrono::NaiveDate;
/// use jeongsan::policy::Versions;
///
/// let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
/// let mut versions = Versions::default();
/// versions.insert(Some(day(10)), "new").unwrap();
/// versions.insert(None, "old").unwrap();
/// assert_eq!(versions.in_force_on(day(9)).unwrap().terms, "old");
/// assert_eq!(versions.in_force_on(day(10)).unwrap().terms, "new");
/// assert!(versions.insert(Some(day(10)), "twice").is_err());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Versions<T> {
    /// By `applies_from`, each once; `None`, the beginning of time, sorts first.
    versions: Vec<Version<T>>,
}

/// Terms together with the first day they are in force.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Version<T> {
    /// The first day; `None` for terms that were always in force.
    pub applies_from: Option<NaiveDate>,
    /// The terms.
    pub terms: T,
}

impl<T> Default for Versions<T> {
    fn default() -> Self {
        Self { versions: Vec::new() }
    }
}

impl<T> Versions<T> {
    /// Adds a version.
    ///
    /// # Errors
    /// Gives the version back when another begins on the same day.
    pub fn insert(&mut self, applies_from: Option<NaiveDate>, terms: T) -> Result<(), Version<T>> {
        match self.versions.binary_search_by_key(&applies_from, |version| version.applies_from) {
            Ok(_) => Err(Version { applies_from, terms }),
            Err(place) => {
                self.versions.insert(place, Version { applies_from, terms });
                Ok(())
            }
        }
    }

    /// The latest version that applies from this day or before.
    #[must_use]
    pub fn in_force_on(&self, date: NaiveDate) -> Option<&Version<T>> {
        // Few things have more than a handful of versions, and nearly all orders fall under the last.
        self.versions.iter().rev().find(|version| version.applies_from.is_none_or(|from| from <= date))
    }

    /// The versions, the earliest first.
    pub fn iter(&self) -> impl Iterator<Item = &Version<T>> {
        self.versions.iter()
    }

    /// The same versions with other terms.
    #[must_use]
    pub fn map<U>(&self, mut make: impl FnMut(&T) -> U) -> Versions<U> {
        let make = |version: &Version<T>| Version {
            applies_from: version.applies_from,
            terms: make(&version.terms),
        };
        Versions { versions: self.versions.iter().map(make).collect() }
    }

    /// The same versions with other terms, if all can be made.
    ///
    /// # Errors
    /// The first that `make` gives.
    pub fn try_map<U, E>(&self, mut make: impl FnMut(&T) -> Result<U, E>) -> Result<Versions<U>, E> {
        let make = |version: &Version<T>| {
            Ok(Version { applies_from: version.applies_from, terms: make(&version.terms)? })
        };
        Ok(Versions { versions: self.versions.iter().map(make).collect::<Result<_, E>>()? })
    }
}
