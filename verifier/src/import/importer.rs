//! Pass 2: reads the values in the order of the heights and writes the container.

mod blocks;
mod commits;
mod genesis;
mod group;
mod light;
mod pages;

use alloc::{collections::VecDeque, string::ToString as _, vec::Vec};

use blocks::{Before, KnownSet};
use group::Group;

use super::{
    decode::{self, Content},
    error::ImportError,
    index::{At, Entry, Index, Range},
};
use crate::{
    encoding::{json, to_u64},
    ledger::cometbft::{genesis::Genesis, validator::ValidatorList},
    snapshot::{self, Manifest},
};

/// Bytes that are asked for at once, where the source has them: neighbors are often needed next.
const WINDOW: u64 = 1 << 20;

/// Bytes of windows that are kept: enough for a file that holds one endpoint after the other.
const WINDOWS: usize = 8 << 20;

/// Entries that are looked at to place a window.
const LOOK_AHEAD: usize = 64;

/// Bytes that the import needs next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Request {
    /// Number of the source, from 0, in the order of [`super::Scanner::start_source`].
    pub source: usize,
    /// Zero-based offset of the first byte.
    pub offset: u64,
    /// Number of bytes, all of which the source had when it was scanned.
    pub length: u64,
}

/// Turns an export into a container, in the order of the heights.
///
/// Ask [`Self::next_request`], [`Self::supply`] the bytes, [`Self::take_output`], until there is
/// no further request. Holds what belongs to one height and a few windows of the sources.
#[derive(Debug)]
pub struct Importer {
    index: Index,
    is_light: bool,
    range: Range,
    /// The entry that is read next.
    position: usize,
    request: Option<Request>,
    windows: VecDeque<Window>,
    output: Vec<u8>,
    writer: Option<snapshot::Writer>,
    failure: Option<ImportError>,
    genesis: Option<Genesis>,
    genesis_document: Vec<u8>,
    genesis_chunks: u64,
    /// Where the last chunk starts in the document, and its place.
    genesis_chunk: Option<(usize, At)>,
    group: Group,
    /// The set of the next block.
    set: Option<KnownSet>,
    before: Option<Before>,
    /// The set after the last light block, where it stands, and the height at which it signs.
    next_set: Option<(ValidatorList, At, u64)>,
    /// The set of the last light block, and the height after it.
    last_light: Option<(ValidatorList, u64)>,
}

#[derive(Debug)]
struct Window {
    source: u32,
    offset: u64,
    bytes: Vec<u8>,
}

impl Importer {
    /// Plans the import. What the scan can tell to be missing, and chain ids that contradict each
    /// other, come back from the first [`Self::supply`], for which the request is empty.
    pub fn new(index: Index) -> Self {
        let range = index.range();
        let failure = index.check().err();
        let range = range.unwrap_or(Range { first: 0, last: 0 });
        // What cannot be imported gets no manifest: nobody claimed one, so nothing is wrong with it.
        let writer = failure.is_none().then(|| {
            snapshot::Writer::new(&Manifest {
                family: "cometbft".to_string(),
                chain_id: index.chain_id().unwrap_or_default().to_string(),
                first: range.first,
                last: range.last,
            })
        });
        let mut importer = Self {
            is_light: index.is_light(),
            range,
            position: 0,
            request: None,
            windows: VecDeque::new(),
            output: Vec::new(),
            writer,
            failure,
            genesis: index.genesis.as_ref().map(|(genesis, _)| *genesis),
            genesis_document: Vec::new(),
            genesis_chunks: 0,
            genesis_chunk: None,
            group: Group::default(),
            set: None,
            before: None,
            next_set: None,
            last_light: None,
            index,
        };
        if importer.failure.is_some() {
            importer.request = Some(Request { source: 0, offset: 0, length: 0 });
        } else {
            importer.plan();
        }
        importer
    }

    /// The bytes to supply next; `None` when the container is complete, or after an error.
    pub fn next_request(&self) -> Option<Request> {
        self.request
    }

    /// Name of a source.
    pub fn source_name(&self, source: usize) -> &str {
        self.index.source_name(source)
    }

    /// Values read and values in all.
    pub fn progress(&self) -> (u64, u64) {
        (to_u64(self.position), to_u64(self.index.entries.len()))
    }

    /// Takes the bytes of the last request.
    ///
    /// # Errors
    /// [`ImportError::Changed`] if their number is another, or a value is about another height than
    /// it was when it was scanned; and every fault of the values that the scan could not see. After
    /// an error every call returns it again.
    pub fn supply(&mut self, bytes: &[u8]) -> Result<(), ImportError> {
        if let Some(failure) = &self.failure {
            self.request = None;
            return Err(failure.clone());
        }
        let result = self.take_window(bytes).and_then(|()| self.advance());
        if let Err(error) = &result {
            self.failure = Some(error.clone());
            self.request = None;
        }
        result
    }

    /// The bytes of the container that are written since the last call. Empties the importer's own.
    pub fn take_output(&mut self) -> Vec<u8> {
        let mut output = core::mem::take(&mut self.output);
        if let Some(writer) = &mut self.writer {
            let bytes = writer.take();
            if output.is_empty() {
                return bytes;
            }
            output.extend(bytes);
        }
        output
    }

    fn take_window(&mut self, bytes: &[u8]) -> Result<(), ImportError> {
        let Some(request) = self.request.take() else { return Err(ImportError::NotRequested) };
        let source = u32::try_from(request.source).unwrap_or(u32::MAX);
        if to_u64(bytes.len()) != request.length {
            return Err(self.changed(source));
        }
        let bytes = bytes.to_vec();
        self.windows.push_front(Window { source, offset: request.offset, bytes });
        let mut held: usize = 0;
        // The newest stays, whatever its size.
        let fits = |window: &Window| {
            held = held.saturating_add(window.bytes.len());
            held <= WINDOWS
        };
        let keep = self.windows.iter().map(fits).take_while(|fits| *fits).count().max(1);
        self.windows.truncate(keep);
        Ok(())
    }

    fn changed(&self, source: u32) -> ImportError {
        ImportError::Changed { file: self.index.sources.name(source).to_string() }
    }

    /// Reads entries as long as their bytes are at hand; then asks for more, or ends.
    fn advance(&mut self) -> Result<(), ImportError> {
        while let Some(entry) = self.index.entries.get(self.position).copied() {
            let end = entry.offset.saturating_add(u64::from(entry.length));
            let holds = |window: &Window| {
                let window_end = window.offset.saturating_add(to_u64(window.bytes.len()));
                window.source == entry.source && window.offset <= entry.offset && end <= window_end
            };
            let Some(window) =
                self.windows.iter().position(holds).and_then(|at| self.windows.remove(at))
            else {
                self.plan();
                return Ok(());
            };
            let result = self.entry(entry, &window);
            self.windows.push_front(window);
            result?;
            self.position = self.position.saturating_add(1);
        }
        self.end_genesis()?;
        self.end_group()?;
        self.end()
    }

    /// Asks for the entry's bytes, and for those around it that are needed soon.
    fn plan(&mut self) {
        let Some(entry) = self.index.entries.get(self.position) else { return };
        let end = entry.offset.saturating_add(u64::from(entry.length));
        let earliest = end.saturating_sub(WINDOW).min(entry.offset);
        let soon = self.index.entries.iter().skip(self.position).take(LOOK_AHEAD);
        let offset = soon
            .filter(|other| other.source == entry.source && other.offset >= earliest)
            .map(|other| other.offset)
            .min()
            .unwrap_or(entry.offset)
            .min(entry.offset);
        let length = end.saturating_sub(offset).max(WINDOW);
        let available = self.index.sources.length(entry.source).saturating_sub(offset);
        self.request = Some(Request {
            source: usize::try_from(entry.source).unwrap_or(usize::MAX),
            offset,
            length: length.min(available),
        });
    }

    fn entry(&mut self, entry: Entry, window: &Window) -> Result<(), ImportError> {
        let start =
            usize::try_from(entry.offset.saturating_sub(window.offset)).unwrap_or(usize::MAX);
        let length = usize::try_from(entry.length).unwrap_or(usize::MAX);
        let bytes = window.bytes.get(start..start.saturating_add(length)).unwrap_or_default();
        let read = json::read(bytes, &self.index.limits, decode::FULL, |value| {
            decode::bare(value, |value| {
                let content = decode::content(entry.kind, value)?;
                Ok((decode::height_of(entry.kind, value, &content)?, content))
            })
        });
        let (height, content) = read.map_err(|error| ImportError::Decode {
            file: self.index.sources.name(entry.source).to_string(),
            error: error.shifted(entry.offset),
        })?;
        if height != entry.height {
            return Err(self.changed(entry.source));
        }
        if let Content::GenesisChunk(bytes) = content {
            return self.genesis_chunk(entry, &bytes);
        }
        self.end_genesis()?;
        let group = entry.group(self.is_light);
        if group != self.group.height {
            self.end_group()?;
            self.group.height = group;
        }
        self.insert(content, entry.at())
    }

    fn item(&mut self, kind: snapshot::Kind, payload: &[u8]) {
        if let Some(writer) = &mut self.writer {
            writer.item(kind, payload);
        }
    }

    fn end(&mut self) -> Result<(), ImportError> {
        if self.is_light {
            let next_set = self.next_set.take();
            self.write_next_set(next_set, None);
        } else {
            self.end_block_before(None)?;
        }
        if let Some(mut writer) = self.writer.take() {
            self.output.extend(writer.take());
            self.output.extend(writer.finish());
        }
        Ok(())
    }
}
