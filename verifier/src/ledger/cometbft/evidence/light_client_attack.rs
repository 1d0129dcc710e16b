//! Evidence that a light client was shown a block of another history.

use alloc::vec::Vec;

use crate::{
    encoding::{
        DecodeError, DecodeProblem,
        hex::{Address, Hash},
        protobuf::{Message, Reader, Writer},
        time::Timestamp,
    },
    ledger::cometbft::signed_header::SignedHeader,
    merkle,
};

/// A validator inside light-client-attack evidence, proposer priority included.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EvidenceValidator {
    /// Address.
    pub address: Option<Address>,
    /// The encoded public key message.
    pub key: Vec<u8>,
    /// Voting power.
    pub power: i64,
    /// Proposer priority.
    pub proposer_priority: i64,
}

impl<'a> Message<'a> for EvidenceValidator {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let mut validator = Self { address: None, key: Vec::new(), power: 0, proposer_priority: 0 };
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => validator.address = field.optional_array()?.map(Address),
                2 => validator.key = field.bytes()?.to_vec(),
                3 => validator.power = field.int64()?,
                4 => validator.proposer_priority = field.int64()?,
                _ => return Err(field.unknown()),
            }
        }
        Ok(validator)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.bytes(1, self.address.as_ref().map_or(&[], |address| &address.0));
        writer.message(2, |w| w.raw(&self.key));
        writer.int64(3, self.power);
        writer.int64(4, self.proposer_priority);
    }
}

/// Evidence that a light client was shown a conflicting block. Decoded and hashed, not judged:
/// judging it needs the conflicting fork's trusted history.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LightClientAttack {
    /// Header and commit of the conflicting block.
    pub signed_header: SignedHeader,
    /// Its validator set.
    pub validators: Vec<EvidenceValidator>,
    /// The set's proposer.
    pub proposer: Option<EvidenceValidator>,
    /// The set's total power field.
    pub set_total_voting_power: i64,
    /// Height that both histories share.
    pub common_height: i64,
    /// The validators that misbehaved.
    pub byzantine_validators: Vec<EvidenceValidator>,
    /// Total power at the common height.
    pub total_voting_power: i64,
    /// Time of the common block.
    pub timestamp: Timestamp,
}

impl LightClientAttack {
    /// Computes the hash by which a node knows the attack again (CometBFT v0.38.21
    /// `types/evidence.go`, `Hash`): SHA-256 over the first 31 bytes of the conflicting header's hash,
    /// a zero byte, and the common height as a signed varint. Commits with other signatures over the
    /// same block are the same attack.
    pub fn compute_hash(&self) -> Hash {
        let header = &self.signed_header.header;
        let Hash(mut header) = header.compute_hash().unwrap_or(Hash([0; 32]));
        let [.., last] = &mut header;
        *last = 0;
        let mut height = Writer::default();
        height.zigzag(self.common_height);
        merkle::sha256(&[&header, height.as_bytes()])
    }
}

/// The conflicting block of an attack: its signed header, and its set with priorities.
struct ConflictingBlock {
    signed_header: SignedHeader,
    validators: Vec<EvidenceValidator>,
    proposer: Option<EvidenceValidator>,
    total_voting_power: i64,
}

impl ConflictingBlock {
    fn decode(mut reader: Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let (mut signed_header, mut proposer) = (None, None);
        let (mut validators, mut total_voting_power) = (Vec::new(), 0);
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => {
                    signed_header = Some(field.decode("signed_header")?);
                }
                2 => {
                    let mut set = field.message()?;
                    while let Some(field) = set.next_field()? {
                        match field.number {
                            1 => validators.push(EvidenceValidator::decode(field.message()?)?),
                            2 => proposer = Some(EvidenceValidator::decode(field.message()?)?),
                            3 => total_voting_power = field.int64()?,
                            _ => return Err(field.unknown()),
                        }
                    }
                }
                _ => return Err(field.unknown()),
            }
        }
        let missing = || DecodeError::new(start, DecodeProblem::Missing).within("signed_header");
        let signed_header = signed_header.ok_or_else(missing)?;
        Ok(Self { signed_header, validators, proposer, total_voting_power })
    }
}

impl<'a> Message<'a> for LightClientAttack {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let mut block = None;
        let (mut common_height, mut total_voting_power) = (0, 0);
        let mut byzantine_validators = Vec::new();
        let mut timestamp = Timestamp { seconds: 0, nanos: 0 };
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => {
                    block = Some(
                        ConflictingBlock::decode(field.message()?)
                            .map_err(|e| e.within("conflicting_block"))?,
                    );
                }
                2 => common_height = field.int64()?,
                3 => byzantine_validators.push(EvidenceValidator::decode(field.message()?)?),
                4 => total_voting_power = field.int64()?,
                5 => timestamp = Timestamp::decode(field.message()?)?,
                _ => return Err(field.unknown()),
            }
        }
        let missing =
            || DecodeError::new(start, DecodeProblem::Missing).within("conflicting_block");
        let block = block.ok_or_else(missing)?;
        Ok(Self {
            signed_header: block.signed_header,
            validators: block.validators,
            proposer: block.proposer,
            set_total_voting_power: block.total_voting_power,
            common_height,
            byzantine_validators,
            total_voting_power,
            timestamp,
        })
    }

    fn encode(&self, writer: &mut Writer) {
        writer.message(1, |w| {
            w.message(1, |w| self.signed_header.encode(w));
            w.message(2, |w| {
                for validator in &self.validators {
                    w.message(1, |w| validator.encode(w));
                }
                if let Some(proposer) = &self.proposer {
                    w.message(2, |w| proposer.encode(w));
                }
                w.int64(3, self.set_total_voting_power);
            });
        });
        writer.int64(2, self.common_height);
        for validator in &self.byzantine_validators {
            writer.message(3, |w| validator.encode(w));
        }
        writer.int64(4, self.total_voting_power);
        writer.message(5, |w| self.timestamp.encode(w));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encoding::protobuf::decode_canonical,
        ledger::cometbft::{commit::Commit, header::Header},
    };

    fn attack() -> LightClientAttack {
        let validator = EvidenceValidator {
            address: Some(Address([3; 20])),
            key: alloc::vec![0x0A, 1, 7],
            power: 5,
            proposer_priority: -6,
        };
        LightClientAttack {
            signed_header: SignedHeader {
                header: Header::decode(Reader::new(&[])).unwrap(),
                commit: Commit { height: 9, ..Commit::default() },
            },
            validators: alloc::vec![validator.clone()],
            proposer: Some(validator.clone()),
            set_total_voting_power: 11,
            common_height: 8,
            byzantine_validators: alloc::vec![validator],
            total_voting_power: 12,
            timestamp: Timestamp { seconds: 13, nanos: 14 },
        }
    }

    #[test]
    fn every_field_is_read_and_written() {
        let bytes = attack().to_bytes();
        assert_eq!(decode_canonical::<LightClientAttack>(&bytes).unwrap().into_inner(), attack());
    }

    #[test]
    fn attack_without_its_block_or_its_commit_is_refused_where_it_is_missing() {
        let refused = |bytes: &[u8]| {
            let error = LightClientAttack::decode(Reader::new(bytes)).unwrap_err();
            (error.problem, error.path)
        };
        let missing = DecodeProblem::Missing;
        assert_eq!(refused(&[]), (missing, "conflicting_block".into()));
        let path = "conflicting_block.signed_header";
        assert_eq!(refused(&[0x0A, 0]), (missing, path.into()));
        let path = "conflicting_block.signed_header.header";
        assert_eq!(refused(&[0x0A, 2, 0x0A, 0]), (missing, path.into()));
    }

    #[test]
    fn hash_depends_on_block_and_common_height_alone() {
        let other_commit = {
            let mut attack = attack();
            attack.signed_header.commit.height = 10;
            attack
        };
        assert_eq!(other_commit.compute_hash(), attack().compute_hash());
        let other_height = LightClientAttack { common_height: 7, ..attack() };
        assert_ne!(other_height.compute_hash(), attack().compute_hash());
    }
}
