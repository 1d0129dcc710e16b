//! Records that stand, or stood elsewhere, are brought again; numbers are used again.

use vidimus::{
    encoding::hex::Identifier,
    record::{access::Access, consent::Consent},
};

use super::{
    attack::{Attack, attack},
    fixture::{Fixture, GATEWAY, PATIENT, World, carried, disclose, open},
    forge::{one, resign},
};

const ELSEWHERE: &str = "vidimus-elsewhere";

fn second(world: &mut World) -> Vec<u8> {
    numbered(world, |_| {})
}

fn numbered(world: &mut World, edit: impl FnOnce(&mut Consent)) -> Vec<u8> {
    world.consent(|consent| {
        consent.consent = Identifier([2; 16]);
        edit(consent);
    })
}

fn follow(world: &mut World) -> Vec<u8> {
    let previous = world.ids[0];
    world.consent(|consent| (consent.version, consent.previous) = (2, Some(previous)))
}

/// The second consent bears a number of the attacker's choice.
fn number(name: &'static str, number: u64, expects: &[&'static str]) -> Attack {
    attack(name, expects, move |strikes| {
        Fixture::new().block(move |world| {
            vec![numbered(world, |consent| {
                if strikes {
                    consent.source.sequence = number;
                }
            })]
        })
    })
}

pub(crate) fn attacks() -> Vec<Attack> {
    [of_other_ledgers(), of_this_ledger(), of_numbers(), of_events()]
        .into_iter()
        .flatten()
        .collect()
}

fn of_other_ledgers() -> Vec<Attack> {
    vec![
        attack(
            "a consent of another ledger is brought to this one",
            &["2/0 signature", "2/0 V31"],
            |s| one(s, second, |record| resign(&record, PATIENT, ELSEWHERE)),
        ),
        attack(
            "a revocation of another ledger is brought to this one",
            &["2/0 signature", "2/0 V31"],
            |s| {
                one(
                    s,
                    |world| world.revocation(|_| {}),
                    |record| resign(&record, PATIENT, ELSEWHERE),
                )
            },
        ),
        attack(
            "a request of another ledger is brought to this one",
            &["2/0 signature", "2/0 V19"],
            |s| one(s, |world| world.request(|_| {}), |record| resign(&record, GATEWAY, ELSEWHERE)),
        ),
        attack(
            "a delegation of another ledger is brought to this one",
            &["2/0 signature", "2/0 V31"],
            |s| {
                one(
                    s,
                    |world| world.delegation(PATIENT, |_| {}),
                    |record| resign(&record, PATIENT, ELSEWHERE),
                )
            },
        ),
        attack(
            "a consent is signed for no ledger in particular",
            &["2/0 signature", "2/0 V31"],
            |s| one(s, second, |record| resign(&record, PATIENT, "")),
        ),
    ]
}

fn of_this_ledger() -> Vec<Attack> {
    vec![
        attack("a consent is sent twice in a block", &["2/1 replayed", "2/1 V20"], |strikes| {
            Fixture::new().block(move |world| vec![second(world); 1 + usize::from(strikes)])
        }),
        attack(
            "a request is sent again in a later block",
            &["3/0 replayed", "3/0 V20"],
            |strikes| {
                let (sent, again) = std::sync::mpsc::channel();
                Fixture::new()
                    .block(move |world| {
                        let record = world.request(|_| {});
                        sent.send(record.clone()).unwrap();
                        vec![record]
                    })
                    .block(move |_| if strikes { vec![again.recv().unwrap()] } else { vec![] })
            },
        ),
        attack(
            "a consent that was revoked is sent again",
            &["4/0 replayed", "4/0 V20"],
            |strikes| {
                let (sent, again) = std::sync::mpsc::channel();
                Fixture::without_consent()
                    .block(move |world| {
                        let record = world.consent(|_| {});
                        sent.send(record.clone()).unwrap();
                        vec![record]
                    })
                    .block(|world| vec![world.revocation(|_| {})])
                    .idle(1)
                    .block(move |_| if strikes { vec![again.recv().unwrap()] } else { vec![] })
            },
        ),
        // Its number stays unused, so the revocation, which has the next one, stands after a gap.
        attack(
            "a version signed before a revocation is held back and sent after it",
            &["2/0 V21", "2/1 version"],
            |strikes| {
                Fixture::new().block(move |world| {
                    let mut records = vec![follow(world), world.revocation(|_| {})];
                    if strikes {
                        records.reverse();
                    }
                    records
                })
            },
        ),
    ]
}

fn of_numbers() -> Vec<Attack> {
    vec![
        number("a number is used for a second record", 1, &["2/0 replayed", "2/0 V20"]),
        number("a record bears the number zero", 0, &["2/0 malformed"]),
        number("a number uses up all that come after", 2 + (1 << 32), &["2/0 limit"]),
        number("a number is left out", 3, &["2/0 V21"]),
        // The leap leaves the gap that is found first.
        attack(
            "a number comes from below what can still be told apart",
            &["2/0 V21", "3/0 below-window", "3/0 V20"],
            |strikes| {
                let number = move |leap: u64, plain: u64| if strikes { leap } else { plain };
                Fixture::new()
                    .block(move |world| {
                        vec![numbered(world, |c| c.source.sequence = number(2_000, 2))]
                    })
                    .consent(3, move |consent| {
                        consent.source.sequence = number(2, 3);
                    })
            },
        ),
    ]
}

fn of_events() -> Vec<Attack> {
    vec![
        attack("one event gets a second access", &["4/0 V20"], |strikes| {
            Fixture::new().access(|_| {}).block(move |world| {
                let request = world.ids[world.ids.len() - 2];
                if strikes { vec![world.access(Some(request), |_| {})] } else { vec![] }
            })
        }),
        attack("one event is asked for twice", &["3/0 V20"], |strikes| {
            let asked = |event| {
                move |access: &mut Access| {
                    access.event = Identifier([event; 16]);
                    open(access, &carried());
                }
            };
            let again = if strikes { 1 } else { 2 };
            Fixture::new()
                .block(move |world| vec![world.request(asked(1))])
                .block(move |world| vec![world.request(asked(again))])
        }),
        attack("the recipient's half is written twice", &["4/1 V20"], |strikes| {
            let halves = 1 + usize::from(strikes);
            Fixture::new()
                .access(disclose)
                .block(move |world| (0..halves).map(|_| world.recipient_half(|_| {})).collect())
        }),
    ]
}
