//! Ledgers to measure on.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A simulated ledger on disk.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) validators: u32,
    pub(crate) dir: PathBuf,
    pub(crate) anchor: String,
}

impl Ledger {
    /// A ledger of small blocks, with the RPC JSON that other engines read.
    pub(crate) fn simulate(
        root: &Path,
        validators: u32,
        blocks: u32,
    ) -> Result<Self, Box<dyn Error>> {
        let dir = root.join(format!("v{validators}"));
        let flags = ["--txs", "2", "--tx-size", "200", "--nil", "3", "--absent", "3", "--rpc-json"];
        Self::make(dir, validators, blocks, &flags)
    }

    pub(crate) fn make(
        dir: PathBuf,
        validators: u32,
        blocks: u32,
        flags: &[&str],
    ) -> Result<Self, Box<dyn Error>> {
        let (validators_text, blocks) = (validators.to_string(), blocks.to_string());
        let size = ["--validators", &validators_text, "--blocks", &blocks];
        let flags = [&["--profile", "cometbft-0.38"], &size[..], flags].concat();
        Self::run(dir, validators, &flags)
    }

    /// A network of hospitals, with all its records.
    pub(crate) fn hospitals(
        root: &Path,
        patients: u32,
        accesses: u32,
    ) -> Result<Self, Box<dyn Error>> {
        let dir = root.join(format!("hospitals{patients}-{accesses}"));
        Self::network(dir, 4, [patients, accesses], "0.01")
    }

    /// The same of so many validators, patients and accesses, with this share of violations.
    pub(crate) fn network(
        dir: PathBuf,
        validators: u32,
        [patients, accesses]: [u32; 2],
        violations: &str,
    ) -> Result<Self, Box<dyn Error>> {
        let [count, patients, accesses] = [validators, patients, accesses].map(|n| n.to_string());
        let size = ["--validators", &count, "--patients", &patients, "--accesses", &accesses];
        let flags = ["--scenario", "hospital-network", "--violations", violations];
        Self::run(dir, validators, &[&flags[..], &size].concat())
    }

    fn run(dir: PathBuf, validators: u32, flags: &[&str]) -> Result<Self, Box<dyn Error>> {
        if !dir.join("anchor.txt").exists() {
            let status = Command::new(tool("vidimus-node")?)
                .args(["simulate", "--seed", "1"])
                .args(flags)
                .arg("--out")
                .arg(&dir)
                .status()?;
            if !status.success() {
                return Err("vidimus-node simulate failed".into());
            }
        }
        let anchor = fs::read_to_string(dir.join("anchor.txt"))?;
        Ok(Self { validators, dir, anchor })
    }

    pub(crate) fn container(&self) -> PathBuf {
        self.dir.join("ledger.vidimus")
    }
}

/// A binary that was built beside this one.
pub(crate) fn tool(name: &str) -> Result<PathBuf, Box<dyn Error>> {
    Ok(std::env::current_exe()?.with_file_name(name))
}
