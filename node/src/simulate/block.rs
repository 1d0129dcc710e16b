//! What the simulation hands out.

use vidimus::{
    anchor::TrustAnchor,
    encoding::hex::Hash,
    ledger::cometbft::{
        block_id::BlockId, commit::Commit, light::LightBlock, signed_header::SignedHeader,
    },
};

use super::{config::Config, hooks::BlockDraft, rotation::RotatedSet};

/// A block with its commit, its sets, and the bytes that it adds to the container.
#[derive(Clone, Debug)]
pub struct SimulatedBlock {
    /// Header and contents.
    pub draft: BlockDraft,
    /// The block's bytes.
    pub bytes: Vec<u8>,
    /// Header hash and part set.
    pub block_id: BlockId,
    /// The commit over it, which the next block carries.
    pub commit: Commit,
    /// The set that signs it.
    pub validators: RotatedSet,
    /// The set that signs the next block.
    pub next_validators: RotatedSet,
    /// State of the application after it, which the next header commits to.
    pub next_app_hash: Hash,
    /// Bytes of the container up to and including this block; after the last, to the end.
    pub container: Vec<u8>,
    /// Whether it is the last.
    pub is_last: bool,
}

impl SimulatedBlock {
    /// Height in the simulation.
    pub fn height(&self) -> u64 {
        self.draft.height
    }

    /// Header hash.
    pub fn hash(&self) -> Hash {
        self.block_id.hash.unwrap_or(Hash([0; 32]))
    }

    /// Signed header and validator set.
    pub fn light_block(&self) -> LightBlock {
        LightBlock {
            signed_header: SignedHeader {
                header: self.draft.header.clone(),
                commit: self.commit.clone(),
            },
            validators: self.validators.list().clone(),
        }
    }

    /// The anchor line for this block.
    pub fn anchor(&self, config: &Config) -> TrustAnchor {
        TrustAnchor {
            profile: config.profile,
            chain_id: config.chain_id.clone(),
            height: self.height(),
            header_hash: self.hash(),
        }
    }
}

/// A whole ledger in memory, for tests.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The container.
    pub container: Vec<u8>,
    /// Every block, those left out of the container too.
    pub blocks: Vec<SimulatedBlock>,
    /// The anchor at the last block.
    pub anchor: TrustAnchor,
}
