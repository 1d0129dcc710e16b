//! The project's commands. `cargo xtask` lists them; each installs what it needs and nothing more.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks here")]

mod bench;
mod bless;
mod counts;
mod csp;
mod failure;
mod files;
mod portal;
mod process;
mod samples;
mod serve;
mod setup;
mod suites;
mod transcript;
mod wasm;
mod workspace;

use std::process::ExitCode;

use clap::Parser;
use clap::builder::PossibleValuesParser;

use crate::failure::Failure;
use crate::workspace::Workspace;

/// The project's commands.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
enum Command {
    /// Install what is missing: all of it, or the components named
    Setup {
        #[arg(value_name = "COMPONENT", value_parser = PossibleValuesParser::new(setup::names()))]
        components: Vec<String>,
    },
    /// Build the npm binding into target/npm
    Wasm,
    /// Make and verify the sample ledger, build the portal, serve it on this machine
    Portal {
        /// Stop when it is built
        #[arg(long)]
        no_serve: bool,
        /// Port on 127.0.0.1
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Run every suite, or the ones named; the last line counts what passed and failed
    Test {
        #[arg(long = "suite", value_name = "NAME", num_args = 1..,
              value_parser = PossibleValuesParser::new(suites::names()))]
        suites: Vec<String>,
        /// Mutation testing of the library as well (hours)
        #[arg(long)]
        mutants: bool,
        /// The ignored, long tests as well; cargo-deny with advisories
        #[arg(long)]
        full: bool,
    },
    /// Measure, print one table of ratios, and keep it in docs/performance.md
    Bench {
        /// Compare maps for the contract's state instead, and print their table
        #[arg(long)]
        maps: bool,
        /// Measure ledgers of records alone, and print their table
        #[arg(long, conflicts_with = "maps")]
        records: bool,
        /// Measure evidence packets alone, and print their table
        #[arg(long, conflicts_with_all = ["maps", "records"])]
        packets: bool,
    },
    /// Write the generated documents and test data anew
    Bless,
}

fn main() -> ExitCode {
    match Workspace::find().and_then(|workspace| run(&workspace, &Command::parse())) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(workspace: &Workspace, command: &Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Setup { components } => setup::run(workspace, components)?,
        Command::Wasm => wasm::build(workspace)?,
        Command::Portal { no_serve: true, .. } => portal::build(workspace)?,
        Command::Portal { port, .. } => match portal::show(workspace, *port)? {},
        Command::Test { suites, mutants, full } => {
            return Ok(suites::run(
                workspace,
                suites,
                suites::Extent { mutants: *mutants, full: *full },
            ));
        }
        Command::Bench { maps: true, .. } => bench::compare_maps(workspace)?,
        Command::Bench { records: true, .. } => bench::measure_records(workspace)?,
        Command::Bench { packets: true, .. } => bench::measure_packets(workspace)?,
        Command::Bench { .. } => bench::run(workspace)?,
        Command::Bless => bless::run(workspace)?,
    }
    Ok(ExitCode::SUCCESS)
}
