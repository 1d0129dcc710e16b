//! Who opened the records of a viewing file, as the worker says it.

use serde::Deserialize;

use crate::link::Target;

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Views {
    /// Whether the viewing file may be one patient's.
    pub(crate) one_patient: bool,
    /// In the order of the ledger.
    pub(crate) events: Vec<Event>,
    pub(crate) events_omitted: String,
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
    pub(crate) subject: String,
    pub(crate) custodian: String,
    pub(crate) moment: String,
    pub(crate) person: String,
    pub(crate) role: String,
    pub(crate) organization: String,
    pub(crate) own: bool,
    pub(crate) action: String,
    pub(crate) classes: Option<Vec<String>>,
    pub(crate) purposes: Vec<String>,
    pub(crate) outcome: String,
    pub(crate) recipient: Option<String>,
    pub(crate) verdict: String,
    pub(crate) ground: String,
    pub(crate) basis: Option<String>,
    pub(crate) permitted_by: Vec<String>,
    pub(crate) denied_by: Vec<String>,
    pub(crate) findings: Vec<String>,
}

impl Event {
    /// Where the link of a finding at it points.
    pub(crate) fn target(&self, id: &str) -> Target {
        let (height, index) = (self.height.clone(), Some(self.index.clone()));
        Target { id: id.to_owned(), height, index }
    }
}
