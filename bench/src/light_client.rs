//! The light client of tendermint-rs on the same chain: headers and signatures only.

use std::{error::Error, fs, path::Path, time::Duration};

use serde_json::Value;
use tendermint::{block::signed_header::SignedHeader, validator};
use tendermint_light_client_verifier::{
    ProdVerifier, Verdict, Verifier as _,
    options::Options,
    types::{TrustThreshold, UntrustedBlockState, ValidatorSet},
};
use vidimus::{
    InputKind, Verification, anchor::Anchors, limits::Limits, policy::Policy, report::Status,
};

use crate::{
    ledger::Ledger,
    row::{Row, shortest},
};

/// Heights compared; reading their JSON is not part of the time.
const HEIGHTS: u64 = 300;

struct Block {
    signed_header: SignedHeader,
    validators: ValidatorSet,
}

/// One row: their time over ours, for each signature.
pub(crate) fn measure(ledger: &Ledger) -> Result<Row, Box<dyn Error>> {
    let rpc = ledger.dir.join("rpc");
    let blocks = (1..=HEIGHTS).map(|height| read(&rpc, height)).collect::<Result<Vec<_>, _>>()?;
    let (theirs, accepted) = shortest(3, || verify(&blocks));
    if !accepted? {
        return Err("tendermint-light-client-verifier refused a simulated header".into());
    }
    let signatures: usize = blocks.iter().map(|block| block.validators.validators().len()).sum();

    let bytes = fs::read(ledger.container())?;
    let anchors = Anchors::parse(&ledger.anchor, &Limits::default())?;
    let (ours, report) = shortest(3, || {
        Verification::new(
            anchors.clone(),
            Policy::default(),
            Limits::default(),
            InputKind::Snapshot,
        )
        .run(&bytes)
    });
    if report.verdict.status != Status::Verified {
        return Err("not verified".into());
    }
    let votes = report.counts.commit_signatures.saturating_add(report.counts.absent);
    let each_theirs = theirs.as_secs_f64() / f64::from(u32::try_from(signatures)?);
    let each_ours = ours.as_secs_f64() / f64::from(u32::try_from(votes)?);
    Ok(Row {
        what: format!(
            "{} validators: speed for each vote ÷ tendermint-light-client-verifier",
            ledger.validators
        ),
        figure: format!("{:.1} ×", each_theirs / each_ours),
        goal: "",
    })
}

fn verify(blocks: &[Block]) -> Result<bool, Box<dyn Error>> {
    let verifier = ProdVerifier::default();
    let options = Options {
        trust_threshold: TrustThreshold::ONE_THIRD,
        trusting_period: Duration::from_secs(1 << 31),
        clock_drift: Duration::from_secs(10),
    };
    let last = blocks.last().ok_or("no blocks")?.signed_header.header.time;
    let now = last.checked_add(Duration::from_secs(1)).ok_or("time")?;
    for pair in blocks.windows(2) {
        let [trusted, untrusted] = pair else { continue };
        let header = &trusted.signed_header.header;
        let state = tendermint_light_client_verifier::types::TrustedBlockState {
            chain_id: &header.chain_id,
            header_time: header.time,
            height: header.height,
            next_validators: &untrusted.validators,
            next_validators_hash: header.next_validators_hash,
        };
        let candidate = UntrustedBlockState {
            signed_header: &untrusted.signed_header,
            validators: &untrusted.validators,
            next_validators: None,
        };
        if verifier.verify_update_header(candidate, state, &options, now) != Verdict::Success {
            return Ok(false);
        }
    }
    Ok(true)
}

fn read(rpc: &Path, height: u64) -> Result<Block, Box<dyn Error>> {
    let load = |name: String| -> Result<Value, Box<dyn Error>> {
        Ok(serde_json::from_slice(&fs::read(rpc.join(name))?)?)
    };
    let commit = load(format!("commit_{height}.json"))?;
    let signed = commit.pointer("/result/signed_header").ok_or("signed_header")?;
    let list = load(format!("validators_{height}.json"))?;
    let list = list.pointer("/result/validators").ok_or("validators")?;
    let infos: Vec<validator::Info> = serde_json::from_value(list.clone())?;
    Ok(Block {
        signed_header: serde_json::from_value(signed.clone())?,
        validators: ValidatorSet::without_proposer(infos),
    })
}
