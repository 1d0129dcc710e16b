//! The acceptance sets of the signature rules, pinned by published vectors.
//!
//! Expected verdicts: `INDEX.tsv` of the vectors. Counts that it does not give are explained where
//! they stand.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    reason = "helpers of tests may panic"
)]

mod support;

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use data_encoding::HEXLOWER_PERMISSIVE;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use vidimus::signature::SignatureRule::{Consent, GoEd25519, Zip215};
use vidimus::signature::{
    Batch, BatchDecodeError, BatchDecodeProblem, Discharged, EdgeCase, SignatureError,
    SignatureRule, verify_one,
};

/// A key, a message and a signature of the right lengths.
#[derive(Clone, Debug)]
struct Case {
    key: [u8; 32],
    message: Vec<u8>,
    signature: [u8; 64],
}

impl Case {
    /// `None` for a key or signature of another length, which no rule has to judge.
    fn decode(key: &str, message: Vec<u8>, signature: &str) -> Option<Self> {
        let key = hex(key).try_into().ok()?;
        let signature = hex(signature).try_into().ok()?;
        Some(Self { key, message, signature })
    }

    fn verify(&self, rule: SignatureRule) -> Result<(), SignatureError> {
        verify_one(rule, &self.key, &self.message, &self.signature)
    }

    fn accepted(&self, rule: SignatureRule) -> bool {
        self.verify(rule).is_ok()
    }
}

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).expect("vectors are hex")
}

fn json<T: DeserializeOwned>(vectors: &Path, path: &str) -> T {
    let bytes = fs::read(vectors.join("ed25519").join(path)).expect("the vector file is there");
    serde_json::from_slice(&bytes).expect("the vector file has the schema")
}

/// A vector of C2SP/CCTV, with the names of what is peculiar about it.
struct Cctv {
    case: Case,
    flags: BTreeSet<String>,
}

impl Cctv {
    fn has(&self, flag: &str) -> bool {
        self.flags.contains(flag)
    }

    /// Whether all that is peculiar about the signature is admitted by `rule`.
    fn admitted(&self, rule: SignatureRule) -> bool {
        EdgeCase::ALL.into_iter().all(|edge| rule.admits(edge) || !self.has(edge.name()))
    }
}

fn cctv(vectors: &Path) -> Vec<Cctv> {
    #[derive(Deserialize)]
    struct Vector {
        key: String,
        sig: String,
        msg: String,
        flags: Option<BTreeSet<String>>,
    }
    json::<Vec<Vector>>(vectors, "cctv/ed25519vectors.json")
        .into_iter()
        .map(|vector| Cctv {
            case: Case::decode(&vector.key, vector.msg.into_bytes(), &vector.sig)
                .expect("lengths are right"),
            flags: vector.flags.unwrap_or_default(),
        })
        .collect()
}

/// A Wycheproof test: number, case (`None` if a length is wrong), whether the file calls it valid.
fn wycheproof(vectors: &Path) -> Vec<(u64, Option<Case>, bool)> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct File {
        test_groups: Vec<Group>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Group {
        public_key: Key,
        tests: Vec<Test>,
    }
    #[derive(Deserialize)]
    struct Key {
        pk: String,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Test {
        tc_id: u64,
        msg: String,
        sig: String,
        result: String,
    }
    let file: File = json(vectors, "wycheproof/ed25519_test.json");
    let tests = file.test_groups.iter().flat_map(|group| {
        group.tests.iter().map(|test| {
            let case = Case::decode(&group.public_key.pk, hex(&test.msg), &test.sig);
            (test.tc_id, case, test.result == "valid")
        })
    });
    tests.collect()
}

fn speccheck(vectors: &Path) -> Vec<Case> {
    #[derive(Deserialize)]
    struct Vector {
        message: String,
        pub_key: String,
        signature: String,
    }
    json::<Vec<Vector>>(vectors, "speccheck/cases.json")
        .iter()
        .map(|v| {
            Case::decode(&v.pub_key, hex(&v.message), &v.signature).expect("lengths are right")
        })
        .collect()
}

fn small_order(vectors: &Path) -> Vec<Case> {
    #[derive(Deserialize)]
    struct File {
        message_utf8: String,
        cases: Vec<Vector>,
    }
    #[derive(Deserialize)]
    struct Vector {
        vk: String,
        sig: String,
    }
    let file: File = json(vectors, "zip215/ed25519consensus_196.json");
    let message = file.message_utf8.into_bytes();
    file.cases
        .iter()
        .map(|v| Case::decode(&v.vk, message.clone(), &v.sig).expect("lengths are right"))
        .collect()
}

/// Lines `seed ‖ key : key : message : signature ‖ message :`.
fn supercop(vectors: &Path) -> Vec<Case> {
    let text = fs::read_to_string(vectors.join("ed25519/dalek/TESTVECTORS"))
        .expect("the vector file is there");
    let line = |line: &str| {
        let mut fields = line.split(':').skip(1);
        let (key, message, signed) = (fields.next()?, fields.next()?, fields.next()?);
        Case::decode(key, hex(message), signed.get(..128)?)
    };
    text.lines().map(|text| line(text).expect("the line has four fields")).collect()
}

/// Every vector whose lengths are right.
fn all(vectors: &Path) -> Vec<Case> {
    let mut cases: Vec<Case> = cctv(vectors).into_iter().map(|vector| vector.case).collect();
    cases.extend(wycheproof(vectors).into_iter().filter_map(|(_, case, _)| case));
    cases.extend(speccheck(vectors));
    cases.extend(small_order(vectors));
    cases.extend(supercop(vectors));
    cases
}

fn batch(rule: SignatureRule, cases: impl IntoIterator<Item = impl Borrow<Case>>) -> Batch {
    let mut batch = Batch::new(rule);
    for case in cases {
        let case: &Case = case.borrow();
        batch.push(&case.key, &case.message, &case.signature);
    }
    batch
}

fn count(cases: &[Case], rule: SignatureRule) -> usize {
    cases.iter().filter(|case| case.accepted(rule)).count()
}

#[test]
fn zip215_accepts_826_cctv_vectors_and_these_are_the_admitted_ones() {
    let Some(vectors) = support::vectors() else {
        return;
    };
    let cctv = cctv(&vectors);
    let mut accepted = 0;
    for vector in &cctv {
        // [8][k]A is zero for A of small order, so a wrong k passes there and only there.
        let wrong_k = vector.has("reencoded_k") && !vector.has("low_order_A");
        let expected = vector.admitted(Zip215) && !wrong_k;
        assert_eq!(vector.case.accepted(Zip215), expected, "{:?}", vector.flags);
        accepted += usize::from(expected);
    }
    println!("cctv: Zip215 accepts {accepted} of {}", cctv.len());
    assert_eq!((accepted, cctv.len()), (826, 914));
}

#[test]
fn go_accepts_208_cctv_vectors_and_these_are_the_admitted_ones() {
    let Some(vectors) = support::vectors() else {
        return;
    };
    let cctv = cctv(&vectors);
    let (mut accepted, mut with_wrong_k) = (0, 0);
    for vector in &cctv {
        let found = vector.case.accepted(GoEd25519);
        accepted += usize::from(found);
        if vector.has("reencoded_k") {
            // A wrong k may be the right one modulo the order of A, if that is small.
            with_wrong_k += usize::from(found);
            assert!(!found || vector.has("low_order_A") && vector.admitted(GoEd25519));
        } else {
            assert_eq!(found, vector.admitted(GoEd25519), "{:?}", vector.flags);
        }
    }
    println!("cctv: GoEd25519 accepts {accepted} of {}, {with_wrong_k} by k mod 8", cctv.len());
    assert_eq!((accepted, with_wrong_k, cctv.len()), (208, 10, 914));
}

/// 212 = 914 less the 702 in which A is of small order, or A or R is not canonical. The remaining
/// ones, no `reencoded_k` among them since that needs a non-canonical encoding, differ from an honest
/// signature in components of small order, which the cofactor removes.
#[test]
fn consent_accepts_212_cctv_vectors_and_these_are_the_admitted_ones() {
    let Some(vectors) = support::vectors() else {
        return;
    };
    let cctv = cctv(&vectors);
    let mut accepted = 0;
    for vector in &cctv {
        let expected = vector.admitted(Consent);
        assert_eq!(vector.case.accepted(Consent), expected, "{:?}", vector.flags);
        assert!(!expected || vector.case.accepted(Zip215), "a consent passes ZIP 215");
        accepted += usize::from(expected);
        let reason = match vector.case.verify(Consent) {
            Ok(()) => None,
            Err(SignatureError::KeySmallOrder) => Some("low_order_A"),
            Err(SignatureError::KeyNotCanonical) => Some("non_canonical_A"),
            Err(SignatureError::PointNotCanonical) => Some("non_canonical_R"),
            Err(other) => panic!("{other}: {:?}", vector.flags),
        };
        assert!(reason.is_none_or(|flag| vector.has(flag)), "{reason:?}: {:?}", vector.flags);
    }
    println!("cctv: Consent accepts {accepted} of {}", cctv.len());
    assert_eq!((accepted, cctv.len()), (212, 914));
}

#[test]
fn wycheproof_agrees_with_go_and_consent_in_151_and_with_zip215_in_150() {
    let Some(vectors) = support::vectors() else {
        return;
    };
    let tests = wycheproof(&vectors);
    assert_eq!(tests.len(), 151);
    for rule in SignatureRule::ALL {
        let accepted = |case: &Option<Case>| case.as_ref().is_some_and(|case| case.accepted(rule));
        let differing: Vec<u64> = tests
            .iter()
            .filter(|(_, case, valid)| accepted(case) != *valid)
            .map(|(number, _, _)| *number)
            .collect();
        println!("wycheproof: {rule:?} agrees in {} of 151", 151 - differing.len());
        // Test 151: R is the identity with the sign of x set, which no canonical encoding has.
        let expected = if rule == Zip215 { vec![151] } else { vec![] };
        assert_eq!(differing, expected, "{rule:?}");
    }
}

#[test]
fn speccheck_rows_are_those_of_the_paper() {
    let Some(vectors) = support::vectors() else {
        return;
    };
    let cases = speccheck(&vectors);
    let row = |rule| -> String {
        cases.iter().map(|case| if case.accepted(rule) { 'V' } else { 'X' }).collect()
    };
    for rule in SignatureRule::ALL {
        println!("speccheck: {rule:?} {}", row(rule));
    }
    assert_eq!(row(Zip215), "VVVVVVXXXVVV");
    assert_eq!(row(GoEd25519), "VVVVXXXXXXXV");
    // 0 and 1: small-order A. 2 to 5: mixed orders that the cofactor removes, R small in 2.
    // 6 and 7: S not below L. 8 and 9: non-canonical R. 10 and 11: non-canonical A.
    assert_eq!(row(Consent), "XXVVVVXXXXXX");
}

#[test]
fn small_order_matrix_is_valid_under_zip215_12_times_under_go_never_as_consent() {
    let Some(vectors) = support::vectors() else {
        return;
    };
    let cases = small_order(&vectors);
    let counts = SignatureRule::ALL.map(|rule| count(&cases, rule));
    println!("zip215: {counts:?} of {} under {:?}", cases.len(), SignatureRule::ALL);
    assert_eq!(cases.len(), 196);
    assert_eq!(counts, [196, 12, 0]);
    assert!(cases.iter().all(|case| matches!(
        case.verify(Consent),
        Err(SignatureError::KeySmallOrder | SignatureError::KeyNotCanonical)
    )));
}

#[test]
fn honest_signatures_are_valid_under_every_rule_and_for_no_other_message() {
    let Some(vectors) = support::vectors() else {
        return;
    };
    let cases = supercop(&vectors);
    println!("dalek: {} vectors", cases.len());
    assert_eq!(cases.len(), 128);
    for rule in SignatureRule::ALL {
        assert_eq!(count(&cases, rule), 128, "{rule:?}");
        assert!(batch(rule, &cases).verify().is_clean());
        for case in &cases {
            let longer = Case { message: [&case.message[..], &[0]].concat(), ..case.clone() };
            assert_eq!(longer.verify(rule), Err(SignatureError::Mismatch));
        }
    }
}

#[test]
fn all_zero_key_is_no_consent_key() {
    assert_eq!(
        verify_one(Consent, &[0; 32], b"message", &[0; 64]),
        Err(SignatureError::KeySmallOrder)
    );
}

#[test]
fn key_that_is_no_point_is_named_under_every_rule() {
    let mut key = [0; 32];
    key[0] = 2;
    for rule in SignatureRule::ALL {
        assert_eq!(verify_one(rule, &key, b"", &[0; 64]), Err(SignatureError::KeyNotPoint));
    }
}

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
            "all: {rule:?} accepts {} of {}, in {runs} orders and partitions",
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
        assert_eq!(Discharged::from_bytes(&discharged.to_bytes()), Ok(discharged));
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
        println!("batch: {rule:?} {} flips, {decoded} decode to another batch", bytes.len() * 8);
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
        assert!(Discharged::from_bytes(&bytes[..end]).is_err());
    }
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(Discharged::from_bytes(&flipped).is_err());
    }
    let error: BatchDecodeError =
        Discharged::from_bytes(&[&bytes[..], &[0; 4]].concat()).unwrap_err();
    assert_eq!(error.problem, BatchDecodeProblem::Digest);
    assert_eq!(error.to_string(), "the digest does not fit the bytes at byte 73");
}
