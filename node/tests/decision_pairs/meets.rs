//! Whether an access meets a provision: the tables of "When an access meets a provision" and of
//! "Coverage", row by row over open codes.

use vidimus::record::consent::Effect;

use super::{
    open::{Access, Elements, Pattern, Span},
    tree::{Code, LEVELS, Tree, code},
};

/// The elements in the order of their numbers.
pub(crate) const ELEMENTS: [&str; 10] = [
    "actors",
    "actions",
    "purposes",
    "period",
    "data_period",
    "confidentiality",
    "labels",
    "classes",
    "resources",
    "authors",
];

/// By what an access is compared with elements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) tree: &'a Tree,
    /// What is said of the access if it meets them.
    pub(crate) effect: Effect,
    /// The effect of the provision, which is the other one where a scope is asked for the reverse.
    pub(crate) own: Effect,
    /// Whether all named labels and purposes must be there.
    pub(crate) strict: bool,
}

impl Reading<'_> {
    /// Whether the access meets every element that is there.
    pub(crate) fn meets(self, elements: &Elements, access: &Access) -> bool {
        self.answers(elements, access).into_iter().flatten().all(|is_met| is_met)
    }

    /// Whether the access meets each of the [`ELEMENTS`]; nothing where it asks for nothing.
    pub(crate) fn answers(self, elements: &Elements, access: &Access) -> [Option<bool>; 10] {
        let permit = self.effect == Effect::Permit;
        let level = [access.confidentiality];
        [
            if_any(&elements.actors, |named| named.iter().any(|one| self.fits(one, access))),
            if_any(&elements.actions, |named| {
                named.iter().any(|one| self.matches(*one, access.action))
            }),
            self.purposes(&elements.purposes, &access.purposes),
            elements
                .period
                .map(|span| span.start <= access.at && span.end.is_none_or(|end| access.at < end)),
            elements.data_period.map(|span| match access.data_period {
                None => !permit,
                Some(data) if permit => lies_in(data, span),
                Some(data) => touch(data, span),
            }),
            if_any(&elements.confidentiality, |named| self.codes(named, &level, false)),
            if_any(&elements.labels, |named| self.codes(named, &access.labels, self.strict)),
            if_any(&elements.classes, |named| self.codes(named, &access.classes, false)),
            if_any(&elements.resources, |named| self.ids(named, &access.resources)),
            if_any(&elements.authors, |named| self.ids(named, &access.authors)),
        ]
    }

    fn fits(self, pattern: &Pattern, access: &Access) -> bool {
        pattern.organization.is_none_or(|named| named == access.organization)
            && pattern.person.is_none_or(|named| named == access.person)
            && pattern.role.is_none_or(|named| self.matches(named, access.role))
    }

    fn purposes(self, named: &[Code], carried: &[Code]) -> Option<bool> {
        let is_named = |purpose: &Code| named.iter().any(|one| self.matches(*one, *purpose));
        let is_there = |one: &Code| carried.iter().any(|purpose| self.matches(*one, *purpose));
        let all_named_are_there = !self.strict || named.iter().all(is_there);
        match self.effect {
            Effect::Permit if named.is_empty() && self.own == Effect::Deny => None,
            Effect::Permit if named.is_empty() => {
                Some(!carried.iter().any(|purpose| is_emergency(self.tree, *purpose)))
            }
            Effect::Deny if named.is_empty() => None,
            Effect::Permit => Some(carried.iter().all(is_named) && all_named_are_there),
            Effect::Deny => Some(carried.iter().any(is_named) && all_named_are_there),
        }
    }

    /// Labels, classes or confidentiality: all data has all of what is carried.
    fn codes(self, named: &[Code], carried: &[Code], all: bool) -> bool {
        let answers = match self.own {
            Effect::Permit => is_permitted,
            Effect::Deny => is_denied,
        };
        let is_there = |one: &Code| carried.iter().any(|code| answers(self.tree, *one, *code));
        if carried.iter().any(|code| !self.tree.knows(*code)) {
            return self.effect == Effect::Deny;
        }
        if all { named.iter().all(is_there) } else { named.iter().any(is_there) }
    }

    /// Resources or authors: each of them is of other data.
    fn ids(self, named: &[&str], carried: &[&str]) -> bool {
        match self.effect {
            Effect::Permit => !carried.is_empty() && carried.iter().all(|id| named.contains(id)),
            Effect::Deny => carried.is_empty() || carried.iter().any(|id| named.contains(id)),
        }
    }

    /// Whether a provision that names the one reaches the other, in the same element in clear.
    fn matches(self, named: Code, carried: Code) -> bool {
        let are_known = self.tree.knows(named) && self.tree.knows(carried);
        match (self.own, self.effect) {
            (Effect::Permit, Effect::Permit) => is_permitted(self.tree, named, carried),
            (Effect::Deny, Effect::Permit) => are_known && is_denied(self.tree, named, carried),
            (_, Effect::Deny) => is_denied(self.tree, named, carried),
        }
    }
}

/// ```text
/// TREAT permits COC          and none of ETREAT, BTG, ERTREAT
/// R     permits U, L, M, N, R
/// ```
pub(crate) fn is_permitted(tree: &Tree, named: Code, carried: Code) -> bool {
    if !tree.knows(named) || !tree.knows(carried) {
        return false;
    }
    if let (Some(named), Some(carried)) = (level(named), level(carried)) {
        return carried <= named;
    }
    if is_emergency(tree, carried) && !is_emergency(tree, named) {
        return false;
    }
    tree.is_a(carried, named)
}

/// ```text
/// TREAT denies COC, ETREAT, BTG, ERTREAT
/// ETH   denies SUD, ETHUD, OPIOIDUD
/// R     denies R, V
/// ```
fn is_denied(tree: &Tree, named: Code, carried: Code) -> bool {
    if !tree.knows(named) || !tree.knows(carried) {
        return true;
    }
    if let (Some(named), Some(carried)) = (level(named), level(carried)) {
        return carried >= named;
    }
    let is_substance_abuse = tree.is_a(carried, code("sensitivity", "SUD"));
    tree.is_a(carried, named) || (named == code("sensitivity", "ETH") && is_substance_abuse)
}

/// Whether the purpose is one of an emergency.
pub(crate) fn is_emergency(tree: &Tree, purpose: Code) -> bool {
    tree.is_a(purpose, code("purpose", "ETREAT"))
}

/// How high the level stands.
fn level(code: Code) -> Option<usize> {
    let stands_at = LEVELS.iter().position(|level| *level == code.text);
    stands_at.filter(|_| code.system == "confidentiality")
}

fn if_any<T>(named: &[T], is_met: impl FnOnce(&[T]) -> bool) -> Option<bool> {
    (!named.is_empty()).then(|| is_met(named))
}

fn lies_in(inner: Span, outer: Span) -> bool {
    let ends_in = |end| inner.end.is_some_and(|inner_end| inner_end <= end);
    outer.start <= inner.start && outer.end.is_none_or(ends_in)
}

fn touch(one: Span, other: Span) -> bool {
    let begins_before_end_of = |span: Span, start| span.end.is_none_or(|end| start < end);
    begins_before_end_of(one, other.start) && begins_before_end_of(other, one.start)
}
