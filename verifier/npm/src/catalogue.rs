//! The catalogue of checks, for whoever shows a report.

use serde::Serialize;
use vidimus::check::CheckId;
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
"#;

#[derive(Serialize)]
struct Check {
    id: &'static str,
    step: &'static str,
    source: &'static str,
    says: &'static str,
    why: &'static str,
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
