//! Views: who opened what, as plain data for any front end.

mod event;

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::{String, ToString as _},
    vec,
    vec::Vec,
};

use serde::{Deserialize, Serialize};

pub use self::event::{Event, Side};
use super::{
    act::{Opened, Performed},
    finding::Finding,
    listed::ListedAct,
    violation::ViolationId,
};
use crate::{
    contract::outcome::ResultCode,
    encoding::{hex::PublicKey, to_u64},
    record::{Body, instant::Instant, view::ViewingFile},
    report::{decimal, decimal_map},
};

/// Most events, and most findings beside them, of all viewed subjects together.
const LISTED: usize = 200_000;

/// Most organizations, and most persons, that are counted by themselves.
const ROWS: usize = 10_000;

/// What the viewing file's subjects, and everybody together, look like on the ledger.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Views {
    /// Whether the viewing file may be one patient's: it has no two subjects of one custodian.
    pub one_patient: bool,
    /// Events of the viewing file's subjects, in the order of the ledger: each access that a custodian
    /// recorded, each that the contract refused, and what a recipient recorded and the custodian did not.
    pub events: Vec<Event>,
    /// Events beyond the limit. Where there are any, nobody can tell what a custodian did not record, and
    /// all that recipients recorded is among them.
    #[serde(with = "decimal")]
    pub events_omitted: u64,
    /// What is found about these subjects and at none of the events, in the order of the ledger.
    pub other_findings: Vec<Finding>,
    /// Such findings beyond the limit.
    #[serde(with = "decimal")]
    pub other_findings_omitted: u64,
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

/// Collects views from a second pass.
#[derive(Debug)]
pub struct ViewCollector {
    view: ViewingFile,
    views: Views,
    organizations: BTreeMap<String, Row>,
    persons: BTreeMap<String, Row>,
    /// Where in `views.events` a transaction stands that is surely an event.
    by_place: BTreeMap<(u64, Option<u64>), usize>,
}

impl ViewCollector {
    /// Views of the subjects of this viewing file.
    pub fn new(view: ViewingFile) -> Self {
        Self {
            views: Views {
                one_patient: may_be_of_one_patient(&view),
                events: Vec::new(),
                events_omitted: 0,
                other_findings: Vec::new(),
                other_findings_omitted: 0,
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
        }
    }

    /// Takes a transaction.
    pub fn add(&mut self, listed: &ListedAct) {
        let act = listed.as_act();
        if let Some(performed) = act.performed() {
            self.count(&performed);
        }
        let Some(record) = act.record else { return };
        let Body::Access(access) = &record.body else { return };
        if self.view.view_key(&access.subject).is_none() {
            return;
        }
        let place = (act.place.height, act.place.index.unwrap_or_default());
        let at = act.judgement.map_or(act.place.time, |judgement| judgement.at);
        // The pass opens accepted records only.
        let opened = if act.code == ResultCode::Accepted {
            act.opened
        } else {
            Opened::of(&record.body, Some(&self.view))
        };
        let event = Event::said(place, record, access, act.code, at, &opened);
        let Some(mut event) = event else { return };
        if self.views.events.len() >= LISTED {
            self.views.events_omitted = self.views.events_omitted.saturating_add(1);
            return;
        }
        if let Some(judgement) = act.judgement {
            event = event.judged(judgement);
        }
        // The custodian's half may still come.
        if !event.is_half(Side::Recipient) {
            self.by_place.insert((place.0, Some(place.1)), self.views.events.len());
        }
        self.views.events.push(event);
    }

    /// Takes a finding: the event that it is about says so. Those that come before their event are kept
    /// as far as the limit for findings that are at none.
    pub fn add_finding(&mut self, finding: &Finding) {
        let is_viewed = |subject: &PublicKey| self.view.view_key(subject).is_some();
        if !finding.subject.as_ref().is_some_and(is_viewed) {
            return;
        }
        let views = &mut self.views;
        let at = self.by_place.get(&(finding.height, finding.index));
        if let Some(event) = at.and_then(|at| views.events.get_mut(*at)) {
            event.findings.push(finding.id);
        } else if views.other_findings.len() < LISTED {
            views.other_findings.push(finding.clone());
        } else {
            views.other_findings_omitted = views.other_findings_omitted.saturating_add(1);
        }
    }

    /// The views.
    pub fn finish(mut self) -> Views {
        self.views.leave_out_confirmed();
        self.views.place_findings();
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

impl Views {
    /// Leaves out what recipients recorded, where the custodian recorded the event too: its half says all
    /// that theirs does. Where events were left out nobody can tell whether it did.
    fn leave_out_confirmed(&mut self) {
        let Self { events, events_omitted, .. } = self;
        let of_custodians = events.iter().filter(|event| event.is_half(Side::Custodian));
        let recorded: BTreeSet<_> = of_custodians.map(Event::key).collect();
        let is_confirmed =
            |event: &Event| event.is_half(Side::Recipient) && recorded.contains(&event.key());
        let confirmed: Vec<bool> = events.iter().map(is_confirmed).collect();
        let mut confirmed = confirmed.into_iter();
        events.retain(|_| confirmed.next() != Some(true));
        if *events_omitted > 0 {
            let before = events.len();
            events.retain(|event| !event.is_half(Side::Recipient));
            let more = to_u64(before.saturating_sub(events.len()));
            *events_omitted = events_omitted.saturating_add(more);
        }
    }

    /// Puts the findings that came before it was clear what is an event at their events.
    fn place_findings(&mut self) {
        let Self { events, other_findings, .. } = self;
        let place = |(at, event): (usize, &Event)| ((event.height, Some(event.index)), at);
        let by_place: BTreeMap<_, _> = events.iter().enumerate().map(place).collect();
        other_findings.retain(|finding| {
            let at = by_place.get(&(finding.height, finding.index));
            let Some(event) = at.and_then(|at| events.get_mut(*at)) else { return true };
            event.findings.push(finding.id);
            false
        });
        // A rule that waits finds what an earlier block shows.
        other_findings.sort_by_key(|finding| (finding.height, finding.index, finding.id));
        for event in events {
            event.findings.sort();
            let refutes = |id: &ViolationId| matches!(id, ViolationId::V14 | ViolationId::V15);
            event.own &= !event.findings.iter().any(refutes);
        }
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
