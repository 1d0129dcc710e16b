//! V24, V27, V29, V33: what must be written, and what must not.

use vidimus::encoding::cbor::Text;

use super::{at_home, beside, fitting, planted};
use crate::scenario::{data::Content, patients::Shape, visit::Visit, world::World};

pub(super) fn plant(world: &mut World, id: &str, round: u64) -> Option<()> {
    match id {
        "V24" => missing_column(world, round),
        "V27" => accounting(world, round, ["V27", "V24"]),
        "V29" => restriction(world, round),
        _ => identifier(world, round),
    }
}

/// Somebody of the hospital reports a case to the health office.
fn report(world: &mut World) -> Option<Visit> {
    let shapes = [Shape::General, Shape::Silent];
    let mut visit = at_home(world, &shapes, None, "quality", Content::Diagnosis)?;
    visit.report(world)?;
    Some(visit)
}

/// Where data come from is a column under the European regime; elsewhere it is what an accounting says.
fn missing_column(world: &mut World, round: u64) -> Option<()> {
    let shapes = [Shape::General, Shape::Granular];
    let plan = |world: &mut World| at_home(world, &shapes, None, "physician", Content::Reading);
    let is_european =
        |world: &World, visit: &Visit| Some(world.custodian(visit.subject)?.is_under("ehds"));
    let Some(mut visit) = fitting(world, plan, is_european) else {
        return accounting(world, round, ["V24", "V27"]);
    };
    visit.origin = None;
    visit.plant("V24", "nobody says where the data come from");
    visit.put(world).map(|_| ())
}

/// A part of what an accounting must say is missing: which is a violation, and implies the other.
fn accounting(world: &mut World, round: u64, [id, implied]: [&'static str; 2]) -> Option<()> {
    // To whom, patients may ask everywhere; what went and why is what HIPAA asks for.
    let mut visit = fitting(world, report, |world, visit| {
        Some(round % 3 == 2 || world.custodian(visit.subject)?.is_under("hipaa"))
    })?;
    let what = match round % 3 {
        0 => {
            visit.disclosure(|of| of.description = None);
            "nobody says what was disclosed"
        }
        1 => {
            visit.disclosure(|of| of.statement = None);
            "nobody says why it was disclosed"
        }
        _ => {
            visit.disclosure(|of| (of.name, of.address) = (None, None));
            "nobody says to whom it was disclosed"
        }
    };
    visit.plant(id, what);
    visit.imply(implied, id, "the law of the hospital asks for it");
    visit.put(world).map(|_| ())
}

fn restriction(world: &mut World, round: u64) -> Option<()> {
    match round % 4 {
        0 => consent_that_tells(world, "OPTOUT", "the consent says that there is an opt-out"),
        2 => consent_that_tells(world, "Part2-2.31", "the consent says what it is about"),
        1 => {
            let mut visit = at_home(world, &[Shape::General], None, "nurse", Content::Reading)?;
            visit.basis = vec!["NOAUTH"];
            let what = "a refrain policy stands in clear";
            visit.request_findings.push(planted("V29", what));
            visit.plant("V29", what);
            visit.put(world).map(|_| ())
        }
        _ => {
            let mut visit = report(world)?;
            let name = Text::new("District Health Office, HIV register")?;
            visit.disclosure(|of| of.name = Some(name));
            visit.plant("V29", "the recipient's name says what it is about");
            visit.put(world).map(|_| ())
        }
    }
}

/// A consent with a basis in clear that none should have.
fn consent_that_tells(world: &mut World, basis: &'static str, what: &'static str) -> Option<()> {
    let mut version = beside(world)?;
    version.basis = vec![basis];
    let block = version.block;
    let mut draft = version.draft(world)?;
    draft.findings.push(planted("V29", what));
    world.book.put(block, draft);
    Some(())
}

fn identifier(world: &mut World, round: u64) -> Option<()> {
    let mut visit = report(world)?;
    let name = if round.is_multiple_of(2) { "jane.roe@example.org" } else { "Patient MRN-104233" };
    let name = Text::new(name)?;
    visit.disclosure(|of| of.name = Some(name));
    visit.plant("V33", "a name in clear identifies a person");
    visit.put(world).map(|_| ())
}
