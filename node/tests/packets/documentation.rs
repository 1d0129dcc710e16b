//! The page of the format shows a packet that is verified.

use vidimus::packet::build::Wanted;
use vidimus_node::simulate::{Config, Hooks, Simulation};

use super::world::{build, verify};

const PAGE: &str = include_str!("../../../docs/packet-format.md");

#[test]
fn example_of_the_page_is_a_packet() {
    let config = Config { chain_id: "demo-1".to_owned(), blocks: 1, ..Config::default() };
    let ledger = Simulation::new(config, Hooks::default()).unwrap().run();
    let bytes = build(&ledger, 1, vec![Wanted::Header]).unwrap().to_bytes();
    assert_eq!(verify(&ledger, 1, &bytes).verdict.code, "verified");
    let shown: String = PAGE
        .lines()
        .skip_while(|line| *line != "## Example")
        .filter_map(|line| line.get(6..54.min(line.len())))
        .collect();
    let hex = data_encoding::HEXLOWER.encode(&bytes);
    let shown: String = shown.split_whitespace().collect();
    assert!(shown.contains(&hex), "docs/packet-format.md lacks the packet {hex}");
    let anchor = ledger.anchor.to_string();
    assert!(PAGE.contains(&anchor), "docs/packet-format.md lacks the anchor {anchor}");
}
