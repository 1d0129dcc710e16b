//! What is thrown, as an object that tells programs and people the same.

use serde::Serialize;
use vidimus::{
    anchor::AnchorError, audit::AuditPolicyError, policy::PolicyError, signature::BatchDecodeError,
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What the functions of this module throw. Everything else is a trap: start over with a new instance. */
export type Thrown =
  | { code: "anchor"; message: string; line: number }
  | { code: "policy" | "limits"; message: string; line: number; column: number }
  | { code: "audit-policy"; message: string; place: string }
  | { code: "batch"; message: string; offset: number }
  | { code: "changed" | "document" | "kind" | "profile"; message: string }
  | { code: "reason" | "regime" | "trusted" | "viewing-file"; message: string };
"#;

/// Wrong use by the caller.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Thrown {
    /// A text that is no anchors.
    Anchor {
        /// In a sentence.
        message: String,
        /// Line, from 1.
        line: u64,
    },
    /// A text that is no audit policy.
    AuditPolicy {
        /// In a sentence.
        message: String,
        /// Line and column, or the path of an entry.
        place: String,
    },
    /// Bytes that are no batch, or no outcome of one.
    Batch {
        /// In a sentence.
        message: String,
        /// Byte at which they stop being one.
        offset: u64,
    },
    /// A second pass over other bytes than were verified.
    Changed {
        /// In a sentence.
        message: String,
    },
    /// A salt or digest of a document that is none.
    Document {
        /// In a sentence.
        message: String,
    },
    /// Neither `snapshot`, `export` nor `packet`.
    Kind {
        /// In a sentence.
        message: String,
    },
    /// A text that is no limits.
    Limits {
        /// In a sentence.
        message: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// A text that is no policy.
    Policy {
        /// In a sentence.
        message: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// A name that no profile has.
    Profile {
        /// In a sentence.
        message: String,
    },
    /// Not a reason to give up.
    Reason {
        /// In a sentence.
        message: String,
    },
    /// A name that no regime has.
    Regime {
        /// In a sentence.
        message: String,
    },
    /// A text that is no light block to start from.
    Trusted {
        /// In a sentence.
        message: String,
    },
    /// Bytes that are no viewing file.
    ViewingFile {
        /// In a sentence.
        message: String,
    },
}

impl From<AnchorError> for Thrown {
    fn from(error: AnchorError) -> Self {
        Self::Anchor { message: error.problem.to_string(), line: error.line }
    }
}

impl From<AuditPolicyError> for Thrown {
    fn from(error: AuditPolicyError) -> Self {
        Self::AuditPolicy { message: error.message, place: error.place }
    }
}

impl From<BatchDecodeError> for Thrown {
    fn from(error: BatchDecodeError) -> Self {
        Self::Batch { message: error.to_string(), offset: error.offset }
    }
}

impl From<PolicyError> for Thrown {
    fn from(error: PolicyError) -> Self {
        Self::Policy { message: error.message, line: error.line, column: error.column }
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        to_object(&thrown)
    }
}

/// A plain object of what `value` says: numbers, strings, arrays, `null`.
pub(crate) fn to_object<T: Serialize>(value: &T) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).unwrap_or(JsValue::NULL)
}
