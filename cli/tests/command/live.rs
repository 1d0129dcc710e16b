//! Real chains, exported from networks of the three lines of CometBFT that rules differ in.
//!
//! Heads: `INDEX.tsv` of the vectors. Figures were counted over the JSON apart from this program.

use std::path::PathBuf;

use crate::{
    import::check_import,
    support::{folder, mistyped, vectors::vectors, verify},
};

struct Chain {
    name: &'static str,
    profile: &'static str,
    height: u64,
    head: &'static str,
    /// Transactions, signatures in commits, and those of them for nil.
    counts: [u64; 3],
}

const CHAINS: [Chain; 3] = [
    Chain {
        name: "live-038",
        profile: "cometbft-0.38",
        height: 99,
        head: "CDA6C557FDA53B7A7105262EEF0BE58801CE514B3D4C9A26892A483CD7AC2D79",
        counts: [2_990, 301, 122],
    },
    Chain {
        name: "live-040",
        profile: "cometbft-0.40",
        height: 107,
        head: "B80EB628C07024FED0C5FBBDFEF2E1F9B1F601EB0D08737E03569628D3495389",
        counts: [2_832, 305, 136],
    },
    Chain {
        name: "live-1",
        profile: "cometbft-1.0",
        height: 111,
        head: "355B2450B5AC39C5097B93FCE5DB1ED9A2B8D6D41AA3DEE24130F695D471571C",
        counts: [3_129, 328, 140],
    },
];

impl Chain {
    fn anchor(&self, profile: &str, head: &str) -> String {
        format!("{profile}/vidimus-{}/{}/{head}", self.name, self.height)
    }

    fn genuine(&self) -> String {
        self.anchor(self.profile, self.head)
    }
}

/// The chains and the folders of their exports; none where there are no vectors.
fn chains() -> Vec<(&'static Chain, PathBuf)> {
    let folder = vectors().map(|folder| folder.join("cometbft"));
    folder.map_or_else(Vec::new, |folder| {
        CHAINS.iter().map(|chain| (chain, folder.join(chain.name))).collect()
    })
}

#[test]
fn live_chains_are_verified_with_the_figures_counted_elsewhere() {
    for (chain, export) in chains() {
        let lower = chain.anchor(chain.profile, &chain.head.to_lowercase());
        let upper = verify(&export, &chain.genuine(), &[]);
        assert_eq!(upper.verdict(), (0, "verified".to_owned()), "{}", chain.name);
        assert_eq!(verify(&export, &lower, &[]).stdout, upper.stdout, "either letter case");
        let report = upper.report();
        let [transactions, signatures, nil] = chain.counts;
        for (name, count) in [
            ("blocks", chain.height),
            ("transactions", transactions),
            ("commit_signatures", signatures),
            ("nil", nil),
        ] {
            assert_eq!(report["counts"][name], count.to_string(), "{} {name}", chain.name);
        }
        assert_eq!(report["test_keys"], false);
        assert_eq!(report["ledger"]["last"]["hash"], chain.head);
    }
}

#[test]
fn one_digit_of_the_anchor_changed_is_rejected() {
    for (chain, export) in chains() {
        let run = verify(&export, &mistyped(&chain.genuine()), &[]);
        assert_eq!(run.verdict(), (1, "anchor.header-hash".to_owned()), "{}", chain.name);
        let other = if chain.head.starts_with('3') { "4" } else { "3" };
        let first =
            chain.anchor(chain.profile, &chain.head.replacen(char::is_alphanumeric, other, 1));
        let run = verify(&export, &first, &[]);
        assert_eq!(run.verdict(), (1, "anchor.header-hash".to_owned()), "{}", chain.name);
    }
}

#[test]
fn block_time_of_another_profile_is_rejected() {
    for (chain, export) in chains() {
        let profile = match chain.name {
            "live-040" => "cometbft-0.38",
            "live-1" => "cometbft-0.40",
            // Both rules agree on every block of it.
            _ => continue,
        };
        let run = verify(&export, &chain.anchor(profile, chain.head), &[]);
        assert_eq!(run.verdict(), (1, "header.time".to_owned()), "{}", chain.name);
    }
}

#[test]
fn imported_live_chains_verify_as_their_exports_do() {
    let folder = folder("import-live");
    for (chain, export) in chains() {
        let output = folder.join(format!("{}.vidimus", chain.name));
        check_import(&export, &output, &[&chain.genuine(), &mistyped(&chain.genuine())]);
    }
}
