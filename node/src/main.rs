//! The `vidimus-node` command.
#![forbid(unsafe_code)]

mod command;

use std::{io::Write as _, process::ExitCode};

use clap::{Parser, Subcommand};

/// Stands beside a CometBFT node: simulates ledgers for tests and samples.
#[derive(Debug, Parser)]
#[command(name = "vidimus-node", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Writes a genuine CometBFT ledger whose validators are published TEST KEYS.
    Simulate(command::simulate::Simulate),
    /// Writes the public halves of the 256 published TEST KEYS.
    TestKeys(command::test_keys::TestKeys),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Simulate(arguments) => arguments.run(),
        Command::TestKeys(arguments) => arguments.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If not even this can be written, the exit code still says it.
            let _written = writeln!(std::io::stderr(), "vidimus-node: {error}");
            ExitCode::FAILURE
        }
    }
}
