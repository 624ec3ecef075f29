//! The holds, by id and by what they hold.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::id::EventId;
use crate::money::Amount;

use super::{Hold, HoldError, HoldTarget, Release};

/// Every hold that ever stood.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holds {
    holds: Vec<Hold>,
    by_id: BTreeMap<EventId, usize>,
    by_target: BTreeMap<HoldTarget, Vec<usize>>,
}

impl Holds {
    pub(crate) fn is_empty(&self) -> bool {
        self.holds.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Hold> {
        self.holds.iter()
    }

    /// The holds on a target that hold on a day.
    pub(crate) fn active(&self, on: &HoldTarget, day: NaiveDate) -> impl Iterator<Item = &Hold> {
        let places = self.by_target.get(on).into_iter().flatten();
        places.filter_map(|&place| self.holds.get(place)).filter(move |hold| hold.is_active_on(day))
    }

    /// The hold that holds a target whole on a day; the earliest made, where several do.
    pub(crate) fn whole(&self, on: &HoldTarget, day: NaiveDate) -> Option<&Hold> {
        self.active(on, day).find(|hold| hold.limit.is_none())
    }

    /// How much of a target is held at most by holds that have a limit; they add up.
    pub(crate) fn limits(&self, on: &HoldTarget, day: NaiveDate) -> i128 {
        let limits = self.active(on, day).filter_map(|hold| hold.limit);
        limits.fold(0, |sum, limit: Amount| sum.saturating_add(i128::from(limit.minor())))
    }

    /// Whether a hold on a target is released on no day up to this one, whether or not it ended by itself.
    pub(crate) fn stands(&self, on: &HoldTarget, day: NaiveDate) -> bool {
        let mut holds =
            self.by_target.get(on).into_iter().flatten().filter_map(|&place| self.holds.get(place));
        holds.any(|hold| hold.release.as_ref().is_none_or(|release| day < release.date))
    }

    /// Takes a checked hold in.
    pub(crate) fn put(&mut self, hold: Hold) {
        let place = self.holds.len();
        self.by_id.insert(hold.id.clone(), place);
        self.by_target.entry(hold.on.clone()).or_default().push(place);
        self.holds.push(hold);
    }

    /// Releases a hold and tells it.
    pub(crate) fn release(&mut self, release: &Release) -> Result<&Hold, HoldError> {
        let id = &release.hold;
        let hold = self.by_id.get(id).and_then(|&place| self.holds.get_mut(place));
        let hold = hold.ok_or_else(|| HoldError::UnknownHold { hold: id.clone() })?;
        if let Some(earlier) = &hold.release {
            return Err(HoldError::AlreadyReleased { hold: id.clone(), date: earlier.date });
        }
        if let Some(until) = hold.until.filter(|&until| until <= release.date) {
            return Err(HoldError::AlreadyEnded { hold: id.clone(), until });
        }
        if hold.released_by != release.by {
            let (released_by, by) = (hold.released_by.clone(), release.by.clone());
            return Err(HoldError::MayNotRelease { hold: id.clone(), released_by, by });
        }
        hold.release = Some(release.clone());
        Ok(hold)
    }
}
