//! The key under which a payout is sent.

use core::fmt;

use crate::id::{BulkPayoutId, PayoutId};

/// The idempotency key of a payout: what a bank tells a repetition by.
///
/// It follows from bulk payout, payout and attempt alone, so a replay gives the same one and a retry another. Its text is 32
/// hexadecimal digits: a 128-bit FNV-1a hash, which tells keys apart and protects nothing.
///
/// ```
/// use jeongsan::payout::IdempotencyKey;
///
/// let (run, payout) = ("run-1".parse()?, "po-1".parse()?);
/// let key = IdempotencyKey::of(&run, &payout, 1);
/// assert_eq!(key.to_string(), "fb4ac420d2271faf79a29b9ff0d10dbe");
/// assert_ne!(key, IdempotencyKey::of(&run, &payout, 2));
/// # Ok::<(), jeongsan::id::IdError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct IdempotencyKey(u128);

/// A text that is no idempotency key.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no idempotency key of 32 hexadecimal digits")]
pub struct IdempotencyKeyError(alloc::string::String);

impl IdempotencyKey {
    /// The key of an attempt (from 1) at a payout.
    #[must_use]
    pub fn of(bulk_payout: &BulkPayoutId, payout: &PayoutId, attempt: u32) -> Self {
        const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        let parts = [bulk_payout.as_str().as_bytes(), payout.as_str().as_bytes(), &attempt.to_be_bytes()];
        // Ids hold no control character, so a zero byte parts them and no two triples read the same.
        let bytes = parts.iter().flat_map(|part| part.iter().chain(&[0]));
        Self(bytes.fold(OFFSET, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME)))
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl core::str::FromStr for IdempotencyKey {
    type Err = IdempotencyKeyError;

    fn from_str(text: &str) -> Result<Self, IdempotencyKeyError> {
        let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let key = u128::from_str_radix(text, 16).ok().filter(|_| text.len() == 32 && text.bytes().all(digit));
        key.map(Self).ok_or_else(|| IdempotencyKeyError(text.chars().take(40).collect()))
    }
}
