//! Keys to the row that is open for them.

use alloc::vec::Vec;

use super::row::RowKey;

/// The open row of each key, by its place. Open addressing with linear steps over a table that is never more than half full.
#[derive(Clone, Debug, Default)]
pub(super) struct KeyIndex {
    /// Every key that ever came, with the place of its open row.
    entries: Vec<(RowKey, Option<u32>)>,
    /// A slot holds the number of an entry + 1; 0 is free. The length is a power of two.
    slots: Vec<u32>,
}

impl KeyIndex {
    /// The place of the open row of a key.
    pub(super) fn get(&self, key: RowKey) -> Option<u32> {
        self.entry(key).and_then(|entry| self.entries.get(entry)).and_then(|entry| entry.1)
    }

    /// Makes a row the open one of its key, or none.
    pub(super) fn set(&mut self, key: RowKey, place: Option<u32>) {
        if let Some(entry) = self.entry(key).and_then(|entry| self.entries.get_mut(entry)) {
            entry.1 = place;
            return;
        }
        self.entries.push((key, place));
        if self.slots.len() / 2 < self.entries.len() {
            self.slots = alloc::vec![0; self.slots.len().max(16).saturating_mul(2)];
            for entry in 0..self.entries.len() {
                self.place(entry);
            }
        } else {
            self.place(self.entries.len().saturating_sub(1));
        }
    }

    fn entry(&self, key: RowKey) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = hash(key) & mask;
        loop {
            let entry = usize::try_from(self.slots.get(slot)?.checked_sub(1)?).ok()?;
            if self.entries.get(entry)?.0 == key {
                return Some(entry);
            }
            slot = slot.wrapping_add(1) & mask;
        }
    }

    fn place(&mut self, entry: usize) {
        let mask = self.slots.len().saturating_sub(1);
        let Some(&(key, _)) = self.entries.get(entry) else { return };
        let mut slot = hash(key) & mask;
        // The table is never full, so a free slot comes. More than four billion rows are refused before.
        while let Some(held) = self.slots.get_mut(slot) {
            if *held == 0 {
                *held = u32::try_from(entry).unwrap_or(u32::MAX).saturating_add(1);
                return;
            }
            slot = slot.wrapping_add(1) & mask;
        }
    }
}

/// It decides where a key lies, never a figure or an order of rows.
fn hash(RowKey(key): RowKey) -> usize {
    let half = |word: u128| u64::try_from(word & u128::from(u64::MAX)).unwrap_or(0);
    let mix = half(key >> 64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ half(key);
    let product = u128::from(mix).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    usize::try_from((half(product) ^ half(product >> 64)) & u64::from(u32::MAX)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_through_every_growth() {
        let mut index = KeyIndex::default();
        for number in 0..10_000_u32 {
            index.set(RowKey(u128::from(number) << 40), Some(number));
        }
        for number in 0..10_000_u32 {
            assert_eq!(index.get(RowKey(u128::from(number) << 40)), Some(number));
        }
        index.set(RowKey(0), None);
        assert_eq!(index.get(RowKey(0)), None);
        assert_eq!(index.get(RowKey(1)), None);
    }
}
