//! Consents that name who, what for, and with which data.

use vidimus::{
    encoding::cbor::List,
    record::{
        actor::{ActorPattern, OrganizationId},
        codes::{Effect, System},
        consent::{Elements, Provision},
    },
};

use super::{Version, general};
use crate::scenario::{
    data::{self, Content},
    organizations::Partner,
    patients::{Shape, Subject},
    terms::{anything, codes, in_role},
    world::{Refer, World},
};

fn parts<'a>(world: &'a World, version: &Version) -> Option<(&'a Subject, &'a OrganizationId)> {
    Some((world.subjects.get(version.subject)?, &world.custodian(version.subject)?.id))
}

/// Everybody of an organization.
fn all_of(world: &World, partner: Partner) -> Option<ActorPattern> {
    let organization = Some(world.partner(partner)?.id.clone());
    Some(ActorPattern { organization, role: None, person: None })
}

/// Reading of some classes, by clinicians here, for treatment.
pub(super) fn granular(world: &World, version: &mut Version) -> Option<()> {
    let (of, here) = parts(world, version)?;
    let scope = Elements {
        actors: List::new(vec![in_role(Some(here), "clinician")?])?,
        actions: codes(&["R", "query"])?,
        purposes: codes(&["TREAT"])?,
        ..anything()
    };
    let classes = ["Observation", "Condition", "MedicationRequest"];
    let classes = classes.map(|class| (System::Class, class));
    let (scope, named) = data::name(scope, &of.sealer, Effect::Permit, &classes, &[])?;
    (version.scope, version.named) = (scope, vec![named]);
    Some(())
}

/// Everything but one label, and that one for physicians here.
pub(super) fn except_label(world: &World, version: &mut Version) -> Option<()> {
    let (of, here) = parts(world, version)?;
    let name = |elements, effect, terms: &[_]| data::name(elements, &of.sealer, effect, terms, &[]);
    let labels = [(System::Sensitivity, "HIV")];
    let physicians = List::new(vec![in_role(Some(here), "physician")?])?;
    let physicians = Elements { actors: physicians, ..anything() };
    let (scope, whole) = name(general()?, Effect::Permit, &[(System::Confidentiality, "V")])?;
    let (elements, denied) = name(anything(), Effect::Deny, &labels)?;
    let (exception, excepted) = name(physicians, Effect::Permit, &labels)?;
    version.scope = scope;
    version.provisions = vec![Provision { elements, exceptions: List::new(vec![exception])? }];
    version.named = vec![whole, denied, excepted];
    Some(())
}

/// Nothing but treatment by clinicians here.
pub(super) fn opt_out(world: &World, version: &mut Version) -> Option<()> {
    let (_, here) = parts(world, version)?;
    let elements = Elements {
        actors: List::new(vec![in_role(Some(here), "clinician")?])?,
        purposes: codes(&["TREAT"])?,
        ..anything()
    };
    version.decision = Effect::Deny;
    version.scope = anything();
    version.provisions = vec![Provision { elements, exceptions: List::default() }];
    Some(())
}

/// Treatment with two resources.
pub(super) fn listed(world: &World, version: &mut Version) -> Option<()> {
    let (of, _) = parts(world, version)?;
    let scope = Elements { purposes: codes(&["TREAT"])?, ..anything() };
    let items = [Content::Reading, Content::Diagnosis].map(|content| of.item(content));
    let ids: Vec<&str> = items.iter().map(|item| item.resource.as_str()).collect();
    let (scope, named) = data::name(scope, &of.sealer, Effect::Permit, &[], &ids)?;
    (version.scope, version.named) = (scope, vec![named]);
    Some(())
}

/// Who may have substance abuse data, and what for, as 42 CFR 2.31 asks for.
pub(super) fn part2(world: &World, version: &mut Version) -> Option<()> {
    let (of, here) = parts(world, version)?;
    let actors = vec![all_of(world, Partner::Clinic)?, in_role(Some(here), "clinician")?];
    let scope = Elements { actors: List::new(actors)?, purposes: codes(&["TREAT"])?, ..anything() };
    let labels = [(System::Law, "42CFRPart2")];
    let (scope, named) = data::name(scope, &of.sealer, Effect::Permit, &labels, &[])?;
    // No basis is named: that of part 2 would tell everybody what the consent is about.
    (version.scope, version.named) = (scope, vec![named]);
    Some(())
}

/// Consents to versions of research protocols.
pub(super) fn research(world: &mut World, version: Version, shape: Shape) -> Option<()> {
    let protocols = world.protocols?;
    let scope = Elements {
        actors: List::new(vec![all_of(world, Partner::Sponsor)?])?,
        purposes: codes(&["HRESCH"])?,
        ..anything()
    };
    let (subject, consent) = (version.subject, version.consent);
    let first = |protocol| {
        let protocol = Some(Refer::Slot(protocol));
        Version { scope: scope.clone(), protocol, ..version }
    };
    if shape == Shape::ResearchVersions {
        let previous = Some(first(protocols.first).put(world)?);
        // The second version of the protocol stands in the block before.
        let block = world.session(world.switch)?.asked;
        let next = Version::new(world, subject, scope)?;
        let protocol = Some(Refer::Slot(protocols.second));
        Version { block, consent, previous, protocol, ..next }.put(world)?;
    } else if shape == Shape::ResearchOver {
        first(protocols.ending).put(world)?;
        let other = Version::new(world, subject, scope)?;
        Version { protocol: Some(Refer::Slot(protocols.closed)), ..other }.put(world)?;
    } else {
        first(protocols.steady).put(world)?;
    }
    Some(())
}
