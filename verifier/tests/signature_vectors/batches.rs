//! Batches: the same verdicts as singly, and no bytes that speak for another batch.

use std::collections::BTreeSet;

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use vidimus::signature::SignatureRule::{GoEd25519, Zip215};
use vidimus::signature::{Batch, BatchDecodeError, BatchDecodeProblem, Discharged, SignatureRule};

use super::{
    batch,
    cases::{Case, all, supercop},
    support,
};

/// Fisher-Yates; the slight bias of the remainder does not matter here.
fn shuffle<T>(items: &mut [T], rng: &mut ChaCha20Rng) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(rng, last + 1));
    }
}

fn below(rng: &mut ChaCha20Rng, bound: usize) -> usize {
    usize::try_from(rng.next_u32()).expect("usize has 32 bits") % bound
}

/// Cuts `cases` at places drawn from `rng`, or every `size`.
fn cut<'a>(
    cases: &'a [(usize, &'a Case)],
    size: Option<usize>,
    rng: &mut ChaCha20Rng,
) -> Vec<&'a [(usize, &'a Case)]> {
    let mut rest = cases;
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let length = size.unwrap_or_else(|| 1 + below(rng, 300)).min(rest.len());
        let (part, tail) = rest.split_at(length);
        parts.push(part);
        rest = tail;
    }
    parts
}

#[test]
fn verdicts_are_the_same_singly_in_batches_in_any_order_and_any_partition() {
    let Some(vectors) = support::vectors() else {
        return;
    };
    let cases = all(&vectors);
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    for rule in SignatureRule::ALL {
        let single: Vec<usize> =
            (0..cases.len()).filter(|&place| !cases[place].accepted(rule)).collect();
        let mut order: Vec<(usize, &Case)> = cases.iter().enumerate().collect();
        let mut runs = 0;
        for size in
            [None, Some(cases.len()), None, Some(1), Some(2), Some(4), Some(7), Some(128), None]
        {
            let mut failed = Vec::new();
            for part in cut(&order, size, &mut rng) {
                let batch = batch(rule, part.iter().map(|(_, case)| *case));
                let discharged = batch.verify();
                assert_eq!(*discharged.batch_id(), batch.id());
                failed.extend(
                    discharged
                        .failed()
                        .iter()
                        .map(|&index| part[usize::try_from(index).expect("usize has 32 bits")].0),
                );
            }
            failed.sort_unstable();
            assert_eq!(failed, single, "{rule:?}, parts of {size:?}");
            shuffle(&mut order, &mut rng);
            runs += 1;
        }
        println!(
            "harness: signatures: {rule:?} accepts {} of {}, in {runs} orders and partitions",
            cases.len() - single.len(),
            cases.len()
        );
        assert_eq!(cases.len(), 914 + 139 + 12 + 196 + 128);
    }
}

#[test]
fn accepted_vectors_of_each_rule_pass_as_one_clean_batch_that_one_failure_spoils() {
    let Some(vectors) = support::vectors() else {
        return;
    };
    let cases = all(&vectors);
    for rule in SignatureRule::ALL {
        let mut accepted: Vec<Case> =
            cases.iter().filter(|case| case.accepted(rule)).cloned().collect();
        assert!(batch(rule, &accepted).verify().is_clean());
        let middle = accepted.len() / 2;
        accepted[middle].signature[63] ^= 0x80;
        let failed = batch(rule, &accepted).verify();
        assert_eq!(failed.failed(), [u32::try_from(middle).unwrap()]);
    }
}

#[test]
fn batch_that_crossed_as_bytes_has_the_same_id_and_outcome() {
    let Some(vectors) = support::vectors() else {
        return;
    };
    let cases = all(&vectors);
    for rule in SignatureRule::ALL {
        let batch = batch(rule, &cases);
        let crossed = Batch::from_bytes(&batch.to_bytes()).unwrap();
        assert_eq!(crossed.to_bytes(), batch.to_bytes());
        assert_eq!((crossed.id(), crossed.rule(), crossed.len()), (batch.id(), rule, cases.len()));
        let discharged = crossed.verify();
        assert_eq!(discharged, batch.verify());
        assert_eq!(Discharged::assume_verified(&discharged.to_bytes()), Ok(discharged));
    }
}

#[test]
fn batches_that_differ_in_rule_order_key_message_or_signature_have_different_ids() {
    let Some(vectors) = support::vectors() else {
        return;
    };
    let cases = supercop(&vectors);
    let (first, second) = (&cases[3], &cases[4]);
    let mut ids = BTreeSet::new();
    for rule in SignatureRule::ALL {
        ids.insert(Batch::new(rule).id());
        ids.insert(batch(rule, [first]).id());
        ids.insert(batch(rule, [first, second]).id());
        ids.insert(batch(rule, [second, first]).id());
        ids.insert(batch(rule, [&Case { key: second.key, ..first.clone() }]).id());
        ids.insert(batch(rule, [&Case { message: Vec::new(), ..first.clone() }]).id());
        ids.insert(batch(rule, [&Case { signature: second.signature, ..first.clone() }]).id());
    }
    assert_eq!(ids.len(), 21);
}

/// A batch that a later `push` continues has the id of the longer one.
#[test]
fn id_follows_what_is_pushed() {
    let Some(vectors) = support::vectors() else {
        return;
    };
    let cases = supercop(&vectors);
    let mut growing = Batch::new(Zip215);
    for (n, case) in cases.iter().enumerate() {
        assert_eq!(growing.id(), batch(Zip215, &cases[..n]).id());
        growing.push(&case.key, &case.message, &case.signature);
    }
    let mut continued = Batch::from_bytes(&batch(Zip215, &cases[..5]).to_bytes()).unwrap();
    continued.push(&cases[5].key, &cases[5].message, &cases[5].signature);
    assert_eq!(continued.id(), batch(Zip215, &cases[..6]).id());
}

/// Judges altered bytes of `original`: they must not decode, or to the one batch they encode.
fn altered_batch_is_rejected_or_another_one(bytes: &[u8], original: &Batch) -> bool {
    let Ok(batch) = Batch::from_bytes(bytes) else {
        return false;
    };
    assert_eq!(batch.to_bytes(), bytes, "one encoding for each batch");
    let discharged = batch.verify();
    assert_eq!(*discharged.batch_id(), batch.id());
    assert_ne!(*discharged.batch_id(), original.id());
    true
}

#[test]
fn truncated_and_flipped_batches_never_speak_for_the_original() {
    let Some(vectors) = support::vectors() else {
        return;
    };
    let cases = supercop(&vectors);
    for rule in SignatureRule::ALL {
        let original = batch(rule, &cases[..4]);
        let bytes = original.to_bytes();
        for end in 0..bytes.len() {
            assert!(!altered_batch_is_rejected_or_another_one(&bytes[..end], &original), "{end}");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(!altered_batch_is_rejected_or_another_one(&longer, &original));
        let mut decoded = 0;
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            decoded += usize::from(altered_batch_is_rejected_or_another_one(&flipped, &original));
        }
        println!(
            "harness: batch: {rule:?} {} flips, {decoded} decode to another batch",
            bytes.len() * 8
        );
        assert!(decoded >= 4 * 96 * 8, "keys and signatures are not judged by the decoder");
    }
}

#[test]
fn count_that_the_bytes_cannot_hold_is_refused_before_anything_is_allocated() {
    let mut bytes = Batch::new(Zip215).to_bytes();
    let end = bytes.len();
    bytes[end - 8..].fill(0xff);
    assert_eq!(Batch::from_bytes(&bytes).unwrap_err().problem, BatchDecodeProblem::Count(u64::MAX));
}

#[test]
fn truncated_and_flipped_outcomes_do_not_decode() {
    let mut batch = Batch::new(GoEd25519);
    for n in 0..5 {
        batch.push(&[n; 32], b"message", &[n; 64]);
    }
    let discharged = batch.verify();
    assert_eq!(discharged.failed(), [0, 1, 2, 3, 4]);
    let bytes = discharged.to_bytes();
    for end in 0..bytes.len() {
        assert!(Discharged::assume_verified(&bytes[..end]).is_err());
    }
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(Discharged::assume_verified(&flipped).is_err());
    }
    let error: BatchDecodeError =
        Discharged::assume_verified(&[&bytes[..], &[0; 4]].concat()).unwrap_err();
    assert_eq!(error.problem, BatchDecodeProblem::Digest);
    assert_eq!(error.to_string(), "the digest does not fit the bytes at byte 73");
}
