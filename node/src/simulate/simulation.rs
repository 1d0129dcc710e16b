//! One network in one process, block by block.

use std::mem;

use vidimus::{
    anchor::TrustAnchor,
    contract::network::Network,
    encoding::{hex::Hash, time::Timestamp},
    ledger::cometbft::{
        block_id::{BlockId, PartSetHeader},
        commit::Commit,
        evidence::Evidence,
        header::{BLOCK_PROTOCOL, Header},
        params::HashedParams,
        profile::TimeRule,
        results::BlockResults,
        time::compute_median,
        validator::{Member, Validator, ValidatorKey, ValidatorList},
    },
    record::instant::Instant,
    snapshot::{Manifest, Writer},
};

use super::{
    application::{self, ContractApplication, ContractGenesisError},
    block::{Ledger, SimulatedBlock},
    config::{Config, ConfigError, GENESIS_TIME},
    evidence,
    hooks::{BlockDraft, CommitDraft, EncodedDraft, Hooks, SetDraft},
    rotation::RotatedSet,
    updates,
    votes::{VoteContext, VotePlan},
};
use crate::numbers::{Draw, Use, after};

/// Version of the simulated application; below the consent contract's, which is re-executed.
const APP_VERSION: u64 = 1;

/// The consensus parameters of every simulated chain: CometBFT's defaults.
pub const PARAMS: HashedParams = HashedParams { block_max_bytes: 22_020_096, block_max_gas: -1 };

/// The block before the one to come.
#[derive(Clone, Debug)]
pub(super) struct Last {
    id: BlockId,
    time: Timestamp,
    round: i32,
    commit: Commit,
    set: RotatedSet,
    pub(super) results: BlockResults,
}

/// A ledger in the making.
///
/// ```
/// use vidimus::{InputKind, Verification, anchor::Anchors, limits::Limits, policy::Policy};
/// use vidimus_node::simulate::{Config, Hooks, Simulation};
///
/// let ledger = Simulation::new(Config::default(), Hooks::default())?.run();
/// let anchors = Anchors { anchors: vec![ledger.anchor], ..Anchors::default() };
/// let limits = Limits::default();
/// let verification = Verification::new(anchors, Policy::default(), limits, InputKind::Snapshot);
/// let report = verification.run(&ledger.container);
/// assert_eq!(report.verdict.code, "verified");
/// # Ok::<(), vidimus_node::simulate::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Simulation {
    pub(super) config: Config,
    pub(super) hooks: Hooks,
    pub(super) writer: Writer,
    height: u64,
    /// Set that signs the block to come.
    current: RotatedSet,
    /// Set of the height after it.
    following: RotatedSet,
    pub(super) last: Option<Last>,
    app_hash: Hash,
    contract: Option<ContractApplication>,
    /// The contract's state before the first block of the container.
    pub(super) state: Vec<Vec<u8>>,
}

impl Simulation {
    /// Starts a ledger at its genesis.
    ///
    /// # Errors
    /// Figures that make no ledger.
    pub fn new(config: Config, mut hooks: Hooks) -> Result<Self, ConfigError> {
        config.check()?;
        let mut manifest = Manifest {
            family: "cometbft".to_owned(),
            chain_id: config.chain_id.clone(),
            first: config.first_height(),
            last: config.last_height(),
        };
        hooks.run_manifest(&mut manifest);
        let height = config.initial_height;
        let list = updates::draw_genesis(config.seed, config.validators, &config.powers);
        let mut draft = SetDraft { height, list };
        hooks.run_set(&mut draft);
        let current = RotatedSet::new(draft.list);
        let app_hash = application::genesis_hash(&config.chain_id);
        let writer = Writer::new(&manifest);
        let following = current.clone();
        let mut simulation = Self {
            config,
            hooks,
            writer,
            height,
            current,
            following,
            last: None,
            app_hash,
            contract: None,
            state: Vec::new(),
        };
        simulation.following = simulation.next_set(&[], height.saturating_add(1));
        Ok(simulation)
    }

    /// Starts a ledger on which the consent contract runs.
    ///
    /// The chain's validators take the place of those that `network` names; `records` gives the
    /// transactions of each block, by height and time.
    ///
    /// # Errors
    /// Figures that make no ledger, a network that makes no state.
    pub fn with_contract(
        config: Config,
        hooks: Hooks,
        network: Network,
        records: impl FnMut(u64, Instant) -> Vec<Vec<u8>> + 'static,
    ) -> Result<Self, ContractGenesisError> {
        let mut simulation = Self::new(config, hooks)?;
        let (chain_id, validators) = (&simulation.config.chain_id, simulation.current.list());
        let records = Box::new(records);
        let contract = ContractApplication::start(network, chain_id, validators, records)?;
        simulation.app_hash = contract.app_hash();
        simulation.contract = Some(contract);
        Ok(simulation)
    }

    /// Lets the validators take every signature of a record for good: an attack.
    #[must_use]
    pub fn without_signature_checks(mut self) -> Self {
        if let Some(contract) = &mut self.contract {
            contract.stop_checking();
        }
        self
    }

    /// What is simulated.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The next block, or `None` after the last.
    ///
    /// # Cost
    /// One signature for each vote, three hashes over the transactions.
    pub fn next_block(&mut self) -> Option<SimulatedBlock> {
        let height = self.height;
        if height > self.config.last_height() {
            return None;
        }
        let round = self.draw_round();
        let mut draft = self.draft(round);
        self.hooks.run_block(&mut draft);
        draft.compute_hashes();
        self.hooks.run_header(&mut draft);
        let mut encoded = EncodedDraft { height, bytes: draft.to_bytes() };
        self.hooks.run_encoded(&mut encoded);
        let bytes = encoded.bytes;
        // A header without validators hash has no hash; votes for zeros stand for votes for it.
        let hash = draft.header.compute_hash().unwrap_or(Hash([0; 32]));
        let block_id = BlockId { hash: Some(hash), parts: PartSetHeader::compute(&bytes) };
        let commit = self.commit(block_id, round, draft.header.time);

        let upcoming = self.next_set(&draft.updates, height.saturating_add(2));
        let following = mem::replace(&mut self.following, upcoming);
        let validators = mem::replace(&mut self.current, following);
        let next_app_hash = match &mut self.contract {
            Some(contract) => contract.commit(),
            None => application::next_hash(&self.app_hash.0, &draft.results),
        };
        let mut block = SimulatedBlock {
            bytes,
            block_id,
            commit,
            validators,
            next_validators: self.current.clone(),
            next_app_hash,
            container: Vec::new(),
            is_last: height == self.config.last_height(),
            draft,
        };
        block.container = self.write(&block);
        self.app_hash = block.next_app_hash;
        self.last = Some(Last {
            id: block.block_id,
            time: block.draft.header.time,
            round,
            commit: block.commit.clone(),
            set: block.validators.clone(),
            results: block.draft.results.clone(),
        });
        self.height = height.saturating_add(1);
        Some(block)
    }

    /// The whole ledger in memory.
    pub fn run(mut self) -> Ledger {
        let mut ledger = Ledger {
            container: Vec::new(),
            blocks: Vec::new(),
            anchor: TrustAnchor {
                profile: self.config.profile,
                chain_id: self.config.chain_id.clone(),
                height: self.config.last_height(),
                header_hash: Hash([0; 32]),
            },
        };
        while let Some(mut block) = self.next_block() {
            ledger.container.append(&mut block.container);
            ledger.anchor.header_hash = block.hash();
            ledger.blocks.push(block);
        }
        ledger
    }

    /// The set of `height`: changes applied to that of the height before.
    fn next_set(&mut self, changes: &[updates::ValidatorUpdate], height: u64) -> RotatedSet {
        let mut set = self.following.changed(changes);
        let mut draft = SetDraft { height, list: set.list().clone() };
        self.hooks.run_set(&mut draft);
        if draft.list != *set.list() {
            set.replace(draft.list);
        }
        set.turn();
        set
    }

    fn draw_round(&self) -> i32 {
        let mut draw = Draw::new(self.config.seed, self.height, Use::Block);
        if !draw.percent(self.config.round_percent) {
            return 0;
        }
        i32::try_from(draw.below(3)).unwrap_or_default().saturating_add(1)
    }

    /// A block as an honest proposer makes it, but for the hashes of its contents.
    fn draft(&mut self, round: i32) -> BlockDraft {
        let height = self.height;
        let time = self.block_time();
        let (transactions, results, changes) = self.execute(time);
        let last = self.last.as_ref();
        let header = Header {
            version_block: BLOCK_PROTOCOL,
            version_app: self
                .contract
                .as_ref()
                .map_or(APP_VERSION, |_| ContractApplication::VERSION),
            chain_id: self.config.chain_id.clone(),
            height,
            time,
            last_block_id: last.map_or_else(BlockId::default, |last| last.id),
            last_commit_hash: None,
            data_hash: None,
            validators_hash: Some(self.current.hash()),
            next_validators_hash: Some(self.following.hash()),
            consensus_hash: None,
            app_hash: self.app_hash.0.to_vec(),
            last_results_hash: Some(
                last.map_or_else(BlockResults::default, |last| last.results.clone()).compute_hash(),
            ),
            evidence_hash: None,
            proposer_address: self.current.proposer(round),
        };
        BlockDraft {
            height,
            header,
            transactions,
            evidence: self.draw_evidence().into_iter().collect(),
            last_commit: last.map_or_else(Commit::default, |last| last.commit.clone()),
            params: PARAMS,
            results,
            updates: changes,
        }
    }

    /// The transactions of the block to come, their results, and changes of validators.
    fn execute(
        &mut self,
        time: Timestamp,
    ) -> (Vec<Vec<u8>>, BlockResults, Vec<updates::ValidatorUpdate>) {
        let Config { seed, transactions, transaction_bytes, churn, .. } = self.config;
        let height = self.height;
        if let Some(contract) = &mut self.contract {
            if height == self.config.first_height() {
                self.state = contract.chunks();
            }
            return contract.execute(height, Instant::of_block(&time), &self.config.chain_id);
        }
        let transactions =
            application::draw_transactions(seed, height, transactions, transaction_bytes);
        let results = application::execute(&transactions);
        let is_due = is_due(churn, height);
        let changes =
            if is_due { updates::draw(seed, height, self.following.list()) } else { Vec::new() };
        (transactions, results, changes)
    }

    /// Block time by the profile's rule; where votes give none, a second after the block before.
    fn block_time(&self) -> Timestamp {
        const SECOND: u64 = 1_000_000_000;
        let rule = self.config.profile.time_rule();
        let mut draw = Draw::new(self.config.seed, self.height, Use::Time);
        let mut asserted = |before| after(before, SECOND.saturating_add(draw.below(SECOND)));
        let Some(last) = &self.last else {
            let is_asserted = rule == TimeRule::Asserted;
            return if is_asserted { asserted(GENESIS_TIME) } else { GENESIS_TIME };
        };
        // What a test made of the set may be none; its powers still weigh the votes.
        let median = compute_median(&last.commit, &members(last.set.list()), rule);
        median.unwrap_or_else(|| asserted(last.time))
    }

    fn draw_evidence(&self) -> Option<Evidence> {
        let last = self.last.as_ref()?;
        if !is_due(self.config.evidence, self.height) {
            return None;
        }
        evidence::draw(&evidence::Scene {
            seed: self.config.seed,
            height: self.height.saturating_sub(1),
            round: last.round,
            block_id: last.id,
            block_time: last.time,
            list: last.set.list(),
            chain_id: &self.config.chain_id,
        })
    }

    fn commit(&mut self, block_id: BlockId, round: i32, block_time: Timestamp) -> Commit {
        let context = VoteContext {
            seed: self.config.seed,
            height: self.height,
            round,
            block_id,
            block_time,
            chain_id: &self.config.chain_id,
            nil_percent: self.config.nil_percent,
            absent_percent: self.config.absent_percent,
        };
        let mut plan = VotePlan::draw(self.current.list(), &context);
        self.hooks.run_votes(&mut plan);
        let mut draft = CommitDraft { height: self.height, commit: plan.sign() };
        self.hooks.run_commit(&mut draft);
        draft.commit
    }
}

/// The validators of a list that have Ed25519 keys, unchecked.
fn members(list: &ValidatorList) -> Vec<Member> {
    let member = |validator: &Validator| match &validator.key {
        ValidatorKey::Ed25519(key) => {
            Some(Member { address: validator.address, key: *key, power: validator.power })
        }
        ValidatorKey::Unsupported(..) => None,
    };
    list.validators.iter().filter_map(member).collect()
}

/// Whether something that happens at every so many heights happens at this one.
fn is_due(every: u64, height: u64) -> bool {
    height.checked_rem(every) == Some(0)
}
