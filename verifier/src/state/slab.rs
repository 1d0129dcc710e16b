//! Items close together in memory, by number.

use alloc::vec::Vec;
use core::mem;

/// Items of a chunk.
const CHUNK: usize = 1 << CHUNK_BITS;
const CHUNK_BITS: u32 = 9;

/// Items by number. What is removed leaves its number to a later item.
///
/// Chunks never move: one piece that grows would be copied time and again, and what it leaves behind
/// is no use to a memory that cannot shrink, as that of wasm.
#[derive(Clone, Debug, Default)]
pub(super) struct Slab<T> {
    /// All full but the last.
    chunks: Vec<Vec<T>>,
    free: Vec<u32>,
}

impl<T: Default> Slab<T> {
    /// The most items. So many entries take far more memory than any limit leaves them.
    pub(super) const MOST: u32 = 1 << 31;

    /// Gives the item a number below [`Self::MOST`]; none if all of them are taken.
    pub(super) fn insert(&mut self, item: T) -> Option<u32> {
        if let Some(number) = self.free.pop() {
            *self.get_mut(number)? = item;
            return Some(number);
        }
        let number = u32::try_from(self.given()).ok().filter(|number| *number < Self::MOST)?;
        if self.chunks.last().is_none_or(|chunk| chunk.len() >= CHUNK) {
            // A small map is to be small.
            let room = if self.chunks.is_empty() { 0 } else { CHUNK };
            self.chunks.push(Vec::with_capacity(room));
        }
        self.chunks.last_mut()?.push(item);
        Some(number)
    }

    /// Removes an item that is there.
    pub(super) fn remove(&mut self, number: u32) -> Option<T> {
        let item = mem::take(self.get_mut(number)?);
        self.free.push(number);
        Some(item)
    }
}

impl<T> Slab<T> {
    pub(super) fn get(&self, number: u32) -> Option<&T> {
        let (chunk, at) = place(number)?;
        self.chunks.get(chunk)?.get(at)
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        let (chunk, at) = place(number)?;
        self.chunks.get_mut(chunk)?.get_mut(at)
    }

    /// Number of items.
    pub(super) fn len(&self) -> usize {
        self.given().saturating_sub(self.free.len())
    }

    /// Numbers given.
    fn given(&self) -> usize {
        let full = self.chunks.len().saturating_sub(1).saturating_mul(CHUNK);
        full.saturating_add(self.chunks.last().map_or(0, Vec::len))
    }
}

/// Which chunk, and where in it.
fn place(number: u32) -> Option<(usize, usize)> {
    let number = usize::try_from(number).ok()?;
    Some((number >> CHUNK_BITS, number & (CHUNK - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_of_a_removed_item_is_given_to_the_next_one() {
        let mut slab = Slab::default();
        for n in 0..40_u32 {
            assert_eq!(slab.insert(n + 100), Some(n));
        }
        assert_eq!(slab.remove(7), Some(107));
        assert_eq!(slab.remove(3), Some(103));
        assert_eq!(slab.len(), 38);
        assert_eq!(slab.insert(1), Some(3));
        assert_eq!(slab.insert(2), Some(7));
        assert_eq!(slab.insert(3), Some(40));
        assert_eq!((slab.get(3), slab.get(7), slab.get(41)), (Some(&1), Some(&2), None));
        assert_eq!(slab.len(), 41);
    }

    #[test]
    fn items_stay_where_they_are_in_as_many_chunks_as_are_needed() {
        let mut slab = Slab::default();
        for n in 0..2_000_u32 {
            assert_eq!((slab.len(), slab.insert(n)), (usize::try_from(n).unwrap(), Some(n)));
        }
        assert_eq!(slab.chunks.iter().map(Vec::len).collect::<Vec<_>>(), [512, 512, 512, 464]);
        for n in 0..2_000_u32 {
            assert_eq!(slab.get(n), Some(&n));
        }
        assert_eq!(slab.get(2_000), None);
    }
}
