//! `/block` and `/commit`.

use data_encoding::HEXUPPER;
use vidimus::ledger::cometbft::{
    block_id::BlockId,
    commit::{Commit, CommitSignature},
    evidence::{DuplicateVote, Evidence, Vote},
    header::Header,
};

use super::{
    File, Line,
    json::{Object, array, base64},
};
use crate::simulate::SimulatedBlock;

pub(super) fn block(block: &SimulatedBlock, line: Line) -> File {
    let draft = &block.draft;
    let transactions =
        array(draft.transactions.iter().map(|bytes| format!(r#""{}""#, base64(bytes))));
    let evidence = array(draft.evidence.iter().filter_map(|item| evidence(item, line)));
    let content = Object::new()
        .raw("header", header(&draft.header))
        .raw("data", Object::new().raw("txs", transactions).end())
        .raw("evidence", Object::new().raw("evidence", evidence).end())
        .raw("last_commit", commit_message(&draft.last_commit))
        .end();
    let result =
        Object::new().raw("block_id", block_id(&block.block_id)).raw("block", content).end();
    File::new(format!("block_{}.json", block.height()), &result)
}

/// The commit of the last block is the one this node saw, not the one that a block carries.
pub(super) fn commit(block: &SimulatedBlock) -> File {
    let signed = Object::new()
        .raw("header", header(&block.draft.header))
        .raw("commit", commit_message(&block.commit))
        .end();
    let result = Object::new().raw("signed_header", signed).raw("canonical", !block.is_last).end();
    File::new(format!("commit_{}.json", block.height()), &result)
}

fn header(header: &Header) -> String {
    let version =
        Object::new().plain("block", header.version_block).plain("app", header.version_app).end();
    let object = Object::new()
        .raw("version", version)
        .text("chain_id", &header.chain_id)
        .plain("height", header.height)
        .plain("time", header.time)
        .raw("last_block_id", block_id(&header.last_block_id))
        .hash("last_commit_hash", header.last_commit_hash)
        .hash("data_hash", header.data_hash)
        .hash("validators_hash", header.validators_hash)
        .hash("next_validators_hash", header.next_validators_hash)
        .hash("consensus_hash", header.consensus_hash)
        .plain("app_hash", HEXUPPER.encode(&header.app_hash))
        .hash("last_results_hash", header.last_results_hash)
        .hash("evidence_hash", header.evidence_hash);
    let proposer = header.proposer_address.map_or_else(String::new, |address| address.to_string());
    object.plain("proposer_address", proposer).end()
}

fn block_id(id: &BlockId) -> String {
    let parts = Object::new().raw("total", id.parts.total).hash("hash", id.parts.hash).end();
    Object::new().hash("hash", id.hash).raw("parts", parts).end()
}

fn commit_message(commit: &Commit) -> String {
    Object::new()
        .plain("height", commit.height)
        .raw("round", commit.round)
        .raw("block_id", block_id(&commit.block_id))
        .raw("signatures", array(commit.signatures.iter().map(entry)))
        .end()
}

fn entry(entry: &CommitSignature) -> String {
    let address = entry.address.map_or_else(String::new, |address| address.to_string());
    Object::new()
        .raw("block_id_flag", entry.flag.code())
        .plain("validator_address", address)
        .plain("timestamp", entry.timestamp)
        .bytes("signature", entry.signature.as_slice())
        .end()
}

/// Duplicate votes; attacks on light clients are not simulated.
fn evidence(item: &Evidence, line: Line) -> Option<String> {
    let Evidence::DuplicateVote(item) = item else { return None };
    let DuplicateVote { vote_a, vote_b, total_voting_power, validator_power, timestamp } = &**item;
    let value = Object::new()
        .raw("vote_a", vote(vote_a, line))
        .raw("vote_b", vote(vote_b, line))
        // These three have no JSON tag in `types/evidence.go`: Go prints the fields' own names.
        .plain("TotalVotingPower", total_voting_power)
        .plain("ValidatorPower", validator_power)
        .plain("Timestamp", timestamp)
        .end();
    let object = Object::new().plain("type", "tendermint/DuplicateVoteEvidence");
    Some(object.raw("value", value).end())
}

fn vote(vote: &Vote, line: Line) -> String {
    let address = vote.validator_address.map_or_else(String::new, |address| address.to_string());
    let object = Object::new()
        .raw("type", vote.vote_type)
        .plain("height", vote.height)
        .raw("round", vote.round)
        .raw("block_id", block_id(&vote.block_id))
        .plain("timestamp", vote.timestamp)
        .plain("validator_address", address)
        .raw("validator_index", vote.validator_index)
        .bytes("signature", vote.signature.as_slice());
    if line == Line::Before038 {
        return object.end();
    }
    let object = object.bytes("extension", &vote.extension);
    object.bytes("extension_signature", &vote.extension_signature).end()
}
