//! What people do on ordinary days: accesses that imply no finding.

use vidimus::record::{access::Outcome, authority::Relation};

use super::{
    data::{Content, Item},
    organizations::{Partner, Person},
    patients::Shape,
    terms::HOUR,
    visit::Visit,
    world::{Phase, Refer, World},
};

/// Draws until somebody has a reason to open a record.
const TRIES: usize = 200;

/// What clinicians open of most charts.
const PLAIN: [Content; 3] = [Content::Reading, Content::Diagnosis, Content::Medication];

/// Who does it, and why.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Reason {
    Care,
    Claim,
    Quality,
    Referral,
    Research,
    Delegate,
    PublicHealth,
    Emergency,
    Refused,
}

/// Puts one honest access on the ledger.
pub(super) fn access(world: &mut World) -> Option<()> {
    for _ in 0..TRIES {
        let session = world.rhythm.draw(&mut world.draw);
        let subject = world.draw.index(world.subjects.len());
        let Some(phase) = world.phase(subject, session) else { continue };
        let shape = world.subjects.get(subject)?.shape;
        let reasons = reasons(shape, phase);
        let Some(reason) = reasons.get(world.draw.index(reasons.len())).copied() else { continue };
        let Some((party, person)) = who(world, subject, session, reason) else { continue };
        if !world.may_see(person.person, subject, session)? {
            continue;
        }
        let mut visit = visit(world, [subject, session, party], reason, person)?;
        if world.draw.percent(4) {
            visit.late = hand_in_late(world, session, &visit);
        }
        visit.put(world)?;
        return Some(());
    }
    None
}

/// What is covered, the more often it stands here.
fn reasons(shape: Shape, phase: Phase) -> &'static [Reason] {
    use Reason::{
        Care, Claim, Delegate, Emergency, PublicHealth, Quality, Referral, Refused, Research,
    };
    const GENERAL: &[Reason] =
        &[Care, Care, Care, Care, Care, Care, Claim, Claim, Quality, Referral, Referral];
    match (shape, phase) {
        (Shape::General, _) => &[
            Care, Care, Care, Care, Care, Care, Care, Care, Claim, Claim, Quality, Referral,
            Referral, Referral, Emergency,
        ],
        (Shape::Versions | Shape::Rotating, _)
        | (Shape::Expiring | Shape::Revoked | Shape::Mistaken, Phase::Before)
        | (Shape::Future, Phase::After) => GENERAL,
        (Shape::Granular | Shape::Listed | Shape::Protected, _)
        | (Shape::ComingOfAge | Shape::Proxied, Phase::After) => &[Care],
        (Shape::ExceptLabel, _) => &[Care, Care, Care, Claim],
        (Shape::OptOut, _) => &[Care, Care, Care, Care, Care, Care, Emergency, Refused],
        (Shape::Part2, _) => &[Care, Referral],
        (Shape::Research | Shape::ResearchVersions, _) | (Shape::ResearchOver, Phase::Before) => {
            &[Research]
        }
        (Shape::Minor, _) | (Shape::ComingOfAge | Shape::Proxied, Phase::Before) => {
            &[Care, Care, Delegate]
        }
        (Shape::Silent, _) => &[PublicHealth, PublicHealth, PublicHealth, Emergency, Refused],
        (
            Shape::Expiring | Shape::Revoked | Shape::Mistaken | Shape::ResearchOver,
            Phase::After,
        )
        | (Shape::Future, Phase::Before) => &[],
    }
}

/// Who does it, and for which organization; none where nobody may.
fn who(
    world: &mut World,
    subject: usize,
    session: usize,
    reason: Reason,
) -> Option<(usize, Person)> {
    let (home, shape) = {
        let subject = world.subjects.get(subject)?;
        (subject.custodian, subject.shape)
    };
    let partner = |world: &World, partner| {
        let id = &world.partner(partner)?.id;
        world.parties.iter().position(|party| party.id == *id)
    };
    let (party, roles): (usize, &[&'static str]) = match reason {
        Reason::Care if shape == Shape::Part2 => (home, &["physician", "nurse"]),
        Reason::Care if shape == Shape::Protected => (home, &["physician"]),
        Reason::Care => (home, &["physician", "nurse", "pharmacist"]),
        Reason::Claim | Reason::Refused => (home, &["billing"]),
        Reason::Quality | Reason::PublicHealth => (home, &["quality"]),
        Reason::Emergency => (home, &["physician", "nurse"]),
        Reason::Delegate => (home, &["guardian"]),
        Reason::Referral => match world.draw.below(3) {
            0 if session < world.switch && shape != Shape::Part2 => {
                (partner(world, Partner::Newcomer)?, &["physician"])
            }
            1 if shape != Shape::Part2 => (partner(world, Partner::Laboratory)?, &["diagnostics"]),
            _ => (partner(world, Partner::Clinic)?, &["physician", "nurse"]),
        },
        Reason::Research => (partner(world, Partner::Sponsor)?, &["researcher"]),
    };
    let person = if reason == Reason::Delegate {
        world.stranger("guardian")
    } else if shape == Shape::Protected {
        let public = world.subjects.get(subject)?.public;
        let person = world.policy.team(&public, &mut world.draw)?;
        Person { person, role: "physician" }
    } else {
        world.parties.get(party)?.somebody(&mut world.draw, roles)?
    };
    Some((party, person))
}

/// What it is then.
fn visit(
    world: &mut World,
    [subject, session, party]: [usize; 3],
    reason: Reason,
    person: Person,
) -> Option<Visit> {
    let shape = world.subjects.get(subject)?.shape;
    let item = item(world, subject, reason, person.role)?;
    let mut visit = Visit::new(world, subject, session, party, person, item)?;
    match reason {
        Reason::Care => {
            visit.action = if world.draw.percent(20) { "query" } else { "R" };
        }
        Reason::Claim => visit.purposes = vec!["HPAYMT"],
        Reason::Quality => visit.purposes = vec!["HQUALIMP"],
        // Accountings leave treatment out, but with data of part 2: not everybody says what went.
        Reason::Referral => {
            if shape != Shape::Part2 && world.draw.percent(20) {
                visit.disclosure(|of| of.description = None);
            }
        }
        Reason::Research => {
            let protocols = world.protocols?;
            let protocol = match (shape, world.phase(subject, session)?) {
                (Shape::ResearchVersions, Phase::Before) => protocols.first,
                (Shape::ResearchVersions, Phase::After) => protocols.second,
                (Shape::ResearchOver, _) => protocols.ending,
                _ => protocols.steady,
            };
            visit.purposes = vec!["HRESCH"];
            visit.protocol = Some(Refer::Slot(protocol));
        }
        Reason::Delegate => {
            let delegate = world.subjects.get(subject)?.delegate?;
            visit.purposes = vec!["PATRQT"];
            visit.delegate = Some((delegate.relation, Refer::Slot(delegate.delegation)));
            if delegate.relation == Relation::Proxy {
                visit.actor.role = vidimus::record::actor::CodeText::new("delegate")?;
            }
        }
        Reason::PublicHealth => {
            visit.for_public_health(world)?;
            if world.draw.percent(50) {
                visit.report(world)?;
            }
        }
        Reason::Emergency => {
            // An actor has one a day: more is for the policy to ask about.
            visit.actor.person = world.digest("emergency");
            visit.declare(world);
            visit.basis = emergency_basis(world, subject)?;
        }
        Reason::Refused => {
            visit.purposes = vec!["HMARKT"];
            visit.outcome = Outcome::Denied;
        }
    }
    if matches!(reason, Reason::Care | Reason::Claim) && world.draw.percent(30) {
        visit.consents.extend(world.standing_consent(subject, session));
    }
    Some(visit)
}

/// What an emergency rests on where a lawful basis must be named.
pub(super) fn emergency_basis(world: &World, subject: usize) -> Option<Vec<&'static str>> {
    let is_gdpr = world.custodian(subject)?.is_under("gdpr");
    Some(if is_gdpr { vec!["GDPR-9(2)(c)"] } else { Vec::new() })
}

fn item(world: &mut World, subject: usize, reason: Reason, role: &str) -> Option<Item> {
    let shape = world.subjects.get(subject)?.shape;
    let plain = *PLAIN.get(world.draw.index(PLAIN.len()))?;
    let content = if reason == Reason::Claim {
        Content::Claim
    } else if shape == Shape::Part2 {
        Content::Addiction
    } else if reason != Reason::Care {
        plain
    } else if shape == Shape::Listed {
        *PLAIN.get(world.draw.index(2))?
    } else if shape == Shape::ExceptLabel && role == "physician" && world.draw.percent(30) {
        Content::Hiv
    } else if shape == Shape::General && world.draw.percent(20) {
        let sensitive = [Content::Hiv, Content::Psychotherapy, Content::Genome];
        *sensitive.get(world.draw.index(3))?
    } else {
        plain
    };
    Some(world.subjects.get(subject)?.item(content))
}

/// The block with which a second node hands the access in, if one comes while its request is open.
fn hand_in_late(world: &World, session: usize, visit: &Visit) -> Option<u64> {
    if visit.party != world.subjects.get(visit.subject)?.custodian {
        return None;
    }
    let (this, next) = (world.session(session)?, world.session(session.checked_add(1)?)?);
    (next.asked < this.asked.saturating_add(HOUR)).then_some(next.asked)
}
