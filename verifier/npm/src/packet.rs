//! Evidence packets, and the documents that they are about.

use serde::{Serialize, Serializer};
use vidimus::{
    encoding::hex::Hash,
    merkle::anchor_tree::{self, Salt, SaltedDigest},
    packet,
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::error::Thrown;

#[wasm_bindgen]
extern "C" {
    /// Salts, 32 bytes each.
    #[wasm_bindgen(typescript_type = "Uint8Array[]")]
    #[derive(Debug)]
    pub type SaltsObject;

    /// Of each document its digests, 32 bytes each.
    #[wasm_bindgen(typescript_type = "Uint8Array[][]")]
    #[derive(Debug)]
    pub type DigestsObject;
}

/// Bytes that become a `Uint8Array`.
struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

/// Whether a file that starts with these bytes is an evidence packet; 32 bytes are enough.
#[wasm_bindgen(js_name = isPacket)]
pub fn is_packet(head: &[u8]) -> bool {
    packet::is_packet(head)
}

/// The salts of the documents that a packet is about, in the order of its claims: whoever has a document
/// makes its digest with each. None where it is about no document; `undefined` for what is no packet.
#[wasm_bindgen(js_name = packetSalts)]
pub fn packet_salts(packet: &[u8]) -> Option<SaltsObject> {
    let salts = packet::salts(packet).ok()?;
    let bytes: Vec<_> = salts.iter().map(|salt| Bytes(salt.as_bytes())).collect();
    let salts = bytes.serialize(&serde_wasm_bindgen::Serializer::new()).ok()?;
    Some(salts.into())
}

/// Computes the salted digest of a document that arrives in chunks: `update` …, `finish`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct DocumentHasher(anchor_tree::DocumentHasher);

#[wasm_bindgen]
impl DocumentHasher {
    /// For a document with this salt.
    ///
    /// # Errors
    /// `document`: a salt is 32 bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(salt: &[u8]) -> Result<Self, Thrown> {
        let bytes: [u8; Salt::LENGTH] = salt.try_into().map_err(|_| wrong_length("salt"))?;
        Ok(Self(anchor_tree::DocumentHasher::new(&Salt::from_bytes(bytes))))
    }

    /// Appends bytes of the content.
    pub fn update(&mut self, chunk: &[u8]) {
        self.0.update(chunk);
    }

    /// The digest of what was appended, 32 bytes.
    pub fn finish(self) -> Vec<u8> {
        self.0.finish().as_bytes().to_vec()
    }
}

/// Reads the digests of documents.
pub(crate) fn digests(documents: DigestsObject) -> Result<Vec<Vec<SaltedDigest>>, Thrown> {
    let documents: Vec<Vec<Vec<u8>>> = serde_wasm_bindgen::from_value(JsValue::from(documents))
        .map_err(|error| Thrown::Document { message: error.to_string() })?;
    let digest = |bytes: &Vec<u8>| Hash::from_slice(bytes).map(SaltedDigest::from_hash);
    let document = |digests: &Vec<Vec<u8>>| digests.iter().map(digest).collect::<Option<Vec<_>>>();
    let documents: Option<Vec<_>> = documents.iter().map(document).collect();
    documents.ok_or_else(|| wrong_length("digest"))
}

fn wrong_length(what: &str) -> Thrown {
    Thrown::Document { message: format!("a {what} is 32 bytes") }
}
