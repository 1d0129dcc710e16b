//! The root as the definition has it: slow, from the whole set of entries, sharing nothing with the
//! trie but SHA-256.

use alloc::vec::Vec;

use crate::{encoding::hex::Hash, merkle::sha256};

/// The root of these entries, in whatever order.
pub(super) fn root(entries: &[(Hash, Vec<u8>)]) -> Hash {
    match entries {
        [] => sha256(&[]),
        [(path, value)] => sha256(&[&[0], &path.0, &sha256(&[value]).0]),
        [(first, _), ..] => {
            let bit = (0..256)
                .find(|bit| entries.iter().any(|(path, _)| digit(path, *bit) != digit(first, *bit)))
                .unwrap();
            let [zero, one] = ['0', '1'].map(|side| {
                let side: Vec<_> =
                    entries.iter().filter(|(path, _)| digit(path, bit) == side).cloned().collect();
                root(&side)
            });
            sha256(&[&[1], &[u8::try_from(bit).unwrap()], &zero.0, &one.0])
        }
    }
}

/// A bit of a path, read off its bytes written as binary digits.
fn digit(path: &Hash, bit: usize) -> char {
    alloc::format!("{:08b}", path.0[bit / 8]).chars().nth(bit % 8).unwrap()
}
