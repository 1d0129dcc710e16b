//! What is said of an export before it is imported.

use alloc::{string::ToString as _, vec};

use super::*;

#[test]
fn page_is_named_where_the_others_tell_which_it_is() {
    let lack = |page, present, pages| Some(Part::ValidatorsPage { page, present, pages });
    for (pages, expected) in [
        (&[][..], None),
        (&[(5, 5)], None),
        (&[(2, 5), (2, 5), (1, 5)], None),
        // The shorter one, which is the last.
        (&[(2, 5), (2, 5)], lack(Some(3), 2, 3)),
        (&[(2, 3)], lack(Some(2), 1, 2)),
        // The last is there: any other may be the absent one.
        (&[(2, 5), (1, 5)], lack(None, 2, 3)),
        // All are equally long.
        (&[(2, 4)], lack(None, 1, 2)),
        (&[(2, 6), (2, 6)], lack(None, 2, 3)),
        // More than one is absent.
        (&[(2, 5)], lack(None, 1, 3)),
        // Pages of none tell nothing.
        (&[(0, 2)], lack(None, 1, 2)),
    ] {
        assert_eq!(missing_page(pages), expected, "{pages:?}");
    }
}

#[test]
fn summary_is_written_line_by_line() {
    let mut summary = Summary {
        sources: 3,
        bytes: 4_000,
        values: vec![("block", 7), ("commit", 1)],
        chain_ids: vec!["a".to_string(), "b".to_string()],
        is_light: false,
        first: Some(2),
        last: Some(8),
        untrusted_head: Some(Candidate {
            chain_id: "a".to_string(),
            height: 8,
            hash: Some(Hash([0xAB; 32])),
        }),
        claimed_version: Some("0.38.1".to_string()),
        missing: vec!["block at height 3 missing".to_string()],
    };
    let hash = "AB".repeat(32);
    let head = "head, untrusted until you have it from elsewhere: 8";
    assert_eq!(
        summary.to_string().lines().collect::<Vec<_>>(),
        [
            "raw export: 3 sources, 4000 bytes",
            "  block: 7",
            "  commit: 1",
            "chain id: a, b",
            "blocks: heights 2 to 8",
            &*alloc::format!("{head} {hash}"),
            "version that the node claims: 0.38.1",
            "block at height 3 missing",
        ]
    );
    summary.is_light = true;
    summary.claimed_version = None;
    summary.missing.clear();
    summary.untrusted_head = summary.untrusted_head.map(|head| Candidate { hash: None, ..head });
    assert_eq!(
        summary.to_string().lines().skip(4).collect::<Vec<_>>(),
        ["signed headers: heights 2 to 8", &*alloc::format!("{head} no hash")]
    );
}
