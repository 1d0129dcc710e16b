//! Records that are none, or whose signature is not accepted, with what is wrong by hand.

#[path = "refused/envelopes.rs"]
mod envelopes;
#[path = "refused/payloads.rs"]
mod payloads;
#[path = "refused/signatures.rs"]
mod signatures;

use serde_json::{Value, json};
use vidimus::{encoding::DecodeProblem, record::Body, signature::SignatureError};
use vidimus_node::test_keys::{self, TestKey};

use crate::samples;

/// A record with one fault.
pub(crate) struct Refused {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    fault: Fault,
}

enum Fault {
    Malformed { problem: DecodeProblem, offset: usize, path: &'static str },
    Signature(SignatureError),
}

impl Refused {
    /// What the vector says.
    pub(crate) fn expected(&self) -> Value {
        match &self.fault {
            Fault::Malformed { problem, offset, path } => {
                json!({ "malformed": problem.to_string(), "offset": offset, "path": path })
            }
            Fault::Signature(error) => json!({ "signature": error.to_string() }),
        }
    }
}

fn sample(name: &str) -> (Body, &'static TestKey) {
    let found = samples::all().into_iter().find(|(found, ..)| *found == name);
    let (_, body, key) = found.unwrap();
    (body, &test_keys::all()[key])
}

/// Where `pattern` stands, which it does once.
fn find(bytes: &[u8], pattern: &[u8]) -> usize {
    let found: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(pattern)).collect();
    assert_eq!(found.len(), 1, "{pattern:02X?} in {bytes:02X?}");
    found[0]
}

/// Replaces `old`, which stands once; returns where it stood.
fn replace(bytes: &mut Vec<u8>, old: &[u8], new: &[u8]) -> usize {
    let at = find(bytes, old);
    bytes.splice(at..at + old.len(), new.iter().copied());
    at
}

pub(crate) fn all() -> Vec<Refused> {
    [envelopes::all(), payloads::all(), signatures::all()].into_iter().flatten().collect()
}
