//! Where in an item's bytes a field path leads: for the place of a failure, and of a signature.

use core::iter;

use crate::{
    encoding::{protobuf::Reader, to_u64},
    snapshot::Kind,
};

/// The fields of a message by name: the field numbers that lead there, and the fields of what is there.
#[derive(Clone, Copy)]
struct Names(&'static [(&'static str, &'static [u64], Self)]);

const NONE: Names = Names(&[]);
const PARTS: Names = Names(&[("total", &[1], NONE), ("hash", &[2], NONE)]);
const BLOCK_ID: Names = Names(&[("hash", &[1], NONE), ("part_set_header", &[2], PARTS)]);
const VERSION: Names = Names(&[("block", &[1], NONE), ("app", &[2], NONE)]);
const HEADER: Names = Names(&[
    ("version", &[1], VERSION),
    ("chain_id", &[2], NONE),
    ("height", &[3], NONE),
    ("time", &[4], NONE),
    ("last_block_id", &[5], BLOCK_ID),
    ("last_commit_hash", &[6], NONE),
    ("data_hash", &[7], NONE),
    ("validators_hash", &[8], NONE),
    ("next_validators_hash", &[9], NONE),
    ("consensus_hash", &[10], NONE),
    ("app_hash", &[11], NONE),
    ("last_results_hash", &[12], NONE),
    ("evidence_hash", &[13], NONE),
    ("proposer_address", &[14], NONE),
]);
const COMMIT_SIGNATURE: Names = Names(&[
    ("block_id_flag", &[1], NONE),
    ("validator_address", &[2], NONE),
    ("timestamp", &[3], NONE),
    ("signature", &[4], NONE),
]);
const COMMIT: Names = Names(&[
    ("height", &[1], NONE),
    ("round", &[2], NONE),
    ("block_id", &[3], BLOCK_ID),
    ("signatures", &[4], COMMIT_SIGNATURE),
]);
const VOTE: Names = Names(&[("signature", &[8], NONE)]);
/// Duplicate votes; other evidence is not judged.
const EVIDENCE: Names = Names(&[("vote_a", &[1, 1], VOTE), ("vote_b", &[1, 2], VOTE)]);
const VALIDATOR: Names =
    Names(&[("address", &[1], NONE), ("pub_key", &[2], NONE), ("voting_power", &[3], NONE)]);
const VALIDATORS: Names = Names(&[("validators", &[1], VALIDATOR)]);
const BLOCK: Names = Names(&[
    ("header", &[1], HEADER),
    ("txs", &[2, 1], NONE),
    ("evidence", &[3, 1], EVIDENCE),
    ("last_commit", &[4], COMMIT),
]);
const SIGNED_HEADER: Names = Names(&[("header", &[1], HEADER), ("commit", &[2], COMMIT)]);
const LIGHT_BLOCK: Names = Names(&[
    ("signed_header", &[1], SIGNED_HEADER),
    ("header", &[1, 1], HEADER),
    ("validator_set", &[2], VALIDATORS),
]);

/// The offset in an item's bytes of what stands at `path`, or of the innermost message on the way
/// that is there. A path may begin with the item's name.
///
/// # Cost
/// O(n) in the number of fields on the way.
pub(crate) fn locate(kind: Kind, bytes: &[u8], path: &str) -> u64 {
    let (name, mut names) = match kind {
        Kind::Block => ("block", BLOCK),
        Kind::Commit => ("commit", COMMIT),
        Kind::LightBlock => ("light_block", LIGHT_BLOCK),
        Kind::Validators => ("validators", VALIDATORS),
        Kind::Manifest
        | Kind::Genesis
        | Kind::ConsensusParams
        | Kind::BlockResults
        | Kind::State
        | Kind::End => return 0,
    };
    let mut segments = path.split('.').peekable();
    segments.next_if_eq(&name);
    let mut reader = Reader::new(bytes);
    for segment in segments {
        let (name, index) = match segment.split_once('[') {
            Some((name, index)) => (name, index.trim_end_matches(']').parse().unwrap_or_default()),
            None => (segment, 0),
        };
        let Some((_, numbers, inner)) = names.0.iter().find(|(known, ..)| *known == name) else {
            break;
        };
        names = *inner;
        let last = numbers.len().saturating_sub(1);
        for (position, number) in numbers.iter().enumerate() {
            let nth = if position == last { index } else { 0 };
            match elements(reader, *number).nth(nth) {
                Some(found) => reader = found,
                None => return to_u64(reader.offset()),
            }
        }
    }
    to_u64(reader.offset())
}

/// The elements of a repeated field, or the one of another: readers at their content, or at the tag
/// of a number. Ends where the bytes do not decode.
pub(crate) fn elements(mut reader: Reader<'_>, number: u64) -> impl Iterator<Item = Reader<'_>> {
    iter::from_fn(move || {
        loop {
            let at = reader;
            let field = reader.next_field().ok()??;
            if field.number == number {
                return Some(field.message().unwrap_or(at));
            }
        }
    })
}

/// The offset of a field, or of the message that lacks it.
pub(crate) fn offset_of(message: Reader<'_>, number: u64) -> u64 {
    to_u64(elements(message, number).next().unwrap_or(message).offset())
}

/// Counts the elements of a repeated field at a path of field numbers, before anything is allocated.
pub(crate) fn count_elements(bytes: &[u8], path: &[u64]) -> u64 {
    fn count(message: Reader<'_>, path: &[u64]) -> u64 {
        let Some((number, rest)) = path.split_first() else { return 1 };
        elements(message, *number)
            .fold(0, |sum: u64, element| sum.saturating_add(count(element, rest)))
    }
    count(Reader::new(bytes), path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encoding::{
            hex::{Address, Hash},
            protobuf::Message as _,
            time::Timestamp,
        },
        ledger::cometbft::{
            block_id::{BlockId, PartSetHeader},
            commit::{BlockIdFlag, Commit, CommitSignature, SignatureBytes},
        },
    };

    fn commit() -> Commit {
        let entry = |byte| CommitSignature {
            flag: BlockIdFlag::Commit,
            address: Some(Address([byte; 20])),
            timestamp: Timestamp::ZERO,
            signature: SignatureBytes::from_slice(&[byte; 64]).unwrap(),
        };
        let hash = Some(Hash([7; 32]));
        Commit {
            height: 5,
            round: 1,
            block_id: BlockId { hash, parts: PartSetHeader { total: 1, hash } },
            signatures: alloc::vec![entry(0xa1), CommitSignature::ABSENT, entry(0xa3)],
        }
    }

    #[test]
    fn path_leads_to_the_content_of_the_field_it_names() {
        let bytes = commit().to_bytes();
        let content = |path: &str| {
            let start = usize::try_from(locate(Kind::Commit, &bytes, path)).unwrap();
            bytes[start..].to_vec()
        };
        assert!(content("commit.signatures[2].signature").starts_with(&[0xa3; 64]));
        assert!(content("signatures[0].validator_address").starts_with(&[0xa1; 20]));
        assert!(content("block_id.part_set_header.hash").starts_with(&[7; 32]));
        // Of a number: its tag.
        assert!(content("commit.round").starts_with(&[0x10, 1]));
    }

    #[test]
    fn path_that_is_not_there_leads_to_the_innermost_message_that_is() {
        let bytes = commit().to_bytes();
        let at = |path: &str| locate(Kind::Commit, &bytes, path);
        assert_eq!(at("commit.signatures[1].signature"), at("commit.signatures[1]"));
        assert_eq!(at("commit.signatures[9]"), 0);
        assert_eq!([at("commit"), at("commit.nothing")], [0, 0]);
        assert_eq!(locate(Kind::Validators, &[0x0a, 0], "validators"), 0);
        assert_eq!(locate(Kind::Genesis, &bytes, "genesis.initial_height"), 0);
    }

    #[test]
    fn elements_are_counted_at_every_depth() {
        let bytes = commit().to_bytes();
        let count = |path| count_elements(&bytes, path);
        assert_eq!([count(&[4]), count(&[4, 4]), count(&[9])], [3, 2, 0]);
    }
}
