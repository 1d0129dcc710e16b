//! Raw exports of a node: two passes, whose bytes the caller reads.

use serde::Serialize;
use vidimus::{
    import::{ImportError, Importer, Index, Request, Scanner},
    limits::Limits,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    error::{Thrown, to_object},
    verification::{Verification, parse_limits},
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Bytes of one source that the second pass needs next. */
export interface Request {
  /** Which source, counted from 0 in the order of `startSource`. */
  source: number;
  offset: number;
  length: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// `Request` of the typings.
    #[wasm_bindgen(typescript_type = "Request")]
    #[derive(Debug)]
    pub type RequestObject;
}

#[derive(Serialize)]
struct RequestFields {
    source: usize,
    offset: u64,
    length: u64,
}

impl From<Request> for RequestObject {
    fn from(request: Request) -> Self {
        let Request { source, offset, length } = request;
        to_object(&RequestFields { source, offset, length }).into()
    }
}

/// Imports a raw export to a container on its way to a [`Verification`].
///
/// ```text
/// startSource, scan …, endSource, … endScan      what is where
/// nextRequest → supply → takeOutput, …           the container, for Verification.feed
/// endImport                                      whatever went wrong
/// ```
///
/// What is wrong with the export is not thrown: all further calls do nothing, and
/// [`Self::end_import`] tells the verification.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Export(State);

#[derive(Debug)]
enum State {
    Scanning(Box<Scanner>),
    Importing(Box<Importer>),
    Failed(Box<ImportError>),
    /// Between two states; never seen from outside.
    Moving,
}

#[wasm_bindgen]
impl Export {
    /// Starts an import. Without limits (JSON) the defaults are in force.
    ///
    /// # Errors
    /// `limits`.
    #[wasm_bindgen(constructor)]
    pub fn new(limits: Option<String>) -> Result<Self, Thrown> {
        let limits = limits.map_or_else(|| Ok(Limits::default()), |json| parse_limits(&json))?;
        Ok(Self(State::Scanning(Scanner::new(limits).into())))
    }

    /// Starts the next source of the first pass; `name` is for the report.
    #[wasm_bindgen(js_name = startSource)]
    pub fn start_source(&mut self, name: &str) {
        self.scanning(|scanner| scanner.start_source(name));
    }

    /// Takes the next bytes of the source.
    pub fn scan(&mut self, chunk: &[u8]) {
        self.scanning(|scanner| scanner.feed(chunk));
    }

    /// Ends the source.
    #[wasm_bindgen(js_name = endSource)]
    pub fn end_source(&mut self) {
        self.scanning(Scanner::end_source);
    }

    /// Ends the first pass.
    #[wasm_bindgen(js_name = endScan)]
    pub fn end_scan(&mut self) {
        self.0 = match core::mem::replace(&mut self.0, State::Moving) {
            State::Scanning(scanner) => Self::import(scanner.finish()),
            other @ (State::Importing(_) | State::Failed(_) | State::Moving) => other,
        };
    }

    /// What the second pass needs next; nothing once it is complete, or has failed.
    #[wasm_bindgen(js_name = nextRequest)]
    pub fn next_request(&self) -> Option<RequestObject> {
        match &self.0 {
            State::Importing(importer) => importer.next_request().map(RequestObject::from),
            State::Scanning(_) | State::Failed(_) | State::Moving => None,
        }
    }

    /// Takes the bytes that were asked for. What the container gained by them is returned.
    pub fn supply(&mut self, bytes: &[u8]) -> Vec<u8> {
        let State::Importing(importer) = &mut self.0 else { return Vec::new() };
        let supplied = importer.supply(bytes);
        let output = importer.take_output();
        if let Err(error) = supplied {
            self.0 = State::Failed(error.into());
        }
        output
    }

    /// The last bytes of the container.
    #[wasm_bindgen(js_name = takeOutput)]
    pub fn take_output(&mut self) -> Vec<u8> {
        match &mut self.0 {
            State::Importing(importer) => importer.take_output(),
            State::Scanning(_) | State::Failed(_) | State::Moving => Vec::new(),
        }
    }

    /// Tells the verification if the export could not be imported to its end.
    #[wasm_bindgen(js_name = endImport)]
    pub fn end_import(&self, verification: &mut Verification) {
        if let State::Failed(error) = &self.0 {
            verification.inner.end_import(error);
        }
    }

    fn import(index: Result<Index, ImportError>) -> State {
        match index {
            Ok(index) => State::Importing(Importer::new(index).into()),
            Err(error) => State::Failed(error.into()),
        }
    }

    fn scanning(&mut self, step: impl FnOnce(&mut Scanner) -> Result<(), ImportError>) {
        if let State::Scanning(scanner) = &mut self.0
            && let Err(error) = step(scanner)
        {
            self.0 = State::Failed(error.into());
        }
    }
}
