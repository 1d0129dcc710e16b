//! An example: a consent, the rules that it presumes, and accesses with what becomes of each.

use std::collections::BTreeMap;

use serde_json::Value;
use vidimus::{
    contract::{
        decision::{Decision, Ground, InForce, Verdict, decide},
        matching::Question,
        rules::{CombiningRule, DecisionRules, ImplicitPolicy},
    },
    encoding::hex::{Hash, Identifier, PublicKey},
    record::{
        Body, Kind,
        consent::{Consent, ConsentStatus, RuleSet},
        request::{Processing, Request},
        source::{Schema, Source as RecordSource},
    },
};

use crate::{
    access::Access,
    build::{at, codes, organization},
    draft::Draft,
    fields::{self, Root},
    moment::first,
};

/// Who published it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Source {
    /// IHE Privacy Consent on FHIR.
    Pcf,
    /// HL7 FHIR R4.
    Hl7,
}

/// An access, and what becomes of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) says: &'static str,
    pub(crate) access: Access,
    pub(crate) verdict: Verdict,
    pub(crate) ground: Ground,
    pub(crate) why: &'static str,
}

/// A published consent, expressed as one of records.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) name: &'static str,
    pub(crate) source: Source,
    /// What its text says.
    pub(crate) about: &'static str,
    pub(crate) consent: Draft,
    /// What else its policy permits.
    pub(crate) beside: Vec<Draft>,
    pub(crate) root: Root,
    pub(crate) implicit: ImplicitPolicy,
    pub(crate) break_glass: bool,
    /// Fields in which the consent differs from the published one, and why.
    pub(crate) notes: &'static [(&'static str, &'static str)],
    pub(crate) rows: Vec<Row>,
}

fn row(verdict: Verdict, ground: Ground) -> impl Fn(&'static str, Access, &'static str) -> Row {
    move |says, access, why| Row { says, access, verdict, ground, why }
}

pub(crate) fn covered(says: &'static str, access: Access, why: &'static str) -> Row {
    row(Verdict::Covered, Ground::Consent)(says, access, why)
}

pub(crate) fn implied(says: &'static str, access: Access, why: &'static str) -> Row {
    row(Verdict::Covered, Ground::ImplicitPolicy)(says, access, why)
}

pub(crate) fn excepted(says: &'static str, access: Access, why: &'static str) -> Row {
    row(Verdict::CoveredByException, Ground::Emergency)(says, access, why)
}

pub(crate) fn uncovered(says: &'static str, access: Access, why: &'static str) -> Row {
    row(Verdict::Uncovered, Ground::Nothing)(says, access, why)
}

pub(crate) fn denied(says: &'static str, access: Access, why: &'static str) -> Row {
    row(Verdict::Denied, Ground::Consent)(says, access, why)
}

pub(crate) fn indeterminate(says: &'static str, access: Access, why: &'static str) -> Row {
    row(Verdict::Indeterminate, Ground::Nothing)(says, access, why)
}

impl Example {
    pub(crate) fn consents(&self) -> Vec<Consent> {
        [&self.consent].into_iter().chain(&self.beside).map(Draft::seal).collect()
    }

    /// The contract's decision, from the consents that are in force at the access's moment.
    pub(crate) fn decide(&self, access: &Access) -> Decision {
        let moment = first(access.at);
        let consents = self.consents();
        let is_in_force = |consent: &&Consent| {
            consent.status == ConsentStatus::Active
                && consent.given_at <= moment
                && consent.period.contains(moment)
        };
        let ids = (1..=u8::MAX).map(|byte| Hash([byte; 32]));
        let in_force: Vec<_> = ids
            .zip(consents.iter().filter(is_in_force))
            .map(|(id, consent)| InForce { id, consent })
            .collect();
        decide(&in_force, &self.rules(), &Question::new(&access.processing(), moment))
    }

    fn rules(&self) -> DecisionRules {
        DecisionRules {
            combining: CombiningRule::DenyOverrides,
            implicit: self.implicit,
            rule_set: RuleSet::Pcf11,
            break_glass: self.break_glass,
            authorized_purposes: codes(&[]),
            lawful_bases: codes(&[]),
        }
    }

    /// In which fields the consent is not what was published.
    pub(crate) fn differences(&self, published: &Value) -> BTreeMap<String, [String; 2]> {
        let drafted = fields::of_draft(&self.consent, self.root);
        fields::differences(&fields::of_resource(published), &drafted)
    }

    /// Where the published consent stands.
    pub(crate) fn link(&self) -> String {
        let name = self.name;
        match self.source {
            Source::Pcf => format!("https://profiles.ihe.net/ITI/PCF/Consent-{name}.html"),
            Source::Hl7 => format!(
                "https://github.com/google/fhir/blob/74fce9530cd710d1fa27bcad0e4b4dbd5031b16d/spec/\
                 hl7.fhir.r4.examples/4.0.1/package/Consent-{name}.json"
            ),
        }
    }
}

/// What is written and read again is the same.
pub(crate) fn assert_is_record(consent: &Consent) {
    let body = Body::Consent(Box::new(consent.clone()));
    assert_eq!(Body::decode(Kind::Consent, &body.to_bytes()), Ok(body));
}

/// What is written and read again is the same.
pub(crate) fn assert_is_request(processing: &Processing) {
    let body = Body::Request(Box::new(Request {
        source: RecordSource {
            schema: Schema::V1,
            sequence: 1,
            previous: None,
            recorded_at: at(0),
        },
        subject: PublicKey([0x40; 32]),
        custodian: organization("ex-organization"),
        event: Identifier([0x99; 16]),
        processing: processing.clone(),
        details: None,
    }));
    assert_eq!(Body::decode(Kind::Request, &body.to_bytes()), Ok(body));
}
