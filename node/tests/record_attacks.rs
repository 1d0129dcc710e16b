//! Named attacks on records, consents, contract and audit: each makes a whole ledger, which is
//! verified and audited, and ends exactly as it is named to end.
//!
//! Nearly every attack has an honest twin: the same ledger without the one thing that the attacker
//! does. So what is caught is that thing and nothing else.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that fails may panic"
)]

#[path = "record_attacks/accesses.rs"]
mod accesses;
#[path = "record_attacks/attack.rs"]
mod attack;
#[path = "record_attacks/authority.rs"]
mod authority;
#[path = "record_attacks/codes.rs"]
mod codes;
#[path = "record_attacks/consents.rs"]
mod consents;
#[path = "record_attacks/delegations.rs"]
mod delegations;
#[path = "record_attacks/encoding.rs"]
mod encoding;
#[path = "audit/fixture.rs"]
#[expect(dead_code, reason = "tests of the audit use what these do not")]
mod fixture;
#[path = "record_attacks/forge.rs"]
mod forge;
#[path = "record_attacks/guardians.rs"]
mod guardians;
#[path = "record_attacks/limits.rs"]
mod limits;
#[path = "record_attacks/organizations.rs"]
mod organizations;
#[path = "record_attacks/replays.rs"]
mod replays;
#[path = "record_attacks/reviews.rs"]
mod reviews;
#[path = "record_attacks/sealing.rs"]
mod sealing;
#[path = "record_attacks/state.rs"]
mod state;
#[path = "record_attacks/texts.rs"]
mod texts;
#[path = "record_attacks/truncation.rs"]
mod truncation;
#[path = "record_attacks/untold.rs"]
mod untold;

use std::collections::BTreeSet;

use self::attack::Attack;

#[test]
fn every_attack_ends_as_it_is_named_to_end() {
    let areas: [fn() -> Vec<Attack>; 15] = [
        accesses::attacks,
        authority::attacks,
        codes::attacks,
        consents::attacks,
        delegations::attacks,
        encoding::attacks,
        guardians::attacks,
        limits::attacks,
        organizations::attacks,
        replays::attacks,
        reviews::attacks,
        sealing::attacks,
        state::attacks,
        texts::attacks,
        truncation::attacks,
    ];
    let attacks: Vec<_> = areas.into_iter().flat_map(|area| area()).collect();
    let wrong = judge(&attacks);
    println!(
        "harness: {} record attacks, {} judged otherwise than named",
        attacks.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(attacks.len() >= 60, "{}", attacks.len());
}

/// Whoever teaches contract or audit to tell of one of these moves it to its area.
#[test]
fn what_nobody_tells_of_is_known() {
    let attacks = untold::attacks();
    let wrong = judge(&attacks);
    println!("harness: {} more that neither contract nor audit tells of", attacks.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What ends otherwise than named, of attacks that have a name each.
fn judge(attacks: &[Attack]) -> Vec<String> {
    let names: BTreeSet<_> = attacks.iter().map(|attack| attack.name).collect();
    assert_eq!(names.len(), attacks.len(), "each attack has a name of its own");
    attacks.iter().flat_map(Attack::judge).collect()
}
