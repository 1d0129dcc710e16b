//! The audit: what it is given, and the second pass over a trusted input.

mod accounting;

use serde::Serialize;
use vidimus::{
    ChangedInput, TrustedInput,
    audit::{AuditOptions, AuditPolicy, Regime},
    record::view::ViewingFile,
    report::Report,
};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

pub use self::accounting::{Accounting, AccountingCollector};

use crate::error::Thrown;

/// What an audit is given: a policy (TOML), and a viewing file.
pub(crate) fn options(
    policy: Option<String>,
    view: Option<Vec<u8>>,
) -> Result<AuditOptions, Thrown> {
    let mut options = AuditOptions::default();
    if let Some(policy) = policy {
        options.policy = AuditPolicy::from_toml(&policy)?;
    }
    options.view = view.map(viewing_file).transpose()?;
    Ok(options)
}

/// Reads a viewing file; its bytes are wiped.
fn viewing_file(bytes: Vec<u8>) -> Result<ViewingFile, Thrown> {
    ViewingFile::decode(&Zeroizing::new(bytes))
        .map_err(|error| Thrown::ViewingFile { message: error.to_string() })
}

/// What `Verification.conclude` came to.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Conclusion {
    report: Report,
    trusted: Option<TrustedInput>,
    audit: AuditOptions,
}

impl Conclusion {
    pub(crate) fn new(
        (report, trusted): (Report, Option<TrustedInput>),
        audit: AuditOptions,
    ) -> Self {
        Self { report, trusted, audit }
    }
}

#[wasm_bindgen]
impl Conclusion {
    /// The report, as the bytes of a report file.
    #[wasm_bindgen(getter)]
    pub fn report(&self) -> String {
        self.report.to_json()
    }

    /// Whether there is a second pass.
    #[wasm_bindgen(getter, js_name = isTrusted)]
    pub fn is_trusted(&self) -> bool {
        self.trusted.is_some()
    }

    /// A second pass over the same bytes, with the same audit policy and viewing file; none where the
    /// blocks are not trusted, or the contract was not run again.
    #[wasm_bindgen(js_name = secondPass)]
    pub fn second_pass(&self) -> Option<SecondPass> {
        let trusted = self.trusted.as_ref()?;
        Some(SecondPass(trusted.second_pass(self.audit.clone()).with_start()))
    }

    /// What collects from a second pass the accesses that a regime accounts for; none where there is no
    /// such pass.
    ///
    /// # Errors
    /// `regime`: a name that no regime has.
    pub fn accounting(&self, regime: &str) -> Result<Option<AccountingCollector>, Thrown> {
        let unknown = || Thrown::Regime { message: format!("no regime is named {regime:?}") };
        let regime = Regime::from_name(regime).ok_or_else(unknown)?;
        let ledger = self.report.ledger.as_ref().filter(|_| self.is_trusted());
        Ok(ledger.map(|ledger| {
            AccountingCollector::new(regime, self.audit.view.clone(), &self.report, ledger)
        }))
    }
}

/// Every transaction and every finding: `feed` …, `finish`; meanwhile and after it `takeRecords` and
/// `takeFindings`, or the `take` of a collector. What was taken counts only once `finish` returned.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SecondPass(vidimus::SecondPass);

#[wasm_bindgen]
impl SecondPass {
    /// Takes the next bytes, of the container or of what the export is imported to.
    pub fn feed(&mut self, chunk: &[u8]) {
        self.0.feed(chunk);
    }

    /// The transactions since this was last asked for, a line of JSON each; before the first of them the
    /// network, and what earlier records left.
    #[wasm_bindgen(js_name = takeRecords)]
    pub fn take_records(&mut self) -> String {
        lines(self.0.take_start().into_iter().flatten()) + &lines(self.0.take_acts())
    }

    /// The findings since this was last asked for, a line of JSON each.
    #[wasm_bindgen(js_name = takeFindings)]
    pub fn take_findings(&mut self) -> String {
        lines(self.0.take_findings())
    }

    /// Says that the input is complete.
    ///
    /// # Errors
    /// `changed`: these are not the bytes that were verified.
    pub fn finish(&mut self) -> Result<(), Thrown> {
        Ok(self.0.finish()?)
    }
}

impl From<ChangedInput> for Thrown {
    fn from(error: ChangedInput) -> Self {
        Self::Changed { message: error.to_string() }
    }
}

/// Collects from a second pass who opened what, for the subjects of a viewing file.
#[wasm_bindgen]
#[derive(Debug)]
pub struct ViewCollector(vidimus::audit::ViewCollector);

#[wasm_bindgen]
impl ViewCollector {
    /// Starts one for the subjects of a viewing file.
    ///
    /// # Errors
    /// `viewing-file`.
    #[wasm_bindgen(constructor)]
    pub fn new(view: Vec<u8>) -> Result<Self, Thrown> {
        Ok(Self(vidimus::audit::ViewCollector::new(viewing_file(view)?)))
    }

    /// Takes the transactions and findings that the pass has.
    pub fn take(&mut self, pass: &mut SecondPass) {
        // It is not told here, and would wait for somebody to ask.
        drop(pass.0.take_start());
        pass.0.take_acts().iter().for_each(|act| self.0.add(act));
        pass.0.take_findings().iter().for_each(|finding| self.0.add_finding(finding));
    }

    /// The views as JSON, as `vidimus who --format json` prints them.
    pub fn finish(self) -> String {
        let mut json = serde_json::to_string_pretty(&self.0.finish()).unwrap_or_default();
        json.push('\n');
        json
    }
}

/// A line of JSON each; all of them have only strings for keys, which JSON can always write.
fn lines(values: impl IntoIterator<Item: Serialize>) -> String {
    let line = |value| serde_json::to_string(&value).map(|line| line + "\n").unwrap_or_default();
    values.into_iter().map(line).collect()
}
