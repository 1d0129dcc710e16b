//! Views: who opened what, as plain data for any front end.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::{String, ToString as _},
    vec,
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use super::{
    act::{Opened, Performed, is_a},
    finding::Finding,
    listed::ListedAct,
    violation::ViolationId,
};
use crate::{
    contract::outcome::Judgement,
    encoding::hex::{Hash, Identifier, PublicKey},
    record::{
        Body, Record,
        access::{Access, CustodianHalf},
        codes::System,
        consent::Effect,
        instant::Instant,
        view::ViewingFile,
    },
    report::{decimal, decimal_map},
};

/// Most events of all viewed subjects together.
const EVENTS: usize = 200_000;

/// Most organizations, and most persons, that are counted by themselves.
const ROWS: usize = 10_000;

/// What the viewing file's subjects, and everybody together, look like on the ledger.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Views {
    /// Whether the viewing file may be one patient's: it has no two subjects of one custodian.
    pub one_patient: bool,
    /// Events of the viewing file's subjects, in the order of the ledger.
    pub events: Vec<Event>,
    /// Events beyond the limit.
    #[serde(with = "decimal")]
    pub events_omitted: u64,
    /// Performed accesses by the actor's organization.
    pub organizations: Vec<Row>,
    /// Performed accesses by person.
    pub persons: Vec<Row>,
    /// Rows beyond the limit.
    #[serde(with = "decimal")]
    pub rows_omitted: u64,
    /// Performed accesses by weekday, Monday first, and hour (UTC).
    pub hours: Vec<Vec<u64>>,
    /// Performed accesses by purpose.
    #[serde(with = "decimal_map")]
    pub purposes: BTreeMap<String, u64>,
    /// Performed accesses by verdict and ground of their decision.
    #[serde(with = "decimal_map")]
    pub decisions: BTreeMap<String, u64>,
}

/// How many accesses somebody performed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Row {
    /// An organization's id, or a person's pseudonym.
    pub name: String,
    /// Performed accesses.
    #[serde(with = "decimal")]
    pub accesses: u64,
    /// Of them, those that their decision does not permit.
    #[serde(with = "decimal")]
    pub not_permitted: u64,
    /// Of them, declared emergencies.
    #[serde(with = "decimal")]
    pub emergencies: u64,
}

/// One access to a viewed subject's record: who, when, what, why, and under which consent.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Event {
    /// Height of the block.
    #[serde(with = "decimal")]
    pub height: u64,
    /// Index of the transaction.
    #[serde(with = "decimal")]
    pub index: u64,
    /// Id of the record.
    pub record: Hash,
    /// The event's id.
    pub event: Identifier,
    /// Whose record.
    pub subject: PublicKey,
    /// Where.
    pub custodian: String,
    /// When.
    pub moment: String,
    /// Who: a pseudonym that the organization can resolve.
    pub person: Hash,
    /// As what.
    pub role: String,
    /// Of which organization.
    pub organization: String,
    /// Whether the patient, or somebody for them, looked.
    pub own: bool,
    /// What was done.
    pub action: String,
    /// With what: the opened codes; absent if they are sealed.
    pub classes: Option<Vec<String>>,
    /// Labels of it; absent if they are sealed.
    pub labels: Option<Vec<String>>,
    /// What for.
    pub purposes: Vec<String>,
    /// How it ended.
    pub outcome: String,
    /// Declared an emergency.
    pub emergency: bool,
    /// To whom data went, if a disclosure says so.
    pub recipient: Option<String>,
    /// What the contract decided.
    pub verdict: String,
    /// On what that rests.
    pub ground: String,
    /// The lawful basis, if it rests on one.
    pub basis: Option<String>,
    /// Ids of the records of the consents that permit it.
    pub permitted_by: Vec<Hash>,
    /// Ids of the records of the consents that deny it.
    pub denied_by: Vec<Hash>,
    /// What is wrong with it.
    pub findings: Vec<ViolationId>,
}

impl Event {
    /// What the custodian's half of an access says, and what was decided on it.
    pub(crate) fn of(
        (height, index): (u64, u64),
        record: &Record,
        access: &Access,
        half: &CustodianHalf,
        judgement: &Judgement,
        opened: &Opened,
    ) -> Self {
        let codes = |system: &[System]| {
            let codes = opened.carried()?.codes().iter();
            let codes = codes.filter(|code| system.contains(&code.system()));
            Some(codes.map(|code| code.text().to_string()).collect::<Vec<_>>())
        };
        let labels = [System::Sensitivity, System::Law, System::Refrain, System::Obligation];
        let said = |effect: Effect| {
            let considered = judgement.decision.considered.iter();
            let said = considered.filter(|considered| considered.effect == Some(effect));
            said.map(|considered| considered.consent).collect::<Vec<_>>()
        };
        let processing = &half.processing;
        Self {
            height,
            index,
            record: record.id,
            event: access.event,
            subject: access.subject,
            custodian: access.custodian.as_str().to_string(),
            moment: judgement.at.to_string(),
            person: processing.actor.person,
            role: processing.actor.role.as_str().to_string(),
            organization: processing.actor.organization.as_str().to_string(),
            own: is_own(half),
            action: processing.action.as_str().to_string(),
            classes: codes(&[System::Class]),
            labels: codes(&labels),
            purposes: processing.purposes.iter().map(|code| code.as_str().to_string()).collect(),
            outcome: access.outcome.name().to_string(),
            emergency: processing.emergency,
            recipient: recipient(access, half),
            verdict: judgement.decision.verdict.name().to_string(),
            ground: judgement.decision.ground.name().to_string(),
            basis: judgement.decision.basis.as_ref().map(|code| code.as_str().to_string()),
            permitted_by: said(Effect::Permit),
            denied_by: said(Effect::Deny),
            findings: Vec::new(),
        }
    }
}

/// Collects views from a second pass.
#[derive(Debug)]
pub struct ViewCollector {
    view: ViewingFile,
    views: Views,
    organizations: BTreeMap<String, Row>,
    persons: BTreeMap<String, Row>,
    /// Where in `views.events` an access stands.
    by_place: BTreeMap<(u64, u64), usize>,
    early: BTreeMap<(u64, u64), Vec<ViolationId>>,
}

impl ViewCollector {
    /// Views of the subjects of this viewing file.
    pub fn new(view: ViewingFile) -> Self {
        Self {
            views: Views {
                one_patient: may_be_of_one_patient(&view),
                events: Vec::new(),
                events_omitted: 0,
                organizations: Vec::new(),
                persons: Vec::new(),
                rows_omitted: 0,
                hours: vec![vec![0; 24]; 7],
                purposes: BTreeMap::new(),
                decisions: BTreeMap::new(),
            },
            view,
            organizations: BTreeMap::new(),
            persons: BTreeMap::new(),
            by_place: BTreeMap::new(),
            early: BTreeMap::new(),
        }
    }

    /// Takes a transaction.
    pub fn add(&mut self, listed: &ListedAct) {
        let act = listed.as_act();
        if let Some(performed) = act.performed() {
            self.count(&performed);
        }
        let Some(record) = act.accepted() else { return };
        let (Body::Access(access), Some(judgement)) = (&record.body, act.judgement) else { return };
        let Some(half) = &access.by_custodian else { return };
        if self.view.view_key(&access.subject).is_none() {
            return;
        }
        if self.views.events.len() >= EVENTS {
            self.views.events_omitted = self.views.events_omitted.saturating_add(1);
            return;
        }
        let place = (act.place.height, act.place.index.unwrap_or_default());
        let mut event = Event::of(place, record, access, half, judgement, &act.opened);
        event.findings = self.early.remove(&place).unwrap_or_default();
        self.by_place.insert(place, self.views.events.len());
        self.views.events.push(event);
    }

    /// Takes a finding: the event that it is about says so.
    pub fn add_finding(&mut self, finding: &Finding) {
        let Some(index) = finding.index else { return };
        let is_viewed = |subject: &PublicKey| self.view.view_key(subject).is_some();
        if !finding.subject.as_ref().is_some_and(is_viewed) {
            return;
        }
        let place = (finding.height, index);
        let event = self.by_place.get(&place).and_then(|at| self.views.events.get_mut(*at));
        match event {
            Some(event) => event.findings.push(finding.id),
            None => self.early.entry(place).or_default().push(finding.id),
        }
    }

    /// The views.
    pub fn finish(mut self) -> Views {
        for event in &mut self.views.events {
            event.findings.sort();
        }
        self.views.organizations = sorted(self.organizations);
        self.views.persons = sorted(self.persons);
        self.views
    }

    fn count(&mut self, performed: &Performed<'_>) {
        let (processing, decision) = (&performed.half.processing, &performed.judgement.decision);
        let actor = &processing.actor;
        let not_permitted = !decision.verdict.permits();
        let organization = actor.organization.as_str().to_string();
        for (rows, name) in
            [(&mut self.organizations, organization), (&mut self.persons, actor.person.to_string())]
        {
            if !rows.contains_key(&name) && rows.len() >= ROWS {
                self.views.rows_omitted = self.views.rows_omitted.saturating_add(1);
                continue;
            }
            let row = rows.entry(name.clone()).or_insert_with(|| Row::new(name));
            row.accesses = row.accesses.saturating_add(1);
            row.not_permitted = row.not_permitted.saturating_add(u64::from(not_permitted));
            row.emergencies = row.emergencies.saturating_add(u64::from(processing.emergency));
        }
        let (weekday, hour) = weekday_and_hour(performed.moment());
        if let Some(cell) = self.views.hours.get_mut(weekday).and_then(|day| day.get_mut(hour)) {
            *cell = cell.saturating_add(1);
        }
        for purpose in processing.purposes.iter() {
            add_one(&mut self.views.purposes, purpose.as_str().to_string());
        }
        let rule = alloc::format!("{} by {}", decision.verdict.name(), decision.ground.name());
        add_one(&mut self.views.decisions, rule);
    }
}

impl Row {
    fn new(name: String) -> Self {
        Self { name, accesses: 0, not_permitted: 0, emergencies: 0 }
    }
}

/// Most accesses first.
fn sorted(rows: BTreeMap<String, Row>) -> Vec<Row> {
    let mut rows: Vec<_> = rows.into_values().collect();
    rows.sort_by(|a, b| b.accesses.cmp(&a.accesses).then_with(|| a.name.cmp(&b.name)));
    rows
}

fn add_one(counts: &mut BTreeMap<String, u64>, name: String) {
    if counts.contains_key(&name) || counts.len() < ROWS {
        let count = counts.entry(name).or_default();
        *count = count.saturating_add(1);
    }
}

/// The patient, or somebody by the patient's right.
fn is_own(half: &CustodianHalf) -> bool {
    let role = &half.processing.actor.role;
    half.processing.delegate.is_some() || is_a(System::Role, role, &["patient", "representative"])
}

fn recipient(access: &Access, half: &CustodianHalf) -> Option<String> {
    let named = half.disclosure.as_ref().and_then(|disclosure| {
        let id = disclosure.recipient.as_ref().map(|id| id.as_str().to_string());
        id.or_else(|| disclosure.name.as_ref().map(|name| name.as_str().to_string()))
    });
    let organization = &half.processing.actor.organization;
    named.or_else(|| (*organization != access.custodian).then(|| organization.as_str().to_string()))
}

/// A patient has one pseudonym at each custodian.
fn may_be_of_one_patient(view: &ViewingFile) -> bool {
    let mut custodians = BTreeSet::new();
    view.subjects().all(|(_, custodian)| custodians.insert(custodian.as_str()))
}

/// Monday is 0: the first of January 1970 was a Thursday.
fn weekday_and_hour(moment: Instant) -> (usize, usize) {
    let hours = moment.as_millis() / 3_600_000;
    let weekday = (hours / 24).saturating_add(3) % 7;
    let place = |number: u64| usize::try_from(number).unwrap_or_default();
    (place(weekday), place(hours % 24))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::keys::ViewKey;

    #[test]
    fn two_pseudonyms_at_one_custodian_are_two_patients() {
        let may_be_one = |custodians: &[&str]| {
            let mut view = ViewingFile::default();
            for (byte, custodian) in (0_u8..).zip(custodians) {
                let (subject, key) = (PublicKey([byte; 32]), ViewKey::new([1; 32]));
                view.insert(custodian.parse().unwrap(), subject, key).unwrap();
            }
            ViewCollector::new(view).finish().one_patient
        };
        assert!(may_be_one(&[]) && may_be_one(&["a"]) && may_be_one(&["a", "b"]));
        assert!(!may_be_one(&["a", "b", "a"]));
    }

    #[test]
    fn weekdays_begin_with_monday() {
        let at = |millis| weekday_and_hour(Instant::from_millis(millis).unwrap());
        // 2026-11-26 was a Thursday, 2026-11-30 a Monday (ISO 8601).
        assert_eq!(at(1_795_651_200_000), (3, 0));
        assert_eq!(at(1_795_996_800_000 - 1), (6, 23));
        assert_eq!(at(1_795_996_800_000), (0, 0));
        assert_eq!(at(0), (3, 0));
    }

    #[test]
    fn most_accesses_come_first() {
        let row = |name: &str, accesses| Row { accesses, ..Row::new(name.to_string()) };
        let rows = [row("a", 1), row("b", 3), row("c", 3)];
        let rows = rows.map(|row| (row.name.clone(), row)).into();
        let names: Vec<_> = sorted(rows).into_iter().map(|row| row.name).collect();
        assert_eq!(names, ["b", "c", "a"]);
    }
}
