//! What a regime accounts for, from a second pass.

use vidimus::{
    audit,
    record::{instant::Instant, view::ViewingFile},
    report::{Ledger, Report},
};
use vidimus_accounting::{csv, html, json};
use wasm_bindgen::prelude::wasm_bindgen;

use super::SecondPass;

/// Collects from a second pass the accesses that a regime accounts for.
#[wasm_bindgen]
#[derive(Debug)]
pub struct AccountingCollector {
    collector: audit::AccountingCollector,
    report: Report,
    ledger: Ledger,
}

impl AccountingCollector {
    pub(super) fn new(
        regime: audit::Regime,
        view: Option<ViewingFile>,
        report: &Report,
        ledger: &Ledger,
    ) -> Self {
        let end = Instant::of_block(&ledger.last.time);
        let collector = audit::AccountingCollector::new(regime, view, end);
        Self { collector, report: report.clone(), ledger: ledger.clone() }
    }
}

#[wasm_bindgen]
impl AccountingCollector {
    /// Takes the transactions that the pass has.
    pub fn take(&mut self, pass: &mut SecondPass) {
        pass.0.take_acts().iter().for_each(|act| self.collector.add(act));
        // They are not told here, and would wait for somebody to ask.
        drop((pass.0.take_start(), pass.0.take_findings()));
    }

    /// The accounting.
    pub fn finish(self) -> Accounting {
        let Self { collector, report, ledger } = self;
        Accounting { table: collector.finish(), report, ledger }
    }
}

/// What a regime accounts for, in the bytes that `vidimus report` prints.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Accounting {
    table: audit::Accounting,
    report: Report,
    ledger: Ledger,
}

#[wasm_bindgen]
impl Accounting {
    /// As CSV.
    pub fn csv(&self) -> String {
        csv::accounting(&self.table).unwrap_or_default()
    }

    /// As a page that loads nothing.
    pub fn html(&self) -> String {
        html::accounting(&self.report, &self.ledger, &self.table)
    }

    /// As JSON.
    pub fn json(&self) -> String {
        json::accounting(&self.report, &self.table).unwrap_or_default()
    }
}
