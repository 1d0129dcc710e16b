//! One height as a light client sees it.

use alloc::{string::ToString as _, vec::Vec};

use super::{ImportError, import};
use crate::{
    encoding::protobuf::{Decoded, decode_canonical},
    ledger::cometbft::{light::LightBlock, validator::ValidatorList},
    limits::Limits,
    snapshot::{Item, Kind, Reader},
};

/// Reads what a node says of one height as a light block, and the set of the next height if it is
/// another.
///
/// `bytes` hold `/commit` and `/validators` one after the other, or `{ signed_header, validator_set }`;
/// for the next set `/validators` of the next height, or `next_validator_set`. `name` only serves
/// messages. Nothing is proven here.
///
/// # Errors
/// Those of [`import`]; [`ImportError::NotOneHeight`].
pub fn light_block(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<(LightBlock, Option<ValidatorList>), ImportError> {
    let container = import(&[(name, bytes)], limits)?;
    let mut reader = Reader::new(limits.clone());
    reader.feed(&container);
    let (mut blocks, mut next) = (Vec::new(), None);
    // What is not read back of what was just written is missed below.
    while let Ok(Some(item)) = reader.next_item() {
        let Item::Payload { kind, bytes, .. } = item else { continue };
        if kind == Kind::LightBlock {
            blocks.extend(decode_canonical::<LightBlock>(&bytes).map(Decoded::into_inner));
        } else if kind == Kind::Validators {
            next = decode_canonical::<ValidatorList>(&bytes).ok().map(Decoded::into_inner);
        }
    }
    match <[LightBlock; 1]>::try_from(blocks) {
        Ok([block]) => Ok((block, next)),
        Err(_) => Err(ImportError::NotOneHeight { file: name.to_string() }),
    }
}
