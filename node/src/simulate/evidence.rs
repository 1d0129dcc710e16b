//! Equivocation that is found out: genuine duplicate-vote evidence.

use vidimus::{
    encoding::{hex::Hash, time::Timestamp},
    ledger::cometbft::{
        block_id::{BlockId, PartSetHeader},
        commit::SignatureBytes,
        evidence::{DuplicateVote, Evidence, Vote},
        validator::{ValidatorKey, ValidatorList},
        vote::{PRECOMMIT, PREVOTE},
    },
};

use super::rotation::total_power;
use crate::{
    numbers::{Draw, Use, after, to_i64},
    test_keys,
};

/// The block before the one that carries the evidence, at whose height the votes were cast.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub(super) seed: u64,
    pub(super) height: u64,
    pub(super) round: i32,
    pub(super) block_id: BlockId,
    pub(super) block_time: Timestamp,
    pub(super) list: &'a ValidatorList,
    pub(super) chain_id: &'a str,
}

/// Draws a validator that voted for the block and for something else.
///
/// CometBFT v0.38.21 `types/evidence.go` `NewDuplicateVoteEvidence`: powers and time are those of
/// the votes' height; the vote whose block id sorts first is vote A.
pub(super) fn draw(scene: &Scene<'_>) -> Option<Evidence> {
    let mut draw = Draw::new(scene.seed, scene.height, Use::Evidence);
    let index = draw.index(scene.list.validators.len());
    let member = scene.list.validators.get(index)?;
    let ValidatorKey::Ed25519(public) = &member.key else { return None };
    let key = test_keys::by_public(public)?;
    let vote_type = if draw.percent(50) { PRECOMMIT } else { PREVOTE };
    let other = if draw.percent(25) { BlockId::default() } else { draw_block_id(&mut draw) };
    let mut vote = |block_id| {
        let mut vote = Vote {
            vote_type,
            height: scene.height,
            round: scene.round,
            block_id,
            timestamp: after(scene.block_time, draw.below(900_000_000).saturating_add(1_000_000)),
            validator_address: Some(member.address),
            validator_index: i32::try_from(index).unwrap_or(i32::MAX),
            signature: SignatureBytes::EMPTY,
            extension: Vec::new(),
            extension_signature: Vec::new(),
        };
        vote.signature = key.sign(&vote.sign_bytes(scene.chain_id));
        vote
    };
    let (one, two) = (vote(scene.block_id), vote(other));
    let in_order = one.block_id.hash < two.block_id.hash;
    let (vote_a, vote_b) = if in_order { (one, two) } else { (two, one) };
    let evidence = DuplicateVote {
        vote_a,
        vote_b,
        total_voting_power: total_power(scene.list),
        validator_power: to_i64(member.power),
        timestamp: scene.block_time,
    };
    Some(Evidence::DuplicateVote(Box::new(evidence)))
}

fn draw_block_id(draw: &mut Draw) -> BlockId {
    let mut hash = || {
        let mut bytes = [0; 32];
        draw.fill(&mut bytes);
        Some(Hash(bytes))
    };
    BlockId { hash: hash(), parts: PartSetHeader { total: 1, hash: hash() } }
}
