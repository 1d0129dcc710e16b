//! Codes: which concept a code names, and under which others it stands.
//!
//! In goes a system and a text ([`Code`]); out comes the [`Concept`] of the pinned [`Table`] of that
//! system, or none: then the code is *unmapped*, which every rule takes for the worst. What a
//! provision that names a code reaches depends on its [`Effect`]: [`permit_covers`] and
//! [`deny_reaches`].
//!
//! ```text
//! Code { system, text } ──lookup──▶ Concept ──is_a──▶ Concept
//!                           │
//!                           └─ None: unmapped. A permit never covers it, every deny reaches it
//! ```
//!
//! The tables are data, one file each, and nothing else knows a code by name. Sources, versions and
//! digests: `docs/codes.md`.

mod action;
mod basis;
mod class;
mod concept;
mod confidentiality;
mod coverage;
mod directive;
mod law;
mod obligation;
mod purpose;
mod refrain;
mod role;
mod sensitivity;
mod system;
mod table;
mod words;

use alloc::string::String;
use core::fmt;

pub use self::concept::Concept;
pub use self::coverage::{Effect, deny_reaches, permit_covers};
pub(crate) use self::coverage::{Reach, mapped, names};
pub use self::system::{Element, System};
pub use self::table::{DIGEST, Table, digest};
pub use self::words::words;

/// Where a level of confidentiality stands in the order `U` < `L` < `M` < `N` < `R` < `V`, from 0; none for
/// other codes, and for levels that were withdrawn.
pub fn confidentiality_rank(code: &Code) -> Option<usize> {
    let is_level = code.system() == System::Confidentiality;
    let order = confidentiality::TABLE.order;
    is_level.then(|| order.iter().position(|level| *level == code.text()))?
}

/// Most bytes of a code's text.
pub const CODE_LENGTH: usize = 64;

/// Why a text is no code.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// Empty, or longer than [`CODE_LENGTH`].
    #[error("a code has 1 to {CODE_LENGTH} characters, not {length}")]
    Length {
        /// Bytes of the text.
        length: usize,
    },
    /// A character other than printable ASCII, or a space.
    #[error("a code is printable ASCII without spaces; character {position} is not")]
    Character {
        /// Zero-based offset of the byte.
        position: usize,
    },
}

/// A code: a system, and 1 to 64 characters of printable ASCII without spaces (0x21 to 0x7e).
///
/// Upper and lower case differ, as in the code systems of HL7. That a text is a code does not say
/// that the table knows it. Ordered by system, then by the bytes of the text.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Code {
    system: System,
    text: String,
}

impl Code {
    /// A code of this text.
    ///
    /// # Errors
    /// [`CodeError`]: the text cannot be one of any system.
    pub fn new(system: System, text: &str) -> Result<Self, CodeError> {
        check_token(text, CODE_LENGTH)?;
        Ok(Self { system, text: text.into() })
    }

    /// The code of a row of a table; that each of them is one is tested.
    fn known(system: System, text: &'static str) -> Self {
        Self { system, text: text.into() }
    }

    /// The system.
    pub fn system(&self) -> System {
        self.system
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The concept that the pinned table has for the code or for what it is an alias of; `None`: the
    /// code is unmapped.
    ///
    /// # Cost
    /// One pass over the table.
    pub fn lookup(&self) -> Option<Concept> {
        self.system.table().find(&self.text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.system, self.text)
    }
}

/// Checks that `text` is 1 to `most` characters of printable ASCII without spaces.
pub(crate) fn check_token(text: &str, most: usize) -> Result<(), CodeError> {
    if text.is_empty() || text.len() > most {
        return Err(CodeError::Length { length: text.len() });
    }
    match text.bytes().position(|byte| !byte.is_ascii_graphic()) {
        Some(position) => Err(CodeError::Character { position }),
        None => Ok(()),
    }
}

/// Whether the purpose is an emergency, declared or not: `ETREAT` or what stands under it.
pub fn is_emergency_purpose(purpose: &str) -> bool {
    is_permitted_with(purpose::EMERGENCY, purpose)
}

/// Whether the purpose is treatment other than in an emergency.
pub fn is_treatment_purpose(purpose: &str) -> bool {
    is_permitted_with(purpose::TREATMENT, purpose)
}

fn is_permitted_with(named: &'static str, purpose: &str) -> bool {
    Code::new(System::Purpose, purpose)
        .is_ok_and(|purpose| permit_covers(&Code::known(System::Purpose, named), &purpose))
}

/// Whether the lawful basis is consent itself, which stands on the ledger or not at all.
pub fn is_consent_basis(basis: &str) -> bool {
    basis::CONSENT.contains(&basis)
}

/// Whether the role is one in which people are treated, so that it may open a record in an emergency
/// (V13 of `docs/codes.md`). An unmapped role is none.
pub fn is_treatment_role(role: &Code) -> bool {
    let treats = |concept: Concept| concept.ancestors().any(|role| role.text() == role::CLINICIAN);
    role.system() == System::Role && role.lookup().is_some_and(treats)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(system: System, text: &str) -> Code {
        Code::new(system, text).unwrap()
    }

    #[test]
    fn texts_that_cannot_be_codes_are_refused() {
        let error = |text: &str| Code::new(System::Purpose, text).unwrap_err();
        assert_eq!(error(""), CodeError::Length { length: 0 });
        assert_eq!(error(&"A".repeat(65)), CodeError::Length { length: 65 });
        assert_eq!(error("TRE AT"), CodeError::Character { position: 3 });
        assert_eq!(error("TREAT\0"), CodeError::Character { position: 5 });
        assert_eq!(error("TR\u{c9}AT"), CodeError::Character { position: 2 });
        assert_eq!(code(System::Purpose, &"~".repeat(64)).lookup(), None);
    }

    #[test]
    fn codes_are_known_by_their_exact_text_in_their_own_system() {
        assert_eq!(code(System::Purpose, "BTG").lookup().unwrap().text(), "BTG");
        assert_eq!(code(System::Purpose, "btg").lookup(), None);
        assert_eq!(code(System::Sensitivity, "BTG").lookup(), None);
        let alias = code(System::Refrain, "NORDSLCD").lookup();
        assert_eq!(alias, code(System::Refrain, "NORDSCLCD").lookup());
        assert_eq!(alias.unwrap().text(), "NORDSCLCD");
    }

    #[test]
    fn clinicians_treat_and_nobody_else_does() {
        for role in ["clinician", "physician", "nurse", "paramedic"] {
            assert!(is_treatment_role(&code(System::Role, role)), "{role}");
        }
        for role in ["billing", "researcher", "guardian", "device", "patient", "surgeons"] {
            assert!(!is_treatment_role(&code(System::Role, role)), "{role}");
        }
        assert!(!is_treatment_role(&code(System::Class, "clinician")));
    }
}
