//! Proofs of inclusion and consistency, against the 518 vectors of transparency-dev.
//!
//! A proof that a leaf is in a subtree is one in a tree of its own, and is judged by the same code; so is
//! the consistency of a subtree that begins with the first leaf. That of one which begins later is another
//! proof, which nothing here uses: those vectors are named.
#![expect(clippy::expect_used, reason = "helpers of tests may panic")]

#[path = "support/vectors.rs"]
mod support;

use std::{fs, path::Path};

use data_encoding::BASE64;
use serde_json::Value;
use vidimus::{
    encoding::hex::Hash,
    merkle::proof::{is_consistent, root_of_path},
};

/// Published as right, and refused here.
const REFUSED: [(&str, &str); 4] = [
    (
        "/consistency/additional/sizes-are-equal-one-and-proof-is-empty.json",
        "its roots have twelve bytes, which no hash has",
    ),
    (
        "/subtreeconsistency/additional/sizes-are-equal-one-and-proof-is-empty.json",
        "its roots have twelve bytes, which no hash has",
    ),
    (
        "/subtreeconsistency/additional/subtree-is-empty-sizes-are-equal-zero-subtree-root-valid-proof-is-empty.json",
        "nothing is shown of a tree by one without leaves",
    ),
    (
        "/subtreeconsistency/additional/subtree-is-empty-sizes-are-equal-zero-subtree-root-valid-tree-root-random-proof-is-empty.json",
        "nothing is shown of a tree by one without leaves",
    ),
];

/// By folder: vectors that are judged, those of them that are accepted, those that are named.
const GROUPS: [(&str, [usize; 3]); 4] = [
    ("inclusion", [98, 6, 0]),
    ("consistency", [98, 5, 0]),
    ("subtreeinclusion", [204, 12, 0]),
    ("subtreeconsistency", [102, 5, 16]),
];

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

    /// Whether the leaf is in the tree, or in the part of it from `start` to `end`.
    fn is_included(&self) -> Option<bool> {
        let (leaf, proof, index) = (self.hash("leafHash")?, self.proof()?, self.size("leafIdx")?);
        let (start, end) = match self.size("start") {
            Some(start) => (start, self.size("end")?),
            None => (0, self.size("treeSize")?),
        };
        let (index, size) = (index.checked_sub(start)?, end.checked_sub(start)?);
        Some(root_of_path(&leaf, index, size, &proof) == Some(self.hash("root")?))
    }

    /// Whether the tree begins with the smaller one.
    fn is_consistent(&self) -> Option<bool> {
        let [before, size] =
            if self.size("start").is_some() { ["end", "size"] } else { ["size1", "size2"] };
        let before = (self.size(before)?, &self.hash("root1")?);
        let after = (self.size(size)?, &self.hash("root2")?);
        Some(is_consistent(before, after, &self.proof()?))
    }

    /// Whether it is about the consistency of a part that does not begin with the first leaf.
    fn begins_later(&self) -> bool {
        self.size("size").is_some() && self.size("start") > Some(0)
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
fn every_vector_is_judged_as_published_or_named() {
    let Some(folder) = support::vectors() else { return };
    let index = fs::read_to_string(folder.join("INDEX.tsv")).expect("the index");
    let listed = index.lines().filter(|line| line.starts_with("tlog/merkle-testdata/")).count();
    for (path, reason) in REFUSED {
        println!("refused, as {reason}: {path}");
    }
    let mut all = 0;
    for (group, [judged, accepted, named]) in GROUPS {
        let vectors = vectors(&folder.join("tlog/merkle-testdata").join(group));
        let (later, rest): (Vec<_>, Vec<_>) =
            vectors.into_iter().partition(|(_, vector)| vector.begins_later());
        for (path, _) in &later {
            println!("not judged, as it is of a part that begins later: {path}");
        }
        let right = rest.iter().filter(|(path, vector)| check(group, path, vector)).count();
        assert_eq!([rest.len(), right, later.len()], [judged, accepted, named], "{group}");
        all += judged + named;
    }
    assert_eq!((all, listed), (518, 518));
    println!("harness: {all} vectors of tree proofs, judged or named");
}

/// Whether a vector is accepted, which it is as published, or refused for a reason.
fn check(group: &str, path: &str, vector: &Vector) -> bool {
    let verdict =
        if group.ends_with("inclusion") { vector.is_included() } else { vector.is_consistent() };
    let is_accepted = verdict == Some(true);
    let is_published = vector.0.get("wantErr").and_then(Value::as_bool) == Some(false);
    let refused = REFUSED.iter().find(|(name, _)| path.ends_with(*name));
    assert_eq!(is_accepted, is_published && refused.is_none(), "{path}");
    is_accepted
}
