//! Reports and listings as plain text. The verdict comes first, what is not proven is never left out.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use vidimus::{
    check::CheckId,
    encoding::protobuf::decode_canonical,
    import::Summary,
    ledger::cometbft::{block::Block, light::LightBlock},
    limits::Limits,
    report::{CheckEntry, Locus, Outcome, Reason, Report, Status},
    snapshot::{Item, Kind, Reader},
};

/// Appends a line. Writing into a string cannot fail.
macro_rules! line {
    ($out:expr) => { $out.push('\n') };
    ($out:expr, $($arg:tt)*) => {{ let _always: fmt::Result = writeln!($out, $($arg)*); }};
}

mod audit;
pub(crate) mod batch;
pub(crate) mod packet;
pub(crate) mod who;

pub(crate) use audit::violation;
pub(crate) use vidimus_accounting::visible;

/// A whole report.
pub(crate) fn report(report: &Report) -> String {
    let mut out = String::new();
    let verdict = &report.verdict;
    match verdict.status {
        Status::Verified => line!(out, "VERIFIED"),
        Status::Rejected => line!(out, "REJECTED  {}", verdict.code),
        Status::Inconclusive => line!(out, "COULD NOT BE DETERMINED  {}", verdict.code),
    }
    if report.test_keys {
        line!(out, "TEST KEYS: anybody could have made this ledger.");
    }
    line!(out, "{}", visible(&verdict.reason));
    if let Some(place) = &verdict.locus {
        line!(out, "  where     {}", locus(place));
    }
    if let Some(evidence) = &verdict.evidence {
        line!(out, "  found     {}", visible(&evidence.claimed));
        line!(out, "  expected  {}", visible(&evidence.computed));
    }
    if verdict.code == CheckId::AnchorHeaderHash.id() {
        line!(
            out,
            "  Two things explain this: the file is of another ledger, or the anchor was mistyped."
        );
    }
    if verdict.code == Reason::Limit("").code() {
        line!(out, "  `--limits FILE` raises it; docs/limits.md says how.");
    }
    line!(out);
    ledger(&mut out, report);
    packet::claims(&mut out, &report.claims);
    if let Some(audit) = &report.audit {
        audit::audit(&mut out, audit);
    }
    line!(out, "Checks");
    for entry in &report.checks {
        line!(out, "  {}", check_line(entry));
    }
    line!(out);
    line!(out, "Validators (votes for the block / for none / absent)");
    for validator in &report.participation {
        let test = if validator.test_key { "  TEST KEY" } else { "" };
        let (address, commit) = (validator.address, validator.commit);
        line!(out, "  {address}  {commit} / {} / {}{test}", validator.nil, validator.absent);
    }
    if !report.findings.is_empty() {
        line!(out);
        line!(out, "Findings");
        for finding in &report.findings {
            let evidence = &finding.evidence;
            let (claimed, computed) = (visible(&evidence.claimed), visible(&evidence.computed));
            line!(
                out,
                "  {} at {}: found {claimed}, expected {computed}",
                finding.check,
                locus(&finding.locus)
            );
        }
    }
    line!(out);
    line!(out, "Not proven");
    for item in &report.not_proven {
        line!(out, "  - {}", item.text);
    }
    line!(out);
    line!(out, "Input SHA-256 {} ({} bytes)", report.input.sha256, report.input.bytes);
    out
}

fn ledger(out: &mut String, report: &Report) {
    let counts = &report.counts;
    if let Some(ledger) = &report.ledger {
        let profile = ledger.profile.as_deref().unwrap_or("profile unknown without an anchor");
        line!(out, "Ledger      {}  {profile}", visible(&ledger.chain_id));
        line!(
            out,
            "  first     {}  {}  {}",
            ledger.first.height,
            ledger.first.time,
            ledger.first.hash
        );
        line!(
            out,
            "  last      {}  {}  {}",
            ledger.last.height,
            ledger.last.time,
            ledger.last.hash
        );
    }
    for anchor in &report.anchors {
        line!(out, "Anchor      {}", anchor.line);
    }
    line!(
        out,
        "Checked     {} blocks, {} transactions, {} signatures of which {} nil, {} absent votes, {} validator sets",
        counts.blocks,
        counts.transactions,
        counts.commit_signatures,
        counts.nil,
        counts.absent,
        counts.validator_sets
    );
    line!(out);
}

fn check_line(entry: &CheckEntry) -> String {
    let mark = match entry.outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "FAIL",
        Outcome::Skip => "skip",
    };
    let skipped = match entry.skipped {
        0 => String::new(),
        skipped => format!(", {skipped} skipped"),
    };
    let reason = entry.reason.map_or_else(String::new, |reason| format!(" ({})", reason.name()));
    format!("{mark}  {:28} {:>8}{skipped}{reason}", entry.id.id(), entry.passed)
}

fn locus(locus: &Locus) -> String {
    let mut parts = Vec::new();
    if let Some(source) = &locus.source {
        parts.push(visible(source));
    }
    if let Some(height) = locus.height {
        parts.push(format!("block {height}"));
    }
    if !locus.path.is_empty() {
        parts.push(visible(&locus.path));
    }
    if let Some(offset) = locus.offset {
        parts.push(format!("byte {offset}"));
    }
    parts.join(", ")
}

/// The catalogue, a line each.
pub(crate) fn checks() -> String {
    let mut out = String::new();
    for check in CheckId::ALL {
        line!(out, "{:28} {}", check.id(), check.says());
    }
    out.push_str(&audit::violations());
    out
}

/// One check, explained.
pub(crate) fn check(check: CheckId) -> String {
    let mut out = String::new();
    line!(out, "{check}");
    line!(out, "  When it passes: {}", check.says());
    line!(out, "  Why it matters: {}", check.why());
    line!(out, "  Step {} of docs/verification.md; source: {}", check.step(), check.source());
    out
}

/// What a raw export holds.
pub(crate) fn export(mut summary: Summary) -> String {
    let texts = summary.chain_ids.iter_mut().chain(&mut summary.claimed_version);
    for text in texts.chain(&mut summary.missing) {
        *text = visible(text);
    }
    summary.to_string()
}

/// Reads a snapshot's items without verifying them.
#[derive(Debug)]
pub(crate) struct Inspection {
    reader: Reader,
    out: String,
    kinds: BTreeMap<Kind, (u64, u64)>,
    head: Option<String>,
    failed: bool,
}

impl Inspection {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            reader: Reader::new(limits),
            out: String::new(),
            kinds: BTreeMap::new(),
            head: None,
            failed: false,
        }
    }

    pub(crate) fn feed(&mut self, chunk: &[u8]) {
        if self.failed {
            return;
        }
        self.reader.feed(chunk);
        loop {
            match self.reader.next_item() {
                Ok(Some(item)) => self.item(&item),
                Ok(None) => return,
                Err(error) => {
                    line!(self.out, "damaged: {error}");
                    self.failed = true;
                    return;
                }
            }
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Manifest(manifest) => {
                line!(
                    self.out,
                    "snapshot of {} chain {}, heights {} to {} (claimed)",
                    visible(&manifest.family),
                    visible(&manifest.chain_id),
                    manifest.first,
                    manifest.last
                );
            }
            Item::Payload { kind, bytes, .. } => {
                let entry = self.kinds.entry(*kind).or_insert((0, 0));
                entry.0 = entry.0.saturating_add(1);
                entry.1 = entry.1.saturating_add(u64::try_from(bytes.len()).unwrap_or_default());
                let header = if *kind == Kind::Block {
                    decode_canonical::<Block<'_>>(bytes).ok().map(|block| block.header.clone())
                } else if *kind == Kind::LightBlock {
                    decode_canonical::<LightBlock>(bytes)
                        .ok()
                        .map(|block| block.signed_header.header.clone())
                } else {
                    None
                };
                if let Some(header) = header
                    && let Some(hash) = header.compute_hash()
                {
                    self.head =
                        Some(format!("{}/{}/{hash}", visible(&header.chain_id), header.height));
                }
            }
            Item::End => line!(self.out, "complete: the end marker is there"),
        }
    }

    pub(crate) fn finish(mut self) -> String {
        if !self.failed
            && let Err(error) = self.reader.finish()
        {
            line!(self.out, "damaged: {error}");
        }
        for (kind, (count, bytes)) in &self.kinds {
            line!(self.out, "  {count:>8} {kind:?}, {bytes} bytes");
        }
        if let Some(head) = &self.head {
            line!(
                self.out,
                "UNTRUSTED anchor candidate, to compare with one from elsewhere, never to copy:"
            );
            line!(self.out, "  <profile>/{head}");
        }
        self.out
    }
}
