//! Logs, and what is entered in them.

use super::{
    Attack, OTHER, access, all, attack, changed, of, proof_of, record, records, shown, subject,
};
use crate::fixture::{STRANGER, key, organization};
use crate::world::{LEDGER, id, patient};
use std::collections::BTreeSet;
use vidimus::{
    encoding::{cbor::List, hex::Hash},
    merkle::{inner_hash, leaf_hash},
    packet::{
        Bytes, Packet,
        build::Wanted,
        claim::{Before, Entry, InLog, Shown},
    },
    record::Record,
    state::{End, LogEntry, Proof, SubjectLog, result_hash},
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
        shortened("a log without its first record", |records| drop(records.remove(0))),
        shortened("a log without one of its records", |records| drop(records.remove(2))),
        shortened("a log without its last record", |records| drop(records.pop())),
        shortened("a log of no records", Vec::clear),
        shortened("a log of records in another order", |records| records.swap(1, 2)),
        shortened("a log with a record twice", |records| records.push(records[5].clone())),
        shortened("a log with another decision", |records| {
            shown(&mut records[2]).data = shown(&mut records[5]).data.clone();
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
        attack("last record twice", "log.complete", tip, all(), |packet| {
            records(packet, |records| records.push(records[5].clone()));
        }),
        attack("record once more, withheld", "log.complete", tip, all(), |packet| {
            records(packet, |records| {
                let leaf = leaf_hash(&entry_of(&records[5]).encode());
                records.push(Entry::Withheld(leaf));
            });
        }),
        attack("record of another subject padded in", "log.complete", tip, all(), |packet| {
            records(packet, |records| records.insert(3, foreign()));
        }),
        attack(
            "leaf of another subject's record padded in",
            "log.complete",
            tip,
            all(),
            |packet| {
                let leaf = leaf_hash(&entry_of(&foreign()).encode());
                records(packet, |records| records.insert(3, Entry::Withheld(leaf)));
            },
        ),
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
            "log before passes for empty",
            "state.proof",
            tip,
            patient(Some(3), None, &[]),
            |packet| {
                subject(packet, |claim| {
                    let before = claim.before.as_mut().unwrap();
                    let mut proof = Proof::decode(&before.proof).unwrap();
                    proof.end = End::Empty;
                    before.proof = proof.encode().into();
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

/// A list that is changed, and the log in the state with it: only the app hash stands against that.
fn shortened(name: &'static str, edit: fn(&mut Vec<Entry>)) -> Attack {
    attack(name, "state.proof", LEDGER.anchor.height, all(), move |packet| {
        records(packet, edit);
        subject(packet, |claim| {
            let mut log = SubjectLog::default();
            for entry in claim.records.iter() {
                log.push(&entry_of(entry));
            }
            let mut proof = Proof::decode(&claim.proof).unwrap();
            proof.end = End::Value(log.encode());
            claim.proof = proof.encode().into();
        });
    })
}

/// The consent of another subject, as it stands in block 4.
fn foreign() -> Entry {
    let transaction = LEDGER.blocks[3].draft.transactions[1].clone().into();
    Entry::Shown(Shown { height: 4, index: 1, transaction, data: Bytes::default() })
}

/// What stands in the log of a record that is shown.
fn entry_of(entry: &Entry) -> LogEntry {
    let Entry::Shown(shown) = entry else { panic!("shown") };
    let record = Record::decode(&shown.transaction, &LEDGER.anchor.chain_id).unwrap().0;
    LogEntry {
        height: shown.height,
        index: shown.index,
        record_id: record.id,
        result_hash: result_hash(0, &shown.data),
    }
}
