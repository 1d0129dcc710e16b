//! Where a record stands among the records of its signer.

use super::instant::Instant;
use crate::encoding::{
    cbor::{map, variants},
    hex::Hash,
};

variants! {
    /// Version of the records' format.
    pub enum Schema {
        /// The first.
        1 => V1 "1",
    }
}

map! {
    /// Where a record stands among the records of its signer. Numbers and links show what is missing;
    /// a gap is recorded like everything else.
    pub struct Source {
        /// Version of the format.
        1 => schema: Schema,
        /// One more than that of the signer's record before; the first has 1.
        2 => sequence: u64,
        /// Id of the signer's record before; the first has none.
        3 => previous: Option<Hash>,
        /// When it happened, by the signer's clock.
        4 => recorded_at: Instant,
    }
}
