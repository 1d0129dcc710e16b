//! What can go wrong before there is a verdict, and the exit code it gives.

use std::{io, path::PathBuf, process::ExitCode};

use vidimus::{
    anchor::AnchorError,
    audit::AuditPolicyError,
    encoding::DecodeError,
    import::ImportError,
    merkle::anchor_tree::{BatchListError, ProofShapeError},
    packet::build::StreamError,
    policy::PolicyError,
    record::view::ViewConflict,
    report::Reason,
};
use vidimus_keys::SeedError;

/// Wrong usage (`EX_USAGE` of sysexits).
pub(crate) const USAGE: u8 = 64;
/// Unreadable input (`EX_NOINPUT`).
const NO_INPUT: u8 = 66;
/// Output that could not be written (`EX_CANTCREAT`).
const CANNOT_CREATE: u8 = 73;

/// Why a command could not do its work. Each message says what to do next.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error("cannot read {}: {source}. Check the path and its permissions.", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("no files in {}. Name files, or directories that have some.", path.display())]
    Empty { path: PathBuf },
    #[error("{} is a snapshot: verify one snapshot at a time, without other files.", path.display())]
    Mixed { path: PathBuf },
    #[error("{} is an evidence packet: verify it alone, without other files.", path.display())]
    MixedPacket { path: PathBuf },
    #[error("{} is a snapshot already.", path.display())]
    AlreadySnapshot { path: PathBuf },
    #[error("{} is an evidence packet: it is verified as it is. Name a snapshot or an export.", path.display())]
    IsPacket { path: PathBuf },
    #[error("`--document` is compared with what an evidence packet says; this is none.")]
    NoPacket,
    #[error(
        "an evidence packet is not audited: leave out `--fail-on`, `--with-views` and `--audit-policy`, or name a snapshot."
    )]
    NotAudited,
    #[error("{0}.")]
    Stream(#[from] StreamError),
    #[error(
        "nothing is wanted: give `--view`, `--subject`, `--record`, `--consent`, `--no-signer`, `--document` or `--head`."
    )]
    NothingWanted,
    #[error(
        "`--withhold` is about records that `--view` or `--subject` would list, and none that `--record` shows."
    )]
    NothingWithheld,
    #[error("{}: {source}. `vidimus anchor` writes proofs.", path.display())]
    ProofFile { path: PathBuf, source: DecodeError },
    #[error(
        "{} changed while it was read. Copy it to a place where nothing writes to it and start again.",
        path.display()
    )]
    Changed { path: PathBuf },
    #[error(
        "{source}. There is no file of the name `{text}` either. Give one line, profile/chain-id/height/header-hash, or a file with such lines."
    )]
    Anchor { text: String, source: AnchorError },
    #[error(
        "{}: {source}. An anchor file has lines of the form profile/chain-id/height/header-hash.",
        path.display()
    )]
    AnchorFile { path: PathBuf, source: AnchorError },
    #[error("{}: {source}", path.display())]
    Policy { path: PathBuf, source: PolicyError },
    #[error("{}: limits file: {source}. Limits are decimal strings, and docs/limits.md lists them.", path.display())]
    Limits { path: PathBuf, source: serde_json::Error },
    #[error("{}: outstanding_signatures and batch_signatures must not both be 0.", path.display())]
    NoSignatures { path: PathBuf },
    #[error("{0}{advice}", advice = advice(.0))]
    Import(#[from] ImportError),
    #[error("{0}. Make several batches, or name a directory nearer to the files.")]
    Batch(#[from] BatchListError),
    #[error("no proof could be made: {0}.")]
    Proof(#[from] ProofShapeError),
    #[error(
        "the operating system has no random numbers: {0}. Without them no document can be hidden."
    )]
    Random(getrandom::Error),
    #[error("cannot write {}: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("cannot print: {0}")]
    Print(io::Error),
    #[error("there is no check or violation {0}. `vidimus checks` lists them.")]
    UnknownCheck(String),
    #[error("{}: {source}", path.display())]
    Seed { path: PathBuf, source: SeedError },
    #[error("{0}.")]
    View(#[from] ViewConflict),
    #[error("{}: {source}", path.display())]
    AuditPolicy { path: PathBuf, source: AuditPolicyError },
    #[error("{}: {source}. `vidimus keys view` writes viewing files.", path.display())]
    ViewingFile { path: PathBuf, source: DecodeError },
    #[error("a viewing file says whose records are meant: give one with `--view`.")]
    NoViewingFile,
    #[error("stopped.")]
    Cancelled,
}

/// What to do about an export that is not imported, where it is not in the message.
fn advice(error: &ImportError) -> &'static str {
    match error.outcome() {
        Err(Reason::Limit(_)) => ". If you trust it not to be hostile, set other `--limits`.",
        Ok(_) | Err(_) => "",
    }
}

impl CommandError {
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Read { .. }
            | Self::Empty { .. }
            | Self::Changed { .. }
            | Self::Import(_)
            | Self::Stream(_)
            | Self::Random(_) => NO_INPUT,
            Self::Mixed { .. }
            | Self::MixedPacket { .. }
            | Self::AlreadySnapshot { .. }
            | Self::IsPacket { .. }
            | Self::NothingWanted
            | Self::NothingWithheld
            | Self::NoPacket
            | Self::NotAudited
            | Self::ProofFile { .. }
            | Self::Anchor { .. }
            | Self::AnchorFile { .. }
            | Self::Policy { .. }
            | Self::Limits { .. }
            | Self::NoSignatures { .. }
            | Self::Batch(_)
            | Self::Proof(_)
            | Self::Seed { .. }
            | Self::View(_)
            | Self::AuditPolicy { .. }
            | Self::ViewingFile { .. }
            | Self::NoViewingFile
            | Self::UnknownCheck(_) => USAGE,
            Self::Write { .. } | Self::Print(_) => CANNOT_CREATE,
            Self::Cancelled => 2,
        })
    }
}
