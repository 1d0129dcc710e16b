//! `vidimus-node simulate`.

use std::{
    fs::{self, File},
    io::{self, BufWriter, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use clap::Args;
use vidimus::{anchor::TrustAnchor, ledger::cometbft::profile::Profile};
use vidimus_node::{
    rpc::Export,
    simulate::{Config, Format, Hooks, SimulatedBlock, Simulation},
};

use super::{CommandError, scenario::HospitalNetwork};

/// Bytes between two lines of progress.
const PROGRESS: u64 = 16 << 20;

/// Writes a genuine CometBFT ledger from a seed: the same figures give the same bytes.
///
/// DIR/ledger.vidimus is the container, DIR/anchor.txt the anchor at its last block. The
/// validators' keys are published TEST KEYS: it is a sample, never a ledger of anything.
#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// Validators at the start, 1 to 256
    #[arg(long, default_value_t = 4)]
    validators: usize,
    /// Powers of the first validators, separated by commas; the others' are drawn from 1 to 20
    #[arg(long, value_delimiter = ',')]
    powers: Vec<u64>,
    /// Blocks
    #[arg(long, default_value_t = 100)]
    blocks: u64,
    /// Transactions in each block
    #[arg(long, default_value_t = 10)]
    txs: usize,
    /// Bytes of each transaction
    #[arg(long, default_value_t = 250)]
    tx_size: usize,
    /// All randomness follows from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A validator joins, leaves or changes its power at every K-th height; 0 for never
    #[arg(long, default_value_t = 0, value_name = "K")]
    churn: u64,
    /// Percentage of votes for nil, as far as a quorum remains
    #[arg(long, default_value_t = 0, value_name = "PERCENT")]
    nil: u8,
    /// Percentage of absent votes, as far as a quorum remains
    #[arg(long, default_value_t = 0, value_name = "PERCENT")]
    absent: u8,
    /// Percentage of blocks that are decided in a later round
    #[arg(long, default_value_t = 5, value_name = "PERCENT")]
    rounds: u8,
    /// Rules that the ledger keeps: cometbft-0.34, -0.37.0, -0.37, -0.38.0, -0.38, -0.40, -1.0 or -1.0-pbts
    #[arg(long, default_value = "cometbft-0.38", value_parser = parse_profile)]
    profile: Profile,
    /// Height of the first block
    #[arg(long, default_value_t = 1, value_name = "HEIGHT")]
    initial_height: u64,
    /// Leave so many blocks at the start out, as a node does that dropped them
    #[arg(long, default_value_t = 0, value_name = "BLOCKS")]
    omit: u64,
    /// A validator equivocates and is found out at every K-th height; 0 for never
    #[arg(long, default_value_t = 0, value_name = "K")]
    evidence: u64,
    /// Chain id
    #[arg(long, default_value = "vidimus-simulated")]
    chain_id: String,
    /// Write signed headers and validator sets only
    #[arg(long)]
    light: bool,
    /// Folder to write to; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write DIR/rpc/*.json too, as a node's RPC prints them
    #[arg(long)]
    rpc_json: bool,
    #[command(flatten)]
    network: HospitalNetwork,
}

fn parse_profile(name: &str) -> Result<Profile, String> {
    Profile::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = Profile::ALL.iter().map(|profile| profile.name()).collect();
        format!("profiles are {}", names.join(", "))
    })
}

impl Simulate {
    fn config(&self) -> Config {
        Config {
            chain_id: self.chain_id.clone(),
            profile: self.profile,
            validators: self.validators,
            powers: self.powers.clone(),
            blocks: self.blocks,
            transactions: self.txs,
            transaction_bytes: self.tx_size,
            seed: self.seed,
            churn: self.churn,
            nil_percent: self.nil,
            absent_percent: self.absent,
            round_percent: self.rounds,
            initial_height: self.initial_height,
            omitted: self.omit,
            evidence: self.evidence,
            results: true,
            format: if self.light { Format::LightBlocks } else { Format::Blocks },
        }
    }

    pub(crate) fn run(&self) -> Result<(), CommandError> {
        if self.network.is_chosen() {
            return self.network.run((&self.chain_id, self.validators), self.seed, &self.out);
        }
        let config = self.config();
        let mut simulation = Simulation::new(config.clone(), Hooks::default())?;
        let rpc = self.out.join("rpc");
        let folder = if self.rpc_json { &rpc } else { &self.out };
        fs::create_dir_all(folder).map_err(CommandError::at(folder))?;
        let mut export = self.rpc_json.then(|| Export::new(config.clone()));
        write_ledger(&mut simulation, &self.out, |block| {
            for file in export.iter_mut().flat_map(|export| export.files(block)) {
                let path = rpc.join(&file.name);
                fs::write(&path, file.text).map_err(CommandError::at(&path))?;
            }
            Ok(())
        })
    }
}

/// Writes the container and the anchor at its last block, and hands out each block on the way.
pub(super) fn write_ledger(
    simulation: &mut Simulation,
    out: &Path,
    mut each: impl FnMut(&SimulatedBlock) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let config = simulation.config().clone();
    let path = out.join("ledger.vidimus");
    let failed = || CommandError::at(&path);
    let mut container = BufWriter::new(File::create(&path).map_err(failed())?);
    let mut progress = ProgressLine::new();
    let mut anchor = None;
    while let Some(block) = simulation.next_block() {
        container.write_all(&block.container).map_err(failed())?;
        each(&block)?;
        progress.add(block.container.len(), block.height());
        anchor = Some(block.anchor(&config));
    }
    container.flush().map_err(failed())?;
    progress.end();
    anchor.map_or(Ok(()), |anchor| write_anchor(out, &anchor))
}

fn write_anchor(folder: &Path, anchor: &TrustAnchor) -> Result<(), CommandError> {
    let path = folder.join("anchor.txt");
    let text = format!(
        "# TEST DATA, simulated by vidimus-node: the validators' keys are public.\n\
         # A real anchor never comes with the file that it is to verify.\n{anchor}\n"
    );
    fs::write(&path, text).map_err(CommandError::at(&path))
}

/// Bytes written, on a terminal.
#[derive(Debug)]
struct ProgressLine {
    is_shown: bool,
    bytes: u64,
    shown: u64,
}

impl ProgressLine {
    fn new() -> Self {
        Self { is_shown: io::stderr().is_terminal(), bytes: 0, shown: 0 }
    }

    fn add(&mut self, bytes: usize, height: u64) {
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        if self.is_shown && self.bytes.saturating_sub(self.shown) >= PROGRESS {
            self.shown = self.bytes;
            // Progress that cannot be shown stops nothing.
            let _written = write!(io::stderr(), "\r{} MB, height {height}", self.bytes / 1_000_000);
        }
    }

    fn end(&self) {
        if self.is_shown {
            let _written = writeln!(io::stderr(), "\r{} bytes written", self.bytes);
        }
    }
}
