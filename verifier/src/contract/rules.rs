//! What a network decides for itself, once, in its genesis.

use crate::{
    encoding::cbor::{Set, map, variants},
    record::{actor::CodeText, consent::RuleSet},
};

variants! {
    /// What holds when several consents in force say different things of one access. IHE PCF leaves
    /// it open.
    pub enum CombiningRule {
        /// One that denies is enough.
        1 => DenyOverrides "deny-overrides",
        /// One that permits is enough.
        2 => PermitOverrides "permit-overrides",
        /// The one recorded last decides.
        3 => NewestWins "newest-wins",
    }
}

variants! {
    /// What holds where no consent says anything (IHE PCF 1.1, §53.2.1).
    pub enum ImplicitPolicy {
        /// Clinicians may treat.
        1 => BasicNormal "basic-normal",
        /// Every authorized use is permitted.
        2 => AllNormal "all-normal",
        /// Nothing but emergencies.
        3 => BreakGlassOnly "break-glass-only",
        /// Nothing.
        4 => Deny "deny",
    }
}

map! {
    /// The rules of decisions.
    pub struct DecisionRules {
        /// What holds when consents disagree.
        1 => combining: CombiningRule,
        /// What holds where none says anything.
        2 => implicit: ImplicitPolicy,
        /// How the elements of a consent are read that does not say so itself.
        3 => rule_set: RuleSet,
        /// Whether somebody who treats people may override consents in an emergency.
        4 => break_glass: bool,
        /// The uses that `all-normal` permits.
        5 => authorized_purposes: Set<CodeText, 0, 64>,
        /// Lawful bases on which an access may rest where no consent says anything of it.
        6 => lawful_bases: Set<CodeText, 0, 64>,
    }
}
