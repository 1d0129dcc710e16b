//! No bit of a packet can be changed without being noticed.

use std::thread;

use vidimus::{
    merkle::sha256,
    packet::{
        MAGIC, Packet,
        build::Wanted,
        claim::{Absent, Claim},
    },
    report::{Report, Status},
};

use super::{
    fixture::key,
    world::{
        LEDGER, build, consent_of, document_proof, everything, id, in_log_of_hospital, patient,
        verify,
    },
};

/// Bytes of the digest at the end, with its head.
const DIGEST: usize = 34;

/// What came of changed bits.
#[derive(Default)]
struct Flips {
    /// Changes, each with the digest as it was and with one made anew.
    bits: usize,
    /// Those that made another claim of the packet, which is true.
    others: usize,
}

/// Changes bits of a packet, all or every so many.
///
/// The digest notices each. Whoever makes the digest anew is found out by what the bit is compared with;
/// with one exception (docs/packet-format.md, document): a proof that something is not there is as good for
/// whatever else would stand at the same place of the state and is not there either. Then the report says
/// of what it is now about, which is another claim than before, and one that the honest builder proves too.
fn flip(anchor: u64, packet: &Packet, step: usize) -> Flips {
    let bytes = packet.to_bytes();
    let honest = verify(&LEDGER, anchor, &bytes);
    assert_eq!(honest.verdict.code, "verified", "{:?}", honest.verdict);
    let body = MAGIC.len()..bytes.len() - DIGEST;
    let mut flips = Flips::default();
    for bit in (0..bytes.len() * 8).step_by(step) {
        flips.bits += 1;
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_ne!(verify(&LEDGER, anchor, &changed).verdict.status, Status::Verified, "bit {bit}");
        if !body.contains(&(bit / 8)) {
            // The format's name, and the digest itself.
            continue;
        }
        let digest = sha256(&[&changed[body.clone()]]);
        changed[body.end + 2..].copy_from_slice(&digest.0);
        let report = verify(&LEDGER, anchor, &changed);
        if report.verdict.status == Status::Verified {
            flips.others += 1;
            is_another_truth(anchor, &honest, &report, &changed)
                .unwrap_or_else(|why| panic!("bit {bit}: {why}"));
        }
    }
    flips
}

/// Whether a changed packet claims something else than the honest one, visibly, and that is so.
fn is_another_truth(
    anchor: u64,
    honest: &Report,
    report: &Report,
    changed: &[u8],
) -> Result<(), String> {
    if report.claims == honest.claims {
        return Err("the report says the same".into());
    }
    let packet = Packet::decode(changed).map_err(|error| error.to_string())?;
    for (number, said) in report.claims.iter().enumerate() {
        if honest.claims.get(number) == Some(said) {
            continue;
        }
        let Some(Claim::Absence(claim)) = packet.claims.get(number) else {
            return Err(format!("another claim than one of absence: {}", said.proven));
        };
        let (key, to) = (claim.key, said.until);
        let wanted = match (claim.absent, claim.consent) {
            (Absent::Consent, Some(consent)) => Wanted::Consent { subject: Some(key), consent, to },
            (Absent::Signer, None) => Wanted::NoSigner { key, to },
            _ => return Err(format!("another kind of absence: {}", said.proven)),
        };
        let own = build(&LEDGER, anchor, vec![wanted]).map_err(|error| error.to_string())?;
        let own = verify(&LEDGER, anchor, &own.to_bytes());
        if own.claims.first() != Some(said) {
            return Err(format!("not so: {}", said.proven));
        }
    }
    Ok(())
}

#[test]
fn every_changed_bit_of_a_packet_of_each_kind_is_noticed() {
    let tip = LEDGER.anchor.height;
    let of = |anchor, wanted| (anchor, build(&LEDGER, anchor, vec![wanted]).unwrap());
    let packets = [
        ("header", of(tip, Wanted::Header)),
        ("header over a commit", of(1, Wanted::Header)),
        ("record in its block", of(4, Wanted::Record(id(&LEDGER, 3, 0)))),
        ("record in the log of its subject", of(tip, Wanted::Record(id(&LEDGER, 3, 0)))),
        ("record in the log of an organization", (tip, in_log_of_hospital(4, 0))),
        ("subject", of(5, patient(Some(2), Some(4), &[id(&LEDGER, 2, 0)]))),
        ("consent", of(8, consent_of(1, Some(7)))),
        ("absence of a consent", of(8, consent_of(9, Some(7)))),
        ("absence of a signer", of(8, Wanted::NoSigner { key: key(99), to: Some(7) })),
        ("document", of(5, Wanted::Document(document_proof()))),
    ];
    let workers = packets.map(|(kind, (anchor, packet))| {
        thread::spawn(move || (kind, packet.to_bytes().len(), flip(anchor, &packet, 1)))
    });
    let mut all = Flips::default();
    for worker in workers {
        let (kind, bytes, Flips { bits, others }) = worker.join().unwrap();
        assert_eq!(bits, bytes * 8);
        assert!(others == 0 || kind.starts_with("absence"), "{kind}: {others}");
        println!("{kind}: {bits} flips of {bytes} bytes, 0 unnoticed, {others} other true claims");
        (all.bits, all.others) = (all.bits + bits, all.others + others);
    }
    println!(
        "harness: {} flips of packets, 0 unnoticed, {} other true claims",
        all.bits, all.others
    );
}

#[test]
fn changed_bits_of_a_packet_of_everything_are_noticed() {
    let packet = build(&LEDGER, 2, everything(&LEDGER)).unwrap();
    let Flips { bits, others } = flip(2, &packet, 41);
    println!(
        "harness: {bits} flips of a packet of everything, 0 unnoticed, {others} other true claims"
    );
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
