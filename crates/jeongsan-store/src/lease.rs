//! Leases: one driver at a time, also when it stops without saying so.
//!
//! A lease is held until its time is over; the time is the caller's. Each new holder gets a higher token, and a unit that carries
//! the token of an earlier holder, or of a lease that was given back, is refused, so that one who was only asleep can't write any more.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Holder, LeaseName};

/// A number that rises with every new holder of a lease.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct FencingToken(u64);

impl FencingToken {
    /// The token of a number that a store kept.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// Who asks for a lease, and for how long.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeaseRequest {
    /// What the lease is on.
    pub name: LeaseName,
    /// Who asks.
    pub holder: Holder,
    /// The time, by the holder's clock.
    pub now: DateTime<Utc>,
    /// How long it is to hold from now; the same holder asks again before to keep it.
    pub time_to_live: TimeDelta,
}

impl LeaseRequest {
    /// When the lease ends unless it is asked for again.
    #[must_use]
    pub fn until(&self) -> DateTime<Utc> {
        self.now.checked_add_signed(self.time_to_live).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// A lease that is held.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lease {
    /// What it is on.
    pub name: LeaseName,
    /// Who holds it.
    pub holder: Holder,
    /// The holder's token.
    pub token: FencingToken,
    /// When it ends; from that instant on another may have it.
    pub until: DateTime<Utc>,
}

impl Lease {
    /// What a unit carries to be refused when another holds the lease by then.
    #[must_use]
    pub fn fence(&self) -> Fence {
        Fence { name: self.name.clone(), token: self.token }
    }
}

/// The lease under which a unit was prepared.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fence {
    /// What the lease is on.
    pub name: LeaseName,
    /// The token of the one who prepared the unit.
    pub token: FencingToken,
}
