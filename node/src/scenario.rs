//! A network of hospitals over two weeks: honest days, and violations that are known beforehand.
//!
//! ```text
//! World (parties, patients, rhythm) ─▶ honest visits ─┐
//!                                     plants ─────────┼─▶ Book ─▶ signed blocks ─▶ Simulation
//!                                       └─ findings ──┘             └─▶ ground truth
//! ```
//!
//! What an audit must find is said by whoever plants it, and never computed from the ledger: see
//! `docs/scenario.md`. The same [`ScenarioConfig`] gives the same bytes.

mod book;
mod consents;
mod data;
mod delegations;
mod files;
mod honest;
mod keys;
mod network;
mod organizations;
mod patients;
mod plant;
mod policy;
mod rhythm;
mod terms;
mod truth;
mod violations;
mod visit;
mod world;

use std::collections::BTreeMap;

use vidimus::{
    contract::network::Network, merkle::anchor_tree::DocumentProof, record::instant::Instant,
};

pub use self::files::ScenarioFile;
pub use self::plant::IDS;
pub use self::truth::{Because, Expected, Placed};
pub use self::violations::{Violations, ViolationsError};

use self::{
    book::PlannedBlock,
    patients::{LEAST, Patient},
    policy::AuditPolicy,
    truth::to_json,
    world::World,
};
use crate::{
    attacks,
    numbers::{after, to_u64},
    simulate::{Config, ContractGenesisError, Hooks, Simulation},
};

/// Most hospitals.
const CUSTODIANS: usize = 64;

/// A scenario in figures.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ScenarioConfig {
    /// Chain id, 1 to 50 bytes.
    pub chain_id: String,
    /// Validators, 1 to 256.
    pub validators: usize,
    /// Hospitals, 1 to 64.
    pub custodians: usize,
    /// Patients, 24 or more.
    pub patients: usize,
    /// Accesses, planted ones included; some plants need several.
    pub accesses: u64,
    /// What is planted.
    pub violations: Violations,
    /// All randomness follows from it.
    pub seed: u64,
}

impl Default for ScenarioConfig {
    fn default() -> Self {
        Self {
            chain_id: "vidimus-hospitals".to_owned(),
            validators: 4,
            custodians: 3,
            patients: 60,
            accesses: 200,
            violations: Violations::All,
            seed: 1,
        }
    }
}

/// Why there is no scenario.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// Too few or too many hospitals.
    #[error("a scenario has 1 to {CUSTODIANS} custodians")]
    Custodians,
    /// Too few patients to have one for everything.
    #[error("a scenario has at least {LEAST} patients")]
    Patients,
    /// More plants than accesses.
    #[error("{planted} violations do not fit into {accesses} accesses")]
    Accesses {
        /// Violations to plant.
        planted: u64,
        /// Accesses in all.
        accesses: u64,
    },
    /// Nobody in the scenario to whom it could be done.
    #[error("there is nobody to plant {id} with: more patients are needed")]
    Plant {
        /// The violation.
        id: String,
    },
    /// Figures with which the world does not hold together.
    #[error("these figures make no scenario")]
    World,
}

/// A reading of a device, with the proof that would be handed out with it: of a batch that a device hands in,
/// whatever becomes of the batch.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AnchoredReading {
    /// Content.
    pub content: Vec<u8>,
    /// Proof.
    pub proof: DocumentProof,
}

/// Everything that is planned, before it is simulated.
#[derive(Debug)]
pub struct Scenario {
    config: ScenarioConfig,
    network: Network,
    blocks: Vec<PlannedBlock>,
    findings: Vec<Placed>,
    patients: Vec<Patient>,
    policy: AuditPolicy,
    readings: Vec<AnchoredReading>,
    custodians: Vec<String>,
}

impl Scenario {
    /// Plans a scenario and signs its records.
    ///
    /// # Errors
    /// Figures that make none.
    ///
    /// # Cost
    /// A signature and about 60 HMACs for each request and access.
    pub fn new(config: ScenarioConfig) -> Result<Self, ScenarioError> {
        if !(1..=CUSTODIANS).contains(&config.custodians) {
            return Err(ScenarioError::Custodians);
        }
        if config.patients < LEAST {
            return Err(ScenarioError::Patients);
        }
        let ids = config.violations.list(config.accesses, config.seed);
        let (planted, accesses) = (to_u64(ids.len()), config.accesses);
        if planted > accesses {
            return Err(ScenarioError::Accesses { planted, accesses });
        }
        let mut world = World::new(&config).ok_or(ScenarioError::World)?;
        let is_retention_short = ids.contains(&"V28");
        let network = network::network(&mut world, is_retention_short);
        let network = network.ok_or(ScenarioError::World)?;
        people(&mut world).ok_or(ScenarioError::World)?;
        let mut rounds: BTreeMap<&str, u64> = BTreeMap::new();
        for id in &ids {
            let round = rounds.entry(id).or_default();
            plant::plant(&mut world, id, *round)
                .ok_or_else(|| ScenarioError::Plant { id: (*id).to_owned() })?;
            *round = round.saturating_add(1);
        }
        for _ in planted..accesses {
            honest::access(&mut world).ok_or(ScenarioError::World)?;
        }
        world.policy.allow(&mut world.emergencies);
        let World { book, mut keys, patients, policy, readings, parties, .. } = world;
        let written = book.write(&mut keys, &config.chain_id).ok_or(ScenarioError::World)?;
        let mut findings = written.findings;
        if is_retention_short {
            findings.push(plant::retention());
        }
        findings.sort_by_key(|placed| (placed.height, placed.index, placed.expected.id));
        let hospitals = parties.iter().take(config.custodians);
        let custodians = hospitals.map(|party| party.id.as_str().to_owned()).collect();
        let blocks = written.blocks;
        Ok(Self { config, network, blocks, findings, patients, policy, readings, custodians })
    }

    /// What an audit of the ledger must find, in the ledger's order.
    pub fn findings(&self) -> &[Placed] {
        &self.findings
    }

    /// One reading of each batch, in the order in which they were planned.
    pub fn readings(&self) -> &[AnchoredReading] {
        &self.readings
    }

    /// The findings as `ground-truth.json` holds them.
    pub fn ground_truth(&self) -> String {
        to_json(self.config.seed, &self.findings)
    }

    /// The ledger on which all this happens. Blocks have the planned times.
    ///
    /// # Errors
    /// A chain id or a network that makes no ledger: none of this scenario's making.
    pub fn simulation(&self) -> Result<Simulation, ContractGenesisError> {
        self.simulation_with(Hooks::default())
    }

    /// The ledger with one wrong decision in its second half, which all validators signed: no verifier may
    /// accept it.
    ///
    /// # Errors
    /// As [`Self::simulation`].
    pub fn with_wrong_decision(&self) -> Result<Simulation, ContractGenesisError> {
        let middle = to_u64(self.blocks.len()) / 2;
        self.simulation_with(attacks::with_wrong_decision(Hooks::default(), middle))
    }

    fn simulation_with(&self, hooks: Hooks) -> Result<Simulation, ContractGenesisError> {
        let config = Config {
            chain_id: self.config.chain_id.clone(),
            validators: self.config.validators,
            blocks: to_u64(self.blocks.len()),
            seed: self.config.seed,
            absent_percent: 5,
            ..Config::default()
        };
        let times: Vec<Instant> = self.blocks.iter().map(|block| block.time).collect();
        let mut blocks = self.blocks.clone().into_iter();
        let records = move |_, _| blocks.next().map_or_else(Vec::new, |block| block.transactions);
        Simulation::with_contract(config, paced(hooks, times), self.network.clone(), records)
    }
}

/// Lets every vote on a block bear the next one's time, and so the next block itself.
fn paced(hooks: Hooks, times: Vec<Instant>) -> Hooks {
    hooks.on_votes(move |plan| {
        let next = usize::try_from(plan.height).ok().and_then(|height| times.get(height));
        let Some(next) = next else { return };
        let seconds = i64::try_from(next.as_millis() / 1_000).unwrap_or_default();
        let nanos = (next.as_millis() % 1_000).saturating_mul(1_000_000);
        for vote in &mut plan.votes {
            // Below a millisecond they differ, as clocks do, and records know no such times.
            let own = u64::from(vote.timestamp.nanos % 1_000_000);
            let whole = vidimus::encoding::time::Timestamp { seconds, nanos: 0 };
            vote.timestamp = after(whole, nanos.saturating_add(own));
        }
    })
}

/// Everything that is there before anybody opens a record.
fn people(world: &mut World) -> Option<()> {
    network::found(world)?;
    for subject in 0..world.subjects.len() {
        delegations::delegate(world, subject)?;
        consents::sign(world, subject)?;
    }
    for subject in 0..world.subjects.len() {
        let of = world.subjects.get(subject)?;
        if of.shape == patients::Shape::Protected {
            let public = of.public;
            let team = vec![world.digest("team"), world.digest("team")];
            world.policy.protected.push((public, team));
        }
    }
    acquainted(world)
}

/// People of one hospital who are patients of another, or have relatives there: they never open these.
fn acquainted(world: &mut World) -> Option<()> {
    for (hospital, party) in world.parties.iter().enumerate().take(world.hospitals) {
        let mut elsewhere = world.subjects.iter().filter(|of| of.custodian != hospital);
        let mut people = party.staff.iter().map(|person| person.person);
        if let Some(subject) = elsewhere.next() {
            world.policy.staff.push((people.next()?, subject.public));
            world.policy.related.push((people.next()?, subject.public));
        }
    }
    Some(())
}
