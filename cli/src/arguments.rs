//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use vidimus::{
    audit::{Regime, Severity, ViolationId},
    encoding::hex::{Hash, Identifier, PublicKey},
    merkle::anchor_tree::MAX_LEAVES,
    record::{Kind, keys::CustodianId},
};

/// Verify a healthcare consent ledger for yourself, offline, from a trust anchor.
///
/// Exit codes: 0 verified or shown, 1 rejected or not shown, 2 could not be determined, 3 findings as
/// severe as `--fail-on` says, 64 wrong usage, 66 unreadable input, 73 output that cannot be written.
#[derive(Debug, Parser)]
#[command(name = "vidimus", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Verify a snapshot, an evidence packet, or the files of a node's raw export
    Verify(Verify),
    /// List every record of a verified snapshot, with what was decided
    Records(Records),
    /// List every finding of a verified snapshot: a report has the first of each violation
    Findings(Findings),
    /// List who opened a patient's record, why, and under which consent
    Who(Who),
    /// Account for accesses as a law demands it
    Report(Report),
    /// Make an evidence packet: a small file that proves one thing to whoever has the anchor
    Packet(MakePacket),
    /// Show what is inside, without verifying anything
    Inspect(Inspect),
    /// Turn a raw export into one snapshot file
    Import(Import),
    /// Make one root of a batch of files, and a proof for each file
    Anchor(Anchor),
    /// Show that a file was anchored on a ledger, or that it is in the batch with a root
    Check(Check),
    /// List the checks, or explain one
    Checks(Checks),
    /// Derive a patient's keys from their seed
    #[command(subcommand)]
    Keys(Keys),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the man page
    Man,
}

/// What is verified, and against what.
#[derive(Args, Debug)]
pub(crate) struct Subject {
    /// A snapshot file, an evidence packet, or the files and directories of a raw export
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
    /// What the audit is to look for, and its lists: a TOML file, see docs/audit.md
    #[arg(long, value_name = "FILE")]
    pub(crate) audit_policy: Option<PathBuf>,
    /// A viewing file, which opens what records seal; repeat it for more
    #[arg(long = "view", value_name = "FILE")]
    pub(crate) views: Vec<PathBuf>,
    /// Threads that check signatures [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
}

#[derive(Args, Debug)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Write the report as JSON to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Exit with 3 if the ledger is verified and a finding is at least as severe
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub(crate) fail_on: Option<Severity>,
    /// The document that an evidence packet is about; repeat it for more
    #[arg(long = "document", value_name = "FILE")]
    pub(crate) documents: Vec<PathBuf>,
    /// Add who opened what, by organization, person, hour, purpose and decision: the input is read twice
    #[arg(long)]
    pub(crate) with_views: bool,
}

fn severity(text: &str) -> Result<Severity, String> {
    let names: Vec<&str> = Severity::ALL.iter().map(|severity| severity.name()).collect();
    Severity::from_name(text).ok_or_else(|| format!("severities are {}", names.join(", ")))
}

#[derive(Args, Debug)]
pub(crate) struct Records {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Only records of this kind, such as access
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub(crate) kind: Option<Kind>,
    /// Only records about this subject: a public key
    #[arg(long = "subject", value_name = "KEY", value_parser = public_key)]
    pub(crate) about: Option<PublicKey>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Listing::Ndjson)]
    pub(crate) format: Listing,
}

/// How records and findings are printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Listing {
    /// A JSON object a line, field names as in `docs/records.md` or in a report.
    Ndjson,
}

fn kind(text: &str) -> Result<Kind, String> {
    let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    let found = Kind::ALL.iter().copied().find(|kind| kind.name() == text);
    found.ok_or_else(|| format!("kinds are {}", names.join(", ")))
}

fn public_key(text: &str) -> Result<PublicKey, &'static str> {
    PublicKey::from_hex(text).ok_or("a subject is 64 hex digits")
}

#[derive(Args, Debug)]
pub(crate) struct Findings {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Only findings of this violation, such as V11
    #[arg(long, value_name = "ID", value_parser = violation)]
    pub(crate) id: Option<ViolationId>,
    /// Only findings that are at least as severe
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub(crate) severity: Option<Severity>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Listing::Ndjson)]
    pub(crate) format: Listing,
}

fn violation(text: &str) -> Result<ViolationId, &'static str> {
    ViolationId::from_id(text).ok_or("`vidimus checks` lists the violations")
}

#[derive(Args, Debug)]
pub(crate) struct Who {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Args, Debug)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// The law: ehds, gdpr, hipaa, part11, part2
    #[arg(long, value_name = "REGIME", value_parser = regime)]
    pub(crate) regime: Regime,
    /// What to print
    #[arg(long, value_enum, default_value_t = ReportFormat::Csv)]
    pub(crate) format: ReportFormat,
}

fn regime(text: &str) -> Result<Regime, String> {
    let names = Regime::ALL.map(Regime::name).join(", ");
    Regime::from_name(text).ok_or_else(|| format!("regimes are {names}"))
}

/// How an accounting is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// The rows, for a spreadsheet.
    Csv,
    /// A page to be printed, with what it rests on and what was left out.
    Html,
    /// The same for programs.
    Json,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// The report, `vidimus/report/1`.
    Json,
}

/// What a packet is made from, and what it is to show.
#[derive(Args, Debug)]
pub(crate) struct MakePacket {
    /// A snapshot file, or the files and directories of a raw export
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The trust anchor of whoever will get the packet, or a file with anchors: of those, it starts from
    /// the highest. One close above what is claimed makes the smallest packet
    #[arg(long, value_name = "TEXT|FILE")]
    pub(crate) anchor: String,
    /// All records of the subjects of a viewing file; repeat it for more
    #[arg(long = "view", value_name = "FILE")]
    pub(crate) views: Vec<PathBuf>,
    /// All records of a subject; with `--consent`, whose consent it is
    #[arg(long, value_name = "KEY", value_parser = public_key)]
    pub(crate) subject: Option<PublicKey>,
    /// One record, by its id; repeat it for more
    #[arg(long = "record", value_name = "ID", value_parser = record_id)]
    pub(crate) records: Vec<Hash>,
    /// How a consent stands, or with `--subject` that there is none; repeat it for more
    #[arg(long = "consent", value_name = "ID", value_parser = identifier)]
    pub(crate) consents: Vec<Identifier>,
    /// That no record was signed by a key; repeat it for more
    #[arg(long, value_name = "KEY", value_parser = public_key)]
    pub(crate) no_signer: Vec<PublicKey>,
    /// That a document was anchored
    #[arg(long, value_name = "FILE", requires = "proof")]
    pub(crate) document: Option<PathBuf>,
    /// The proof that came with the document
    #[arg(long, value_name = "FILE", requires = "document")]
    pub(crate) proof: Option<PathBuf>,
    /// The last block's header
    #[arg(long)]
    pub(crate) head: bool,
    /// First block of the records of subjects
    #[arg(long, value_name = "H", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) from: Option<u64>,
    /// Last block of the records, and the one after which consents are shown [default: the last but one]
    #[arg(long, value_name = "H", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) to: Option<u64>,
    /// Count a record and do not show it; repeat it for more
    #[arg(long, value_name = "ID", value_parser = record_id)]
    pub(crate) withhold: Vec<Hash>,
    /// The packet to write; it must not exist
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Other limits than the defaults: a JSON file, see docs/limits.md
    #[arg(long, value_name = "FILE")]
    pub(crate) limits: Option<PathBuf>,
}

fn record_id(text: &str) -> Result<Hash, &'static str> {
    Hash::from_hex(text).ok_or("the id of a record is 64 hex digits")
}

fn identifier(text: &str) -> Result<Identifier, &'static str> {
    Identifier::from_hex(text).ok_or("the id of a consent is 32 hex digits")
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
pub(crate) struct Anchor {
    /// The documents: files, or directories with every file below them
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The directory for the list and the proofs; no file in it is overwritten
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    /// The document
    pub(crate) file: PathBuf,
    /// The ledger whose anchor record is to hold the batch: a snapshot file, or the files and
    /// directories of a raw export
    #[arg(value_name = "SNAPSHOT", required_unless_present = "root")]
    pub(crate) paths: Vec<PathBuf>,
    /// The proof that came with it
    #[arg(long, value_name = "FILE")]
    pub(crate) proof: PathBuf,
    /// The trust anchor of the ledger, or a file with anchors: never from the export
    #[arg(long, value_name = "TEXT|FILE", requires = "paths")]
    pub(crate) anchor: Option<String>,
    /// What must be shown of the ledger: a JSON file. The contract is always run again
    #[arg(long, value_name = "FILE", requires = "paths")]
    pub(crate) policy: Option<PathBuf>,
    /// Other limits than the defaults: a JSON file, see docs/limits.md
    #[arg(long, value_name = "FILE", requires = "paths")]
    pub(crate) limits: Option<PathBuf>,
    /// Threads that check signatures [default: one for each core]
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u16).range(1..=256),
        requires = "paths",
    )]
    pub(crate) threads: Option<u16>,
    /// In place of a ledger: the root of the batch, from an anchor record that you verified, never from
    /// the sender
    #[arg(
        long,
        value_name = "HEX",
        value_parser = root,
        requires = "leaves",
        conflicts_with_all = ["paths", "anchor", "policy", "limits", "threads"],
    )]
    pub(crate) root: Option<Hash>,
    /// The number of documents in the batch, from the same record
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u64).range(1..=MAX_LEAVES),
        requires = "root",
    )]
    pub(crate) leaves: Option<u64>,
}

fn root(text: &str) -> Result<Hash, &'static str> {
    Hash::from_hex(text).ok_or("a root is 64 hex digits")
}

#[derive(Args, Debug)]
pub(crate) struct Checks {
    /// The id of a check or violation, such as commit.quorum or V11
    pub(crate) id: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Print the patient's public key at each custodian: the pseudonym of their records there
    Show(Derivation),
    /// Write a viewing file. It opens health data, and signs nothing
    View(View),
}

#[derive(Args, Debug)]
pub(crate) struct View {
    #[command(flatten)]
    pub(crate) derivation: Derivation,
    /// The viewing file to write; it must not exist. Only its owner may read it
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// From which secret, and for whom, keys are derived.
#[derive(Args, Debug)]
pub(crate) struct Derivation {
    /// The patient's seed: a file of 64 hex digits. It can sign; never give it away
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: PathBuf,
    /// The id of a custodian; repeat it for more
    #[arg(long = "custodian", value_name = "ID", required = true)]
    pub(crate) custodians: Vec<CustodianId>,
}

#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}
