//! V26: curiosity.

use super::{at_home, latest};
use crate::scenario::{
    data::Content, patients::Shape, rhythm::day, terms::SECOND, visit::Visit, world::World,
};

/// Whose chart a nurse may read without anybody wondering why.
const OPEN: [Shape; 8] = [
    Shape::General,
    Shape::Granular,
    Shape::ExceptLabel,
    Shape::OptOut,
    Shape::Minor,
    Shape::ComingOfAge,
    Shape::Versions,
    Shape::Rotating,
];

pub(super) fn plant(world: &mut World, round: u64) -> Option<()> {
    if round % 4 == 3 && many(world).is_some() {
        return Some(());
    }
    let shape = if round % 4 == 2 { Shape::Protected } else { Shape::General };
    let mut visit = at_home(world, &[shape], None, "nurse", Content::Reading)?;
    let (person, subject) = (visit.actor.person, world.subjects.get(visit.subject)?.public);
    match round % 4 {
        2 => visit.plant("V26", "the record of a protected person"),
        1 => {
            world.policy.related.push((person, subject));
            visit.plant("V26", "the record of a relative");
        }
        _ => {
            world.policy.staff.push((person, subject));
            visit.plant("V26", "their own record");
        }
    }
    visit.put(world).map(|_| ())
}

/// One nurse reads one chart more than the policy allows for a day.
fn many(world: &mut World) -> Option<()> {
    let (_, session) = world.pick(&[Shape::General], None, latest())?;
    let most = usize::try_from(world.policy.subjects).ok()?;
    let hospital = world.draw.index(world.hospitals);
    let fitting: Vec<usize> = (0..)
        .zip(&world.subjects)
        .filter(|(_, subject)| subject.custodian == hospital && OPEN.contains(&subject.shape))
        .filter(|(_, subject)| subject.switch != session)
        .map(|(index, _)| index)
        .take(most.saturating_add(1))
        .collect();
    let of_day = world.session(session)?;
    if fitting.len() <= most || day(of_day.asked) != day(of_day.opened) {
        return None;
    }
    let person = world.stranger("nurse");
    for (number, subject) in (1..).zip(fitting) {
        let item = world.subjects.get(subject)?.item(Content::Reading);
        let mut visit = Visit::new(world, subject, session, hospital, person, item)?;
        visit.after = Some(SECOND.saturating_mul(number).saturating_mul(3));
        if number > world.policy.subjects {
            visit.plant("V26", "more charts in a day than the policy allows");
        }
        visit.put(world)?;
    }
    Some(())
}
