//! Evidence of misbehavior inside a block.

mod light_client_attack;
pub(crate) mod verify;

use alloc::{format, vec::Vec};

pub use self::light_client_attack::{EvidenceValidator, LightClientAttack};
use super::{block_id::BlockId, commit::SignatureBytes, vote::SignBytes};
use crate::{
    encoding::{
        DecodeError, DecodeProblem,
        hex::{Address, Hash},
        protobuf::{Message, Reader, Writer},
        time::Timestamp,
    },
    merkle,
};

/// A vote as evidence carries it (CometBFT v0.38.21 `types/vote.go`).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Vote {
    /// 1 prevote, 2 precommit.
    pub vote_type: u64,
    /// Height.
    pub height: u64,
    /// Round.
    pub round: i32,
    /// Block voted for; zero for nil.
    pub block_id: BlockId,
    /// The signer's time.
    pub timestamp: Timestamp,
    /// The signer's address.
    pub validator_address: Option<Address>,
    /// The signer's index.
    pub validator_index: i32,
    /// Signature over the canonical vote.
    pub signature: SignatureBytes,
    /// Vote extension (0.38 and later).
    pub extension: Vec<u8>,
    /// Signature over the extension.
    pub extension_signature: Vec<u8>,
}

impl Vote {
    /// The bytes that the vote's signature covers on `chain_id`.
    pub fn sign_bytes(&self, chain_id: &str) -> Vec<u8> {
        SignBytes::new(self.vote_type, self.height, self.round, Some(&self.block_id), chain_id)
            .at(&self.timestamp)
    }
}

impl<'a> Message<'a> for Vote {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let mut vote = Self {
            vote_type: 0,
            height: 0,
            round: 0,
            block_id: BlockId::default(),
            timestamp: Timestamp { seconds: 0, nanos: 0 },
            validator_address: None,
            validator_index: 0,
            signature: SignatureBytes::EMPTY,
            extension: Vec::new(),
            extension_signature: Vec::new(),
        };
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => vote.vote_type = field.uint64()?,
                2 => vote.height = field.non_negative()?,
                3 => vote.round = field.int32()?,
                4 => vote.block_id = BlockId::decode(field.message()?)?,
                5 => vote.timestamp = Timestamp::decode(field.message()?)?,
                6 => vote.validator_address = field.optional_array()?.map(Address),
                7 => vote.validator_index = field.int32()?,
                8 => {
                    vote.signature = SignatureBytes::from_slice(field.bytes()?)
                        .ok_or_else(|| DecodeError::new(field.offset, DecodeProblem::Length))?;
                }
                9 => vote.extension = field.bytes()?.to_vec(),
                10 => vote.extension_signature = field.bytes()?.to_vec(),
                _ => return Err(field.unknown()),
            }
        }
        Ok(vote)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.uint64(1, self.vote_type);
        writer.uint64(2, self.height);
        writer.int64(3, i64::from(self.round));
        writer.message(4, |w| self.block_id.encode(w));
        writer.message(5, |w| self.timestamp.encode(w));
        writer.bytes(6, self.validator_address.as_ref().map_or(&[], |address| &address.0));
        writer.int64(7, i64::from(self.validator_index));
        writer.bytes(8, self.signature.as_slice());
        writer.bytes(9, &self.extension);
        writer.bytes(10, &self.extension_signature);
    }
}

/// Two votes of one validator for different blocks at one height and round.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DuplicateVote {
    /// The vote whose block id sorts first.
    pub vote_a: Vote,
    /// The other vote.
    pub vote_b: Vote,
    /// Total power of the set at that height.
    pub total_voting_power: i64,
    /// Power of the validator.
    pub validator_power: i64,
    /// Time of the block at that height.
    pub timestamp: Timestamp,
}

impl DuplicateVote {
    /// Checks the shape that makes two votes an equivocation; the signatures are obligations apart.
    ///
    /// > H/R/S must be the same … Address must be the same … `BlockIDs` must be different
    ///
    /// CometBFT v0.38.21 `evidence/verify.go`, `VerifyDuplicateVote`; the order of the votes by
    /// block id key is `types/evidence.go`, `ValidateBasic`.
    pub fn is_equivocation(&self) -> bool {
        let (a, b) = (&self.vote_a, &self.vote_b);
        a.height == b.height
            && a.round == b.round
            && a.vote_type == b.vote_type
            && (1..=2).contains(&a.vote_type)
            && a.validator_address.is_some()
            && a.validator_address == b.validator_address
            && key(&a.block_id) < key(&b.block_id)
    }
}

/// `BlockID.Key()`: the hash, then the part-set header's encoding.
fn key(id: &BlockId) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.raw(super::block_id::hash_bytes(id.hash.as_ref()));
    id.parts.encode(&mut writer);
    writer.into_bytes()
}

impl<'a> Message<'a> for DuplicateVote {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let (mut vote_a, mut vote_b) = (None, None);
        let (mut total_voting_power, mut validator_power) = (0, 0);
        let mut timestamp = Timestamp { seconds: 0, nanos: 0 };
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => {
                    vote_a = Some(field.decode("vote_a")?);
                }
                2 => {
                    vote_b = Some(field.decode("vote_b")?);
                }
                3 => total_voting_power = field.int64()?,
                4 => validator_power = field.int64()?,
                5 => timestamp = Timestamp::decode(field.message()?)?,
                _ => return Err(field.unknown()),
            }
        }
        let missing = |name| DecodeError::new(start, DecodeProblem::Missing).within(name);
        Ok(Self {
            vote_a: vote_a.ok_or_else(|| missing("vote_a"))?,
            vote_b: vote_b.ok_or_else(|| missing("vote_b"))?,
            total_voting_power,
            validator_power,
            timestamp,
        })
    }

    fn encode(&self, writer: &mut Writer) {
        writer.message(1, |w| self.vote_a.encode(w));
        writer.message(2, |w| self.vote_b.encode(w));
        writer.int64(3, self.total_voting_power);
        writer.int64(4, self.validator_power);
        writer.message(5, |w| self.timestamp.encode(w));
    }
}

/// One item of a block's evidence list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Evidence {
    /// An equivocation.
    DuplicateVote(alloc::boxed::Box<DuplicateVote>),
    /// A light-client attack.
    LightClientAttack(alloc::boxed::Box<LightClientAttack>),
}

impl Evidence {
    /// The leaf of the evidence hash: the concrete message, without the `oneof` wrapper.
    fn leaf(&self) -> Vec<u8> {
        match self {
            Self::DuplicateVote(evidence) => evidence.to_bytes(),
            Self::LightClientAttack(evidence) => evidence.to_bytes(),
        }
    }

    /// Computes the hash by which a node knows evidence again (CometBFT v0.38.21 `types/evidence.go`,
    /// `Hash`).
    ///
    /// Of a duplicate vote, SHA-256 of the concrete message; of the other,
    /// [`LightClientAttack::compute_hash`].
    pub fn compute_hash(&self) -> Hash {
        match self {
            Self::DuplicateVote(evidence) => merkle::sha256(&[&evidence.to_bytes()]),
            Self::LightClientAttack(attack) => attack.compute_hash(),
        }
    }
}

impl<'a> Message<'a> for Evidence {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let mut evidence = None;
        while let Some(field) = reader.next_field()? {
            evidence = Some(match field.number {
                1 => Self::DuplicateVote(
                    field.decode::<DuplicateVote>("duplicate_vote_evidence")?.into(),
                ),
                2 => Self::LightClientAttack(
                    field.decode::<LightClientAttack>("light_client_attack_evidence")?.into(),
                ),
                _ => return Err(field.unknown()),
            });
        }
        evidence.ok_or_else(|| DecodeError::new(start, DecodeProblem::Missing))
    }

    fn encode(&self, writer: &mut Writer) {
        match self {
            Self::DuplicateVote(evidence) => writer.message(1, |w| evidence.encode(w)),
            Self::LightClientAttack(evidence) => writer.message(2, |w| evidence.encode(w)),
        }
    }
}

/// Computes the evidence hash: the RFC 6962 root over the concrete messages.
pub fn compute_hash(evidence: &[Evidence]) -> Hash {
    merkle::root(evidence.iter().map(Evidence::leaf))
}

pub(super) fn decode_list(mut reader: Reader<'_>) -> Result<Vec<Evidence>, DecodeError> {
    let mut list = Vec::new();
    while let Some(field) = reader.next_field()? {
        if field.number != 1 {
            return Err(field.unknown());
        }
        let index = list.len();
        let item =
            Evidence::decode(field.message()?).map_err(|e| e.within(&format!("[{index}]")))?;
        list.push(item);
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::protobuf::decode_canonical;

    fn vote(block: u8) -> Vote {
        Vote {
            vote_type: 2,
            height: 7,
            round: 1,
            block_id: BlockId { hash: Some(Hash([block; 32])), ..BlockId::default() },
            timestamp: Timestamp { seconds: 5, nanos: 6 },
            validator_address: Some(Address([3; 20])),
            validator_index: 4,
            signature: SignatureBytes::from_slice(&[9; 64]).unwrap(),
            extension: alloc::vec![1, 2],
            extension_signature: alloc::vec![3, 4],
        }
    }

    #[test]
    fn every_field_of_evidence_is_read_and_written() {
        let evidence = Evidence::DuplicateVote(
            DuplicateVote {
                vote_a: vote(1),
                vote_b: vote(2),
                total_voting_power: 10,
                validator_power: 3,
                timestamp: Timestamp { seconds: 7, nanos: 8 },
            }
            .into(),
        );
        let bytes = evidence.to_bytes();
        assert_eq!(decode_canonical::<Evidence>(&bytes).unwrap().into_inner(), evidence);
        let Evidence::DuplicateVote(decoded) = evidence else { panic!("another kind") };
        assert!(decoded.is_equivocation());
        assert_eq!(decoded.vote_b.extension_signature, [3, 4]);
    }
}
