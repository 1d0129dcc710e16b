//! `vidimus who`: who opened a patient's record.

use std::process::ExitCode;

use vidimus::{SecondPass, audit::ViewCollector, policy::Require};

use super::{Verified, exit_code, print, verify_subject};
use crate::{
    arguments::{Format, Who},
    drive,
    error::CommandError,
    text,
};

/// Nothing is listed of a snapshot that is not verified: then the verdict is printed instead.
pub(crate) fn who(arguments: &Who) -> Result<ExitCode, CommandError> {
    if arguments.subject.views.is_empty() {
        return Err(CommandError::NoViewingFile);
    }
    let Verified { input, limits, audit, report, trusted } =
        verify_subject(&arguments.subject, Some(Require::Contract))?;
    let (Some(trusted), Some(audited)) = (trusted, &report.audit) else {
        print(&text::report(&report))?;
        return Ok(exit_code(&report));
    };
    let view = audit.view.clone().unwrap_or_default();
    let mut collector = ViewCollector::new(view.clone());
    let pass = trusted.second_pass(audit);
    drive::second_pass(pass, &input, &limits, |pass: &mut SecondPass| {
        pass.take_acts().iter().for_each(|act| collector.add(act));
        pass.take_findings().iter().for_each(|finding| collector.add_finding(finding));
        Ok(())
    })?;
    let views = collector.finish();
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
