//! No bit of a packet can be changed without being noticed.

use vidimus::{
    encoding::hex::Identifier,
    merkle::sha256,
    packet::{MAGIC, Packet, build::Wanted, claim::Claim},
};

use super::world::{LEDGER, build, consent_of, document_proof, everything, id, patient, verify};

/// Bytes of the digest at the end, with its head.
const DIGEST: usize = 34;

/// Changes bits, all or every so many, and says how many changes there were.
///
/// Each is noticed by the digest. Whoever makes the digest anew is found out by what the bit is
/// compared with, unless it names something else that is not there either: that is another claim, and true.
fn flip(anchor: u64, wanted: Vec<Wanted>, step: usize) -> usize {
    let packet = build(&LEDGER, anchor, wanted).unwrap();
    let bytes = packet.to_bytes();
    assert_eq!(verify(&LEDGER, anchor, &bytes).verdict.code, "verified");
    let body = MAGIC.len()..bytes.len() - DIGEST;
    let bits: Vec<usize> = (0..bytes.len() * 8).step_by(step).collect();
    for bit in &bits {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_ne!(verify(&LEDGER, anchor, &changed).verdict.code, "verified", "bit {bit}");
        let digest = sha256(&[&changed[body.clone()]]);
        changed[body.end + 2..].copy_from_slice(&digest.0);
        if changed != bytes && verify(&LEDGER, anchor, &changed).verdict.code == "verified" {
            let claims = |bytes: &[u8]| Packet::decode(bytes).unwrap().claims.to_vec();
            for (claim, other) in claims(&bytes).into_iter().zip(claims(&changed)) {
                assert_eq!(nameless(claim), nameless(other), "bit {bit}");
            }
        }
    }
    bits.len()
}

/// The claim without what it says is not there.
fn nameless(mut claim: Claim) -> Claim {
    if let Claim::Absence(claim) = &mut claim {
        claim.key.0.fill(0);
        claim.consent = claim.consent.map(|_| Identifier([0; 16]));
    }
    claim
}

#[test]
fn every_changed_bit_of_a_packet_of_each_kind_is_noticed() {
    let tip = LEDGER.anchor.height;
    let mut count = 0;
    for (anchor, wanted) in [
        (tip, Wanted::Header),
        (4, Wanted::Record(id(&LEDGER, 3, 0))),
        (tip, Wanted::Record(id(&LEDGER, 3, 0))),
        (5, patient(None, Some(4), &[id(&LEDGER, 2, 0)])),
        (8, consent_of(1, Some(7))),
        (8, consent_of(9, Some(7))),
        (5, Wanted::Document(document_proof())),
    ] {
        count += flip(anchor, vec![wanted], 3);
    }
    // From below, over a commit; and one of everything.
    count += flip(1, vec![Wanted::Header], 3);
    count += flip(2, everything(&LEDGER), 41);
    println!("harness: {count} flips of packets, 0 unnoticed");
}

#[test]
fn packet_that_is_cut_off_or_goes_on_is_refused() {
    let bytes = build(&LEDGER, 4, vec![Wanted::Record(id(&LEDGER, 3, 0))]).unwrap().to_bytes();
    for end in (0..bytes.len()).step_by(7) {
        let report = verify(&LEDGER, 4, &bytes[..end]);
        assert_eq!(report.verdict.code, "packet.encoding", "{end}");
    }
    for more in 1..=16 {
        let longer = [&bytes[..], &vec![0; more]].concat();
        let report = verify(&LEDGER, 4, &longer);
        assert_eq!(report.verdict.code, "packet.encoding");
        let offset = report.verdict.locus.unwrap().offset;
        assert_eq!(offset, Some(u64::try_from(bytes.len()).unwrap()));
    }
}
