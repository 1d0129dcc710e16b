//! What an export holds and where, as the scan left it.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use super::{
    error::{ImportError, Part, Place, Subject},
    kind::Kind,
};
use crate::{
    encoding::hex::Hash,
    ledger::cometbft::{genesis::Genesis, header::Header},
    limits::Limits,
};

/// Names and lengths of the sources, in the order in which they were scanned.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources {
    /// All names end to end: there may be a million of them.
    names: String,
    ends: Vec<usize>,
    lengths: Vec<u64>,
}

impl Sources {
    pub(super) fn push(&mut self, name: &str) {
        self.names.push_str(name);
        self.ends.push(self.names.len());
        self.lengths.push(0);
    }

    pub(super) fn grow(&mut self, bytes: u64) {
        if let Some(length) = self.lengths.last_mut() {
            *length = length.saturating_add(bytes);
        }
    }

    pub(super) fn count(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn name(&self, source: u32) -> &str {
        let index = usize::try_from(source).unwrap_or(usize::MAX);
        let before = index.checked_sub(1).and_then(|i| self.ends.get(i)).copied();
        let end = self.ends.get(index).copied().unwrap_or_default();
        self.names.get(before.unwrap_or_default()..end).unwrap_or_default()
    }

    pub(super) fn length(&self, source: u32) -> u64 {
        let index = usize::try_from(source).unwrap_or(usize::MAX);
        self.lengths.get(index).copied().unwrap_or_default()
    }

    pub(super) fn place(&self, at: At) -> Place {
        Place { file: self.name(at.source).to_string(), offset: at.offset }
    }
}

/// Where a value starts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct At {
    pub(super) source: u32,
    pub(super) offset: u64,
}

/// One value, in 32 bytes: an export of a gigabyte may hold two million of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) height: u64,
    pub(super) offset: u64,
    pub(super) length: u32,
    pub(super) source: u32,
    /// Validators on this page, and in the set.
    pub(super) count: u16,
    pub(super) total: u16,
    pub(super) kind: Kind,
}

impl Entry {
    pub(super) fn at(&self) -> At {
        At { source: self.source, offset: self.offset }
    }

    /// The height whose items the value contributes to: between blocks, a validator set stands
    /// before the block of the height below its own.
    pub(super) fn group(&self, is_light: bool) -> u64 {
        match self.kind {
            Kind::GenesisChunk => 0,
            Kind::Validators if !is_light => self.height.saturating_sub(1),
            Kind::Validators
            | Kind::Params
            | Kind::Header
            | Kind::Meta
            | Kind::Commit
            | Kind::Pair
            | Kind::Block
            | Kind::Results => self.height,
        }
    }
}

/// A header hash that the export claims for its last height. Not to be trusted: whoever made the
/// export chose it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Candidate {
    /// Chain id in the header.
    pub chain_id: String,
    /// Height of the header.
    pub height: u64,
    /// Computed hash of the header; absent for a header that has none.
    pub hash: Option<Hash>,
}

/// What is inside an export, for people.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// Number of sources.
    pub sources: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Name of the endpoint and number of values, in the order of the names.
    pub values: Vec<(&'static str, u64)>,
    /// Every chain id that stands anywhere, up to sixteen.
    pub chain_ids: Vec<String>,
    /// Whether there are signed headers only, no blocks.
    pub is_light: bool,
    /// First height of a block, or else of a signed header.
    pub first: Option<u64>,
    /// Last height of a block, or else of a signed header.
    pub last: Option<u64>,
    /// The last header as an anchor candidate that must come from elsewhere to mean anything.
    pub untrusted_head: Option<Candidate>,
    /// What the node says it runs, a claim that no signature covers.
    pub claimed_version: Option<String>,
    /// What is missing, as far as the scan can tell; the first hundred.
    pub missing: Vec<String>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "raw export: {} sources, {} bytes", self.sources, self.bytes)?;
        for (name, count) in &self.values {
            writeln!(f, "  {name}: {count}")?;
        }
        writeln!(f, "chain id: {}", self.chain_ids.join(", "))?;
        let what = if self.is_light { "signed headers" } else { "blocks" };
        if let (Some(first), Some(last)) = (self.first, self.last) {
            writeln!(f, "{what}: heights {first} to {last}")?;
        }
        if let Some(head) = &self.untrusted_head {
            let hash = head.hash.map_or_else(|| "no hash".to_string(), |hash| hash.to_string());
            writeln!(
                f,
                "head, untrusted until you have it from elsewhere: {} {hash}",
                head.height
            )?;
        }
        if let Some(version) = &self.claimed_version {
            writeln!(f, "version that the node claims: {version}")?;
        }
        for missing in &self.missing {
            writeln!(f, "{missing}")?;
        }
        Ok(())
    }
}

/// What an export holds, by height. Made by [`super::Scanner::finish`].
#[derive(Clone, Debug)]
pub struct Index {
    pub(super) limits: Limits,
    pub(super) sources: Sources,
    /// In the order in which the import reads them.
    pub(super) entries: Vec<Entry>,
    pub(super) chains: Vec<(String, At)>,
    pub(super) genesis: Option<(Genesis, At)>,
    pub(super) statuses: u64,
    pub(super) infos: u64,
    pub(super) version: Option<String>,
    /// Header of the last block, and of the last signed header.
    pub(super) head_block: Option<Box<Header>>,
    pub(super) head_signed: Option<Box<Header>>,
}

/// The heights that are covered, first and last.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Range {
    pub(super) first: u64,
    pub(super) last: u64,
}

impl Index {
    pub(super) fn sort(&mut self) {
        let is_light = self.is_light();
        self.entries.sort_unstable_by_key(|entry| {
            (entry.group(is_light), entry.kind, entry.height, entry.source, entry.offset)
        });
    }

    /// Whether there are no blocks, so that signed headers are imported.
    pub fn is_light(&self) -> bool {
        !self.entries.iter().any(|entry| entry.kind == Kind::Block)
    }

    /// The chain id, if all values agree on one.
    pub fn chain_id(&self) -> Option<&str> {
        match self.chains.as_slice() {
            [(chain_id, _)] => Some(chain_id),
            _ => None,
        }
    }

    /// Name of a source, by its number in [`super::Request`].
    pub fn source_name(&self, source: usize) -> &str {
        u32::try_from(source).map_or("", |source| self.sources.name(source))
    }

    /// The heights that the container will cover, first and last, if nothing is missing.
    pub fn heights(&self) -> Option<(u64, u64)> {
        self.range().map(|range| (range.first, range.last))
    }

    /// Heights of blocks, or of signed headers if there are no blocks. Where there are blocks, a
    /// commit or results at another height say that there is a block, too.
    pub(super) fn range(&self) -> Option<Range> {
        let is_light = self.is_light();
        let counts = |kind| match kind {
            Kind::Block | Kind::Results => !is_light,
            Kind::Commit | Kind::Pair => true,
            Kind::GenesisChunk | Kind::Validators | Kind::Params | Kind::Header | Kind::Meta => {
                false
            }
        };
        let mut heights = self.entries.iter().filter(|e| counts(e.kind)).map(|e| e.height);
        let first = heights.next()?;
        let range = heights.fold(Range { first, last: first }, |range, height| Range {
            first: range.first.min(height),
            last: range.last.max(height),
        });
        Some(range)
    }

    /// What is missing, as far as the scan can tell: at most `most` parts, by height.
    ///
    /// The import may find more: whether a height without `/validators` has those of the height
    /// before is known only when its header is read in full.
    pub fn missing(&self, most: usize) -> Vec<ImportError> {
        let Some(range) = self.range() else {
            return [ImportError::Missing { part: Part::Everything, height: None }].into();
        };
        let mut missing = Vec::new();
        let is_light = self.is_light();
        // The next height that must have a block.
        let mut next = range.first;
        let mut has_first_set = false;
        let groups = self
            .entries
            .chunk_by(|a, b| a.group(is_light) == b.group(is_light))
            .filter_map(|group| group.first().map(|entry| (entry.group(is_light), group)));
        for (height, group) in groups {
            let has = |kinds: &[Kind]| group.iter().any(|entry| kinds.contains(&entry.kind));
            let mut lack = |part, height| {
                if missing.len() < most {
                    missing.push(ImportError::Missing { part, height: Some(height) });
                }
            };
            let pages = group.iter().filter(|entry| entry.kind == Kind::Validators);
            let counts: Vec<(u64, u64)> =
                pages.map(|entry| (entry.count.into(), entry.total.into())).collect();
            let page = missing_page(&counts);
            if is_light {
                let signed = has(&[Kind::Commit, Kind::Pair]);
                if has(&[Kind::Header]) && !signed {
                    lack(Part::Commit, height);
                }
                if signed && !has(&[Kind::Pair]) && counts.is_empty() {
                    lack(Part::Validators, height);
                }
                if let Some(page) = page {
                    lack(page, height);
                }
                continue;
            }
            let set_height = height.saturating_add(1);
            let has_set = !counts.is_empty();
            if set_height >= range.first && height <= range.last {
                has_first_set |= set_height == range.first && has_set;
                if let Some(page) = page {
                    lack(page, set_height);
                }
            }
            if !(range.first..=range.last).contains(&height) {
                continue;
            }
            let absent_to = if has(&[Kind::Block]) {
                height
            } else if has(&[Kind::Commit, Kind::Pair, Kind::Results]) {
                set_height
            } else {
                continue;
            };
            for height in (next..absent_to).take(most.saturating_add(1)) {
                lack(Part::Block, height);
            }
            next = set_height;
            if height == range.last && !has(&[Kind::Commit, Kind::Pair]) {
                lack(Part::Commit, height);
            }
        }
        if !is_light && !has_first_set {
            let height = Some(range.first);
            missing.insert(0, ImportError::Missing { part: Part::Validators, height });
            missing.truncate(most);
        }
        missing
    }

    /// Everything that a person may want to know before the import.
    pub fn summary(&self) -> Summary {
        let count = |kind| {
            let entries = self.entries.iter().filter(|entry| entry.kind == kind);
            crate::encoding::to_u64(entries.count())
        };
        let is_light = self.is_light();
        let head = if is_light { &self.head_signed } else { &self.head_block };
        let mut values = alloc::vec![
            ("abci_info", self.infos),
            ("block", count(Kind::Block)),
            ("block_results", count(Kind::Results)),
            ("blockchain", count(Kind::Meta)),
            ("commit", count(Kind::Commit)),
            ("consensus_params", count(Kind::Params)),
            ("genesis", u64::from(self.genesis.is_some())),
            ("genesis_chunked", count(Kind::GenesisChunk)),
            ("header", count(Kind::Header)),
            ("light_block", count(Kind::Pair)),
            ("status", self.statuses),
            ("validators", count(Kind::Validators)),
        ];
        values.retain(|(_, count)| *count > 0);
        let range = self.range();
        Summary {
            sources: crate::encoding::to_u64(self.sources.count()),
            bytes: self.sources.lengths.iter().fold(0, |sum, n| sum.saturating_add(*n)),
            values,
            chain_ids: self.chains.iter().map(|(chain_id, _)| chain_id.clone()).collect(),
            is_light,
            first: range.map(|range| range.first),
            last: range.map(|range| range.last),
            untrusted_head: head.as_ref().map(|header| Candidate {
                chain_id: header.chain_id.clone(),
                height: header.height,
                hash: header.compute_hash(),
            }),
            claimed_version: self.version.clone(),
            missing: self.missing(100).iter().map(ToString::to_string).collect(),
        }
    }

    /// Refuses an export of two chains, or with a part missing.
    pub(super) fn check(&self) -> Result<(), ImportError> {
        if let [(_, first), (_, second), ..] = self.chains.as_slice() {
            return Err(ImportError::Contradiction {
                subject: Subject::ChainId,
                height: None,
                first: self.sources.place(*first),
                second: self.sources.place(*second),
            });
        }
        self.missing(1).into_iter().next().map_or(Ok(()), Err)
    }
}

/// The page that a set lacks, from (validators on the page, validators in the set) of each page.
///
/// Pages carry no number. All but the last are equally long: a shorter one is the last.
pub(super) fn missing_page(pages: &[(u64, u64)]) -> Option<Part> {
    let total = pages.iter().map(|(_, total)| *total).max()?;
    let present_validators = pages.iter().fold(0_u64, |sum, (count, _)| sum.saturating_add(*count));
    if present_validators >= total {
        return None;
    }
    let longest = pages.iter().map(|(count, _)| *count).max()?.max(1);
    let needed = total.div_ceil(longest);
    let present = crate::encoding::to_u64(pages.len());
    let last_is_shorter = total.checked_rem(longest).is_some_and(|rest| rest > 0);
    let has_shorter = pages.iter().any(|(count, _)| *count < longest);
    // If only one is absent and the last is not there, it is the last.
    let is_last = present.saturating_add(1) == needed && last_is_shorter && !has_shorter;
    Some(Part::ValidatorsPage { page: is_last.then_some(needed), present, pages: needed })
}

#[cfg(test)]
mod tests;
