//! `sparse-merkle-tree` with its store in memory, over SHA-256.

use std::error::Error;

use sha2::{Digest as _, Sha256};
use sparse_merkle_tree::{
    CompiledMerkleProof, H256, SparseMerkleTree,
    default_store::DefaultStore,
    traits::{Hasher, Value},
};
use vidimus::{merkle::sha256, state::path_of};

use super::{Block, Map};

#[derive(Default)]
pub(super) struct Sha(Sha256);

impl Hasher for Sha {
    fn write_h256(&mut self, hash: &H256) {
        self.0.update(hash.as_slice());
    }

    fn write_byte(&mut self, byte: u8) {
        self.0.update([byte]);
    }

    fn finish(self) -> H256 {
        <[u8; 32]>::from(self.0.finalize()).into()
    }
}

/// A value; for the library, zero is none.
#[derive(Clone, Debug, Default)]
pub(super) struct Stored(Option<Vec<u8>>);

impl Value for Stored {
    fn to_h256(&self) -> H256 {
        value_hash(self.0.as_deref())
    }

    fn zero() -> Self {
        Self(None)
    }
}

fn value_hash(value: Option<&[u8]>) -> H256 {
    value.map_or_else(H256::zero, |value| sha256(&[value]).0.into())
}

fn path(key: &[u8]) -> H256 {
    path_of(key).0.into()
}

#[derive(Default)]
pub(super) struct Sparse(SparseMerkleTree<Sha, Stored, DefaultStore<Stored>>);

impl Map for Sparse {
    const NAME: &str = "sparse-merkle-tree";
    type Proof = CompiledMerkleProof;

    fn write(&mut self, block: &Block) -> Result<[u8; 32], Box<dyn Error>> {
        let leaves = block.iter().map(|(key, value)| (path(key), Stored(value.clone()))).collect();
        let root = self.0.update_all(leaves).map_err(|error| format!("{error:?}"))?;
        Ok((*root).into())
    }

    fn prove(&self, key: &[u8]) -> Result<Self::Proof, Box<dyn Error>> {
        let keys = vec![path(key)];
        let proof = self.0.merkle_proof(keys.clone()).and_then(|proof| proof.compile(keys));
        Ok(proof.map_err(|error| format!("{error:?}"))?)
    }

    fn length(proof: &Self::Proof) -> usize {
        proof.0.len()
    }

    fn verify(root: &[u8; 32], key: &[u8], value: Option<&[u8]>, proof: &Self::Proof) -> bool {
        let leaves = vec![(path(key), value_hash(value))];
        proof.verify::<Sha>(&(*root).into(), leaves).unwrap_or(false)
    }
}
