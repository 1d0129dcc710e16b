//! The sample ledgers beside the page, and spoilt copies of one.

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
    /// What opens its records, if something does.
    view: Option<&'static str>,
}

/// What a sample is made of.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) file: NamedFile,
    pub(crate) anchor: String,
    pub(crate) view: Option<File>,
}

/// All samples. `cargo xtask portal` makes the files.
pub(crate) const SAMPLES: [Sample; 6] = [
    Sample {
        title: words::GOOD,
        what: words::GOOD_WHAT,
        file: "good.vidimus",
        anchor: "anchor.txt",
        view: None,
    },
    Sample {
        title: words::FLIPPED,
        what: words::FLIPPED_WHAT,
        file: "flipped.vidimus",
        anchor: "anchor.txt",
        view: None,
    },
    Sample {
        title: words::TRUNCATED,
        what: words::TRUNCATED_WHAT,
        file: "truncated.vidimus",
        anchor: "anchor.txt",
        view: None,
    },
    Sample {
        title: words::WRONG_ANCHOR,
        what: words::WRONG_ANCHOR_WHAT,
        file: "good.vidimus",
        anchor: "wrong-anchor.txt",
        view: None,
    },
    Sample {
        title: words::AUDITED,
        what: words::AUDITED_WHAT,
        file: "hospital.vidimus",
        anchor: "hospital-anchor.txt",
        view: Some("patient.view"),
    },
    Sample {
        title: words::AUDITED_FLIPPED,
        what: words::AUDITED_FLIPPED_WHAT,
        file: "hospital-flipped.vidimus",
        anchor: "hospital-anchor.txt",
        view: Some("patient.view"),
    },
];

impl Sample {
    /// Its files and its anchor text.
    pub(crate) async fn fetch(self) -> Result<Fetched, JsValue> {
        let anchor = JsFuture::from(fetch(self.anchor).await?.text()?).await?;
        let anchor = anchor.as_string().unwrap_or_default().trim().to_owned();
        let file = NamedFile { path: self.file.to_owned(), file: fetch_file(self.file).await? };
        let view = match self.view {
            Some(name) => Some(fetch_file(name).await?),
            None => None,
        };
        Ok(Fetched { file, anchor, view })
    }
}

async fn fetch_file(name: &str) -> Result<File, JsValue> {
    let blob: Blob = JsFuture::from(fetch(name).await?.blob()?).await?.unchecked_into();
    File::new_with_blob_sequence(&Array::of1(&blob), name)
}

async fn fetch(name: &str) -> Result<Response, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response = JsFuture::from(window.fetch_with_str(&format!("./samples/{name}"))).await?;
    let response: Response = response.unchecked_into();
    if response.ok() { Ok(response) } else { Err(response.status().into()) }
}
