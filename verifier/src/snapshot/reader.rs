//! Reads containers as their bytes arrive.

use alloc::{string::ToString as _, vec::Vec};

use minicbor::Decoder;

use super::{FORMAT, Item, Kind, Manifest, Writer, writer};
use crate::{encoding::to_u64, limits::Limits};

/// What is wrong with a container, and at which byte of it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// Not an item of this format, or not its one canonical encoding.
    #[error("byte {offset} does not start an item of a snapshot")]
    Framing {
        /// Offset of the item.
        offset: u64,
    },
    /// A kind that this version does not know.
    #[error("item of unknown kind {code} at byte {offset}")]
    UnknownKind {
        /// Offset of the item.
        offset: u64,
        /// The kind.
        code: u64,
    },
    /// A manifest that is not first, stands twice, or names another format.
    #[error("misplaced or foreign manifest at byte {offset}")]
    Manifest {
        /// Offset of the item.
        offset: u64,
    },
    /// An item larger than the limits allow.
    #[error("item of {bytes} bytes at byte {offset} is above the limit of {limit}")]
    Limit {
        /// Offset of the item.
        offset: u64,
        /// Claimed size.
        bytes: u64,
        /// Largest size allowed.
        limit: u64,
        /// Name of the limit.
        name: &'static str,
    },
    /// Counts in the end marker that differ from what was read.
    #[error("the end marker at byte {offset} claims {claimed} items, {computed} were read")]
    Counts {
        /// Offset of the end marker.
        offset: u64,
        /// Items, or blocks, claimed.
        claimed: u64,
        /// Items, or blocks, read.
        computed: u64,
    },
    /// Bytes after the end marker.
    #[error("bytes follow the end marker at byte {offset}")]
    TrailingBytes {
        /// Offset of the first of them.
        offset: u64,
    },
    /// The container ends without an end marker.
    #[error("the snapshot is cut off at byte {offset}: no end marker")]
    Truncated {
        /// Length of what there is.
        offset: u64,
    },
}

/// Reads items from chunks of any size. Holds one item at most, within the limits.
#[derive(Debug)]
pub struct Reader {
    limits: Limits,
    buffer: Vec<u8>,
    /// Bytes at the front of `buffer` that are already read.
    taken: usize,
    /// Offset of `buffer[taken]` in the container.
    offset: u64,
    items: u64,
    blocks: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Start,
    Items,
    Ended,
}

/// Longest head of an item: array, kind, byte-string length; or a whole manifest or end marker.
const LONGEST_HEAD: usize = 512;

impl Reader {
    /// A reader at the start of a container.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            buffer: Vec::new(),
            taken: 0,
            offset: 0,
            items: 0,
            blocks: 0,
            state: State::Start,
        }
    }

    /// Appends bytes of the container.
    pub fn feed(&mut self, chunk: &[u8]) {
        if self.taken > 0 {
            self.buffer.drain(..self.taken);
            self.taken = 0;
        }
        self.buffer.extend_from_slice(chunk);
    }

    /// The next complete item, or `None` if more bytes are needed.
    ///
    /// # Errors
    /// Everything but [`SnapshotError::Truncated`].
    pub fn next_item(&mut self) -> Result<Option<Item>, SnapshotError> {
        let offset = self.offset;
        let pending = self.buffer.get(self.taken..).unwrap_or_default();
        if pending.is_empty() {
            return Ok(None);
        }
        if self.state == State::Ended {
            return Err(SnapshotError::TrailingBytes { offset });
        }
        // The same bytes decide however many have arrived.
        let start = pending.get(..LONGEST_HEAD).unwrap_or(pending);
        let Some(head) = decode_head(start).map_err(|problem| problem.at(offset))? else {
            // A head fits into a few bytes: with that many at hand it is not one.
            if pending.len() >= LONGEST_HEAD {
                return Err(SnapshotError::Framing { offset });
            }
            return Ok(None);
        };
        match (self.state, head) {
            (State::Start, Head::Manifest(manifest, length)) => {
                self.state = State::Items;
                self.advance(length);
                Ok(Some(Item::Manifest(manifest)))
            }
            (State::Start, _) | (_, Head::Manifest(..)) => Err(SnapshotError::Manifest { offset }),
            (_, Head::End { items, blocks, length }) => {
                for (claimed, computed) in [(items, self.items), (blocks, self.blocks)] {
                    if claimed != computed {
                        return Err(SnapshotError::Counts { offset, claimed, computed });
                    }
                }
                self.state = State::Ended;
                self.advance(length);
                Ok(Some(Item::End))
            }
            (_, Head::Payload { kind, length, bytes }) => {
                let (limit, name) = match kind {
                    Kind::Block | Kind::BlockResults => (self.limits.block_bytes, "block_bytes"),
                    Kind::Manifest
                    | Kind::Genesis
                    | Kind::Validators
                    | Kind::ConsensusParams
                    | Kind::Commit
                    | Kind::LightBlock
                    | Kind::State
                    | Kind::End => (self.limits.item_bytes, "item_bytes"),
                };
                if bytes > limit {
                    return Err(SnapshotError::Limit { offset, bytes, limit, name });
                }
                let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
                let end = length.saturating_add(bytes);
                let Some(payload) = pending.get(length..end) else {
                    return Ok(None);
                };
                let item = Item::Payload {
                    kind,
                    bytes: payload.to_vec(),
                    offset: offset.saturating_add(to_u64(length)),
                };
                self.items = self.items.saturating_add(1);
                if matches!(kind, Kind::Block | Kind::LightBlock) {
                    self.blocks = self.blocks.saturating_add(1);
                }
                self.advance(end);
                Ok(Some(item))
            }
        }
    }

    /// Checks that the container ended with its end marker.
    ///
    /// # Errors
    /// [`SnapshotError::Truncated`].
    pub fn finish(&self) -> Result<(), SnapshotError> {
        if self.state == State::Ended {
            return Ok(());
        }
        let rest = to_u64(self.buffer.len().saturating_sub(self.taken));
        Err(SnapshotError::Truncated { offset: self.offset.saturating_add(rest) })
    }

    fn advance(&mut self, length: usize) {
        self.taken = self.taken.saturating_add(length);
        self.offset = self.offset.saturating_add(to_u64(length));
    }
}

enum Head {
    Manifest(Manifest, usize),
    Payload { kind: Kind, length: usize, bytes: u64 },
    End { items: u64, blocks: u64, length: usize },
}

enum HeadProblem {
    Framing,
    UnknownKind(u64),
}

impl HeadProblem {
    fn at(self, offset: u64) -> SnapshotError {
        match self {
            Self::Framing => SnapshotError::Framing { offset },
            Self::UnknownKind(code) => SnapshotError::UnknownKind { offset, code },
        }
    }
}

/// Decodes an item up to its payload; `None` if the bytes end before.
fn decode_head(bytes: &[u8]) -> Result<Option<Head>, HeadProblem> {
    let mut decoder = Decoder::new(bytes);
    let head = match head_fields(&mut decoder) {
        Ok(head) => head?,
        Err(error) if error.is_end_of_input() => return Ok(None),
        Err(_) => return Err(HeadProblem::Framing),
    };
    // RFC 8949 §4.2.1: "The argument … MUST be as short as possible." Encode again and compare.
    let is_canonical = bytes.get(..head.length()) == Some(&canonical_head(&head));
    if is_canonical { Ok(Some(head)) } else { Err(HeadProblem::Framing) }
}

/// The one encoding of a head.
fn canonical_head(head: &Head) -> Vec<u8> {
    match head {
        Head::Manifest(manifest, _) => Writer::new(manifest).take(),
        Head::Payload { kind, bytes, .. } => writer::payload_head(*kind, *bytes),
        Head::End { items, blocks, .. } => writer::end(*items, *blocks),
    }
}

impl Head {
    fn length(&self) -> usize {
        match self {
            Self::Manifest(_, length) | Self::Payload { length, .. } | Self::End { length, .. } => {
                *length
            }
        }
    }
}

type HeadFields = Result<Result<Head, HeadProblem>, minicbor::decode::Error>;

fn head_fields(decoder: &mut Decoder<'_>) -> HeadFields {
    if decoder.array()? != Some(2) {
        return Ok(Err(HeadProblem::Framing));
    }
    let code = decoder.u64()?;
    let Some(kind) = Kind::from_code(code) else {
        return Ok(Err(HeadProblem::UnknownKind(code)));
    };
    match kind {
        Kind::Manifest => {
            if decoder.array()? != Some(5) || decoder.str()? != FORMAT {
                return Ok(Err(HeadProblem::Framing));
            }
            let family = decoder.str()?.to_string();
            let chain_id = decoder.str()?.to_string();
            let (first, last) = (decoder.u64()?, decoder.u64()?);
            let manifest = Manifest { family, chain_id, first, last };
            Ok(Ok(Head::Manifest(manifest, decoder.position())))
        }
        Kind::End => {
            if decoder.array()? != Some(2) {
                return Ok(Err(HeadProblem::Framing));
            }
            let (items, blocks) = (decoder.u64()?, decoder.u64()?);
            Ok(Ok(Head::End { items, blocks, length: decoder.position() }))
        }
        Kind::Genesis
        | Kind::Validators
        | Kind::ConsensusParams
        | Kind::Block
        | Kind::BlockResults
        | Kind::Commit
        | Kind::LightBlock
        | Kind::State => {
            let Some(bytes) = byte_string_length(decoder)? else {
                return Ok(Err(HeadProblem::Framing));
            };
            Ok(Ok(Head::Payload { kind, length: decoder.position(), bytes }))
        }
    }
}

/// Reads the head of a definite-length byte string and leaves the decoder at its content.
fn byte_string_length(decoder: &mut Decoder<'_>) -> Result<Option<u64>, minicbor::decode::Error> {
    let position = decoder.position();
    let input = decoder.input();
    let Some(&first) = input.get(position) else {
        return Err(minicbor::decode::Error::end_of_input());
    };
    if first >> 5 != 2 {
        return Ok(None);
    }
    let width: usize = match first & 0x1f {
        0..=23 => 0,
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return Ok(None),
    };
    let start = position.saturating_add(1);
    let end = start.saturating_add(width);
    let Some(argument) = input.get(start..end) else {
        return Err(minicbor::decode::Error::end_of_input());
    };
    let value = if width == 0 {
        u64::from(first & 0x1f)
    } else {
        argument.iter().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte))
    };
    decoder.set_position(end);
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container() -> Vec<u8> {
        let mut writer = Writer::new(&Manifest {
            family: "cometbft".into(),
            chain_id: "c".into(),
            first: 1,
            last: 300,
        });
        writer.item(Kind::Block, &[7; 300]);
        writer.item(Kind::Commit, &[]);
        writer.finish()
    }

    fn read(bytes: &[u8], chunk: usize) -> Result<Vec<Item>, SnapshotError> {
        let mut reader = Reader::new(Limits::default());
        let mut items = Vec::new();
        for chunk in bytes.chunks(chunk) {
            reader.feed(chunk);
            while let Some(item) = reader.next_item()? {
                items.push(item);
            }
        }
        reader.finish()?;
        Ok(items)
    }

    #[test]
    fn chunks_of_every_size_give_the_same_items() {
        let bytes = container();
        let whole = read(&bytes, bytes.len()).unwrap();
        assert_eq!(whole.len(), 4);
        for chunk in 1..bytes.len() {
            assert_eq!(read(&bytes, chunk).unwrap(), whole);
        }
    }

    #[test]
    fn container_cut_at_every_byte_is_truncated() {
        let bytes = container();
        for end in 0..bytes.len() {
            let error = read(&bytes[..end], 64).unwrap_err();
            assert_eq!(error, SnapshotError::Truncated { offset: to_u64(end) });
        }
    }

    #[test]
    fn longer_encodings_of_a_length_are_refused() {
        let bytes = container();
        let at = bytes.len() - 8;
        assert_eq!(bytes[at..at + 3], [0x82, 0x06, 0x40]);
        let longer = [&bytes[..at], &[0x82, 0x06, 0x58, 0x00], &bytes[at + 3..]].concat();
        assert!(matches!(read(&longer, 64), Err(SnapshotError::Framing { .. })));
    }

    #[test]
    fn item_above_the_limit_is_refused_before_its_bytes_arrive() {
        let mut reader = Reader::new(Limits::default());
        let mut bytes = container();
        bytes.truncate(super::super::MAGIC.len() + 9 + 2 + 1 + 3);
        bytes
            .extend_from_slice(&[0x82, 0x04, 0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        reader.feed(&bytes);
        reader.next_item().unwrap();
        assert!(matches!(reader.next_item(), Err(SnapshotError::Limit { .. })));
    }

    #[test]
    fn item_of_exactly_the_limit_and_of_every_width_of_length_is_read() {
        let manifest =
            Manifest { family: "cometbft".into(), chain_id: "c".into(), first: 1, last: 1 };
        for n in [0_usize, 23, 24, 255, 256, 65_535, 65_536, 70_000] {
            let mut writer = Writer::new(&manifest);
            writer.item(Kind::Block, &alloc::vec![7; n]);
            let bytes = writer.finish();
            for (limit, fits) in [(to_u64(n), true), (to_u64(n).wrapping_sub(1), n == 0)] {
                let mut reader = Reader::new(Limits { block_bytes: limit, ..Limits::default() });
                reader.feed(&bytes);
                assert!(matches!(reader.next_item(), Ok(Some(Item::Manifest(_)))));
                let read = reader.next_item();
                assert_eq!(matches!(read, Ok(Some(Item::Payload { .. }))), fits, "{n} of {limit}");
            }
        }
    }
}
