//! V26, V28 to V31, V33: what must be written, and what must not.

use vidimus::{
    audit::{Outcome, SkipReason, ViolationId},
    contract::network::Network,
    encoding::{
        cbor::Text,
        hex::{Hash, Identifier},
    },
    record::{
        Body,
        access::Access,
        consent::Consent,
        organization::{KeyUse, Organization, OrganizationChange},
    },
};

use super::fixture::{
    CLINIC, CLINIC_ID, Fixture, GOVERNANCE, PATIENT, account, code, disclosure, half, key, list,
    registered, set,
};

const ACCESS: u64 = 3;
const YEAR: u64 = 365 * 86_400_000;

/// The hospital keeps its records under these regimes.
pub(super) fn under(regimes: &[&str]) -> Fixture {
    let mut fixture = Fixture::new();
    let mut organizations: Vec<_> = fixture.network.organizations.iter().cloned().collect();
    organizations[0].regimes = set(regimes.iter().map(|regime| code(regime)));
    fixture.network = Network { organizations: list(organizations), ..fixture.network };
    fixture
}

/// A policy with a list of this name that has the physician and the patient.
fn listed(list: &str, field: &str, person: u8) -> String {
    let (person, subject) = (Hash([person; 32]), key(PATIENT));
    let person =
        if field == "persons" { format!("[\"{person}\"]") } else { format!("\"{person}\"") };
    format!("[[{list}]]\n{field} = {person}\nsubject = \"{subject}\"\n")
}

#[test]
fn curiosity_is_found_by_the_lists_of_the_policy() {
    let violation = [(ViolationId::V26, ACCESS, Some(0))];
    let found = |policy: &str| Fixture::new().policy(policy).access(|_| {}).found();
    for list in ["staff", "related"] {
        assert_eq!(found(&listed(list, "person", 0x11)), violation, "{list}");
        assert_eq!(found(&listed(list, "person", 0x12)), [], "{list}");
    }
    assert_eq!(found(&listed("protected", "persons", 0x12)), violation);
    assert_eq!(found(&listed("protected", "persons", 0x11)), []);
}

#[test]
fn too_many_subjects_of_one_person_in_a_day_are_found_once() {
    // Other patients' consents are not there; what they open is opened by a lawful basis.
    let other = |number: usize| {
        move |access: &mut Access| {
            access.subject = key(number);
            access.details = None;
            half(access).processing.basis = set([code("GDPR-9(2)(h)")]);
        }
    };
    let fixture = |most: u64| {
        let policy = format!("[mass_access]\nsubjects = {most}");
        let mut fixture = Fixture::new().policy(&policy);
        fixture.network.rules.lawful_bases = set([code("GDPR-9(2)")]);
        fixture.access(|_| {}).access(|_| {}).access(other(51)).access(other(52)).access(other(53))
    };
    assert_eq!(fixture(2).found(), [(ViolationId::V26, 9, Some(0))]);
    assert_eq!(fixture(4).found(), []);
}

#[test]
fn retention_shorter_than_a_regime_demands_is_found() {
    let violation = [(ViolationId::V28, 1, None)];
    let keeping = |millis, regimes: &[&str]| {
        let mut fixture = under(regimes);
        fixture.network.limits.retention = millis;
        fixture
    };
    assert_eq!(keeping(3 * YEAR - 1, &["ehds"]).found(), violation);
    assert_eq!(keeping(3 * YEAR, &["ehds"]).found(), []);
    assert_eq!(keeping(3 * YEAR, &["ehds", "hipaa"]).found(), violation);
    assert_eq!(keeping(0, &["gdpr", "part11"]).found(), []);
    let by_policy = keeping(3 * YEAR, &[]).policy("regimes = [\"hipaa\"]");
    assert_eq!(by_policy.found(), violation);
    // The blocks do not reach back as far; those of the chain's beginning need not.
    let mut late = keeping(3 * YEAR, &["ehds"]).idle(3);
    late.omitted = 2;
    assert_eq!(late.found(), [(ViolationId::V28, 3, None)]);
    let mut of_no_regime = Fixture::new().idle(3);
    of_no_regime.omitted = 2;
    assert_eq!(of_no_regime.found(), []);
}

#[test]
fn restrictions_in_clear_are_found() {
    let rests_on = |basis: &'static str| {
        Fixture::new().consent(2, move |consent| consent.basis = set([code(basis)]))
    };
    for shown in ["OPTOUT", "NORDSLCD", "HIV", "Part2-2.31", "42CFRPart2", "HIPAAPsyNotes"] {
        assert_eq!(rests_on(shown).found(), [(ViolationId::V29, 2, Some(0))], "{shown}");
    }
    // Of data of any kind; or nobody knows what it tells.
    for general in ["GDPR-9(2)(a)", "HIPAA-164.508", "HIPAAAuth", "OPTOUT-2031", "Part2-2031"] {
        assert_eq!(rests_on(general).found(), [], "{general}");
    }
    let audited = |access: &mut Access| half(access).processing.basis = set([code("Part2-2.53")]);
    let found = [(ViolationId::V29, 2, Some(0)), (ViolationId::V29, ACCESS, Some(0))];
    assert_eq!(Fixture::new().access(audited).found(), found);
}

#[test]
fn restrictions_in_texts_are_found() {
    let violation = [(ViolationId::V29, ACCESS, Some(0))];
    let asked_by =
        |name: &'static str| Fixture::new().access(move |access| half(access).client = code(name));
    for name in ["psychiatric-ward-3", "hiv-7", "optout.st-anna.example"] {
        assert_eq!(asked_by(name).found(), violation, "{name}");
    }
    // A part of a word; a code that is the initials of something else.
    for name in ["ward-7", "shiva-7", "DEMO", "mental-ward.health.example"] {
        assert_eq!(asked_by(name).found(), [], "{name}");
    }
    let to = |name: &'static str| {
        Fixture::new().access(move |access| {
            account(access);
            disclosure(access).name = Text::new(name);
        })
    };
    assert_eq!(to("Centre for Substance Use").found(), violation);
    assert_eq!(to("Centre for Substances, Used Goods").found(), []);
    let approved = |text: &'static str| {
        Fixture::new().block(move |world| {
            vec![world.protocol(|protocol| protocol.approval = Text::new(text))]
        })
    };
    assert_eq!(approved("EC 12/2026, HIV cohort").found(), [(ViolationId::V29, 2, Some(0))]);
    assert_eq!(approved("Ethics committee, approval B-7").found(), []);
    // What an organization is called, it is called for all its patients.
    let clinic = Fixture::new().block(|world| {
        vec![world.sign(GOVERNANCE, |source| {
            let clinic = registered(CLINIC_ID, &[], &[(CLINIC, KeyUse::Gateway)]);
            Body::Organization(Organization {
                source,
                change: OrganizationChange::Update,
                name: Text::new("Psychiatric Clinic"),
                ..clinic
            })
        })]
    });
    assert_eq!(clinic.found(), []);
}

#[test]
fn forged_consents_are_found() {
    let violation = [(ViolationId::V31, 2, Some(0))];
    let forged = Fixture::new().block(|world| {
        let mut record = world.consent(|consent| consent.consent = Identifier([2; 16]));
        *record.last_mut().unwrap() ^= 1;
        vec![record]
    });
    assert_eq!(forged.found(), violation);
    let to = |document: Option<u8>| {
        let policy = format!(
            "[[documents]]\nconsent = \"{}\"\nversion = 1\nsha256 = \"{}\"",
            "02".repeat(16),
            "AB".repeat(32)
        );
        Fixture::new().policy(&policy).consent(2, move |consent: &mut Consent| {
            consent.document = document.map(|byte| Hash([byte; 32]));
        })
    };
    assert_eq!(to(Some(0xcd)).found(), violation);
    assert_eq!(to(None).found(), violation);
    assert_eq!(to(Some(0xab)).found(), []);
}

#[test]
fn persons_named_in_clear_are_found() {
    let called =
        |name: &'static str| Fixture::new().access(move |access| half(access).client = code(name));
    for name in ["jane.doe@mail.example", "078-05-1120", "tel:+441632960001", "doe:1961-03-04"] {
        assert_eq!(called(name).found(), [(ViolationId::V33, ACCESS, Some(0))], "{name}");
    }
    for name in ["ward-7.st-anna.example", "pacs-2.14.3", "MRN-123456"] {
        assert_eq!(called(name).found(), [], "{name}");
    }
    let founded_on = |basis: &'static str| {
        Fixture::new().consent(2, move |consent| consent.basis = set([code(basis)]))
    };
    assert_eq!(founded_on("jane.doe@mail.example").found(), [(ViolationId::V33, 2, Some(0))]);
    assert_eq!(founded_on("HIPAA-164.512(b)").found(), []);
    let by_policy = called("MRN-123456").policy("[identifiers]\npatterns = [\"MRN-[0-9]{6}\"]");
    assert_eq!(by_policy.found(), [(ViolationId::V33, ACCESS, Some(0))]);
    let at = |address: &'static str| {
        Fixture::new().block(move |world| {
            vec![world.sign(GOVERNANCE, |source| {
                let clinic = registered(CLINIC_ID, &[], &[(CLINIC, KeyUse::Gateway)]);
                Body::Organization(Organization {
                    source,
                    change: OrganizationChange::Update,
                    address: Text::new(address),
                    ..clinic
                })
            })]
        })
    };
    assert_eq!(at("12 Elm Street, Springfield, IL 62704-1234").found(), []);
    assert_eq!(at("Dr. Doe, +49 30 1234567").found(), [(ViolationId::V33, 2, Some(0))]);
}

#[test]
fn what_no_ledger_shows_and_what_needs_a_list_is_skipped() {
    let violations = Fixture::new().run().violations;
    let of = |id| {
        let entry = violations.iter().find(|entry| entry.id == id).unwrap();
        (entry.outcome, entry.reason)
    };
    assert_eq!(of(ViolationId::V26), (Outcome::Skip, Some(SkipReason::Policy)));
    assert_eq!(of(ViolationId::V30), (Outcome::Skip, Some(SkipReason::Outside)));
    // Signatures are looked at whatever the policy lists.
    assert_eq!(of(ViolationId::V31), (Outcome::None, None));
    assert_eq!(of(ViolationId::V33), (Outcome::None, None));
}
