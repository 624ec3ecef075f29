//! Texts to small numbers, for the maps on the engine's hot path and the ids a long run has to remember.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Gives each distinct text a number, from 0 in the order of their coming.
///
/// The texts lie end to end in one buffer: beyond its own bytes a text costs 8 bytes and one to three slots of 8 bytes
/// (a table is never more than three quarters full), so a million 12-byte ids take some 40 MB at the most.
#[derive(Clone, Default)]
pub(crate) struct Interner {
    text: String,
    ends: Vec<usize>,
    /// Open addressing with linear steps; the length is a power of two.
    slots: Vec<Slot>,
}

/// A slot: the number of a text + 1, 0 where it is free, and the text's hash, by which others are told apart without a look at them.
#[derive(Clone, Copy, Default)]
struct Slot {
    held: u32,
    code: u32,
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
        self.look(text, hash(text)).ok()
    }

    /// The number of a text, a new one if it comes for the first time; `None` when 4 billion texts are held.
    pub(crate) fn intern(&mut self, text: &str) -> Option<Interned> {
        let code = hash(text);
        let free = match self.look(text, code) {
            Ok(number) => return Some(Interned::Known(number)),
            Err(free) => free,
        };
        let number = u32::try_from(self.ends.len()).ok().filter(|&number| number < u32::MAX)?;
        self.text.push_str(text);
        self.ends.push(self.text.len());
        let placed = Slot { held: number.saturating_add(1), code };
        if self.slots.len() / 4 < self.ends.len().div_ceil(3) {
            self.grow();
            self.place(placed);
        } else if let Some(slot) = self.slots.get_mut(free) {
            *slot = placed;
        }
        Some(Interned::New(number))
    }

    /// The number of a text, or the free slot where it would lie. The table is never full, so a free slot comes.
    fn look(&self, text: &str, code: u32) -> Result<u32, usize> {
        let Some(mask) = self.slots.len().checked_sub(1) else { return Err(0) };
        let mut slot = home(code) & mask;
        loop {
            let Some(&Slot { held, code: other }) = self.slots.get(slot) else { return Err(slot) };
            let Some(number) = held.checked_sub(1) else { return Err(slot) };
            if other == code && self.text(number) == Some(text) {
                return Ok(number);
            }
            slot = slot.wrapping_add(1) & mask;
        }
    }

    /// The bytes it holds in memory, spare room included.
    #[must_use]
    pub(crate) fn bytes(&self) -> usize {
        let ends = self.ends.capacity().saturating_mul(size_of::<usize>());
        let slots = self.slots.capacity().saturating_mul(size_of::<Slot>());
        self.text.capacity().saturating_add(ends).saturating_add(slots)
    }

    /// Doubles the table. The old slots are taken in their order, so that the new ones are written in theirs.
    fn grow(&mut self) {
        let length = self.slots.len().max(8).saturating_mul(2);
        let old = core::mem::replace(&mut self.slots, alloc::vec![Slot::default(); length]);
        for slot in old.into_iter().filter(|slot| slot.held != 0) {
            self.place(slot);
        }
    }

    fn place(&mut self, placed: Slot) {
        let mask = self.slots.len().saturating_sub(1);
        let mut slot = home(placed.code) & mask;
        while let Some(held) = self.slots.get_mut(slot) {
            if held.held == 0 {
                *held = placed;
                return;
            }
            slot = slot.wrapping_add(1) & mask;
        }
    }
}

/// Where a text's slot is looked for first, in a table of any length.
fn home(code: u32) -> usize {
    usize::try_from(code).unwrap_or(0)
}

impl fmt::Debug for Interner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interner").field("len", &self.len()).field("bytes", &self.bytes()).finish()
    }
}

/// Eight bytes a step, one multiplication each: fast on the short ids that orders and partners have. It decides where a
/// text lies, never a figure or an order of rows.
fn hash(text: &str) -> u32 {
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
    u32::try_from(code & u64::from(u32::MAX)).unwrap_or(0)
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
