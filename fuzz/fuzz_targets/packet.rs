//! Any bytes as an evidence packet, between the format's name and a digest that fits: a report, never a panic,
//! and the same one whatever the chunks. Without an anchor nothing is verified and nothing is claimed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vidimus::{
    InputKind, Verification,
    anchor::{Anchors, TrustAnchor},
    encoding::protobuf::decode_canonical,
    ledger::cometbft::{header::Header, profile::Profile},
    limits::Limits,
    merkle::{anchor_tree::DocumentHasher, sha256},
    packet::{MAGIC, Packet, salts},
    policy::Policy,
    report::Status,
};

/// The document that whoever verifies has.
const DOCUMENT: &[u8] = b"a document";

/// The anchor that the packet would have, so that what comes behind it is reached: no user has it.
fn own_anchor(packet: &Packet) -> Option<TrustAnchor> {
    let header = packet.headers.get(usize::try_from(packet.start).ok()?)?;
    let header = decode_canonical::<Header>(header).ok()?.into_inner();
    Some(TrustAnchor {
        profile: Profile::V0_38,
        height: header.height,
        header_hash: header.compute_hash()?,
        chain_id: header.chain_id,
    })
}

fuzz_target!(|body: &[u8]| {
    let bytes = [MAGIC, body, &[0x58, 0x20], &sha256(&[body]).0].concat();
    let digests = salts(&bytes).unwrap_or_default().into_iter().map(|salt| {
        let mut hasher = DocumentHasher::new(&salt);
        hasher.update(DOCUMENT);
        hasher.finish()
    });
    let digests: Vec<_> = digests.collect();
    let documents = if digests.is_empty() { vec![] } else { vec![digests] };
    let start = |anchors: &[TrustAnchor]| {
        let anchors = Anchors { anchors: anchors.to_vec(), ..Anchors::default() };
        Verification::new(anchors, Policy::default(), Limits::default(), InputKind::Packet)
            .with_documents(documents.clone())
    };
    let unanchored = start(&[]).run(&bytes);
    assert_ne!(unanchored.verdict.status, Status::Verified, "no anchor was given");
    assert!(unanchored.claims.is_empty());

    let Ok(packet) = Packet::decode(&bytes) else {
        assert_eq!(unanchored.verdict.code, "packet.encoding");
        return;
    };
    assert_eq!(packet.to_bytes(), bytes);
    let Some(anchor) = own_anchor(&packet) else { return };
    let whole = start(std::slice::from_ref(&anchor)).run(&bytes);
    let is_verified = whole.verdict.status == Status::Verified;
    assert_eq!(whole.claims.len(), if is_verified { packet.claims.len() } else { 0 });
    let mut pieces = start(&[anchor]);
    for piece in bytes.chunks(7) {
        assert_eq!(pieces.feed(piece).consumed, piece.len());
    }
    assert!(pieces.end());
    pieces.discharge_inline();
    assert_eq!(pieces.finish().to_json(), whole.to_json());
});
