//! Seeds of the fuzz targets that want whole records or packets: `VIDIMUS_BLESS=1` writes them anew.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that fails may panic"
)]

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use vidimus::{
    anchor::{Anchors, TrustAnchor},
    contract::{chunk::StateChunk, machine::Contract},
    encoding::{
        cbor::List,
        hex::{Hash, Identifier},
    },
    limits::Limits,
    merkle::anchor_tree::{AnchorTree, DocumentHasher, DocumentProof, Salt},
    packet::{
        MAGIC, Packet,
        build::{SnapshotBuilder, Wanted},
        claim::{Claim, DocumentClaim},
    },
    record::{Record, instant::Instant},
};
use vidimus_node::{
    simulate::{Config, Hooks, Hospital, Ledger, Simulation},
    test_keys,
};

const CHAIN: &str = "vidimus-simulated";

fn compare(target: &str, name: &str, bytes: &[u8]) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let path = folder.join(name);
    if env::var_os("VIDIMUS_BLESS").is_some() {
        fs::create_dir_all(&folder).unwrap();
        fs::write(&path, bytes).unwrap();
    }
    let found = fs::read(&path).unwrap();
    assert_eq!(found, bytes, "{}: run `cargo xtask bless`", path.display());
}

/// Two rounds of the simulated hospital, as the targets read them.
#[test]
fn seeds_are_those_of_the_simulated_hospital() {
    let mut hospital = Hospital::new(CHAIN);
    let mut sequence = Vec::new();
    for height in 1..=16_u64 {
        let time = 1_767_225_600_000_u64.checked_add(height.checked_mul(1_000).unwrap()).unwrap();
        let records = hospital.block(height, Instant::from_millis(time).unwrap());
        for (index, record) in records.iter().enumerate() {
            sequence.extend(u16::try_from(record.len()).unwrap().to_be_bytes());
            sequence.extend_from_slice(record);
            if height <= 8 {
                compare("record", &format!("hospital-{height}-{index}"), record);
            }
        }
        sequence.extend([0, 0]);
    }
    compare("contract", "hospital", &sequence);
    let contract = Contract::start(Hospital::network().unwrap(), CHAIN).unwrap();
    let chunk = StateChunk::of_state(contract.state()).next().unwrap();
    compare("chunk", "genesis", &chunk.to_bytes());
}

/// Number of the simulated patient's test key.
const PATIENT: usize = 2;
/// Bytes of a packet's digest, with its head.
const DIGEST: usize = 34;

fn packet(ledger: &Ledger, height: usize, wanted: Vec<Wanted>) -> Packet {
    let block = &ledger.blocks[height - 1];
    let anchor =
        TrustAnchor { height: block.height(), header_hash: block.hash(), ..ledger.anchor.clone() };
    let anchors = Anchors { anchors: vec![anchor], ..Anchors::default() };
    let mut builder = SnapshotBuilder::new(anchors, Limits::default(), wanted);
    builder.feed(&ledger.container).unwrap();
    builder.finish().unwrap()
}

/// The packet's own bytes: the target puts the format's name before them, and a digest behind.
fn compare_packet(name: &str, packet: &Packet) {
    let bytes = packet.to_bytes();
    compare("packet", name, &bytes[MAGIC.len()..bytes.len() - DIGEST]);
}

#[test]
fn packets_are_those_of_the_simulated_hospital() {
    let config = Config { blocks: 24, chain_id: CHAIN.to_owned(), ..Config::default() };
    let mut hospital = Hospital::new(CHAIN);
    let records = move |height, time| hospital.block(height, time);
    let network = Hospital::network().unwrap();
    let ledger =
        Simulation::with_contract(config, Hooks::default(), network, records).unwrap().run();
    let tip = ledger.blocks.len();
    let id = |height: usize, index: usize| -> Hash {
        let bytes = &ledger.blocks[height - 1].draft.transactions[index];
        Record::decode(bytes, CHAIN).unwrap().0.id
    };
    let key = test_keys::all()[PATIENT].public();
    let consent = |number: u8| {
        let mut id = [0; 16];
        id[15] = number;
        Wanted::Consent { subject: Some(key), consent: Identifier(id), to: None }
    };
    let withhold = BTreeSet::from([id(19, 0)]);
    let subject = Wanted::Subject { subject: key, from: Some(9), to: None, withhold };
    let nobody = test_keys::all()[99].public();
    for (name, anchor, wanted) in [
        ("header", tip, Wanted::Header),
        ("header-over-a-commit", 1, Wanted::Header),
        ("header-after-the-anchor", tip - 1, Wanted::Header),
        ("record-in-its-block", 5, Wanted::Record(id(4, 2))),
        ("record-in-the-log", tip, Wanted::Record(id(3, 0))),
        ("subject", tip, subject),
        ("consent", tip, consent(2)),
        ("absence", tip, consent(9)),
        ("no-signer", tip, Wanted::NoSigner { key: nobody, to: None }),
    ] {
        compare_packet(name, &packet(&ledger, anchor, vec![wanted]));
    }
    // A document under a record that is no anchor.
    let salt = Salt::from_bytes([7; 32]);
    let mut hasher = DocumentHasher::new(&salt);
    hasher.update(b"a document");
    let tree = AnchorTree::new(&[hasher.finish()]).unwrap();
    let (inclusion, claimed_root) = (tree.proof(0).unwrap(), tree.head().root);
    let proof = DocumentProof { salt, inclusion, claimed_root };
    let mut packet = packet(&ledger, tip, vec![Wanted::Record(id(3, 0))]);
    let mut claims = packet.claims.to_vec();
    claims.push(Claim::Document(DocumentClaim { record: 0, proof: proof.to_bytes().into() }));
    packet.claims = List::new(claims).unwrap();
    compare_packet("document", &packet);
}
