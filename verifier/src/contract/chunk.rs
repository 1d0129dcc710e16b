//! A state on its way: entries in order, in pieces of bounded size.

use alloc::vec::Vec;

use crate::{
    encoding::{
        DecodeError, DecodeProblem,
        cbor::{self, Reader, Value, Writer},
        to_u64,
    },
    state::StateMap,
};

/// Bytes of keys and values after which a chunk ends.
const CHUNK: usize = 1 << 20;

/// Entries of a state, each a key and a value.
///
/// CBOR `[1* [key, value]]`, two byte strings each. Over all chunks of a state they ascend by path.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct StateChunk(pub Vec<(Vec<u8>, Vec<u8>)>);

impl StateChunk {
    /// A whole state, chunk by chunk.
    ///
    /// # Cost
    /// One pass; memory for one chunk.
    pub fn of_state(state: &StateMap) -> impl Iterator<Item = Self> {
        let mut entries = state.entries().peekable();
        core::iter::from_fn(move || {
            entries.peek()?;
            let (mut chunk, mut bytes) = (Vec::new(), 0_usize);
            while bytes < CHUNK
                && let Some((key, value)) = entries.next()
            {
                bytes = bytes.saturating_add(key.len()).saturating_add(value.len());
                chunk.push((key.to_vec(), value.to_vec()));
            }
            Some(Self(chunk))
        })
    }

    /// The chunk's one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(self)
    }
}

/// Key and value.
type Entry<'a> = (&'a [u8], &'a [u8]);

/// The entries of a chunk, one after the other, without memory for all of them.
#[derive(Debug)]
pub struct ChunkEntries<'a> {
    reader: Reader<'a>,
    /// Entries left; before the first, unknown.
    left: Option<u64>,
}

impl StateChunk {
    /// Reads a chunk entry by entry.
    pub fn entries(bytes: &[u8]) -> ChunkEntries<'_> {
        ChunkEntries { reader: Reader::new(bytes), left: None }
    }
}

impl<'a> ChunkEntries<'a> {
    /// Offset of the next entry.
    pub fn offset(&self) -> u64 {
        to_u64(self.reader.offset())
    }

    /// Key and value of the next entry, or `None` after the last.
    ///
    /// # Errors
    /// Whatever is not the one encoding of a chunk, with its offset.
    pub fn next_entry(&mut self) -> Result<Option<Entry<'a>>, DecodeError> {
        let left = match self.left {
            Some(left) => left,
            None => decode_count(&mut self.reader)?,
        };
        let Some(after) = left.checked_sub(1) else {
            return self.reader.end().map(|()| None);
        };
        self.left = Some(after);
        decode_entry(&mut self.reader).map(Some)
    }
}

impl Value for StateChunk {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = decode_count(reader)?;
        let mut entries = Vec::new();
        for index in 0..count {
            let entry = decode_entry(reader);
            let (key, value) = entry.map_err(|e| e.within(&alloc::format!("[{index}]")))?;
            entries.push((key.to_vec(), value.to_vec()));
        }
        Ok(Self(entries))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.elements(to_u64(self.0.len()));
        for (key, value) in &self.0 {
            writer.elements(2);
            writer.bytes(key);
            writer.bytes(value);
        }
    }
}

fn decode_count(reader: &mut Reader<'_>) -> Result<u64, DecodeError> {
    let start = reader.offset();
    let count = reader.elements()?;
    if count > 0 { Ok(count) } else { Err(DecodeError::new(start, DecodeProblem::Length)) }
}

fn decode_entry<'a>(reader: &mut Reader<'a>) -> Result<Entry<'a>, DecodeError> {
    let start = reader.offset();
    if reader.elements()? != 2 {
        return Err(DecodeError::new(start, DecodeProblem::Length));
    }
    Ok((reader.bytes()?, reader.bytes()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_is_the_same_from_its_chunks() {
        let mut state = StateMap::default();
        for number in 0..3_000_u32 {
            state.insert(&number.to_be_bytes(), alloc::vec![7; 1_000]);
        }
        let root = state.commit();
        let chunks: Vec<_> = StateChunk::of_state(&state).map(|chunk| chunk.to_bytes()).collect();
        assert_eq!(chunks.len(), 3);
        let read = |bytes: &Vec<u8>| cbor::decode::<StateChunk>(bytes).unwrap().0;
        let again = StateMap::from_entries(chunks.iter().flat_map(read));
        assert_eq!(again.unwrap().commit(), root);
    }

    #[test]
    fn state_without_entries_has_no_chunks() {
        assert_eq!(StateChunk::of_state(&StateMap::default()).count(), 0);
        assert!(cbor::decode::<StateChunk>(&[0x80]).is_err());
        assert!(cbor::decode::<StateChunk>(&[0x81, 0x81, 0x40]).is_err());
        assert!(cbor::decode::<StateChunk>(&[0x81, 0x82, 0x40, 0x40]).is_ok());
    }
}
