//! Proofs of inclusion and consistency, against the vectors of transparency-dev.
//!
//! Of the 518 vectors these are the 196 over whole trees; those over subtrees are of proofs that nothing
//! here uses.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    reason = "helpers of tests may panic"
)]

#[path = "support/vectors.rs"]
mod support;

use std::{fs, path::Path};

use data_encoding::BASE64;
use serde_json::Value;
use vidimus::{
    encoding::hex::Hash,
    merkle::proof::{is_consistent, root_of_path},
};

/// Published as right, and refused here: its roots have twelve bytes, which no hash has.
const NO_HASH: &str = "additional/sizes-are-equal-one-and-proof-is-empty.json";

/// A vector's fields, or `None` where one is not of the type that a proof takes.
struct Vector(Value);

impl Vector {
    fn size(&self, name: &str) -> Option<u64> {
        self.0.get(name)?.as_u64()
    }

    fn hash(&self, name: &str) -> Option<Hash> {
        decoded(self.0.get(name)?)
    }

    fn proof(&self) -> Option<Vec<Hash>> {
        let proof = self.0.get("proof")?;
        if proof.is_null() {
            return Some(Vec::new());
        }
        proof.as_array()?.iter().map(decoded).collect()
    }

    fn is_included(&self) -> Option<bool> {
        let (leaf, proof) = (self.hash("leafHash")?, self.proof()?);
        let root = root_of_path(&leaf, self.size("leafIdx")?, self.size("treeSize")?, &proof);
        Some(root == Some(self.hash("root")?))
    }

    fn is_consistent(&self) -> Option<bool> {
        let before = (self.size("size1")?, &self.hash("root1")?);
        let after = (self.size("size2")?, &self.hash("root2")?);
        Some(is_consistent(before, after, &self.proof()?))
    }
}

fn decoded(text: &Value) -> Option<Hash> {
    Hash::from_slice(&BASE64.decode(text.as_str()?.as_bytes()).ok()?)
}

/// The vectors below a folder.
fn vectors(folder: &Path) -> Vec<(String, Vector)> {
    let mut vectors = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of vectors") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            vectors.extend(self::vectors(&path));
        } else {
            let text = fs::read_to_string(&path).expect("a vector");
            let value = serde_json::from_str(&text).expect("a vector is JSON");
            vectors.push((path.display().to_string(), Vector(value)));
        }
    }
    vectors
}

#[test]
fn every_vector_over_whole_trees_is_judged_as_published() {
    let Some(folder) = support::vectors() else { return };
    let folder = folder.join("tlog/merkle-testdata");
    let inclusion = check(&folder.join("inclusion"), Vector::is_included, 6);
    let consistency = check(&folder.join("consistency"), Vector::is_consistent, 5);
    println!("harness: tlog vectors: {inclusion} of inclusion, {consistency} of consistency");
}

/// Judges every vector below a folder, and returns how many there are.
fn check(folder: &Path, judge: fn(&Vector) -> Option<bool>, accepted: usize) -> usize {
    let vectors = vectors(folder);
    let mut right = 0;
    for (path, vector) in &vectors {
        let is_published = vector.0.get("wantErr").and_then(Value::as_bool) == Some(false);
        let is_right = is_published && !path.ends_with(NO_HASH);
        assert_eq!(judge(vector) == Some(true), is_right, "{path}");
        right += usize::from(is_right);
    }
    assert_eq!((vectors.len(), right), (98, accepted), "{}", folder.display());
    vectors.len()
}
