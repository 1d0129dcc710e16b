//! Components: each shows the values that it is given, and says what the user did.

pub(crate) mod accounting;
pub(crate) mod also;
pub(crate) mod anchor_input;
pub(crate) mod audit;
pub(crate) mod beside_file;
pub(crate) mod checks;
pub(crate) mod claims;
pub(crate) mod facts;
pub(crate) mod fetching;
pub(crate) mod file_picker;
pub(crate) mod finding;
pub(crate) mod findings;
pub(crate) mod icon;
pub(crate) mod more;
pub(crate) mod not_proven;
pub(crate) mod notice;
pub(crate) mod participation;
pub(crate) mod progress;
pub(crate) mod prose;
pub(crate) mod require_select;
pub(crate) mod samples;
pub(crate) mod verdict;
pub(crate) mod violation;
pub(crate) mod who;

use std::rc::Rc;

use yew::Properties;

use crate::report::Report;

/// Of every part that shows a report and does nothing else.
#[derive(PartialEq, Properties)]
pub(crate) struct ReportProps {
    pub(crate) report: Rc<Report>,
}
