//! Anchor trees against another implementation of RFC 9162, over lists padded here, and against the
//! example of the document.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it says"
)]

use std::{fs, path::PathBuf};

use ct_merkle::{InclusionProof as ReferenceProof, mem_backed_tree::MemoryBackedTree};
use data_encoding::HEXLOWER;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use vidimus::{
    encoding::hex::Hash,
    merkle::anchor_tree::{
        AnchorTree, BatchList, Document, DocumentHasher, DocumentProof, InclusionProof, Salt,
        SaltedDigest,
    },
};

type Reference = MemoryBackedTree<Sha256, Vec<u8>>;

/// The leaves of a batch, padded as `docs/anchor-trees.md` says.
fn padded(digests: &[SaltedDigest]) -> Vec<Vec<u8>> {
    let mut leaves: Vec<Vec<u8>> = digests.iter().map(|d| d.as_bytes().to_vec()).collect();
    while leaves.len() < 2 || !leaves.len().is_power_of_two() {
        let index = u64::try_from(leaves.len()).expect("a small number");
        let mut leaf = b"vidimus/padding/1\0".to_vec();
        leaf.extend_from_slice(&index.to_be_bytes());
        leaves.push(leaf);
    }
    leaves
}

fn reference(leaves: &[Vec<u8>]) -> Reference {
    let mut tree = Reference::new();
    for leaf in leaves {
        tree.push(leaf.clone());
    }
    tree
}

fn digest(n: u32) -> SaltedDigest {
    SaltedDigest::from_hash(Hash(Sha256::digest(n.to_be_bytes()).into()))
}

/// Compares one proof, and has each implementation verify what the other made.
fn compare(tree: &AnchorTree, reference: &Reference, digests: &[SaltedDigest], index: usize) {
    let place = u64::try_from(index).expect("a small number");
    let ours = tree.proof(place).expect("the batch has this leaf");
    let theirs = reference.prove_inclusion(index);
    let (hashes, rest) = theirs.as_bytes().as_chunks::<32>();
    assert!(rest.is_empty(), "whole hashes");
    assert!(ours.siblings().iter().map(|hash| hash.0).eq(hashes.iter().copied()), "leaf {index}");

    let head = tree.head();
    let siblings = hashes.iter().copied().map(Hash).collect();
    let read = InclusionProof::new(head.leaf_count, place, siblings).expect("the right shape");
    assert_eq!(read.verify(&digests[index], &head).map(|i| i.index()), Ok(place));
    let bytes = ours.siblings().iter().flat_map(|hash| hash.0).collect();
    let written = ReferenceProof::<Sha256>::from_bytes(bytes);
    let leaf = digests[index].as_bytes();
    assert!(reference.root().verify_inclusion(leaf, place, &written).is_ok(), "leaf {index}");
}

/// Every proof of batches up to 65 leaves; above, some from everywhere and both ends.
#[test]
fn roots_and_proofs_are_those_of_ct_merkle_for_1_to_1025_leaves() {
    let all: Vec<SaltedDigest> = (0..1025).map(digest).collect();
    let mut proofs = 0;
    for count in 1..=all.len() {
        let digests = &all[..count];
        let tree = AnchorTree::new(digests).expect("a batch");
        let reference = reference(&padded(digests));
        assert_eq!(tree.head().root.0, reference.root().as_bytes()[..], "{count} leaves");
        let step = if count <= 65 { 1 } else { 97 };
        let last = count - 1;
        for index in (0..count).step_by(step).chain([last.saturating_sub(1), last]) {
            compare(&tree, &reference, digests, index);
            proofs += 1;
        }
    }
    assert!(proofs > 8_000, "{proofs} proofs were compared");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What verifies is the leaf of that index, and no other digest, index or count does.
    #[test]
    fn only_the_digest_at_the_index_verifies(
        count in 1..300_u32,
        leaf: prop::sample::Index,
        other: prop::sample::Index,
    ) {
        let digests: Vec<SaltedDigest> = (0..count).map(digest).collect();
        let tree = AnchorTree::new(&digests).expect("a batch");
        let head = tree.head();
        let (leaf, other) = (leaf.index(digests.len()), other.index(digests.len()));
        let place = u64::try_from(leaf).expect("a small number");
        let proof = tree.proof(place).expect("the batch has this leaf");
        prop_assert_eq!(proof.verify(&digests[other], &head).is_ok(), leaf == other);
        let elsewhere = u64::try_from(other).expect("a small number");
        let moved = InclusionProof::new(head.leaf_count, elsewhere, proof.siblings().to_vec());
        let moved = moved.expect("the right shape").verify(&digests[leaf], &head);
        prop_assert_eq!(moved.is_ok(), leaf == other);
        for leaf_count in head.leaf_count.saturating_sub(3)..head.leaf_count + 3 {
            let resized = InclusionProof::new(leaf_count, place, proof.siblings().to_vec());
            let shown = resized.is_ok_and(|proof| proof.verify(&digests[leaf], &head).is_ok());
            prop_assert_eq!(shown, leaf_count == head.leaf_count);
        }
    }
}

/// The batch of the document: salts of 32 bytes 01, 02, 03.
fn example() -> (BatchList, Vec<DocumentProof>) {
    let contents = ["pulse 61/min", "pulse 64/min", "pulse 59/min"];
    let salts = [1, 2, 3].map(|byte| Salt::from_bytes([byte; 32]));
    let documents = contents.iter().zip(&salts).zip(1..).map(|((content, salt), number)| {
        let mut hasher = DocumentHasher::new(salt);
        hasher.update(content.as_bytes());
        Document { name: format!("{number}.txt"), digest: hasher.finish() }
    });
    let list = BatchList::new(documents.collect()).expect("a batch");
    let tree = list.tree();
    let proofs = (0..).zip(salts).map(|(index, salt)| DocumentProof {
        salt,
        inclusion: tree.proof(index).expect("the batch has this leaf"),
        claimed_root: tree.head().root,
    });
    let proofs = proofs.collect();
    (list, proofs)
}

fn document() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/anchor-trees.md");
    fs::read_to_string(path).expect("docs/anchor-trees.md")
}

/// The bytes of the annotated dump that starts with this comment: offset, two spaces, bytes, then
/// at least two spaces and words.
fn dump(text: &str, first: &str) -> Vec<u8> {
    let start = text.lines().position(|line| line.ends_with(first)).expect("the dump is there");
    let mut bytes = Vec::new();
    for line in text.lines().skip(start).take_while(|line| *line != "```") {
        let Some((offset, rest)) = line.split_at_checked(6) else { continue };
        if let Ok(offset) = usize::from_str_radix(offset.trim(), 16) {
            assert_eq!(offset, bytes.len(), "offset of the line: {line}");
        }
        let column = rest.split("  ").next().unwrap_or_default();
        let parsed = column.split(' ').map(|byte| u8::from_str_radix(byte, 16));
        bytes.extend(parsed.map(|byte| byte.expect("two hex digits")));
    }
    bytes
}

#[test]
fn example_of_the_document_is_what_the_code_computes() {
    let text = document();
    let (list, proofs) = example();
    let leaves = padded(&list.documents().iter().map(|d| d.digest).collect::<Vec<_>>());
    let hash = |prefix: u8, parts: &[&[u8]]| {
        let mut hasher = Sha256::new_with_prefix([prefix]);
        for part in parts {
            hasher.update(part);
        }
        Hash(hasher.finalize().into())
    };
    let level: Vec<Hash> = leaves.iter().map(|leaf| hash(0, &[leaf])).collect();
    let left = hash(1, &[&level[0].0, &level[1].0]);
    let right = hash(1, &[&level[2].0, &level[3].0]);
    let root = hash(1, &[&left.0, &right.0]);
    assert_eq!(list.tree().head().root, root);

    let digests = (0..).zip(list.documents()).map(|(i, d)| (format!("d{i}"), *d.digest.as_hash()));
    let hashes = (0..).zip(level).map(|(i, hash)| (format!("h{i}"), hash));
    let nodes = [("h01", left), ("h23", right), ("root", root)].map(|(n, h)| (n.to_owned(), h));
    for (name, value) in digests.chain(hashes).chain(nodes) {
        let line = format!("{name:<6}{}", value.to_lower_hex());
        assert!(text.lines().any(|found| found == line), "docs/anchor-trees.md lacks: {line}");
    }
    let padding = HEXLOWER.encode(&leaves[3]);
    assert!(text.contains(&padding), "padding leaf {padding}");

    assert_eq!(dump(&text, "array of 6"), proofs[1].to_bytes(), "1-2.txt.proof");
    assert_eq!(dump(&text, "array of 4"), list.to_bytes(), "batch.cbor");
}
