//! Violations, each planted by a function that knows what it does and what follows from it.

mod accounting;
mod coverage;
mod data;
mod delegates;
mod emergencies;
mod integrity;
mod people;
mod refused;

use super::{
    consents::Version,
    data::Content,
    organizations::Partner,
    patients::Shape,
    terms::{DAY, HOUR},
    truth::{Because, Expected, Placed},
    visit::Visit,
    world::{Phase, World},
};

/// Plans that are drawn until one fits.
const TRIES: usize = 500;

/// Every violation that a ledger can show.
pub const IDS: [&str; 37] = [
    "V01", "V02", "V03", "V04", "V05", "V06", "V07", "V08", "V09", "V10", "V11", "V12", "V13",
    "V14", "V15", "V16", "V17", "V18", "V19", "V20", "V21", "V22", "V23", "V24", "V25", "V26",
    "V27", "V28", "V29", "V31", "V32", "V33", "V34", "V35", "V36", "V37", "V38",
];

/// Plants a violation for the time that `round` says; rounds are of different variants.
///
/// `None` if the scenario has nobody to do it to: it is too small.
pub(super) fn plant(world: &mut World, id: &str, round: u64) -> Option<()> {
    match id {
        "V01" | "V02" | "V03" | "V04" | "V05" | "V06" | "V07" | "V08" | "V09" | "V35" | "V36" => {
            coverage::plant(world, id, round)
        }
        "V10" | "V11" | "V12" | "V13" => emergencies::plant(world, id, round),
        "V14" | "V15" | "V17" | "V32" => delegates::plant(world, id, round),
        "V16" | "V18" | "V25" | "V34" | "V38" => data::plant(world, id, round),
        "V19" | "V31" => refused::plant(world, id, round),
        "V20" | "V21" | "V22" | "V23" | "V37" => integrity::plant(world, id, round),
        "V26" => people::plant(world, round),
        "V24" | "V27" | "V29" | "V33" => accounting::plant(world, id, round),
        // Of the network: it is planted with the genesis, and placed by `retention`.
        "V28" => Some(()),
        _ => None,
    }
}

/// A visit at home by somebody new, to a subject of one of these shapes.
fn at_home(
    world: &mut World,
    shapes: &[Shape],
    phase: Option<Phase>,
    role: &'static str,
    content: Content,
) -> Option<Visit> {
    let (subject, session) = world.pick(shapes, phase, latest())?;
    let person = world.stranger(role);
    let of = world.subjects.get(subject)?;
    let (home, item) = (of.custodian, of.item(content));
    Visit::new(world, subject, session, home, person, item)
}

/// A disclosure to somebody new of another organization.
fn elsewhere(
    world: &mut World,
    shapes: &[Shape],
    phase: Option<Phase>,
    partner: (Partner, &'static str),
    content: Content,
) -> Option<Visit> {
    let (partner, role) = partner;
    let (subject, session) = world.pick(shapes, phase, latest())?;
    let person = world.stranger(role);
    let id = world.partner(partner)?.id.clone();
    let party = world.parties.iter().position(|party| party.id == id)?;
    let item = world.subjects.get(subject)?.item(content);
    Visit::new(world, subject, session, party, person, item)
}

/// Every limit is over at the end for what happens before.
fn latest() -> u64 {
    super::rhythm::Rhythm::end().saturating_sub(80 * HOUR)
}

/// Draws plans until one fits: where a violation needs somebody of a certain hospital, or a time.
fn fitting(
    world: &mut World,
    mut plan: impl FnMut(&mut World) -> Option<Visit>,
    fits: impl Fn(&World, &Visit) -> Option<bool>,
) -> Option<Visit> {
    for _ in 0..TRIES {
        let visit = plan(world)?;
        if fits(world, &visit)? {
            return Some(visit);
        }
    }
    None
}

/// A consent beside the one that a subject has: to its own access alone.
fn beside(world: &mut World) -> Option<Version> {
    let (subject, session) = world.pick(&[Shape::General], None, latest())?;
    let block = world.session(session)?.asked;
    let scope = super::consents::requests()?;
    let version = Version::new(world, subject, scope)?;
    // It ends soon, so that a subject never has too many.
    let end = Some(block.saturating_add(DAY));
    Some(Version { block, end, ..version })
}

fn planted(id: &'static str, what: &'static str) -> Expected {
    Expected { id, because: Because::Planted, what }
}

/// The finding of a genesis that keeps records for too short a time.
pub(super) fn retention() -> Placed {
    let expected = planted("V28", "the network keeps records for two years");
    Placed { height: 1, index: None, expected }
}
