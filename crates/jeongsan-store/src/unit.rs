//! One atomic piece of work.

use std::fmt;

use jeongsan::settle::Settlement;
use sha2::{Digest, Sha256};

use crate::{Fence, HeadWrite, OutboxEntry, OutboxId, Record, UnitKey};

/// What identifies the request that a unit answers: the SHA-256 of its bytes.
///
/// The same key with another request is a mistake of the caller, told as such; the same request again is answered by the first receipt.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a request's parts; where one ends and the next begins counts.
    ///
    /// ```
    /// use jeongsan_store::Fingerprint;
    ///
    /// assert_eq!(Fingerprint::of([b"day 31"]), Fingerprint::of([b"day 31"]));
    /// assert_ne!(Fingerprint::of([&b"ab"[..], b"c"]), Fingerprint::of([&b"a"[..], b"bc"]));
    /// ```
    #[must_use]
    pub fn of<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            let part = part.as_ref();
            let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
            hash.update(length.to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// The fingerprint of bytes that a store kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What is written whole or not at all.
///
/// ```
/// use jeongsan_store::{Blocking, Fingerprint, MemoryStore, Unit};
///
/// let store = Blocking::new(MemoryStore::new());
/// let unit = Unit::new("run-2026-03-31".parse()?, Fingerprint::of([b"2026-03-31"]));
/// let first = store.commit(&unit)?;
/// let again = store.commit(&unit)?;
/// assert!(!first.is_replay && again.is_replay);
/// assert_eq!(first.sequence, again.sequence);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Unit {
    /// The key under which it is written once.
    pub key: UnitKey,
    /// The request that it answers.
    pub request: Fingerprint,
    /// The lease under which it was prepared.
    pub fence: Option<Fence>,
    /// Settlements to append. One is the same as another by id, kind, cause and partner.
    pub settlements: Vec<Settlement>,
    /// Records to append.
    pub records: Vec<Record>,
    /// New versions of heads, each head at most once.
    pub heads: Vec<HeadWrite>,
    /// Payouts to put into the outbox.
    pub outbox: Vec<OutboxEntry>,
    /// Payouts that leave the outbox, each of which must be in it.
    pub sent: Vec<OutboxId>,
}

impl Unit {
    /// A unit that writes nothing yet.
    #[must_use]
    pub const fn new(key: UnitKey, request: Fingerprint) -> Self {
        Self {
            key,
            request,
            fence: None,
            settlements: Vec::new(),
            records: Vec::new(),
            heads: Vec::new(),
            outbox: Vec::new(),
            sent: Vec::new(),
        }
    }
}
