//! Raw exports of a node's RPC, in any order and packing, to a snapshot container.
//!
//! ```text
//! sources ─▶ Scanner (pass 1: what stands where) ─▶ Index ─▶ Importer (pass 2: by height) ─▶ container
//! ```
//!
//! A source is what `curl` leaves: one JSON value, or many after each other; with the JSON-RPC
//! envelope or without. Names mean nothing, content decides. Both passes read chunks that the
//! caller supplies and hold one height at a time, so that files in a browser work like files on a
//! disk. Members that no endpoint has are refused; what no header attests
//! ([`UNAUTHENTICATED_FIELDS`]) is checked for its type and left out. Nothing is proven here: the
//! container is as untrusted as the export.

mod decode;
mod error;
mod importer;
mod index;
mod kind;
mod light;
mod scan;
mod unauthenticated;
#[cfg(test)]
mod vectors;

use alloc::vec::Vec;

pub use error::{ImportError, Part, Place, Subject};
pub use importer::{Importer, Request};
pub use index::{Candidate, Index, Summary};
pub use light::light_block;
pub use scan::Scanner;
pub use unauthenticated::UNAUTHENTICATED_FIELDS;

use crate::limits::Limits;

/// Imports sources that are in memory, each with its name.
///
/// # Errors
/// Every variant of [`ImportError`].
pub fn import(sources: &[(&str, &[u8])], limits: &Limits) -> Result<Vec<u8>, ImportError> {
    let mut scanner = Scanner::new(limits.clone());
    for (name, bytes) in sources {
        scanner.start_source(name)?;
        scanner.feed(bytes)?;
    }
    let mut importer = Importer::new(scanner.finish()?);
    let mut container = Vec::new();
    while let Some(request) = importer.next_request() {
        let start = usize::try_from(request.offset).unwrap_or(usize::MAX);
        let end = start.saturating_add(usize::try_from(request.length).unwrap_or(usize::MAX));
        let bytes = sources.get(request.source).and_then(|(_, bytes)| bytes.get(start..end));
        importer.supply(bytes.unwrap_or_default())?;
        container.extend(importer.take_output());
    }
    container.extend(importer.take_output());
    Ok(container)
}
