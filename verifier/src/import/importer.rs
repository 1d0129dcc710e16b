//! Pass 2: reads the values in the order of the heights and writes the container.

use alloc::{collections::VecDeque, string::ToString as _, vec::Vec};

use super::{
    decode::{self, Content, Page},
    error::{ImportError, Part, Subject},
    index::{At, Entry, Index, Range, missing_page},
    kind::Kind,
};
use crate::{
    encoding::{hex::Hash, json, protobuf::Message as _, to_u64},
    ledger::cometbft::{
        block_id::BlockId,
        commit::{BlockIdFlag, Commit},
        genesis::Genesis,
        header::Header,
        light::LightBlock,
        params::HashedParams,
        results::BlockResults,
        validator::ValidatorList,
    },
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
    group: Group,
    /// The set of the next block, and its hash.
    set: Option<(ValidatorList, Hash)>,
    before: Option<Before>,
    /// The set after the last light block, and the height at which it signs.
    next_set: Option<(ValidatorList, u64)>,
}

#[derive(Debug)]
struct Window {
    source: u32,
    offset: u64,
    bytes: Vec<u8>,
}

/// What is known about one height.
#[derive(Debug, Default)]
struct Group {
    height: u64,
    header: Option<(Header, At)>,
    block: Option<(decode::ExportedBlock, At)>,
    /// Block ids that stand beside a block or header.
    claimed_id: Option<(BlockId, At)>,
    commits: Commits,
    pages: Vec<(Page, At)>,
    validators: u64,
    pair_set: Option<(ValidatorList, At)>,
    pair_next_set: Option<(ValidatorList, At)>,
    params: Option<(HashedParams, At)>,
    results: Option<(BlockResults, At)>,
}

/// The block before, as far as its items are not written yet.
#[derive(Debug)]
struct Before {
    height: u64,
    commits: Commits,
    claimed_id: Option<(BlockId, At)>,
    results: Option<BlockResults>,
}

/// The two best commits of one height. Nodes may hold different ones, all of them valid.
#[derive(Debug, Default)]
struct Commits([Option<(Commit, At)>; 2]);

impl Commits {
    /// Keeps the two with most votes for the block; of equal ones, those whose encoding is lower.
    fn insert(&mut self, commit: Commit, at: At) {
        let [first, second] = &mut self.0;
        let equals = |held: &Option<(Commit, At)>| held.as_ref().is_some_and(|(c, _)| *c == commit);
        if equals(first) || equals(second) {
            return;
        }
        let beats = |held: &Option<(Commit, At)>| {
            held.as_ref().is_none_or(|(held, _)| {
                let votes = |commit: &Commit| {
                    let signatures = commit.signatures.iter();
                    signatures.filter(|signature| signature.flag == BlockIdFlag::Commit).count()
                };
                votes(held)
                    .cmp(&votes(&commit))
                    .then_with(|| commit.to_bytes().cmp(&held.to_bytes()))
                    .is_lt()
            })
        };
        if beats(first) {
            *second = first.replace((commit, at));
        } else if beats(second) {
            *second = Some((commit, at));
        }
    }

    /// The best one that is not `canonical`.
    fn best(&self, canonical: Option<&Commit>) -> Option<&(Commit, At)> {
        self.0.iter().flatten().find(|(commit, _)| Some(commit) != canonical)
    }
}

impl Importer {
    /// Plans the import. What the scan can tell to be missing, and chain ids that contradict each
    /// other, come back from the first [`Self::supply`], for which the request is empty.
    pub fn new(index: Index) -> Self {
        let range = index.range();
        let failure = index.check().err();
        let range = range.unwrap_or(Range { first: 0, last: 0 });
        let chain_id = index.chain_id().unwrap_or_default().to_string();
        let writer = snapshot::Writer::new(&Manifest {
            family: "cometbft".to_string(),
            chain_id,
            first: range.first,
            last: range.last,
        });
        let mut importer = Self {
            is_light: index.is_light(),
            range,
            position: 0,
            request: None,
            windows: VecDeque::new(),
            output: Vec::new(),
            writer: Some(writer),
            failure,
            genesis: index.genesis.as_ref().map(|(genesis, _)| *genesis),
            genesis_document: Vec::new(),
            genesis_chunks: 0,
            group: Group::default(),
            set: None,
            before: None,
            next_set: None,
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
    /// [`ImportError::Changed`] if their number is another, and every fault of the values that
    /// the scan could not see. After an error every call returns it again.
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

    fn insert(&mut self, content: Content, at: At) -> Result<(), ImportError> {
        let group = &mut self.group;
        let (subject, kept) = match content {
            Content::Block(block) => {
                let kept = keep(&mut group.header, block.header.clone(), at);
                self.agreed(Subject::Header, kept, at)?;
                let kept = keep(&mut self.group.claimed_id, block.id, at);
                self.agreed(Subject::BlockId, kept, at)?;
                (Subject::Block, keep(&mut self.group.block, block, at))
            }
            Content::Header(header) => (Subject::Header, keep(&mut group.header, header, at)),
            Content::Meta(header, id) => {
                let kept = keep(&mut group.header, header, at);
                self.agreed(Subject::Header, kept, at)?;
                (Subject::BlockId, keep(&mut self.group.claimed_id, id, at))
            }
            Content::Commit(header, commit) => {
                group.commits.insert(commit, at);
                (Subject::Header, keep(&mut group.header, header, at))
            }
            Content::Pair(pair) => {
                group.commits.insert(pair.commit, at);
                let mut kept = keep(&mut group.pair_set, pair.validators, at);
                if let Some(next) = pair.next_validators {
                    kept = kept.and_then(|()| keep(&mut group.pair_next_set, next, at));
                }
                self.agreed(Subject::Validators, kept, at)?;
                (Subject::Header, keep(&mut self.group.header, pair.header, at))
            }
            Content::Validators(page) => return self.insert_page(page, at),
            Content::Params(params) => {
                (Subject::ConsensusParams, keep(&mut group.params, params, at))
            }
            Content::Results(results) => {
                (Subject::BlockResults, keep(&mut group.results, results, at))
            }
            Content::GenesisChunk(_) => return Ok(()),
        };
        self.agreed(subject, kept, at)
    }

    /// Keeps a page unless the same is there already.
    fn insert_page(&mut self, page: Page, at: At) -> Result<(), ImportError> {
        let group = &mut self.group;
        if group.pages.iter().any(|(held, _)| *held == page) {
            return Ok(());
        }
        if let Some((held, first)) = group.pages.first()
            && held.total != page.total
        {
            let first = *first;
            return self.agreed(Subject::Validators, Err(first), at);
        }
        group.validators = group.validators.saturating_add(to_u64(page.list.validators.len()));
        // Pages of two lengths may overlap, but not over and over.
        if group.validators > self.index.limits.validators.saturating_mul(4) {
            let place = self.index.sources.place(at);
            return Err(ImportError::Limit { place, limit: "validators" });
        }
        group.pages.push((page, at));
        Ok(())
    }

    fn agreed(&self, subject: Subject, kept: Result<(), At>, at: At) -> Result<(), ImportError> {
        kept.map_err(|first| ImportError::Contradiction {
            subject,
            height: Some(self.group.height),
            first: self.index.sources.place(first),
            second: self.index.sources.place(at),
        })
    }

    fn genesis_chunk(&mut self, entry: Entry, bytes: &[u8]) -> Result<(), ImportError> {
        let document = &mut self.genesis_document;
        if entry.height.saturating_add(1) == self.genesis_chunks {
            // The same chunk again.
            return if document.ends_with(bytes) {
                Ok(())
            } else {
                let place = self.index.sources.place(entry.at());
                let (first, second) = (place.clone(), place);
                Err(ImportError::Contradiction {
                    subject: Subject::Genesis,
                    height: None,
                    first,
                    second,
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
        document.extend_from_slice(bytes);
        self.genesis_chunks = self.genesis_chunks.saturating_add(1);
        Ok(())
    }

    /// Reads the genesis document when all of its chunks are there.
    fn end_genesis(&mut self) -> Result<(), ImportError> {
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

    /// Writes what belongs to the height that was read.
    fn end_group(&mut self) -> Result<(), ImportError> {
        let mut group = core::mem::take(&mut self.group);
        if let (Some((header, at)), Some((id, claimed_at))) = (&group.header, &group.claimed_id)
            && id.hash != header.compute_hash()
        {
            return Err(self.contradiction(Subject::BlockId, group.height, *at, *claimed_at));
        }
        let height = if self.is_light { group.height } else { group.height.saturating_add(1) };
        let set = self.merge(core::mem::take(&mut group.pages), height)?;
        if self.is_light { self.light_group(group, set) } else { self.block_group(group, set) }
    }

    fn contradiction(&self, subject: Subject, height: u64, first: At, second: At) -> ImportError {
        ImportError::Contradiction {
            subject,
            height: Some(height),
            first: self.index.sources.place(first),
            second: self.index.sources.place(second),
        }
    }

    /// Puts pages together in the order of the set: highest power first, then lowest address.
    ///
    /// Within a page the node's order stays as it is; whether it is right, the hash decides.
    fn merge(
        &self,
        mut pages: Vec<(Page, At)>,
        height: u64,
    ) -> Result<Option<(ValidatorList, At)>, ImportError> {
        pages.sort_by(|(a, _), (b, _)| {
            let key = |page: &Page| {
                let first = page.list.validators.first();
                first.map(|first| (core::cmp::Reverse(first.power), first.address))
            };
            let longer = b.list.validators.len().cmp(&a.list.validators.len());
            key(a).cmp(&key(b)).then(longer)
        });
        let counts: Vec<(u64, u64)> = pages
            .iter()
            .map(|(page, _)| (to_u64(page.list.validators.len()), page.total))
            .collect();
        let mut pages = pages.into_iter();
        let Some((page, at)) = pages.next() else { return Ok(None) };
        let (total, mut list) = (page.total, page.list);
        for (page, page_at) in pages {
            let first = page.list.validators.first().map(|first| first.address);
            let overlap = list.validators.iter().position(|held| Some(held.address) == first);
            let held = overlap.and_then(|start| list.validators.get(start..)).unwrap_or_default();
            let both = held.len().min(page.list.validators.len());
            if held.get(..both) != page.list.validators.get(..both) {
                return Err(self.contradiction(Subject::Validators, height, at, page_at));
            }
            list.validators.extend(page.list.validators.into_iter().skip(both));
        }
        let held = to_u64(list.validators.len());
        if held < total {
            // Counted twice, overlapping pages can hide that one is missing.
            let part = missing_page(&counts).unwrap_or_else(|| Part::ValidatorsPage {
                page: None,
                present: to_u64(counts.len()),
                pages: to_u64(counts.len()).saturating_add(1),
            });
            return Err(ImportError::Missing { part, height: Some(height) });
        }
        if held > total {
            return Err(self.contradiction(Subject::Validators, height, at, at));
        }
        Ok(Some((list, at)))
    }

    fn item(&mut self, kind: snapshot::Kind, payload: &[u8]) {
        if let Some(writer) = &mut self.writer {
            writer.item(kind, payload);
        }
    }

    /// Block mode. `next_set` signs at the height after the group's.
    fn block_group(
        &mut self,
        group: Group,
        next_set: Option<(ValidatorList, At)>,
    ) -> Result<(), ImportError> {
        let height = group.height;
        let Some((block, at)) = group.block else {
            // Copies outside of the range of blocks, or the set of the first block.
            if height.saturating_add(1) == self.range.first {
                self.set = next_set.map(|(list, _)| with_hash(list));
            }
            return Ok(());
        };
        let missing_set =
            |height| ImportError::Missing { part: Part::Validators, height: Some(height) };
        let Some((set, set_hash)) = self.set.take() else { return Err(missing_set(height)) };
        if let Some((pair_set, pair_at)) = &group.pair_set
            && *pair_set != set
        {
            return Err(self.contradiction(Subject::Validators, height, at, *pair_at));
        }
        self.end_block_before(Some((&block, at)))?;
        if height == self.range.first {
            if let Some(genesis) = self.genesis.filter(|genesis| genesis.initial_height == height) {
                self.item(snapshot::Kind::Genesis, &genesis.to_bytes());
            }
            self.item(snapshot::Kind::Validators, &set.to_bytes());
        }
        let pair_next = group.pair_next_set;
        if let (Some((next, next_at)), Some((pair, pair_at))) = (&next_set, &pair_next)
            && next != pair
        {
            let height = height.saturating_add(1);
            return Err(self.contradiction(Subject::Validators, height, *next_at, *pair_at));
        }
        self.set = match next_set.or(pair_next) {
            Some((next, _)) if next == set => Some((set, set_hash)),
            Some((next, _)) => {
                self.item(snapshot::Kind::Validators, &next.to_bytes());
                Some(with_hash(next))
            }
            None if block.header.next_validators_hash == Some(set_hash) => Some((set, set_hash)),
            None if height == self.range.last => None,
            None => return Err(missing_set(height.saturating_add(1))),
        };
        if let Some((params, _)) = group.params {
            self.item(snapshot::Kind::ConsensusParams, &params.to_bytes());
        }
        self.item(snapshot::Kind::Block, &block.bytes);
        self.before = Some(Before {
            height,
            commits: group.commits,
            claimed_id: group.claimed_id,
            results: group.results.map(|(results, _)| results),
        });
        Ok(())
    }

    /// Writes commit and results of the block before, as far as the next block does not hold them.
    fn end_block_before(
        &mut self,
        next: Option<(&decode::ExportedBlock, At)>,
    ) -> Result<(), ImportError> {
        let Some(before) = self.before.take() else { return Ok(()) };
        let canonical = next.map(|(block, _)| &block.last_commit);
        let best = before.commits.best(canonical);
        // What names the block by its parts: the next header, or at the tip the commit.
        let named = match (next, best) {
            (Some((block, at)), _) => Some((block.header.last_block_id, at)),
            (None, Some((commit, at))) => Some((commit.block_id, *at)),
            (None, None) => None,
        };
        if let (Some((named, named_at)), Some((claimed, at))) = (named, before.claimed_id)
            && named != claimed
        {
            return Err(self.contradiction(Subject::BlockId, before.height, at, named_at));
        }
        match best {
            Some((commit, _)) => {
                let bytes = commit.to_bytes();
                self.item(snapshot::Kind::Commit, &bytes);
            }
            None if next.is_none() => {
                let height = Some(before.height);
                return Err(ImportError::Missing { part: Part::Commit, height });
            }
            None => {}
        }
        // Only the next header attests results.
        if let Some(results) = before.results.filter(|_| next.is_some()) {
            self.item(snapshot::Kind::BlockResults, &results.to_bytes());
        }
        Ok(())
    }

    /// Signed headers only. `set` signs at the group's height.
    fn light_group(
        &mut self,
        mut group: Group,
        set: Option<(ValidatorList, At)>,
    ) -> Result<(), ImportError> {
        let height = group.height;
        if let (Some((pages, at)), Some((pair, pair_at))) = (&set, &group.pair_set)
            && pages != pair
        {
            return Err(self.contradiction(Subject::Validators, height, *at, *pair_at));
        }
        let set = set.or_else(|| group.pair_set.take());
        let next_set = self.next_set.take();
        let commit = group.commits.best(None).map(|(commit, _)| commit.clone());
        let (Some((header, header_at)), Some(commit)) = (group.header.take(), commit) else {
            // A set alone helps only as the one that the light block before it announces.
            self.next_set = next_set;
            if let Some((set, at)) = set {
                match &self.next_set {
                    Some((known, next)) if *next == height && *known != set => {
                        return Err(self.contradiction(Subject::Validators, height, at, at));
                    }
                    None if self.before_height() == Some(height) => {
                        self.next_set = Some((set, height));
                    }
                    Some(_) | None => {}
                }
            }
            return Ok(());
        };
        let Some((set, _)) = set else {
            let height = Some(height);
            return Err(ImportError::Missing { part: Part::Validators, height });
        };
        if let Some((claimed, at)) = group.claimed_id
            && claimed != commit.block_id
        {
            return Err(self.contradiction(Subject::BlockId, height, header_at, at));
        }
        self.write_next_set(next_set, Some((&set, height)));
        let next_height = height.saturating_add(1);
        let next = group.pair_next_set.map(|(next, _)| next).filter(|next| *next != set);
        let block = LightBlock { header, commit, validators: set };
        self.item(snapshot::Kind::LightBlock, &block.to_bytes());
        self.next_set = next.map(|next| (next, next_height));
        self.before = Some(Before {
            height: next_height,
            commits: Commits::default(),
            claimed_id: None,
            results: None,
        });
        Ok(())
    }

    /// The height after the last light block.
    fn before_height(&self) -> Option<u64> {
        self.before.as_ref().map(|before| before.height)
    }

    /// Writes the set that the light block before announces, unless the next one holds it.
    fn write_next_set(
        &mut self,
        announced: Option<(ValidatorList, u64)>,
        next: Option<(&ValidatorList, u64)>,
    ) {
        let Some((announced, height)) = announced else { return };
        if next != Some((&announced, height)) {
            self.item(snapshot::Kind::Validators, &announced.to_bytes());
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

fn missing_chunk(chunk: u64) -> ImportError {
    ImportError::Missing { part: Part::GenesisChunk { chunk }, height: None }
}

fn with_hash(list: ValidatorList) -> (ValidatorList, Hash) {
    let hash = list.compute_hash();
    (list, hash)
}

/// Keeps the first of several copies; `Err` with its place if another copy differs.
fn keep<T: PartialEq>(slot: &mut Option<(T, At)>, value: T, at: At) -> Result<(), At> {
    match slot {
        Some((known, _)) if *known == value => Ok(()),
        Some((_, first)) => Err(*first),
        None => {
            *slot = Some((value, at));
            Ok(())
        }
    }
}
