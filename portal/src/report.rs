//! A report as the page shows it: the fields of `vidimus/report/1`, as text.

pub(crate) mod audit;
pub(crate) mod claims;

use serde::Deserialize;

use audit::Audit;
use claims::Claim;

/// The `schema` that this page can show.
pub(crate) const SCHEMA: &str = "vidimus/report/1";

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Report {
    pub(crate) schema: String,
    pub(crate) verdict: Verdict,
    pub(crate) ledger: Option<Ledger>,
    pub(crate) last_checked: Option<BlockPoint>,
    pub(crate) test_keys: bool,
    pub(crate) anchors: Vec<Anchor>,
    pub(crate) counts: Counts,
    pub(crate) participation: Vec<Participant>,
    pub(crate) checks: Vec<CheckEntry>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) findings_omitted: String,
    pub(crate) audit: Option<Audit>,
    /// Of an evidence packet, where it is trusted.
    #[serde(default)]
    pub(crate) claims: Vec<Claim>,
    pub(crate) not_proven: Vec<NotProven>,
    pub(crate) policy: Policy,
    pub(crate) input: Input,
    pub(crate) tool: Tool,
}

impl Report {
    /// Reads a report file; `None` for what is none of this schema.
    pub(crate) fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok().filter(|report: &Self| report.schema == SCHEMA)
    }

    /// Whether it is about an evidence packet.
    pub(crate) fn is_verified(&self) -> bool {
        self.verdict.status == Status::Verified
    }

    pub(crate) fn is_of_packet(&self) -> bool {
        self.input.kind == "packet"
    }
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Status {
    Verified,
    Rejected,
    Inconclusive,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) status: Status,
    pub(crate) code: String,
    pub(crate) reason: String,
    pub(crate) locus: Option<Locus>,
    pub(crate) evidence: Option<Evidence>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Locus {
    pub(crate) height: Option<String>,
    pub(crate) path: String,
    pub(crate) offset: Option<String>,
    pub(crate) source: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Evidence {
    pub(crate) claimed: String,
    pub(crate) computed: String,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Anchor {
    pub(crate) line: String,
    pub(crate) holds: bool,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Ledger {
    pub(crate) profile: Option<String>,
    pub(crate) chain_id: String,
    pub(crate) first: BlockPoint,
    pub(crate) last: BlockPoint,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct BlockPoint {
    pub(crate) height: String,
    pub(crate) hash: String,
    pub(crate) time: String,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Counts {
    pub(crate) blocks: String,
    pub(crate) transactions: String,
    pub(crate) commit_signatures: String,
    pub(crate) nil: String,
    pub(crate) absent: String,
    pub(crate) validator_sets: String,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Participant {
    pub(crate) address: String,
    pub(crate) test_key: bool,
    pub(crate) commit: String,
    pub(crate) nil: String,
    pub(crate) absent: String,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    Pass,
    Fail,
    Skip,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SkipReason {
    RangeStart,
    Tip,
    NotGiven,
    Profile,
    Policy,
    Refused,
    NotApplicable,
    NotRun,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct CheckEntry {
    pub(crate) id: String,
    pub(crate) outcome: Outcome,
    pub(crate) passed: String,
    pub(crate) skipped: String,
    pub(crate) reason: Option<SkipReason>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Finding {
    pub(crate) check: String,
    pub(crate) locus: Locus,
    pub(crate) evidence: Evidence,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct NotProven {
    pub(crate) code: String,
    pub(crate) text: String,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Policy {
    pub(crate) require: String,
    pub(crate) signatures: String,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Input {
    pub(crate) kind: String,
    pub(crate) bytes: String,
    pub(crate) sha256: String,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) version: String,
}
