//! The catalogues of checks, of violations and of codes, for whoever shows a report.

use serde::Serialize;
use vidimus::{
    audit::ViolationId,
    check::CheckId,
    record::codes::{Concept, System, words},
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::error::to_object;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** One check of the catalogue. */
export interface Check {
  id: string;
  /** Step of the procedure. */
  step: string;
  /** Where the rule comes from. */
  source: string;
  /** What holds when it passes. */
  says: string;
  /** Why it matters. */
  why: string;
}

/** One violation that an audit looks for. `{name}` in a sentence stands for a finding's argument of that name. */
export interface Violation {
  id: string;
  severity: "info" | "low" | "medium" | "high" | "critical";
  /** Whether a finding is a question to a person rather than an accusation. */
  heuristic: boolean;
  title: string;
  /** What happened. */
  happened: string;
  /** Why it matters. */
  matters: string;
  /** What would have made it lawful. */
  lawful: string;
  /** What a finding does not prove. */
  notProven: string;
}

/** One code of the tables, in plain English words. A code that is not in them is its own word. */
export interface Code {
  /** Its table: `purpose`, `role`, `action`, `class` … */
  system: string;
  code: string;
  words: string;
}
"#;

#[derive(Serialize)]
struct Check {
    id: &'static str,
    step: &'static str,
    source: &'static str,
    says: &'static str,
    why: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Violation {
    id: &'static str,
    severity: &'static str,
    heuristic: bool,
    title: &'static str,
    happened: &'static str,
    matters: &'static str,
    lawful: &'static str,
    not_proven: &'static str,
}

#[derive(Serialize)]
struct CodeInWords {
    system: &'static str,
    code: &'static str,
    words: String,
}

/// Every check, in the order of the procedure: `Check[]`.
#[wasm_bindgen(unchecked_return_type = "Check[]")]
pub fn checks() -> JsValue {
    let check = |id: &CheckId| Check {
        id: id.id(),
        step: id.step(),
        source: id.source(),
        says: id.says(),
        why: id.why(),
    };
    to_object(&CheckId::ALL.iter().map(check).collect::<Vec<_>>())
}

/// Every violation, in the order of the catalogue: `Violation[]`.
#[wasm_bindgen(unchecked_return_type = "Violation[]")]
pub fn violations() -> JsValue {
    let violation = |id: &ViolationId| {
        let text = id.description().english;
        Violation {
            id: id.id(),
            severity: id.severity().name(),
            heuristic: id.is_heuristic(),
            title: text.title,
            happened: text.happened,
            matters: text.matters,
            lawful: text.lawful,
            not_proven: text.not_proven,
        }
    };
    to_object(&ViolationId::ALL.iter().map(violation).collect::<Vec<_>>())
}

/// Every code of the tables, in words: `Code[]`.
#[wasm_bindgen(unchecked_return_type = "Code[]")]
pub fn codes() -> JsValue {
    let in_words = |concept: Concept| {
        let (system, code) = (concept.system(), concept.text());
        CodeInWords { system: system.name(), code, words: words(system, code) }
    };
    let concepts = System::ALL.into_iter().flat_map(|system| system.table().concepts());
    to_object(&concepts.map(in_words).collect::<Vec<_>>())
}
