//! Proofs of one key: that it has a value, or that it has none.

use alloc::vec::Vec;

use minicbor::{Decoder, data::Type};

use super::{branch_hash, cbor, empty_root, is_one, leaf_hash, path_of};
use crate::{
    encoding::{DecodeError, DecodeProblem, cbor::write, hex::Hash},
    merkle::sha256,
};

/// Bytes of a sibling in the encoding.
const SIBLING_LENGTH: usize = 33;

/// The way from the root to where a key's path leads, with what is hashed in on it.
///
/// Every byte takes part in the root that a proof computes or is refused, so a proof is either the
/// one that [`StateMap::prove`](super::StateMap::prove) makes, or it fails.
///
/// Why a key is absent when its path leads to another's leaf: a branch's leaves lie on the sides
/// that their own bits name, so the way that follows the key's bits would end at the key's leaf, if
/// there were one. It cannot end early: a branch's hash is that of 66 bytes that begin with 0x01,
/// and a leaf's that of 65 that begin with 0x00.
///
/// Does not show that the root is the one that some block attests.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Proof {
    /// The branches on the way, from the root down; at most 256.
    pub siblings: Vec<Sibling>,
    /// Where the way ends.
    pub end: End,
}

/// A branch on the way, and the side that the way does not take.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sibling {
    /// The bit of the branch, from 0; the way takes the side that the path has there.
    pub bit: u8,
    /// Hash of the other side.
    pub hash: Hash,
}

/// Where the way to a key ends.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum End {
    /// Nowhere: the map is empty.
    Empty,
    /// At the key's entry, which has this value.
    Value(Vec<u8>),
    /// At the entry of another key.
    Other {
        /// SHA-256 of the other key.
        path: Hash,
        /// SHA-256 of its value.
        value_hash: Hash,
    },
}

/// Why a proof does not prove anything about its key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// A branch that does not stand below the one before it.
    #[error("the branch at bit {bit} is not below the one before it")]
    BitOrder {
        /// The bit of the lower branch.
        bit: u8,
    },
    /// Branches in a map that is said to be empty.
    #[error("an empty map has no branches")]
    EmptyWithSiblings,
    /// The entry that is said to be another's lies on the other side of a branch.
    #[error("the other entry is not on the side of the key at bit {bit}")]
    OtherAside {
        /// The bit of the branch.
        bit: u8,
    },
    /// The entry that is said to be another's has the key's own path.
    #[error("the other entry is the key's own")]
    OtherIsOwn,
    /// What the proof computes is not the root.
    #[error("the proof leads to the root {computed}, not {claimed}")]
    RootMismatch {
        /// The root that was to be reached.
        claimed: Hash,
        /// The root that the proof computes.
        computed: Hash,
    },
}

impl Proof {
    /// Verifies that in the map with this root `key` has the value that is returned, or none.
    ///
    /// Source: `docs/state.md`, Verifying a proof.
    ///
    /// # Errors
    /// [`ProofError`]: nothing is known about the key then.
    ///
    /// # Cost
    /// A hash of the key, one of the value, one of the leaf, and one for each sibling, of which no
    /// more than 256 are looked at.
    pub fn verify(&self, root: &Hash, key: &[u8]) -> Result<Option<&[u8]>, ProofError> {
        let computed = self.compute_root(key)?;
        if computed != *root {
            return Err(ProofError::RootMismatch { claimed: *root, computed });
        }
        Ok(match &self.end {
            End::Value(value) => Some(value),
            End::Empty | End::Other { .. } => None,
        })
    }

    /// The root of the map in which this is a proof for `key`.
    ///
    /// # Errors
    /// All of [`ProofError`] but `RootMismatch`.
    pub fn compute_root(&self, key: &[u8]) -> Result<Hash, ProofError> {
        let path = path_of(key);
        let (end, mut hash) = match &self.end {
            End::Empty if self.siblings.is_empty() => return Ok(empty_root()),
            End::Empty => return Err(ProofError::EmptyWithSiblings),
            End::Value(value) => (&path, leaf_hash(&path, &sha256(&[value]))),
            End::Other { path: other, .. } if *other == path => return Err(ProofError::OtherIsOwn),
            End::Other { path: other, value_hash } => (other, leaf_hash(other, value_hash)),
        };
        let mut below: Option<u8> = None;
        for Sibling { bit, hash: sibling } in self.siblings.iter().rev() {
            if let Some(below) = below.filter(|below| below <= bit) {
                return Err(ProofError::BitOrder { bit: below });
            }
            below = Some(*bit);
            if is_one(end, *bit) != is_one(&path, *bit) {
                return Err(ProofError::OtherAside { bit: *bit });
            }
            hash = if is_one(&path, *bit) {
                branch_hash(*bit, sibling, &hash)
            } else {
                branch_hash(*bit, &hash, sibling)
            };
        }
        Ok(hash)
    }

    /// The proof as CBOR: `[siblings, end]`.
    ///
    /// `siblings` is a byte string of 33 bytes for each, the bit and the hash. `end` is null for
    /// [`End::Empty`], the value as a byte string for [`End::Value`], and `[path, value hash]`, two
    /// byte strings of 32 bytes, for [`End::Other`].
    pub fn encode(&self) -> Vec<u8> {
        let mut siblings = Vec::new();
        for Sibling { bit, hash } in &self.siblings {
            siblings.push(*bit);
            siblings.extend_from_slice(hash.as_bytes());
        }
        write(|e| {
            e.array(2)?.bytes(&siblings)?;
            match &self.end {
                End::Empty => e.null()?,
                End::Value(value) => e.bytes(value)?,
                End::Other { path, value_hash } => {
                    e.array(2)?.bytes(path.as_bytes())?.bytes(value_hash.as_bytes())?
                }
            };
            Ok(())
        })
    }

    /// Reads what [`encode`](Self::encode) writes, and nothing else.
    ///
    /// # Errors
    /// [`DecodeError`], with the byte and the field.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        cbor::decoded(bytes, decode_fields, Self::encode)
    }
}

fn decode_fields(decoder: &mut Decoder<'_>) -> Result<Proof, DecodeError> {
    cbor::array(decoder, 2)?;
    let offset = decoder.position();
    let siblings = cbor::field(decoder, "siblings", Decoder::bytes)?;
    let siblings = siblings
        .chunks(SIBLING_LENGTH)
        .map(|chunk| {
            let (bit, hash) = chunk.split_first()?;
            Some(Sibling { bit: *bit, hash: Hash::from_slice(hash)? })
        })
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| DecodeError::new(offset, DecodeProblem::Length).within("siblings"))?;
    let kind = cbor::field(decoder, "end", |decoder| decoder.datatype())?;
    let end = if kind == Type::Null {
        cbor::field(decoder, "end", Decoder::null)?;
        End::Empty
    } else if kind == Type::Array {
        cbor::array(decoder, 2).map_err(|error| error.within("end"))?;
        let path = cbor::hash(decoder, "end.path")?;
        End::Other { path, value_hash: cbor::hash(decoder, "end.value_hash")? }
    } else {
        // Whatever else it is, it should have been a byte string.
        End::Value(cbor::field(decoder, "end", Decoder::bytes)?.to_vec())
    };
    Ok(Proof { siblings, end })
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use proptest::prelude::*;

    use super::*;
    use crate::state::StateMap;

    /// A map of so many keys, `key 0` and on, with its root.
    fn map(entries: usize) -> (StateMap, Hash) {
        let mut map = StateMap::default();
        for n in 0..entries {
            map.insert(&key(n), format!("value {n}").into_bytes());
        }
        let root = map.commit();
        (map, root)
    }

    fn key(n: usize) -> Vec<u8> {
        format!("key {n}").into_bytes()
    }

    /// What the bytes prove about the key, if they are a proof at all.
    fn says(bytes: &[u8], root: &Hash, key: &[u8]) -> Result<Option<Vec<u8>>, Refused> {
        let proof = Proof::decode(bytes).map_err(|_| Refused)?;
        proof.verify(root, key).map(|value| value.map(<[u8]>::to_vec)).map_err(|_| Refused)
    }

    /// Not decoded, or not verified.
    #[derive(Debug, PartialEq)]
    struct Refused;

    #[test]
    fn every_key_of_maps_of_every_size_to_20_is_proven_and_every_other_proven_absent() {
        for entries in 0..20 {
            let (map, root) = map(entries);
            for n in 0..40 {
                let bytes = map.prove(&key(n)).unwrap().encode();
                let value = (n < entries).then(|| format!("value {n}").into_bytes());
                assert_eq!(says(&bytes, &root, &key(n)), Ok(value), "{n} of {entries}");
            }
        }
    }

    #[test]
    fn prefixes_of_a_key_and_the_empty_key_are_keys_of_their_own() {
        let mut map = StateMap::default();
        map.insert(b"ab", b"1".to_vec());
        map.insert(b"", b"2".to_vec());
        let root = map.commit();
        for (key, value) in [
            (&b"ab"[..], Some(&b"1"[..])),
            (b"a", None),
            (b"abc", None),
            (b"ab\0", None),
            (b"", Some(b"2")),
        ] {
            assert_eq!(map.prove(key).unwrap().verify(&root, key), Ok(value));
        }
    }

    #[test]
    fn proof_of_one_key_proves_nothing_of_an_entry_it_does_not_lead_to() {
        let (map, root) = map(20);
        let present = map.prove(&key(3)).unwrap();
        for n in (0..40).filter(|n| *n != 3) {
            assert!(present.verify(&root, &key(n)).is_err(), "{n}");
        }
        for absent in 20..40 {
            let proof = map.prove(&key(absent)).unwrap();
            for n in 0..20 {
                // The only entry that an absence proof leads to is the one that it names.
                assert!(proof.verify(&root, &key(n)).is_err(), "{absent} for {n}");
            }
        }
    }

    #[test]
    fn every_single_bit_change_of_a_proof_is_refused() {
        for entries in [0, 1, 2, 20] {
            let (map, root) = map(entries);
            for key in [key(0), key(30)] {
                let bytes = map.prove(&key).unwrap().encode();
                assert!(says(&bytes, &root, &key).is_ok());
                for bit in 0..bytes.len() * 8 {
                    let mut changed = bytes.clone();
                    changed[bit / 8] ^= 1 << (bit % 8);
                    assert_eq!(
                        says(&changed, &root, &key),
                        Err(Refused),
                        "bit {bit}, {entries} entries"
                    );
                }
            }
        }
    }

    #[test]
    fn proof_that_is_cut_or_goes_on_at_any_byte_is_refused() {
        let (map, root) = map(20);
        for key in [key(0), key(30)] {
            let bytes = map.prove(&key).unwrap().encode();
            for end in 0..bytes.len() {
                let error = Proof::decode(&bytes[..end]).unwrap_err();
                assert_eq!(error.problem, DecodeProblem::Truncated, "{end}");
            }
            let longer = [&bytes[..], &[0]].concat();
            let error = Proof::decode(&longer).unwrap_err();
            assert_eq!(error.problem, DecodeProblem::TrailingBytes);
            assert_eq!(says(&longer, &root, &key), Err(Refused));
        }
    }

    #[test]
    fn encodings_of_other_shapes_are_refused_at_their_field() {
        let refused = |bytes: &[u8]| {
            let error = Proof::decode(bytes).unwrap_err();
            (error.path, error.problem, error.offset)
        };
        let hash = [7; 32];
        let long_head = [&[0x82, 0x40, 0x82, 0x58, 32][..], &hash, &[0x59, 0, 32], &hash].concat();
        let short_hash = [&[0x82, 0x40, 0x82, 0x58, 31][..], &hash[1..], &[0x40]].concat();
        for (bytes, path, problem, offset) in [
            (&[0x83, 0x40, 0xf6, 0xf6][..], "", DecodeProblem::Length, 0),
            (&[0x9f, 0x40, 0xf6, 0xff], "", DecodeProblem::NotCanonical, 0),
            (&[0x82, 0x58, 0, 0xf6], "", DecodeProblem::NotCanonical, 1),
            (&[0x82, 0x41, 0, 0xf6], "siblings", DecodeProblem::Length, 1),
            (&[0x82, 0x60, 0xf6], "siblings", DecodeProblem::WrongType, 1),
            (&[0x82, 0x40, 0x60], "end", DecodeProblem::WrongType, 2),
            (&[0x82, 0x40, 0x5f, 0x40, 0xff], "end", DecodeProblem::WrongType, 2),
            (&[0x82, 0x40, 0x81, 0x40], "end", DecodeProblem::Length, 2),
            (&short_hash, "end.path", DecodeProblem::Length, 3),
            (&long_head, "", DecodeProblem::NotCanonical, 37),
        ] {
            assert_eq!(refused(bytes), (path.into(), problem, offset), "{bytes:02x?}");
        }
    }

    #[test]
    fn proof_without_any_one_of_its_siblings_or_with_two_swapped_is_refused() {
        let (map, root) = map(40);
        for key in [key(0), key(99)] {
            let proof = map.prove(&key).unwrap();
            assert!(proof.siblings.len() > 3, "the way has several branches");
            for n in 0..proof.siblings.len() {
                let mut shorter = proof.clone();
                shorter.siblings.remove(n);
                let error = shorter.verify(&root, &key).unwrap_err();
                assert!(matches!(error, ProofError::RootMismatch { .. }), "{n}");
                if n > 0 {
                    let mut swapped = proof.clone();
                    swapped.siblings.swap(n - 1, n);
                    let error = swapped.verify(&root, &key).unwrap_err();
                    assert!(matches!(error, ProofError::BitOrder { .. }), "{n}");
                    swapped.siblings[n].bit = proof.siblings[n].bit;
                    swapped.siblings[n - 1].bit = proof.siblings[n - 1].bit;
                    let error = swapped.verify(&root, &key).unwrap_err();
                    assert!(matches!(error, ProofError::RootMismatch { .. }), "{n}");
                }
            }
        }
    }

    /// The way ends at a branch that is passed off as a leaf: its two hashes as path and value hash.
    #[test]
    fn absence_is_not_shown_by_a_branch_above_the_entry() {
        let (map, root) = map(40);
        let proof = map.prove(&key(0)).unwrap();
        let path = path_of(&key(0));
        for depth in 0..proof.siblings.len() {
            let below = Proof { siblings: proof.siblings[depth + 1..].to_vec(), ..proof.clone() };
            let (side, sibling) = (below.compute_root(&key(0)).unwrap(), proof.siblings[depth]);
            let (zero, one) = if is_one(&path, sibling.bit) {
                (sibling.hash, side)
            } else {
                (side, sibling.hash)
            };
            let siblings = proof.siblings[..depth].to_vec();
            for end in [
                End::Other { path: zero, value_hash: one },
                End::Other { path: sibling.hash, value_hash: side },
                End::Value([zero.0, one.0].concat()),
                End::Value(Vec::new()),
            ] {
                let forged = Proof { siblings: siblings.clone(), end };
                assert!(forged.verify(&root, &key(0)).is_err(), "{depth}");
            }
            let forged = Proof { siblings, end: End::Empty };
            assert!(forged.verify(&root, &key(0)).is_err(), "{depth}");
        }
    }

    #[test]
    fn absence_is_not_shown_by_another_entry_of_the_map() {
        let (map, root) = map(40);
        for other in 1..40 {
            // An honest way to the other entry, which is said to be where key 0 leads.
            let Proof { siblings, end } = map.prove(&key(other)).unwrap();
            let End::Value(value) = end else { panic!("{other} is there") };
            let end = End::Other { path: path_of(&key(other)), value_hash: sha256(&[&value]) };
            let forged = Proof { siblings, end };
            let error = forged.verify(&root, &key(0)).unwrap_err();
            assert!(matches!(error, ProofError::OtherAside { .. }), "{other}: {error}");
        }
    }

    #[test]
    fn absence_is_not_shown_by_the_entry_itself() {
        let (map, root) = map(3);
        let mut proof = map.prove(&key(0)).unwrap();
        proof.end = End::Other { path: path_of(&key(0)), value_hash: sha256(&[b"value 0"]) };
        assert_eq!(proof.verify(&root, &key(0)), Err(ProofError::OtherIsOwn));
    }

    #[test]
    fn empty_map_has_no_branches_and_no_other_root() {
        let sibling = Sibling { bit: 0, hash: empty_root() };
        let forged = Proof { siblings: Vec::from([sibling]), end: End::Empty };
        assert_eq!(forged.verify(&empty_root(), b"key"), Err(ProofError::EmptyWithSiblings));
        let empty = Proof { siblings: Vec::new(), end: End::Empty };
        assert_eq!(empty.verify(&empty_root(), b"key"), Ok(None));
        let (_, claimed) = map(1);
        let error = ProofError::RootMismatch { claimed, computed: empty_root() };
        assert_eq!(empty.verify(&claimed, b"key"), Err(error));
    }

    #[test]
    fn more_branches_than_bits_are_refused_at_the_first_that_repeats() {
        let sibling = |bit| Sibling { bit, hash: empty_root() };
        let mut siblings: Vec<Sibling> = (0..=u8::MAX).map(sibling).collect();
        let proof = Proof { siblings: siblings.clone(), end: End::Value(Vec::new()) };
        assert!(proof.compute_root(b"key").is_ok());
        siblings.push(sibling(u8::MAX));
        let proof = Proof { siblings, end: End::Value(Vec::new()) };
        assert_eq!(proof.compute_root(b"key"), Err(ProofError::BitOrder { bit: u8::MAX }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn any_bytes_decode_to_a_proof_that_encodes_to_them_or_not_at_all(
            bytes in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..80),
                (
                    prop::sample::select(&[0_u8, 32, 33, 66][..]),
                    prop::collection::vec(any::<u8>(), 0..9),
                )
                    .prop_map(|(length, tail)| {
                        let siblings = [5; 66];
                        let siblings = &siblings[..usize::from(length)];
                        [&[0x82, 0x58, length][..], siblings, &tail].concat()
                    }),
            ],
        ) {
            if let Ok(proof) = Proof::decode(&bytes) {
                prop_assert_eq!(proof.encode(), bytes);
            }
        }
    }
}
