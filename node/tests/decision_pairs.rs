//! Two procedures that decide: the contract over sealed codes, and a slow one over open codes that was
//! written from the documentation and shares no code with it.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that fails may panic"
)]

#[path = "decision_pairs/draw.rs"]
mod draw;
#[path = "decision_pairs/generate.rs"]
mod generate;
#[path = "decision_pairs/meets.rs"]
mod meets;
#[path = "decision_pairs/open.rs"]
mod open;
#[path = "decision_pairs/properties.rs"]
mod properties;
#[path = "decision_pairs/seal.rs"]
mod seal;
#[path = "decision_pairs/slow.rs"]
mod slow;
#[path = "decision_pairs/tally.rs"]
mod tally;
#[path = "decision_pairs/tree.rs"]
mod tree;

use std::collections::BTreeSet;

use generate::{Case, Generator};
use seal::Scribe;
use slow::{Court, Decided};
use tally::Tally;
use tree::Tree;
use vidimus::contract::decision::Decision;

const TABLES: &str = include_str!("../../testdata/code-tables.txt");

const PAIRS: usize = 100_000;

/// How often every verdict and every ground occurs at least.
const LEAST_OUTCOMES: usize = PAIRS / 100;

/// How often everything else occurs at least that the documentation tells apart.
const LEAST: usize = PAIRS / 1_000;

/// What the two are compared by.
fn differs(decided: &Decided, decision: &Decision) -> bool {
    let slow = decided.said.iter().map(|said| (said.effect, said.provision));
    let provision = |index: u64| usize::try_from(index).unwrap();
    let contract =
        decision.considered.iter().map(|said| (said.effect, said.provision.map(provision)));
    (decided.verdict, decided.ground) != (decision.verdict, decision.ground) || !slow.eq(contract)
}

#[test]
fn contract_decides_as_a_slow_procedure_over_open_codes() {
    let (tree, scribe) = (Tree::new(), Scribe::new());
    let mut generator = Generator::new(&tree, 2026);
    let (mut tally, mut different) = (Tally::default(), Vec::new());
    for _ in 0..PAIRS {
        let case = generator.case();
        let Case { rules, consents, access } = &case;
        let decided = Court { tree: &tree, rules, access }.decide(consents);
        let decision = scribe.decide(rules, consents, access);
        tally.add_case(&tree, &case, &decided);
        if differs(&decided, &decision) {
            different.push((case, decided, decision));
        }
    }
    // The smallest example says most.
    different.sort_by_key(|example| format!("{example:?}").len());
    assert!(different.is_empty(), "{} of {PAIRS}: {:#?}", different.len(), different[0]);
    println!("harness: decision pairs: {PAIRS} agree ({})", tally.line());
    let least = |what: &String| {
        let is_outcome = Tally::verdicts().contains(what) || Tally::grounds().contains(what);
        if is_outcome { LEAST_OUTCOMES } else { LEAST }
    };
    let rare: Vec<_> = Tally::everything()
        .into_iter()
        .filter(|what| tally.count(what) < least(what))
        .map(|what| (tally.count(&what), what))
        .collect();
    assert!(rare.is_empty(), "{rare:?}");
}

#[test]
fn tree_is_that_of_the_pinned_tables() {
    let tree = Tree::new();
    let known: BTreeSet<String> = tree
        .codes()
        .map(|code| {
            let above = tree.parent(code).map_or("-", |parent| parent.text);
            format!("{} {} {above}", code.system, code.text)
        })
        .collect();
    let (mut system, mut listed) = ("", BTreeSet::new());
    for line in TABLES.lines() {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["system", name] => system = name,
            // Consents that say what they are: no provision names them.
            ["code", ..] if system == "directive" => {}
            // Of these those that are in the order count.
            ["order", code] => assert!(listed.insert(format!("{system} {code} -"))),
            ["code", ..] if system == "confidentiality" => {}
            ["code", code, above] | ["code", code, above, "retired"] => {
                assert!(listed.insert(format!("{system} {code} {above}")));
            }
            _ => {}
        }
    }
    assert_eq!(known, listed);
}
