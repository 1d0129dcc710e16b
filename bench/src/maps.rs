//! Authenticated maps as the contract would use them, against the signatures of the same records.
//!
//! A map holds the state of a number of subjects, and is written to block by block; its root is
//! asked for at the end of each. The time of a record is that of its block divided by its records.
//! `docs/decisions/0015-state-map.md` has the table.

mod jellyfish;
mod own;
mod patricia;
mod signatures;
#[cfg(not(target_family = "wasm"))]
mod sparse;
mod workload;

use std::{error::Error, fmt};

use self::workload::{Block, Workload};

/// The maps that can be measured, by name.
pub const NAMES: &[&str] = &[
    own::Own::NAME,
    jellyfish::Jellyfish::NAME,
    patricia::Patricia::NAME,
    #[cfg(not(target_family = "wasm"))]
    sparse::Sparse::NAME,
];

/// The most subjects that the map of this name can be measured with.
pub fn most_subjects(name: &str) -> u32 {
    // sparse-merkle-tree takes 70 kB for each, more than a machine has for more of them.
    if name == "sparse-merkle-tree" { 10_000 } else { u32::MAX }
}

/// The head of the table whose rows [`measure`] makes.
pub const TABLE_HEAD: &str = "\
| Map | Engine | Subjects | Record in a block of 30 | Record in a block of 300 | ÷ its signature \
| Bytes a subject | Proof | Verifying a proof |
|---|---|---|---|---|---|---|---|---|";

/// Records of a round, in whole blocks of either size; the shortest of the rounds counts.
const ROUND: u32 = 900;
const ROUNDS: u32 = 8;
/// Keys whose proofs are measured; as many are there as are not.
const PROOFS: u32 = 200;

/// What a map has to be able to do.
trait Map: Default {
    const NAME: &str;
    type Proof;

    /// Writes a block, `None` for a key that is removed, and computes the root.
    fn write(&mut self, block: &Block) -> Result<[u8; 32], Box<dyn Error>>;
    fn prove(&self, key: &[u8]) -> Result<Self::Proof, Box<dyn Error>>;
    /// Bytes of the proof without key and value.
    fn length(proof: &Self::Proof) -> usize;
    fn verify(root: &[u8; 32], key: &[u8], value: Option<&[u8]>, proof: &Self::Proof) -> bool;
}

/// Where it is measured: a clock that counts this thread's time, and the memory in use, in bytes.
#[expect(missing_debug_implementations, reason = "holds functions")]
pub struct Host<'a> {
    /// Name of the engine.
    pub name: &'static str,
    /// The time by the thread's clock, in microseconds.
    pub microseconds: &'a dyn Fn() -> f64,
    /// Memory of the process or module.
    pub memory: &'a dyn Fn() -> usize,
}

/// What was measured. Times in microseconds.
#[derive(Debug)]
pub struct Figures {
    name: &'static str,
    engine: &'static str,
    subjects: u32,
    signature: f64,
    in_small_blocks: f64,
    in_large_blocks: f64,
    bytes_each: f64,
    proof_bytes: f64,
    verifying: f64,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, engine, subjects, .. } = self;
        let ratio = |time: f64| time / self.signature;
        write!(
            f,
            "| {name} | {engine} | {subjects} | {:.1} µs | {:.1} µs | {:.2}, {:.2} | {:.0} | {:.0} bytes | {:.1} µs |",
            self.in_small_blocks,
            self.in_large_blocks,
            ratio(self.in_small_blocks),
            ratio(self.in_large_blocks),
            self.bytes_each,
            self.proof_bytes,
            self.verifying,
        )
    }
}

/// Measures the map of this name with the state of so many subjects.
///
/// # Errors
/// No such map, or one that does not do what is asked of it.
pub fn measure(name: &str, subjects: u32, host: &Host<'_>) -> Result<Figures, Box<dyn Error>> {
    match name {
        own::Own::NAME => run::<own::Own>(subjects, host),
        jellyfish::Jellyfish::NAME => run::<jellyfish::Jellyfish>(subjects, host),
        patricia::Patricia::NAME => run::<patricia::Patricia>(subjects, host),
        #[cfg(not(target_family = "wasm"))]
        sparse::Sparse::NAME => run::<sparse::Sparse>(subjects, host),
        _ => Err(format!("no map is called {name}; there are {}", NAMES.join(", ")).into()),
    }
}

fn run<M: Map>(subjects: u32, host: &Host<'_>) -> Result<Figures, Box<dyn Error>> {
    let signature = signatures::measure(ROUNDS, host)?;
    let mut workload = Workload::new(subjects);
    let mut map = M::default();
    let before = (host.memory)();
    for block in workload.population() {
        map.write(&block)?;
    }
    let (in_small_blocks, _) = records(&mut map, &mut workload, 30, host)?;
    let (in_large_blocks, root) = records(&mut map, &mut workload, 300, host)?;
    let bytes = (host.memory)().saturating_sub(before);
    let (proof_bytes, verifying) = proofs(&map, &root, &workload, host)?;
    Ok(Figures {
        name: M::NAME,
        engine: host.name,
        subjects,
        signature,
        in_small_blocks,
        in_large_blocks,
        bytes_each: f64::from(u32::try_from(bytes)?) / f64::from(subjects),
        proof_bytes,
        verifying,
    })
}

/// Microseconds of a record in blocks of this many, and the root after the last.
fn records<M: Map>(
    map: &mut M,
    workload: &mut Workload,
    records: u32,
    host: &Host<'_>,
) -> Result<(f64, [u8; 32]), Box<dyn Error>> {
    let (mut shortest, mut root) = (f64::INFINITY, [0; 32]);
    for _ in 0..ROUNDS {
        let blocks: Vec<Block> =
            (0..ROUND.div_ceil(records)).map(|_| workload.block(records)).collect();
        let start = (host.microseconds)();
        for block in &blocks {
            root = map.write(block)?;
        }
        shortest = shortest.min((host.microseconds)() - start);
    }
    Ok((shortest / f64::from(ROUND), root))
}

/// Mean bytes of a proof, and microseconds to verify one.
fn proofs<M: Map>(
    map: &M,
    root: &[u8; 32],
    workload: &Workload,
    host: &Host<'_>,
) -> Result<(f64, f64), Box<dyn Error>> {
    let mut proofs = Vec::new();
    for n in 0..PROOFS {
        for (key, value) in [workload.present(n), workload.absent(n)] {
            let proof = map.prove(&key)?;
            proofs.push((key, value, proof));
        }
    }
    let bytes: usize = proofs.iter().map(|(_, _, proof)| M::length(proof)).sum();
    let mut shortest = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = (host.microseconds)();
        let all =
            proofs.iter().all(|(key, value, proof)| M::verify(root, key, value.as_deref(), proof));
        shortest = shortest.min((host.microseconds)() - start);
        if !all {
            return Err("a proof does not verify".into());
        }
    }
    let count = f64::from(PROOFS.saturating_mul(2));
    Ok((f64::from(u32::try_from(bytes)?) / count, shortest / count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_map_does_what_is_asked_of_it() {
        let host = Host { name: "test", microseconds: &|| 0.0, memory: &|| 0 };
        for name in NAMES {
            let row = measure(name, 300, &host).unwrap().to_string();
            assert!(row.starts_with(&format!("| {name} | test | 300 |")), "{row}");
        }
    }
}
