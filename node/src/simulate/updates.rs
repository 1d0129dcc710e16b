//! Changes to the validator set.

use vidimus::{
    encoding::hex::PublicKey,
    ledger::cometbft::validator::{Validator, ValidatorKey, ValidatorList},
};

use crate::{
    numbers::{Draw, Use},
    test_keys,
};

/// Largest power that is drawn.
const LARGEST_POWER: u64 = 20;

/// What an application asks of the validator set (`ValidatorUpdate`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ValidatorUpdate {
    /// Whose power changes.
    pub key: PublicKey,
    /// The new power; 0 to leave.
    pub power: u64,
}

/// The validator with this key and power.
pub(super) fn validator(key: &test_keys::TestKey, power: u64) -> Validator {
    Validator { address: key.address(), key: ValidatorKey::Ed25519(key.public()), power }
}

/// Draws the first set: keys in random order, powers as given and then drawn.
pub(super) fn draw_genesis(seed: u64, count: usize, powers: &[u64]) -> ValidatorList {
    let mut draw = Draw::new(seed, 0, Use::Genesis);
    let mut keys: Vec<_> = test_keys::all().iter().collect();
    draw.shuffle(&mut keys);
    let mut list = ValidatorList::default();
    for (index, key) in keys.into_iter().take(count).enumerate() {
        let drawn = draw_power(&mut draw);
        list.validators.push(validator(key, powers.get(index).copied().unwrap_or(drawn)));
    }
    list.sort();
    list
}

/// Draws one change: somebody joins, leaves, or has another power.
pub(super) fn draw(seed: u64, height: u64, list: &ValidatorList) -> Vec<ValidatorUpdate> {
    let mut draw = Draw::new(seed, height, Use::Updates);
    let absent: Vec<PublicKey> = test_keys::all()
        .iter()
        .map(test_keys::TestKey::public)
        .filter(|key| find(list, key).is_none())
        .collect();
    let power = draw_power(&mut draw);
    let choice = draw.below(3);
    if let (0, Some(key)) = (choice, absent.get(draw.index(absent.len()))) {
        return vec![ValidatorUpdate { key: *key, power }];
    }
    let Some(member) = list.validators.get(draw.index(list.validators.len())) else {
        return Vec::new();
    };
    let ValidatorKey::Ed25519(key) = member.key else { return Vec::new() };
    let leaves = choice == 1 && list.validators.len() > 1;
    // The same power again would be no change.
    let other = if power == member.power { power.saturating_add(1) } else { power };
    vec![ValidatorUpdate { key, power: if leaves { 0 } else { other } }]
}

/// Applies changes as CometBFT does (`UpdateWithChangeSet`): the list is in order again.
pub(super) fn apply(list: &ValidatorList, updates: &[ValidatorUpdate]) -> ValidatorList {
    let mut list = list.clone();
    for update in updates {
        let position = find(&list, &update.key);
        match (position, update.power) {
            (Some(position), 0) => {
                list.validators.remove(position);
            }
            (Some(position), power) => {
                if let Some(validator) = list.validators.get_mut(position) {
                    validator.power = power;
                }
            }
            (None, 0) => {}
            (None, power) => {
                if let Some(key) = test_keys::by_public(&update.key) {
                    list.validators.push(validator(key, power));
                }
            }
        }
    }
    if !updates.is_empty() {
        list.sort();
    }
    list
}

fn draw_power(draw: &mut Draw) -> u64 {
    draw.below(LARGEST_POWER).saturating_add(1)
}

fn find(list: &ValidatorList, key: &PublicKey) -> Option<usize> {
    list.validators.iter().position(|validator| validator.key == ValidatorKey::Ed25519(*key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_join_alter_and_leave() {
        let list = draw_genesis(1, 3, &[5, 5, 5]);
        let key = test_keys::all().iter().map(test_keys::TestKey::public);
        let key = key.into_iter().find(|key| find(&list, key).is_none()).unwrap();
        let joined = apply(&list, &[ValidatorUpdate { key, power: 9 }]);
        assert_eq!(joined.validators[0].key, ValidatorKey::Ed25519(key));
        let altered = apply(&joined, &[ValidatorUpdate { key, power: 1 }]);
        assert_eq!(altered.validators[3].power, 1);
        assert_eq!(apply(&altered, &[ValidatorUpdate { key, power: 0 }]), list);
    }

    #[test]
    fn drawn_changes_never_empty_a_set() {
        let mut list = draw_genesis(7, 2, &[]);
        for height in 0..500 {
            let changed = apply(&list, &draw(7, height, &list));
            assert!(!changed.validators.is_empty() && changed != list);
            list = changed;
        }
    }
}
