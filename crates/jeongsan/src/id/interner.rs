//! Texts to small numbers, for the maps on the engine's hot path and the ids a long run has to remember.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Gives each distinct text a number, from 0 in the order of their coming.
///
/// The texts lie end to end in one buffer: beyond its own bytes a text costs 8 bytes and one to two 4-byte slots
/// (a table is never more than three quarters full), so a million 12-byte ids take some 28 MB at the most.
#[derive(Clone, Default)]
pub(crate) struct Interner {
    text: String,
    ends: Vec<usize>,
    /// Open addressing with linear steps; a slot holds the number + 1, 0 is free. The length is a power of two.
    slots: Vec<u32>,
}

/// What [`Interner::intern`] found: the number, and whether the text was new.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Interned {
    /// The text came for the first time.
    New(u32),
    /// The text had come before.
    Known(u32),
}

impl Interner {
    /// An interner without texts.
    #[must_use]
    pub(crate) const fn new() -> Self {
        Self { text: String::new(), ends: Vec::new(), slots: Vec::new() }
    }

    /// How many texts it holds.
    #[must_use]
    pub(crate) const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it holds no text.
    #[must_use]
    pub(crate) const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a number it gave.
    #[must_use]
    pub(crate) fn text(&self, number: u32) -> Option<&str> {
        let index = usize::try_from(number).ok()?;
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before).copied()).unwrap_or(0);
        self.text.get(start..end)
    }

    /// The number of a text that came before.
    #[must_use]
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = hash(text) & mask;
        loop {
            let number = self.slots.get(slot)?.checked_sub(1)?;
            if self.text(number) == Some(text) {
                return Some(number);
            }
            slot = slot.wrapping_add(1) & mask;
        }
    }

    /// The number of a text, a new one if it comes for the first time; `None` when 4 billion texts are held.
    pub(crate) fn intern(&mut self, text: &str) -> Option<Interned> {
        if let Some(number) = self.find(text) {
            return Some(Interned::Known(number));
        }
        let number = u32::try_from(self.ends.len()).ok().filter(|&number| number < u32::MAX)?;
        self.text.push_str(text);
        self.ends.push(self.text.len());
        if self.slots.len() / 4 < self.ends.len().div_ceil(3) {
            self.grow();
        } else {
            self.place(number, hash(text));
        }
        Some(Interned::New(number))
    }

    /// The bytes it holds in memory, spare room included.
    #[must_use]
    pub(crate) fn bytes(&self) -> usize {
        let ends = self.ends.capacity().saturating_mul(size_of::<usize>());
        let slots = self.slots.capacity().saturating_mul(size_of::<u32>());
        self.text.capacity().saturating_add(ends).saturating_add(slots)
    }

    fn grow(&mut self) {
        let length = self.slots.len().max(8).saturating_mul(2);
        self.slots = alloc::vec![0; length];
        let count = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        for number in 0..count {
            let code = self.text(number).map_or(0, hash);
            self.place(number, code);
        }
    }

    fn place(&mut self, number: u32, code: usize) {
        let mask = self.slots.len().saturating_sub(1);
        let mut slot = code & mask;
        // The table is never full (see `intern`), so a free slot comes.
        while let Some(held) = self.slots.get_mut(slot) {
            if *held == 0 {
                *held = number.saturating_add(1);
                return;
            }
            slot = slot.wrapping_add(1) & mask;
        }
    }
}

impl fmt::Debug for Interner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interner").field("len", &self.len()).field("bytes", &self.bytes()).finish()
    }
}

/// Eight bytes a step, one multiplication each: fast on the short ids that orders and partners have. It decides where a
/// text lies, never a figure or an order of rows.
fn hash(text: &str) -> usize {
    let mut state = u64::try_from(text.len()).unwrap_or(0);
    let mut chunks = text.as_bytes().chunks_exact(8);
    for chunk in &mut chunks {
        state = fold(state ^ chunk.try_into().map_or(0, u64::from_le_bytes));
    }
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(chunks.remainder()) {
        *to = *from;
    }
    let code = fold(state ^ u64::from_le_bytes(last));
    // A target's word may be narrower than 64 bits.
    usize::try_from(code & u64::from(u32::MAX)).unwrap_or(0)
}

/// Multiplies by an odd constant (the golden ratio's bits) and folds the product's high half onto the low.
fn fold(word: u64) -> u64 {
    let product = u128::from(word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let high = u64::try_from(product >> 64).unwrap_or(0);
    let low = u64::try_from(product & u128::from(u64::MAX)).unwrap_or(0);
    high ^ low
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;
    use alloc::format;

    #[test]
    fn numbers_follow_the_order_of_coming_through_every_growth() {
        let mut interner = Interner::new();
        let mut model = BTreeMap::new();
        for i in 0..10_000_u32 {
            let text = format!("o-{}", i % 7_000);
            let expected = match model.get(&text) {
                Some(&number) => Interned::Known(number),
                None => {
                    let number = u32::try_from(model.len()).unwrap();
                    model.insert(text.clone(), number);
                    Interned::New(number)
                }
            };
            assert_eq!(interner.intern(&text), Some(expected));
        }
        for (text, number) in &model {
            assert_eq!(interner.find(text), Some(*number));
            assert_eq!(interner.text(*number), Some(text.as_str()));
        }
        assert_eq!(interner.find("absent"), None);
        assert!(interner.slots.len() * 3 / 4 >= interner.len());
    }

    #[test]
    fn the_hash_tells_length_and_tail_apart() {
        let texts = ["", "a", "a\0", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaab"];
        for (i, a) in texts.iter().enumerate() {
            for b in &texts[i + 1..] {
                assert_ne!(hash(a), hash(b), "{a:?} {b:?}");
            }
        }
    }
}
