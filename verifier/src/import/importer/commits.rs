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

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::ledger::cometbft::commit::CommitSignature;

    /// A commit of four validators, as many of whom voted for the block; the others for none.
    fn commit(votes: usize, round: i32) -> Commit {
        let signature = |index| CommitSignature {
            flag: if index < votes { BlockIdFlag::Commit } else { BlockIdFlag::Nil },
            ..CommitSignature::ABSENT
        };
        Commit { round, signatures: (0..4).map(signature).collect(), ..Commit::default() }
    }

    #[test]
    fn commits_with_most_votes_are_kept_whatever_the_order() {
        let all = [commit(3, 1), commit(2, 1), commit(2, 2), commit(1, 1)];
        let [most, lower, ..] = &all;
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1], [0, 3, 2, 1]] {
            // A copy is not another commit.
            let copies: Vec<usize> = order.iter().flat_map(|index| [*index; 2]).collect();
            for inserted in [&order[..], &copies, &[order, order].concat()] {
                let mut commits = Commits::default();
                for index in inserted {
                    let offset = crate::encoding::to_u64(*index);
                    commits.insert(all[*index].clone(), At { source: 0, offset });
                }
                let best = |canonical| commits.best(canonical).map(|(commit, _)| commit);
                assert_eq!((best(None), best(Some(most))), (Some(most), Some(lower)), "{order:?}");
                assert_eq!(best(Some(lower)), Some(most), "{order:?}");
            }
        }
    }

    #[test]
    fn copy_of_a_commit_leaves_room_for_another() {
        let (better, worse) = (commit(3, 0), commit(1, 0));
        let mut commits = Commits::default();
        for commit in [&better, &better, &worse, &worse] {
            commits.insert(commit.clone(), At { source: 0, offset: 0 });
        }
        assert_eq!(commits.best(Some(&better)).map(|(commit, _)| commit), Some(&worse));
    }
}
