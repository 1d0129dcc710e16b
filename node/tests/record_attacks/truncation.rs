//! What is hidden by leaving it out: the end of a ledger, its beginning, and what was in between.

use vidimus::anchor::TrustAnchor;
use vidimus_node::simulate::{Config, Hooks, Ledger};

use super::{
    attack::{Attack, Case, attack},
    fixture::Fixture,
};

/// A consent, an access, the revocation, and an access all the same.
fn whole() -> Fixture {
    before().block(|world| vec![world.revocation(|_| {})]).access(|_| {})
}

/// All that comes before the revocation.
fn before() -> Fixture {
    Fixture::new().access(|_| {})
}

fn header(ledger: &Ledger, height: usize) -> TrustAnchor {
    ledger.blocks[height - 1].anchor(&Config::default())
}

/// Whoever verifies has an early header of the whole ledger, and perhaps more.
fn cut(name: &'static str, line: fn(&Ledger) -> String, expects: &[&'static str]) -> Attack {
    attack(name, expects, move |strikes| {
        let ledger = whole().write();
        let anchor = header(&ledger, 2);
        let shown = if strikes { before() } else { whole() };
        Case::from(shown).anchor(format!("{anchor}\n{}", line(&ledger))).unproven("tail")
    })
    .instead_of(&["6/0 V03", "6/0 V37", "not proven: tail"])
}

pub(crate) fn attacks() -> Vec<Attack> {
    vec![
        cut("a revocation is cut off", |_| String::new(), &["not proven: tail"]),
        cut(
            "a revocation is cut off from one who knows how high the ledger is",
            |_| "at-least 6".to_owned(),
            &["stale"],
        ),
        cut(
            "a revocation is cut off from one who knows how late it is",
            |ledger| format!("as-of {}", ledger.blocks[5].draft.header.time),
            &["stale"],
        ),
        cut(
            "a revocation is cut off from one who has a later header",
            |ledger| header(ledger, 6).to_string(),
            &["anchor-out-of-range"],
        ),
        // The end is the same; what stands before it is not what led there.
        attack("a revocation is taken out of the middle", &["anchor.header-hash"], |strikes| {
            let anchor = header(&whole().write(), 6);
            let hidden = before().idle(1).access(|_| {});
            Case::from(if strikes { hidden } else { whole() }).anchor(anchor.to_string())
        })
        .instead_of(&["6/0 V03", "6/0 V37"]),
        attack("other validators write another ledger", &["anchor.header-hash"], |strikes| {
            let anchor = whole().write().anchor;
            let seed = Config::default().seed + u64::from(strikes);
            Case::from(whole()).seed(seed).anchor(anchor.to_string())
        })
        .instead_of(&["6/0 V03", "6/0 V37"]),
        attack("a transaction is taken out of its block", &["block.data-hash"], |strikes| {
            let hide = Hooks::default().on_header(move |draft| {
                if strikes && draft.height == 4 {
                    draft.transactions.clear();
                }
            });
            Case::from(whole()).hooks(hide)
        })
        .instead_of(&["6/0 V03", "6/0 V37"]),
        // The gateway's numbers tell that there was something.
        attack("an access is never sent to the ledger", &["4/0 V21"], |strikes| {
            Fixture::new()
                .block(|world| vec![world.request(|_| {})])
                .block(move |world| {
                    let request = world.ids.last().copied();
                    let access = world.access(request, |_| {});
                    if strikes { vec![] } else { vec![access] }
                })
                .block(|world| vec![world.request(|_| {})])
        }),
        // The last of its signer's records leaves no gap: acts that nobody writes are outside.
        attack(
            "the last access is never sent to the ledger",
            &["not proven: outside"],
            |strikes| {
                let fixture = Fixture::new().block(|world| vec![world.request(|_| {})]);
                let fixture = fixture.block(move |world| {
                    let request = world.ids.last().copied();
                    if strikes { vec![] } else { vec![world.access(request, |_| {})] }
                });
                Case::from(fixture).unproven("outside")
            },
        )
        .instead_of(&["not proven: outside"]),
    ]
}
