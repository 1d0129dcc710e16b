//! By somebody with every key, or with a set of their own: validator sets.

use vidimus::ledger::cometbft::{
    profile::Profile,
    validator::{MAX_TOTAL_POWER, Validator, ValidatorKey, ValidatorList},
};

use super::{Attack, STRIKE, honest, ledger};
use crate::{
    simulate::{Config, Hooks},
    test_keys,
};

/// A set that headers commit to and that signs, from its first height on.
fn committed(
    name: &'static str,
    expects: &'static str,
    change: impl Fn(&mut ValidatorList) + 'static,
) -> Attack {
    let hooks = Hooks::default().on_set(move |draft| {
        if draft.height == STRIKE {
            change(&mut draft.list);
        }
    });
    let config = Config { evidence: 0, profile: Profile::V1_0Pbts, ..honest() };
    Attack::new(name, expects, ledger(config, hooks))
}

/// A set as the container lists it, whatever headers commit to.
fn listed(
    name: &'static str,
    expects: &'static str,
    profile: Profile,
    change: impl Fn(&mut ValidatorList) + 'static,
) -> Attack {
    let hooks = Hooks::default().on_listed(move |draft| change(&mut draft.list));
    let config = Config { evidence: 0, profile, ..honest() };
    Attack::new(name, expects, ledger(config, hooks))
}

pub(super) fn attacks() -> Vec<Attack> {
    vec![
        committed("a validator has no power", "validators.power", |list| {
            list.validators.extend(test_key_validator(list, 0));
        }),
        committed("powers add up to more than CometBFT allows", "validators.power", |list| {
            for validator in list.validators.iter_mut().take(1) {
                validator.power = MAX_TOTAL_POWER;
            }
        }),
        committed("a set is out of order", "validators.order", |list| list.validators.reverse()),
        committed("a validator stands twice in its set", "validators.unique", |list| {
            let copy = list.validators.first().cloned();
            list.validators.splice(0..0, copy);
        }),
        listed("two validators swap addresses", "validators.address", Profile::V1_0Pbts, |list| {
            if let [one, two, ..] = &mut list.validators[..] {
                core::mem::swap(&mut one.address, &mut two.address);
            }
        }),
        listed(
            "a validator goes by the address of another (ISA-2025-003)",
            "validators.address",
            Profile::V0_38,
            |list| {
                if let [one, two, ..] = &mut list.validators[..] {
                    two.address = one.address;
                }
            },
        )
        .caught_twice(),
        listed("a set is shown in another order", "validators.order", Profile::V0_38, |list| {
            list.validators.reverse();
        })
        .caught_twice(),
        listed(
            "a validator is shown more powerful",
            "header.validators-hash",
            Profile::V0_38,
            |list| {
                for validator in list.validators.iter_mut().take(1) {
                    validator.power = validator.power.saturating_add(1);
                }
            },
        )
        .caught_twice(),
        listed(
            "a validator is left out of its set",
            "header.validators-hash",
            Profile::V0_38,
            |list| {
                drop(list.validators.pop());
            },
        )
        .caught_twice(),
        listed("a set is shown empty", "validators.power", Profile::V0_38, |list| {
            list.validators.clear();
        })
        .caught_twice(),
        listed("a validator has a key of another type", "unsupported", Profile::V0_38, |list| {
            for validator in list.validators.iter_mut().take(1) {
                let kind = vidimus::ledger::cometbft::validator::UnsupportedKey::Secp256k1;
                validator.key = ValidatorKey::Unsupported(kind, vec![2; 33]);
            }
        })
        .caught_twice(),
        key_substitution(),
    ]
}

/// A validator with a test key that is not in the list.
fn test_key_validator(list: &ValidatorList, power: u64) -> Option<Validator> {
    let free = |key: &&test_keys::TestKey| {
        list.validators.iter().all(|validator| validator.address != key.address())
    };
    test_keys::all().iter().find(free).map(|key| Validator {
        address: key.address(),
        key: ValidatorKey::Ed25519(key.public()),
        power,
    })
}

/// By somebody with keys of their own only: from one height on another set signs, although the
/// header before names the old one.
fn key_substitution() -> Attack {
    let hooks = Hooks::default()
        .on_set(|draft| {
            if draft.height == STRIKE {
                let strangers: Vec<Validator> = test_keys::all()
                    .iter()
                    .rev()
                    .take(4)
                    .map(|key| Validator {
                        address: key.address(),
                        key: ValidatorKey::Ed25519(key.public()),
                        power: 10,
                    })
                    .collect();
                draft.list = ValidatorList { validators: strangers };
                draft.list.sort();
            }
        })
        .on_header(|draft| {
            // The header before stays as the honest network signed it.
            if draft.height == STRIKE.saturating_sub(1) {
                draft.header.next_validators_hash = draft.header.validators_hash;
            }
        });
    let config = Config { evidence: 0, ..honest() };
    let name = "a forger's own set signs from one height on";
    Attack::new(name, "header.next-validators-hash", ledger(config, hooks)).caught_twice()
}
