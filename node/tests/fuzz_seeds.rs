//! Seeds of the fuzz targets that want whole records: `VIDIMUS_BLESS=1` writes them anew.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::{env, fs, path::PathBuf};

use vidimus::{
    contract::{chunk::StateChunk, machine::Contract},
    record::instant::Instant,
};
use vidimus_node::simulate::Hospital;

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
