//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Verify a healthcare consent ledger for yourself, offline, from a trust anchor.
///
/// Exit codes: 0 verified, 1 rejected, 2 could not be determined, 64 wrong usage, 66 unreadable input,
/// 73 output that cannot be written.
#[derive(Debug, Parser)]
#[command(name = "vidimus", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Verify a snapshot, or the files of a node's raw export
    Verify(Verify),
    /// Show what is inside, without verifying anything
    Inspect(Inspect),
    /// Turn a raw export into one snapshot file
    Import(Import),
    /// List the checks, or explain one
    Checks(Checks),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the man page
    Man,
}

#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// A snapshot file, or the files and directories of a raw export
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The trust anchor, or a file with anchors: from somebody you trust, never from the export
    #[arg(long, value_name = "TEXT|FILE")]
    pub(crate) anchor: Option<String>,
    /// What must be shown: a JSON file (default: whole blocks, every signature)
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Other limits than the defaults: a JSON file, see docs/limits.md
    #[arg(long, value_name = "FILE")]
    pub(crate) limits: Option<PathBuf>,
    /// Write the report as JSON to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Threads that check signatures [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// The report, `vidimus/report/1`.
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct Inspect {
    /// A snapshot file, or the files and directories of a raw export
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Other limits than the defaults: a JSON file, see docs/limits.md
    #[arg(long, value_name = "FILE")]
    pub(crate) limits: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    /// The files and directories of a raw export
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The snapshot to write; it must not exist
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Other limits than the defaults: a JSON file, see docs/limits.md
    #[arg(long, value_name = "FILE")]
    pub(crate) limits: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Checks {
    /// The id of a check, such as commit.quorum
    pub(crate) id: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}
