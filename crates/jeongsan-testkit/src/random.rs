//! Random numbers whose values never change: `ChaCha8` keyed by the seed's bytes, and integer sampling of our own.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of draws that is the same on every machine and in every version.
pub(crate) struct Random(ChaCha8Rng);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number from 0 up to, not including, the bound: the high half of a 128-bit product.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.0.next_u64()) * u128::from(bound);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from the one to the other, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// Whether something happens that does so in so many of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A place in a list of this length, which isn't empty.
    pub(crate) fn place(&mut self, length: usize) -> usize {
        let length = u64::try_from(length).unwrap_or(1);
        usize::try_from(self.below(length)).unwrap_or(0)
    }

    pub(crate) fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.place(items.len())]
    }

    /// An item with the chance of its weight.
    pub(crate) fn weighted<T: Copy>(&mut self, items: &[(u64, T)]) -> T {
        let mut drawn = self.below(items.iter().map(|(weight, _)| weight).sum());
        for (weight, item) in items {
            if drawn < *weight {
                return *item;
            }
            drawn -= weight;
        }
        items[0].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stream itself is pinned: a changed number here changes every file that was ever generated.
    #[test]
    fn draws_never_change() {
        let mut random = Random::new(1);
        let draws: Vec<u64> = (0..4).map(|_| random.below(1_000_000)).collect();
        assert_eq!(draws, [381_489, 294_927, 798_254, 916_153]);
    }

    #[test]
    fn draws_stay_within_their_bounds() {
        let mut random = Random::new(2);
        let draws: Vec<i64> = (0..1_000).map(|_| random.between(-1, 1)).collect();
        assert_eq!(draws.iter().min(), Some(&-1));
        assert_eq!(draws.iter().max(), Some(&1));
        assert!((0..1_000).all(|_| random.weighted(&[(1, 'a'), (0, 'b'), (1, 'c')]) != 'b'));
    }
}
