//! V10 to V13: the glass is broken.

use super::at_home;
use crate::scenario::{
    data::Content,
    honest::emergency_basis,
    patients::Shape,
    policy::ACTOR_EMERGENCIES,
    terms::SECOND,
    visit::{Reviewed, Visit},
    world::World,
};

pub(super) fn plant(world: &mut World, id: &str, round: u64) -> Option<()> {
    match id {
        "V10" => {
            let mut visit = emergency(world)?;
            visit.justification = None;
            visit.plant("V10", "an emergency is declared and nobody says why");
            visit.put(world).map(|_| ())
        }
        "V11" => {
            let mut visit = emergency(world)?;
            let is_late = round % 2 == 1;
            visit.review = Some(if is_late { Reviewed::Late } else { Reviewed::Never });
            visit.plant("V11", "nobody reviews the emergency within the limit");
            visit.put(world).map(|_| ())
        }
        "V12" => repeated(world),
        _ => by_others(world, round),
    }
}

/// A clinician overrides what the patient said, as the network allows.
fn emergency(world: &mut World) -> Option<Visit> {
    let shapes = [Shape::General, Shape::OptOut];
    let mut visit = at_home(world, &shapes, None, "physician", Content::Reading)?;
    visit.declare(world);
    visit.basis = emergency_basis(world, visit.subject)?;
    Some(visit)
}

/// One person declares one emergency more than the policy allows.
fn repeated(world: &mut World) -> Option<()> {
    let first = emergency(world)?;
    for number in 0..=ACTOR_EMERGENCIES {
        let mut visit = first.clone();
        visit.justification = Some(world.digest("justification"));
        visit.after = Some(number.saturating_add(1).saturating_mul(20 * SECOND));
        if number == ACTOR_EMERGENCIES {
            visit.plant("V12", "the same person has declared three emergencies today");
        }
        visit.put(world)?;
    }
    Some(())
}

/// Who does not treat people has no emergency treatment to claim.
fn by_others(world: &mut World, round: u64) -> Option<()> {
    if round.is_multiple_of(2) {
        let mut visit = at_home(world, &[Shape::Silent], None, "registration", Content::Reading)?;
        visit.declare(world);
        visit.review = None;
        visit.plant("V13", "the registration desk declares an emergency");
        visit.uncover(world, "V01", Some("V13"), "and nothing else covers it")?;
        return visit.put(world).map(|_| ());
    }
    let mut visit = at_home(world, &[Shape::OptOut], None, "billing", Content::Reading)?;
    visit.purposes = vec!["ETREAT"];
    visit.plant("V13", "billing says that it is emergency treatment");
    visit.uncover(world, "V09", Some("V13"), "and the consent denies it")?;
    visit.put(world).map(|_| ())
}
