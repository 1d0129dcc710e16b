//! Where a test can play the attacker: the drafts of each stage, and the hooks that change them.

use std::fmt;

use vidimus::{
    encoding::protobuf::Message as _,
    ledger::cometbft::{
        block::Block, commit::Commit, evidence::Evidence, header::Header, params::HashedParams,
        results::BlockResults, validator::ValidatorList,
    },
    snapshot::{Kind, Manifest},
};

use super::{updates::ValidatorUpdate, votes::VotePlan};

/// A block on its way: first without, then with the hashes of its contents in the header.
#[derive(Clone, Debug)]
pub struct BlockDraft {
    /// Height in the simulation, whatever the header says.
    pub height: u64,
    /// Header. Before the hashes: everything but the data, last-commit, evidence and consensus hash.
    pub header: Header,
    /// Transactions.
    pub transactions: Vec<Vec<u8>>,
    /// Evidence of misbehavior.
    pub evidence: Vec<Evidence>,
    /// Commit of the block before.
    pub last_commit: Commit,
    /// Parameters that the header commits to.
    pub params: HashedParams,
    /// Results that the next header will commit to.
    pub results: BlockResults,
    /// Changes to the validator set of the height after the next.
    pub updates: Vec<ValidatorUpdate>,
}

impl BlockDraft {
    fn as_block(&self) -> Block<'_> {
        Block {
            header: self.header.clone(),
            transactions: self.transactions.iter().map(Vec::as_slice).collect(),
            evidence: self.evidence.clone(),
            last_commit: self.last_commit.clone(),
        }
    }

    /// Writes the hashes of the contents into the header.
    pub fn compute_hashes(&mut self) {
        let block = self.as_block();
        let data_hash = block.compute_data_hash();
        let evidence_hash = block.compute_evidence_hash();
        self.header.data_hash = Some(data_hash);
        self.header.evidence_hash = Some(evidence_hash);
        self.header.last_commit_hash = Some(self.last_commit.compute_hash());
        self.header.consensus_hash = Some(self.params.compute_hash());
    }

    /// The block's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.as_block().to_bytes()
    }
}

/// A block's bytes before its part set and its votes.
#[derive(Clone, Debug)]
pub struct EncodedDraft {
    /// Height in the simulation.
    pub height: u64,
    /// Encoding of the block.
    pub bytes: Vec<u8>,
}

/// A commit after signing, before the next block and the container take it.
#[derive(Clone, Debug)]
pub struct CommitDraft {
    /// Height in the simulation.
    pub height: u64,
    /// The commit.
    pub commit: Commit,
}

/// The validator set of a height.
#[derive(Clone, Debug)]
pub struct SetDraft {
    /// The first height that it signs.
    pub height: u64,
    /// The list.
    pub list: ValidatorList,
}

/// An item of the container before framing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Item {
    /// What it holds.
    pub kind: Kind,
    /// The ledger's bytes.
    pub bytes: Vec<u8>,
}

/// The items that one height adds to the container: the results of the block before, sets and
/// parameters, the block itself, and after the last block its commit.
#[derive(Clone, Debug)]
pub struct ItemsDraft {
    /// Height in the simulation.
    pub height: u64,
    /// The items in order.
    pub items: Vec<Item>,
}

struct Hook<T>(Box<dyn FnMut(&mut T)>);

struct Stage<T>(Vec<Hook<T>>);

impl<T> Default for Stage<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> fmt::Debug for Stage<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} hooks", self.0.len())
    }
}

impl<T> Stage<T> {
    fn run(&mut self, draft: &mut T) {
        for hook in &mut self.0 {
            (hook.0)(draft);
        }
    }
}

/// Functions that change drafts. Each stage may have several, which run in the order they came.
///
/// Hooks run for every height; the draft's `height` says which one it is.
#[derive(Debug, Default)]
pub struct Hooks {
    manifest: Stage<Manifest>,
    set: Stage<SetDraft>,
    block: Stage<BlockDraft>,
    header: Stage<BlockDraft>,
    encoded: Stage<EncodedDraft>,
    votes: Stage<VotePlan>,
    commit: Stage<CommitDraft>,
    listed: Stage<SetDraft>,
    items: Stage<ItemsDraft>,
}

macro_rules! stages {
    ($($(#[$meta:meta])* $on:ident, $run:ident, $field:ident: $draft:ty;)*) => {
        impl Hooks {
            $(
                $(#[$meta])*
                #[must_use]
                pub fn $on(mut self, hook: impl FnMut(&mut $draft) + 'static) -> Self {
                    self.$field.0.push(Hook(Box::new(hook)));
                    self
                }

                pub(super) fn $run(&mut self, draft: &mut $draft) {
                    self.$field.run(draft);
                }
            )*
        }
    };
}

stages! {
    /// What the container says of itself.
    on_manifest, run_manifest, manifest: Manifest;
    /// A validator set as it comes into being: headers commit to what is left, it signs.
    on_set, run_set, set: SetDraft;
    /// A block before the hashes of its contents are computed.
    on_block, run_block, block: BlockDraft;
    /// A block with its hashes, before its bytes, its block id and its votes.
    on_header, run_header, header: BlockDraft;
    /// A block's bytes, before its part set and its votes.
    on_encoded, run_encoded, encoded: EncodedDraft;
    /// Who votes, for what, when, and with which key.
    on_votes, run_votes, votes: VotePlan;
    /// A signed commit. The next block's contents, hashes and time follow from what is left.
    on_commit, run_commit, commit: CommitDraft;
    /// A validator set as the container lists it.
    on_listed, run_listed, listed: SetDraft;
    /// The items of a height before framing: they can be changed, dropped, doubled, moved.
    on_items, run_items, items: ItemsDraft;
}
