//! Coverage: which codes of an access a provision reaches by the code that it names.
//!
//! The is-a tree alone would be wrong in three ways, and each time the rule takes the side of the
//! patient:
//!
//! 1. Who permits treatment has not permitted what is done in an emergency, although `ETREAT` and
//!    `BTG` are kinds of `TREAT`. Who denies it has denied that too: a purpose is but written, and an
//!    emergency that overrides a deny is declared.
//! 2. Who denies `ETH` means the use of substances, which now stands under `SUD`, beside it.
//! 3. A code that the pinned table does not have may mean anything: a permit never covers it, and
//!    every deny of the same element reaches it.

use alloc::vec::Vec;
use core::fmt;

use super::{Code, Concept};

/// What a provision says of the accesses that it matches: this or that, and nothing else.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Effect {
    /// They are permitted.
    Permit,
    /// They are denied.
    Deny,
}

impl Effect {
    /// Both effects.
    pub const ALL: [Self; 2] = [Self::Permit, Self::Deny];

    /// The name of the effect, in lower case: also what is sealed with a code.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::Deny => "deny",
        }
    }

    /// The effect of an exception to a provision of this effect.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Permit => Self::Deny,
            Self::Deny => Self::Permit,
        }
    }

    /// Whether a provision of this effect that names `named` matches what carries `carried`:
    /// [`permit_covers`] or [`deny_reaches`].
    pub fn matches(self, named: &Code, carried: &Code) -> bool {
        match self {
            Self::Permit => permit_covers(named, carried),
            Self::Deny => deny_reaches(named, carried),
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether a provision that permits `named` covers what carries `carried`.
///
/// - Confidentiality: `carried` is `named` or lower in U < L < M < N < R < V.
/// - Else: `carried` is `named` or stands under it, unless the way up leads through `ETREAT`.
/// - Never, if one of them is unmapped.
///
/// Source: `docs/codes.md`, coverage; HL7 FHIR, `Consent.provision.securityLabel` ("R or lower").
///
/// # Cost
/// Passes over the table, as many as `carried` has ancestors.
pub fn permit_covers(named: &Code, carried: &Code) -> bool {
    Reach::new(Effect::Permit, mapped(carried)).is_met_by(mapped(named))
}

/// Whether a provision that denies `named` reaches what carries `carried`.
///
/// - Confidentiality: `carried` is `named` or higher in U < L < M < N < R < V.
/// - Else: `carried` is `named` or stands under it; what stands under `SUD` counts as standing under
///   `ETH` too.
/// - Always, if one of them is unmapped and both stand in the same [element](super::System::element).
///
/// Source: `docs/codes.md`, coverage.
///
/// # Cost
/// As [`permit_covers`].
pub fn deny_reaches(named: &Code, carried: &Code) -> bool {
    named.system().element() == carried.system().element()
        && Reach::new(Effect::Deny, mapped(carried)).is_met_by(mapped(named))
}

/// What provisions of one effect may name to match one carried code: looked up once, asked often.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    effect: Effect,
    /// `None`: the code is unmapped.
    meeting: Option<Vec<Concept>>,
}

impl Reach {
    /// The reach of a carried code that is [mapped] to `carried`.
    pub(crate) fn new(effect: Effect, carried: Option<Concept>) -> Self {
        Self { effect, meeting: carried.map(|carried| names(effect, carried)) }
    }

    /// Whether a provision matches that names what is [mapped] to `named` in the same element.
    pub(crate) fn is_met_by(&self, named: Option<Concept>) -> bool {
        match (named, &self.meeting) {
            (Some(named), Some(meeting)) => meeting.contains(&named),
            // What nobody can place may be what the patient is afraid of.
            (Some(_) | None, Some(_) | None) => self.effect == Effect::Deny,
        }
    }

    /// Whether a provision matches that names what is [mapped] to `named`, and both have a place in
    /// their table.
    pub(crate) fn is_surely_met_by(&self, named: Option<Concept>) -> bool {
        let meeting = self.meeting.as_ref();
        named.zip(meeting).is_some_and(|(named, meeting)| meeting.contains(&named))
    }
}

/// The concept of a code that has a place in its table: a withdrawn level of confidentiality is known,
/// and stands nowhere in the order.
pub(crate) fn mapped(code: &Code) -> Option<Concept> {
    let concept = code.lookup()?;
    let order = code.system().table().order;
    (order.is_empty() || order.contains(&concept.text())).then_some(concept)
}

/// The concepts that a provision of this effect may name to match what carries `carried`, itself among
/// them; each once.
///
/// `carried` is [mapped].
pub(crate) fn names(effect: Effect, carried: Concept) -> Vec<Concept> {
    let table = carried.system().table();
    let level = |concept: Concept| table.order.iter().position(|code| *code == concept.text());
    if let Some(carried) = level(carried) {
        let is_named = |named: usize| match effect {
            Effect::Permit => named >= carried,
            Effect::Deny => named <= carried,
        };
        return table.concepts().filter(|named| level(*named).is_some_and(is_named)).collect();
    }
    let mut names = Vec::new();
    let mut pending = alloc::vec![carried];
    while let Some(concept) = pending.pop() {
        if names.contains(&concept) {
            continue;
        }
        names.push(concept);
        if effect == Effect::Deny || !table.permitted_apart.contains(&concept.text()) {
            pending.extend(concept.parent());
        }
        if effect == Effect::Deny {
            let others = table.denied_with.iter().filter(|(code, _)| *code == concept.text());
            pending.extend(others.filter_map(|(_, other)| table.find(other)));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::codes::System;

    fn code(system: System, text: &str) -> Code {
        Code::new(system, text).unwrap()
    }

    /// Whether a permit and a deny of `named` match `carried`.
    fn both(system: System, named: &str, carried: &str) -> (bool, bool) {
        let (named, carried) = (code(system, named), code(system, carried));
        (permit_covers(&named, &carried), deny_reaches(&named, &carried))
    }

    /// Every code of a system that the table has.
    fn every(system: System) -> Vec<Code> {
        system.table().concepts().map(Concept::code).collect()
    }

    #[test]
    fn permit_of_treatment_is_apart_from_emergencies_and_a_deny_is_not() {
        let both = |named, carried| both(System::Purpose, named, carried);
        for emergency in ["ETREAT", "BTG", "ERTREAT"] {
            assert_eq!(both("TREAT", emergency), (false, true), "{emergency}");
            assert_eq!(both("ETREAT", emergency), (true, true), "{emergency}");
            assert_eq!(both(emergency, "TREAT"), (false, false), "{emergency}");
        }
        assert_eq!(both("BTG", "ETREAT"), (false, false));
        assert_eq!(both("TREAT", "COC"), (true, true));
        assert_eq!(both("HOPERAT", "HTEST"), (true, true), "over two steps");
        let lookup = |text| code(System::Purpose, text).lookup().unwrap();
        assert!(lookup("BTG").is_a(lookup("TREAT")), "the code system says otherwise");
    }

    #[test]
    fn deny_of_substance_abuse_reaches_substance_use_disorder_and_a_permit_does_not() {
        let both = |named, carried| both(System::Sensitivity, named, carried);
        for disorder in ["SUD", "ETHUD", "OPIOIDUD"] {
            assert_eq!(both("ETH", disorder), (false, true), "{disorder}");
            assert_eq!(both(disorder, "ETH"), (false, false), "{disorder}");
            assert_eq!(both("SPI", disorder), (true, true), "{disorder}");
        }
        assert_eq!(both("ETH", "ETH"), (true, true));
        assert_eq!(both("ETH", "BH"), (false, false), "above what is denied with it");
    }

    #[test]
    fn unmapped_code_is_covered_by_no_permit_and_reached_by_every_deny() {
        for system in System::ALL {
            let unmapped = code(system, "NEW-IN-2031");
            for known in every(system) {
                assert!(!permit_covers(&known, &unmapped), "{known}");
                assert!(deny_reaches(&known, &unmapped), "{known}");
                // The same release that brought the code may have put known ones under it.
                assert!(!permit_covers(&unmapped, &known), "{known}");
                assert!(deny_reaches(&unmapped, &known), "{known}");
            }
            assert!(!permit_covers(&unmapped, &unmapped), "not even by its own name");
            assert!(deny_reaches(&unmapped, &unmapped));
        }
    }

    #[test]
    fn unmapped_code_is_reached_within_its_element_alone() {
        let unmapped = code(System::Sensitivity, "NEW-IN-2031");
        let law = code(System::Law, "42CFRPart2");
        assert!(deny_reaches(&law, &unmapped) && deny_reaches(&unmapped, &law), "both are labels");
        for system in [System::Class, System::Confidentiality, System::Purpose] {
            for known in every(system) {
                assert!(!deny_reaches(&known, &unmapped) && !deny_reaches(&unmapped, &known));
            }
        }
    }

    #[test]
    fn confidentiality_is_an_order_from_unrestricted_to_very_restricted() {
        let levels = ["U", "L", "M", "N", "R", "V"];
        for (low, lower) in levels.iter().enumerate() {
            for (high, higher) in levels.iter().enumerate() {
                let expected = (high <= low, high >= low);
                assert_eq!(
                    both(System::Confidentiality, lower, higher),
                    expected,
                    "{lower} {higher}"
                );
            }
        }
    }

    #[test]
    fn withdrawn_level_of_confidentiality_counts_as_unmapped() {
        for retired in System::Confidentiality.table().concepts().filter(|c| c.is_retired()) {
            for level in ["U", "V"] {
                let text = retired.text();
                assert_eq!(both(System::Confidentiality, level, text), (false, true), "{text}");
                assert_eq!(both(System::Confidentiality, text, level), (false, true), "{text}");
            }
        }
        assert_eq!(
            both(System::Sensitivity, "SICKLE", "SICKLE"),
            (true, true),
            "a label has a place"
        );
        assert_eq!(both(System::Sensitivity, "HIV", "SICKLE"), (false, false));
    }

    #[test]
    fn everything_else_is_the_tree() {
        for system in System::ALL.into_iter().filter(|system| system.table().order.is_empty()) {
            for named in system.table().concepts() {
                for carried in system.table().concepts() {
                    let path: Vec<_> = carried.ancestors().map(Concept::text).collect();
                    let is_under = |code: &str| path.contains(&code);
                    let is_cut =
                        system == System::Purpose && is_under("ETREAT") && named.text() == "TREAT";
                    let is_extended =
                        system == System::Sensitivity && is_under("SUD") && named.text() == "ETH";
                    let covered = carried.is_a(named) && !is_cut;
                    let found = both(system, named.text(), carried.text());
                    let reached = carried.is_a(named) || is_extended;
                    assert_eq!(found, (covered, reached), "{named:?} {carried:?}");
                }
            }
        }
    }

    #[test]
    fn codes_of_different_systems_never_meet() {
        let (label, level) =
            (code(System::Sensitivity, "HIV"), code(System::Confidentiality, "HIV"));
        let law = code(System::Law, "42CFRPart2");
        for (named, carried) in [(&label, &level), (&level, &label), (&label, &law), (&law, &label)]
        {
            assert!(!permit_covers(named, carried) && !deny_reaches(named, carried));
        }
    }
}
