//! What is said of batches of documents.

use std::{
    fmt::{self, Write as _},
    path::Path,
};

use vidimus::merkle::anchor_tree::{InclusionError, TreeHead};

use super::visible;
use crate::commands::{Anchored, HeadSource, Membership};

/// What to do with a batch; the path of the list goes to the end.
const NEXT: &str = "\
What to do next
  - Put this root and this number into an `anchor` record, signed by the custodian, and have the
    ledger take it up. Until then the proofs show nothing.
  - Keep each .proof file with its document, and hand it out with that document only. It holds the
    salt: if it is lost, nobody can show that the document is in the batch; if others see it, they
    can guess at the document's content.
  - Keep the list to yourself, since it names the files: ";

/// What `vidimus check` does not show with a root that the caller gives.
const NOT_PROVEN: &str = "\
Not proven
  - That any ledger holds this root: you gave it. Take root and leaves from an `anchor` record of a
    ledger that you verified, never from whom you have the file or its proof.
  - That what the file says is true, who wrote it, and that no other version of it exists.
";

/// What it does not show with a ledger that holds the root.
const NOT_PROVEN_ON_LEDGER: &str = "\
Not proven
  - When the file was made: it was there, as it is, when the record was signed.
  - That what the file says is true, who wrote it, and that no other version of it exists.
";

/// What it does not show where it shows nothing of a ledger.
const NOT_ANCHORED: &str = "\
Not proven
  - That the file was never anchored: with another proof, or in another block, it may have been.
";

/// A batch that was written, and what to do with it.
pub(crate) fn anchored(head: &TreeHead, folder: &Path, list: &str) -> String {
    let mut out = String::new();
    line!(out, "root    {}", head.root);
    line!(out, "leaves  {}", head.leaf_count);
    line!(out);
    out.push_str(NEXT);
    line!(out, "{}", visible(&folder.join(list).display().to_string()));
    out
}

/// Whether a file is in a batch. What is not proven is never left out.
pub(crate) fn membership(membership: &Membership, source: &HeadSource) -> String {
    let mut out = String::new();
    line!(out, "{}", headline(membership, source));
    if matches!(source, HeadSource::Ledger(report, _) if report.test_keys) {
        line!(out, "TEST KEYS: anybody could have made this ledger.");
    }
    match membership {
        Membership::Shown(included) => {
            if let HeadSource::Ledger(_, records) = source {
                for record in records {
                    anchored_by(&mut out, record);
                }
            }
            let head = included.head();
            line!(out, "This exact file is in the batch, byte for byte.");
            line!(out, "  root      {}", head.root);
            line!(out, "  leaf      {} of {}, counted from 0", included.index(), head.leaf_count);
            line!(out, "  digest    {}", included.digest());
        }
        Membership::NotShown(error) => {
            line!(out, "{error}.");
            if let Some(explanation) = explanation(error) {
                line!(out, "  Two things explain this: {explanation}.");
            }
        }
        Membership::NoProof(error) => {
            line!(out, "The proof is no file of `vidimus anchor`, or was altered: {error}.");
        }
        Membership::NoRecord(TreeHead { leaf_count, root }) => {
            line!(out, "No accepted anchor record in these blocks has what the proof is for:");
            line!(out, "  root      {root}");
            line!(out, "  leaves    {leaf_count}");
        }
        Membership::Changed => {
            line!(out, "The file changed while it was read.");
            line!(out, "  Copy it to a place where nothing writes to it and start again.");
        }
    }
    line!(out);
    if let HeadSource::Ledger(report, _) = source {
        super::ledger(&mut out, report);
    }
    not_proven(&mut out, membership, source);
    out
}

fn headline(membership: &Membership, source: &HeadSource) -> &'static str {
    match (membership, source) {
        (Membership::Changed, _) => "COULD NOT BE DETERMINED  changed-file",
        (Membership::Shown(_), HeadSource::Caller) => "IN THE BATCH with the root that you gave",
        (_, HeadSource::Caller) => "NOT SHOWN to be in the batch with the root that you gave",
        (Membership::Shown(_), _) => "ANCHORED on the ledger",
        (_, HeadSource::Unasked | HeadSource::Ledger(..)) => {
            "NOT SHOWN to be anchored on the ledger"
        }
    }
}

/// Who anchored the file, in which block.
fn anchored_by(out: &mut String, Anchored { place, id, anchor }: &Anchored) {
    let (custodian, height) = (&anchor.custodian, place.height);
    line!(out, "This exact file was anchored by {custodian} in block {height}.");
    line!(out, "  time      {}, of the block", place.time);
    if let Some(index) = place.index {
        line!(out, "  index     {index}, of the transaction in the block, counted from 0");
    }
    line!(out, "  record    {id}");
    if let Some(subject) = &anchor.subject {
        line!(out, "  subject   {subject}");
    }
}

fn not_proven(out: &mut String, membership: &Membership, source: &HeadSource) {
    out.push_str(match (source, membership) {
        (HeadSource::Caller, _) => NOT_PROVEN,
        (HeadSource::Ledger(..), Membership::Shown(_)) => NOT_PROVEN_ON_LEDGER,
        (HeadSource::Unasked | HeadSource::Ledger(..), _) => NOT_ANCHORED,
    });
    if let HeadSource::Ledger(report, _) = source {
        for item in &report.not_proven {
            line!(out, "  - {}", item.text);
        }
    }
}

fn explanation(error: &InclusionError) -> Option<&'static str> {
    match error {
        InclusionError::ClaimedRoot { .. } => {
            Some("the proof is for another batch, or the root was mistyped")
        }
        InclusionError::LeafCount { .. } => {
            Some("the number of leaves was mistyped, or the proof was altered")
        }
        InclusionError::Root { .. } => Some(
            "the file is not the one that was anchored, to the last byte, or the proof was altered",
        ),
        _ => None,
    }
}
