//! All partners with their versions, and what changes them.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;

use chrono::NaiveDate;

use crate::book::Book;
use crate::id::PartnerId;
use crate::money::text_enum;
use crate::policy::{Version, VersionError, Versions};

use super::{Filter, Partner};

/// Why a partner can't be registered or changed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// There is a partner of this id.
    #[error("partner `{partner}` is registered already")]
    AlreadyRegistered {
        /// The id.
        partner: PartnerId,
    },
    /// There is no partner of this id.
    #[error("unknown partner `{partner}`")]
    Unknown {
        /// The id.
        partner: PartnerId,
    },
    /// Its versions don't allow it.
    #[error("partner `{partner}`: {error}")]
    Version {
        /// The id.
        partner: PartnerId,
        /// Why not.
        error: VersionError,
    },
}

impl RegistryError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AlreadyRegistered { .. } => "duplicate-partner",
            Self::Unknown { .. } => "unknown-partner",
            Self::Version { error: VersionError::Archived, .. } => "partner-archived",
            Self::Version { error: VersionError::NotArchived, .. } => "partner-not-archived",
            Self::Version { error, .. } => error.code(),
        }
    }
}

text_enum! {
    /// What became of a registration.
    pub enum Change ("change") or UnknownChange {
        /// The partner is new.
        Added = "added",
        /// The partner was there and is another now.
        Updated = "updated",
        /// The partner was there and is the same.
        Unchanged = "unchanged",
    }
}

/// A registration that was let in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Registered {
    /// Whose it is.
    pub partner: PartnerId,
    /// What became of it.
    pub change: Change,
}

/// The partners of a merchant with all their versions. Nothing is forgotten: an update, an archive and a recovery are versions
/// from a day on, and the versions before stay.
///
/// ```
/// use chrono::NaiveDate;
/// use jeongsan::partner::{Change, Partner, PartnerKind, Registry};
///
/// let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
/// let mut numbers = 0;
/// let mut ids = || { numbers += 1; format!("p-{numbers}").parse().unwrap() };
/// let mut registry = Registry::default();
/// let added = registry.register(None, Partner::new(PartnerKind::Business, None), None, &mut ids)?;
/// assert_eq!((added.partner.as_str(), added.change), ("p-1", Change::Added));
/// registry.archive(&added.partner, day(20))?;
/// assert!(registry.in_force_on(&added.partner, day(20)).unwrap().archived);
/// let error = registry.archive(&added.partner, day(21)).unwrap_err();
/// assert_eq!(error.code(), "partner-archived");
/// assert_eq!(error.to_string(), "partner `p-1`: it is archived; recover it first");
/// # Ok::<(), jeongsan::partner::RegistryError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Registry {
    partners: BTreeMap<PartnerId, Versions<Partner>>,
}

impl Registry {
    /// The partners of a book.
    #[must_use]
    pub fn of(book: &Book) -> Self {
        Self { partners: book.partners().map(|(id, versions)| (id.clone(), versions.clone())).collect() }
    }

    /// Registers a partner, or what it is now: one that is there is updated from a day on, or put right where no day is given. Without
    /// an id it is a new partner, whose id comes from `ids`.
    ///
    /// # Errors
    /// When it is there and archived, or has a version from the day or later; when `ids` gives one that is taken.
    pub fn register(
        &mut self,
        id: Option<PartnerId>,
        partner: Partner,
        from: Option<NaiveDate>,
        ids: &mut dyn FnMut() -> PartnerId,
    ) -> Result<Registered, RegistryError> {
        let (id, is_made) = match id {
            Some(id) => (id, false),
            None => (ids(), true),
        };
        let change = match self.partners.entry(id.clone()) {
            Entry::Occupied(_) if is_made => return Err(RegistryError::AlreadyRegistered { partner: id }),
            Entry::Vacant(free) => {
                let mut versions = Versions::default();
                // The first of its versions has no other to clash with.
                let _ = versions.insert(from, partner);
                free.insert(versions);
                Change::Added
            }
            Entry::Occupied(mut taken) => {
                let versions = taken.get_mut();
                if versions.latest().is_some_and(|latest| latest.terms == partner) {
                    Change::Unchanged
                } else {
                    let changed = match from {
                        Some(from) => versions.update(from, partner),
                        None => versions.correct(partner),
                    };
                    changed.map_err(|error| RegistryError::Version { partner: id.clone(), error })?;
                    Change::Updated
                }
            }
        };
        Ok(Registered { partner: id, change })
    }

    /// Archives a partner from a day on: what starts then is refused, what started before goes its way.
    ///
    /// # Errors
    /// When it is unknown, archived already, or has a version from the day or later, a scheduled one too.
    pub fn archive(&mut self, id: &PartnerId, on: NaiveDate) -> Result<(), RegistryError> {
        self.change(id, |versions| versions.archive(on))
    }

    /// Takes a partner out of the archive from a day on, as it was.
    ///
    /// # Errors
    /// When it is unknown, not archived, or has a version from the day or later.
    pub fn recover(&mut self, id: &PartnerId, on: NaiveDate) -> Result<(), RegistryError> {
        self.change(id, |versions| versions.recover(on))
    }

    /// Updates a partner from a day on; a later day schedules the update.
    ///
    /// # Errors
    /// When it is unknown, archived, or has a version from the day or later.
    pub fn update(&mut self, id: &PartnerId, from: NaiveDate, partner: Partner) -> Result<(), RegistryError> {
        self.change(id, |versions| versions.update(from, partner))
    }

    /// Takes back a partner's versions that begin after this day, and says how many there were.
    ///
    /// # Errors
    /// When it is unknown.
    pub fn withdraw_scheduled(&mut self, id: &PartnerId, today: NaiveDate) -> Result<usize, RegistryError> {
        self.change(id, |versions| Ok(versions.withdraw_scheduled(today).len()))
    }

    /// The partner as it is on a day.
    #[must_use]
    pub fn in_force_on(&self, id: &PartnerId, day: NaiveDate) -> Option<&Version<Partner>> {
        self.partners.get(id)?.in_force_on(day)
    }

    /// The partner as its latest version says, in force yet or not.
    #[must_use]
    pub fn latest(&self, id: &PartnerId) -> Option<&Version<Partner>> {
        self.partners.get(id)?.latest()
    }

    /// The partners with their versions, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&PartnerId, &Versions<Partner>)> {
        self.partners.iter()
    }

    /// The partners that meet a filter as they are on a day, or in their latest version where none is given, by id.
    pub fn matching<'r>(
        &'r self,
        filter: &'r Filter,
        day: Option<NaiveDate>,
    ) -> impl Iterator<Item = (&'r PartnerId, &'r Version<Partner>)> {
        let shown = move |versions: &'r Versions<Partner>| match day {
            Some(day) => versions.in_force_on(day),
            None => versions.latest(),
        };
        let partners = self.partners.iter().filter_map(move |(id, versions)| Some((id, shown(versions)?)));
        partners.filter(|(_, version)| filter.matches(version))
    }

    fn change<T>(
        &mut self,
        id: &PartnerId,
        change: impl FnOnce(&mut Versions<Partner>) -> Result<T, VersionError>,
    ) -> Result<T, RegistryError> {
        let versions =
            self.partners.get_mut(id).ok_or_else(|| RegistryError::Unknown { partner: id.clone() })?;
        change(versions).map_err(|error| RegistryError::Version { partner: id.clone(), error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::PartnerKind;
    use alloc::string::ToString;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    fn no_ids() -> PartnerId {
        panic!("an id was asked for")
    }

    fn registry() -> (Registry, PartnerId) {
        let id: PartnerId = "p".parse().unwrap();
        let mut registry = Registry::default();
        let partner = Partner::new(PartnerKind::Business, None);
        registry.register(Some(id.clone()), partner, None, &mut no_ids).unwrap();
        (registry, id)
    }

    #[test]
    fn the_same_again_is_unchanged_and_another_is_a_version_or_a_correction() {
        let (mut registry, id) = registry();
        let mut register = |kind, from| {
            registry.register(Some(id.clone()), Partner::new(kind, None), from, &mut no_ids).map(|r| r.change)
        };
        assert_eq!(register(PartnerKind::Business, Some(day(5))), Ok(Change::Unchanged));
        assert_eq!(register(PartnerKind::Withholding, Some(day(5))), Ok(Change::Updated));
        assert_eq!(register(PartnerKind::NonWithholding, None), Ok(Change::Updated));
        let kinds = [4, 5].map(|d| registry.in_force_on(&id, day(d)).unwrap().terms.kind);
        assert_eq!(kinds, [PartnerKind::Business, PartnerKind::NonWithholding]);
    }

    #[test]
    fn an_archived_partner_is_not_changed_and_a_scheduled_one_not_archived() {
        let (mut registry, id) = registry();
        registry.update(&id, day(10), Partner::new(PartnerKind::Withholding, None)).unwrap();
        let error = registry.archive(&id, day(9)).unwrap_err();
        assert_eq!(error.code(), "version-not-later");
        assert_eq!(registry.withdraw_scheduled(&id, day(9)), Ok(1));
        registry.archive(&id, day(9)).unwrap();
        let again = Partner::new(PartnerKind::Withholding, None);
        let error = registry.register(Some(id.clone()), again, Some(day(20)), &mut no_ids).unwrap_err();
        assert_eq!(error.code(), "partner-archived");
        registry.recover(&id, day(20)).unwrap();
        assert_eq!(registry.recover(&id, day(21)).unwrap_err().code(), "partner-not-archived");
        let unknown = registry.recover(&"q".parse().unwrap(), day(21)).unwrap_err();
        assert_eq!((unknown.code(), unknown.to_string()), ("unknown-partner", "unknown partner `q`".into()));
    }

    #[test]
    fn an_id_that_is_made_must_be_free() {
        let (mut registry, id) = registry();
        let partner = Partner::new(PartnerKind::Business, None);
        let error = registry.register(None, partner, None, &mut || id.clone()).unwrap_err();
        assert_eq!(error.to_string(), "partner `p` is registered already");
    }
}
