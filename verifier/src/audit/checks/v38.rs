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
        options::AuditOptions,
        report::SkipReason,
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
        title: "Sealed codes are not those that the record says it seals",
        happened: "A record of the kind {kind}: {why}.",
        matters: "The network decides by the sealed codes, without knowing them. A code that is left out passes by a denial; one too many uses a permit.",
        lawful: "Sealed codes computed from what is sealed.",
        not_proven: "That the details are the truth and the codes the lie: one of them is wrong.",
    },
};

/// Details that do not open, or that say other codes than are sealed.
#[derive(Debug)]
pub(super) struct OtherCodes;

impl Check for OtherCodes {
    fn id(&self) -> ViolationId {
        ViolationId::V38
    }

    fn skip(&self, options: &AuditOptions) -> Option<SkipReason> {
        options.view.is_none().then_some(SkipReason::Sealed)
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(record) = act.accepted() else { return };
        let why = match &act.opened {
            Opened::Sealed | Opened::Nothing => return,
            Opened::Unopenable => Some("its details do not open with the patient's key"),
            Opened::Details(details) => {
                let view = ledger.options.view.as_ref();
                let key = record.body.subject().and_then(|subject| view?.view_key(subject));
                let Some(key) = key else { return };
                let sealer = Sealer::new(key);
                let body = &record.body;
                if let Body::Consent(consent) = body {
                    check_provisions(&sealer, consent, details)
                } else {
                    closures(body).and_then(|closures| check_closures(&sealer, closures, details))
                }
            }
        };
        if let Some(why) = why {
            let kind = Value::word(record.body.kind().name());
            let finding = Finding::new(self.id(), act);
            found.add(finding.with("kind", kind).with("why", Value::word(why)));
        }
    }
}

/// What a request, or a custodian's half, carries.
fn closures(body: &Body) -> Option<&Closures> {
    if let Body::Request(body) = body {
        return Some(&body.processing.closures);
    }
    let Body::Access(body) = body else { return None };
    body.by_custodian.as_ref().map(|half| &half.processing.closures)
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
