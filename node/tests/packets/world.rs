//! A ledger with something of everything, and packets of it.

use std::{collections::BTreeSet, sync::LazyLock};

use vidimus::{
    InputKind, Verification,
    anchor::{Anchors, TrustAnchor},
    contract::{
        chunk::StateChunk,
        entries::Table,
        machine::{Contract, ContractBlock},
    },
    encoding::{
        cbor,
        hex::{Hash, Identifier},
    },
    limits::Limits,
    merkle::{
        anchor_tree::{AnchorTree, DocumentHasher, DocumentProof, Salt, SaltedDigest},
        leaf_hash,
        proof::path,
    },
    packet::{
        Bytes, Packet,
        build::{SnapshotBuilder, StreamError, Wanted},
        claim::{Claim, InLog, RecordClaim},
    },
    policy::Policy,
    record::{
        Body, Record,
        anchor::{Anchor, Anchored},
        instant::Instant,
    },
    report::Report,
    snapshot::{Item, Kind, Reader},
    state::{LogEntry, StateMap, result_hash},
};
use vidimus_node::simulate::{Hooks, Ledger, SimulatedBlock};

use super::fixture::{DEVICE, Fixture, HOSPITAL_ID, PATIENT, STRANGER, World, key, organization};

/// Blocks after the last with a record.
const IDLE: usize = 24;
/// The anchored document.
pub(super) const DOCUMENT: &[u8] = b"a discharge letter";

/// Block 1: consent. 2, 3: request and access, and the access again, which is refused. 4: an anchor,
/// another subject's consent, another consent of the patient. 5: revocation of the first. 6: an access.
pub(super) static LEDGER: LazyLock<Ledger> = LazyLock::new(|| {
    Fixture::new()
        .block(|world| vec![world.request(|_| {})])
        .block(|world| {
            let request = world.ids.last().copied();
            let access = world.access(request, |_| {});
            // The same again: its number is used.
            vec![access.clone(), access]
        })
        .block(|world| vec![anchor(world), other_consent(world), consent(world, 2)])
        .block(|world| vec![world.revocation(|_| {})])
        .block(|world| vec![world.access(None, |_| {})])
        .idle(IDLE)
        .write_with(|config| config.validators = 7, Hooks::default())
});

/// Block 2: the anchor as a stranger writes it, which is refused. 3: the hospital's. 4: a consent that its
/// subject did not sign.
pub(super) static WITH_REFUSED: LazyLock<Ledger> = LazyLock::new(|| {
    Fixture::new()
        .block(|world| vec![anchor_by(world, STRANGER)])
        .block(|world| vec![anchor(world)])
        .block(|world| {
            let mut forged = other_consent(world);
            *forged.last_mut().unwrap() ^= 1;
            vec![forged]
        })
        .idle(IDLE)
        .write()
});

/// Another consent of the patient, which stands.
fn consent(world: &mut World, number: u8) -> Vec<u8> {
    world.consent(|consent| consent.consent = Identifier([number; 16]))
}

fn other_consent(world: &mut World) -> Vec<u8> {
    world.consent_by(STRANGER, |consent| {
        consent.subject = key(STRANGER);
        consent.consent = Identifier([3; 16]);
    })
}

fn anchor(world: &mut World) -> Vec<u8> {
    anchor_by(world, DEVICE)
}

fn anchor_by(world: &mut World, signer: usize) -> Vec<u8> {
    let proof = document_proof();
    world.sign(signer, |source| {
        Body::Anchor(Anchor {
            source,
            custodian: organization(HOSPITAL_ID),
            subject: None,
            anchored: Anchored::Documents,
            root: proof.claimed_root,
            leaf_count: proof.inclusion.leaf_count(),
            details: None,
        })
    })
}

/// The batch in which the document stands third of five.
pub(super) fn batch() -> Vec<SaltedDigest> {
    let mut digests: Vec<SaltedDigest> =
        (0..5_u8).map(|n| DocumentHasher::new(&Salt::from_bytes([n; 32])).finish()).collect();
    digests[2] = digest(DOCUMENT);
    digests
}

pub(super) fn document_proof() -> DocumentProof {
    let salt = Salt::from_bytes([0x5a; 32]);
    let tree = AnchorTree::new(&batch()).unwrap();
    let claimed_root = tree.head().root;
    DocumentProof { salt, inclusion: tree.proof(2).unwrap(), claimed_root }
}

/// The salted digest of a document.
pub(super) fn digest(content: &[u8]) -> SaltedDigest {
    salted(&Salt::from_bytes([0x5a; 32]), content)
}

fn salted(salt: &Salt, content: &[u8]) -> SaltedDigest {
    let mut hasher = DocumentHasher::new(salt);
    hasher.update(content);
    hasher.finish()
}

/// The anchor at a height of a ledger.
pub(super) fn anchor_at(ledger: &Ledger, height: u64) -> TrustAnchor {
    let block = ledger.blocks.iter().find(|block| block.height() == height).unwrap();
    TrustAnchor { height, header_hash: block.hash(), ..ledger.anchor.clone() }
}

pub(super) fn anchors_at(ledger: &Ledger, height: u64) -> Anchors {
    Anchors { anchors: vec![anchor_at(ledger, height)], ..Anchors::default() }
}

/// The id of the record at a place.
pub(super) fn id(ledger: &Ledger, height: u64, index: usize) -> Hash {
    let block = ledger.blocks.iter().find(|block| block.height() == height).unwrap();
    let bytes = &block.draft.transactions[index];
    Record::decode(bytes, &ledger.anchor.chain_id).unwrap().0.id
}

pub(super) fn build(
    ledger: &Ledger,
    anchor: u64,
    wanted: Vec<Wanted>,
) -> Result<Packet, StreamError> {
    let mut builder = SnapshotBuilder::new(anchors_at(ledger, anchor), Limits::default(), wanted);
    for chunk in ledger.container.chunks(4_096) {
        builder.feed(chunk)?;
    }
    builder.finish()
}

pub(super) fn patient(from: Option<u64>, to: Option<u64>, withhold: &[Hash]) -> Wanted {
    let withhold: BTreeSet<Hash> = withhold.iter().copied().collect();
    Wanted::Subject { subject: key(PATIENT), from, to, withhold }
}

pub(super) fn consent_of(number: u8, to: Option<u64>) -> Wanted {
    Wanted::Consent { subject: Some(key(PATIENT)), consent: Identifier([number; 16]), to }
}

/// One of every kind, for a ledger as [`LEDGER`].
pub(super) fn everything(ledger: &Ledger) -> Vec<Wanted> {
    vec![
        Wanted::Header,
        Wanted::Record(id(ledger, 3, 0)),
        patient(None, None, &[id(ledger, 2, 0)]),
        consent_of(1, None),
        consent_of(9, None),
        Wanted::NoSigner { key: key(99), to: None },
        Wanted::Document(document_proof()),
    ]
}

/// The contract as it stands before the block of this height.
pub(super) fn contract_before(ledger: &Ledger, height: u64) -> Contract {
    let chain_id = &ledger.anchor.chain_id;
    let (mut reader, mut state) = (Reader::new(Limits::default()), StateMap::default());
    reader.feed(&ledger.container);
    while let Some(item) = reader.next_item().unwrap() {
        let Item::Payload { kind: Kind::State, bytes, .. } = item else { continue };
        for (key, value) in cbor::decode::<StateChunk>(&bytes).unwrap().0 {
            state.insert(&key, value);
        }
    }
    let mut contract = Contract::resume(state, chain_id).unwrap();
    for block in ledger.blocks.iter().take_while(|block| block.height() < height) {
        let transactions: Vec<&[u8]> =
            block.draft.transactions.iter().map(|bytes| &bytes[..]).collect();
        let time = Instant::of_block(&block.draft.header.time);
        let block = ContractBlock { height: block.height(), time, transactions: &transactions };
        let executed = contract.execute(block, |envelope| envelope.verify(chain_id).is_ok());
        contract.commit(executed.unwrap());
    }
    contract
}

/// What is entered in logs of a record, if it was accepted.
fn entry_of(block: &SimulatedBlock, index: usize, chain_id: &str) -> Option<LogEntry> {
    let result = &block.draft.results.results[index];
    let record = Record::decode(&block.draft.transactions[index], chain_id).ok()?.0;
    (result.code == 0).then(|| LogEntry {
        height: block.height(),
        index: u64::try_from(index).unwrap(),
        record_id: record.id,
        result_hash: result_hash(0, &result.data),
    })
}

/// A packet for the anchor at the end, of a record as it is entered in the log of the hospital, which all
/// records of [`LEDGER`] concern.
pub(super) fn in_log_of_hospital(height: u64, index: usize) -> Packet {
    let (end, chain_id) = (LEDGER.anchor.height, &LEDGER.anchor.chain_id);
    let before = LEDGER.blocks.iter().take_while(|block| block.height() < end);
    let places = before
        .flat_map(|block| (0..block.draft.transactions.len()).map(move |index| (block, index)));
    let entries: Vec<LogEntry> =
        places.filter_map(|(block, index)| entry_of(block, index, chain_id)).collect();
    let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(&entry.encode())).collect();
    let place = u64::try_from(index).unwrap();
    let entry =
        entries.iter().position(|entry| (entry.height, entry.index) == (height, place)).unwrap();
    let organization = organization(HOSPITAL_ID);
    let key = Table::OrganizationLogs.key(&[organization.as_str().as_bytes()]);
    let proof = contract_before(&LEDGER, end).state().prove(&key).unwrap();
    let block = LEDGER.blocks.iter().find(|block| block.height() == height).unwrap();
    let data = block.draft.results.results[index].data.clone();
    let claim = RecordClaim {
        transaction: block.draft.transactions[index].clone().into(),
        index: place,
        code: None,
        data: Some(Bytes::from(data)).filter(|data| !data.is_empty()),
        block: None,
        log: Some(InLog {
            header: 0,
            height,
            organization: Some(organization),
            proof: proof.encode().into(),
            entry: u64::try_from(entry).unwrap(),
            path: path(&leaves, entry).unwrap().into(),
        }),
    };
    let packet = build(&LEDGER, end, vec![Wanted::Header]).unwrap();
    with_claims(&packet, |claims| *claims = vec![Claim::Record(Box::new(claim))])
}

/// Verifies a packet with the anchor at a height, and the document at hand.
pub(super) fn verify(ledger: &Ledger, anchor: u64, bytes: &[u8]) -> Report {
    // Whoever has the document makes its digest with the salt in the packet.
    let salts = vidimus::packet::salts(bytes).unwrap_or_default();
    let digests: Vec<_> = salts.iter().map(|salt| salted(salt, DOCUMENT)).collect();
    let documents = if digests.is_empty() { vec![] } else { vec![digests] };
    verify_with(anchors_at(ledger, anchor), Policy::default(), bytes, documents)
}

pub(super) fn verify_with(
    anchors: Anchors,
    policy: Policy,
    bytes: &[u8],
    documents: Vec<Vec<SaltedDigest>>,
) -> Report {
    Verification::new(anchors, policy, Limits::default(), InputKind::Packet)
        .with_documents(documents)
        .run(bytes)
}

/// The packet with its claims changed.
pub(super) fn with_claims(packet: &Packet, edit: impl FnOnce(&mut Vec<Claim>)) -> Packet {
    let mut claims = packet.claims.to_vec();
    edit(&mut claims);
    let claims = cbor::List::new(claims).unwrap();
    Packet { claims, ..packet.clone() }
}
