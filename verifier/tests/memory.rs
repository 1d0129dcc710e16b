//! Memory is bounded by limits, not by the length of the input or by what it claims.

use std::sync::Mutex;

use peak_alloc::PeakAlloc;
use vidimus::{
    InputKind, Verification,
    anchor::Anchors,
    encoding::protobuf::Message as _,
    import::{ImportError, Scanner},
    ledger::cometbft::commit::{Commit, CommitSignature},
    limits::Limits,
    policy::Policy,
    report::{Report, Status},
    snapshot::{Kind, Manifest, Writer},
};
use vidimus_node::simulate::{Config, Hooks, Simulation};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One test at a time: the figures are of the whole process.
static ALONE: Mutex<()> = Mutex::new(());

const MEGABYTE: usize = 1_000_000;

/// Bytes in use above what was in use before, at the highest.
fn peak<T>(run: impl FnOnce() -> T) -> (usize, T) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let value = run();
    (MEMORY.peak_usage().saturating_sub(before), value)
}

fn start(anchors: Anchors, limits: Limits) -> Verification {
    Verification::new(anchors, Policy::default(), limits, InputKind::Snapshot)
}

fn judge(container: &[u8]) -> (usize, Report) {
    let verification = start(Anchors::default(), Limits::default());
    peak(|| verification.run(container))
}

fn manifest() -> Manifest {
    Manifest { family: "cometbft".to_owned(), chain_id: "c".to_owned(), first: 1, last: 1 }
}

#[test]
fn gigabyte_with_a_slow_discharger_stays_within_a_few_megabytes() {
    let _alone = ALONE.lock();
    let config =
        Config { blocks: 4_200, transactions: 4, transaction_bytes: 60_000, ..Config::default() };
    let mut simulation = Simulation::new(config, Hooks::default()).expect("a ledger");
    let mut limits = Limits::default();
    (limits.batch_signatures, limits.outstanding_signatures) = (64, 256);
    // The anchor is known when the ledger ends; what is measured does not depend on it.
    let mut verification = start(Anchors::default(), limits);
    let (mut bytes, mut stops): (u64, u64) = (0, 0);
    let (peak, report) = peak(|| {
        while let Some(block) = simulation.next_block() {
            let mut rest = &block.container[..];
            while !rest.is_empty() {
                let consumed = verification.feed(rest).consumed;
                rest = rest.get(consumed..).unwrap_or_default();
                bytes = bytes.saturating_add(u64::try_from(consumed).unwrap_or_default());
                // Only when nothing more is taken, one batch is checked.
                if consumed == 0 {
                    stops = stops.saturating_add(1);
                    let batch = verification.next_batch().expect("a batch to check");
                    verification.discharge(&batch.verify());
                }
            }
        }
        while !verification.end() {
            verification.discharge_inline();
        }
        verification.discharge_inline();
        verification.finish()
    });
    println!("harness: {bytes} bytes, {stops} stops, peak {peak} bytes");
    assert!(bytes > 1_000_000_000, "{bytes}");
    assert!(stops > 100, "{stops}");
    assert_eq!(report.verdict.code, "unanchored");
    assert!(peak < 16 * MEGABYTE, "{peak}");
}

#[test]
fn item_that_claims_a_terabyte_is_refused_before_it_is_believed() {
    let _alone = ALONE.lock();
    let mut container = Writer::new(&manifest()).take();
    container.extend([0x82, 0x04, 0x5b, 0, 0, 1, 0, 0, 0, 0, 0]);
    let (peak, report) = judge(&container);
    assert_eq!(
        (report.verdict.status, report.verdict.code.as_str()),
        (Status::Inconclusive, "limit")
    );
    assert!(peak < MEGABYTE, "{peak}");
}

#[test]
fn lists_above_their_limits_are_counted_before_they_are_read() {
    let _alone = ALONE.lock();
    let limits = Limits::default();
    let ledger = Simulation::new(Config::default(), Hooks::default()).expect("a ledger").run();
    let set = ledger.blocks.first().expect("a block").validators.list().to_bytes();
    let entries = usize::try_from(limits.validators).unwrap_or_default().saturating_add(1);
    let commit = Commit { signatures: vec![CommitSignature::ABSENT; entries], ..Commit::default() };
    // A block that is nothing but its last commit, and one that is nothing but empty transactions.
    let mut crowded = vidimus::encoding::protobuf::Writer::default();
    crowded.message(4, |w| commit.encode(w));
    let count = usize::try_from(limits.block_transactions).unwrap_or_default().saturating_add(1);
    let mut busy = vidimus::encoding::protobuf::Writer::default();
    busy.message(2, |w| w.raw(&[0x0a, 0x00].repeat(count)));
    drop(commit);
    for (bytes, limit) in
        [(crowded.into_bytes(), "validators"), (busy.into_bytes(), "block_transactions")]
    {
        let mut writer = Writer::new(&manifest());
        writer.item(Kind::Validators, &set);
        writer.item(Kind::Block, &bytes);
        let container = writer.finish();
        let size = container.len();
        let (peak, report) = judge(&container);
        assert_eq!(report.verdict.code, "limit", "{limit}");
        assert!(report.verdict.reason.contains(limit), "{}", report.verdict.reason);
        // The bytes themselves stand in a buffer and as an item; nothing is made of them.
        assert!(
            peak < size.saturating_mul(4).saturating_add(MEGABYTE),
            "{limit}: {peak} of {size}"
        );
    }
}

#[test]
fn json_value_above_the_limit_is_refused_while_it_is_read() {
    let _alone = ALONE.lock();
    let mut limits = Limits::default();
    limits.json_bytes = 1 << 20;
    let chunk = vec![b'x'; 1 << 16];
    let (peak, result) = peak(|| -> Result<(), ImportError> {
        let mut scanner = Scanner::new(limits);
        scanner.start_source("endless")?;
        scanner.feed(b"{\"jsonrpc\": \"")?;
        for _ in 0..1_000 {
            scanner.feed(&chunk)?;
        }
        scanner.end_source()
    });
    assert!(matches!(result, Err(ImportError::Limit { limit: "json_bytes", .. })), "{result:?}");
    assert!(peak < 4 * MEGABYTE, "{peak}");
}
