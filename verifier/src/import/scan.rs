//! Pass 1: splits sources into JSON values and notes what each is.

mod look;
mod splitter;

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};

use look::{About, Found, Heads, SHALLOW, look, node_error};
use splitter::{Split, Splitter};

use super::{
    decode,
    error::{ImportError, Place, Subject},
    index::{At, Entry, Index, Sources},
    kind::{Kind, Shape},
};
use crate::{
    encoding::{
        DecodeError, DecodeProblem,
        json::{self, Fault, Parts, Value},
        to_u64,
    },
    ledger::cometbft::header::Header,
    limits::Limits,
};

/// Chain ids that are told apart; more add nothing to an error that names two.
const CHAINS: usize = 16;

/// Reads sources in any order, chunk by chunk, and builds the [`Index`].
///
/// Holds one value at most, within the limits, and 32 bytes for each one seen.
#[derive(Debug)]
pub struct Scanner {
    index: Index,
    splitter: Splitter,
    /// The value so far that began in an earlier chunk.
    pending: Vec<u8>,
    /// Offset of the next byte in the current source.
    offset: u64,
    /// Offset of the value that is being read.
    start: u64,
    failure: Option<ImportError>,
}

impl Scanner {
    /// A scanner without sources.
    pub fn new(limits: Limits) -> Self {
        Self {
            index: Index {
                limits,
                sources: Sources::default(),
                entries: Vec::new(),
                chains: Vec::new(),
                genesis: None,
                statuses: 0,
                infos: 0,
                version: None,
                head_block: None,
                head_signed: None,
            },
            splitter: Splitter::default(),
            pending: Vec::new(),
            offset: 0,
            start: 0,
            failure: None,
        }
    }

    /// Starts the next source; sources are numbered from 0 in this order. `name` only serves
    /// messages.
    ///
    /// # Errors
    /// Those of [`Self::end_source`], which ends a source that is still open;
    /// [`ImportError::Limit`]. After an error every call returns it again, here and below.
    pub fn start_source(&mut self, name: &str) -> Result<(), ImportError> {
        self.latched(|scanner| scanner.open(name))
    }

    /// Reads the next bytes of the source.
    ///
    /// # Errors
    /// Every variant of [`ImportError`] but `Missing`, `Changed` and `NotRequested`.
    pub fn feed(&mut self, chunk: &[u8]) -> Result<(), ImportError> {
        self.latched(|scanner| scanner.read_chunk(chunk))
    }

    /// Ends the source.
    ///
    /// # Errors
    /// [`ImportError::Decode`] with [`DecodeProblem::Truncated`] if it ends inside a value.
    pub fn end_source(&mut self) -> Result<(), ImportError> {
        self.latched(|scanner| scanner.close())
    }

    /// What was found, in the order in which the import needs it.
    ///
    /// # Errors
    /// Those of [`Self::end_source`], which ends a source that is still open.
    pub fn finish(mut self) -> Result<Index, ImportError> {
        self.latched(|scanner| scanner.close())?;
        self.index.sort();
        Ok(self.index)
    }

    /// Takes a step, unless one before failed.
    fn latched(
        &mut self,
        step: impl FnOnce(&mut Self) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let result = step(self);
        self.failure = result.as_ref().err().cloned();
        result
    }

    fn open(&mut self, name: &str) -> Result<(), ImportError> {
        self.close()?;
        if to_u64(self.index.sources.count()) >= self.index.limits.import_values {
            let place = Place { file: name.to_string(), offset: 0 };
            return Err(ImportError::Limit { place, limit: "import_values" });
        }
        self.index.sources.push(name);
        self.offset = 0;
        Ok(())
    }

    fn read_chunk(&mut self, chunk: &[u8]) -> Result<(), ImportError> {
        let chunk_start = self.offset;
        self.offset = self.offset.saturating_add(to_u64(chunk.len()));
        self.index.sources.grow(to_u64(chunk.len()));
        let mut at: usize = 0;
        loop {
            let rest = chunk.get(at..).unwrap_or_default();
            if self.splitter.depth == 0 {
                let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
                let Some(found) = rest.iter().position(|byte| !is_space(byte)) else {
                    return Ok(());
                };
                at = at.saturating_add(found);
                self.start = chunk_start.saturating_add(to_u64(at));
                if chunk.get(at) != Some(&b'{') {
                    return Err(self.decode_error(self.start, DecodeProblem::Syntax));
                }
            }
            let rest = chunk.get(at..).unwrap_or_default();
            let depth = self.index.limits.json_depth.min(json::MAX_DEPTH);
            let taken = match self.splitter.scan(rest, depth) {
                Split::End(last) => last.saturating_add(1),
                Split::TooDeep(position) => {
                    let offset = chunk_start.saturating_add(to_u64(at.saturating_add(position)));
                    return Err(self.decode_error(offset, DecodeProblem::Limit("json_depth")));
                }
                Split::More => rest.len(),
            };
            let part = rest.get(..taken).unwrap_or_default();
            let length = to_u64(self.pending.len().saturating_add(part.len()));
            if length > self.index.limits.json_bytes.min(u64::from(u32::MAX)) {
                let place = self.index.sources.place(self.value_at());
                return Err(ImportError::Limit { place, limit: "json_bytes" });
            }
            if self.splitter.depth > 0 {
                self.pending.extend_from_slice(part);
                return Ok(());
            }
            at = at.saturating_add(taken);
            if self.pending.is_empty() {
                self.value(part)?;
            } else {
                let mut value = core::mem::take(&mut self.pending);
                value.extend_from_slice(part);
                self.value(&value)?;
                value.clear();
                // Large ones are rare: keep no more than a common value needs.
                value.shrink_to(1 << 20);
                self.pending = value;
            }
        }
    }

    fn close(&self) -> Result<(), ImportError> {
        if self.splitter.depth > 0 {
            return Err(self.decode_error(self.offset, DecodeProblem::Truncated));
        }
        Ok(())
    }

    fn value_at(&self) -> At {
        let source = self.index.sources.count().saturating_sub(1);
        At { source: u32::try_from(source).unwrap_or(u32::MAX), offset: self.start }
    }

    fn file(&self) -> String {
        self.index.sources.name(self.value_at().source).to_string()
    }

    fn decode_error(&self, offset: u64, problem: DecodeProblem) -> ImportError {
        let error = DecodeError { offset, ..DecodeError::new(0, problem) };
        ImportError::Decode { file: self.file(), error }
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), ImportError> {
        let (kind, key, in_envelope) = match self.look(bytes, 0)? {
            Found::Entry(about) => return self.note(about, bytes.len(), 0),
            Found::Many { kind, key, in_envelope } => (kind, key, in_envelope),
            Found::Whole(shape) => return self.whole(shape, bytes),
            Found::NodeError(code) => {
                return Err(ImportError::Node { place: self.place(0), code });
            }
            Found::Unknown => return Err(ImportError::Unknown { place: self.place(0) }),
        };
        // What surrounds the elements is not read again.
        self.read(bytes, 0, decode::FULL, |v| decode::bare(v, |v| decode::many(key, v)))?;
        for range in json::elements(bytes, in_envelope.then_some("result"), key) {
            let element = bytes.get(range.clone()).unwrap_or_default();
            let Found::Entry(about) = self.look(element, range.start)? else {
                return Err(ImportError::Unknown { place: self.place(range.start) });
            };
            if about.kind != kind {
                return Err(ImportError::Unknown { place: self.place(range.start) });
            }
            self.note(about, element.len(), range.start)?;
        }
        Ok(())
    }

    fn read<T>(
        &self,
        bytes: &[u8],
        start: usize,
        parts: Parts<'_>,
        body: impl FnOnce(&Value<'_>) -> Result<T, Fault>,
    ) -> Result<T, ImportError> {
        let base = self.start.saturating_add(to_u64(start));
        json::read(bytes, &self.index.limits, parts, body)
            .map_err(|error| ImportError::Decode { file: self.file(), error: error.shifted(base) })
    }

    fn look(&self, bytes: &[u8], start: usize) -> Result<Found, ImportError> {
        let above = |header: &Option<Box<Header>>| header.as_ref().map(|header| header.height);
        let heads =
            Heads { block: above(&self.index.head_block), signed: above(&self.index.head_signed) };
        self.read(bytes, start, SHALLOW, |value| {
            let object = value.object()?;
            if let Some(code) = object.optional("error", node_error)? {
                return Ok(Found::NodeError(code));
            }
            let in_envelope = object.has("result");
            decode::bare(value, |value| look(value, heads, in_envelope))
        })
    }

    /// The place of something inside the value that is being read.
    fn place(&self, start: usize) -> Place {
        let at = self.value_at();
        let offset = at.offset.saturating_add(to_u64(start));
        self.index.sources.place(At { offset, ..at })
    }

    fn note(&mut self, about: About, length: usize, start: usize) -> Result<(), ImportError> {
        let at = self.value_at();
        let at = At { offset: at.offset.saturating_add(to_u64(start)), ..at };
        let About { kind, height, chain, count, total, head } = about;
        if to_u64(self.index.entries.len()) >= self.index.limits.import_values {
            return Err(ImportError::Limit { place: self.place(start), limit: "import_values" });
        }
        if let Some(chain) = chain {
            self.chain(chain, at);
        }
        if head.is_some() {
            if kind == Kind::Block {
                self.index.head_block = head;
            } else {
                self.index.head_signed = head;
            }
        }
        self.index.entries.push(Entry {
            height,
            offset: at.offset,
            length: u32::try_from(length).unwrap_or(u32::MAX),
            source: at.source,
            count: u16::try_from(count).unwrap_or(u16::MAX),
            total: u16::try_from(total).unwrap_or(u16::MAX),
            kind,
        });
        Ok(())
    }

    fn chain(&mut self, chain: String, at: At) {
        let chains = &mut self.index.chains;
        if chains.len() < CHAINS && chains.iter().all(|(known, _)| *known != chain) {
            chains.push((chain, at));
        }
    }

    /// Reads what is about no height at once, in full.
    fn whole(&mut self, shape: Shape, bytes: &[u8]) -> Result<(), ImportError> {
        let at = self.value_at();
        match shape {
            Shape::Genesis => {
                let read = |value: &Value<'_>| decode::bare(value, decode::genesis);
                let (chain, genesis) = self.read(bytes, 0, decode::FULL, read)?;
                self.chain(chain, at);
                match self.index.genesis {
                    Some((known, first)) if known != genesis => {
                        return Err(ImportError::Contradiction {
                            subject: Subject::Genesis,
                            height: None,
                            first: self.index.sources.place(first),
                            second: self.index.sources.place(at),
                        });
                    }
                    Some(_) => {}
                    None => self.index.genesis = Some((genesis, at)),
                }
            }
            Shape::Status => {
                let read = |value: &Value<'_>| decode::bare(value, decode::status);
                let (chain, version) = self.read(bytes, 0, decode::FULL, read)?;
                self.chain(chain, at);
                // Of several claims the greatest text, so that order does not matter.
                self.index.version = version.max(self.index.version.take());
                self.index.statuses = self.index.statuses.saturating_add(1);
            }
            Shape::AbciInfo => {
                self.read(bytes, 0, decode::FULL, |v| decode::bare(v, decode::abci_info))?;
                self.index.infos = self.index.infos.saturating_add(1);
            }
            Shape::Entry(_) | Shape::Many(..) => {
                return Err(ImportError::Unknown { place: self.index.sources.place(at) });
            }
        }
        Ok(())
    }
}
