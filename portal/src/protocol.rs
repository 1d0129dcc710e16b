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
        audit: Audit,
    },
    Cancel {
        run: u32,
    },
    Account {
        run: u32,
        regime: String,
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

impl GiveUp {
    /// What a refusal of the worker would be called.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Engine => "engine",
        }
    }
}

/// A file with its path below the folder that was chosen.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct NamedFile {
    pub(crate) path: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub(crate) file: web_sys::File,
}

/// What the audit is given.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Audit {
    pub(crate) policy: Option<Beside>,
    pub(crate) view: Option<Beside>,
}

/// A file that is given beside the ledger; the page never reads it.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Beside(#[serde(with = "serde_wasm_bindgen::preserve")] pub(crate) web_sys::File);

/// From a worker.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum FromWorker {
    /// Its `module` is read apart: what serde tells apart by a tag may hold plain data only.
    Ready {
        version: String,
        checks: Vec<Check>,
        violations: Vec<Violation>,
        regimes: Vec<Regime>,
        codes: Vec<CodeInWords>,
    },
    Unavailable {
        message: String,
    },
    Progress(Progress),
    Report {
        run: u32,
        json: String,
        viewing: bool,
    },
    Views {
        run: u32,
        json: String,
    },
    NoViews {
        run: u32,
        error: Refusal,
    },
    Accounting {
        run: u32,
        csv: String,
        html: String,
        json: String,
    },
    NoAccounting {
        run: u32,
        error: Refusal,
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
    Documents,
    Read,
    Signatures,
    Again,
}

/// Why nothing was verified.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) line: Option<u32>,
    pub(crate) path: Option<String>,
    pub(crate) place: Option<String>,
}

impl Refusal {
    /// One that the page has the words for.
    pub(crate) fn of(code: &str) -> Self {
        let (code, message) = (code.to_owned(), String::new());
        Self { code, message, line: None, path: None, place: None }
    }
}

/// One check of the catalogue.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Check {
    pub(crate) id: String,
    pub(crate) says: String,
    pub(crate) why: String,
}

/// One violation of the catalogue. `{name}` in a sentence stands for a finding's argument.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Violation {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) happened: String,
    pub(crate) matters: String,
    pub(crate) lawful: String,
    pub(crate) not_proven: String,
}

/// One regime, and what it wants to be known of an access.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Regime {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) columns: Vec<Column>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) source: String,
    /// The table of its codes, if it has one.
    pub(crate) system: Option<String>,
}

/// One code in words.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct CodeInWords {
    pub(crate) system: String,
    pub(crate) code: String,
    pub(crate) words: String,
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
