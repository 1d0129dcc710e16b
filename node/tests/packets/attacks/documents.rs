//! Documents: what is one of a batch, and of which.

use super::{Attack, access, attack, attack_on, claims, of};
use crate::world::{DOCUMENT, LEDGER, WITH_REFUSED, batch, digest, document_proof, id};
use vidimus::{
    encoding::hex::Hash,
    merkle::{
        anchor_tree::{AnchorTree, DocumentProof, InclusionProof, Salt, SaltedDigest},
        inner_hash, leaf_hash,
    },
    packet::{Packet, build::Wanted, claim::Claim},
};

/// Where leaf count and index stand in a proof's encoding, a byte each.
const LEAF_COUNT: usize = 24;
const INDEX: usize = 25;

pub(super) fn attacks() -> Vec<Attack> {
    [places(), trees(), anchors()].into_iter().flatten().collect()
}

fn on_document(
    name: &'static str,
    expects: &'static str,
    edit: impl Fn(&mut DocumentProof) + 'static,
) -> Attack {
    attack(name, expects, LEDGER.anchor.height, Wanted::Document(document_proof()), move |packet| {
        document(packet, &edit);
    })
}

/// The same on the bytes of the proof, as no proof in memory has every shape.
fn on_bytes(
    name: &'static str,
    expects: &'static str,
    edit: impl Fn(&mut Vec<u8>) + 'static,
) -> Attack {
    attack(name, expects, LEDGER.anchor.height, Wanted::Document(document_proof()), move |packet| {
        claims(packet, |claims| {
            let Claim::Document(claim) = &mut claims[1] else { panic!("a document") };
            let mut bytes = claim.proof.to_vec();
            edit(&mut bytes);
            claim.proof = bytes.into();
        });
    })
}

fn document(packet: &mut Packet, edit: impl FnOnce(&mut DocumentProof)) {
    claims(packet, |claims| {
        let Claim::Document(claim) = &mut claims[1] else { panic!("a document") };
        let mut proof = DocumentProof::decode(&claim.proof).unwrap();
        edit(&mut proof);
        claim.proof = proof.to_bytes().into();
    });
}

/// A way in a tree of so many leaves, whatever it leads to.
fn way(leaf_count: u64, index: u64, siblings: &[Hash]) -> InclusionProof {
    InclusionProof::new(leaf_count, index, siblings.to_vec()).unwrap()
}

fn places() -> Vec<Attack> {
    vec![
        on_document("a document under the root of another batch", "document.included", |proof| {
            proof.claimed_root.0[0] ^= 1;
        }),
        on_document("a document at another place of the batch", "document.included", |proof| {
            proof.inclusion = way(5, 3, proof.inclusion.siblings());
        }),
        on_document("a document at the place of its neighbor", "document.included", |proof| {
            proof.inclusion = AnchorTree::new(&batch()).unwrap().proof(3).unwrap();
        }),
        on_document("a document in a larger batch", "document.included", |proof| {
            // As deep: the same root follows.
            proof.inclusion = way(6, 2, proof.inclusion.siblings());
        }),
        on_document("a document alone in its batch", "document.included", |proof| {
            let tree = AnchorTree::new(&[digest(DOCUMENT)]).unwrap();
            (proof.inclusion, proof.claimed_root) = (tree.proof(0).unwrap(), tree.head().root);
        }),
        on_document("a document behind another salt", "document.included", |proof| {
            proof.salt = Salt::from_bytes([1; 32]);
        }),
        on_document("another document", "document.included", |_| {})
            .with_document(digest(b"another")),
        on_document("the document's neighbor", "document.included", |_| {})
            .with_document(batch()[3]),
    ]
}

/// What `merkle_light` proves and what its wrapper does not (docs/anchor-trees.md).
fn trees() -> Vec<Attack> {
    let leaves: Vec<Hash> = batch().iter().map(|digest| leaf_hash(digest.as_bytes())).collect();
    let node = inner_hash(&leaves[0], &leaves[1]);
    let last = batch()[4];
    vec![
        on_document("an inner node as a document", "document.included", |proof| {
            let siblings = proof_of(0).siblings().to_vec();
            proof.inclusion = way(4, 0, &siblings[1..]);
        })
        .with_document(SaltedDigest::from_hash(node)),
        on_bytes("an inner node as a document of the whole batch", "packet.encoding", |bytes| {
            let mut proof = document_proof();
            proof.inclusion = way(4, 0, &proof_of(0).siblings()[1..]);
            *bytes = proof.to_bytes();
            bytes[LEAF_COUNT] = 5;
        })
        .with_document(SaltedDigest::from_hash(node)),
        on_bytes("a document where padding stands", "packet.encoding", |bytes| bytes[INDEX] = 5),
        on_bytes("a document beyond the tree", "packet.encoding", |bytes| bytes[INDEX] = 8),
        on_document("the last document where its padding stands", "document.included", |proof| {
            proof.inclusion = way(8, 5, proof_of(4).siblings());
        })
        .with_document(last),
        on_document("the last document once more", "document.included", move |proof| {
            // CVE-2012-2459: an odd last leaf stands for two.
            let mut siblings = proof_of(4).siblings().to_vec();
            siblings[0] = leaf_hash(last.as_bytes());
            proof.inclusion = way(6, 5, &siblings);
        })
        .with_document(last),
        on_document("a hash changed beside a document", "document.included", |proof| {
            let mut siblings = proof.inclusion.siblings().to_vec();
            siblings[1].0[31] ^= 1;
            proof.inclusion = way(5, 2, &siblings);
        }),
        on_document("hashes beside a document in another order", "document.included", |proof| {
            let mut siblings = proof.inclusion.siblings().to_vec();
            siblings.swap(0, 1);
            proof.inclusion = way(5, 2, &siblings);
        }),
    ]
}

/// The way of another document of the batch.
fn proof_of(index: u64) -> InclusionProof {
    AnchorTree::new(&batch()).unwrap().proof(index).unwrap()
}

fn anchors() -> Vec<Attack> {
    let tip = LEDGER.anchor.height;
    let wanted = || Wanted::Document(document_proof());
    let refused = vec![Wanted::Record(id(&WITH_REFUSED, 2, 0)), Wanted::Document(document_proof())];
    vec![
        attack_on(
            &WITH_REFUSED,
            "a document under an anchor that was refused",
            "document.included",
            WITH_REFUSED.anchor.height,
            refused,
            |packet| {
                claims(packet, |claims| {
                    let Claim::Document(claim) = &mut claims[2] else { panic!("a document") };
                    claim.record = 0;
                });
            },
        ),
        attack("an anchor that is no anchor", "packet.references", tip, wanted(), |packet| {
            let other = of(&LEDGER, LEDGER.anchor.height, access());
            claims(packet, |claims| {
                // A record of the log needs no header but the last.
                let Claim::Record(mut claim) = other.claims[0].clone() else { panic!("a record") };
                claim.log.as_mut().unwrap().header = 2;
                claims[0] = Claim::Record(claim);
            });
        }),
        attack("an anchor that is claimed later", "packet.references", tip, wanted(), |packet| {
            claims(packet, |claims| claims.swap(0, 1));
        }),
    ]
}
