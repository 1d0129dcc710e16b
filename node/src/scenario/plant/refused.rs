//! V19, V31: records that their signer may not sign, or did not.

use vidimus::record::actor::OrganizationId;

use super::{at_home, beside, elsewhere, fitting, latest, planted};
use crate::scenario::{
    book::Standing,
    data::Content,
    network::batch,
    organizations::Partner,
    patients::Shape,
    visit::{Half, Visit},
    world::World,
};

pub(super) fn plant(world: &mut World, id: &str, round: u64) -> Option<()> {
    match id {
        "V19" => match round % 5 {
            0 => forged_request(world),
            1 => retired_gateway(world),
            2 => unregistered(world),
            3 => suspended(world),
            _ => strange_device(world, round),
        },
        _ if round.is_multiple_of(2) => forged_consent(world),
        _ => other_document(world),
    }
}

/// A request, and nothing after it.
fn request(world: &mut World) -> Option<Visit> {
    let shapes = [Shape::General, Shape::Granular, Shape::OptOut, Shape::Minor];
    let mut visit = at_home(world, &shapes, None, "nurse", Content::Reading)?;
    visit.half = Half::Alone;
    Some(visit)
}

fn forged_request(world: &mut World) -> Option<()> {
    let mut visit = request(world)?;
    visit.request_standing = Standing::Forged;
    visit.request_findings.push(planted("V19", "the gateway's signature is not the gateway's"));
    visit.put(world).map(|_| ())
}

fn retired_gateway(world: &mut World) -> Option<()> {
    let mut visit = fitting(world, request, |world, visit| {
        let is_of_first = world.subjects.get(visit.subject)?.custodian == 0;
        Some(is_of_first && visit.session >= world.switch)
    })?;
    visit.asker = Some(world.parties.first()?.gateway);
    visit.request_standing = Standing::Refused;
    visit.request_findings.push(planted("V19", "the gateway's key was taken out of use"));
    visit.put(world).map(|_| ())
}

fn unregistered(world: &mut World) -> Option<()> {
    let mut visit = at_home(world, &[Shape::General], None, "physician", Content::Reading)?;
    visit.actor.organization = OrganizationId::new("nobody.example")?;
    visit.disclose(world, Some(("Nobody and Sons", "Mill Lane 7")));
    visit.plant("V19", "the recipient is not registered");
    visit.put(world).map(|_| ())
}

fn suspended(world: &mut World) -> Option<()> {
    let who = (Partner::Newcomer, "physician");
    let plan = |world: &mut World| elsewhere(world, &[Shape::General], None, who, Content::Reading);
    let mut visit = fitting(world, plan, |world, visit| Some(visit.session >= world.switch))?;
    visit.half = Half::Missing;
    visit.plant("V19", "the recipient is suspended");
    visit.imply("V23", "V19", "so it cannot hand in its half");
    visit.put(world).map(|_| ())
}

fn strange_device(world: &mut World, round: u64) -> Option<()> {
    let device = world.keys.test(&format!("strange device {round}"));
    let (_, session) = world.pick(&[Shape::General], None, latest())?;
    let block = world.session(session)?.asked;
    let hospital = world.draw.index(world.hospitals);
    let mut draft = batch(world, hospital, device, block, 12)?;
    draft.standing = Standing::Refused;
    draft.findings.push(planted("V19", "no device of the hospital has this key"));
    world.book.put(block, draft);
    Some(())
}

fn forged_consent(world: &mut World) -> Option<()> {
    let version = beside(world)?;
    let block = version.block;
    let mut draft = version.draft(world)?;
    draft.standing = Standing::Forged;
    draft.findings.push(planted("V31", "the patient's signature is not the patient's"));
    world.book.put(block, draft);
    Some(())
}

/// The document that the policy has of the consent is another than the patient signed.
fn other_document(world: &mut World) -> Option<()> {
    let mut version = beside(world)?;
    version.document = Some(world.digest("document"));
    let expected = world.digest("document");
    world.policy.documents.push((version.consent, 1, expected));
    let block = version.block;
    let mut draft = version.draft(world)?;
    draft.findings.push(planted("V31", "the signed document is another than the one on file"));
    world.book.put(block, draft);
    Some(())
}
