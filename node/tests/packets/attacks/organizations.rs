//! Records as they are entered in the log of an organization, and not in that of a subject.

use super::{Attack, access, changed, of, record};
use crate::fixture::{CLINIC_ID, organization};
use crate::world::{LEDGER, in_log_of_hospital};
use vidimus::{
    encoding::hex::Hash,
    packet::{
        Packet,
        claim::{Claim, InLog},
    },
};

pub(super) fn attacks() -> Vec<Attack> {
    let of_subject = || {
        let packet = of(&LEDGER, LEDGER.anchor.height, access());
        let Claim::Record(claim) = &packet.claims[0] else { panic!("a record") };
        claim.log.clone().unwrap()
    };
    vec![
        on_access("the organization's entry as one of the subject", "state.proof", |log| {
            log.organization = None;
        }),
        on_access("the log of another organization", "state.proof", |log| {
            log.organization = Some(organization(CLINIC_ID));
        }),
        on_access("the subject's log as that of the organization", "state.proof", move |log| {
            log.proof = of_subject().proof;
        }),
        on_access("the way of the subject's log in the organization's", "log.entry", move |log| {
            let other = of_subject();
            (log.entry, log.path) = (other.entry, other.path);
        }),
        on_access("another entry of the organization", "log.entry", |log| log.entry += 1),
        on_access("an entry beyond the organization's log", "log.entry", |log| log.entry = 99),
        on_access("an entry of the organization at another height", "log.entry", |log| {
            log.height += 1;
        }),
        on_access("a hash changed on the way to the organization's log", "log.entry", |log| {
            log.path = changed(&log.path, |path| path[0].0[0] ^= 1);
        }),
        on_access("a hash too many on the way to the organization's log", "log.entry", |log| {
            log.path = changed(&log.path, |path| path.push(Hash([0; 32])));
        }),
        on("an anchor record in the log of no subject", "packet.references", (4, 0), |packet| {
            log(packet, |log| log.organization = None);
        }),
        on("an entry of the organization with another result", "log.entry", (3, 0), |packet| {
            record(packet, |claim| claim.data = None);
        }),
        on("another record as the organization's entry", "log.entry", (3, 0), |packet| {
            let other = LEDGER.blocks[5].draft.transactions[0].clone();
            record(packet, |claim| claim.transaction = other.into());
        }),
    ]
}

fn on(
    name: &'static str,
    expects: &'static str,
    (height, index): (u64, usize),
    edit: impl Fn(&mut Packet) + 'static,
) -> Attack {
    Attack {
        name,
        expects,
        ledger: &LEDGER,
        anchor: LEDGER.anchor.height,
        honest: Box::new(move || in_log_of_hospital(height, index)),
        edit: Box::new(edit),
        digest: None,
    }
}

fn on_access(
    name: &'static str,
    expects: &'static str,
    edit: impl Fn(&mut InLog) + 'static,
) -> Attack {
    on(name, expects, (3, 0), move |packet| log(packet, &edit))
}

fn log(packet: &mut Packet, edit: impl FnOnce(&mut InLog)) {
    record(packet, |claim| edit(claim.log.as_mut().unwrap()));
}
