//! Texts to small numbers, for the maps on the engine's hot path and the ids a long run has to remember.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Gives each distinct text a number, from 0 in the order of their coming.
///
/// The texts lie end to end in one buffer: beyond its own bytes a text costs 8 bytes and one to two slots of 5 bytes
/// (a table is never more than three quarters full), so a million 12-byte ids take some 30 MB at the most.
///
/// ```
/// use jeongsan::id::{Interned, Interner};
///
/// let mut ids = Interner::new();
/// assert_eq!(ids.intern("o-1"), Some(Interned::New(0)));
/// assert_eq!(ids.intern("o-2"), Some(Interned::New(1)));
/// assert_eq!(ids.intern("o-1"), Some(Interned::Known(0)));
/// assert_eq!(ids.find("o-2"), Some(1));
/// assert_eq!(ids.text(1), Some("o-2"));
/// ```
#[derive(Clone, Default)]
pub struct Interner {
    text: String,
    ends: Vec<usize>,
    /// Open addressing with linear steps; a slot holds a number. The length is a power of two.
    slots: Vec<u32>,
    /// A byte of the hash of what each slot holds, 0 where it is free: nearly every other text is told apart by it, without a look at the text.
    tags: Vec<u8>,
}

/// What [`Interner::intern`] found: the number, and whether the text was new.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Interned {
    /// The text came for the first time.
    New(u32),
    /// The text had come before.
    Known(u32),
}

impl Interner {
    /// An interner without texts.
    #[must_use]
    pub const fn new() -> Self {
        Self { text: String::new(), ends: Vec::new(), slots: Vec::new(), tags: Vec::new() }
    }

    /// How many texts it holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it holds no text.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a number it gave.
    #[must_use]
    pub fn text(&self, number: u32) -> Option<&str> {
        let index = usize::try_from(number).ok()?;
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before).copied()).unwrap_or(0);
        self.text.get(start..end)
    }

    /// The number of a text that came before.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<u32> {
        self.look(text, hash(text)).ok()
    }

    /// The number of a text, a new one if it comes for the first time; `None` when 4 billion texts are held.
    pub fn intern(&mut self, text: &str) -> Option<Interned> {
        let code = hash(text);
        let free = match self.look(text, code) {
            Ok(number) => return Some(Interned::Known(number)),
            Err(free) => free,
        };
        let number = u32::try_from(self.ends.len()).ok().filter(|&number| number < u32::MAX)?;
        self.text.push_str(text);
        self.ends.push(self.text.len());
        if self.slots.len() / 4 < self.ends.len().div_ceil(3) {
            self.grow();
        } else {
            self.place(free, code, number);
        }
        Some(Interned::New(number))
    }

    /// The number of a text, or the free slot where it would lie. The table is never full, so a free slot comes.
    fn look(&self, text: &str, code: usize) -> Result<u32, usize> {
        let Some(mask) = self.slots.len().checked_sub(1) else { return Err(0) };
        let (mut slot, wanted) = (code & mask, tag(code));
        loop {
            match self.tags.get(slot) {
                None | Some(0) => return Err(slot),
                Some(&tag) if tag == wanted => {
                    let number = self.slots.get(slot).copied().unwrap_or(u32::MAX);
                    if self.text(number) == Some(text) {
                        return Ok(number);
                    }
                }
                Some(_) => {}
            }
            slot = slot.wrapping_add(1) & mask;
        }
    }

    /// The bytes it holds in memory, spare room included.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let ends = self.ends.capacity().saturating_mul(size_of::<usize>());
        let slots = self.slots.capacity().saturating_mul(size_of::<u32>());
        self.text.capacity().saturating_add(ends).saturating_add(slots).saturating_add(self.tags.capacity())
    }

    fn grow(&mut self) {
        let length = self.slots.len().max(8).saturating_mul(2);
        let mask = length.saturating_sub(1);
        (self.slots, self.tags) = (alloc::vec![0; length], alloc::vec![0; length]);
        let count = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        for number in 0..count {
            let code = self.text(number).map_or(0, hash);
            let mut slot = code & mask;
            while self.tags.get(slot).is_some_and(|&tag| tag != 0) {
                slot = slot.wrapping_add(1) & mask;
            }
            self.place(slot, code, number);
        }
    }

    fn place(&mut self, slot: usize, code: usize, number: u32) {
        if let (Some(held), Some(tagged)) = (self.slots.get_mut(slot), self.tags.get_mut(slot)) {
            (*held, *tagged) = (number, tag(code));
        }
    }
}

/// The byte of a hash that tells texts of one slot apart; never 0.
fn tag(code: usize) -> u8 {
    // The lowest bits choose the slot; these do so only where the table is very large.
    u8::try_from((code >> 24) & 0xFF).unwrap_or(0).max(1)
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
