//! What every check of the audit is.

use core::fmt;

use super::{
    act::Act, found::Found, ledger::Ledger, options::AuditOptions, report::SkipReason,
    violation::ViolationId,
};

/// One rule of `docs/audit.md`, with what it has to remember.
pub(super) trait Check: fmt::Debug + Send {
    /// Which.
    fn id(&self) -> ViolationId;

    /// Why it cannot look, if it cannot.
    fn skip(&self, _options: &AuditOptions) -> Option<SkipReason> {
        None
    }

    /// Whether it looks, or would have looked so far, at what only a viewing file opens: what stays
    /// sealed it does not look at.
    fn is_of_sealed(&self) -> bool {
        false
    }

    /// Before the first block: what stands on the ledger already.
    fn start(&mut self, _ledger: &Ledger<'_>, _found: &mut Found) {}

    /// One transaction, in the order of the ledger.
    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found);

    /// After the last block.
    fn end(&mut self, _ledger: &Ledger<'_>, _found: &mut Found) {}

    /// Bytes that it keeps, give or take a few.
    fn weight(&self) -> u64 {
        0
    }
}
