//! V01 to V09, V35, V36: what no consent covers.

use super::at_home;
use crate::scenario::{
    data::Content,
    patients::Shape,
    visit::Visit,
    world::{Phase, World},
};

pub(super) fn plant(world: &mut World, id: &str, round: u64) -> Option<()> {
    match id {
        "V01" => uncovered(world, Shape::Silent, None, "V01", "nobody was asked"),
        "V02" => uncovered(world, Shape::Expiring, Some(Phase::After), "V02", "the period is over"),
        "V03" => uncovered(world, Shape::Revoked, Some(Phase::After), "V03", "it was revoked"),
        "V04" => {
            uncovered(world, Shape::Future, Some(Phase::Before), "V04", "the period has not begun")
        }
        "V05" => beyond_granular(world, "V05", |_| {}),
        "V06" => beyond_granular(world, "V06", |visit| visit.purposes = vec!["TREAT", "HMARKT"]),
        "V07" => beyond_granular(world, "V07", |visit| visit.action = "export"),
        "V08" => beyond_granular(world, "V08", |_| {}),
        "V09" => denied(world, round),
        "V35" => mistaken(world, round),
        _ => indeterminate(world),
    }
}

/// Somebody reads the chart of a subject with nothing in force that covers it.
fn uncovered(
    world: &mut World,
    shape: Shape,
    phase: Option<Phase>,
    id: &'static str,
    what: &'static str,
) -> Option<()> {
    let mut visit = at_home(world, &[shape], phase, "nurse", Content::Reading)?;
    visit.uncover(world, id, None, what)?;
    visit.put(world).map(|_| ())
}

/// The consent permits reading of some classes by clinicians for treatment; one of these is not met.
fn beyond_granular(
    world: &mut World,
    id: &'static str,
    change: impl FnOnce(&mut Visit),
) -> Option<()> {
    let (role, content, what) = match id {
        "V05" => ("billing", Content::Reading, "the consent permits clinicians, not billing"),
        "V06" => ("physician", Content::Reading, "the consent permits treatment, not marketing"),
        "V07" => ("physician", Content::Diagnosis, "the consent permits reading, not export"),
        _ => ("physician", Content::Imaging, "the consent permits other classes"),
    };
    let mut visit = at_home(world, &[Shape::Granular], None, role, content)?;
    change(&mut visit);
    visit.uncover(world, id, None, what)?;
    visit.put(world).map(|_| ())
}

fn denied(world: &mut World, round: u64) -> Option<()> {
    let (shape, role, content, what) = match round % 2 {
        0 => (Shape::ExceptLabel, "nurse", Content::Hiv, "the consent denies this label to nurses"),
        _ => (Shape::OptOut, "pharmacist", Content::Reading, "the consent denies what is no care"),
    };
    let mut visit = at_home(world, &[shape], None, role, content)?;
    if shape == Shape::OptOut {
        visit.purposes = vec!["HQUALIMP"];
    }
    visit.uncover(world, "V09", None, what)?;
    visit.put(world).map(|_| ())
}

fn mistaken(world: &mut World, round: u64) -> Option<()> {
    if round.is_multiple_of(2) {
        let what = "the consent was entered in error";
        return uncovered(world, Shape::Mistaken, Some(Phase::After), "V35", what);
    }
    // Public health covers it; all the same it refers to the consent that was entered in error.
    let mut visit =
        at_home(world, &[Shape::Mistaken], Some(Phase::After), "quality", Content::Reading)?;
    visit.for_public_health(world)?;
    visit.consents.clone_from(&world.subjects.get(visit.subject)?.consents);
    visit.plant("V35", "a law covers it, and it refers to a consent that was entered in error");
    visit.put(world).map(|_| ())
}

fn indeterminate(world: &mut World) -> Option<()> {
    let mut visit = at_home(world, &[Shape::Silent], None, "physician", Content::Reading)?;
    visit.purposes = vec!["NEW-IN-2031"];
    visit.plant("V36", "no table knows the purpose");
    visit.uncover(world, "V01", Some("V36"), "and nothing covers it")?;
    visit.put(world).map(|_| ())
}
