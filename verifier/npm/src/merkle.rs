//! Proofs about trees of which the caller knows the root.

use vidimus::{
    encoding::hex::Hash,
    merkle::proof::{is_consistent, root_of_path},
};
use wasm_bindgen::prelude::wasm_bindgen;

/// Whether the leaf with this hash has this index in the tree of `size` leaves with this root (RFC 9162
/// §2.1.3.2). `path` is the hashes on the way from the leaf up, 32 bytes each, one after the other.
///
/// `false` also for what is no hash.
#[wasm_bindgen(js_name = verifyInclusion)]
pub fn verify_inclusion(leaf_hash: &[u8], index: u64, size: u64, path: &[u8], root: &[u8]) -> bool {
    let leaf_and_path = Hash::from_slice(leaf_hash).zip(hashes(path));
    let computed = leaf_and_path.and_then(|(leaf, path)| root_of_path(&leaf, index, size, &path));
    computed.is_some() && computed == Hash::from_slice(root)
}

/// Whether the tree of `size` leaves begins with that of `before` leaves, 1 or more (RFC 9162 §2.1.4.2).
/// `path` is the hashes of the proof, 32 bytes each, one after the other.
///
/// `false` also for what is no hash.
#[wasm_bindgen(js_name = verifyConsistency)]
pub fn verify_consistency(
    before: u64,
    root_before: &[u8],
    size: u64,
    root: &[u8],
    path: &[u8],
) -> bool {
    let roots = Hash::from_slice(root_before).zip(Hash::from_slice(root));
    roots.zip(hashes(path)).is_some_and(|((root_before, root), path)| {
        is_consistent((before, &root_before), (size, &root), &path)
    })
}

/// `None` where the last is cut short.
fn hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    bytes.chunks(Hash::LENGTH).map(Hash::from_slice).collect()
}
