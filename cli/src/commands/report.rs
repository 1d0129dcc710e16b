//! `vidimus report`: the accesses that a law accounts for.

use std::process::ExitCode;

use vidimus::{SecondPass, audit::AccountingCollector, record::instant::Instant};
use vidimus_accounting::{csv, html, json};

use super::{Verified, exit_code, print, verify_executed};
use crate::{
    arguments::{Report, ReportFormat},
    drive,
    error::CommandError,
    text,
};

/// Nothing is accounted for of a snapshot that is not verified: then the verdict is printed instead.
pub(crate) fn report(arguments: &Report) -> Result<ExitCode, CommandError> {
    let Verified { input, limits, audit, report, trusted } = verify_executed(&arguments.subject)?;
    let (Some(trusted), Some(ledger)) = (trusted, &report.ledger) else {
        print(&text::report(&report))?;
        return Ok(exit_code(&report));
    };
    let end = Instant::of_block(&ledger.last.time);
    let mut collector = AccountingCollector::new(arguments.regime, audit.view.clone(), end);
    let pass = trusted.second_pass(audit);
    drive::second_pass(pass, &input, &limits, |pass: &mut SecondPass| {
        pass.take_acts().iter().for_each(|act| collector.add(act));
        Ok(())
    })?;
    let accounting = collector.finish();
    print(&match arguments.format {
        ReportFormat::Csv => csv::accounting(&accounting).map_err(CommandError::Print)?,
        ReportFormat::Html => html::accounting(&report, ledger, &accounting),
        ReportFormat::Json => json::accounting(&report, &accounting)
            .map_err(|error| CommandError::Print(error.into()))?,
    })?;
    Ok(exit_code(&report))
}
