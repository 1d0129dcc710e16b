//! Writes containers.

use alloc::vec::Vec;

use super::{FORMAT, Kind, Manifest};
use crate::encoding::{cbor::write, to_u64};

/// Writes one container. Bytes pile up until [`Writer::take`] hands them over, so that the caller
/// can stream a ledger of any length.
#[derive(Debug)]
pub struct Writer {
    bytes: Vec<u8>,
    items: u64,
    blocks: u64,
}

impl Writer {
    /// Starts a container with its manifest.
    pub fn new(manifest: &Manifest) -> Self {
        let bytes = write(|e| {
            e.array(2)?.u8(Kind::Manifest.code())?;
            e.array(5)?.str(FORMAT)?.str(&manifest.family)?.str(&manifest.chain_id)?;
            e.u64(manifest.first)?.u64(manifest.last)?;
            Ok(())
        });
        Self { bytes, items: 0, blocks: 0 }
    }

    /// Appends an item with a payload. Order is the caller's; the verifier checks it.
    pub fn item(&mut self, kind: Kind, payload: &[u8]) {
        self.bytes.extend_from_slice(&payload_head(kind, to_u64(payload.len())));
        self.bytes.extend_from_slice(payload);
        self.items = self.items.saturating_add(1);
        if matches!(kind, Kind::Block | Kind::LightBlock) {
            self.blocks = self.blocks.saturating_add(1);
        }
    }

    /// What was written since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.bytes)
    }

    /// Appends the end marker and returns what was written since the last [`Writer::take`].
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.extend_from_slice(&end(self.items, self.blocks));
        self.bytes
    }
}

/// `[kind, bytes` up to the first byte of the payload.
pub(super) fn payload_head(kind: Kind, length: u64) -> Vec<u8> {
    let mut head = write(|e| {
        e.array(2)?.u8(kind.code())?;
        Ok(())
    });
    // RFC 8949 §3.1: a byte string's head is an unsigned integer's with major type 2.
    let mut argument = write(|e| {
        e.u64(length)?;
        Ok(())
    });
    if let Some(first) = argument.first_mut() {
        *first |= 2 << 5;
    }
    head.extend_from_slice(&argument);
    head
}

/// The end marker.
pub(super) fn end(items: u64, blocks: u64) -> Vec<u8> {
    write(|e| {
        e.array(2)?.u8(Kind::End.code())?.array(2)?.u64(items)?.u64(blocks)?;
        Ok(())
    })
}
