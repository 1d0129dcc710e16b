//! V34: data that lost their label.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::{
    audit::{
        act::{Act, is_below},
        check::Check,
        finding::{Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    encoding::{hex::Hash, to_u64},
    merkle::sha256,
    record::{
        codes::{Code, System, confidentiality_rank},
        sealing::Carried,
    },
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Data lost their label without anybody's decision",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}. A resource in it was more protected before: {why}.",
        matters: "Whoever takes a label off opens the data to everybody whom the label kept out.",
        lawful: "A change of labels by somebody whose task it is, recorded as such.",
        not_proven: "That the earlier label was right.",
    },
};

/// What a resource weighs without its labels, and a label without its text.
const RESOURCE_BYTES: u64 = 128;
const LABEL_BYTES: u64 = 48;

/// Opened data of a resource with less protection than before.
#[derive(Debug, Default)]
pub(super) struct Downgraded {
    /// By subject and resource: the highest confidentiality and all sensitivity labels so far.
    labels: BTreeMap<Hash, Labels>,
    /// What all labels weigh.
    label_bytes: u64,
}

#[derive(Clone, Debug, Default)]
struct Labels {
    /// Its place in the order; none for a level that has none.
    confidentiality: Option<usize>,
    sensitivity: BTreeSet<Code>,
}

impl Labels {
    fn of(carried: &Carried) -> Self {
        let codes = carried.codes().iter();
        let confidentiality = codes.clone().filter_map(confidentiality_rank).max();
        let sensitivity = codes.filter(|code| code.system() == System::Sensitivity);
        Self { confidentiality, sensitivity: sensitivity.cloned().collect() }
    }

    /// What protects less than before, if anything does.
    fn lost(&self, before: &Self) -> Option<&'static str> {
        // A level without a place is neither higher nor lower.
        let levels = self.confidentiality.zip(before.confidentiality);
        let is_kept = |label: &Code| {
            let text = label.text();
            self.sensitivity.iter().any(|now| now == label || is_below(now, &[text]))
        };
        if levels.is_some_and(|(now, before)| now < before) {
            Some("its confidentiality was higher")
        } else if !before.sensitivity.iter().all(is_kept) {
            Some("a label of sensitivity is missing")
        } else {
            None
        }
    }

    /// What the labels weigh.
    fn weight(&self) -> u64 {
        let of_one = |label: &Code| to_u64(label.text().len()).saturating_add(LABEL_BYTES);
        self.sensitivity.iter().map(of_one).fold(0, u64::saturating_add)
    }
}

impl Check for Downgraded {
    fn id(&self) -> ViolationId {
        ViolationId::V34
    }

    fn is_of_sealed(&self) -> bool {
        true
    }

    fn act(&mut self, act: &Act<'_>, _ledger: &Ledger<'_>, found: &mut Found) {
        let (Some(performed), Some(carried)) = (act.performed(), act.carried()) else { return };
        let now = Labels::of(carried);
        let is_labelling = performed.has_purpose(&["LABELING"]);
        let mut why = None;
        for resource in carried.resources() {
            let key = sha256(&[&performed.subject().0, resource.as_str().as_bytes()]);
            if is_labelling {
                self.forget(&key);
            } else {
                let lost = self.compare(key, &now);
                why = why.or(lost);
            }
        }
        if let Some(why) = why {
            found.add(performed.finding(self.id()).with("why", Value::word(why)));
        }
    }

    fn weight(&self) -> u64 {
        to_u64(self.labels.len()).saturating_mul(RESOURCE_BYTES).saturating_add(self.label_bytes)
    }
}

impl Downgraded {
    /// What of the resource's protection is lost; from now on it must not be less than now.
    fn compare(&mut self, key: Hash, now: &Labels) -> Option<&'static str> {
        let before = self.labels.entry(key).or_default();
        let lost = now.lost(before);
        self.label_bytes = self.label_bytes.saturating_sub(before.weight());
        before.confidentiality = before.confidentiality.max(now.confidentiality);
        before.sensitivity.extend(now.sensitivity.iter().cloned());
        self.label_bytes = self.label_bytes.saturating_add(before.weight());
        lost
    }

    /// It is labelled anew. What whoever does it opens may bear the labels of before.
    fn forget(&mut self, key: &Hash) {
        if let Some(before) = self.labels.remove(key) {
            self.label_bytes = self.label_bytes.saturating_sub(before.weight());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_that_is_kept_weighs() {
        let labels = |texts: &[&str]| Labels {
            confidentiality: None,
            sensitivity: texts
                .iter()
                .map(|text| Code::new(System::Sensitivity, text).unwrap())
                .collect(),
        };
        let (mut check, key) = (Downgraded::default(), Hash([1; 32]));
        let mut weigh = |texts: &[&str]| {
            check.compare(key, &labels(texts));
            check.weight()
        };
        let none = weigh(&[]);
        let one = weigh(&["HIV"]);
        assert_eq!(one.checked_sub(none), Some(LABEL_BYTES.saturating_add(3)));
        assert_eq!(weigh(&["HIV"]), one);
        assert!(weigh(&["SUD", "VIP"]) > one);
        check.forget(&key);
        assert_eq!(check.weight(), 0);
    }
}
