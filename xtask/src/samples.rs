//! The sample ledgers and packets in `www/generated`, made anew for each portal: nothing of it is in git.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::files;
use crate::process::run;
use crate::workspace::Workspace;

/// What `vidimus-node simulate` is asked for: small enough for a page, made in a moment.
const LEDGER: [&str; 10] =
    ["--validators", "7", "--blocks", "64", "--txs", "8", "--tx-size", "256", "--seed", "1"];

/// The names of the files, which the portal and its tests know.
const GOOD: &str = "good.vidimus";
const FLIPPED: &str = "flipped.vidimus";
const TRUNCATED: &str = "truncated.vidimus";
const ANCHOR: &str = "anchor.txt";
const WRONG_ANCHOR: &str = "wrong-anchor.txt";

/// What `vidimus-node simulate` is asked for besides: hospitals, few enough for a page, with every violation.
const HOSPITALS: [&str; 12] = [
    "--scenario",
    "hospital-network",
    "--custodians",
    "2",
    "--patients",
    "24",
    "--accesses",
    "90",
    "--violations",
    "all",
    "--seed",
    "12",
];

/// As many accesses as a hospital has in a day: 20 MB, in seconds.
const DAY: [&str; 8] =
    ["--scenario", "hospital-network", "--patients", "1000", "--accesses", "9500", "--seed", "1"];

const HOSPITAL: &str = "hospital.vidimus";
const HOSPITAL_FLIPPED: &str = "hospital-flipped.vidimus";
const HOSPITAL_TRUNCATED: &str = "hospital-truncated.vidimus";

const HOSPITAL_ANCHOR: &str = "hospital-anchor.txt";
const PATIENT: &str = "patient.view";

/// What is kept of it, and under which name. The patient's accesses are permitted in every way there
/// is, and some in none.
const HOSPITAL_FILES: [(&str, &str); 5] = [
    ("ledger.vidimus", HOSPITAL),
    ("anchor.txt", HOSPITAL_ANCHOR),
    ("policy.toml", "hospital-policy.toml"),
    ("patients/0005.view", PATIENT),
    ("regulator.view", "regulator.view"),
];

/// An evidence packet of that patient's records.
const PACKET: &str = "patient.vidimus-packet";
const PACKET_FLIPPED: &str = "patient-flipped.vidimus-packet";

/// The same hospitals and one wrong decision: the anchor is that of another ledger for either.
const FORGED_FILES: [(&str, &str); 2] =
    [("ledger.vidimus", "hospital-forged.vidimus"), ("anchor.txt", "hospital-forged-anchor.txt")];

const DAY_LEDGER: &str = "day.vidimus";
const DAY_FLIPPED: &str = "day-flipped.vidimus";

const DAY_FILES: [(&str, &str); 5] = [
    ("ledger.vidimus", DAY_LEDGER),
    ("anchor.txt", "day-anchor.txt"),
    ("policy.toml", "day-policy.toml"),
    ("regulator.view", "day.view"),
    ("ground-truth.json", "day-ground-truth.json"),
];

fn path(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.path("www/generated").join(name)
}

/// Simulates the ledgers and spoils copies of them.
pub(crate) fn make(workspace: &Workspace) -> Result<(), Failure> {
    let folder = workspace.path("www/generated");
    files::empty_dir(&folder)?;
    simulate(workspace, &LEDGER, &folder)?;
    let [container] = &files::ending_in(&folder, ".vidimus")[..] else {
        return Err(Failure::new(format!("not one container in {}", folder.display())));
    };
    files::rename(container, &path(workspace, GOOD))?;

    scenario(workspace, &HOSPITALS, &HOSPITAL_FILES)?;
    scenario(workspace, &[&HOSPITALS[..], &["--wrong-decision"]].concat(), &FORGED_FILES)?;
    scenario(workspace, &DAY, &DAY_FILES)?;

    packet(workspace)?;

    let good = files::read(&path(workspace, GOOD))?;
    let hospital = files::read(&path(workspace, HOSPITAL))?;
    files::write(&path(workspace, TRUNCATED), first_half(&good))?;
    files::write(&path(workspace, FLIPPED), with_bit_flipped(&good))?;
    files::write(&path(workspace, HOSPITAL_TRUNCATED), first_half(&hospital))?;
    files::write(&path(workspace, HOSPITAL_FLIPPED), with_bit_flipped(&hospital))?;
    let day = files::read(&path(workspace, DAY_LEDGER))?;
    files::write(&path(workspace, DAY_FLIPPED), with_bit_flipped(&day))?;
    let anchor = files::read_text(&path(workspace, ANCHOR))?;
    files::write(&path(workspace, WRONG_ANCHOR), with_last_digit_changed(&anchor))
}

/// Simulates a scenario and keeps some of its files.
fn scenario(workspace: &Workspace, options: &[&str], kept: &[(&str, &str)]) -> Result<(), Failure> {
    let folder = path(workspace, "scenario");
    simulate(workspace, options, &folder)?;
    for (from, to) in kept {
        files::rename(&folder.join(from), &path(workspace, to))?;
    }
    files::remove_dir(&folder)
}

fn simulate(workspace: &Workspace, options: &[&str], folder: &Path) -> Result<(), Failure> {
    let mut node = workspace.cargo();
    node.args(["run", "--quiet", "--release", "--package", "vidimus-node", "--", "simulate"]);
    run(node.args(options).arg("--out").arg(folder))
}

/// Makes the packet, which the command line verifies before it writes it, and an altered one.
fn packet(workspace: &Workspace) -> Result<(), Failure> {
    let mut vidimus = vidimus(workspace, "packet");
    vidimus.arg(path(workspace, HOSPITAL)).arg("--anchor").arg(path(workspace, HOSPITAL_ANCHOR));
    vidimus.arg("--view").arg(path(workspace, PATIENT));
    run(vidimus.arg("--output").arg(path(workspace, PACKET)))?;
    let packet = files::read(&path(workspace, PACKET))?;
    files::write(&path(workspace, PACKET_FLIPPED), with_bit_flipped(&packet))
}

/// Verifies the good one on the command line, which prints the verdict.
pub(crate) fn verify(workspace: &Workspace) -> Result<(), Failure> {
    let mut vidimus = vidimus(workspace, "verify");
    run(vidimus.arg(path(workspace, GOOD)).arg("--anchor").arg(path(workspace, ANCHOR)))
}

/// The command line with one of its subcommands.
fn vidimus(workspace: &Workspace, subcommand: &str) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--release", "--package", "vidimus-cli", "--", subcommand]);
    cargo
}

fn first_half(bytes: &[u8]) -> &[u8] {
    bytes.split_at(bytes.len() / 2).0
}

/// The file with one bit in its middle changed.
fn with_bit_flipped(bytes: &[u8]) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    if let Some(byte) = changed.get_mut(bytes.len() / 2) {
        *byte ^= 1;
    }
    changed
}

/// The anchor with another last digit: what a mistyped one looks like.
fn with_last_digit_changed(anchor: &str) -> String {
    let text = anchor.trim_end();
    let digit = if text.ends_with('0') { '1' } else { '0' };
    let mut changed: String = text.chars().take(text.chars().count().saturating_sub(1)).collect();
    changed.push(digit);
    changed.push('\n');
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flipped_copy_differs_in_one_bit() {
        assert_eq!(with_bit_flipped(&[0, 2, 4]), [0, 3, 4]);
        assert!(with_bit_flipped(&[]).is_empty());
    }

    #[test]
    fn wrong_anchor_differs_in_its_last_digit() {
        assert_eq!(with_last_digit_changed("cometbft-0.38/x/9/AB\n"), "cometbft-0.38/x/9/A0\n");
        assert_eq!(with_last_digit_changed("cometbft-0.38/x/9/A0"), "cometbft-0.38/x/9/A1\n");
    }
}
