//! One file for each rule of `docs/audit.md`: its id, severity, sentences, and when it fires.

use alloc::{boxed::Box, vec, vec::Vec};

use super::check::Check;

pub(super) mod v10;
pub(super) mod v11;

/// Every check, in the order of the catalogue.
pub(super) fn all() -> Vec<Box<dyn Check>> {
    vec![Box::<v10::UnjustifiedEmergency>::default(), Box::<v11::UnreviewedEmergency>::default()]
}
