//! Anchors, for a page that says at once what is wrong with one.

use serde::Serialize;
use vidimus::{
    anchor::{AnchorConflict, Anchors},
    limits::Limits,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Thrown, to_object};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** An anchor text as it is understood. */
export interface AnchorText {
  /** The statements in canonical spelling, one a line. */
  lines: string[];
  /** The anchors among them. */
  anchors: { profile: string; chainId: string; height: string; headerHash: string }[];
  /** Why they cannot all hold, if they cannot. */
  conflict: "hash" | "chain-id" | "no-profile" | "profile" | null;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// `AnchorText` of the typings.
    #[wasm_bindgen(typescript_type = "AnchorText")]
    #[derive(Debug)]
    pub type AnchorTextObject;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnchorText {
    lines: Vec<String>,
    anchors: Vec<AnchorLine>,
    conflict: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnchorLine {
    profile: String,
    chain_id: String,
    height: String,
    header_hash: String,
}

/// Reads an anchor text: one line, or a file of them.
///
/// # Errors
/// `anchor`: the first line that is none.
#[wasm_bindgen(js_name = parseAnchor)]
pub fn parse_anchor(text: &str) -> Result<AnchorTextObject, Thrown> {
    let anchors = Anchors::parse(text, &Limits::default())?;
    let object = to_object(&AnchorText {
        lines: anchors.to_lines(),
        conflict: anchors.conflict().map(|conflict| match conflict {
            AnchorConflict::Hash => "hash",
            AnchorConflict::ChainId => "chain-id",
            AnchorConflict::NoProfile => "no-profile",
            AnchorConflict::Profile => "profile",
        }),
        anchors: anchors
            .anchors
            .iter()
            .map(|anchor| AnchorLine {
                profile: anchor.profile.to_string(),
                chain_id: anchor.chain_id.clone(),
                height: anchor.height.to_string(),
                header_hash: anchor.header_hash.to_string(),
            })
            .collect(),
    });
    Ok(object.into())
}
