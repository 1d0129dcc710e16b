//! One function for each subcommand.

mod anchor;
mod check;

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::CommandFactory as _;
use vidimus::{
    InputKind, Verification,
    anchor::Anchors,
    check::CheckId,
    limits::Limits,
    policy::Policy,
    report::{Report, Status},
};

pub(crate) use anchor::anchor;
pub(crate) use check::{Membership, check};

use crate::{
    arguments::{Arguments, Format, Import, Inspect, Verify},
    drive,
    error::CommandError,
    input::{Input, Source},
    text,
};

/// `vidimus verify`.
pub(crate) fn verify(arguments: &Verify) -> Result<ExitCode, CommandError> {
    let input = Input::open(&arguments.paths)?;
    let limits = limits(arguments.limits.as_deref())?;
    let anchors = anchors(arguments.anchor.as_deref(), &limits)?;
    let policy = policy(arguments.policy.as_deref())?;
    let kind = match input {
        Input::Snapshot(_) => InputKind::Snapshot,
        Input::Export(_) => InputKind::Export,
    };
    let verification = Verification::new(anchors, policy, limits.clone(), kind);
    let report = drive::verify(verification, &input, &limits, drive::threads(arguments.threads))?;
    print(&match arguments.format {
        Format::Text => text::report(&report),
        Format::Json => report.to_json(),
    })?;
    if let Some(path) = &arguments.report {
        fs::write(path, report.to_json())
            .map_err(|source| CommandError::Write { path: path.clone(), source })?;
    }
    Ok(exit_code(&report))
}

fn exit_code(report: &Report) -> ExitCode {
    match report.verdict.status {
        Status::Verified => ExitCode::SUCCESS,
        Status::Rejected => ExitCode::from(1),
        Status::Inconclusive => ExitCode::from(2),
    }
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
            let check =
                CheckId::from_id(id).ok_or_else(|| CommandError::UnknownCheck(id.to_owned()))?;
            text::check(check)
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
fn print_bytes(bytes: &[u8]) -> Result<(), CommandError> {
    match io::stdout().lock().write_all(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CommandError::Print(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
