//! What can be wrong with an export.

use alloc::{
    format,
    string::{String, ToString as _},
};
use core::fmt;

use crate::{
    check::CheckId,
    encoding::{DecodeError, DecodeProblem},
    report::{Locus, Missing, Reason},
};

/// A value in an export: the source's name and the value's first byte in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// Name of the source, as the caller gave it.
    pub file: String,
    /// Zero-based offset of the value's first byte.
    pub offset: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.file, self.offset)
    }
}

/// What two values can contradict each other about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Subject {
    /// The chain id.
    ChainId,
    /// Initial height or genesis time.
    Genesis,
    /// The header.
    Header,
    /// The block.
    Block,
    /// The block id beside a block, in a commit, or in the next header.
    BlockId,
    /// The validator set.
    Validators,
    /// The consensus parameters.
    ConsensusParams,
    /// The results of the transactions.
    BlockResults,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ChainId => "chain id",
            Self::Genesis => "genesis",
            Self::Header => "header",
            Self::Block => "block",
            Self::BlockId => "block id",
            Self::Validators => "validators",
            Self::ConsensusParams => "consensus parameters",
            Self::BlockResults => "block results",
        })
    }
}

/// A part of the ledger that an export lacks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Part {
    /// Every block and every signed header.
    Everything,
    /// The block.
    Block,
    /// The commit.
    Commit,
    /// The validators, all pages of them.
    Validators,
    /// A page of the validators.
    ValidatorsPage {
        /// Number of the page, from 1, where what is there tells which it is.
        page: Option<u64>,
        /// Pages that are there.
        present: u64,
        /// Pages that there must be, at least.
        pages: u64,
    },
    /// A piece of the genesis document.
    GenesisChunk {
        /// Number of the piece, from 0.
        chunk: u64,
    },
}

impl Part {
    fn text(self, height: Option<u64>) -> String {
        let what = match self {
            Self::Everything => return "no block and no signed header in the export".to_string(),
            Self::GenesisChunk { chunk } => return format!("chunk {chunk} of the genesis missing"),
            Self::Block => "block".to_string(),
            Self::Commit => "commit".to_string(),
            Self::Validators => "validators".to_string(),
            Self::ValidatorsPage { page: Some(page), .. } => format!("page {page} of validators"),
            Self::ValidatorsPage { page: None, present, pages } => {
                format!("{} of {pages} pages of validators", pages.saturating_sub(present))
            }
        };
        height.map_or_else(
            || format!("{what} missing"),
            |height| format!("{what} at height {height} missing"),
        )
    }
}

/// Why an export is not imported.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Not strict JSON, or not what the endpoint gives.
    #[error("{file}: {error}")]
    Decode {
        /// Name of the source.
        file: String,
        /// What, at which byte of the source, and on which path.
        error: DecodeError,
    },
    /// A JSON object that no endpoint of a node gives.
    #[error("{place} is not an answer of a CometBFT node")]
    Unknown {
        /// The value.
        place: Place,
    },
    /// An answer that says that there is none.
    #[error("{place}: the node answered an error ({code})")]
    Node {
        /// The value.
        place: Place,
        /// Code of the JSON-RPC error object.
        code: i64,
    },
    /// Two values that say different things about the same.
    #[error("{} in {first} and in {second} contradict each other", Of { subject, height })]
    Contradiction {
        /// What about.
        subject: Subject,
        /// Height, where it is about one.
        height: Option<u64>,
        /// The one.
        first: Place,
        /// The other.
        second: Place,
    },
    /// Something that must be there is not.
    #[error("{}", part.text(*height))]
    Missing {
        /// What.
        part: Part,
        /// Height, where it is about one.
        height: Option<u64>,
    },
    /// More than a limit allows.
    #[error("{place} is above the limit `{limit}`")]
    Limit {
        /// The value, or the first after the limit.
        place: Place,
        /// Name of the field of [`crate::limits::Limits`].
        limit: &'static str,
    },
    /// A source that no longer holds what it held when it was scanned, as far as the second pass
    /// can tell: other than the number of bytes that were asked for, or a value about another
    /// height. What no longer decodes is [`Self::Decode`], and what changed otherwise is imported as
    /// it then is. So drivers watch the size and the time of each file.
    #[error("{file} changed while it was read")]
    Changed {
        /// Name of the source.
        file: String,
    },
    /// Another number of light blocks than one, where one is asked for.
    #[error("{file} is not about one signed header")]
    NotOneHeight {
        /// Name of the source.
        file: String,
    },
    /// Bytes that were not asked for.
    #[error("bytes were supplied that were not asked for")]
    NotRequested,
}

/// "validators at height 7", or "chain id".
struct Of<'e> {
    subject: &'e Subject,
    height: &'e Option<u64>,
}

impl fmt::Display for Of<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.height {
            Some(height) => write!(f, "{} at height {height}", self.subject),
            None => write!(f, "{}", self.subject),
        }
    }
}

impl ImportError {
    /// Where it is, for a report.
    pub fn locus(&self) -> Locus {
        let at = |place: &Place, height: Option<u64>, path: &str| Locus {
            height,
            path: path.to_string(),
            offset: Some(place.offset),
            source: Some(place.file.clone()),
        };
        match self {
            Self::Decode { file, error } => Locus {
                height: None,
                path: error.path.clone(),
                offset: Some(error.offset),
                source: Some(file.clone()),
            },
            Self::Unknown { place } | Self::Node { place, .. } | Self::Limit { place, .. } => {
                at(place, None, "")
            }
            Self::Contradiction { subject, height, second, .. } => {
                at(second, *height, &subject.to_string())
            }
            Self::Missing { height, .. } => Locus { height: *height, ..Locus::default() },
            Self::Changed { file } | Self::NotOneHeight { file } => {
                Locus { source: Some(file.clone()), ..Locus::default() }
            }
            Self::NotRequested => Locus::default(),
        }
    }

    /// The check that fails, or why there is no verdict.
    ///
    /// # Errors
    /// The reason, where nothing is shown to be wrong with the ledger.
    pub fn outcome(&self) -> Result<CheckId, Reason> {
        match self {
            Self::Decode {
                error: DecodeError { problem: DecodeProblem::Limit(limit), .. },
                ..
            }
            | Self::Limit { limit, .. } => Err(Reason::Limit(limit)),
            Self::Decode { .. } | Self::Unknown { .. } | Self::NotOneHeight { .. } => {
                Ok(CheckId::ImportDecoded)
            }
            Self::Contradiction { .. } => Ok(CheckId::ImportConsistent),
            Self::Node { .. } | Self::Missing { .. } => {
                Err(Reason::Incomplete(Missing::FromExport(self.to_string())))
            }
            Self::Changed { .. } => Err(Reason::ChangedFile),
            Self::NotRequested => Err(Reason::Engine),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_says_where_an_error_is() {
        let file = || "x".to_string();
        let place = |offset| Place { file: file(), offset };
        let error = DecodeError::new(7, DecodeProblem::Float).within("total");
        let nowhere = Locus::default();
        let in_file = Locus { source: Some(file()), ..Locus::default() };
        let at = |offset| Locus { offset: Some(offset), ..in_file.clone() };
        let second = Locus { height: Some(3), path: "header".into(), ..at(5) };
        let subject = Subject::Header;
        for (error, expected) in [
            (ImportError::Decode { file: file(), error }, Locus { path: "total".into(), ..at(7) }),
            (ImportError::Unknown { place: place(1) }, at(1)),
            (ImportError::Node { place: place(2), code: -1 }, at(2)),
            (ImportError::Limit { place: place(3), limit: "json_bytes" }, at(3)),
            (
                ImportError::Contradiction {
                    subject,
                    height: Some(3),
                    first: Place { file: "y".into(), offset: 4 },
                    second: place(5),
                },
                second,
            ),
            (
                ImportError::Missing { part: Part::Block, height: Some(6) },
                Locus { height: Some(6), ..nowhere.clone() },
            ),
            (ImportError::Changed { file: file() }, in_file.clone()),
            (ImportError::NotOneHeight { file: file() }, in_file.clone()),
            (ImportError::NotRequested, nowhere.clone()),
        ] {
            assert_eq!(error.locus(), expected, "{error}");
        }
    }
}
