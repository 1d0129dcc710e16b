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
        let record = claims.remembered(self.record, "record")?;
        let head = if let Body::Anchor(anchor) = &record.body {
            Some((TreeHead { leaf_count: anchor.leaf_count, root: anchor.root }, record.id))
        } else {
            None
        };
        let (head, id) = claims.required(head, "record")?;
        let digests = claims.digests()?;
        let included = digests.iter().any(|digest| proof.verify(digest, &head).is_ok());
        claims.require(CheckId::DocumentIncluded, included, "proof", || {
            differ(&"another document, or a proof for another batch", &head.root)
        })?;
        Ok(Established {
            proven: format!(
                "The document that was given is number {} of the {} whose root the anchor {id} holds.",
                proof.inclusion.index(),
                head.leaf_count
            ),
            not_proven: "Who wrote the document, and what was in it before it was anchored.".into(),
            ..Established::default()
        })
    }
}
