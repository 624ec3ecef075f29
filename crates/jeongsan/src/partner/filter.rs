//! Finding partners.

use alloc::string::String;
use alloc::vec::Vec;

use crate::id::ContractId;
use crate::money::text_enum;
use crate::policy::Version;

use super::{Partner, PartnerKind};

text_enum! {
    /// Whether something is in use or archived.
    pub enum Standing ("standing") or UnknownStanding {
        /// In use.
        Active = "active",
        /// Archived (보관).
        Archived = "archived",
        /// Either.
        Any = "any",
    }
}

/// Which partners are meant: those that meet every condition. The default are all that aren't archived.
///
/// ```
/// use jeongsan::partner::{Filter, Partner, PartnerKind};
/// use jeongsan::policy::Version;
///
/// let mut partner = Partner::new(PartnerKind::Business, None);
/// partner.labels.tags.push("food".into());
/// let version = Version { applies_from: None, terms: partner, archived: false };
/// let mut filter = Filter::default();
/// filter.tags.push("food".into());
/// assert!(filter.matches(&version));
/// filter.kind = Some(PartnerKind::Withholding);
/// assert!(!filter.matches(&version));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Filter {
    /// Tags that it has.
    pub tags: Vec<String>,
    /// Properties that it has, by name and value.
    pub properties: Vec<(String, String)>,
    /// What it is to the tax office.
    pub kind: Option<PartnerKind>,
    /// Its default contract.
    pub contract: Option<ContractId>,
    /// Whether it is archived.
    pub standing: Standing,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            tags: Vec::new(),
            properties: Vec::new(),
            kind: None,
            contract: None,
            standing: Standing::Active,
        }
    }
}

impl Filter {
    /// Whether a partner's version meets every condition.
    #[must_use]
    pub fn matches(&self, version: &Version<Partner>) -> bool {
        let partner = &version.terms;
        let standing = match self.standing {
            Standing::Active => !version.archived,
            Standing::Archived => version.archived,
            Standing::Any => true,
        };
        let has = |(name, value): &(String, String)| partner.labels.properties.get(name) == Some(value);
        standing
            && self.tags.iter().all(|tag| partner.labels.tags.contains(tag))
            && self.properties.iter().all(has)
            && self.kind.is_none_or(|kind| partner.kind == kind)
            && self
                .contract
                .as_ref()
                .is_none_or(|contract| partner.default_contract.as_ref() == Some(contract))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_counts() {
        let mut partner = Partner::new(PartnerKind::Business, Some("standard".parse().unwrap()));
        partner.labels.tags = ["food", "seoul"].map(String::from).to_vec();
        partner.labels.properties.insert("grade".into(), "gold".into());
        let version = Version { applies_from: None, terms: partner, archived: true };
        let any = Filter { standing: Standing::Any, ..Filter::default() };
        let cases = [
            (any.clone(), true),
            (Filter::default(), false),
            (Filter { standing: Standing::Archived, ..any.clone() }, true),
            (Filter { tags: ["seoul", "food"].map(String::from).to_vec(), ..any.clone() }, true),
            (Filter { tags: ["food", "busan"].map(String::from).to_vec(), ..any.clone() }, false),
            (Filter { properties: [("grade".into(), "gold".into())].to_vec(), ..any.clone() }, true),
            (Filter { properties: [("grade".into(), "Gold".into())].to_vec(), ..any.clone() }, false),
            (Filter { kind: Some(PartnerKind::Withholding), ..any.clone() }, false),
            (Filter { contract: Some("standard".parse().unwrap()), ..any.clone() }, true),
            (Filter { contract: Some("gold".parse().unwrap()), ..any }, false),
        ];
        for (filter, expected) in cases {
            assert_eq!(filter.matches(&version), expected, "{filter:?}");
        }
    }
}
