//! Every word that the page itself says, one module for each part of it. What a report says comes
//! from the report.

use crate::report::{Locus, Outcome, SkipReason, Status};

pub(crate) mod accounting;
pub(crate) mod audit;
pub(crate) mod claims;
pub(crate) mod who;

pub(crate) mod page {
    pub(crate) const NAME: &str = "Vidimus";
    pub(crate) const TAGLINE: &str = "Ledger verification";
    pub(crate) const PURPOSE: &str = "Check for yourself that the export of a consent ledger is complete and unaltered, from its first byte to its last, in this browser.";
    pub(crate) const PRIVACY: &str = "Your files stay on this device: they are read here and sent nowhere. The security policy of this page keeps it from reaching any other host.";
    pub(crate) const SKIP_LINK: &str = "Skip to the form";
    pub(crate) const FORM: &str = "What to verify";

    pub(crate) fn version(version: &str) -> String {
        format!(
            "Vidimus {version}. The same bytes, anchor and policy give the same report, byte for byte, on the command line and here."
        )
    }
}

pub(crate) mod engine {
    pub(crate) const LOADING: &str = "Loading the verifier …";
    pub(crate) const UNAVAILABLE: &str = "The verifier could not be loaded, so nothing can be verified here. Reload the page; if that does not help, use a current browser or the command line.";
    pub(crate) const NO_WORKER: &str = "This browser does not start Web Workers.";
    pub(crate) const BROKEN: &str = "The verifier stopped unexpectedly and could not be restarted. This says nothing about the file. Reload the page and start again.";
}

pub(crate) mod files {
    pub(crate) const LEGEND: &str = "Ledger export or evidence packet";
    pub(crate) const HELP: &str = "One snapshot file, or the JSON files that were exported from a node: any number, in any order, under any names. Or one evidence packet, together with the documents that it is about.";
    pub(crate) const DROP: &str = "Drop files or a folder here, or";
    pub(crate) const CHOOSE_FILES: &str = "Choose files";
    pub(crate) const CHOOSE_FOLDER: &str = "Choose a folder";
    pub(crate) const UNREADABLE: &str = "What was dropped could not be read.";

    pub(crate) fn chosen(name: &str, files: u64, bytes: u64) -> String {
        let size = super::bytes(bytes);
        match files {
            1 => format!("{name}, {size}"),
            _ => format!("{name}: {} files, {size}", super::number(&files.to_string())),
        }
    }
}

pub(crate) mod anchor {
    pub(crate) const LABEL: &str = "Trust anchor";
    pub(crate) const HELP: &str = "One line that names the ledger and the hash of one of its blocks. Get it from somebody you trust, by telephone or in print, and never from the files that you verify: whoever can change the files can change what stands in them.";
    pub(crate) const FORM: &str =
        "profile/chain id/height/header hash, for example cometbft-0.38/north-clinics/5120/9F86…";
    pub(crate) const EMPTY: &str =
        "Without an anchor the best possible outcome is “could not be determined”.";
    pub(crate) const ASKED: &str = "Reading …";

    pub(crate) fn understood(count: usize, chain_id: &str, height: &str, profile: &str) -> String {
        match count {
            1 => format!("Understood: block {height} of chain “{chain_id}”, rules {profile}."),
            _ => format!(
                "Understood: {count} anchors, the first at block {height} of chain “{chain_id}”."
            ),
        }
    }

    pub(crate) const NO_ANCHOR: &str = "Understood, but no line is an anchor.";

    pub(crate) fn wrong(line: Option<u32>, message: &str) -> String {
        line.map_or_else(
            || format!("Not an anchor: {message}."),
            |line| format!("Line {line}: {message}."),
        )
    }

    pub(crate) fn conflict(code: &str) -> &'static str {
        match code {
            "hash" => "Two lines give different hashes for one height. Both cannot be right.",
            "chain-id" => "The lines are about different chains.",
            _ => "The profile of a line is not the one in force at its height.",
        }
    }
}

pub(crate) mod beside {
    pub(crate) const VIEW: &str = "Viewing file (optional)";
    pub(crate) const VIEW_HELP: &str = "It opens what records seal, for the patients whose keys it holds: then there is a list of who opened their records, and more can be looked for.";
    pub(crate) const VIEW_WARNING: &str = "A viewing file opens health data. It never leaves this device: it is read here, sent nowhere and kept nowhere. Use it only where nobody else can see the screen, and mind what you print or save.";
    pub(crate) const POLICY: &str = "Audit policy (optional)";
    pub(crate) const POLICY_HELP: &str = "A TOML file with what the audit is to look for beside what the ledger says itself: thresholds, regimes, lists of staff.";
    pub(crate) const CHOOSE_VIEW: &str = "Choose a viewing file";
    pub(crate) const CHOOSE_POLICY: &str = "Choose an audit policy";
    pub(crate) const REMOVE: &str = "Remove";
    pub(crate) const NONE: &str = "None chosen.";

    pub(crate) fn remove(name: &str) -> String {
        format!("{REMOVE} {name}")
    }
}

pub(crate) mod require {
    use crate::state::Require;

    pub(crate) const LABEL: &str = "What must be shown";

    pub(crate) const fn option(require: Require) -> &'static str {
        match require {
            Require::Ledger => "Whole blocks with every transaction",
            Require::Headers => "Headers and signatures only",
        }
    }
}

pub(crate) mod start {
    pub(crate) const BUTTON: &str = "Verify";
    pub(crate) const NO_FILES: &str = "Choose a file first.";
    pub(crate) const WRONG_ANCHOR: &str = "Correct the anchor first.";
}

pub(crate) mod progress {
    use crate::protocol::Phase;

    pub(crate) const HEADING: &str = "Verifying";
    pub(crate) const STARTING: &str = "Starting …";
    pub(crate) const FETCHING: &str = "Getting the files";
    pub(crate) const FETCHED: &str = "Loaded";
    pub(crate) const FETCHED_BAR: &str = "Share of the file that is here";
    pub(crate) const STOPPING: &str = "Stopping …";
    pub(crate) const CANCEL: &str = "Cancel";
    pub(crate) const BAR: &str = "Share of the work that is done";
    pub(crate) const BYTES: &str = "Read";
    pub(crate) const BLOCKS: &str = "Blocks";
    pub(crate) const SIGNATURES: &str = "Signatures";
    pub(crate) const RATE: &str = "Rate";
    pub(crate) const LEFT: &str = "Time left";

    pub(crate) const fn phase(phase: Phase) -> &'static str {
        match phase {
            Phase::Scan => "First pass: finding what is where",
            Phase::Import => "Second pass: verifying block after block",
            Phase::Documents => "Reading the documents",
            Phase::Read => "Verifying block after block",
            Phase::Signatures => "Waiting for the last signatures",
            Phase::Again => "Reading the files again",
        }
    }

    /// Said aloud now and then, in whole tenths.
    pub(crate) fn spoken(permille: u32) -> String {
        match permille / 100 {
            0 => "0 percent done".to_owned(),
            tenths => format!("{tenths}0 percent done"),
        }
    }

    pub(crate) fn share(bytes: u64, size: u64) -> String {
        format!("{} of {}", super::bytes(bytes), super::bytes(size))
    }

    pub(crate) fn rate(bytes: u64) -> String {
        format!("{}/s", super::bytes(bytes))
    }

    pub(crate) fn left(milliseconds: Option<u64>) -> String {
        let Some(seconds) = milliseconds.map(|left| left.div_ceil(1_000)) else {
            return "–".to_owned();
        };
        match seconds {
            0..100 => format!("{seconds} s"),
            _ => format!("{} min", seconds.div_ceil(60)),
        }
    }
}

pub(crate) mod more {
    pub(crate) fn show(count: usize) -> String {
        format!("Show {} more", super::number(&count.to_string()))
    }

    pub(crate) fn not_printed(count: usize) -> String {
        format!("{} more are not shown here.", super::number(&count.to_string()))
    }
}

pub(crate) mod refusal {
    use crate::protocol::Refusal;

    pub(crate) const HEADING: &str = "Nothing was verified";

    fn audit_policy(refusal: &Refusal) -> String {
        let place = refusal.place.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
        format!("This is no audit policy{place}: {}.", refusal.message)
    }

    pub(crate) fn sentence(refusal: &Refusal) -> String {
        let what = match refusal.code.as_str() {
            "anchor" => super::anchor::wrong(refusal.line, &refusal.message),
            "unreadable" => "A file cannot be read. It may have been moved, changed or locked since it was chosen: choose it again.".to_owned(),
            "audit-policy" => audit_policy(refusal),
            "viewing-file" => format!("This is no viewing file: {}.", refusal.message),
            "sample" => "The sample could not be loaded. It lies beside this page: is the page being served completely?".to_owned(),
            _ => refusal.message.clone(),
        };
        match &refusal.path {
            Some(path) => format!("{path}: {what}"),
            None => what,
        }
    }
}

pub(crate) mod verdict {
    use super::Status;

    pub(crate) const LABEL: &str = "Verdict";
    pub(crate) const CODE: &str = "Code";
    pub(crate) const WHERE: &str = "Where";
    pub(crate) const CLAIMED: &str = "The files say";
    pub(crate) const COMPUTED: &str = "What follows from the rest";
    pub(crate) const TEST_KEYS: &str = "TEST KEYS";
    pub(crate) const TEST_KEYS_WHAT: &str = "Validators of this ledger sign with published test keys. Anybody could have made it: this verdict proves nothing about any real network.";
    pub(crate) const DOWNLOAD: &str = "Download the report (JSON)";
    pub(crate) const PRINT: &str = "Print";
    pub(crate) const FILE_NAME: &str = "vidimus-report.json";

    pub(crate) const fn word(status: Status) -> &'static str {
        match status {
            Status::Verified => "Verified",
            Status::Rejected => "Rejected",
            Status::Inconclusive => "Could not be determined",
        }
    }
}

pub(crate) mod facts {
    pub(crate) const HEADING: &str = "The ledger";
    pub(crate) const CHAIN: &str = "Chain";
    pub(crate) const PROFILE: &str = "Rules";
    pub(crate) const FIRST: &str = "First block";
    pub(crate) const LAST: &str = "Last block";
    pub(crate) const LAST_CHECKED: &str = "Last block checked";
    pub(crate) const ANCHOR: &str = "Anchor";
    pub(crate) const ANCHOR_HOLDS: &str = "holds";
    pub(crate) const ANCHOR_OPEN: &str = "not shown to hold";
    pub(crate) const NO_ANCHOR: &str = "none given";
    pub(crate) const INPUT: &str = "Read";
    pub(crate) const SHA256: &str = "SHA-256";
    pub(crate) const REQUIRED: &str = "Required";
    pub(crate) fn height(height: &str) -> String {
        format!("height {}", super::number(height))
    }

    pub(crate) const NO_LEDGER: &str =
        "Nothing of the ledger could be read before the verification ended.";
    pub(crate) const COUNTS: &str = "Checked";
    pub(crate) const BLOCKS: &str = "blocks";
    pub(crate) const TRANSACTIONS: &str = "transactions";
    pub(crate) const SIGNATURES: &str = "signatures";
    pub(crate) const NIL: &str = "of these for no block";
    pub(crate) const ABSENT: &str = "absent votes";
    pub(crate) const SETS: &str = "validator sets";

    pub(crate) fn input(kind: &str, bytes: &str) -> String {
        let kind = match kind {
            "snapshot" => "Snapshot file",
            "packet" => "Evidence packet",
            _ => "Raw export, imported to a snapshot",
        };
        format!("{kind}, {} bytes", super::number(bytes))
    }

    pub(crate) fn required(require: &str, signatures: &str) -> String {
        let what = match require {
            "headers" => "headers",
            "contract" => "whole blocks and the contract",
            _ => "whole blocks",
        };
        let signed = match signatures {
            "hash-links" => "hash links only",
            _ => "every signature",
        };
        format!("{what}, {signed}")
    }
}

pub(crate) mod checks {
    use super::{Outcome, SkipReason};

    pub(crate) const HEADING: &str = "What was checked";
    pub(crate) const RESULT: &str = "Result";
    pub(crate) const CHECK: &str = "Check";
    pub(crate) const TIMES: &str = "Times held";

    pub(crate) fn summary(held: usize, failed: usize, open: usize) -> String {
        format!(
            "{held} checks held, {failed} failed, {open} did not run. They are listed in the order of the procedure."
        )
    }

    /// Sign and word of a result.
    pub(crate) const fn result(
        outcome: Outcome,
        reason: Option<SkipReason>,
    ) -> (&'static str, &'static str) {
        match (outcome, reason) {
            (Outcome::Pass, _) => ("✓", "held"),
            (Outcome::Fail, _) => ("✗", "failed"),
            (
                Outcome::Skip,
                Some(
                    SkipReason::NotApplicable
                    | SkipReason::Refused
                    | SkipReason::Profile
                    | SkipReason::Policy,
                ),
            ) => ("–", "not asked"),
            (Outcome::Skip, _) => ("?", "not shown"),
        }
    }

    pub(crate) fn skipped(times: &str, reason: SkipReason) -> String {
        let why = match reason {
            SkipReason::RangeStart => "only the block before the first could show it",
            SkipReason::Tip => "only the block after the last could show it",
            SkipReason::NotGiven => "the export does not hold what it needs",
            SkipReason::Profile => "the rules of this ledger have no such check",
            SkipReason::Policy => "it was not asked for",
            SkipReason::Refused => "the network itself refused the record for it",
            SkipReason::NotApplicable => "nothing of the kind is in the export",
            SkipReason::NotRun => "the verification did not get there",
        };
        match times {
            "0" => format!("It did not run: {why}."),
            "1" => format!("Once it did not run: {why}."),
            _ => format!("{} times it did not run: {why}.", super::number(times)),
        }
    }
}

pub(crate) mod not_proven {
    pub(crate) const HEADING: &str = "What is not proven";
}

pub(crate) mod findings {
    pub(crate) const HEADING: &str = "What stands out";
    pub(crate) const INTRODUCTION: &str =
        "These do not break the ledger’s integrity, and are worth a person’s attention.";

    pub(crate) fn omitted(count: &str) -> String {
        format!("{} more are not listed.", super::number(count))
    }
}

pub(crate) mod participation {
    pub(crate) const HEADING: &str = "Validators";
    pub(crate) const INTRODUCTION: &str =
        "What each validator did in the commits that were checked.";
    pub(crate) const ADDRESS: &str = "Address";
    pub(crate) const COMMIT: &str = "For the block";
    pub(crate) const NIL: &str = "For no block";
    pub(crate) const ABSENT: &str = "Absent";
    pub(crate) const TEST_KEY: &str = "test key";
    pub(crate) const NONE: &str = "No commit was checked.";
}

pub(crate) mod samples {
    pub(crate) const HEADING: &str = "Try it with a sample";
    pub(crate) const INTRODUCTION: &str = "Simulated ledgers, and what becomes of the verdict when something is wrong with one. They are loaded when you choose them.";
    pub(crate) const PLAIN: &str = "Transactions of any kind";
    pub(crate) const GOOD: &str = "Intact";
    pub(crate) const GOOD_WHAT: &str = "as exported";
    pub(crate) const FLIPPED: &str = "Altered";
    pub(crate) const FLIPPED_WHAT: &str = "one bit differs";
    pub(crate) const TRUNCATED: &str = "Cut short";
    pub(crate) const TRUNCATED_WHAT: &str = "second half missing";
    pub(crate) const WRONG_ANCHOR: &str = "Wrong anchor";
    pub(crate) const WRONG_ANCHOR_WHAT: &str = "one digit mistyped";
    pub(crate) const HOSPITALS: &str = "Consents and accesses of hospitals";
    pub(crate) const AUDITED: &str = "Audited";
    pub(crate) const AUDITED_WHAT: &str = "with findings; opened for one patient";
    pub(crate) const AUDITED_FLIPPED: &str = "Audited, altered";
    pub(crate) const AUDITED_FLIPPED_WHAT: &str = "one bit differs; nothing is listed then";
    pub(crate) const AUDITED_TRUNCATED: &str = "Audited, cut short";
    pub(crate) const AUDITED_TRUNCATED_WHAT: &str = "second half missing";
    pub(crate) const AUDITED_FORGED: &str = "Audited, wrong decision";
    pub(crate) const AUDITED_FORGED_WHAT: &str =
        "all validators signed that an access was permitted, which was not";
    pub(crate) const AUDITED_FOREIGN: &str = "Audited, foreign anchor";
    pub(crate) const AUDITED_FOREIGN_WHAT: &str = "of another ledger with the same name";
    pub(crate) const PACKETS: &str = "Evidence packets of the same hospitals";
    pub(crate) const PATIENT: &str = "One patient’s records";
    pub(crate) const PATIENT_WHAT: &str =
        "all of them, with every proof from the anchor on, and the patient’s viewing file";
    pub(crate) const PATIENT_FLIPPED: &str = "One patient’s records, altered";
    pub(crate) const PATIENT_FLIPPED_WHAT: &str = "one bit differs; no claim is shown then";
    pub(crate) const REAL_SIZE: &str = "Of a real size";
    pub(crate) const DAY: &str = "A day of a hospital";
    pub(crate) const DAY_WHAT: &str = "as many accesses as a large hospital has in a day, 9\u{202f}500, of 1\u{202f}000 patients; 21 MB, with viewing file and audit policy";
    pub(crate) const DAY_FLIPPED: &str = "A day, altered";
    pub(crate) const DAY_FLIPPED_WHAT: &str =
        "one bit of these 21 MB differs; nothing is listed then";
}

/// Where something is, in words.
pub(crate) fn place(locus: &Locus) -> String {
    let mut parts = Vec::new();
    if let Some(height) = &locus.height {
        parts.push(format!("block {}", number(height)));
    }
    if !locus.path.is_empty() {
        parts.push(locus.path.clone());
    }
    if let Some(offset) = &locus.offset {
        parts.push(format!("byte {}", number(offset)));
    }
    if let Some(source) = &locus.source {
        parts.push(format!("in {source}"));
    }
    parts.join(", ")
}

/// Digits in groups of three, with narrow no-break spaces, which every language understands.
pub(crate) fn number(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len());
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && digits.len().saturating_sub(index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

/// A size, to three digits or so.
pub(crate) fn bytes(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    for (unit, name) in UNITS {
        if bytes >= unit {
            let (whole, tenth) =
                (bytes.div_euclid(unit), bytes.rem_euclid(unit).div_euclid(unit / 10));
            return format!("{whole}.{tenth} {name}");
        }
    }
    format!("{bytes} B")
}

/// A time of a report, to the second: `2026-11-23 12:00:00 UTC`.
pub(crate) fn time(time: &str) -> String {
    let day_and_time = time.trim_end_matches('Z').split('.').next().unwrap_or_default();
    format!("{} UTC", day_and_time.replace('T', " "))
}

/// The first digits of a long number: enough to tell it from others on one page.
pub(crate) fn short(digits: &str) -> String {
    let first: String = digits.chars().take(8).collect();
    format!("{first}…")
}

/// Milliseconds in the unit of their size.
pub(crate) fn span(milliseconds: &str) -> String {
    let seconds = milliseconds.parse::<u64>().unwrap_or_default() / 1_000;
    let (value, unit) = match seconds {
        172_800.. => (seconds / 86_400, "days"),
        7_200.. => (seconds / 3_600, "hours"),
        120.. => (seconds / 60, "minutes"),
        _ => (seconds, "seconds"),
    };
    format!("{} {unit}", number(&value.to_string()))
}

/// Text of the ledger with every control and formatting character escaped: it must not reorder the page.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        // Zero-width and bidirectional marks, line separators, and what else formats without being seen.
        let is_hidden = c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}');
        if is_hidden {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn digits_are_grouped_from_the_right() {
        assert_eq!(number("0"), "0");
        assert_eq!(number("999"), "999");
        assert_eq!(number("1000"), "1\u{202f}000");
        assert_eq!(number("1234567"), "1\u{202f}234\u{202f}567");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn sizes_are_short() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_000), "1.0 kB");
        assert_eq!(bytes(9_780_000), "9.7 MB");
        assert_eq!(bytes(u64::MAX), "18446744073.7 GB");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn times_are_cut_to_the_second() {
        assert_eq!(time("2026-11-23T12:00:00.123456789Z"), "2026-11-23 12:00:00 UTC");
        assert_eq!(time("2026-11-23T12:00:00Z"), "2026-11-23 12:00:00 UTC");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn spans_have_the_unit_of_their_size() {
        let spans = ["0", "119999", "120000", "7200000", "172800000", "x"];
        let texts = ["0 seconds", "119 seconds", "2 minutes", "2 hours", "2 days", "0 seconds"];
        assert_eq!(spans.map(span), texts);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn hidden_characters_are_escaped() {
        assert_eq!(visible("a\u{202e}b\n\u{feff}"), "a\\u{202e}b\\u{a}\\u{feff}");
        assert_eq!(visible("Zürich – α"), "Zürich – α");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn place_names_what_is_known() {
        let locus = Locus {
            height: Some("57".into()),
            path: "commit.signatures[2]".into(),
            offset: Some("12345".into()),
            source: None,
        };
        assert_eq!(place(&locus), "block 57, commit.signatures[2], byte 12\u{202f}345");
    }
}
