//! The map of the library.

use std::error::Error;

use vidimus::{
    encoding::hex::Hash,
    state::{Proof, StateMap},
};

use super::{Block, Map};

#[derive(Debug, Default)]
pub(super) struct Own(StateMap);

impl Map for Own {
    const NAME: &str = "vidimus::state";
    type Proof = (Proof, usize);

    fn write(&mut self, block: &Block) -> Result<[u8; 32], Box<dyn Error>> {
        for (key, value) in block {
            match value {
                Some(value) => self.0.insert(key, value.clone()),
                None => drop(self.0.remove(key)),
            }
        }
        Ok(self.0.commit().0)
    }

    fn prove(&self, key: &[u8]) -> Result<Self::Proof, Box<dyn Error>> {
        let proof = self.0.prove(key)?;
        let root = self.0.root()?;
        let value = proof.verify(&root, key)?.unwrap_or_default().len();
        let length = proof.encode().len().saturating_sub(value);
        Ok((proof, length))
    }

    fn length((_, length): &Self::Proof) -> usize {
        *length
    }

    fn verify(root: &[u8; 32], key: &[u8], value: Option<&[u8]>, (proof, _): &Self::Proof) -> bool {
        proof.verify(&Hash(*root), key) == Ok(value)
    }
}
