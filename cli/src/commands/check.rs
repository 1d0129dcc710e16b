//! `vidimus check`: whether a file is in the batch with a root.

use std::{fs::File, io::Read as _, path::Path, process::ExitCode};

use vidimus::{
    encoding::DecodeError,
    merkle::anchor_tree::{
        DocumentProof, IncludedDigest, InclusionError, MAX_PROOF_BYTES, TreeHead,
    },
};

use super::print;
use crate::{arguments::Check, drive, error::CommandError, input::Source, text};

/// What is known of a file and a batch.
#[derive(Debug)]
pub(crate) enum Membership {
    /// It is in the batch, byte for byte.
    Shown(IncludedDigest),
    /// The proof does not show it.
    NotShown(InclusionError),
    /// The proof is none.
    NoProof(DecodeError),
    /// The file changed while it was read.
    Changed,
}

impl Membership {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Shown(_) => ExitCode::SUCCESS,
            Self::NotShown(_) | Self::NoProof(_) => ExitCode::from(1),
            Self::Changed => ExitCode::from(2),
        }
    }
}

pub(crate) fn check(arguments: &Check) -> Result<ExitCode, CommandError> {
    let trusted = trusted_head(arguments);
    let membership = find(&arguments.file, &arguments.proof, &trusted)?;
    print(&text::batch::membership(&membership))?;
    Ok(membership.exit_code())
}

/// The head of the batch, on the caller's word.
fn trusted_head(arguments: &Check) -> TreeHead {
    TreeHead { leaf_count: arguments.leaves, root: arguments.root }
}

fn find(file: &Path, proof: &Path, trusted: &TreeHead) -> Result<Membership, CommandError> {
    let source = Source::open(file.to_owned(), file.display().to_string())?;
    let proof = match DocumentProof::decode(&read_proof(proof)?) {
        Ok(proof) => proof,
        Err(error) => return Ok(Membership::NoProof(error)),
    };
    let digest = drive::digest(&source, proof.hasher())?;
    if source.has_changed() {
        return Ok(Membership::Changed);
    }
    Ok(match proof.verify(&digest, trusted) {
        Ok(included) => Membership::Shown(included),
        Err(error) => Membership::NotShown(error),
    })
}

/// The bytes of a proof file, and one more where it is longer than any proof.
pub(super) fn read_proof(path: &Path) -> Result<Vec<u8>, CommandError> {
    let read = |source| CommandError::Read { path: path.to_owned(), source };
    let most = u64::try_from(MAX_PROOF_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path).map_err(read)?.take(most).read_to_end(&mut bytes).map_err(read)?;
    Ok(bytes)
}
