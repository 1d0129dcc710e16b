//! `vidimus records`: every record of a verified snapshot, a line of JSON each.

use std::process::ExitCode;

use vidimus::{
    audit::StartEntry,
    encoding::hex::PublicKey,
    record::{Body, Kind},
};

use super::{lines::list, verify_executed};
use crate::{
    arguments::{Listing, Records},
    error::CommandError,
};

/// The network comes first, whatever is asked for: nothing can be decided again without it.
pub(crate) fn records(arguments: &Records) -> Result<ExitCode, CommandError> {
    let Listing::Ndjson = arguments.format;
    let verified = verify_executed(&arguments.subject)?;
    let view = verified.audit.view.clone();
    let is_asked_for = |kind: Option<Kind>, subject: Option<&PublicKey>| {
        let is_viewed = view
            .as_ref()
            .is_none_or(|view| subject.is_some_and(|subject| view.view_key(subject).is_some()));
        arguments.kind.is_none_or(|asked| kind == Some(asked))
            && arguments.about.is_none_or(|about| subject == Some(&about))
            && is_viewed
    };
    list(verified, |pass, lines| {
        for entry in pass.take_start().into_iter().flatten() {
            let is_listed = match &entry {
                StartEntry::Network(_) => true,
                StartEntry::State(left) => is_asked_for(Some(left.kind()), left.subject()),
            };
            if is_listed {
                lines.print(serde_json::to_string(&entry))?;
            }
        }
        for act in pass.take_acts() {
            let body = act.record.as_ref().map(|record| &record.body);
            if is_asked_for(body.map(Body::kind), body.and_then(Body::subject)) {
                lines.print(serde_json::to_string(&act))?;
            }
        }
        Ok(())
    })
}
