//! The sample ledger beside the page, and spoilt copies of it.

use js_sys::Array;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, Response};

use crate::{protocol::NamedFile, text::samples as words};

/// One sample: a file, an anchor, and what comes of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Sample {
    /// Its name on the page.
    pub(crate) title: &'static str,
    /// What was done to it.
    pub(crate) what: &'static str,
    file: &'static str,
    anchor: &'static str,
}

/// All samples. `cargo xtask portal` makes the files.
pub(crate) const SAMPLES: [Sample; 4] = [
    Sample {
        title: words::GOOD,
        what: words::GOOD_WHAT,
        file: "good.vidimus",
        anchor: "anchor.txt",
    },
    Sample {
        title: words::FLIPPED,
        what: words::FLIPPED_WHAT,
        file: "flipped.vidimus",
        anchor: "anchor.txt",
    },
    Sample {
        title: words::TRUNCATED,
        what: words::TRUNCATED_WHAT,
        file: "truncated.vidimus",
        anchor: "anchor.txt",
    },
    Sample {
        title: words::WRONG_ANCHOR,
        what: words::WRONG_ANCHOR_WHAT,
        file: "good.vidimus",
        anchor: "wrong-anchor.txt",
    },
];

impl Sample {
    /// Its file and its anchor text.
    pub(crate) async fn fetch(self) -> Result<(NamedFile, String), JsValue> {
        let anchor = JsFuture::from(fetch(self.anchor).await?.text()?).await?;
        let blob: Blob = JsFuture::from(fetch(self.file).await?.blob()?).await?.unchecked_into();
        let file = File::new_with_blob_sequence(&Array::of1(&blob), self.file)?;
        let anchor = anchor.as_string().unwrap_or_default();
        Ok((NamedFile { path: self.file.to_owned(), file }, anchor.trim().to_owned()))
    }
}

async fn fetch(name: &str) -> Result<Response, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response = JsFuture::from(window.fetch_with_str(&format!("./samples/{name}"))).await?;
    let response: Response = response.unchecked_into();
    if response.ok() { Ok(response) } else { Err(response.status().into()) }
}
