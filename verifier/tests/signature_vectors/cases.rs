//! The published vectors, read from their files.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use data_encoding::HEXLOWER_PERMISSIVE;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use vidimus::signature::{EdgeCase, SignatureError, SignatureRule, verify_one};

/// A key, a message and a signature of the right lengths.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) key: [u8; 32],
    pub(crate) message: Vec<u8>,
    pub(crate) signature: [u8; 64],
}

impl Case {
    /// `None` for a key or signature of another length, which no rule has to judge.
    fn decode(key: &str, message: Vec<u8>, signature: &str) -> Option<Self> {
        let key = hex(key).try_into().ok()?;
        let signature = hex(signature).try_into().ok()?;
        Some(Self { key, message, signature })
    }

    pub(crate) fn verify(&self, rule: SignatureRule) -> Result<(), SignatureError> {
        verify_one(rule, &self.key, &self.message, &self.signature)
    }

    pub(crate) fn accepted(&self, rule: SignatureRule) -> bool {
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
pub(crate) struct Cctv {
    pub(crate) case: Case,
    pub(crate) flags: BTreeSet<String>,
}

impl Cctv {
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.flags.contains(flag)
    }

    /// Whether all that is peculiar about the signature is admitted by `rule`.
    pub(crate) fn admitted(&self, rule: SignatureRule) -> bool {
        EdgeCase::ALL.into_iter().all(|edge| rule.admits(edge) || !self.has(edge.name()))
    }
}

pub(crate) fn cctv(vectors: &Path) -> Vec<Cctv> {
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
pub(crate) fn wycheproof(vectors: &Path) -> Vec<(u64, Option<Case>, bool)> {
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

pub(crate) fn speccheck(vectors: &Path) -> Vec<Case> {
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

pub(crate) fn small_order(vectors: &Path) -> Vec<Case> {
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
pub(crate) fn supercop(vectors: &Path) -> Vec<Case> {
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
pub(crate) fn all(vectors: &Path) -> Vec<Case> {
    let mut cases: Vec<Case> = cctv(vectors).into_iter().map(|vector| vector.case).collect();
    cases.extend(wycheproof(vectors).into_iter().filter_map(|(_, case, _)| case));
    cases.extend(speccheck(vectors));
    cases.extend(small_order(vectors));
    cases.extend(supercop(vectors));
    cases
}
