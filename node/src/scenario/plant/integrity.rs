//! V20 to V23, V37: numbers, times, halves, requests.

use super::{at_home, elsewhere, latest, planted};
use crate::scenario::{
    book::Standing,
    data::Content,
    network::batch,
    organizations::Partner,
    patients::Shape,
    terms::{HOUR, MINUTE, SECOND},
    visit::{Ask, Half, Visit},
    world::World,
};

pub(super) fn plant(world: &mut World, id: &str, round: u64) -> Option<()> {
    match id {
        "V20" => twice(world, round),
        "V21" => gap(world, round),
        "V22" => untimely(world, round),
        "V23" => halves(world, round),
        _ => unasked(world, round),
    }
}

fn ordinary(world: &mut World) -> Option<Visit> {
    at_home(world, &[Shape::General], None, "nurse", Content::Reading)
}

fn twice(world: &mut World, round: u64) -> Option<()> {
    let mut visit = ordinary(world)?;
    visit.after = Some(20 * SECOND);
    let mut again = visit.clone();
    let next = world.session(visit.session.checked_add(1)?)?.asked;
    let visited = visit.put(world)?;
    if round.is_multiple_of(2) {
        let finding = planted("V20", "the bytes of an access are sent once more");
        world.book.replay(next, visited.access?, finding);
        return Some(());
    }
    again.event = Some(visited.event);
    again.ask = Ask::Again(visited.request?);
    again.after = Some(90 * SECOND);
    again.plant("V20", "a second record of one event");
    again.put(world).map(|_| ())
}

fn gap(world: &mut World, round: u64) -> Option<()> {
    let mut visit = ordinary(world)?;
    if round.is_multiple_of(2) {
        visit.request_standing = Standing::AfterGap;
        visit.request_findings.push(planted("V21", "a number of the gateway is used by nothing"));
    } else {
        visit.access_standing = Standing::WrongLink;
        visit.plant("V21", "it links to another record than the one before");
    }
    visit.put(world).map(|_| ())
}

fn untimely(world: &mut World, round: u64) -> Option<()> {
    if round % 3 == 2 {
        return late(world);
    }
    let hospital = world.draw.index(world.hospitals);
    let device = world.parties.get(hospital)?.device;
    let (_, session) = world.pick(&[Shape::General], None, latest())?;
    let block = world.session(session)?.opened;
    let (recorded_at, what) = match round % 3 {
        0 => (block.saturating_sub(3 * HOUR), "the device's clock is three hours behind"),
        _ => (block.saturating_add(2 * MINUTE), "the device's clock is two minutes ahead"),
    };
    let mut draft = batch(world, hospital, device, recorded_at, 12)?;
    draft.findings.push(planted("V22", what));
    world.book.put(block, draft);
    Some(())
}

/// An access is handed in hours later, when its request is closed.
fn late(world: &mut World) -> Option<()> {
    let mut visit = ordinary(world)?;
    let from = world.session(visit.session)?.opened.saturating_add(2 * HOUR);
    let sessions = world.rhythm.sessions.iter();
    visit.late = Some({ sessions }.find(|session| session.asked > from)?.asked);
    visit.plant("V22", "it is handed in hours later");
    visit.imply("V37", "V22", "its request is open no longer");
    visit.put(world).map(|_| ())
}

fn halves(world: &mut World, round: u64) -> Option<()> {
    let who = (Partner::Clinic, "physician");
    let mut visit = elsewhere(world, &[Shape::General], None, who, Content::Reading)?;
    match round % 4 {
        0 => {
            visit.half = Half::Missing;
            visit.plant("V23", "the recipient says nothing of it");
        }
        1 => {
            visit.half = Half::Differing;
            visit.half_findings.push(planted("V23", "the recipient names another system"));
        }
        2 => {
            visit.half = Half::Failed;
            visit.half_findings.push(planted("V23", "the recipient says that it failed"));
        }
        _ => {
            visit.half = Half::Alone;
            visit.half_findings.push(planted("V23", "the custodian says nothing of it"));
        }
    }
    visit.put(world).map(|_| ())
}

fn unasked(world: &mut World, round: u64) -> Option<()> {
    let mut visit = ordinary(world)?;
    let (ask, what) = match round % 2 {
        0 => (Ask::Never, "nobody asked before"),
        _ => (Ask::ForAnother, "another action was asked for"),
    };
    visit.ask = ask;
    visit.plant("V37", what);
    visit.put(world).map(|_| ())
}
