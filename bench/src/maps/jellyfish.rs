//! `jmt` with a plain store in memory that forgets stale nodes.

use std::{collections::HashMap, error::Error};

use jmt::{
    KeyHash, OwnedValue, RootHash, Sha256Jmt,
    proof::SparseMerkleProof,
    storage::{LeafNode, Node, NodeKey, TreeReader},
};

use super::{Block, Map};

#[derive(Debug, Default)]
pub(super) struct Jellyfish {
    store: Store,
    version: u64,
}

#[derive(Debug, Default)]
struct Store {
    nodes: HashMap<NodeKey, Node>,
    values: HashMap<KeyHash, OwnedValue>,
}

impl TreeReader for Store {
    fn get_node_option(&self, node_key: &NodeKey) -> anyhow::Result<Option<Node>> {
        Ok(self.nodes.get(node_key).cloned())
    }

    fn get_value_option(&self, _: u64, key_hash: KeyHash) -> anyhow::Result<Option<OwnedValue>> {
        Ok(self.values.get(&key_hash).cloned())
    }

    fn get_rightmost_leaf(&self) -> anyhow::Result<Option<(NodeKey, LeafNode)>> {
        // Asked for by a restoration only.
        Ok(None)
    }
}

fn hash(key: &[u8]) -> KeyHash {
    KeyHash::with::<sha2_0_10::Sha256>(key)
}

impl Map for Jellyfish {
    const NAME: &str = "jmt";
    type Proof = SparseMerkleProof<sha2_0_10::Sha256>;

    fn write(&mut self, block: &Block) -> Result<[u8; 32], Box<dyn Error>> {
        let values: Vec<_> = block.iter().map(|(key, value)| (hash(key), value.clone())).collect();
        let (root, batch) =
            Sha256Jmt::new(&self.store).put_value_set(values.iter().cloned(), self.version)?;
        for stale in batch.stale_node_index_batch {
            self.store.nodes.remove(&stale.node_key);
        }
        for (key, node) in batch.node_batch.nodes() {
            self.store.nodes.insert(key.clone(), node.clone());
        }
        for (key, value) in values {
            match value {
                Some(value) => self.store.values.insert(key, value),
                None => self.store.values.remove(&key),
            };
        }
        self.version = self.version.saturating_add(1);
        Ok(root.0)
    }

    fn prove(&self, key: &[u8]) -> Result<Self::Proof, Box<dyn Error>> {
        let version = self.version.saturating_sub(1);
        Ok(Sha256Jmt::new(&self.store).get_with_proof(hash(key), version)?.1)
    }

    fn length(proof: &Self::Proof) -> usize {
        borsh::to_vec(proof).map_or(0, |bytes| bytes.len())
    }

    fn verify(root: &[u8; 32], key: &[u8], value: Option<&[u8]>, proof: &Self::Proof) -> bool {
        proof.verify(RootHash(*root), hash(key), value).is_ok()
    }
}
