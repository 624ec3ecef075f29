//! Versions: one thing's terms as they change with time.

use alloc::vec::Vec;

use chrono::NaiveDate;

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
    /// Whether it is archived (보관): what starts while this version is in force is refused. What started before, and every
    /// cancellation of it, goes by the versions of its day.
    pub archived: bool,
}

/// Why a version can't be appended.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VersionError {
    /// A version that is in force from the same day or a later one is there already, and what is there stays as it is.
    #[error("a version from {latest} is there already, a new one begins after it")]
    NotLater {
        /// The first day of the latest version.
        latest: NaiveDate,
    },
    /// What is archived isn't changed; it is recovered first.
    #[error("it is archived; recover it first")]
    Archived,
    /// Only what is archived can be recovered.
    #[error("it is not archived")]
    NotArchived,
    /// There is no version to go on from.
    #[error("it has no version")]
    NoVersion,
}

impl VersionError {
    /// The error's code in documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotLater { .. } => "version-not-later",
            Self::Archived => "archived",
            Self::NotArchived => "not-archived",
            Self::NoVersion => "no-version",
        }
    }
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
        self.insert_version(Version { applies_from, terms, archived: false })
    }

    /// Adds a version, archived or not.
    ///
    /// # Errors
    /// Gives the version back when another begins on the same day.
    pub fn insert_version(&mut self, version: Version<T>) -> Result<(), Version<T>> {
        match self.versions.binary_search_by_key(&version.applies_from, |version| version.applies_from) {
            Ok(_) => Err(version),
            Err(place) => {
                self.versions.insert(place, version);
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

    /// The version that begins last, in force yet or not.
    #[must_use]
    pub fn latest(&self) -> Option<&Version<T>> {
        self.versions.last()
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
            archived: version.archived,
        };
        Versions { versions: self.versions.iter().map(make).collect() }
    }

    /// The same versions with other terms, if all can be made.
    ///
    /// # Errors
    /// The first that `make` gives.
    pub fn try_map<U, E>(&self, mut make: impl FnMut(&T) -> Result<U, E>) -> Result<Versions<U>, E> {
        let make = |version: &Version<T>| {
            let terms = make(&version.terms)?;
            Ok(Version { applies_from: version.applies_from, terms, archived: version.archived })
        };
        Ok(Versions { versions: self.versions.iter().map(make).collect::<Result<_, E>>()? })
    }
}

/// How what is there changes: a version is appended, none is edited. A date lies in the past or the future: a version that begins later
/// is scheduled.
impl<T: Clone> Versions<T> {
    /// Other terms from a day on.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use jeongsan::policy::{VersionError, Versions};
    ///
    /// let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
    /// let mut versions = Versions::default();
    /// versions.insert(None, "10%").unwrap();
    /// versions.update(day(10), "12%")?;
    /// versions.archive(day(20))?;
    /// assert_eq!(versions.update(day(25), "13%"), Err(VersionError::Archived));
    /// assert!(versions.in_force_on(day(20)).unwrap().archived);
    /// versions.recover(day(30))?;
    /// assert_eq!(versions.in_force_on(day(30)).unwrap().terms, "12%");
    /// # Ok::<(), VersionError>(())
    /// ```
    ///
    /// # Errors
    /// When a version from the day or later is there, or the latest one is archived.
    pub fn update(&mut self, from: NaiveDate, terms: T) -> Result<(), VersionError> {
        let latest = self.latest_before(from)?;
        if latest.archived {
            return Err(VersionError::Archived);
        }
        self.versions.push(Version { applies_from: Some(from), terms, archived: false });
        Ok(())
    }

    /// Archives from a day on.
    ///
    /// # Errors
    /// When a version from the day or later is there, a scheduled one too, or the latest one is archived.
    pub fn archive(&mut self, on: NaiveDate) -> Result<(), VersionError> {
        let latest = self.latest_before(on)?;
        if latest.archived {
            return Err(VersionError::Archived);
        }
        let terms = latest.terms.clone();
        self.versions.push(Version { applies_from: Some(on), terms, archived: true });
        Ok(())
    }

    /// Takes out of the archive, from a day on, under the terms it had.
    ///
    /// # Errors
    /// When a version from the day or later is there, or the latest one isn't archived.
    pub fn recover(&mut self, on: NaiveDate) -> Result<(), VersionError> {
        let latest = self.latest_before(on)?;
        if !latest.archived {
            return Err(VersionError::NotArchived);
        }
        let terms = latest.terms.clone();
        self.versions.push(Version { applies_from: Some(on), terms, archived: false });
        Ok(())
    }

    /// Takes back what is scheduled: the versions that begin after this day. They never were in force; the first version stays
    /// in any case.
    pub fn withdraw_scheduled(&mut self, today: NaiveDate) -> Vec<Version<T>> {
        let begun =
            self.versions.partition_point(|version| version.applies_from.is_none_or(|from| from <= today));
        self.versions.split_off(begun.max(1).min(self.versions.len()))
    }

    /// Puts right what the latest version says, without a version of its own: what was written was never meant. Results that were
    /// computed under it stay as they are.
    ///
    /// # Errors
    /// When there is no version, or the latest one is archived.
    pub fn correct(&mut self, terms: T) -> Result<(), VersionError> {
        let latest = self.versions.last_mut().ok_or(VersionError::NoVersion)?;
        if latest.archived {
            return Err(VersionError::Archived);
        }
        latest.terms = terms;
        Ok(())
    }

    fn latest_before(&self, day: NaiveDate) -> Result<&Version<T>, VersionError> {
        let latest = self.versions.last().ok_or(VersionError::NoVersion)?;
        match latest.applies_from {
            Some(from) if from >= day => Err(VersionError::NotLater { latest: from }),
            _ => Ok(latest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    fn versions() -> Versions<&'static str> {
        let mut versions = Versions::default();
        versions.insert(None, "first").unwrap();
        versions
    }

    #[test]
    fn what_began_stays_as_it_is() {
        let mut versions = versions();
        versions.update(day(10), "second").unwrap();
        let before = versions.clone();
        let late = VersionError::NotLater { latest: day(10) };
        assert_eq!(versions.update(day(10), "third"), Err(late));
        assert_eq!(versions.archive(day(9)), Err(late));
        assert_eq!(versions.recover(day(11)), Err(VersionError::NotArchived));
        assert_eq!(versions, before);
        assert_eq!(
            alloc::string::ToString::to_string(&late),
            "a version from 2026-03-10 is there already, a new one begins after it"
        );
    }

    #[test]
    fn an_archived_one_comes_back_with_the_terms_it_had() {
        let mut versions = versions();
        versions.archive(day(5)).unwrap();
        assert_eq!(versions.archive(day(6)), Err(VersionError::Archived));
        assert_eq!(versions.correct("other"), Err(VersionError::Archived));
        versions.recover(day(7)).unwrap();
        let archived = |d| versions.in_force_on(day(d)).unwrap().archived;
        assert_eq!([4, 5, 6, 7].map(archived), [false, true, true, false]);
        assert_eq!(versions.latest().unwrap().terms, "first");
    }

    #[test]
    fn only_what_has_not_begun_is_withdrawn() {
        let mut versions = versions();
        versions.update(day(10), "second").unwrap();
        versions.update(day(20), "third").unwrap();
        assert_eq!(versions.withdraw_scheduled(day(20)), []);
        let withdrawn = versions.withdraw_scheduled(day(10));
        assert_eq!(withdrawn.iter().map(|version| version.terms).collect::<Vec<_>>(), ["third"]);
        assert_eq!(versions.iter().count(), 2);
        let mut first = Versions::default();
        first.insert(Some(day(9)), "first").unwrap();
        assert_eq!(first.withdraw_scheduled(day(1)), []);
    }
}
