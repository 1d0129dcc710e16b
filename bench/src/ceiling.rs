//! End to end against nothing but the signatures: batches of 1,024 with ed25519-zebra.

use std::{error::Error, fs, path::Path, process::Command, time::Duration};

use ed25519_zebra::batch;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use vidimus::{
    InputKind, Verification, anchor::Anchors, limits::Limits, policy::Policy, report::Status,
};

use crate::{
    ledger::{Ledger, tool},
    row::{Row, shortest},
};

const RUNS: u32 = 5;

/// A signature with what it signs.
pub(crate) struct Signed {
    key: [u8; 32],
    message: Vec<u8>,
    signature: [u8; 64],
}

/// Rows for one ledger: one thread against the ceiling, two threads against one.
pub(crate) fn measure(ledger: &Ledger) -> Result<Vec<Row>, Box<dyn Error>> {
    let bytes = fs::read(ledger.container())?;
    let anchors = Anchors::parse(&ledger.anchor, &Limits::default())?;
    let start = || {
        let (anchors, policy) = (anchors.clone(), Policy::default());
        Verification::new(anchors, policy, Limits::default(), InputKind::Snapshot)
    };
    let signed = signatures(start(), &bytes);
    let (ours, report) = shortest(RUNS, || start().run(&bytes));
    if report.verdict.status != Status::Verified {
        return Err(format!("not verified: {}", report.verdict.reason).into());
    }
    let ceiling = alone(RUNS, &signed)?;
    let one = command(ledger, "1")?;
    let two = command(ledger, "2")?;
    let n = ledger.validators;
    let count = report.counts.commit_signatures;
    Ok(vec![
        Row {
            what: format!(
                "{n} validators: end to end ÷ ceiling, one thread ({count} signatures, {} kB)",
                bytes.len() / 1000
            ),
            figure: format!("{:.2}", ceiling.as_secs_f64() / ours.as_secs_f64()),
            goal: "≥ 0.85",
        },
        Row {
            what: format!("{n} validators: command line, two threads ÷ one"),
            figure: format!("{:.2} ×", one.as_secs_f64() / two.as_secs_f64()),
            goal: "≥ 1.8 ×",
        },
    ])
}

/// Every signature that a verification asks for, taken from its batches.
pub(crate) fn signatures(mut verification: Verification, bytes: &[u8]) -> Vec<Signed> {
    let mut signed = Vec::new();
    let mut rest = bytes;
    loop {
        let consumed = verification.feed(rest.get(..1 << 16).unwrap_or(rest)).consumed;
        rest = rest.get(consumed..).unwrap_or_default();
        let ended = rest.is_empty() && verification.end();
        while let Some(batch) = verification.next_batch() {
            signed.extend(entries(&batch.to_bytes()));
            verification.discharge(&batch.verify());
        }
        if ended {
            return signed;
        }
    }
}

/// The entries of an encoded batch: a header of 17 bytes, then key, signature, length, message.
fn entries(encoded: &[u8]) -> Vec<Signed> {
    let mut rest = encoded.get(17..).unwrap_or_default();
    let mut signed = Vec::new();
    while let Some((head, tail)) = rest.split_at_checked(104) {
        let entry = || {
            let length = u64::from_le_bytes(head.get(96..)?.try_into().ok()?);
            let (message, tail) = tail.split_at_checked(usize::try_from(length).ok()?)?;
            let key = head.get(..32)?.try_into().ok()?;
            let signature = head.get(32..96)?.try_into().ok()?;
            Some((Signed { key, message: message.to_vec(), signature }, tail))
        };
        let Some((entry, tail)) = entry() else { break };
        signed.push(entry);
        rest = tail;
    }
    signed
}

/// The ceiling: nothing but the signatures.
///
/// # Errors
/// One that is not valid.
pub(crate) fn alone(runs: u32, signed: &[Signed]) -> Result<Duration, Box<dyn Error>> {
    let (time, is_valid) = shortest(runs, || verify_alone(signed));
    if is_valid { Ok(time) } else { Err("the ceiling did not verify".into()) }
}

fn verify_alone(signed: &[Signed]) -> bool {
    signed.chunks(1024).all(|chunk| {
        let mut verifier = batch::Verifier::new();
        for Signed { key, message, signature } in chunk {
            verifier.queue((
                ed25519_zebra::VerificationKeyBytes::from(*key),
                ed25519_zebra::Signature::from(*signature),
                message,
            ));
        }
        verifier.verify(ChaCha20Rng::from_seed([7; 32])).is_ok()
    })
}

/// The command line on the ledger, start to end.
fn command(ledger: &Ledger, threads: &str) -> Result<Duration, Box<dyn Error>> {
    let tool = tool("vidimus")?;
    let (time, outcome) = shortest(RUNS, || {
        Command::new(&tool)
            .arg("verify")
            .arg(ledger.container())
            .arg("--anchor")
            .arg(ledger.dir.join("anchor.txt"))
            .args(["--threads", threads])
            .output()
    });
    if !outcome?.status.success() {
        return Err("vidimus verify failed".into());
    }
    Ok(time)
}

/// Small headers a second with hash links only.
pub(crate) fn hash_links(root: &Path) -> Result<Row, Box<dyn Error>> {
    let ledger = Ledger::make(root.join("links"), 4, 20_000, &["--txs", "0"])?;
    let bytes = fs::read(ledger.container())?;
    let anchors = Anchors::parse(&ledger.anchor, &Limits::default())?;
    let policy = Policy::from_json(r#"{"signatures": "hash-links"}"#)?;
    let (time, report) = shortest(RUNS, || {
        let (anchors, policy) = (anchors.clone(), policy.clone());
        Verification::new(anchors, policy, Limits::default(), InputKind::Snapshot).run(&bytes)
    });
    if report.verdict.status != Status::Verified {
        return Err(format!("not verified: {}", report.verdict.reason).into());
    }
    Ok(Row {
        what: "hash links only, blocks of 4 validators without transactions".to_owned(),
        figure: format!("{:.0} k headers/s", 20.0 / time.as_secs_f64()),
        goal: "≥ 100 k headers/s",
    })
}
