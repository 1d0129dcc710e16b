//! One attack: the ledger that it makes, the same without it, and what must come out.

use vidimus::{
    InputKind, Verification, anchor::Anchors, audit::AuditOptions, contract::outcome::ResultCode,
    limits::Limits, policy::Policy,
};
use vidimus_node::simulate::{Config, Hooks, Ledger};

use super::fixture::{Fixture, viewing_file};

/// A ledger, and how somebody verifies it.
pub(crate) struct Case {
    fixture: Fixture,
    hooks: Hooks,
    seed: u64,
    /// Instead of the last header.
    anchor: Option<String>,
    /// What is looked up in the report's list of what is not proven.
    unproven: Option<&'static str>,
    /// What must not stand in the report.
    unrepeated: Option<&'static str>,
}

impl From<Fixture> for Case {
    fn from(fixture: Fixture) -> Self {
        let seed = Config::default().seed;
        let hooks = Hooks::default();
        Self { fixture, hooks, seed, anchor: None, unproven: None, unrepeated: None }
    }
}

impl Case {
    /// Validators, or those who export, lie.
    pub(crate) fn hooks(self, hooks: Hooks) -> Self {
        Self { hooks, ..self }
    }

    /// Other validators than the fixture's.
    pub(crate) fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Whoever verifies has this anchor text.
    pub(crate) fn anchor(self, text: String) -> Self {
        Self { anchor: Some(text), ..self }
    }

    /// The report must name this as not proven.
    pub(crate) fn unproven(self, code: &'static str) -> Self {
        Self { unproven: Some(code), ..self }
    }

    /// The report must not repeat this text of the ledger.
    pub(crate) fn unrepeated(self, text: &'static str) -> Self {
        Self { unrepeated: Some(text), ..self }
    }

    /// The verdict, if it is none; else every refused transaction, and every finding, by place.
    fn outcome(self) -> Vec<String> {
        let Self { fixture, hooks, seed, anchor, unproven, unrepeated } = self;
        let mut options = AuditOptions::default();
        options.policy = fixture.policy.clone();
        options.view = fixture.view.then(viewing_file);
        let ledger = fixture.write_with(|config| config.seed = seed, hooks);
        let text = anchor.unwrap_or_else(|| ledger.anchor.to_string());
        let anchors = Anchors::parse(&text, &Limits::default()).unwrap();
        let (limits, kind) = (Limits::default(), InputKind::Snapshot);
        let report = Verification::new(anchors, Policy::default(), limits, kind)
            .with_audit(options)
            .run(&ledger.container);
        if let Some(text) = unrepeated {
            let quoted = serde_json::to_string(text).unwrap();
            let json = report.to_json();
            assert!(!json.contains(quoted.trim_matches('"')), "the report repeats {text}");
        }
        if report.verdict.code != "verified" {
            return vec![report.verdict.code];
        }
        let mut found = refused(&ledger);
        let findings = report.audit.unwrap().findings;
        found.extend(findings.iter().map(|finding| {
            let index = finding.index.unwrap_or_default();
            (finding.height, index, 1, finding.id.to_string())
        }));
        found.sort();
        let name =
            |(height, index, _, what): (u64, u64, u8, String)| format!("{height}/{index} {what}");
        let mut outcome: Vec<_> = found.into_iter().map(name).collect();
        let unproven = unproven.filter(|code| report.not_proven.iter().any(|n| n.code == *code));
        outcome.extend(unproven.map(|code| format!("not proven: {code}")));
        outcome
    }
}

/// Refused transactions. What is verified was run again, so these are the contract's results.
fn refused(ledger: &Ledger) -> Vec<(u64, u64, u8, String)> {
    let mut refused = Vec::new();
    for block in &ledger.blocks {
        for (index, result) in (0..).zip(&block.draft.results.results) {
            let code = ResultCode::from_code(result.code.into()).unwrap();
            if code != ResultCode::Accepted {
                refused.push((block.height(), index, 0, code.name().to_owned()));
            }
        }
    }
    refused
}

/// What somebody does, and how it ends.
pub(crate) struct Attack {
    /// What the attacker does, in plain words.
    pub(crate) name: &'static str,
    /// The ledger with the attack, or without it.
    case: Box<dyn Fn(bool) -> Case>,
    expects: Vec<&'static str>,
    honest: Vec<&'static str>,
}

/// An attack without which the ledger gives nothing to object to.
///
/// What is expected is either the id of a failed check or the reason for no verdict, alone; or, in a
/// ledger that is verified, each refused transaction, as `2/1 replayed`, and each finding, as
/// `2/1 V20`, by height and index, and nothing else.
pub(crate) fn attack<C: Into<Case>>(
    name: &'static str,
    expects: &[&'static str],
    case: impl Fn(bool) -> C + 'static,
) -> Attack {
    let case = Box::new(move |strikes| case(strikes).into());
    Attack { name, case, expects: expects.to_vec(), honest: vec![] }
}

impl Attack {
    /// Without the attack there is this to object to, in its place.
    pub(crate) fn instead_of(self, honest: &[&'static str]) -> Self {
        Self { honest: honest.to_vec(), ..self }
    }

    /// What ends otherwise than named.
    pub(crate) fn judge(&self) -> Vec<String> {
        let mut wrong = vec![];
        for (strikes, expects) in [(true, &self.expects), (false, &self.honest)] {
            let outcome = (self.case)(strikes).outcome();
            if outcome != *expects {
                let which = if strikes { "" } else { " (honest)" };
                wrong.push(format!("{}{which}: {outcome:?}, named {expects:?}", self.name));
            }
        }
        wrong
    }
}
