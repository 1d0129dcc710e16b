//! Validators and validator sets.

use alloc::{collections::BTreeSet, format, vec::Vec};

use crate::{
    encoding::{
        DecodeError, DecodeProblem,
        hex::{Address, Hash, PublicKey},
        protobuf::{Message, Reader, Writer},
    },
    merkle,
};

/// Largest total power of a set: `MaxInt64 / 8` (CometBFT v0.38.21 `types/validator_set.go`).
pub const MAX_TOTAL_POWER: u64 = i64::MAX.unsigned_abs() / 8;

/// Key types that CometBFT knows and this library does not verify.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum UnsupportedKey {
    /// ECDSA over secp256k1.
    Secp256k1,
    /// BLS12-381.
    Bls12381,
    /// ML-DSA-65.
    MlDsa65,
    /// Ethereum's secp256k1.
    Secp256k1Eth,
}

impl UnsupportedKey {
    /// The name CometBFT gives the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Secp256k1 => "secp256k1",
            Self::Bls12381 => "bls12_381",
            Self::MlDsa65 => "ml_dsa_65",
            Self::Secp256k1Eth => "secp256k1eth",
        }
    }
}

/// A validator's key, as far as it can be used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ValidatorKey {
    /// Ed25519: the one type that is verified.
    Ed25519(PublicKey),
    /// Another type, with the key's bytes so that the set's hash can still be computed.
    Unsupported(UnsupportedKey, Vec<u8>),
}

impl ValidatorKey {
    /// The address of an Ed25519 key, `SHA-256(key)[..20]` (`crypto/ed25519/ed25519.go`).
    pub fn compute_address(&self) -> Option<Address> {
        match self {
            Self::Ed25519(key) => {
                let digest = merkle::sha256(&[&key.0]);
                digest.0.first_chunk::<20>().copied().map(Address)
            }
            Self::Unsupported(..) => None,
        }
    }

    fn encode(&self, writer: &mut Writer) {
        match self {
            Self::Ed25519(key) => writer.repeated_bytes(1, &key.0),
            Self::Unsupported(kind, bytes) => {
                let number = match kind {
                    UnsupportedKey::Secp256k1 => 2,
                    UnsupportedKey::Bls12381 => 3,
                    UnsupportedKey::MlDsa65 => 4,
                    UnsupportedKey::Secp256k1Eth => 5,
                };
                writer.repeated_bytes(number, bytes);
            }
        }
    }

    fn decode(mut reader: Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let mut key = None;
        while let Some(field) = reader.next_field()? {
            let unsupported =
                |kind| field.bytes().map(|bytes| Self::Unsupported(kind, bytes.to_vec()));
            key = Some(match field.number {
                1 => Self::Ed25519(
                    field
                        .optional_array()?
                        .map(PublicKey)
                        .ok_or_else(|| DecodeError::new(field.offset, DecodeProblem::Length))?,
                ),
                2 => unsupported(UnsupportedKey::Secp256k1)?,
                3 => unsupported(UnsupportedKey::Bls12381)?,
                4 => unsupported(UnsupportedKey::MlDsa65)?,
                5 => unsupported(UnsupportedKey::Secp256k1Eth)?,
                _ => return Err(field.unknown()),
            });
        }
        key.ok_or_else(|| DecodeError::new(start, DecodeProblem::Missing))
    }
}

/// A validator as a set lists it. The address is not in the set's hash; it follows from the key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Validator {
    /// Address as claimed.
    pub address: Address,
    /// Key.
    pub key: ValidatorKey,
    /// Voting power.
    pub power: u64,
}

impl Validator {
    fn encode_simple(&self, writer: &mut Writer) {
        writer.message(1, |w| self.key.encode(w));
        writer.uint64(2, self.power);
    }
}

impl<'a> Message<'a> for Validator {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let (mut address, mut key, mut power) = (None, None, 0);
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => {
                    address = field.optional_array().map_err(|e| e.within("address"))?.map(Address);
                }
                2 => {
                    key = Some(
                        ValidatorKey::decode(field.message()?).map_err(|e| e.within("pub_key"))?,
                    );
                }
                3 => power = field.non_negative().map_err(|e| e.within("voting_power"))?,
                // Field 4, the proposer priority, is in no hash (ASA-2024-009): it is not carried.
                _ => return Err(field.unknown()),
            }
        }
        let missing = |name| DecodeError::new(start, DecodeProblem::Missing).within(name);
        Ok(Self {
            address: address.ok_or_else(|| missing("address"))?,
            key: key.ok_or_else(|| missing("pub_key"))?,
            power,
        })
    }

    fn encode(&self, writer: &mut Writer) {
        writer.bytes(1, &self.address.0);
        writer.message(2, |w| self.key.encode(w));
        writer.uint64(3, self.power);
    }
}

/// A list of validators as found, unchecked.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ValidatorList {
    /// The validators in the order of the list.
    pub validators: Vec<Validator>,
}

impl ValidatorList {
    /// Puts the validators into CometBFT's order: power descending, then address ascending.
    ///
    /// For generators and for exports whose order means nothing; a verifier never sorts.
    pub fn sort(&mut self) {
        self.validators.sort_by(|a, b| b.power.cmp(&a.power).then(a.address.cmp(&b.address)));
    }

    /// Computes the hash of the set: the RFC 6962 root over `SimpleValidator` (key, power).
    pub fn compute_hash(&self) -> Hash {
        let mut root = merkle::RootBuilder::default();
        let mut leaf = Writer::default();
        for validator in &self.validators {
            leaf.clear();
            validator.encode_simple(&mut leaf);
            root.push(leaf.as_bytes());
        }
        root.root()
    }
}

impl<'a> Message<'a> for ValidatorList {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let mut list = Self::default();
        while let Some(field) = reader.next_field()? {
            if field.number != 1 {
                // Fields 2 and 3, proposer and total power, are in no hash: they are not carried.
                return Err(field.unknown());
            }
            let index = list.validators.len();
            let validator = Validator::decode(field.message()?)
                .map_err(|e| e.within(&format!("validators[{index}]")))?;
            list.validators.push(validator);
        }
        Ok(list)
    }

    fn encode(&self, writer: &mut Writer) {
        for validator in &self.validators {
            writer.message(1, |w| validator.encode(w));
        }
    }
}

/// Why a list of validators is not a validator set.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ValidatorSetError {
    /// No validators.
    #[error("the set is empty")]
    Empty,
    /// A power of 0, or a total above `MaxInt64 / 8`.
    #[error("voting power of validator {index} or the total is out of bounds")]
    Power {
        /// Index in the list.
        index: usize,
    },
    /// The claimed address is not that of the key.
    #[error("validator {index} claims address {claimed}, its key has {computed}")]
    Address {
        /// Index in the list.
        index: usize,
        /// Address in the list.
        claimed: Address,
        /// `SHA-256(key)[..20]`.
        computed: Address,
    },
    /// Not in CometBFT's order, or the same key twice in a row of equal power.
    #[error("validator {index} is out of order")]
    Order {
        /// Index in the list.
        index: usize,
    },
    /// A key that stands twice.
    #[error("validator {index} stands twice")]
    Duplicate {
        /// Index in the list.
        index: usize,
    },
    /// A key of a type that is not verified.
    #[error("validator {index} has a key of type {}", .kind.name())]
    UnsupportedKey {
        /// Index in the list.
        index: usize,
        /// The type.
        kind: UnsupportedKey,
    },
}

impl ValidatorSetError {
    /// Index in the list of the validator that breaks a rule.
    pub const fn index(&self) -> Option<usize> {
        match self {
            Self::Empty => None,
            Self::Power { index }
            | Self::Address { index, .. }
            | Self::Order { index }
            | Self::Duplicate { index }
            | Self::UnsupportedKey { index, .. } => Some(*index),
        }
    }
}

/// A validator of a checked set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Member {
    /// Address, computed from the key.
    pub address: Address,
    /// Ed25519 key.
    pub key: PublicKey,
    /// Voting power, 1 or more.
    pub power: u64,
}

/// A validator set whose inner rules hold. Whether a header commits to it is the caller's check.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ValidatorSet {
    members: Vec<Member>,
    total_power: u64,
    hash: Hash,
}

impl ValidatorSet {
    /// Checks a list: Ed25519 keys, powers, addresses, order, no duplicate.
    ///
    /// # Errors
    /// The first rule that fails, validator by validator.
    ///
    /// # Cost
    /// Three hashes a validator.
    pub fn verify(list: &ValidatorList) -> Result<Self, ValidatorSetError> {
        Self::verify_with(list, Err)
    }

    /// [`Self::verify`] with every failure shown to `check` first: test builds let one pass.
    pub(crate) fn verify_with(
        list: &ValidatorList,
        mut check: impl FnMut(ValidatorSetError) -> Result<(), ValidatorSetError>,
    ) -> Result<Self, ValidatorSetError> {
        if list.validators.is_empty() {
            return Err(ValidatorSetError::Empty);
        }
        let mut members: Vec<Member> = Vec::with_capacity(list.validators.len());
        let mut total_power: u64 = 0;
        let mut keys = BTreeSet::new();
        for (index, validator) in list.validators.iter().enumerate() {
            let key = match &validator.key {
                ValidatorKey::Ed25519(key) => *key,
                ValidatorKey::Unsupported(kind, _) => {
                    return Err(ValidatorSetError::UnsupportedKey { index, kind: *kind });
                }
            };
            total_power = total_power.saturating_add(validator.power);
            if validator.power == 0 || total_power > MAX_TOTAL_POWER {
                check(ValidatorSetError::Power { index })?;
            }
            let computed = validator.key.compute_address().unwrap_or(Address([0; 20]));
            if computed != validator.address {
                let claimed = validator.address;
                check(ValidatorSetError::Address { index, claimed, computed })?;
            }
            if !keys.insert(key) {
                check(ValidatorSetError::Duplicate { index })?;
            }
            if let Some(before) = members.last() {
                // > ValidatorsByVotingPower: power descending, ties by address ascending
                let in_order = before.power > validator.power
                    || (before.power == validator.power && before.address <= validator.address);
                if !in_order {
                    check(ValidatorSetError::Order { index })?;
                }
            }
            members.push(Member { address: validator.address, key, power: validator.power });
        }
        Ok(Self { members, total_power, hash: list.compute_hash() })
    }

    /// The validators in order.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Sum of the powers, at most [`MAX_TOTAL_POWER`].
    pub fn total_power(&self) -> u64 {
        self.total_power
    }

    /// Hash of the set, as headers commit to it.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The validator with this address.
    ///
    /// # Cost
    /// O(n).
    pub fn by_address(&self, address: &Address) -> Option<&Member> {
        self.members.iter().find(|member| member.address == *address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A validator with the address of its key.
    fn validator(key: u8, power: u64) -> Validator {
        let key = ValidatorKey::Ed25519(PublicKey([key; 32]));
        let address = key.compute_address().unwrap();
        Validator { address, key, power }
    }

    fn verified(validators: &[Validator]) -> Result<ValidatorSet, ValidatorSetError> {
        ValidatorSet::verify(&ValidatorList { validators: validators.to_vec() })
    }

    fn refused(validators: &[Validator]) -> ValidatorSetError {
        verified(validators).unwrap_err()
    }

    #[test]
    fn every_type_of_key_is_read_and_only_one_is_verified() {
        let mut of_other_types = Vec::new();
        for (number, kind) in [
            (2, UnsupportedKey::Secp256k1),
            (3, UnsupportedKey::Bls12381),
            (4, UnsupportedKey::MlDsa65),
            (5, UnsupportedKey::Secp256k1Eth),
        ] {
            let mut writer = Writer::default();
            writer.repeated_bytes(number, &[7; 48]);
            let key = ValidatorKey::decode(Reader::new(writer.as_bytes())).unwrap();
            assert_eq!(key, ValidatorKey::Unsupported(kind, alloc::vec![7; 48]));
            let mut list = [validator(1, 5), validator(2, 4)];
            list[1].key = key;
            let error = refused(&list);
            assert_eq!(error, ValidatorSetError::UnsupportedKey { index: 1, kind });
            of_other_types.push(error.index());
        }
        assert_eq!(of_other_types, [Some(1); 4]);
        let mut writer = Writer::default();
        writer.repeated_bytes(6, &[7; 48]);
        assert!(ValidatorKey::decode(Reader::new(writer.as_bytes())).is_err());
    }

    #[test]
    fn powers_are_positive_and_their_sum_has_a_bound() {
        let total = verified(&[validator(1, MAX_TOTAL_POWER - 1), validator(2, 1)]);
        assert_eq!(total.unwrap().members().len(), 2);
        let power = |index| ValidatorSetError::Power { index };
        assert_eq!(refused(&[validator(1, MAX_TOTAL_POWER), validator(2, 1)]), power(1));
        assert_eq!(refused(&[validator(1, MAX_TOTAL_POWER + 1)]), power(0));
        assert_eq!(refused(&[validator(1, 1), validator(2, 0)]), power(1));
        assert_eq!(refused(&[]).index(), None);
    }

    #[test]
    fn order_is_by_power_and_then_by_address() {
        let mut tied = [validator(1, 5), validator(2, 5)];
        tied.sort_by_key(|validator| validator.address);
        assert!(verified(&tied).is_ok());
        tied.reverse();
        assert_eq!(refused(&tied), ValidatorSetError::Order { index: 1 });
        let [low, high] = tied;
        // A larger power stands first, whatever the addresses.
        for (first, second) in [(low.clone(), high.clone()), (high, low)] {
            let larger = Validator { power: 6, ..first };
            assert!(verified(&[larger.clone(), second.clone()]).is_ok());
            assert_eq!(refused(&[second, larger]), ValidatorSetError::Order { index: 1 });
        }
    }

    #[test]
    fn key_and_address_stand_once_and_fit() {
        let twice = [validator(1, 5), validator(1, 4)];
        assert_eq!(refused(&twice), ValidatorSetError::Duplicate { index: 1 });
        let mut foreign = [validator(1, 5), validator(2, 4)];
        foreign[1].address = foreign[0].address;
        assert_eq!(refused(&foreign).index(), Some(1));
    }
}
