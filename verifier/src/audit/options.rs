//! What an audit is given beside the ledger.

use super::policy::AuditPolicy;
use crate::record::view::ViewingFile;

/// What an audit is given beside the ledger. Nothing of it changes the verdict.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct AuditOptions {
    /// What it is to look for, and the lists that it needs for it.
    pub policy: AuditPolicy,
    /// Opens what records seal; without it what depends on labels and classes is skipped.
    pub view: Option<ViewingFile>,
    /// Whether every transaction and every finding is asked for: in a second pass.
    pub(crate) is_listing: bool,
    /// Whether what stands before the first block is asked for too.
    pub(crate) is_start_listed: bool,
}
