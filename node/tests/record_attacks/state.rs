//! Validators who say something else than the contract, and exporters who change the state.

use vidimus::{contract::chunk::StateChunk, encoding::cbor, snapshot::Kind};
use vidimus_node::simulate::Hooks;

use super::{
    attack::{Attack, Case, attack},
    fixture::{Fixture, PATIENT, key},
};

/// The patient revokes; then somebody looks, and is told that nothing covers it.
fn ledger() -> Fixture {
    Fixture::new().block(|world| vec![world.revocation(|_| {})]).access(|_| {})
}

const FOUND: [&str; 2] = ["4/0 V03", "4/0 V37"];

/// All validators lie about the result of the access.
fn result(name: &'static str, lie: fn(&mut u32, &mut Vec<u8>)) -> Attack {
    attack(name, &["contract.results"], move |strikes| {
        Case::from(ledger()).hooks(Hooks::default().on_block(move |draft| {
            if strikes && draft.height == 4 {
                let result = &mut draft.results.results[0];
                lie(&mut result.code, &mut result.data);
            }
        }))
    })
    .instead_of(&FOUND)
}

/// Key and value.
type Entry = (Vec<u8>, Vec<u8>);

/// An exporter changes the entries of the state with which the snapshot begins.
fn chunk(name: &'static str, expects: &[&'static str], forge: fn(&mut Vec<Entry>)) -> Attack {
    attack(name, expects, move |strikes| {
        let mut fixture = ledger();
        fixture.omitted = 2;
        Case::from(fixture).hooks(Hooks::default().on_items(move |draft| {
            for item in draft.items.iter_mut().filter(|item| strikes && item.kind == Kind::State) {
                let StateChunk(mut entries) = cbor::decode(&item.bytes).unwrap();
                forge(&mut entries);
                item.bytes = StateChunk(entries).to_bytes();
            }
        }))
    })
    .instead_of(&FOUND)
}

/// The entries of a table, by the first bytes of their keys.
fn table<'a>(
    entries: &'a mut [Entry],
    prefix: &'static [u8],
) -> impl Iterator<Item = &'a mut Vec<u8>> {
    let mut found = entries.iter_mut().filter(move |(key, _)| key.starts_with(prefix)).peekable();
    assert!(found.peek().is_some(), "the state has such entries");
    found.map(|(_, value)| value)
}

pub(crate) fn attacks() -> Vec<Attack> {
    [lies(), chunks()].into_iter().flatten().collect()
}

fn lies() -> Vec<Attack> {
    vec![
        result("all validators call an access covered", |_, data| {
            // The decision is the value of key 3, a map whose key 1 is the verdict.
            let found = data.windows(3).position(|bytes| matches!(bytes, [3, 0xa2..=0xa8, 1]));
            data[found.unwrap() + 3] = 1;
        }),
        result("all validators refuse an access that shows too much", |code, data| {
            *code = 5;
            data.clear();
        }),
        result("all validators give no reasons", |_, data| data.clear()),
        result("all validators call an access malformed", |code, _| *code = 1),
        attack("all validators agree on another state", &["contract.app-hash"], |strikes| {
            Case::from(ledger()).hooks(Hooks::default().on_header(move |draft| {
                if strikes && draft.height == 4 {
                    draft.header.app_hash[0] ^= 1;
                }
            }))
        })
        .instead_of(&FOUND),
        attack(
            "all validators keep the state of before a revocation",
            &["contract.app-hash"],
            |strikes| {
                let mut before = Vec::new();
                Case::from(ledger()).hooks(Hooks::default().on_header(move |draft| {
                    match draft.height {
                        2 => before.clone_from(&draft.header.app_hash),
                        3 if strikes => draft.header.app_hash.clone_from(&before),
                        _ => {}
                    }
                }))
            },
        )
        .instead_of(&FOUND),
        attack("a validator gets power without a record", &["contract.validators"], |strikes| {
            Case::from(ledger()).hooks(Hooks::default().on_set(move |draft| {
                if strikes && draft.height == 4 {
                    draft.list.validators[0].power += 1;
                }
            }))
        })
        .instead_of(&FOUND),
        attack(
            "a validator set is one that no header names",
            &["header.validators-hash"],
            |strikes| {
                Case::from(ledger()).hooks(Hooks::default().on_listed(move |draft| {
                    if strikes && draft.height == 1 {
                        draft.list.validators[0].power += 1;
                    }
                }))
            },
        )
        .instead_of(&FOUND),
    ]
}

fn chunks() -> Vec<Attack> {
    let state = ["contract.state"];
    vec![
        chunk("the state at the start has a consent without its revocation", &state, |entries| {
            for value in table(entries, b"c/") {
                // The id of the revocation is the last entry of its version.
                let length = value.len();
                value[length - 1] ^= 1;
            }
        }),
        chunk("the state at the start has forgotten used numbers", &state, |entries| {
            entries.retain(|(name, _)| !name.starts_with(b"q/"));
        }),
        chunk("the state at the start has forgotten the patient", &state, |entries| {
            let subject = [b"p/", &key(PATIENT).0[..]].concat();
            let before = entries.len();
            entries.retain(|(name, _)| *name != subject);
            assert_eq!(entries.len() + 1, before);
        }),
        chunk("the state at the start has another log", &state, |entries| {
            for value in table(entries, b"l/s/") {
                let length = value.len();
                value[length - 1] ^= 1;
            }
        }),
        chunk("the state at the start has one entry more", &state, |entries| {
            entries.push((b"zzz".to_vec(), vec![0]));
        }),
        attack("the state at the start is left out", &["incomplete"], |strikes| {
            let mut fixture = ledger();
            fixture.omitted = 2;
            Case::from(fixture).hooks(Hooks::default().on_items(move |draft| {
                draft.items.retain(|item| !strikes || item.kind != Kind::State);
            }))
        })
        .instead_of(&FOUND),
    ]
}
