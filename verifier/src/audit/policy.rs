//! The audit's policy: what it is to look for, and the lists that it needs for it.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::{String, ToString as _},
    vec::Vec,
};

use regex_lite::Regex;
use serde::Deserialize;

use crate::encoding::hex::{Hash, Identifier, PublicKey};

/// Most entries of a list.
const LIST: usize = 1_000_000;

/// Most patterns of identifiers.
const PATTERNS: usize = 64;

/// A policy (docs/audit.md, policy). The default asks for nothing beside what the ledger says itself.
#[derive(Clone, Debug, Default)]
pub struct AuditPolicy {
    sha256: Option<Hash>,
    pub(super) regimes: BTreeSet<String>,
    pub(super) emergencies: Emergencies,
    pub(super) sensitive_classes: BTreeSet<String>,
    pub(super) mass_access: Option<u64>,
    /// Whose own record is whose, and whose relative's.
    pub(super) staff: BTreeSet<(Hash, PublicKey)>,
    pub(super) related: BTreeSet<(Hash, PublicKey)>,
    /// Who may open the record of a protected person.
    pub(super) protected: BTreeMap<PublicKey, BTreeSet<Hash>>,
    pub(super) documents: BTreeMap<(Identifier, u64), Hash>,
    pub(super) patterns: Vec<Regex>,
}

/// How many accesses declared emergencies are too many.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Emergencies {
    /// Milliseconds.
    pub(super) window: u64,
    pub(super) actor: Option<u64>,
    pub(super) organization: Option<u64>,
}

/// A policy that is none.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("audit policy, {place}: {message}")]
pub struct AuditPolicyError {
    /// Line and column, or the path of an entry.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

/// The file, as TOML has it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    regimes: Vec<String>,
    emergencies: EmergenciesTable,
    sensitive: SensitiveTable,
    mass_access: MassAccessTable,
    staff: Vec<PersonAndSubject>,
    related: Vec<PersonAndSubject>,
    protected: Vec<ProtectedTable>,
    documents: Vec<DocumentTable>,
    identifiers: IdentifiersTable,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct EmergenciesTable {
    window: Option<String>,
    actor: Option<u64>,
    organization: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SensitiveTable {
    classes: BTreeSet<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct MassAccessTable {
    subjects: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonAndSubject {
    person: Hash,
    subject: PublicKey,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProtectedTable {
    subject: PublicKey,
    persons: BTreeSet<Hash>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentTable {
    consent: Identifier,
    version: u64,
    sha256: Hash,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct IdentifiersTable {
    patterns: Vec<String>,
}

/// The regimes whose columns are known.
pub(super) const REGIMES: [&str; 5] = ["ehds", "gdpr", "hipaa", "part11", "part2"];

impl AuditPolicy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// What is wrong and where: the TOML, an unknown name, a regime, a span of time, a pattern.
    pub fn from_toml(text: &str) -> Result<Self, AuditPolicyError> {
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            AuditPolicyError { place: line_and_column(text, at), message: error.message().into() }
        })?;
        let mut policy =
            Self { sha256: Some(crate::merkle::sha256(&[text.as_bytes()])), ..Self::default() };
        for (index, regime) in file.regimes.into_iter().enumerate() {
            if !REGIMES.contains(&regime.as_str()) {
                let known = REGIMES.join(", ");
                return Err(wrong("regimes", index, &alloc::format!("not one of {known}")));
            }
            policy.regimes.insert(regime);
        }
        let window = file.emergencies.window.as_deref().unwrap_or("24h");
        policy.emergencies = Emergencies {
            window: parse_span(window)
                .ok_or_else(|| wrong("emergencies.window", 0, "not a span such as 90m, 24h, 7d"))?,
            actor: file.emergencies.actor,
            organization: file.emergencies.organization,
        };
        let lists =
            [file.staff.len(), file.related.len(), file.protected.len(), file.documents.len()];
        if lists.into_iter().any(|length| length > LIST) {
            return Err(wrong("lists", LIST, "more entries than a list may have"));
        }
        policy.sensitive_classes = file.sensitive.classes;
        policy.mass_access = file.mass_access.subjects;
        let pair = |entry: PersonAndSubject| (entry.person, entry.subject);
        policy.staff = file.staff.into_iter().map(pair).collect();
        policy.related = file.related.into_iter().map(pair).collect();
        let protected = file.protected.into_iter();
        policy.protected = protected.map(|entry| (entry.subject, entry.persons)).collect();
        for (index, entry) in file.documents.into_iter().enumerate() {
            let key = (entry.consent, entry.version);
            if policy.documents.insert(key, entry.sha256).is_some_and(|known| known != entry.sha256)
            {
                return Err(wrong("documents", index, "two digests for one version"));
            }
        }
        if file.identifiers.patterns.len() > PATTERNS {
            return Err(wrong("identifiers.patterns", PATTERNS, "more patterns than there may be"));
        }
        for (index, pattern) in file.identifiers.patterns.iter().enumerate() {
            let pattern = Regex::new(pattern)
                .map_err(|error| wrong("identifiers.patterns", index, &error.to_string()))?;
            policy.patterns.push(pattern);
        }
        Ok(policy)
    }

    /// SHA-256 of the file; none for the default.
    pub fn sha256(&self) -> Option<Hash> {
        self.sha256
    }
}

fn wrong(list: &str, index: usize, message: &str) -> AuditPolicyError {
    AuditPolicyError { place: alloc::format!("{list}[{index}]"), message: message.to_string() }
}

fn line_and_column(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count().saturating_add(1);
    let last = before.rsplit('\n').next().unwrap_or_default();
    alloc::format!("line {line}, column {}", last.chars().count().saturating_add(1))
}

/// Milliseconds of `90s`, `15m`, `24h`, `7d`.
fn parse_span(text: &str) -> Option<u64> {
    let unit = text.chars().next_back()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
    number.checked_mul(seconds)?.checked_mul(1_000).filter(|millis| *millis > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (String, String) {
        let error = AuditPolicy::from_toml(text).unwrap_err();
        (error.place, error.message)
    }

    #[test]
    fn file_of_the_documentation_is_read() {
        let document = include_str!("../../../docs/audit.md");
        let (_, rest) = document.split_once("```toml\n").unwrap();
        let (text, _) = rest.split_once("```").unwrap();
        let text = text
            .replace("consent = \"…\"", &alloc::format!("consent = \"{}\"", "0A".repeat(16)))
            .replace('…', &"AB".repeat(32));
        let policy = AuditPolicy::from_toml(&text).unwrap();
        assert_eq!(policy.sha256(), Some(crate::merkle::sha256(&[text.as_bytes()])));
        assert_eq!(policy.emergencies.window, 86_400_000);
        assert_eq!((policy.emergencies.actor, policy.mass_access), (Some(3), Some(200)));
        let pair = (Hash([0xab; 32]), PublicKey([0xab; 32]));
        assert!(policy.staff.contains(&pair) && policy.related.contains(&pair));
        assert!(policy.protected[&pair.1].contains(&pair.0));
        assert_eq!(policy.documents[&(Identifier([0x0a; 16]), 1)], pair.0);
        assert!(policy.patterns[0].is_match("see MRN-123456"));
        assert!(policy.regimes.contains("hipaa") && policy.sensitive_classes.len() == 2);
    }

    #[test]
    fn what_is_wrong_is_named_where_it_stands() {
        let place = |text| refused(text).0;
        assert_eq!(place("regimes = [\"ehds\", \"hippa\"]"), "regimes[1]");
        assert_eq!(place("[emergencies]\nwindow = \"1 day\""), "emergencies.window[0]");
        assert_eq!(place("[emergencies]\nwindow = \"0h\""), "emergencies.window[0]");
        assert_eq!(place("[identifiers]\npatterns = [\"a\", \"(\"]"), "identifiers.patterns[1]");
        assert_eq!(place("\n[masses]\nsubjects = 1\n"), "line 2, column 2");
        assert_eq!(place("[[staff]]\nperson = \"AB\"\nsubject = \"CD\""), "line 2, column 10");
        let twice = alloc::format!(
            "[[documents]]\nconsent = \"{0}\"\nversion = 1\nsha256 = \"{1}\"\n[[documents]]\nconsent = \"{0}\"\nversion = 1\nsha256 = \"{2}\"",
            "0A".repeat(16),
            "AB".repeat(32),
            "CD".repeat(32),
        );
        assert_eq!(place(&twice), "documents[1]");
        assert!(AuditPolicy::from_toml("").unwrap().sha256().is_some());
    }
}
