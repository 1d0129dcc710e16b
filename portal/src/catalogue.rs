//! The catalogues that the worker brings: what checks, violations, regimes and codes say in words.

use std::collections::BTreeMap;

use crate::protocol::{Check, CodeInWords, Column, Regime, Violation};

/// The worker's catalogues, for lookup.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Catalogue {
    checks: BTreeMap<String, Check>,
    violations: BTreeMap<String, Violation>,
    regimes: BTreeMap<String, Regime>,
    codes: BTreeMap<(String, String), String>,
}

impl Catalogue {
    pub(crate) fn new(
        checks: Vec<Check>,
        violations: Vec<Violation>,
        codes: Vec<CodeInWords>,
    ) -> Self {
        Self {
            checks: checks.into_iter().map(|check| (check.id.clone(), check)).collect(),
            violations: violations.into_iter().map(|one| (one.id.clone(), one)).collect(),
            regimes: BTreeMap::new(),
            codes: codes.into_iter().map(|code| ((code.system, code.code), code.words)).collect(),
        }
    }

    pub(crate) fn with_regimes(self, regimes: Vec<Regime>) -> Self {
        let regimes = regimes.into_iter().map(|regime| (regime.name.clone(), regime)).collect();
        Self { regimes, ..self }
    }

    pub(crate) fn check(&self, id: &str) -> Option<&Check> {
        self.checks.get(id)
    }

    pub(crate) fn violation(&self, id: &str) -> Option<&Violation> {
        self.violations.get(id)
    }

    pub(crate) fn regime(&self, name: &str) -> Option<&Regime> {
        self.regimes.get(name)
    }

    /// One column of a regime.
    pub(crate) fn column(&self, regime: &str, name: &str) -> Option<&Column> {
        self.regime(regime)?.columns.iter().find(|column| column.name == name)
    }

    /// A code in words; one that has none is its own.
    pub(crate) fn words<'a>(&'a self, system: &str, code: &'a str) -> &'a str {
        let key = (system.to_owned(), code.to_owned());
        self.codes.get(&key).map_or(code, String::as_str)
    }

    /// Several codes in words.
    pub(crate) fn list(&self, system: &str, codes: &[String]) -> String {
        let words: Vec<_> = codes.iter().map(|code| self.words(system, code)).collect();
        words.join(", ")
    }
}
