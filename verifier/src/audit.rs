//! The audit: what a genuine ledger shows of acts that nobody allowed.
//!
//! It reads each block after the contract has run it, and what it finds is opened only when the blocks
//! are trusted. The rules are `docs/audit.md`; each has a file in `checks`.
//!
//! ```text
//! transaction, result, judgement ─▶ Act ─▶ every Check ─▶ Found ─▶ AuditReport
//!                            state after the block ──┘
//! ```

mod act;
mod check;
mod checks;
mod clear;
mod coverage;
mod delegate;
mod finding;
mod found;
mod known;
mod ledger;
mod listed;
mod options;
mod policy;
mod protocols;
mod regime;
mod report;
mod restriction;
mod signer;
mod start;
mod tell;
mod uncovered;
mod views;
mod violation;

use alloc::{boxed::Box, vec::Vec};

pub use act::{Act, Opened, Place};
pub use coverage::Coverage;
pub use finding::{Argument, Finding, Severity, Value};
pub use listed::ListedAct;
pub use options::AuditOptions;
pub use policy::{AuditPolicy, AuditPolicyError};
pub use regime::{
    Accounting, AccountingCollector, Cell, Column, ColumnEntry, Entry, Excluded, Exclusion, Head,
    Presence, Regime, RegimeEntry, Repeats,
};
pub use report::{AuditReport, Outcome, SkipReason, ViolationEntry};
pub use start::{Standing, Start, StartEntry};
pub use views::{Event, Row, Side, ViewCollector, Views};
pub use violation::{Description, ViolationId};

use self::{check::Check, found::Found, known::Known, ledger::Ledger, regime::Completeness};
use crate::{contract::machine::Contract, limits::Limits, record::instant::Instant};

/// An audit in progress.
#[derive(Debug)]
pub(crate) struct Audit {
    options: AuditOptions,
    known: Known,
    checks: Vec<Box<dyn Check>>,
    found: Found,
    coverage: Coverage,
    completeness: Completeness,
    /// Whether a request, an access or a consent stayed sealed.
    has_sealed: bool,
    /// Every transaction, where they are asked for.
    listing: Option<Vec<ListedAct>>,
    /// What stood before the first block, where it is asked for.
    start: Option<Start>,
    first: u64,
    last: (u64, Instant),
    is_from_start: bool,
}

impl Audit {
    /// An audit of the blocks from `first` on, before which the contract is in this state.
    pub(crate) fn start(
        options: AuditOptions,
        limits: &Limits,
        contract: &Contract,
        first: Place,
        is_from_start: bool,
    ) -> Self {
        let mut audit = Self {
            known: Known::of_state(contract.state()),
            checks: checks::all(),
            found: Found::new(if options.is_listing { u64::MAX } else { limits.findings_each }),
            coverage: Coverage::default(),
            completeness: Completeness::default(),
            has_sealed: false,
            listing: options.is_listing.then(Vec::new),
            start: options.is_start_listed.then(|| Start::of(contract, is_from_start)),
            first: first.height,
            last: (first.height, first.time),
            is_from_start,
            options,
        };
        let ledger = ledger(&audit.options, &audit.known, contract, first, is_from_start);
        for check in &mut audit.checks {
            check.start(&ledger, &mut audit.found);
        }
        audit
    }

    /// Looks at the transactions of a block, which the contract's state is after.
    ///
    /// # Cost
    /// A lookup or two for most checks. With a viewing file, opening the details of each record.
    pub(crate) fn block(&mut self, contract: &Contract, acts: Vec<Act<'_>>) {
        // Consents and protocols stand after the block, wherever in it they were recorded.
        for act in &acts {
            self.known.add(act, contract.network());
        }
        for mut act in acts {
            self.last = (act.place.height, act.place.time);
            act.open(self.options.view.as_ref());
            self.has_sealed |= act.stays_sealed();
            self.coverage.add(&act);
            let place = act.place;
            let ledger = ledger(&self.options, &self.known, contract, place, self.is_from_start);
            act.uncovered =
                act.performed().and_then(|performed| uncovered::reason(&performed, &ledger));
            self.completeness.add(&act, &ledger);
            for check in &mut self.checks {
                check.act(&act, &ledger, &mut self.found);
            }
            if let Some(listing) = &mut self.listing {
                listing.push(ListedAct::of(act));
            }
        }
    }

    /// The transactions since this was last asked for.
    pub(crate) fn take_acts(&mut self) -> Vec<ListedAct> {
        self.listing.as_mut().map(core::mem::take).unwrap_or_default()
    }

    /// What stood before the first block, once.
    pub(crate) fn take_start(&mut self) -> Option<Start> {
        self.start.take()
    }

    /// The findings since this was last asked for.
    pub(crate) fn take_findings(&mut self) -> Vec<Finding> {
        self.found.take_new()
    }

    /// The last block was looked at, though no header attests its results.
    pub(crate) fn end(&mut self, contract: &Contract, last: Place) {
        self.last = (last.height, last.time);
        let ledger = ledger(&self.options, &self.known, contract, last, self.is_from_start);
        self.completeness.end(&ledger);
        for check in &mut self.checks {
            check.end(&ledger, &mut self.found);
        }
    }

    /// Bytes that the audit keeps, give or take a few: what its limit is about.
    pub(crate) fn weight(&self) -> u64 {
        let checks = self.checks.iter().map(|check| check.weight());
        checks.fold(self.known.weight(), u64::saturating_add)
    }

    /// What was found.
    pub(crate) fn into_report(self) -> AuditReport {
        // One record that stays sealed is enough: nobody looked there.
        let is_sealed = self.has_sealed || self.options.view.is_none();
        let skips = self.checks.iter().map(|check| {
            let sealed = (is_sealed && check.is_of_sealed()).then_some(SkipReason::Sealed);
            (check.id(), check.skip(&self.options).or(sealed))
        });
        let range = (self.first, self.last);
        let counts = (self.coverage, self.completeness);
        report::report(skips, self.found, counts, &self.options, range)
    }
}

fn ledger<'a>(
    options: &'a AuditOptions,
    known: &'a Known,
    contract: &'a Contract,
    place: Place,
    is_from_start: bool,
) -> Ledger<'a> {
    Ledger { options, known, contract, place, is_from_start }
}
