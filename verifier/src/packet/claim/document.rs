//! That a document was anchored.

use alloc::format;

use crate::{
    check::CheckId,
    encoding::cbor::map,
    ledger::cometbft::rules::differ,
    merkle::anchor_tree::{DocumentProof, TreeHead},
    packet::{
        Bytes,
        claims::{Claims, Known},
        report::{ClaimReport, ShownDocument},
    },
    record::Body,
    report::BlockPoint,
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
    pub(super) fn verify(&self, claims: &mut Claims<'_, '_>) -> Result<ClaimReport, Stop> {
        let proof =
            claims.decoded(DocumentProof::decode(&self.proof), self.proof.offset(), "proof")?;
        let Known { record, is_accepted, attested_by } = claims.known(self.record, "record")?;
        // Anybody's bytes can stand in a block. Only what the contract accepted anchors anything.
        claims.require(CheckId::DocumentIncluded, is_accepted, "record", || {
            differ(&"a record that the network refused", &"an anchor that it accepted")
        })?;
        let anchor = if let Body::Anchor(anchor) = &record.body { Some(anchor) } else { None };
        let anchor = claims.required(anchor, "record")?;
        let head = TreeHead { leaf_count: anchor.leaf_count, root: anchor.root };
        let digest = claims.compare_document(|digest| proof.verify(digest, &head).is_ok())?;
        claims.require(CheckId::DocumentIncluded, digest.is_some(), "proof", || {
            differ(&"another document, or a proof for another batch", &head.root)
        })?;
        let index = proof.inclusion.index();
        let BlockPoint { height, time, .. } = attested_by;
        Ok(ClaimReport {
            proven: format!(
                "The document that was given is number {} of the {} whose root the anchor {} of {} holds. It was there, as it is, before block {height} of {time}.",
                index.saturating_add(1),
                head.leaf_count,
                record.id,
                anchor.custodian
            ),
            not_proven: "Who wrote the document, and whether what it says is true.".into(),
            subject: anchor.subject,
            document: digest.map(|digest| ShownDocument::new(&digest, index, anchor, record.id)),
            ..ClaimReport::new("document", attested_by)
        })
    }
}
