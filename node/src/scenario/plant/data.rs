//! V16, V18, V25, V34, V38: protected kinds of data, and what is sealed of them.

use vidimus::record::codes::{Effect, System};

use super::{at_home, beside, elsewhere, planted};
use crate::scenario::{
    data::{self, Content, Item},
    organizations::Partner,
    patients::Shape,
    terms::SECOND,
    visit::Sealing,
    world::World,
};

pub(super) fn plant(world: &mut World, id: &str, round: u64) -> Option<()> {
    match id {
        "V16" => part2(world, round),
        "V18" => for_payment(world, round),
        "V25" => {
            let mut visit =
                at_home(world, &[Shape::General], None, "physician", Content::Unlabelled)?;
            visit.plant("V25", "a genome is opened without a sensitivity label");
            visit.put(world).map(|_| ())
        }
        "V34" => relabelled(world),
        _ => missealed(world, round),
    }
}

fn part2(world: &mut World, round: u64) -> Option<()> {
    let shape = if round % 3 == 2 { Shape::General } else { Shape::Part2 };
    let who = (Partner::Clinic, "physician");
    let mut visit = elsewhere(world, &[shape], None, who, Content::Addiction)?;
    match round % 3 {
        0 => {
            visit.disclosure(|of| of.legal_proceedings = true);
            visit.plant("V16", "it is disclosed for legal proceedings");
        }
        1 => {
            visit.disclosure(|of| of.redisclosure_notice = false);
            visit.plant("V16", "no notice against redisclosure goes along");
            if world.custodian(visit.subject)?.is_under("part2") {
                visit.imply("V24", "V16", "part2 asks for the notice");
            }
        }
        _ => visit.plant("V16", "the consent names neither recipients nor kinds of data"),
    }
    visit.put(world).map(|_| ())
}

fn for_payment(world: &mut World, round: u64) -> Option<()> {
    let (role, content, purpose, what) = match round % 2 {
        0 => ("billing", Content::SelfPaid, "HPAYMT", "the patient paid, and payment opens it"),
        _ => ("quality", Content::Psychotherapy, "HQUALIMP", "operations open psychotherapy notes"),
    };
    let mut visit = at_home(world, &[Shape::General], None, role, content)?;
    visit.purposes = vec![purpose];
    visit.plant("V18", what);
    visit.put(world).map(|_| ())
}

/// A resource loses its label between two accesses, and nobody labelled it anew.
fn relabelled(world: &mut World) -> Option<()> {
    let mut first = at_home(world, &[Shape::General], None, "physician", Content::Hiv)?;
    first.item = Item::new(Content::Hiv, &world.fresh());
    let mut second = first.clone();
    (first.after, second.after) = (Some(20 * SECOND), Some(90 * SECOND));
    second.item = first.item.relabelled(Content::Reading);
    second.plant("V34", "the resource had a label and a higher level a minute ago");
    first.put(world)?;
    second.put(world).map(|_| ())
}

fn missealed(world: &mut World, round: u64) -> Option<()> {
    if round % 3 == 2 {
        return missealed_consent(world);
    }
    let (sealing, what) = match round % 3 {
        0 => (Sealing::OtherCodes, "the details say another class than is sealed"),
        _ => (Sealing::OtherKey, "the details do not open"),
    };
    // Where classes must be written, details that do not open may say one.
    let mut visit = at_home(world, &[Shape::General], None, "physician", Content::Medication)?;
    visit.item = Item::new(Content::Medication, &world.fresh());
    visit.sealing = sealing;
    visit.plant("V38", what);
    visit.put(world).map(|_| ())
}

/// A consent that seals one class and says another to whoever reads its details.
fn missealed_consent(world: &mut World) -> Option<()> {
    let mut version = beside(world)?;
    let sealer = &world.subjects.get(version.subject)?.sealer;
    let class = |class| [(System::Class, class)];
    let scope = version.scope.clone();
    let (stated, _) =
        data::name(scope.clone(), sealer, Effect::Permit, &class("Observation"), &[])?;
    let (_, said) = data::name(scope, sealer, Effect::Permit, &class("Condition"), &[])?;
    (version.scope, version.named) = (stated, vec![said]);
    let block = version.block;
    let mut draft = version.draft(world)?;
    draft.findings.push(planted("V38", "the details of the consent say another class"));
    world.book.put(block, draft);
    Some(())
}
