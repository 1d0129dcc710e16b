//! `vidimus who`: who opened a patient's record.

use std::process::ExitCode;

use vidimus::{
    SecondPass, TrustedInput,
    audit::{AuditOptions, ViewCollector, Views},
    limits::Limits,
};

use super::{Verified, exit_code, print, verify_executed};
use crate::{
    arguments::{Format, Who},
    drive,
    error::CommandError,
    input::Input,
    text,
};

/// Who opened what, from the second pass.
pub(super) fn collect_views(
    trusted: &TrustedInput,
    audit: AuditOptions,
    input: &Input,
    limits: &Limits,
) -> Result<Views, CommandError> {
    let mut collector = ViewCollector::new(audit.view.clone().unwrap_or_default());
    let pass = trusted.second_pass(audit);
    drive::second_pass(pass, input, limits, |pass: &mut SecondPass| {
        pass.take_acts().iter().for_each(|act| collector.add(act));
        pass.take_findings().iter().for_each(|finding| collector.add_finding(finding));
        Ok(())
    })?;
    Ok(collector.finish())
}

/// Nothing is listed of a snapshot that is not verified: then the verdict is printed instead.
pub(crate) fn who(arguments: &Who) -> Result<ExitCode, CommandError> {
    if arguments.subject.views.is_empty() {
        return Err(CommandError::NoViewingFile);
    }
    let Verified { input, limits, audit, report, trusted } = verify_executed(&arguments.subject)?;
    let (Some(trusted), Some(audited)) = (trusted, &report.audit) else {
        print(&text::report(&report))?;
        return Ok(exit_code(&report));
    };
    let view = audit.view.clone().unwrap_or_default();
    let views = collect_views(&trusted, audit, &input, &limits)?;
    print(&match arguments.format {
        Format::Text => text::who::who(&report, audited, &view, &views),
        Format::Json => {
            let mut json = serde_json::to_string_pretty(&views)
                .map_err(|error| CommandError::Print(error.into()))?;
            json.push('\n');
            json
        }
    })?;
    Ok(exit_code(&report))
}
