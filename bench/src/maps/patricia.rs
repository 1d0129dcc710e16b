//! `trie-db` with its reference node format and its store in memory, over SHA-256.

use std::{collections::hash_map::DefaultHasher, error::Error};

use hash_db::Hasher;
use memory_db::{MemoryDB, PrefixedKey};
use reference_trie::GenericNoExtensionLayout;
use trie_db::{
    TrieDBMutBuilder, TrieMut as _,
    proof::{generate_proof, verify_proof},
};
use vidimus::state::path_of;

use super::{Block, Map};

type Layout = GenericNoExtensionLayout<Sha256>;

#[derive(Debug)]
pub(super) struct Sha256;

impl Hasher for Sha256 {
    type Out = [u8; 32];
    type StdHasher = DefaultHasher;
    const LENGTH: usize = 32;

    fn hash(bytes: &[u8]) -> Self::Out {
        vidimus::merkle::sha256(&[bytes]).0
    }
}

#[derive(Default)]
pub(super) struct Patricia {
    store: MemoryDB<Sha256, PrefixedKey<Sha256>, Vec<u8>>,
    root: Option<[u8; 32]>,
}

impl Map for Patricia {
    const NAME: &str = "trie-db";
    type Proof = Vec<Vec<u8>>;

    fn write(&mut self, block: &Block) -> Result<[u8; 32], Box<dyn Error>> {
        let mut root = self.root.unwrap_or_default();
        let builder = if self.root.is_some() {
            TrieDBMutBuilder::<Layout>::from_existing(&mut self.store, &mut root)
        } else {
            TrieDBMutBuilder::<Layout>::new(&mut self.store, &mut root)
        };
        let mut trie = builder.build();
        for (key, value) in block {
            let path = path_of(key);
            match value {
                Some(value) => trie.insert(path.as_bytes(), value),
                None => trie.remove(path.as_bytes()),
            }
            .map_err(|error| error.to_string())?;
        }
        // Writes what changed, and the root.
        drop(trie);
        self.root = Some(root);
        Ok(root)
    }

    fn prove(&self, key: &[u8]) -> Result<Self::Proof, Box<dyn Error>> {
        let root = self.root.ok_or("nothing was written")?;
        let keys = [path_of(key).0];
        let proof = generate_proof::<_, Layout, _, _>(&self.store, &root, &keys);
        Ok(proof.map_err(|error| error.to_string())?)
    }

    fn length(proof: &Self::Proof) -> usize {
        proof.iter().map(Vec::len).sum()
    }

    fn verify(root: &[u8; 32], key: &[u8], value: Option<&[u8]>, proof: &Self::Proof) -> bool {
        verify_proof::<Layout, _, _, _>(root, proof, &[(path_of(key).0, value)]).is_ok()
    }
}
