//! The policy of an audit: what it cannot know from the ledger.

use std::{collections::BTreeMap, fmt::Write as _};

use data_encoding::HEXLOWER;
use vidimus::{
    encoding::hex::{Hash, Identifier, PublicKey},
    record::actor::OrganizationId,
};

use super::terms::DAY;
use crate::numbers::Draw;

/// Emergencies within a day that one person may declare.
pub(super) const ACTOR_EMERGENCIES: u64 = 3;

/// Lists and thresholds; written as `docs/audit.md` says.
#[derive(Clone, Debug)]
pub(super) struct AuditPolicy {
    /// Subjects whom one person may see on a day.
    pub(super) subjects: u64,
    organization_emergencies: usize,
    pub(super) staff: Vec<(Hash, PublicKey)>,
    pub(super) related: Vec<(Hash, PublicKey)>,
    pub(super) protected: Vec<(PublicKey, Vec<Hash>)>,
    pub(super) documents: Vec<(Identifier, u64, Hash)>,
}

impl AuditPolicy {
    pub(super) fn new(patients: u64) -> Self {
        Self {
            subjects: (patients / 8).clamp(6, 40),
            organization_emergencies: 20,
            staff: Vec::new(),
            related: Vec::new(),
            protected: Vec::new(),
            documents: Vec::new(),
        }
    }

    /// Somebody who may open the record of a protected subject.
    pub(super) fn team(&self, subject: &PublicKey, draw: &mut Draw) -> Option<Hash> {
        let (_, persons) = self.protected.iter().find(|(protected, _)| protected == subject)?;
        persons.get(draw.index(persons.len())).copied()
    }

    /// Lets organizations have as many emergencies as they have: no threshold is exceeded by chance.
    pub(super) fn allow(&mut self, emergencies: &mut BTreeMap<OrganizationId, Vec<u64>>) {
        for times in emergencies.values_mut() {
            times.sort_unstable();
            for (index, last) in times.iter().enumerate() {
                let window = times.iter().take(index.saturating_add(1));
                let count = window.filter(|time| time.saturating_add(DAY) >= *last).count();
                self.organization_emergencies = self.organization_emergencies.max(count);
            }
        }
    }

    /// The file.
    pub(super) fn to_toml(&self) -> String {
        let mut text = format!(
            "# TEST DATA: the policy that belongs to a simulated scenario.\n\n\
             [emergencies]\nwindow = \"24h\"\nactor = {ACTOR_EMERGENCIES}\norganization = {}\n\n\
             [sensitive]\nclasses = [\"MolecularSequence\", \"FamilyMemberHistory\"]\n\n\
             [mass_access]\nsubjects = {}\n\n\
             [identifiers]\npatterns = [\"MRN-[0-9]{{6}}\"]\n",
            self.organization_emergencies, self.subjects
        );
        let mut push = |table: &str, lines: &[(&str, String)]| {
            // Writing to a string cannot fail.
            let _head = write!(text, "\n[[{table}]]\n");
            for (key, value) in lines {
                let _line = writeln!(text, "{key} = {value}");
            }
        };
        let quoted = |text: String| format!("\"{text}\"");
        for (table, list) in [("staff", &self.staff), ("related", &self.related)] {
            for (person, subject) in list {
                let lines = [
                    ("person", quoted(person.to_string())),
                    ("subject", quoted(subject.to_string())),
                ];
                push(table, &lines);
            }
        }
        for (subject, persons) in &self.protected {
            let persons: Vec<_> = persons.iter().map(|person| quoted(person.to_string())).collect();
            let lines = [
                ("subject", quoted(subject.to_string())),
                ("persons", format!("[{}]", persons.join(", "))),
            ];
            push("protected", &lines);
        }
        for (consent, version, sha256) in &self.documents {
            let lines = [
                ("consent", quoted(HEXLOWER.encode(&consent.0).to_uppercase())),
                ("version", version.to_string()),
                ("sha256", quoted(sha256.to_string())),
            ];
            push("documents", &lines);
        }
        text
    }
}
