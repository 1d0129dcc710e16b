//! Ledgers of records: what running the contract again and the audit cost beside the signatures, and
//! against nothing but the signatures.

use std::{
    error::Error,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use vidimus::{
    InputKind, Verification,
    anchor::Anchors,
    check::CheckId,
    limits::Limits,
    policy::Policy,
    report::{Report, Status},
};

use crate::{
    ceiling,
    large::{peak_row, run},
    ledger::Ledger,
    row::Row,
};

const RUNS: u32 = 3;

/// Time of the signatures of a verification, and of all the rest.
struct Shares {
    signatures: Duration,
    rest: Duration,
}

impl Shares {
    fn total(&self) -> f64 {
        self.signatures.saturating_add(self.rest).as_secs_f64()
    }
}

/// What 100,000 subjects take, what a subject takes, how time grows, and a million accesses.
pub(crate) fn measure(root: &Path) -> Result<Vec<Row>, Box<dyn Error>> {
    let many = Ledger::hospitals(root, 100_000, 50_000)?;
    let mut rows = shares(&many, "100,000 subjects")?;
    let few = Ledger::hospitals(root, 10_000, 50_000)?;
    rows.push(bytes_a_subject(&few, &many)?);
    let twice = Ledger::hospitals(root, 10_000, 100_000)?;
    let anchor = |ledger: &Ledger| ledger.dir.join("anchor.txt");
    let (once, _) = run(&[few.container()], &anchor(&few))?;
    let (doubled, _) = run(&[twice.container()], &anchor(&twice))?;
    rows.push(Row {
        what: "records, 50,000 and 100,000 accesses: t(2n) ÷ t(n)".to_owned(),
        figure: format!("{:.2}", doubled.as_secs_f64() / once.as_secs_f64()),
        goal: "≤ 2.1",
    });
    let million = Ledger::hospitals(root, 20_000, 1_000_000)?;
    let (time, peak) = run(&[million.container()], &anchor(&million))?;
    let size = fs::metadata(million.container())?.len() / 1_000_000;
    let seconds = time.as_secs();
    rows.push(peak_row(&format!("1,000,000 accesses ({size} MB, {seconds} s)"), peak));
    Ok(rows)
}

fn shares(ledger: &Ledger, name: &str) -> Result<Vec<Row>, Box<dyn Error>> {
    let bytes = fs::read(ledger.container())?;
    let anchors = Anchors::parse(&ledger.anchor, &Limits::default())?;
    let start = || {
        let (anchors, policy) = (anchors.clone(), Policy::default());
        Verification::new(anchors, policy, Limits::default(), InputKind::Snapshot)
    };
    let mut best: Option<(Shares, Report)> = None;
    for _ in 0..RUNS {
        let next = verify(start(), &bytes);
        if best.as_ref().is_none_or(|(shares, _)| next.0.total() < shares.total()) {
            best = Some(next);
        }
    }
    let (shares, report) = best.ok_or("nothing was run")?;
    if report.verdict.status != Status::Verified {
        return Err(format!("not verified: {}", report.verdict.reason).into());
    }
    let signed = report.checks.iter().find(|entry| entry.id == CheckId::ContractSignature);
    let records = signed.ok_or("no record was verified")?.passed;
    let megabytes = bytes.len() / 1_000_000;
    let signed = ceiling::signatures(start(), &bytes);
    let ceiling = ceiling::alone(RUNS, &signed)?;
    let each = shares.total() * 1e6 / f64::from(u32::try_from(records)?);
    Ok(vec![
        Row {
            what: format!(
                "{name}: all but signatures ÷ signatures, one thread ({records} records, {megabytes} MB)"
            ),
            figure: format!("{:.2}", shares.rest.as_secs_f64() / shares.signatures.as_secs_f64()),
            goal: "≤ 0.5",
        },
        Row {
            what: format!("{name}: records a second, one thread"),
            figure: format!("{:.1} k", 1_000.0 / each),
            goal: "",
        },
        Row {
            what: format!("{name}: end to end ÷ ceiling, one thread ({} signatures)", signed.len()),
            figure: format!("{:.2}", ceiling.as_secs_f64() / shares.total()),
            goal: "",
        },
    ])
}

/// Verifies in one thread, and keeps apart what the signatures take.
fn verify(mut verification: Verification, bytes: &[u8]) -> (Shares, Report) {
    let start = Instant::now();
    let mut signatures = Duration::ZERO;
    let mut discharge = |verification: &mut Verification| {
        while let Some(batch) = verification.next_batch() {
            let start = Instant::now();
            let discharged = batch.verify();
            signatures = signatures.saturating_add(start.elapsed());
            verification.discharge(&discharged);
        }
    };
    let mut rest = bytes;
    while !rest.is_empty() {
        let consumed = verification.feed(rest.get(..1 << 16).unwrap_or(rest)).consumed;
        rest = rest.get(consumed..).unwrap_or_default();
        discharge(&mut verification);
    }
    while !verification.end() {
        discharge(&mut verification);
    }
    discharge(&mut verification);
    let report = verification.finish();
    (Shares { signatures, rest: start.elapsed().saturating_sub(signatures) }, report)
}

/// Peak memory of ten times as many subjects, less that of these, for each one more.
fn bytes_a_subject(few: &Ledger, many: &Ledger) -> Result<Row, Box<dyn Error>> {
    let peak = |ledger: &Ledger| run(&[ledger.container()], &ledger.dir.join("anchor.txt"));
    let ((_, few), (_, many)) = (peak(few)?, peak(many)?);
    Ok(Row {
        what: "records, 10,000 and 100,000 subjects: memory a subject".to_owned(),
        figure: format!("{} bytes", many.saturating_sub(few) / 90),
        goal: "",
    })
}
