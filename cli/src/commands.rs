//! One function for each subcommand.

mod anchor;
mod check;
mod findings;
mod lines;
mod packet;
mod records;
mod report;
mod who;

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::CommandFactory as _;
use vidimus::{
    InputKind, TrustedInput, Verification,
    anchor::Anchors,
    audit::{AuditOptions, AuditPolicy, AuditReport, ViolationId},
    check::CheckId,
    limits::Limits,
    packet::Packet,
    policy::{Policy, Require},
    record::view::ViewingFile,
    report::{Report, Status},
};
use zeroize::Zeroizing;

pub(crate) use anchor::anchor;
pub(crate) use check::{Anchored, HeadSource, Membership, check};
pub(crate) use findings::findings;
pub(crate) use packet::packet;
pub(crate) use records::records;
pub(crate) use report::report;
pub(crate) use who::who;

use crate::{
    arguments::{Arguments, Format, Import, Inspect, Subject, Verify},
    drive,
    error::CommandError,
    input::{Input, Source},
    text,
};

/// A verification that came to its report.
#[derive(Debug)]
pub(crate) struct Verified {
    pub(crate) input: Input,
    pub(crate) limits: Limits,
    pub(crate) audit: AuditOptions,
    pub(crate) report: Report,
    /// What a second pass needs, where the blocks are trusted and the contract was run again.
    pub(crate) trusted: Option<TrustedInput>,
}

/// Verifies what every command begins with that shows what a ledger says.
fn verify_subject(
    arguments: &Subject,
    input: Input,
    require: Option<Require>,
    documents: &[PathBuf],
) -> Result<Verified, CommandError> {
    let limits = limits(arguments.limits.as_deref())?;
    let anchors = anchors(arguments.anchor.as_deref(), &limits)?;
    let mut policy = policy(arguments.policy.as_deref())?;
    policy.require = require.unwrap_or(policy.require);
    let audit = audit_options(arguments.audit_policy.as_deref(), &arguments.views)?;
    let kind = match input {
        Input::Snapshot(_) => InputKind::Snapshot,
        Input::Export(_) => InputKind::Export,
        Input::Packet(_) => InputKind::Packet,
    };
    let digests = match &input {
        Input::Packet(source) => packet::digests(&drive::packet(source, &limits)?, documents)?,
        Input::Snapshot(_) | Input::Export(_) if documents.is_empty() => Vec::new(),
        Input::Snapshot(_) | Input::Export(_) => return Err(CommandError::NoPacket),
    };
    let verification = Verification::new(anchors, policy, limits.clone(), kind)
        .with_audit(audit.clone())
        .with_documents(digests);
    let threads = drive::threads(arguments.threads);
    let (report, trusted) = drive::verify(verification, &input, &limits, threads)?;
    Ok(Verified { input, limits, audit, report, trusted })
}

/// Verifies what is then read a second time: that takes a contract that was run again.
pub(crate) fn verify_executed(subject: &Subject) -> Result<Verified, CommandError> {
    verify_subject(subject, Input::open(&subject.paths)?, Some(Require::Contract), &[])
}

/// `vidimus verify`.
pub(crate) fn verify(arguments: &Verify) -> Result<ExitCode, CommandError> {
    let subject = &arguments.subject;
    let input = Input::open(&subject.paths)?;
    let is_of_audit =
        arguments.fail_on.is_some() || arguments.with_views || subject.audit_policy.is_some();
    if matches!(input, Input::Packet(_)) && is_of_audit {
        return Err(CommandError::NotAudited);
    }
    let Verified { input, limits, audit, mut report, trusted } =
        verify_subject(subject, input, None, &arguments.documents)?;
    if let (true, Some(trusted), Some(audited)) = (arguments.with_views, trusted, &mut report.audit)
    {
        audited.views = Some(who::collect_views(&trusted, audit, &input, &limits)?);
    }
    print(&match arguments.format {
        Format::Text => text::report(&report),
        Format::Json => report.to_json(),
    })?;
    if let Some(path) = &arguments.report {
        fs::write(path, report.to_json())
            .map_err(|source| CommandError::Write { path: path.clone(), source })?;
    }
    let worst = report.audit.as_ref().and_then(AuditReport::worst);
    let is_failure = arguments.fail_on.zip(worst).is_some_and(|(least, worst)| worst >= least);
    let is_verified = report.verdict.status == Status::Verified;
    Ok(if is_verified && is_failure { ExitCode::from(FINDINGS) } else { exit_code(&report) })
}

/// The ledger is verified, and shows what `--fail-on` is about.
const FINDINGS: u8 = 3;

pub(crate) fn exit_code(report: &Report) -> ExitCode {
    match report.verdict.status {
        Status::Verified => ExitCode::SUCCESS,
        Status::Rejected => ExitCode::from(1),
        Status::Inconclusive => ExitCode::from(2),
    }
}

fn audit_options(policy: Option<&Path>, views: &[PathBuf]) -> Result<AuditOptions, CommandError> {
    let mut options = AuditOptions::default();
    if let Some(path) = policy {
        let read = |source| CommandError::Read { path: path.to_path_buf(), source };
        let text = fs::read_to_string(path).map_err(read)?;
        options.policy = AuditPolicy::from_toml(&text)
            .map_err(|source| CommandError::AuditPolicy { path: path.to_path_buf(), source })?;
    }
    for path in views {
        let read = |source| CommandError::Read { path: path.clone(), source };
        let bytes = Zeroizing::new(fs::read(path).map_err(read)?);
        let view = ViewingFile::decode(&bytes)
            .map_err(|source| CommandError::ViewingFile { path: path.clone(), source })?;
        options.view.get_or_insert_default().merge(view)?;
    }
    Ok(options)
}

/// The content of the file of that name; if there is none, the text as given.
fn anchors(text: Option<&str>, limits: &Limits) -> Result<Anchors, CommandError> {
    let Some(text) = text else { return Ok(Anchors::default()) };
    let path = PathBuf::from(text);
    if !path.exists() {
        return Anchors::parse(text, limits)
            .map_err(|source| CommandError::Anchor { text: text.to_owned(), source });
    }
    match fs::read_to_string(&path) {
        Ok(content) => Anchors::parse(&content, limits)
            .map_err(|source| CommandError::AnchorFile { path, source }),
        Err(source) => Err(CommandError::Read { path, source }),
    }
}

fn policy(path: Option<&Path>) -> Result<Policy, CommandError> {
    let Some(path) = path else { return Ok(Policy::default()) };
    let read = |source| CommandError::Read { path: path.to_path_buf(), source };
    let text = fs::read_to_string(path).map_err(read)?;
    Policy::from_json(&text)
        .map_err(|source| CommandError::Policy { path: path.to_path_buf(), source })
}

fn limits(path: Option<&Path>) -> Result<Limits, CommandError> {
    let Some(path) = path else { return Ok(Limits::default()) };
    let read = |source| CommandError::Read { path: path.to_path_buf(), source };
    let text = fs::read_to_string(path).map_err(read)?;
    let limits: Limits = serde_json::from_str(&text)
        .map_err(|source| CommandError::Limits { path: path.to_path_buf(), source })?;
    if limits.outstanding_signatures == 0 && limits.batch_signatures == 0 {
        return Err(CommandError::NoSignatures { path: path.to_path_buf() });
    }
    Ok(limits)
}

/// `vidimus inspect`.
pub(crate) fn inspect(arguments: &Inspect) -> Result<ExitCode, CommandError> {
    let input = Input::open(&arguments.paths)?;
    let limits = limits(arguments.limits.as_deref())?;
    match input {
        Input::Snapshot(source) => {
            let mut inspection = text::Inspection::new(limits);
            source.for_each_chunk(|chunk| {
                inspection.feed(chunk);
                Ok(true)
            })?;
            print(&inspection.finish())?;
        }
        Input::Packet(source) => {
            let packet = Packet::decode(&drive::packet(&source, &limits)?);
            print(&text::packet::inspected(&packet))?;
        }
        Input::Export(sources) => {
            let index = drive::scan(&sources, &limits)?;
            print(&text::export(index.summary()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// `vidimus import`. What was written is removed if the import fails.
pub(crate) fn import(arguments: &Import) -> Result<ExitCode, CommandError> {
    let sources = match Input::open(&arguments.paths)? {
        Input::Snapshot(source) => {
            return Err(CommandError::AlreadySnapshot { path: source.path });
        }
        Input::Packet(source) => return Err(CommandError::IsPacket { path: source.path }),
        Input::Export(sources) => sources,
    };
    let limits = limits(arguments.limits.as_deref())?;
    let index = unless_changed(&sources, drive::scan(&sources, &limits))?;
    let path = &arguments.output;
    let write = |source| CommandError::Write { path: path.clone(), source };
    let mut file = File::create_new(path).map_err(write)?;
    let result = drive::import(&sources, index, |chunk, _| file.write_all(chunk).map_err(write))
        .and_then(|()| file.sync_all().map_err(write));
    let result = unless_changed(&sources, result);
    if result.is_err() {
        // The error that is shown is the one that matters.
        drop(fs::remove_file(path));
    }
    result?;
    let size = file.metadata().map_err(write)?.len();
    print(&format!("{}: {size} bytes\n", path.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// What was found in the files, unless one changed meanwhile: then it may be of two states.
fn unless_changed<T>(
    sources: &[Source],
    found: Result<T, CommandError>,
) -> Result<T, CommandError> {
    if matches!(found, Ok(_) | Err(CommandError::Import(_)))
        && let Some(source) = sources.iter().find(|source| source.has_changed())
    {
        return Err(CommandError::Changed { path: source.path.clone() });
    }
    found
}

/// `vidimus checks`.
pub(crate) fn checks(id: Option<&str>) -> Result<ExitCode, CommandError> {
    let text = match id {
        None => text::checks(),
        Some(id) => {
            let violation = || ViolationId::from_id(id).map(text::violation);
            let text = CheckId::from_id(id).map(text::check).or_else(violation);
            text.ok_or_else(|| CommandError::UnknownCheck(id.to_owned()))?
        }
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// `vidimus completions`.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<ExitCode, CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "vidimus", &mut script);
    print_bytes(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// `vidimus man`.
pub(crate) fn man() -> Result<ExitCode, CommandError> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut page).map_err(CommandError::Print)?;
    print_bytes(&page)?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn print(text: &str) -> Result<(), CommandError> {
    print_bytes(text.as_bytes())
}

/// A reader that closes its end of a pipe has seen enough: that is no error.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), CommandError> {
    match io::stdout().lock().write_all(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CommandError::Print(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
