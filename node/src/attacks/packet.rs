//! On evidence packets: of a ledger that is honest, or of two.

mod links;

use vidimus::{
    anchor::Anchors,
    encoding::{
        cbor::List,
        hex::{Hash, Identifier},
        protobuf::Message as _,
    },
    limits::Limits,
    merkle::anchor_tree::{AnchorTree, DocumentHasher, DocumentProof, Salt},
    packet::{
        Packet,
        build::{SnapshotBuilder, Wanted},
        claim::{AbsenceClaim, Absent, Claim, Entry, RecordClaim},
    },
    record::{
        Body, Record,
        actor::OrganizationId,
        anchor::{Anchor, Anchored},
        instant::Instant,
        source::{Schema, Source},
    },
};

use super::{Attack, WRONG, honest, no_ledger};
use crate::{
    records::sign,
    simulate::{Config, Hooks, Hospital, Ledger, Simulation},
    test_keys,
};

/// Blocks of the ledger: the first are far enough from the last that records are shown in logs.
const BLOCKS: u64 = 24;

/// A ledger of the contract, of which packets are made, with one anchored document at [`DOCUMENT`].
fn ledger() -> Ledger {
    let config = Config { blocks: BLOCKS, ..honest() };
    let chain_id = config.chain_id.clone();
    let mut hospital = Hospital::new(&chain_id);
    let records = move |height, time: Instant| {
        let mut records = hospital.block(height, time);
        if height == DOCUMENT {
            records.extend(anchor(&chain_id, time));
        }
        records
    };
    let network = Hospital::network();
    let ledger = network.and_then(|network| {
        Simulation::with_contract(config, Hooks::default(), network, records).ok()
    });
    ledger.map_or_else(no_ledger, Simulation::run)
}

/// Height at which the document is anchored.
const DOCUMENT: u64 = 16;
/// Number of the gateway's test key, and of the patient's.
const GATEWAY: usize = 1;
const PATIENT: usize = 2;

fn proof() -> Option<DocumentProof> {
    let salt = Salt::from_bytes([0x5a; 32]);
    let mut hasher = DocumentHasher::new(&salt);
    hasher.update(b"a document");
    let tree = AnchorTree::new(&[hasher.finish()]).ok()?;
    let claimed_root = tree.head().root;
    Some(DocumentProof { salt, inclusion: tree.proof(0).ok()?, claimed_root })
}

fn anchor(chain_id: &str, time: Instant) -> Option<Vec<u8>> {
    let proof = proof()?;
    // Beyond the gateway's other numbers, and within the window of those to come.
    let source = Source { schema: Schema::V1, sequence: 500, previous: None, recorded_at: time };
    let body = Body::Anchor(Anchor {
        source,
        custodian: OrganizationId::new("st-anna.example")?,
        subject: None,
        anchored: Anchored::Documents,
        root: proof.claimed_root,
        leaf_count: proof.inclusion.leaf_count(),
        details: None,
    });
    Some(sign(&body, test_keys::all().get(GATEWAY)?, chain_id))
}

/// The id of the record at a place.
fn id(ledger: &Ledger, height: u64, index: usize) -> Option<Hash> {
    let block = ledger.blocks.iter().find(|block| block.height() == height)?;
    let bytes = block.draft.transactions.get(index)?;
    Some(Record::decode(bytes, &ledger.anchor.chain_id).ok()?.0.id)
}

/// A packet for the anchor at the ledger's last block.
fn packet(ledger: &Ledger, wanted: Vec<Wanted>) -> Option<Packet> {
    let anchors = Anchors { anchors: vec![ledger.anchor.clone()], ..Anchors::default() };
    let mut builder = SnapshotBuilder::new(anchors, Limits::default(), wanted);
    builder.feed(&ledger.container).ok()?;
    builder.finish().ok()
}

pub(super) fn attacks() -> Vec<Attack> {
    [claims(), links::attacks()].concat()
}

#[expect(clippy::too_many_lines, reason = "a list of attacks, one after the other")]
fn claims() -> Vec<Attack> {
    let ledger = ledger();
    let places: [(u64, usize); 6] = [(17, 0), (19, 0), (22, 0), (20, 2), (3, 0), (21, 0)];
    let [consent, access, revocation, forged, early, validator] =
        places.map(|(height, index)| id(&ledger, height, index).unwrap_or(WRONG));
    let patient = test_keys::all().get(PATIENT).map(test_keys::TestKey::public);
    let subject = patient.unwrap_or(vidimus::encoding::hex::PublicKey([0; 32]));
    let record = |id| vec![Wanted::Record(id)];
    let standing = |round: u8| {
        let consent = consent_of(round);
        vec![Wanted::Consent { subject: Some(subject), consent, to: None }]
    };
    let all = || {
        vec![Wanted::Subject {
            subject,
            from: None,
            to: None,
            withhold: std::collections::BTreeSet::new(),
        }]
    };
    let attack = |name, expects, wanted, edit: &dyn Fn(&mut Packet) -> Option<()>| {
        let container = packet(&ledger, wanted).and_then(|mut packet| {
            edit(&mut packet)?;
            Some(packet.to_bytes())
        });
        // A packet that could not be made is none, and fails as such.
        let container = container.unwrap_or_default();
        Attack::new(
            name,
            expects,
            Ledger { container, blocks: Vec::new(), anchor: ledger.anchor.clone() },
        )
    };
    vec![
        attack("a packet with a byte more", "packet.encoding", record(access), &|_| Some(()))
            .edited(|bytes| bytes.push(0))
            .caught_twice(),
        attack(
            "a packet starts from a header that it lacks",
            "packet.references",
            record(access),
            &|packet| {
                packet.start = 99;
                Some(())
            },
        )
        .caught_twice(),
        attack("a set that nothing needs", "packet.used", record(access), &|packet| {
            let set = ledger.blocks.first()?.validators.list().to_bytes();
            packet.sets = List::new(vec![set.into()])?;
            Some(())
        }),
        attack(
            "a header that nothing ties to the anchor",
            "packet.links",
            record(access),
            &|packet| {
                packet.links = List::default();
                Some(())
            },
        ),
        attack(
            "results are read from another block of the same results",
            "claim.header",
            vec![Wanted::Record(consent), Wanted::Record(revocation)],
            &|packet| {
                // Both blocks hold one record, accepted without an answer.
                let last = packet.claims.get(1).and_then(record_of)?.block.as_ref()?.next;
                change_record(packet, 0, |claim| {
                    claim.block.as_mut()?.next = last;
                    Some(())
                })
            },
        ),
        attack(
            "another record of the same result takes the place of one",
            "record.transaction",
            vec![Wanted::Record(consent), Wanted::Record(validator)],
            &|packet| {
                let other = packet.claims.get(1).and_then(record_of)?.transaction.clone();
                change_record(packet, 0, |claim| {
                    claim.transaction = other;
                    Some(())
                })
            },
        ),
        attack("a decision is changed", "record.result", record(access), &|packet| {
            change_record(packet, 0, |claim| {
                let mut data = claim.data.as_ref()?.to_vec();
                *data.last_mut()? ^= 1;
                claim.data = Some(data.into());
                Some(())
            })
        }),
        attack("a forged record passes for accepted", "record.result", record(forged), &|packet| {
            change_record(packet, 0, |claim| {
                claim.code = None;
                Some(())
            })
        })
        .caught_twice(),
        attack("a proof of another key", "state.proof", standing(2), &|packet| {
            change_consent(packet, |claim| claim.consent = consent_of(9))
        })
        .caught_twice(),
        attack(
            "absence is shown by the proof of another key",
            "state.proof",
            standing(9),
            &|packet| {
                change_claim(packet, 0, |claim| {
                    let Claim::Absence(claim) = claim else { return None };
                    claim.consent = Some(consent_of(2));
                    Some(())
                })
            },
        ),
        attack("a consent passes for none", "state.value", standing(2), &|packet| {
            change_claim(packet, 0, |claim| {
                let Claim::Consent(consent) = &claim else { return None };
                *claim = Claim::Absence(AbsenceClaim {
                    absent: Absent::Consent,
                    key: consent.subject,
                    consent: Some(consent.consent),
                    header: consent.header,
                    proof: consent.proof.clone(),
                });
                Some(())
            })
        }),
        attack("a record is moved to a later block", "log.entry", record(early), &|packet| {
            change_record(packet, 0, |claim| {
                let log = claim.log.as_mut()?;
                log.height = log.height.saturating_add(1);
                Some(())
            })
        }),
        attack("a record is left out of all", "log.complete", all(), &|packet| {
            change_records(packet, |records| records.pop().map(drop))
        }),
        attack("a record stands twice among all", "log.complete", all(), &|packet| {
            change_records(packet, |records| {
                let last = records.last()?.clone();
                records.push(last);
                Some(())
            })
        }),
        attack("a record of all is signed by nobody", "contract.signature", all(), &|packet| {
            // The id of a record does not hang on its signature.
            change_records(packet, |records| {
                let Entry::Shown(shown) = records.last_mut()? else { return None };
                let mut bytes = shown.transaction.to_vec();
                *bytes.last_mut()? ^= 1;
                shown.transaction = bytes.into();
                Some(())
            })
        }),
        attack(
            "another document than the anchored one",
            "document.included",
            proof().into_iter().map(Wanted::Document).collect(),
            &|_| {
                // Whoever verifies has another.
                Some(())
            },
        ),
    ]
}

/// The consent of a round of eight blocks.
fn consent_of(round: u8) -> Identifier {
    let mut id = [0; 16];
    if let Some(last) = id.last_mut() {
        *last = round;
    }
    Identifier(id)
}

fn record_of(claim: &Claim) -> Option<&RecordClaim> {
    if let Claim::Record(claim) = claim { Some(claim) } else { None }
}

fn change_claim(
    packet: &mut Packet,
    index: usize,
    edit: impl FnOnce(&mut Claim) -> Option<()>,
) -> Option<()> {
    let mut claims = packet.claims.to_vec();
    edit(claims.get_mut(index)?)?;
    packet.claims = List::new(claims)?;
    Some(())
}

fn change_record(
    packet: &mut Packet,
    index: usize,
    edit: impl FnOnce(&mut RecordClaim) -> Option<()>,
) -> Option<()> {
    change_claim(
        packet,
        index,
        |claim| {
            if let Claim::Record(claim) = claim { edit(claim) } else { None }
        },
    )
}

fn change_consent(
    packet: &mut Packet,
    edit: impl FnOnce(&mut vidimus::packet::claim::ConsentClaim),
) -> Option<()> {
    change_claim(packet, 0, |claim| {
        let Claim::Consent(claim) = claim else { return None };
        edit(claim);
        Some(())
    })
}

fn change_records(
    packet: &mut Packet,
    edit: impl FnOnce(&mut Vec<Entry>) -> Option<()>,
) -> Option<()> {
    change_claim(packet, 0, |claim| {
        let Claim::Subject(claim) = claim else { return None };
        let mut records = claim.records.to_vec();
        edit(&mut records)?;
        claim.records = List::new(records)?;
        Some(())
    })
}
