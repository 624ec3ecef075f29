//! What changes over time, by versions.

use std::fmt;

use chrono::NaiveDate;
use jeongsan::id::PartnerId;
use jeongsan::money::Money;

use crate::{Body, HeadKey, HeadKind, Status};

/// A head's full name.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct HeadId {
    /// What kind of head it is.
    pub kind: HeadKind,
    /// Its name within the kind.
    pub key: HeadKey,
}

impl fmt::Display for HeadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.key)
    }
}

/// The state of something as of its last version: a payout, a partner settlement, a run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Head {
    /// Its name.
    pub id: HeadId,
    /// 1 when it was first written, one more with each unit that writes it.
    pub version: u64,
    /// The state it is in.
    pub status: Status,
    /// The partner it is about.
    pub partner: Option<PartnerId>,
    /// The civil date it belongs to.
    pub date: Option<NaiveDate>,
    /// What it comes to.
    pub amount: Option<Money>,
    /// The rest, as text.
    pub body: Body,
}

/// Which version of a head a unit was prepared from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Expected {
    /// None: the unit writes it first.
    Absent,
    /// This one, which must still be the last.
    Version(u64),
}

impl Expected {
    /// The version that a head then has; `None` beyond the range of versions.
    #[must_use]
    pub const fn next(self) -> Option<u64> {
        match self {
            Self::Absent => Some(1),
            Self::Version(version) => version.checked_add(1),
        }
    }

    /// Whether the last version is the one expected.
    #[must_use]
    pub fn is_met_by(self, last: Option<u64>) -> bool {
        match self {
            Self::Absent => last.is_none(),
            Self::Version(version) => last == Some(version),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("none"),
            Self::Version(version) => write!(f, "version {version}"),
        }
    }
}

/// A new version of a head.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HeadWrite {
    /// The head's name.
    pub id: HeadId,
    /// The version it was prepared from.
    pub expected: Expected,
    /// The state it goes to.
    pub status: Status,
    /// The partner it is about.
    pub partner: Option<PartnerId>,
    /// The civil date it belongs to.
    pub date: Option<NaiveDate>,
    /// What it comes to.
    pub amount: Option<Money>,
    /// The rest, as text.
    pub body: Body,
}

impl HeadWrite {
    /// A version of which the rest is set field by field.
    #[must_use]
    pub const fn new(id: HeadId, expected: Expected, status: Status, body: Body) -> Self {
        Self { id, expected, status, partner: None, date: None, amount: None, body }
    }

    /// The head as it is then; `None` beyond the range of versions.
    #[must_use]
    pub fn to_head(&self) -> Option<Head> {
        let Self { id, expected, status, partner, date, amount, body } = self.clone();
        Some(Head { id, version: expected.next()?, status, partner, date, amount, body })
    }
}
