//! One verification.

use serde::Serialize;
use vidimus::{
    InputKind, Progress, anchor::Anchors, audit::AuditOptions, limits::Limits, policy::Policy,
    report::Reason, signature::Discharged,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    audit::{self, Conclusion},
    error::{Thrown, to_object},
    packet::{self, DigestsObject},
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Where a verification is. */
export interface Progress {
  /** Bytes of the last chunk that were taken: all, or none, and then it is to be fed again. */
  consumed: number;
  /** Bytes taken in all. */
  bytes: number;
  blocks: number;
  /** Signatures whose verdict has come back. */
  signatures: number;
  /** Signatures whose verdict has not. */
  outstanding: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// `Progress` of the typings.
    #[wasm_bindgen(typescript_type = "Progress")]
    #[derive(Debug)]
    pub type ProgressObject;
}

#[derive(Serialize)]
struct ProgressFields {
    consumed: usize,
    bytes: u64,
    blocks: u64,
    signatures: u64,
    outstanding: u64,
}

impl From<Progress> for ProgressObject {
    fn from(progress: Progress) -> Self {
        let Progress { consumed, bytes, blocks, signatures, outstanding } = progress;
        to_object(&ProgressFields { consumed, bytes, blocks, signatures, outstanding }).into()
    }
}

/// A verification in progress: `feed` …, `end` until true, `finish` or `conclude`; meanwhile
/// `nextBatch` and `discharge`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Verification {
    pub(crate) inner: vidimus::Verification,
    audit: AuditOptions,
}

#[wasm_bindgen]
impl Verification {
    /// Starts one. Without a policy or limits (JSON) the defaults are in force; `kind` is
    /// `"snapshot"`, `"export"` or `"packet"`.
    ///
    /// # Errors
    /// `anchor`, `policy`, `limits`, `kind`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        anchor: &str,
        policy: Option<String>,
        limits: Option<String>,
        kind: &str,
    ) -> Result<Self, Thrown> {
        let limits = limits.map_or_else(|| Ok(Limits::default()), |json| parse_limits(&json))?;
        let policy =
            policy.map_or_else(|| Ok(Policy::default()), |json| Policy::from_json(&json))?;
        let anchors = Anchors::parse(anchor, &limits)?;
        let kind = match kind {
            "snapshot" => InputKind::Snapshot,
            "export" => InputKind::Export,
            "packet" => InputKind::Packet,
            _ => {
                let message = "neither snapshot, export nor packet".to_owned();
                return Err(Thrown::Kind { message });
            }
        };
        let inner = vidimus::Verification::new(anchors, policy, limits, kind);
        Ok(Self { inner, audit: AuditOptions::default() })
    }

    /// The same with an audit policy (TOML), and a viewing file that opens what records seal. To be
    /// called before anything is fed; this object is used up. A packet is not audited: for it the
    /// viewing file counts, and the policy says nothing.
    ///
    /// # Errors
    /// `audit-policy`, `viewing-file`.
    #[wasm_bindgen(js_name = withAudit)]
    pub fn with_audit(self, policy: Option<String>, view: Option<Vec<u8>>) -> Result<Self, Thrown> {
        let audit = audit::options(policy, view)?;
        Ok(Self { inner: self.inner.with_audit(audit.clone()), audit })
    }

    /// The same with documents that a packet is to be about: of each its digests, one for each salt of
    /// `packetSalts`. To be called before `end`; this object is used up.
    ///
    /// # Errors
    /// `document`: not arrays of digests of 32 bytes.
    #[wasm_bindgen(js_name = withDocuments)]
    pub fn with_documents(self, digests: DigestsObject) -> Result<Self, Thrown> {
        let digests = packet::digests(digests)?;
        Ok(Self { inner: self.inner.with_documents(digests), audit: self.audit })
    }

    /// Takes the next bytes of the container, or none of them while too many signatures are
    /// outstanding.
    pub fn feed(&mut self, chunk: &[u8]) -> ProgressObject {
        self.inner.feed(chunk).into()
    }

    /// Where it is.
    pub fn progress(&self) -> ProgressObject {
        self.inner.progress(0).into()
    }

    /// The next signatures to check, if some are ready.
    #[wasm_bindgen(js_name = nextBatch)]
    pub fn next_batch(&mut self) -> Option<Vec<u8>> {
        self.inner.next_batch().map(|batch| batch.to_bytes())
    }

    /// Takes what `verifyBatch` made of a batch; `false` if that batch is not outstanding.
    ///
    /// # Errors
    /// `batch`: bytes that are no outcome of a batch.
    pub fn discharge(&mut self, discharged: &[u8]) -> Result<bool, Thrown> {
        Ok(self.inner.discharge(&Discharged::assume_verified(discharged)?))
    }

    /// Checks every batch that is ready on the spot. Returns how many there were.
    #[wasm_bindgen(js_name = dischargeInline)]
    pub fn discharge_inline(&mut self) -> usize {
        self.inner.discharge_inline()
    }

    /// Says that the input is complete; `false` while too many signatures are outstanding.
    pub fn end(&mut self) -> bool {
        self.inner.end()
    }

    /// The report, with what a second pass needs.
    pub fn conclude(self) -> Conclusion {
        Conclusion::new(self.inner.conclude(), self.audit)
    }

    /// The report, as the bytes of a report file.
    pub fn finish(self) -> String {
        self.inner.finish().to_json()
    }

    /// The report of a verification that is given up: `"cancelled"`, `"changed-file"` or `"engine"`.
    ///
    /// # Errors
    /// `reason`: any other.
    pub fn abandon(self, reason: &str) -> Result<String, Thrown> {
        let reason = match reason {
            "cancelled" => Reason::Cancelled,
            "changed-file" => Reason::ChangedFile,
            "engine" => Reason::Engine,
            _ => {
                let message = "neither cancelled, changed-file nor engine".to_owned();
                return Err(Thrown::Reason { message });
            }
        };
        Ok(self.inner.abandon(reason).to_json())
    }
}

pub(crate) fn parse_limits(json: &str) -> Result<Limits, Thrown> {
    serde_json::from_str(json).map_err(|error| Thrown::Limits {
        line: error.line(),
        column: error.column(),
        message: error.to_string(),
    })
}
