//! That a document was anchored.

use alloc::format;

use crate::{
    check::CheckId,
    encoding::cbor::map,
    ledger::cometbft::rules::differ,
    merkle::anchor_tree::{DocumentProof, TreeHead},
    packet::{
        Bytes,
        claims::{Claims, Established},
    },
    record::Body,
    verification::recorder::Stop,
};

map! {
    /// A document is one of those whose root an anchor record holds.
    pub struct DocumentClaim {
        /// Which of the packet's records, from 0, is the anchor record; it is claimed before.
        1 => record: u64,
        /// The proof file that came with the document.
        2 => proof: Bytes,
    }
}

impl DocumentClaim {
    pub(super) fn verify(&self, claims: &mut Claims<'_, '_>) -> Result<Established, Stop> {
        let proof =
            claims.decoded(DocumentProof::decode(&self.proof), self.proof.offset(), "proof")?;
        let (record, is_accepted) = claims.remembered(self.record, "record")?;
        // Anybody's bytes can stand in a block. Only what the contract accepted anchors anything.
        claims.require(CheckId::DocumentIncluded, is_accepted, "record", || {
            differ(&"a record that the network refused", &"an anchor that it accepted")
        })?;
        let head = if let Body::Anchor(anchor) = &record.body {
            let head = TreeHead { leaf_count: anchor.leaf_count, root: anchor.root };
            Some((head, record.id, anchor.custodian.clone()))
        } else {
            None
        };
        let (head, id, custodian) = claims.required(head, "record")?;
        let included = claims.compare_document(|digest| proof.verify(digest, &head).is_ok())?;
        claims.require(CheckId::DocumentIncluded, included, "proof", || {
            differ(&"another document, or a proof for another batch", &head.root)
        })?;
        Ok(Established {
            proven: format!(
                "The document that was given is number {} of the {} whose root the anchor {id} of {custodian} holds.",
                proof.inclusion.index(),
                head.leaf_count
            ),
            not_proven: "Who wrote the document, and what was in it before it was anchored.".into(),
            ..Established::default()
        })
    }
}
