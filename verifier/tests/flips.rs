//! Every bit and byte of a small ledger matters, or is named in the published field map.
//!
//! `testdata/micro` holds several heights, a change of validators, nil and absent votes. Each
//! mutation must end in a report that is not `Verified`, for the container; for RPC JSON, or in
//! the very same container. Of larger files a share of the bits is flipped, which the test tells;
//! `VIDIMUS_FULL=1` flips them all, which for the network of hospitals takes days.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where something is not as it says"
)]

use std::{
    env, fmt, fs,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use vidimus::{
    InputKind, Verification,
    anchor::Anchors,
    audit::{AuditOptions, AuditPolicy},
    import::{self, ImportError, UNAUTHENTICATED_FIELDS},
    limits::Limits,
    policy::Policy,
    record::view::ViewingFile,
    report::{Report, Status},
};
use vidimus_node::scenario::{Scenario, ScenarioConfig};

fn micro() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata/micro")
}

fn anchors_in(file: &str) -> Anchors {
    let text = fs::read_to_string(micro().join(file)).expect("a file of anchors in testdata/micro");
    Anchors::parse(&text, &Limits::default()).expect("anchors")
}

fn anchors() -> Anchors {
    anchors_in("anchor.txt")
}

fn container() -> Vec<u8> {
    fs::read(micro().join("ledger.vidimus")).expect("testdata/micro/ledger.vidimus")
}

/// The RPC JSON of the same ledger, one answer a line, and the endpoint of each line.
fn export() -> (Vec<u8>, Vec<(String, Range<usize>)>) {
    let mut names: Vec<_> = fs::read_dir(micro().join("rpc"))
        .expect("testdata/micro/rpc")
        .map(|entry| entry.expect("entry").path())
        .collect();
    names.sort();
    let (mut bytes, mut lines) = (Vec::new(), Vec::new());
    for path in names {
        let start = bytes.len();
        bytes.extend(fs::read(&path).expect("an answer"));
        let name = path.file_stem().expect("a name").to_string_lossy();
        let endpoint = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
        let endpoint = endpoint.to_owned();
        lines.push((endpoint, start..bytes.len()));
        bytes.push(b'\n');
    }
    (bytes, lines)
}

fn verify(bytes: &[u8], anchors: &Anchors) -> Report {
    let (policy, limits) = (Policy::default(), Limits::default());
    Verification::new(anchors.clone(), policy, limits, InputKind::Snapshot).run(bytes)
}

fn import(bytes: &[u8]) -> Result<Vec<u8>, ImportError> {
    import::import(&[("micro", bytes)], &Limits::default())
}

/// What became of a mutation.
#[derive(Debug, Eq, PartialEq)]
enum Seen {
    Detected,
    SameLedger,
    Undetected,
    Panicked,
    Hung,
}

fn judge(run: impl FnOnce() -> Seen) -> Seen {
    let start = Instant::now();
    let seen = catch_unwind(AssertUnwindSafe(run)).unwrap_or(Seen::Panicked);
    if start.elapsed() > Duration::from_secs(5) { Seen::Hung } else { seen }
}

fn judge_report(run: impl FnOnce() -> Report) -> Seen {
    judge(|| match run().verdict.status {
        Status::Verified => Seen::Undetected,
        Status::Rejected | Status::Inconclusive => Seen::Detected,
    })
}

fn judge_container(bytes: &[u8], anchors: &Anchors) -> Seen {
    judge_report(|| verify(bytes, anchors))
}

/// Runs `count` mutations on every core and returns those that were not detected.
fn sweep(count: usize, case: impl Fn(usize) -> Seen + Sync) -> Vec<(usize, Seen)> {
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let work = || {
            let mut found = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    return found;
                }
                let seen = case(index);
                if seen != Seen::Detected {
                    found.push((index, seen));
                }
            }
        };
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a worker")).collect()
    })
}

/// Which bits are flipped: one in each `step` bytes, another one at each place; or all.
struct Flips {
    count: usize,
    step: usize,
    is_full: bool,
    /// Bits that there are.
    total: usize,
}

impl Flips {
    fn new(bytes: &[u8], step: usize) -> Self {
        let (total, is_full) = (bytes.len() * 8, env::var_os("VIDIMUS_FULL").is_some());
        let count = if is_full { total } else { bytes.len().div_ceil(step) };
        Self { count, step, is_full, total }
    }

    /// The byte that the flip of this index is in, and `bytes` after it.
    fn flip(&self, bytes: &[u8], index: usize) -> (usize, Vec<u8>) {
        let (at, bit) =
            if self.is_full { (index / 8, index % 8) } else { (index * self.step, index * 5 % 8) };
        let mut flipped = bytes.to_vec();
        flipped[at] ^= 1 << bit;
        (at, flipped)
    }
}

impl fmt::Display for Flips {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} of {} bits flipped", self.count, self.total)
    }
}

#[test]
fn micro_ledger_is_verified_before_anything_is_flipped() {
    let report = verify(&container(), &anchors());
    assert_eq!(report.verdict.status, Status::Verified, "{:?}", report.verdict);
    assert!(report.counts.nil > 0 && report.counts.absent > 0, "nil and absent votes");
    assert!(report.counts.validator_sets > 1, "a change of validators");
    let imported = import(&export().0).expect("the export imports");
    assert!(imported == container(), "container and RPC JSON are not one ledger");
}

#[test]
fn every_bit_of_the_container_is_authenticated() {
    let (bytes, anchors) = (container(), anchors());
    let missed = sweep(bytes.len() * 8, |bit| {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        judge_container(&flipped, &anchors)
    });
    println!("harness: container: {} bits flipped, {} not detected", bytes.len() * 8, missed.len());
    assert!(missed.is_empty(), "the field map for containers is empty: {missed:?}");
}

/// A ledger of the contract, its state at the start included.
#[test]
fn bit_of_every_byte_of_a_ledger_with_records_is_authenticated() {
    let bytes =
        fs::read(micro().join("contract.vidimus")).expect("testdata/micro/contract.vidimus");
    let anchors = anchors_in("contract-anchor.txt");
    let report = verify(&bytes, &anchors);
    assert_eq!(report.verdict.status, Status::Verified, "{:?}", report.verdict);
    let flips = Flips::new(&bytes, 1);
    let missed =
        sweep(flips.count, |index| judge_container(&flips.flip(&bytes, index).1, &anchors));
    println!("harness: contract: {flips}, {} not detected", missed.len());
    assert!(missed.is_empty(), "the field map for containers is empty: {missed:?}");
}

/// Records of every kind, audited with a viewing file for all of them: what is flipped must neither pass
/// nor stop the audit. Places are spread over the ledger, a prime apart so that they fall on all fields.
#[test]
fn bits_all_over_a_network_of_hospitals_are_authenticated() {
    let scenario = Scenario::new(ScenarioConfig::default()).expect("a scenario");
    let ledger = scenario.simulation().expect("a ledger").run();
    let files = scenario.files().expect("its files");
    let text = |path| &files.iter().find(|file| file.path == path).expect("a file").text;
    let mut options = AuditOptions::default();
    options.policy = AuditPolicy::from_toml(text("policy.toml")).expect("a policy");
    options.view =
        Some(ViewingFile::decode(text("regulator.view").as_bytes()).expect("a viewing file"));
    let anchors = Anchors { anchors: vec![ledger.anchor.clone()], ..Anchors::default() };
    let judge = |bytes: &[u8]| {
        let (policy, limits) = (Policy::default(), Limits::default());
        Verification::new(anchors.clone(), policy, limits, InputKind::Snapshot)
            .with_audit(options.clone())
            .run(bytes)
    };
    let bytes = &ledger.container;
    let report = judge(bytes);
    assert_eq!(report.verdict.status, Status::Verified, "{:?}", report.verdict);
    assert!(report.audit.is_some_and(|audit| audit.findings.len() > 50), "it is audited");
    let flips = Flips::new(bytes, 397);
    let missed = sweep(flips.count, |index| {
        let (_, flipped) = flips.flip(bytes, index);
        judge_report(|| judge(&flipped))
    });
    println!("harness: hospital network: {flips}, {} not detected", missed.len());
    assert!(flips.count > 1_000 && missed.is_empty(), "{missed:?}");
}

#[test]
fn every_replaced_deleted_doubled_or_swapped_byte_of_the_container_is_noticed() {
    let (bytes, anchors) = (container(), anchors());
    let values = [0x00, 0x01, 0x7f, 0x80, 0xff, b'=', b'+', b' '];
    let kinds = values.len() + 5;
    let missed = sweep(bytes.len() * kinds, |index| {
        let (at, kind) = (index / kinds, index % kinds);
        let mut changed = bytes.clone();
        match kind.checked_sub(values.len()) {
            None => changed[at] = values[kind],
            Some(0) => changed[at] = changed[at].wrapping_add(1),
            Some(1) => changed[at] = changed[at].wrapping_sub(1),
            Some(2) => drop(changed.remove(at)),
            Some(3) => changed.insert(at, bytes[at]),
            Some(_) if at + 1 < bytes.len() => changed.swap(at, at + 1),
            Some(_) => drop(changed.pop()),
        }
        if changed == bytes { Seen::Detected } else { judge_container(&changed, &anchors) }
    });
    println!(
        "harness: container: {} byte changes, {} not detected",
        bytes.len() * kinds,
        missed.len()
    );
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn container_cut_or_extended_anywhere_is_noticed() {
    let (bytes, anchors) = (container(), anchors());
    let missed = sweep(bytes.len() + 16, |index| {
        let mut changed = bytes.clone();
        if index < bytes.len() {
            changed.truncate(index);
        } else {
            changed.extend(vec![0; index + 1 - bytes.len()]);
        }
        judge_container(&changed, &anchors)
    });
    println!("harness: container: cut at {} offsets, {} not detected", bytes.len(), missed.len());
    assert!(missed.is_empty(), "{missed:?}");
}

/// Whether a byte is in the one field of the published map that the container depends on: the
/// height that consensus parameters say they are about.
fn is_placed_by(at: usize, bytes: &[u8], lines: &[(String, Range<usize>)]) -> bool {
    let (endpoint, leaf) = ("consensus_params", "block_height");
    assert!(UNAUTHENTICATED_FIELDS.contains(&(endpoint, leaf)), "the map names it");
    let of_line = |(of, range): &&(String, Range<usize>)| of == endpoint && range.contains(&at);
    let Some((_, range)) = lines.iter().find(of_line) else { return false };
    let text = String::from_utf8_lossy(&bytes[range.clone()]).into_owned();
    let key = format!("\"{leaf}\":");
    text.match_indices(&key).any(|(start, _)| {
        let value = start + key.len();
        let end = text[value..].find([',', '}']).map_or(text.len(), |end| value + end);
        (value..end).contains(&(at - range.start))
    })
}

/// Fields of the RPC's JSON that no hash covers and the import leaves out: the published map.
#[test]
fn published_field_map_lists_what_the_import_leaves_out() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata/field-map.json");
    let entries: Vec<_> = UNAUTHENTICATED_FIELDS
        .iter()
        .map(|(endpoint, path)| serde_json::json!({ "endpoint": endpoint, "path": path }))
        .collect();
    let map = serde_json::json!({
        "schema": "vidimus/field-map/1",
        "container": [],
        "rpc-json": entries,
    });
    let text = format!("{map:#}\n");
    if env::var_os("VIDIMUS_BLESS").is_some() {
        fs::write(&path, &text).expect("testdata/ is writable");
    }
    let found = fs::read_to_string(path).expect("testdata/field-map.json");
    assert!(found == text, "testdata/field-map.json differs: run `cargo xtask bless`");
}

#[test]
fn every_flipped_bit_of_the_rpc_json_is_refused_or_changes_nothing() {
    let ((bytes, lines), anchors, original) = (export(), anchors(), container());
    let flips = Flips::new(&bytes, 1);
    let (same, mapped) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let missed = sweep(flips.count, |index| {
        let (at, flipped) = flips.flip(&bytes, index);
        let seen = judge(|| match import(&flipped) {
            Err(_) => Seen::Detected,
            Ok(container) if container == original => Seen::SameLedger,
            Ok(container) => judge_container(&container, &anchors),
        });
        if seen == Seen::SameLedger {
            same.fetch_add(1, Ordering::Relaxed);
            return Seen::Detected;
        }
        if seen == Seen::Undetected && is_placed_by(at, &bytes, &lines) {
            mapped.fetch_add(1, Ordering::Relaxed);
            return Seen::Detected;
        }
        seen
    });
    println!(
        "harness: RPC JSON: {flips} in {} answers, {} left the ledger identical, {} are in the field map, {} not detected",
        lines.len(),
        same.into_inner(),
        mapped.into_inner(),
        missed.len()
    );
    assert!(missed.is_empty(), "{missed:?}");
}
