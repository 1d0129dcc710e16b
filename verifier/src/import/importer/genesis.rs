//! Puts the chunks of a genesis document together and reads it.

use alloc::string::ToString as _;

use super::Importer;
use crate::{
    encoding::{json, to_u64},
    import::{
        decode,
        error::{ImportError, Part, Subject},
        index::Entry,
        kind::Kind,
    },
};

impl Importer {
    pub(super) fn genesis_chunk(&mut self, entry: Entry, bytes: &[u8]) -> Result<(), ImportError> {
        let document = &mut self.genesis_document;
        let last =
            self.genesis_chunk.filter(|_| entry.height.saturating_add(1) == self.genesis_chunks);
        if let Some((start, at)) = last {
            // The same chunk again.
            return if document.get(start..) == Some(bytes) {
                Ok(())
            } else {
                Err(ImportError::Contradiction {
                    subject: Subject::Genesis,
                    height: None,
                    first: self.index.sources.place(at),
                    second: self.index.sources.place(entry.at()),
                })
            };
        }
        if entry.height != self.genesis_chunks {
            return Err(missing_chunk(self.genesis_chunks));
        }
        let length = to_u64(document.len()).saturating_add(to_u64(bytes.len()));
        if length > self.index.limits.json_bytes {
            let place = self.index.sources.place(entry.at());
            return Err(ImportError::Limit { place, limit: "json_bytes" });
        }
        self.genesis_chunk = Some((document.len(), entry.at()));
        document.extend_from_slice(bytes);
        self.genesis_chunks = self.genesis_chunks.saturating_add(1);
        Ok(())
    }

    /// Reads the genesis document when all of its chunks are there.
    pub(super) fn end_genesis(&mut self) -> Result<(), ImportError> {
        if self.genesis_chunks == 0 {
            return Ok(());
        }
        let document = core::mem::take(&mut self.genesis_document);
        let chunks = core::mem::take(&mut self.genesis_chunks);
        let mut entries = self.index.entries.iter();
        let Some(entry) = entries.find(|entry| entry.kind == Kind::GenesisChunk) else {
            return Ok(());
        };
        if u64::from(entry.total) > chunks {
            return Err(missing_chunk(chunks));
        }
        let read = json::read(&document, &self.index.limits, decode::FULL, decode::genesis);
        let (chain, genesis) = read.map_err(|error| ImportError::Decode {
            file: self.index.sources.name(entry.source).to_string(),
            error,
        })?;
        let other = match (&self.index.genesis, self.index.chains.first()) {
            (_, Some((known, first))) if *known != chain => Some((Subject::ChainId, *first)),
            (Some((known, first)), _) if *known != genesis => Some((Subject::Genesis, *first)),
            _ => None,
        };
        if let Some((subject, first)) = other {
            let (first, second) =
                (self.index.sources.place(first), self.index.sources.place(entry.at()));
            return Err(ImportError::Contradiction { subject, height: None, first, second });
        }
        self.genesis = Some(genesis);
        Ok(())
    }
}

fn missing_chunk(chunk: u64) -> ImportError {
    ImportError::Missing { part: Part::GenesisChunk { chunk }, height: None }
}
