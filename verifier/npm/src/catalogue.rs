//! The catalogues of checks, of violations, of regimes and of codes, for whoever shows a report.

use serde::Serialize;
use vidimus::{
    audit::{Column, Exclusion, Regime, ViolationId},
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

/** One law that says what has to be on record of an access. */
export interface Regime {
  name: string;
  /** What it asks for, and where. */
  title: string;
  columns: RegimeColumn[];
}

/** One thing that a regime wants to be known of an access. */
export interface RegimeColumn {
  name: string;
  /** The provision that asks for it. */
  source: string;
  /** The table of its codes; null where it has none. */
  system: string | null;
}

/** One code of the tables, in plain English words. A code that is not in them is its own word. */
export interface Code {
  /** Its table: `purpose`, `role`, `action`, `class` …, and `exclusion` for why a regime leaves an access out. */
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
struct RegimeEntry {
    name: &'static str,
    title: &'static str,
    columns: Vec<RegimeColumn>,
}

#[derive(Serialize)]
struct RegimeColumn {
    name: &'static str,
    source: &'static str,
    system: Option<&'static str>,
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

/// Every regime: `Regime[]`.
#[wasm_bindgen(unchecked_return_type = "Regime[]")]
pub fn regimes() -> JsValue {
    let regime = |regime: Regime| RegimeEntry {
        name: regime.name(),
        title: regime.title(),
        columns: regime.columns().iter().map(column).collect(),
    };
    to_object(&Regime::ALL.map(regime))
}

fn column(column: &Column) -> RegimeColumn {
    let system = column.system.map(System::name);
    RegimeColumn { name: column.name, source: column.source, system }
}

/// Every code of the tables, in words: `Code[]`.
#[wasm_bindgen(unchecked_return_type = "Code[]")]
pub fn codes() -> JsValue {
    let in_words = |concept: Concept| {
        let (system, code) = (concept.system(), concept.text());
        CodeInWords { system: system.name(), code, words: words(system, code) }
    };
    let concepts = System::ALL.into_iter().flat_map(|system| system.table().concepts());
    let exclusion = |exclusion: Exclusion| CodeInWords {
        system: "exclusion",
        code: exclusion.name(),
        words: exclusion.words().to_owned(),
    };
    let codes = concepts.map(in_words).chain(Exclusion::ALL.map(exclusion));
    to_object(&codes.collect::<Vec<_>>())
}
