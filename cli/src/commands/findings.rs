//! `vidimus findings`: every finding of a verified snapshot, a line of JSON each.

use std::process::ExitCode;

use vidimus::audit::ViolationId;

use super::{lines::list, verify_executed};
use crate::{
    arguments::{Findings, Listing},
    error::CommandError,
};

/// All of them: a report lists the first of each violation.
pub(crate) fn findings(arguments: &Findings) -> Result<ExitCode, CommandError> {
    let Listing::Ndjson = arguments.format;
    let is_asked_for = |id: ViolationId| {
        arguments.id.is_none_or(|asked| id == asked)
            && arguments.severity.is_none_or(|least| id.severity() >= least)
    };
    list(verify_executed(&arguments.subject)?, |pass, lines| {
        // They are not told here, and would wait for somebody to ask.
        drop((pass.take_start(), pass.take_acts()));
        let findings = pass.take_findings();
        let mut asked_for = findings.iter().filter(|finding| is_asked_for(finding.id));
        asked_for.try_for_each(|finding| lines.print(serde_json::to_string(finding)))
    })
}
