//! The contract's state: an authenticated map over SHA-256, and the log that it keeps of a subject.
//!
//! ```text
//! transaction ─▶ Overlay ─ accepted ─▶ Overlay of the block ─ end ─▶ StateMap ─ commit ─▶ root
//!                   └ refused: dropped                                  │ prove        (app hash)
//!                                                                       ▼
//!                                      root, key ─▶ Proof::verify ─▶ value, or no value
//! ```
//!
//! The map is a binary trie over the *paths* of its keys, path = SHA-256(key), bit 0 the first bit
//! of the first byte. A subtree is empty, one leaf, or a branch at the first bit in which the paths
//! below it differ; so a branch has two sides, and neither is empty:
//!
//! | | hash |
//! |---|---|
//! | the empty map | SHA-256("") |
//! | leaf | SHA-256(0x00 ‖ path ‖ SHA-256(value)), 65 bytes hashed |
//! | branch | SHA-256(0x01 ‖ bit ‖ hash of side 0 ‖ hash of side 1), 66 bytes hashed |
//!
//! Where a branch stands and what is below it follows from the set of entries alone. The root does
//! therefore not depend on the order of updates, and removing what was added restores the root of
//! before. A branch does not name the bits that its leaves share: they follow from any leaf.
//!
//! Source: `docs/state.md`; for the trie without hashes, [crit-bit trees].
//!
//! [crit-bit trees]: https://cr.yp.to/critbit.html
//!
//! # Examples
//! ```
//! use vidimus::state::{Overlay, StateMap};
//!
//! let mut map = StateMap::default();
//! let mut block = Overlay::new(&map);
//! block.insert(b"subject/1", b"consents".to_vec());
//! let changes = block.into_changes();
//! map.apply(changes);
//! let root = map.commit();
//!
//! let proof = map.prove(b"subject/1").unwrap();
//! assert_eq!(proof.verify(&root, b"subject/1"), Ok(Some(&b"consents"[..])));
//! let absent = map.prove(b"subject/2").unwrap();
//! assert_eq!(absent.verify(&root, b"subject/2"), Ok(None));
//! ```

mod cbor;
mod log;
mod map;
mod node;
mod overlay;
mod proof;
#[cfg(test)]
mod reference;
mod slab;
mod table;
mod trie;

use crate::{encoding::hex::Hash, merkle::sha256};

pub use self::log::{CompleteLog, LogEntry, LogError, SubjectLog, result_hash};
pub use self::map::{Entries, EntryOrderError, StateMap, UncommittedError};
pub use self::overlay::{Changes, Overlay, ReadState};
pub use self::proof::{End, Proof, ProofError, Sibling};

/// Where a key stands in the trie: 32 bytes, SHA-256 of the key.
///
/// Keys are hashed so that they spread evenly, whoever chooses them: a branch deeper than the
/// logarithm of the number of entries costs whoever wants one a search for colliding prefixes.
pub fn path_of(key: &[u8]) -> Hash {
    sha256(&[key])
}

/// The root of a map without entries: SHA-256("").
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// The hash of the entry at `path`.
fn leaf_hash(path: &Hash, value_hash: &Hash) -> Hash {
    let mut bytes = [0; 65];
    let [_, pair @ ..] = &mut bytes;
    write_pair(pair, path, value_hash);
    sha256(&[&bytes])
}

/// The hash of the branch whose sides differ first in `bit`.
fn branch_hash(bit: u8, zero: &Hash, one: &Hash) -> Hash {
    let mut bytes = [1; 66];
    let [_, second, pair @ ..] = &mut bytes;
    *second = bit;
    write_pair(pair, zero, one);
    sha256(&[&bytes])
}

/// What is hashed lies in one piece: the hasher is called once, and buffers nothing but the end.
fn write_pair(pair: &mut [u8; 64], first: &Hash, second: &Hash) {
    let (left, right) = pair.split_at_mut(Hash::LENGTH);
    left.copy_from_slice(&first.0);
    right.copy_from_slice(&second.0);
}

/// Which side of a branch at `bit` the path lies on: side 1 if the bit is set.
fn is_one(path: &Hash, bit: u8) -> bool {
    let byte = path.0.get(usize::from(bit >> 3)).copied().unwrap_or_default();
    byte.rotate_left(u32::from(bit & 7)) & 0x80 != 0
}

/// The first bit in which two paths differ; `None` for equal ones.
fn first_difference(a: &Hash, b: &Hash) -> Option<u8> {
    let bytes = a.0.iter().zip(&b.0).map(|(a, b)| a ^ b);
    let (difference, index) = bytes.zip(0_u8..).find(|(difference, _)| *difference != 0)?;
    let bit = u8::try_from(difference.leading_zeros()).ok()?;
    Some((index << 3) | bit)
}

#[cfg(test)]
mod tests {
    use alloc::{format, vec::Vec};

    use data_encoding::HEXLOWER;

    use super::*;

    const PAGE: &str = include_str!("../../docs/state.md");

    #[test]
    fn bits_are_numbered_from_the_first_of_the_first_byte() {
        let mut path = Hash([0; 32]);
        path.0[0] = 0x80;
        path.0[1] = 0x01;
        path.0[31] = 0x01;
        let ones: Vec<u8> = (0..=u8::MAX).filter(|bit| is_one(&path, *bit)).collect();
        assert_eq!(ones, [0, 15, 255]);
    }

    #[test]
    fn first_difference_is_found_at_every_bit() {
        let path = path_of(b"any");
        assert_eq!(first_difference(&path, &path), None);
        for bit in 0..=u8::MAX {
            let mut other = path;
            other.0[usize::from(bit / 8)] ^= 0x80 >> (bit % 8);
            other.0[31] ^= u8::from(bit < 248);
            assert_eq!(first_difference(&path, &other), Some(bit));
        }
    }

    /// The worked example of the page: every value in it is computed here, and every one is there.
    #[test]
    fn worked_example_of_the_page_is_what_the_code_computes() {
        let mut map = StateMap::default();
        let entries: [(&[u8], &[u8]); 3] = [(b"alpha", b"1"), (b"beta", b"22"), (b"gamma", b"")];
        for (key, value) in entries {
            map.insert(key, value.to_vec());
        }
        let root = map.commit();

        let [alpha, beta, gamma] = entries.map(|(key, value)| {
            let (path, value_hash) = (path_of(key), sha256(&[value]));
            let leaf = leaf_hash(&path, &value_hash);
            (path, value_hash, leaf)
        });
        // alpha 8e.. and beta f4.. begin with 1, gamma be.. too; the page says where they part.
        let lower = first_difference(&alpha.0, &gamma.0).unwrap();
        let upper = first_difference(&alpha.0, &beta.0).unwrap();
        assert!(upper < lower, "beta parts first");
        let inner = branch_hash(lower, &alpha.2, &gamma.2);
        assert_eq!(branch_hash(upper, &inner, &beta.2), root);

        let hex = |bytes: &[u8]| HEXLOWER.encode(bytes);
        let present = map.prove(b"gamma").unwrap();
        let absent = map.prove(b"delta").unwrap();
        let mut shown = Vec::from([hex(&root.0), hex(&inner.0), hex(&empty_root().0)]);
        for (path, value_hash, leaf) in [alpha, beta, gamma] {
            shown.extend([hex(&path.0), hex(&value_hash.0), hex(&leaf.0)]);
        }
        shown.push(hex(&path_of(b"delta").0));
        shown.push(format!("branch at bit {upper}"));
        shown.push(format!("branch at bit {lower}"));
        let page: alloc::string::String = PAGE.split_whitespace().collect::<Vec<_>>().join(" ");
        for text in shown {
            assert!(page.contains(&text), "docs/state.md lacks {text}");
        }
        // Proofs stand on the page as hex with line breaks.
        let page = PAGE.split_whitespace().collect::<alloc::string::String>();
        for proof in [present, absent] {
            let text = hex(&proof.encode());
            assert!(page.contains(&text), "docs/state.md lacks the proof {text}");
        }
    }
}
