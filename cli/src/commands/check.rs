//! `vidimus check`: whether a file was anchored on a ledger, or is in the batch with a root.

use std::{fs::File, io::Read as _, path::Path, process::ExitCode};

use vidimus::{
    SecondPass, TrustedInput,
    audit::{AuditOptions, ListedAct, Place},
    contract::outcome::ResultCode,
    encoding::{DecodeError, hex::Hash},
    limits::Limits,
    merkle::anchor_tree::{
        DocumentProof, IncludedDigest, InclusionError, MAX_PROOF_BYTES, SaltedDigest, TreeHead,
    },
    policy::Require,
    record::{Body, Record, anchor::Anchor},
    report::{Report, Status},
};

use super::{Verified, print, verify_subject};
use crate::{
    arguments::{Check, Subject},
    drive,
    error::CommandError,
    input::{Input, Source},
    text,
};

/// What is known of a file and a batch.
#[derive(Debug)]
pub(crate) enum Membership {
    /// It is in the batch, byte for byte.
    Shown(IncludedDigest),
    /// The proof does not show it.
    NotShown(InclusionError),
    /// The proof is none.
    NoProof(DecodeError),
    /// No accepted record of the ledger holds the batch that the proof is for.
    NoRecord(TreeHead),
    /// The file changed while it was read.
    Changed,
}

impl Membership {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Shown(_) => ExitCode::SUCCESS,
            Self::NotShown(_) | Self::NoProof(_) | Self::NoRecord(_) => ExitCode::from(1),
            Self::Changed => ExitCode::from(UNDETERMINED),
        }
    }
}

/// Nothing is known: the file changed, or the ledger is not verified.
const UNDETERMINED: u8 = 2;

/// From where root and number of leaves of a batch are known.
#[derive(Debug)]
pub(crate) enum HeadSource {
    /// The caller says them.
    Caller,
    /// A ledger would have to say them, and was not asked: there is nothing to ask about.
    Unasked,
    /// A verified ledger says them, in these records.
    Ledger(Box<Report>, Vec<Anchored>),
}

/// An accepted `anchor` record of a verified ledger.
#[derive(Debug)]
pub(crate) struct Anchored {
    /// Where it stands.
    pub(crate) place: Place,
    /// Its id.
    pub(crate) id: Hash,
    /// What it says.
    pub(crate) anchor: Anchor,
}

impl Anchored {
    /// The transaction, if it is an accepted anchor of the batch.
    fn of(act: ListedAct, batch: &TreeHead) -> Option<Self> {
        let ListedAct { place, code: ResultCode::Accepted, record: Some(record), .. } = act else {
            return None;
        };
        let Record { id, body: Body::Anchor(anchor), .. } = record else { return None };
        let is_of_batch = anchor.root == batch.root && anchor.leaf_count == batch.leaf_count;
        is_of_batch.then_some(Self { place, id, anchor })
    }
}

pub(crate) fn check(arguments: &Check) -> Result<ExitCode, CommandError> {
    match arguments.root.zip(arguments.leaves) {
        Some((root, leaf_count)) => {
            let membership = match Presented::read(&arguments.file, &arguments.proof)? {
                Ok(presented) => presented.verify(&TreeHead { leaf_count, root }),
                Err(membership) => membership,
            };
            tell(&membership, &HeadSource::Caller)
        }
        None => check_on_ledger(arguments),
    }
}

fn tell(membership: &Membership, source: &HeadSource) -> Result<ExitCode, CommandError> {
    print(&text::batch::membership(membership, source))?;
    Ok(membership.exit_code())
}

/// Only what the contract of a verified ledger accepted anchors anything: the verdict is printed of
/// another.
fn check_on_ledger(arguments: &Check) -> Result<ExitCode, CommandError> {
    let input = Input::open(&arguments.paths)?;
    if let Input::Packet(source) = input {
        return Err(CommandError::IsPacket { path: source.path });
    }
    let presented = match Presented::read(&arguments.file, &arguments.proof)? {
        Ok(presented) => presented,
        Err(membership) => return tell(&membership, &HeadSource::Unasked),
    };
    let subject = Subject {
        paths: arguments.paths.clone(),
        anchor: arguments.anchor.clone(),
        policy: arguments.policy.clone(),
        limits: arguments.limits.clone(),
        audit_policy: None,
        views: Vec::new(),
        threads: arguments.threads,
    };
    let Verified { input, limits, audit, report, trusted } =
        verify_subject(&subject, input, Some(Require::Contract), &[])?;
    let (Some(trusted), Status::Verified) = (trusted, report.verdict.status) else {
        print(&text::report(&report))?;
        return Ok(ExitCode::from(UNDETERMINED));
    };
    let batch = presented.claimed_batch();
    let records = find_records(&trusted, audit, &input, &limits, &batch)?;
    let membership =
        if records.is_empty() { Membership::NoRecord(batch) } else { presented.verify(&batch) };
    tell(&membership, &HeadSource::Ledger(Box::new(report), records))
}

/// The accepted anchors of a batch, in the order of the ledger.
fn find_records(
    trusted: &TrustedInput,
    audit: AuditOptions,
    input: &Input,
    limits: &Limits,
    batch: &TreeHead,
) -> Result<Vec<Anchored>, CommandError> {
    let mut records = Vec::new();
    drive::second_pass(trusted.second_pass(audit), input, limits, |pass: &mut SecondPass| {
        let acts = pass.take_acts().into_iter();
        records.extend(acts.filter_map(|act| Anchored::of(act, batch)));
        // They are not told here, and would wait for somebody to ask.
        drop(pass.take_findings());
        Ok(())
    })?;
    Ok(records)
}

/// A document and the proof that came with it.
struct Presented {
    proof: DocumentProof,
    digest: SaltedDigest,
}

impl Presented {
    /// Reads both, or says why nothing can be shown with them.
    fn read(file: &Path, proof: &Path) -> Result<Result<Self, Membership>, CommandError> {
        let source = Source::open(file.to_owned(), file.display().to_string())?;
        let proof = match DocumentProof::decode(&read_proof(proof)?) {
            Ok(proof) => proof,
            Err(error) => return Ok(Err(Membership::NoProof(error))),
        };
        let digest = drive::digest(&source, proof.hasher())?;
        let is_same = !source.has_changed();
        Ok(if is_same { Ok(Self { proof, digest }) } else { Err(Membership::Changed) })
    }

    /// The batch that the proof says it is for: by that a record is found, which is then trusted.
    fn claimed_batch(&self) -> TreeHead {
        let leaf_count = self.proof.inclusion.leaf_count();
        TreeHead { leaf_count, root: self.proof.claimed_root }
    }

    fn verify(&self, trusted: &TreeHead) -> Membership {
        match self.proof.verify(&self.digest, trusted) {
            Ok(included) => Membership::Shown(included),
            Err(error) => Membership::NotShown(error),
        }
    }
}

/// The bytes of a proof file, and one more where it is longer than any proof.
pub(super) fn read_proof(path: &Path) -> Result<Vec<u8>, CommandError> {
    let read = |source| CommandError::Read { path: path.to_owned(), source };
    let most = u64::try_from(MAX_PROOF_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path).map_err(read)?.take(most).read_to_end(&mut bytes).map_err(read)?;
    Ok(bytes)
}
