//! Open requests: they end by themselves.

use alloc::vec::Vec;

use super::{
    entries::{BlockRequests, OPEN_REQUESTS, OpenRequests, Table},
    network::Network,
    outcome::ResultCode,
    transaction::read,
};
use crate::{
    encoding::{
        cbor::{self, List},
        hex::Hash,
    },
    record::instant::Instant,
    state::{Overlay, ReadState},
};

fn key(height: u64) -> Vec<u8> {
    Table::BlockRequests.key(&[&height.to_be_bytes()])
}

/// Removes the requests that are open no longer when a block of this time begins.
///
/// # Cost
/// One entry for each request that ends.
pub(super) fn close_expired<S: ReadState>(
    block: &mut Overlay<'_, S>,
    now: Instant,
) -> Result<(), ResultCode> {
    let Some(open) = read::<OpenRequests>(block, OPEN_REQUESTS)? else { return Ok(()) };
    let mut ended = 0_usize;
    for height in open.heights.iter() {
        // Each step takes an entry away, so that no state makes this endless.
        let of_block = read::<BlockRequests>(block, &key(*height))?.ok_or(ResultCode::State)?;
        if now < of_block.until {
            break;
        }
        for id in of_block.requests.iter() {
            block.remove(&Table::Requests.key(&[&id.0]));
        }
        block.remove(&key(*height));
        ended = ended.saturating_add(1);
    }
    let left = open.heights.iter().skip(ended).copied().collect();
    match List::new(left) {
        Some(heights) if ended > 0 => {
            block.insert(OPEN_REQUESTS, cbor::encode(&OpenRequests { heights }));
        }
        Some(_) => {}
        None => block.remove(OPEN_REQUESTS),
    }
    Ok(())
}

/// Notes when the requests that a block opened end.
pub(super) fn note_opened<S: ReadState>(
    block: &mut Overlay<'_, S>,
    network: &Network,
    height: u64,
    now: Instant,
    opened: Vec<Hash>,
) -> Result<(), ResultCode> {
    if opened.is_empty() {
        return Ok(());
    }
    let requests = List::new(opened).ok_or(ResultCode::Limit)?;
    let until = now.as_millis().saturating_add(network.limits.request);
    let until = Instant::from_millis(until).unwrap_or(Instant::MAX);
    block.insert(&key(height), cbor::encode(&BlockRequests { until, requests }));
    let open = read::<OpenRequests>(block, OPEN_REQUESTS)?;
    let before = open.iter().flat_map(|open| open.heights.iter().copied());
    let heights = List::new(before.chain([height]).collect()).ok_or(ResultCode::Limit)?;
    block.insert(OPEN_REQUESTS, cbor::encode(&OpenRequests { heights }));
    Ok(())
}
