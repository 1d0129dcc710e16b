//! Sequence numbers: no record of a signer twice.

use alloc::vec::Vec;

use super::outcome::ResultCode;
use crate::encoding::{
    DecodeError, DecodeProblem,
    cbor::{Reader, Value, Writer},
};

/// How many numbers below the highest are told apart: several nodes of a gateway send at once.
pub const WINDOW: u64 = 1_024;
/// How far a number may lie above the highest: one slip must not use up all that a key has.
const JUMP: u64 = 1 << 32;
/// Bytes that hold a bit for each of them.
const WINDOW_BYTES: usize = 128;

/// The sequence numbers that a signer has used.
///
/// CBOR `[highest, used]`: of the numbers below the highest, `used` has a bit each, the nearest one's
/// the lowest of the first byte; zero bytes at the end are left out.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct UsedNumbers {
    highest: u64,
    used: Vec<u8>,
}

impl UsedNumbers {
    /// Takes a number.
    ///
    /// # Errors
    /// - [`ResultCode::Malformed`] for 0: numbers begin at 1.
    /// - [`ResultCode::Replayed`] if it was taken before.
    /// - [`ResultCode::BelowWindow`] if nobody can tell.
    /// - [`ResultCode::Limit`] if it lies so far ahead that it would use the numbers up.
    pub fn take(&mut self, number: u64) -> Result<(), ResultCode> {
        if number == 0 {
            return Err(ResultCode::Malformed);
        }
        if let Some(ahead) = number.checked_sub(self.highest).filter(|ahead| *ahead > 0) {
            if ahead > JUMP {
                return Err(ResultCode::Limit);
            }
            self.shift(ahead);
            self.highest = number;
            return Ok(());
        }
        let Some(below) = self.highest.saturating_sub(number).checked_sub(1) else {
            return Err(ResultCode::Replayed);
        };
        if below >= WINDOW {
            return Err(ResultCode::BelowWindow);
        }
        if self.bit(below) {
            return Err(ResultCode::Replayed);
        }
        self.set(below);
        Ok(())
    }

    /// The highest number that was taken.
    pub const fn highest(&self) -> u64 {
        self.highest
    }

    /// Whether the number this far below the one before the highest is used.
    fn bit(&self, below: u64) -> bool {
        let byte = usize::try_from(below / 8).ok().and_then(|index| self.used.get(index));
        byte.is_some_and(|byte| byte >> (below % 8) & 1 == 1)
    }

    fn set(&mut self, below: u64) {
        let Ok(index) = usize::try_from(below / 8) else { return };
        if self.used.len() <= index {
            self.used.resize(index.saturating_add(1), 0);
        }
        if let Some(byte) = self.used.get_mut(index) {
            *byte |= 1 << (below % 8);
        }
    }

    /// Moves all numbers away by `ahead`; the old highest becomes one of them.
    fn shift(&mut self, ahead: u64) {
        let before = core::mem::take(self);
        let Some(bytes) = usize::try_from(ahead / 8).ok().filter(|_| ahead <= WINDOW) else {
            return;
        };
        self.used.resize(bytes, 0);
        let mut carried = 0;
        for byte in before.used.into_iter().chain([0]) {
            let [low, high] = (u16::from(byte) << (ahead % 8)).to_le_bytes();
            self.used.push(low | carried);
            carried = high;
        }
        if before.highest > 0 {
            self.set(ahead.saturating_sub(1));
        }
        self.used.truncate(WINDOW_BYTES);
        let length =
            self.used.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
        self.used.truncate(length);
    }
}

impl Value for UsedNumbers {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let count = reader.elements()?;
        let (highest, used) = (reader.uint()?, reader.bytes()?.to_vec());
        let fits = count == 2 && highest > 0 && used.len() <= WINDOW_BYTES;
        if fits && used.last() != Some(&0) {
            Ok(Self { highest, used })
        } else {
            Err(DecodeError::new(start, DecodeProblem::OutOfRange))
        }
    }

    fn encode(&self, writer: &mut Writer) {
        writer.elements(2);
        writer.uint(self.highest);
        writer.bytes(&self.used);
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;
    use crate::encoding::cbor;

    #[test]
    fn every_number_is_taken_once_in_any_order() {
        let mut numbers = UsedNumbers::default();
        for number in [1, 3, 2, 10, 4, 9, 1_030] {
            assert_eq!(numbers.take(number), Ok(()), "{number}");
            assert_eq!(numbers.take(number), Err(ResultCode::Replayed), "{number}");
            assert_eq!(cbor::decode(&cbor::encode(&numbers)), Ok(numbers.clone()));
        }
        assert_eq!(numbers.take(0), Err(ResultCode::Malformed));
        // 1,030 − 1,024 is the last that is told apart.
        assert_eq!(numbers.take(6), Ok(()));
        assert_eq!(numbers.take(5), Err(ResultCode::BelowWindow));
        assert_eq!(numbers.take(9), Err(ResultCode::Replayed));
        assert_eq!(numbers.take(1_031 + JUMP), Err(ResultCode::Limit));
        assert_eq!(numbers.take(1_030 + JUMP), Ok(()));
        assert_eq!(numbers.take(1_030), Err(ResultCode::BelowWindow));
    }

    /// Compared with a set of all numbers, on numbers that jump about.
    #[test]
    fn window_says_what_a_set_of_all_numbers_says() {
        let (mut numbers, mut all) = (UsedNumbers::default(), BTreeSet::new());
        let (mut base, mut accepted) = (1_u64, 0);
        for step in 0_u64..20_000 {
            let jump = step.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 50;
            base += u64::from(step % 7 == 0) * (jump % 40);
            let number = (base + jump % 16).saturating_sub(jump % 1_200).max(1);
            let highest = all.last().copied().unwrap_or(0);
            let expected = if all.contains(&number) && highest - number <= WINDOW {
                Err(ResultCode::Replayed)
            } else if number < highest && highest - number > WINDOW {
                Err(ResultCode::BelowWindow)
            } else {
                Ok(())
            };
            assert_eq!(numbers.take(number), expected, "{number} below {highest}");
            accepted += u64::from(expected.is_ok());
            if expected.is_ok() {
                all.insert(number);
            }
        }
        assert!(accepted > 5_000, "{accepted}");
    }

    #[test]
    fn encoding_of_the_numbers_is_one() {
        for bytes in [&[0x82, 0x00, 0x40][..], &[0x82, 0x05, 0x41, 0x00], &[0x83, 0x05, 0x40]] {
            assert!(cbor::decode::<UsedNumbers>(bytes).is_err(), "{bytes:?}");
        }
        assert!(cbor::decode::<UsedNumbers>(&[0x82, 0x05, 0x41, 0x01]).is_ok());
    }
}
