//! `vidimus packet`: an evidence packet from a snapshot.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    process::ExitCode,
};

use vidimus::{
    InputKind, Verification,
    anchor::Anchors,
    encoding::hex::Hash,
    limits::Limits,
    merkle::anchor_tree::{DocumentProof, SaltedDigest},
    packet::{
        Packet,
        build::{SnapshotBuilder, Wanted},
        salts,
    },
    policy::Policy,
    report::{Report, Status},
};

use super::{anchors, audit_options, check::read_proof, exit_code, limits, print};
use crate::{
    arguments::MakePacket,
    drive,
    error::CommandError,
    input::{Input, Source},
    text,
};

/// What is written has been verified with the anchor; what is not verified is not written.
pub(crate) fn packet(arguments: &MakePacket) -> Result<ExitCode, CommandError> {
    let input = Input::open(&arguments.paths)?;
    let limits = limits(arguments.limits.as_deref())?;
    let anchors = anchors(Some(&arguments.anchor), &limits)?;
    let wanted = wanted(arguments)?;
    let mut builder = SnapshotBuilder::new(anchors.clone(), limits.clone(), wanted);
    drive::read(&input, &limits, |chunk| Ok(builder.feed(chunk)?))?;
    let bytes = builder.finish().map(|packet: Packet| packet.to_bytes())?;
    let documents = digests(&bytes, arguments.document.as_slice())?;
    let report = verified(anchors, limits, &bytes, documents);
    if report.verdict.status != Status::Verified {
        print(&text::report(&report))?;
        return Ok(exit_code(&report));
    }
    let path = &arguments.output;
    let write = |source| CommandError::Write { path: path.clone(), source };
    let mut file = File::create_new(path).map_err(write)?;
    if let Err(error) = file.write_all(&bytes).and_then(|()| file.sync_all()) {
        // The error that is shown is the one that matters.
        drop(fs::remove_file(path));
        return Err(write(error));
    }
    print(&text::packet::written(path, bytes.len(), &report))?;
    Ok(ExitCode::SUCCESS)
}

/// What the arguments ask for, in their order of kinds.
fn wanted(arguments: &MakePacket) -> Result<Vec<Wanted>, CommandError> {
    let mut wanted = Vec::new();
    let (from, to) = (arguments.from, arguments.to);
    let view = audit_options(None, &arguments.views)?.view;
    let viewed = view.iter().flat_map(|view| view.subjects().map(|(subject, _)| *subject));
    // A subject beside consents says whose they are, and does not ask for all records.
    let named = arguments.subject.filter(|_| arguments.consents.is_empty());
    let withhold = || arguments.withhold.iter().copied().collect();
    wanted.extend({ viewed }.chain(named).map(|subject| Wanted::Subject {
        subject,
        from,
        to,
        withhold: withhold(),
    }));
    wanted.extend(arguments.records.iter().map(|id| Wanted::Record(*id)));
    let subject = arguments.subject;
    wanted.extend({ arguments.consents.iter() }.map(|consent| Wanted::Consent {
        subject,
        consent: *consent,
        to,
    }));
    wanted.extend(arguments.no_signer.iter().map(|key| Wanted::NoSigner { key: *key, to }));
    if let Some(path) = &arguments.proof {
        wanted.push(Wanted::Document(proof(path)?));
    }
    if arguments.head {
        wanted.push(Wanted::Header);
    }
    let is_listing = wanted.iter().any(|wanted| matches!(wanted, Wanted::Subject { .. }));
    let is_shown = |id: &Hash| arguments.records.contains(id);
    if !arguments.withhold.is_empty() && !is_listing || arguments.withhold.iter().any(is_shown) {
        return Err(CommandError::NothingWithheld);
    }
    if wanted.is_empty() { Err(CommandError::NothingWanted) } else { Ok(wanted) }
}

fn proof(path: &Path) -> Result<DocumentProof, CommandError> {
    DocumentProof::decode(&read_proof(path)?)
        .map_err(|source| CommandError::ProofFile { path: path.to_path_buf(), source })
}

/// The digests of documents with the salts of a packet; none of what is no packet.
pub(crate) fn digests(
    packet: &[u8],
    documents: &[std::path::PathBuf],
) -> Result<Vec<Vec<SaltedDigest>>, CommandError> {
    let salts = salts(packet).unwrap_or_default();
    let mut digests = Vec::new();
    for path in documents {
        let mut of_document = Vec::new();
        for salt in &salts {
            let source = Source::open(path.clone(), path.display().to_string())?;
            let hasher = vidimus::merkle::anchor_tree::DocumentHasher::new(salt);
            of_document.push(drive::digest(&source, hasher)?);
            if source.has_changed() {
                return Err(CommandError::Changed { path: path.clone() });
            }
        }
        digests.push(of_document);
    }
    Ok(digests)
}

fn verified(
    anchors: Anchors,
    limits: Limits,
    bytes: &[u8],
    documents: Vec<Vec<SaltedDigest>>,
) -> Report {
    Verification::new(anchors, Policy::default(), limits, InputKind::Packet)
        .with_documents(documents)
        .run(bytes)
}
