//! The files beside the ledger.

use vidimus::record::{keys::CustodianId, view::ViewingFile};
use vidimus_keys::PatientSeed;

use super::Scenario;

/// A file and its content.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ScenarioFile {
    /// Path within the scenario's folder, parts joined by `/`.
    pub path: String,
    /// Content.
    pub text: String,
}

const README: &str = "\
TEST KEYS: the seeds of simulated patients. Anybody can compute them from the scenario's seed.
NNNN.seed is the seed of patient NNNN, NNNN-second.seed the one after a change of keys.
";

impl Scenario {
    /// Ground truth, policy, seeds and viewing files.
    ///
    /// `None` only if two patients had one key.
    pub fn files(&self) -> Option<Vec<ScenarioFile>> {
        let mut files = Vec::new();
        let mut push = |path: String, text: String| files.push(ScenarioFile { path, text });
        push("ground-truth.json".to_owned(), self.ground_truth());
        push("policy.toml".to_owned(), self.policy.to_toml());
        push("seeds/README.txt".to_owned(), README.to_owned());
        let custodians: Vec<CustodianId> =
            self.custodians.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?;
        let mut regulator = ViewingFile::default();
        for (number, patient) in (1_u64..).zip(&self.patients) {
            push(format!("seeds/{number:04}.seed"), patient.seed.clone());
            if let Some(next) = &patient.next_seed {
                push(format!("seeds/{number:04}-second.seed"), next.clone());
            }
            let known = patient.custodians.iter().map(|index| custodians.get(*index).cloned());
            let known: Vec<_> = known.collect::<Option<_>>()?;
            let seed = PatientSeed::parse(&patient.seed).ok()?;
            let view = seed.viewing_file(&known).ok()?;
            push(format!("patients/{number:04}.view"), view.encode().to_string());
            regulator.merge(view).ok()?;
        }
        push("regulator.view".to_owned(), regulator.encode().to_string());
        Some(files)
    }
}
