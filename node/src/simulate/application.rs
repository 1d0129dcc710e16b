//! The simulated application: random transactions, deterministic results.

use vidimus::{
    encoding::hex::Hash,
    ledger::cometbft::results::{BlockResults, TransactionResult},
    merkle::sha256,
};

use crate::numbers::{Draw, Use, to_i64, to_u64};

/// Bytes of a transaction that its result repeats.
const ECHO: usize = 8;

/// The application's state that a simulated chain starts with.
pub fn genesis_hash(chain_id: &str) -> Hash {
    sha256(&[b"vidimus simulated state ", chain_id.as_bytes()])
}

/// Draws a block's transactions: random bytes.
pub(super) fn draw_transactions(
    seed: u64,
    height: u64,
    count: usize,
    bytes: usize,
) -> Vec<Vec<u8>> {
    let mut draw = Draw::new(seed, height, Use::Transactions);
    let transaction = |_| {
        let mut transaction = vec![0; bytes];
        draw.fill(&mut transaction);
        transaction
    };
    (0..count).map(transaction).collect()
}

/// Executes transactions: one in sixteen is refused, the others' first bytes come back.
pub(super) fn execute(transactions: &[Vec<u8>]) -> BlockResults {
    let result = |transaction: &Vec<u8>| {
        let length = to_i64(to_u64(transaction.len()));
        let echo: Vec<u8> = transaction.iter().copied().take(ECHO).collect();
        let refused = echo.first().is_some_and(|byte| byte % 16 == 0);
        TransactionResult {
            code: u32::from(refused),
            data: if refused { Vec::new() } else { echo },
            gas_wanted: length,
            gas_used: length >> 1,
        }
    };
    BlockResults { results: transactions.iter().map(result).collect() }
}

/// The state after a block with these results.
pub(super) fn next_hash(state: &[u8], results: &BlockResults) -> Hash {
    sha256(&[state, &results.compute_hash().0])
}
