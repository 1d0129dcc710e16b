//! The ledger in the making: drafts by block and time, then signed blocks.

use std::{collections::BTreeMap, fmt, mem};

use vidimus::{
    encoding::hex::Hash,
    record::{
        Body, Record,
        instant::Instant,
        source::{Schema, Source},
    },
};

use super::{
    keys::{KeyId, KeyRing},
    terms::at,
    truth::{Expected, Placed},
};
use crate::{numbers::to_u64, records::sign};

/// The place of a record that is drafted and not signed yet: others refer to it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Slot(usize);

/// The records that were signed, by slot.
#[derive(Debug, Default)]
pub(super) struct Slots(Vec<Option<Hash>>);

impl Slots {
    /// Id of the record in a slot; none before it is signed.
    pub(super) fn id(&self, slot: Slot) -> Option<Hash> {
        self.0.get(slot.0).copied().flatten()
    }
}

/// What becomes of a record, and of its signer's numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Standing {
    /// It is recorded under the next number.
    Recorded,
    /// It is recorded, one number late.
    AfterGap,
    /// It is recorded, and links to another record than the one before.
    WrongLink,
    /// It is refused, its number unused.
    Refused,
    /// It is refused, since its signature is changed.
    Forged,
}

/// Fills a body in when the records it refers to have ids.
struct Make(Box<dyn Filling>);

/// What [`Make`] runs.
trait Filling: FnOnce(Source, &Slots) -> Option<Body> {}

impl<T: FnOnce(Source, &Slots) -> Option<Body>> Filling for T {}

impl fmt::Debug for Make {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Make(..)")
    }
}

/// A record to come.
#[derive(Debug)]
pub(super) struct Draft {
    signer: KeyId,
    make: Make,
    /// When it happens by the signer's clock.
    recorded_at: u64,
    pub(super) slot: Option<Slot>,
    pub(super) standing: Standing,
    pub(super) findings: Vec<Expected>,
}

impl Draft {
    pub(super) fn new(
        signer: KeyId,
        recorded_at: u64,
        make: impl FnOnce(Source, &Slots) -> Option<Body> + 'static,
    ) -> Self {
        let make = Make(Box::new(make));
        let findings = Vec::new();
        Self { signer, make, recorded_at, slot: None, standing: Standing::Recorded, findings }
    }
}

/// A transaction to come.
#[derive(Debug)]
enum Entry {
    Draft(Draft),
    /// The bytes of a record once more.
    Replay(Slot, Vec<Expected>),
}

/// Blocks by time, each with what it will hold.
#[derive(Debug, Default)]
pub(super) struct Book {
    blocks: BTreeMap<u64, Vec<(u64, Entry)>>,
    slots: usize,
}

/// A block that is signed.
#[derive(Clone, Debug)]
pub(super) struct PlannedBlock {
    pub(super) time: Instant,
    pub(super) transactions: Vec<Vec<u8>>,
}

/// All blocks, and what an audit must find in them.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) blocks: Vec<PlannedBlock>,
    pub(super) findings: Vec<Placed>,
}

impl Book {
    pub(super) fn slot(&mut self) -> Slot {
        self.slots = self.slots.saturating_add(1);
        Slot(self.slots.saturating_sub(1))
    }

    /// Puts a record into the block of this time.
    pub(super) fn put(&mut self, block: u64, draft: Draft) {
        let recorded_at = draft.recorded_at;
        self.blocks.entry(block).or_default().push((recorded_at, Entry::Draft(draft)));
    }

    /// Puts a record whose id others need.
    pub(super) fn put_known(&mut self, block: u64, draft: Draft) -> Slot {
        let slot = self.slot();
        self.put(block, Draft { slot: Some(slot), ..draft });
        slot
    }

    /// Sends the bytes of a record once more, at the end of the block of this time.
    pub(super) fn replay(&mut self, block: u64, slot: Slot, finding: Expected) {
        let entry = Entry::Replay(slot, vec![finding]);
        self.blocks.entry(block).or_default().push((u64::MAX, entry));
    }

    /// Signs everything, block by block, in the order of the signers' clocks.
    ///
    /// `None` only if a draft refers to a record that comes later.
    pub(super) fn write(mut self, keys: &mut KeyRing, chain_id: &str) -> Option<Written> {
        let mut written = Written::default();
        let mut slots = Slots(vec![None; self.slots]);
        let mut kept: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
        let replayed: Vec<usize> = self.replayed();
        for (time, entries) in parted(mem::take(&mut self.blocks)) {
            let height = to_u64(written.blocks.len()).saturating_add(1);
            let mut transactions = Vec::new();
            for (_, entry) in entries {
                let index = Some(to_u64(transactions.len()));
                let (bytes, findings) = match entry {
                    Entry::Draft(draft) => {
                        let (slot, findings) = (draft.slot, draft.findings.clone());
                        let (bytes, id) = signed(draft, keys, &slots, chain_id)?;
                        if let Some(Slot(slot)) = slot {
                            *slots.0.get_mut(slot)? = Some(id);
                            if replayed.contains(&slot) {
                                kept.insert(slot, bytes.clone());
                            }
                        }
                        (bytes, findings)
                    }
                    Entry::Replay(Slot(slot), findings) => (kept.get(&slot)?.clone(), findings),
                };
                transactions.push(bytes);
                let placed = |expected| Placed { height, index, expected };
                written.findings.extend(findings.into_iter().map(placed));
            }
            written.blocks.push(PlannedBlock { time: at(time)?, transactions });
        }
        Some(written)
    }

    fn replayed(&self) -> Vec<usize> {
        let entries = self.blocks.values().flatten();
        let slot = |(_, entry): &(u64, Entry)| match entry {
            Entry::Replay(Slot(slot), _) => Some(*slot),
            Entry::Draft(_) => None,
        };
        entries.filter_map(slot).collect()
    }
}

/// Most transactions of a block: a block of more is followed by others, a millisecond apart.
const BLOCK_TRANSACTIONS: usize = 2_000;

/// The blocks with their times, their entries in the order of the signers' clocks.
fn parted(
    blocks: BTreeMap<u64, Vec<(u64, Entry)>>,
) -> impl Iterator<Item = (u64, Vec<(u64, Entry)>)> {
    blocks.into_iter().flat_map(|(time, mut entries)| {
        entries.sort_by_key(|(recorded_at, _)| *recorded_at);
        let mut parts = Vec::new();
        while entries.len() > BLOCK_TRANSACTIONS {
            let rest = entries.split_off(BLOCK_TRANSACTIONS);
            parts.push(mem::replace(&mut entries, rest));
        }
        parts.push(entries);
        (time..).zip(parts)
    })
}

/// The bytes and the id of a record under its signer's next number.
fn signed(
    draft: Draft,
    keys: &mut KeyRing,
    slots: &Slots,
    chain_id: &str,
) -> Option<(Vec<u8>, Hash)> {
    let Draft { signer, make, recorded_at, standing, .. } = draft;
    let signing = keys.signing(signer)?;
    let step = if standing == Standing::AfterGap { 2 } else { 1 };
    let sequence = signing.sequence.saturating_add(step);
    let previous = match standing {
        Standing::WrongLink => Some(Hash([0x5A; 32])),
        Standing::Recorded | Standing::AfterGap | Standing::Refused | Standing::Forged => {
            signing.last
        }
    };
    let recorded_at = at(recorded_at)?;
    let source = Source { schema: Schema::V1, sequence, previous, recorded_at };
    let body = (make.0)(source, slots)?;
    let mut bytes = sign(&body, &signing.key, chain_id);
    let id = Record::decode(&bytes, chain_id).ok()?.0.id;
    match standing {
        Standing::Recorded | Standing::AfterGap | Standing::WrongLink => {
            signing.sequence = sequence;
            signing.last = Some(id);
        }
        Standing::Refused => {}
        Standing::Forged => *bytes.last_mut()? ^= 1,
    }
    Some((bytes, id))
}
