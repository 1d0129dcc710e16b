//! Simulated light blocks before an engine that nobody here wrote.
//!
//! `tendermint-light-client-verifier` accepts every genuine one, adjacent and skipping; on forged
//! ones its verdict is compared with ours. `docs/disagreements.md` explains each difference.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that fails may panic"
)]

#[path = "support/forgeries.rs"]
mod forgeries;
#[path = "light_client/options.rs"]
mod options;
#[path = "support/theirs.rs"]
mod theirs;

use std::fmt::Write as _;

use forgeries::{Forgery, HEIGHT, POWERS};
use theirs::Says;
use vidimus::{
    encoding::time::Timestamp,
    ledger::cometbft::{
        light::{LightBlock, LightOptions, LightVerdict, TrustedState, verify_step},
        profile::Profile,
    },
    policy::TrustLevel,
};
use vidimus_node::simulate::{Config, Hooks, SimulatedBlock, Simulation};

/// Which steps: to the next height, or over heights that are left out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Step {
    Adjacent,
    Skipping,
}

/// The one engine that accepts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Accepts {
    Ours,
    Theirs,
}

struct Disagreement {
    forgery: &'static str,
    steps: &'static [Step],
    accepts: Accepts,
    reason: &'static str,
}

impl Disagreement {
    const fn theirs(forgery: &'static str, reason: &'static str) -> Self {
        let steps = &[Step::Adjacent, Step::Skipping];
        Self { forgery, steps, accepts: Accepts::Theirs, reason }
    }
}

/// Every step that one engine accepts and the other does not. In words: `docs/disagreements.md`.
const DISAGREEMENTS: &[Disagreement] = &[
    Disagreement::theirs(
        "wrong signature, last vote",
        "they stop at two thirds; the report counts every vote, so we check every vote",
    ),
    Disagreement::theirs(
        "last vote flagged nil",
        "they never look at nil votes; participation would be false, and block time moved",
    ),
    Disagreement::theirs(
        "nil vote signed with another key",
        "they never look at nil votes; block time is the median over them too",
    ),
    Disagreement::theirs(
        "two entries in each other's place",
        "they find validators by address alone; nodes go by index and address",
    ),
    Disagreement::theirs(
        "absent vote with an address",
        "they drop the address while decoding; CommitSig.ValidateBasic refuses it",
    ),
    Disagreement::theirs(
        "list out of order",
        "they sort every list that they read; we compare what is there with the hash",
    ),
    Disagreement::theirs(
        "block protocol 12, signed",
        "they do not look at the protocol; we know how to hash and sign protocol 11 only",
    ),
    Disagreement::theirs(
        "proposer from outside, signed",
        "a light client has no use for it; state/validation.go refuses such a block",
    ),
    Disagreement {
        forgery: "a validator without power",
        steps: &[Step::Skipping],
        accepts: Accepts::Theirs,
        reason: "they allow a power of 0; ValidatorSet.ValidateBasic and its hash do not",
    },
    Disagreement {
        forgery: "each other's address under cometbft-1.0",
        steps: &[Step::Adjacent, Step::Skipping],
        accepts: Accepts::Ours,
        reason: "nodes of that era went by index and did not look at the address: a finding",
    },
];

fn options(profile: Profile) -> LightOptions {
    LightOptions {
        profile,
        trust_level: TrustLevel::ONE_THIRD,
        trusting_period: 1_000_000,
        clock_drift: 10,
        now: Timestamp { seconds: 1_767_225_600 + 500_000, nanos: 0 },
    }
}

fn trusted(block: &SimulatedBlock) -> TrustedState {
    TrustedState {
        header: block.draft.header.clone(),
        next_validators: block.next_validators.list().clone(),
    }
}

fn ours(trusted: &TrustedState, untrusted: &LightBlock, options: &LightOptions) -> (Says, String) {
    match verify_step(trusted, untrusted, options) {
        LightVerdict::Success => (Says::Accepted, String::new()),
        LightVerdict::NotEnoughTrust => (Says::NotEnoughTrust, String::new()),
        LightVerdict::Invalid(check) | LightVerdict::InvalidTrustedState(check) => {
            (Says::Refused, check.to_string())
        }
        LightVerdict::Inconclusive(reason) => (Says::Refused, reason.code().to_owned()),
    }
}

#[test]
fn every_genuine_step_is_accepted_by_both() {
    for (seed, profile) in [(1, Profile::V0_34), (2, Profile::V0_38), (3, Profile::V1_0Pbts)] {
        let config = Config {
            validators: 12,
            blocks: 40,
            churn: 2,
            nil_percent: 15,
            absent_percent: 15,
            round_percent: 20,
            seed,
            profile,
            ..Config::default()
        };
        let ledger = Simulation::new(config, Hooks::default()).unwrap().run();
        let options = options(profile);
        let mut accepted = 0_u32;
        for (index, from) in ledger.blocks.iter().enumerate() {
            let trusted = trusted(from);
            for to in &ledger.blocks[index + 1..] {
                let light = to.light_block();
                let (theirs, why) = theirs::verdict(&trusted, &light, &options);
                let (ours, check) = ours(&trusted, &light, &options);
                let step = format!("{} to {}: {why} {check}", from.height(), to.height());
                assert_eq!(ours, theirs, "{step}");
                // So much churn may leave too few of the validators of long ago.
                let is_near = to.height() <= from.height() + 10;
                assert!(theirs == Says::Accepted || !is_near, "{step}");
                accepted += u32::from(theirs == Says::Accepted);
            }
        }
        assert!(accepted > 600, "{accepted} of 780 steps");
    }
}

/// The light block at the forged height and the trusted states that it is reached from.
fn forged(forgery: &Forgery) -> (LightBlock, [TrustedState; 2]) {
    let config = Config {
        validators: POWERS.len(),
        powers: POWERS.to_vec(),
        blocks: HEIGHT,
        round_percent: 0,
        profile: forgery.profile,
        ..Config::default()
    };
    let hooks = (forgery.hooks)(Hooks::default());
    let ledger = Simulation::new(config.clone(), hooks).unwrap().run();
    let genuine = Simulation::new(config, Hooks::default()).unwrap().run();
    let index = usize::try_from(HEIGHT).unwrap() - 1;
    let mut light = ledger.blocks[index].light_block();
    (forgery.edit)(&mut light);
    (light, [trusted(&genuine.blocks[index - 1]), trusted(&genuine.blocks[1])])
}

#[test]
fn verdicts_on_forged_steps_differ_only_where_it_is_explained() {
    let mut table = String::new();
    let mut unexplained = Vec::new();
    let mut met = 0_usize;
    for forgery in forgeries::all() {
        let (light, states) = forged(&forgery);
        let options = options(forgery.profile);
        for (step, trusted) in [Step::Adjacent, Step::Skipping].into_iter().zip(&states) {
            let (ours, check) = ours(trusted, &light, &options);
            let (theirs, error) = theirs::verdict(trusted, &light, &options);
            let (name, ours_text) = (forgery.name, format!("{ours:?} {check}"));
            let line = format!("{name:<52} {step:?} {ours_text:<36} {theirs:?} {error}");
            writeln!(table, "{line}").unwrap();
            let known = DISAGREEMENTS
                .iter()
                .find(|known| known.forgery == forgery.name && known.steps.contains(&step));
            let accepts = match (ours == Says::Accepted, theirs == Says::Accepted) {
                (true, false) => Some(Accepts::Ours),
                (false, true) => Some(Accepts::Theirs),
                _ => None,
            };
            if accepts == known.map(|known| known.accepts) {
                met += usize::from(known.is_some_and(|known| !known.reason.is_empty()));
            } else {
                unexplained.push(line);
            }
        }
    }
    println!("{table}");
    let steps = table.lines().count();
    println!("harness: {steps} forged steps, {met} judged otherwise by tendermint-rs as explained");
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    assert_eq!(met, DISAGREEMENTS.iter().map(|known| known.steps.len()).sum::<usize>());
}

/// The document names every forgery of the list.
#[test]
fn every_disagreement_stands_in_the_document() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/disagreements.md");
    let document = std::fs::read_to_string(path).unwrap();
    for known in DISAGREEMENTS {
        assert!(document.contains(known.forgery), "{}", known.forgery);
    }
}
