//! What the contract would write.

use std::collections::{BTreeMap, VecDeque};

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use vidimus::merkle::sha256;

/// The writes of a block by ascending key: the last of each key, `None` for a removal.
pub(super) type Block = Vec<(Vec<u8>, Option<Vec<u8>>)>;

const ORGANIZATIONS: u32 = 40;
const SOURCES: u32 = 200;
/// Subjects that are enrolled in one block.
const ENROLLED: u32 = 1_000;

/// Draws records. Each changes the log of its subject, that of its organization and the sequence
/// of its source; one in four opens a request, one in four closes the oldest.
#[derive(Debug)]
pub(super) struct Workload {
    subjects: u32,
    numbers: ChaCha20Rng,
    requests: VecDeque<Vec<u8>>,
    opened: u32,
    /// What the first subjects were last given: the keys whose proofs are asked for.
    known: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Workload {
    pub(super) fn new(subjects: u32) -> Self {
        Self {
            subjects,
            numbers: ChaCha20Rng::from_seed([7; 32]),
            requests: VecDeque::new(),
            opened: 0,
            known: (0..super::PROOFS).map(|n| (subject(n), Vec::new())).collect(),
        }
    }

    /// Blocks that give every subject, organization and source a value.
    pub(super) fn population(&mut self) -> Vec<Block> {
        let others = (0..ORGANIZATIONS).map(organization).chain((0..SOURCES).map(source));
        let keys: Vec<Vec<u8>> = (0..self.subjects).map(subject).chain(others).collect();
        let size = usize::try_from(ENROLLED).unwrap_or(usize::MAX);
        keys.chunks(size)
            .map(|keys| {
                let mut block = BTreeMap::new();
                for key in keys {
                    let value = self.value();
                    self.set(&mut block, key.clone(), Some(value));
                }
                block.into_iter().collect()
            })
            .collect()
    }

    /// A block of this many records.
    pub(super) fn block(&mut self, records: u32) -> Block {
        let mut block = BTreeMap::new();
        for _ in 0..records {
            let written = [
                subject(self.below(self.subjects)),
                organization(self.below(ORGANIZATIONS)),
                source(self.below(SOURCES)),
            ];
            for key in written {
                let value = self.value();
                self.set(&mut block, key, Some(value));
            }
            match self.below(4) {
                0 => {
                    self.opened = self.opened.saturating_add(1);
                    let (key, value) = (named(b"request/", self.opened), self.value());
                    self.requests.push_back(key.clone());
                    self.set(&mut block, key, Some(value));
                }
                1 => {
                    if let Some(key) = self.requests.pop_front() {
                        self.set(&mut block, key, None);
                    }
                }
                _ => {}
            }
        }
        block.into_iter().collect()
    }

    /// A key that is there, and its value.
    pub(super) fn present(&self, n: u32) -> (Vec<u8>, Option<Vec<u8>>) {
        let key = subject(n);
        let value = self.known.get(&key).cloned();
        (key, value)
    }

    /// A key that never was there.
    #[expect(clippy::unused_self, reason = "as its twin")]
    pub(super) fn absent(&self, n: u32) -> (Vec<u8>, Option<Vec<u8>>) {
        (named(b"nobody/", n), None)
    }

    fn set(
        &mut self,
        block: &mut BTreeMap<Vec<u8>, Option<Vec<u8>>>,
        key: Vec<u8>,
        value: Option<Vec<u8>>,
    ) {
        if let (Some(known), Some(value)) = (self.known.get_mut(&key), &value) {
            known.clone_from(value);
        }
        block.insert(key, value);
    }

    /// 40 to 300 bytes.
    fn value(&mut self) -> Vec<u8> {
        let length = self.below(261).saturating_add(40);
        let mut value = vec![0; usize::try_from(length).unwrap_or_default()];
        self.numbers.fill_bytes(&mut value);
        value
    }

    fn below(&mut self, bound: u32) -> u32 {
        self.numbers.next_u32().checked_rem(bound).unwrap_or_default()
    }
}

fn subject(n: u32) -> Vec<u8> {
    named(b"subject/", n)
}

fn organization(n: u32) -> Vec<u8> {
    named(b"organization/", n)
}

fn source(n: u32) -> Vec<u8> {
    named(b"source/", n)
}

/// A kind and 32 bytes, as of a public key or a record id.
fn named(kind: &[u8], n: u32) -> Vec<u8> {
    [kind, sha256(&[kind, &n.to_le_bytes()]).as_bytes()].concat()
}
