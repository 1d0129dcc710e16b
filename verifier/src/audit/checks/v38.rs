//! V38: sealed codes that are not those of the details.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use crate::{
    audit::{
        act::{Act, Opened},
        check::Check,
        finding::{Finding, Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    record::{
        Body,
        codes::Element,
        consent::{Consent, Effect, Elements},
        details::Closures,
        sealing::{Details, SealedCode, Sealer},
    },
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Details do not say what the record seals",
        happened: "A record of the kind {kind}: {why}.",
        matters: "The network decides by the sealed codes, without knowing them. A code that is left out passes by a denial; one too many uses a permit. Only the details show it.",
        lawful: "Sealed codes computed from what is sealed, and details that say it.",
        not_proven: "That the details are the truth and the codes the lie: one of them is wrong.",
    },
};

/// Details that are missing or do not open, or that say other codes than are sealed.
#[derive(Debug)]
pub(super) struct OtherCodes;

impl Check for OtherCodes {
    fn id(&self) -> ViolationId {
        ViolationId::V38
    }

    fn is_of_sealed(&self) -> bool {
        true
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(record) = act.accepted() else { return };
        let Some(claim) = Sealed::of(act, &record.body) else { return };
        let view = ledger.options.view.as_ref();
        let key = record.body.subject().and_then(|subject| view?.view_key(subject));
        let Some(sealer) = key.map(Sealer::new) else { return };
        let why = match &act.opened {
            Opened::Sealed => None,
            Opened::Nothing => claim.check_missing(),
            Opened::Unopenable => Some("its details do not open with the patient's key"),
            Opened::Details(details) => claim.check(&sealer, details),
        };
        if let Some(why) = why {
            let kind = Value::word(record.body.kind().name());
            let finding = Finding::new(self.id(), act);
            found.add(finding.with("kind", kind).with("why", Value::word(why)));
        }
    }
}

/// A record whose sealed codes its details must say.
enum Sealed<'a> {
    Request(&'a Closures),
    Access(&'a Closures),
    Consent(&'a Consent),
}

impl<'a> Sealed<'a> {
    fn of(act: &'a Act<'_>, body: &'a Body) -> Option<Self> {
        if let Body::Request(body) = body {
            return Some(Self::Request(&body.processing.closures));
        }
        if let Body::Consent(body) = body {
            return Some(Self::Consent(body));
        }
        act.performed().map(|performed| Self::Access(&performed.half.processing.closures))
    }

    fn check(&self, sealer: &Sealer, details: &Details) -> Option<&'static str> {
        match self {
            Self::Request(closures) | Self::Access(closures) => {
                check_closures(sealer, closures, details)
            }
            Self::Consent(consent) => check_provisions(sealer, consent, details),
        }
    }

    /// Without details nobody can look behind the sealed codes. Of a request the access does it, whose
    /// codes lie within it.
    fn check_missing(&self) -> Option<&'static str> {
        let is_silent = match self {
            Self::Request(_) => false,
            Self::Access(_) => true,
            Self::Consent(consent) => {
                elements(consent).any(|(_, elements)| !sealed(elements).is_empty())
            }
        };
        is_silent.then_some("it has no details that say which codes it seals")
    }
}

fn check_closures(sealer: &Sealer, closures: &Closures, details: &Details) -> Option<&'static str> {
    let Some(carried) = details.carried() else { return Some("its details say no codes") };
    let of_effect = [(Effect::Permit, &closures.permit), (Effect::Deny, &closures.deny)];
    of_effect
        .into_iter()
        .any(|(effect, claimed)| sealer.check_closure(effect, claimed, carried).is_err())
        .then_some("its closures are not those of the codes in its details")
}

fn check_provisions(sealer: &Sealer, consent: &Consent, details: &Details) -> Option<&'static str> {
    let claimed: Vec<_> = elements(consent)
        .map(|(effect, elements)| (effect, sealed(elements)))
        .filter(|(_, sealed)| !sealed.is_empty())
        .collect();
    if claimed.len() != details.provisions().len() {
        return Some("its details say the codes of more or fewer provisions");
    }
    claimed
        .iter()
        .zip(details.provisions())
        .any(|((effect, claimed), named)| sealer.check_provision(*effect, claimed, named).is_err())
        .then_some("its provisions' codes are not those in its details")
}

/// All elements of a consent, each with its effect: the scope, then each provision and its exceptions.
fn elements(consent: &Consent) -> impl Iterator<Item = (Effect, &Elements)> {
    let decision = consent.decision;
    let provisions = consent.provisions.iter().flat_map(move |provision| {
        let exceptions = provision.exceptions.iter();
        let exceptions = exceptions.map(move |exception| (decision, exception));
        core::iter::once((decision.reversed(), &provision.elements)).chain(exceptions)
    });
    core::iter::once((decision, &consent.scope)).chain(provisions)
}

fn sealed(elements: &Elements) -> BTreeMap<Element, BTreeSet<SealedCode>> {
    let fields = [
        (Element::Confidentiality, &elements.confidentiality),
        (Element::Label, &elements.labels),
        (Element::Class, &elements.classes),
        (Element::Resource, &elements.resources),
        (Element::Author, &elements.authors),
    ];
    let fields = fields.into_iter().filter(|(_, codes)| !codes.is_empty());
    fields.map(|(element, codes)| (element, codes.iter().copied().collect())).collect()
}
