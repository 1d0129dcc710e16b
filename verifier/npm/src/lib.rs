//! The library for JavaScript: a thin surface of wasm-bindgen, no logic of its own.
//!
//! Bytes go in and come out as `Uint8Array`, whoever calls reads the files and drives the workers.
//! What a caller can get wrong is thrown as `{ code, message, … }`: see [`error`]. A failure of what
//! is *verified* is never thrown; it stands in the report.

mod anchor;
mod audit;
mod catalogue;
mod error;
mod export;
mod light;
mod merkle;
mod packet;
mod verification;

use vidimus::{signature::Batch, snapshot::MAGIC};
use wasm_bindgen::prelude::wasm_bindgen;

pub use self::{
    anchor::parse_anchor,
    audit::{Accounting, AccountingCollector, Conclusion, SecondPass, ViewCollector},
    catalogue::{checks, codes, regimes, violations},
    error::Thrown,
    export::{Export, RequestObject},
    light::{LightVerdictObject, verify_light_step},
    merkle::{verify_consistency, verify_inclusion},
    packet::{DigestsObject, DocumentHasher, SaltsObject, is_packet, packet_salts},
    verification::{ProgressObject, Verification},
};

/// Verifies the signatures of a batch from `Verification.nextBatch`, anywhere: the result is for
/// `Verification.discharge`.
///
/// # Errors
/// `batch`: bytes that are no batch.
#[wasm_bindgen(js_name = verifyBatch)]
pub fn verify_batch(bytes: &[u8]) -> Result<Vec<u8>, Thrown> {
    Ok(Batch::from_bytes(bytes)?.verify().to_bytes())
}

/// Whether a file that starts with these bytes is a snapshot container; 32 bytes are enough.
#[wasm_bindgen(js_name = isSnapshot)]
pub fn is_snapshot(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// Version of the library, as reports name it.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

#[cfg(all(test, target_family = "wasm"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    #[expect(clippy::unwrap_used, reason = "no anchor is a valid anchor text")]
    fn what_is_no_snapshot_is_rejected_with_a_report() {
        let mut verification = Verification::new("", None, None, "snapshot").unwrap();
        verification.feed(b"no snapshot");
        assert!(verification.end());
        let report = verification.finish();
        assert!(report.contains("\"code\": \"snapshot."), "{report}");
    }

    #[wasm_bindgen_test]
    fn documents_of_a_packet_are_told_by_salt_and_digest() {
        assert!(is_packet(vidimus::packet::MAGIC));
        assert!(packet_salts(vidimus::packet::MAGIC).is_none(), "a beginning is no packet");
        assert!(matches!(DocumentHasher::new(&[0; 31]), Err(Thrown::Document { .. })));
    }

    #[wasm_bindgen_test]
    fn what_is_no_batch_is_thrown() {
        assert!(matches!(verify_batch(b"no batch"), Err(Thrown::Batch { offset: 0, .. })));
    }
}
