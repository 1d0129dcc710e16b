//! The commits that an export holds of one height.

use crate::{
    encoding::protobuf::Message as _,
    import::index::At,
    ledger::cometbft::commit::{BlockIdFlag, Commit},
};

/// The two best commits of one height. Nodes may hold different ones, all of them valid.
#[derive(Debug, Default)]
pub(super) struct Commits([Option<(Commit, At)>; 2]);

impl Commits {
    /// Keeps the two with most votes for the block; of equal ones, those whose encoding is lower.
    pub(super) fn insert(&mut self, commit: Commit, at: At) {
        let [first, second] = &mut self.0;
        let equals = |held: &Option<(Commit, At)>| held.as_ref().is_some_and(|(c, _)| *c == commit);
        if equals(first) || equals(second) {
            return;
        }
        let beats = |held: &Option<(Commit, At)>| {
            held.as_ref().is_none_or(|(held, _)| {
                let votes = |commit: &Commit| {
                    let signatures = commit.signatures.iter();
                    signatures.filter(|signature| signature.flag == BlockIdFlag::Commit).count()
                };
                votes(held)
                    .cmp(&votes(&commit))
                    .then_with(|| commit.to_bytes().cmp(&held.to_bytes()))
                    .is_lt()
            })
        };
        if beats(first) {
            *second = first.replace((commit, at));
        } else if beats(second) {
            *second = Some((commit, at));
        }
    }

    /// The best one that is not `canonical`.
    pub(super) fn best(&self, canonical: Option<&Commit>) -> Option<&(Commit, At)> {
        self.0.iter().flatten().find(|(commit, _)| Some(commit) != canonical)
    }
}
