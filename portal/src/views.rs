//! Who opened the records of a viewing file, as the worker says it.

use std::rc::Rc;

use serde::Deserialize;

use crate::{link::Target, report::audit::Finding};

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Views {
    /// Whether the viewing file may be one patient's.
    pub(crate) one_patient: bool,
    /// In the order of the ledger.
    pub(crate) events: Rc<[Event]>,
    pub(crate) events_omitted: String,
    /// What is found about these patients at none of the events, in the order of the ledger.
    pub(crate) other_findings: Vec<Finding>,
    pub(crate) other_findings_omitted: String,
}

impl Views {
    /// Reads views; `None` for what is none.
    pub(crate) fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Event {
    pub(crate) height: String,
    pub(crate) index: String,
    pub(crate) record: String,
    /// `accepted`, or why the network refused it.
    pub(crate) code: String,
    pub(crate) subject: String,
    pub(crate) custodian: String,
    pub(crate) moment: String,
    pub(crate) person: String,
    pub(crate) role: String,
    pub(crate) organization: String,
    pub(crate) own: bool,
    /// None of what only the recipient recorded.
    pub(crate) action: Option<String>,
    pub(crate) classes: Option<Vec<String>>,
    pub(crate) purposes: Vec<String>,
    pub(crate) outcome: String,
    pub(crate) recipient: Option<String>,
    /// None of what was not decided.
    pub(crate) verdict: Option<String>,
    pub(crate) ground: Option<String>,
    pub(crate) basis: Option<String>,
    pub(crate) permitted_by: Vec<String>,
    pub(crate) denied_by: Vec<String>,
    pub(crate) findings: Vec<String>,
}

impl Event {
    /// Whether the network recorded it.
    pub(crate) fn is_accepted(&self) -> bool {
        self.code == "accepted"
    }

    /// Where the link of a finding at it points.
    pub(crate) fn target(&self, id: &str) -> Target {
        let (height, index) = (self.height.clone(), Some(self.index.clone()));
        Target { id: id.to_owned(), height, index }
    }
}
