//! What each claim says, and what is said of it.

use std::{cell::RefCell, rc::Rc};

use vidimus::{
    anchor::Anchors,
    check::CheckId,
    encoding::{
        hex::{Hash, Identifier},
        protobuf::Message as _,
    },
    merkle::{leaf_hash, position::position, proof::path, sha256},
    packet::{
        build::{BuildError, StreamError, Wanted},
        claim::{Claim, DocumentClaim, Entry},
    },
    policy::Policy,
    record::{actor::OrganizationId, consent::Consent},
    report::Status,
};
use vidimus_node::simulate::Ledger;

use super::{
    fixture::{Fixture, HOSPITAL_ID, PATIENT, STRANGER, key},
    world::{
        DOCUMENT, LEDGER, WITH_REFUSED, anchors_at, build, consent_of, digest, document_proof,
        everything, id, in_log_of_hospital, patient, verify, verify_with, with_claims,
    },
};

/// Height of the last block.
fn last() -> u64 {
    LEDGER.anchor.height
}

#[test]
fn one_of_every_kind_is_verified_and_says_what_it_shows() {
    let packet = build(&LEDGER, last(), everything(&LEDGER)).unwrap();
    let report = verify(&LEDGER, last(), &packet.to_bytes());
    assert_eq!(report.verdict.status, Status::Verified, "{:?}", report.verdict);
    assert_eq!(report.input.kind, "packet");
    let said: Vec<(&str, &str)> =
        report.claims.iter().map(|claim| (&*claim.kind, &*claim.proven)).collect();
    let (block, before) = (last(), last() - 1);
    let until = format!("block {before}, which block {block} of ");
    for ((kind, proven), (expected, words)) in said.iter().zip([
        ("header", format!("Block {block} of the ledger has the header")),
        ("record", "as transaction 0, counted from 0, with the result: accepted, covered.".into()),
        (
            "subject",
            format!(
                "These 6 records are all accepted ones that concern the subject {}",
                key(PATIENT)
            ),
        ),
        ("consent", "is revoked. Version 1".into()),
        ("absence", "attests, there was no accepted consent 0909".into()),
        ("absence", "attests, no accepted record was signed by the key".into()),
        (
            "record",
            "in block 4 as transaction 0, counted from 0, with the result: accepted.".into(),
        ),
        ("document", "number 3 of the 5 whose root the anchor".into()),
    ]) {
        assert_eq!(*kind, expected);
        assert!(proven.contains(&words), "{proven} lacks {words}");
    }
    assert_eq!(said.len(), 8);
    let subject = &report.claims[2];
    assert!(subject.proven.contains(&format!("from the first block to {until}")));
    let withheld = "1 of 6 are withheld: they are counted, and not shown.";
    assert!(subject.proven.ends_with(withheld), "{}", subject.proven);
    for claim in report.claims.iter().filter(|claim| claim.until.is_some()) {
        assert!(claim.proven.contains(&until), "{}", claim.proven);
        assert_eq!((claim.until, claim.attested_by.height), (Some(before), block));
    }
    assert!(report.claims.iter().all(|claim| claim.not_proven.ends_with('.')));
    let kinds: Vec<&str> = subject.records.iter().map(|record| &*record.kind).collect();
    assert_eq!(kinds, ["consent", "access", "consent", "revocation", "access"]);
    assert_eq!(subject.records[4].verdict.as_deref(), Some("covered"));
    let codes: Vec<&str> = report.not_proven.iter().map(|item| &*item.code).collect();
    assert!(codes.contains(&"contract") && codes.contains(&"tip"), "{codes:?}");
}

#[test]
fn nothing_is_claimed_without_trust() {
    let bytes = build(&LEDGER, last(), everything(&LEDGER)).unwrap().to_bytes();
    let documents = vec![vec![digest(DOCUMENT)]];
    let unanchored = verify_with(Anchors::default(), Policy::default(), &bytes, documents.clone());
    assert_eq!(unanchored.verdict.code, "unanchored");
    assert!(unanchored.claims.is_empty());
    // An anchor at another height, of the same ledger, is none for this packet.
    let elsewhere = verify(&LEDGER, last() - 1, &bytes);
    assert_eq!(elsewhere.verdict.code, "anchor-out-of-range");
    assert!(elsewhere.claims.is_empty());
    let mut anchors = anchors_at(&LEDGER, last());
    anchors.at_least = Some(last() + 1);
    let stale = verify_with(anchors, Policy::default(), &bytes, documents);
    assert_eq!((&*stale.verdict.code, stale.claims.len()), ("stale", 8));
    // The state of a consent is that after the block before the last.
    let mut anchors = anchors_at(&LEDGER, last());
    anchors.at_least = Some(last());
    let consent = build(&LEDGER, last(), vec![Wanted::Header, consent_of(2, None)]).unwrap();
    let of_state = verify_with(anchors.clone(), Policy::default(), &consent.to_bytes(), vec![]);
    assert_eq!(of_state.verdict.code, "stale");
    let header = build(&LEDGER, last(), vec![Wanted::Header]).unwrap();
    let of_header = verify_with(anchors, Policy::default(), &header.to_bytes(), vec![]);
    assert_eq!(of_header.verdict.code, "verified");
    let without = verify_with(anchors_at(&LEDGER, last()), Policy::default(), &bytes, vec![]);
    assert_eq!(without.verdict.code, "incomplete");
}

#[test]
fn refused_record_is_shown_with_its_code_and_one_of_a_forger_too() {
    let end = WITH_REFUSED.anchor.height;
    for (height, code, passed, skipped) in [(2, "not-authorized", 1, 0), (4, "signature", 0, 1)] {
        let wanted = vec![Wanted::Record(id(&WITH_REFUSED, height, 0))];
        let packet = build(&WITH_REFUSED, end, wanted).unwrap();
        let report = verify(&WITH_REFUSED, end, &packet.to_bytes());
        assert_eq!(report.verdict.code, "verified", "{:?}", report.verdict);
        let claim = &report.claims[0];
        let record = &claim.records[0];
        assert_eq!((record.height, record.index, &*record.code), (height, 0, code));
        assert!(claim.proven.contains(&format!("with the result: {code}.")), "{}", claim.proven);
        assert!(claim.not_proven.ends_with("and be accepted there."));
        // What its result says of the signature stands in place of the check.
        let is_forged = code == "signature";
        let says_so =
            claim.proven.ends_with("It does not bear the signature of the key that it names.");
        assert_eq!(says_so, is_forged, "{}", claim.proven);
        let signature = report.checks.iter().find(|check| check.id == CheckId::ContractSignature);
        let signature = signature.unwrap();
        assert_eq!((signature.passed, signature.skipped), (passed, skipped), "{code}");
    }
}

/// The second transaction of block 3 is the first once more, which is refused. By its id the first is
/// found; the second can be shown too, at its own place and with its own result.
#[test]
fn record_that_stands_twice_is_shown_at_either_place() {
    let wanted = vec![Wanted::Record(id(&LEDGER, 3, 1))];
    let packet = build(&LEDGER, 6, wanted).unwrap();
    let Claim::Record(first) = &packet.claims[0] else { panic!("a record") };
    assert_eq!((first.index, first.block.as_ref().unwrap().size), (0, 2));
    let draft = &LEDGER.blocks[2].draft;
    let digests: Vec<Hash> = draft.transactions.iter().map(|bytes| sha256(&[bytes])).collect();
    let results = draft.results.results.iter().map(|result| leaf_hash(&result.to_bytes()));
    let mut second = (**first).clone();
    (second.index, second.code, second.data) = (1, Some(3), None);
    let block = second.block.as_mut().unwrap();
    block.transactions = position(&digests, 1).unwrap().into();
    block.results = path(&results.collect::<Vec<_>>(), 1).unwrap().into();
    let both = with_claims(&packet, |claims| claims.push(Claim::Record(Box::new(second))));
    let report = verify(&LEDGER, 6, &both.to_bytes());
    assert_eq!(report.verdict.code, "verified", "{:?}", report.verdict);
    let said = report.claims.iter().map(|claim| {
        let record = &claim.records[0];
        (record.index, &*record.code, record.verdict.as_deref())
    });
    assert!(said.eq([(0, "accepted", Some("covered")), (1, "replayed", None)]));
    for (index, claim) in report.claims.iter().enumerate() {
        let words = format!("as transaction {index} of 2, counted from 0,");
        assert!(claim.proven.contains(&words), "{}", claim.proven);
    }
}

/// Every record of the ledger concerns the hospital: also one that is about no subject.
#[test]
fn record_is_shown_in_the_log_of_an_organization() {
    for (height, index, subject) in
        [(3, 0, Some(key(PATIENT))), (4, 0, None), (6, 0, Some(key(PATIENT)))]
    {
        let packet = in_log_of_hospital(height, index);
        let report = verify(&LEDGER, last(), &packet.to_bytes());
        assert_eq!(report.verdict.code, "verified", "{:?}", report.verdict);
        let claim = &report.claims[0];
        assert_eq!(
            (claim.records[0].height, claim.records[0].id),
            (height, id(&LEDGER, height, index))
        );
        assert_eq!(claim.subject, subject);
        assert!(packet.to_bytes().len() < 8_000);
    }
}

#[test]
fn ranges_begin_and_end_where_they_are_said_to() {
    for (from, to, expected) in [
        (None, Some(1), vec![1]),
        (None, Some(3), vec![1, 2, 3]),
        (Some(2), Some(2), vec![2]),
        (Some(2), None, vec![2, 3, 4, 5, 6]),
        (Some(5), Some(6), vec![5, 6]),
        (Some(8), Some(9), vec![]),
    ] {
        for anchor in [1, 4, last()] {
            let bytes = build(&LEDGER, anchor, vec![patient(from, to, &[])]).unwrap().to_bytes();
            let report = verify(&LEDGER, anchor, &bytes);
            assert_eq!(report.verdict.code, "verified", "{from:?} {to:?} {:?}", report.verdict);
            let heights: Vec<u64> =
                report.claims[0].records.iter().map(|record| record.height).collect();
            assert_eq!(heights, expected, "{from:?} to {to:?}");
        }
    }
}

#[test]
fn every_record_can_be_withheld_and_none_can_be_shown_as_another() {
    let all: Vec<_> =
        [(1, 0), (2, 0), (3, 0), (4, 2), (5, 0), (6, 0)].map(|(h, i)| id(&LEDGER, h, i)).into();
    for count in 0..=all.len() {
        let packet = build(&LEDGER, last(), vec![patient(None, None, &all[..count])]).unwrap();
        let report = verify(&LEDGER, last(), &packet.to_bytes());
        assert_eq!(report.verdict.code, "verified");
        let claim = &report.claims[0];
        let withheld = usize::try_from(claim.withheld).unwrap();
        assert_eq!((withheld, claim.records.len()), (count, all.len() - count));
        let Claim::Subject(subject) = &packet.claims[0] else { panic!("a subject") };
        let hidden = subject.records.iter().filter(|e| matches!(e, Entry::Withheld(_)));
        assert_eq!(hidden.count(), count);
    }
}

#[test]
fn consent_is_as_it_was_after_each_block() {
    let stands = "is neither revoked nor replaced. Version 1";
    for (to, words) in [(1, stands), (4, stands), (5, "is revoked"), (20, "is revoked")] {
        let bytes = build(&LEDGER, last(), vec![consent_of(1, Some(to))]).unwrap().to_bytes();
        let report = verify(&LEDGER, last(), &bytes);
        assert_eq!(report.verdict.code, "verified");
        let proven = &report.claims[0].proven;
        let after = format!("After block {to}, which block {} of ", to + 1);
        assert!(proven.starts_with(&after) && proven.contains(" the consent 0101"), "{proven}");
        let claim = &report.claims[0];
        assert_eq!((claim.until, claim.attested_by.height), (Some(to), to + 1));
        assert_eq!(claim.versions.iter().map(|version| version.version).collect::<Vec<_>>(), [1]);
        assert_eq!(claim.versions[0].revocation.is_some(), to >= 5);
        assert!(proven.contains(words), "{proven}");
    }
    // Before its block there is none; and whose it is, the records say.
    let bytes = build(&LEDGER, last(), vec![consent_of(2, Some(3))]).unwrap().to_bytes();
    let report = verify(&LEDGER, last(), &bytes);
    let absent = &report.claims[0];
    assert!(absent.proven.starts_with("Up to block 3, which block 4 of "), "{}", absent.proven);
    assert!(
        absent.proven.contains("attests, there was no accepted consent 0202"),
        "{}",
        absent.proven
    );
    let wanted = Wanted::Consent { subject: None, consent: Identifier([2; 16]), to: None };
    let bytes = build(&LEDGER, last(), vec![wanted]).unwrap().to_bytes();
    assert!(
        verify(&LEDGER, last(), &bytes).claims[0]
            .proven
            .contains("is neither revoked nor replaced")
    );
}

#[test]
fn what_is_not_there_gives_no_packet() {
    let not_found = |wanted| {
        let error = build(&LEDGER, last(), vec![Wanted::Header, wanted]).unwrap_err();
        let StreamError::Build(BuildError::NotFound { number, kind }) = error else {
            panic!("{error}")
        };
        (number, kind)
    };
    let nobody = Hash([1; 32]);
    assert_eq!(not_found(Wanted::Record(nobody)), (2, "record"));
    let unknown = Wanted::Consent { subject: None, consent: Identifier([9; 16]), to: None };
    assert_eq!(not_found(unknown), (2, "consent"));
    let signer = Wanted::NoSigner { key: key(PATIENT), to: None };
    assert_eq!(not_found(signer), (2, "signer without records"));
    let mut proof = document_proof();
    proof.claimed_root.0[0] ^= 1;
    assert_eq!(not_found(Wanted::Document(proof)), (2, "document"));
    assert_eq!(not_found(consent_of(1, Some(last()))), (2, "consent"));
}

#[test]
fn another_document_is_not_the_anchored_one() {
    let wanted = vec![Wanted::Document(document_proof())];
    let bytes = build(&LEDGER, last(), wanted).unwrap().to_bytes();
    let anchors = || anchors_at(&LEDGER, last());
    let of = |documents| verify_with(anchors(), Policy::default(), &bytes, documents).verdict.code;
    assert_eq!(of(vec![vec![digest(b"another")]]), "document.included");
    assert_eq!(of(vec![vec![digest(DOCUMENT)]]), "verified");
    // Given twice it is the same; one that no claim is about says nothing against the packet, and is not
    // passed over.
    assert_eq!(of(vec![vec![digest(DOCUMENT)]; 2]), "verified");
    let both = vec![vec![digest(b"another")], vec![digest(DOCUMENT)]];
    assert_eq!(of(both), "incomplete");
    let header = build(&LEDGER, last(), vec![Wanted::Header]).unwrap().to_bytes();
    let documents = vec![vec![digest(DOCUMENT)]];
    let of_none = verify_with(anchors(), Policy::default(), &header, documents);
    assert_eq!(of_none.verdict.code, "incomplete");
    let salts = vidimus::packet::salts(&bytes).unwrap();
    assert_eq!(salts, [document_proof().salt]);
}

#[test]
fn refused_anchor_anchors_nothing() {
    let end = WITH_REFUSED.anchor.height;
    let refused = Wanted::Record(id(&WITH_REFUSED, 2, 0));
    let packet = build(&WITH_REFUSED, end, vec![refused]).unwrap();
    let said = verify(&WITH_REFUSED, end, &packet.to_bytes());
    assert_eq!(said.verdict.code, "verified");
    assert_eq!(said.claims[0].records[0].code, "not-authorized");
    assert!(said.claims[0].not_proven.ends_with("and be accepted there."));
    let of_it = |claims: &mut Vec<Claim>| {
        let proof = document_proof().to_bytes().into();
        claims.push(Claim::Document(DocumentClaim { record: 0, proof }));
    };
    let forged = verify(&WITH_REFUSED, end, &with_claims(&packet, of_it).to_bytes());
    assert_eq!(forged.verdict.code, "document.included");
    assert_eq!(forged.verdict.locus.unwrap().path, "claims[1].record");

    let honest = build(&WITH_REFUSED, end, vec![Wanted::Document(document_proof())]).unwrap();
    let report = verify(&WITH_REFUSED, end, &honest.to_bytes());
    assert_eq!(report.verdict.code, "verified");
    assert_eq!(report.claims[0].records[0].height, 3);
}

/// Block 2: a revocation that comes before its consent, and is refused. 3: the consent. 4: the same bytes,
/// if they are sent again.
fn sent_early(is_sent_again: bool) -> Ledger {
    let sent = Rc::new(RefCell::new(Vec::new()));
    let again = Rc::clone(&sent);
    Fixture::new()
        .block(move |world| {
            let revocation = world.revocation(|body| body.consent = Identifier([2; 16]));
            sent.borrow_mut().clone_from(&revocation);
            vec![revocation]
        })
        .block(|world| vec![world.consent(|consent| consent.consent = Identifier([2; 16]))])
        .block(move |_| Vec::from_iter(is_sent_again.then(|| again.borrow().clone())))
        .idle(3)
        .write()
}

#[test]
fn record_that_was_refused_and_then_accepted_is_the_accepted_one() {
    for (is_sent_again, said) in [(true, ("accepted", 4)), (false, ("unknown-record", 2))] {
        let ledger = sent_early(is_sent_again);
        let wanted = Wanted::Record(id(&ledger, 2, 0));
        for start in 1..=ledger.anchor.height {
            let packet = build(&ledger, start, vec![wanted.clone()]).unwrap();
            let report = verify(&ledger, start, &packet.to_bytes());
            assert_eq!(report.verdict.code, "verified", "{start}: {:?}", report.verdict);
            let record = &report.claims[0].records[0];
            assert_eq!((&*record.code, record.height), said, "from {start}");
        }
    }
}

/// Whoever mistypes an id must not hand out what was to be withheld; nor another's consent of the same id.
#[test]
fn what_cannot_be_meant_makes_no_packet() {
    let tip = last();
    let error = |wanted| match build(&LEDGER, tip, wanted) {
        Err(StreamError::Build(error)) => error,
        other => panic!("{other:?}"),
    };
    let mut mistyped = id(&LEDGER, 2, 0);
    mistyped.0[0] ^= 1;
    let withheld = patient(None, None, &[id(&LEDGER, 3, 0), mistyped]);
    assert_eq!(error(vec![withheld]), BuildError::NotListed { id: mistyped });
    let ledger = Fixture::new()
        .block(|world| {
            let of = |consent: &mut Consent| consent.consent = Identifier([2; 16]);
            let other = |consent: &mut Consent| {
                of(consent);
                consent.subject = key(STRANGER);
            };
            vec![world.consent(of), world.consent_by(STRANGER, other)]
        })
        .idle(3)
        .write();
    let tip = ledger.anchor.height;
    let of = |subject| {
        let wanted = Wanted::Consent { subject, consent: Identifier([2; 16]), to: None };
        build(&ledger, tip, vec![wanted])
    };
    assert!(matches!(of(None), Err(StreamError::Build(BuildError::Ambiguous { number: 1 }))));
    for subject in [PATIENT, STRANGER] {
        let packet = of(Some(key(subject))).unwrap();
        let report = verify(&ledger, tip, &packet.to_bytes());
        assert_eq!(report.claims[0].subject, Some(key(subject)));
    }
}

/// Where an anchor record names no subject, the log of its custodian shows it, however many blocks lie between.
#[test]
fn anchor_without_subject_is_shown_in_the_log_of_its_custodian() {
    let packet = build(&LEDGER, last(), vec![Wanted::Document(document_proof())]).unwrap();
    let Claim::Record(claim) = &packet.claims[0] else { panic!("a record") };
    let log = claim.log.as_ref().unwrap();
    assert_eq!(log.organization.as_ref().map(OrganizationId::as_str), Some(HOSPITAL_ID));
    assert_eq!(packet.headers.len(), 1);
    let report = verify(&LEDGER, last(), &packet.to_bytes());
    assert_eq!(report.verdict.code, "verified", "{:?}", report.verdict);
    assert_eq!(report.claims[1].document.as_ref().unwrap().index, 2);
}
