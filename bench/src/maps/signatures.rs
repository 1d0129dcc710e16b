//! What every record costs in any case: its signature, in batches of 1,024.

use std::error::Error;

use ed25519_zebra::{Signature, SigningKey, VerificationKey, VerificationKeyBytes, batch};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use vidimus::merkle::sha256;

use super::Host;

const BATCH: u32 = 1_024;
/// Sources that sign, as in the workload.
const KEYS: u32 = 200;

/// Microseconds of a signature, by the shortest of several runs.
pub(super) fn measure(runs: u32, host: &Host<'_>) -> Result<f64, Box<dyn Error>> {
    let signed: Vec<_> = (0..BATCH).map(sign).collect();
    let mut shortest = f64::INFINITY;
    for _ in 0..runs {
        let start = (host.microseconds)();
        let mut verifier = batch::Verifier::new();
        for (key, signature, message) in &signed {
            verifier.queue((*key, *signature, message));
        }
        verifier.verify(ChaCha20Rng::from_seed([7; 32])).map_err(|error| error.to_string())?;
        shortest = shortest.min((host.microseconds)() - start);
    }
    Ok(shortest / f64::from(BATCH))
}

/// A message as long as a record, signed by one of the sources.
fn sign(n: u32) -> (VerificationKeyBytes, Signature, Vec<u8>) {
    let source = n.checked_rem(KEYS).unwrap_or_default();
    let seed = sha256(&[b"vidimus bench source", &source.to_le_bytes()]);
    let key = SigningKey::from(*seed.as_bytes());
    let message = sha256(&[&n.to_le_bytes()]).as_bytes().repeat(10);
    (VerificationKey::from(&key).into(), key.sign(&message), message)
}
