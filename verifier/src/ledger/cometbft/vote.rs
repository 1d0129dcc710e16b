//! What a validator signs: the canonical precommit.

use alloc::vec::Vec;

use super::block_id::BlockId;
use crate::encoding::{
    protobuf::{Message as _, Writer},
    time::Timestamp,
};

/// `SignedMsgType` PREVOTE.
pub const PREVOTE: u64 = 1;
/// `SignedMsgType` PRECOMMIT.
pub const PRECOMMIT: u64 = 2;

/// The sign-bytes of the votes of one height, round and block; only the timestamp differs among them.
///
/// `CanonicalVote` (CometBFT v0.38.21 `proto/tendermint/types/canonical.proto`), length-prefixed:
/// `uvarint(len) ‖ type ‖ sfixed64 height ‖ sfixed64 round ‖ block id ‖ timestamp ‖ chain id`.
#[derive(Clone, Debug)]
pub struct SignBytes {
    prefix: Vec<u8>,
    suffix: Vec<u8>,
}

impl SignBytes {
    /// For votes of `vote_type` at `height` and `round`; `block_id` is `None` for nil votes.
    pub fn new(
        vote_type: u64,
        height: u64,
        round: i32,
        block_id: Option<&BlockId>,
        chain_id: &str,
    ) -> Self {
        let mut prefix = Writer::default();
        prefix.uint64(1, vote_type);
        prefix.sfixed64(2, height);
        prefix.sfixed64(3, i64::from(round).cast_unsigned());
        if let Some(id) = block_id.filter(|id| !id.is_zero()) {
            prefix.message(4, |w| {
                w.bytes(1, super::block_id::hash_bytes(id.hash.as_ref()));
                w.message(2, |w| id.parts.encode(w));
            });
        }
        let mut suffix = Writer::default();
        suffix.bytes(6, chain_id.as_bytes());
        Self { prefix: prefix.into_bytes(), suffix: suffix.into_bytes() }
    }

    /// Writes the sign-bytes of the vote with this timestamp into `writer`, which is cleared first.
    pub fn write(&self, timestamp: &Timestamp, writer: &mut Writer) {
        writer.clear();
        writer.delimited(|w| {
            w.raw(&self.prefix);
            w.message(5, |w| timestamp.encode(w));
            w.raw(&self.suffix);
        });
    }

    /// The sign-bytes of the vote with this timestamp.
    pub fn at(&self, timestamp: &Timestamp) -> Vec<u8> {
        let mut writer = Writer::default();
        self.write(timestamp, &mut writer);
        writer.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CometBFT v0.38.21 `types/vote_test.go`, `TestVoteSignBytesTestVectors`.
    #[test]
    fn sign_bytes_equal_the_vectors_of_cometbft() {
        let time = [0x2a, 0x0b, 0x08, 0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff, 0x01];
        let vector = |head: &[u8], tail: &[u8]| [head, &time, tail].concat();
        let height_round = [0x11, 1, 0, 0, 0, 0, 0, 0, 0, 0x19, 1, 0, 0, 0, 0, 0, 0, 0];
        for (vote_type, height, round, chain, expected) in [
            (0, 0, 0, "", vector(&[0x0d], &[])),
            (PRECOMMIT, 1, 1, "", vector(&[&[0x21, 0x08, 0x02], &height_round[..]].concat(), &[])),
            (PREVOTE, 1, 1, "", vector(&[&[0x21, 0x08, 0x01], &height_round[..]].concat(), &[])),
            (0, 1, 1, "", vector(&[&[0x1f], &height_round[..]].concat(), &[])),
            (
                0,
                1,
                1,
                "test_chain_id",
                vector(
                    &[&[0x2e], &height_round[..]].concat(),
                    &[&[0x32, 0x0d], &b"test_chain_id"[..]].concat(),
                ),
            ),
        ] {
            let bytes = SignBytes::new(vote_type, height, round, None, chain).at(&Timestamp::ZERO);
            assert_eq!(bytes, expected);
        }
    }
}
