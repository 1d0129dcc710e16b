//! Logs, and what is entered in them.

use super::{
    Attack, OTHER, access, all, attack, changed, list, of, proof_of, record, records, shown,
    subject,
};
use crate::fixture::{STRANGER, key, organization};
use crate::world::{LEDGER, id, patient};
use std::collections::BTreeSet;
use vidimus::{
    encoding::cbor::List, encoding::hex::Hash, merkle::inner_hash, packet::Packet,
    packet::build::Wanted, packet::claim::Before, packet::claim::Entry, packet::claim::InLog,
    state::End, state::Proof,
};

pub(super) fn attacks() -> Vec<Attack> {
    let log = |packet: &mut Packet, edit: &dyn Fn(&mut InLog)| {
        record(packet, |claim| edit(claim.log.as_mut().unwrap()));
    };
    let tip = LEDGER.anchor.height;
    vec![
        attack("entry at another height", "log.entry", tip, access(), move |packet| {
            log(packet, &|log| log.height += 1);
        }),
        attack("entry of another number", "log.entry", tip, access(), move |packet| {
            log(packet, &|log| log.entry += 1);
        }),
        attack("entry beyond the log", "log.entry", tip, access(), move |packet| {
            log(packet, &|log| log.entry = 6);
        }),
        attack("entry at another index", "log.entry", tip, access(), |packet| {
            record(packet, |claim| claim.index += 1);
        }),
        attack("entry with another result", "log.entry", tip, access(), |packet| {
            record(packet, |claim| claim.data = None);
        }),
        attack("entry with the code of a refusal", "log.entry", tip, access(), |packet| {
            record(packet, |claim| claim.code = Some(3));
        }),
        attack(
            "a hash too few to the root of the log",
            "log.entry",
            tip,
            access(),
            move |packet| {
                log(packet, &|log| {
                    log.path = changed(&log.path, |path| {
                        path.pop();
                    });
                });
            },
        ),
        attack("log of an organization instead", "state.proof", tip, access(), move |packet| {
            log(packet, &|log| {
                log.organization = Some(organization("st-anna.example"));
            });
        }),
        attack("log of another subject", "state.proof", tip, access(), move |packet| {
            let stranger = Wanted::Subject {
                subject: key(STRANGER),
                from: None,
                to: None,
                withhold: BTreeSet::new(),
            };
            let proof = proof_of(&of(&LEDGER, LEDGER.anchor.height, stranger));
            log(packet, &|log| log.proof = proof.clone());
        }),
        attack("a shortened log in the state", "state.proof", tip, all(), |packet| {
            // What the log was before its last record.
            let earlier =
                Proof::decode(&proof_of(&of(&LEDGER, 6, patient(None, Some(5), &[])))).unwrap();
            subject(packet, |claim| {
                let mut proof = Proof::decode(&claim.proof).unwrap();
                proof.end = earlier.end.clone();
                claim.proof = proof.encode().into();
                let mut records = claim.records.to_vec();
                records.pop();
                claim.records = list(records);
            });
        }),
        attack("state of an earlier block", "state.proof", tip, all(), |packet| {
            let earlier = proof_of(&of(&LEDGER, 6, patient(None, Some(5), &[])));
            subject(packet, |claim| claim.proof = earlier.clone());
        }),
        attack("state of another ledger", "state.proof", tip, all(), |packet| {
            let other = proof_of(&of(&OTHER, OTHER.anchor.height, all()));
            subject(packet, |claim| claim.proof = other.clone());
        }),
        attack("log passes for empty", "state.proof", tip, all(), |packet| {
            subject(packet, |claim| {
                let mut proof = Proof::decode(&claim.proof).unwrap();
                proof.end = End::Empty;
                claim.proof = proof.encode().into();
                claim.records = List::default();
            });
        }),
        attack("records of somebody else", "state.proof", tip, all(), |packet| {
            subject(packet, |claim| claim.subject = key(STRANGER));
        }),
        attack("first record left out", "log.complete", tip, all(), |packet| {
            records(packet, |records| drop(records.remove(0)));
        }),
        attack("last record left out", "log.complete", tip, all(), |packet| {
            records(packet, |records| drop(records.pop()));
        }),
        attack("every record left out", "log.complete", tip, all(), |packet| {
            records(packet, Vec::clear);
        }),
        attack("record twice", "log.complete", tip, all(), |packet| {
            records(packet, |records| records.insert(2, records[1].clone()));
        }),
        attack("records in another order", "log.complete", tip, all(), |packet| {
            records(packet, |records| records.swap(1, 2));
        }),
        attack(
            "withheld records in another order",
            "log.complete",
            tip,
            patient(None, None, &[id(&LEDGER, 2, 0), id(&LEDGER, 3, 0)]),
            |packet| {
                records(packet, |records| records.swap(1, 2));
            },
        ),
        attack(
            "withheld record left out",
            "log.complete",
            tip,
            patient(None, None, &[id(&LEDGER, 2, 0)]),
            |packet| {
                records(packet, |records| drop(records.remove(1)));
            },
        ),
        attack("a withheld record for one that never was", "log.complete", tip, all(), |packet| {
            records(packet, |records| records.push(Entry::Withheld(Hash([7; 32]))));
        }),
        attack(
            "an inner node withheld for two records",
            "log.complete",
            tip,
            patient(None, None, &[id(&LEDGER, 1, 0), id(&LEDGER, 2, 0)]),
            |packet| {
                records(packet, |records| {
                    let [Entry::Withheld(a), Entry::Withheld(b)] = &records[..2] else {
                        panic!("two")
                    };
                    let node = inner_hash(a, b);
                    records.splice(..2, [Entry::Withheld(node)]);
                });
            },
        ),
        attack(
            "record of another subject among the records",
            "log.complete",
            tip,
            all(),
            |packet| {
                let foreign = LEDGER.blocks[3].draft.transactions[1].clone();
                records(packet, |records| shown(&mut records[3]).transaction = foreign.into());
            },
        ),
        attack("record moved within its block", "log.complete", tip, all(), |packet| {
            records(packet, |records| shown(&mut records[3]).index = 1);
        }),
        attack("decision of another access", "log.complete", tip, all(), |packet| {
            records(packet, |records| {
                let denied = shown(&mut records[5]).data.clone();
                shown(&mut records[2]).data = denied;
            });
        }),
        attack(
            "record that lies after the end",
            "log.complete",
            5,
            patient(None, Some(4), &[]),
            |packet| {
                records(packet, |records| shown(&mut records[3]).height = 5);
            },
        ),
        attack(
            "record that lies before the beginning",
            "log.complete",
            tip,
            patient(Some(3), None, &[]),
            |packet| {
                records(packet, |records| shown(&mut records[0]).height = 2);
            },
        ),
        attack(
            "list begins later than it says",
            "log.complete",
            tip,
            patient(Some(3), None, &[]),
            |packet| {
                subject(packet, |claim| claim.before = None);
            },
        ),
        attack(
            "log before is that of the end",
            "state.proof",
            tip,
            patient(Some(3), None, &[]),
            |packet| {
                subject(packet, |claim| {
                    let (header, proof) =
                        (claim.before.as_ref().unwrap().header, claim.proof.clone());
                    claim.before = Some(Before { header, proof });
                });
            },
        ),
        attack(
            "list ends before it begins",
            "log.complete",
            tip,
            patient(Some(3), None, &[]),
            |packet| {
                subject(packet, |claim| {
                    let before = claim.before.take().unwrap();
                    claim.before =
                        Some(Before { header: claim.header, proof: claim.proof.clone() });
                    (claim.header, claim.proof) = (before.header, before.proof);
                    claim.records = List::default();
                });
            },
        ),
    ]
}
