//! `vidimus-node simulate --scenario`.

use std::{fs, path::Path};

use clap::{Args, ValueEnum};
use vidimus_node::scenario::{Scenario, ScenarioConfig, ScenarioError, Violations};

use super::{CommandError, simulate::write_ledger};

/// What is simulated beside the chain.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Name {
    /// Hospitals, patients, consents, accesses and violations
    HospitalNetwork,
}

/// A network of hospitals on which the consent contract runs, over two weeks.
#[derive(Debug, Args)]
#[command(next_help_heading = "Scenario")]
pub(crate) struct HospitalNetwork {
    /// Simulate what happens on a consent-and-access ledger; DIR/ground-truth.json says what is wrong with it
    #[arg(long, value_name = "NAME", conflicts_with_all = [
        "powers", "blocks", "txs", "tx_size", "churn", "nil", "absent", "rounds",
        "profile", "initial_height", "omit", "evidence", "light", "rpc_json",
    ])]
    scenario: Option<Name>,
    /// Hospitals, 1 to 64
    #[arg(long, default_value_t = 3, value_name = "N", requires = "scenario")]
    custodians: usize,
    /// Patients, 24 or more
    #[arg(long, default_value_t = 60, value_name = "N", requires = "scenario")]
    patients: usize,
    /// Accesses, violations included
    #[arg(long, default_value_t = 200, value_name = "N", requires = "scenario")]
    accesses: u64,
    /// `all` for one of each, the share of accesses that are violations, or a file of lines `V03 = 2`
    #[arg(long, default_value = "all", value_name = "FILE|RATE", requires = "scenario")]
    violations: Violations,
    /// Let all validators write one decision down wrongly and sign it: the ledger must be rejected
    #[arg(long, requires = "scenario")]
    wrong_decision: bool,
}

impl HospitalNetwork {
    pub(super) fn is_chosen(&self) -> bool {
        self.scenario.is_some()
    }

    /// Writes the scenario of a chain with this id and so many validators.
    pub(super) fn run(
        &self,
        (chain_id, validators): (&str, usize),
        seed: u64,
        out: &Path,
    ) -> Result<(), CommandError> {
        let scenario = Scenario::new(ScenarioConfig {
            chain_id: chain_id.to_owned(),
            validators,
            custodians: self.custodians,
            patients: self.patients,
            accesses: self.accesses,
            violations: self.violations.clone(),
            seed,
        })?;
        let folders = ["seeds", "patients", "readings"].map(|name| out.join(name));
        for folder in folders {
            fs::create_dir_all(&folder).map_err(CommandError::at(&folder))?;
        }
        for (number, reading) in (1_u64..).zip(scenario.readings()) {
            let name = out.join("readings").join(format!("{number:04}"));
            let proof = name.with_extension("proof");
            fs::write(&name, &reading.content).map_err(CommandError::at(&name))?;
            fs::write(&proof, reading.proof.to_bytes()).map_err(CommandError::at(&proof))?;
        }
        for file in scenario.files().ok_or(ScenarioError::World)? {
            let path = out.join(&file.path);
            fs::write(&path, file.text).map_err(CommandError::at(&path))?;
        }
        let mut simulation = if self.wrong_decision {
            scenario.with_wrong_decision()?
        } else {
            scenario.simulation()?
        };
        write_ledger(&mut simulation, out, |_| Ok(()))
    }
}
