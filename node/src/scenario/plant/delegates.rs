//! V14, V15, V17, V32: who acts for whom, and research.

use vidimus::record::authority::Relation;

use super::{at_home, beside, elsewhere, latest, planted};
use crate::scenario::{
    book::Standing,
    consents::{self, Version},
    data::Content,
    organizations::Partner,
    patients::Shape,
    visit::Visit,
    world::{Phase, Refer, World},
};

pub(super) fn plant(world: &mut World, id: &str, round: u64) -> Option<()> {
    match id {
        "V14" => without_delegation(world, round),
        "V15" => of_age(world, round),
        "V17" => research(world, round),
        _ => not_the_subject(world, round),
    }
}

/// A delegate reads, by the right that the subject's delegation gives or gave.
fn by_delegate(
    world: &mut World,
    shape: Shape,
    phase: Option<Phase>,
    content: Content,
) -> Option<Visit> {
    let mut visit = at_home(world, &[shape], phase, "guardian", content)?;
    let delegate = world.subjects.get(visit.subject)?.delegate?;
    visit.purposes = vec!["PATRQT"];
    visit.delegate = Some((delegate.relation, Refer::Slot(delegate.delegation)));
    Some(visit)
}

fn without_delegation(world: &mut World, round: u64) -> Option<()> {
    let (mut visit, what) = match round % 4 {
        0 => {
            let visit = by_delegate(world, Shape::Proxied, Some(Phase::After), Content::Reading)?;
            (visit, "the delegation was withdrawn")
        }
        1 => {
            let mut visit = at_home(world, &[Shape::General], None, "delegate", Content::Reading)?;
            visit.purposes = vec!["PATRQT"];
            visit.delegate = Some((Relation::Proxy, Refer::Nowhere(world.digest("delegation"))));
            (visit, "there is no such delegation")
        }
        2 => {
            let mut visit = by_delegate(world, Shape::Minor, None, Content::Reading)?;
            visit.delegate = visit.delegate.map(|(_, delegation)| (Relation::Parent, delegation));
            (visit, "the delegation is a guardian's, not a parent's")
        }
        _ => return refused_delegate(world),
    };
    visit.plant("V14", what);
    visit.put(world).map(|_| ())
}

/// A proxy whose delegation was withdrawn consents.
fn refused_delegate(world: &mut World) -> Option<()> {
    let (subject, session) = world.pick(&[Shape::Proxied], Some(Phase::After), latest())?;
    let block = world.session(session)?.asked;
    let delegate = world.subjects.get(subject)?.delegate?;
    let version = Version::new(world, subject, consents::requests()?)?;
    let version = Version { block, signer: delegate.key, grantor: Some(delegate), ..version };
    let mut draft = version.draft(world)?;
    draft.standing = Standing::Refused;
    draft.findings.push(planted("V14", "a proxy consents whose delegation was withdrawn"));
    world.book.put(block, draft);
    Some(())
}

fn of_age(world: &mut World, round: u64) -> Option<()> {
    let (mut visit, what) = if round.is_multiple_of(2) {
        let visit = by_delegate(world, Shape::ComingOfAge, Some(Phase::After), Content::Reading)?;
        (visit, "the child has come of age")
    } else {
        let visit = by_delegate(world, Shape::Minor, None, Content::Adolescent)?;
        (visit, "the data are the adolescent's own")
    };
    visit.plant("V15", what);
    visit.put(world).map(|_| ())
}

fn research(world: &mut World, round: u64) -> Option<()> {
    let protocols = world.protocols?;
    let (shape, phase) = match round % 5 {
        0 | 3 => (Shape::Research, None),
        1 => (Shape::ResearchOver, Some(Phase::After)),
        2 => (Shape::ResearchOver, None),
        _ => (Shape::Silent, None),
    };
    let who = (Partner::Sponsor, "researcher");
    let mut visit = elsewhere(world, &[shape], phase, who, Content::Reading)?;
    visit.purposes = vec!["HRESCH"];
    match round % 5 {
        0 => visit.uncover(world, "V17", None, "it names no protocol, and consents do")?,
        1 => {
            visit.protocol = Some(Refer::Slot(protocols.ending));
            visit.plant("V17", "the protocol's period is over");
        }
        2 => {
            visit.protocol = Some(Refer::Slot(protocols.closed));
            visit.plant("V17", "the protocol is closed");
        }
        3 => {
            visit.protocol = Some(Refer::Nowhere(world.digest("protocol")));
            visit.uncover(world, "V17", None, "the protocol is not on the ledger")?;
        }
        _ => visit.uncover(world, "V17", None, "nobody was asked for research")?,
    }
    visit.put(world).map(|_| ())
}

/// Somebody else, or a key that was given up, signs as the subject.
fn not_the_subject(world: &mut World, round: u64) -> Option<()> {
    let (mut draft, block) = if round.is_multiple_of(2) {
        let mut version = beside(world)?;
        version.signer = world.keys.test(&format!("stranger {round}"));
        let block = version.block;
        (version.draft(world)?, block)
    } else {
        let (subject, session) = world.pick(&[Shape::Rotating], Some(Phase::After), latest())?;
        let block = world.session(session)?.asked;
        // The subject's first key, which a rotation took out of use.
        (consents::revocation(world, subject, block)?, block)
    };
    draft.standing = Standing::Refused;
    draft.findings.push(planted("V32", "another key than the subject's signs as the subject"));
    world.book.put(block, draft);
    Some(())
}
