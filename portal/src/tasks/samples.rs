//! The sample ledgers beside the page, and spoilt copies of some. Nothing of them is loaded before it is
//! asked for.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, File, ReadableStreamDefaultReader, RequestInit, Response,
};

use crate::{protocol::NamedFile, state::Fetching, text::samples as words};

/// Bytes after which it is said again how far a sample is.
const STEP: u64 = 1 << 18;

/// One sample: files, an anchor, and what comes of them.
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
    /// What its audit looks for beside what the ledger says itself.
    policy: Option<&'static str>,
}

/// Samples that belong together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Group {
    pub(crate) heading: &'static str,
    pub(crate) samples: &'static [Sample],
}

/// What a sample is made of.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) file: NamedFile,
    pub(crate) anchor: String,
    pub(crate) view: Option<File>,
    pub(crate) policy: Option<File>,
}

const PLAIN: Sample = Sample {
    title: words::GOOD,
    what: words::GOOD_WHAT,
    file: "good.vidimus",
    anchor: "anchor.txt",
    view: None,
    policy: None,
};

const AUDITED: Sample = Sample {
    title: words::AUDITED,
    what: words::AUDITED_WHAT,
    file: "hospital.vidimus",
    anchor: "hospital-anchor.txt",
    view: Some("patient.view"),
    policy: None,
};

const DAY: Sample = Sample {
    title: words::DAY,
    what: words::DAY_WHAT,
    file: "day.vidimus",
    anchor: "day-anchor.txt",
    view: Some("day.view"),
    policy: Some("day-policy.toml"),
};

/// All samples. `cargo xtask portal` makes the files.
pub(crate) const GROUPS: [Group; 4] = [
    Group {
        heading: words::PLAIN,
        samples: &[
            PLAIN,
            Sample {
                title: words::FLIPPED,
                what: words::FLIPPED_WHAT,
                file: "flipped.vidimus",
                ..PLAIN
            },
            Sample {
                title: words::TRUNCATED,
                what: words::TRUNCATED_WHAT,
                file: "truncated.vidimus",
                ..PLAIN
            },
            Sample {
                title: words::WRONG_ANCHOR,
                what: words::WRONG_ANCHOR_WHAT,
                anchor: "wrong-anchor.txt",
                ..PLAIN
            },
        ],
    },
    Group {
        heading: words::HOSPITALS,
        samples: &[
            AUDITED,
            Sample {
                title: words::AUDITED_FLIPPED,
                what: words::AUDITED_FLIPPED_WHAT,
                file: "hospital-flipped.vidimus",
                ..AUDITED
            },
            Sample {
                title: words::AUDITED_TRUNCATED,
                what: words::AUDITED_TRUNCATED_WHAT,
                file: "hospital-truncated.vidimus",
                ..AUDITED
            },
            Sample {
                title: words::AUDITED_FORGED,
                what: words::AUDITED_FORGED_WHAT,
                file: "hospital-forged.vidimus",
                anchor: "hospital-forged-anchor.txt",
                ..AUDITED
            },
            Sample {
                title: words::AUDITED_FOREIGN,
                what: words::AUDITED_FOREIGN_WHAT,
                anchor: "hospital-forged-anchor.txt",
                ..AUDITED
            },
        ],
    },
    Group {
        heading: words::PACKETS,
        samples: &[
            Sample {
                title: words::PATIENT,
                what: words::PATIENT_WHAT,
                file: "patient.vidimus-packet",
                ..AUDITED
            },
            Sample {
                title: words::PATIENT_FLIPPED,
                what: words::PATIENT_FLIPPED_WHAT,
                file: "patient-flipped.vidimus-packet",
                ..AUDITED
            },
        ],
    },
    Group {
        heading: words::REAL_SIZE,
        samples: &[
            DAY,
            Sample {
                title: words::DAY_FLIPPED,
                what: words::DAY_FLIPPED_WHAT,
                file: "day-flipped.vidimus",
                ..DAY
            },
        ],
    },
];

impl Sample {
    /// Its files and its anchor text; `on_progress` hears how far the ledger is, `abort` stops it.
    pub(crate) async fn fetch(
        self,
        abort: &AbortController,
        on_progress: impl Fn(Fetching),
    ) -> Result<Fetched, JsValue> {
        let signal = abort.signal();
        let anchor = JsFuture::from(get(self.anchor, &signal).await?.text()?).await?;
        let anchor = anchor.as_string().unwrap_or_default().trim().to_owned();
        let view = optional(self.view, &signal).await?;
        let policy = optional(self.policy, &signal).await?;
        let file = file(self.file, &signal, on_progress).await?;
        let file = NamedFile { path: self.file.to_owned(), file };
        Ok(Fetched { file, anchor, view, policy })
    }
}

async fn optional(
    name: Option<&'static str>,
    signal: &AbortSignal,
) -> Result<Option<File>, JsValue> {
    match name {
        Some(name) => file(name, signal, |_| ()).await.map(Some),
        None => Ok(None),
    }
}

/// Takes the pieces as they come; the browser keeps them.
async fn file(
    name: &str,
    signal: &AbortSignal,
    on_progress: impl Fn(Fetching),
) -> Result<File, JsValue> {
    let response = get(name, signal).await?;
    let size = response.headers().get("content-length")?.and_then(|size| size.parse().ok());
    let stream = response.body().ok_or(JsValue::NULL)?;
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let pieces = Array::new();
    let (mut bytes, mut said) = (0_u64, 0_u64);
    loop {
        let result = JsFuture::from(reader.read()).await?;
        if js_sys::Reflect::get(&result, &"done".into())?.is_truthy() {
            break;
        }
        let piece: Uint8Array = js_sys::Reflect::get(&result, &"value".into())?.unchecked_into();
        bytes = bytes.saturating_add(piece.length().into());
        pieces.push(&piece);
        if bytes.saturating_sub(said) >= STEP {
            said = bytes;
            // A host that compresses may say how much it sends, and not how much comes out of it.
            on_progress(Fetching { bytes, size: size.filter(|size| bytes <= *size) });
        }
    }
    File::new_with_u8_array_sequence(&pieces, name)
}

async fn get(name: &str, signal: &AbortSignal) -> Result<Response, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let options = RequestInit::new();
    options.set_signal(Some(signal));
    let url = format!("./samples/{name}");
    let response = JsFuture::from(window.fetch_with_str_and_init(&url, &options)).await?;
    let response: Response = response.unchecked_into();
    if response.ok() { Ok(response) } else { Err(response.status().into()) }
}
