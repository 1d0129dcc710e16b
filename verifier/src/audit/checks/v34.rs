//! V34: data that lost their label.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::{String, ToString as _},
};

use crate::{
    audit::{
        act::Act,
        check::Check,
        finding::{Severity, Value},
        found::Found,
        ledger::Ledger,
        options::AuditOptions,
        report::SkipReason,
        violation::{Description, Text, ViolationId},
    },
    encoding::{hex::Hash, to_u64},
    merkle::sha256,
    record::{
        codes::{System, confidentiality_rank},
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

/// What the labels of a resource weigh.
const LABELS_BYTES: u64 = 128;

/// Opened data of a resource with less protection than before.
#[derive(Debug, Default)]
pub(super) struct Downgraded {
    /// By subject and resource: the highest confidentiality and all sensitivity labels so far.
    labels: BTreeMap<Hash, Labels>,
}

#[derive(Clone, Debug, Default)]
struct Labels {
    confidentiality: usize,
    sensitivity: BTreeSet<String>,
}

impl Labels {
    fn of(carried: &Carried) -> Self {
        let codes = carried.codes().iter();
        let rank = codes.clone().filter_map(confidentiality_rank).max();
        let sensitivity = codes.filter(|code| code.system() == System::Sensitivity);
        Self {
            confidentiality: rank.unwrap_or_default(),
            sensitivity: sensitivity.map(|code| code.text().to_string()).collect(),
        }
    }
}

impl Check for Downgraded {
    fn id(&self) -> ViolationId {
        ViolationId::V34
    }

    fn skip(&self, options: &AuditOptions) -> Option<SkipReason> {
        options.view.is_none().then_some(SkipReason::Sealed)
    }

    fn act(&mut self, act: &Act<'_>, _ledger: &Ledger<'_>, found: &mut Found) {
        let (Some(performed), Some(carried)) = (act.performed(), act.carried()) else { return };
        let now = Labels::of(carried);
        let is_relabelled = performed.has_purpose(&["LABELING"]);
        let mut why = None;
        for resource in carried.resources() {
            let key = sha256(&[&performed.subject().0, resource.as_str().as_bytes()]);
            let before = self.labels.entry(key).or_insert_with(|| now.clone());
            if is_relabelled {
                *before = now.clone();
                continue;
            }
            if now.confidentiality < before.confidentiality {
                why = why.or(Some("its confidentiality was higher"));
            } else if !before.sensitivity.is_subset(&now.sensitivity) {
                why = why.or(Some("a label of sensitivity is missing"));
            }
            before.confidentiality = before.confidentiality.max(now.confidentiality);
            before.sensitivity.extend(now.sensitivity.iter().cloned());
        }
        if let Some(why) = why {
            found.add(performed.finding(self.id()).with("why", Value::word(why)));
        }
    }

    fn weight(&self) -> u64 {
        to_u64(self.labels.len()).saturating_mul(LABELS_BYTES)
    }
}
