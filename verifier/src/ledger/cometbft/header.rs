//! Block headers and their hash.

use alloc::string::{String, ToString as _};

use super::block_id::{BlockId, hash_bytes};
use crate::{
    encoding::{
        DecodeError, DecodeProblem,
        hex::{Address, Hash},
        protobuf::{Message, Reader, Writer},
        time::Timestamp,
    },
    merkle,
};

/// The block protocol of Tendermint 0.34 and every CometBFT (`version/version.go`).
pub const BLOCK_PROTOCOL: u64 = 11;

/// Longest chain id (CometBFT v0.38.21 `types/genesis.go`, `MaxChainIDLen`).
pub const CHAIN_ID_LENGTH: usize = 50;

/// Leaves of the tree that the header hash is the root of.
pub(crate) const FIELDS: u64 = 14;

/// Index of the last block id among them.
pub(crate) const LAST_BLOCK_ID: u64 = 4;

/// A block header (CometBFT v0.38.21 `types/block.go`). Hashes are 32 bytes or absent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Header {
    /// Block protocol; 11.
    pub version_block: u64,
    /// Version of the application.
    pub version_app: u64,
    /// Chain id, 1–50 bytes of UTF-8.
    pub chain_id: String,
    /// Height, 1 or more.
    pub height: u64,
    /// Block time.
    pub time: Timestamp,
    /// Identity of the block before; zero in the first block.
    pub last_block_id: BlockId,
    /// Merkle root over the last commit's signatures.
    pub last_commit_hash: Option<Hash>,
    /// Merkle root over SHA-256 of each transaction.
    pub data_hash: Option<Hash>,
    /// Hash of the validator set that signs this block.
    pub validators_hash: Option<Hash>,
    /// Hash of the validator set that signs the next block.
    pub next_validators_hash: Option<Hash>,
    /// Hash of two consensus parameters.
    pub consensus_hash: Option<Hash>,
    /// State of the application after the block before; any length.
    pub app_hash: alloc::vec::Vec<u8>,
    /// Merkle root over the results of the block before.
    pub last_results_hash: Option<Hash>,
    /// Merkle root over the evidence.
    pub evidence_hash: Option<Hash>,
    /// Address of the proposer; absent only in malformed headers.
    pub proposer_address: Option<Address>,
}

impl Header {
    /// Computes the header hash: the RFC 6962 root over the 14 fields (`Header.Hash`).
    ///
    /// `None` for a header without a validators hash, which has no hash in CometBFT either.
    ///
    /// # Cost
    /// 27 hashes.
    pub fn compute_hash(&self) -> Option<Hash> {
        self.validators_hash?;
        let mut root = merkle::RootBuilder::default();
        self.each_leaf(|leaf| root.push(leaf));
        Some(root.root())
    }

    /// The hashes of the leaves that the header hash is the root of.
    pub(crate) fn leaf_hashes(&self) -> alloc::vec::Vec<Hash> {
        let mut hashes = alloc::vec::Vec::new();
        self.each_leaf(|leaf| hashes.push(merkle::leaf_hash(leaf)));
        hashes
    }

    fn each_leaf(&self, mut take: impl FnMut(&[u8])) {
        let mut leaf = Writer::default();
        let mut push = |body: &dyn Fn(&mut Writer)| {
            leaf.clear();
            body(&mut leaf);
            take(leaf.as_bytes());
        };
        push(&|w| self.encode_version(w));
        push(&|w| w.bytes(1, self.chain_id.as_bytes()));
        push(&|w| w.uint64(1, self.height));
        push(&|w| self.time.encode(w));
        push(&|w| self.last_block_id.encode(w));
        for hash in [
            &self.last_commit_hash,
            &self.data_hash,
            &self.validators_hash,
            &self.next_validators_hash,
            &self.consensus_hash,
        ] {
            push(&|w| w.bytes(1, hash_bytes(hash.as_ref())));
        }
        push(&|w| w.bytes(1, &self.app_hash));
        push(&|w| w.bytes(1, hash_bytes(self.last_results_hash.as_ref())));
        push(&|w| w.bytes(1, hash_bytes(self.evidence_hash.as_ref())));
        push(&|w| w.bytes(1, self.proposer_bytes()));
    }

    fn encode_version(&self, writer: &mut Writer) {
        writer.uint64(1, self.version_block);
        writer.uint64(2, self.version_app);
    }

    fn proposer_bytes(&self) -> &[u8] {
        self.proposer_address.as_ref().map_or(&[], |address| &address.0)
    }
}

fn decode_version(mut reader: Reader<'_>) -> Result<(u64, u64), DecodeError> {
    let (mut block, mut app) = (0, 0);
    while let Some(field) = reader.next_field()? {
        match field.number {
            1 => block = field.uint64()?,
            2 => app = field.uint64()?,
            _ => return Err(field.unknown()),
        }
    }
    Ok((block, app))
}

impl<'a> Message<'a> for Header {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let mut header = Self {
            version_block: 0,
            version_app: 0,
            chain_id: String::new(),
            height: 0,
            time: Timestamp { seconds: 0, nanos: 0 },
            last_block_id: BlockId::default(),
            last_commit_hash: None,
            data_hash: None,
            validators_hash: None,
            next_validators_hash: None,
            consensus_hash: None,
            app_hash: alloc::vec::Vec::new(),
            last_results_hash: None,
            evidence_hash: None,
            proposer_address: None,
        };
        while let Some(field) = reader.next_field()? {
            let hash = |name| {
                field
                    .optional_array()
                    .map(|bytes| bytes.map(Hash))
                    .map_err(|e: DecodeError| e.within(name))
            };
            match field.number {
                1 => {
                    (header.version_block, header.version_app) =
                        decode_version(field.message()?).map_err(|e| e.within("version"))?;
                }
                2 => {
                    let text = field.text().map_err(|e| e.within("chain_id"))?;
                    if text.len() > CHAIN_ID_LENGTH {
                        return Err(DecodeError::new(field.offset, DecodeProblem::Length)
                            .within("chain_id"));
                    }
                    header.chain_id = text.to_string();
                }
                3 => header.height = field.non_negative().map_err(|e| e.within("height"))?,
                4 => {
                    header.time = field.decode("time")?;
                }
                5 => {
                    header.last_block_id = field.decode("last_block_id")?;
                }
                6 => header.last_commit_hash = hash("last_commit_hash")?,
                7 => header.data_hash = hash("data_hash")?,
                8 => header.validators_hash = hash("validators_hash")?,
                9 => header.next_validators_hash = hash("next_validators_hash")?,
                10 => header.consensus_hash = hash("consensus_hash")?,
                11 => header.app_hash = field.bytes().map_err(|e| e.within("app_hash"))?.to_vec(),
                12 => header.last_results_hash = hash("last_results_hash")?,
                13 => header.evidence_hash = hash("evidence_hash")?,
                14 => {
                    header.proposer_address = field
                        .optional_array()
                        .map_err(|e| e.within("proposer_address"))?
                        .map(Address);
                }
                _ => return Err(field.unknown()),
            }
        }
        Ok(header)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.message(1, |w| self.encode_version(w));
        writer.bytes(2, self.chain_id.as_bytes());
        writer.uint64(3, self.height);
        writer.message(4, |w| self.time.encode(w));
        writer.message(5, |w| self.last_block_id.encode(w));
        writer.bytes(6, hash_bytes(self.last_commit_hash.as_ref()));
        writer.bytes(7, hash_bytes(self.data_hash.as_ref()));
        writer.bytes(8, hash_bytes(self.validators_hash.as_ref()));
        writer.bytes(9, hash_bytes(self.next_validators_hash.as_ref()));
        writer.bytes(10, hash_bytes(self.consensus_hash.as_ref()));
        writer.bytes(11, &self.app_hash);
        writer.bytes(12, hash_bytes(self.last_results_hash.as_ref()));
        writer.bytes(13, hash_bytes(self.evidence_hash.as_ref()));
        writer.bytes(14, self.proposer_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CometBFT v0.38.21 `types/block_test.go`, `TestHeaderHash`.
    #[test]
    fn header_hash_equals_the_vector_of_cometbft() {
        let sha = |text: &str| Some(merkle::sha256(&[text.as_bytes()]));
        let header = Header {
            version_block: 1,
            version_app: 2,
            chain_id: "chainId".into(),
            height: 3,
            time: Timestamp::parse("2019-10-13T16:14:44Z").unwrap(),
            last_block_id: BlockId {
                hash: Some(Hash([0; 32])),
                parts: super::super::block_id::PartSetHeader {
                    total: 6,
                    hash: Some(Hash([0; 32])),
                },
            },
            last_commit_hash: sha("last_commit_hash"),
            data_hash: sha("data_hash"),
            validators_hash: sha("validators_hash"),
            next_validators_hash: sha("next_validators_hash"),
            consensus_hash: sha("consensus_hash"),
            app_hash: merkle::sha256(&[b"app_hash"]).0.to_vec(),
            last_results_hash: sha("last_results_hash"),
            evidence_hash: sha("evidence_hash"),
            proposer_address: Address::from_slice(&merkle::sha256(&[b"proposer_address"]).0[..20]),
        };
        assert_eq!(
            header.compute_hash().unwrap().to_string(),
            "F740121F553B5418C3EFBD343C2DBFE9E007BB67B0D020A0741374BAB65242A4"
        );
        let without = Header { validators_hash: None, ..header };
        assert_eq!(without.compute_hash(), None);
    }

    #[test]
    fn chain_id_has_at_most_fifty_bytes() {
        let decoded = |length: usize| {
            let mut writer = Writer::default();
            writer.bytes(2, "c".repeat(length).as_bytes());
            Header::decode(Reader::new(writer.as_bytes())).map(|header| header.chain_id.len())
        };
        assert_eq!(CHAIN_ID_LENGTH, 50);
        assert_eq!(decoded(50).unwrap(), 50);
        let error = decoded(51).unwrap_err();
        assert_eq!((error.problem, error.path), (DecodeProblem::Length, "chain_id".into()));
    }
}
