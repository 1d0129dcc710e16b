//! `vidimus`: verifies ledger snapshots and raw node exports, offline; anchors batches of
//! documents.
//!
//! Files go in, a verdict comes out. No socket is opened.
#![expect(clippy::print_stderr, reason = "a command line says what went wrong")]

mod arguments;
mod commands;
mod drive;
mod error;
mod input;
mod keys;
mod pool;
mod progress;
mod text;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command, Keys};

/// Running the contract again allocates a few dozen times a record.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let usage = error.use_stderr();
            // A closed pipe while printing help is the reader's choice.
            drop(error.print());
            return if usage { ExitCode::from(error::USAGE) } else { ExitCode::SUCCESS };
        }
    };
    let result = match arguments.command {
        Command::Verify(verify) => commands::verify(&verify),
        Command::Records(records) => commands::records(&records),
        Command::Findings(findings) => commands::findings(&findings),
        Command::Who(who) => commands::who(&who),
        Command::Report(report) => commands::report(&report),
        Command::Packet(packet) => commands::packet(&packet),
        Command::Inspect(inspect) => commands::inspect(&inspect),
        Command::Import(import) => commands::import(&import),
        Command::Anchor(anchor) => commands::anchor(&anchor),
        Command::Check(check) => commands::check(&check),
        Command::Checks(checks) => commands::checks(checks.id.as_deref()),
        Command::Keys(Keys::Show(derivation)) => keys::show(&derivation),
        Command::Keys(Keys::View(view)) => keys::view(&view),
        Command::Completions(completions) => commands::completions(completions.shell),
        Command::Man => commands::man(),
    };
    result.unwrap_or_else(|error| {
        eprintln!("vidimus: {}", text::visible(&error.to_string()));
        error.exit_code()
    })
}
