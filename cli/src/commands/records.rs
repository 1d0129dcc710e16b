//! `vidimus records`: every record of a verified snapshot, a line of JSON each.

use std::{
    io::{self, BufWriter, Write as _},
    process::ExitCode,
};

use vidimus::{SecondPass, audit::ListedAct, record::Body};

use super::{Verified, exit_code, print, verify_executed};
use crate::{
    arguments::{Listing, Records},
    drive,
    error::CommandError,
    text,
};

/// Nothing is listed of a snapshot that is not verified: then the verdict is printed instead.
pub(crate) fn records(arguments: &Records) -> Result<ExitCode, CommandError> {
    let Verified { input, limits, audit, report, trusted } = verify_executed(&arguments.subject)?;
    let Some(trusted) = trusted else {
        print(&text::report(&report))?;
        return Ok(exit_code(&report));
    };
    let view = audit.view.clone();
    let is_asked_for = |act: &ListedAct| {
        let body = act.record.as_ref().map(|record| &record.body);
        let subject = body.and_then(Body::subject);
        let is_viewed = view
            .as_ref()
            .is_none_or(|view| subject.is_some_and(|subject| view.view_key(subject).is_some()));
        arguments.kind.is_none_or(|kind| body.is_some_and(|body| body.kind() == kind))
            && arguments.about.is_none_or(|about| subject == Some(&about))
            && is_viewed
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut is_open = true;
    let written =
        drive::second_pass(trusted.second_pass(audit), &input, &limits, |pass: &mut SecondPass| {
            for act in pass.take_acts().iter().filter(|act| is_asked_for(act)) {
                if !is_open {
                    return Ok(());
                }
                let line = match arguments.format {
                    Listing::Ndjson => serde_json::to_string(act),
                };
                let line = line.map_err(io::Error::from).and_then(|line| writeln!(out, "{line}"));
                match line {
                    Ok(()) => {}
                    // A reader that closes its end of a pipe has seen enough.
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => is_open = false,
                    Err(error) => return Err(CommandError::Print(error)),
                }
            }
            Ok(())
        });
    match out.flush() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            return Err(CommandError::Print(error));
        }
        Ok(()) | Err(_) => {}
    }
    written.map(|()| exit_code(&report))
}
