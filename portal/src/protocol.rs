//! What the page and `vidimus.worker.js` say to each other: `verifier/npm/js/protocol.d.ts` in Rust.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// To a worker.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum ToWorker {
    Load {
        #[serde(with = "serde_wasm_bindgen::preserve")]
        module: JsValue,
        pool: u32,
    },
    Verify {
        run: u32,
        files: Vec<NamedFile>,
        anchor: String,
        policy: Option<String>,
        limits: Option<String>,
    },
    Cancel {
        run: u32,
    },
    GiveUp {
        run: u32,
        reason: GiveUp,
        anchor: String,
        policy: Option<String>,
        limits: Option<String>,
    },
    ParseAnchor {
        question: u32,
        text: String,
    },
}

/// Why a run has no worker any more.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum GiveUp {
    Cancelled,
    Engine,
}

/// A file with its path below the folder that was chosen.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct NamedFile {
    pub(crate) path: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub(crate) file: web_sys::File,
}

/// From a worker.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum FromWorker {
    /// Its `module` is read apart: what serde tells apart by a tag may hold plain data only.
    Ready {
        version: String,
        checks: Vec<Check>,
    },
    Unavailable {
        message: String,
    },
    Progress(Progress),
    Report {
        run: u32,
        json: String,
    },
    Refused {
        run: u32,
        error: Refusal,
    },
    /// The engine broke down; what it says of that is for whoever debugs it.
    Failed {},
    Anchor {
        question: u32,
        anchor: Option<AnchorText>,
        error: Option<Refusal>,
    },
}

/// How far a run is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Progress {
    pub(crate) run: u32,
    pub(crate) phase: Phase,
    pub(crate) bytes: u64,
    pub(crate) size: u64,
    pub(crate) permille: u32,
    pub(crate) blocks: u64,
    pub(crate) signatures: u64,
    pub(crate) outstanding: u64,
    pub(crate) rate: u64,
    pub(crate) elapsed: u64,
    pub(crate) left: Option<u64>,
}

/// What a run is doing.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Phase {
    Scan,
    Import,
    Read,
    Signatures,
}

/// Why nothing was verified.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) line: Option<u32>,
    pub(crate) path: Option<String>,
}

/// One check of the catalogue.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Check {
    pub(crate) id: String,
    pub(crate) says: String,
    pub(crate) why: String,
}

/// An anchor text as it is understood.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct AnchorText {
    pub(crate) lines: Vec<String>,
    pub(crate) anchors: Vec<Anchor>,
    pub(crate) conflict: Option<String>,
}

/// One anchor of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Anchor {
    pub(crate) profile: String,
    pub(crate) chain_id: String,
    pub(crate) height: String,
}
